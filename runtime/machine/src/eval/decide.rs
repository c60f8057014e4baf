//! The way through a chunk that is nothing but clauses: slots of root rows against constants or sets of them, and where to go then.
//!
//! Most conditions are that. Such a chunk needs no registers and makes nothing, so there is next to nothing to prepare. Comes in: a chunk
//! of which [`is_clauses`] is true. Goes out: the answer, or nothing where the loop of [`super::run`] has to tell. Never true here: a jump
//! backwards, or a cost beyond the chunk's own.

use super::compare::*;
use super::fast::{Fast, FastOp, IN_REGISTER};
use super::set::Set;
use super::sight::{Sight, equals_constant, is_in, slot};

/// Whether a chunk is nothing but clauses.
pub(super) fn is_clauses(code: &[Fast]) -> bool {
    use FastOp::*;
    code.iter().all(|i| match i.op {
        EqIC | LtIC | LeIC | GtIC | GeIC | EqDC | LtDC | LeDC | GtDC | GeDC | EqSC | InC | Has => {
            i.from != IN_REGISTER
        }
        Jump | RetLoad => true,
        _ => false,
    })
}

/// What it comes to.
#[inline]
pub(super) fn decide(code: &[Fast], sight: &Sight<'_>, sets: &[Set]) -> Option<u64> {
    let mut pc = 0usize;
    loop {
        let i = code.get(pc)?;
        pc += 1;
        // A slot against the constant.
        macro_rules! clause {
            ($of:expr) => {{
                match slot(sight.root(i.from)?, i) {
                    Some(word) if u8::from($of(word, i.word)) == i.want => pc = usize::from(i.to),
                    Some(_) => {}
                    None => pc = usize::from(i.miss),
                }
            }};
        }
        match i.op {
            FastOp::EqIC => clause!(eq_i),
            FastOp::LtIC => clause!(lt_i),
            FastOp::LeIC => clause!(le_i),
            FastOp::GtIC => clause!(gt_i),
            FastOp::GeIC => clause!(ge_i),
            FastOp::EqDC => clause!(eq_d),
            FastOp::LtDC => clause!(lt_d),
            FastOp::LeDC => clause!(le_d),
            FastOp::GtDC => clause!(gt_d),
            FastOp::GeDC => clause!(ge_d),
            FastOp::EqSC => match slot(sight.root(i.from)?, i) {
                Some(text) => {
                    if u8::from(equals_constant(sight, text, i)?) == i.want {
                        pc = usize::from(i.to);
                    }
                }
                None => pc = usize::from(i.miss),
            },
            FastOp::InC => match slot(sight.root(i.from)?, i) {
                Some(word) => {
                    if u8::from(is_in(sight, sets.get(i.word as usize)?, word)?) == i.want {
                        pc = usize::from(i.to);
                    }
                }
                None => pc = usize::from(i.miss),
            },
            FastOp::Has => {
                let there = slot(sight.root(i.from)?, i).is_some();
                pc = usize::from(if there { i.to } else { i.miss });
            }
            FastOp::Jump => pc = usize::from(i.to),
            FastOp::RetLoad => return Some(i.word),
            _ => return None,
        }
    }
}
