//! The bytecode interpreter, compiled code and the oracle against one another, on random well-typed expressions over random
//! data.
//!
//! `JOURNEY_SEED` (the first case), `JOURNEY_CASES` (how many expressions) and `JOURNEY_SETS` (data for each) override what a normal run does; a failure
//! prints the expression shrunk, the data, the answers, and the seed that brings it back.
//!
//! | module | is |
//! |---|---|
//! | [`rng`] | seeded choices |
//! | [`world`] | the made-up schema |
//! | [`data`] | random JSON of a type |
//! | [`generate`], [`calls`], [`chains`], [`texts`], [`constants`] | random expressions: operators, calls, lists asked through others, texts made to be looked at, values written out |
//! | [`compare`], [`fill`] | the three answers; the variables' row |
//! | [`fixed`] | what the fuzz once found |
//! | [`shrink`] | smaller failing expressions |

mod calls;
mod chains;
mod compare;
mod constants;
mod data;
mod fill;
mod fixed;
mod generate;
mod rng;
mod shrink;
mod texts;
mod world;

use compare::{Data, Outcome};
use generate::{Gen, Source};
use journey_machine::eval::Frame;
use journey_machine::time::Zone;
use journeyc::hir::{Expr, Root, VarId};
use journeyc::lower::Truth;
use journeyc::oracle;
use journeyc::types::Type;
use rng::Rng;
use std::collections::BTreeMap;
use world::{Types, World};

/// Expressions of one artifact: several, so that plans and constants are shared.
const BATCH: u64 = 10;
/// Sets of data each is evaluated over, unless `JOURNEY_SETS` says how many.
const SETS: u64 = 3;

fn sources(world: &World) -> Vec<Source> {
    let of = |root, ty: &Type, depth, opt| Source {
        root,
        paths: world::paths(ty, depth),
        ty: ty.clone(),
        opt,
    };
    let mut sources = vec![
        of(Root::Profile, &world.profile, 5, false),
        of(Root::Input, &world.input, 5, false),
    ];
    for (ix, var) in world.vars.iter().enumerate() {
        sources.push(of(Root::Var(VarId(ix as u32)), &var.ty, 4, true));
    }
    sources
}

fn types() -> Types {
    let mut scalars: Vec<Type> = world::scalars().into_iter().map(|(_, ty)| ty).collect();
    scalars.extend([Type::Duration, Type::Period]);
    let compound = vec![
        world::line(),
        Type::list(world::line()),
        world::map(Type::Integer),
        world::map(Type::String),
        world::map(world::line()),
        world::groups(),
        Type::list(Type::list(Type::Integer)),
    ];
    // What `sortBy` becomes; nobody can write it, and it asks for as many keys as elements.
    let functions = journey_machine::func::all()
        .filter(|f| f.name != "op.sortBy")
        .collect();
    Types {
        scalars,
        compound,
        functions,
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

fn random_data(world: &World, rng: &mut Rng) -> Data {
    let mut vars = BTreeMap::new();
    for (ix, var) in world.vars.iter().enumerate() {
        if rng.percent(80) {
            vars.insert(VarId(ix as u32), data::variable(rng, &var.ty));
        }
    }
    let profile = data::value(rng, &world.profile);
    let input = data::value(rng, &world.input);
    let zone = rng.pick(data::ZONES).to_string();
    let near = rng.percent(50);
    let now_ms = near.then(|| data::near_an_edge(rng, [&profile, &input], &zone));
    let now_ms = now_ms
        .flatten()
        .unwrap_or_else(|| *rng.pick(data::INTEGERS_AROUND_NOW) + rng.below(3_600_000) as i64);
    Data {
        profile,
        input,
        vars,
        now_ms,
        zone,
    }
}

/// Lowers one expression alone and compares; the batch's neighbours play no part.
fn alone(world: &World, expr: &Expr, data: &Data) -> Outcome {
    let ready = match compare::prepare(world, std::slice::from_ref(expr)) {
        Ok(ready) => ready,
        Err(outcome) => return outcome,
    };
    match compare::rows(world, &ready, data) {
        Ok(rows) => compare::compare(&ready, 0, expr, &rows, data, &mut Frame::new()),
        Err(what) => Outcome::Wrong(what),
    }
}

/// Shrinks a failing case and says all about it.
fn report(world: &World, batch: u64, expr: &Expr, data: &Data, what: &str) -> String {
    let again = format!("JOURNEY_SEED={batch} JOURNEY_CASES={BATCH}");
    // The same kind of failure, so that shrinking does not wander off to another one.
    let kind = |what: &str| what.split([':', ' ']).take(2).collect::<Vec<_>>().join(" ");
    let fails = |e: &Expr| matches!(alone(world, e, data), Outcome::Wrong(other) if kind(&other) == kind(what));
    if !fails(expr) {
        return format!(
            "{again}: fails only among its neighbours: {what}\n  {}",
            oracle::text(expr)
        );
    }
    let small = shrink::shrink(expr.clone(), fails);
    let Outcome::Wrong(what) = alone(world, &small, data) else {
        return format!("{again}: shrinking lost the failure");
    };
    let zone = Zone::get(&data.zone).expect("a zone of the list");
    let scope = oracle::Scope {
        profile: Some(&data.profile),
        input: Some(&data.input),
        vars: &data.vars,
        now_ms: data.now_ms,
        zone: &zone,
    };
    let parts: Vec<String> = oracle::explain(&small, &scope)
        .into_iter()
        .map(|(_, text, value)| format!("    {text} = {value:?}"))
        .collect();
    format!(
        "{again}, now {} in {}\n  {} : {}\n  {what}\n{}",
        data.now_ms,
        data.zone,
        oracle::text(&small),
        small.ty,
        parts.join("\n")
    )
}

#[derive(Default)]
struct Tally {
    expressions: u64,
    values: u64,
    missing: u64,
    refused: BTreeMap<&'static str, u64>,
    limits: u64,
    failures: Vec<String>,
}

impl Tally {
    fn note(&mut self, world: &World, batch: u64, expr: &Expr, data: &Data, outcome: Outcome) {
        match outcome {
            Outcome::Value => self.values += 1,
            Outcome::Missing => self.missing += 1,
            Outcome::Refused(code) => *self.refused.entry(code.slug()).or_default() += 1,
            Outcome::Limit(_) => self.limits += 1,
            Outcome::Wrong(what) if self.failures.len() < 5 => {
                self.failures.push(report(world, batch, expr, data, &what))
            }
            Outcome::Wrong(what) => self.failures.push(format!("batch {batch}: {what}")),
        }
    }
}

#[test]
fn code_interpreter_and_oracle_agree() {
    let first = from_environment("JOURNEY_SEED", 1);
    let cases = from_environment("JOURNEY_CASES", 100_000);
    let sets_of_data = from_environment("JOURNEY_SETS", SETS);
    println!(
        "JOURNEY_SEED={first} JOURNEY_CASES={cases} JOURNEY_SETS={sets_of_data}, compiled code too: {}",
        compare::compiles()
    );
    let mut world = World::new();
    let (sources, types) = (sources(&world), types());
    let mut tally = Tally::default();
    let mut frame = Frame::new();
    let mut batch = first;
    while batch < first + cases && tally.failures.len() < 20 {
        world.truth = match batch / BATCH % 2 {
            0 => Truth::Exact,
            _ => Truth::Decision,
        };
        let mut rng = Rng::new(batch ^ 0xDA7A);
        let sets: Vec<Data> = (0..sets_of_data)
            .map(|_| random_data(&world, &mut rng))
            .collect();
        let exprs: Vec<Expr> = (batch..(batch + BATCH).min(first + cases))
            .map(|seed| Gen::new(seed, &sources, &types).whole())
            .collect();
        tally.expressions += exprs.len() as u64;
        run(&world, batch, &exprs, &sets, &mut tally, &mut frame);
        batch += BATCH;
    }
    let Tally {
        expressions,
        values,
        missing,
        refused,
        limits,
        failures,
    } = tally;
    println!(
        "{expressions} expressions: {values} values, {missing} missing, {refused:?} refused, {limits} limits"
    );
    assert!(
        failures.is_empty(),
        "{} failures\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    // A fuzz that compares little would pass as well.
    assert!(values > missing / 2, "most answers are missing");
    let skipped = refused.values().sum::<u64>() + limits;
    assert!(
        skipped * 50 < expressions * sets_of_data,
        "too many expressions were not compared"
    );
}

fn run(
    world: &World,
    batch: u64,
    exprs: &[Expr],
    sets: &[Data],
    tally: &mut Tally,
    frame: &mut Frame,
) {
    match compare::prepare(world, exprs) {
        Ok(ready) => {
            for data in sets {
                let rows = compare::rows(world, &ready, data);
                for (ix, expr) in exprs.iter().enumerate() {
                    let outcome = match &rows {
                        Ok(rows) => compare::compare(&ready, ix, expr, rows, data, frame),
                        Err(what) => Outcome::Wrong(what.clone()),
                    };
                    tally.note(world, batch, expr, data, outcome);
                }
            }
        }
        // Who of them is it?
        Err(_) if exprs.len() > 1 => {
            for expr in exprs {
                run(world, batch, std::slice::from_ref(expr), sets, tally, frame);
            }
        }
        Err(outcome) => tally.note(world, batch, &exprs[0], &sets[0], outcome),
    }
}
