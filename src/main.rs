//! The page: Yew on top of the core. Everything that knows a browser is in `ui`.

// An element is taken apart word by word.
#![recursion_limit = "256"]

mod ui;

fn main() {
    ui::mount();
}
