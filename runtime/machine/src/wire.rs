//! Bytes of state: variable-length integers, lengths and text, written and read back.
//!
//! Comes in: numbers and text, or bytes from a store, hostile until read. Goes out: bytes, or the values, or a
//! [`Damage`]. Never true here: a panic, a read beyond the input, an allocation larger than the input.

use crate::record::varint;
pub use crate::record::varint::{write_i64 as put_i64, write_u64 as put_u64};

/// Why bytes could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Damage {
    /// The input ends inside a value.
    Short,
    /// A number is cut off, not in its shortest form, or is larger than its field.
    Number,
    /// Text is not UTF-8.
    Text,
    /// A count or length is above its limit.
    Limit,
    /// A tag or flag that means nothing.
    Tag,
    /// Bytes are left over.
    Trailing,
}

/// Appends a length and the bytes.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_u64(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads from the front of a byte slice.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Damage> {
        let (&first, rest) = self.rest.split_first().ok_or(Damage::Short)?;
        self.rest = rest;
        Ok(first)
    }

    /// A number written by [`put_u64`].
    pub fn u64(&mut self) -> Result<u64, Damage> {
        varint::read_u64(&mut self.rest).ok_or(Damage::Number)
    }

    /// A number that must fit 32 bits.
    pub fn u32(&mut self) -> Result<u32, Damage> {
        u32::try_from(self.u64()?).map_err(|_| Damage::Number)
    }

    /// A number written by [`put_i64`].
    pub fn i64(&mut self) -> Result<i64, Damage> {
        varint::read_i64(&mut self.rest).ok_or(Damage::Number)
    }

    /// Eight bytes, little end first.
    pub fn fixed_u64(&mut self) -> Result<u64, Damage> {
        let (head, rest) = self.rest.split_first_chunk::<8>().ok_or(Damage::Short)?;
        self.rest = rest;
        Ok(u64::from_le_bytes(*head))
    }

    /// A count of things that take at least one byte each, at most `most`.
    pub fn count(&mut self, most: usize) -> Result<usize, Damage> {
        let n = usize::try_from(self.u64()?).map_err(|_| Damage::Number)?;
        if n > most {
            return Err(Damage::Limit);
        }
        if n > self.rest.len() {
            return Err(Damage::Short);
        }
        Ok(n)
    }

    /// Bytes written by [`put_bytes`], at most `most`.
    pub fn bytes(&mut self, most: usize) -> Result<&'a [u8], Damage> {
        let n = self.count(most)?;
        let (head, rest) = self.rest.split_at(n);
        self.rest = rest;
        Ok(head)
    }

    /// Text written by [`put_bytes`], at most `most` bytes.
    pub fn text(&mut self, most: usize) -> Result<&'a str, Damage> {
        std::str::from_utf8(self.bytes(most)?).map_err(|_| Damage::Text)
    }

    /// Refuses what is left over.
    pub fn finish(self) -> Result<(), Damage> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(Damage::Trailing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for n in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX,
        ] {
            let mut out = Vec::new();
            put_u64(&mut out, n);
            assert_eq!(Reader::new(&out).u64(), Ok(n));
        }
        for n in [0, -1, 1, -64, 64, i64::MIN, i64::MAX] {
            let mut out = Vec::new();
            put_i64(&mut out, n);
            assert_eq!(Reader::new(&out).i64(), Ok(n));
        }
    }

    #[test]
    fn hostile_bytes_are_refused() {
        assert_eq!(Reader::new(&[0xFF; 11]).u64(), Err(Damage::Number));
        assert_eq!(Reader::new(&[0xFF, 0xFF]).u64(), Err(Damage::Number));
        assert_eq!(
            Reader::new(&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F]).bytes(1 << 20),
            Err(Damage::Limit)
        );
        assert_eq!(Reader::new(&[5, 1]).bytes(9), Err(Damage::Short));
        assert_eq!(Reader::new(&[1, 0xC3]).text(9), Err(Damage::Text));
        assert_eq!(Reader::new(&[1]).finish(), Err(Damage::Trailing));
    }
}
