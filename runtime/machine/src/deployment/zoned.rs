//! Which expressions of a program look at the journey's zone: for all others nobody has to find out what it is.
//!
//! Comes in: a loaded program. Goes out: whether a chunk calls a function that looks at the zone. Never true here: a zone.

use crate::eval::Loaded;
use journey_artifact::code::Op;
use journey_artifact::model::ChunkId;

/// The expressions of one program that look at the zone.
#[derive(Debug, Default)]
pub struct Zoned {
    /// By rising number; nearly always none.
    chunks: Box<[ChunkId]>,
}

impl Zoned {
    /// Those of a program.
    pub fn new(loaded: &Loaded) -> Zoned {
        let looks = |import: u16| {
            let import = loaded.tables().import(import);
            import.is_ok_and(|import| import.zone)
        };
        let artifact = loaded.artifact();
        let imports = 0..u16::try_from(artifact.imports.len()).unwrap_or(u16::MAX);
        if !imports.into_iter().any(looks) {
            return Zoned::default();
        }
        let chunks = (0..).map(ChunkId).zip(&artifact.chunks);
        let zoned = chunks.filter(|(_, chunk)| {
            let mut code = chunk.code.iter();
            code.any(|instr| instr.op == Op::Call && looks(instr.lo))
        });
        Zoned {
            chunks: zoned.map(|(id, _)| id).collect(),
        }
    }

    /// Whether this one does.
    #[inline]
    pub fn has(&self, chunk: ChunkId) -> bool {
        !self.chunks.is_empty() && self.chunks.binary_search(&chunk).is_ok()
    }
}
