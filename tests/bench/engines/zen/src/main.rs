//! zen-expression: a bytecode machine over decimals.
//!
//! Comes in: ZEN expressions. Goes out: the report `zen-expression`. Never true here: a context that is built for an
//! evaluation; cloning one counts a reference.

use bench_core::host::NOW;
use bench_core::{Engine, Info, run};
use std::process::ExitCode;
use zen_expression::expression::Standard;
use zen_expression::variable::Variable;
use zen_expression::vm::VM;
use zen_expression::{Expression, compile_expression};

struct Zen {
    machine: VM,
}

fn variable(json: &[u8]) -> Result<Variable, String> {
    serde_json::from_slice(json).map_err(|e| e.to_string())
}

impl Engine for Zen {
    type Program = Expression<Standard>;
    type Context = Variable;

    fn compile(&mut self, _: &str, source: &str) -> Result<Expression<Standard>, String> {
        compile_expression(source).map_err(|e| e.to_string())
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<Variable, String> {
        let all = Variable::empty_object();
        all.dot_insert("event", variable(event)?);
        all.dot_insert("profile", variable(profile)?);
        all.dot_insert("now", Variable::String(NOW.into()));
        Ok(all)
    }

    fn evaluate(
        &mut self,
        expression: &mut Expression<Standard>,
        context: &mut Variable,
    ) -> Result<bool, String> {
        match expression.evaluate_with(context.clone(), &mut self.machine) {
            Ok(Variable::Bool(answer)) => Ok(answer),
            Ok(other) => Err(format!("{other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn main() -> ExitCode {
    let info = Info::new("zen-expression", "2.1", "bytecode machine, decimals");
    let machine = VM::new();
    run(info, &mut Zen { machine })
}
