//! LuaJIT through mlua.
//!
//! Comes in: the body of a Lua function of `event` and `profile`. Goes out: the report `luajit`. Never true here: documents
//! as globals; they are parameters, which is the fastest way for Lua.

use bench_core::host::{bucket, in_last_days};
use bench_core::{Engine, Info, run};
use mlua::serde::SerializeOptions;
use mlua::{Function, Lua, LuaSerdeExt, LuaString, Value};
use std::process::ExitCode;

struct LuaJit {
    lua: Lua,
}

impl LuaJit {
    fn new() -> mlua::Result<LuaJit> {
        let lua = Lua::new();
        let globals = lua.globals();
        let of_id = lua.create_function(|_, (id, salt): (LuaString, LuaString)| {
            Ok(bucket(&id.to_str()?, &salt.to_str()?))
        })?;
        globals.set("bucket", of_id)?;
        let recent = lua.create_function(|_, (text, days): (LuaString, i64)| {
            Ok(in_last_days(&text.to_str()?, days))
        })?;
        globals.set("in_last_days", recent)?;
        Ok(LuaJit { lua })
    }

    fn value(&self, json: &[u8]) -> Result<Value, String> {
        // A null is nil, so that it is missing.
        let options = SerializeOptions::new()
            .serialize_none_to_null(false)
            .serialize_unit_to_null(false)
            .set_array_metatable(false);
        let value: serde_json::Value = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        let value = self.lua.to_value_with(&value, options);
        value.map_err(|e| e.to_string())
    }
}

impl Engine for LuaJit {
    type Program = Function;
    type Context = (Value, Value);

    fn compile(&mut self, _: &str, source: &str) -> Result<Function, String> {
        let chunk = format!("local event, profile = ...\n{source}");
        let function = self.lua.load(chunk).into_function();
        function.map_err(|e| e.to_string())
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<(Value, Value), String> {
        Ok((self.value(event)?, self.value(profile)?))
    }

    fn evaluate(
        &mut self,
        function: &mut Function,
        (event, profile): &mut (Value, Value),
    ) -> Result<bool, String> {
        let answer = function.call::<bool>((&*event, &*profile));
        answer.map_err(|e| e.to_string())
    }
}

fn main() -> ExitCode {
    let info = Info::new("luajit", "mlua 0.12, LuaJIT 2.1", "tracing JIT");
    match LuaJit::new() {
        Ok(mut engine) => run(info, &mut engine),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
