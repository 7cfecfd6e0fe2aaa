//! The shelf of backups: a box for each snapshot with its age, filled as far as it is there.

use faultline::scene::panels::{Shelf, SnapshotBox, SnapshotLook};
use yew::prelude::*;

use crate::ui::attribute::text;
use crate::ui::tone;

/// The shelf, on one line; nothing where there is none.
pub(crate) fn shelf(shelf: &Shelf) -> Html {
    if shelf.label.is_empty() {
        return Html::default();
    }
    html! {
        <div class={classes!("shelf", tone::class(shelf.tone))} role="group" aria-label={text(&shelf.label)} data-test="shelf">
            <span class="shelf-name">{ shelf.name }</span>
            <span class="shelf-boxes">{ for shelf.boxes.iter().map(snapshot) }</span>
            if !shelf.note.is_empty() { <span class="shelf-note">{ &shelf.note }</span> }
            { shelf.locked.map(lock) }
        </div>
    }
}

/// A snapshot: whole, on its way, or standing still.
fn snapshot(one: &SnapshotBox) -> Html {
    let look = match one.look {
        SnapshotLook::Whole => "snapshot",
        SnapshotLook::Coming => "snapshot is-coming",
        SnapshotLook::Stalled => "snapshot is-stalled",
    };
    html! {
        <span key={one.id} class={look} title={text(&one.hint)}>
            if one.look == SnapshotLook::Coming {
                <svg class="snapshot-bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width={one.percent.to_string()} height="1" /></svg>
            }
            { &one.text }
        </span>
    }
}

/// A padlock: closed, or open.
fn lock(locked: bool) -> Html {
    let (words, d) = if locked {
        (
            "The vault is locked: nobody can delete what is in it.",
            "M2 5.5 H10 V11 H2 Z M3.8 5.5 V3.6 A2.2 2.2 0 0 1 8.2 3.6 V5.5",
        )
    } else {
        (
            "The vault is not locked: an intruder can delete what is in it.",
            "M2 5.5 H10 V11 H2 Z M3.8 5.5 V3 A2.2 2.2 0 0 1 8 2.2",
        )
    };
    html! {
        <svg class={classes!("lock", (!locked).then_some("is-open"))} viewBox="0 0 12 12" width="12" height="12" role="img" aria-label={words}>
            <title>{ words }</title><path {d} />
        </svg>
    }
}
