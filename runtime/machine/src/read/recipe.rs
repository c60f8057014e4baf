//! Documents of a known shape, read as the last one of it was.
//!
//! What a walk finds out about a document, but for its values, depends on its shape and its keys: which members are read, and
//! where in the record their words go. A *recipe* is that, found out once: the keys, each at its token, and then steps, each
//! from a token to a slot. A document of the same shape with the same keys is read by its recipe, without a look at what
//! nobody reads but for the keys beside it.
//!
//! Comes in: a document that a walk has accepted; then others of its shape. Goes out: records, equal in every byte to those that
//! the walk makes.
//! Never true here: a document refused, or a reason given: what a recipe does not fit is walked.

use super::prepared::{Goal, Prepared, Quick, Rows, Slot, Want};
use super::reject::Limits;
use super::walk::{Stop, Walk};
use journey_artifact::word::Ref;
use journey_json::{Document, Kind, Text, Value};

/// Bytes of all keys that a document with a recipe has, at most.
const NAMES: usize = 16 * 1024;

/// How documents of one shape with the same keys are read by one plan.
#[derive(Debug, Default)]
pub(super) struct Recipe {
    keys: Vec<Key>,
    /// Their texts, back to back.
    names: Vec<u8>,
    steps: Vec<Step>,
    /// Words of the record, all rows together.
    words: usize,
}

/// A key that the document must have.
#[derive(Debug)]
struct Key {
    token: u32,
    length: u32,
    /// The first of its bytes, up to sixteen of them.
    start: u128,
    /// The bits that these are.
    within: u128,
    /// Where its text is in [`Recipe::names`].
    at: u32,
}

/// What one token is read for.
#[derive(Debug)]
struct Step {
    token: u32,
    /// Where its row starts.
    row: u32,
    slot: Option<Slot>,
    what: What,
}

#[derive(Debug)]
enum What {
    /// A string, literal or number, as the goal of this node.
    Value {
        quick: Quick,
        node: u32,
        required: bool,
    },
    /// `null`, where it may be that or an object or array: no other document of the shape has these here.
    Null,
    /// It is there.
    One,
    /// So many rows, from this word on.
    Rows(u32, u32),
    /// The key of a map's entry.
    Key,
}

impl Recipe {
    /// The recipe of a document that the plan's walk has accepted. `None` where it would hold more than shape and keys: keys with
    /// escapes, and objects with more keys than a walk marks in a word; and for keys that are long beyond use.
    pub fn of(plan: &Prepared, document: &Document<'_>, limits: &Limits) -> Option<Recipe> {
        let mut recipe = Recipe {
            words: plan.stride,
            ..Recipe::default()
        };
        let mut maker = Maker {
            plan,
            document,
            limits,
            recipe: &mut recipe,
        };
        maker.value(&plan.root, document.root(), 0, false)?;
        Some(recipe)
    }

    /// Reads the walk's document into its record, which is empty. `false` when the recipe does not fit: the record then
    /// holds anything.
    pub fn follow(&self, walk: &mut Walk<'_>) -> bool {
        self.has_keys(&walk.document) && self.take(walk).is_ok_and(|fits| fits)
    }

    #[inline(always)]
    fn has_keys(&self, document: &Document<'_>) -> bool {
        let text = document.text().as_bytes();
        self.keys.iter().all(|key| {
            let written = document.key(key.token);
            let start = written.start as usize;
            let window = text.get(start..start + 16);
            match window.and_then(|window| window.first_chunk()) {
                Some(window) => {
                    (u128::from_le_bytes(*window) ^ key.start) & key.within == 0
                        && written.len() == key.length as usize
                        && (key.length <= 16 || self.is(key, text, start))
                }
                None => written.len() == key.length as usize && self.is(key, text, start),
            }
        })
    }

    /// Whether a key's text stands there.
    #[inline(never)]
    fn is(&self, key: &Key, text: &[u8], start: usize) -> bool {
        let (at, length) = (key.at as usize, key.length as usize);
        let name = self.names.get(at..at + length);
        name.is_some() && name == text.get(start..start + length)
    }

    #[inline(always)]
    fn take(&self, walk: &mut Walk<'_>) -> Result<bool, Stop> {
        walk.record.words.resize(self.words, 0);
        for step in &self.steps {
            let value = walk.document.value(step.token);
            let word = match step.what {
                What::Value { required, .. } if value.is_null() => {
                    if required {
                        return Ok(false);
                    }
                    continue;
                }
                What::Value { quick, node, .. } => walk.word(quick, node, value)?,
                What::Null if value.is_null() => continue,
                What::Null => return Ok(false),
                What::One => 1,
                What::Rows(count, at) => Ref::new(walk.region, count, at).0,
                What::Key => walk.keep(walk.document.string(value))?,
            };
            walk.set(step.slot, step.row as usize, word);
        }
        Ok(true)
    }
}

/// Walks a document for its recipe.
struct Maker<'a, 'd> {
    plan: &'a Prepared,
    document: &'a Document<'d>,
    limits: &'a Limits,
    recipe: &'a mut Recipe,
}

impl<'a> Maker<'a, '_> {
    /// A value, `null` too. `required`: its object must have it.
    fn value(&mut self, goal: &'a Goal, value: Value, row: usize, required: bool) -> Option<()> {
        let plan = self.plan;
        let Goal { quick, node, .. } = *goal;
        let is_container = matches!(value.kind(), Kind::Object | Kind::Array);
        let what = match (value.kind(), &plan.nodes.get(node as usize)?.want) {
            (Kind::Object, Want::Object(ix)) => {
                if goal.slot.is_some() {
                    self.step(goal.slot, row, value.token(), What::One);
                }
                return self.object(*ix, value, row);
            }
            (Kind::Object, Want::Map(rows, key)) => {
                return self.entries(rows, (goal.slot, *key), value, row);
            }
            (Kind::Array, Want::List(rows)) => return self.items(rows, goal.slot, value, row),
            (_, Want::Any) if is_container => What::One,
            _ if is_container => return None,
            (Kind::String, Want::Object(_) | Want::Map(..) | Want::List(_)) => return None,
            (_, Want::Object(_) | Want::Map(..) | Want::List(_)) if required => return None,
            (_, Want::Object(_) | Want::Map(..) | Want::List(_)) => What::Null,
            _ => What::Value {
                quick,
                node,
                required,
            },
        };
        // Also without a slot: what it must be is looked at.
        self.step(goal.slot, row, value.token(), what);
        Some(())
    }

    fn step(&mut self, slot: Option<Slot>, row: usize, token: u32, what: What) {
        let row = row as u32;
        self.recipe.steps.push(Step {
            token,
            row,
            slot,
            what,
        });
    }

    fn object(&mut self, ix: u32, value: Value, row: usize) -> Option<()> {
        let object = self.plan.objects.get(ix as usize)?;
        if object.is_wide() {
            return None;
        }
        let text = self.document.text().as_bytes();
        let mut rest = self.document.inside(value);
        while let Some((key, value)) = self.document.next_member(&mut rest) {
            self.key(key, value)?;
            let (start, end) = (key.start as usize, key.end as usize);
            if let Some(goal) = object.table.find(text, start, end) {
                let required = object.required & goal.mark != 0;
                self.value(goal, value, row, required)?;
            }
        }
        Some(())
    }

    /// Notes the key in front of a member's value; where it is.
    fn key(&mut self, key: Text, value: Value) -> Option<u32> {
        if key.escaped {
            return None;
        }
        let token = value.token().checked_sub(2)?;
        let name = self.document.raw(key).as_bytes();
        let names = &mut self.recipe.names;
        if names.len() + name.len() > NAMES {
            return None;
        }
        let at = names.len() as u32;
        names.extend_from_slice(name);
        let mut start = [0; 16];
        let known = name.len().min(16);
        start[..known].copy_from_slice(&name[..known]);
        self.recipe.keys.push(Key {
            token,
            length: name.len() as u32,
            start: u128::from_le_bytes(start),
            within: u128::MAX.checked_shr(128 - 8 * known as u32).unwrap_or(0),
            at,
        });
        Some(token)
    }

    /// Rows at the record's end; where they start.
    fn rows(
        &mut self,
        rows: &Rows,
        count: usize,
        (slot, row): (Option<Slot>, usize),
        value: Value,
    ) -> Option<usize> {
        // So many were not accepted.
        if count > self.limits.items {
            return None;
        }
        let at = self.recipe.words;
        self.recipe.words += count * rows.stride as usize;
        let what = What::Rows(count as u32, at as u32);
        self.step(slot, row, value.token(), what);
        Some(at)
    }

    fn items(
        &mut self,
        rows: &'a Rows,
        slot: Option<Slot>,
        value: Value,
        row: usize,
    ) -> Option<()> {
        let mut rest = self.document.inside(value);
        let count = self.document.count_items(rest, usize::MAX);
        let mut row = self.rows(rows, count, (slot, row), value)?;
        while let Some(item) = self.document.next_item(&mut rest) {
            self.value(&rows.item, item, row, false)?;
            row += rows.stride as usize;
        }
        Some(())
    }

    fn entries(
        &mut self,
        rows: &'a Rows,
        (slot, key): (Option<Slot>, Slot),
        value: Value,
        row: usize,
    ) -> Option<()> {
        let mut rest = self.document.inside(value);
        let count = self.document.count_members(rest, usize::MAX);
        let mut row = self.rows(rows, count, (slot, row), value)?;
        while let Some((key_text, entry)) = self.document.next_member(&mut rest) {
            let token = self.key(key_text, entry)?;
            self.step(Some(key), row, token, What::Key);
            self.value(&rows.item, entry, row, false)?;
            row += rows.stride as usize;
        }
        Some(())
    }
}
