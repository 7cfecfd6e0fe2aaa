//! Facts about queues of messages, as Amazon SQS has them.
use super::fact::facts;

const CREATE: &str = "Amazon SQS Developer Guide, sqs-configure-create-queue (2023-06-15)";
const VISIBLE: &str = "Amazon SQS Developer Guide, sqs-visibility-timeout (2023-06-15)";
const FIFO: &str = "Amazon SQS Developer Guide, quotas-messages (2023-06-15)";
const EXACTLY: &str = "Amazon SQS Developer Guide, FIFO-queues-exactly-once-processing (2023-06-15)";

facts! { "queue";
    RETENTION = 345_600.0 Seconds, Documented, CREATE,
        "How long SQS keeps a message if nothing else is set; 1 minute to 14 days can be";
    VISIBILITY = 30.0 Seconds, Documented, VISIBLE,
        "How long a received message is hidden from others if nothing else is set; up to 12 hours can be";
    FIFO_CALLS = 300.0 PerSecond, Documented, FIFO,
        "Calls of each kind that a FIFO queue takes";
    FIFO_MESSAGES = 3000.0 PerSecond, Documented, FIFO,
        "Messages that a FIFO queue takes in batches of ten";
    DEDUPLICATION = 300.0 Seconds, Documented, EXACTLY,
        "How long a FIFO queue knows a message that it has accepted";
    CALL = 10.0 Milliseconds, Assumption, "AWS publishes no time; a call within a region usually takes single milliseconds",
        "Time of a call to a queue of the same region";
    RECEIVES = 5.0 Count, Assumption, "Our choice; 1 to 1,000 can be set",
        "How often a message is received before it is set aside as dead";
    CONSUMED = 200.0 PerSecond, Assumption, "Our choice: the size of the imagined application, not a limit of AWS",
        "Messages that the consumers of a region take";
}
