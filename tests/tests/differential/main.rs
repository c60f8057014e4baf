//! The bytecode interpreter against the oracle, on random well-typed expressions over random data.
//!
//! `JOURNEY_SEED` (the first case) and `JOURNEY_CASES` (how many expressions) override what a normal run does; a failure
//! prints the expression shrunk, the data, both answers, and the seed that brings it back.
//!
//! | module | is |
//! |---|---|
//! | [`rng`] | seeded choices |
//! | [`world`] | the made-up schema |
//! | [`data`] | random JSON of a type |
//! | [`generate`], [`calls`] | random expressions, random calls |
//! | [`compare`] | both answers |
//! | [`shrink`] | smaller failing expressions |

mod calls;
mod compare;
mod data;
mod generate;
mod rng;
mod shrink;
mod world;

use calls::Types;
use compare::{Data, Outcome};
use generate::{Gen, Source};
use journey_machine::eval::Frame;
use journeyc::hir::{Expr, Root};
use journeyc::oracle;
use journeyc::types::Type;
use rng::Rng;
use std::collections::BTreeMap;

/// Expressions of one artifact: several, so that plans and constants are shared.
const BATCH: u64 = 10;
/// Sets of data each is evaluated over.
const SETS: usize = 3;

fn sources() -> Vec<Source> {
    let (profile, input) = (world::profile(), world::input());
    let of = |root, ty: Type| Source {
        root,
        paths: world::paths(&ty, 5),
        ty,
        opt: false,
    };
    vec![of(Root::Profile, profile), of(Root::Input, input)]
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

fn random_data(rng: &mut Rng) -> Data {
    let instant = *rng.pick(data::INTEGERS_AROUND_NOW) + rng.below(3_600_000) as i64;
    Data {
        profile: data::value(rng, &world::profile(), 0),
        input: data::value(rng, &world::input(), 0),
        now_ms: instant,
        zone: rng.pick(data::ZONES).to_string(),
    }
}

/// Lowers one expression alone and compares; the batch's neighbours play no part.
fn alone(expr: &Expr, data: &Data) -> Outcome {
    let ready = match compare::prepare(
        &world::profile(),
        &world::input(),
        std::slice::from_ref(expr),
    ) {
        Ok(ready) => ready,
        Err(outcome) => return outcome,
    };
    match compare::rows(&ready, data) {
        Ok(rows) => compare::compare(&ready, 0, expr, &rows, data, &mut Frame::new()),
        Err(what) => Outcome::Wrong(what),
    }
}

/// Shrinks a failing case and says all about it.
fn report(seed: u64, expr: &Expr, data: &Data, what: &str) -> String {
    // The same kind of failure, so that shrinking does not wander off to another one.
    let kind = |what: &str| what.split([':', ' ']).take(2).collect::<Vec<_>>().join(" ");
    let fails =
        |e: &Expr| matches!(alone(e, data), Outcome::Wrong(other) if kind(&other) == kind(what));
    if !fails(expr) {
        return format!(
            "seed {seed}: fails only among its neighbours: {what}\n  {}",
            oracle::text(expr)
        );
    }
    let small = shrink::shrink(expr.clone(), fails);
    let Outcome::Wrong(what) = alone(&small, data) else {
        return format!("seed {seed}: shrinking lost the failure");
    };
    let zone = journey_machine::time::Zone::get(&data.zone).expect("a zone of the list");
    let vars = BTreeMap::new();
    let scope = oracle::Scope {
        profile: Some(&data.profile),
        input: Some(&data.input),
        vars: &vars,
        now_ms: data.now_ms,
        zone: &zone,
    };
    let parts: Vec<String> = oracle::explain(&small, &scope)
        .into_iter()
        .map(|(_, text, value)| format!("    {text} = {value:?}"))
        .collect();
    format!(
        "seed {seed} (JOURNEY_SEED={seed} JOURNEY_CASES=1), now {} in {}\n  {} : {}\n  {what}\n{}",
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
    fn note(&mut self, seed: u64, expr: &Expr, data: &Data, outcome: Outcome) {
        match outcome {
            Outcome::Value => self.values += 1,
            Outcome::Missing => self.missing += 1,
            Outcome::Refused(code) => *self.refused.entry(code.slug()).or_default() += 1,
            Outcome::Limit(_) => self.limits += 1,
            Outcome::Wrong(what) if self.failures.len() < 5 => {
                self.failures.push(report(seed, expr, data, &what))
            }
            Outcome::Wrong(what) => self.failures.push(format!("seed {seed}: {what}")),
        }
    }
}

#[test]
fn interpreter_and_oracle_agree() {
    let (first, cases) = (
        from_environment("JOURNEY_SEED", 1),
        from_environment("JOURNEY_CASES", 100_000),
    );
    println!("JOURNEY_SEED={first} JOURNEY_CASES={cases}");
    let (sources, types) = (sources(), types());
    let mut tally = Tally::default();
    let mut frame = Frame::new();
    let mut seed = first;
    while seed < first + cases && tally.failures.len() < 20 {
        let seeds: Vec<u64> = (seed..(seed + BATCH).min(first + cases)).collect();
        let exprs: Vec<Expr> = seeds
            .iter()
            .map(|seed| Gen::new(*seed, &sources, &types).whole())
            .collect();
        run_batch(&seeds, &exprs, &mut tally, &mut frame);
        tally.expressions += seeds.len() as u64;
        seed += BATCH;
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
    assert!(
        (refused.values().sum::<u64>() + limits) * 50 < expressions * SETS as u64,
        "too many expressions were not compared"
    );
}

fn run_batch(seeds: &[u64], exprs: &[Expr], tally: &mut Tally, frame: &mut Frame) {
    let mut rng = Rng::new(seeds[0] ^ 0xDA7A);
    let sets: Vec<Data> = (0..SETS).map(|_| random_data(&mut rng)).collect();
    match compare::prepare(&world::profile(), &world::input(), exprs) {
        Ok(ready) => {
            for data in &sets {
                let rows = compare::rows(&ready, data);
                for (ix, (seed, expr)) in seeds.iter().zip(exprs).enumerate() {
                    let outcome = match &rows {
                        Ok(rows) => compare::compare(&ready, ix, expr, rows, data, frame),
                        Err(what) => Outcome::Wrong(what.clone()),
                    };
                    tally.note(*seed, expr, data, outcome);
                }
            }
        }
        // Who of them is it?
        Err(_) if exprs.len() > 1 => {
            for (seed, expr) in seeds.iter().zip(exprs) {
                run_batch(
                    std::slice::from_ref(seed),
                    std::slice::from_ref(expr),
                    tally,
                    frame,
                );
            }
        }
        Err(outcome) => tally.note(seeds[0], &exprs[0], &sets[0], outcome),
    }
}
