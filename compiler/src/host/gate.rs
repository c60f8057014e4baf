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

    /// The start that is `count` starts ago, if so many are held.
    fn nth_last(&self, count: u64) -> Option<Instant> {
        if self.held < count {
            return None;
        }
        let mut seen = 0;
        self.starts.iter().rev().find_map(|(at, n)| {
            seen += n;
            (seen >= count).then_some(*at)
        })
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
