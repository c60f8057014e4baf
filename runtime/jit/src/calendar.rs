//! Quotients, and what a calendar says of days: arithmetic without a division.
//!
//! Comes in: numbers of which the bits are few. Goes out: the machine's [`civil`](journey_machine::time::civil) in code. Never true
//! here: a day outside the calendar; whoever asks has seen to it.

use super::emit::Emit;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, Value};
use journey_machine::func::clock::Part;
use journey_machine::time::civil::{AHEAD, DAY_MS, HOUR_MS};

/// Days by which wall clocks are moved, so that none is negative: weeks, and more than 2⁵¹ milliseconds.
const MOVED_DAYS: i64 = 7 * 4_000_000;

/// A wall clock in days and time of day.
#[derive(Clone, Copy)]
pub(crate) struct Wall {
    /// Days, moved by [`MOVED_DAYS`].
    days: Value,
    /// Milliseconds since midnight.
    time: Value,
}

impl Emit<'_, '_> {
    /// A number divided. The product of both must be less than 2⁶⁴.
    fn short_quotient(&mut self, number: Value, by: u64) -> Value {
        let inverse = self.b.ins().iconst(I64, inverse(by) as i64);
        self.b.ins().umulhi(number, inverse)
    }

    /// A wall clock of at most 2⁵¹ milliseconds beside its sign, and some days.
    pub fn wall(&mut self, local: Value) -> Wall {
        let moved = self.b.ins().iconst(I64, MOVED_DAYS * DAY_MS);
        let moved = self.b.ins().iadd(local, moved);
        // 2¹⁰ divides a day.
        let number = self.b.ins().ushr_imm(moved, 10);
        let days = self.short_quotient(number, DAY_MS as u64 >> 10);
        let whole = self.b.ins().imul_imm(days, DAY_MS);
        let time = self.b.ins().isub(moved, whole);
        Wall { days, time }
    }

    /// Midnight of a date of at most 22 bits beside its sign.
    pub fn midnight(&mut self, date: Value) -> Wall {
        let days = self.b.ins().iadd_imm(date, MOVED_DAYS);
        let time = self.b.ins().iconst(I64, 0);
        Wall { days, time }
    }

    /// The date of a wall clock.
    pub fn date(&mut self, wall: Wall) -> Value {
        self.b.ins().iadd_imm(wall.days, -MOVED_DAYS)
    }

    /// A part of a wall clock of the calendar.
    pub fn part_of(&mut self, wall: Wall, part: Part) -> Value {
        match part {
            Part::Time => wall.time,
            Part::Hour => self.short_quotient(wall.time, HOUR_MS as u64),
            Part::Minute => {
                let minutes = self.short_quotient(wall.time, 60_000);
                let hours = self.short_quotient(minutes, 60);
                let whole = self.b.ins().imul_imm(hours, 60);
                self.b.ins().isub(minutes, whole)
            }
            Part::Weekday => {
                // 1970-01-01 was a Thursday.
                let days = self.b.ins().iadd_imm(wall.days, 4);
                let weeks = self.short_quotient(days, 7);
                let whole = self.b.ins().imul_imm(weeks, 7);
                let day = self.b.ins().isub(days, whole);
                self.b.ins().iadd_imm(day, 1)
            }
            Part::Year | Part::Month | Part::Day => self.part_of_date(wall, part),
        }
    }

    /// As the machine's `ymd_from_days` does it.
    fn part_of_date(&mut self, wall: Wall, part: Part) -> Value {
        let quarters = self.b.ins().iadd_imm(wall.days, AHEAD.1 - MOVED_DAYS);
        let quarters = self.b.ins().ishl_imm(quarters, 2);
        let quarters = self.b.ins().iadd_imm(quarters, 3);
        let century = self.short_quotient(quarters, 146_097);
        let whole = self.b.ins().imul_imm(century, 146_097);
        let of_century = self.b.ins().isub(quarters, whole);
        // A quarter of it by four, and three more.
        let of_century = self.b.ins().bor_imm(of_century, 3);
        let by_years = self.b.ins().imul_imm(of_century, 2_939_745);
        let of_year = self.b.ins().band_imm(by_years, 0xFFFF_FFFF);
        let of_year = self.short_quotient(of_year, 4 * 2_939_745);
        let by_months = self.b.ins().imul_imm(of_year, 2141);
        let by_months = self.b.ins().iadd_imm(by_months, 197_913);
        if part == Part::Day {
            let of_month = self.b.ins().band_imm(by_months, 0xFFFF);
            let day = self.short_quotient(of_month, 2141);
            return self.b.ins().iadd_imm(day, 1);
        }
        let early = IntCC::UnsignedGreaterThanOrEqual;
        let early = self.b.ins().icmp_imm(early, of_year, 306);
        let early = self.b.ins().uextend(I64, early);
        if part == Part::Month {
            let month = self.b.ins().ushr_imm(by_months, 16);
            let over = self.b.ins().imul_imm(early, 12);
            return self.b.ins().isub(month, over);
        }
        let year = self.b.ins().ushr_imm(by_years, 32);
        let hundreds = self.b.ins().imul_imm(century, 100);
        let year = self.b.ins().iadd(year, hundreds);
        let year = self.b.ins().iadd(year, early);
        self.b.ins().iadd_imm(year, -i64::from(AHEAD.0))
    }
}

/// ⌈2⁶⁴ / by⌉: the upper half of a product with it is a quotient.
fn inverse(by: u64) -> u64 {
    u64::MAX / by + 1
}

#[cfg(test)]
mod tests {
    use super::{DAY_MS, HOUR_MS, inverse};

    #[test]
    fn a_quotient_is_a_product() {
        let by_product =
            |number: u64, by: u64| ((u128::from(number) * u128::from(inverse(by))) >> 64) as u64;
        for (by, bits) in [
            (DAY_MS as u64 >> 10, 43),
            (HOUR_MS as u64, 27),
            (60_000, 27),
            (60, 11),
            (7, 26),
            (146_097, 27),
            (4 * 2_939_745, 32),
            (2141, 16),
        ] {
            let most = (1u64 << bits) - 1;
            for n in 0..100_000 {
                let number = 0x9E37_79B9_7F4A_7C15u64.wrapping_mul(n) & most;
                let multiple = number / by * by;
                for number in [number, multiple, multiple.saturating_sub(1), n & most, most] {
                    assert_eq!(by_product(number, by), number / by, "{number} / {by}");
                }
            }
        }
    }
}
