//! A journey: its settings, then its steps.
//!
//! Comes in: a declaration and the world of names. Goes out: the checked journey. [`JourneyCx`] is what the parts share.

use super::expr::{ExprCx, Input, Scope};
use super::state::{Arrival, MAX_NAMES, State};
use super::when::broken;
use super::world::{Declared, World};
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::{
    Block, EventId, Exit, ExitWhen, Expr, ExprKind, FixedSpan, Journey, Listen, Literal, Reenter,
    Step, StepKind, Var, VarId, VarKind, When,
};
use crate::source::{FileId, Span};
use crate::types::Type;
use journey_grammar::SyntaxKind;
use journey_grammar::ast::{self, AstNode, JourneyItem, Setting};
use journey_machine::time::civil;
use std::collections::BTreeMap;

/// The longest stay when a journey names none: the reference system's 91 days.
const EXPIRES: FixedSpan = FixedSpan::Calendar(0, 91);

/// What the parts of a journey's check share.
pub struct JourneyCx<'a, 'b> {
    /// Everything declared.
    pub world: &'a World<'a>,
    /// Findings.
    pub bag: &'b mut Bag,
    /// The journey's file.
    pub file: FileId,
    /// Variables so far.
    pub vars: Vec<Var>,
    /// Labels so far.
    pub labels: BTreeMap<String, Span>,
    /// Names of splits so far.
    pub splits: BTreeMap<String, Span>,
    /// Whether `on error` catches what a call does not handle.
    pub on_error: bool,
    /// Whether the block at hand lost its end.
    pub cut: bool,
    /// The longest stay; none for steps that it does not end.
    pub expires: Option<FixedSpan>,
    /// Events that a way out takes, every one of them; of none for steps during which no way out is looked at.
    pub takes_all: Vec<(EventId, Span)>,
    /// By which namespaces the people in it are known, and where they come in; nothing where that is not known.
    pub known_by: Vec<(String, Span)>,
    /// The next free local.
    pub next_local: &'b mut u32,
}

/// Checks a journey.
pub fn check<'a>(
    world: &'a World<'a>,
    bag: &mut Bag,
    declared: &Declared<'a>,
    j: ast::JourneyDecl<'a>,
    next_local: &mut u32,
) -> Journey {
    let mut cx = JourneyCx {
        world,
        bag,
        file: declared.file,
        vars: Vec::new(),
        labels: BTreeMap::new(),
        splits: BTreeMap::new(),
        on_error: j.items().any(is_on_error),
        cut: false,
        expires: Some(EXPIRES),
        takes_all: Vec::new(),
        known_by: Vec::new(),
        next_local,
    };
    let mut journey = Journey {
        name: j.name().map_or_else(String::new, |n| n.text().to_string()),
        doc: declared.decl.doc().unwrap_or_default(),
        vars: Vec::new(),
        entries: Vec::new(),
        reenter: Reenter::Always,
        timezone: None,
        fallback_zone: "UTC".into(),
        instance_per: None,
        starts: None,
        closes: None,
        exits: Vec::new(),
        expires: EXPIRES,
        on_expiry: None,
        on_error: None,
        priority: 0,
        body: Block {
            steps: Vec::new(),
            span: declared.span,
        },
        span: declared.span,
    };
    cx.refuse_doubles(j);
    let entered = cx.entries(j, &mut journey);
    cx.known_by = cx.namespaces(j, &journey.entries);
    // What others are judged by comes first, wherever it stands.
    for setting in j.settings() {
        cx.span_of_time(setting, &entered, &mut journey);
    }
    for setting in j.settings() {
        cx.setting(setting, &entered, &mut journey);
    }
    cx.takes_all = journey.exits.iter().filter_map(takes_all).collect();
    let mut state = entered;
    let steps = j.items().filter_map(|i| match i {
        JourneyItem::Step(step) => Some(step),
        JourneyItem::Error(error) => Some(ast::Step::Error(error)),
        JourneyItem::Setting(_) => None,
    });
    let span = j.block().map_or(declared.span, |b| cx.span(b));
    journey.body = cx.steps(steps.collect(), span, &mut state);
    cx.unread(j);
    journey.vars = cx.vars;
    journey
}

impl<'a> JourneyCx<'a, '_> {
    /// A span of the grammar as a span of this file.
    pub fn span(&self, node: impl AstNode<'a>) -> Span {
        let s = node.span();
        Span {
            file: self.file,
            start: s.start,
            end: s.end,
        }
    }

    /// Adds a finding.
    pub fn report(&mut self, d: Diagnostic) {
        self.bag.push(d);
    }

    /// The checker of an expression at this point.
    pub fn cx<'s>(&'s mut self, state: &'s State) -> ExprCx<'s>
    where
        'a: 's,
    {
        self.cx_with(state, None)
    }

    /// The same with an input record.
    pub fn cx_with<'s>(&'s mut self, state: &'s State, input: Option<Input>) -> ExprCx<'s>
    where
        'a: 's,
    {
        let scope = Scope {
            profile: true,
            input,
            state: Some(state),
            vars: &self.vars,
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

    /// A new variable.
    pub fn var(
        &mut self,
        name: &str,
        ty: Type,
        optional: bool,
        kind: VarKind,
        span: Span,
    ) -> VarId {
        if self.vars.len() == MAX_NAMES {
            let d = Diagnostic::new(
                Code::TooManySlots,
                span,
                format!("a journey binds at most {MAX_NAMES} names"),
            );
            self.report(d.why("what a journey keeps is carried for every person in it"));
        }
        let id = VarId(self.vars.len() as u32);
        self.vars.push(Var {
            name: name.to_string(),
            ty,
            optional,
            kind,
            span,
        });
        id
    }

    /// A new variable for a name that the text binds; says so when the name is in force already.
    pub fn named_var(
        &mut self,
        state: &State,
        name: &str,
        span: Span,
        ty: Type,
        optional: bool,
        kind: VarKind,
    ) -> VarId {
        let in_force = state.names.get(name);
        let in_force = in_force.filter(|(_, arrival)| !matches!(arrival, Arrival::Elsewhere(..)));
        if let Some((old, _)) = in_force {
            let first = self.vars[old.0 as usize].span;
            let d = Diagnostic::new(
                Code::ShadowedName,
                span,
                format!("`{name}` is already bound here"),
            )
            .related(first, "bound here")
            .why("one name means one thing on the whole way; choose another");
            self.report(d);
            // Which of the two a later use means nobody can say: no more is said about either.
            self.vars[old.0 as usize].ty = Type::Error;
            return self.var(name, Type::Error, optional, kind, span);
        } else if self.world.consts.contains_key(name)
            || matches!(name, "profile" | "env" | "secret")
        {
            let d = Diagnostic::new(
                Code::ShadowedName,
                span,
                format!("`{name}` already means something in the whole package"),
            );
            self.report(d);
        }
        self.var(name, ty, optional, kind, span)
    }

    fn refuse_doubles(&mut self, j: ast::JourneyDecl<'a>) {
        let mut seen: Vec<(SyntaxKind, Span)> = Vec::new();
        let mut first_step = None;
        for item in j.items() {
            let span = self.span(item);
            match item {
                JourneyItem::Step(_) => first_step = first_step.or(Some(span)),
                JourneyItem::Error(_) => {}
                JourneyItem::Setting(setting) => {
                    if let Some(step) = first_step {
                        let d = Diagnostic::new(
                            Code::Syntax,
                            span,
                            "a setting stands behind the first step",
                        );
                        self.report(d.related(step, "the steps begin here").why(
                            "settings come first, so that a reader knows the rules before the way",
                        ));
                    }
                    let kind = setting.syntax().kind();
                    if matches!(
                        setting,
                        Setting::Enter(_)
                            | Setting::Exit(_)
                            | Setting::Policy(_)
                            | Setting::Guarantee(_)
                    ) {
                        continue;
                    }
                    match seen.iter().find(|(k, _)| *k == kind) {
                        Some((_, first)) => {
                            let first = *first;
                            let d = Diagnostic::new(
                                Code::DuplicateSetting,
                                span,
                                "this setting stands twice",
                            );
                            self.report(
                                d.related(first, "first here")
                                    .why("nobody could say which of the two holds; keep one"),
                            );
                        }
                        None => seen.push((kind, span)),
                    }
                }
            }
        }
    }

    fn entries(&mut self, j: ast::JourneyDecl<'a>, journey: &mut Journey) -> State {
        let mut paths = Vec::new();
        let mut unknown = State::default();
        let mut any = false;
        for setting in j.settings() {
            let Setting::Enter(enter) = setting else {
                continue;
            };
            any = true;
            let span = self.span(enter);
            let Some(trigger) = enter.trigger() else {
                if enter.batch().is_some() && !enter.has_error() {
                    self.not_yet(span, "entrance of a whole audience");
                }
                continue;
            };
            let mut state = State::default();
            let listened = self.listen(trigger, &mut state, span);
            let Some(mut listen) = listened else {
                unknown.keep(&state);
                continue;
            };
            self.refuse_deaf(&listen, journey.entries.iter(), "entrance");
            self.one_variable(&mut listen, &mut state, &journey.entries);
            journey.entries.push(listen);
            let path = "somebody who enters here does not bring it";
            paths.push((state, span, path.to_string()));
        }
        if !any && !j.has_error() {
            let d = Diagnostic::new(
                Code::NoEntry,
                journey.span,
                format!("nobody can enter `{}`", journey.name),
            );
            self.report(d.why("a journey starts with `enter on Event`"));
        }
        if paths.is_empty() {
            return unknown;
        }
        // What an entrance binds that was reported keeps its name, so that nothing more is said of it.
        let mut entered = State::join(paths);
        entered.keep(&unknown);
        entered
    }

    /// By which namespaces who comes in is known; nothing where that of one entrance is not known.
    fn namespaces(&self, j: ast::JourneyDecl<'a>, entries: &[Listen]) -> Vec<(String, Span)> {
        let written = j.settings().filter(|it| matches!(it, Setting::Enter(_)));
        let known = |on: &Listen| Some((self.world.namespace(on.event)?.to_string(), on.span));
        let known: Option<Vec<_>> = entries.iter().map(known).collect();
        let whole = !j.has_error() && written.count() == entries.len();
        known.filter(|_| whole).unwrap_or_default()
    }

    /// Two ways in by one event under one name bind one variable: whichever way somebody came, it is here.
    fn one_variable(&self, listen: &mut Listen, state: &mut State, before: &[Listen]) {
        let Some(new) = listen.var else { return };
        let name = &self.vars[new.0 as usize].name;
        let same = |l: &&Listen| {
            l.event == listen.event && l.var.is_some_and(|v| self.vars[v.0 as usize].name == *name)
        };
        if let Some(old) = before.iter().find(same).and_then(|l| l.var) {
            state.rename(new, old);
            state.bind(name, old);
            listen.var = Some(old);
        }
    }

    /// Says that a part of the language is not built yet.
    pub fn not_yet(&mut self, span: Span, what: &str) {
        self.report(
            Diagnostic::new(Code::NotYet, span, format!("{what} is not built yet"))
                .label("not yet"),
        );
    }

    /// A wait that is as long as anybody may stay, or longer.
    pub fn within_stay(&mut self, when: &When, span: Span) {
        let When::After(Expr {
            kind: ExprKind::Literal(literal),
            ..
        }) = when
        else {
            return;
        };
        let wait = match literal {
            Literal::Duration(ms) => u64::try_from(*ms).ok().map(FixedSpan::Exact),
            Literal::Period(months, days) => u32::try_from(*months)
                .ok()
                .zip(u32::try_from(*days).ok())
                .map(|(months, days)| FixedSpan::Calendar(months, days)),
            _ => None,
        };
        let ends = wait.zip(self.expires);
        if ends.is_some_and(|(wait, stay)| outlasts(wait, stay)) {
            let d = Diagnostic::new(Code::UnboundedWait, span, "this wait is as long as anybody may stay in the journey, or longer")
                .why("everybody would expire here and never reach the next step; `expires after` sets the longest stay (91d when not given)");
            self.report(d);
        }
    }
}

/// Whether a wait surely lasts until the end of a stay that began before it or with it: at one instant the stay ends first.
fn outlasts(wait: FixedSpan, stay: FixedSpan) -> bool {
    use FixedSpan::{Calendar, Exact};
    const HOUR: u64 = 3_600_000;
    // A zone's clock is put forward or back by 26 hours at most, and by few at a time.
    let moved = |months: u32, days: u32| u64::from(months.saturating_add(days).min(26)) * HOUR;
    let fewest = |months, days| days_of(months).0 + u64::from(days);
    let most = |months, days| days_of(months).1 + u64::from(days);
    let shortest = |months, days| {
        let whole = fewest(months, days) * 24 * HOUR;
        whole.saturating_sub(moved(months, days))
    };
    let longest = |months, days| most(months, days) * 24 * HOUR + moved(months, days);
    match (wait, stay) {
        (Exact(wait), Exact(stay)) => wait >= stay,
        (Calendar(m, d), Calendar(months, days)) if m >= months && d >= days => true,
        // Both are counted on one wall clock.
        (Calendar(m, d), Calendar(months, days)) => fewest(m, d) >= most(months, days),
        (Exact(wait), Calendar(months, days)) => wait >= longest(months, days),
        (Calendar(m, d), Exact(stay)) => shortest(m, d) >= stay,
    }
}

/// The fewest and the most days that so many months have.
fn days_of(months: u32) -> (u64, u64) {
    let (mut fewest, mut most) = (u64::from(months) * 28, u64::from(months) * 31);
    if months == 0 {
        return (0, 0);
    }
    // From every month's end and beginning, around a leap day that is there and one that a century leaves out.
    let starts = [1996..2008, 2096..2108].into_iter().flatten();
    let starts = starts.flat_map(|year| (1..=12).map(move |month| (year, month)));
    let later = |day: i64| civil::add_to_date(day, i32::try_from(months).ok()?, 0);
    let days = starts.filter_map(|(year, month)| {
        let first = civil::days_from_ymd(year, month, 1)?;
        let last = first + i64::from(civil::days_in_month(year, month)?) - 1;
        let (shortest, longest) = (later(last)? - last, later(first)? - first);
        Some((shortest.unsigned_abs(), longest.unsigned_abs()))
    });
    let both = |(a, b): (u64, u64), (c, d): (u64, u64)| (a.min(c), b.max(d));
    if let Some(found) = days.reduce(both) {
        (fewest, most) = found;
    }
    (fewest, most)
}

/// The event of which a rule leads everybody out.
fn takes_all(exit: &Exit) -> Option<(EventId, Span)> {
    match &exit.when {
        ExitWhen::Event(on) if on.condition.is_none() => Some((on.event, exit.span)),
        _ => None,
    }
}

/// Whether an item is `on error`, or a broken line that may have been.
fn is_on_error(item: JourneyItem<'_>) -> bool {
    match item {
        JourneyItem::Setting(setting) => matches!(setting, Setting::OnError(_)),
        JourneyItem::Error(e) => e.syntax().own_tokens().next().is_some_and(|first| {
            let text = e.syntax().tree().token_text(first);
            text == "on"
        }),
        JourneyItem::Step(_) => false,
    }
}

/// A step that does nothing: stands for one that was reported.
pub fn nothing(span: Span) -> Step {
    Step {
        label: None,
        kind: StepKind::Wait {
            until: broken(span),
            or: Vec::new(),
        },
        span,
    }
}
