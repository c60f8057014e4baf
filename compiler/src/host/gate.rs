//! `limit N per D else drop` and `else queue for D`, honoured in virtual time, one gate for each source or action.
//!
//! Comes in: a call at an instant; that one which has not gone out will not. Goes out: when it may start, or that it is dropped. In
//! no window of length D do more than N calls start: the window slides. Who takes which of the starts that lie ahead is no matter
//! here: when one is given back those behind it take the ones before theirs, so the last is free. Programs may say different limits of
//! one call, as two versions of a package do: each call goes by its own over all that start, and none starts before one that came first.
//! Never true here: memory beyond the starts that the longest window may hold; a start that nobody takes; starts that fall.

use journey_artifact::model::Limit;
use journey_machine::ids::Instant;
use std::collections::VecDeque;

/// The starts that still count.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    starts: Starts,
    held: u64,
    /// The longest window of those that were asked for, in milliseconds.
    longest: i64,
    /// What decides about the next call.
    deciding: Cursor,
    /// What is the next to start.
    next: Cursor,
}

/// Instant and how many started then, rising. Starts may lie ahead: they are queued.
type Starts = VecDeque<(Instant, u64)>;

/// The place that was looked at last, and how many starts are in front of it. With each start it moves on by about one, so nothing
/// is searched for.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    place: usize,
    before: u64,
}

impl Cursor {
    /// The start before which there are so many.
    fn find(&mut self, starts: &Starts, skipped: u64) -> Option<Instant> {
        while self.before > skipped {
            self.step_back(starts);
        }
        let Cursor {
            mut place,
            mut before,
        } = *self;
        loop {
            let (at, n) = *starts.get(place)?;
            if skipped < before + n {
                *self = Cursor { place, before };
                return Some(at);
            }
            (place, before) = (place + 1, before + n);
        }
    }

    /// To the place in front, if there is one.
    fn step_back(&mut self, starts: &Starts) {
        self.place = self.place.saturating_sub(1);
        let n = starts.get(self.place).map_or(self.before, |(_, n)| *n);
        self.before = self.before.saturating_sub(n);
    }
}

impl Gate {
    /// When a call that comes at `now` starts; `None`: it is dropped.
    pub fn pass(&mut self, limit: &Limit, now: Instant) -> Option<Instant> {
        let per = i64::try_from(limit.per_ms).unwrap_or(i64::MAX);
        self.longest = self.longest.max(per);
        while let Some((at, n)) = self.starts.front().copied() {
            if at.plus(self.longest) > now {
                break;
            }
            self.starts.pop_front();
            self.held -= n;
            for cursor in [&mut self.deciding, &mut self.next] {
                cursor.place = cursor.place.saturating_sub(1);
                cursor.before = cursor.before.saturating_sub(n);
            }
        }
        let last = self.starts.back().map_or(now, |(at, _)| *at);
        let start = match self.held.checked_sub(limit.count) {
            _ if limit.count == 0 => return None,
            None => now.max(last),
            Some(skipped) => {
                let earlier = self.deciding.find(&self.starts, skipped)?;
                earlier.plus(per).max(now).max(last)
            }
        };
        let waited = u64::try_from(start.0.saturating_sub(now.0)).unwrap_or(u64::MAX);
        if waited > limit.queue_ms.unwrap_or(0) {
            return None;
        }
        match self.starts.back_mut() {
            Some((at, n)) if *at == start => *n += 1,
            _ => self.starts.push_back((start, 1)),
        }
        self.held += 1;
        Some(start)
    }

    /// The first start that one of the last `waiting` calls takes; the others have started.
    pub fn next(&mut self, waiting: u64) -> Option<Instant> {
        let skipped = self.held.checked_sub(waiting).filter(|_| waiting > 0)?;
        self.next.find(&self.starts, skipped)
    }

    /// One of the calls that have not started will not.
    pub fn give_back(&mut self) {
        let Some((_, n)) = self.starts.back_mut() else {
            return;
        };
        self.held -= 1;
        *n -= 1;
        if *n > 0 {
            return;
        }
        self.starts.pop_back();
        for cursor in [&mut self.deciding, &mut self.next] {
            if cursor.place == self.starts.len() {
                cursor.step_back(&self.starts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(limit: Limit, calls: &[i64]) -> Vec<Option<i64>> {
        let mut gate = Gate::default();
        calls
            .iter()
            .map(|at| gate.pass(&limit, Instant(*at)).map(|i| i.0))
            .collect()
    }

    #[test]
    fn capping_drops_and_the_window_slides() {
        let limit = Limit {
            count: 2,
            per_ms: 100,
            queue_ms: None,
        };
        assert_eq!(
            starts(limit, &[0, 10, 20, 100, 105, 110]),
            [Some(0), Some(10), None, Some(100), None, Some(110)]
        );
    }

    /// All starts are looked through, calls leave the queue, and those behind them move up.
    #[test]
    fn it_is_as_if_all_starts_were_looked_through() {
        let mut draw = 7_u64;
        let mut below = |n: u64| {
            draw ^= draw << 13;
            draw ^= draw >> 7;
            draw ^= draw << 17;
            draw % n
        };
        for _ in 0..200 {
            let (count, per_ms) = (1 + below(12), 1 + below(60));
            let queue_ms = [None, Some(below(200))][below(2) as usize];
            let limit = Limit {
                count,
                per_ms,
                queue_ms,
            };
            let per = per_ms as i64;
            let (mut gate, mut all, mut now) = (Gate::default(), Vec::<i64>::new(), 0);
            for _ in 0..300 {
                now += below(8) as i64;
                all.retain(|at| at + per > now);
                let waiting = all.iter().filter(|at| **at > now).count();
                if below(4) == 0 && waiting > 0 {
                    // Whoever it was that left: each one behind takes the first start that the limit lets it have.
                    let (gone, left) = (all.len() - waiting, below(waiting as u64) as usize);
                    let mut moved = all[..gone + left].to_vec();
                    for _ in left + 1..waiting {
                        let earlier = moved.len().checked_sub(count as usize);
                        let earlier = earlier.map_or(now, |at| moved[at] + per);
                        moved.push(earlier.max(now));
                    }
                    gate.give_back();
                    all = moved;
                } else {
                    let earlier = all.len().checked_sub(count as usize).map(|at| all[at]);
                    let start = earlier.map_or(now, |at| (at + per).max(now));
                    let passes = start - now <= queue_ms.unwrap_or(0) as i64;
                    let expected = passes.then_some(Instant(start));
                    all.extend(passes.then_some(start));
                    assert_eq!(gate.pass(&limit, Instant(now)), expected);
                }
                let waiting = all.iter().filter(|at| **at > now).count();
                let next = all.iter().copied().find(|at| *at > now).map(Instant);
                assert_eq!(gate.next(waiting as u64), next);
            }
        }
    }

    #[test]
    fn calls_of_several_limits_start_in_the_order_they_came() {
        let limit = |count, per_ms| Limit {
            count,
            per_ms,
            queue_ms: Some(1000),
        };
        let (old, new) = (limit(1, 100), limit(3, 40));
        let mut gate = Gate::default();
        let mut pass = |limit, at| gate.pass(limit, Instant(at)).map(|start| start.0);
        // The third old one has the hundred milliseconds behind it; those behind it wait for it, and then for their own windows.
        assert_eq!(
            [0, 0, 0].map(|at| pass(&old, at)),
            [Some(0), Some(100), Some(200)]
        );
        assert_eq!(
            [0, 0, 0].map(|at| pass(&new, at)),
            [Some(200), Some(200), Some(240)]
        );
        assert_eq!(pass(&old, 230), Some(340));
        // A short window forgets nothing that a long one counts.
        assert_eq!([pass(&new, 400), pass(&old, 410)], [Some(400), Some(500)]);
    }

    #[test]
    fn throttling_queues_in_order_and_drops_what_would_wait_too_long() {
        let limit = Limit {
            count: 2,
            per_ms: 100,
            queue_ms: Some(150),
        };
        let expected = [Some(0), Some(0), Some(100), Some(100), None, Some(200)];
        assert_eq!(starts(limit, &[0, 0, 0, 0, 0, 60]), expected);
    }
}
