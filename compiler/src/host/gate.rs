//! `limit N per D else drop` and `else queue for D`, honoured in virtual time, one gate for each source or action.
//!
//! Comes in: a call at an instant. Goes out: when it may start, or that it is dropped. In no window of length D do more than N
//! calls start: the window slides. Never true here: memory beyond the N starts that a window may hold.

use journey_artifact::model::Limit;
use journey_machine::ids::Instant;
use std::collections::VecDeque;

/// The starts that still count.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// Instant and how many started then, rising. Starts may lie ahead: they are queued.
    starts: VecDeque<(Instant, u64)>,
    held: u64,
    /// The place that was looked at last, and how many starts are in front of it.
    cursor: (usize, u64),
}

impl Gate {
    /// When a call that comes at `now` starts; `None`: it is dropped.
    pub fn pass(&mut self, limit: &Limit, now: Instant) -> Option<Instant> {
        let per = i64::try_from(limit.per_ms).unwrap_or(i64::MAX);
        while let Some((at, n)) = self.starts.front().copied() {
            if at.plus(per) > now {
                break;
            }
            self.starts.pop_front();
            self.held -= n;
            let (place, before) = self.cursor;
            self.cursor = (place.saturating_sub(1), before.saturating_sub(n));
        }
        let start = match self.nth_last(limit.count) {
            _ if limit.count == 0 => return None,
            None => now,
            Some(earlier) => earlier.plus(per).max(now),
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

    /// The start that is `count` starts ago, if so many are held. With each start it moves on by one, so it is not searched for.
    fn nth_last(&mut self, count: u64) -> Option<Instant> {
        let skipped = self.held.checked_sub(count)?;
        let (mut place, mut before) = self.cursor;
        if before > skipped {
            (place, before) = (0, 0);
        }
        loop {
            let (at, n) = *self.starts.get(place)?;
            if skipped < before + n {
                self.cursor = (place, before);
                return Some(at);
            }
            (place, before) = (place + 1, before + n);
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
            let (mut gate, mut all, mut now) = (Gate::default(), Vec::<i64>::new(), 0);
            for _ in 0..300 {
                now += below(8) as i64;
                let limit = Limit {
                    count,
                    per_ms,
                    queue_ms,
                };
                let per = per_ms as i64;
                all.retain(|at| at + per > now);
                let earlier = all.len().checked_sub(count as usize).map(|at| all[at]);
                let start = earlier.map_or(now, |at| (at + per).max(now));
                let passes = start - now <= queue_ms.unwrap_or(0) as i64;
                let expected = passes.then_some(Instant(start));
                all.extend(passes.then_some(start));
                assert_eq!(gate.pass(&limit, Instant(now)), expected);
            }
        }
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
