//! What a condition over an event implies of single fields, for the routing index.
//!
//! Comes in: a checked condition. Goes out: tests of one slot each against constants, which hold whenever the condition does.
//! Never true here: a test that decides anything; the condition has the last word.

use super::needs::Seg;
use super::pass::Pass;
use crate::hir::{CompareOp, Expr, ExprKind, Literal, Root};
use crate::types::Type;
use journey_artifact::limits;
use journey_artifact::model::{Bound, Constant, Discriminator, Test};
use journey_artifact::word::{ShapeId, WordType, date_time_word, period_word};

/// The parts that an `and` joins, however it is bracketed, in source order.
pub fn parts(condition: &Expr) -> Vec<&Expr> {
    chain(condition, true)
}

/// What must hold of fields of the event (row `row`) for the condition to hold. Of several on one field only the first is
/// kept, but for the two ends of one range.
pub fn of(pass: &mut Pass<'_>, row: ShapeId, condition: &Expr) -> Vec<Discriminator> {
    let mut out: Vec<Discriminator> = Vec::new();
    for part in parts(condition) {
        let Some((field, path, test)) = test(pass, part) else {
            continue;
        };
        let ty = pass.rows.word(&field.ty);
        let slot = pass.value(row, &path, ty);
        // Slots stand for fields only when the layout is final; before that, one too few asks for nothing less.
        match out.iter().position(|known| known.slot == slot) {
            Some(known) => meet(&mut out[known].test, test),
            None if out.len() < limits::DISCRIMINATORS => out.push(Discriminator { slot, test }),
            None => {}
        }
    }
    out
}

/// The other end of a range closes it; whatever else comes second is left to the condition.
fn meet(known: &mut Test, also: Test) {
    if let (
        Test::Range { min, max },
        Test::Range {
            min: low,
            max: high,
        },
    ) = (known, also)
    {
        *min = min.or(low);
        *max = max.or(high);
    }
}

/// The field that a part tests against constants, and how.
fn test<'e>(pass: &mut Pass<'_>, part: &'e Expr) -> Option<(&'e Expr, Vec<Seg<'e>>, Test)> {
    let one_of = |value| Test::OneOf(vec![value]);
    match &part.kind {
        ExprKind::Compare(op, a, b) => {
            let (field, op, value) = match (path(a), path(b)) {
                (Some(_), None) => (a, *op, b),
                (None, Some(_)) => (b, mirrored(*op), a),
                _ => return None,
            };
            let path = path(field)?;
            let test = compared(op, constant(pass, value)?)?;
            Some((field, path, test))
        }
        ExprKind::OneOf(subject, alternatives) => {
            let path = path(subject)?;
            let values = alternatives.iter().map(|it| constant(pass, it));
            let values: Option<Vec<Constant>> = values.collect();
            let values = values.filter(|all| allowed(all.len()))?;
            Some((subject, path, Test::OneOf(values)))
        }
        // Equalities of one field joined by `or` are a list written out.
        ExprKind::Or(..) => {
            let mut found: Option<(&Expr, Vec<Seg<'_>>, Vec<Constant>)> = None;
            for either in chain(part, false) {
                let (field, path, Test::OneOf(values)) = test(pass, either)? else {
                    return None;
                };
                match &mut found {
                    None => found = Some((field, path, values)),
                    Some((_, known, all)) if *known == path => all.extend(values),
                    Some(_) => return None,
                }
            }
            let (field, path, values) = found.filter(|(_, _, all)| allowed(all.len()))?;
            Some((field, path, Test::OneOf(values)))
        }
        ExprKind::Call(function, args) if function.name == "startWith" => {
            let [field, prefix] = args.as_slice() else {
                return None;
            };
            let ExprKind::Literal(Literal::Str(prefix)) = &prefix.kind else {
                return None;
            };
            let path = path(field)?;
            let prefix = pass.pool.text(prefix);
            Some((field, path, Test::Prefix(prefix)))
        }
        ExprKind::Not(inner) if inner.ty == Type::Boolean => {
            let truth = constant(pass, &boolean(inner, false))?;
            Some((inner, path(inner)?, one_of(truth)))
        }
        ExprKind::Path(..) if part.ty == Type::Boolean => {
            let truth = constant(pass, &boolean(part, true))?;
            Some((part, path(part)?, one_of(truth)))
        }
        _ => None,
    }
}

fn allowed(count: usize) -> bool {
    (1..=limits::DISCRIMINATOR_VALUES).contains(&count)
}

fn boolean(like: &Expr, truth: bool) -> Expr {
    Expr {
        kind: ExprKind::Literal(Literal::Bool(truth)),
        ty: Type::Boolean,
        opt: false,
        span: like.span,
    }
}

fn compared(op: CompareOp, value: Constant) -> Option<Test> {
    let bound = |inclusive| Some(Bound { value, inclusive });
    let is_text = matches!(value, Constant::Text(_));
    let (min, max) = match op {
        CompareOp::Eq => return Some(Test::OneOf(vec![value])),
        // The order of texts is no range that an index keeps.
        CompareOp::Ne => return None,
        _ if is_text => return None,
        CompareOp::Lt => (None, bound(false)),
        CompareOp::Le => (None, bound(true)),
        CompareOp::Gt => (bound(false), None),
        CompareOp::Ge => (bound(true), None),
    };
    Some(Test::Range { min, max })
}

/// `a op b` as `b op a`.
fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        CompareOp::Eq | CompareOp::Ne => op,
    }
}

/// A literal as a constant; none that equals nothing.
pub(super) fn constant(pass: &mut Pass<'_>, e: &Expr) -> Option<Constant> {
    let ExprKind::Literal(literal) = &e.kind else {
        return None;
    };
    let (ty, word) = match literal {
        Literal::Str(text) => return Some(Constant::Text(pass.pool.text(text))),
        Literal::Dec(value) if value.is_nan() => return None,
        Literal::Dec(value) => (WordType::Dec, value.to_bits()),
        Literal::Bool(truth) => (WordType::Bool, u64::from(*truth)),
        Literal::Int(n) => (WordType::Int, *n as u64),
        Literal::Date(days) => (WordType::Date, i64::from(*days) as u64),
        Literal::DateTime(ms, offset) => (WordType::DateTime, date_time_word(*ms, *offset)?),
        Literal::Local(ms) => (WordType::Local, *ms as u64),
        Literal::Time(ms) => (WordType::Time, u64::from(*ms)),
        Literal::Duration(ms) => (WordType::Duration, *ms as u64),
        Literal::Period(months, days) => (WordType::Period, period_word(*months, *days)),
    };
    Some(Constant::Word(ty, word))
}

fn chain(e: &Expr, and: bool) -> Vec<&Expr> {
    let mut rest = vec![e];
    let mut out = Vec::new();
    while let Some(e) = rest.pop() {
        match &e.kind {
            ExprKind::And(a, b) if and => rest.extend([&**b, &**a]),
            ExprKind::Or(a, b) if !and => rest.extend([&**b, &**a]),
            _ => out.push(e),
        }
    }
    out
}

/// A chain of fields from the event.
fn path(e: &Expr) -> Option<Vec<Seg<'_>>> {
    match &e.kind {
        ExprKind::Root(Root::Input) => Some(Vec::new()),
        ExprKind::Path(base, steps) => {
            let mut path = path(base)?;
            path.extend(steps.iter().map(|step| Seg::Field(&step.name)));
            Some(path)
        }
        _ => None,
    }
}
