//! Facts about the way between clients, zones and regions.
use super::fact::facts;

const FITTED: &str = "Computed from 496 measured pairs of regions (cloudping.co, year to 2025-05-29)";
const LIGHT: &str = "Computed: the speed of light, 299792.458 km/s, divided by 1.5 for glass";
const ZONE_PINGS: &str =
    "xkyle.com, Measuring AWS Region and AZ Latency (2020), best of 50 pings for each pair of zones";
const NO_PERCENTILES: &str = "The measured data that we have gives the median only";

facts! { "network";
    ROUTE_INFLATION = 1.75 Factor, Computed, FITTED,
        "Median detour: a round trip over the shortest possible one in fibre";
    FIBRE_SPEED = 199.86 KilometresPerMillisecond, Computed, LIGHT,
        "Speed of light in glass fibre";
    ACCESS_DELAY = 15.0 Milliseconds, Assumption,
        "Middle of the 10 to 20 ms that we assume for fixed broadband",
        "Round trip of a client at home to its provider";
    ACCESS_DELAY_MOBILE = 50.0 Milliseconds, Assumption,
        "Middle of the 40 to 60 ms that we assume for mobile networks",
        "Round trip of a client on a mobile network to its provider";
    INTER_ZONE_MIN = 0.25 Milliseconds, Documented, ZONE_PINGS,
        "Shortest round trip found between two zones of a region";
    INTER_ZONE_MAX = 3.37 Milliseconds, Documented, ZONE_PINGS,
        "Longest round trip found between two zones of a region";
    INTER_ZONE = 1.0 Milliseconds, Assumption,
        "Chosen inside the range that was measured, 0.25 to 3.37 ms",
        "Round trip between two zones of a region";
    INTRA_ZONE = 0.5 Milliseconds, Memory,
        "Remembered from Bailis et al., Highly Available Transactions, VLDB 2014, table 1",
        "Round trip inside one zone";
    JITTER = 1.2 Factor, Assumption, NO_PERCENTILES,
        "99th percentile of a round trip over its median";
    JITTER_MIN = 1.1 Factor, Assumption, NO_PERCENTILES,
        "Smallest plausible 99th percentile of a round trip over its median";
    JITTER_MAX = 1.3 Factor, Assumption, NO_PERCENTILES,
        "Largest plausible 99th percentile of a round trip over its median";
    FIRST_WINDOW = 14600.0 Count, Documented, "RFC 6928: ten segments of 1,460 bytes",
        "What a connection may have under way at first, in bytes";
    SEGMENT = 1460.0 Count, Documented, "RFC 6691: 1,500 bytes of Ethernet, less the headers of IPv4 and TCP",
        "What one segment of a connection carries, in bytes";
    STREAM_BUFFER = 6291456.0 Count, Memory,
        "Remembered from the Linux kernel's ip-sysctl: the largest of tcp_rmem was 6 MB for years, and is 32 MB since 2025",
        "The most that one end of a connection keeps of what it receives, in bytes: so much may be under way";
    RESEND_AFTER = 200.0 Milliseconds, Documented,
        "Linux kernel, include/net/tcp.h: TCP_RTO_MIN; RFC 6298 says 1 s",
        "Shortest time after which TCP sends again what was not acknowledged; it doubles each time";
    RESEND_AFTER_MAX = 120000.0 Milliseconds, Documented,
        "Linux kernel, include/net/tcp.h: TCP_RTO_MAX",
        "Longest time that TCP waits before it sends again";
    RESENDS = 15.0 Count, Memory,
        "Remembered from the Linux kernel's ip-sysctl: tcp_retries2",
        "How often TCP sends a segment again before it gives the connection up";
    STREAM_BANDWIDTH = 596.0 MebibytesPerSecond, Documented,
        "Amazon EC2 User Guide, instance network bandwidth (read 2026-11): a single flow is limited to 5 Gbps",
        "What one connection between two regions carries";
    SLOW_LINK = 25.0 Factor, Assumption,
        "Chosen so that the effect on replication is plain to see",
        "How many times as long a message takes on a slow link, and how many times less the link carries";
    LOSSY_LINK = 0.2 Share, Assumption,
        "Chosen so that retries are plain to see",
        "Share of the messages that a lossy link loses";
}
