//! Operators by precedence. In: operands and operators as pest gives them, flat. Out: which is over which. Never here: nodes. Recursion is
//! as deep as the tree, which the outline bounded.

use pest::iterators::Pair;

use crate::{kind::SyntaxKind as K, rules::Rule};

/// How tightly each operator binds, loosest first. `??` groups to the right, the others to the left; comparisons and ranges do not chain.
pub(super) const COALESCE: u8 = 1;
pub(super) const OR: u8 = 2;
pub(super) const AND: u8 = 3;
pub(super) const NOT: u8 = 4;
pub(super) const COMPARE: u8 = 5;
pub(super) const RANGE: u8 = 6;
pub(super) const ADD: u8 = 7;
pub(super) const MULTIPLY: u8 = 8;
pub(super) const NEGATE: u8 = 9;

/// A part of the tree to be: an operand as pest gave it, or an operator over parts made before.
pub(super) enum Part<'p> {
    Operand(Option<Pair<'p, Rule>>),
    Over {
        kind: K,
        left: Option<usize>,
        right: Option<usize>,
        strength: u8,
    },
}

/// The tokens a part covers.
pub(super) struct Extent {
    pub first: u32,
    pub end: u32,
}

struct Operators<'p> {
    flat: std::iter::Peekable<std::vec::IntoIter<(Pair<'p, Rule>, Extent)>>,
    parts: Vec<(Part<'p>, Extent)>,
    /// The tokens of operators that chain what does not chain.
    chains: Vec<u32>,
}

/// What a flat run of operands and operators makes.
pub(super) struct Grouped<'p> {
    /// Each after those it is over.
    pub parts: Vec<(Part<'p>, Extent)>,
    /// The one that is over all others.
    pub root: Option<usize>,
    /// The tokens of operators that chain what does not chain.
    pub chains: Vec<u32>,
}

/// Groups a flat run of operands and operators by precedence.
pub(super) fn group(flat: Vec<(Pair<'_, Rule>, Extent)>) -> Grouped<'_> {
    let mut operators = Operators {
        flat: flat.into_iter().peekable(),
        parts: Vec::new(),
        chains: Vec::new(),
    };
    let root = operators.climb(0);
    Grouped {
        parts: operators.parts,
        root,
        chains: operators.chains,
    }
}

fn strength(rule: Rule) -> Option<u8> {
    Some(match rule {
        Rule::op_coalesce => COALESCE,
        Rule::op_or => OR,
        Rule::op_and => AND,
        Rule::op_eq
        | Rule::op_ne
        | Rule::op_lt
        | Rule::op_le
        | Rule::op_gt
        | Rule::op_ge
        | Rule::op_in
        | Rule::is_test => COMPARE,
        Rule::op_range => RANGE,
        Rule::op_add | Rule::op_sub => ADD,
        Rule::op_mul | Rule::op_div | Rule::op_rem => MULTIPLY,
        _ => return None,
    })
}

impl<'p> Operators<'p> {
    /// What stands here, with every operator behind it that binds at least as tightly as `least`.
    fn climb(&mut self, least: u8) -> Option<usize> {
        let (pair, place) = self.flat.next()?;
        let mut left = match pair.as_rule() {
            Rule::op_not => self.prefix(place, NOT),
            Rule::op_neg | Rule::minus => self.prefix(place, NEGATE),
            _ => self.part(Part::Operand(Some(pair)), place.first, place.end),
        };
        while let Some(strength) = self
            .flat
            .peek()
            .and_then(|(p, _)| strength(p.as_rule()))
            .filter(|s| *s >= least)
        {
            let Some((pair, place)) = self.flat.next() else {
                break;
            };
            self.check_chain(left, strength, place.first);
            let first = self.parts[left].1.first;
            if pair.as_rule() == Rule::is_test {
                left = self.part(
                    Part::Over {
                        kind: K::IsExpr,
                        left: Some(left),
                        right: None,
                        strength,
                    },
                    first,
                    place.end,
                );
                continue;
            }
            let right = self.climb(if strength == COALESCE {
                strength
            } else {
                strength + 1
            });
            let end = right.map_or(place.end, |r| self.parts[r].1.end);
            left = self.part(
                Part::Over {
                    kind: K::BinaryExpr,
                    left: Some(left),
                    right,
                    strength,
                },
                first,
                end,
            );
        }
        Some(left)
    }

    fn prefix(&mut self, place: Extent, strength: u8) -> usize {
        let right = self.climb(strength);
        let end = right.map_or(place.end, |r| self.parts[r].1.end);
        self.part(
            Part::Over {
                kind: K::UnaryExpr,
                left: None,
                right,
                strength,
            },
            place.first,
            end,
        )
    }

    fn part(&mut self, part: Part<'p>, first: u32, end: u32) -> usize {
        self.parts.push((part, Extent { first, end }));
        self.parts.len() - 1
    }

    fn check_chain(&mut self, left: usize, strength: u8, token: u32) {
        let over = |part: &Part<'_>| matches!(part, Part::Over { kind: K::BinaryExpr | K::IsExpr, strength: s, .. } if *s == strength);
        if matches!(strength, COMPARE | RANGE) && over(&self.parts[left].0) {
            self.chains.push(token);
        }
    }
}
