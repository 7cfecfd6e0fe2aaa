//! The page: Yew on top of the core. Everything that knows a browser is in `ui`.

mod ui;

fn main() {
    ui::mount();
}
