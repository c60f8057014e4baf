//! Structures that came before: documents of one source differ in what they say and seldom in how they are built.
//!
//! Whether tokens make a document, and how its brackets pair, depends on nothing but which kind of token follows which. A
//! structure that was seen twice is kept as a *shape*: the first bytes of its tokens and its pairs of brackets. A later document
//! whose tokens are the same is then as well built, and needs neither the grammar nor the pairing; only its literals
//! and numbers are still looked at one by one.
//!
//! Comes in: the first bytes of a document's tokens. Goes out: its shape, if it is known.
//! Never true here: one structure taken for another (every token is compared); a structure kept when it was seen once;
//! memory that grows with what comes in, beyond [`PLACES`] shapes of [`TOKENS`] tokens.

use crate::classes::{Bytes, Classes};
use crate::scalar;

/// Shapes that are kept.
const PLACES: usize = 128;
/// Tokens of the largest of them: it takes some eleven kilobytes.
const TOKENS: usize = 2048;
/// How many others are turned away from a shape's place behind the last document that had it.
const WORTH: u8 = 4;

/// The shapes of documents that came before.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    places: Vec<Place>,
    /// How many were ever kept.
    count: u64,
}

/// Where the shape of a few structures may stand.
#[derive(Debug, Default)]
struct Place {
    /// Of the structure that came last, or of the shape.
    hash: u64,
    worth: u8,
    shape: Shape,
}

/// A structure.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    /// Its number among all that were ever kept, from 1; 0 for none.
    number: u64,
    tokens: usize,
    /// The first bytes of its tokens, in whole blocks.
    firsts: Vec<Bytes>,
    /// Of each block: literals and numbers, which may begin with other bytes, and what lies behind the last token.
    others: Vec<u64>,
    /// The numbers of its literals and numbers.
    scalars: Vec<u32>,
    /// By the number of an opening bracket: the number of its close.
    close: Vec<u32>,
    /// The numbers of the keys of the object that the document is.
    keys: Vec<u32>,
    /// Brackets that are open at once, at most.
    depth: usize,
}

/// The place of a shape that a document has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known(usize);

/// What a structure is looked up by: the number of its tokens and which of them are strings.
#[inline(always)]
pub(crate) fn hash<C: Classes>(classes: C, firsts: &[Bytes], tokens: usize) -> u64 {
    let mut hash = tokens as u64;
    let mut left = tokens;
    for block in firsts {
        let quote = classes.kinds(classes.load(block)).quote & within(left);
        hash = (hash.rotate_left(25) ^ quote).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        if left <= 64 {
            break;
        }
        left -= 64;
    }
    hash
}

/// The bits of a block's tokens when so many are left.
#[inline(always)]
fn within(left: usize) -> u64 {
    match left {
        0..64 => (1 << left) - 1,
        _ => u64::MAX,
    }
}

fn place_of(hash: u64) -> usize {
    (hash >> 57) as usize % PLACES
}

impl Shapes {
    /// The shape of a document's tokens, if it is known and they are all right.
    #[inline(always)]
    pub fn find<C: Classes>(
        &mut self,
        classes: C,
        hash: u64,
        bytes: &[u8],
        nesting: usize,
        (firsts, places): (&[Bytes], &[u32]),
        tokens: usize,
    ) -> Option<Known> {
        let at = place_of(hash);
        let place = self.places.get_mut(at)?;
        let shape = &place.shape;
        if place.hash != hash
            || shape.tokens != tokens
            || shape.number == 0
            || shape.depth > nesting
        {
            return None;
        }
        let mut unlike = 0;
        for ((known, block), others) in shape.firsts.iter().zip(firsts).zip(&shape.others) {
            unlike |= classes.unlike(classes.load(known), classes.load(block)) & !others;
        }
        if unlike != 0 {
            return None;
        }
        for number in &shape.scalars {
            let number = *number as usize;
            let [start, next] = *places.get(number..)?.first_chunk()?;
            // Whatever else may begin where a literal or number is awaited is none of them.
            if !scalar::is_valid(bytes, start as usize, next as usize) {
                return None;
            }
        }
        place.worth = WORTH;
        Some(Known(at))
    }

    /// A shape that was found.
    #[inline(always)]
    pub fn get(&self, known: Known) -> Option<&Shape> {
        self.places.get(known.0).map(|place| &place.shape)
    }

    /// Hears of the structure of a document whose shape was not known: keeps it when it came before.
    #[inline(never)]
    pub fn meet(&mut self, hash: u64, firsts: &[u8], close: &[u32]) {
        if firsts.len() > TOKENS {
            return;
        }
        if self.places.is_empty() {
            self.places.resize_with(PLACES, Place::default);
        }
        let place = &mut self.places[place_of(hash)];
        let came_before = place.hash == hash && place.shape.number == 0;
        if came_before {
            self.count += 1;
            place.shape.learn(self.count, firsts, close);
            place.worth = WORTH;
        } else if place.worth > 0 {
            place.worth -= 1;
        } else {
            place.hash = hash;
            place.shape.number = 0;
        }
    }
}

impl Shape {
    /// Its number among all that an index ever knew.
    #[inline(always)]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The pairs of its brackets.
    #[inline(always)]
    pub fn close(&self) -> &[u32] {
        &self.close
    }

    /// The numbers of the keys of the object that the document is; none of an array.
    #[inline(always)]
    pub fn keys(&self) -> &[u32] {
        &self.keys
    }

    fn learn(&mut self, number: u64, firsts: &[u8], close: &[u32]) {
        self.number = number;
        self.tokens = firsts.len();
        self.firsts.clear();
        self.others.clear();
        self.scalars.clear();
        self.keys.clear();
        self.close.clear();
        self.close.extend_from_slice(&close[..firsts.len()]);
        let (mut depth, mut deepest) = (0usize, 0);
        for (base, of) in (0..).step_by(64).zip(firsts.chunks(64)) {
            let mut block = [0; 64];
            block[..of.len()].copy_from_slice(of);
            let mut others = !within(of.len());
            for (ix, first) in (0u32..).zip(of) {
                match first {
                    b'{' | b'[' => {
                        depth += 1;
                        deepest = deepest.max(depth);
                    }
                    b'}' | b']' => depth = depth.saturating_sub(1),
                    b'"' => {
                        let follows = firsts.get((base + ix + 1) as usize);
                        if depth == 1 && follows == Some(&b':') {
                            self.keys.push(base + ix);
                        }
                    }
                    b',' | b':' => {}
                    _ => {
                        others |= 1 << ix;
                        self.scalars.push(base + ix);
                    }
                }
            }
            self.firsts.push(block);
            self.others.push(others);
        }
        self.depth = deepest;
    }
}
