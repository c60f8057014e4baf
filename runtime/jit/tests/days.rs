//! What needs words, the instant and the zone alone: told in place by both tiers where that can be, and by the function itself where an
//! argument is no number at hand. All say the same, near edges, near changes of the zone and near the ends of the calendar too.

mod support;

use journey_artifact::code::{Instr, Op};
use journey_artifact::model::{Artifact, Chunk, ChunkId, Constant, Import, Shape, Slot, StrId};
use journey_artifact::verify;
use journey_artifact::word::{ShapeId, WordType as W, date_time_ms, date_time_word, period_word};
use journey_jit::Compiler;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, interpret};
use journey_machine::fault::Fault;
use journey_machine::func::{CallSite, Ctx, Imp, Tools, lookup};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_machine::time::civil::{DAY_MS, EDGE_DAYS, EDGE_MS, HOUR_MS};
use support::i;

/// A function, by the types of its arguments and of its value.
type Function = (&'static str, &'static [W], W);

const ALL: &[Function] = &[
    ("now", &[], W::DateTime),
    ("currentTimeInMillis", &[], W::Int),
    ("inLastHours", &[W::DateTime, W::Int], W::Bool),
    ("inLastDays", &[W::DateTime, W::Int], W::Bool),
    ("inLastMonths", &[W::DateTime, W::Int], W::Bool),
    ("inLastYears", &[W::DateTime, W::Int], W::Bool),
    ("inNextHours", &[W::DateTime, W::Int], W::Bool),
    ("inNextDays", &[W::DateTime, W::Int], W::Bool),
    ("inNextMonths", &[W::DateTime, W::Int], W::Bool),
    ("inNextYears", &[W::DateTime, W::Int], W::Bool),
    ("dateDiff", &[W::Date, W::Date], W::Int),
    ("dateDiff", &[W::Local, W::Local], W::Int),
    ("dateDiff", &[W::DateTime, W::DateTime], W::Int),
    ("yearsBetween", &[W::Date, W::Date], W::Int),
    ("year", &[W::DateTime], W::Int),
    ("year", &[W::Local], W::Int),
    ("year", &[W::Date], W::Int),
    ("month", &[W::DateTime], W::Int),
    ("month", &[W::Local], W::Int),
    ("month", &[W::Date], W::Int),
    ("dayOfMonth", &[W::DateTime], W::Int),
    ("dayOfMonth", &[W::Local], W::Int),
    ("dayOfMonth", &[W::Date], W::Int),
    ("dayOfWeek", &[W::DateTime], W::Int),
    ("dayOfWeek", &[W::Local], W::Int),
    ("dayOfWeek", &[W::Date], W::Int),
    ("hour", &[W::DateTime], W::Int),
    ("hour", &[W::Local], W::Int),
    ("hour", &[W::Time], W::Int),
    ("minute", &[W::DateTime], W::Int),
    ("minute", &[W::Local], W::Int),
    ("minute", &[W::Time], W::Int),
    ("time", &[W::DateTime], W::Time),
    ("time", &[W::Local], W::Time),
    ("op.add", &[W::DateTime, W::Duration], W::DateTime),
    ("op.sub", &[W::DateTime, W::Duration], W::DateTime),
    ("op.add", &[W::DateTime, W::Period], W::DateTime),
    ("op.sub", &[W::DateTime, W::Period], W::DateTime),
    ("op.add", &[W::Local, W::Duration], W::Local),
    ("op.sub", &[W::Local, W::Duration], W::Local),
    ("op.add", &[W::Local, W::Period], W::Local),
    ("op.sub", &[W::Local, W::Period], W::Local),
    ("op.add", &[W::Date, W::Period], W::Date),
    ("op.sub", &[W::Date, W::Period], W::Date),
    ("op.sub", &[W::DateTime, W::DateTime], W::Duration),
    ("op.sub", &[W::Local, W::Local], W::Duration),
    ("toInteger", &[W::DateTime], W::Int),
    ("toDateOnly", &[W::DateTime], W::Date),
    ("toDateOnly", &[W::Local], W::Date),
    ("toDateTimeOnly", &[W::DateTime], W::Local),
    ("toDateTime", &[W::Local], W::DateTime),
    ("toDateTime", &[W::Date], W::DateTime),
];

const ZONES: [&str; 12] = [
    "UTC",
    "Europe/Paris",
    "Pacific/Apia",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Kiritimati",
    "Africa/Monrovia",
    "America/Sao_Paulo",
    "+14:00",
    "-14:00",
];

fn zone(name: &str) -> Zone {
    match name {
        "+14:00" => Zone::fixed(840).expect("an offset"),
        "-14:00" => Zone::fixed(-840).expect("an offset"),
        name => Zone::get(name).expect(name),
    }
}

/// The second argument stands in the code, or is read of a row; the value is given, or decides a jump.
const AT_HAND: ChunkId = ChunkId(0);
const READ: ChunkId = ChunkId(1);
const DECIDES: ChunkId = ChunkId(2);

fn artifact((name, params, result): Function, second: u64) -> Artifact {
    let count = params.len() as u8;
    let slot = |at: u16| i(Op::Slot, 4 + at as u8, 2, 0, at, 6);
    let number = second as i64;
    let at_hand = match i32::try_from(number) {
        Ok(number) if params.get(1) == Some(&W::Int) => {
            let number = number as u32;
            i(Op::Int, 5, 0, 0, number as u16, (number >> 16) as u16)
        }
        _ => i(Op::Const, 5, 0, 0, 0, 0),
    };
    let nothing = i(Op::Int, 8, 0, 0, 0, 0);
    let chunk = |result: W, second: Instr, ends: [Instr; 3]| Chunk {
        vars: None,
        input: Some(ShapeId(0)),
        registers: 10,
        result,
        optional: true,
        code: [
            if count > 0 { slot(0) } else { nothing },
            if count > 1 { second } else { nothing },
            i(Op::Call, 3, 4, count, 0, 6),
        ]
        .into_iter()
        .chain(ends)
        .chain([i(Op::RetMissing, 0, 0, 0, 0, 0)])
        .collect(),
    };
    let given = [
        i(Op::Ret, 3, 0, 0, 0, 0),
        i(Op::Ret, 3, 0, 0, 0, 0),
        i(Op::RetMissing, 0, 0, 0, 0, 0),
    ];
    let mut chunks = vec![chunk(result, at_hand, given), chunk(result, slot(1), given)];
    if result == W::Bool {
        let decides = [
            i(Op::JumpFalse, 3, 0, 0, 0, 6),
            i(Op::Bool, 3, 0, 0, 1, 0),
            i(Op::Ret, 3, 0, 0, 0, 0),
        ];
        chunks.push(chunk(W::Bool, at_hand, decides));
    }
    let named = |ty: &W| Slot {
        name: StrId(1),
        ty: *ty,
    };
    let constants = params.get(1).map(|ty| Constant::Word(*ty, second));
    let slots: Vec<Slot> = params.iter().map(named).collect();
    Artifact {
        name: "t".into(),
        version: "1".into(),
        strings: ["t", "at", name].iter().collect(),
        constants: constants.into_iter().collect(),
        shapes: vec![Shape { slots }],
        imports: vec![Import {
            name: StrId(2),
            params: params.to_vec(),
            result,
        }],
        chunks,
        ..Artifact::default()
    }
}

type Random<'r> = &'r mut dyn FnMut(u64) -> u64;

fn one<T: Copy>(random: Random<'_>, of: &[T]) -> T {
    of[random(of.len() as u64) as usize]
}

/// Mostly of our years, often near a change of some zone, now and then at the ends of everything.
fn an_instant(random: Random<'_>) -> i64 {
    let near = random(3 * 86_400_000) as i64 - 3 * DAY_MS / 2;
    match random(12) {
        0 => one(random, &[-(1 << 47), 1 << 47]) + random(3) as i64 - 1,
        1 => one(random, &[EDGE_MS.0, EDGE_MS.1]) + near,
        2 => one(random, &[0, 130 * 365 * DAY_MS]) + near,
        // 2021: clocks of Paris and New York change; 2011: a day that Apia has not; 1972: Monrovia; 1 January of the year 1.
        3..=5 => {
            let changes = [
                1_616_893_200_000,
                1_635_642_000_000,
                1_636_264_800_000,
                1_325_239_200_000,
                63_593_070_000,
                -62_135_596_800_000,
            ];
            one(random, &changes) + one(random, &[0, -1, 1, near, near, near])
        }
        _ => random(60 * 365) as i64 * DAY_MS + random(86_400_000) as i64,
    }
}

/// How much is asked for or added.
fn amount(random: Random<'_>) -> i64 {
    match random(8) {
        0 => one(
            random,
            &[
                i64::MAX,
                i64::MIN,
                100_000,
                -100_001,
                i64::from(i32::MIN),
                1 << 40,
            ],
        ),
        1 | 2 => one(random, &[0, 1, 2, -1, 3]),
        3 => random(2000) as i64 - 1000,
        _ => random(40) as i64,
    }
}

/// A word of a type; `near`: an instant or a wall clock that it may be near.
fn word(random: Random<'_>, ty: W, near: i64) -> u64 {
    let offset = one(random, &[0, 60, -840, 840, 330, 1439, -1439]);
    let ms = match random(4) {
        0 => an_instant(random),
        1 => near,
        2 => near.saturating_add(random(5) as i64 - 2),
        _ => near.saturating_add(random(8 * 86_400_000) as i64 - 4 * DAY_MS),
    };
    match ty {
        W::DateTime => {
            let ms = ms.clamp(-(1 << 51), (1 << 51) - 1);
            date_time_word(ms, offset).expect("within bounds")
        }
        W::Local => ms.clamp(EDGE_MS.0, EDGE_MS.1) as u64,
        W::Date => ms.div_euclid(DAY_MS).clamp(EDGE_DAYS.0, EDGE_DAYS.1) as u64,
        W::Time => random(86_400_000),
        W::Int => amount(random) as u64,
        W::Duration => {
            let unit = one(random, &[1, 1000, HOUR_MS, DAY_MS]);
            amount(random).saturating_mul(unit) as u64
        }
        _ => {
            let small = |n: i64| n.clamp(i32::MIN.into(), i32::MAX.into()) as i32;
            let months = if random(3) == 0 { amount(random) } else { 0 };
            period_word(small(months), small(amount(random)))
        }
    }
}

/// What the function's own native says.
fn by_native(
    (name, params, result): Function,
    args: &[u64],
    env: &Env<'_>,
) -> Result<Option<u64>, Fault> {
    let fits = |function: &&journey_machine::func::Function| {
        let site = journey_machine::func::resolve_import(
            &artifact((name, params, result), 0),
            &Import {
                name: StrId(2),
                params: params.to_vec(),
                result,
            },
        );
        site.is_ok_and(|site| std::ptr::eq(site.function, *function))
    };
    let function = lookup(name).find(fits).expect("in the table");
    let Imp::Native(native) = function.imp else {
        panic!("{name} has a native");
    };
    let none = Record::default();
    let mut ctx = Ctx {
        shapes: &[],
        fixed: [&none; 4],
        patterns: &Default::default(),
        scratch: &mut Record::default(),
        tools: &mut Tools::default(),
        fuel: &mut Fuel::new(100),
        now_ms: env.now_ms,
        zone: env.zone,
    };
    let site = CallSite::new(params.to_vec(), result, &[]);
    native.call(&mut ctx, args, &site)
}

#[test]
fn both_tiers_and_the_function_say_the_same() {
    let mut compiler = Compiler::new().ok();
    let mut random = support::random(0xDA15);
    let random: Random<'_> = &mut random;
    let zones = ZONES.map(zone);
    let none = Record::default();
    let (mut truths, mut values, mut missing) = ([0; 2], 0, 0);
    for function in ALL {
        let (name, params, result) = *function;
        let constants = if params.len() > 1 { 14 } else { 1 };
        for _ in 0..constants {
            let base = an_instant(random);
            let second = params.get(1).map_or(0, |ty| word(random, *ty, base));
            let load = || Loaded::new(verify(artifact(*function, second)).expect("valid"));
            let (program, plain) = (load().expect("loaded"), load().expect("loaded"));
            let chunks: &[ChunkId] = match result {
                W::Bool => &[AT_HAND, READ, DECIDES],
                _ => &[AT_HAND, READ],
            };
            if let Some(compiler) = &mut compiler {
                compiler.compile(&program, chunks).expect("code");
            }
            let shape = &program.artifact().shapes[0];
            for round in 0..600 / constants * 3 {
                let now_ms = if random(3) == 0 {
                    base
                } else {
                    an_instant(random)
                };
                // Near now, or near where the amount leads.
                let unit = match name {
                    "inLastHours" => -HOUR_MS,
                    "inLastDays" => -DAY_MS,
                    "inLastMonths" => -30 * DAY_MS,
                    "inLastYears" => -365 * DAY_MS,
                    "inNextHours" => HOUR_MS,
                    "inNextDays" => DAY_MS,
                    "inNextMonths" => 30 * DAY_MS,
                    "inNextYears" => 365 * DAY_MS,
                    _ => 0,
                };
                let ahead = (second as i64).saturating_mul(unit);
                let edge = now_ms.saturating_add(if random(2) == 0 { ahead } else { 0 });
                let first = params.first().map(|ty| word(random, *ty, edge));
                let args: Vec<u64> = first
                    .into_iter()
                    .chain(params.get(1).map(|_| second))
                    .collect();
                let mut input = Record::new(shape);
                for (at, word) in args.iter().enumerate() {
                    input.set(shape, at as u16, *word);
                }
                let env = |loaded| Env {
                    loaded,
                    profile: &none,
                    vars: &none,
                    input: &input,
                    now_ms,
                    zone: &zones[round % zones.len()],
                };
                let told = format!(
                    "{name} {params:?} {args:?} now {now_ms} in {}",
                    ZONES[round % ZONES.len()]
                );
                let native = by_native(*function, &args, &env(&plain));
                let decided = native.map(|word| word.filter(|word| *word == 1));
                for chunk in chunks {
                    let wanted = if *chunk == DECIDES { &decided } else { &native };
                    let (mut first, mut second) = (Fuel::new(500), Fuel::new(500));
                    let interpreted =
                        interpret(&env(&plain), *chunk, &mut Frame::new(), &mut first);
                    let ready = env(&program).ready();
                    let code = ready.eval(*chunk, &mut Frame::new(), &mut second);
                    assert_eq!(wanted, &interpreted, "{told}");
                    assert_eq!(wanted, &code, "{told}");
                    assert_eq!(first, second, "{told}");
                    // Too little for the call.
                    let (mut first, mut second) = (Fuel::new(8), Fuel::new(8));
                    let interpreted =
                        interpret(&env(&plain), *chunk, &mut Frame::new(), &mut first);
                    let code = ready.eval(*chunk, &mut Frame::new(), &mut second);
                    assert_eq!((interpreted, first), (code, second), "{told}");
                }
                match (result, native) {
                    (W::Bool, Ok(Some(holds))) => truths[holds as usize] += 1,
                    (_, Ok(Some(_))) => values += 1,
                    _ => missing += 1,
                }
            }
        }
    }
    println!("{truths:?} truths, {values} values, {missing} missing");
    assert!(truths[0] > 3000 && truths[1] > 3000 && values > 10_000 && missing > 100);
}

/// `at < now() + by` and the like, with the jump on it: a slot, the sum, a comparison.
fn compared(
    params: &'static [W],
    sooner: bool,
    by: u64,
    (op, first): (Op, bool),
    when: bool,
) -> Artifact {
    let name = if sooner { "op.sub" } else { "op.add" };
    let mut artifact = artifact((name, params, W::DateTime), by);
    artifact.strings = ["t", "at", name, "now"].iter().collect();
    artifact.imports.push(Import {
        name: StrId(3),
        params: Vec::new(),
        result: W::DateTime,
    });
    let (b, c) = if first { (4, 8) } else { (8, 4) };
    let jump = if when { Op::JumpTrue } else { Op::JumpFalse };
    artifact.chunks.truncate(1);
    artifact.chunks[0].result = W::Bool;
    artifact.chunks[0].code = vec![
        i(Op::Slot, 4, 2, 0, 0, 8),
        i(Op::Call, 6, 4, 0, 1, 8),
        i(Op::Const, 7, 0, 0, 0, 0),
        i(Op::Call, 8, 6, 2, 0, 8),
        i(op, 3, b, c, 0, 0),
        i(jump, 3, 0, 0, 0, 8),
        i(Op::Bool, 5, 0, 0, 1, 0),
        i(Op::Ret, 5, 0, 0, 0, 0),
        i(Op::RetMissing, 0, 0, 0, 0, 0),
    ];
    artifact
}

#[test]
fn an_instant_against_the_present_one() {
    let mut compiler = Compiler::new().ok();
    let mut random = support::random(0xA6A1);
    let random: Random<'_> = &mut random;
    let zones = ZONES.map(zone);
    let none = Record::default();
    let mut truths = [0; 2];
    for _ in 0..1500 {
        let params: &[W] = one(
            random,
            &[&[W::DateTime, W::Duration], &[W::DateTime, W::Period]],
        );
        let by = word(random, params[1], 0);
        let how = (one(random, &[Op::LtT, Op::LeT, Op::EqT]), random(2) == 0);
        let (sooner, when) = (random(2) == 0, random(2) == 0);
        let artifact = compared(params, sooner, by, how, when);
        let program = Loaded::new(verify(artifact).expect("valid")).expect("loaded");
        if let Some(compiler) = &mut compiler {
            compiler.compile(&program, &[AT_HAND]).expect("code");
        }
        let shape = &program.artifact().shapes[0];
        for _ in 0..20 {
            let now_ms = an_instant(random);
            let mut input = Record::new(shape);
            let zone = random(ZONES.len() as u64) as usize;
            let mut env = Env {
                loaded: &program,
                profile: &none,
                vars: &none,
                input: &none,
                now_ms,
                zone: &zones[zone],
            };
            let now = date_time_word(now_ms, 0).expect("within bounds");
            let function = (
                if sooner { "op.sub" } else { "op.add" },
                params,
                W::DateTime,
            );
            let edge = by_native(function, &[now, by], &env);
            let edge = date_time_ms(edge.expect("no fault").expect("a sum"));
            let near = if random(4) == 0 { now_ms } else { edge };
            let at = word(random, W::DateTime, near);
            input.set(shape, 0, at);
            env.input = &input;
            let (first, second) = match how.1 {
                true => (date_time_ms(at), edge),
                false => (edge, date_time_ms(at)),
            };
            let holds = match how.0 {
                Op::LtT => first < second,
                Op::LeT => first <= second,
                _ => first == second,
            };
            let wanted = Ok((holds != when).then_some(1));
            let told = format!(
                "{how:?} {sooner} {when} {by} {at} now {now_ms} in {}",
                ZONES[zone]
            );
            for fuel in [500, 16, 12] {
                let (mut one, mut other) = (Fuel::new(fuel), Fuel::new(fuel));
                let interpreted = interpret(&env, AT_HAND, &mut Frame::new(), &mut one);
                let code = env.ready().eval(AT_HAND, &mut Frame::new(), &mut other);
                if fuel == 500 {
                    assert_eq!(interpreted, wanted, "{told}");
                    assert_eq!(one.left(), 500 - 9 - 8, "{told}");
                }
                assert_eq!((interpreted, one), (code, other), "{told}");
            }
            truths[usize::from(holds)] += 1;
        }
    }
    assert!(truths[0] > 3000 && truths[1] > 3000, "{truths:?}");
}

/// Words that no reader makes: a hostile program's constants.
#[test]
fn words_of_no_meaning_are_no_matter() {
    let Ok(mut compiler) = Compiler::new() else {
        return;
    };
    let odd = [
        0,
        1,
        u64::MAX,
        1 << 63,
        i64::MAX as u64,
        1 << 52,
        (1 << 47) - 1,
        1 << 47,
    ];
    let none = Record::default();
    for function in ALL.iter().filter(|(_, params, _)| !params.is_empty()) {
        for second in odd {
            let artifact = verify(artifact(*function, second));
            // A constant of some types is looked at.
            let Ok(artifact) = artifact else {
                continue;
            };
            let program = Loaded::new(artifact).expect("loaded");
            compiler.compile(&program, &[AT_HAND]).expect("code");
            let shape = &program.artifact().shapes[0];
            for first in odd {
                let mut input = Record::new(shape);
                input.set(shape, 0, first);
                let zone = zone("Europe/Paris");
                for now_ms in [0, 1_616_893_200_000, i64::MAX, i64::MIN, 1 << 51] {
                    let env = Env {
                        loaded: &program,
                        profile: &none,
                        vars: &none,
                        input: &input,
                        now_ms,
                        zone: &zone,
                    };
                    let (mut one, mut other) = (Fuel::new(500), Fuel::new(500));
                    let interpreted = interpret(&env, AT_HAND, &mut Frame::new(), &mut one);
                    let code = env.ready().eval(AT_HAND, &mut Frame::new(), &mut other);
                    let told = format!("{function:?} {first} {second} now {now_ms}");
                    assert_eq!((interpreted, one), (code, other), "{told}");
                }
            }
        }
    }
}
