//! Quotients by a constant as products.
//!
//! Comes in: a divisor. Goes out: the factor and the shift that give the quotient of any integer, as in "Division by invariant integers
//! using multiplication" (Granlund and Montgomery). Never true here: a divisor below 2.

/// How to divide by a constant: the upper half of a product, shifted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Divisor {
    pub by: i64,
    /// It stands for one that is larger by 2⁶⁴: the number is added once more.
    pub factor: i64,
    pub shift: i64,
}

impl Divisor {
    /// For this divisor; `None` below 2.
    pub fn new(by: i64) -> Option<Divisor> {
        let positive = u128::try_from(by).ok().filter(|by| *by >= 2)?;
        // The least shift for which the rounded factor is near enough: 2^(63 + bits) over the divisor, rounded up.
        let bits = 64 - (by - 1).leading_zeros();
        let factor = ((1u128 << (63 + bits)) / positive + 1) as u64;
        Some(Divisor {
            by,
            factor: factor as i64,
            shift: i64::from(bits) - 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Divisor;

    fn quotient(of: i64, by: Divisor) -> i64 {
        let high = ((i128::from(of) * i128::from(by.factor)) >> 64) as i64;
        (high.wrapping_add(of) >> by.shift) + i64::from(of < 0)
    }

    #[test]
    fn a_product_is_a_quotient() {
        let mut by = vec![
            2, 3, 4, 5, 6, 7, 9, 10, 50, 100, 1_000, 3_600_000, 86_400_000,
        ];
        by.extend((1..63).flat_map(|n| [(1i64 << n) - 1, 1 << n, (1 << n) + 1]));
        by.extend([i64::MAX, i64::MAX - 1]);
        let mut random = 7u64;
        for by in by {
            let Some(divisor) = Divisor::new(by) else {
                assert!(by < 2, "{by}");
                continue;
            };
            let mut of = vec![0, 1, -1, i64::MAX, i64::MIN, i64::MIN + 1];
            for n in [1, 2, 3, 1_000, i64::MAX / by] {
                let whole = by.wrapping_mul(n);
                let beside = [-1, 0, 1].map(|n| whole.wrapping_add(n));
                of.extend(beside.into_iter().flat_map(|n| [n, n.wrapping_neg()]));
            }
            for _ in 0..200 {
                random = random.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(11);
                of.push(random as i64 >> (random % 60));
            }
            for of in of {
                assert_eq!(quotient(of, divisor), of / by, "{of} / {by}");
            }
        }
        for by in [1, 0, -1, -10, i64::MIN] {
            assert!(Divisor::new(by).is_none());
        }
    }
}
