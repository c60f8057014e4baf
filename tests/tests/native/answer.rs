//! One expression, in a package made for it, to its answer.
//!
//! Comes in: the text of an expression, an instant. Goes out: its value, after interpreter and oracle agreed on it, or the
//! codes of what the checker finds. Never true here: two expressions in one package; a mistake in one must not hide another.

use journey_artifact::verify;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, eval_value};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_machine::value::Value;
use journeyc::check::check;
use journeyc::diag::Severity;
use journeyc::hir::{Expr, StepKind};
use journeyc::lower::lower_expression;
use journeyc::oracle::{self, Scope};
use journeyc::package::PackageInput;
use journeyc::source::{SourceFile, Sources};
use std::collections::BTreeMap;

const MANIFEST: &str = r#"
[package]
name = "expressions"
version = "0.0.1"

[schemas]
paths = ["schemas"]

[profile]
schema = "https://ns.acme.example/schemas/p"
identities = ["Email"]
"#;

const PROFILE: &str = r#"{ "$id": "https://ns.acme.example/schemas/p", "title": "P", "type": "object",
    "properties": { "name": { "type": "string" } } }"#;

const EVENT: &str = r#"{ "$id": "https://ns.acme.example/schemas/e", "title": "E", "type": "object",
    "properties": { "_id": { "type": "string" }, "eventType": { "type": "string" }, "who": { "type": "string" } } }"#;

const BEFORE: &str = "schema E = \"https://ns.acme.example/schemas/e\"\n\nevent Go: E {\n    where eventType == \"go\"\n    \
    key who in Email\n}\n\njourney J {\n    enter on Go\n\n    let value = ";

/// Why there is no answer.
#[derive(Debug)]
pub enum No {
    /// The checker's errors: code and message.
    Refused(Vec<(String, String)>),
    /// Interpreter and oracle, or two stages, do not agree. Always a bug.
    Broken(String),
}

/// The value of an expression, and its type as people read it.
pub fn answer(text: &str, now_ms: i64) -> Result<(Value, String), No> {
    let file = |path: &str, text: &str| SourceFile {
        path: path.into(),
        text: text.into(),
    };
    let sources = Sources::new(vec![
        file("journey.toml", MANIFEST),
        file("schemas/profile.json", PROFILE),
        file("schemas/event.json", EVENT),
        file("main.journey", &format!("{BEFORE}{text}\n}}\n")),
    ]);
    let analysis = check(&PackageInput {
        sources,
        environment: None,
    });
    let errors: Vec<(String, String)> = analysis
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| (d.code.id().to_string(), d.message.clone()))
        .collect();
    if !errors.is_empty() {
        return Err(No::Refused(errors));
    }
    let steps = analysis
        .program
        .journeys
        .first()
        .map_or(&[][..], |j| &j.body.steps);
    let [step] = steps else {
        return Err(No::Broken(format!("{} steps and no error", steps.len())));
    };
    let StepKind::Let { value: expr, .. } = &step.kind else {
        return Err(No::Broken("no `let`".into()));
    };
    let broken = |what: &dyn std::fmt::Display| No::Broken(what.to_string());
    let lowered = lower_expression(&analysis.registry, None, None, expr)
        .map_err(|found| broken(&found.first().map_or("refused", |d| d.message.as_str())))?;
    let verified = verify(lowered.artifact.clone()).map_err(|refusal| broken(&refusal))?;
    let loaded = Loaded::new(verified).map_err(|error| broken(&error))?;
    let (nothing, zone) = (Record::default(), Zone::utc());
    let env = Env {
        loaded: &loaded,
        profile: &nothing,
        vars: &nothing,
        input: &nothing,
        now_ms,
        zone: &zone,
    };
    let machine = eval_value(
        &env,
        lowered.chunks[0],
        &mut Frame::new(),
        &mut Fuel::new(1_000_000),
    )
    .map_err(|fault| broken(&fault))?;
    let second = by_oracle(expr, now_ms, &zone).map_err(|error| broken(&error))?;
    if machine != second {
        return Err(No::Broken(format!(
            "machine {machine:?}, oracle {second:?}"
        )));
    }
    Ok((machine, expr.ty.to_string()))
}

fn by_oracle(expr: &Expr, now_ms: i64, zone: &Zone) -> Result<Value, oracle::OracleError> {
    let vars = BTreeMap::new();
    let scope = Scope {
        profile: None,
        input: None,
        vars: &vars,
        now_ms,
        zone,
    };
    Ok(oracle::eval(expr, &scope)?.unwrap_or(Value::Missing))
}
