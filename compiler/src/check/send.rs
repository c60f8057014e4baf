//! Calls as steps: `send`, `let x = fetch`, `let r = send`, their outcomes, and what is left unhandled.

use super::journey::JourneyCx;
use super::state::State;
use super::world::CallSig;
use crate::diag::{Code, Diagnostic};
use crate::hir::{Block, CallId, Expr, Outcome, OutcomeKind, StepKind, VarKind};
use crate::source::Span;
use crate::types::{Field, Record, Type};
use journey_grammar::SyntaxKind;
use journey_grammar::ast::{self, AstNode};

impl<'a> JourneyCx<'a, '_> {
    /// `let x = fetch Source(…) else { }`.
    pub fn fetch(
        &mut self,
        call: ast::FetchCall<'a>,
        name: ast::Name<'a>,
        otherwise: Option<ast::Block<'a>>,
        at: Span,
        state: &mut State,
    ) -> Option<StepKind> {
        let found = call.source().and_then(|q| self.callee(q, true));
        let args = found.as_ref().and_then(|(n, sig)| {
            self.arguments(n, sig, call.args(), state, self.header_span(call))
        });
        self.finish(found, args, Some(name), otherwise, None, at, state)
    }

    /// `send Action(…) { on … }`, with or without `let r =`.
    pub fn send(
        &mut self,
        call: ast::SendCall<'a>,
        name: Option<ast::Name<'a>>,
        otherwise: Option<ast::Block<'a>>,
        at: Span,
        state: &mut State,
    ) -> Option<StepKind> {
        let found = call.action().and_then(|q| self.callee(q, false));
        let args = found.as_ref().and_then(|(n, sig)| {
            self.arguments(n, sig, call.args(), state, self.header_span(call))
        });
        self.finish(found, args, name, otherwise, Some(call), at, state)
    }

    fn callee(&mut self, q: ast::QName<'a>, want_source: bool) -> Option<(String, CallSig)> {
        let (name, at) = (q.full(), self.span(q));
        match self.world.calls.get(&name) {
            Some(sig) if sig.is_source == want_source => Some((name, sig.clone())),
            Some(sig) => {
                let (is, verb) = if sig.is_source {
                    ("a source", "fetch")
                } else {
                    ("an action", "send")
                };
                let used = if want_source { "fetch" } else { "send" };
                let d = Diagnostic::new(
                    Code::WrongKind,
                    at,
                    format!("`{name}` is {is}, and `{used}` does not take it"),
                );
                let d = d.why(format!(
                    "write `{}{verb} {name}(…)`",
                    if sig.is_source { "let x = " } else { "" }
                ));
                self.report(d);
                None
            }
            None => {
                let what = if want_source { "a source" } else { "an action" };
                let among = self.world.names(if want_source {
                    |d| matches!(d, ast::Decl::Source(_))
                } else {
                    |d| matches!(d, ast::Decl::Action(_))
                });
                self.world
                    .not_found(self.bag, Code::UnknownCall, what, &name, at, among);
                None
            }
        }
    }

    /// The arguments in the order of the parameters; `None` when they cannot be put in order.
    fn arguments(
        &mut self,
        name: &str,
        sig: &CallSig,
        args: Option<ast::ArgList<'a>>,
        state: &State,
        at: Span,
    ) -> Option<Vec<Option<Expr>>> {
        if args.is_some_and(|a| a.has_error()) {
            return None;
        }
        let mut cx = self.cx(state);
        let given = cx.plain_args(None, args, Some(&sig.params))?;
        if given.len() > sig.params.len() {
            let message = format!(
                "`{name}` takes {}, and {} given",
                super::expr::call::count(sig.params.len(), "argument"),
                given.len()
            );
            cx.report(
                Diagnostic::new(Code::WrongArguments, at, message)
                    .related(sig.span, "declared here"),
            );
            return None;
        }
        let mut out: Vec<Option<Expr>> = vec![None; sig.params.len()];
        for (place, (param, value)) in given.into_iter().enumerate() {
            let index = match &param {
                Some(n) => sig.params.iter().position(|(p, ..)| p == n)?,
                None => place,
            };
            let (param, _, want) = &sig.params[index];
            if out[index].is_some() {
                cx.report(Diagnostic::new(
                    Code::DuplicateName,
                    value.span,
                    format!("`{param}` is given twice"),
                ));
                continue;
            }
            let what = format!("`{param}`");
            let value = cx.expect(value, &want.ty, &what);
            cx.whole_lists(&value, &what);
            let value = if want.opt {
                value
            } else {
                cx.present(value, &what)
            };
            out[index] = Some(value);
        }
        for ((param, _, want), value) in sig.params.iter().zip(&out) {
            if value.is_none() && !want.opt {
                let d = Diagnostic::new(
                    Code::MissingArgument,
                    at,
                    format!("`{name}` needs `{param}: {}`", want.ty),
                );
                cx.report(
                    d.label(format!("no `{param}:` here"))
                        .related(sig.span, "declared here")
                        .why("only a parameter whose type ends in `?` may be left out"),
                );
            }
        }
        Some(out)
    }

    #[allow(clippy::too_many_arguments)] // One step's parts, each already found; a struct would only name them again.
    fn finish(
        &mut self,
        found: Option<(String, CallSig)>,
        args: Option<Vec<Option<Expr>>>,
        name: Option<ast::Name<'a>>,
        otherwise: Option<ast::Block<'a>>,
        sent: Option<ast::SendCall<'a>>,
        at: Span,
        state: &mut State,
    ) -> Option<StepKind> {
        let sig = found.as_ref().map(|(_, sig)| sig.clone());
        state.park();
        let mut paths = Vec::new();
        let arms = sent.into_iter().flat_map(ast::SendCall::outcomes).collect();
        let handled = self.outcomes(arms, sig.as_ref(), state, &mut paths);
        let all_failed = handled.iter().find(|o| o.on == OutcomeKind::Failed);
        if let (Some(arm), Some(block)) = (all_failed, otherwise) {
            let at = self.span(block);
            let d = Diagnostic::new(Code::Unreachable, at, "nobody can reach this block");
            self.report(
                d.label("never taken")
                    .related(arm.span, "every failure is taken here"),
            );
        }
        // A broken arm may have been about to take it.
        let is_handled = all_failed.is_some() || sent.is_some_and(has_broken_arm);
        let mut failed = state.clone();
        if let Some(name) = name {
            self.bind_in_cut(name, otherwise, &mut failed);
        }
        let else_block: Option<Block> = otherwise.map(|b| self.block(Some(b), at, &mut failed));
        let goes_on = else_block.is_some() && failed.reachable;
        if let Some((n, _)) = &found
            && else_block.is_none()
            && !is_handled
            && !self.on_error
        {
            let here = match (sent, name) {
                (Some(_), None) => "`on failed { … }`",
                (Some(_), Some(_)) => "`on failed { … }` or `else { … }`",
                (None, _) => "`else { … }`",
            };
            let d = Diagnostic::new(
                Code::UnhandledFailure,
                at,
                format!("nobody handles a failure of `{n}`"),
            )
            .label("ends the journey as failed")
            .why(format!(
                "add {here} here, or `on error {{ … }}` for the whole journey"
            ));
            self.report(d);
        }
        let mut arrived = state.clone();
        let var = name.map(|name| self.bind_response(name, sig.as_ref(), goes_on, &mut arrived));
        if let (Some(name), Some(var)) = (name, var) {
            failed.bind(name.text(), var);
        }
        let mut all = vec![(arrived, at, "when the call succeeds".to_string())];
        if else_block.is_some() {
            all.push((failed, at, "when the call fails".to_string()));
        }
        all.extend(paths);
        *state = State::join(all);
        let call = sig.map(|s| s.id);
        match (call, args) {
            (Some(call), Some(args)) => Some(StepKind::Call {
                call,
                args,
                var,
                outcomes: handled,
                otherwise: else_block,
            }),
            _ => None,
        }
    }

    fn bind_response(
        &mut self,
        name: ast::Name<'a>,
        sig: Option<&CallSig>,
        optional: bool,
        arrived: &mut State,
    ) -> crate::hir::VarId {
        let span = self.span(name);
        let (ty, kind) = match sig {
            Some(CallSig {
                id,
                response: Some(ty),
                ..
            }) => (ty.clone(), VarKind::Response(*id)),
            Some(sig) => {
                let d =
                    Diagnostic::new(Code::TypeMismatch, span, "this call gives nothing to keep")
                        .related(sig.span, "declared here without `-> Type`");
                self.report(d);
                (Type::Error, VarKind::Value)
            }
            None => (Type::Error, VarKind::Value),
        };
        let var = self.named_var(arrived, name.text(), span, ty, optional, kind);
        arrived.bind(name.text(), var);
        var
    }

    fn outcomes(
        &mut self,
        arms: Vec<ast::OutcomeArm<'a>>,
        sig: Option<&CallSig>,
        state: &State,
        paths: &mut Vec<(State, Span, String)>,
    ) -> Vec<Outcome> {
        let mut handled: Vec<Outcome> = Vec::new();
        for arm in arms {
            let span = self.header_span(arm);
            let mut inside = state.clone();
            let on = arm.outcome().and_then(|o| self.outcome(o));
            if let Some(on) = on
                && handled
                    .iter()
                    .any(|o| o.on == on || o.on == OutcomeKind::Failed)
            {
                let d = Diagnostic::new(Code::Unreachable, span, "nobody can reach this branch")
                    .label("a branch before takes this outcome");
                self.report(d);
            }
            let var = arm.binding().map(|b| {
                let at = self.span(b);
                let (ty, id) = failure_type(sig);
                let var = self.named_var(&inside, b.text(), at, ty, false, VarKind::Failure(id));
                inside.bind(b.text(), var);
                var
            });
            let block = self.block(arm.block(), span, &mut inside);
            paths.push((inside, span, "when the call has this outcome".to_string()));
            handled.extend(on.map(|on| Outcome {
                on,
                var,
                block,
                span,
            }));
        }
        handled
    }

    fn outcome(&mut self, o: ast::Outcome<'a>) -> Option<OutcomeKind> {
        Some(match o.word()? {
            "capped" => OutcomeKind::Capped,
            "timeout" => OutcomeKind::Timeout,
            "failed" => OutcomeKind::Failed,
            _ => {
                let at = self.span(o);
                if o.status_to().is_some() {
                    self.not_yet(at, "a range of statuses");
                    return None;
                }
                match o.status()?.value() {
                    Ok(journey_grammar::literal::LiteralValue::Integer(200..=299)) => {
                        let at = self.span(o.status()?);
                        self.report(super::test::no_failure(at));
                        return None;
                    }
                    Ok(journey_grammar::literal::LiteralValue::Integer(n))
                        if (100..600).contains(&n) =>
                    {
                        OutcomeKind::Http(n as u16)
                    }
                    _ => {
                        self.report(Diagnostic::new(
                            Code::BadLiteral,
                            at,
                            "an HTTP status is between 100 and 599",
                        ));
                        return None;
                    }
                }
            }
        })
    }
}

fn has_broken_arm(call: ast::SendCall<'_>) -> bool {
    let arms = call.syntax().child(SyntaxKind::Block);
    arms.is_some_and(|arms| arms.child(SyntaxKind::Error).is_some())
}

/// `{ status: integer?, reason: string, body: F? }`.
fn failure_type(sig: Option<&CallSig>) -> (Type, CallId) {
    let field = |name: &str, ty: Type, optional: bool| Field {
        name: name.into(),
        ty,
        optional,
    };
    let mut fields = vec![
        field("status", Type::Integer, true),
        field("reason", Type::String, false),
    ];
    // An unknown action may have said anything of its failures.
    let body = sig.map_or(Some(Type::Error), |s| s.failure.clone());
    fields.extend(body.map(|body| field("body", body, true)));
    (
        Type::Record(Record::Inline(fields.into())),
        sig.map_or(CallId(0), |s| s.id),
    )
}
