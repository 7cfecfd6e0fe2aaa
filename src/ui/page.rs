//! The root: owns the app, hands out panels, hears what people do. It renders only when panels have changed.

use std::cell::RefCell;
use std::rc::Rc;

use faultline::app::microscope::Look;
use faultline::app::{App, Msg};
use faultline::scene::Panels;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use gloo::utils::document_element;
use yew::prelude::*;

use super::aside::aside;
use super::ask::{Ask, Tab};
use super::break_row::BREAK_ROW;
use super::dock::DOCK;
use super::engine::Engine;
use super::frame::Frames;
use super::header::HEADER;
use super::help::{self, HELP};
use super::incidents::INCIDENTS;
use super::lanes;
use super::loops::{Change, Mode, listen, start_frames};
use super::measure::{self, Watch};
use super::microscope;
use super::nodes::{Nodes, same_shape};
use super::notice::{BOARD, NOTICE, focus, skip};
use super::panel::{Given, show};
use super::screen::Screen;
use super::sources::{self, File, SOURCES, Sources};
use super::stage;
use super::stage::geometry::Geometry;
use super::theme::{Theme, reduced_motion};
use super::timeline::{TIMELINE, WAITS};
use super::transport::transport_bar;
use super::voice::Voice;
use super::{address, store};

/// What the page shows.
#[derive(Properties)]
pub(crate) struct Props {
    engine: Rc<RefCell<Engine>>,
}

impl Props {
    /// The app, brought to its first moment.
    pub(crate) fn new(app: App) -> Self {
        Self { engine: Rc::new(RefCell::new(Engine::of(app, reduced_motion()))) }
    }
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.engine, &other.engine)
    }
}

/// The page.
pub(crate) struct Page {
    engine: Rc<RefCell<Engine>>,
    panels: Rc<Panels>,
    geometry: Rc<Geometry>,
    plot_size: (f64, f64),
    text: f64,
    nodes: Rc<Nodes>,
    theme: Theme,
    tab: Tab,
    /// Where numbers come from, if somebody has asked.
    sources: Sources,
    mode: Rc<Mode>,
    /// What was last rendered in the place of the board.
    shown: Screen,
    /// A lane was entered: the focus goes to the board.
    entered: bool,
    lane_width: f64,
    voice: Voice,
    refit: bool,
    _listeners: [EventListener; 3],
    watch: Watch,
    frames: Option<Frames>,
}

impl Component for Page {
    type Message = Change;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let hash = address::hash();
        let theme = Theme::at_start(address::theme(&hash));
        theme.wear();
        let engine = Rc::clone(&ctx.props().engine);
        let panels = engine.borrow().panels();
        let mode = Rc::new(Mode::default());
        mode.keys_on.set(store::get(store::KEYS).as_deref() != Some("off"));
        mode.screen.set(Screen::of(&panels));
        let resized = ctx.link().callback(|()| Change::Resized);
        Self {
            engine,
            panels,
            geometry: Rc::default(),
            plot_size: (0.0, 0.0),
            text: 12.0,
            nodes: Rc::new(Nodes::new()),
            theme,
            tab: Tab::Figures,
            _listeners: listen(ctx, Rc::clone(&mode)),
            sources: Sources::default(),
            mode,
            shown: Screen::Board,
            entered: false,
            lane_width: 0.0,
            voice: Voice::default(),
            refit: false,
            watch: Watch::new(move || resized.emit(())),
            frames: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, change: Change) -> bool {
        match change {
            Change::Panels(panels) => {
                self.refit |= !same_shape(&self.panels, &panels);
                self.panels = panels;
                self.mode.screen.set(Screen::of(&self.panels));
                self.speak(ctx);
            }
            Change::Ask(ask) => return self.answer(ctx, ask),
            Change::Fetched(file) => self.sources.file = file,
            Change::Resized if self.shown == Screen::Comparison => {
                self.text = measure::small_type();
                self.lane_width = measure::size(&self.nodes.lane).0;
            }
            Change::Resized => {
                self.text = measure::small_type();
                self.plot_size = measure::size(&self.nodes.plot);
                self.geometry = self.nodes.fit(&self.panels, &mut self.engine.borrow_mut());
            }
            Change::Moved => {
                let hash = address::hash();
                self.theme = address::theme(&hash).unwrap_or(self.theme);
                self.theme.wear();
                let mut engine = Engine::new(&hash, reduced_motion());
                engine.update(Msg::WritesOpened(self.tab == Tab::Writes));
                self.engine.replace(engine);
                self.panels = self.engine.borrow().panels();
                self.mode.screen.set(Screen::of(&self.panels));
                self.refit = true;
            }
            Change::Speak => {
                self.voice.rested();
                self.speak(ctx);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let given = self.given(ctx);
        html! {
            <div class={classes!("page", (given.screen != Screen::Board).then_some("is-comparing"))}>
                { skip() }
                { show(&HEADER, &given) }
                { show(&NOTICE, &given) }
                { self.middle(&given) }
                { show(&HELP, &given) }
                { show(&SOURCES, &given) }
                <div class="for-readers" role="status" aria-live="polite">{ self.spoken() }</div>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        let view = Screen::of(&self.panels);
        let before = std::mem::replace(&mut self.shown, view);
        let turned = view != before;
        if turned || first_render {
            self.turn(first_render, before);
        }
        if first_render {
            let _ = document_element().set_attribute("data-started", "1");
            self.frames = Some(start_frames(ctx, Rc::clone(&self.engine), Rc::clone(&self.nodes)));
        }
        if view == Screen::Board {
            stage::place_pins(&self.panels, &self.geometry, &self.nodes);
            self.nodes.follow(&self.panels, self.plot_size, self.text);
        }
        if first_render {
            // Measured in a task of its own, so that the first one ends sooner.
            let link = ctx.link().clone();
            Timeout::new(0, move || link.send_message(Change::Resized)).forget();
        } else if turned || std::mem::take(&mut self.refit) {
            ctx.link().send_message(Change::Resized);
        }
    }
}

impl Page {
    /// What the panels are made of.
    fn given(&self, ctx: &Context<Self>) -> Given {
        Given {
            panels: Rc::clone(&self.panels),
            screen: Screen::of(&self.panels),
            geometry: Rc::clone(&self.geometry),
            plot_size: self.plot_size,
            text: self.text,
            theme: self.theme,
            tab: self.tab,
            sources: self.sources.clone(),
            keys_on: self.mode.keys_on.get(),
            nodes: Rc::clone(&self.nodes),
            on: ctx.link().callback(Change::Ask),
        }
    }

    /// What is under the header: the run, or what stands in its place.
    fn middle(&self, given: &Given) -> Html {
        let (panels, on) = (&given.panels, &given.on);
        if let Some(compared) = &panels.lanes {
            let lanes = lanes::lanes(compared, (self.lane_width, self.text), &self.nodes.lane, on);
            html! { <main key="lanes" class="lanes" id={BOARD} tabindex="-1">{ lanes }</main> }
        } else if let Some(open) = &panels.microscope {
            let view = microscope::microscope(open, on);
            html! { <main key="microscope" class="lanes microscope" id={BOARD} tabindex="-1">{ view }</main> }
        } else {
            html! { <main key="board" class="board" id={BOARD} tabindex="-1">{ board(given) }</main> }
        }
    }

    /// What the live region holds: of a comparison only what it comes to.
    fn spoken(&self) -> &str {
        match &self.panels.lanes {
            Some(lanes) if lanes.progress < 100 => "",
            Some(lanes) => &lanes.spoken,
            None => self.panels.microscope.as_ref().map_or(&self.voice.spoken, |open| &open.spoken),
        }
    }

    /// The board has given way to the comparison, or the other way round: other boxes are watched, the focus moves.
    fn turn(&mut self, first: bool, before: Screen) {
        // A box that is not on the page is not watched.
        for node in [&self.nodes.lane, &self.nodes.stage, &self.nodes.lever, &self.nodes.plot] {
            self.watch.watch(node);
        }
        let place = match (self.shown, before) {
            (Screen::Comparison, _) => lanes::TITLE,
            (Screen::Microscope, _) => microscope::TITLE,
            (Screen::Board, _) if std::mem::take(&mut self.entered) => BOARD,
            (Screen::Board, Screen::Microscope) => microscope::OPENER,
            (Screen::Board, Screen::Comparison | Screen::Board) => lanes::OPENER,
        };
        if !first {
            focus(place);
        }
    }

    /// Does what was asked for; says whether the page must be rendered.
    fn answer(&mut self, ctx: &Context<Self>, ask: Ask) -> bool {
        match ask {
            Ask::App(msg) => {
                self.entered |= matches!(msg, Msg::LaneEntered(..) | Msg::Looked(Look::SeatTaken));
                return self.pass_on(Some(msg));
            }
            Ask::BigButton => {
                return self.pass_on(self.panels.big_button.as_ref().map(|button| button.msg.clone()));
            }
            Ask::Theme(theme) => self.dress(theme),
            Ask::NextTheme => self.dress(self.theme.next()),
            Ask::Tab(tab) => {
                self.tab = tab;
                // The ledger is worked out only while it is read.
                self.pass_on(Some(Msg::WritesOpened(tab == Tab::Writes)));
            }
            Ask::Help(open) => {
                help::show(&self.nodes.help, open);
                return false;
            }
            Ask::Sources(words) => {
                self.sources.words = words.into();
                help::show(&self.nodes.sources, true);
                if !matches!(self.sources.file, File::Here(_)) {
                    self.sources.file = File::Coming;
                    let link = ctx.link().clone();
                    sources::fetch(move |file| link.send_message(Change::Fetched(file)));
                }
            }
            Ask::Sought(words) => self.sources.words = words,
            Ask::CloseSources => {
                help::show(&self.nodes.sources, false);
                return false;
            }
            Ask::Keys(on) => {
                self.mode.keys_on.set(on);
                let _ = store::set(store::KEYS, if on { "on" } else { "off" });
            }
        }
        true
    }

    /// Gives the app what is for it; its panels come with the next frame.
    fn pass_on(&self, msg: Option<Msg>) -> bool {
        msg.into_iter().for_each(|msg| self.engine.borrow_mut().update(msg));
        false
    }

    /// Changes the theme and remembers it. Sizes may change with it, so everything is measured again.
    fn dress(&mut self, theme: Theme) {
        self.theme = theme;
        theme.wear();
        let _ = store::set(store::THEME, theme.slug());
        self.refit = true;
    }

    /// Puts the headline into the live region.
    fn speak(&mut self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        self.voice.speak(&self.panels.headline, move || link.send_message(Change::Speak));
    }
}

/// The run: map and cards, what is beside them, what can be broken, time.
fn board(given: &Given) -> Html {
    html! {
        <>
            <div class="world">
                { stage::stage(given) }
                { show(&DOCK, given) }
            </div>
            { aside(given) }
            { show(&BREAK_ROW, given) }
            <section class="time" aria-label="Timeline">
                { show(&INCIDENTS, given) }
                { show(&TIMELINE, given) }
                { show(&WAITS, given) }
                { transport_bar(given) }
            </section>
        </>
    }
}
