//! The queue of virtual time.
//!
//! Comes in: things to do and when. Goes out: the same, the earliest first, at one instant in the order they were put in.
//! What is no longer wanted stays until its turn and is passed over: whoever holds the place says which is in force. Once
//! most of the queue is like that it is swept. Never true here: two things at one place.

use journey_machine::ids::Instant;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Where in time something stands: the instant, and the number of what was put in before.
pub type Place = (Instant, u64);

/// Things to do, by time.
#[derive(Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    next: u64,
    /// How many are no longer wanted.
    stale: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry<T> {
    place: Place,
    what: T,
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place.cmp(&other.place)
    }
}

/// What is looked at for what is due soon: the upper levels of the heap.
const FRONT: usize = 31;

/// Below so many there is no sweeping.
const FEW: usize = 1_024;

impl<T: Copy> Default for Queue<T> {
    fn default() -> Queue<T> {
        Queue::new()
    }
}

impl<T: Copy> Queue<T> {
    /// Nothing to do.
    pub fn new() -> Queue<T> {
        Queue {
            heap: BinaryHeap::new(),
            next: 0,
            stale: 0,
        }
    }

    /// Puts something in, behind all that is due at the same instant.
    pub fn push(&mut self, at: Instant, what: T) -> Place {
        let place = (at, self.next);
        self.next += 1;
        self.heap.push(Reverse(Entry { place, what }));
        place
    }

    /// Takes out the first thing, if it is due at or before `until`. `wanted` says whether one is still in force.
    pub fn pop_until(
        &mut self,
        until: Instant,
        wanted: impl Fn(Place, T) -> bool,
    ) -> Option<(Instant, T)> {
        while let Some(Reverse(first)) = self.heap.peek() {
            if first.place.0 > until {
                return None;
            }
            let Reverse(Entry { place, what }) = self.heap.pop()?;
            if wanted(place, what) {
                return Some((place.0, what));
            }
            self.stale = self.stale.saturating_sub(1);
        }
        None
    }

    /// Some of what is due by `until`, in no order: what the heap has in front.
    pub fn soon(&self, until: Instant) -> impl Iterator<Item = T> {
        let front = self.heap.iter().take(FRONT);
        front.filter_map(move |Reverse(entry)| (entry.place.0 <= until).then_some(entry.what))
    }

    /// Says that one that is in the queue is no longer in force; `wanted` must know so by now.
    pub fn forget(&mut self, wanted: impl Fn(Place, T) -> bool) {
        self.stale += 1;
        if self.stale > FEW && self.stale > self.heap.len() / 2 {
            self.heap
                .retain(|Reverse(entry)| wanted(entry.place, entry.what));
            self.stale = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_comes_in_order_and_what_is_unwanted_does_not() {
        let mut queue = Queue::new();
        for (at, what) in [(5, 'a'), (3, 'b'), (5, 'c'), (9, 'd'), (3, 'e')] {
            queue.push(Instant(at), what);
        }
        let mut seen = Vec::new();
        queue.forget(|_, what| what != 'b');
        while let Some((at, what)) = queue.pop_until(Instant(5), |_, what| what != 'b') {
            seen.push((at.0, what));
        }
        assert_eq!(seen, [(3, 'e'), (5, 'a'), (5, 'c')]);
        assert_eq!(queue.pop_until(Instant(8), |_, _| true), None);
        assert_eq!(
            queue.pop_until(Instant(9), |_, _| true),
            Some((Instant(9), 'd'))
        );
    }

    #[test]
    fn a_timer_set_again_and_again_takes_no_room() {
        let mut queue = Queue::new();
        let mut current = queue.push(Instant(1_000_000), ());
        for n in 0..100_000 {
            let later = queue.push(Instant(2_000_000 + n), ());
            current = later;
            queue.forget(|place, ()| place == current);
        }
        assert!(queue.heap.len() < 3 * FEW, "{}", queue.heap.len());
        let found = queue.pop_until(Instant::FAR, |place, ()| place == current);
        assert_eq!(found, Some((current.0, ())));
    }
}
