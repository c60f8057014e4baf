//! A small program of three chunks, made by hand, and records for it.
#![allow(dead_code)]

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Artifact, Chunk, ChunkId, Constant, Import, Shape, Slot, StrId};
use journey_artifact::verify;
use journey_artifact::word::{Region, ShapeId, WordType as W};
use journey_machine::eval::{Env, Loaded};
use journey_machine::record::Record;
use journey_machine::time::Zone;

/// `kind == "order" and total > 100.0`
pub const LARGE_ORDER: ChunkId = ChunkId(0);
/// The sum of the items' prices.
pub const TOTAL: ChunkId = ChunkId(1);
/// `concat("hello ", upper(kind))`
pub const GREETING: ChunkId = ChunkId(2);

const INPUT: ShapeId = ShapeId(0);
const ITEM: ShapeId = ShapeId(1);

/// An instruction.
pub fn i(op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) -> Instr {
    Instr::new(op, a, b, c, lo, hi)
}

fn shape(slots: &[(u32, W)]) -> Shape {
    let slot = |(name, ty): &(u32, W)| Slot {
        name: StrId(*name),
        ty: *ty,
    };
    Shape {
        slots: slots.iter().map(slot).collect(),
    }
}

/// A row of these types, its slots named by the first texts.
pub fn row(types: &[W]) -> Shape {
    let named: Vec<(u32, W)> = (0..).zip(types.iter().copied()).collect();
    shape(&named)
}

fn chunk(result: W, optional: bool, code: Vec<Instr>) -> Chunk {
    Chunk {
        vars: None,
        input: Some(INPUT),
        registers: 12,
        result,
        optional,
        code,
    }
}

/// The program, verified and loaded.
pub fn loaded() -> Loaded {
    Loaded::new(verify(artifact()).expect("a valid artifact")).expect("functions of the table")
}

/// The program.
pub fn artifact() -> Artifact {
    let strings = [
        "t", "kind", "total", "items", "price", "order", "hello ", "upper",
    ];
    Artifact {
        name: "t".into(),
        version: "1".into(),
        strings: strings.into_iter().collect(),
        constants: vec![
            Constant::Text(StrId(5)),
            Constant::Word(W::Dec, 100f64.to_bits()),
            Constant::Word(W::Dec, 0f64.to_bits()),
            Constant::Text(StrId(6)),
        ],
        shapes: vec![
            shape(&[(1, W::Str), (2, W::Dec), (3, W::List(ITEM))]),
            shape(&[(4, W::Dec)]),
        ],
        imports: vec![Import {
            name: StrId(7),
            params: vec![W::Str],
            result: W::Str,
        }],
        chunks: vec![
            chunk(
                W::Bool,
                true,
                vec![
                    i(Op::Slot, 3, 2, 0, 0, 10),
                    i(Op::Const, 4, 0, 0, 0, 0),
                    i(Op::EqS, 5, 3, 4, 0, 0),
                    i(Op::JumpFalse, 5, 0, 0, 0, 8),
                    i(Op::Slot, 6, 2, 0, 1, 10),
                    i(Op::Const, 7, 0, 0, 1, 0),
                    i(Op::LtD, 5, 7, 6, 0, 0),
                    i(Op::Ret, 5, 0, 0, 0, 0),
                    i(Op::Bool, 5, 0, 0, 0, 0),
                    i(Op::Ret, 5, 0, 0, 0, 0),
                    i(Op::RetMissing, 0, 0, 0, 0, 0),
                ],
            ),
            chunk(
                W::Dec,
                true,
                vec![
                    i(Op::Slot, 3, 2, 0, 2, 8),
                    i(Op::Const, 4, 0, 0, 2, 0),
                    i(Op::Int, 5, 0, 0, 0, 0),
                    i(Op::Next, 6, 3, 5, 0, 7),
                    i(Op::Slot, 7, 6, 0, 0, 6),
                    i(Op::AddD, 4, 4, 7, 0, 0),
                    i(Op::Jump, 0, 0, 0, 0, 3),
                    i(Op::Ret, 4, 0, 0, 0, 0),
                    i(Op::RetMissing, 0, 0, 0, 0, 0),
                ],
            ),
            chunk(
                W::Str,
                true,
                vec![
                    i(Op::Const, 3, 0, 0, 3, 0),
                    i(Op::Slot, 5, 2, 0, 0, 5),
                    i(Op::Call, 4, 5, 1, 0, 5),
                    i(Op::Concat, 6, 3, 2, 0, 0),
                    i(Op::Ret, 6, 0, 0, 0, 0),
                    i(Op::RetMissing, 0, 0, 0, 0, 0),
                ],
            ),
        ],
        ..Artifact::default()
    }
}

/// Records to evaluate over.
pub struct World {
    pub input: Record,
    pub items: usize,
    none: Record,
    zone: Zone,
}

impl World {
    /// An order with so many items.
    pub fn new(program: &Loaded, items: usize) -> World {
        let shape = &program.artifact().shapes[INPUT.0 as usize];
        let mut input = Record::new(shape);
        let kind = input.push_str(Region::Input, "order").expect("room");
        input.set(shape, 0, kind);
        input.set(shape, 1, 250f64.to_bits());
        let at = input.push_zeros(items * 2).expect("room");
        for item in 0..items {
            input.words[at as usize + item * 2] = 1;
            input.words[at as usize + item * 2 + 1] = (item as f64 + 0.25).to_bits();
        }
        let list = journey_artifact::word::Ref::new(Region::Input, items as u32, at);
        input.set(shape, 2, list.0);
        World {
            input,
            items,
            none: Record::default(),
            zone: Zone::utc(),
        }
    }

    /// What an expression of `program` sees.
    pub fn env<'a>(&'a self, program: &'a Loaded) -> Env<'a> {
        Env {
            loaded: program,
            profile: &self.none,
            vars: &self.none,
            input: &self.input,
            now_ms: 0,
            zone: &self.zone,
        }
    }
}

/// Bytes of this process's memory that may be executed, and of these the ones that may be written too.
#[derive(Debug)]
pub struct CodePages {
    pub executable: usize,
    pub writable_too: usize,
}

/// What the system says of this process's pages; `None` where it says nothing.
pub fn code_pages() -> Option<CodePages> {
    let text = std::fs::read_to_string("/proc/self/maps").ok()?;
    let mut pages = CodePages {
        executable: 0,
        writable_too: 0,
    };
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next()?, words.next()?);
        if !rights.contains('x') {
            continue;
        }
        let (from, to) = range.split_once('-')?;
        let bytes = usize::from_str_radix(to, 16).ok()? - usize::from_str_radix(from, 16).ok()?;
        pages.executable += bytes;
        if rights.contains('w') {
            pages.writable_too += bytes;
        }
    }
    Some(pages)
}

/// Numbers below a bound, always the same for a seed.
pub fn random(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}
