//! Facts about topics, as Amazon SNS has them.
use super::fact::facts;

const RETRIES: &str = "Amazon SNS Developer Guide, sns-message-delivery-retries (read 2026-11-26)";

facts! { "topic";
    AT_ONCE = 3.0 Count, Documented, RETRIES,
        "How often a topic tries again without a pause to deliver to a queue";
    SOON = 2.0 Count, Documented, RETRIES,
        "How often it does so after that with a pause of a second";
    BACKOFF = 10.0 Count, Documented, RETRIES,
        "How often it does so after that with longer and longer pauses";
    FIRST_PAUSE = 1.0 Seconds, Documented, RETRIES,
        "The first pause between two tries to deliver";
    LAST_PAUSE = 20.0 Seconds, Documented, RETRIES,
        "The pause between two tries from then on, 100,000 of them over 23 days";
    JITTER = 0.5 Share, Assumption, "AWS says that there is some and not how much",
        "The most that chance takes off a pause between two tries";
    PATIENCE = 2.0 Seconds, Assumption, "AWS publishes no time; several times the longest round trip between regions",
        "How long a topic waits for a queue to say that it has a message";
}
