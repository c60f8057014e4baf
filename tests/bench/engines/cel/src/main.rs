//! CEL: a tree-walker over dynamic values.
//!
//! Comes in: CEL expressions. Goes out: the report `cel`. Never true here: a reader of JSON of its own; `to_value` from
//! `serde_json::Value` is the documented way in.

use bench_core::host::{NOW, bucket};
use bench_core::{Engine, Info, run};
use cel::{Context, Program, Value};
use std::process::ExitCode;
use std::sync::Arc;

struct Cel;

fn value(json: &[u8]) -> Result<Value, String> {
    let value: serde_json::Value = serde_json::from_slice(json).map_err(|e| e.to_string())?;
    cel::to_value(&value).map_err(|e| e.to_string())
}

impl Engine for Cel {
    type Program = Program;
    type Context = Context<'static, 'static>;

    fn compile(&mut self, _: &str, source: &str) -> Result<Program, String> {
        Program::compile(source).map_err(|e| e.to_string())
    }

    fn context(
        &mut self,
        event: &[u8],
        profile: &[u8],
    ) -> Result<Context<'static, 'static>, String> {
        let mut context = Context::default();
        let of_id = |id: Arc<String>, salt: Arc<String>| -> i64 { bucket(&id, &salt) };
        let lower = |text: Arc<String>| -> String { text.to_lowercase() };
        let trimmed = |text: Arc<String>| -> String { text.trim().to_owned() };
        let said = |e: &dyn std::fmt::Display| e.to_string();
        context
            .add_function("bucket", of_id)
            .map_err(|e| said(&e))?;
        context.add_function("lower", lower).map_err(|e| said(&e))?;
        context
            .add_function("trimmed", trimmed)
            .map_err(|e| said(&e))?;
        context.add_variable_from_value("event", value(event)?);
        context.add_variable_from_value("profile", value(profile)?);
        context.add_variable_from_value("now", NOW.to_string());
        Ok(context)
    }

    fn evaluate(
        &mut self,
        program: &mut Program,
        context: &mut Context<'static, 'static>,
    ) -> Result<bool, String> {
        match program.execute(context) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(format!("{other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn main() -> ExitCode {
    run(Info::new("cel", "0.15", "tree-walker"), &mut Cel)
}
