//! Where everything is in one document: built in one pass, and read by moving through it.
//!
//! Comes in: bytes. Goes out: a [`Document`], or the first mistake. A document is whole, valid RFC 8259 JSON in UTF-8,
//! nested within its limit; who walks it need not check anything again.
//!
//! Never true here: a copy of the text; an allocation once the index has met documents of the size and the structure.

use crate::document::Document;
use crate::error::{Error, Kind};
use crate::locate;
use crate::scan::{Buffers, is_white};
use crate::shapes::Shape;
use crate::simd::{self, Checked, Level};

/// An index to be built again and again, keeping its memory: up to 9 bytes for each of the largest document, and the shapes
/// of 128 documents that came at least twice: mostly 2 to 4 KB each, 13 at most.
#[derive(Debug)]
pub struct Index {
    level: Checked,
    buffers: Buffers,
}

impl Default for Index {
    fn default() -> Index {
        Index::new()
    }
}

impl Index {
    /// An index that reads as fast as this processor can.
    pub fn new() -> Index {
        Index::at(Level::best())
    }

    /// An index that reads at a level, or at the best below it that this processor has. All give the same.
    pub fn at(level: Level) -> Index {
        Index {
            level: Checked::new(level),
            buffers: Buffers::default(),
        }
    }

    /// Reads a document. `nesting` is how deep objects and arrays may stand inside one another.
    ///
    /// # Errors
    /// The text's first mistake, in the order of its bytes.
    pub fn read<'a>(&'a mut self, bytes: &'a [u8], nesting: usize) -> Result<Document<'a>, Error> {
        if bytes.len() >= 1 << 31 {
            return Err(Error {
                kind: Kind::TooLarge,
                at: 0,
            });
        }
        let root = bytes.iter().position(|byte| !is_white(*byte));
        let root = root.unwrap_or(bytes.len());
        let text = match bytes.get(root) {
            Some(b'{' | b'[') => simd::scan(self.level, bytes, nesting, &mut self.buffers),
            // A text of one string, literal or number: nothing to index.
            _ if locate::first(bytes, nesting).is_none() => {
                self.buffers.lone(bytes, root);
                std::str::from_utf8(bytes).ok()
            }
            _ => None,
        };
        let Some(text) = text else {
            // The pass says only that there is a mistake.
            let unknown = Error {
                kind: Kind::Value,
                at: root,
            };
            return Err(locate::first(bytes, nesting).unwrap_or(unknown));
        };
        let buffers = &self.buffers;
        let shape = buffers.known.and_then(|known| buffers.shapes.get(known));
        Ok(Document {
            text,
            places: &buffers.places[..=buffers.count],
            firsts: &buffers.firsts[..buffers.count],
            close: shape.map_or(&buffers.close, Shape::close),
            shape,
            tight: buffers.tight,
            escapes: buffers.has_escapes(),
        })
    }
}
