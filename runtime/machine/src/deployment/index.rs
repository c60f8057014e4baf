//! The routing index: a tree of questions about single slots that leads to those whose discriminators an event passes.
//!
//! At each node a slot's value is looked up: equalities in a table, prefixes by their lengths, ranges in a tree. Of one
//! entry's discriminators the most telling comes first: an equality that few others share, else a prefix, else a range. What
//! stands under one value or prefix is a node again, with the discriminators that are left. Entries without any are kept by
//! the question they share, so that one answer can dismiss them all.
//! Comes in: entries with their tests in terms of one shape. Goes out: the numbers of the entries that pass, each once.
//! Never true here: a decision; an entry that is found may still be none.

use super::lookup::{Ranges, Table, key};
use crate::record::Record;
use crate::record::arena::get_slot;
use journey_artifact::model::{Artifact, Bound, Constant, SlotIx, Test};
use journey_artifact::word::WordType;
use std::collections::BTreeMap;

/// Tests one below the other, at most: each is one more lookup.
const DEPTH: usize = 8;
/// So few entries are asked themselves: another lookup would not be cheaper.
const FEW: usize = 2;

/// What one entry asks of one slot.
#[derive(Clone, Debug)]
pub struct Probe {
    /// The slot.
    pub slot: SlotIx,
    ask: Ask,
}

#[derive(Clone, Debug)]
enum Ask {
    Texts(Vec<String>),
    /// Keys of words, and their type.
    Words(WordType, Vec<u64>),
    Range(WordType, (u64, u64)),
    Prefix(String),
}

impl Probe {
    /// A discriminator's test of a slot; `None` when its constants are not what the verifier demands.
    pub fn new(artifact: &Artifact, slot: SlotIx, test: &Test) -> Option<Probe> {
        let text = |id| artifact.strings.get(id).map(str::to_owned);
        let ask = match test {
            Test::Prefix(id) => Ask::Prefix(text(id.0 as usize)?),
            Test::Range { min, max } => {
                let some = min.as_ref().or(max.as_ref())?;
                let Constant::Word(ty, _) = some.value else {
                    return None;
                };
                Ask::Range(ty, range(ty, min.as_ref(), max.as_ref())?)
            }
            Test::OneOf(values) => match values.first()? {
                Constant::Text(_) => {
                    let texts = values.iter().map(|value| match value {
                        Constant::Text(id) => text(id.0 as usize),
                        Constant::Word(..) => None,
                    });
                    Ask::Texts(texts.collect::<Option<_>>()?)
                }
                Constant::Word(ty, _) => {
                    let words = values.iter().map(|value| match value {
                        Constant::Word(ty, word) => Some(key(*ty, *word)),
                        Constant::Text(_) => None,
                    });
                    Ask::Words(*ty, words.collect::<Option<_>>()?)
                }
            },
        };
        Some(Probe { slot, ask })
    }

    fn values(&self) -> Vec<Value<'_>> {
        let mut values: Vec<Value<'_>> = match &self.ask {
            Ask::Texts(texts) => texts.iter().map(|text| Value::Text(text)).collect(),
            Ask::Words(ty, words) => words.iter().map(|word| Value::Word(*ty, *word)).collect(),
            Ask::Range(..) | Ask::Prefix(_) => Vec::new(),
        };
        values.sort_unstable();
        values.dedup();
        values
    }
}

/// The keys inside both bounds.
fn range(ty: WordType, min: Option<&Bound>, max: Option<&Bound>) -> Option<(u64, u64)> {
    const NOTHING: (u64, u64) = (1, 0);
    let end = |bound: &Bound| match bound.value {
        Constant::Word(_, word) => Some(key(ty, word)),
        Constant::Text(_) => None,
    };
    let (mut low, mut high) = (0, u64::MAX);
    if let Some(bound) = min {
        match end(bound)?.checked_add(u64::from(!bound.inclusive)) {
            Some(key) => low = key,
            None => return Some(NOTHING),
        }
    }
    if let Some(bound) = max {
        match end(bound)?.checked_sub(u64::from(!bound.inclusive)) {
            Some(key) => high = key,
            None => return Some(NOTHING),
        }
    }
    Some((low, high))
}

/// A value that an entry asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Value<'a> {
    Text(&'a str),
    Word(WordType, u64),
}

/// One that is to be found.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number.
    pub id: u32,
    /// What it asks of the event; all of it must hold.
    pub probes: Vec<Probe>,
    /// A question that several entries may share, and that each of them depends on.
    pub shared: Option<u32>,
}

/// What an event leads to.
#[derive(Debug, Default)]
pub struct Found {
    /// Entries.
    pub ids: Vec<u32>,
    /// Entries behind a question that they share: the question, and where they stand ([`Index::behind`]).
    pub shared: Vec<(u32, u32)>,
}

impl Found {
    /// Forgets all, keeps the memory.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.shared.clear();
    }
}

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    nodes: Vec<Node>,
    /// Entries that share a question, by it.
    behind: Vec<Box<[u32]>>,
    presence_words: usize,
}

/// What stands under a value: an entry, or (with [`NODE`]) a node.
type Under = u32;
const NODE: Under = 1 << 31;

/// Lengths in bytes, rising.
type Lengths = Box<[usize]>;
/// The least and the greatest key of a range, and what stands under it.
type Between = ((u64, u64), Under);
/// Entries that are left at a node: those by themselves, and those behind a question.
type Rest = (Box<[u32]>, Box<[(u32, u32)]>);

#[derive(Debug, Default)]
struct Node {
    texts: Box<[(SlotIx, Table)]>,
    words: Box<[(SlotIx, WordType, Table)]>,
    /// Prefixes of a slot, and which lengths in bytes they have.
    prefixes: Box<[(SlotIx, Lengths, Table)]>,
    ranges: Box<[(SlotIx, WordType, Ranges)]>,
    /// Entries that nothing more is asked of here.
    rest: Box<[u32]>,
    /// The same, behind a question: it, and a place in [`Index::behind`].
    shared: Box<[(u32, u32)]>,
}

impl Index {
    /// An index over rows with so many presence words.
    pub fn new(presence_words: usize, entries: Vec<Entry>) -> Index {
        let mut index = Index {
            nodes: Vec::new(),
            behind: Vec::new(),
            presence_words,
        };
        let entries = entries.into_iter().map(Left::from).collect();
        index.node(entries, 0);
        index
    }

    /// The entries behind a shared question.
    pub fn behind(&self, place: u32) -> &[u32] {
        self.behind
            .get(place as usize)
            .map_or(&[], |entries| entries)
    }

    /// Appends what the root row of a record leads to.
    pub fn find(&self, record: &Record, found: &mut Found) {
        if !self.nodes.is_empty() {
            self.under(NODE, record, found);
        }
    }

    fn under(&self, under: Under, record: &Record, found: &mut Found) {
        if under & NODE == 0 {
            return found.ids.push(under);
        }
        let Some(node) = self.nodes.get((under & !NODE) as usize) else {
            return;
        };
        let root = record.root as usize;
        let slot = |slot| get_slot(&record.words, root, self.presence_words, slot);
        let text = |at| slot(at).and_then(|word| record.str(word));
        for (at, table) in &node.texts {
            if let Some(under) = text(*at).and_then(|text| table.text(text)) {
                self.under(under, record, found);
            }
        }
        for (at, ty, table) in &node.words {
            if let Some(under) = slot(*at).and_then(|word| table.word(key(*ty, word))) {
                self.under(under, record, found);
            }
        }
        for (at, lengths, table) in &node.prefixes {
            let Some(text) = text(*at) else { continue };
            // Lengths rise; a cut inside a character is the end of no prefix.
            let lengths = lengths.iter().take_while(|len| **len <= text.len());
            for prefix in lengths.filter_map(|len| text.get(..*len)) {
                if let Some(under) = table.text(prefix) {
                    self.under(under, record, found);
                }
            }
        }
        for (at, ty, ranges) in &node.ranges {
            if let Some(word) = slot(*at) {
                ranges.find(key(*ty, word), &mut found.ids);
            }
        }
        found.ids.extend_from_slice(&node.rest);
        found.shared.extend_from_slice(&node.shared);
    }

    /// Lays out a node and gives its place.
    fn node(&mut self, entries: Vec<Left>, depth: usize) -> Under {
        let at = self.nodes.len();
        self.nodes.push(Node::default());
        let node = self.branches(entries, depth);
        self.nodes[at] = node;
        at as u32 | NODE
    }

    fn branches(&mut self, entries: Vec<Left>, depth: usize) -> Node {
        let is_leaf = depth >= DEPTH || (depth > 0 && entries.len() <= FEW);
        let choices = if is_leaf {
            vec![None; entries.len()]
        } else {
            choose(&entries)
        };
        let mut texts: BTreeMap<SlotIx, BTreeMap<String, Vec<Left>>> = BTreeMap::new();
        let mut words: BTreeMap<(SlotIx, WordType), BTreeMap<u64, Vec<Left>>> = BTreeMap::new();
        let mut prefixes: BTreeMap<SlotIx, BTreeMap<String, Vec<Left>>> = BTreeMap::new();
        let mut ranges: BTreeMap<(SlotIx, WordType), Vec<Between>> = BTreeMap::new();
        let mut rest = Vec::new();
        for (mut entry, choice) in entries.into_iter().zip(choices) {
            let Some(choice) = choice else {
                rest.push(entry);
                continue;
            };
            let probe = entry.probes.swap_remove(choice);
            let values = probe.values();
            if values.len() > 1 {
                entry.stands_once();
            }
            for value in values {
                let entry = entry.clone();
                match value {
                    Value::Text(text) => texts
                        .entry(probe.slot)
                        .or_default()
                        .entry(text.to_owned())
                        .or_default()
                        .push(entry),
                    Value::Word(ty, word) => words
                        .entry((probe.slot, ty))
                        .or_default()
                        .entry(word)
                        .or_default()
                        .push(entry),
                }
            }
            match probe.ask {
                Ask::Range(ty, range) => ranges
                    .entry((probe.slot, ty))
                    .or_default()
                    .push((range, entry.id)),
                Ask::Prefix(prefix) => prefixes
                    .entry(probe.slot)
                    .or_default()
                    .entry(prefix)
                    .or_default()
                    .push(entry),
                Ask::Texts(_) | Ask::Words(..) => {}
            }
        }
        let (rest, shared) = self.leave(rest);
        Node {
            texts: texts
                .into_iter()
                .map(|(slot, by)| (slot, self.by_text(by, depth)))
                .collect(),
            words: words
                .into_iter()
                .map(|((slot, ty), by)| {
                    let by: Vec<(u64, Under)> = by
                        .into_iter()
                        .map(|(word, under)| (word, self.below(under, depth)))
                        .collect();
                    (slot, ty, Table::of_words(by.into_iter()))
                })
                .collect(),
            prefixes: prefixes
                .into_iter()
                .map(|(slot, by)| {
                    let mut lengths: Vec<usize> = by.keys().map(String::len).collect();
                    lengths.sort_unstable();
                    lengths.dedup();
                    (slot, lengths.into(), self.by_text(by, depth))
                })
                .collect(),
            ranges: ranges
                .into_iter()
                .map(|((slot, ty), ranges)| (slot, ty, Ranges::new(ranges.into_iter())))
                .collect(),
            rest,
            shared,
        }
    }

    fn by_text(&mut self, by: BTreeMap<String, Vec<Left>>, depth: usize) -> Table {
        let by: Vec<(String, Under)> = by
            .into_iter()
            .map(|(text, under)| (text, self.below(under, depth)))
            .collect();
        Table::of_texts(by.iter().map(|(text, under)| (text.as_str(), *under)))
    }

    fn below(&mut self, mut entries: Vec<Left>, depth: usize) -> Under {
        match entries.pop() {
            Some(only) if entries.is_empty() => only.id,
            last => {
                entries.extend(last);
                self.node(entries, depth + 1)
            }
        }
    }

    /// Entries of which nothing more is asked, by the question they share.
    fn leave(&mut self, entries: Vec<Left>) -> Rest {
        let mut by: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
        for entry in entries {
            by.entry(entry.shared).or_default().push(entry.id);
        }
        let (mut rest, mut shared) = (Vec::new(), Vec::new());
        for (question, ids) in by {
            match question {
                Some(question) if ids.len() > 1 => {
                    shared.push((question, self.behind.len() as u32));
                    self.behind.push(ids.into());
                }
                _ => rest.extend(ids),
            }
        }
        (rest.into(), shared.into())
    }
}

/// An entry, and what is still to be asked of it.
#[derive(Clone)]
struct Left {
    id: u32,
    probes: Vec<Probe>,
    shared: Option<u32>,
}

impl From<Entry> for Left {
    fn from(entry: Entry) -> Left {
        Left {
            id: entry.id,
            probes: entry.probes,
            shared: entry.shared,
        }
    }
}

impl Left {
    /// It stands under several values already: under several more of each it would stand too often.
    fn stands_once(&mut self) {
        self.probes.retain(|probe| probe.values().len() <= 1);
    }
}

/// For each entry the probe to ask first: of its equalities the one whose values the fewest others ask for too, else a prefix,
/// else a range.
fn choose(entries: &[Left]) -> Vec<Option<usize>> {
    let mut asked: BTreeMap<(SlotIx, Value<'_>), usize> = BTreeMap::new();
    for probe in entries.iter().flat_map(|entry| &entry.probes) {
        for value in probe.values() {
            *asked.entry((probe.slot, value)).or_default() += 1;
        }
    }
    let rank = |probe: &Probe| match &probe.ask {
        Ask::Prefix(_) => (1, 0),
        Ask::Range(..) => (2, 0),
        Ask::Texts(_) | Ask::Words(..) => {
            let crowd = probe
                .values()
                .into_iter()
                .filter_map(|value| asked.get(&(probe.slot, value)));
            (0, crowd.sum())
        }
    };
    entries
        .iter()
        .map(|entry| (0..entry.probes.len()).min_by_key(|at| rank(&entry.probes[*at])))
        .collect()
}
