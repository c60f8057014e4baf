//! The journey language as a host uses it: conditions through the compiler's library, documents by their field plans.
//!
//! Comes in: conditions over an event's and a profile's schema. Goes out: programs, and documents that they run on. Never true here: a way to
//! compile or read that a host does not have; this is the public interface of the crates.
//!
//! | module | is |
//! |---|---|
//! | [`schemas`] | the event's and the profile's schema, loaded once |
//! | [`condition`] | source text to a verified program |
//! | [`documents`] | bytes to records by the field plans of a program |

pub mod condition;
pub mod documents;
pub mod schemas;
