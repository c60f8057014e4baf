//! What was used of late, so that it need not be found or made again.
//!
//! Comes in: names and values with their weights. Goes out: values. Whatever was used longest ago goes first and alone, so that what is
//! here of a number of things used after each other depends on these alone. Never true here: more than a fixed weight.

/// Things kept at a time, at most.
const MOST: usize = 64;

/// Values by name.
#[derive(Debug)]
pub(super) struct Recent<T> {
    /// The last used is the last.
    kept: Vec<(Box<str>, u64, T)>,
    weight: u64,
}

impl<T> Default for Recent<T> {
    fn default() -> Recent<T> {
        Recent {
            kept: Vec::new(),
            weight: 0,
        }
    }
}

impl<T> Recent<T> {
    /// What has this name; it is used by that.
    pub fn get(&mut self, name: &str) -> Option<&mut T> {
        let at = self.kept.iter().rposition(|(kept, ..)| **kept == *name)?;
        self.kept[at..].rotate_left(1);
        self.kept.last_mut().map(|(.., value)| value)
    }

    /// Keeps a value that was not here, if all of them together may weigh so much.
    pub fn put(&mut self, name: &str, weight: u64, most: u64, value: T) {
        if weight > most {
            return;
        }
        let mut gone = 0;
        while self.kept.len() - gone >= MOST || self.weight + weight > most {
            self.weight -= self.kept[gone].1;
            gone += 1;
        }
        self.kept.drain(..gone);
        self.weight += weight;
        self.kept.push((name.into(), weight, value));
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, Recent};

    #[test]
    fn the_one_used_longest_ago_goes_first() {
        let mut recent = Recent::default();
        for n in 0..MOST {
            recent.put(&n.to_string(), 1, 1_000, n);
        }
        assert_eq!(recent.get("0"), Some(&mut 0));
        recent.put("new", 1, 1_000, 99);
        assert_eq!(recent.get("1"), None);
        assert_eq!(recent.get("0"), Some(&mut 0));
        assert_eq!(recent.get("2"), Some(&mut 2));
        recent.put("heavy", 998, 1_000, 5);
        let left = (0..MOST).filter(|n| recent.get(&n.to_string()).is_some());
        assert_eq!(left.collect::<Vec<_>>(), [0, 2]);
        recent.put("too heavy", 1_001, 1_000, 6);
        assert!(recent.get("too heavy").is_none() && recent.get("heavy").is_some());
    }
}
