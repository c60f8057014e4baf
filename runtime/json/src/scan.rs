//! The pass: text to tokens, sixty-four bytes at a time, and the grammar, sixty-four tokens at a time.
//!
//! Comes in: bytes. Goes out: the place and the first byte of every token, for each opening bracket the number of its
//! close, and which strings have escapes; or that something is wrong. What is wrong and where is told by [`crate::locate`],
//! which reads again, byte by byte: mistakes are rare and need not be fast, and so this pass keeps no account of them.
//! Never true here: a step per byte, or a branch on what a byte of plain text is.
//!
//! A *token* is a string, a literal or number, or one of `{}[],:`. Text is classified into masks, one bit a byte. What
//! lies in strings is the prefix parity of the quotes that no backslash escapes; the first bytes of tokens follow by a few
//! operations on whole masks, and are moved together: there are about a sixth as many as bytes. The grammar is then told
//! on masks again, one bit a token, where whitespace and the length of strings are no more and *the next token* is a shift:
//! * No value directly follows a value; a comma does, and a closing bracket follows a value or its open.
//! * A colon follows a string that follows a comma or an opening bracket. In an object all that follows these must be
//!   such a string with its colon; in an array nothing may be.
//! * Whether a token is in an object or an array changes at brackets only; a loop over the brackets keeps the stack, pairs
//!   them, and notes those behind which it changes: the mask is the prefix parity of these.

use crate::classes::{Bytes, Classes};
use crate::escape;
use crate::scalar;
use crate::shapes::{self, Known, Shapes};
use crate::utf8;

/// What a pass writes. All of it is kept and used again.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    /// Places of the tokens, in order, and the text's length behind the last. Longer than that.
    pub places: Vec<u32>,
    /// Their first bytes.
    pub firsts: Vec<u8>,
    /// How many they are.
    pub count: usize,
    /// By the number of an opening bracket among the tokens: the number of its close.
    pub close: Vec<u32>,
    /// Whether no whitespace stands between tokens or around them.
    pub tight: bool,
    /// The shape of the document, where it is known: it then has the pairs of brackets, and `close` means nothing.
    pub known: Option<Known>,
    pub shapes: Shapes,
    /// The backslashes.
    escaped: Vec<Backslash>,
    /// What each bracket that is open stands in: the number of the bracket before it, of an object's with [`OBJECT`]. The
    /// first stands in nothing.
    stack: Vec<u32>,
}

/// The bit that tells an object's bracket on the stack.
const OBJECT: u32 = 1 << 31;

/// What stands for the first byte of a string that has escapes, when the grammar is done with it. No token starts so.
pub(crate) const ESCAPED: u8 = b'"' | 0x80;

/// The document is refused.
#[derive(Debug)]
pub(crate) struct Stop;

impl Buffers {
    /// Sets up for a text that is one literal, number or string.
    pub fn lone(&mut self, bytes: &[u8], at: usize) {
        self.ready(bytes.len(), 0);
        (self.places[0], self.places[1]) = (at as u32, bytes.len() as u32);
        self.firsts[0] = bytes[at];
        self.count = 1;
        self.tight = false;
        self.known = None;
        if bytes[at] == b'"' && bytes.contains(&b'\\') {
            self.firsts[0] = ESCAPED;
        }
    }

    /// Whether a backslash was seen.
    pub fn has_escapes(&self) -> bool {
        !self.escaped.is_empty()
    }

    /// Room for the worst that so many bytes can hold.
    fn ready(&mut self, bytes: usize, nesting: usize) {
        // A block's tokens are written and read as if it had 64.
        let tokens = bytes.next_multiple_of(64) + 64;
        if self.places.len() < tokens {
            self.places.resize(tokens, 0);
            self.firsts.resize(tokens, 0);
            self.close.resize(tokens, 0);
        }
        let depth = nesting.min(bytes);
        if self.stack.len() < depth {
            self.stack.resize(depth, 0);
        }
    }
}

/// Reads a document whose first byte that is no whitespace is an opening bracket.
#[inline(always)]
pub(crate) fn scan<C: Classes>(
    classes: C,
    bytes: &[u8],
    nesting: usize,
    out: &mut Buffers,
) -> Result<(), Stop> {
    out.ready(bytes.len(), nesting);
    tokens(classes, bytes, out)?;
    shape(classes, bytes, nesting, out)?;
    for backslash in &out.escaped {
        out.firsts[backslash.string(&out.places[..out.count])] = ESCAPED;
    }
    Ok(())
}

/// Finds how the document is built: by a shape that is known, or by the grammar.
#[inline(always)]
fn shape<C: Classes>(
    classes: C,
    bytes: &[u8],
    nesting: usize,
    out: &mut Buffers,
) -> Result<(), Stop> {
    let (firsts, _) = out.firsts.as_chunks();
    let hash = shapes::hash(classes, firsts, out.count);
    let tokens = (firsts, out.places.as_slice());
    let shapes = &mut out.shapes;
    out.known = shapes.find(classes, hash, bytes, nesting, tokens, out.count);
    if out.known.is_none() {
        grammar(classes, bytes, nesting, out)?;
        out.shapes.meet(hash, &out.firsts[..out.count], &out.close);
    }
    Ok(())
}

/// What one block of text hands to the next.
#[derive(Default)]
struct Carry {
    /// All ones inside a string.
    string: u64,
    /// 1 when a literal or number goes on.
    scalar: u64,
    /// Whether whitespace was seen between tokens: any bit.
    loose: u64,
    /// How many tokens were found.
    count: usize,
}

/// The same, of what most blocks lack: by itself, so that the rest can stay in registers though this is handed on.
#[derive(Default)]
struct RareCarry {
    /// 1 when the next byte is escaped.
    escaped: u64,
    /// Below it all is UTF-8.
    text_to: usize,
}

/// Finds the tokens, and refuses what is no string.
#[inline(always)]
fn tokens<C: Classes>(classes: C, bytes: &[u8], out: &mut Buffers) -> Result<(), Stop> {
    let mut found = Found {
        places: &mut out.places,
        firsts: &mut out.firsts,
        escaped: &mut out.escaped,
    };
    found.escaped.clear();
    let (mut carry, mut rare) = (Carry::default(), RareCarry::default());
    let (blocks, rest) = bytes.as_chunks();
    for (number, bytes_of) in blocks.iter().enumerate() {
        let at = number * 64;
        let carries = (&mut carry, &mut rare);
        block(classes, bytes, at, bytes_of, u64::MAX, carries, &mut found)?;
    }
    if !rest.is_empty() {
        let mut padded = [b' '; 64];
        padded[..rest.len()].copy_from_slice(rest);
        let at = bytes.len() - rest.len();
        let within = (1 << rest.len()) - 1;
        let carries = (&mut carry, &mut rare);
        block(classes, bytes, at, &padded, within, carries, &mut found)?;
    }
    if carry.string != 0 {
        return Err(Stop);
    }
    let count = carry.count;
    out.places[count] = bytes.len() as u32;
    out.count = count;
    out.tight = carry.loose == 0;
    Ok(())
}

/// Where a block's tokens go.
struct Found<'a> {
    places: &'a mut [u32],
    firsts: &'a mut [u8],
    escaped: &'a mut Vec<Backslash>,
}

/// A backslash.
#[derive(Debug)]
struct Backslash {
    place: u32,
    /// How many tokens there are before its block.
    tokens: u32,
}

impl Backslash {
    /// The number of the string that it is in.
    fn string(&self, places: &[u32]) -> usize {
        let block = places.get(self.tokens as usize..).unwrap_or_default();
        let before = block.iter().take_while(|token| **token < self.place);
        (self.tokens as usize + before.count()).saturating_sub(1)
    }
}

/// Finds the tokens of the block at `at`, of which the bytes `within` are the text's.
#[inline(always)]
fn block<C: Classes>(
    classes: C,
    text: &[u8],
    at: usize,
    bytes: &Bytes,
    within: u64,
    (carry, rare_carry): (&mut Carry, &mut RareCarry),
    out: &mut Found<'_>,
) -> Result<(), Stop> {
    let loaded = classes.load(bytes);
    let masks = classes.masks(loaded);
    let (mut quote, mut white) = (masks.quote, masks.space);
    if masks.rare || rare_carry.escaped != 0 {
        let found = rare(
            classes,
            text,
            at,
            bytes,
            quote,
            carry.string,
            rare_carry,
            carry.count as u32,
            out.escaped,
        );
        let (quotes, blank) = found.ok_or(Stop)?;
        quote = quotes;
        white |= blank;
    }
    // Bytes of strings but for their closing quotes.
    let string = classes.prefix_xor(quote) ^ carry.string;
    carry.string = (string.cast_signed() >> 63).cast_unsigned();
    let scalar = !(string | quote | masks.separator | white);
    let scalar_start = scalar & !(scalar << 1 | carry.scalar);
    carry.scalar = scalar >> 63;
    carry.loose |= white & !string & within;
    let token = (masks.separator & !string) | (quote & string) | scalar_start;
    let (Some(places), Some(firsts)) = (
        out.places
            .get_mut(carry.count..)
            .and_then(<[u32]>::first_chunk_mut),
        out.firsts
            .get_mut(carry.count..)
            .and_then(<[u8]>::first_chunk_mut),
    ) else {
        return Err(Stop);
    };
    classes.collect(loaded, token, at as u32, places, firsts);
    carry.count += token.count_ones() as usize;
    Ok(())
}

/// What a block with a control, a letter beyond ASCII or a backslash is looked at for besides: its quotes that are not
/// escaped, and its whitespace other than spaces; `None` to refuse it. Notes where backslashes are.
#[inline(never)]
#[allow(clippy::too_many_arguments)]
fn rare<C: Classes>(
    classes: C,
    text: &[u8],
    at: usize,
    bytes: &Bytes,
    quote: u64,
    in_string: u64,
    carry: &mut RareCarry,
    tokens: u32,
    noted: &mut Vec<Backslash>,
) -> Option<(u64, u64)> {
    let rare = classes.rare(bytes);
    let escaped = escaped(rare.backslash, &mut carry.escaped);
    let quote = quote & !escaped;
    let string = classes.prefix_xor(quote) ^ in_string;
    // Outside strings a backslash is refused as part of no literal.
    if rare.control & string != 0 || !escapes(text, at, escaped) {
        return None;
    }
    if rare.high != 0 {
        carry.text_to = utf8::check(text, at, rare.high, carry.text_to)?;
    }
    let mut backslash = rare.backslash;
    while backslash != 0 {
        let place = (at as u32) + backslash.trailing_zeros();
        noted.push(Backslash { place, tokens });
        backslash &= backslash - 1;
    }
    Some((quote, rare.blank))
}

/// Refuses tokens that make no document, and pairs the brackets.
#[inline(always)]
fn grammar<C: Classes>(
    classes: C,
    bytes: &[u8],
    nesting: usize,
    out: &mut Buffers,
) -> Result<(), Stop> {
    let close = out.close.as_mut_slice();
    // As long as brackets may nest, and so its end is the bound.
    let Some(stack) = out.stack.get_mut(..nesting.min(bytes.len())) else {
        return Err(Stop);
    };
    let (places, count) = (out.places.as_slice(), out.count);
    let mut depth = 0;
    // 1 when the next token follows a value; a comma or an opening bracket; an opening bracket; a key.
    let (mut after_value, mut after_start, mut after_open, mut after_key) = (0, 0, 0, 0);
    // The bracket that was opened last and is not closed; below it the stack is what it stands in.
    let mut inside = 0u32;
    let last = (count as u32).wrapping_sub(1);
    for base in (0..count).step_by(64) {
        let Some(block) = out.firsts[base..].first_chunk() else {
            return Err(Stop);
        };
        let kinds = classes.kinds(classes.load(block));
        let within = match count - base {
            left @ 0..64 => (1 << left) - 1,
            _ => u64::MAX,
        };
        let (quote, comma, colon) = (
            kinds.quote & within,
            kinds.comma & within,
            kinds.colon & within,
        );
        let (opens, closes) = (kinds.open & within, kinds.close & within);
        let scalar = within & !(quote | comma | colon | opens | closes);
        let shift = |mask: u64, carry: &mut u64| {
            let shifted = mask << 1 | *carry;
            *carry = mask >> 63;
            shifted
        };
        let value = quote | opens | scalar;
        let follows_value = shift(quote | closes | scalar, &mut after_value);
        let follows_start = shift(comma | opens, &mut after_start);
        let follows_open = shift(opens, &mut after_open);
        let follows_key = shift(quote & follows_start, &mut after_key);
        let mut wrong = (value & follows_value)
            | (comma & !follows_value)
            | (closes & !(follows_value | follows_open))
            | (colon & !follows_key);
        // What no object may hold: a value where a key must be.
        let keyless = (follows_key & !colon) | (follows_start & (opens | scalar));

        // Brackets behind which objects change to arrays, or arrays to objects.
        let (before, mut turns) = (inside >> 31, 0u64);
        let mut brackets = opens | closes;
        while brackets != 0 {
            let bit = brackets.trailing_zeros();
            brackets &= brackets - 1;
            let number = (base as u32) + bit;
            let bracket = number | ((kinds.curly >> bit) as u32) << 31;
            let outside = inside;
            if opens >> bit & 1 != 0 {
                *stack.get_mut(depth).ok_or(Stop)? = outside;
                depth += 1;
                inside = bracket;
            } else {
                // The document's end is the text's.
                if (outside ^ bracket) & OBJECT != 0 || (depth == 1 && number != last) {
                    return Err(Stop);
                }
                *close.get_mut((outside & !OBJECT) as usize).ok_or(Stop)? = number;
                depth = depth.wrapping_sub(1);
                inside = *stack.get(depth).ok_or(Stop)?;
            }
            turns |= u64::from((inside ^ outside) >> 31) << bit;
        }
        let object = (classes.prefix_xor(turns) << 1) ^ 0u64.wrapping_sub(u64::from(before));
        wrong |= (keyless & object) | (colon & !object);
        if wrong != 0 {
            return Err(Stop);
        }

        let mut scalars = scalar;
        while scalars != 0 {
            let number = base + scalars.trailing_zeros() as usize;
            scalars &= scalars - 1;
            // Behind the last token stands the text's length.
            let Some([start, next]) = places.get(number..number + 2) else {
                return Err(Stop);
            };
            if !scalar::is_valid(bytes, *start as usize, *next as usize) {
                return Err(Stop);
            }
        }
    }
    if depth == 0 { Ok(()) } else { Err(Stop) }
}

/// Whether a byte may stand between tokens.
#[inline(always)]
pub(crate) fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The bytes that a backslash stands before which is not itself escaped.
#[inline(always)]
fn escaped(backslash: u64, carry: &mut u64) -> u64 {
    const EVEN: u64 = 0x5555_5555_5555_5555;
    let backslash = backslash & !*carry;
    let follows = backslash << 1 | *carry;
    // Runs that start on an odd place: adding them turns which of their bytes are escaped.
    let odd_starts = backslash & !EVEN & !follows;
    let (turned, over) = odd_starts.overflowing_add(backslash);
    *carry = u64::from(over);
    (EVEN ^ (turned << 1)) & follows
}

/// Whether each of these bytes makes an escape with the backslash before it.
fn escapes(bytes: &[u8], at: usize, mut escaped: u64) -> bool {
    while escaped != 0 {
        let place = at + escaped.trailing_zeros() as usize;
        escaped &= escaped - 1;
        let rest = bytes.get(place..).unwrap_or_default();
        if escape::length(rest).is_none() {
            return false;
        }
    }
    true
}
