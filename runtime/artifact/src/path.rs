//! Paths of fields as one text: names joined by dots, with a backslash in front of a dot, a bracket or a backslash in a name.
//!
//! Comes in: names, or a text that [`join`] made. Goes out: the text, or the names. `o.a` is the field `a` of `o`; `o\.a` is the
//! field `o.a`. A bare bracket is no field's: `[]` is the field without a name, and what else is in brackets is told by whoever puts it there
//! ([`KEY_SLOT`](crate::model::KEY_SLOT), the key of a map). Never true here: two paths that share a text.

use std::borrow::Cow;

/// The text of the name that has none: a path of it is not the path of nothing.
const NAMELESS: &str = "[]";

/// The text of a path.
pub fn join<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut path = String::new();
    for (n, name) in names.into_iter().enumerate() {
        if n > 0 {
            path.push('.');
        }
        push(name, &mut path);
    }
    path
}

/// Appends one name.
pub fn push(name: &str, path: &mut String) {
    if name.is_empty() {
        return path.push_str(NAMELESS);
    }
    if !name.bytes().any(|byte| matches!(byte, b'.' | b'[' | b'\\')) {
        return path.push_str(name);
    }
    for c in name.chars() {
        if matches!(c, '.' | '[' | '\\') {
            path.push('\\');
        }
        path.push(c);
    }
}

/// The names of a path, each copied only when something in it is escaped.
pub fn names(path: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let (name, below) = first(rest?);
        rest = below;
        Some(name)
    })
}

/// The first name of a path, and the path below it.
pub fn first(path: &str) -> (Cow<'_, str>, Option<&str>) {
    let end = end(path);
    (plain(path.get(..end).unwrap_or(path)), path.get(end + 1..))
}

/// Where the first name of a path ends.
fn end(path: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'.' => return at,
            _ => {}
        }
    }
    path.len()
}

fn plain(name: &str) -> Cow<'_, str> {
    if name == NAMELESS {
        return Cow::Borrowed("");
    }
    if !name.contains('\\') {
        return Cow::Borrowed(name);
    }
    let (mut plain, mut chars) = (String::with_capacity(name.len()), name.chars());
    while let Some(c) = chars.next() {
        plain.extend(match c {
            '\\' => chars.next(),
            c => Some(c),
        });
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::{join, names};
    use crate::model::{KEY_SLOT, RECORD_SLOT, THERE_SLOT};

    #[test]
    fn names_come_back_as_they_were() {
        for path in [
            &["a"][..],
            &["a", "b", "c"],
            &["a.b"],
            &["a\\", "b"],
            &["a\\.b", ".", "\\"],
            &["", "a", ""],
            &[""],
            &["[]"],
            &["[record]", "a[0]"],
            &["é.ü"],
        ] {
            let text = join(path.iter().copied());
            assert_eq!(names(&text).collect::<Vec<_>>(), path, "{text}");
        }
        assert_eq!(join(["o", "a"]), "o.a");
        assert_eq!(join(["o.a"]), "o\\.a");
    }

    #[test]
    fn no_field_is_called_what_the_machine_calls_a_slot() {
        for slot in ["", KEY_SLOT, RECORD_SLOT, THERE_SLOT] {
            assert_ne!(join([slot]), slot);
        }
    }

    #[test]
    fn a_text_that_nobody_joined_has_names_too() {
        assert_eq!(names("").collect::<Vec<_>>(), [""]);
        assert_eq!(names("a\\").collect::<Vec<_>>(), ["a"]);
    }
}
