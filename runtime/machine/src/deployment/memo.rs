//! What was found out about some of many numbers, forgotten at once.
//!
//! Comes in: numbers and values. Goes out: the values again. Its size follows what is put in, not how large numbers are, and
//! to forget costs what was put in. Never true here: an order.

/// A map from numbers that keeps its memory.
#[derive(Debug)]
pub struct Memo<T> {
    /// A number plus one (0: nothing) and its value; a power of two of them, at most half taken.
    cells: Vec<(u32, T)>,
    taken: Vec<u32>,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo {
            cells: Vec::new(),
            taken: Vec::new(),
        }
    }
}

impl<T: Copy + Default> Memo<T> {
    /// The value of a number, if it has one.
    #[inline]
    pub fn get(&self, number: u32) -> Option<T> {
        let mask = self.cells.len().checked_sub(1)?;
        let mut at = spread(number) & mask;
        loop {
            match self.cells[at] {
                (0, _) => return None,
                (known, value) if known == number.wrapping_add(1) => return Some(value),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// Gives a number without a value one. `u32::MAX` is no number.
    pub fn put(&mut self, number: u32, value: T) {
        debug_assert!(number != u32::MAX && self.get(number).is_none());
        if (self.taken.len() + 1) * 2 > self.cells.len() {
            self.grow();
        }
        self.place(number.wrapping_add(1), value);
    }

    fn place(&mut self, known: u32, value: T) {
        let mask = self.cells.len() - 1;
        let mut at = spread(known.wrapping_sub(1)) & mask;
        while self.cells[at].0 != 0 {
            at = (at + 1) & mask;
        }
        self.cells[at] = (known, value);
        self.taken.push(at as u32);
    }

    fn grow(&mut self) {
        let size = (self.cells.len() * 2).max(16);
        let before = std::mem::replace(&mut self.cells, vec![(0, T::default()); size]);
        self.taken.clear();
        for (known, value) in before.into_iter().filter(|(known, _)| *known != 0) {
            self.place(known, value);
        }
    }

    /// Forgets all values.
    pub fn clear(&mut self) {
        for at in &self.taken {
            self.cells[*at as usize] = (0, T::default());
        }
        self.taken.clear();
    }
}

fn spread(number: u32) -> usize {
    (u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_remembers_until_it_forgets() {
        let mut memo = Memo::default();
        let count = if cfg!(miri) { 200 } else { 5_000 };
        for round in 0..3_u32 {
            for n in (0..count).map(|n| n * 17 + round) {
                assert_eq!(memo.get(n), None);
                memo.put(n, n + 1);
            }
            for n in (0..count).map(|n| n * 17 + round) {
                assert_eq!(memo.get(n), Some(n + 1));
                assert_eq!(memo.get(n + 1), None);
            }
            memo.clear();
        }
    }
}
