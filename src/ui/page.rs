//! The root: owns the app, hands out panels, hears what people do. It renders only when panels have changed.

use std::cell::RefCell;
use std::rc::Rc;

use faultline::app::Msg;
use faultline::scene::Panels;
use gloo::events::EventListener;
use yew::prelude::*;

use super::aside::Aside;
use super::ask::{Ask, Tab};
use super::break_row::BreakRow;
use super::dock::Dock;
use super::engine::Engine;
use super::frame::Frames;
use super::header::Header;
use super::help::Help;
use super::loops::{Change, listen, start_frames};
use super::measure::{self, Watch};
use super::nodes::{Nodes, same_shape};
use super::notice::{Notice, Skip};
use super::stage::Stage;
use super::stage::geometry::Geometry;
use super::theme::{Theme, reduced_motion};
use super::timeline::TimelineView;
use super::transport::TransportBar;
use super::voice::Voice;
use super::{address, store};

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
    help: bool,
    keys_on: Rc<std::cell::Cell<bool>>,
    voice: Voice,
    refit: bool,
    _listeners: [EventListener; 2],
    watch: Watch,
    frames: Option<Frames>,
}

impl Component for Page {
    type Message = Change;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let hash = address::hash();
        let theme = Theme::at_start(address::theme(&hash));
        theme.wear();
        let engine = Engine::new(&hash, reduced_motion());
        let panels = engine.panels();
        let keys_on = Rc::new(std::cell::Cell::new(store::get(store::KEYS).as_deref() != Some("off")));
        let resized = ctx.link().callback(|()| Change::Resized);
        Self {
            engine: Rc::new(RefCell::new(engine)),
            panels,
            geometry: Rc::default(),
            plot_size: (0.0, 0.0),
            text: 12.0,
            nodes: Rc::new(Nodes::new()),
            theme,
            tab: Tab::Figures,
            help: false,
            _listeners: listen(ctx, Rc::clone(&keys_on)),
            keys_on,
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
                self.speak(ctx);
            }
            Change::Ask(ask) => return self.answer(ask),
            Change::Resized => {
                self.text = measure::small_type();
                self.plot_size = measure::size(&self.nodes.plot);
                self.geometry = self.nodes.fit(&self.panels, &mut self.engine.borrow_mut());
            }
            Change::Moved => {
                let hash = address::hash();
                self.theme = address::theme(&hash).unwrap_or(self.theme);
                self.theme.wear();
                self.engine.replace(Engine::new(&hash, reduced_motion()));
                self.panels = self.engine.borrow().panels();
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
        let on = ctx.link().callback(Change::Ask);
        let panels = &self.panels;
        html! {
            <div class="page">
                <Skip />
                <Header title={panels.title.clone()} strategy={panels.strategy.clone()} write_pattern={panels.write_pattern.clone()} theme={self.theme} on={on.clone()} />
                if let Some(notice) = &panels.notice { <Notice text={notice.clone()} on={on.clone()} /> }
                <main class="board" id={super::notice::BOARD} tabindex="-1">
                    { self.world(&on) }
                    <Aside panels={Rc::clone(panels)} tab={self.tab} on={on.clone()} />
                    <BreakRow groups={panels.faults.clone()} on={on.clone()} />
                    <section class="time" aria-label="Timeline">
                        <TimelineView timeline={panels.timeline.clone()} size={self.plot_size} text={self.text} frame={self.nodes.plot.clone()} on={on.clone()} />
                        <TransportBar transport={panels.transport.clone()} on={on.clone()} />
                    </section>
                </main>
                <Help open={self.help} keys_on={self.keys_on.get()} {on} />
                <div class="for-readers" role="status" aria-live="polite">{ &self.voice.spoken }</div>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first_render: bool) {
        if first_render {
            self.watch.watch(&self.nodes.stage);
            self.watch.watch(&self.nodes.plot);
            self.frames = Some(start_frames(ctx, Rc::clone(&self.engine), Rc::clone(&self.nodes)));
        }
        self.nodes.follow(&self.panels, self.plot_size, self.text);
        if first_render || std::mem::take(&mut self.refit) {
            ctx.link().send_message(Change::Resized);
        }
    }
}

impl Page {
    /// Map and cards.
    fn world(&self, on: &Callback<Ask>) -> Html {
        let panels = &self.panels;
        html! {
            <div class="world">
                <Stage places={panels.places.clone()} links={panels.links.clone()} regions={panels.regions.clone()}
                    big_button={panels.big_button.clone()} actions={panels.actions.clone()}
                    slow_motion={panels.transport.slow_motion.clone().map(AttrValue::from)} geometry={Rc::clone(&self.geometry)}
                    frame={self.nodes.stage.clone()} land={self.nodes.land.clone()} moving={self.nodes.moving.clone()} on={on.clone()} />
                <Dock regions={panels.regions.clone()} route53={panels.route53.clone()} cards={self.nodes.cards.clone()} grids={self.nodes.grids.clone()} on={on.clone()} />
            </div>
        }
    }

    /// Does what was asked for; says whether the page must be rendered.
    fn answer(&mut self, ask: Ask) -> bool {
        match ask {
            Ask::App(msg) => return self.pass_on(Some(msg)),
            Ask::BigButton => {
                return self.pass_on(self.panels.big_button.as_ref().map(|button| button.msg.clone()));
            }
            Ask::Theme(theme) => self.dress(theme),
            Ask::NextTheme => self.dress(self.theme.next()),
            Ask::Tab(tab) => self.tab = tab,
            Ask::Help(open) => self.help = open,
            Ask::Keys(on) => {
                self.keys_on.set(on);
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
