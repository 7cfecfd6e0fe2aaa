//! What drives the page from outside: animation frames, keys, the address.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use faultline::app::Msg;
use faultline::app::microscope::Look;
use faultline::scene::Panels;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::ask::Ask;
use super::engine::Engine;
use super::frame::Frames;
use super::nodes::Nodes;
use super::page::Page;
use super::screen::Screen;
use super::sources::File;
use super::{address, keys};

/// What changes the page.
pub(crate) enum Change {
    /// What has come of the list of sources.
    Fetched(File),
    /// There are new panels.
    Panels(Rc<Panels>),
    /// A control or a key asks for something.
    Ask(Ask),
    /// A box has another size.
    Resized,
    /// The address has changed.
    Moved,
    /// The live region may speak again.
    Speak,
}

/// Starts the loop of animation frames.
pub(super) fn start_frames(ctx: &Context<Page>, engine: Rc<RefCell<Engine>>, nodes: Rc<Nodes>) -> Frames {
    let link = ctx.link().clone();
    let panic = address::wants_panic(&address::hash());
    let mut told_ms = 0.0;
    let mut frames = 0_u32;
    Frames::start(move |now_ms| {
        frames = frames.saturating_add(1);
        assert!(!(panic && frames > 30), "this panic was asked for by the address");
        // Nothing is borrowed while Yew or the browser is called back.
        let Ok(mut engine) = engine.try_borrow_mut() else { return };
        let beat = engine.frame(now_ms);
        drop(engine);
        if let Some(count) = beat.flights
            && now_ms - told_ms >= 100.0
        {
            told_ms = now_ms;
            nodes.tell_flights(count);
        }
        if let Ok(mut live) = nodes.live.try_borrow_mut() {
            live.show(beat.now_s);
        }
        if let Some(panels) = beat.panels {
            link.send_message(Change::Panels(panels));
        }
    })
}

/// What the page knows that decides what a key does.
#[derive(Default)]
pub(super) struct Mode {
    /// Single-key shortcuts are switched on.
    pub(super) keys_on: Cell<bool>,
    /// What is in the place of the board.
    pub(super) screen: Cell<Screen>,
}

/// Hears keys and changes of the address.
pub(super) fn listen(ctx: &Context<Page>, mode: Rc<Mode>) -> [EventListener; 3] {
    let link = ctx.link().clone();
    let options = EventListenerOptions::enable_prevent_default();
    let keys = EventListener::new_with_options(&document(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        if keys::walk(event).is_some() {
            return event.prevent_default();
        }
        let ask = match mode.screen.get() {
            Screen::Board => keys::ask(event),
            Screen::Comparison => keys::ask_instead(event, Msg::ComparisonToggled),
            Screen::Microscope => keys::ask_instead(event, Msg::Looked(Look::Toggled)),
        };
        // Escape is no shortcut: it leaves what it is in, always.
        if let Some(ask) = ask.filter(|_| mode.keys_on.get() || event.key() == "Escape") {
            event.prevent_default();
            link.send_message(Change::Ask(ask));
        }
    });
    let link = ctx.link().clone();
    let moved = EventListener::new(&window(), "hashchange", move |_| link.send_message(Change::Moved));
    let turned = EventListener::new_with_options(
        &document(),
        "toggle",
        EventListenerOptions::run_in_capture_phase(),
        |event| {
            keys::turned(event);
        },
    );
    [keys, moved, turned]
}
