//! The hand-written peer: both documents as typed structs, and the twelve conditions over them.
//!
//! Comes in: a serde deserializer. Goes out: the union of the fields that the twelve conditions read, which is what a compiler
//! that knows the schema would project. Unknown members are skipped by the parser. Never true here: a copied text where the
//! input has no escapes in it.
//!
//! | module | is |
//! |---|---|
//! | [`event`], [`profile`] | the documents |
//! | [`conditions`] | the twelve conditions |

pub mod conditions;
pub mod event;
pub mod profile;

pub use event::Event;
pub use profile::Profile;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

/// A text that borrows from the input when it has no escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowing;

        impl<'de> Visitor<'de> for Borrowing {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Borrowing)
    }
}
