//! The instruction set: a register machine over typed words.
//!
//! Why registers and not a stack: a condition reads a few slots and compares them; with registers each operand is named
//! once, an instruction is eight bytes, the interpreter's frame is a fixed `[u64; 256]` indexed by a `u8` (no bounds
//! check), and a register maps to one SSA variable when a JIT comes. Why no tags: types are static, so missing values are
//! control flow (a read names where to go when there is nothing), and a present value costs no test afterwards.
//!
//! Registers 0, 1 and 2 hold the profile row, the variables row and the input row when a chunk starts.
//! Jumps go forward, except `Jump` back to a [`Op::Next`], which always advances its cursor; fuel bounds the rest. A loop, from a `Next`
//! to the last `Jump` back to it, is entered at its head alone, and of two loops the one lies within the other or behind it: who
//! makes code follows a chunk once, from its start to its end.

use serde::{Deserialize, Serialize};

/// Register that holds the profile row at entry.
pub const R_PROFILE: u8 = 0;
/// Register that holds the instance's variables row at entry.
pub const R_VARS: u8 = 1;
/// Register that holds the input row (event, call arguments, response) at entry.
pub const R_INPUT: u8 = 2;
/// First register free for the compiler.
pub const R_FREE: u8 = 3;

/// One instruction: eight bytes. Which fields mean what is said at each [`Op`]; the others are zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[repr(C)] // In the order of the file, so that all of it is one word for those who look at it as one.
pub struct Instr {
    /// What to do.
    pub op: Op,
    /// Usually the destination register.
    pub a: u8,
    /// Usually the first operand register.
    pub b: u8,
    /// Usually the second operand register, or a count.
    pub c: u8,
    /// An index: constant, set, slot, import, shape; or the low half of an immediate.
    pub lo: u16,
    /// A jump target (instruction index in the chunk); or the high half of an immediate.
    pub hi: u16,
}

impl Instr {
    /// One with these fields.
    pub const fn new(op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) -> Instr {
        Instr {
            op,
            a,
            b,
            c,
            lo,
            hi,
        }
    }

    /// The 32-bit immediate in `lo` and `hi`.
    pub fn imm(self) -> i32 {
        (u32::from(self.lo) | (u32::from(self.hi) << 16)) as i32
    }

    /// All of it as one word: from the lowest byte on `op`, `a`, `b`, `c`, `lo`, `hi`, which is its form in a file.
    pub const fn word(self) -> u64 {
        let ([lo0, lo1], [hi0, hi1]) = (self.lo.to_le_bytes(), self.hi.to_le_bytes());
        u64::from_le_bytes([self.op as u8, self.a, self.b, self.c, lo0, lo1, hi0, hi1])
    }

    /// The instruction of a [`word`](Self::word); `None` where its lowest byte is no operation's code.
    pub const fn from_word(word: u64) -> Option<Instr> {
        let [op, a, b, c, lo0, lo1, hi0, hi1] = word.to_le_bytes();
        let Some(op) = Op::from_u8(op) else {
            return None;
        };
        let (lo, hi) = (
            u16::from_le_bytes([lo0, lo1]),
            u16::from_le_bytes([hi0, hi1]),
        );
        Some(Instr::new(op, a, b, c, lo, hi))
    }
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Operation codes. `→hi` means: continue at instruction `hi` of the chunk.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Op { $($(#[$doc])* $name = $code,)* }

        impl Op {
            /// The operation of a code byte; `None` for a byte that is none.
            pub const fn from_u8(code: u8) -> Option<Op> {
                match code { $($code => Some(Op::$name),)* _ => None }
            }

            /// The name as the disassembly prints it.
            pub fn name(self) -> &'static str {
                match self { $(Op::$name => stringify!($name),)* }
            }
        }
    };
}

ops! {
    /// `a ← constants[lo]`, of the constant's type.
    Const = 0,
    /// `a ← imm` as Int.
    Int = 1,
    /// `a ← lo` (0 or 1) as Bool.
    Bool = 2,
    /// `a ← 2` as Kleene: unknown.
    Unknown = 3,
    /// `a ← b`.
    Move = 4,
    /// `a ← slot lo of row b`; missing →hi.
    Slot = 5,
    /// If slot `lo` of row `b` is missing →hi.
    Has = 6,
    /// →hi. Backwards only to a `Next`.
    Jump = 7,
    /// If Bool/Kleene `a` is true (1) →hi.
    JumpTrue = 8,
    /// If Bool/Kleene `a` is false (0) →hi; unknown does not jump.
    JumpFalse = 9,
    /// `a ← b == c` on Bool, Int, Date, Local, Time, Duration, Period words (both of one type).
    EqI = 10,
    /// `a ← b < c` on Int, Date, Local, Time, Duration words, signed.
    LtI = 11,
    /// `a ← b <= c`, as `LtI`.
    LeI = 12,
    /// `a ← b == c` on Dec (IEEE: NaN equals nothing).
    EqD = 13,
    /// `a ← b < c` on Dec.
    LtD = 14,
    /// `a ← b <= c` on Dec.
    LeD = 15,
    /// `a ← b == c` on DateTime, as instants.
    EqT = 16,
    /// `a ← b < c` on DateTime, as instants.
    LtT = 17,
    /// `a ← b <= c` on DateTime, as instants.
    LeT = 18,
    /// `a ← b == c` on Str, byte by byte.
    EqS = 19,
    /// `a ← b < c` on Str, by bytes (code point order).
    LtS = 20,
    /// `a ← b <= c` on Str.
    LeS = 21,
    /// `a ← not b` on Bool.
    Not = 22,
    /// `a ← b and c` on Kleene.
    And3 = 23,
    /// `a ← b or c` on Kleene.
    Or3 = 24,
    /// `a ← not b` on Kleene.
    Not3 = 25,
    /// `a ← b + c` on Int (or both Duration), saturating.
    AddI = 26,
    /// `a ← b - c` on Int (or both Duration), saturating.
    SubI = 27,
    /// `a ← b * c` on Int, saturating.
    MulI = 28,
    /// `a ← b / c` on Int, truncated toward zero, saturating; divisor zero →hi.
    DivI = 29,
    /// `a ← b % c` on Int, sign of the dividend; divisor zero →hi.
    RemI = 30,
    /// `a ← -b` on Int (or Duration), saturating.
    NegI = 31,
    /// `a ← b + c` on Dec.
    AddD = 32,
    /// `a ← b - c` on Dec.
    SubD = 33,
    /// `a ← b * c` on Dec.
    MulD = 34,
    /// `a ← b / c` on Dec; divisor zero →hi.
    DivD = 35,
    /// `a ← b % c` on Dec (truncated remainder); divisor zero →hi.
    RemD = 36,
    /// `a ← -b` on Dec.
    NegD = 37,
    /// `a ← b` from Int to Dec (nearest).
    IntToDec = 38,
    /// `a ← imports[lo](registers b .. b+c)`; a missing result →hi.
    Call = 39,
    /// `a ← concatenation of the c Str registers from b`.
    Concat = 40,
    /// `a ← number of rows of list b`, as Int.
    Len = 41,
    /// `a ← row number c (Int register, from 0; negative counts from the end) of list b`; none →hi.
    Elem = 42,
    /// `a ← row of map b whose slot 0 equals Str c` (the first such); none →hi.
    Find = 43,
    /// Loop head: if Int cursor `c` < length of list `b` then `a ← row c; c ← c + 1`, else →hi. Costs fuel.
    Next = 44,
    /// `a ← new row of shape lo`, all slots missing.
    NewRow = 45,
    /// `slot lo of row a ← b`. The row must be one this chunk made.
    Set = 46,
    /// `a ← new empty list of shape lo` with room for as many rows as list `b` has.
    NewListLike = 47,
    /// `a ← new empty list of shape lo` with room for `hi` rows.
    NewList = 48,
    /// Appends a copy of row `b` (same shape) to list `a`, which this chunk made and which has room.
    PushRow = 49,
    /// Appends a row whose only slot is `b` to list `a` (single-slot shape).
    Push = 50,
    /// Appends a row whose only slot is missing to list `a` (single-slot shape).
    PushNull = 51,
    /// Ends with the value `a`.
    Ret = 52,
    /// Ends with no value (of a condition: unknown).
    RetMissing = 53,
    /// `a ← b is in sets[lo]`, as `==` on values of the set's type.
    In = 54,
    /// `a ← new list of shape hi (single-slot): slot lo of each row of list b`, missing where it is missing.
    Column = 55,
    /// `a ← new list of the different items of list b (single-slot shape) that are in sets[lo], as In says, or (hi = 0) are not`.
    Sift = 56,
}
