//! A table of texts as one block: all of them behind one another, and where each ends.
//!
//! Comes in: texts, one after another. Goes out: each by its number. Its file form is that of a list of strings. Never true here: an
//! allocation for each text.

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::ops::{Index, Range};

/// Texts, by number.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Strings {
    text: String,
    /// Where each ends; it begins where the one before it does.
    ends: Vec<usize>,
}

impl Strings {
    /// Forgets everything but the memory it took.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of all of them.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// The text with this number.
    #[inline]
    pub fn get(&self, number: usize) -> Option<&str> {
        self.text.get(self.range(number)?)
    }

    /// Whether the text with this number is this one.
    #[inline]
    pub fn is(&self, number: usize, text: &str) -> bool {
        self.range(number)
            .and_then(|range| self.text.as_bytes().get(range))
            .is_some_and(|known| *known == *text.as_bytes())
    }

    #[inline]
    fn range(&self, number: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(number)?;
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        Some(start..end)
    }

    /// Puts a text behind the others.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The bytes of all of them, in order.
    pub fn each_bytes(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().filter_map(move |end| {
            let start = std::mem::replace(&mut start, *end);
            self.text.as_bytes().get(start..*end)
        })
    }

    /// All of them, in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            text: &self.text,
            start: 0,
            ends: self.ends.iter(),
        }
    }
}

/// Texts of a table, in order.
#[derive(Clone, Debug)]
pub struct Iter<'s> {
    text: &'s str,
    start: usize,
    ends: std::slice::Iter<'s, usize>,
}

impl<'s> Iterator for Iter<'s> {
    type Item = &'s str;

    #[inline]
    fn next(&mut self) -> Option<&'s str> {
        let end = *self.ends.next()?;
        let start = std::mem::replace(&mut self.start, end);
        self.text.get(start..end)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ends.size_hint()
    }
}

impl Index<usize> for Strings {
    type Output = str;

    fn index(&self, number: usize) -> &str {
        let end = self.ends[number];
        let start = if number == 0 {
            0
        } else {
            self.ends[number - 1]
        };
        &self.text[start..end]
    }
}

impl<S: AsRef<str>> FromIterator<S> for Strings {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Strings {
        let mut strings = Strings::default();
        texts
            .into_iter()
            .for_each(|text| strings.push(text.as_ref()));
        strings
    }
}

impl fmt::Debug for Strings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Strings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Strings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Strings, D::Error> {
        deserializer.deserialize_seq(Texts)
    }
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Strings;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Strings, A::Error> {
        // Grows as texts are found: the count may lie.
        let mut strings = Strings::default();
        while let Some(text) = texts.next_element::<&str>()? {
            strings.push(text);
        }
        Ok(strings)
    }
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn a_table_of_texts_is_a_list_of_strings() {
        let texts = ["", "a", "é", "", "long enough to be none of the others"];
        let strings: Strings = texts.iter().collect();
        assert_eq!(strings.len(), texts.len());
        assert!(strings.iter().eq(texts));
        for (number, text) in texts.iter().enumerate() {
            assert_eq!(strings.get(number), Some(*text));
            assert_eq!(&strings[number], *text);
            assert!(strings.is(number, text) && !strings.is(number, "b"));
        }
        assert!(strings.each_bytes().eq(texts.iter().map(|t| t.as_bytes())));
        assert_eq!(strings.get(texts.len()), None);
        assert!(!strings.is(texts.len(), ""));
        let bytes = postcard::to_allocvec(&strings).unwrap();
        let list: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(bytes, postcard::to_allocvec(&list).unwrap());
        assert_eq!(postcard::from_bytes::<Strings>(&bytes).unwrap(), strings);
    }
}
