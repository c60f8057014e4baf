//! Variable-length integers: seven bits a byte, low bits first; signed ones zig-zag.
//!
//! Never true here: two encodings of one number accepted; a reader refuses a form longer than needed.

/// Appends an unsigned number, 1 to 10 bytes.
pub fn write_u64(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends a signed number; small magnitudes are short.
pub fn write_i64(out: &mut Vec<u8>, n: i64) {
    write_u64(out, ((n << 1) ^ (n >> 63)) as u64);
}

/// Takes an unsigned number off the front; `None` when cut short, too big, or not in its shortest form.
pub fn read_u64(bytes: &mut &[u8]) -> Option<u64> {
    let mut n = 0u64;
    for ix in 0..10 {
        let byte = take_byte(bytes)?;
        let low = u64::from(byte & 0x7F);
        if (ix == 9 && low > 1) || (ix > 0 && byte == 0) {
            return None;
        }
        n |= low << (7 * ix);
        if byte < 0x80 {
            return Some(n);
        }
    }
    None
}

/// Takes a signed number off the front.
pub fn read_i64(bytes: &mut &[u8]) -> Option<i64> {
    let n = read_u64(bytes)?;
    Some((n >> 1) as i64 ^ -((n & 1) as i64))
}

/// Takes one byte off the front.
pub fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

/// Takes `len` bytes off the front.
pub fn take_bytes<'a>(bytes: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    if len > bytes.len() {
        return None;
    }
    let (head, rest) = bytes.split_at(len);
    *bytes = rest;
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_refuses_long_forms() {
        for n in [
            0,
            1,
            -1,
            63,
            64,
            -64,
            -65,
            i64::MAX,
            i64::MIN,
            1_772_000_000_000,
        ] {
            let mut out = Vec::new();
            write_i64(&mut out, n);
            let mut rest = out.as_slice();
            assert_eq!(read_i64(&mut rest), Some(n));
            assert!(rest.is_empty());
        }
        assert_eq!(read_u64(&mut [0x80, 0x00].as_slice()), None);
        assert_eq!(read_u64(&mut [0x80].as_slice()), None);
        assert_eq!(read_u64(&mut [0xFF; 10].as_slice()), None);
        assert_eq!(read_u64(&mut [0x81, 0x01].as_slice()), Some(129));
    }
}
