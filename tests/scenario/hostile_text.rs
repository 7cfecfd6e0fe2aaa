//! Texts that mean harm: broken, endless, deep, and at random.

use proptest::prelude::*;

use super::*;

#[test]
fn text_that_ends_early_is_refused_with_its_place() {
    let whole = serde_json::to_string_pretty(&Scenario::default()).unwrap();
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)).step_by(7) {
        let problem = &problems(&whole[..end])[0];
        assert!(problem.place.contains("line "), "{problem}");
    }
    assert!(problems("{\"dns\": {\"ttl_s\": 60,").remove(0).place.starts_with("dns (line 1"));
}

#[test]
fn text_without_end_is_refused_unread() {
    let text = format!("{{\"name\": \"{}\"}}", "x".repeat(10_000_000));
    let said = problems(&text)[0].to_string();
    assert_eq!(
        said,
        "the file: a text of 10000012 bytes is not allowed; allowed: at most 262144 bytes of JSON"
    );
    let long = format!("{{\"title\": \"{}\"}}", "ü".repeat(MOST_BYTES / 2 - 100));
    assert_eq!(problems(&long)[0].place, "title");
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
        assert!(problems(&text)[0].allowed.contains("127 deep"));
    }
    let bearable = format!("{{\"dns\": {}{}}}", "[".repeat(120), "]".repeat(120));
    assert_eq!(problems(&bearable)[0].place, "dns");
}

#[test]
fn numbers_that_are_none_are_refused() {
    let problem = &problems("{\"dns\": {\"ttl_s\": 1e999}}")[0];
    assert!(problem.place.starts_with("dns.ttl_s (line 1"), "{problem}");
    for word in ["NaN", "Infinity", "-Infinity", "1e", "0x10", "01", ".5", "--1", "1,5"] {
        let problem = &problems(&format!("{{\"dns\": {{\"ttl_s\": {word}}}}}"))[0];
        assert!(problem.place.starts_with("dns") && problem.place.ends_with(')'), "{problem}");
    }
    assert_eq!(problems("{\"dns\": {\"ttl_s\": 1e300}}")[0].place, "dns.ttl_s");
    assert_eq!(problems("{\"seed\": 123456789012345678901234567890}")[0].place, "seed");
}

#[test]
fn a_key_that_comes_twice_is_refused() {
    let text = "{\"weight\": 4, \"dns\": {\"ttl_s\": 1, \"ttl_s\": 2}, \"weight\": 5}";
    let said: Vec<String> = problems(text).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "dns.ttl_s: 2 is not allowed; allowed: each field once; this one is given twice",
            "weight: 5 is not allowed; allowed: each field once; this one is given twice"
        ]
    );
}

#[test]
fn keys_and_values_in_any_script_are_shown_short() {
    let said = only(&json!({ "größe 東京\n": "🦀".repeat(500) }));
    assert!(said.starts_with("[\"größe 東京\\n\"]: \"🦀🦀"), "{said}");
    let key = "k".repeat(5000);
    assert!(places(&json!({ key: 1 }))[0].chars().count() < 70);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        if Scenario::read(&text).is_err() {
            problems(&text);
        }
    }

    #[test]
    fn no_mutation_of_a_good_file_makes_it_panic(
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..6, "[ -~]{0,4}"), 1..4)
    ) {
        let mut text = serde_json::to_string(&Scenario::default()).unwrap().into_bytes();
        for (at, length, put) in cuts {
            let start = at.index(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, put.into_bytes());
        }
        let text = String::from_utf8_lossy(&text);
        if Scenario::read(&text).is_err() {
            problems(&text);
        }
    }

    /// Any value in any place: the check lets nothing through that cannot be read afterwards.
    #[test]
    fn no_value_in_a_wrong_place_makes_it_panic(
        swaps in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..12), 1..6)
    ) {
        let values = [json!(null), json!(-1), json!(0), json!(1e308), json!(""), json!("us-east-1"), json!([]),
            json!({}), json!([[]]), json!({ "zipf": {} }), json!({ "weighted": [1, 2], "x": 1 }), json!(true)];
        let mut file = serde_json::to_value(Scenario::default()).unwrap();
        file["script"] = json!([{ "at_s": 1, "order": "decide" }]);
        for (at, which) in swaps {
            let mut paths = Vec::new();
            pointers(&file, String::new(), &mut paths);
            let path = &paths[at.index(paths.len())];
            *file.pointer_mut(path).unwrap() = values[which].clone();
        }
        if Scenario::read(&file.to_string()).is_err() {
            for problem in problems(&file.to_string()) {
                prop_assert!(problem.place != "the file" || !file.is_object(), "{problem}");
            }
        }
    }
}

/// The JSON pointers of a value and of everything in it.
fn pointers(value: &Value, path: String, into: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, part)| pointers(part, format!("{path}/{key}"), into));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, part)| pointers(part, format!("{path}/{index}"), into));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    into.push(path);
}
