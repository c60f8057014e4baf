//! One regular expression: how it is made, what it may take, and what making it and searching with it cost.
//!
//! Comes in: its text. Goes out: [`Pattern`], or why there is none, in words for whoever wrote it; the compiler asks here too. Searches take
//! time in proportion to the text they look at, and how far a search for the next match looked is paid. Never true here: a second place
//! where an expression is made; a cost that depends on what was made before.

use super::letter::Letter;
use crate::fault::{Fault, Fuel};
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::{Input, meta};
use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::Range;
use std::sync::OnceLock;

/// Bytes of each of an expression's two automata. `^[\w.]{1,64}@[\w.]{1,64}\.[a-z]{2,}$` takes 6.4 MB and 0.8 MB: `\w` is of all alphabets,
/// some 50 KB each time. What threads keep of the states they have met is beside that.
const MAX_BYTES: usize = 8 << 20;
/// What an expression may weigh before it is tried at all: about the same, at 21 bytes for one. (That of before: 305,000.)
const MAX_WEIGHT: u64 = 400_000;
/// What an expression weighs at most, its parts counted too, that surely has room. One that weighs as little takes 400 bytes for each.
const SURE_WEIGHT: u64 = 20_000;
/// Bytes of states, met in searches, that a thread keeps for an automaton.
const MAX_STATES: usize = 1 << 20;
/// Bytes beside the text itself that searches for all matches may look at before somebody looks how far they do.
const UNWATCHED: usize = 1 << 16;

/// A compiled regular expression.
#[derive(Debug)]
pub struct Pattern {
    regex: meta::Regex,
    read: Hir,
    /// What it is, if that is one letter.
    letter: Option<Letter>,
    /// The longest match, in bytes, if there is one.
    longest: Option<usize>,
    /// What sixteen bytes of text cost.
    rate: u64,
    /// The same once more, to look how far searches look.
    scout: OnceLock<Option<DFA>>,
}

/// What is known of an expression before it is made.
#[derive(Debug)]
pub(super) struct Draft {
    read: Hir,
    /// Letters and ranges of letters, all repetitions written out.
    weight: u64,
    /// Letters of a text that it may be in the midst of at a time, at most.
    width: u64,
}

impl Pattern {
    /// Makes one; or says why that cannot be.
    pub fn new(text: &str) -> Result<Pattern, String> {
        Draft::new(text)?.make()
    }

    /// Says why there cannot be one; of most that can be, without making it.
    pub fn refused(text: &str) -> Option<String> {
        match Draft::new(text) {
            Ok(draft) if draft.is_sure() => None,
            draft => draft.and_then(Draft::make).err(),
        }
    }

    /// Whether it matches somewhere.
    pub(super) fn is_match(&self, text: &str, fuel: &mut Fuel) -> Result<bool, Fault> {
        fuel.take(1 + self.cost(text.len()))?;
        Ok(match &self.letter {
            Some(letter) => letter.find(text, 0).is_some(),
            None => self.regex.is_match(text),
        })
    }

    /// Its matches in a text, from left to right.
    pub(super) fn matches<'t>(
        &self,
        text: &'t str,
        fuel: &mut Fuel,
    ) -> Result<Matches<'_, 't>, Fault> {
        fuel.take(1 + self.cost(text.len()))?;
        Ok(Matches {
            pattern: self,
            found: match self.letter {
                Some(_) => None,
                None => Some(self.regex.find_iter(text)),
            },
            text,
            at: 0,
            unwatched: UNWATCHED,
            cache: None,
        })
    }

    fn cost(&self, bytes: usize) -> u64 {
        (bytes as u64).saturating_mul(self.rate) / 16
    }

    fn scout(&self) -> Option<&DFA> {
        let made = self.scout.get_or_init(|| {
            let nfa = thompson::Compiler::new()
                .configure(
                    thompson::Config::new()
                        .nfa_size_limit(Some(MAX_BYTES))
                        .which_captures(WhichCaptures::None),
                )
                .build_from_hir(&self.read)
                .ok()?;
            let how = DFA::config()
                .cache_capacity(MAX_STATES)
                .skip_cache_capacity_check(true)
                .unicode_word_boundary(true);
            DFA::builder().configure(how).build_from_nfa(nfa).ok()
        });
        made.as_ref()
    }
}

/// Matches, one after another.
#[derive(Debug)]
pub(super) struct Matches<'p, 't> {
    pattern: &'p Pattern,
    /// The automaton's; a letter is looked for.
    found: Option<meta::FindMatches<'p, 't>>,
    text: &'t str,
    /// Where the next search begins.
    at: usize,
    unwatched: usize,
    cache: Option<Box<Cache>>,
}

impl Matches<'_, '_> {
    /// The next one. That the searches together go over the text was paid; what one looks at behind the match it finds, the next looks at
    /// again, and that is paid here.
    pub fn next(&mut self, fuel: &mut Fuel) -> Result<Option<Range<usize>>, Fault> {
        let found = match (&mut self.found, &self.pattern.letter) {
            (Some(found), _) => found.next().map(|found| found.range()),
            (None, Some(letter)) => letter.find(self.text, self.at),
            (None, None) => None,
        };
        let Some(found) = found else {
            return Ok(None);
        };
        let again = self.looked_to(&found).saturating_sub(found.end);
        fuel.take(1 + self.pattern.cost(again))?;
        self.at = found.end;
        Ok(Some(found))
    }

    /// Where at the latest the search that found this knew it.
    fn looked_to(&mut self, found: &Range<usize>) -> usize {
        let (end, rest) = (self.text.len(), self.text.len() - self.at);
        if let Some(longest) = self.pattern.longest {
            return found.start.saturating_add(longest).min(end);
        }
        if let Some(left) = self.unwatched.checked_sub(rest) {
            self.unwatched = left;
            return end;
        }
        let Some(scout) = self.pattern.scout() else {
            return end;
        };
        let cache = self
            .cache
            .get_or_insert_with(|| Box::new(scout.create_cache()));
        follow(scout, cache, self.text, self.at).unwrap_or(end)
    }
}

/// Where a search that begins at a place comes to its end; `None` where that is not known.
fn follow(scout: &DFA, cache: &mut Cache, text: &str, at: usize) -> Option<usize> {
    let input = Input::new(text).range(at..);
    let mut state = scout.start_state_forward(cache, &input).ok()?;
    for (place, byte) in text.bytes().enumerate().skip(at) {
        state = scout.next_state(cache, state, byte).ok()?;
        if state.is_dead() {
            return Some(place);
        }
        if state.is_quit() {
            return None;
        }
    }
    Some(text.len())
}

impl Draft {
    /// Reads an expression.
    pub fn new(text: &str) -> Result<Draft, String> {
        let read = regex_syntax::parse(text).map_err(|error| {
            let reason = error.to_string();
            let last = reason.lines().last().unwrap_or_default().trim();
            last.trim_start_matches("error: ").to_owned()
        })?;
        let (weight, width) = measure(&read);
        match weight > MAX_WEIGHT {
            true => Err(too_large()),
            false => Ok(Draft {
                read,
                weight,
                width,
            }),
        }
    }

    /// What making it costs: time goes by the weight, and there is some for the smallest.
    pub fn cost(&self) -> u64 {
        2_000 + 16 * self.weight
    }

    /// Whether it surely can be made.
    fn is_sure(&self) -> bool {
        self.weight.saturating_add(parts(&self.read)) <= SURE_WEIGHT
    }

    /// Makes it.
    pub fn make(self) -> Result<Pattern, String> {
        let how = meta::Config::new()
            .nfa_size_limit(Some(MAX_BYTES))
            .hybrid_cache_capacity(MAX_STATES)
            .which_captures(WhichCaptures::Implicit);
        let made = meta::Builder::new()
            .configure(how)
            .build_from_hir(&self.read);
        Ok(Pattern {
            regex: made.map_err(|_| too_large())?,
            letter: Letter::of(&self.read),
            longest: self.read.properties().maximum_len(),
            read: self.read,
            // An automaton of few states is fast; one of many is followed state by state.
            rate: 1 + self.width / 2 + self.width.saturating_sub(32),
            scout: OnceLock::new(),
        })
    }
}

fn too_large() -> String {
    format!("compiled it would take more than {} MB", MAX_BYTES >> 20)
}

/// What an expression weighs, and its width.
fn measure(read: &Hir) -> (u64, u64) {
    match read.kind() {
        HirKind::Empty | HirKind::Look(_) => (1, 0),
        HirKind::Literal(text) => (text.0.len() as u64, text.0.len() as u64),
        HirKind::Class(class) => (1 + ranges(class), 1),
        HirKind::Capture(group) => measure(&group.sub),
        HirKind::Repetition(times) => {
            let (weight, width) = measure(&times.sub);
            let most = u64::from(times.max.unwrap_or(times.min).max(1));
            (weight.saturating_mul(most), width.saturating_mul(most))
        }
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(measure).fold((0, 0), |all, part| {
                let weight = all.0.saturating_add(part.0).saturating_add(1);
                (weight, all.1.saturating_add(part.1))
            })
        }
    }
}

/// Parts of an expression, all repetitions written out, those of nothing too: each takes some room, whatever it weighs.
fn parts(read: &Hir) -> u64 {
    match read.kind() {
        HirKind::Repetition(times) => {
            let most = u64::from(times.max.unwrap_or(times.min).max(1));
            (1 + parts(&times.sub)).saturating_mul(most)
        }
        kind => {
            let subs = kind.subs().iter().map(parts);
            subs.fold(1, u64::saturating_add)
        }
    }
}

/// Ranges of bytes that a class comes to.
fn ranges(class: &Class) -> u64 {
    match class {
        Class::Bytes(class) => class.ranges().len() as u64,
        Class::Unicode(class) => {
            let bytes = |end: char| if end.is_ascii() { 1 } else { 3 };
            class.ranges().iter().map(|range| bytes(range.end())).sum()
        }
    }
}

/// What reading an expression costs. A class may name one of Unicode's, which are long. Where case is ignored, each letter of a class that
/// is no plain one is looked up.
pub(super) fn reading(text: &str) -> u64 {
    let is_flag = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'-';
    let mut flags = text.split('?').skip(1);
    let folds = flags.any(|after| after.bytes().take_while(is_flag).any(|flag| flag == b'i'));
    let (mut classes, mut named, mut strange, mut before) = (0u64, 0u64, 0u64, b'(');
    for byte in text.bytes() {
        match byte {
            b'[' => classes += 1,
            b'\\' => (named, strange) = (named + 1, strange + 1),
            b'p' | b'P' if folds && before == b'\\' => named += 100,
            b'^' if !matches!(before, b'(' | b')' | b'|') => strange += 1,
            0xC0.. => strange += 1,
            _ => {}
        }
        before = byte;
    }
    let looked_up = if folds { classes.min(strange) } else { 0 };
    8 * text.len() as u64 + 1_000 * (classes + named + 100 * looked_up)
}

#[cfg(test)]
mod tests {
    use super::{Draft, SURE_WEIGHT, parts};

    /// One of the largest that are sure, of those that a part makes as often as is said.
    fn large(part: impl Fn(usize) -> String) -> Draft {
        let draft = |times| Draft::new(&part(times)).expect("an expression");
        let one = draft(1);
        let mut times = (SURE_WEIGHT / (one.weight + parts(&one.read))) as usize;
        loop {
            let found = draft(times.max(1));
            if times <= 1 || found.is_sure() {
                return found;
            }
            times -= times / 50 + 1;
        }
    }

    #[test]
    #[cfg_attr(miri, ignore)]
    fn what_is_sure_can_be_made() {
        let astral = |at: usize| {
            format!(
                r"\x{{{:x}}}-\x{{{:x}}}",
                0x10001 + at * 0x4000,
                0x13002 + at * 0x4000
            )
        };
        let wide: String = (0..40).map(astral).collect();
        let narrow: String = (0..200)
            .map(|at| format!(r"\x{{{:x}}}", 0x1_0041 + at * 0x101))
            .collect();
        let nested = format!("{}a{}", "(?:".repeat(60), ")*".repeat(60));
        let repeated = [
            "a",
            ".",
            r"\w",
            r"\W",
            r"\d",
            r"(?i)k",
            "[^a]",
            "a*",
            "a?",
            "(?:a|)",
            "(?:a*)+?",
            "(a)",
            r"\b",
            "(?:ab|ac|ad)",
            r"[\x{80}-\x{10ffff}]",
            &format!("[{wide}]"),
            &format!("[^{wide}]"),
            &format!("[{narrow}]"),
            &nested,
        ];
        for part in repeated {
            let made = large(|times| format!("(?:{part}){{{times}}}")).make();
            assert!(made.is_ok(), "{part}");
            let made = large(|times| format!("(?:{part}){{0,{times}}}")).make();
            assert!(made.is_ok(), "{part}?");
            let made = large(|times| vec![part; times].join("|")).make();
            assert!(made.is_ok(), "{part}|");
        }
    }
}
