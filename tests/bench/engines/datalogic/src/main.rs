//! datalogic-rs: JSONLogic, compiled to a tree that dispatches on opcodes and allocates in an arena.
//!
//! Comes in: JSONLogic. Goes out: the report `datalogic`. Never true here: an arena that is not reset before it is used again.

use bench_core::host::{NOW, bucket};
use bench_core::{Engine, Info, run};
use datalogic_rs::bumpalo::Bump;
use datalogic_rs::operator::EvalContext;
use datalogic_rs::{ArenaExt, CustomOperator, DataValue, Logic, ParsedData};
use std::process::ExitCode;

struct Bucket;

impl CustomOperator for Bucket {
    fn evaluate<'a>(
        &self,
        args: &[&'a DataValue<'a>],
        _: &mut EvalContext<'_, 'a>,
        arena: &'a Bump,
    ) -> datalogic_rs::Result<&'a DataValue<'a>> {
        let text = |ix: usize| args.get(ix).and_then(|v| v.as_str()).unwrap_or("");
        Ok(arena.i64(bucket(text(0), text(1))))
    }
}

struct Datalogic {
    engine: datalogic_rs::Engine,
    arena: Bump,
}

impl Engine for Datalogic {
    type Program = Logic;
    type Context = ParsedData;

    fn compile(&mut self, _: &str, source: &str) -> Result<Logic, String> {
        self.engine.compile(source).map_err(|e| e.to_string())
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<ParsedData, String> {
        let text = |json| std::str::from_utf8(json).map_err(|e| e.to_string());
        let (event, profile) = (text(event)?, text(profile)?);
        // One document is what the engine takes; the parts are joined as text, for that is cheaper than as values.
        let mut json = String::with_capacity(event.len() + profile.len() + 80);
        for part in [
            "{\"event\":",
            event,
            ",\"profile\":",
            profile,
            ",\"now\":\"",
            NOW,
            "\"}",
        ] {
            json.push_str(part);
        }
        ParsedData::from_json(&json).map_err(|e| e.to_string())
    }

    fn evaluate(&mut self, logic: &mut Logic, data: &mut ParsedData) -> Result<bool, String> {
        self.arena.reset();
        let value = self.engine.evaluate(logic, &*data, &self.arena);
        let value = value.map_err(|e| e.to_string())?;
        value.as_bool().ok_or_else(|| format!("{value:?}"))
    }
}

fn main() -> ExitCode {
    let info = Info::new(
        "datalogic",
        "datalogic-rs 5.4",
        "opcode-dispatched tree, arena",
    );
    let engine = datalogic_rs::Engine::builder()
        .add_operator("bucket", Bucket)
        .build();
    let arena = Bump::with_capacity(16_384);
    run(info, &mut Datalogic { engine, arena })
}
