//! Calls of functions that are carried out together and without a call.
//!
//! A function of the table says what it is ([`Short`]); where a text goes through some of them and into a test against a constant or a set, all that is
//! one pass over bytes that stand where they are: nothing is copied, and what a constant alone decides has been worked out
//! before. Comes in: a chunk's instructions, once; then texts. Goes out: the last call's value at the cost of all, or nothing: then
//! nothing has happened, and the calls are carried out one by one. Never true here: a value or a cost other than theirs.

use super::dead::Dead;
use super::set::Set;
use super::sight::Sight;
use super::tables::Tables;
use super::tier::Outcome;
use super::view::View;
use crate::fault::Fuel;
use crate::func::eights::{lower, same_after, same_bytes, upper};
use crate::func::{self, Short};
use journey_artifact::code::{Instr, Op};
use memchr::memmem::Finder;

/// Calls put together.
#[derive(Debug)]
pub struct Shortcut {
    /// The register that holds the text.
    pub text: u8,
    /// The register that takes the value.
    pub into: u8,
    /// Where it goes on.
    pub next: usize,
    /// Whether white space at the ends does not count.
    trims: bool,
    /// The case that the text is put into.
    case: Option<Case>,
    test: Test,
    /// The constant.
    constant: Box<str>,
    /// What the calls cost whatever the text.
    cost: u64,
    pay: Pay,
}

/// How many of the calls pay for the text, by sixteen bytes: as it stands and without white space at its ends; before and behind a change of
/// case.
#[derive(Clone, Copy, Default, Debug)]
struct Pay {
    whole: [u64; 2],
    inner: [u64; 2],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Case {
    Lower,
    Upper,
}

/// What a text is asked in the end.
#[derive(Clone, Debug)]
enum Test {
    Equal,
    StartWith,
    EndWith,
    Contain(Box<Finder<'static>>),
    /// Under the salt of this hash.
    Bucket(u64),
    /// Whether it is in the set of this number.
    In(u16),
}

/// What a compiler may do in place: a test of a text as it stands.
#[derive(Clone, Copy, Debug)]
pub enum InPlace<'a> {
    /// Whether it begins with these bytes.
    StartWith(&'a [u8]),
    /// Whether it ends with these bytes.
    EndWith(&'a [u8]),
    /// Its bucket under the salt of this hash.
    Bucket(u64),
}

/// What a call costs at least.
const CALL: u64 = 4;
/// The longest constant that is looked for in a text in another case, in bytes: a long one is for a search that does not look at it for
/// every letter of the text.
const MOST_SOUGHT: usize = 64;

impl Shortcut {
    /// The value for a text that a register holds.
    #[inline(always)]
    pub(super) fn value(
        &self,
        sight: &Sight<'_>,
        sets: &[Set],
        text: u64,
        fuel: &mut Fuel,
    ) -> Option<u64> {
        let whole = sight.bytes(text)?;
        let bytes = match self.trims {
            true => trimmed(whole),
            false => Some(whole),
        };
        let bytes = bytes.filter(|bytes| self.case.is_none() || bytes.is_ascii());
        let Some(bytes) = bytes else {
            return self.of_any_alphabet(sight, sets, text, fuel);
        };
        let cost = self.cost_of(whole.len(), bytes.len(), 0);
        if fuel.left() < cost {
            return None;
        }
        let value = match self.case {
            _ if let Test::In(set) = self.test => {
                self.is_in(sets.get(usize::from(set))?, sight, bytes)?
            }
            None => self.plain(bytes),
            Some(Case::Lower) => {
                self.cased(bytes, |part, constant| same_after(part, constant, lower))
            }
            Some(Case::Upper) => {
                self.cased(bytes, |part, constant| same_after(part, constant, upper))
            }
        };
        // There is enough.
        fuel.take(cost).ok()?;
        Some(value)
    }

    /// What a compiler may do in place, and what it costs whatever the text; with it goes a sixteenth of the text's bytes.
    pub fn in_place(&self) -> Option<(InPlace<'_>, u64)> {
        let constant = self.constant.as_bytes();
        let test = match &self.test {
            _ if self.trims || self.case.is_some() => return None,
            Test::Equal => return None,
            Test::StartWith => InPlace::StartWith(constant),
            Test::EndWith => InPlace::EndWith(constant),
            Test::Bucket(salted) => InPlace::Bucket(*salted),
            Test::Contain(_) | Test::In(_) => return None,
        };
        Some((test, self.cost))
    }

    /// The value for a text in which letters may be of other alphabets than ASCII's: by a copy in the other case, if that is short.
    #[cold]
    #[inline(never)]
    fn of_any_alphabet(
        &self,
        sight: &Sight<'_>,
        sets: &[Set],
        whole: u64,
        fuel: &mut Fuel,
    ) -> Option<u64> {
        let whole = sight.str(whole)?;
        let inner = if self.trims { whole.trim() } else { whole };
        let mut copy = [0; MOST_COPIED];
        let text = match self.case {
            None => inner.as_bytes(),
            Some(case) => {
                let len = copied(inner, case, &mut copy)?;
                &copy[..len]
            }
        };
        let longer = text.len() as i64 - inner.len() as i64;
        let cost = self.cost_of(whole.len(), inner.len(), longer);
        let mut left = *fuel;
        left.take(cost).ok()?;
        let value = match self.test {
            Test::In(set) => {
                let set = sets.get(usize::from(set))?;
                set.has_text(text, sight.constants()).into()
            }
            _ => self.plain(text),
        };
        *fuel = left;
        Some(value)
    }

    /// Whether a text of ASCII, in the case, is in a set.
    #[inline(always)]
    fn is_in(&self, set: &Set, sight: &Sight<'_>, bytes: &[u8]) -> Option<u64> {
        let constants = sight.constants();
        let told = match self.case {
            None => Some(set.has_text(bytes, constants)),
            Some(Case::Lower) => set.has_changed(bytes, constants, lower),
            Some(Case::Upper) => set.has_changed(bytes, constants, upper),
        };
        told.map(u64::from)
            .or_else(|| self.copied_is_in(set, constants, bytes))
    }

    /// The same of a longer one, by a copy, if that is short.
    #[inline(never)]
    fn copied_is_in(&self, set: &Set, constants: &[u8], bytes: &[u8]) -> Option<u64> {
        let mut copy = [0; MOST_COPIED];
        let copy = copy.get_mut(..bytes.len())?;
        copy.copy_from_slice(bytes);
        match self.case? {
            Case::Lower => copy.make_ascii_lowercase(),
            Case::Upper => copy.make_ascii_uppercase(),
        }
        Some(set.has_text(copy, constants).into())
    }

    /// What the calls cost. `longer`: how many bytes more the text has in the other case.
    #[inline(always)]
    fn cost_of(&self, whole: usize, inner: usize, longer: i64) -> u64 {
        let (whole, inner) = (whole as u64, inner as u64);
        let cased = |len: u64| len.saturating_add_signed(longer) / 16;
        let Pay {
            whole: of_whole,
            inner: of_inner,
        } = self.pay;
        self.cost
            + of_whole[0] * (whole / 16)
            + of_whole[1] * cased(whole)
            + of_inner[0] * (inner / 16)
            + of_inner[1] * cased(inner)
    }

    #[inline(always)]
    fn plain(&self, bytes: &[u8]) -> u64 {
        let constant = self.constant.as_bytes();
        match &self.test {
            Test::Contain(finder) => finder.find(bytes).is_some().into(),
            Test::Bucket(salted) => func::hash::bucket_from(*salted, bytes),
            _ => self.cased(bytes, |part, _| same_bytes(part, constant)),
        }
    }

    /// The value when a part is compared in some way with the constant, which is as long.
    #[inline(always)]
    fn cased(&self, bytes: &[u8], is: impl Fn(&[u8], &[u8]) -> bool) -> u64 {
        let constant = self.constant.as_bytes();
        let is = |part: &[u8]| is(part, constant);
        match &self.test {
            Test::Equal => (bytes.len() == constant.len() && is(bytes)).into(),
            Test::StartWith => bytes.get(..constant.len()).is_some_and(is).into(),
            Test::EndWith => {
                let from = bytes.len().checked_sub(constant.len());
                from.is_some_and(|from| is(&bytes[from..])).into()
            }
            Test::Contain(_) => bytes.windows(constant.len()).any(is).into(),
            // A case does not go before the first; the second is told elsewhere.
            Test::Bucket(_) | Test::In(_) => 0,
        }
    }
}

/// Bytes of a text that is copied in the other case, at most.
const MOST_COPIED: usize = 192;

/// Copies a text in a case; how many bytes that is. `None` where there is no room, or a letter goes by its neighbours.
fn copied(text: &str, case: Case, copy: &mut [u8; MOST_COPIED]) -> Option<usize> {
    let mut len = 0;
    let mut put = |letter: char| {
        let to = copy.get_mut(len..len + letter.len_utf8())?;
        letter.encode_utf8(to);
        len += letter.len_utf8();
        Some(())
    };
    for letter in text.chars() {
        match case {
            // The capital sigma.
            Case::Lower if letter == '\u{3A3}' => return None,
            Case::Lower if letter.is_ascii() => put(letter.to_ascii_lowercase())?,
            Case::Upper if letter.is_ascii() => put(letter.to_ascii_uppercase())?,
            Case::Lower => letter.to_lowercase().try_for_each(&mut put)?,
            Case::Upper => letter.to_uppercase().try_for_each(&mut put)?,
        }
    }
    Some(len)
}

/// A text without white space at its ends; `None` where another alphabet's may stand there.
#[inline]
fn trimmed(text: &[u8]) -> Option<&[u8]> {
    // Most texts have none.
    if let (Some(b'!'..=b'~'), Some(b'!'..=b'~')) = (text.first(), text.last()) {
        return Some(text);
    }
    let inner = text.trim_ascii();
    // White space beside that of ASCII: the vertical tab, and what is not ASCII at all.
    let strange = |byte: &u8| *byte == 0x0B || !byte.is_ascii();
    let ends = [inner.first(), inner.last()];
    (!ends.into_iter().flatten().any(strange)).then_some(inner)
}

/// [`Shortcut::value`] for compiled code, with so much fuel left; [`Outcome::AGAIN`] when there is no answer.
pub extern "C" fn shortcut_for_code(
    view: &View<'_>,
    fuel: u64,
    shortcut: &Shortcut,
    text: u64,
) -> Outcome {
    let mut left = Fuel::new(fuel);
    let value = shortcut.value(view.sight(), view.sets(), text, &mut left);
    Outcome {
        word: value.unwrap_or(Outcome::AGAIN),
        left: value.map_or(Outcome::AGAIN, |_| left.left()),
    }
}

/// A text goes through so many functions, at most: a run of them is looked through again from each of its places.
const MOST_THROUGH: usize = 8;

/// The calls of a chunk that may be carried out together, each by its first instruction.
pub(super) fn find(
    code: &[Instr],
    is_target: &[bool],
    tables: &Tables,
    text_of: impl Fn(u64) -> Option<Box<str>>,
) -> Vec<(usize, Shortcut)> {
    if !code.iter().any(|i| i.op == Op::Call) {
        return Vec::new();
    }
    let dead = Dead::new(code);
    let mut found = Vec::new();
    let mut at = 0;
    while at < code.len() {
        match from(code, &dead, at, tables, is_target, &text_of) {
            Some(shortcut) => {
                let next = shortcut.next;
                found.push((at, shortcut));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

fn from(
    code: &[Instr],
    dead: &Dead<'_>,
    at: usize,
    tables: &Tables,
    is_target: &[bool],
    text_of: &impl Fn(u64) -> Option<Box<str>>,
) -> Option<Shortcut> {
    let short = |i: &Instr| match i.op {
        Op::Call => tables.import(i.lo).ok()?.short,
        _ => None,
    };
    let first = code[at];
    let (mut place, mut through, mut text) = (at, Vec::new(), None);
    while let Some(how @ (Short::Trim | Short::Lower | Short::Upper)) = short(code.get(place)?) {
        let i = code[place];
        if i.c != 1 || text.is_some_and(|text| text != i.b) || through.len() == MOST_THROUGH {
            return None;
        }
        through.push(how);
        text = Some(i.a);
        place += 1;
    }
    // What asks in the end, by which register, what it costs besides the text, and what it asks; none of that of a set.
    let (call, last, constant, test) = match code.get(place)? {
        call if call.op == Op::In && !through.is_empty() => {
            (call, call.b, Box::default(), Test::In(call.lo))
        }
        constant => {
            let call = code.get(place + 1)?;
            // What the constant is compared with, and whether that costs anything.
            let is_equality = call.op == Op::EqS && !through.is_empty();
            let last = match is_equality {
                true if call.c == constant.a => call.b,
                true if call.b == constant.a => call.c,
                false
                    if call.op == Op::Call
                        && call.c == 2
                        && call.b.checked_add(1)? == constant.a =>
                {
                    call.b
                }
                _ => return None,
            };
            if constant.op != Op::Const || last == constant.a {
                return None;
            }
            let text = text_of(tables.constant(constant.lo).ok()?)?;
            let test = match is_equality {
                true => Test::Equal,
                false => test_of(short(call)?, &text)?,
            };
            place += 1;
            (call, last, text, test)
        }
    };
    let calls = call.op == Op::Call;
    if text.is_some_and(|text| text != last) || (at + 1..place + 1).any(|at| is_target[at]) {
        return None;
    }
    let mut cases = through.iter().filter(|how| **how != Short::Trim);
    let case = match (cases.next(), cases.next()) {
        (None, _) => None,
        (Some(Short::Lower), None) => Some(Case::Lower),
        (Some(_), None) => Some(Case::Upper),
        (Some(_), Some(_)) => return None,
    };
    // A part in the other case is in no such text; and case is not ignored by a hash.
    let fits = match case {
        None => true,
        Some(_) if matches!(test, Test::Bucket(_)) => false,
        // It is looked for place by place.
        Some(_) if matches!(test, Test::Contain(_)) && constant.len() > MOST_SOUGHT => false,
        Some(_) if constant.is_empty() => !calls,
        Some(Case::Lower) => !constant.bytes().any(|b| b.is_ascii_uppercase()),
        Some(Case::Upper) => !constant.bytes().any(|b| b.is_ascii_lowercase()),
    };
    let next = place + 1;
    let between = code[at..next - 1].iter().map(|i| i.a);
    let unread = between
        .filter(|r| *r != call.a)
        .all(|r| dead.is_dead(next, r));
    let mut pay = Pay::default();
    let (mut is_trimmed, mut is_cased) = (false, 0);
    let tests = calls.then_some(None);
    for how in through.iter().copied().map(Some).chain(tests) {
        let paid = if is_trimmed {
            &mut pay.inner
        } else {
            &mut pay.whole
        };
        paid[is_cased] += 1;
        match how {
            Some(Short::Trim) => is_trimmed = true,
            Some(_) => is_cased = 1,
            None => {}
        }
    }
    let by_constant = match calls {
        false => CALL * through.len() as u64,
        true => CALL * (through.len() as u64 + 1) + constant.len() as u64 / 16,
    };
    (fits && unread).then_some(Shortcut {
        text: if through.is_empty() { last } else { first.b },
        into: call.a,
        next,
        trims: is_trimmed,
        case,
        test,
        cost: by_constant,
        pay,
        constant,
    })
}

/// What a function of two texts asks of the first, where the second is a constant.
fn test_of(short: Short, constant: &str) -> Option<Test> {
    Some(match short {
        Short::StartWith => Test::StartWith,
        Short::EndWith => Test::EndWith,
        Short::Contain => Test::Contain(Box::new(Finder::new(constant.as_bytes()).into_owned())),
        Short::Bucket => Test::Bucket(func::hash::salted(constant)),
        _ => return None,
    })
}
