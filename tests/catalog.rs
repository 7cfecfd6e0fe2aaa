//! The catalogue: each fact is complete, the tables equal their data files, and `docs/numbers.md` is up to date.
//!
//! With `FAULTLINE_BLESS=1` the generated files (`docs/numbers.md`, `model/src/catalog/rtt.rs`) are written again.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use faultline::catalog::Fact;
use faultline::catalog::transfer::{TRANSFERS, between_regions, to_internet};
use faultline::catalog::{
    self, CITIES, Confidence, REGIONS, Unit, city, city_round_trip_ms, distance_km, is_estimated, region,
    region_index, round_trip_ms,
};
use faultline::model::field::{Field, Kind};
use faultline::model::scenario::Scenario;
use faultline::model::setting::Settings;

/// The rows of a data file, without its comments and its line of column names.
fn rows(csv: &str) -> impl Iterator<Item = Vec<&str>> {
    csv.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split(',').collect())
}

/// Holds a generated file equal to what it should be, or writes it where `FAULTLINE_BLESS` is set.
fn assert_generated(path: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("FAULTLINE_BLESS").is_some() {
        std::fs::write(&path, wanted).expect("the generated file can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "{} is out of date: run the tests with FAULTLINE_BLESS=1", path.display());
}

#[test]
fn each_fact_is_complete_and_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (name, fact) in catalog::all() {
        assert!(names.insert(name), "{name} is there twice");
        assert!(!fact.label.trim().is_empty() && !fact.label.ends_with('.'), "{name}: {:?}", fact.label);
        assert!(fact.source.len() > 20, "{name} has no source or reason: {:?}", fact.source);
        assert!(fact.value.is_finite() && fact.value >= 0.0, "{name}: {}", fact.value);
        if fact.unit == Unit::Share {
            assert!(fact.value <= 1.0, "{name} is a share: {}", fact.value);
        }
        if fact.unit == Unit::Count {
            assert_eq!(f64::from(fact.count()), fact.value, "{name} is counted");
        }
    }
    assert!(names.len() > 80, "{}", names.len());
}

#[test]
fn no_bound_is_on_the_wrong_side() {
    let value = |wanted: String| catalog::all().find(|(name, _)| *name == wanted).map(|(_, fact)| fact.value);
    for (name, fact) in catalog::all() {
        if let Some(stem) = name.strip_suffix("_MIN") {
            for above in [stem.to_owned(), format!("{stem}_MAX")] {
                assert!(value(above).is_none_or(|above| fact.value <= above), "{name}");
            }
        }
        if let Some(stem) = name.strip_suffix("_MAX") {
            assert!(value(stem.to_owned()).is_none_or(|below| below <= fact.value), "{name}");
        }
    }
}

#[test]
fn facts_turn_into_spans_and_counts() {
    assert_eq!(catalog::dns::CHECK_INTERVAL.span().secs(), 30.0);
    assert_eq!(catalog::network::ACCESS_DELAY.span().millis(), 15.0);
    assert_eq!(catalog::dns::CHECKERS.count(), 16);
    assert!(region(catalog::dns::CONTROL_PLANE_REGION).is_some());
}

#[test]
fn documented_numbers_that_the_simulation_stands_on() {
    assert_eq!(catalog::dns::HEALTHY_SHARE.value, 0.18);
    assert_eq!(catalog::dns::HEALTHY_SHARE.confidence, Confidence::Documented);
    assert_eq!(catalog::dns::EXTENDING_RESOLVERS.value, 0.0874);
    assert_eq!(catalog::dns::EXTENSION_FACTOR.confidence, Confidence::Assumption);
    assert!(!catalog::dns::EXTENSION_FACTOR.confidence.is_sourced());
}

#[test]
fn regions_equal_their_data_file() {
    let csv = include_str!("../model/src/catalog/data/regions.csv");
    let listed: Vec<_> = rows(csv).collect();
    assert_eq!(listed.len(), REGIONS.len());
    for (row, region) in listed.iter().zip(REGIONS) {
        assert_eq!((row[0], row[1]), (region.code, region.name));
        assert_eq!((row[2].parse(), row[3].parse()), (Ok(region.lat), Ok(region.lon)), "{}", region.code);
        assert_eq!(row[4].parse(), Ok(region.zones), "{}", region.code);
        assert_eq!(row[5], region.continent.slug(), "{}", region.code);
    }
    assert_eq!(region("us-east-1").map(catalog::Region::place), Some("N. Virginia"));
    assert_eq!(region("us-east-9"), None);
}

#[test]
fn round_trips_equal_their_data_file() {
    let csv = include_str!("../model/src/catalog/data/region-rtt.csv");
    let listed: Vec<_> = rows(csv).collect();
    assert_eq!(listed.len(), REGIONS.len() * REGIONS.len());
    let mut table = vec![vec![0_u16; REGIONS.len()]; REGIONS.len()];
    for row in &listed {
        let from = region_index(row[0]).expect("a region");
        let to = region_index(row[1]).expect("a region");
        let millis: f64 = row[2].parse().expect("a number");
        table[from][to] = (millis * 100.0).round() as u16;
        assert_eq!(is_estimated(from, to), row[3] == "yes", "{} to {}", row[0], row[1]);
    }
    assert_generated("model/src/catalog/rtt.rs", &round_trip_source(&table));
    for row in &listed {
        let (from, to) = (region_index(row[0]).expect("a region"), region_index(row[1]).expect("a region"));
        assert_eq!(Ok(round_trip_ms(from, to)), row[2].parse(), "{} to {}: build again", row[0], row[1]);
    }
}

/// `model/src/catalog/rtt.rs` for a table in hundredths of a millisecond.
fn round_trip_source(table: &[Vec<u16>]) -> String {
    let size = table.len();
    let mut text = format!(
        "//! Round trips between regions: made from `data/region-rtt.csv` by a test, not by hand.\n//!\n\
         //! `FAULTLINE_BLESS=1 cargo test --no-default-features --test catalog` writes this file again.\n\n\
         /// Median round trip in hundredths of a millisecond, from (row) and to (column) in the order of \
         [`super::REGIONS`].\n#[rustfmt::skip]\npub(super) const HUNDREDTHS: [[u16; {size}]; {size}] = [\n"
    );
    for row in table {
        let numbers: Vec<_> = row.iter().map(u16::to_string).collect();
        writeln!(text, "    [{}],", numbers.join(", ")).expect("text");
    }
    text + "];\n"
}

#[test]
fn prices_of_transfer_equal_their_data_file() {
    let csv = include_str!("../model/src/catalog/data/transfer-prices.csv");
    let listed: Vec<_> = rows(csv).collect();
    assert_eq!(listed.len(), TRANSFERS.len());
    for (row, transfer) in listed.iter().zip(TRANSFERS) {
        assert_eq!(row[0], transfer.region);
        assert!(region(transfer.region).is_some(), "{}", transfer.region);
        assert_eq!((row[1].parse(), row[2].parse()), (Ok(transfer.between), Ok(transfer.internet)));
    }
}

#[test]
fn a_region_without_a_price_is_priced_as_virginia_and_says_so() {
    let (known, unknown) =
        (between_regions("us-east-1", "eu-west-1"), between_regions("mx-central-1", "eu-west-1"));
    assert_eq!((known.value, known.confidence), (0.02, Confidence::Documented));
    assert_eq!((unknown.value, unknown.confidence), (0.02, Confidence::Assumption));
    assert!(unknown.source.contains("us-east-1"));
    assert_eq!(to_internet("sa-east-1").value, 0.15);
    for (a, b) in [("us-east-1", "us-east-2"), ("us-east-2", "us-east-1")] {
        assert_eq!(between_regions(a, b).value, 0.01, "{a} and {b} are neighbours");
    }
    assert_eq!(catalog::prices::database("eu-west-1").value, 0.504);
    assert_eq!(catalog::prices::database("us-west-2"), catalog::prices::database("us-east-1"));
}

#[test]
fn known_round_trips_are_right() {
    let between = |from: &str, to: &str| {
        round_trip_ms(region_index(from).expect("a region"), region_index(to).expect("a region"))
    };
    assert!((between("us-east-1", "eu-west-1") - 70.0).abs() <= 1.0);
    assert!((between("eu-west-1", "us-east-1") - 70.0).abs() <= 1.0);
    assert!((between("us-east-1", "us-west-2") - 64.0).abs() <= 1.0);
    assert_eq!(round_trip_ms(REGIONS.len(), 0), 0.0, "what is no region has no round trip");
}

#[test]
fn there_and_back_take_almost_the_same() {
    for (a, one) in REGIONS.iter().enumerate() {
        for (b, other) in REGIONS.iter().enumerate().take(a) {
            let (there, back) = (round_trip_ms(a, b), round_trip_ms(b, a));
            let apart = (there - back).abs() / there.max(back);
            assert!(apart < 0.19, "{} and {}: {there}, {back}", one.code, other.code);
            assert!(there > 0.0 && back > 0.0);
        }
    }
}

#[test]
fn cities_are_where_they_should_be() {
    let between = |a: &str, b: &str| {
        let (a, b) = (city(a).expect("a city"), city(b).expect("a city"));
        distance_km((a.lat, a.lon), (b.lat, b.lon))
    };
    let about = |a: &str, b: &str, km: f64| {
        let found = between(a, b);
        assert!((found / km - 1.0).abs() < 0.005, "{a} to {b}: {found} km, not {km}");
    };
    about("London", "New York", 5570.0);
    about("Los Angeles", "Tokyo", 8815.0);
    about("Sydney", "Singapore", 6300.0);
    about("São Paulo", "Johannesburg", 7440.0);
    assert_eq!(between("Paris", "Paris"), 0.0);
    assert_eq!(city("Sao Paulo"), city("São Paulo"));
    assert_eq!(city("Bogota").map(|city| city.name), Some("Bogotá"));
    assert_eq!(city("Atlantis"), None);
}

#[test]
fn every_city_has_its_place_on_the_map_and_its_own_name() {
    let mut names = BTreeSet::new();
    let dots: Vec<_> = catalog::land_dots().collect();
    for city in CITIES {
        assert!(names.insert(city.name), "{} is there twice", city.name);
        let (x, y) = catalog::project(city.lat, city.lon);
        assert!((0.0..1.0).contains(&x) && (0.0..1.0).contains(&y), "{}", city.name);
        let nearest = dots.iter().map(|&(dot_x, dot_y)| {
            let across = (f64::from(dot_x) - x) * catalog::ASPECT;
            libm::hypot(across, f64::from(dot_y) - y) * 60.0
        });
        let nearest = nearest.fold(f64::INFINITY, f64::min);
        assert!(nearest < 2.5, "{} lies {nearest} dots from land", city.name);
    }
    assert!(names.len() >= 40);
}

#[test]
fn cities_reach_regions_in_a_plausible_time() {
    let trip = |name: &str, code: &str| {
        city_round_trip_ms(city(name).expect("a city"), region(code).expect("a region"))
    };
    let london = trip("London", "us-east-1");
    assert!(
        (116.0..120.0).contains(&london),
        "5,900 km at 1.75 times the shortest trip, and 15 ms: {london}"
    );
    assert_eq!(trip("London", "eu-west-2"), catalog::network::ACCESS_DELAY.value);
    assert!(trip("Sydney", "us-east-1") > trip("Sydney", "ap-southeast-2"));
}

/// What stands above the table in `docs/numbers.md`.
const NUMBERS_HEAD: &str = "\
# Every number that the simulation starts from

Made from `model/src/catalog/` by `tests/catalog.rs`: `FAULTLINE_BLESS=1 cargo test --no-default-features --test catalog`
writes it again.

How far a number can be trusted: *documented*, read in the primary text; *reported by others*, read in a text that
quotes or measured it; *computed by us* from such numbers; *from memory, not confirmed*; *our assumption*, because
nothing better is known. For the last two the last column gives the reason instead of a source.

| name | what | value | confidence | source |
| --- | --- | --- | --- | --- |
";

/// The guides that sources name pages of, and where those pages are.
const GUIDES: [(&str, &str); 12] = [
    ("Amazon Route 53 Developer Guide, ", "Route53/latest/DeveloperGuide/"),
    ("Amazon S3 User Guide, ", "AmazonS3/latest/userguide/"),
    ("Amazon RDS User Guide, ", "AmazonRDS/latest/UserGuide/"),
    ("Amazon Aurora User Guide, ", "AmazonRDS/latest/AuroraUserGuide/"),
    ("User Guide for Application Load Balancers, ", "elasticloadbalancing/latest/application/"),
    ("Amazon SQS Developer Guide, ", "AWSSimpleQueueService/latest/SQSDeveloperGuide/"),
    ("Amazon SNS Developer Guide, ", "sns/latest/dg/"),
    ("Amazon EC2 User Guide, ", "AWSEC2/latest/UserGuide/"),
    ("Amazon EC2 Auto Scaling User Guide, ", "autoscaling/ec2/userguide/"),
    ("Amazon DynamoDB Developer Guide, ", "amazondynamodb/latest/developerguide/"),
    ("Amazon ElastiCache User Guide, ", "AmazonElastiCache/latest/dg/"),
    ("Amazon DocumentDB Developer Guide, ", "documentdb/latest/developerguide/"),
];

/// Where a source can be read, if it names a page of a guide or an RFC.
fn link(source: &str) -> Option<String> {
    if let Some(number) = source.strip_prefix("RFC ") {
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        return Some(format!("https://www.rfc-editor.org/rfc/rfc{digits}"));
    }
    let (rest, folder) =
        GUIDES.iter().find_map(|(guide, folder)| Some((source.strip_prefix(guide)?, folder)))?;
    let page = rest.split([' ', ',', ';', ':']).next()?;
    let slug = page.contains(['-', '_']) || page.starts_with("USER");
    slug.then(|| format!("https://docs.aws.amazon.com/{folder}{page}.html"))
}

/// Paths of the settings below a table, each with the fact that its default comes from.
fn settings_with_facts(fields: &'static [Field], path: &str, found: &mut Vec<(String, Fact)>) {
    for field in fields {
        let path = if path.is_empty() { field.name.to_owned() } else { format!("{path}.{}", field.name) };
        found.extend((field.fact)().map(|fact| (path.clone(), fact)));
        match field.kind {
            Kind::Part(fields) | Kind::List(fields) => settings_with_facts(fields(), &path, found),
            Kind::Number(_) | Kind::Optional(_) | Kind::Whole | Kind::Other => {}
        }
    }
}

/// What the page fetches if somebody asks where a number comes from: those that we assume come first.
#[test]
fn the_facts_that_the_page_fetches_are_up_to_date() {
    let mut settings = Vec::new();
    settings_with_facts(Scenario::FIELDS, "", &mut settings);
    assert!(settings.len() > 80, "{}", settings.len());
    let shown = |fact: &Fact| format!("{} {}", fact.value, fact.unit.symbol()).trim().to_owned();
    let named = |name: String| catalog::all().find(|(other, _)| *other == name).map(|(_, fact)| fact);
    let mut facts: Vec<_> = catalog::all().collect();
    facts.sort_by_key(|(_, fact)| std::cmp::Reverse(fact.confidence));
    let mut linked = 0;
    let rows: Vec<String> = facts
        .into_iter()
        .map(|(name, fact)| {
            let bound = |end: &str| named(format!("{name}{end}")).map(shown);
            let range = match (bound("_MIN"), bound("_MAX")) {
                (Some(least), Some(most)) => format!(", from {least} to {most}"),
                (Some(least), None) => format!(", {least} or more"),
                (None, Some(most)) => format!(", {most} at most"),
                (None, None) => String::new(),
            };
            let sets = settings.iter().filter(|(_, other)| other == fact).map(|(path, _)| path.as_str());
            let sets = sets.collect::<Vec<_>>().join(", ");
            let sets = if sets.is_empty() { sets } else { format!(" · decides {sets}") };
            let link = link(fact.source);
            linked += usize::from(link.is_some());
            let row = serde_json::json!({
                "name": name, "what": format!("{}{range}", fact.label), "value": shown(fact), "link": link,
                "rest": format!("{}: {}{sets} ", fact.confidence.words(), fact.source),
            });
            row.to_string()
        })
        .collect();
    assert!(linked > 40, "{linked} sources have a link");
    assert_generated("assets/facts.json", &format!("[\n{}\n]\n", rows.join(",\n")));
}

#[test]
fn the_table_of_numbers_is_up_to_date() {
    let mut text = NUMBERS_HEAD.to_owned();
    for (name, fact) in catalog::all() {
        let value = format!("{} {}", fact.value, fact.unit.symbol());
        let confidence = fact.confidence.words();
        writeln!(text, "| `{name}` | {} | {} | {confidence} | {} |", fact.label, value.trim(), fact.source)
            .expect("text");
    }
    assert_generated("docs/numbers.md", &text);
}
