//! The JSON Schema of reports, made from the types; `docs/report.schema.json` is this text.

use crate::model::read::schema::written;
use crate::run::report::Report;

/// The JSON Schema of a report, as indented text.
pub fn text() -> String {
    // As it is written, not as it would be read: every field is there.
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    written(settings.into_generator().into_root_schema_for::<Report>())
}
