//! Programs that nobody wrote: instructions of the right types in random order.
//!
//! Each type has its registers, so that most programs pass the verifier. Jumps lead a little way on, to one of a few ends, or back to
//! the head of a loop. Comes in: random numbers. Goes out: artifacts of one chunk, which the verifier has not seen. Never true here: a wrong register for a type.

use super::data::shapes;
use super::functions::{ALONE, CLOCKS, FUNCTIONS};
use super::support::i;
use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Artifact, Chunk, Constant, Import, Set, StrId};
use journey_artifact::word::{ShapeId, WordType as W, date_time_word};
use journey_machine::eval::set::FACTORS;

/// Numbers below a bound.
pub type Random<'r> = &'r mut dyn FnMut(u64) -> u64;

const INTS: [u8; 3] = [3, 4, 5];
const DECIMALS: [u8; 2] = [6, 7];
const TEXTS: [u8; 3] = [8, 9, 10];
const BOOLS: [u8; 2] = [11, 12];
const ROW: u8 = 13;
const LIST: u8 = 14;
const INSTANT: u8 = 15;
const CURSORS: [u8; 2] = [16, 17];
const UNKNOWN: u8 = 18;
/// A list of numbers.
const NUMBERS: u8 = 24;
/// The last register there is.
const LAST: u8 = 255;

/// Slots of a root row that are read, beyond the first presence word too.
const OF_ROOT: [(&[u8], &[u16]); 7] = [
    (&INTS, &[0, 7, 8, 9, 63, 64, 67]),
    (&DECIMALS, &[1, 69]),
    (&TEXTS, &[2, 6, 68]),
    (&BOOLS, &[3, 71]),
    (&[INSTANT], &[4]),
    (&[LIST], &[5, 70]),
    (&[NUMBERS], &[72]),
];
/// Slots of an item.
const OF_ITEM: [(&[u8], &[u16]); 5] = [
    (&INTS, &[0]),
    (&DECIMALS, &[1]),
    (&TEXTS, &[2]),
    (&BOOLS, &[3]),
    (&[INSTANT], &[4]),
];

/// Constants: two decimals, three texts from here on, an instant.
const TEXT: u16 = 2;
const AN_INSTANT: u16 = 5;
/// Arguments, one behind the other, and what the call leaves there.
const ARGUMENTS: u8 = 19;
/// A jump that is yet to be given an end to go to, and a loop's head that is yet to be given a way out.
const AN_END: u16 = u16::MAX;
const A_WAY_OUT: u16 = u16::MAX - 1;

struct Maker<'r> {
    random: Random<'r>,
    code: Vec<Instr>,
    heads: Vec<usize>,
}

impl Maker<'_> {
    fn below(&mut self, bound: usize) -> usize {
        (self.random)(bound as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn put(&mut self, op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) {
        self.code.push(i(op, a, b, c, lo, hi));
    }

    /// A place a little way behind the instruction that is put next.
    fn on(&mut self) -> u16 {
        match self.below(6) {
            0 => AN_END,
            _ => (self.code.len() + 1 + self.below(8)) as u16,
        }
    }

    /// Now and then a jump on a truth.
    fn jump_on(&mut self, register: u8) {
        if self.below(2) == 0 {
            let (op, on) = (self.one(&[Op::JumpTrue, Op::JumpFalse]), self.on());
            self.put(op, register, 0, 0, 0, on);
        }
    }

    fn read(&mut self, row: u8, slots: &[(&[u8], &[u16])]) {
        let (registers, slots) = self.one(slots);
        let (a, slot, on) = (self.one(registers), self.one(slots), self.on());
        match self.below(5) {
            0 => self.put(Op::Has, 0, row, 0, slot, on),
            _ => self.put(Op::Slot, a, row, 0, slot, on),
        }
    }

    fn compare(&mut self) {
        let (ops, registers): ([Op; 3], &[u8]) = self.one(&[
            ([Op::EqI, Op::LtI, Op::LeI], &INTS[..]),
            ([Op::EqD, Op::LtD, Op::LeD], &DECIMALS[..]),
            ([Op::EqT, Op::LtT, Op::LeT], &[INSTANT][..]),
            ([Op::EqS, Op::EqS, Op::EqS], &TEXTS[..]),
            ([Op::EqS, Op::LtS, Op::LeS], &TEXTS[..]),
        ]);
        let (op, a) = (self.one(&ops), self.one(&BOOLS));
        let (b, c) = (self.one(registers), self.one(registers));
        if op == Op::EqS && self.below(3) > 0 {
            let text = TEXT + self.below(3) as u16;
            self.put(Op::Const, c, 0, 0, text, 0);
        }
        self.put(op, a, b, c, 0, 0);
        self.jump_on(a);
    }

    /// A value in a set of its type.
    fn look(&mut self) {
        let (set, registers): (u16, &[u8]) = self.one(&[
            (0, &TEXTS[..]),
            (1, &TEXTS[..]),
            (2, &INTS[..]),
            (3, &INTS[..]),
            (4, &DECIMALS[..]),
            (5, &[INSTANT][..]),
        ]);
        let (a, b) = (self.one(&BOOLS), self.one(registers));
        self.put(Op::In, a, b, 0, set, 0);
        self.jump_on(a);
    }

    fn calculate(&mut self) {
        let (a, b, c) = (self.one(&INTS), self.one(&INTS), self.one(&INTS));
        let (d, e, f) = (
            self.one(&DECIMALS),
            self.one(&DECIMALS),
            self.one(&DECIMALS),
        );
        let on = self.on();
        match self.below(8) {
            0 => {
                let op = self.one(&[Op::AddI, Op::SubI, Op::MulI]);
                self.put(op, a, b, c, 0, 0);
            }
            1 => {
                let op = self.one(&[Op::DivI, Op::RemI]);
                self.put(op, a, b, c, 0, on);
            }
            2 => {
                let op = self.one(&[Op::AddD, Op::SubD, Op::MulD]);
                self.put(op, d, e, f, 0, 0);
            }
            3 => {
                let op = self.one(&[Op::DivD, Op::RemD]);
                self.put(op, d, e, f, 0, on);
            }
            4 => self.put(Op::IntToDec, d, b, 0, 0, 0),
            5 => self.put(Op::NegD, d, e, 0, 0, 0),
            6 => self.put(Op::NegI, a, b, 0, 0, 0),
            _ => self.put(Op::Move, d, e, 0, 0, 0),
        }
    }

    fn truths(&mut self) {
        let (a, b, on) = (self.one(&BOOLS), self.one(&BOOLS), self.on());
        match self.below(5) {
            0 => self.put(Op::Not, a, b, 0, 0, 0),
            1 => {
                let op = self.one(&[Op::And3, Op::Or3]);
                self.put(op, UNKNOWN, UNKNOWN, b, 0, 0);
            }
            2 => {
                self.put(Op::JumpTrue, UNKNOWN, 0, 0, 0, on);
                self.put(Op::Not3, UNKNOWN, UNKNOWN, 0, 0, 0);
            }
            3 => self.put(Op::JumpTrue, a, 0, 0, 0, on),
            _ => self.put(Op::JumpFalse, a, 0, 0, 0, on),
        }
    }

    fn copy(&mut self) {
        let (a, b, n) = (self.one(&TEXTS), self.one(&TEXTS), self.below(3) as u16);
        let number = self.one(&INTS);
        match self.below(4) {
            0 => self.put(Op::Move, a, b, 0, 0, 0),
            1 => self.put(Op::Const, a, 0, 0, TEXT + n, 0),
            2 => self.put(Op::Int, number, 0, 0, n, 0),
            _ => self.put(Op::Len, number, LIST, 0, 0, 0),
        }
    }

    /// A loop's head, its end, or an element by itself.
    fn turn(&mut self) {
        match self.below(4) {
            0 => {
                let (index, on) = (self.one(&INTS), self.on());
                self.put(Op::Elem, ROW, LIST, index, 0, on);
            }
            1 if self.heads.len() < 3 => {
                let cursor = self.one(&CURSORS);
                if self.below(8) > 0 {
                    self.put(Op::Int, cursor, 0, 0, 0, 0);
                }
                self.heads.push(self.code.len());
                self.put(Op::Next, ROW, LIST, cursor, 0, A_WAY_OUT);
            }
            _ => match self.heads.last().copied() {
                None => {
                    let on = self.on();
                    self.put(Op::Jump, 0, 0, 0, 0, on);
                }
                Some(head) => {
                    self.put(Op::Jump, 0, 0, 0, 0, head as u16);
                    // It may go on behind this.
                    if self.below(2) == 0 {
                        self.heads.pop();
                        let out = self.code.len() + self.below(2);
                        self.code[head].hi = out as u16;
                    }
                }
            },
        }
    }

    /// A call that reads a clock.
    fn clock(&mut self) {
        let (which, on) = (self.below(CLOCKS.len()), self.on());
        let (_, params, result) = CLOCKS[which];
        let a = match result {
            W::DateTime => INSTANT,
            W::Int => self.one(&INTS),
            _ => self.one(&BOOLS),
        };
        if params.len() == 2 && self.below(2) == 0 {
            let number = self.below(5) as u16;
            self.put(Op::Int, CURSORS[0], 0, 0, number, 0);
        }
        let import = (FUNCTIONS.len() + which) as u16;
        self.put(Op::Call, a, INSTANT, params.len() as u8, import, on);
        if result == W::Bool {
            self.jump_on(a);
        }
    }

    /// Calls, some of which go through a text into a test against a constant.
    fn call(&mut self) {
        if self.below(3) == 0 {
            return self.clock();
        }
        let (a, b, on) = (self.one(&TEXTS), self.one(&TEXTS), self.on());
        let (through, constant) = (self.below(3) as u16, self.below(3) as u16);
        if self.below(3) == 0 {
            return self.put(Op::Call, a, b, 1, through, on);
        }
        let (text, part) = (TEXTS[0], TEXTS[1]);
        if self.below(2) == 0 {
            self.put(Op::Call, text, b, 1, through, on);
        }
        if self.below(5) == 0 {
            // Into a set of texts, of which nothing else is read.
            let (truth, set) = (self.one(&BOOLS), self.below(2) as u16);
            self.put(Op::In, truth, text, 0, set, 0);
            return self.jump_on(truth);
        }
        self.put(Op::Const, part, 0, 0, TEXT + constant, 0);
        let on = self.on();
        match self.below(5) {
            0 => {
                let number = self.one(&INTS);
                self.put(Op::Call, number, text, 2, 6, on);
            }
            1..=2 => {
                let truth = self.one(&BOOLS);
                let (one, other) = self.one(&[(text, part), (part, text)]);
                self.put(Op::EqS, truth, one, other, 0, 0);
                self.jump_on(truth);
            }
            _ => {
                let (truth, test) = (self.one(&BOOLS), 3 + self.below(3) as u16);
                self.put(Op::Call, truth, text, 2, test, on);
                self.jump_on(truth);
            }
        }
    }

    /// A call of any function, of registers of its arguments' types.
    fn call_alone(&mut self) {
        let n = ALONE + self.below(FUNCTIONS.len() - ALONE);
        let (_, params, result) = FUNCTIONS[n];
        for (ty, to) in params.iter().zip(ARGUMENTS..) {
            let from = self.of_type(*ty);
            self.put(Op::Move, to, from, 0, 0, 0);
        }
        let (to, on) = (self.of_type(result), self.on());
        let count = params.len() as u8;
        self.put(Op::Call, to, ARGUMENTS, count, n as u16, on);
        if result == W::Bool {
            self.jump_on(to);
        }
    }

    /// A register that holds words of a type.
    fn of_type(&mut self, ty: W) -> u8 {
        match ty {
            W::Int => self.one(&INTS),
            W::Dec => self.one(&DECIMALS),
            W::Bool => self.one(&BOOLS),
            W::DateTime => INSTANT,
            W::List(ShapeId(3)) => NUMBERS,
            W::List(_) => LIST,
            _ => self.one(&TEXTS),
        }
    }

    /// Texts, rows and lists that the evaluation makes.
    fn make(&mut self) {
        let (a, count) = (self.one(&TEXTS), 1 + self.below(3));
        match self.below(7) {
            0 => self.put(Op::Concat, a, TEXTS[0], count as u8, 0, 0),
            // In a loop its room is used up.
            2 => {
                if self.below(2) == 0 {
                    self.put(Op::NewList, NUMBERS, 0, 0, 3, 2 * count as u16);
                }
                let number = self.one(&INTS);
                match self.below(3) {
                    0 => self.put(Op::PushNull, NUMBERS, 0, 0, 0, 0),
                    _ => self.put(Op::Push, NUMBERS, number, 0, 0, 0),
                }
            }
            3 => self.put(Op::Column, NUMBERS, LIST, 0, 0, 3),
            4 => {
                let set = 2 + self.below(2) as u16;
                self.put(Op::Sift, NUMBERS, NUMBERS, 0, set, count as u16 % 2);
            }
            1 => {
                self.put(Op::NewRow, ROW, 0, 0, 1, 0);
                let (registers, slots) = self.one(&OF_ITEM);
                let word = self.one(registers);
                self.put(Op::Set, ROW, word, 0, slots[0], 0);
            }
            _ => {
                self.put(Op::NewList, LIST, 0, 0, 1, count as u16);
                self.put(Op::PushRow, LIST, ROW, 0, 0, 0);
            }
        }
    }

    /// A value in each register. `plain`: lists and rows of records alone, so that code may be a leaf.
    fn begin(&mut self, plain: bool) {
        for (n, register) in INTS.into_iter().enumerate() {
            self.put(Op::Int, register, 0, 0, n as u16, 0);
        }
        for (n, register) in DECIMALS.into_iter().chain(TEXTS).enumerate() {
            self.put(Op::Const, register, 0, 0, n as u16, 0);
        }
        for (n, register) in BOOLS.into_iter().enumerate() {
            self.put(Op::Bool, register, 0, 0, n as u16, 0);
        }
        for register in CURSORS {
            self.put(Op::Int, register, 0, 0, 0, 0);
        }
        self.put(Op::Const, INSTANT, 0, 0, AN_INSTANT, 0);
        self.put(Op::Unknown, UNKNOWN, 0, 0, 0, 0);
        if plain {
            let root = self.one(&[1, 2]);
            self.put(Op::Slot, LIST, root, 0, 5, AN_END);
            self.put(Op::Elem, ROW, LIST, CURSORS[0], 0, AN_END);
            self.put(Op::Slot, NUMBERS, root, 0, 72, AN_END);
        } else {
            self.put(Op::NewRow, ROW, 0, 0, 1, 0);
            self.put(Op::NewList, LIST, 0, 0, 1, 3);
            self.put(Op::NewList, NUMBERS, 0, 0, 3, 1);
            self.put(Op::Push, NUMBERS, INTS[0], 0, 0, 0);
        }
    }

    /// What the compiler would not write: results over their operands, rows in a root's register, the last register.
    fn bend(&mut self, from: usize) {
        for _ in 0..self.below(4) {
            let at = from + self.below(self.code.len() - from);
            let (i, over_first) = (self.code[at], self.below(2) == 0);
            let next = self.code.get(at + 1).map(|next| (next.op, next.a));
            match i.op {
                Op::EqI
                | Op::LtI
                | Op::LeI
                | Op::EqD
                | Op::LtD
                | Op::EqS
                | Op::EqT
                | Op::LtT
                | Op::In => {
                    let to = if over_first || i.op == Op::In {
                        i.b
                    } else {
                        i.c
                    };
                    self.code[at].a = to;
                    if let Some((Op::JumpTrue | Op::JumpFalse, register)) = next
                        && register == i.a
                    {
                        self.code[at + 1].a = to;
                    }
                }
                Op::Elem => self.code[at].a = 2,
                _ if self.below(4) == 0 => {
                    let old = 3 + self.below(15) as u8;
                    self.rename(old, LAST);
                }
                _ => {}
            }
        }
    }

    /// Another register for one, but where a run of them is read.
    fn rename(&mut self, old: u8, new: u8) {
        let tells = |op: Op| {
            matches!(
                op,
                Op::JumpTrue | Op::JumpFalse | Op::Ret | Op::Set | Op::PushRow | Op::Push
            )
        };
        let runs = |op: Op| matches!(op, Op::Call | Op::Concat);
        for i in self.code.iter_mut().filter(|i| !runs(i.op)) {
            if i.a == old && (i.op.writes() || tells(i.op)) {
                i.a = new;
            }
            for operand in [&mut i.b, &mut i.c] {
                if *operand == old {
                    *operand = new;
                }
            }
        }
    }

    /// Puts the ends behind all else, and gives every jump a place to go to.
    fn end(&mut self, result: u8, plain: bool) {
        let end = self.code.len() as u16;
        self.put(Op::JumpTrue, BOOLS[1], 0, 0, 0, end + 2);
        self.put(Op::Ret, result, 0, 0, 0, 0);
        self.put(Op::RetMissing, 0, 0, 0, 0, 0);
        self.put(Op::Bool, BOOLS[0], 0, 0, 1, 0);
        self.put(Op::Ret, result, 0, 0, 0, 0);
        self.put(Op::RetMissing, 0, 0, 0, 0, 0);
        let ends = [end, end + 3, end + 2, end];
        let (few, mut turn) = (if plain { 2 } else { 4 }, 0);
        for i in self.code[..usize::from(end)]
            .iter_mut()
            .filter(|i| i.op.jumps())
        {
            if i.hi > end {
                i.hi = ends[turn % few];
                turn += 1;
            }
        }
    }
}

/// Small numbers, and for each factor of a table's some that it puts in one place.
fn crowded() -> Vec<u64> {
    let crowd = |factor: u64| {
        let step =
            |inverse: u64, _| inverse.wrapping_mul(2u64.wrapping_sub(factor.wrapping_mul(inverse)));
        let inverse = (0..6).fold(factor, step);
        (1..20).map(move |n: u64| inverse.wrapping_mul(n))
    };
    let mut words: Vec<u64> = FACTORS.into_iter().flat_map(crowd).chain(0..5).collect();
    words.sort_unstable();
    words
}

/// A program over one shape as variables and as input; its result may be missing.
pub fn artifact(random: Random<'_>) -> Artifact {
    let (plain, len) = (random(2) == 0, 6 + random(40) as usize);
    let (result, ty) = [
        (BOOLS[1], W::Bool),
        (INTS[0], W::Int),
        (DECIMALS[0], W::Dec),
        (INSTANT, W::DateTime),
    ][random(4) as usize];
    let mut maker = Maker {
        random,
        code: Vec::new(),
        heads: Vec::new(),
    };
    maker.begin(plain);
    let from = maker.code.len();
    while maker.code.len() < from + len {
        let kinds = if plain { 26 } else { 34 };
        match maker.below(kinds) {
            0..=7 => {
                let root = maker.one(&[1, 2]);
                maker.read(root, &OF_ROOT);
            }
            8..=11 => maker.read(ROW, &OF_ITEM),
            12..=14 => maker.compare(),
            15 => maker.look(),
            16..=17 => maker.calculate(),
            18 => maker.truths(),
            19 => maker.copy(),
            20..=22 => maker.turn(),
            23 => maker.clock(),
            24..=25 => maker.call_alone(),
            26..=30 => maker.call(),
            _ => maker.make(),
        }
    }
    maker.end(result, plain);
    maker.bend(from);
    let code = maker.code;
    // Names for every slot, and no text twice.
    let mut strings: Vec<String> = (0..100).map(|n| format!("s{n}")).collect();
    let texts = ["abc", "order", ""];
    let names = FUNCTIONS.iter().chain(&CLOCKS).map(|(name, ..)| *name);
    for text in names.chain(texts) {
        if !strings.iter().any(|known| known == text) {
            strings.push(text.to_string());
        }
    }
    let place = |text: &str| strings.iter().position(|it| it == text).unwrap_or(0) as u32;
    let instant = date_time_word(5_000, 60).expect("an instant");
    let import = |(name, params, result): &(&str, &[W], W)| Import {
        name: StrId(place(name)),
        params: params.to_vec(),
        result: *result,
    };
    let texts = texts.map(place);
    let texts = texts.into_iter().map(|n| Constant::Text(StrId(n)));
    let decimals = [2.5f64, 0.0].map(|d| Constant::Word(W::Dec, d.to_bits()));
    Artifact {
        name: "t".into(),
        version: "1".into(),
        strings: strings.iter().map(String::as_str).collect(),
        constants: decimals
            .into_iter()
            .chain(texts)
            .chain([Constant::Word(W::DateTime, instant)])
            .collect(),
        sets: vec![
            Set::Texts((7..10).map(StrId).collect()),
            Set::Texts((8..90).map(StrId).collect()),
            Set::Words(W::Int, vec![0, 2, 7]),
            // What no table takes, and so is looked up in its order.
            Set::Words(W::Int, crowded()),
            Set::Words(W::Dec, vec![0, 2.5f64.to_bits()]),
            Set::Words(W::DateTime, vec![instant & !0xFFF]),
        ],
        shapes: shapes(),
        imports: FUNCTIONS.iter().chain(&CLOCKS).map(import).collect(),
        chunks: vec![Chunk {
            vars: Some(ShapeId(0)),
            input: Some(ShapeId(0)),
            registers: 256,
            result: ty,
            optional: true,
            code,
        }],
        ..Artifact::default()
    }
}
