//! The top of the page: what this is, what design is running, the theme, help.

use faultline::app::Msg;
use faultline::app::microscope::Look;
use faultline::scene::panels::Choices;
use yew::prelude::*;

use super::ask::{Ask, asks};
use super::design::design;
use super::lanes::OPENER;
use super::microscope;
use super::panel::{Around, Panel, panel};
use super::screen::Screen;
use super::svg::icon;
use super::theme::Theme;
use crate::ui::attribute::truth;

/// The header.
pub(crate) static HEADER: Panel = panel!(header: theme, screen, panels.title, panels.choices);

fn header(theme: &Theme, screen: &Screen, title: &str, choices: &Choices, (_, on): Around<'_>) -> Html {
    let themes = Theme::ALL.into_iter().map(|one| theme_button(one, one == *theme, on));
    let help = asks(on, Ask::Help(true));
    let compare = asks(on, Ask::App(Msg::ComparisonToggled));
    html! {
        <header class="top">
            <h1 class="wordmark">{ logo() }<span>{ "Fault" }<b>{ "line" }</b></span></h1>
            { design(title, choices, on) }
            <button type="button" class="action compare" id={OPENER} data-test="compare" aria-pressed={truth(*screen == Screen::Comparison)}
                title="The same storm on up to six designs (L)" onclick={compare}>
                { "Compare" }<span class="segment-word">{ " designs" }</span>
            </button>
            <button type="button" class="action compare" id={microscope::OPENER} data-test="microscope-open" aria-pressed={truth(*screen == Screen::Microscope)}
                title="Two writes that meet, under every rule (X)" onclick={asks(on, Ask::App(Msg::Looked(Look::Toggled)))}>
                { "Collide" }
            </button>
            <div class="segments" role="group" aria-label="Theme">{ for themes }</div>
            <button type="button" class="round" data-test="help" aria-label="Help and keys" onclick={help}>{ "?" }</button>
        </header>
    }
}

/// One side of the theme switch.
fn theme_button(theme: Theme, worn: bool, on: &Callback<Ask>) -> Html {
    let onclick = asks(on, Ask::Theme(theme));
    html! {
        <button key={theme.slug()} type="button" class="segment" aria-pressed={truth(worn)}
            data-test={format!("theme-{}", theme.slug())} title={theme.label()} {onclick}>
            { theme_icon(theme) }<span class="segment-word">{ theme.label() }</span>
        </button>
    }
}

/// A moon, a sun, a screen.
fn theme_icon(theme: Theme) -> Html {
    let d = match theme {
        Theme::Night => "M12.6 9.8 A5.6 5.6 0 1 1 6.2 3.4 A4.5 4.5 0 0 0 12.6 9.8 Z",
        Theme::Day => {
            "M8 5 A3 3 0 1 1 8 11 A3 3 0 1 1 8 5 M8 1.2 V2.6 M8 13.4 V14.8 M1.2 8 H2.6 M13.4 8 H14.8 M3.2 3.2 L4.2 4.2 M11.8 11.8 L12.8 12.8 M12.8 3.2 L11.8 4.2 M4.2 11.8 L3.2 12.8"
        }
        Theme::Projector => {
            "M1.5 2.5 H14.5 M2.5 2.5 V10.5 H13.5 V2.5 M8 10.5 V12.5 M5.5 14.5 L8 12.2 L10.5 14.5"
        }
    };
    icon(d, "0 0 16 16", "16")
}

/// Two halves of a line that have slipped against each other.
fn logo() -> Html {
    html! {
        <svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path class="logo-left" d="M2 9 H11.5 L9.5 15" />
            <path class="logo-right" d="M14.5 9 L12.5 15 H22" />
        </svg>
    }
}
