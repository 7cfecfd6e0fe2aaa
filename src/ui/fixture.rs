//! A stand-in for the app while the real one is being built: an outage told by hand. Deleted at integration.
#![allow(missing_docs, reason = "temporary")]
#![allow(clippy::too_many_lines, reason = "temporary")]

use faultline::app::Msg;
use faultline::catalog::project;
use faultline::scene::motion::*;
use faultline::scene::panels::*;
use faultline::scene::{Motion, Panels};

const SPEEDS: [(f64, &str, &str); 9] = [
    (0.01, "slow motion, 1/100", "1/100×"),
    (0.1, "slow motion, 1/10", "1/10×"),
    (1.0, "real time", "1×"),
    (4.0, "4 seconds a second", "4×"),
    (10.0, "10 seconds a second", "10×"),
    (30.0, "30 seconds a second", "30×"),
    (60.0, "a minute a second", "60×"),
    (600.0, "10 minutes a second", "600×"),
    (3600.0, "an hour a second", "3600×"),
];
const CITIES: [(&str, f64, f64); 14] = [
    ("Los Angeles", 34.05, -118.24),
    ("Chicago", 41.88, -87.63),
    ("New York", 40.71, -74.01),
    ("São Paulo", -23.55, -46.63),
    ("London", 51.5, -0.12),
    ("Frankfurt", 50.11, 8.68),
    ("Stockholm", 59.33, 18.07),
    ("Johannesburg", -26.2, 28.04),
    ("Dubai", 25.2, 55.27),
    ("Mumbai", 19.07, 72.87),
    ("Singapore", 1.35, 103.82),
    ("Tokyo", 35.68, 139.69),
    ("Sydney", -33.87, 151.2),
    ("Lagos", 6.52, 3.37),
];

pub(crate) struct App {
    t: f64,
    end: f64,
    playing: bool,
    rung: usize,
    fault: Option<f64>,
    slow: bool,
    many: usize,
    three: bool,
    wall: f64,
}

fn rnd(seed: u64) -> f64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678_9ABC_DEF1);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}
fn mmss(s: f64) -> String {
    format!("{}:{:02}", (s / 60.0) as i64, (s % 60.0) as i64)
}
fn hms(s: f64) -> String {
    format!("{}:{:02}:{:02}", (s / 3600.0) as i64, (s / 60.0) as i64 % 60, s as i64 % 60)
}
fn smooth(a: f64, b: f64, t: f64) -> f64 {
    let x = ((t - a) / (b - a)).clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

impl App {
    pub(crate) fn new(link: &str, _stored: Option<&str>) -> Self {
        let get = |name: &str| {
            link.split_once('?').and_then(|(_, q)| {
                q.split('&')
                    .filter_map(|p| p.split_once('='))
                    .find(|(k, _)| *k == name)
                    .map(|(_, v)| v.to_owned())
            })
        };
        let num = |name: &str| get(name).and_then(|v| v.parse::<f64>().ok());
        let fault = get("fault").and_then(|v| v.split_once('@').and_then(|(_, s)| s.parse().ok()));
        let t = num("at").unwrap_or(42.0);
        let rung = num("speed").and_then(|s| SPEEDS.iter().position(|(v, _, _)| *v >= s)).unwrap_or(3);
        Self {
            t,
            end: t.max(num("end").unwrap_or(t)),
            playing: get("paused").is_none(),
            rung,
            fault,
            slow: true,
            many: num("flights").unwrap_or(0.0) as usize,
            three: get("three").is_some(),
            wall: 0.0,
        }
    }
    pub(crate) fn update(&mut self, msg: Msg) {
        match msg {
            Msg::PlayToggled => self.playing = !self.playing,
            Msg::Faster => self.rung = (self.rung + 1).min(SPEEDS.len() - 1),
            Msg::Slower => self.rung = self.rung.saturating_sub(1),
            Msg::SpeedChosen(rung) => self.rung = rung,
            Msg::Scrubbed(s) => {
                self.t = s.clamp(0.0, self.end.max(s));
                self.playing = false;
            }
            Msg::Jumped(s) => self.t = (self.t + s).max(0.0),
            Msg::ToStart => self.t = 0.0,
            Msg::ToEnd => self.t = self.end,
            Msg::NextHappening => self.t += 30.0,
            Msg::PreviousHappening => self.t = (self.t - 30.0).max(0.0),
            Msg::Ordered(text) => {
                if text.starts_with("clear") {
                    self.fault = None
                } else {
                    self.fault = Some(self.t);
                    self.playing = true;
                }
            }
            Msg::SlowMotionToggled => self.slow = !self.slow,
            Msg::Restarted | Msg::Reseeded(_) => {
                self.t = 0.0;
                self.fault = None;
            }
            Msg::NoticeClosed => {}
        }
        self.end = self.end.max(self.t);
    }
    pub(crate) fn settings(&self) -> Option<String> {
        Some(format!("{{\"rung\":{}}}", self.rung))
    }
    pub(crate) fn frame(&mut self, elapsed_ms: f64) -> bool {
        if !self.playing {
            return false;
        }
        self.wall += elapsed_ms / 1000.0;
        self.t += elapsed_ms / 1000.0 * SPEEDS[self.rung].0;
        self.end = self.end.max(self.t);
        true
    }
    fn since(&self) -> Option<f64> {
        self.fault.filter(|f| self.t >= *f).map(|f| self.t - f)
    }
    /// Share served by city at some moment after the fault.
    fn served_at(&self, t: f64) -> f64 {
        match self.fault.filter(|f| t >= *f).map(|f| t - f) {
            None => 1.0 - 0.002 * rnd((t * 7.0) as u64),
            Some(s) if s < 62.0 => 0.36 + 0.02 * rnd((s * 3.0) as u64),
            Some(s) => (0.38 + 0.62 * smooth(70.0, 252.0, s)).min(1.0),
        }
    }
    fn moved(&self, city: usize, resolver: usize, s: f64) -> bool {
        s > 66.0
            + 60.0
                * rnd((city * 31 + resolver) as u64)
                * if rnd((city * 17 + resolver * 5 + 3) as u64) < 0.09 { 5.0 } else { 1.0 }
    }
    fn home(city: usize) -> usize {
        if matches!(city, 0..=3) { 0 } else { 1 }
    }

    pub(crate) fn motion_into(&self, motion: &mut Motion) {
        motion.flights.clear();
        motion.rings.clear();
        motion.grids.clear();
        motion.streams.clear();
        let s = self.since();
        let dark = s.is_some();
        let (r0, r1) = (CITIES.len() as u16, CITIES.len() as u16 + 1);
        let fast = self.rung >= 6;
        for (c, _) in CITIES.iter().enumerate() {
            let mut arcs = vec![];
            for r in 0..8 {
                let stubborn = rnd((c * 17 + r * 5 + 3) as u64) < 0.09;
                let region = match s {
                    Some(s) if self.moved(c, r, s) => 1,
                    _ => {
                        if s.is_none() {
                            if self.multi() { Self::home(c) } else { 0 }
                        } else {
                            0
                        }
                    }
                };
                let phase = rnd((c * 7 + r) as u64);
                let ttl = if stubborn { 300.0 } else { 60.0 };
                arcs.push(Arc {
                    region: Some(region),
                    left: (1.0 - ((self.t / ttl + phase) % 1.0)) as f32,
                    stubborn,
                });
            }
            let bad = match s {
                None => 0.0,
                Some(s) => {
                    arcs.iter().filter(|a| a.region == Some(0)).count() as f32 / 8.0
                        * if s > 3.0 { 1.0 } else { (s / 3.0) as f32 }
                }
            };
            motion.rings.push(Ring { place: c as u16, arcs, failing: bad });
        }
        let per_city = if self.many > 0 { self.many / CITIES.len() + 1 } else { 7 };
        if !fast {
            for c in 0..CITIES.len() {
                for k in 0..per_city {
                    let seed = (c * 1000 + k) as u64;
                    let period = 1.6 + 1.2 * rnd(seed);
                    let x = self.wall / period + rnd(seed + 9);
                    let (n, p) = (x.floor(), x.fract());
                    let lane = rnd(seed + n as u64 * 31);
                    let target = match s {
                        Some(s) if self.moved(c, k % 8, s) => r1,
                        _ => r0,
                    };
                    let failing = dark && target == r0;
                    let write = lane < 0.25;
                    let col = usize::from(target - r0);
                    if failing {
                        motion.flights.push(Flight {
                            from: c as u16,
                            to: target,
                            progress: p.min(0.82 + 0.1 * lane) as f32,
                            kind: if write { FlightKind::Write } else { FlightKind::Read },
                            colour: col,
                            lost: p > 0.8,
                        });
                    } else if p < 0.5 {
                        motion.flights.push(Flight {
                            from: c as u16,
                            to: target,
                            progress: (p * 2.0) as f32,
                            kind: if write { FlightKind::Write } else { FlightKind::Read },
                            colour: col,
                            lost: false,
                        });
                    } else {
                        motion.flights.push(Flight {
                            from: target,
                            to: c as u16,
                            progress: ((p - 0.5) * 2.0) as f32,
                            kind: FlightKind::Answer,
                            colour: col,
                            lost: false,
                        });
                    }
                }
            }
            for k in 0..6 {
                let p = (self.wall / 2.2 + k as f64 / 6.0).fract();
                if dark {
                    if k < 4 {
                        motion.flights.push(Flight {
                            from: r0,
                            to: r1,
                            progress: 0.12 + 0.09 * k as f32,
                            kind: FlightKind::Replicate,
                            colour: 0,
                            lost: true,
                        });
                    }
                } else {
                    motion.flights.push(Flight {
                        from: r0,
                        to: r1,
                        progress: p as f32,
                        kind: FlightKind::Replicate,
                        colour: 0,
                        lost: false,
                    });
                }
            }
        } else {
            for c in 0..CITIES.len() {
                let f = motion.rings[c].failing;
                if f > 0.01 || !dark {
                    motion.streams.push(Stream {
                        from: c as u16,
                        to: r0,
                        rate: 40.0 * if dark { f } else { 1.0 },
                        failing: if dark { 1.0 } else { 0.0 },
                        colour: 0,
                    });
                }
                if dark && f < 0.99 {
                    motion.streams.push(Stream {
                        from: c as u16,
                        to: r1,
                        rate: 40.0 * (1.0 - f),
                        failing: 0.0,
                        colour: 1,
                    });
                }
            }
            if !dark {
                motion.streams.push(Stream { from: r0, to: r1, rate: 300.0, failing: 0.0, colour: 0 });
            }
        }
        let count = if self.three { 5 } else { 4 };
        for g in 0..count {
            let region = if g < 2 { 0 } else { g / 2 };
            let cells = (0..48)
                .map(|k| {
                    let lost =
                        dark && g >= 2 && rnd(k * 13 + 5) < 0.12 && self.t - self.fault.unwrap_or(0.0) > 70.0;
                    let own = s.is_some_and(|s| g >= 2 && rnd(k * 3 + 1) < smooth(80.0, 300.0, s));
                    let fresh = (rnd(k * 7 + (self.t * 0.7) as u64) * 255.0) as u8;
                    Cell {
                        writer: (rnd(k) > 0.04).then_some(usize::from(own)),
                        stale: !lost
                            && !own
                            && g >= 2
                            && rnd(k * 5 + (self.t * 0.5) as u64) < if dark { 0.2 } else { 0.06 },
                        lost,
                        fresh: if fresh > 220 { fresh } else { 60 },
                    }
                })
                .collect();
            motion.grids.push(KeyGrid { region, unreadable: dark && region == 0, cells });
        }
    }
    fn multi(&self) -> bool {
        self.three
    }

    pub(crate) fn panels(&self) -> Panels {
        let s = self.since();
        let served = self.served_at(self.t);
        let chip = |slug: &'static str, label: &str, target: &str, active: bool| FaultChip {
            slug,
            label: label.into(),
            target: target.into(),
            active,
            msg: Msg::Ordered(if active {
                format!("clear {slug}={target}")
            } else {
                format!("{slug}={target}")
            }),
        };
        let zone = |code: &str, letter: char, region: usize, grid: Option<usize>, db: &str| ZoneView {
            letter,
            code: format!("{code}{letter}"),
            dark: s.is_some() && region == 0,
            grey: false,
            servers: (0..4)
                .map(|k| {
                    let dead = s.is_some() && region == 0;
                    let state = if dead {
                        ServerLook::Dead
                    } else if region == 0 {
                        ServerLook::Serving
                    } else if k == 0 {
                        if s.is_some_and(|s| s > 72.0 && s < 150.0) {
                            ServerLook::Full
                        } else {
                            ServerLook::Serving
                        }
                    } else {
                        match s {
                            Some(s) if s > 165.0 + 12.0 * k as f64 => ServerLook::Serving,
                            Some(s) if s > 140.0 + 10.0 * k as f64 => ServerLook::Unhealthy,
                            Some(s) if s > 70.0 => ServerLook::Booting,
                            _ => ServerLook::Off,
                        }
                    };
                    ServerView {
                        state,
                        load_percent: if region == 0 {
                            45 + (25.0 * rnd((self.t as u64) * 3 + k)) as u8
                        } else if s.is_some() {
                            78
                        } else {
                            20
                        },
                    }
                })
                .collect(),
            database: db.into(),
            grid,
            faults: vec![
                chip("zone-power", "Cut the power", &format!("{code}{letter}"), false),
                chip("zone-grey", "Make it slow and half failing", &format!("{code}{letter}"), false),
            ],
        };
        let region = |index: usize,
                      code: &str,
                      name: &str,
                      dbs: [(&str, Option<usize>); 3],
                      state: (&str, Tone),
                      role: &str,
                      note: &str,
                      balancer: &str| RegionCard {
            index,
            code: code.into(),
            name: name.into(),
            state: state.0.into(),
            tone: state.1,
            dark: s.is_some() && index == 0,
            balancer: balancer.into(),
            version: "v42".into(),
            database_role: role.into(),
            database_note: note.into(),
            zones: ['a', 'b', 'c']
                .into_iter()
                .zip(dbs)
                .map(|(l, (db, grid))| zone(code, l, index, grid, db))
                .collect(),
            faults: vec![
                chip("region-dark", "Take the whole region down", code, s.is_some() && index == 0),
                chip("primary-database", "Kill the primary database", code, false),
                chip("capacity", "No servers to be had", code, false),
                chip("surge", "Three times the load", code, false),
            ],
            label: format!("{code}, {name}: {}", state.0),
        };
        let taking = match s {
            None => ("standing by", Tone::Good),
            Some(s) if s < 70.0 => ("standing by", Tone::Good),
            Some(s) if s < 255.0 => ("taking over", Tone::Warning),
            _ => ("serving", Tone::Good),
        };
        let role1 = match s {
            Some(s) if s > 135.0 => "primary",
            Some(s) if s > 75.0 => "promoting",
            _ => "replica",
        };
        let mut regions = vec![
            region(
                0,
                "us-east-1",
                "N. Virginia",
                [("primary", Some(0)), ("standby", Some(1)), ("", None)],
                if s.is_some() { ("region down", Tone::Bad) } else { ("serving", Tone::Good) },
                if s.is_some() { "unreachable" } else { "primary" },
                if s.is_some() {
                    "17 acknowledged writes only here"
                } else {
                    "1,284 writes/min, standby in step"
                },
                if s.is_some() {
                    "load balancer · cannot be reached"
                } else {
                    "load balancer · 12 of 12 targets healthy · 412 requests/s"
                },
            ),
            region(
                1,
                "eu-west-1",
                "Ireland",
                [
                    (role1, Some(2)),
                    (if s.is_some_and(|s| s > 160.0) { "standby" } else { "" }, Some(3)),
                    ("", None),
                ],
                taking,
                role1,
                if s.is_some() { "17 writes never arrived" } else { "lag 0.42 s · 3 writes behind" },
                if s.is_some_and(|s| s > 70.0) {
                    "load balancer · 3 of 12 targets healthy · 268 requests/s"
                } else {
                    "load balancer · 3 of 3 targets healthy · 0 requests/s"
                },
            ),
        ];
        if self.three {
            regions.push(region(
                2,
                "ap-southeast-2",
                "Sydney",
                [("replica", Some(4)), ("", None), ("", None)],
                ("standing by", Tone::Good),
                "replica",
                "lag 0.9 s · 7 writes behind",
                "load balancer · 3 of 3 targets healthy · 0 requests/s",
            ));
        }
        let place = |name: &str, lat: f64, lon: f64, region: Option<usize>, tone: Tone| {
            let (x, y) = project(lat, lon);
            Place { name: name.into(), x, y, region, tone, label: format!("{name}: 92 % served, p99 412 ms") }
        };
        let mut places: Vec<Place> = CITIES
            .iter()
            .map(|(n, lat, lon)| {
                place(n, *lat, *lon, None, if s.is_some() && served < 0.5 { Tone::Bad } else { Tone::Good })
            })
            .collect();
        places.push(place(
            "us-east-1",
            38.9,
            -77.5,
            Some(0),
            if s.is_some() { Tone::Bad } else { Tone::Good },
        ));
        places.push(place("eu-west-1", 53.35, -6.26, Some(1), Tone::Good));
        if self.three {
            places.push(place("ap-southeast-2", -33.4, 150.0, Some(2), Tone::Good));
        }
        let link = |from, to, queue: &str, tone| LinkView {
            from,
            to,
            lag_text: "lag 0.42 s".into(),
            queue_text: queue.into(),
            label: "us-east-1 to eu-west-1: 70 ms".into(),
            tone,
            cut_forward: s.is_some(),
            cut_back: s.is_some(),
            faults: vec![
                chip("link-cut", "Cut it both ways", "us-east-1:eu-west-1", false),
                chip("link-slow", "Make it slow", "us-east-1:eu-west-1", false),
                chip("link-loss", "Lose packets", "us-east-1:eu-west-1", false),
            ],
        };
        let mut links = vec![link(
            0,
            1,
            if s.is_some() { "17 writes never sent" } else { "" },
            if s.is_some() { Tone::Bad } else { Tone::Good },
        )];
        if self.three {
            links.push(link(0, 2, "", Tone::Good));
        }
        let votes0: Vec<bool> = (0..16).map(|k| s.is_none_or(|s| s < 22.0 + 38.0 * rnd(k + 77))).collect();
        let ok0 = votes0.iter().filter(|v| **v).count();
        let failed0 = ok0 < 3;
        let mut endpoints = vec![
            EndpointRow {
                region: 0,
                code: "us-east-1".into(),
                votes: votes0,
                state: if failed0 { "failed".into() } else { "primary, answering".into() },
                tone: if failed0 {
                    Tone::Bad
                } else if ok0 < 16 {
                    Tone::Warning
                } else {
                    Tone::Good
                },
                answering: !failed0,
            },
            EndpointRow {
                region: 1,
                code: "eu-west-1".into(),
                votes: vec![true; 16],
                state: if failed0 { "answering".into() } else { "secondary, ready".into() },
                tone: if failed0 { Tone::Good } else { Tone::Muted },
                answering: failed0,
            },
        ];
        if self.three {
            endpoints.push(EndpointRow {
                region: 2,
                code: "ap-southeast-2".into(),
                votes: vec![true; 16],
                state: "ready".into(),
                tone: Tone::Muted,
                answering: false,
            });
        }
        let group = |slug: &'static str, label: &str, targets: &[&str]| FaultGroup {
            label: label.into(),
            hint: "What breaks, in one sentence, at one of these places.".into(),
            slug,
            chips: targets
                .iter()
                .map(|t| chip(slug, t, t, slug == "region-dark" && s.is_some() && *t == "us-east-1"))
                .collect(),
        };
        let both = ["us-east-1", "eu-west-1"];
        let faults = vec![
            group("region-dark", "Whole region", &both),
            group(
                "zone-power",
                "Zone power",
                &["us-east-1a", "us-east-1b", "us-east-1c", "eu-west-1a", "eu-west-1b", "eu-west-1c"],
            ),
            group(
                "link-cut",
                "Cut the link",
                &["both ways", "us-east-1 to eu-west-1", "eu-west-1 to us-east-1"],
            ),
            group("link-slow", "Slow link", &["us-east-1 to eu-west-1"]),
            group("link-loss", "Lossy link", &["us-east-1 to eu-west-1"]),
            group("primary-database", "Primary database", &["us-east-1"]),
            group("zone-grey", "Grey zone", &["us-east-1a", "us-east-1b"]),
            group("dns-freeze", "DNS control plane", &["route53"]),
            group("capacity", "No capacity", &both),
            group("surge", "Load surge", &["everywhere"]),
        ];
        let bar = |slug: &'static str, label: &str, from: f64, to: f64, longest: bool| {
            let f = self.fault.unwrap_or(0.0);
            (self.t >= f + from && s.is_some()).then(|| Bar {
                slug,
                label: label.into(),
                from_s: f + from,
                to_s: (self.t >= f + to).then_some(f + to),
                longest,
                note: format!("{label}: {}", mmss((to - from).min(self.t - f - from))),
            })
        };
        let bars: Vec<Bar> = [
            bar("detect", "detect", 0.0, 58.0, false),
            bar("decide", "decide", 58.0, 70.0, false),
            bar("fence", "fence the old primary", 70.0, 78.0, false),
            bar("promote", "promote replica", 78.0, 135.0, false),
            bar("scale-out", "scale out 9 servers", 70.0, 202.0, s.is_some_and(|s| s > 140.0)),
            bar("cutover", "clients move", 60.0, 250.0, false),
            bar("validate", "validate", 250.0, 310.0, false),
        ]
        .into_iter()
        .flatten()
        .collect();
        let f = self.fault.filter(|_| s.is_some());
        let (from_s, to_s) = match f {
            Some(f) => (f - 60.0, f + 360.0_f64.max(s.unwrap_or(0.0) + 30.0)),
            None => ((self.t - 180.0).max(0.0), (self.t - 180.0).max(0.0) + 240.0),
        };
        let origin = f.unwrap_or(0.0);
        let step = 30.0;
        let ticks = (0..40)
            .map(|k| (from_s / step).floor() * step - origin % step * 0.0 + f64::from(k) * step)
            .map(|x| x - (x - origin) % step)
            .filter(|x| *x >= from_s && *x <= to_s)
            .map(|x| (x, if x < origin { format!("−{}", mmss(origin - x)) } else { mmss(x - origin) }))
            .collect();
        let mut availability = vec![];
        let mut lag = vec![];
        let step = (to_s - from_s) / 160.0;
        let mut x = from_s.max(0.0);
        while x < self.t {
            let to = (x + step).min(self.t);
            availability.push(AvailabilityColumn {
                from_s: x,
                to_s: to,
                served: self.served_at((x + to) / 2.0),
            });
            lag.push((
                x,
                if f.is_some_and(|f| x > f) { None } else { Some(0.42 + 0.25 * rnd((x * 3.0) as u64)) },
            ));
            x = to;
        }
        let rto = f.map(|f| {
            let done = self.t - f > 252.0;
            Bracket {
                from_s: f,
                to_s: self.t.min(f + 252.0),
                label: if done {
                    "RTO 4:12".into()
                } else {
                    format!("RTO {} and counting", mmss(self.t - f))
                },
                open: !done,
            }
        });
        let rpo = f.map(|f| Bracket { from_s: f - 0.84, to_s: f, label: "RPO 0.84 s".into(), open: false });
        let (title, body, tone) = match s {
            None => (
                "All is well",
                "us-east-1 serves 14 cities. eu-west-1 follows 0.4 s behind with three servers awake.",
                Tone::Good,
            ),
            Some(s) if s < 22.0 => (
                "us-east-1 went dark",
                "64 % of requests fail. Nobody has noticed yet: the checkers ask again within 10 s and need three failures.",
                Tone::Bad,
            ),
            Some(s) if s < 58.0 => (
                "Checkers are changing their votes",
                "Route 53 has seen two failed checks from most checkers, 10 s apart. Fewer than 18 % must be left before it answers with eu-west-1.",
                Tone::Bad,
            ),
            Some(s) if s < 135.0 => (
                "Promoting the replica",
                "Route 53 saw three failed checks, 10 s apart. eu-west-1 is taking over writes; 9 servers are still to boot. Clients move as their cached answers expire.",
                Tone::Warning,
            ),
            Some(s) if s < 252.0 => (
                "Clients are moving to eu-west-1",
                "The replica takes writes since 2:15. Six resolvers still keep the old answer, two of them longer than they were told to.",
                Tone::Warning,
            ),
            Some(_) => (
                "Service is whole again, from eu-west-1",
                "Every city is served at 99 % or more. 17 acknowledged writes did not survive.",
                Tone::Good,
            ),
        };
        let why: Vec<String> = [
            "us-east-1 lost power in all three zones",
            "16 checkers stopped getting answers",
            "14 of 16 checkers voted unhealthy at 0:58",
            "Route 53 began to answer with eu-west-1",
        ]
        .map(String::from)
        .to_vec();
        let score = |slug: &'static str,
                     label: &str,
                     value: String,
                     unit: &str,
                     note: &str,
                     tone: Tone,
                     why: Vec<String>| Score {
            slug,
            label: label.into(),
            value,
            unit: unit.into(),
            note: note.into(),
            tone,
            why,
        };
        let rtoval = s.map_or("–".into(), |s| mmss(s.min(252.0)));
        let done = s.is_some_and(|s| s > 252.0);
        let objectives = vec![
            score(
                "rto",
                if s.is_some() && !done { "RTO so far" } else { "RTO" },
                rtoval,
                "",
                "objective 15:00",
                if s.is_none() {
                    Tone::Muted
                } else if done {
                    Tone::Good
                } else {
                    Tone::Bad
                },
                vec![],
            ),
            score(
                "rpo",
                "RPO",
                if s.is_some() { "0.84".into() } else { "–".into() },
                if s.is_some() { "s" } else { "" },
                if s.is_some() { "objective 5 s · 17 writes" } else { "objective 5 s" },
                if s.is_some() { Tone::Warning } else { Tone::Muted },
                vec![],
            ),
        ];
        let scores = vec![
            score(
                "served",
                "Requests served",
                format!("{:.1}", served * 100.0),
                "%",
                "",
                if served < 0.9 { Tone::Bad } else { Tone::Plain },
                if served < 0.9 { why.clone() } else { vec![] },
            ),
            score(
                "latency",
                "p50 / p99",
                if s.is_some() { "148 / 2,412".into() } else { "112 / 287".into() },
                "ms",
                "",
                Tone::Plain,
                vec![],
            ),
            score(
                "stale",
                "Stale reads",
                if s.is_some() { "203".into() } else { "12".into() },
                "",
                "",
                Tone::Plain,
                vec![],
            ),
            score(
                "lost",
                "Acknowledged writes lost",
                if s.is_some() { "17".into() } else { "0".into() },
                "",
                "",
                if s.is_some() { Tone::Bad } else { Tone::Plain },
                vec![],
            ),
            score("collisions", "Collisions", "0".into(), "", "", Tone::Plain, vec![]),
            score(
                "lag",
                "Replication lag",
                if s.is_some() { "–".into() } else { "0.42".into() },
                if s.is_some() { "" } else { "s" },
                "",
                Tone::Plain,
                vec![],
            ),
        ];
        let line = |id: u32, at: f64, text: &str, tone: Tone, why: Vec<String>| JournalLine {
            id,
            at_s: at,
            at_text: hms(at),
            text: text.into(),
            tone,
            why,
        };
        let mut journal = vec![
            line(1, 0.0, "The run began: warm standby, read local and write global.", Tone::Muted, vec![]),
            line(2, 12.4, "A replica read in eu-west-1 was 0.6 s behind.", Tone::Plain, vec![]),
        ];
        if let (Some(f), Some(s)) = (f, s) {
            for (i, (at, text, tone)) in [
                (0.0, "us-east-1 went dark.", Tone::Bad),
                (1.2, "412 requests a second found nobody.", Tone::Bad),
                (22.0, "The first checker voted us-east-1 unhealthy.", Tone::Warning),
                (58.0, "Route 53 declared us-east-1 failed: 2 of 16 checkers left.", Tone::Bad),
                (70.0, "The runbook decided to fail over to eu-west-1.", Tone::Plain),
                (78.0, "eu-west-1 fenced the old primary.", Tone::Plain),
                (
                    135.0,
                    "The replica in eu-west-1 was promoted. 17 acknowledged writes did not arrive in time.",
                    Tone::Warning,
                ),
                (202.0, "Nine new servers passed their health checks.", Tone::Good),
                (252.0, "Every city is served again.", Tone::Good),
            ]
            .iter()
            .enumerate()
            {
                if s >= *at {
                    journal.push(line(
                        10 + i as u32,
                        f + at,
                        text,
                        *tone,
                        if i > 2 { why.clone() } else { vec![] },
                    ));
                }
            }
        }
        journal.reverse();
        let marks = journal
            .iter()
            .map(|l| Mark { at_s: l.at_s, label: l.text.clone(), tone: l.tone })
            .filter(|m| m.at_s >= from_s)
            .collect();
        let (_, speed_text, speed_short) = SPEEDS[self.rung];
        Panels {
            title: "Warm standby".into(),
            strategy: "Warm standby".into(),
            write_pattern: "Read local, write global".into(),
            transport: Transport {
                playing: self.playing,
                now_text: hms(self.t),
                now_s: self.t,
                end_s: self.end,
                horizon_s: 7200.0,
                in_the_past: self.t < self.end,
                speed_text: speed_text.into(),
                speed_short: speed_short.into(),
                speed_rung: self.rung,
                speed_rungs: SPEEDS.len(),
                slow_motion: s
                    .filter(|s| (56.0..64.0).contains(s))
                    .map(|_| "Slow motion: a checker changed its vote".into()),
                slow_motion_enabled: self.slow,
            },
            headline: Headline { tone, title: title.into(), body: body.into() },
            big_button: s.is_none().then(|| Action {
                label: "Take us-east-1 down".into(),
                hint: "All three zones lose power at once. Watch who notices, and when.".into(),
                msg: Msg::Ordered("region-dark=us-east-1".into()),
                slug: "region-dark".into(),
            }),
            objectives,
            scores,
            regions,
            places,
            links,
            route53: Route53Panel {
                policy: "failover · TTL 60 s · every 10 s".into(),
                control_plane: true,
                endpoints,
                faults: vec![chip("dns-freeze", "Freeze the control plane", "route53", false)],
                label: "Route 53: failover".into(),
            },
            faults,
            actions: if s.is_some_and(|s| s > 320.0) {
                vec![Action {
                    label: "Fail back to us-east-1".into(),
                    hint: "Bring writes home again.".into(),
                    msg: Msg::Ordered("fail-back".into()),
                    slug: "fail-back".into(),
                }]
            } else {
                vec![]
            },
            timeline: Timeline {
                from_s,
                to_s,
                now_s: self.t,
                origin_s: origin,
                ticks,
                availability,
                lag,
                lag_top_s: 2.0,
                bars,
                rto,
                rpo,
                marks,
            },
            lost_writes: if s.is_some() {
                (0..17)
                    .map(|k| {
                        format!(
                            "write {} · {} · key {} · us-east-1 · {}",
                            88121 + k * 7,
                            CITIES[k as usize % 14].0,
                            k * 3 % 48,
                            hms(f.unwrap_or(0.0) - 0.05 * k as f64)
                        )
                    })
                    .collect()
            } else {
                vec![]
            },
            lost_writes_total: if s.is_some() { 17 } else { 0 },
            clients: CITIES
                .iter()
                .enumerate()
                .map(|(i, (n, _, _))| ClientRow {
                    name: (*n).into(),
                    served: format!("{:.1} %", served * 100.0),
                    p50: format!("{} ms", 40 + i * 17),
                    p99: format!("{} ms", 210 + i * 31),
                    answers: "5 of 8 resolvers point to eu-west-1".into(),
                    tone: if served < 0.9 { Tone::Bad } else { Tone::Good },
                })
                .collect(),
            journal,
            description: format!(
                "{title}. {body} us-east-1 is {}. eu-west-1 is {}.",
                if s.is_some() { "down" } else { "serving" },
                taking.0
            ),
            notice: None,
        }
    }
}
