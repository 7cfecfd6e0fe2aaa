//! What each engine does if a zone, an instance, the endpoint or the region of its database is lost, beside the range that its
//! service documents. Prints the rows of the table in docs/model.md.
//!
//! `cargo run --release --no-default-features --example losses -- [SEEDS]`

mod table;

fn main() {
    let seeds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    println!("| engine | inside a region | lost | documented | measured, {seeds} seeds |");
    println!("| --- | --- | --- | ---: | ---: |");
    for row in table::rows(seeds) {
        let mark = if row.holds() { "" } else { " **outside**" };
        println!("{row}{mark}");
    }
}
