//! What the interpreter's loop runs: instructions put together by [`super::fuse`].
//!
//! An instruction may have a read of a slot and a constant in front of it, and a comparison a jump behind it; so most conditions are
//! one instruction a clause. Never true here: a meaning; that is [`super::run`]'s.

use journey_artifact::code::Instr;

/// What an instruction of the loop does. `K`: first `k ← word`. `R`: first `into ← a slot`, or →miss.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FastOp {
    /// `a ← word`.
    Load,
    /// `a ← b`.
    Move,
    /// `into ← a slot` →to; missing →miss.
    Read,
    /// A slot is there →to; missing →miss.
    Has,
    /// →to.
    Jump,
    /// →to, which is a loop's head; costs `word`.
    Back,
    /// If `a` is true →to.
    IfTrue,
    /// If `a` is false →to.
    IfFalse,
    /// `a ← b == c` (and so on); if that is `want` →to.
    EqI,
    EqIK,
    EqIR,
    EqIRK,
    LtI,
    LtIK,
    LtIR,
    LtIRK,
    LeI,
    LeIK,
    LeIR,
    LeIRK,
    EqD,
    EqDK,
    EqDR,
    EqDRK,
    LtD,
    LtDK,
    LtDR,
    LtDRK,
    LeD,
    LeDK,
    LeDR,
    LeDRK,
    EqT,
    EqTK,
    LtT,
    LtTK,
    LeT,
    LeTK,
    /// Two texts by their order.
    LtS,
    LtSK,
    LeS,
    LeSK,
    /// Two texts.
    EqS,
    /// The text that `b` names and a constant one, of which `text` holds the bytes if they are few.
    EqSK,
    EqSRK,
    /// `a ← b is in set number word`; if that is `want` →to.
    In,
    InR,
    /// A slot against `word`: if the result is `want` →to; missing →miss. No register is written.
    EqIC,
    LtIC,
    LeIC,
    GtIC,
    GeIC,
    EqDC,
    LtDC,
    LeDC,
    GtDC,
    GeDC,
    EqSC,
    /// A slot in set number `word`, in the same way.
    InC,
    /// `a ← b + c` and so on.
    AddI,
    AddIK,
    AddIR,
    SubI,
    SubIK,
    SubIR,
    MulI,
    MulIK,
    MulIR,
    AddD,
    AddDK,
    AddDR,
    SubD,
    SubDK,
    SubDR,
    MulD,
    MulDK,
    MulDR,
    /// Divisor zero →to.
    DivD,
    DivDK,
    DivDR,
    /// Divisor zero →to.
    DivI,
    DivIK,
    DivIR,
    RemI,
    RemIK,
    RemIR,
    IntToDec,
    Not,
    Len,
    /// Loop head over rows of `word` words: `a ← row number c of list b`, `c ← c + 1`; at the end →to.
    Next,
    /// Back to a loop head, which costs `text`, and that head itself; with another row →miss.
    BackNext,
    /// Row `c` of list `b`, of rows of `word` words.
    Elem,
    /// `a ← the present instant`, as reading number `text` says.
    Now,
    /// `a ← reading number text` of what is in `b` and behind it; if that is `want` →to; without a value →to.
    Clock,
    ClockK,
    ClockR,
    ClockRK,
    /// `a ← what function number word, which only looks, says of the c registers from b`; missing →to.
    Look,
    /// The original instruction number `word`, by [`super::step`].
    Step,
    /// `a ← what shortcut number word says of the text in b` →to; without an answer it goes on behind.
    Short,
    /// If question number `word` about a slot has the answer `want` →to, else →text; without an answer it goes on behind.
    Around,
    /// Ends with `a`.
    Ret,
    /// Ends with `word`.
    RetLoad,
    /// Ends with nothing.
    RetMissing,
}

/// Of a comparison that no jump follows: its result is never this.
pub(super) const NO_JUMP: u8 = 2;
/// Where a slot's row is: below this the root row of a record, else in a register.
pub(super) const IN_REGISTER: u8 = 3;
/// Most bytes of a constant text that stand in the instruction.
pub(super) const SHORT: u32 = 8;

/// An instruction of the loop: half a cache line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fast {
    pub op: FastOp,
    pub a: u8,
    pub b: u8,
    pub c: u8,
    /// On which result a comparison jumps.
    pub want: u8,
    /// The register that a constant goes to.
    pub k: u8,
    /// The register that a slot's value goes to.
    pub into: u8,
    /// Which record's root row has the slot, or [`IN_REGISTER`].
    pub from: u8,
    /// The register that names the row.
    pub row: u8,
    /// Presence words of the row.
    pub presence: u8,
    /// The slot's number.
    pub slot: u16,
    pub to: u16,
    pub miss: u16,
    pub word: u64,
    /// The first bytes of a constant text.
    pub text: u64,
}

impl Fast {
    /// An instruction as it stands.
    pub fn new(op: FastOp, i: Instr) -> Fast {
        Fast {
            op,
            a: i.a,
            b: i.b,
            c: i.c,
            want: NO_JUMP,
            k: 0,
            into: 0,
            from: 0,
            row: 0,
            presence: 0,
            slot: 0,
            to: if i.op.jumps() { i.hi } else { 0 },
            miss: 0,
            word: 0,
            text: 0,
        }
    }

    /// As a clause that writes no register, if there is one for it: a read, a constant and a comparison of the two, or a read and a look
    /// into a set.
    pub fn as_clause(self) -> Option<Fast> {
        use FastOp::*;
        if self.op == InR {
            let jumps = self.b == self.into && self.want != NO_JUMP;
            return jumps.then_some(Fast { op: InC, ..self });
        }
        let slot_first = self.b == self.into && self.c == self.k;
        let slot_last = self.c == self.into && self.b == self.k;
        let op = match (self.op, slot_first, slot_last) {
            (EqIRK, true, _) | (EqIRK, _, true) => EqIC,
            (LtIRK, true, _) => LtIC,
            (LtIRK, _, true) => GtIC,
            (LeIRK, true, _) => LeIC,
            (LeIRK, _, true) => GeIC,
            (EqDRK, true, _) | (EqDRK, _, true) => EqDC,
            (LtDRK, true, _) => LtDC,
            (LtDRK, _, true) => GtDC,
            (LeDRK, true, _) => LeDC,
            (LeDRK, _, true) => GeDC,
            // Its other side is the text that is compared, whichever side that was.
            (EqSRK, ..) if self.b == self.into => EqSC,
            _ => return None,
        };
        (self.into != self.k && self.want != NO_JUMP).then_some(Fast { op, ..self })
    }

    /// The registers that are not written when it is a clause: of the slot, of the result, of the constant if there is one.
    pub fn unwritten(self) -> impl Iterator<Item = u8> {
        let constant = (self.op != FastOp::InC).then_some(self.k);
        [self.into, self.a].into_iter().chain(constant)
    }

    /// With a constant in front of it.
    pub fn after_constant(self, k: u8, word: u64) -> Fast {
        Fast { k, word, ..self }
    }

    /// With the read of a slot in front of it.
    pub fn after_read(self, read: Fast) -> Fast {
        Fast {
            into: read.into,
            from: read.from,
            row: read.row,
            presence: read.presence,
            slot: read.slot,
            miss: read.miss,
            ..self
        }
    }
}
