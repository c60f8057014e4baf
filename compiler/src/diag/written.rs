//! Texts and names as a journey writes them: what an edit puts into a file, and what a sentence shows of a value.
//!
//! Never true here: an edit that means something else than the text it is made of.

use std::fmt::Write;

/// The literal of this text.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Writing to a String cannot fail.
            c if c.is_control() => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Words that are no names where a name stands by itself.
const RESERVED: [&str; 10] = [
    "and", "or", "not", "in", "is", "if", "then", "else", "true", "false",
];

/// This name, in backticks where it needs them; `None` where no backticks can hold it.
pub fn name(name: &str) -> Option<String> {
    let plain = !RESERVED.contains(&name)
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain {
        return Some(name.to_string());
    }
    (!name.contains(['`', '\n', '\r'])).then(|| format!("`{name}`"))
}

#[cfg(test)]
mod tests {
    use super::{RESERVED, name, text};
    use journey_grammar::literal::unescape;

    #[test]
    fn a_text_is_read_back_as_it_was() {
        for of in [
            "",
            "a b",
            "say \"hi\"",
            "{curly}",
            "back\\new",
            "two\nlines\t\r",
            "\u{7}é\u{85}",
        ] {
            let literal = text(of);
            assert!(!literal.contains('\n'), "{literal}");
            assert_eq!(unescape(&literal[1..literal.len() - 1]), of, "{literal}");
        }
    }

    #[test]
    fn a_name_has_backticks_where_it_needs_them() {
        assert_eq!(name("a_1").as_deref(), Some("a_1"));
        assert_eq!(name("then").as_deref(), Some("`then`"));
        assert_eq!(name("1a").as_deref(), Some("`1a`"));
        assert_eq!(name("fav-colour").as_deref(), Some("`fav-colour`"));
        assert_eq!(name("a`tick"), None);
        assert_eq!(name("two\nlines"), None);
    }

    #[test]
    fn the_reserved_words_are_those_of_the_grammar() {
        for word in [
            "and", "or", "not", "in", "is", "if", "then", "else", "true", "false", "missing",
            "present", "last", "where", "end",
        ] {
            let is_name = |text: &str| {
                let parse = journey_grammar::parse(&format!("function {text}() -> integer = 1\n"));
                parse.errors.is_empty()
            };
            assert_eq!(is_name(word), !RESERVED.contains(&word), "{word}");
            assert!(is_name(&name(word).unwrap_or_default()), "{word}");
        }
    }
}
