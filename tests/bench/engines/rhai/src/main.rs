//! Rhai: a tree-walker over dynamic values.
//!
//! Comes in: Rhai scripts. Goes out: the report `rhai`. Never true here: a scope that grows from one evaluation to the next.

use bench_core::host::{bucket, in_last_days};
use bench_core::{Engine, Info, run};
use rhai::{AST, Dynamic, OptimizationLevel, Scope};
use std::process::ExitCode;

/// Names of the context: the event and the profile.
const NAMES: usize = 2;

struct Rhai {
    engine: rhai::Engine,
}

fn value(json: &[u8]) -> Result<Dynamic, String> {
    serde_json::from_slice(json).map_err(|e| e.to_string())
}

impl Engine for Rhai {
    type Program = AST;
    type Context = Scope<'static>;

    fn compile(&mut self, _: &str, source: &str) -> Result<AST, String> {
        self.engine.compile(source).map_err(|e| e.to_string())
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<Scope<'static>, String> {
        let mut scope = Scope::new();
        scope.push_constant_dynamic("event", value(event)?);
        scope.push_constant_dynamic("profile", value(profile)?);
        Ok(scope)
    }

    fn evaluate(&mut self, script: &mut AST, scope: &mut Scope<'static>) -> Result<bool, String> {
        let answer = self.engine.eval_ast_with_scope::<bool>(scope, script);
        scope.rewind(NAMES);
        answer.map_err(|e| e.to_string())
    }
}

fn main() -> ExitCode {
    let mut engine = rhai::Engine::new();
    // Forty clauses nest deeper than its limits allow by default.
    engine.set_max_expr_depths(512, 512);
    engine.set_optimization_level(OptimizationLevel::Full);
    engine.register_fn("bucket", |id: &str, salt: &str| bucket(id, salt));
    engine.register_fn("in_last_days", |t: &str, n: i64| in_last_days(t, n));
    let info = Info::new("rhai", "1.27", "tree-walker");
    run(info, &mut Rhai { engine })
}
