//! `test` blocks: statements in virtual time, their data checked against the schemas. What a test expects is in `expectation`.

mod expectation;

use super::expr::{ExprCx, Scope};
use super::plain;
use super::state::State;
use super::world::World;
use crate::diag::{Bag, Code, Diagnostic, written};
use crate::hir::{
    Block, CallId, ExprKind, FixedSpan, Journey, Literal, Program, Statement, StatementKind,
    StepKind, StubAnswer, Test, Var,
};
use crate::source::{FileId, Span};
use crate::types::Type;
use journey_grammar::ast::{self, AstNode, TestItem};
use journey_grammar::literal::LiteralValue;
use journey_grammar::{Node, SyntaxKind};
use journey_machine::time::Zone;
use journey_machine::time::civil::DAY_MS;
use std::collections::{BTreeMap, BTreeSet};

struct TestCx<'a, 'b> {
    world: &'a World<'a>,
    program: &'b Program,
    journey: Option<usize>,
    /// Whether the journey may bind and name more than is known of it: it, or a part of it, was reported.
    unsure: bool,
    bag: &'b mut Bag,
    file: FileId,
    next_local: &'b mut u32,
    /// The splits of its journey, once one was asked for.
    splits: Option<Splits<'b>>,
}

/// Branches by the name of their split.
type Splits<'b> = BTreeMap<&'b str, &'b [(u32, String, Block)]>;

/// The splits of a journey; the first of a name.
fn splits(journey: &Journey) -> Splits<'_> {
    let mut found = Splits::new();
    crate::hir::each_step(journey, &mut |step| {
        if let StepKind::Split { name, arms } = &step.kind {
            found.entry(name).or_insert(arms);
        }
    });
    found
}

/// Checks a test; `None` when its journey does not exist.
pub fn check<'a>(
    world: &'a World<'a>,
    program: &Program,
    bag: &mut Bag,
    file: FileId,
    t: ast::TestDecl<'a>,
    next_local: &mut u32,
) -> Option<Test> {
    let at = t.journey()?.span();
    let span = Span {
        file,
        start: at.start,
        end: at.end,
    };
    let name = t.journey()?.full();
    let journey = world.journeys.get(&name).copied();
    if journey.is_none() {
        let among = world.names(|d| matches!(d, ast::Decl::Journey(_)));
        world.not_found(bag, Code::UnknownJourney, "a journey", &name, span, among);
    }
    let title = t
        .title()
        .and_then(|title| plain::text(bag, file, title, "a test's title"))
        .unwrap_or_default();
    let mut cx = TestCx {
        world,
        program,
        journey,
        unsure: false,
        bag,
        file,
        next_local,
        splits: None,
    };
    cx.unsure = cx.is_unsure();
    let mut statements: Vec<Statement> = Vec::new();
    let mut received = false;
    let (mut at, mut seed) = (None, None);
    let mut now = Some(Test::START);
    for item in t.items() {
        let span = cx.span(item);
        if matches!(item, TestItem::At(_) | TestItem::Seed(_)) && received {
            let d = Diagnostic::new(
                Code::TestOrder,
                span,
                "the clock and the seed are set before anything happens",
            );
            cx.bag.push(d.why("`advance` moves the clock later on"));
            continue;
        }
        let first = match item {
            TestItem::At(_) => at.replace(span),
            TestItem::Seed(_) => seed.replace(span),
            _ => None,
        };
        if let Some(first) = first {
            let d = Diagnostic::new(
                Code::DuplicateSetting,
                span,
                "a test starts once, with one clock and one seed",
            );
            cx.bag
                .push(d.label("the second one").related(first, "first here"));
            continue;
        }
        received |= matches!(item, TestItem::Receive(_) | TestItem::Advance(_));
        match cx.statement(item) {
            Some(kind) => {
                cx.goes_on(&kind, &mut now, span);
                statements.push(Statement { kind, span });
            }
            None if matches!(item, TestItem::At(_) | TestItem::Advance(_)) => now = None,
            None => {}
        }
    }
    Some(Test {
        name: title,
        journey: journey?,
        statements,
        span: Span {
            file,
            ..cx_span(file, t)
        },
    })
}

/// A status that no failure has.
pub fn no_failure(at: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadLiteral,
        at,
        "a status from 200 to 299 is no failure",
    )
    .label("a call that is answered so succeeds")
}

fn cx_span(file: FileId, t: ast::TestDecl<'_>) -> Span {
    let s = t.title().map_or(t.span(), |n| n.span());
    Span {
        file,
        start: s.start,
        end: s.end,
    }
}

impl<'a> TestCx<'a, '_> {
    fn span(&self, node: impl AstNode<'a>) -> Span {
        let s = node.span();
        Span {
            file: self.file,
            start: s.start,
            end: s.end,
        }
    }

    fn cx<'s>(&'s mut self, state: Option<&'s State>, vars: &'s [Var]) -> ExprCx<'s>
    where
        'a: 's,
    {
        let scope = Scope {
            profile: state.is_some(),
            state,
            vars,
            ..Scope::default()
        };
        ExprCx {
            world: self.world,
            bag: self.bag,
            file: self.file,
            scope,
            next_local: self.next_local,
        }
    }

    fn report(&mut self, d: Diagnostic) {
        self.bag.push(d);
    }

    /// Moves the test's clock; says when a statement would turn it back. `None`: a statement that was reported moved it.
    fn goes_on(&mut self, kind: &StatementKind, now: &mut Option<i64>, span: Span) {
        match kind {
            StatementKind::At(at) => *now = Some(*at),
            // Which zone counts the days is known when the test runs: it may come to a little less than by UTC.
            StatementKind::Advance(by) => {
                let slack = i64::from(matches!(by, FixedSpan::Calendar(..))) * DAY_MS;
                *now = now.map(|now| by.later(now, &Zone::utc()).saturating_sub(slack));
            }
            StatementKind::AdvanceTo(to) => {
                if now.is_some_and(|now| *to < now) {
                    let d =
                        Diagnostic::new(Code::TestOrder, span, "the clock is past this already");
                    self.report(d.label("before what is now in the test").why(
                        "time in a test only goes forward: from `at` (2026-01-01T00:00Z when not given) by each `advance`",
                    ));
                } else {
                    *now = Some(*to);
                }
            }
            _ => {}
        }
    }

    fn statement(&mut self, item: TestItem<'a>) -> Option<StatementKind> {
        if item.has_error() {
            return None;
        }
        Some(match item {
            TestItem::At(a) => {
                StatementKind::At(self.cx(None, &[]).fixed_instant(a.time()?, "the time")?)
            }
            TestItem::Seed(s) => StatementKind::Seed(self.cx(None, &[]).fixed_count(
                s.value()?,
                "the seed",
                0..=i64::MAX,
            )? as u64),
            TestItem::Profile(p) => {
                let span = self.span(p);
                let Some(ty) = self.world.profile.clone() else {
                    let d = self.world.no_profile(span);
                    d.into_iter().for_each(|d| self.report(d));
                    return None;
                };
                StatementKind::Profile(self.cx(None, &[]).payload(
                    p.record()?,
                    &ty,
                    "the profile",
                )?)
            }
            TestItem::Stub(s) => self.stub(s)?,
            TestItem::Choose(c) => self.choose(c)?,
            TestItem::Receive(r) => self.receive(r)?,
            TestItem::Advance(a) => {
                if a.is_to() {
                    StatementKind::AdvanceTo(
                        self.cx(None, &[]).fixed_instant(a.value()?, "the time")?,
                    )
                } else {
                    StatementKind::Advance(
                        self.cx(None, &[])
                            .fixed_span(a.value()?, "the time to pass")?,
                    )
                }
            }
            TestItem::Expect(e) => StatementKind::Expect(self.expectation(e.expectation()?)?),
            TestItem::Audience(a) => return self.not_yet(a, "`audience` in a test"),
            TestItem::History(h) => return self.not_yet(h, "`history` in a test"),
            TestItem::Error(_) => return None,
        })
    }

    fn not_yet<T>(&mut self, node: impl AstNode<'a>, what: &str) -> Option<T> {
        let span = self.span(node);
        self.report(
            Diagnostic::new(Code::NotYet, span, format!("{what} is not built yet"))
                .label("not yet"),
        );
        None
    }

    fn stub(&mut self, s: ast::TestStub<'a>) -> Option<StatementKind> {
        let target = s.target()?;
        let (call, response, failure) = self.call(target, None)?;
        let span = self.span(s);
        let answer = match s.fails() {
            None => match (s.record(), response) {
                (Some(record), Some(ty)) => {
                    StubAnswer::Json(self.cx(None, &[]).payload(record, &ty, "the response")?)
                }
                (Some(record), None) => StubAnswer::Json(self.cx(None, &[]).payload(
                    record,
                    &Type::Any,
                    "the response",
                )?),
                (None, _) if s.list().is_some() => {
                    self.report(Diagnostic::new(
                        Code::TestPayload,
                        span,
                        "a response is a record",
                    ));
                    return None;
                }
                (None, _) => StubAnswer::Json(serde_json::json!({})),
            },
            Some(fails) => match fails.word()? {
                word @ ("timeout" | "capped") if s.record().is_some() || s.list().is_some() => {
                    let message = format!("no answer comes of `{word}`, so it has no body");
                    let d = Diagnostic::new(Code::TestPayload, span, message);
                    self.report(d.why("a body is that of a refusal: `fails http 500 { … }`"));
                    return None;
                }
                "timeout" => StubAnswer::Timeout,
                "capped" => StubAnswer::Capped,
                _ => {
                    let status = match fails.status()?.value() {
                        Ok(LiteralValue::Integer(n)) if (100..600).contains(&n) => n as u16,
                        _ => {
                            self.report(Diagnostic::new(
                                Code::BadLiteral,
                                span,
                                "an HTTP status is between 100 and 599",
                            ));
                            return None;
                        }
                    };
                    if (200..300).contains(&status) {
                        let at = self.span(fails.status()?);
                        self.report(no_failure(at));
                        return None;
                    }
                    let body = match s.record() {
                        Some(record) => self.cx(None, &[]).payload(
                            record,
                            &failure.unwrap_or(Type::Any),
                            "the failure",
                        )?,
                        None => serde_json::json!({}),
                    };
                    StubAnswer::Http(status, body)
                }
            },
        };
        let times = match s.times() {
            None => None,
            Some(t) => Some(match t.count() {
                None => 1,
                Some(count) => self.times(count, 1)?,
            }),
        };
        Some(StatementKind::Stub {
            call,
            answer,
            times,
        })
    }

    /// How often: a whole number from `least` on.
    fn times(&mut self, count: ast::Literal<'a>, least: u32) -> Option<u32> {
        if let Ok(LiteralValue::Integer(n)) = count.value()
            && let Ok(n) = u32::try_from(n)
            && n >= least
        {
            return Some(n);
        }
        let message = format!("how often is a number between {least} and {}", u32::MAX);
        let at = self.span(count);
        self.report(Diagnostic::new(Code::BadLiteral, at, message).label("this is none"));
        None
    }

    /// The text of a string, which must be known when the package is built.
    fn plain(&mut self, s: ast::StringLit<'a>, what: &str) -> Option<String> {
        plain::text(self.bag, self.file, s, what)
    }

    /// The source or action of this name: its id, response and failure types.
    fn call(
        &mut self,
        q: ast::QName<'a>,
        action: Option<()>,
    ) -> Option<(CallId, Option<Type>, Option<Type>)> {
        let (name, at) = (q.full(), self.span(q));
        let found = self
            .world
            .calls
            .get(&name)
            .filter(|c| action.is_none() || !c.is_source);
        match found {
            Some(sig) => Some((sig.id, sig.response.clone(), sig.failure.clone())),
            None => {
                let what = if action.is_some() {
                    "an action"
                } else {
                    "a source or action"
                };
                let among = self.world.calls.keys().map(String::as_str).collect();
                self.world
                    .not_found(self.bag, Code::UnknownCall, what, &name, at, among);
                None
            }
        }
    }

    fn the_journey(&self) -> Option<&Journey> {
        self.program.journeys.get(self.journey?)
    }

    /// The journey's declaration, when there is one and no other has its name.
    fn declared(&self) -> Option<ast::Decl<'a>> {
        let name = self.the_journey()?.name.as_str();
        let declared = self.world.decls.get(name)?;
        (!self.world.twice.contains(name)).then_some(declared.decl)
    }

    fn is_unsure(&self) -> bool {
        self.declared()
            .is_none_or(|decl| decl.has_error() || self.binds_more(decl))
    }

    /// Whether the journey's text binds a name in a part that was not gone into.
    fn binds_more(&self, decl: ast::Decl<'_>) -> bool {
        let binds = |n: &Node<'_>| matches!(n.kind(), SyntaxKind::Binding | SyntaxKind::LetStep);
        let nodes = decl.syntax().descendants().filter(binds);
        let mut names = nodes.filter_map(|n| n.children().find_map(ast::Name::cast));
        let vars = self.the_journey().into_iter().flat_map(|j| &j.vars);
        let known: BTreeSet<&str> = vars.map(|v| v.name.as_str()).collect();
        names.any(|name| !known.contains(name.text()))
    }

    /// Whether the journey has a step, split or branch of this name in a part that was reported.
    fn may_be_named(&self, name: &str) -> bool {
        let mentions = |n: Node<'_>| {
            ast::Label::cast(n).and_then(ast::Label::text) == Some(name)
                || ast::SplitArm::cast(n)
                    .and_then(ast::SplitArm::name)
                    .is_some_and(|s| s.text() == name)
                || ast::SplitStep::cast(n)
                    .and_then(ast::SplitStep::name)
                    .and_then(ast::StringLit::plain)
                    .is_some_and(|s| s == name)
        };
        let said = |decl: ast::Decl<'_>| decl.syntax().descendants().any(mentions);
        self.unsure || self.declared().is_some_and(said)
    }

    fn choose(&mut self, c: ast::TestChoose<'a>) -> Option<StatementKind> {
        let split = self.plain(c.split()?, "a split's name")?;
        let branch = c.branch()?.text().to_string();
        let at = self.span(c.split()?);
        let journey = self.program.journeys.get(self.journey?)?;
        let splits = self.splits.get_or_insert_with(|| splits(journey));
        let Some(arms) = splits.get(split.as_str()).copied() else {
            let names: Vec<&str> = splits.keys().copied().collect();
            if self.may_be_named(&split) {
                return None;
            }
            let d = Diagnostic::new(
                Code::UnknownLabel,
                at,
                format!("the journey has no split \"{split}\""),
            );
            let names = names.into_iter();
            self.report(d.did_you_mean_as(&split, names, |name| Some(written::text(name))));
            return None;
        };
        let labels = arms.iter().map(|(_, label, _)| label.as_str());
        if !labels.clone().any(|label| label == branch) {
            if self.may_be_named(&branch) {
                return None;
            }
            let at = self.span(c.branch()?);
            let d = Diagnostic::new(
                Code::UnknownLabel,
                at,
                format!("the split has no branch `{branch}`"),
            );
            self.report(d.did_you_mean(&branch, labels));
            return None;
        }
        Some(StatementKind::Choose(split, branch))
    }

    fn receive(&mut self, r: ast::TestReceive<'a>) -> Option<StatementKind> {
        let q = r.event()?;
        let (name, at) = (q.full(), self.span(q));
        let Some(sig) = self.world.events.get(&name).cloned() else {
            let among = self.world.names(|d| matches!(d, ast::Decl::Event(_)));
            self.world
                .not_found(self.bag, Code::UnknownEvent, "an event", &name, at, among);
            return None;
        };
        let json = self
            .cx(None, &[])
            .payload(r.record()?, &sig.ty, "the event")?;
        let from = match r.from() {
            None => None,
            Some(e) => {
                let mut cx = self.cx(None, &[]);
                let value = cx.required(e, &Type::String, "the person's key");
                let value = cx.folded(value, "the person's key");
                match value.kind {
                    ExprKind::Literal(Literal::Str(s)) => Some(s),
                    _ => return None,
                }
            }
        };
        Some(StatementKind::Receive {
            event: sig.id,
            json,
            from,
        })
    }
}
