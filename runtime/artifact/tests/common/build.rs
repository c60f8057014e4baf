//! What artifacts are built with: instructions, interning tables, and a die with a seed.

use journey_artifact::code::{Instr, Op};
use journey_artifact::graph::{Node, NodeKind};
use journey_artifact::model::*;
use journey_artifact::word::{ShapeId, WordType};

/// An instruction.
pub fn op(op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) -> Instr {
    Instr::new(op, a, b, c, lo, hi)
}

/// A pseudo-random sequence (xorshift), the same for the same seed.
pub struct Die(pub u64);

impl Die {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Adds to an artifact's tables.
#[derive(Default)]
pub struct Build(pub Artifact);

impl Build {
    pub fn text(&mut self, text: &str) -> StrId {
        let strings = &mut self.0.strings;
        let at = strings
            .iter()
            .position(|known| known == text)
            .unwrap_or_else(|| {
                strings.push(text);
                strings.len() - 1
            });
        StrId(at as u32)
    }

    pub fn shape(&mut self, slots: &[(&str, WordType)]) -> ShapeId {
        let slots = slots
            .iter()
            .map(|&(name, ty)| Slot {
                name: self.text(name),
                ty,
            })
            .collect();
        self.0.shapes.push(Shape { slots });
        ShapeId(self.0.shapes.len() as u32 - 1)
    }

    pub fn constant(&mut self, constant: Constant) -> u16 {
        self.0.constants.push(constant);
        self.0.constants.len() as u16 - 1
    }

    pub fn chunk(
        &mut self,
        rows: (Option<ShapeId>, Option<ShapeId>),
        result: WordType,
        code: Vec<Instr>,
    ) -> ChunkId {
        let (vars, input) = rows;
        self.0.chunks.push(Chunk {
            vars,
            input,
            registers: 8,
            result,
            optional: true,
            code,
        });
        ChunkId(self.0.chunks.len() as u32 - 1)
    }

    pub fn node(&mut self, name: &str, kind: NodeKind, live: &[SlotIx]) -> Node {
        Node {
            name: self.text(name),
            kind,
            live: live.to_vec(),
        }
    }
}
