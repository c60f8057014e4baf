//! What is known at one point of a journey: which names are bound, whether their data has arrived, which values are
//! present for sure, and whether anybody gets here at all.
//!
//! Comes in: bindings and conditions as the walk over the steps meets them. Goes out: answers for the expression checker.
//! States are values: a branch works on a copy, and [`State::join`] says what holds where branches meet again.
//! Never true here: a fact about the profile that outlived a wait (the profile may change meanwhile).

use super::place::{Part, Place};
use crate::hash;
use crate::hir::{CompareOp, Expr, ExprKind, Literal, LocalId, Root, Steps, VarId};
use crate::source::Span;
use crate::types::Type;
use journey_machine::func::Function;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Names that may be in force at one point; far more than a row can hold (see `J0902`). It bounds what branches cost.
pub const MAX_NAMES: usize = 4096;

/// Whether a variable's data is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// On every path to this point.
    Arrived,
    /// Not on the path that goes through this place.
    NotVia(Span, String),
    /// On no path to this point, only on another way from a fork before it: the name is known, and free.
    Elsewhere(Span, String),
    /// On every path, and another variable of this name on some.
    Several(VarId),
}

/// What is known at one point.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// Names in force.
    pub names: Arc<BTreeMap<String, (VarId, Arrival)>>,
    /// Places that are present.
    pub present: Arc<BTreeSet<Place>>,
    /// Whether any path leads here.
    pub reachable: bool,
    /// Whether a guard or an update on the way here is broken: which values it made present is not known.
    pub unguarded: bool,
}

impl Default for State {
    fn default() -> Self {
        State {
            names: Arc::default(),
            present: Arc::default(),
            reachable: true,
            unguarded: false,
        }
    }
}

impl State {
    /// Binds a name whose data is here now.
    pub fn bind(&mut self, name: &str, var: VarId) {
        if self.names.len() < MAX_NAMES {
            Arc::make_mut(&mut self.names).insert(name.to_string(), (var, Arrival::Arrived));
        }
    }

    /// Binds a name of which another variable may be here instead.
    pub fn bind_one_of(&mut self, name: &str, var: VarId, other: VarId) {
        if self.names.len() < MAX_NAMES {
            let bound = (var, Arrival::Several(other));
            Arc::make_mut(&mut self.names).insert(name.to_string(), bound);
        }
    }

    /// The names that `other`, another way, has and this path does not: their data is not here.
    pub fn lacks(&mut self, other: &State, at: Span, path: &str) {
        for (name, (var, _)) in other.names.iter() {
            if !self.names.contains_key(name) {
                let lacking = (*var, Arrival::Elsewhere(at, path.to_string()));
                Arc::make_mut(&mut self.names).insert(name.clone(), lacking);
            }
        }
    }

    /// What is known of one variable is known of another instead.
    pub fn rename(&mut self, from: VarId, to: VarId) {
        let (from, to) = (Place::var(from), Place::var(to));
        let renamed = |place: &Place| place.moved(&from, &to).unwrap_or_else(|| place.clone());
        self.present = Arc::new(self.present.iter().map(renamed).collect());
    }

    /// Takes over the names of `other` that this state does not have, as they are.
    pub fn keep(&mut self, other: &State) {
        for (name, bound) in other.names.iter() {
            if !self.names.contains_key(name) {
                Arc::make_mut(&mut self.names).insert(name.clone(), bound.clone());
            }
        }
    }

    /// Time passes: what was known of the profile may change.
    pub fn park(&mut self) {
        self.unguarded = false;
        self.forget(&Place::profile());
    }

    /// A part of the profile was written: what was known of it, and of what lies in it, is not known any more.
    pub fn forget(&mut self, place: &Place) {
        if self.present.iter().any(|p| p.is_in(place)) {
            Arc::make_mut(&mut self.present).retain(|p| !p.is_in(place));
        }
    }

    /// A part of the profile was written with a value that is there: so is everything it lies in.
    pub fn written(&mut self, way: &[Part]) {
        let places = way.iter().map(|part| part.place.clone());
        Arc::make_mut(&mut self.present).extend(places);
    }

    /// Adds facts.
    pub fn learn(&mut self, facts: &BTreeSet<Place>) {
        if !facts.is_subset(&self.present) {
            Arc::make_mut(&mut self.present).extend(facts.iter().cloned());
        }
    }

    /// What holds where paths meet. Each path comes with how to speak of it ("when `click` does not come in time").
    /// Unreachable paths do not count; with none left the result is unreachable.
    pub fn join(paths: Vec<(State, Span, String)>) -> State {
        let mut live: Vec<_> = paths.iter().filter(|(s, ..)| s.reachable).collect();
        if live.is_empty() {
            live = paths.iter().collect();
        }
        let Some((first, ..)) = live.first() else {
            return State::default();
        };
        let mut result = first.clone();
        result.reachable = first.reachable;
        result.unguarded = live.iter().any(|(s, ..)| s.unguarded);
        if !first.reachable {
            // What follows is dead, and was or will be said to be: nothing is said of its data.
            for (other, ..) in &live {
                other
                    .names
                    .iter()
                    .for_each(|(name, (var, _))| result.bind(name, *var));
                result.learn(&other.present);
            }
            return result;
        }
        for (other, span, text) in &live[1..] {
            if !Arc::ptr_eq(&result.present, &other.present) {
                Arc::make_mut(&mut result.present).retain(|p| other.present.contains(p));
            }
            if Arc::ptr_eq(&result.names, &other.names) {
                continue;
            }
            for (name, (var, arrival)) in Arc::make_mut(&mut result.names) {
                let both = other.names.get(name).map(|(v, a)| (v, v == var, a));
                let joined = match (&*arrival, both) {
                    (Arrival::Elsewhere(..), None | Some((_, true, Arrival::Elsewhere(..)))) => {
                        continue;
                    }
                    (Arrival::Elsewhere(at, way), Some((_, true, _))) => {
                        Arrival::NotVia(*at, way.clone())
                    }
                    (_, Some((_, true, Arrival::Elsewhere(at, way)))) => {
                        Arrival::NotVia(*at, way.clone())
                    }
                    (Arrival::Arrived, Some((_, true, other))) => other.clone(),
                    (_, Some((_, true, _))) => continue,
                    (Arrival::Arrived, Some((v, false, Arrival::Arrived))) => Arrival::Several(*v),
                    (Arrival::Several(_), Some((_, false, Arrival::Arrived))) => continue,
                    _ => Arrival::NotVia(*span, text.clone()),
                };
                *arrival = joined;
            }
        }
        for (other, ..) in &live[1..] {
            if Arc::ptr_eq(&result.names, &other.names) {
                continue;
            }
            for (name, (var, arrival)) in other.names.iter() {
                if result.names.contains_key(name) {
                    continue;
                }
                if matches!(arrival, Arrival::Elsewhere(..)) {
                    let free = (*var, arrival.clone());
                    Arc::make_mut(&mut result.names).insert(name.clone(), free);
                    continue;
                }
                let lacking = live.iter().find(|(s, ..)| !s.names.contains_key(name));
                let (_, span, text) = lacking.unwrap_or(&live[0]);
                let bound = (*var, Arrival::NotVia(*span, text.clone()));
                Arc::make_mut(&mut result.names).insert(name.clone(), bound);
            }
        }
        result
    }
}

/// The parts of a place's key: what it is below of, and by which step.
enum Step<'e> {
    Root(u64),
    Below(&'e Expr, u64, &'e str),
    /// What a function makes of it.
    Made(&'e Expr, &'static Function),
    Path(&'e Expr, &'e Steps),
    /// A constant stands in for it.
    Or(&'e Expr, &'e Literal),
    Same(&'e Expr),
}

fn step(expr: &Expr) -> Option<Step<'_>> {
    Some(match &expr.kind {
        ExprKind::Root(Root::Profile) => Step::Root(0),
        ExprKind::Root(Root::Input) => Step::Root(1),
        ExprKind::Root(Root::Var(v)) => Step::Root(u64::from(v.0) << 2 | 2),
        ExprKind::Root(Root::Local(l)) => Step::Root(u64::from(l.0) << 2 | 3),
        ExprKind::Path(base, steps) => Step::Path(base, steps),
        ExprKind::Key(base, key) => match &key.kind {
            ExprKind::Literal(Literal::Str(key)) => Step::Below(base, 1, key),
            _ => return None,
        },
        ExprKind::Index(base, index) => match &index.kind {
            ExprKind::Literal(Literal::Int(i)) => Step::Below(base, hash::mix(2, *i as u64), ""),
            _ => return None,
        },
        ExprKind::Inline {
            args,
            lambda: None,
            op,
        } if args.len() == 1 => Step::Below(&args[0], hash::mix(3, *op as u64), ""),
        // A decimal that is worked out may be none that compares.
        ExprKind::Call(function, args) if args.len() == 1 && expr.ty != Type::Decimal => {
            Step::Made(&args[0], function)
        }
        ExprKind::Coalesce(place, other) => match &other.kind {
            ExprKind::Literal(other) => Step::Or(place, other),
            _ => return None,
        },
        ExprKind::Widen(inner) => Step::Same(inner),
        _ => return None,
    })
}

/// A number that equal places share ([`same_value`]), made of a place's root, its last step and how many there are; `None` of what
/// is no place. Here a place with a constant behind `??` is one, too, and what a function makes of one.
pub fn place_hash(expr: &Expr) -> Option<u64> {
    let (mut at, mut last, mut steps) = (expr, None, 0);
    loop {
        match step(at)? {
            Step::Root(root) => return Some(hash::mix(hash::mix(last.unwrap_or(0), steps), root)),
            Step::Below(base, how, name) => {
                last = last.or_else(|| Some(hash::text(how, name)));
                steps += 1;
                at = base;
            }
            Step::Made(base, function) => {
                last = last.or_else(|| Some(hash::text(5, function.name)));
                steps += 1;
                at = base;
            }
            Step::Path(base, way) => {
                last = last.or(Some(way.hash()));
                steps += 1;
                at = base;
            }
            Step::Or(base, _) => {
                last = last.or(Some(4));
                steps += 1;
                at = base;
            }
            Step::Same(inner) => at = inner,
        }
    }
}

/// Whether both are one place.
pub fn same_place(a: &Expr, b: &Expr) -> bool {
    same(a, b, false)
}

/// Whether both are one place, or what one function makes of it: within one evaluation that is one value.
pub fn same_value(a: &Expr, b: &Expr) -> bool {
    same(a, b, true)
}

fn same(a: &Expr, b: &Expr, made: bool) -> bool {
    let (Some(a), Some(b)) = (step(a), step(b)) else {
        return false;
    };
    match (a, b) {
        (Step::Same(a), Step::Same(b)) => same(a, b, made),
        (Step::Root(a), Step::Root(b)) => a == b,
        (Step::Below(a, how, name), Step::Below(b, other, text)) => {
            how == other && name == text && same(a, b, made)
        }
        (Step::Made(a, function), Step::Made(b, other)) => {
            made && std::ptr::eq(function, other) && same(a, b, made)
        }
        (Step::Path(a, steps), Step::Path(b, others)) => steps == others && same(a, b, made),
        (Step::Or(a, constant), Step::Or(b, other)) => constant == other && same(a, b, made),
        _ => false,
    }
}

type Facts = BTreeSet<Place>;

/// What is present when the condition holds.
pub fn when_true(expr: &Expr) -> Facts {
    match &expr.kind {
        ExprKind::Not(e) => when_false(e),
        ExprKind::And(a, b) => &when_true(a) | &when_true(b),
        ExprKind::Or(a, b) => &when_true(a) & &when_true(b),
        ExprKind::Compare(_, a, b) => &operands(a) | &operands(b),
        ExprKind::OneOf(a, _) => operands(a),
        ExprKind::Let {
            strict: true,
            local,
            value,
            body,
        } => &operands(value) | &outside(*local, when_true(body)),
        _ => place_with_parents(expr),
    }
}

/// What is present when the condition is known to be false.
pub fn when_false(expr: &Expr) -> Facts {
    match &expr.kind {
        ExprKind::Not(e) => when_true(e),
        ExprKind::And(a, b) => &when_false(a) & &when_false(b),
        ExprKind::Or(a, b) => &when_false(a) | &when_false(b),
        ExprKind::IsMissing(e) => place_with_parents(e),
        ExprKind::Compare(_, a, b) => &operands(a) | &operands(b),
        ExprKind::OneOf(a, _) => operands(a),
        ExprKind::Let {
            strict: true,
            local,
            value,
            body,
        } => &operands(value) | &outside(*local, when_false(body)),
        _ => place_with_parents(expr),
    }
}

/// What is present when the condition does not hold: false or unknown.
pub fn when_not_true(expr: &Expr) -> Facts {
    match &expr.kind {
        _ if !expr.opt => when_false(expr),
        ExprKind::Or(a, b) => &when_not_true(a) | &when_not_true(b),
        ExprKind::And(a, b) => &when_not_true(a) & &when_not_true(b),
        _ => Facts::new(),
    }
}

/// What is known of a local means nothing where the local is not: it is left behind.
fn outside(local: LocalId, mut facts: Facts) -> Facts {
    let place = Place::local(local);
    facts.retain(|fact| !fact.is_in(&place));
    facts
}

/// A compared value was present, so everything it was strictly computed from was.
fn operands(expr: &Expr) -> Facts {
    match &expr.kind {
        ExprKind::Arith(_, a, b) => &operands(a) | &operands(b),
        ExprKind::Neg(e) | ExprKind::Widen(e) => operands(e),
        ExprKind::Call(_, args) => args.iter().flat_map(operands).collect(),
        _ => place_with_parents(expr),
    }
}

fn place_with_parents(expr: &Expr) -> Facts {
    let mut facts = Facts::new();
    let mut at = expr;
    loop {
        facts.extend(Place::of(at));
        at = match &at.kind {
            ExprKind::Path(base, steps) => {
                let mut place = Place::of(base);
                for step in steps.iter().take(steps.count() - 1) {
                    place.iter_mut().for_each(|place| place.join(&step.name));
                    facts.extend(place.clone());
                }
                base
            }
            ExprKind::Key(base, _) | ExprKind::Index(base, _) | ExprKind::Widen(base) => base,
            ExprKind::Inline {
                args, lambda: None, ..
            } if args.len() == 1 => &args[0],
            _ => return facts,
        };
    }
}

/// Whether the operator is an ordering.
pub fn is_ordering(op: CompareOp) -> bool {
    !matches!(op, CompareOp::Eq | CompareOp::Ne)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn what_a_range_knows_of_its_local_stays_inside() {
        let span = Span {
            file: FileId(0),
            start: 0,
            end: 0,
        };
        let expr = |kind, ty| {
            Box::new(Expr {
                kind,
                ty,
                opt: false,
                span,
            })
        };
        let subject = expr(ExprKind::Root(Root::Local(LocalId(7))), Type::Integer);
        let end = expr(ExprKind::Literal(Literal::Int(1)), Type::Integer);
        let body = ExprKind::Compare(CompareOp::Ge, subject, end);
        let value = expr(ExprKind::Root(Root::Var(VarId(0))), Type::Integer);
        let range = expr(
            ExprKind::Let {
                local: LocalId(7),
                value,
                strict: true,
                body: expr(body, Type::Boolean),
            },
            Type::Boolean,
        );
        let known = Facts::from([Place::var(VarId(0))]);
        assert_eq!(when_true(&range), known);
        assert_eq!(when_false(&range), known);
        assert_eq!(when_not_true(&range), known);
    }
}
