//! Values written out: literals of every type, lists and records of expressions.
//!
//! Comes in: a type, a generator. Goes out: an expression that stands for itself. Never true here: a map; there is no way to
//! write one, so a path to one is given.

use crate::data;
use crate::generate::{Gen, literal, make};
use journeyc::hir::{Expr, ExprKind, Literal};
use journeyc::types::{Record, Type};

impl Gen<'_> {
    /// A value written out, of the wanted type.
    pub fn constant(&mut self, ty: &Type, depth: u32) -> Expr {
        let json = |g: &mut Self| data::value(&mut g.rng, ty);
        let made = match ty {
            Type::Boolean => Literal::Bool(self.rng.percent(50)),
            Type::Integer => Literal::Int(json(self).as_i64().unwrap_or(0)),
            Type::Decimal => match self.rng.below(30) {
                0 => Literal::Dec(f64::NAN),
                1 => Literal::Dec(f64::INFINITY),
                _ => Literal::Dec(json(self).as_f64().unwrap_or(0.5)),
            },
            Type::String | Type::Enum(_) => {
                Literal::Str(json(self).as_str().unwrap_or("").to_string())
            }
            Type::Date => Literal::Date(self.rng.below(60_000) as i32 - 20_000),
            Type::DateTime => Literal::DateTime(
                self.instant(),
                *self.rng.pick(&[0, 60, 120, -300, 345, 840, -690]),
            ),
            Type::DateTimeOnly => Literal::Local(self.instant()),
            Type::Time => Literal::Time(
                *self
                    .rng
                    .pick(&[0, 1, 9_000_000, 32_400_000, 43_200_500, 86_399_999]),
            ),
            Type::Duration => Literal::Duration(match self.rng.below(8) {
                0 => i64::MAX,
                1 => i64::MIN,
                _ => *self.rng.pick(&[
                    0,
                    1,
                    -1,
                    500,
                    1000,
                    60_000,
                    3_600_000,
                    86_400_000,
                    -7_200_000,
                    2_592_000_000,
                ]),
            }),
            Type::Period => {
                let pick = |g: &mut Self| {
                    *g.rng
                        .pick(&[0, 1, -1, 2, 7, 12, 13, 30, -40, i32::MAX, i32::MIN])
                };
                Literal::Period(pick(self), pick(self))
            }
            Type::List(item) => {
                let count = self.rng.below(4);
                let items = (0..count).map(|_| self.expr(item, depth.min(2))).collect();
                return make(ExprKind::List(items), ty.clone(), false);
            }
            Type::Record(Record::Inline(fields)) => {
                let mut made = Vec::new();
                for field in fields.iter() {
                    let mut value = self.expr(&field.ty, depth.min(2));
                    if !field.optional && value.opt {
                        value = self.sure(&field.ty);
                    }
                    made.push((field.name.clone(), value));
                }
                return make(ExprKind::Record(made), ty.clone(), false);
            }
            // There is no way to write one; a path, or a choice between paths.
            Type::Map(_) | Type::Any | Type::Record(_) | Type::Nothing | Type::Error => {
                return self
                    .path(ty)
                    .expect("the world has a path to each type that cannot be written");
            }
        };
        literal(made, ty)
    }

    /// A value that is there.
    fn sure(&mut self, ty: &Type) -> Expr {
        self.budget = self.budget.min(0);
        let made = self.constant(ty, 0);
        assert!(!made.opt, "no way to write a present {ty}");
        made
    }

    fn instant(&mut self) -> i64 {
        const AROUND: &[i64] = &[
            0,
            -1,
            1_616_893_199_000,
            1_616_893_200_000,
            1_635_640_200_000,
            1_635_643_800_000,
            1_709_251_199_999,
            253_402_300_799_000,
            -2_208_988_800_000,
            1_772_359_200_000,
            1_615_708_800_000,
        ];
        *self.rng.pick(AROUND) + self.rng.below(7_200_000) as i64 - 3_600_000
    }
}
