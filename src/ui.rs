//! The page. Start at [`page`]: it owns the app and asks it for panels (words, through Yew) and motion (canvases).
//!
//! Two rules hold it together. What is drawn is a function of data and answers through one callback, [`ask::Ask`]. And only
//! [`frame`] asks the browser for animation frames; what moves never goes through Yew.

mod attribute;
mod ask;
mod address;
mod crash;
mod keys;
mod store;
mod theme;
mod frame;
mod measure;
mod live;
mod paint;
mod stage;
mod calm;
mod engine;
mod tone;
mod voice;
mod prose;
mod svg;
mod menu;
mod microscope;
mod design;
mod lanes;
mod screen;
mod panel;
mod header;
mod help;
mod who;
mod region;
mod parts;
mod dock;
mod sources;
mod break_row;
mod aside;
mod incidents;
mod timeline;
mod transport;
mod tuning;
mod opening;
mod page;
mod nodes;
mod notice;
mod loops;

/// Takes over the static shell and starts the page.
pub(crate) fn mount() {
    crash::install();
    opening::open(|app| {
        let Some(root) = gloo::utils::document().get_element_by_id("app") else { return };
        root.set_text_content(None);
        yew::Renderer::<page::Page>::with_root_and_props(root, page::Props::new(app)).render();
    });
}
