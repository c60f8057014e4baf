//! Elements of lists that functions hold beside the lists, and memory for them.
//!
//! Never true here: memory that is asked for once that is warm, beyond what is kept.

/// Room for so many elements is kept: for the longest list that is read.
const MOST_ITEMS: usize = 16_384;

/// Elements of a list, each with its place.
pub type Items = Vec<(u64, u64)>;

/// Memory for elements that nobody uses.
#[derive(Debug, Default)]
pub struct Spare(Vec<Items>);

impl Spare {
    /// Room for elements, empty.
    #[inline]
    pub fn take(&mut self) -> Items {
        let mut items = self.0.pop().unwrap_or_default();
        items.clear();
        items
    }

    /// It is not needed any more.
    #[inline]
    pub fn put(&mut self, items: Items) {
        if items.capacity() <= MOST_ITEMS {
            self.0.push(items);
        }
    }
}
