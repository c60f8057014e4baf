//! Operators to nested nodes. pest gives operands and operators flat; here they get their precedence. Recursion is as deep as the tree,
//! which the outline bounded.

use pest::iterators::Pair;

use super::{builder::Builder, island::Island};
use crate::{
    error::{SyntaxError, SyntaxErrorKind},
    kind::SyntaxKind as K,
    rules::Rule,
};

/// How tightly each operator binds, loosest first. `??` groups to the right, the others to the left; comparisons and ranges do not chain.
const COALESCE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const NOT: u8 = 4;
const COMPARE: u8 = 5;
const RANGE: u8 = 6;
const ADD: u8 = 7;
const MULTIPLY: u8 = 8;
const NEGATE: u8 = 9;

/// A part of the tree to be: an operand as pest gave it, or an operator over parts made before.
enum Part<'p> {
    Operand(Option<Pair<'p, Rule>>),
    Over {
        kind: K,
        left: Option<usize>,
        right: Option<usize>,
        strength: u8,
    },
}

struct Extent {
    first: u32,
    end: u32,
}

struct Operators<'p> {
    flat: std::iter::Peekable<std::vec::IntoIter<(Pair<'p, Rule>, Extent)>>,
    parts: Vec<(Part<'p>, Extent)>,
    /// The tokens of operators that chain what does not chain.
    chains: Vec<u32>,
}

/// Makes the nodes of a flat run of operands and operators.
pub(crate) fn operators(b: &mut Builder<'_>, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
    let mut inner = pair.clone().into_inner();
    if let (Some(only), None) = (inner.next(), inner.next()) {
        return b.pair(only, island);
    }
    let place = |p: &Pair<'_, Rule>| Extent {
        first: b.first_token(p, island),
        end: b.end_token(p, island),
    };
    let flat: Vec<_> = pair.into_inner().map(|p| (p.clone(), place(&p))).collect();
    let mut operators = Operators {
        flat: flat.into_iter().peekable(),
        parts: Vec::new(),
        chains: Vec::new(),
    };
    let root = operators.climb(0);
    for token in std::mem::take(&mut operators.chains) {
        let span = b
            .tokens()
            .get(token as usize)
            .map_or_else(Default::default, |t| t.span);
        let error = SyntaxError::new(
            SyntaxErrorKind::ComparisonChain,
            span,
            "comparisons and ranges do not chain",
        );
        b.error(error.hint("write `a < b and b < c`, or put one of them in parentheses"));
    }
    if let Some(root) = root {
        emit(b, &mut operators.parts, root, island);
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

/// Writes a part's node, then those below it.
fn emit(b: &mut Builder<'_>, parts: &mut [(Part<'_>, Extent)], at: usize, island: &mut Island<'_>) {
    let Some((part, place)) = parts.get_mut(at) else {
        return;
    };
    let (first, end) = (place.first, place.end);
    match part {
        Part::Operand(pair) => pair.take().into_iter().for_each(|p| b.pair(p, island)),
        Part::Over {
            kind, left, right, ..
        } => {
            let (kind, below) = (*kind, [*left, *right]);
            let node = b.open(kind, first);
            below
                .into_iter()
                .flatten()
                .for_each(|i| emit(b, parts, i, island));
            b.close(node, end);
        }
    }
}

/// Makes the nodes of an operand and what stands behind it: `a.b(c)[d]` is an index of a call on `a`.
pub(crate) fn postfix(b: &mut Builder<'_>, pair: Pair<'_, Rule>, island: &mut Island<'_>) {
    let first = b.first_token(&pair, island);
    let mut parts = pair.into_inner();
    let Some(operand) = parts.next() else { return };
    let behind: Vec<_> = parts.collect();
    let kind = |rule| match rule {
        Rule::method_call => K::MethodCall,
        Rule::field => K::FieldExpr,
        Rule::index => K::IndexExpr,
        _ => K::CallExpr,
    };
    let mut open: Vec<_> = behind
        .iter()
        .rev()
        .map(|p| b.open(kind(p.as_rule()), first))
        .collect();
    b.pair(operand, island);
    for part in behind {
        let end = b.end_token(&part, island);
        b.inner(part, island);
        if let Some(node) = open.pop() {
            b.close(node, end);
        }
    }
}
