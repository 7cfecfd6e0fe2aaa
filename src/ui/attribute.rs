//! Values of attributes.

/// A truth as an attribute says it, where "false" is an answer too.
pub(crate) fn truth(so: bool) -> &'static str {
    if so { "true" } else { "false" }
}

/// A text; if it is empty the attribute is not there.
pub(crate) fn text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
