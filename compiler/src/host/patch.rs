//! A value set inside JSON text, the rest of the text untouched.
//!
//! Comes in: the text of a document that a reader has accepted, a path ([`journey_artifact::path`]), the JSON of a value. Goes out: the document
//! with the value there. What is no object on the way becomes one; of a key that comes twice the last one counts.
//! Never true here: a tree of the document; text that is no JSON going out where JSON came in.

use journey_artifact::path::names;
use journey_machine::value::json::quote;
use std::borrow::Cow;

/// Sets the value at a path.
pub fn set(text: &mut String, path: &str, value: &str) {
    let mut at = skip_space(text.as_bytes(), 0);
    let mut keys = names(path);
    while let Some(key) = keys.next() {
        if text.as_bytes().get(at) != Some(&b'{') {
            let new = nested(Some(key).into_iter().chain(keys), value);
            return replace(text, at, end_of_value(text.as_bytes(), at), &new);
        }
        match member(text, at, &key) {
            Member::At(value) => at = value,
            Member::None { close, is_empty } => {
                let mut new = String::from(if is_empty { "" } else { "," });
                quote(&key, &mut new);
                new.push(':');
                new.push_str(&nested(keys, value));
                return replace(text, close, close, &new);
            }
        }
    }
    replace(text, at, end_of_value(text.as_bytes(), at), value);
}

/// Text that is no JSON may end anywhere, also inside a character; then nothing is replaced.
fn replace(text: &mut String, from: usize, to: usize, new: &str) {
    if text.get(from..to).is_some() {
        text.replace_range(from..to, new);
    }
}

/// `a`, `b` and a value as `{"a":{"b":value}}`.
fn nested<'a>(keys: impl Iterator<Item = Cow<'a, str>>, value: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0);
    for key in keys {
        out.push('{');
        quote(&key, &mut out);
        out.push(':');
        depth += 1;
    }
    out.push_str(value);
    out.extend(std::iter::repeat_n('}', depth));
    out
}

enum Member {
    /// Where its value starts.
    At(usize),
    /// There is none; the object closes here.
    None { close: usize, is_empty: bool },
}

/// The last member with this key of the object that opens at `at`.
fn member(text: &str, at: usize, key: &str) -> Member {
    let bytes = text.as_bytes();
    let mut here = skip_space(bytes, at + 1);
    let (mut found, mut is_empty) = (None, true);
    while bytes.get(here) == Some(&b'"') {
        is_empty = false;
        let end = end_of_string(bytes, here);
        let is_it = is_key(text.get(here..end).unwrap_or_default(), key);
        here = skip_space(bytes, end);
        here = skip_space(bytes, here + 1); // the colon
        if is_it {
            found = Some(here);
        }
        here = skip_space(bytes, end_of_value(bytes, here));
        if bytes.get(here) == Some(&b',') {
            here = skip_space(bytes, here + 1);
        }
    }
    match found {
        Some(value) => Member::At(value),
        None => Member::None {
            close: here,
            is_empty,
        },
    }
}

fn is_key(quoted: &str, key: &str) -> bool {
    if quoted.contains('\\') {
        return serde_json::from_str::<String>(quoted).is_ok_and(|text| text == key);
    }
    quoted.get(1..quoted.len().saturating_sub(1)) == Some(key)
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Behind the string that opens at `at`.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut here = at + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', bytes.get(here..).unwrap_or_default()) {
        here += found;
        if bytes[here] == b'"' {
            return here + 1;
        }
        here += 2;
    }
    bytes.len()
}

/// Behind the value that starts at `at`.
fn end_of_value(bytes: &[u8], at: usize) -> usize {
    let (mut here, mut depth) = (at, 0_usize);
    while let Some(byte) = bytes.get(here) {
        match byte {
            b'"' => {
                here = end_of_string(bytes, here);
                if depth == 0 {
                    return here;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                // At no depth this is the bracket of what is around a number or a word.
                if depth == 0 {
                    return here;
                }
                depth -= 1;
                if depth == 0 {
                    return here + 1;
                }
            }
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return here,
            _ => {}
        }
        here += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::set;
    use serde_json::{Map, Value as Json, json};

    /// The slow way: a tree.
    fn set_in_tree(json: &mut Json, path: &str, value: Json) {
        let mut at = json;
        for key in super::names(path) {
            if !at.is_object() {
                *at = Json::Object(Map::new());
            }
            let Json::Object(object) = at else { return };
            at = object.entry(key.as_ref()).or_insert(Json::Null);
        }
        *at = value;
    }

    #[test]
    fn text_and_tree_agree() {
        let documents = [
            r#"{"a":{"b":1},"c":2}"#,
            "{}",
            " { \"a\" : { } , \"c\" : [ { \"a\" : 1 } , \"}\\\"\" ] } ",
            r#"{"a":{"b":{"c":[1,2,{"d":"x,}"}]}},"z":"é\\"}"#,
            r#"{"a":null,"c":true,"e":-1.5e3}"#,
            r#"{"\u0061":{"b":1},"c":"\\\""}"#,
            r#"{"x":1,"a":{"b":1},"a":{"b":2}}"#,
            "[1,2]",
            "null",
            "7",
        ];
        let values = [json!(true), json!("x\"y"), json!({ "k": [1] }), json!(-2.5)];
        for document in documents {
            for path in [
                "a",
                "a.b",
                "a.b.c",
                "c",
                "c.d",
                "e",
                "new",
                "new.er.est",
                "z.a",
                "a\\.b",
                "a.b\\.c.d",
            ] {
                for value in &values {
                    let mut tree: Json = serde_json::from_str(document).expect("a document");
                    set_in_tree(&mut tree, path, value.clone());
                    let mut text = document.to_string();
                    set(&mut text, path, &value.to_string());
                    let read: Json = serde_json::from_str(&text)
                        .unwrap_or_else(|e| panic!("{document} {path}: {text}: {e}"));
                    assert_eq!(read, tree, "{document} {path} {value}: {text}");
                }
            }
        }
    }

    #[test]
    fn two_sets_add_up() {
        let mut text = r#"{"a":1}"#.to_string();
        set(&mut text, "_acme.lastReminded", "\"now\"");
        set(&mut text, "_acme.reminders", "1");
        assert_eq!(
            text,
            r#"{"a":1,"_acme":{"lastReminded":"now","reminders":1}}"#
        );
    }

    #[test]
    fn broken_text_is_no_panic() {
        for text in [
            "",
            "{",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":\"\\",
            "{\"a\":{",
            "]",
            "{é",
        ] {
            for path in ["a", "a.b"] {
                set(&mut text.to_string(), path, "1");
            }
        }
    }
}
