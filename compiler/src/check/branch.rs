//! Branches: `if`, `match`, `split`.

use super::arms::{Seen, unreachable};
use super::expr::build::{self, expr};
use super::journey::JourneyCx;
use super::place::Place;
use super::state::{State, when_not_true, when_true};
use crate::diag::{Code, Diagnostic};
use crate::hir::{Block, CompareOp, Expr, ExprKind, Root, Step, StepKind, VarKind};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, AstNode, Pattern};

impl<'a> JourneyCx<'a, '_> {
    /// `if … else if … else`.
    pub fn if_step(&mut self, i: ast::IfStep<'a>, at: Span, state: &mut State) -> StepKind {
        let mut cases = Vec::new();
        let mut paths = Vec::new();
        let mut rest = state.clone();
        for branch in i.branches() {
            let condition = match branch.condition {
                Some(c) => self.cx(&rest).condition(c),
                None => Expr {
                    ty: Type::Boolean,
                    ..build::error(at)
                },
            };
            let span = condition.span;
            rest.unguarded |= branch.condition.is_some_and(|c| self.is_misnamed(c));
            let mut inside = rest.clone();
            inside.learn(&when_true(&condition));
            let block = self.block(branch.block, span, &mut inside);
            paths.push((inside, span, "when this condition holds".to_string()));
            rest.learn(&when_not_true(&condition));
            cases.push((condition, block));
        }
        let otherwise = i.otherwise().map(|b| self.block(Some(b), at, &mut rest));
        let span = cases.first().map_or(at, |(c, _)| c.span);
        paths.push((rest, span, "when this condition does not hold".to_string()));
        *state = State::join(paths);
        StepKind::Branch {
            cases,
            otherwise,
            is_match: false,
        }
    }

    /// `match x { … }`.
    pub fn match_step(
        &mut self,
        m: ast::MatchStep<'a>,
        at: Span,
        state: &mut State,
        out: &mut Vec<Step>,
    ) -> Option<StepKind> {
        let subject = self.cx(state).infer(m.subject()?);
        let subject = self.named_subject(subject, out);
        let mut cases: Vec<(Expr, Block)> = Vec::new();
        let mut paths = Vec::new();
        let mut seen = Seen::default();
        let mut otherwise = None;
        let mut rest = state.clone();
        rest.unguarded |= m.subject().is_some_and(|subject| self.is_misnamed(subject));
        for arm in m.arms() {
            let span = self.header_span(arm);
            if otherwise.is_some() {
                let d = Diagnostic::new(Code::Unreachable, span, "nobody can reach this arm")
                    .label("behind `else`");
                self.report(d);
                continue;
            }
            let is_else = arm.patterns().any(|p| matches!(p, Pattern::Else(_)));
            let mut inside = rest.clone();
            if is_else {
                otherwise = Some(self.block(arm.block(), span, &mut inside));
                paths.push((inside, span, "when no other arm fits".to_string()));
                continue;
            }
            let condition = self.arm_condition(arm, &subject, &rest, &mut seen, span);
            if let Some(condition) = &condition {
                inside.learn(&when_true(condition));
                rest.learn(&when_not_true(condition));
            }
            let block = self.block(arm.block(), span, &mut inside);
            paths.push((inside, span, "when this arm fits".to_string()));
            cases.extend(condition.map(|c| (c, block)));
        }
        let judged = otherwise.is_none() && !m.has_error() && !subject.ty.is_error();
        if judged && let Some(left_out) = seen.left_out(&subject) {
            let message = format!("this match leaves out {left_out}");
            let d = Diagnostic::new(Code::MatchMissesValue, self.header_span(m), message)
                .label("not every value has an arm")
                .why("somebody with that value would pass by all arms; add an arm, or `else { }`");
            self.report(d);
        }
        if otherwise.is_none() && (paths.is_empty() || m.has_error()) {
            paths.push((rest, at, "when no arm fits".to_string()));
        }
        *state = State::join(paths);
        Some(StepKind::Branch {
            cases,
            otherwise,
            is_match: true,
        })
    }

    /// Whether a name in it was reported: what it would have made present is not known.
    fn is_misnamed(&self, e: ast::Expr<'a>) -> bool {
        self.bag.has_misnamed(self.span(e))
    }

    /// A subject that is more than a place is computed once, under a made-up name.
    fn named_subject(&mut self, subject: Expr, out: &mut Vec<Step>) -> Expr {
        if Place::of(&subject).is_some() || subject.ty.is_error() {
            return subject;
        }
        let (ty, opt, span) = (subject.ty.clone(), subject.opt, subject.span);
        let name = format!("$match-{}", self.vars.len());
        let var = self.var(&name, ty.clone(), opt, VarKind::Value, span);
        out.push(Step {
            label: None,
            kind: StepKind::Let {
                var,
                value: subject,
                otherwise: None,
            },
            span,
        });
        expr(ExprKind::Root(Root::Var(var)), ty, opt, span)
    }

    fn arm_condition(
        &mut self,
        arm: ast::MatchArm<'a>,
        subject: &Expr,
        state: &State,
        seen: &mut Seen,
        span: Span,
    ) -> Option<Expr> {
        let mut whole: Option<Expr> = None;
        for pattern in arm.patterns() {
            let at = self.span(pattern);
            let mut cx = self.cx(state);
            let condition = match pattern {
                Pattern::Else(_) => continue,
                Pattern::Missing(_) => {
                    let why = if !subject.opt && !subject.ty.is_error() {
                        Some("the value is never missing here")
                    } else {
                        seen.missing
                            .then_some("an arm before takes what is missing")
                    };
                    if let Some(why) = why {
                        cx.report(unreachable(at, why));
                    }
                    seen.missing = true;
                    expr(
                        ExprKind::IsMissing(Box::new(subject.clone())),
                        Type::Boolean,
                        false,
                        at,
                    )
                }
                Pattern::Value(value) => match (value.from(), value.to()) {
                    (Some(from), Some(to)) => {
                        let (from, to) = (cx.infer(from), cx.infer(to));
                        if !subject.ty.is_error() {
                            seen.add_range(&mut cx, (&from, &to), &subject.ty, at);
                        }
                        cx.in_range(
                            Expr {
                                span: at,
                                ..subject.clone()
                            },
                            from,
                            to,
                            at,
                        )
                    }
                    (Some(from), None) => {
                        let value = cx.infer(from);
                        seen.add(&mut cx, &value, &subject.ty);
                        let subject = Expr {
                            span: at,
                            ..subject.clone()
                        };
                        let (subject, value) = (Box::new(subject), Box::new(value));
                        *cx.compare(CompareOp::Eq, "match", subject, value, at)
                    }
                    _ => continue,
                },
            };
            if condition.ty.is_error() {
                seen.broken = true;
                continue;
            }
            whole = Some(match whole {
                Some(before) => {
                    let (before, condition) = (Box::new(before), Box::new(condition));
                    *self.cx(state).logic(false, before, condition, span)
                }
                None => condition,
            });
        }
        whole
    }

    /// `split "name" { 50% a { } 50% b { } }`.
    pub fn split(&mut self, s: ast::SplitStep<'a>, state: &mut State) -> Option<StepKind> {
        let node = s.name()?;
        let name_span = self.span(node);
        let name = self.cx(state).plain(node, "a split's name")?;
        match self.splits.get(&name) {
            Some(first) => {
                let first = *first;
                let d = Diagnostic::new(
                    Code::DuplicateLabel,
                    name_span,
                    format!("two splits are named \"{name}\""),
                );
                self.report(
                    d.related(first, "the first one")
                        .why("with one name they would send everybody the same way"),
                );
            }
            None => {
                self.splits.insert(name.clone(), name_span);
            }
        }
        let mut arms: Vec<(u32, String, Block)> = Vec::new();
        let mut paths = Vec::new();
        let mut known = !s.has_error();
        for arm in s.arms() {
            let span = self.header_span(arm);
            let share = self.share(arm);
            known &= share.is_some();
            let label = arm.name().map(|n| n.text().to_string()).unwrap_or_default();
            if arms.iter().any(|(_, l, _)| *l == label) {
                self.report(Diagnostic::new(
                    Code::DuplicateLabel,
                    span,
                    format!("two branches are named `{label}`"),
                ));
            }
            let mut inside = state.clone();
            let block = self.block(arm.block(), span, &mut inside);
            paths.push((inside, span, "when the split goes this way".to_string()));
            arms.push((share.unwrap_or(0), label, block));
        }
        let sum: u32 = arms.iter().map(|(share, ..)| share).sum();
        if known && sum != 10_000 {
            let percent = f64::from(sum) / 100.0;
            let d = Diagnostic::new(
                Code::BadSplit,
                name_span,
                format!("the shares add up to {percent} %, not to 100 %"),
            )
            .why("everybody must go somewhere, and nobody two ways");
            self.report(d);
        }
        if paths.is_empty() {
            return None;
        }
        *state = State::join(paths);
        Some(StepKind::Split { name, arms })
    }

    /// A share in hundredths of a percent.
    fn share(&mut self, arm: ast::SplitArm<'a>) -> Option<u32> {
        let literal = arm.percent()?;
        let at = self.span(literal);
        let value = match literal.value() {
            Ok(journey_grammar::literal::LiteralValue::Integer(n)) => n as f64,
            Ok(journey_grammar::literal::LiteralValue::Decimal(d)) => d,
            _ => f64::NAN,
        };
        let hundredths = value * 100.0;
        let message = if !(0.0..=10_000.0).contains(&hundredths) {
            "a share is between 0 % and 100 %"
        } else if (hundredths - hundredths.round()).abs() > 1e-6 {
            "a share has at most two decimals"
        } else {
            return Some(hundredths.round() as u32);
        };
        let d = Diagnostic::new(Code::BadSplit, at, message);
        self.report(d.why("arms are drawn in hundredths of a percent: `33.33%`"));
        None
    }
}
