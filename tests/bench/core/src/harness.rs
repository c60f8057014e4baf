//! Verify, count, time.
//!
//! Comes in: an engine. Goes out: whether its answers are right, and its report. Never true here: a time taken before every
//! case of every workload was answered rightly, from a context and from bytes.
//!
//! `PB_VERIFY_ONLY` stops after the answers; `PB_ONLY=w01,w06` looks at some workloads, and what needs all twelve is left out;
//! `PB_FIGURES=evaluate,decide` times some figures, for a profiler to look at.

use crate::allocator::{counted, resident};
use crate::clock::Clock;
use crate::engine::{Engine, Expression, Info, expressions};
use crate::machine::Setting;
use crate::report::{Report, Row, Status};
use crate::workload::{Workload, workloads};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;

/// Evaluations over which allocations are averaged.
const COUNTED: u32 = 100;
/// Evaluations before that, so that memory which is kept for the next one is there.
const WARM: u32 = 50;
/// Copies of a program over which its memory is averaged.
const COPIES: usize = 64;

/// Runs an engine with the expressions of `exprs/<name>.toml`; one that is written by hand needs none.
pub fn run<E: Engine>(info: Info, engine: &mut E) -> ExitCode {
    let expressions = match info.compiles {
        true => expressions(info.name),
        false => BTreeMap::new(),
    };
    run_with(info, &expressions, engine)
}

/// Runs an engine with these expressions.
pub fn run_with<E: Engine>(
    info: Info,
    expressions: &BTreeMap<String, Expression>,
    engine: &mut E,
) -> ExitCode {
    let only = std::env::var("PB_ONLY").ok();
    let wanted = |w: &Workload| only.as_ref().is_none_or(|only| only.contains(&w.id));
    let mut run = Run {
        info,
        trials: Vec::new(),
        report: Report {
            engine: info.name.into(),
            version: info.version.into(),
            kind: info.kind.into(),
            setting: Setting::now(),
            ..Report::default()
        },
    };
    for workload in workloads().into_iter().filter(wanted) {
        let expression = expressions.get(&workload.id).cloned();
        run.verify(engine, workload, expression);
    }
    if run.trials.is_empty() {
        return ExitCode::SUCCESS;
    }
    let together = only.is_none() && info.has_context;
    if together
        && run.trials.iter().all(|t| t.program.is_some())
        && let Err(why) = run.verify_together(engine)
    {
        eprintln!("{:>20} all  {why}", info.name);
        return ExitCode::FAILURE;
    }
    let wrong = |row: &Row| matches!(row.status, Status::Wrong(_) | Status::Refused(_));
    let code = match run.report.rows.iter().any(wrong) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    };
    if std::env::var_os("PB_VERIFY_ONLY").is_some() {
        return code;
    }
    run.count(engine);
    let mut clock = Clock::new(info.name);
    run.time(engine, &mut clock);
    if only.is_none() {
        run.time_together(engine, &mut clock);
    }
    run.report.save();
    code
}

/// A workload and the program for it, once that has given the right answers.
struct Trial<P> {
    workload: Workload,
    source: String,
    program: Option<P>,
}

struct Run<P> {
    info: Info,
    trials: Vec<Trial<P>>,
    report: Report,
}

impl<P> Run<P> {
    fn verify<E: Engine<Program = P>>(
        &mut self,
        engine: &mut E,
        workload: Workload,
        expression: Option<Expression>,
    ) {
        let expression = expression.unwrap_or_else(|| Expression {
            unsupported: match self.info.compiles {
                true => "there is no expression".into(),
                false => String::new(),
            },
            ..Expression::default()
        });
        let (status, program) = match expression.unsupported.is_empty() {
            false => (Status::Unsupported, None),
            true => match engine.compile(&workload.id, &expression.src) {
                Err(why) => (Status::Refused(why), None),
                Ok(mut program) => match self.answers(engine, &workload, &mut program) {
                    wrong if wrong.is_empty() => (Status::Right, Some(program)),
                    wrong => (Status::Wrong(wrong), None),
                },
            },
        };
        let (name, id) = (self.info.name, &workload.id);
        eprintln!("{name:>20} {id}  {status:?} {}", expression.unsupported);
        self.report.rows.push(Row {
            workload: workload.id.clone(),
            status,
            host: expression.host,
            note: expression.note + &expression.unsupported,
            ..Row::default()
        });
        self.trials.push(Trial {
            workload,
            source: expression.src,
            program,
        });
    }

    /// What is wrong with the answers; empty when nothing is.
    fn answers<E: Engine<Program = P>>(
        &self,
        engine: &mut E,
        workload: &Workload,
        program: &mut P,
    ) -> String {
        let mut wrong = String::new();
        for case in workload.cases() {
            let expected = Ok(case.expected);
            if self.info.has_context {
                let context = engine.context_for(program, &case.event, &case.profile);
                let answer = context.and_then(|mut c| engine.evaluate(program, &mut c));
                if answer != expected {
                    wrong += &format!("[{}, from a context: {answer:?}]", case.name);
                }
            }
            let answer = engine.decide(program, &case.event, &case.profile);
            if answer != expected {
                wrong += &format!("[{}, from bytes: {answer:?}]", case.name);
            }
        }
        wrong
    }

    /// All conditions together must say on every document what each says alone.
    fn verify_together<E: Engine<Program = P>>(&mut self, engine: &mut E) -> Result<(), String> {
        let sources = self.trials.iter();
        let sources: Vec<(String, String)> = sources
            .map(|t| (t.workload.id.clone(), t.source.clone()))
            .collect();
        engine.deploy(&sources)?;
        let mut programs: Vec<P> = self
            .trials
            .iter_mut()
            .filter_map(|t| t.program.take())
            .collect();
        let cases: Vec<_> = self
            .trials
            .iter()
            .flat_map(|t| t.workload.cases())
            .collect();
        let mut wrong = Ok(());
        for case in cases {
            let mut alone = 0;
            for program in &mut programs {
                alone += u32::from(engine.decide(program, &case.event, &case.profile)?);
            }
            let bytes = engine.decide_all(&mut programs, &case.event, &case.profile)?;
            let mut context = engine.context(&case.event, &case.profile)?;
            let context = engine.evaluate_all(&mut programs, &mut context)?;
            if (bytes, context) != (alone, alone) {
                let name = &case.name;
                wrong = Err(format!(
                    "{name}: {alone} hold one by one, {bytes} from bytes, {context} from a context"
                ));
            }
        }
        for (trial, program) in self.trials.iter_mut().zip(programs) {
            trial.program = Some(program);
        }
        wrong
    }

    /// Allocations and memory.
    fn count<E: Engine<Program = P>>(&mut self, engine: &mut E) {
        for (trial, row) in self.trials.iter_mut().zip(&mut self.report.rows) {
            let Some(program) = trial.program.as_mut() else {
                continue;
            };
            let base = &trial.workload.base;
            row.code_bytes = engine.code_bytes(program).map(|n| n as f64);
            if self.info.has_context {
                let context = engine.context_for(program, &base.event, &base.profile);
                let mut context = context.expect("verified");
                row.evaluate_allocations = Some(allocations(|| {
                    black_box(engine.evaluate(program, &mut context)).is_ok()
                }));
            }
            row.decide_allocations = Some(allocations(|| {
                black_box(engine.decide(program, &base.event, &base.profile)).is_ok()
            }));
            if self.info.compiles {
                let mut compile = || engine.compile(&trial.workload.id, &trial.source);
                drop(compile());
                let mut kept = Vec::with_capacity(COPIES);
                let before = resident();
                let ((), counted) = counted(|| {
                    kept.extend((0..COPIES).filter_map(|_| compile().ok()));
                });
                let per = |bytes: i64| bytes as f64 / COPIES as f64;
                row.program_heap_bytes = Some(per(counted.live) + size_of::<P>() as f64);
                row.program_resident_bytes = Some(per(resident() - before));
            }
        }
        if self.info.has_context {
            let base = &self.trials[0].workload.base;
            let mut context = || engine.context(&base.event, &base.profile).is_ok();
            context();
            let (_, counted) = counted(|| (0..COUNTED).all(|_| context()));
            self.report.context_allocations = Some(counted.calls as f64 / f64::from(COUNTED));
            self.report.context_bytes = Some(counted.bytes as f64 / f64::from(COUNTED));
        }
    }

    fn time<E: Engine<Program = P>>(&mut self, engine: &mut E, clock: &mut Clock) {
        for (trial, row) in self.trials.iter_mut().zip(&mut self.report.rows) {
            let Some(program) = trial.program.as_mut() else {
                continue;
            };
            let (id, base) = (&trial.workload.id, &trial.workload.base);
            if self.info.compiles && wanted("compile") {
                row.compile_ns = Some(clock.median(&format!("{id}_compile"), || {
                    engine.compile(id, black_box(&trial.source)).is_ok()
                }));
                if engine.to_bytecode(&trial.source).is_some() {
                    row.bytecode_ns = Some(clock.median(&format!("{id}_bytecode"), || {
                        engine.to_bytecode(black_box(&trial.source))
                    }));
                }
                if engine.to_machine_code(program).is_some() {
                    row.machine_code_ns = Some(clock.median(&format!("{id}_machine_code"), || {
                        engine.to_machine_code(program)
                    }));
                }
            }
            if self.info.has_context && wanted("evaluate") {
                let context = engine.context_for(program, &base.event, &base.profile);
                let mut context = context.expect("verified");
                row.evaluate_ns = Some(clock.median(&format!("{id}_evaluate"), || {
                    engine.evaluate(black_box(program), black_box(&mut context)) == Ok(true)
                }));
            }
            if wanted("decide") {
                row.decide_ns = Some(clock.median(&format!("{id}_decide"), || {
                    let (event, profile) = (black_box(&base.event), black_box(&base.profile));
                    engine.decide(program, event, profile) == Ok(true)
                }));
            }
        }
    }

    /// What concerns both documents and all programs.
    fn time_together<E: Engine<Program = P>>(&mut self, engine: &mut E, clock: &mut Clock) {
        let base = self.trials[0].workload.base.clone();
        if wanted("project")
            && let Some(Ok(items)) = engine.project(&base.event)
        {
            assert_eq!(items, 5, "the list has five items");
            self.report.project_ns =
                Some(clock.median("project", || engine.project(black_box(&base.event))));
        }
        if !self.info.has_context || !wanted("all") {
            return;
        }
        self.report.context_ns = Some(clock.median("context", || {
            let context = engine.context(black_box(&base.event), black_box(&base.profile));
            context.is_ok()
        }));
        let programs = self.trials.iter_mut().map(|t| t.program.take());
        let Some(mut programs) = programs.collect::<Option<Vec<P>>>() else {
            return;
        };
        self.report.decide_all_ns = Some(clock.median("decide_all", || {
            let (event, profile) = (black_box(&base.event), black_box(&base.profile));
            engine.decide_all(&mut programs, event, profile)
        }));
        let mut context = engine
            .context(&base.event, &base.profile)
            .expect("verified");
        self.report.evaluate_all_ns = Some(clock.median("evaluate_all", || {
            engine.evaluate_all(&mut programs, black_box(&mut context))
        }));
    }
}

/// Whether a figure is to be timed.
fn wanted(figure: &str) -> bool {
    let named = std::env::var("PB_FIGURES");
    named.map_or(true, |named| named.split(',').any(|name| name == figure))
}

/// Allocations of one call, once what is kept from call to call is there.
fn allocations(mut call: impl FnMut() -> bool) -> f64 {
    for _ in 0..WARM {
        call();
    }
    let (_, counted) = counted(|| (0..COUNTED).all(|_| call()));
    counted.calls as f64 / f64::from(COUNTED)
}
