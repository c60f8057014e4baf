//! The way through a chunk that is nothing but clauses: slots of root rows against constants, and where to go then.
//!
//! Most conditions are that. Such a chunk needs no registers and makes nothing, so there is next to nothing to prepare. Comes in: a chunk
//! of which [`is_clauses`] is true. Goes out: the answer, or nothing where the loop of [`super::run`] has to tell. Never true here: a jump
//! backwards, or a cost beyond the chunk's own.

use super::fast::{Fast, FastOp, IN_REGISTER};
use super::sight::{Sight, equals_constant, slot};
use super::step::dec;

/// Whether a chunk is nothing but clauses.
pub(super) fn is_clauses(code: &[Fast]) -> bool {
    use FastOp::*;
    code.iter().all(|i| match i.op {
        EqIC | LtIC | LeIC | GtIC | GeIC | EqDC | LtDC | LeDC | GtDC | GeDC | EqSC | Has => {
            i.from != IN_REGISTER
        }
        Jump | RetLoad => true,
        _ => false,
    })
}

/// What it comes to.
#[inline]
pub(super) fn decide(code: &[Fast], sight: &Sight<'_>) -> Option<u64> {
    let mut pc = 0usize;
    loop {
        let i = code.get(pc)?;
        pc += 1;
        // A slot against the constant.
        macro_rules! clause {
            ($of:expr) => {{
                let of: fn(u64, u64) -> bool = $of;
                match slot(sight.root(i.from)?, i) {
                    Some(word) if u8::from(of(word, i.word)) == i.want => pc = usize::from(i.to),
                    Some(_) => {}
                    None => pc = usize::from(i.miss),
                }
            }};
        }
        match i.op {
            FastOp::EqIC => clause!(|x, k| x == k),
            FastOp::LtIC => clause!(|x, k| (x as i64) < k as i64),
            FastOp::LeIC => clause!(|x, k| x as i64 <= k as i64),
            FastOp::GtIC => clause!(|x, k| x as i64 > k as i64),
            FastOp::GeIC => clause!(|x, k| x as i64 >= k as i64),
            FastOp::EqDC => clause!(|x, k| dec(x) == dec(k)),
            FastOp::LtDC => clause!(|x, k| dec(x) < dec(k)),
            FastOp::LeDC => clause!(|x, k| dec(x) <= dec(k)),
            FastOp::GtDC => clause!(|x, k| dec(x) > dec(k)),
            FastOp::GeDC => clause!(|x, k| dec(x) >= dec(k)),
            FastOp::EqSC => match slot(sight.root(i.from)?, i) {
                Some(text) => {
                    if u8::from(equals_constant(sight, text, i)?) == i.want {
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
