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

/// This name, in backticks where it needs them; `None` where no backticks can hold it.
pub fn name(name: &str) -> Option<String> {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit());
    if plain {
        return Some(name.to_string());
    }
    (!name.contains(['`', '\n'])).then(|| format!("`{name}`"))
}

#[cfg(test)]
mod tests {
    use super::{name, text};
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
        assert_eq!(name("1a").as_deref(), Some("`1a`"));
        assert_eq!(name("fav-colour").as_deref(), Some("`fav-colour`"));
        assert_eq!(name("a`tick"), None);
        assert_eq!(name("two\nlines"), None);
    }
}
