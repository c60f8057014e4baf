//! Instants, wall clocks and dates.
//!
//! As long as the zone does not change from now to where a calendar leads, days are of 24 hours; so most is a few sums. Where that is not
//! so, the machine is asked for this one value and the code goes on. Comes in: calls that need words, the instant and the zone alone.
//! Never true here: a result near the ends of the calendar; that is the machine's.

use super::emit::Emit;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{BlockArg, InstBuilder, MemFlags, Value};
use journey_artifact::code::{Instr, Op};
use journey_artifact::word::period_parts;
use journey_machine::eval::clock::{COST, Reading, reading_for_code};
use journey_machine::eval::view::{Calm, View};
use journey_machine::func::Clock;
use journey_machine::func::clock::Form;
use journey_machine::func::window::{NEAR_MS, PLAIN_BITS, Unit};
use journey_machine::time::DAY_MS;
use std::mem::offset_of;

/// Dates of at most so many bits beside their sign are not near the ends of the calendar.
const PLAIN_DATE_BITS: i64 = 21;

impl Emit<'_, '_> {
    /// A call that needs words, the instant and the zone alone; how many instructions are done then.
    pub fn read_clock(&mut self, at: usize, i: Instr, reading: &Reading) -> usize {
        self.pay(COST, None);
        let second = i.b.wrapping_add(1);
        let word = match reading.what {
            Clock::Within(..) => {
                return 1 + usize::from(self.within_window(at, i, reading));
            }
            Clock::Now => {
                let now = self.plain_now();
                self.b.ins().ishl_imm(now, 12)
            }
            Clock::Millis => self.now(),
            Clock::InMillis => self.instant_of(i.b),
            Clock::Apart => {
                let (a, b) = (self.instant_of(i.b), self.instant_of(second));
                self.b.ins().isub(a, b)
            }
            Clock::Less => {
                let difference = Instr {
                    op: Op::SubI,
                    c: second,
                    ..i
                };
                self.number(at, difference);
                return 1;
            }
            Clock::Exact(sooner) => {
                let start = self.instant_of(i.b);
                let by = self.get(second);
                let there = self.moved(start, by, sooner);
                let plain = self.is_plain(there, PLAIN_BITS);
                self.make_sure(plain);
                let offset = self.get(i.b);
                let offset = self.b.ins().band_imm(offset, 0xFFF);
                let there = self.b.ins().ishl_imm(there, 12);
                self.b.ins().bor(there, offset)
            }
            Clock::WallExact(sooner) => {
                let (start, by) = (self.get(i.b), self.get(second));
                let there = self.moved(start, by, sooner);
                self.plainly_moved(start, there, PLAIN_BITS)
            }
            Clock::Calendar(sooner) => match days(reading.constant, sooner) {
                Some(days) => {
                    let start = self.instant_of(i.b);
                    let there = self.b.ins().iadd_imm(start, days * DAY_MS);
                    let sure = self.is_calm(start, true);
                    let clear = self.is_calm(there, false);
                    let sure = self.b.ins().band(sure, clear);
                    let offset = self.calm(offset_of!(Calm, offset));
                    let there = self.b.ins().ishl_imm(there, 12);
                    let word = self.b.ins().bor(there, offset);
                    self.settled(i, reading, word, sure)
                }
                None => return self.asked(i, reading),
            },
            Clock::WallCalendar(sooner) | Clock::DateCalendar(sooner) => {
                let (unit, bits) = match reading.what {
                    Clock::DateCalendar(_) => (1, PLAIN_DATE_BITS),
                    _ => (DAY_MS, PLAIN_BITS),
                };
                let Some(days) = days(reading.constant, sooner) else {
                    return self.asked(i, reading);
                };
                let start = self.get(i.b);
                let there = self.b.ins().iadd_imm(start, days * unit);
                self.plainly_moved(start, there, bits)
            }
            Clock::OwnWall => self.own_wall(i.b),
            Clock::OwnDate => {
                let local = self.own_wall(i.b);
                let wall = self.wall(local);
                self.date(wall)
            }
            Clock::WallDate => {
                let local = self.get(i.b);
                let plain = self.is_plain(local, PLAIN_BITS);
                self.make_sure(plain);
                let wall = self.wall(local);
                self.date(wall)
            }
            Clock::Of(Form::Instant, part) => {
                let there = self.instant_of(i.b);
                let calm = self.is_calm(there, true);
                let by_now = self.is_now(at, i.b);
                if by_now {
                    self.make_sure(calm);
                }
                let ahead = self.calm(offset_of!(Calm, ahead));
                let local = self.b.ins().iadd(there, ahead);
                let wall = self.wall(local);
                let word = self.part_of(wall, part);
                match by_now {
                    true => word,
                    false => self.settled(i, reading, word, calm),
                }
            }
            Clock::Of(form, part) => {
                let word = self.get(i.b);
                let bits = match form {
                    Form::Date => PLAIN_DATE_BITS,
                    _ => PLAIN_BITS,
                };
                let plain = self.is_plain(word, bits);
                self.make_sure(plain);
                let wall = match form {
                    Form::Date => self.midnight(word),
                    _ => self.wall(word),
                };
                self.part_of(wall, part)
            }
            Clock::YearsBetween | Clock::FromWall | Clock::FromDate => {
                return self.asked(i, reading);
            }
        };
        self.set(i.a, word);
        1
    }

    /// Whether an instant lies between now and an edge; whether the jump on it, which follows, is done too.
    fn within_window(&mut self, at: usize, i: Instr, reading: &Reading) -> bool {
        let (Some(window), Clock::Within(unit, past)) = (reading.window, reading.what) else {
            let word = self.ask_clock(i, reading);
            self.set(i.a, word);
            return false;
        };
        let now = self.plain_now();
        let there = self.instant_of(i.b);
        let (least, most) = match past {
            true => (window.outer.0, window.inner.0),
            false => (window.inner.1, window.outer.1),
        };
        let holds = match unit {
            Unit::Days => {
                let days = least + NEAR_MS;
                let edge = self.b.ins().iadd_imm(now, days);
                // What is likelier is looked at first: of many days instants are seldom near the edge.
                let far_first = days.abs() > 2 * NEAR_MS;
                let likely = self.is_told(there, edge, far_first);
                let [other, told] = [0; 2].map(|_| self.b.create_block());
                self.b.ins().brif(likely, told, &[], other, &[]);
                self.go_on(other);
                let sure = self.is_told(there, edge, !far_first);
                self.make_sure(sure);
                self.b.ins().jump(told, &[]);
                self.go_on(told);
                self.is_between(now, there, days, past)
            }
            Unit::Hours => self.is_between(now, there, least, past),
            Unit::Months | Unit::Years => {
                // Behind the earlier end and not behind the later one is left open; outside of that either is as good as the edge.
                let (first, end) = match past {
                    true => (least, least),
                    false => (least + 1, most),
                };
                let first = self.b.ins().iadd_imm(now, first);
                let behind = self.b.ins().isub(there, first);
                let len = self.b.ins().iconst(I64, most - least);
                let sure = IntCC::UnsignedGreaterThanOrEqual;
                let sure = self.b.ins().icmp(sure, behind, len);
                let holds = self.is_between(now, there, end, past);
                let word = self.b.ins().uextend(I64, holds);
                let word = self.settled(i, reading, word, sure);
                self.set(i.a, word);
                return false;
            }
        };
        if let Some((when, to)) = self.jump_on(at + 1, i.a) {
            let next = self.b.create_block();
            match when {
                true => self.b.ins().brif(holds, to, &[], next, &[]),
                false => self.b.ins().brif(holds, next, &[], to, &[]),
            };
            self.go_on(next);
            return true;
        }
        let word = self.b.ins().uextend(I64, holds);
        self.set(i.a, word);
        false
    }

    /// Whether an instant lies between now and so many milliseconds from there.
    fn is_between(&mut self, now: Value, there: Value, ahead: i64, past: bool) -> Value {
        let (first, len) = match past {
            true => (self.b.ins().iadd_imm(now, ahead), -ahead),
            false => (now, ahead),
        };
        if len < 0 {
            // Its edge is on the other side of now.
            return self.b.ins().icmp(IntCC::NotEqual, now, now);
        }
        let behind = self.b.ins().isub(there, first);
        let len = self.b.ins().iconst(I64, len);
        let most = IntCC::UnsignedLessThanOrEqual;
        self.b.ins().icmp(most, behind, len)
    }

    /// Whether days of 24 hours tell on which side of their edge an instant is: it is not near the edge, or no change is on the way there.
    fn is_told(&mut self, there: Value, edge: Value, far: bool) -> Value {
        if !far {
            return self.is_calm(edge, false);
        }
        let apart = self.b.ins().isub(there, edge);
        let near = self.b.ins().iadd_imm(apart, NEAR_MS);
        let most = self.b.ins().iconst(I64, 2 * NEAR_MS);
        let far = IntCC::UnsignedGreaterThan;
        self.b.ins().icmp(far, near, most)
    }

    /// The instant of a dateTime.
    fn instant_of(&mut self, register: u8) -> Value {
        let word = self.get(register);
        self.b.ins().sshr_imm(word, 12)
    }

    /// The wall clock of a dateTime's own offset.
    fn own_wall(&mut self, register: u8) -> Value {
        let word = self.get(register);
        let offset = self.b.ins().ishl_imm(word, 52);
        let offset = self.b.ins().sshr_imm(offset, 52);
        let ahead = self.b.ins().imul_imm(offset, 60_000);
        let there = self.b.ins().sshr_imm(word, 12);
        self.b.ins().iadd(there, ahead)
    }

    fn moved(&mut self, from: Value, by: Value, sooner: bool) -> Value {
        match sooner {
            true => self.b.ins().isub(from, by),
            false => self.b.ins().iadd(from, by),
        }
    }

    /// Where a wall clock or a date is moved to, if both are of few bits.
    fn plainly_moved(&mut self, from: Value, there: Value, bits: i64) -> Value {
        let (from, to) = (self.is_plain(from, bits), self.is_plain(there, bits));
        let plain = self.b.ins().band(from, to);
        self.make_sure(plain);
        there
    }

    /// Whether a register holds the present instant, which was put there straight before.
    fn is_now(&self, at: usize, register: u8) -> bool {
        let given = at.checked_sub(1).filter(|_| !self.plan.is_target[at]);
        given.is_some_and(|given| {
            let now = self.program.reading(given);
            self.program.code[given].a == register
                && now.is_some_and(|reading| reading.what == Clock::Now)
        })
    }

    /// Whether a number is of at most so many bits beside its sign.
    fn is_plain(&mut self, number: Value, bits: i64) -> Value {
        // Beyond these bits are sign alone.
        let high = self.b.ins().sshr_imm(number, bits);
        let high = self.b.ins().iadd_imm(high, 1);
        let plain = IntCC::UnsignedLessThanOrEqual;
        self.b.ins().icmp_imm(plain, high, 1)
    }

    /// The present instant.
    fn now(&mut self) -> Value {
        self.of_view(View::OFFSET_OF_NOW)
    }

    /// The present instant, if it is not near the ends of the calendar.
    fn plain_now(&mut self) -> Value {
        let now = self.now();
        let plain = self.is_plain(now, PLAIN_BITS);
        self.make_sure(plain);
        now
    }

    /// A field of the view's [`Calm`].
    fn calm(&mut self, field: usize) -> Value {
        self.of_view(View::OFFSET_OF_CALM + field)
    }

    fn of_view(&mut self, offset: usize) -> Value {
        let flags = MemFlags::trusted().with_readonly().with_can_move();
        self.b.ins().load(I64, flags, self.view, offset as i32)
    }

    /// Whether an instant lies in the time around now in which the zone does not change; or in that part of it whose wall clocks are
    /// shown for the first time.
    fn is_calm(&mut self, there: Value, all: bool) -> Value {
        let (from, len) = match all {
            true => (offset_of!(Calm, from), offset_of!(Calm, len)),
            false => (offset_of!(Calm, clear), offset_of!(Calm, clear_len)),
        };
        let (from, len) = (self.calm(from), self.calm(len));
        let behind = self.b.ins().isub(there, from);
        self.b.ins().icmp(IntCC::UnsignedLessThan, behind, len)
    }

    /// A value where it is sure, else what the machine says.
    fn settled(&mut self, i: Instr, reading: &Reading, value: Value, sure: Value) -> Value {
        let [ask, done] = [0; 2].map(|_| self.b.create_block());
        let settled = self.b.append_block_param(done, I64);
        let value = [BlockArg::Value(value)];
        self.b.ins().brif(sure, done, &value, ask, &[]);
        self.go_on(ask);
        let told = [BlockArg::Value(self.ask_clock(i, reading))];
        self.b.ins().jump(done, &told);
        self.go_on(done);
        settled
    }

    fn asked(&mut self, i: Instr, reading: &Reading) -> usize {
        let word = self.ask_clock(i, reading);
        self.set(i.a, word);
        1
    }

    /// What the machine says. The call's address is good for as long as the code is: both belong to the program.
    fn ask_clock(&mut self, i: Instr, reading: &Reading) -> Value {
        let first = self.get(i.b);
        let second = match reading.constant {
            None if i.c == 2 => self.get(i.b.wrapping_add(1)),
            _ => first,
        };
        let address = self.b.ins().iconst(I64, std::ptr::from_ref(reading) as i64);
        let arguments = [self.view, address, first, second];
        let [word, left] = self.call(reading_for_code as *const (), &arguments);
        // The present instant alone may be at fault, and that is not asked for.
        if reading.what.is_optional() {
            let there = self.b.ins().icmp_imm(IntCC::Equal, left, 0);
            let missing = self.target(i);
            self.go_on_if(there, missing);
        }
        word
    }
}

/// The days of a constant calendar duration that has no months, in its direction.
fn days(constant: Option<u64>, sooner: bool) -> Option<i64> {
    match period_parts(constant?) {
        (0, days) if sooner => Some(-i64::from(days)),
        (0, days) => Some(days.into()),
        _ => None,
    }
}
