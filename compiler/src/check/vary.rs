//! Conditions that cannot vary: those that can never or must always hold.
//!
//! Comes in: a checked condition. Goes out: at most one finding about it, the innermost cause first.
//! What is understood: constants, comparisons of one place (or of a place with one constant behind `??`, or what a function makes of one) with
//! constants (equalities, differences, bounds, ranges) and whether it is there, joined by `and` and `or`, a place compared with itself, and `is missing` of what is never
//! missing. Never here: a guess, nor a part of a function's body, which is another condition for whoever gives it other arguments.

use super::demand::{Demand, Demands, What, demand, holds, literal, range};
use super::place::Place;
use super::state::{place_hash, same_value};
use crate::diag::{Code, Diagnostic};
use crate::hir::walk;
use crate::hir::{CompareOp, Expr, ExprKind, Literal};
use crate::oracle::{self, Constant};
use crate::types::Type;
use journey_machine::value::Value;

/// The finding about a condition, if it cannot vary.
pub fn find(condition: &Expr) -> Option<Diagnostic> {
    let found = Judge::default().condition(condition).err()?;
    (!walk::any(condition, &mut is_stand_in)).then_some(*found)
}

/// Why a condition can never hold beside another that holds already, which is about the same places.
pub fn excludes(known: &Expr, condition: &Expr) -> Option<String> {
    let mut judge = Judge::default();
    judge.collect(known, true);
    let first = judge.demands.len();
    judge.collect(condition, true);
    judge.contradiction(0, first, true)
}

/// Whether it stands for something that was reported: a constant is never missing.
fn is_stand_in(e: &Expr) -> bool {
    e.ty.is_error() || e.opt && matches!(e.kind, ExprKind::Literal(_))
}

/// What an undecided part would be when something it compares is missing: unknown, so it "never holds" and does not "always hold".
fn unless_missing(e: &Expr, holds: bool) -> Option<bool> {
    (!e.opt || !holds).then_some(holds)
}

/// What a condition always comes to, as far as its constant parts tell; or the finding about it.
type Judged = Result<Option<bool>, Box<Diagnostic>>;

/// A walk over a condition, innermost parts first.
#[derive(Default)]
struct Judge<'e> {
    /// What the parts of the chains we are in demand, in the order of the text.
    demands: Vec<Demand<'e>>,
    /// Behind the last of them that may exclude something: by itself, or with one before it.
    suspects: usize,
    /// The places of the innermost chain's.
    seen: Seen,
}

/// Places, by their hashes: one that is not in it is none of them.
#[derive(Clone, Copy, Default)]
struct Seen([u64; 4]);

impl Seen {
    /// Whether this place may be one of them already; from now on it is.
    fn again(&mut self, hash: u64) -> bool {
        let (word, bit) = (&mut self.0[(hash >> 6) as usize & 3], 1 << (hash & 63));
        let again = *word & bit != 0;
        *word |= bit;
        again
    }
}

impl<'e> Judge<'e> {
    fn condition(&mut self, e: &'e Expr) -> Judged {
        match &e.kind {
            ExprKind::And(part, _) | ExprKind::Or(part, _) | ExprKind::Not(part)
                if !stands_in(part, e) =>
            {
                let truth = oracle::const_truth(e);
                let reason = || "with these arguments nothing in it depends on data".to_string();
                say(e, truth.map(|holds| (holds, reason())))?;
                Ok(None)
            }
            ExprKind::And(..) | ExprKind::Or(..) => {
                let (before, around) = (self.demands.len(), std::mem::take(&mut self.seen));
                let judged = self.chain(e, matches!(e.kind, ExprKind::And(..)));
                self.demands.truncate(before);
                self.seen = around;
                judged
            }
            // Only parts that are conditions themselves are judged: `x ?? false` holds a constant, and varies.
            ExprKind::Not(inner) => {
                if is_present(e, inner) {
                    say(e, decide(e))?;
                }
                let truth = self.condition(inner)?;
                say(e, decide(e))?;
                Ok(truth.map(|truth| !truth))
            }
            _ => {
                say(e, decide(e))?;
                Ok(oracle::const_truth(e))
            }
        }
    }

    /// A chain of `and` or of `or`, whose demands stay.
    fn chain(&mut self, e: &'e Expr, and: bool) -> Judged {
        let (a, b) = match (&e.kind, and) {
            (ExprKind::And(a, b), true) | (ExprKind::Or(a, b), false) if stands_in(a, e) => (a, b),
            _ => {
                // A place that is compared with constants makes it vary, whatever they are.
                return match self.demand(e, and) {
                    true => Ok(None),
                    false => self.condition(e),
                };
            }
        };
        let first = self.demands.len();
        let left = self.chain(a, and)?;
        let middle = self.demands.len();
        let right = self.chain(b, and)?;
        // What the left part demands by itself was looked at there, unless it is no chain.
        let new = if matches!(a.kind, ExprKind::And(..) | ExprKind::Or(..)) {
            middle
        } else {
            first
        };
        if and || !e.opt {
            say(e, self.contradiction(first, new, and).map(|r| (!and, r)))?;
        }
        let truth = match (left, right) {
            (Some(part), _) | (_, Some(part)) if part != and => Some(!and),
            (Some(_), Some(_)) => Some(and),
            _ => None,
        };
        if !and && e.opt {
            let reason = || "nothing in it depends on data".to_string();
            say(e, truth.map(|holds| (holds, reason())))?;
        }
        Ok(truth)
    }

    /// Notes what all parts of a chain demand.
    fn collect(&mut self, e: &'e Expr, and: bool) {
        match (&e.kind, and) {
            (ExprKind::And(a, b), true) | (ExprKind::Or(a, b), false) => {
                self.collect(a, and);
                self.collect(b, and);
            }
            _ => {
                self.demand(e, and);
            }
        }
    }

    /// Notes what a part of a chain demands of a place (of an `or`: what must hold for the part not to), if anything; says whether that
    /// is all that there is to the part.
    fn demand(&mut self, e: &'e Expr, and: bool) -> bool {
        if let Some((place, ends)) = range(e).filter(|_| and) {
            for end in ends {
                self.note(place, end);
            }
            return false;
        }
        demand(e, and).is_some_and(|(place, what)| self.note(place, what))
    }

    fn note(&mut self, place: &'e Expr, what: What<'e>) -> bool {
        let Some(hash) = place_hash(place) else {
            return false;
        };
        let again = self.seen.again(hash);
        let demand = Demand {
            hash,
            again,
            place,
            what,
        };
        let suspect = again || demand.may_be_empty();
        self.demands.push(demand);
        if suspect {
            self.suspects = self.demands.len();
        }
        true
    }

    /// Why the demands from `first` on exclude one another; those before `new` were looked at among themselves.
    fn contradiction(&self, first: usize, new: usize, and: bool) -> Option<String> {
        if self.suspects <= new {
            return None;
        }
        let demands = &self.demands[first..];
        let mut clashes: Vec<(&Expr, String)> = Vec::new();
        for one in &demands[new - first..] {
            // The first of a place is looked at with the next.
            if !one.again && !one.may_be_empty() {
                continue;
            }
            let same = Demands {
                all: demands,
                of: one,
            };
            if let Some(why) = same.clash(and) {
                clashes.push((one.place, why));
            }
        }
        let first = clashes
            .into_iter()
            .min_by_key(|(place, _)| Place::of(place));
        first.map(|(_, why)| why)
    }
}

fn say(e: &Expr, decided: Option<(bool, String)>) -> Result<(), Box<Diagnostic>> {
    let Some((holds, reason)) = decided else {
        return Ok(());
    };
    let message = if holds {
        "this condition always holds"
    } else {
        "this condition can never hold"
    };
    Err(Box::new(
        Diagnostic::new(Code::ConstantCondition, e.span, message)
            .label(reason)
            .why("everybody would take the same branch; the other one is dead, which is seldom meant"),
    ))
}

/// Whether a part is written where the whole is: that of a function which was called there is not.
fn stands_in(part: &Expr, e: &Expr) -> bool {
    part.span.to(e.span) == e.span
}

/// Whether `not inner` is written `x is present`: then what it says is all that anybody reads.
fn is_present(e: &Expr, inner: &Expr) -> bool {
    // Of `not (x is missing)` the part that is missing is shorter, and ends where all of it does.
    let is_not = e.span.end == inner.span.end && e.span.start != inner.span.start;
    matches!(inner.kind, ExprKind::IsMissing(_)) && !is_not
}

/// What a condition that is no chain comes to, and why.
fn decide(e: &Expr) -> Option<(bool, String)> {
    match &e.kind {
        ExprKind::Literal(Literal::Bool(b)) => Some((*b, format!("written as `{b}`"))),
        ExprKind::IsMissing(inner)
            if !inner.opt && !inner.ty.is_error() && place_hash(inner).is_some() =>
        {
            Some((false, "this value is never missing here".into()))
        }
        ExprKind::Not(inner) if !inner.opt => decide(inner).map(|(holds, reason)| (!holds, reason)),
        ExprKind::Let {
            strict: true, body, ..
        } => decide(body)
            .and_then(|(holds, reason)| Some((unless_missing(e, holds)?, reason)))
            .or_else(|| fixed(e)),
        ExprKind::Compare(op, a, b) => match (literal(a), literal(b)) {
            (Some(x), Some(y)) => Some((holds(*op, x, y)?, "both sides are constants".into())),
            (None, None) if a.ty != Type::Decimal && same_value(a, b) => {
                let holds = matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge);
                let holds = unless_missing(e, holds)?;
                Some((holds, "a value compared with itself".into()))
            }
            // What reads data, as most do, is seen here.
            _ if reads(a) || reads(b) => None,
            _ => fixed(e),
        },
        // Inside of something else: a chain in a `let` or under a `not`.
        ExprKind::And(..) => alone(e, true)
            .map(|reason| (false, reason))
            .or_else(|| fixed(e)),
        ExprKind::Or(..) if !e.opt => alone(e, false)
            .map(|reason| (true, reason))
            .or_else(|| fixed(e)),
        _ => fixed(e),
    }
}

fn reads(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Path(base, _) => matches!(base.kind, ExprKind::Root(_)),
        kind => matches!(kind, ExprKind::Root(_)),
    }
}

/// What it comes to if nothing in it depends on data.
fn fixed(e: &Expr) -> Option<(bool, String)> {
    let holds = match oracle::const_eval(e) {
        Constant::Is(Value::Bool(holds)) => holds,
        Constant::Missing => return Some((false, "whatever the data, this is missing".into())),
        _ if matches!(
            e.kind,
            ExprKind::And(..) | ExprKind::Or(..) | ExprKind::Not(_)
        ) =>
        {
            oracle::const_truth(e)?
        }
        _ => return None,
    };
    Some((holds, "nothing in it depends on data".into()))
}

/// Why the parts of a chain exclude one another.
fn alone(e: &Expr, and: bool) -> Option<String> {
    let mut judge = Judge::default();
    judge.collect(e, and);
    judge.contradiction(0, 0, and)
}
