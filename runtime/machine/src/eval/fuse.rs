//! From the instructions of a chunk to what the interpreter's loop runs.
//!
//! A read, a constant, a comparison and the jump on it become one; slots of the three root rows are told from slots of other rows;
//! what returns a constant is one instruction. What an instruction of the original leaves in a register is still left there, unless
//! nobody but what it was put together with reads that register anywhere. Comes in: instructions with layouts put in. Goes out: [`Fast`] instructions and the
//! original. Never true here: a jump into the middle of what was put together.

use super::around::Around;
use super::clock::Reading;
use super::decide::is_clauses;
use super::fast::{Fast, FastOp, IN_REGISTER, SHORT};
use super::load_error::LoadError;
use super::ops::{compares, compares_texts};
use super::shortcut::Shortcut;
use super::tables::Tables;
use crate::func::{Called, Clock};
use journey_artifact::code::{Instr, Op, R_FREE};
use journey_artifact::word::Ref;

/// A chunk as the loop runs it.
#[derive(Debug)]
pub(super) struct Fused {
    pub code: Box<[Fast]>,
    /// The original, with layouts put in: what [`FastOp::Step`] and a compiler read.
    pub plain: Box<[Instr]>,
    /// Whether [`super::decide`] can tell.
    pub is_clauses: bool,
    /// What calls may be carried out together: [`FastOp::Short`] names them by number.
    pub shortcuts: Box<[(usize, Shortcut)]>,
    /// What calls need no native, by instruction: [`FastOp::Clock`] names them by number.
    pub readings: Box<[(usize, Reading)]>,
    /// What is asked of slots that are instants: [`FastOp::Around`] names them by number.
    pub arounds: Box<[(usize, Around)]>,
    /// Whether the registers of the three root rows are read, and not only slots of those rows.
    pub names_roots: bool,
}

/// What was found in a chunk, each by its first instruction.
pub(super) struct Found {
    pub shortcuts: Vec<(usize, Shortcut)>,
    pub readings: Vec<(usize, Reading)>,
    pub arounds: Vec<(usize, Around)>,
}

/// Puts instructions together.
pub(super) fn fuse(
    plain: Box<[Instr]>,
    is_target: &[bool],
    found: Found,
    tables: &Tables,
    text: &str,
) -> Result<Fused, LoadError> {
    // Each stands before its calls: where places could not be told in 16 bits any more, there are none.
    let Found {
        shortcuts,
        readings,
        arounds,
    } = found;
    let more = shortcuts.len() + arounds.len();
    let (shortcuts, arounds) = match plain.len() + more <= usize::from(u16::MAX) {
        true => (shortcuts, arounds),
        false => (Vec::new(), Vec::new()),
    };
    let mut root_changes = [false; R_FREE as usize];
    let mut names_roots = false;
    let mut read_by = [0u16; 256];
    for i in &plain {
        for register in i.reads() {
            read_by[usize::from(register)] = read_by[usize::from(register)].saturating_add(1);
        }
        if let Some(changed) = root_changes.get_mut(usize::from(i.a))
            && i.op.writes()
        {
            *changed = true;
        }
        names_roots |= !matches!(i.op, Op::Slot | Op::Has) && i.reads().any(|read| read < R_FREE);
    }
    let fuser = Fuser {
        plain: &plain,
        tables,
        text,
        is_target,
        root_changes,
        readings: &readings,
    };
    names_roots |= root_changes.contains(&true);
    let (mut code, mut places) = (Vec::with_capacity(plain.len()), vec![0u16; plain.len() + 1]);
    let mut at = 0;
    let mut ahead = shortcuts.iter().zip(0..).peekable();
    let mut asked = arounds.iter().zip(0..).peekable();
    while at < plain.len() {
        places[at] = code.len() as u16;
        if let Some(((_, shortcut), number)) = ahead.next_if(|((first, _), _)| *first == at) {
            // Behind it stand the calls themselves, for where it has no answer.
            code.push(Fast {
                a: shortcut.into,
                b: shortcut.text,
                to: shortcut.next as u16,
                word: number,
                ..Fast::new(FastOp::Short, plain[at])
            });
        }
        // What stands in what was put together before has no place of its own.
        while asked.next_if(|((first, _), _)| *first < at).is_some() {}
        if let Some(((_, around), number)) = asked.next_if(|((first, _), _)| *first == at) {
            code.push(Fast {
                op: FastOp::Around,
                want: around.want.into(),
                to: around.to,
                word: number,
                text: around.next.into(),
                ..fuser.slot(plain[at])
            });
        }
        let (fast, taken) = fuser.at(at)?;
        code.push(fast);
        at += taken;
    }
    places[plain.len()] = code.len() as u16;
    make_clauses(&mut code, &mut read_by);
    for fast in &mut code {
        for target in [&mut fast.to, &mut fast.miss] {
            let place = places.get(usize::from(*target)).copied();
            *target = place.ok_or(LoadError::Invalid("jump"))?;
        }
        if fast.op == FastOp::Around {
            let place = places.get(fast.text as usize).copied();
            fast.text = place.ok_or(LoadError::Invalid("jump"))?.into();
        }
    }
    Ok(Fused {
        is_clauses: is_clauses(&code),
        code: code.into(),
        plain,
        shortcuts: shortcuts.into(),
        readings: readings.into(),
        arounds: arounds.into(),
        names_roots,
    })
}

/// What a read, a constant and a comparison put into registers need not be there when only they read those registers.
fn make_clauses(code: &mut [Fast], read_by: &mut [u16; 256]) {
    for fast in code.iter() {
        if let Some(clause) = fast.as_clause() {
            // The comparison reads slot and constant, the jump the result.
            for register in clause.unwritten() {
                read_by[usize::from(register)] = read_by[usize::from(register)].saturating_sub(1);
            }
        }
    }
    for fast in code {
        if let Some(clause) = fast.as_clause()
            && clause.unwritten().all(|r| read_by[usize::from(r)] == 0)
        {
            *fast = clause;
        }
    }
}

struct Fuser<'a> {
    plain: &'a [Instr],
    tables: &'a Tables,
    /// The text of the constants.
    text: &'a str,
    is_target: &'a [bool],
    readings: &'a [(usize, Reading)],
    root_changes: [bool; R_FREE as usize],
}

/// What an instruction becomes, and how many of the original that takes.
type Taken = Result<(Fast, usize), LoadError>;

impl Fuser<'_> {
    /// The instruction `at`, if it is there and nothing jumps to it.
    fn follows(&self, at: usize) -> Option<Instr> {
        let free = self.is_target.get(at) == Some(&false);
        self.plain.get(at).copied().filter(|_| free)
    }

    fn at(&self, at: usize) -> Taken {
        let i = self.plain[at];
        if let Some(word) = self.loads(i)? {
            return Ok(self.load(at, i, word));
        }
        if let Some([Some(op), ..]) = self.forms(at, i.op) {
            return Ok(self.with_jump(at, with_set(Fast::new(op, i), i), 1));
        }
        let one = |fast: Fast| Ok((fast, 1));
        match i.op {
            Op::Slot => self.read(at, i),
            Op::Has => {
                let (to, taken) = self.goes_on(at + 1);
                let has = Fast::new(FastOp::Has, i).after_read(self.slot(i));
                Ok((Fast { to, ..has }, taken + 1))
            }
            Op::Move => match self.follows(at + 1) {
                Some(next) if next.op == Op::Ret && next.a == i.a => {
                    let fast = Fast::new(FastOp::Ret, Instr { a: i.b, ..i });
                    Ok((fast, 2))
                }
                _ => one(Fast::new(FastOp::Move, i)),
            },
            Op::Jump if usize::from(i.hi) <= at => {
                let cost = (at + 1 - usize::from(i.hi)) as u64;
                let head = self.plain[usize::from(i.hi)];
                one(match head.op {
                    Op::Next => Fast {
                        text: cost,
                        miss: i.hi + 1,
                        ..self.over_rows(FastOp::BackNext, head)?
                    },
                    _ => Fast {
                        word: cost,
                        ..Fast::new(FastOp::Back, i)
                    },
                })
            }
            Op::Jump => one(Fast::new(FastOp::Jump, i)),
            Op::JumpTrue => one(Fast::new(FastOp::IfTrue, i)),
            Op::JumpFalse => one(Fast::new(FastOp::IfFalse, i)),
            Op::IntToDec => one(Fast::new(FastOp::IntToDec, i)),
            Op::Not => one(Fast::new(FastOp::Not, i)),
            Op::Len => one(Fast::new(FastOp::Len, i)),
            Op::Next => one(self.over_rows(FastOp::Next, i)?),
            Op::Elem => one(self.over_rows(FastOp::Elem, i)?),
            Op::Call if self.looks(i) => one(Fast {
                word: i.lo.into(),
                ..Fast::new(FastOp::Look, i)
            }),
            Op::Ret => one(Fast::new(FastOp::Ret, i)),
            Op::RetMissing => one(Fast::new(FastOp::RetMissing, i)),
            _ => one(Fast {
                word: at as u64,
                ..Fast::new(FastOp::Step, i)
            }),
        }
    }

    /// Whether a call is of a function that only looks.
    fn looks(&self, i: Instr) -> bool {
        let import = self.tables.import(i.lo);
        import.is_ok_and(|import| matches!(import.called, Called::Looks(_)))
    }

    fn over_rows(&self, op: FastOp, i: Instr) -> Result<Fast, LoadError> {
        let layout = self.tables.layouts.get(usize::from(i.lo));
        let (_, stride) = layout.ok_or(LoadError::Invalid("shape"))?;
        Ok(Fast {
            word: *stride as u64,
            ..Fast::new(op, i)
        })
    }

    /// Where a slot is.
    fn slot(&self, i: Instr) -> Fast {
        let is_root = i.b < R_FREE && !self.root_changes[usize::from(i.b)];
        Fast {
            into: i.a,
            from: if is_root { i.b } else { IN_REGISTER },
            row: i.b,
            presence: i.c,
            slot: i.lo,
            miss: i.hi,
            ..Fast::new(FastOp::Read, i)
        }
    }

    /// Where it goes on at a place, and how many instructions are passed over: a jump forward is followed at once.
    fn goes_on(&self, at: usize) -> (u16, usize) {
        match self.follows(at) {
            Some(next) if next.op == Op::Jump && usize::from(next.hi) > at => (next.hi, 1),
            _ => (at as u16, 0),
        }
    }

    /// A slot, with what reads it.
    fn read(&self, at: usize, i: Instr) -> Taken {
        let slot = self.slot(i);
        if let Some(next) = self.follows(at + 1) {
            if let Some([_, _, Some(op), _]) = self.forms(at + 1, next.op) {
                let fast = with_set(Fast::new(op, next), next).after_read(slot);
                return Ok(self.with_jump(at, fast, 2));
            }
            if let Some(word) = self.loads(next)?
                && let Some(then) = self.follows(at + 2)
                && let Some([_, _, _, Some(op)]) = self.forms(at + 2, then.op)
                && let Some(fast) = self.with_constant(op, then, next.a, word)
            {
                return Ok(self.with_jump(at, fast.after_read(slot), 3));
            }
        }
        let (to, taken) = self.goes_on(at + 1);
        Ok((Fast { to, ..slot }, taken + 1))
    }

    /// The word that an instruction loads, if that is all it does.
    fn loads(&self, i: Instr) -> Result<Option<u64>, LoadError> {
        Ok(Some(match i.op {
            Op::Const => *self
                .tables
                .constants
                .get(usize::from(i.lo))
                .ok_or(LoadError::Invalid("constant"))?,
            Op::Int => i64::from(i.imm()) as u64,
            Op::Bool => u64::from(i.lo & 1),
            Op::Unknown => 2,
            _ => return Ok(None),
        }))
    }

    /// A load, with the comparison, the operation or the return behind it.
    fn load(&self, at: usize, i: Instr, word: u64) -> (Fast, usize) {
        if let Some(next) = self.follows(at + 1) {
            if next.op == Op::Ret && next.a == i.a {
                let fast = Fast {
                    word,
                    ..Fast::new(FastOp::RetLoad, i)
                };
                return (fast, 2);
            }
            if let Some([_, Some(op), ..]) = self.forms(at + 1, next.op)
                && let Some(fast) = self.with_constant(op, next, i.a, word)
            {
                return self.with_jump(at, fast, 2);
            }
        }
        let fast = Fast {
            word,
            ..Fast::new(FastOp::Load, i)
        };
        (fast, 1)
    }

    /// An operation behind a constant; `None` for texts when the constant is not one side of the comparison.
    fn with_constant(&self, op: FastOp, i: Instr, k: u8, word: u64) -> Option<Fast> {
        let fast = Fast::new(op, i).after_constant(k, word);
        if i.op != Op::EqS {
            return Some(fast);
        }
        let other = match (i.b == k, i.c == k) {
            (false, true) => i.b,
            (true, false) => i.c,
            _ => return None,
        };
        let (from, len) = (Ref(word).offset() as usize, Ref(word).len());
        let bytes = self.text.as_bytes();
        let bytes = bytes.get(from..from + len.min(SHORT) as usize)?;
        let text = bytes
            .iter()
            .rev()
            .fold(0, |text, byte| text << 8 | u64::from(*byte));
        Some(Fast {
            b: other,
            text,
            ..fast
        })
    }

    /// The call `at`, if it needs no native, and its number.
    fn reading(&self, at: usize) -> Option<(u64, &Reading)> {
        let found = self
            .readings
            .binary_search_by_key(&at, |(at, _)| *at)
            .ok()?;
        Some((found as u64, &self.readings[found].1))
    }

    /// The instruction `at` by itself, behind a constant, behind a read, behind both.
    fn forms(&self, at: usize, op: Op) -> Option<[Option<FastOp>; 4]> {
        use FastOp::{Clock as Plain, ClockK, ClockR, ClockRK, Now};
        match self.reading(at) {
            Some((_, reading)) if reading.what == Clock::Now => Some([Some(Now), None, None, None]),
            Some(_) => Some([Plain, ClockK, ClockR, ClockRK].map(Some)),
            None => forms(op),
        }
    }

    /// A comparison of `taken` instructions so far, with the jump behind it; any other operation as it is.
    fn with_jump(&self, at: usize, mut fast: Fast, taken: usize) -> (Fast, usize) {
        let reading = self.reading(at + taken - 1);
        if let Some((number, _)) = reading {
            fast.text = number;
        }
        // Such a truth is never missing.
        let asks = |(_, reading): (_, &Reading)| matches!(reading.what, Clock::Within(..));
        let decides = reading.is_some_and(asks);
        let Some(original) = self
            .plain
            .get(at + taken - 1)
            .filter(|i| decides || compares(i.op) || compares_texts(i.op) || i.op == Op::In)
        else {
            return (fast, taken);
        };
        let on = match self.follows(at + taken) {
            Some(next) if next.a == original.a && next.op == Op::JumpTrue => Some((next.hi, 1)),
            Some(next) if next.a == original.a && next.op == Op::JumpFalse => Some((next.hi, 0)),
            _ => None,
        };
        match on {
            Some((to, want)) => (Fast { to, want, ..fast }, taken + 1),
            None => (fast, taken),
        }
    }
}

/// With the number of its set, where it looks into one.
fn with_set(fast: Fast, i: Instr) -> Fast {
    match i.op {
        Op::In => Fast {
            word: u64::from(i.lo),
            ..fast
        },
        _ => fast,
    }
}

/// An operation by itself, behind a constant, behind a read, behind both.
fn forms(op: Op) -> Option<[Option<FastOp>; 4]> {
    use FastOp as F;
    let all = |plain, k, r, rk| Some([Some(plain), Some(k), Some(r), Some(rk)]);
    match op {
        Op::EqI => all(F::EqI, F::EqIK, F::EqIR, F::EqIRK),
        Op::LtI => all(F::LtI, F::LtIK, F::LtIR, F::LtIRK),
        Op::LeI => all(F::LeI, F::LeIK, F::LeIR, F::LeIRK),
        Op::EqD => all(F::EqD, F::EqDK, F::EqDR, F::EqDRK),
        Op::LtD => all(F::LtD, F::LtDK, F::LtDR, F::LtDRK),
        Op::LeD => all(F::LeD, F::LeDK, F::LeDR, F::LeDRK),
        Op::EqT => Some([Some(F::EqT), Some(F::EqTK), None, None]),
        Op::LtT => Some([Some(F::LtT), Some(F::LtTK), None, None]),
        Op::LeT => Some([Some(F::LeT), Some(F::LeTK), None, None]),
        Op::EqS => Some([Some(F::EqS), Some(F::EqSK), None, Some(F::EqSRK)]),
        Op::In => Some([Some(F::In), None, Some(F::InR), None]),
        Op::LtS => Some([Some(F::LtS), Some(F::LtSK), None, None]),
        Op::LeS => Some([Some(F::LeS), Some(F::LeSK), None, None]),
        Op::MulI => Some([Some(F::MulI), Some(F::MulIK), Some(F::MulIR), None]),
        Op::DivI => Some([Some(F::DivI), Some(F::DivIK), Some(F::DivIR), None]),
        Op::RemI => Some([Some(F::RemI), Some(F::RemIK), Some(F::RemIR), None]),
        Op::AddI => Some([Some(F::AddI), Some(F::AddIK), Some(F::AddIR), None]),
        Op::SubI => Some([Some(F::SubI), Some(F::SubIK), Some(F::SubIR), None]),
        Op::AddD => Some([Some(F::AddD), Some(F::AddDK), Some(F::AddDR), None]),
        Op::SubD => Some([Some(F::SubD), Some(F::SubDK), Some(F::SubDR), None]),
        Op::MulD => Some([Some(F::MulD), Some(F::MulDK), Some(F::MulDR), None]),
        Op::DivD => Some([Some(F::DivD), Some(F::DivDK), Some(F::DivDR), None]),
        _ => None,
    }
}
