//! Before the page: the first simulated minute, in slices that give way to the browser. Until then the static shell is in sight.

use faultline::app::App;
use gloo::timers::callback::Timeout;

use super::{address, store};

/// Events of a slice: about 4 ms on a laptop, 16 on a phone.
const SLICE: u64 = 12_000;
/// After so many slices the page opens as far as it is, and goes on in its frames.
const MOST_SLICES: u32 = 330;

/// Opens what the address names, and hands it on.
pub(super) fn open(then: impl FnOnce(App) + 'static) {
    let hash = address::hash();
    let app = App::starting(&hash, store::get(store::SETTINGS).as_deref());
    go_on(Box::new(app), MOST_SLICES, move |app| {
        // Nobody hears of a change before there is a page: what the address names now is opened.
        if address::hash() == hash { then(app) } else { open(then) }
    });
}

fn go_on(mut app: Box<App>, slices: u32, then: impl FnOnce(App) + 'static) {
    Timeout::new(0, move || {
        if app.arrive(SLICE) || slices == 0 {
            then(*app);
        } else {
            go_on(app, slices - 1, then);
        }
    })
    .forget();
}
