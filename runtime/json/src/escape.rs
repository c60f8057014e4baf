//! Escapes in strings.
//!
//! Comes in: what stands after a backslash, or a string's contents. Goes out: whether it is an escape, or the text that is
//! meant. Never true here: half a surrogate pair as text.

/// The bytes of an escape after its backslash; `None` when it is none. Whether `\uD800` has its other half is not asked.
pub(crate) fn length(after: &[u8]) -> Option<usize> {
    match after.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(1),
        b'u' => four(&after[1..]).map(|_| 5),
        _ => None,
    }
}

/// The number of four hexadecimal digits.
fn four(digits: &[u8]) -> Option<u32> {
    let mut number = 0;
    for digit in digits.get(..4)? {
        number = number << 4 | char::from(*digit).to_digit(16)?;
    }
    Some(number)
}

/// Appends the text that the contents of a string mean. The place of a backslash whose `\u` is half a surrogate pair, in
/// bytes of `raw`, when there is one; part of the text is appended then.
pub(crate) fn unescape(raw: &str, out: &mut String) -> Result<(), usize> {
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let place = raw.len() - rest.len() + at;
        let after = &rest[at + 1..];
        let plain = |c| Some((c, 1));
        let (c, length) = match after.as_bytes().first() {
            Some(b'b') => plain('\u{8}'),
            Some(b'f') => plain('\u{C}'),
            Some(b'n') => plain('\n'),
            Some(b'r') => plain('\r'),
            Some(b't') => plain('\t'),
            Some(b'u') => unicode(after.as_bytes()),
            Some(c @ (b'"' | b'\\' | b'/')) => plain(char::from(*c)),
            _ => None,
        }
        .ok_or(place)?;
        out.push(c);
        rest = &after[length..];
    }
    out.push_str(rest);
    Ok(())
}

/// The character of `uXXXX` or `uXXXX\uXXXX` in front, and its bytes.
fn unicode(after: &[u8]) -> Option<(char, usize)> {
    let first = four(after.get(1..)?)?;
    if !(0xD800..0xE000).contains(&first) {
        return Some((char::from_u32(first)?, 5));
    }
    let second = after.get(5..).filter(|next| next.starts_with(b"\\u"))?;
    let second = four(&second[2..])?;
    if first >= 0xDC00 || !(0xDC00..0xE000).contains(&second) {
        return None;
    }
    let number = 0x10000 + ((first & 0x3FF) << 10 | second & 0x3FF);
    Some((char::from_u32(number)?, 11))
}
