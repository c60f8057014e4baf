//! What a test expects: of sends, of where the person stands, of a condition.

use super::TestCx;
use crate::check::expr::build::shared_type;
use crate::check::expr::unparen;
use crate::check::plain;
use crate::check::state::State;
use crate::diag::{Code, Diagnostic, suggest};
use crate::hir::{EventId, Expectation, ExprKind, Var, VarId, VarKind};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast;
use std::collections::BTreeMap;

impl<'a> TestCx<'a, '_> {
    pub(super) fn expectation(&mut self, e: ast::Expectation<'a>) -> Option<Expectation> {
        Some(match e {
            ast::Expectation::Sent(s) => {
                let (call, ..) = self.call(s.action()?, None)?;
                let times = match s.times() {
                    Some(count) => Some(self.times(count, 0)?),
                    None => None,
                };
                let with = match s.with() {
                    Some(record) => Some(self.call_arguments(s.action()?, record)?),
                    None => None,
                };
                Expectation::Sent { call, times, with }
            }
            ast::Expectation::No(n) => Expectation::NotSent(self.call(n.action()?, None)?.0),
            ast::Expectation::At(a) => {
                let label = a.label()?;
                self.known_label(label.text(), self.span(label))?;
                Expectation::At(label.text().to_string())
            }
            ast::Expectation::Ended(e) => Expectation::Ended(match e.text() {
                Some(t) => Some(self.plain(t, "a label")?),
                None => None,
            }),
            ast::Expectation::Exited(x) => Expectation::Exited(match x.trigger() {
                None => None,
                Some(trigger) => Some(self.exited_on(trigger)?),
            }),
            ast::Expectation::Failed(_) => Expectation::Failed,
            ast::Expectation::Path(p) => {
                let mut places = Vec::new();
                for key in p.places().filter_map(ast::PathStep::key) {
                    let label = plain::key(self.bag, self.file, key, "a place's label")?;
                    let span = self.cx(None, &[]).at(key.span());
                    if self.known_label(&label, span).is_some() {
                        places.push(label);
                    }
                }
                Expectation::Path(places)
            }
            ast::Expectation::Expr(e) => return self.expect_expr(e.condition()?),
        })
    }

    /// The event behind `exited on`: it is named and nothing more is said of it.
    fn exited_on(&mut self, trigger: ast::Trigger<'a>) -> Option<EventId> {
        let ast::Trigger::Event(p) = trigger else {
            return self.not_yet(trigger, "`audience` in a test");
        };
        let q = p.event()?;
        if p.binding().is_some() || p.for_audience().is_some() || p.condition().is_some() {
            return self.not_yet(p, "more than an event's name behind `exited on`");
        }
        let (name, at) = (q.full(), self.span(q));
        if let Some(sig) = self.world.events.get(&name) {
            return Some(sig.id);
        }
        let among = self.world.names(|d| matches!(d, ast::Decl::Event(_)));
        self.world
            .not_found(self.bag, Code::UnknownEvent, "an event", &name, at, among);
        None
    }

    fn call_arguments(
        &mut self,
        action: ast::QName<'a>,
        record: ast::RecordExpr<'a>,
    ) -> Option<serde_json::Value> {
        let sig = self.world.calls.get(&action.full())?;
        let arguments = sig.arguments();
        self.cx(None, &[]).payload(record, &arguments, "the call")
    }

    fn known_label(&mut self, label: &str, at: Span) -> Option<()> {
        let journey = self.the_journey()?;
        let mut labels = Vec::new();
        crate::hir::each_step(journey, &mut |step| labels.extend(step.label.clone()));
        if labels.iter().any(|l| l == label) || made_up(label) {
            return Some(());
        }
        if self.may_be_named(label) {
            return None;
        }
        let d = Diagnostic::new(
            Code::UnknownLabel,
            at,
            format!("the journey has no step labelled `{label}`"),
        );
        let d = d.did_you_mean(label, labels.iter().map(String::as_str));
        self.report(if d.fix.is_none() {
            d.why("a step is labelled by a name and a colon before it: `pause: wait 1h`")
        } else {
            d
        });
        None
    }

    /// Whether `e` is `expired` or `not entered` with a wrong letter; says so.
    fn is_misspelt(&mut self, e: ast::Expr<'a>) -> bool {
        let (name, meant) = match unparen(e) {
            ast::Expr::Name(n) => (n, "expired"),
            ast::Expr::Unary(u) => match u.operand() {
                Some(ast::Expr::Name(n)) => (n, "entered"),
                _ => return false,
            },
            _ => return false,
        };
        let text = name.text();
        let mut vars = self.the_journey().into_iter().flat_map(|j| &j.vars);
        let is_known =
            self.unsure || vars.any(|v| v.name == text) || self.world.consts.contains_key(text);
        if is_known || suggest::nearest(text, [meant]).is_none() {
            return false;
        }
        let message = format!("nothing here is named `{text}`");
        let d = Diagnostic::new(Code::UnknownName, self.span(name), message);
        self.report(d.did_you_mean(text, [meant]));
        true
    }

    /// `expect expired`, `expect not entered` read as names; everything else is a condition.
    fn expect_expr(&mut self, e: ast::Expr<'a>) -> Option<Expectation> {
        match unparen(e) {
            ast::Expr::Name(n) if n.text() == "expired" => return Some(Expectation::Expired),
            ast::Expr::Unary(u)
                if u.op() == ast::UnaryOp::Not
                    && matches!(u.operand(), Some(ast::Expr::Name(n)) if n.text() == "entered") =>
            {
                return Some(Expectation::NotEntered);
            }
            _ => {}
        }
        if self.is_misspelt(e) {
            return None;
        }
        let mut state = State::default();
        let vars = match self.the_journey() {
            Some(journey) => journey.vars.clone(),
            None => Vec::new(),
        };
        let mut vars = vars;
        bind_last(&mut vars, &mut state);
        // Nothing is sure to have arrived in a test; a variable that is not in force is missing.
        let vars: Vec<Var> = vars
            .into_iter()
            .map(|v| Var {
                optional: true,
                ..v
            })
            .collect();
        let unsure = self.unsure;
        let mut cx = self.cx(Some(&state), &vars);
        cx.scope.unsure = unsure;
        let checked = cx.condition(e);
        (!checked.ty.is_error() && !matches!(checked.kind, ExprKind::Literal(_)))
            .then_some(Expectation::Holds(checked))
    }
}

/// Binds each name to the variable of it that comes last in the text. Answers and failures that several ways bind under one name have
/// the parts of all; of other values nobody knows which type the last one has, unless they have one.
fn bind_last(vars: &mut [Var], state: &mut State) {
    let mut known: BTreeMap<String, (usize, bool)> = BTreeMap::new();
    for at in 0..vars.len() {
        let (before, rest) = vars.split_at_mut(at);
        let Some(var) = rest.first_mut() else { break };
        let (last, mut several) = match known.get(&var.name) {
            Some((last, several)) => (before.get(*last), *several),
            None => (None, false),
        };
        if let Some(last) = last {
            match joined(last, var) {
                Some(ty) => var.ty = ty,
                None => several = true,
            }
        }
        known.insert(var.name.clone(), (at, several));
    }
    for (name, (last, several)) in known {
        let last = VarId(last as u32);
        match vars.iter().position(|var| several && var.name == name) {
            Some(first) => state.bind_one_of(&name, last, VarId(first as u32)),
            None => state.bind(&name, last),
        }
    }
}

/// The type of what either of two variables of one name holds; none when nobody could tell which of them was bound last.
fn joined(a: &Var, b: &Var) -> Option<Type> {
    match (a.kind, b.kind) {
        _ if a.ty.is_error() || b.ty.is_error() => Some(Type::Error),
        // These are read from JSON, by whatever type.
        (VarKind::Response(_), VarKind::Response(_))
        | (VarKind::Failure(_), VarKind::Failure(_)) => shared_type(&a.ty, &b.ty),
        (VarKind::Value, VarKind::Value) if a.ty.is_text() && b.ty.is_text() => Some(Type::String),
        // An event is the last one received, a failure the last one kept, whatever a `let` does.
        (VarKind::Event(_), VarKind::Event(_))
        | (VarKind::Value | VarKind::Response(_), VarKind::Value | VarKind::Response(_)) => {
            (a.ty == b.ty).then(|| b.ty.clone())
        }
        _ => None,
    }
}

/// What names of unlabelled steps begin with.
const MADE_UP: [&str; 11] = [
    "wait", "await", "match", "if", "split", "subject", "let", "fetch", "send", "update", "end",
];

/// Whether this is the form of names that unlabelled steps get (`wait-1`); words have no `-`, so only text in a path can be one.
fn made_up(label: &str) -> bool {
    label.rsplit_once('-').is_some_and(|(kind, n)| {
        MADE_UP.contains(&kind) && !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())
    })
}
