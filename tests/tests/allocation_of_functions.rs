//! Which functions of the table take no memory, once it is warm: all that the machine calls.
//!
//! Comes in: the table; for each function arguments of every type that it takes. Goes out: nothing. Never true here: a function left out
//! without a reason.

use allocation_counter::measure;
use journey_artifact::model::{Artifact, Import, Shape, Slot, StrId};
use journey_artifact::word::{Ref, Region, ShapeId, WordType as W, date_time_word, period_word};
use journey_machine::fault::Fuel;
use journey_machine::func::{self, CallSite, Called, Ctx, Function, Imp, Patterns, Tools, Ty};
use journey_machine::record::Record;
use journey_machine::time::Zone;

/// Types that stand for those a function leaves open, each the element of a list too: the list's shape is the place here.
const SCALARS: [W; 10] = [
    W::Str,
    W::Int,
    W::Dec,
    W::Bool,
    W::Date,
    W::DateTime,
    W::Local,
    W::Time,
    W::Duration,
    W::Period,
];
/// Elements of the lists: few and many.
const LENGTHS: [usize; 4] = [3, 16, 200, 5_000];
const TEXTS: [&str; 8] = [
    "Ciudad de México",
    " María-7, ",
    "days",
    "42",
    "2026-03-01",
    "a,b,,A",
    "Europe/Madrid",
    "\"UPPER\"",
];
const ROUNDS: usize = 8;
const WARM: usize = 4;

fn list_of(element: W) -> Option<W> {
    let at = SCALARS.iter().position(|scalar| *scalar == element)?;
    Some(W::List(ShapeId(at as u32)))
}

/// A signature's type where the open ones are this.
fn typed(ty: Ty, open: W) -> Option<W> {
    Some(match ty {
        Ty::String => W::Str,
        Ty::Integer => W::Int,
        Ty::Decimal => W::Dec,
        Ty::Boolean => W::Bool,
        Ty::Date => W::Date,
        Ty::DateTime => W::DateTime,
        Ty::DateTimeOnly => W::Local,
        Ty::Time => W::Time,
        Ty::Duration => W::Duration,
        Ty::Period => W::Period,
        Ty::T | Ty::Any => open,
        Ty::List(element) => list_of(typed(*element, open)?)?,
        Ty::Map(_) | Ty::Lambda(_) => return None,
    })
}

fn word(ty: W, n: usize, record: &mut Record) -> u64 {
    let (number, text) = (n as i64 % 5, TEXTS[n % TEXTS.len()]);
    match ty {
        W::Str => record.push_str(Region::Input, text).expect("room"),
        W::Dec => (number as f64 * 0.75).to_bits(),
        W::Bool | W::Kleene => n as u64 % 2,
        W::DateTime => date_time_word(number * 86_400_000, 60).expect("an instant"),
        W::Period => period_word(1, number as i32),
        W::List(shape) => {
            let (element, len) = (SCALARS[shape.0 as usize], LENGTHS[n % LENGTHS.len()]);
            let rows = record.push_zeros(2 * len).expect("room");
            for (ix, at) in (rows as usize..).step_by(2).take(len).enumerate() {
                let item = word(element, ix, record);
                // Some are missing.
                let is_there = u64::from(ix % 7 != 2);
                record.words[at] = is_there;
                record.words[at + 1] = item * is_there;
            }
            Ref::new(Region::Input, len as u32, rows).0
        }
        _ => number as u64,
    }
}

fn artifact(function: &Function) -> Artifact {
    let slot = |ty: W| Slot { name: StrId(0), ty };
    Artifact {
        strings: ["", function.name].into_iter().collect(),
        shapes: SCALARS
            .map(|ty| Shape {
                slots: vec![slot(ty)],
            })
            .into(),
        ..Artifact::default()
    }
}

/// Calls a function until its memory is warm, then measured.
fn allocations(artifact: &Artifact, called: Called, site: &CallSite, round: usize) -> u64 {
    let (mut given, empty, zone) = (Record::default(), Record::default(), Zone::utc());
    let params = site.params.iter().enumerate();
    let args: Vec<u64> = params
        .map(|(ix, ty)| word(*ty, round + 3 * ix, &mut given))
        .collect();
    let (mut scratch, mut tools) = (Record::default(), Tools::default());
    let patterns = Patterns::default();
    let mut call = || {
        scratch.reset();
        tools.begin();
        let mut fuel = Fuel::new(1_000_000);
        let mut ctx = Ctx {
            shapes: &artifact.shapes,
            fixed: [&empty, &empty, &empty, &given],
            patterns: &patterns,
            scratch: &mut scratch,
            tools: &mut tools,
            fuel: &mut fuel,
            now_ms: 1_000,
            zone: &zone,
        };
        let _ = called.call(&mut ctx, &args, site);
    };
    (0..WARM).for_each(|_| call());
    measure(call).count_total
}

#[test]
fn no_function_of_the_table_takes_memory_once_it_is_warm() {
    let mut measured = 0;
    let mut taken = Vec::new();
    for function in func::all() {
        if !matches!(function.imp, Imp::Native(_)) {
            continue;
        }
        let artifact = artifact(function);
        for open in SCALARS {
            let params: Option<Vec<W>> = function
                .params
                .iter()
                .map(|param| typed(param.ty, open))
                .collect();
            let Some((params, result)) = params.zip(typed(function.returns, open)) else {
                continue;
            };
            let import = Import {
                name: StrId(1),
                params,
                result,
            };
            let resolved = func::resolve_import(&artifact, &import).expect(function.name);
            for round in 0..ROUNDS {
                measured += 1;
                let count = allocations(&artifact, resolved.native, &resolved.site, round);
                if count > 0 {
                    let told = format!("{}{:?}: {count}", function.name, import.params);
                    taken.push(told);
                    break;
                }
            }
        }
    }
    taken.dedup();
    assert!(measured > 5_000, "{measured} measured");
    assert!(taken.is_empty(), "{taken:#?}");
}
