//! What compiled code has the machine do without a place of work: functions that only look, two texts, divisions.
//!
//! Comes in: what is seen of records, fuel, words in registers of the processor. Goes out: a word, and the fuel left. Never true here: a value
//! that is made; so code that asks for nothing else needs no frame, and nothing has happened when the interpreter is to do it all.

use super::tables::Import;
use super::tier::Outcome;
use super::view::View;
use crate::fault::Fuel;
use crate::func::Called;
use crate::func::eights::equal_bytes;
use crate::func::look::Look;
use std::cmp::Ordering;

/// Arguments of a function that compiled code calls without a place of work, at most.
pub const MOST_ARGUMENTS: usize = 8;
/// Those that are handed over in registers.
pub const IN_REGISTERS: usize = 3;

/// Calls a function that only looks; [`Outcome::AGAIN`] where it has a fault.
pub extern "C" fn look_for_code(
    view: &View<'_>,
    fuel: u64,
    import: &Import,
    a: u64,
    b: u64,
    c: u64,
) -> Outcome {
    looked(view, fuel, import, &[a, b, c])
}

/// The same with more arguments, which lie one after another.
pub extern "C" fn look_at_many_for_code(
    view: &View<'_>,
    fuel: u64,
    import: &Import,
    args: &[u64; MOST_ARGUMENTS],
) -> Outcome {
    looked(view, fuel, import, args)
}

#[inline(always)]
fn looked(view: &View<'_>, fuel: u64, import: &Import, args: &[u64]) -> Outcome {
    let again = Outcome {
        word: Outcome::AGAIN,
        left: Outcome::AGAIN,
    };
    let Some(args) = args.get(..import.site.params.len()) else {
        return again;
    };
    let Called::Looks(looks) = import.called else {
        return again;
    };
    let mut fuel = Fuel::new(fuel);
    if fuel
        .take(import.price.cost(args, &import.site.params))
        .is_err()
    {
        return again;
    }
    let mut look = Look {
        fixed: view.sight().fixed(),
        made: None,
        patterns: view.patterns(),
        computed: None,
        fuel: &mut fuel,
        spare: None,
    };
    match looks(&mut look, args, &import.site) {
        Ok(Some(word)) => Outcome {
            word,
            left: fuel.left(),
        },
        Ok(None) => Outcome {
            word: 0,
            left: fuel.left() | Outcome::MISSING,
        },
        Err(_) => again,
    }
}

/// Whether two texts of one length are the same: 0 or 1; 2 where that is not to be seen.
pub extern "C" fn same_text_for_code(view: &View<'_>, a: u64, b: u64) -> u64 {
    let sight = view.sight();
    match (sight.bytes(a), sight.bytes(b)) {
        (Some(a), Some(b)) => u64::from(equal_bytes(a, b)),
        _ => 2,
    }
}

/// How two texts stand to each other: 0 the first before the second, 1 the same, 2 behind it; 3 where that is not to be seen.
pub extern "C" fn order_for_code(view: &View<'_>, a: u64, b: u64) -> u64 {
    let sight = view.sight();
    match (sight.bytes(a), sight.bytes(b)) {
        (Some(a), Some(b)) => match a.cmp(b) {
            Ordering::Less => 0,
            Ordering::Equal => 1,
            Ordering::Greater => 2,
        },
        _ => 3,
    }
}

/// `a / b` of integers, where `b` is not 0.
pub extern "C" fn quotient_for_code(a: u64, b: u64) -> u64 {
    match b as i64 {
        0 => 0,
        b => (a as i64).saturating_div(b) as u64,
    }
}

/// `a % b` of integers, where `b` is not 0.
pub extern "C" fn remainder_for_code(a: u64, b: u64) -> u64 {
    match b as i64 {
        0 => 0,
        b => (a as i64).wrapping_rem(b) as u64,
    }
}

/// `a % b` of decimals.
pub extern "C" fn decimal_remainder_for_code(a: u64, b: u64) -> u64 {
    (f64::from_bits(a) % f64::from_bits(b)).to_bits()
}
