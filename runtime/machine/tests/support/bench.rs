//! A small program of one chunk, made by hand and verified, and helps to run it.
#![allow(dead_code)]

use super::{intern, shape};
use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{
    Artifact, Chunk, ChunkId, Constant, Import, Plan, PlanId, PlanNode, Set, StrId, Want,
};
use journey_artifact::word::{Region, ShapeId, WordType as W};
use journey_artifact::{Verified, verify};
use journey_machine::eval::{Env, Fault, Frame, Fuel, Loaded, eval_value};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_machine::value::{Value, to_word};

/// Instructions by name: `a`, `b`, `c`, `lo`, `hi`.
pub fn i(op: Op, a: u8, b: u8, c: u8, lo: u16, hi: u16) -> Instr {
    Instr::new(op, a, b, c, lo, hi)
}

pub fn int(a: u8, n: i32) -> Instr {
    i(Op::Int, a, 0, 0, n as u16, (n >> 16) as u16)
}

pub fn abc(op: Op, a: u8, b: u8, c: u8) -> Instr {
    i(op, a, b, c, 0, 0)
}

pub fn ret(a: u8) -> Instr {
    abc(Op::Ret, a, 0, 0)
}

pub const MISSING: Instr = Instr::new(Op::RetMissing, 0, 0, 0, 0, 0);

/// As an instance has it for one evaluation.
pub const FUEL: u64 = 1_000_000;

/// What is done with a program's only chunk over an input.
pub fn on<T>(loaded: &Loaded, input: &Record, does: impl FnOnce(&Env<'_>, &mut Fuel) -> T) -> T {
    let (none, zone) = (Record::default(), Zone::utc());
    let env = Env {
        loaded,
        profile: &none,
        vars: &none,
        input,
        now_ms: 0,
        zone: &zone,
    };
    does(&env, &mut Fuel::new(FUEL))
}

/// A program with rows of every kind, and helps to run one chunk of it.
pub struct Bench {
    pub artifact: Artifact,
    pub input: ShapeId,
    pub ints: ShapeId,
    pub texts: ShapeId,
    pub pairs: ShapeId,
}

impl Bench {
    pub fn new() -> Bench {
        let mut artifact = Artifact {
            name: "t".into(),
            version: "1".into(),
            ..Artifact::default()
        };
        intern(&mut artifact, "t");
        let ints = shape(&mut artifact, &[("", W::Int)]);
        let texts = shape(&mut artifact, &[("", W::Str)]);
        let pairs = shape(&mut artifact, &[("key", W::Str), ("n", W::Int)]);
        // Wide enough for two presence words.
        let mut slots = vec![
            ("text".to_owned(), W::Str),
            ("n".to_owned(), W::Int),
            ("list".to_owned(), W::List(ints)),
            ("map".to_owned(), W::List(pairs)),
        ];
        slots.extend((4..70).map(|n| (format!("pad{n}"), W::Int)));
        let slots: Vec<(&str, W)> = slots
            .iter()
            .map(|(name, ty)| (name.as_str(), *ty))
            .collect();
        let input = shape(&mut artifact, &slots);
        artifact.plans.push(Plan {
            schema: StrId(0),
            shape: input,
            root: PlanNode {
                slot: None,
                required: false,
                want: Want::Object(Vec::new()),
            },
        });
        artifact.profile = Some(PlanId(0));
        Bench {
            artifact,
            input,
            ints,
            texts,
            pairs,
        }
    }

    pub fn word(&mut self, ty: W, word: u64) -> u16 {
        self.artifact.constants.push(Constant::Word(ty, word));
        self.artifact.constants.len() as u16 - 1
    }

    pub fn text(&mut self, text: &str) -> u16 {
        let id = intern(&mut self.artifact, text);
        self.artifact.constants.push(Constant::Text(id));
        self.artifact.constants.len() as u16 - 1
    }

    pub fn set(&mut self, set: Set) -> u16 {
        self.artifact.sets.push(set);
        self.artifact.sets.len() as u16 - 1
    }

    pub fn texts_set(&mut self, texts: &[&str]) -> u16 {
        let ids = texts.iter().map(|text| intern(&mut self.artifact, text));
        let mut ids: Vec<StrId> = ids.collect();
        ids.sort_unstable();
        self.set(Set::Texts(ids))
    }

    pub fn import(&mut self, name: &str, params: &[W], result: W) -> u16 {
        let name = intern(&mut self.artifact, name);
        self.artifact.imports.push(Import {
            name,
            params: params.to_vec(),
            result,
        });
        self.artifact.imports.len() as u16 - 1
    }

    pub fn verified(&self, result: W, code: &[Instr]) -> Verified {
        verify(self.program(result, code)).unwrap_or_else(|why| panic!("{why:?}"))
    }

    pub fn try_verified(&self, result: W, code: &[Instr]) -> Option<Verified> {
        verify(self.program(result, code)).ok()
    }

    fn program(&self, result: W, code: &[Instr]) -> Artifact {
        let mut artifact = self.artifact.clone();
        let optional = code.iter().any(|i| i.op == Op::RetMissing);
        let (input, code) = (Some(self.input), code.to_vec());
        artifact.chunks.push(Chunk {
            vars: None,
            input,
            registers: 32,
            result,
            optional,
            code,
        });
        artifact
    }

    pub fn loaded(&self, result: W, code: &[Instr]) -> Loaded {
        Loaded::new(self.verified(result, code)).expect("loads")
    }

    /// A row for the input or the profile.
    pub fn row(&self, region: Region, fields: &[(&str, Value)]) -> Record {
        let value = Value::Record(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        );
        let mut record = Record::default();
        let word = to_word(
            &self.artifact,
            &value,
            W::Row(self.input),
            &mut record,
            region,
        )
        .unwrap()
        .unwrap();
        record.root = journey_artifact::word::Ref(word).offset();
        record
    }

    pub fn run_on(
        &self,
        result: W,
        code: &[Instr],
        input: &Record,
        profile: &Record,
        fuel: u64,
    ) -> Result<Value, Fault> {
        let loaded = self.loaded(result, code);
        let (vars, zone) = (Record::default(), Zone::utc());
        let env = Env {
            loaded: &loaded,
            profile,
            vars: &vars,
            input,
            now_ms: 0,
            zone: &zone,
        };
        let mut frame = Frame::new();
        let first = eval_value(&env, ChunkId(0), &mut frame, &mut Fuel::new(fuel));
        let again = eval_value(&env, ChunkId(0), &mut frame, &mut Fuel::new(fuel));
        assert_eq!(first, again, "a used frame gives the same");
        first
    }

    pub fn run(&self, result: W, code: &[Instr]) -> Value {
        let empty = |region| self.row(region, &[]);
        self.run_on(
            result,
            code,
            &empty(Region::Input),
            &empty(Region::Profile),
            100_000,
        )
        .unwrap()
    }
}
