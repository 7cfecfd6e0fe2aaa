//! Drawings of databases: each engine as what it is inside.

use faultline::model::Engine;
use yew::prelude::*;

use crate::ui::svg::icon;

/// The engine, 12 by 12.
pub(crate) fn engine(engine: Engine) -> Html {
    let d = match engine {
        // One disk that a standby has too.
        Engine::Rds => "M2 3 A4 1.5 0 1 1 10 3 A4 1.5 0 1 1 2 3 V9 A4 1.5 0 0 0 10 9 V3",
        // A head on a volume of six copies.
        Engine::AuroraGlobal => {
            "M3.5 1.5 H8.5 V5 H3.5 Z M1 8 H3 M5 8 H7 M9 8 H11 M1 10.8 H3 M5 10.8 H7 M9 10.8 H11"
        }
        // A table in three partitions.
        Engine::DynamodbGlobal => "M1.5 2 H10.5 V10 H1.5 Z M4.5 2 V10 M7.5 2 V10",
        // The same, and what two of three have agreed on.
        Engine::DynamodbStrong => "M1.5 1 H10.5 V6 H1.5 Z M4.5 1 V6 M7.5 1 V6 M2.5 9 L5 11 L10 7.8",
        // A document.
        Engine::DocumentdbGlobal => "M2.5 1 H7 L9.5 3.5 V11 H2.5 Z M4.5 6 H7.5 M4.5 8.3 H7.5",
        // Memory: fast, and gone without power.
        Engine::ElasticacheGlobal => "M7 1 L2.5 7 H6 L5 11 L9.5 5 H6 Z",
        // A bucket; one that has a clock.
        Engine::S3Replication => "M1.5 2.5 H10.5 L9 11 H3 Z M1.5 2.5 L6 5 L10.5 2.5",
        Engine::S3TimeControl => "M1.5 2.5 H10.5 L9 11 H3 Z M6 5 V7.5 H8",
        // A log, and what is read from it.
        Engine::AuroraDsql => "M1.5 2 H10.5 M1.5 5 H10.5 M1.5 8 H6 M8.5 7 L10.5 9 L8.5 11",
        // Machines of one's own.
        Engine::SelfManaged => "M1.5 1.5 H10.5 V5 H1.5 Z M1.5 7 H10.5 V10.5 H1.5 Z M3.5 3.2 H4 M3.5 8.8 H4",
    };
    icon(d, "0 0 12 12", "13")
}
