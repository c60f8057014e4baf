//! The three answers to one expression over one set of data, and whether they agree: the oracle's, the interpreter's, and that of
//! compiled code.
//!
//! Comes in: expressions, data. Goes out: what happened, in words when it is wrong. Never true here: a difference between the
//! tiers, in value, fault or fuel; a difference from the oracle that is forgiven, except what a value does not show: JSON nobody described, and a record of which everything is missing.

use crate::fill::{Held, vars_row};
use crate::world::World;
use journey_artifact::model::ChunkId;
use journey_artifact::word::Region;
use journey_jit::Compiler;
use journey_machine::eval::{Env, Fault, Frame, Fuel, Loaded, eval_value};
use journey_machine::read::{Limits, read};
use journey_machine::record::Record as Row;
use journey_machine::time::Zone;
use journey_machine::value::Value;
use journeyc::diag::Code;
use journeyc::hir::{Expr, VarId};
use journeyc::lower::{Expressions, Memory, Over, Truth, lower_over};
use journeyc::oracle::{self, Bound, Scope};
use journeyc::types::{Record, Type};
use journeyc::xdm::Registry;
use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Work an expression may do here.
const FUEL: u64 = 2_000_000;

thread_local! {
    /// `None` where no code can be made for this machine: there the interpreter is all there is.
    static COMPILER: RefCell<Option<Compiler>> = RefCell::new(Compiler::new().ok());
}

/// Whether code is compared too.
pub fn compiles() -> bool {
    COMPILER.with_borrow(Option::is_some)
}

/// What an expression is evaluated over.
#[derive(Clone, Debug)]
pub struct Data {
    pub profile: Json,
    pub input: Json,
    pub vars: BTreeMap<VarId, Bound>,
    pub now_ms: i64,
    pub zone: String,
}

/// How it went.
#[derive(Clone, PartialEq, Debug)]
pub enum Outcome {
    /// Both say the same, a value.
    Value,
    /// Both say there is none.
    Missing,
    /// The compiler refused it as too large or not built yet.
    Refused(Code),
    /// The machine ran into a limit.
    Limit(Fault),
    /// Something is wrong.
    Wrong(String),
}

/// Expressions made ready to run.
pub struct Ready {
    loaded: Loaded,
    /// The same program, all of it compiled; `None` where no code can be made for this machine.
    compiled: Option<Loaded>,
    parts: Expressions,
    truth: Truth,
}

/// Lowers, verifies and loads.
pub fn prepare(world: &World, exprs: &[Expr]) -> Result<Ready, Outcome> {
    let registry = Registry::default();
    let over = Over {
        profile: Some(("profile", &world.profile)),
        input: Some(("input", &world.input)),
        vars: &world.vars,
        truth: world.truth,
    };
    let lowered = lower_over(&registry, over, exprs, &mut Memory::default());
    let parts = lowered.map_err(|found| match found.first() {
        Some(d) if matches!(d.code, Code::NotYet | Code::TooManySlots) => Outcome::Refused(d.code),
        Some(d) => Outcome::Wrong(format!("lowering says {}: {}", d.code, d.message)),
        None => Outcome::Wrong("lowering refuses and does not say why".into()),
    })?;
    let loaded = load(&parts)?;
    let compiled = COMPILER.with_borrow_mut(|compiler| match compiler {
        None => Ok(None),
        Some(compiler) => {
            let loaded = load(&parts)?;
            compiler
                .compile(&loaded, &parts.chunks)
                .map_err(|why| Outcome::Wrong(format!("the compiler to code says: {why}")))?;
            Ok(Some(loaded))
        }
    })?;
    Ok(Ready {
        loaded,
        compiled,
        parts,
        truth: world.truth,
    })
}

fn load(parts: &Expressions) -> Result<Loaded, Outcome> {
    let verified = journey_artifact::verify(parts.artifact.clone())
        .map_err(|refusal| Outcome::Wrong(format!("the verifier refuses: {refusal}")))?;
    Loaded::new(verified)
        .map_err(|error| Outcome::Wrong(format!("the machine does not load it: {error}")))
}

/// Profile, variables, input.
pub type Rows = (Row, Row, Row);

/// The rows of some data, by the plans of `ready`.
pub fn rows(world: &World, ready: &Ready, data: &Data) -> Result<Rows, String> {
    let artifact = ready.loaded.artifact();
    let limits = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    let row = |plan: Option<journey_artifact::model::PlanId>, json: &Json, region| match plan {
        None => Ok(Row::default()),
        Some(id) => read(
            artifact,
            &artifact.plans[id.0 as usize],
            json.to_string().as_bytes(),
            region,
            &limits,
        )
        .map_err(|rejection| format!("the reader refuses valid data: {rejection}")),
    };
    let held: Vec<Held<'_>> = world
        .vars
        .iter()
        .enumerate()
        .map(|(ix, var)| Held {
            name: &var.name,
            ty: &var.ty,
            bound: data.vars.get(&VarId(ix as u32)),
        })
        .collect();
    Ok((
        row(ready.parts.profile, &data.profile, Region::Profile)?,
        vars_row(artifact, ready.parts.vars, &held),
        row(ready.parts.input, &data.input, Region::Input)?,
    ))
}

/// Evaluates expression `ix` of `ready` both ways.
pub fn compare(
    ready: &Ready,
    ix: usize,
    expr: &Expr,
    rows: &Rows,
    data: &Data,
    frame: &mut Frame,
) -> Outcome {
    let zone = Zone::get(&data.zone).expect("a zone of the list");
    let env = Env {
        loaded: &ready.loaded,
        profile: &rows.0,
        vars: &rows.1,
        input: &rows.2,
        now_ms: data.now_ms,
        zone: &zone,
    };
    let chunk: ChunkId = ready.parts.chunks[ix];
    let mut fuel = Fuel::new(FUEL);
    let machine = eval_value(&env, chunk, frame, &mut fuel);
    if let Some(compiled) = &ready.compiled {
        let env = Env {
            loaded: compiled,
            ..env
        };
        let mut fuel_of_code = Fuel::new(FUEL);
        let code = eval_value(&env, chunk, frame, &mut fuel_of_code);
        if !same(&code, &machine) || fuel_of_code != fuel {
            return Outcome::Wrong(format!(
                "code {code:?}, fuel {fuel_of_code:?}\n  interpreter {machine:?}, fuel {fuel:?}"
            ));
        }
    }
    let machine = match machine {
        Ok(value) => value,
        Err(Fault::Corrupt(what)) => {
            return Outcome::Wrong(format!("the machine says corrupt: {what}"));
        }
        Err(fault) => return Outcome::Limit(fault),
    };
    let scope = Scope {
        profile: Some(&data.profile),
        input: Some(&data.input),
        vars: &data.vars,
        now_ms: data.now_ms,
        zone: &zone,
    };
    let oracle = match oracle::eval(expr, &scope) {
        Ok(value) => value,
        Err(error) => return Outcome::Wrong(format!("the oracle has no answer: {error}")),
    };
    let decides = ready.truth == Truth::Decision && expr.ty == Type::Boolean;
    match oracle {
        // A decision takes unknown as no.
        None if decides && machine == Value::Bool(false) => Outcome::Missing,
        None if machine == Value::Missing => Outcome::Missing,
        None if !expr.opt => Outcome::Wrong("a value that cannot be missing is".into()),
        Some(value) if agree(&machine, &value, &expr.ty) => Outcome::Value,
        oracle => Outcome::Wrong(format!(
            "machine {machine:?}\n  oracle  {:?}",
            oracle.unwrap_or(Value::Missing)
        )),
    }
}

/// Whether both tiers ended alike. Decimals are compared by their bits, so that a NaN equals itself.
fn same(a: &Result<Value, Fault>, b: &Result<Value, Fault>) -> bool {
    a == b || format!("{a:?}") == format!("{b:?}")
}

/// Whether both values are one, bit for bit; every NaN is one.
fn agree(machine: &Value, oracle: &Value, ty: &Type) -> bool {
    match (machine, oracle, ty) {
        (_, _, Type::Any) => (*machine == Value::Missing) == (*oracle == Value::Missing),
        (Value::Decimal(a), Value::Decimal(b), _) if a.is_nan() => b.is_nan(),
        (Value::List(a), Value::List(b), Type::List(item)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agree(a, b, item))
        }
        (Value::Record(a), Value::Record(b), Type::Map(value)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.0 == b.0 && agree(&a.1, &b.1, value))
        }
        (Value::Record(_), Value::Record(_), Type::Record(Record::Inline(fields))) => {
            fields.iter().all(|field| {
                let (a, b) = (machine.field(&field.name), oracle.field(&field.name));
                agree(
                    a.unwrap_or(&Value::Missing),
                    b.unwrap_or(&Value::Missing),
                    &field.ty,
                ) || matches!(field.ty, Type::Any)
            })
        }
        (Value::Record(a), Value::Missing, Type::Record(_)) => a.is_empty(),
        (Value::Missing, Value::Record(_), Type::Record(_)) => hollow(oracle),
        _ => machine == oracle,
    }
}

fn hollow(value: &Value) -> bool {
    match value {
        Value::Missing => true,
        Value::Record(fields) => fields.iter().all(|(_, v)| hollow(v)),
        _ => false,
    }
}
