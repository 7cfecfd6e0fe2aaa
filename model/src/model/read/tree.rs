//! Text to a tree of JSON values, with the path into the text at hand when something is wrong.
//!
//! `serde_json` alone forgets which of two equal keys came first and where in the tree a wrong number stood.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::model::problem::{Problem, field, item, shortened};

/// The tree of a text, and a problem for each key that an object has twice.
///
/// # Errors
/// The one problem that keeps the text from being JSON.
pub(crate) fn parse(text: &str) -> Result<(Value, Vec<Problem>), Problem> {
    let mut walk = Walk { path: String::new(), twice: Vec::new() };
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Branch(&mut walk).deserialize(&mut json).and_then(|tree| json.end().map(|()| tree));
    match read {
        Ok(tree) => Ok((tree, walk.twice)),
        Err(error) => Err(syntax(text, &walk.path, &error)),
    }
}

/// Where the reader is, and what it has met.
struct Walk {
    path: String,
    twice: Vec<Problem>,
}

/// One value, to be read at the walk's path. The path is put back only if the reading went well.
struct Branch<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Branch<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branch<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let outer = self.0.path.clone();
        let mut items = Vec::new();
        loop {
            self.0.path = item(&outer, items.len());
            match list.next_element_seed(Branch(self.0))? {
                Some(value) => items.push(value),
                None => break,
            }
        }
        self.0.path = outer;
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let outer = self.0.path.clone();
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            self.0.path = field(&outer, &key);
            let value = fields.next_value_seed(Branch(self.0))?;
            if map.contains_key(&key) {
                let shown = shortened(&value.to_string());
                self.0.twice.push(Problem::new(
                    &self.0.path,
                    shown,
                    "each field once; this one is given twice",
                ));
            } else {
                map.insert(key, value);
            }
            self.0.path.clone_from(&outer);
        }
        Ok(Value::Object(map))
    }
}

/// What keeps a text from being JSON, in words.
fn syntax(text: &str, path: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let position = format!("line {line}, column {column}");
    let place = if path.is_empty() { position } else { format!("{path} ({position})") };
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    let allowed = match said {
        "recursion limit exceeded" => "values nested at most 127 deep".into(),
        "number out of range" => "a number that fits in 64 bits of floating point".into(),
        other => format!("JSON ({other})"),
    };
    Problem::new(place, around(text, line, column), allowed)
}

/// The piece of a line around a column (counted in bytes), quoted.
fn around(text: &str, line: usize, column: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
    let mut start = column.saturating_sub(20).min(line.len());
    while !line.is_char_boundary(start) {
        start -= 1;
    }
    let piece: String = line[start..].chars().take(40).collect();
    if piece.trim().is_empty() {
        "the end of the text".into()
    } else {
        shortened(&Value::from(piece.trim()).to_string())
    }
}
