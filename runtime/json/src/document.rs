//! Moving through a document by its tokens.
//!
//! A member of an object is four tokens: what begins it (`{` or `,`), its key, its colon and its value; behind them stands
//! what ends it. An item of an array is two. Each token's place is known, and where the one before it ends: right there,
//! but for whitespace. A container is passed over in one step, by the number of its close.
//!
//! Comes in: what [`crate::Index`] found. Goes out: members, items, text and numbers, as places in the document.
//! Never true here: a check of the grammar, an allocation, a value of another document (its places mean nothing here).

use crate::escape;
use crate::scalar;
use crate::scan::{ESCAPED, is_white};
use crate::shapes::Shape;

/// A valid document and where everything is in it.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    pub(crate) text: &'a str,
    /// Where tokens start, and the text's length behind the last.
    pub(crate) places: &'a [u32],
    /// Their first bytes; [`ESCAPED`] for a string that has escapes.
    pub(crate) firsts: &'a [u8],
    pub(crate) close: &'a [u32],
    /// Whether there is no whitespace but in strings.
    pub(crate) tight: bool,
    /// Whether a backslash is in it.
    pub(crate) escapes: bool,
    /// Its shape, where that is known.
    pub(crate) shape: Option<&'a Shape>,
}

/// What a value is, as its first byte tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// A number.
    Number,
    /// A string.
    String,
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

/// A value: the number of its first token, and that token's first byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Value {
    token: u32,
    first: u8,
}

impl Value {
    /// The number of its first token; the one before an object's member's is its colon's, the one before that its key's.
    #[inline(always)]
    pub fn token(self) -> u32 {
        self.token
    }

    /// What it is.
    #[inline(always)]
    pub fn kind(self) -> Kind {
        match self.first {
            b'"' | ESCAPED => Kind::String,
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b't' => Kind::True,
            b'f' => Kind::False,
            b'n' => Kind::Null,
            _ => Kind::Number,
        }
    }

    /// Whether it is `null`.
    #[inline(always)]
    pub fn is_null(self) -> bool {
        self.first == b'n'
    }

    /// Whether it is a string.
    #[inline(always)]
    pub fn is_string(self) -> bool {
        self.first & !(b'"' ^ ESCAPED) == b'"'
    }

    /// Whether it is a string that has escapes.
    #[inline(always)]
    pub fn is_escaped(self) -> bool {
        self.first == ESCAPED
    }

    /// Whether it is a number.
    #[inline(always)]
    pub fn is_number(self) -> bool {
        matches!(self.first, b'-' | b'0'..=b'9')
    }

    /// Whether it is an object.
    #[inline(always)]
    pub fn is_object(self) -> bool {
        self.first == b'{'
    }
}

/// The place of a string's contents, its quotes left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// The first byte.
    pub start: u32,
    /// The byte after the last: the closing quote.
    pub end: u32,
    /// Whether it has an escape, so that it means another text than is written.
    pub escaped: bool,
}

impl Text {
    /// Bytes, as written.
    #[inline]
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it has none.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.end == self.start
    }
}

/// What is left of an object or array.
#[derive(Clone, Copy, Debug)]
pub struct Rest<'a> {
    /// Where tokens start, up to the one that closes. As long as `firsts`, so that one comparison is enough for both.
    places: &'a [u32],
    /// Their first bytes.
    firsts: &'a [u8],
    /// The token that begins the next member or item, or the one that closes.
    at: u32,
}

/// The bit of keys that begin with a byte, as they are written, and have so many; an empty one begins with its closing quote.
#[inline(always)]
pub fn seed(first: u8, length: u32) -> u64 {
    1 << (u32::from(first).wrapping_add(length.wrapping_mul(8)) % 64)
}

impl<'a> Document<'a> {
    /// All of the text.
    #[inline]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The value that the document is.
    #[inline]
    pub fn root(&self) -> Value {
        self.value(0)
    }

    /// The number of the document's shape, if its index met that before: documents of one index with one number have the same
    /// kinds of tokens in the same order, literals and numbers being one kind.
    #[inline]
    pub fn shape(&self) -> Option<u64> {
        self.shape.map(Shape::number)
    }

    /// The members of this name of a document that is an object: the values of the first two. `None` when the document's shape
    /// is not known or it has a backslash: a key may then mean another than is written.
    #[inline]
    pub fn members_named(&self, name: &str) -> Option<[Option<Value>; 2]> {
        let shape = self.shape.filter(|_| !self.escapes)?;
        if !self.root().is_object() {
            return None;
        }
        let quoted = name.len() as u32 + 2;
        let mut found = [None; 2];
        for key in shape.keys() {
            // Most are told by their length.
            let [start, colon] = self.places(*key);
            let length = colon.wrapping_sub(start);
            if length < quoted || (self.tight && length > quoted) {
                continue;
            }
            if self.raw(self.key(*key)) == name {
                let value = Some(self.value(key + 2));
                if found[0].is_some() {
                    found[1] = value;
                    break;
                }
                found[0] = value;
            }
        }
        Some(found)
    }

    /// The value whose first token has this number; of a key, the same as of a string.
    #[inline(always)]
    pub fn value(&self, token: u32) -> Value {
        let first = self.firsts.get(token as usize);
        Value {
            token,
            first: first.copied().unwrap_or(0),
        }
    }

    /// The end of what is before `end`, whitespace aside.
    #[inline(always)]
    fn trimmed(&self, end: u32) -> u32 {
        if self.tight { end } else { self.trim(end) }
    }

    #[inline(never)]
    fn trim(&self, end: u32) -> u32 {
        let before = self.text.as_bytes().get(..end as usize);
        let last = before.and_then(|text| text.iter().rposition(|byte| !is_white(*byte)));
        last.map_or(0, |at| at as u32 + 1)
    }

    /// Where a token and the one behind it start.
    #[inline(always)]
    fn places(&self, token: u32) -> [u32; 2] {
        let token = token as usize;
        let places = self.places.get(token..token + 2);
        places
            .and_then(|places| places.try_into().ok())
            .unwrap_or_default()
    }

    /// The members of an object, or the items of an array.
    #[inline(always)]
    pub fn inside(&self, container: Value) -> Rest<'a> {
        let close = self.closing(container.token) as usize;
        let (places, firsts) = (self.places.get(..=close), self.firsts.get(..=close));
        let (places, firsts) = match (places, firsts) {
            (Some(places), Some(firsts)) => (places, firsts),
            _ => (&[][..], &[][..]),
        };
        let at = container.token;
        Rest { places, firsts, at }
    }

    #[inline(always)]
    fn closing(&self, open: u32) -> u32 {
        self.close.get(open as usize).copied().unwrap_or(open)
    }

    /// The next member of an object: its key, as written, and its value.
    #[inline(always)]
    pub fn next_member(&self, rest: &mut Rest<'_>) -> Option<(Text, Value)> {
        let at = rest.at as usize;
        // Behind the value stands at least what closes.
        if at + 4 >= rest.places.len() || at + 4 >= rest.firsts.len() {
            return None;
        }
        let (key, colon) = (rest.places[at + 1], rest.places[at + 2]);
        let (quote, first) = (rest.firsts[at + 1], rest.firsts[at + 3]);
        let key = Text {
            start: key + 1,
            end: self.trimmed(colon) - 1,
            escaped: quote == ESCAPED,
        };
        let token = rest.at + 3;
        let value = Value { token, first };
        rest.at = self.after(value);
        Some((key, value))
    }

    /// The next item of an array.
    #[inline(always)]
    pub fn next_item(&self, rest: &mut Rest<'_>) -> Option<Value> {
        if rest.at as usize + 2 >= rest.firsts.len() {
            return None;
        }
        let token = rest.at + 1;
        let first = rest.firsts[token as usize];
        let value = Value { token, first };
        rest.at = self.after(value);
        Some(value)
    }

    /// How many members are left, but at most `bound`. Takes as many steps.
    pub fn count_members(&self, mut rest: Rest<'_>, bound: usize) -> usize {
        let mut count = 0;
        while count < bound && self.next_member(&mut rest).is_some() {
            count += 1;
        }
        count
    }

    /// How many items are left, but at most `bound`. Takes as many steps.
    pub fn count_items(&self, mut rest: Rest<'_>, bound: usize) -> usize {
        let mut count = 0;
        while count < bound && self.next_item(&mut rest).is_some() {
            count += 1;
        }
        count
    }

    /// The token after a value.
    #[inline(always)]
    fn after(&self, value: Value) -> u32 {
        match value.first {
            b'{' | b'[' => self.closing(value.token) + 1,
            _ => value.token + 1,
        }
    }

    /// The contents of a string.
    #[inline(always)]
    pub fn string(&self, string: Value) -> Text {
        Text {
            escaped: string.first == ESCAPED,
            ..self.key(string.token)
        }
    }

    /// The text of a key without escapes, by the number of its token.
    #[inline(always)]
    pub fn key(&self, token: u32) -> Text {
        let [start, colon] = self.places(token);
        Text {
            start: start + 1,
            end: self.trimmed(colon) - 1,
            escaped: false,
        }
    }

    /// Text as it is written, escapes and all.
    #[inline(always)]
    pub fn raw(&self, text: Text) -> &'a str {
        let range = text.start as usize..text.end as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// Appends what text means.
    ///
    /// # Errors
    /// The byte of a backslash whose `\u` is half a surrogate pair; part of the text may be appended then.
    pub fn unescape(&self, text: Text, out: &mut String) -> Result<(), usize> {
        escape::unescape(self.raw(text), out).map_err(|at| text.start as usize + at)
    }

    /// A literal or number as it is written.
    #[inline(always)]
    pub fn scalar(&self, value: Value) -> &'a str {
        let [start, next] = self.places(value.token);
        let range = start as usize..self.trimmed(next) as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// Any value as it is written.
    pub fn written(&self, value: Value) -> &'a str {
        // Behind the value's last token.
        let after = self.places(self.after(value) - 1)[1];
        let range = self.position(value)..self.trimmed(after) as usize;
        self.text.get(range).unwrap_or_default()
    }

    /// A number that is written as an integer and fits 64 bits with a sign; `-0` is none.
    #[inline]
    pub fn integer(&self, number: Value) -> Option<i64> {
        let [start, next] = self.places(number.token);
        let end = self.trimmed(next);
        let short = scalar::short_integer(self.text.as_bytes(), start as usize, end as usize);
        short.or_else(|| scalar::integer(self.scalar(number)))
    }

    /// The double nearest to a number of few bytes, as most are.
    #[inline(always)]
    pub fn short_double(&self, number: Value) -> Option<f64> {
        let [start, next] = self.places(number.token);
        let end = self.trimmed(next);
        scalar::exact(self.text.as_bytes(), start as usize, end as usize)
    }

    /// The double nearest to a number; infinite when it is beyond all.
    #[inline]
    pub fn double(&self, number: Value) -> f64 {
        let short = self.short_double(number);
        short.unwrap_or_else(|| scalar::parsed(self.scalar(number)))
    }

    /// The first byte of a value, counted from the document's.
    #[inline]
    pub fn position(&self, value: Value) -> usize {
        self.places(value.token)[0] as usize
    }
}
