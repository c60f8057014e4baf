//! The few words that the hand-written forms share.
//!
//! Comes in: values that may be missing. Goes out: whether something is known to hold. Never true here: an allocation for a text of ASCII;
//! a letter of another alphabet whose case is not looked at.

use crate::documents::{List, Text};
use std::borrow::Cow;

/// Whether a text is there and is this one.
#[inline]
pub fn is(text: &Text, wanted: &str) -> bool {
    text.as_deref() == Some(wanted)
}

/// Whether a text is there and is another one.
#[inline]
pub fn is_not(text: &Text, unwanted: &str) -> bool {
    has(text, |text| text != unwanted)
}

/// Whether a text is there and something holds of it.
#[inline]
pub fn has(text: &Text, holds: impl FnOnce(&str) -> bool) -> bool {
    text.as_deref().is_some_and(holds)
}

/// Whether both are there and equal.
#[inline]
pub fn same(a: &Text, b: &Text) -> bool {
    a.is_some() && a == b
}

/// The items of a list, of which there are none when it is missing.
#[inline]
pub fn items<T>(list: &List<T>) -> &[Option<T>] {
    list.as_deref().unwrap_or_default()
}

/// The items of a list that are there.
#[inline]
pub fn present<T>(list: &List<T>) -> impl DoubleEndedIterator<Item = &T> + Clone {
    items(list).iter().filter_map(Option::as_ref)
}

/// Whether something holds of some item.
#[inline]
pub fn any<T>(list: &List<T>, holds: impl FnMut(&T) -> bool) -> bool {
    present(list).any(holds)
}

/// Whether something is known to hold of all items: a list that is missing has none of which that is known.
#[inline]
pub fn all<T>(list: &List<T>, mut holds: impl FnMut(&T) -> bool) -> bool {
    let of = |item: &Option<T>| item.as_ref().is_some_and(&mut holds);
    list.as_ref().is_some_and(|items| items.iter().all(of))
}

/// Whether a list has a text.
#[inline]
pub fn contains(list: &List<String>, wanted: &str) -> bool {
    any(list, |text| text == wanted)
}

/// The sum from first to last.
#[inline]
pub fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

/// How many different texts there are; of short lists, so each is compared with those before it.
#[inline]
pub fn distinct<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> usize {
    let first = |(at, text): &(usize, &str)| !texts.clone().take(*at).any(|other| other == *text);
    texts.clone().enumerate().filter(first).count()
}

/// A part of a text that is split; empty parts at the end are none, but an empty text has one.
#[inline]
pub fn part(text: &str, separator: char, at: usize) -> Option<&str> {
    let mut parts = text.split(separator);
    let part = parts.nth(at)?;
    let kept = !part.is_empty() || text.is_empty() || parts.any(|later| !later.is_empty());
    kept.then_some(part)
}

/// A text in lower case, the text itself where that is all it has.
#[inline]
pub fn lower(text: &str) -> Cow<'_, str> {
    let small = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    match text.bytes().all(small) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_lowercase()),
    }
}

/// Whether a text is another in lower case.
#[inline]
pub fn lower_is(text: &str, wanted: &str) -> bool {
    match text.is_ascii() {
        true => text.eq_ignore_ascii_case(wanted),
        false => text.to_lowercase() == wanted,
    }
}

/// Whether a text in lower case ends with another.
#[inline]
pub fn lower_ends_with(text: &str, end: &str) -> bool {
    match text.is_ascii() {
        true => ascii_end(text, end),
        false => text.to_lowercase().ends_with(end),
    }
}

/// Whether a text is another in upper case.
#[inline]
pub fn upper_is(text: &str, wanted: &str) -> bool {
    match text.is_ascii() {
        true => text.eq_ignore_ascii_case(wanted),
        false => text.to_uppercase() == wanted,
    }
}

/// A letter without its case: the small one of its capital, where that is one.
fn caseless(letter: char) -> std::char::ToLowercase {
    let mut capital = letter.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(capital), None) => capital.to_lowercase(),
        _ => letter.to_lowercase(),
    }
}

fn letters(text: &str) -> impl DoubleEndedIterator<Item = char> {
    text.chars().flat_map(caseless)
}

/// Whether two texts are the same but for the case of their letters.
#[inline]
pub fn same_caseless(a: &str, b: &str) -> bool {
    match a.is_ascii() && b.is_ascii() {
        true => a.eq_ignore_ascii_case(b),
        false => letters(a).eq(letters(b)),
    }
}

/// Whether a text begins with some letters of ASCII in either case.
#[inline]
pub fn starts_caseless(text: &str, start: &str) -> bool {
    match text.is_ascii() {
        true => text
            .get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start)),
        false => {
            let mut text = letters(text);
            letters(start).all(|letter| text.next() == Some(letter))
        }
    }
}

/// Whether a text ends with some letters of ASCII in either case.
#[inline]
pub fn ends_caseless(text: &str, end: &str) -> bool {
    match text.is_ascii() {
        true => ascii_end(text, end),
        false => {
            let mut text = letters(text).rev();
            letters(end).rev().all(|letter| text.next() == Some(letter))
        }
    }
}

/// Whether some letters of ASCII are in a text in either case.
#[inline]
pub fn contains_caseless(text: &str, part: &str) -> bool {
    match text.is_ascii() {
        true => {
            let mut windows = text.as_bytes().windows(part.len());
            windows.any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
        }
        false => letters(text)
            .collect::<String>()
            .contains(&letters(part).collect::<String>()),
    }
}

fn ascii_end(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start.is_some_and(|start| text[start..].eq_ignore_ascii_case(end))
}

/// The first characters of a text.
#[inline]
pub fn first(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// How many characters a text has.
#[inline]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let parts = |text| [0, 1, 2].map(|at| part(text, '_', at));
        assert_eq!(parts("a__b_"), [Some("a"), Some(""), Some("b")]);
        assert_eq!(parts("a_"), [Some("a"), None, None]);
        assert_eq!(parts(""), [Some(""), None, None]);
        assert_eq!(parts("__"), [None, None, None]);
    }

    #[test]
    fn letters_of_other_alphabets_have_their_case() {
        // The sign of the kelvin is a small k without its case.
        assert!(lower_is("\u{212A}", "k") && ends_caseless("jac\u{212A}", "ACK"));
        assert!(contains_caseless("ÉTÉ Mobile", "mobile") && same_caseless("ÉTÉ", "été"));
        assert!(!starts_caseless("É", "e") && upper_is("straße", "STRASSE"));
        assert_eq!((lower("ÉTÉ"), lower("abc")), ("été".into(), "abc".into()));
    }

    #[test]
    fn each_text_is_counted_once() {
        assert_eq!(distinct(["a", "b", "a", "c", "b"].into_iter()), 3);
    }
}
