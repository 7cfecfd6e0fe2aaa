//! Facts about clients: how they ask, wait and try again.
use super::fact::facts;

const OWN_CLIENT: &str = "Our choice for the imagined application; every client has its own settings";
const SDK_RETRIES: &str = "Remembered from the standard retry mode of the AWS SDKs, not confirmed";
const YCSB: &str = "Remembered from Cooper et al., YCSB, SoCC 2010, not confirmed";

facts! { "client";
    REQUEST_TIMEOUT = 3.0 Seconds, Assumption, OWN_CLIENT,
        "Time that a client waits for an answer before it gives the attempt up";
    ATTEMPTS = 3.0 Count, Memory, SDK_RETRIES,
        "Attempts at one request, the first included";
    BACKOFF_BASE = 0.1 Seconds, Assumption, OWN_CLIENT,
        "Longest wait before the second attempt; it doubles with each further one";
    BACKOFF_CAP = 20.0 Seconds, Memory, SDK_RETRIES,
        "Longest wait between two attempts";
    READ_SHARE = 0.9 Share, Assumption,
        "Lower end of the 90 to 95 % reads for which read local, write global is advised",
        "Share of the requests that only read";
    RESOLVERS = 8.0 Count, Assumption,
        "Chosen so that a ring on the map shows the spread of expiry times",
        "Resolvers that the clients of one population share";
    CONNECTIONS = 24.0 Count, Assumption, OWN_CLIENT,
        "Connections that one population keeps open";
    KEY_SKEW = 0.99 Exponent, Memory, YCSB,
        "Exponent of the Zipf distribution of the keys' popularity";
}
