//! From the instructions of a chunk to what the interpreter's loop runs.
//!
//! A constant, a comparison and the jump on it become one; slots of the three root rows are told from slots of other rows, and
//! their place is worked out; what returns a constant is one instruction. Whatever an instruction of the original leaves in a
//! register is still left there, so nothing need be known of who reads it. Comes in: instructions with layouts put in. Goes out:
//! [`Fast`] instructions and what the original would cost. Never true here: a jump into the middle of what was put together.

use super::load_error::LoadError;
use super::ops::{jumps, writes};
use journey_artifact::code::{Instr, Op, R_FREE};

/// What an instruction of the loop does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FastOp {
    /// `a ← word`.
    Load,
    /// `a ← b`.
    Move,
    /// `a ← slot of root row b`; missing →to. See [`Fast::slot`].
    Root,
    /// If the slot of root row `b` is missing →to.
    HasRoot,
    /// `a ← slot of row b`; missing →to.
    Slot,
    /// →to.
    Jump,
    /// →to, which is a loop's head; costs `word`.
    Back,
    /// If `a` is true →to.
    IfTrue,
    /// If `a` is false →to.
    IfFalse,
    /// `a ← b == c` (and so on); if that is `lo & 255` →to. With `K`: first `lo >> 8 ← word`.
    EqI,
    EqIK,
    LtI,
    LtIK,
    LeI,
    LeIK,
    EqD,
    EqDK,
    LtD,
    LtDK,
    LeD,
    LeDK,
    EqT,
    EqTK,
    LtT,
    LtTK,
    LeT,
    LeTK,
    EqS,
    EqSK,
    /// `a ← b + c` and so on.
    AddI,
    SubI,
    AddD,
    SubD,
    MulD,
    DivD,
    IntToDec,
    Not,
    Len,
    /// Loop head over rows of `word` words.
    Next,
    /// Row `c` of list `b`, of rows of `word` words.
    Elem,
    /// The original instruction number `word`, by [`super::step`].
    Step,
    /// Ends with `a`.
    Ret,
    /// Ends with `word`.
    RetLoad,
    /// Ends with nothing.
    RetMissing,
}

/// An instruction of the loop: sixteen bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fast {
    pub op: FastOp,
    pub a: u8,
    pub b: u8,
    pub c: u8,
    pub lo: u16,
    pub to: u16,
    pub word: u64,
}

impl Fast {
    fn new(op: FastOp, i: Instr) -> Fast {
        Fast {
            op,
            a: i.a,
            b: i.b,
            c: i.c,
            lo: i.lo,
            to: i.hi,
            word: 0,
        }
    }

    /// A slot's presence bit is bit `lo` of word `c` of its row, its value is word `word`.
    fn slot(op: FastOp, i: Instr) -> Fast {
        Fast {
            lo: i.lo % 64,
            c: (i.lo / 64) as u8,
            word: u64::from(i.c) + u64::from(i.lo),
            ..Fast::new(op, i)
        }
    }
}

/// Of a comparison that no jump follows: its result is never this.
const NO_JUMP: u16 = 2;

/// A chunk as the loop runs it.
#[derive(Debug)]
pub(super) struct Fused {
    pub code: Box<[Fast]>,
    /// The original, with layouts put in: what [`FastOp::Step`] and a compiler read.
    pub plain: Box<[Instr]>,
}

/// Puts instructions together.
pub(super) fn fuse(
    plain: Box<[Instr]>,
    constants: &[u64],
    layouts: &[(usize, usize)],
) -> Result<Fused, LoadError> {
    let mut is_target = vec![false; plain.len() + 1];
    let mut root_changes = [false; R_FREE as usize];
    for i in &plain {
        if jumps(i.op) {
            let to = is_target.get_mut(usize::from(i.hi));
            *to.ok_or(LoadError::Invalid("jump"))? = true;
        }
        if let Some(changed) = root_changes.get_mut(usize::from(i.a))
            && writes(i.op)
        {
            *changed = true;
        }
    }
    let mut fuser = Fuser {
        plain: &plain,
        constants,
        layouts,
        is_target: &is_target,
        root_changes,
    };
    let (mut code, mut places) = (Vec::with_capacity(plain.len()), vec![0u16; plain.len() + 1]);
    let mut at = 0;
    while at < plain.len() {
        places[at] = code.len() as u16;
        let (fast, taken) = fuser.at(at)?;
        code.push(fast);
        at += taken;
    }
    for fast in &mut code {
        if goes_somewhere(fast) {
            let to = places.get(usize::from(fast.to)).copied();
            fast.to = to.ok_or(LoadError::Invalid("jump"))?;
        }
    }
    Ok(Fused {
        code: code.into(),
        plain,
    })
}

fn goes_somewhere(fast: &Fast) -> bool {
    use FastOp::*;
    !matches!(
        fast.op,
        Load | Move
            | AddI
            | SubI
            | AddD
            | SubD
            | MulD
            | IntToDec
            | Not
            | Len
            | Ret
            | RetLoad
            | RetMissing
    )
}

struct Fuser<'a> {
    plain: &'a [Instr],
    constants: &'a [u64],
    layouts: &'a [(usize, usize)],
    is_target: &'a [bool],
    root_changes: [bool; R_FREE as usize],
}

impl Fuser<'_> {
    /// The instruction `at`, if it is there and nothing jumps to it.
    fn follows(&self, at: usize) -> Option<Instr> {
        let free = self.is_target.get(at) == Some(&false);
        self.plain.get(at).copied().filter(|_| free)
    }

    /// What the instruction at a place becomes, with those behind it that go into it; and how many they are.
    fn at(&mut self, at: usize) -> Result<(Fast, usize), LoadError> {
        let i = self.plain[at];
        if let Some(word) = self.loads(i)? {
            return Ok(self.load(at, i, word));
        }
        if let Some(op) = comparison(i.op, false) {
            return Ok(self.compare(at, Fast::new(op, i), 1));
        }
        let one = |fast: Fast| Ok((fast, 1));
        let is_root = |row: u8| row < R_FREE && !self.root_changes[usize::from(row)];
        match i.op {
            Op::Move => match self.follows(at + 1) {
                Some(next) if next.op == Op::Ret && next.a == i.a => {
                    let fast = Fast::new(FastOp::Ret, Instr { a: i.b, ..i });
                    Ok((fast, 2))
                }
                _ => one(Fast::new(FastOp::Move, i)),
            },
            Op::Slot if is_root(i.b) => one(Fast::slot(FastOp::Root, i)),
            Op::Slot => one(Fast::slot(FastOp::Slot, i)),
            Op::Has if is_root(i.b) => one(Fast::slot(FastOp::HasRoot, i)),
            Op::Jump if usize::from(i.hi) <= at => one(Fast {
                word: (at + 1 - usize::from(i.hi)) as u64,
                ..Fast::new(FastOp::Back, i)
            }),
            Op::Jump => one(Fast::new(FastOp::Jump, i)),
            Op::JumpTrue => one(Fast::new(FastOp::IfTrue, i)),
            Op::JumpFalse => one(Fast::new(FastOp::IfFalse, i)),
            Op::AddI => one(Fast::new(FastOp::AddI, i)),
            Op::SubI => one(Fast::new(FastOp::SubI, i)),
            Op::AddD => one(Fast::new(FastOp::AddD, i)),
            Op::SubD => one(Fast::new(FastOp::SubD, i)),
            Op::MulD => one(Fast::new(FastOp::MulD, i)),
            Op::DivD => one(Fast::new(FastOp::DivD, i)),
            Op::IntToDec => one(Fast::new(FastOp::IntToDec, i)),
            Op::Not => one(Fast::new(FastOp::Not, i)),
            Op::Len => one(Fast::new(FastOp::Len, i)),
            Op::Next => one(self.over_rows(FastOp::Next, i)?),
            Op::Elem => one(self.over_rows(FastOp::Elem, i)?),
            Op::Ret => one(Fast::new(FastOp::Ret, i)),
            Op::RetMissing => one(Fast::new(FastOp::RetMissing, i)),
            _ => one(Fast {
                word: at as u64,
                to: if jumps(i.op) { i.hi } else { 0 },
                ..Fast::new(FastOp::Step, i)
            }),
        }
    }

    fn over_rows(&self, op: FastOp, i: Instr) -> Result<Fast, LoadError> {
        let layout = self.layouts.get(usize::from(i.lo));
        let (_, stride) = layout.ok_or(LoadError::Invalid("shape"))?;
        Ok(Fast {
            word: *stride as u64,
            ..Fast::new(op, i)
        })
    }

    /// The word that an instruction loads, if that is all it does.
    fn loads(&self, i: Instr) -> Result<Option<u64>, LoadError> {
        Ok(Some(match i.op {
            Op::Const => *self
                .constants
                .get(usize::from(i.lo))
                .ok_or(LoadError::Invalid("constant"))?,
            Op::Int => i64::from(i.imm()) as u64,
            Op::Bool => u64::from(i.lo & 1),
            Op::Unknown => 2,
            _ => return Ok(None),
        }))
    }

    /// A load, with the comparison or the return behind it.
    fn load(&self, at: usize, i: Instr, word: u64) -> (Fast, usize) {
        if let Some(next) = self.follows(at + 1) {
            if next.op == Op::Ret && next.a == i.a {
                let fast = Fast {
                    word,
                    ..Fast::new(FastOp::RetLoad, i)
                };
                return (fast, 2);
            }
            if let Some(op) = comparison(next.op, true)
                && (next.b == i.a || next.c == i.a)
            {
                let fast = Fast {
                    word,
                    lo: u16::from(i.a) << 8,
                    ..Fast::new(op, next)
                };
                return self.compare(at, fast, 2);
            }
        }
        let fast = Fast {
            word,
            to: 0,
            ..Fast::new(FastOp::Load, i)
        };
        (fast, 1)
    }

    /// A comparison of `taken` instructions so far, with the jump behind it.
    fn compare(&self, at: usize, fast: Fast, taken: usize) -> (Fast, usize) {
        let kept = fast.lo & 0xFF00;
        let on = match self.follows(at + taken) {
            Some(next) if next.a == fast.a && next.op == Op::JumpTrue => Some((next.hi, 1)),
            Some(next) if next.a == fast.a && next.op == Op::JumpFalse => Some((next.hi, 0)),
            _ => None,
        };
        match on {
            Some((to, lo)) => (
                Fast {
                    to,
                    lo: kept | lo,
                    ..fast
                },
                taken + 1,
            ),
            None => (
                Fast {
                    to: 0,
                    lo: kept | NO_JUMP,
                    ..fast
                },
                taken,
            ),
        }
    }
}

fn comparison(op: Op, constant: bool) -> Option<FastOp> {
    use FastOp as F;
    let (plain, with) = match op {
        Op::EqI => (F::EqI, F::EqIK),
        Op::LtI => (F::LtI, F::LtIK),
        Op::LeI => (F::LeI, F::LeIK),
        Op::EqD => (F::EqD, F::EqDK),
        Op::LtD => (F::LtD, F::LtDK),
        Op::LeD => (F::LeD, F::LeDK),
        Op::EqT => (F::EqT, F::EqTK),
        Op::LtT => (F::LtT, F::LtTK),
        Op::LeT => (F::LeT, F::LeTK),
        Op::EqS => (F::EqS, F::EqSK),
        _ => return None,
    };
    Some(if constant { with } else { plain })
}
