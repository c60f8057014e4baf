//! Which registers somebody may still read.
//!
//! Comes in: a chunk's instructions. Goes out: whether a register is dead at a place. In a short chunk, as most are, that is looked for
//! from the place on; a long one is gone over once for all places and registers, since who asks asks often. Never true here: dead, where
//! a way leads to somebody who reads it.

use journey_artifact::code::Instr;
use std::cell::OnceCell;

/// Instructions of a short chunk, at most.
const SHORT: usize = 512;
/// How often a long chunk is gone over until nothing changes; loops nested deeper than the half of it take more.
const PASSES: usize = 32;

/// A bit for each register.
type Registers = [u64; 4];

/// What may be asked of a chunk.
pub struct Dead<'c> {
    code: &'c [Instr],
    /// By place: what is read from there on; `None` when that was not to be had in so many passes.
    live: OnceCell<Option<Vec<Registers>>>,
}

impl<'c> Dead<'c> {
    /// Of these instructions; nothing is looked for yet.
    pub fn new(code: &'c [Instr]) -> Dead<'c> {
        Dead {
            code,
            live: OnceCell::new(),
        }
    }

    /// The instructions.
    pub fn code(&self) -> &'c [Instr] {
        self.code
    }

    /// Whether nothing that begins at a place reads a register before it is written.
    pub fn is_dead(&self, from: usize, register: u8) -> bool {
        if self.code.len() <= SHORT {
            return searched(self.code, from, register);
        }
        let live = self.live.get_or_init(|| live(self.code));
        let at = |live: &Vec<Registers>| live.get(from).map(|here| !holds(here, register));
        // What lies behind the end reads nothing.
        live.as_ref().is_some_and(|live| at(live).unwrap_or(true))
    }
}

fn holds(registers: &Registers, register: u8) -> bool {
    registers[usize::from(register) / 64] >> (register % 64) & 1 == 1
}

/// By place: the registers that are read from there on before they are written.
fn live(code: &[Instr]) -> Option<Vec<Registers>> {
    let mut live = vec![[0; 4]; code.len() + 1];
    for _ in 0..PASSES {
        let mut changed = false;
        for (at, i) in code.iter().enumerate().rev() {
            let mut here = match i.op.ends() {
                true => [0; 4],
                false => live[at + 1],
            };
            if i.op.writes() {
                here[usize::from(i.a) / 64] &= !(1 << (i.a % 64));
            }
            if i.op.jumps() {
                // On the way of a jump the register keeps what it held.
                let there = *live.get(usize::from(i.hi))?;
                here = std::array::from_fn(|n| here[n] | there[n]);
            }
            for read in i.reads() {
                here[usize::from(read) / 64] |= 1 << (read % 64);
            }
            changed |= std::mem::replace(&mut live[at], here) != here;
        }
        if !changed {
            return Some(live);
        }
    }
    None
}

/// The same, found by going every way from that place, in a short chunk.
fn searched(code: &[Instr], from: usize, register: u8) -> bool {
    let mut seen = [0_u64; SHORT.div_ceil(64)];
    let (mut at, mut ahead) = (from, Vec::new());
    loop {
        let here = code.get(at).filter(|_| {
            let (word, bit) = (&mut seen[at / 64], 1 << (at % 64));
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        });
        let Some(i) = here else {
            match ahead.pop() {
                Some(next) => at = next,
                None => return true,
            }
            continue;
        };
        if i.reads().any(|read| read == register) {
            return false;
        }
        let on = !(i.op.ends() || i.op.writes() && i.a == register);
        match (on, i.op.jumps()) {
            (true, jumps) => {
                if jumps {
                    ahead.push(usize::from(i.hi));
                }
                at += 1;
            }
            (false, true) => at = usize::from(i.hi),
            // Nowhere: what is ahead is next.
            (false, false) => at = code.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{holds, live, searched};
    use journey_artifact::code::{Instr, Op};

    const OPS: [Op; 10] = [
        Op::Slot,
        Op::Jump,
        Op::Next,
        Op::JumpTrue,
        Op::Call,
        Op::Move,
        Op::Int,
        Op::Ret,
        Op::EqI,
        Op::Set,
    ];

    #[test]
    fn gone_over_once_it_is_as_looked_for() {
        let mut seed = 7_u64;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(11);
            (seed >> 33) as usize % below
        };
        for _ in 0..if cfg!(miri) { 10 } else { 2_000 } {
            let len = 1 + random(24);
            let code: Vec<Instr> = (0..len)
                .map(|_| Instr {
                    op: OPS[random(OPS.len())],
                    a: [3, 4, 5, 255][random(4)],
                    b: [3, 4, 5, 255][random(4)],
                    c: [0, 1, 2, 3, 4, 255][random(6)],
                    lo: 0,
                    hi: random(len) as u16,
                })
                .map(|i| match i.op {
                    // Its registers lie within the 256.
                    Op::Call => Instr {
                        c: i.c.min(255 - i.b),
                        ..i
                    },
                    _ => i,
                })
                .collect();
            let live = live(&code).expect("few enough loops");
            for (from, here) in live.iter().enumerate().take(len) {
                for register in [0, 3, 4, 5, 6, 254, 255] {
                    let dead = searched(&code, from, register);
                    assert_eq!(
                        dead,
                        !holds(here, register),
                        "r{register} at {from}: {code:?}"
                    );
                }
            }
        }
    }
}
