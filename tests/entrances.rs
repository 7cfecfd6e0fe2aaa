//! What the page says of balancers' addresses, zonal shifts and how deep health checks look.
#![cfg(not(target_arch = "wasm32"))]

use faultline::app::{App, Msg};
use faultline::model::Depth;
use faultline::scene::panels::Panels;

fn app() -> App {
    App::new("#/?scenario=multi-site&paused=1&slowmo=0&at=60", None)
}

fn notes(panels: &Panels) -> Vec<String> {
    panels.regions[0].notes.iter().map(|note| note.text.clone()).collect()
}

#[test]
fn the_card_says_which_zone_traffic_is_kept_from_and_which_address_is_dead() {
    let mut app = app();
    assert_eq!(notes(&app.panels()), ["v42"]);
    app.update(Msg::Ordered("zonal-shift=us-east-1b".into()));
    let panels = app.panels();
    assert_eq!(notes(&panels), ["shifted away from us-east-1b", "v42"]);
    assert_eq!(panels.regions[0].zones[1].note, "shifted");
    assert!(
        panels.regions[0].label.contains("shifted away from us-east-1b"),
        "said to whoever cannot see it"
    );
    app.update(Msg::Ordered("end-zonal-shift=us-east-1".into()));
    app.update(Msg::Ordered("balancer-address=us-east-1c".into()));
    assert_eq!(notes(&app.panels()), ["address in us-east-1c dead", "v42"]);
    app.update(Msg::Ordered("security-group-database=us-east-1".into()));
    assert_eq!(app.panels().regions[0].database_role, "shut off");
}

#[test]
fn how_deep_checks_look_can_be_chosen_and_is_said() {
    let mut app = app();
    let active = |app: &App| app.panels().depths.iter().find(|choice| choice.active).map(|it| it.slug);
    assert_eq!(active(&app), Some("shallow"));
    for (depth, said) in
        [(Depth::Deep, " · deep checks"), (Depth::Tcp, " · TCP checks"), (Depth::Shallow, " s")]
    {
        app.update(Msg::DepthChosen(depth));
        assert_eq!(active(&app), Some(depth.slug()));
        let policy = app.panels().route53.policy.clone();
        assert!(policy.ends_with(said), "{policy}");
    }
}
