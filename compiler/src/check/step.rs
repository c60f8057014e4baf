//! Steps: the walk over a block, and the steps that are not branches or calls.
//!
//! The walk carries a [`State`] forward. A step that nobody reaches is said once for the run of steps it begins.

use super::journey::{JourneyCx, nothing};
use super::state::State;
use super::when::broken;
use crate::diag::{Code, Diagnostic, suggest};
use crate::hir::{Arm, Block, Step, StepKind, VarKind};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::SyntaxKind;
use journey_grammar::ast::{self, AstNode, LetValue};

impl<'a> JourneyCx<'a, '_> {
    /// A block's steps, from `state` on. A block with a broken part is taken to leave: what follows is not judged by it.
    pub fn block(&mut self, block: Option<ast::Block<'a>>, span: Span, state: &mut State) -> Block {
        let Some(block) = block else {
            return Block {
                steps: Vec::new(),
                span,
            };
        };
        let span = self.span(block);
        let outer = std::mem::replace(&mut self.cut, is_cut(block));
        let checked = self.steps(
            block
                .syntax()
                .children()
                .filter_map(ast::Step::cast)
                .collect(),
            span,
            state,
        );
        self.cut = outer;
        if block.has_error() {
            state.reachable = false;
        }
        checked
    }

    /// The same for steps that are already at hand.
    pub fn steps(&mut self, steps: Vec<ast::Step<'a>>, span: Span, state: &mut State) -> Block {
        let mut out = Vec::new();
        let mut dead = false;
        let mut broken_before = false;
        let cut = self.cut;
        for step in steps {
            let at = self.span(step);
            if !state.reachable {
                if !dead && !broken_before && !cut {
                    let d = Diagnostic::new(
                        Code::Unreachable,
                        self.header_span(step),
                        "nobody can reach this step",
                    )
                    .label("unreachable")
                    .why("every path before it ends");
                    self.report(d);
                }
                dead = true;
                state.reachable = true;
            }
            broken_before |= step.has_error();
            self.step(step, at, state, &mut out);
        }
        if dead {
            state.reachable = false;
        }
        Block { steps: out, span }
    }

    /// The first line of a step: up to its first block.
    pub fn header_span(&self, step: impl AstNode<'a>) -> Span {
        let whole = self.span(step);
        let first = step
            .syntax()
            .descendants()
            .find(|n| n.kind() == SyntaxKind::Block);
        match first {
            Some(block) => {
                let text = self.text_before(step.syntax(), block.span().start);
                Span {
                    end: whole.start + text.len() as u32,
                    ..whole
                }
            }
            None => whole,
        }
    }

    fn text_before(&self, node: journey_grammar::Node<'a>, end: u32) -> &'a str {
        let text = node.tree().text();
        text.get(node.span().start as usize..end as usize)
            .unwrap_or("")
            .trim_end()
    }

    fn step(&mut self, step: ast::Step<'a>, at: Span, state: &mut State, out: &mut Vec<Step>) {
        let span = self.header_span(step);
        let label = step.label().and_then(|l| l.text()).map(str::to_string);
        if let (Some(text), Some(node)) = (&label, step.label().and_then(ast::Label::name)) {
            let at = self.span(node);
            match self.labels.get(text) {
                Some(first) => {
                    let first = *first;
                    let d = Diagnostic::new(
                        Code::DuplicateLabel,
                        at,
                        format!("two steps are labelled `{text}`"),
                    );
                    self.report(
                        d.related(first, "the first one")
                            .why("a label names one box in reports and tests"),
                    );
                }
                None => {
                    self.labels.insert(text.clone(), at);
                }
            }
        }
        let kind = match step {
            ast::Step::Wait(w) => self.wait(w, at, state),
            ast::Step::Await(a) => self.await_step(a, at, state),
            ast::Step::If(i) => Some(self.if_step(i, at, state)),
            ast::Step::Match(m) => self.match_step(m, at, state, out),
            ast::Step::Split(s) => self.split(s, state),
            ast::Step::Let(l) => self.let_step(l, at, state),
            ast::Step::Send(s) => s.call().and_then(|c| self.send(c, None, None, at, state)),
            ast::Step::Update(u) => self.update(u, state),
            ast::Step::End(e) => {
                let label = e.text().map(|t| {
                    let mut cx = self.cx(state);
                    let at = cx.span(t);
                    let text = cx.text(t, at);
                    cx.present(text, "the label")
                });
                state.reachable = false;
                Some(StepKind::End { label })
            }
            ast::Step::Error(error) => {
                state.unguarded |= may_tell(error);
                for block in error.blocks() {
                    let mut inside = state.clone();
                    self.block(Some(block), at, &mut inside);
                }
                None
            }
            ast::Step::Limit(_) => self.later(step, state, "`limit` as a step"),
            ast::Step::Run(_) => self.later(step, state, "`run`"),
            ast::Step::Start(_) => self.later(step, state, "`start`"),
            ast::Step::Emit(_) => self.later(step, state, "`emit`"),
            ast::Step::Repeat(_) => self.later(step, state, "`repeat`"),
            ast::Step::Break(_) => self.later(step, state, "`break`"),
            ast::Step::Parallel(_) => self.later(step, state, "`parallel`"),
            ast::Step::Return(_) => self.later(step, state, "`return`"),
        };
        out.push(match kind {
            Some(kind) => Step { label, kind, span },
            None => {
                // What is left out of the program, somebody was told of.
                debug_assert!(self.bag.has_errors());
                nothing(span)
            }
        });
    }

    /// A step that is not built yet: its names are bound, so that nothing is said about them.
    fn later(&mut self, step: ast::Step<'a>, state: &mut State, what: &str) -> Option<StepKind> {
        let span = self.header_span(step);
        self.not_yet(span, what);
        let names = step
            .syntax()
            .descendants()
            .filter(|n| matches!(n.kind(), SyntaxKind::Binding | SyntaxKind::LetStep));
        for node in names {
            if let Some(name) = node.children().find_map(ast::Name::cast) {
                let at = self.span(name);
                let var = self.var(
                    &format!("${}", name.text()),
                    Type::Error,
                    true,
                    VarKind::Value,
                    at,
                );
                state.bind(name.text(), var);
            }
        }
        None
    }

    fn wait(&mut self, w: ast::WaitStep<'a>, at: Span, state: &mut State) -> Option<StepKind> {
        if w.target().is_some_and(|t| t.has_error()) {
            return None;
        }
        let until = {
            let mut cx = self.cx(state);
            match (w.weekday(), w.target()) {
                (Some(day), _) => cx.weekday(day),
                (None, Some(target)) if w.is_until() => cx.until(target),
                (None, Some(target)) => cx.after(target, "the wait"),
                (None, None) => None,
            }
        };
        if let Some(until) = &until {
            self.within_stay(until, at);
        }
        state.park();
        let mut or = Vec::new();
        let mut paths = vec![(state.clone(), at, "when the time comes first".to_string())];
        for alternative in w.alternatives() {
            let Some(trigger) = alternative.trigger() else {
                continue;
            };
            let span = self.header_span(alternative);
            let mut inside = state.clone();
            if let Some(on) = self.listen(trigger, &mut inside, span) {
                self.refuse_unheard(&on, or.iter().map(|arm: &Arm| &arm.on), "arm");
                let block = self.block(alternative.block(), span, &mut inside);
                or.push(Arm { on, block });
                paths.push((inside, span, "when this event comes first".to_string()));
            }
        }
        *state = State::join(paths);
        Some(StepKind::Wait {
            until: until.unwrap_or_else(|| broken(at)),
            or,
        })
    }

    fn await_step(
        &mut self,
        a: ast::AwaitStep<'a>,
        at: Span,
        state: &mut State,
    ) -> Option<StepKind> {
        let within = match a.within() {
            Some(d) if !d.has_error() => self.cx(state).after(d, "the longest wait"),
            _ => None,
        };
        let header = self.header_span(a);
        if let Some(within) = &within {
            self.within_stay(within, header);
        }
        state.park();
        let mut arms = Vec::new();
        let mut paths = Vec::new();
        let listed: Vec<(Option<ast::Trigger<'a>>, Option<ast::Block<'a>>, Span)> = if a.is_many() {
            self.else_comes_last(a, header);
            a.arms()
                .filter(|arm| !arm.is_else())
                .map(|arm| (arm.trigger(), arm.block(), self.header_span(arm)))
                .collect()
        } else {
            vec![(a.trigger(), a.body(), header)]
        };
        for (trigger, block, span) in listed {
            let Some(trigger) = trigger else { continue };
            let mut inside = state.clone();
            if let Some(on) = self.listen(trigger, &mut inside, span) {
                self.refuse_unheard(&on, arms.iter().map(|arm: &Arm| &arm.on), "arm");
                let block = self.block(block, span, &mut inside);
                arms.push(Arm { on, block });
                paths.push((inside, span, "when this event comes first".to_string()));
            } else if let Some(block) = block {
                self.block(Some(block), span, &mut inside);
            }
        }
        let mut late = state.clone();
        for (arm, span, _) in &paths {
            late.lacks(arm, *span, "when nothing comes in time");
        }
        let timeout = self.block(a.otherwise(), at, &mut late);
        paths.push((late, header, "when nothing comes in time".to_string()));
        *state = State::join(paths);
        let within = within.unwrap_or_else(|| broken(at));
        (!arms.is_empty()).then_some(StepKind::Await {
            arms,
            within,
            timeout,
        })
    }

    /// The arms of an `await` of several: it listens to something, and its one `else` stands behind all that it listens to.
    fn else_comes_last(&mut self, a: ast::AwaitStep<'a>, header: Span) {
        let mut first_else = None;
        let mut listens = a.has_error();
        for arm in a.arms() {
            let at = self.header_span(arm);
            listens |= !arm.is_else();
            let d = match (first_else, arm.is_else()) {
                (None, true) => {
                    first_else = Some(at);
                    continue;
                }
                (None, false) => continue,
                (Some(_), true) => {
                    Diagnostic::new(Code::Unreachable, at, "nobody can reach this arm")
                        .label("an `else` before takes whoever is late")
                }
                (Some(_), false) => {
                    Diagnostic::new(Code::Syntax, at, "an arm stands behind the `else`")
                        .why("the `else` comes last: it is for when nothing before it came in time")
                }
            };
            self.report(d.related(first_else.unwrap_or(at), "the `else`"));
        }
        if !listens {
            let d = Diagnostic::new(
                Code::MissingSetting,
                header,
                "this `await` waits for nothing",
            );
            self.report(d.why(
                "each event that it waits for has an arm, `on Event { … }`; to let time pass, write `wait D`",
            ));
        }
    }

    fn let_step(&mut self, l: ast::LetStep<'a>, at: Span, state: &mut State) -> Option<StepKind> {
        let name = l.name()?;
        match l.value()? {
            LetValue::Expr(e) => self.let_value(name, e, l.otherwise(), at, state),
            LetValue::Fetch(call) => self.fetch(call, name, l.otherwise(), at, state),
            LetValue::Send(call) => self.send(call, Some(name), l.otherwise(), at, state),
            LetValue::Run(_) => {
                let span = self.span(name);
                self.not_yet(at, "`run`");
                let var = self.var(name.text(), Type::Error, true, VarKind::Value, span);
                state.bind(name.text(), var);
                None
            }
        }
    }

    /// A block that lost its end holds the steps behind it, which may read the name: nothing is said of it there.
    pub fn bind_in_cut(
        &mut self,
        name: ast::Name<'a>,
        block: Option<ast::Block<'a>>,
        state: &mut State,
    ) {
        if block.is_some_and(is_cut) {
            let span = self.span(name);
            let made_up = format!("${}", name.text());
            let var = self.var(&made_up, Type::Error, true, VarKind::Value, span);
            state.bind(name.text(), var);
        }
    }

    fn let_value(
        &mut self,
        name: ast::Name<'a>,
        e: ast::Expr<'a>,
        otherwise: Option<ast::Block<'a>>,
        at: Span,
        state: &mut State,
    ) -> Option<StepKind> {
        let name_span = self.span(name);
        let mut value = self.cx(state).infer(e);
        if value.ty.is_undescribed() {
            let d = Diagnostic::new(
                Code::TypeMismatch,
                value.span,
                "the schema says nothing of this value, so it cannot be kept",
            );
            self.report(d);
            value.ty = Type::Error;
        }
        if !value.opt
            && !value.ty.is_error()
            && let Some(block) = otherwise
        {
            let d = Diagnostic::new(
                Code::Unreachable,
                self.span(block),
                "nobody can reach this block",
            )
            .label("never taken");
            self.report(d.related(value.span, "this value is never missing"));
        }
        let whole = otherwise.is_none_or(|b| !b.has_error());
        let mut missing = state.clone();
        self.bind_in_cut(name, otherwise, &mut missing);
        let otherwise = otherwise.map(|b| self.block(Some(b), at, &mut missing));
        let goes_on = otherwise.is_none() || missing.reachable;
        let optional = value.opt && goes_on && whole;
        let ty = value.ty.clone();
        let var = self.named_var(state, name.text(), name_span, ty, optional, VarKind::Value);
        state.bind(name.text(), var);
        if otherwise.is_some() && missing.reachable {
            missing.bind(name.text(), var);
            let ways = vec![
                (state.clone(), at, "when there is a value".to_string()),
                (missing, at, "when there is none".to_string()),
            ];
            *state = State::join(ways);
        }
        Some(StepKind::Let {
            var,
            value,
            otherwise,
        })
    }
}

/// Whether a broken step may have been one that tells of a value that it is there: to its blocks, or to what is behind it.
fn may_tell(error: ast::Error<'_>) -> bool {
    const TELLING: [&str; 4] = ["if", "match", "let", "update"];
    const OTHERS: [&str; 5] = ["wait", "await", "send", "split", "end"];
    let node = error.syntax();
    let mut tokens = node.own_tokens();
    let (first, second, third) = (tokens.next(), tokens.next(), tokens.next());
    let labelled = second.is_some_and(|t| t.kind == SyntaxKind::Colon);
    let keyword = if labelled { third } else { first };
    let word = keyword.map_or("", |t| node.tree().token_text(t));
    let words = || TELLING.into_iter().chain(OTHERS);
    let meant = words().find(|w| *w == word);
    match meant.or_else(|| suggest::nearest(word, words())) {
        Some(meant) => TELLING.contains(&meant),
        None => error.blocks().next().is_some(),
    }
}

/// Whether a block lost its `}`: steps that were meant to stand behind it stand in it.
fn is_cut(block: ast::Block<'_>) -> bool {
    let (node, text) = (block.syntax(), block.syntax().tree().text());
    let indent = |at: u32| {
        let line = text.get(..at as usize).unwrap_or("").rfind('\n');
        let line = &text[line.map_or(0, |n| n + 1)..];
        line.len() - line.trim_start_matches([' ', '\t']).len()
    };
    // It may have taken the `}` of a block further out, which stands further to the left.
    let further_left = indent(node.span().end) < indent(node.span().start);
    node.tree().root().has_error() && (further_left || !node.text().ends_with('}'))
}
