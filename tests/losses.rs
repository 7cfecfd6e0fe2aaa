//! What each engine does if something of its database is lost is what its service documents: the table of docs/model.md, with
//! fewer seeds.

#[path = "../examples/losses/table.rs"]
mod table;

#[test]
fn night_every_loss_is_made_good_within_the_range_that_its_service_documents() {
    let night = std::env::var_os("FAULTLINE_NIGHT").is_some();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for row in table::rows(if night { 200 } else { 20 }) {
        rows += 1;
        if !row.holds() {
            wrong.push(row.to_string());
        }
    }
    assert!(rows > 40, "every engine, each of its forms, and what can be lost of it: {rows}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
