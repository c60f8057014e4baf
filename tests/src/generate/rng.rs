//! Numbers from a seed (splitmix64).
//!
//! In: a seed. Out: numbers, picks, identifiers. Never true here: state outside the value.

use std::fmt::Write as _;

/// A stream of numbers that a seed decides.
#[derive(Clone, Debug)]
pub(super) struct Rng(u64);

impl Rng {
    /// The stream of one thing (a person, a day) under a seed, whatever others there are.
    pub fn of(seed: u64, what: &str, index: u64) -> Self {
        let mut state = seed ^ 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(index.wrapping_add(1));
        for byte in what.bytes() {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut rng = Rng(state);
        rng.next();
        rng
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` up to and with `high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high.saturating_sub(low) + 1)
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, share: u64) -> bool {
        self.next() % 100 < share
    }

    /// One of a list, which must not be empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        let index = self.next() % list.len().max(1) as u64;
        list[index as usize]
    }

    /// So many hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            // Writing to a string cannot fail.
            let _ = write!(text, "{:016x}", self.next());
        }
        text.truncate(digits);
        text
    }

    /// An identifier shaped like a UUID of version 4.
    pub fn uuid(&mut self) -> String {
        let hex = self.hex(31);
        format!(
            "{}-{}-4{}-a{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..15],
            &hex[15..18],
            &hex[18..30]
        )
    }

    /// An amount of money between two amounts of whole units, in cents that end as prices do.
    pub fn price(&mut self, low: u64, high: u64) -> f64 {
        let cents = self.between(low, high) * 100 + self.pick(&[0, 50, 90, 95, 99]);
        cents as f64 / 100.0
    }
}
