//! The floor for a Cranelift back end: hand-made trees over a flat record, to machine code.
//!
//! Comes in: typed documents by sonic-rs. Goes out: the report `cranelift-hand`. No parser, no checker, no missing numbers, no fuel:
//! what is left is what a compiler to Cranelift cannot fall below. Never true here: a claim that this is an engine.
//!
//! | module | is |
//! |---|---|
//! | [`record`] | the flat record: numbers, texts as pointer and length, items |
//! | [`tree`] | the twelve conditions as trees over its slots |
//! | [`generate`] | trees to Cranelift's instructions |
//! | [`host`] | functions that the code calls |

mod generate;
mod host;
mod record;
mod tree;

use bench_core::engine::Expression;
use bench_core::typed::{Event, Profile};
use bench_core::workload::COUNT;
use bench_core::{Engine, Info, harness};
use generate::Code;
use record::{Item, Record};
use std::collections::BTreeMap;
use std::process::ExitCode;

struct Floor {
    generator: generate::Generator,
}

/// Both documents, the record over them, and the bytes that they borrow from. Dropped in this order.
struct Documents {
    record: Record,
    _items: Vec<Item>,
    _event: Event<'static>,
    _profile: Box<Profile<'static>>,
    _bytes: [Box<[u8]>; 2],
}

fn event(json: &[u8]) -> Result<Event<'_>, String> {
    sonic_rs::from_slice(json).map_err(|e| e.to_string())
}

fn profile(json: &[u8]) -> Result<Profile<'_>, String> {
    sonic_rs::from_slice(json).map_err(|e| e.to_string())
}

/// The same bytes for as long as one likes.
///
/// # Safety
///
/// The box must outlive every use of the result.
unsafe fn forever(bytes: &[u8]) -> &'static [u8] {
    // SAFETY: the caller's promise.
    unsafe { &*std::ptr::from_ref(bytes) }
}

impl Engine for Floor {
    type Program = Code;
    type Context = Documents;

    fn compile(&mut self, id: &str, _: &str) -> Result<Code, String> {
        self.generator.compile(&tree::condition(id)?)
    }

    fn context(&mut self, json: &[u8], profile_json: &[u8]) -> Result<Documents, String> {
        let bytes: [Box<[u8]>; 2] = [json.into(), profile_json.into()];
        // SAFETY: the boxes move into the result together with what borrows from them, and are dropped last.
        let (event_json, profile_json) = unsafe { (forever(&bytes[0]), forever(&bytes[1])) };
        let event = event(event_json)?;
        let profile = Box::new(profile(profile_json)?);
        let mut items = Vec::new();
        // The texts that the record points to are borrowed from the bytes or owned by the documents' strings; neither moves.
        let record = record::fill(&event, &profile, &mut items);
        Ok(Documents {
            record,
            _items: items,
            _event: event,
            _profile: profile,
            _bytes: bytes,
        })
    }

    fn evaluate(&mut self, code: &mut Code, on: &mut Documents) -> Result<bool, String> {
        Ok(code.run(&on.record))
    }

    fn decide(
        &mut self,
        code: &mut Code,
        event_json: &[u8],
        profile_json: &[u8],
    ) -> Result<bool, String> {
        let (event, profile) = (event(event_json)?, profile(profile_json)?);
        let mut items = Vec::new();
        Ok(code.run(&record::fill(&event, &profile, &mut items)))
    }

    fn code_bytes(&mut self, code: &Code) -> Option<usize> {
        Some(code.size())
    }
}

fn main() -> ExitCode {
    let info = Info::new(
        "cranelift-hand",
        "cranelift 0.135",
        "machine code from hand-made trees",
    );
    let expression = |n: usize| {
        let tree = Expression {
            src: "a tree made by hand".into(),
            ..Expression::default()
        };
        (format!("w{n:02}"), tree)
    };
    let expressions: BTreeMap<String, Expression> = (1..=COUNT).map(expression).collect();
    match generate::Generator::new() {
        Ok(generator) => harness::run_with(info, &expressions, &mut Floor { generator }),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
