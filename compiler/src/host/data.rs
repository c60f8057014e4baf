//! JSON that somebody wrote beside a package, as a tree.
//!
//! Comes in: a text. Goes out: its tree, or what is wrong with it and where. Never true here: one of two members of a name that is
//! dropped in silence.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::fmt;

/// Reads a text.
///
/// # Errors
/// When it is no JSON, or an object of it has a name twice.
pub fn parse(text: &[u8]) -> serde_json::Result<Json> {
    serde_json::from_slice(text).map(|Tree(json)| json)
}

struct Tree(Json);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Tree, D::Error> {
        from.deserialize_any(Grow).map(Tree)
    }
}

struct Grow;

impl<'de> Visitor<'de> for Grow {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, it: bool) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_i64<E>(self, it: i64) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_u64<E>(self, it: u64) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_f64<E>(self, it: f64) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_str<E>(self, it: &str) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_string<E>(self, it: String) -> Result<Json, E> {
        Ok(it.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(Tree(item)) = from.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format!(
                    "`{name}` stands twice in one object"
                )));
            }
            let Tree(value) = from.next_value()?;
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_the_one_that_serde_json_grows() {
        for text in [
            r#"{"b":[1,-2,3.5,1e30,18446744073709551615,99999999999999999999],"a":{"":null,"é":"\n\u00e9"}}"#,
            "[true,false,\"x\"]",
            " 7 ",
            "{",
            "[1e999]",
            "1 2",
            &format!("{}1{}", "[".repeat(200), "]".repeat(200)),
        ] {
            let said = |it: serde_json::Result<Json>| it.map_err(|e| e.to_string());
            let whole = serde_json::from_slice(text.as_bytes());
            assert_eq!(said(parse(text.as_bytes())), said(whole), "{text}");
        }
    }

    #[test]
    fn a_name_that_stands_twice_is_told_with_its_place() {
        let told = parse(br#"{"a":[{"b":1,"b":1}]}"#).unwrap_err();
        assert!(
            told.to_string()
                .starts_with("`b` stands twice in one object at line 1 column "),
            "{told}"
        );
    }
}
