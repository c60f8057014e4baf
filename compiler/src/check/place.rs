//! Places whose presence can be known: a chain of fields, constant keys and indices, and functions without arguments from a root.
//!
//! Comes in: expressions, paths in the profile. Goes out: keys that are equal where the places are, and for nothing else.
//! Never true here: a key that a name's own dots or brackets make the key of another place, or of one that lies in it.

use crate::hir::{Expr, ExprKind, Literal, LocalId, Root, VarId};
use crate::types::Type;

/// The key of a place: its root, then its steps. A step begins with `.`, `[` or `(`; in a name each of these has a backslash in
/// front.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place(String);

/// A part of the profile that lies on the way to one that is set.
pub struct Part {
    /// Where it is.
    pub place: Place,
    /// What it is.
    pub ty: Type,
    /// How it is written.
    pub text: String,
}

impl Place {
    /// The profile.
    pub fn profile() -> Place {
        Place("profile".into())
    }

    /// The record that a condition is about.
    pub fn input() -> Place {
        Place("input".into())
    }

    /// A variable of the journey.
    pub fn var(var: VarId) -> Place {
        Place(format!("v{}", var.0))
    }

    /// A name inside an expression.
    pub fn local(local: LocalId) -> Place {
        Place(format!("l{}", local.0))
    }

    /// Where the expression reads, if it is a place.
    pub fn of(expr: &Expr) -> Option<Place> {
        Some(match &expr.kind {
            ExprKind::Root(Root::Profile) => Place::profile(),
            ExprKind::Root(Root::Input) => Place::input(),
            ExprKind::Root(Root::Var(v)) => Place::var(*v),
            ExprKind::Root(Root::Local(l)) => Place::local(*l),
            ExprKind::Path(base, steps) => {
                let mut place = Place::of(base)?;
                steps.iter().for_each(|step| place.join(&step.name));
                place
            }
            ExprKind::Key(base, key) => match &key.kind {
                ExprKind::Literal(Literal::Str(key)) => Place::of(base)?.at_key(key),
                _ => return None,
            },
            ExprKind::Index(base, index) => match &index.kind {
                ExprKind::Literal(Literal::Int(i)) => Place::of(base)?.with(format!("[{i}]")),
                _ => return None,
            },
            ExprKind::Inline {
                args,
                lambda: None,
                op,
            } if args.len() == 1 => Place::of(&args[0])?.with(format!("({op:?})")),
            ExprKind::Widen(inner) => return Place::of(inner),
            _ => return None,
        })
    }

    /// Goes one field down.
    pub fn join(&mut self, name: &str) {
        self.0.push('.');
        for c in name.chars() {
            if matches!(c, '.' | '[' | '(' | '\\') {
                self.0.push('\\');
            }
            self.0.push(c);
        }
    }

    /// What a map has under a key.
    pub fn at_key(self, key: &str) -> Place {
        self.with(format!("[{key:?}]"))
    }

    fn with(mut self, step: String) -> Place {
        self.0.push_str(&step);
        self
    }

    /// The steps that lead here from `other`, when this is that place or lies in it.
    fn below(&self, other: &Place) -> Option<&str> {
        let rest = self.0.strip_prefix(&other.0)?;
        (rest.is_empty() || rest.starts_with(['.', '[', '('])).then_some(rest)
    }

    /// Whether it is that place or lies in it.
    pub fn is_in(&self, other: &Place) -> bool {
        self.below(other).is_some()
    }

    /// The same below another root, when it lies in `from`.
    pub fn moved(&self, from: &Place, to: &Place) -> Option<Place> {
        let mut moved = to.clone();
        moved.0.push_str(self.below(from)?);
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    fn place(names: &[&str]) -> Place {
        let mut place = Place::profile();
        names.iter().for_each(|name| place.join(name));
        place
    }

    #[test]
    fn no_two_places_share_a_key() {
        let places = [
            place(&["o", "a"]),
            place(&["o.a"]),
            place(&["o\\", "a"]),
            place(&["o\\.a"]),
            place(&["o"]).with("[0]".into()),
            place(&["o[0]"]),
            place(&["o"]).with("(First)".into()),
            place(&["o(First)"]),
            place(&["o"]).at_key("a"),
            place(&["o[\"a\"]"]),
        ];
        for (i, a) in places.iter().enumerate() {
            for (j, b) in places.iter().enumerate() {
                assert_eq!(a.is_in(b), i == j, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn a_place_lies_in_what_its_steps_lead_through() {
        for below in [&["n"][..], &["n", "a"], &["n", "a.b", "c"]] {
            assert!(place(below).is_in(&place(&["n"])));
            assert!(place(below).is_in(&Place::profile()));
        }
        for other in [&["name"][..], &["n.a"], &["n[0]"], &["m", "n"]] {
            assert!(!place(other).is_in(&place(&["n"])));
        }
        let moved = place(&["a.b"]).moved(&Place::profile(), &Place::input());
        assert_eq!(moved, Some(Place("input.a\\.b".into())));
    }
}
