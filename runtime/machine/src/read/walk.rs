//! The walk: a plan's nodes over a document's members and items.
//!
//! Comes in and goes out: see [`super`]. The text is validated and indexed first ([`journey_json`]), and so the walk only
//! moves: it looks up each key of an object that the plan reads, and passes over all others in one step each. What is seldom
//! is out of line, so that the loop over members keeps to registers.
//!
//! Never true here: recursion deeper than the plan; an allocation once reader and record have met a document of the size,
//! unless it is refused.

use super::prepared::{Goal, Node, Object, Prepared, Quick, Slot, Want};
use super::refusal::{Refusal, Step};
use super::reject::{Limits, RejectCode};
use super::scalars::{exact_integer, time_word};
use crate::record::Record;
use journey_artifact::word::Region;
use journey_json::error::Kind as Mistake;
use journey_json::{Document, Kind, Text, Value, seed};

#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// Text without its escapes, of what is not kept.
    pub text: String,
    /// Of objects with more than 64 keys that are read: which came, which came as `null`.
    pub bits: Vec<u64>,
    /// Keys of a map, each with its entry's number.
    pub entries: Vec<(Key, u32)>,
    /// Text of those that have escapes.
    pub keys: String,
}

/// A key of a map.
#[derive(Debug)]
pub(super) enum Key {
    /// As it is written.
    Raw(Text),
    /// From where to where in [`Scratch::keys`].
    Meant(u32, u32),
}

/// The walk ends here.
pub(super) type Stop = Box<Refusal>;

#[cold]
pub(super) fn mistake(error: journey_json::Error, bytes: &[u8], limits: &Limits) -> Stop {
    match error.kind {
        Mistake::Nesting => Refusal::new(
            RejectCode::TooDeep,
            format!("nesting of at most {}", limits.nesting),
            "deeper nesting",
        ),
        Mistake::TooLarge => Refusal::new(RejectCode::TooLarge, "less than 2 GiB", "more"),
        Mistake::Utf8 => Refusal::new(
            RejectCode::Syntax,
            "UTF-8 text",
            format!("an invalid byte at {}", error.at),
        ),
        _ => {
            let (line, column) = error.line_and_column(bytes);
            let found = format!("a mistake at line {line} column {column}");
            Refusal::new(RejectCode::Syntax, "JSON", found)
        }
    }
}

pub(super) struct Walk<'a> {
    pub plan: &'a Prepared,
    pub document: Document<'a>,
    pub region: Region,
    pub limits: &'a Limits,
    pub record: &'a mut Record,
    pub scratch: &'a mut Scratch,
    /// Where the whole text was copied to, once a string of it was kept.
    pub copied: Option<u32>,
}

impl<'a> Walk<'a> {
    /// A value that is more than `null`. `row` is where its row starts.
    ///
    /// What the document has is asked before what the goal wants: it is known sooner, and then the goal says yes.
    #[inline(always)]
    pub(super) fn value(&mut self, goal: &'a Goal, value: Value, row: usize) -> Result<(), Stop> {
        if value.is_object()
            && let Quick::Object(ix) = goal.quick
        {
            self.set(goal.slot, row, 1);
            return self.object(ix, value, row);
        }
        let word = self.word(goal.quick, goal.node, value)?;
        self.set(goal.slot, row, word);
        Ok(())
    }

    /// The word of a value that is more than `null` and no object of a plan.
    #[inline(always)]
    pub(super) fn word(&mut self, quick: Quick, node: u32, value: Value) -> Result<u64, Stop> {
        if value.is_string() && matches!(quick, Quick::Str) {
            match self.copied {
                Some(base) if !value.is_escaped() => {
                    Ok(self.copied_word(base, self.document.string(value)))
                }
                _ => self.keep_first(value),
            }
        } else if value.is_number() && matches!(quick, Quick::Dec) {
            Ok(self.double(value)?.to_bits())
        } else {
            self.other(&self.plan.nodes[node as usize], value)
        }
    }

    /// What is not as frequent, or wrong.
    #[inline(never)]
    fn other(&mut self, node: &'a Node, value: Value) -> Result<u64, Stop> {
        match (value.kind(), &node.want) {
            (Kind::True, Want::Bool) => Ok(1),
            (Kind::False, Want::Bool) => Ok(0),
            (Kind::Number, Want::Int) => Ok(self.integer(value, node)?.cast_unsigned()),
            (Kind::Array, Want::List(rows)) => self.items(rows, value),
            (Kind::Object, Want::Map(rows, key)) => self.entries(rows, *key, value),
            (Kind::String, Want::Time(ty)) => {
                let text = self.document.string(value);
                time_word(*ty, self.meant(text)?).ok_or_else(|| {
                    let found = "a string that is none";
                    Refusal::new(RejectCode::WrongValue, node.asked, found)
                })
            }
            (Kind::String, Want::Enum(ix)) => {
                let text = self.document.string(value);
                let values = &self.plan.enums[*ix as usize];
                let found = self
                    .window(text)
                    .and_then(|window| values.table.find_short(window, text.len()));
                if found.is_none() && self.find(&values.table, text)?.is_none() {
                    let (code, shown) = (RejectCode::WrongValue, values.shown.as_str());
                    return Err(Refusal::new(code, shown, "another string"));
                }
                self.keep(text)
            }
            (kind, Want::Any) => self.readable(kind, value).map(|()| 1),
            (kind, _) => {
                self.readable(kind, value)?;
                Err(wrong(node, found(kind)))
            }
        }
    }

    #[inline(always)]
    pub(super) fn set(&mut self, slot: Option<Slot>, row: usize, word: u64) {
        let Some(slot) = slot else { return };
        let words = self.record.words.as_mut_slice();
        if let Some(bits) = words.get_mut(row + slot.presence as usize) {
            *bits |= slot.bit.get();
        }
        if let Some(place) = words.get_mut(row + slot.word as usize) {
            *place = word;
        }
    }

    /// Refuses a value that is JSON but means nothing: half a surrogate pair, a number beyond all doubles.
    fn readable(&mut self, kind: Kind, value: Value) -> Result<(), Stop> {
        match kind {
            Kind::Number => self.double(value).map(|_| ()),
            Kind::String => {
                let text = self.document.string(value);
                self.meant(text).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    #[inline(always)]
    fn double(&self, value: Value) -> Result<f64, Stop> {
        match self.document.short_double(value) {
            Some(double) => Ok(double),
            None => self.long_double(value),
        }
    }

    #[inline(never)]
    fn long_double(&self, value: Value) -> Result<f64, Stop> {
        let double = self.document.double(value);
        if double.is_finite() {
            return Ok(double);
        }
        Err(self.mistake(self.document.position(value)))
    }

    fn integer(&self, value: Value, node: &Node) -> Result<i64, Stop> {
        if let Some(integer) = self.document.integer(value) {
            return Ok(integer);
        }
        let double = self.double(value)?;
        match exact_integer(double) {
            Some(integer) => Ok(integer),
            None if double.fract() == 0.0 => Err(Refusal::new(
                RejectCode::WrongValue,
                "a 64-bit integer",
                "an integer out of range",
            )),
            None => Err(wrong(node, "number with a fraction")),
        }
    }

    #[cold]
    pub(super) fn mistake(&self, at: usize) -> Stop {
        let kind = Mistake::Surrogate;
        let error = journey_json::Error { kind, at };
        mistake(error, self.document.text().as_bytes(), self.limits)
    }

    #[inline(never)]
    fn object(&mut self, ix: u32, value: Value, row: usize) -> Result<(), Stop> {
        let object = &self.plan.objects[ix as usize];
        // Keys that came, and those of them that came as `null`, of the first 64.
        let (mut seen, mut null) = (0, 0);
        let mut others = 0;
        if object.is_wide() {
            others = self.far_marks(object);
        }
        let mut rest = self.document.inside(value);
        while let Some((text, value)) = self.document.next_member(&mut rest) {
            let window = self.window(text);
            if let Some(window) = window
                && object.table.seeds() & seed(window[0], text.len() as u32) == 0
            {
                continue;
            }
            let found = window.and_then(|window| object.table.find_short(window, text.len()));
            let goal = match found {
                Some(goal) => goal,
                None => match self.goal(object, text.start, text.end, text.escaped)? {
                    Some(goal) => goal,
                    None => continue,
                },
            };
            if seen & goal.mark != 0 || (goal.mark == 0 && !self.mark_far(others, goal.key)) {
                return Err(below_key(second_time(), object, goal.key));
            }
            seen |= goal.mark;
            if value.is_null() {
                null |= goal.mark;
                if goal.mark == 0 {
                    self.mark_far(others + object.keys.len() / 64, goal.key);
                }
                continue;
            }
            if let Err(refusal) = self.value(goal, value, row) {
                return Err(below_key(refusal, object, goal.key));
            }
        }
        if object.required & !(seen & !null) != 0 || object.is_wide() {
            self.all_given(object, seen & !null, others)?;
        }
        Ok(())
    }

    /// What the member of any key is read for, if it is read.
    #[inline(never)]
    fn goal(
        &mut self,
        object: &'a Object,
        start: u32,
        end: u32,
        escaped: bool,
    ) -> Result<Option<&'a Goal>, Stop> {
        let text = Text {
            start,
            end,
            escaped,
        };
        self.find(&object.table, text)
    }

    /// Marks for the keys behind the first 64, twice: those that came, those that came as `null`. Where they are.
    #[inline(never)]
    fn far_marks(&mut self, object: &Object) -> usize {
        let at = self.scratch.bits.len();
        let words = object.keys.len() / 64;
        self.scratch.bits.resize(at + 2 * words, 0);
        at
    }

    /// Marks a key behind the first 64; whether it was not marked before.
    #[inline(never)]
    fn mark_far(&mut self, marks: usize, key: u32) -> bool {
        let word = &mut self.scratch.bits[marks + key as usize / 64 - 1];
        let before = *word;
        *word |= 1 << (key % 64);
        *word != before
    }

    /// Refuses an object without a key that it must have: the first in the plan's order. Takes back the marks of other keys
    /// than those that are given among the first 64.
    #[inline(never)]
    fn all_given(&mut self, object: &Object, given: u64, others: usize) -> Result<(), Stop> {
        for (ix, key) in (0..).zip(&object.keys) {
            let given = match ix {
                0..64 => given >> ix & 1 != 0,
                _ => {
                    let came = !self.mark_far(others, ix);
                    came && self.mark_far(others + object.keys.len() / 64, ix)
                }
            };
            if key.required && !given {
                let asked = self.plan.nodes[key.node as usize].asked;
                let refusal = Refusal::new(RejectCode::MissingRequired, asked, "nothing");
                return Err(below_key(refusal, object, ix));
            }
        }
        if object.is_wide() {
            self.scratch.bits.truncate(others);
        }
        Ok(())
    }
}

#[cold]
fn wrong(node: &Node, found: &str) -> Stop {
    Refusal::new(RejectCode::WrongType, node.asked, found)
}

#[cold]
fn below_key(refusal: Stop, object: &Object, key: u32) -> Stop {
    refusal.below(Step::Key(object.keys[key as usize].name.clone()))
}

#[cold]
pub(super) fn second_time() -> Stop {
    let found = "the key a second time";
    Refusal::new(RejectCode::DuplicateKey, "each key once", found)
}

/// What a value is called in a rejection.
fn found(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::True | Kind::False => "boolean",
        Kind::Number => "number",
        Kind::String => "string",
        Kind::Array => "array",
        Kind::Object => "object",
    }
}
