//! A document indexed once, and read by any number of plans.
//!
//! Comes in: bytes, then plans. Goes out: records, each as its plan asks. What is no JSON, too large or too deep is refused
//! before a plan is looked at. Never true here: a second pass over the text of a document; an allocation once the reader has
//! met documents of the size and the structure.

use super::prepared::{Node, Prepared, Want};
use super::recipe::Recipe;
use super::recipes::{Of, Recipes};
use super::refusal::Refusal;
use super::reject::{Limits, RejectCode, Rejection};
use super::walk::{Scratch, Stop, Walk, mistake};
use crate::record::Record;
use journey_artifact::model::{Artifact, Plan};
use journey_artifact::word::Region;
use journey_json::{Document, Index};

/// The memory of reading: of use for any plan and any document, one after the other.
#[derive(Debug, Default)]
pub struct Reader {
    index: Index,
    scratch: Scratch,
    recipes: Recipes,
}

/// A document that is JSON, and where everything is in it.
pub struct Indexed<'r> {
    document: Document<'r>,
    limits: &'r Limits,
    scratch: &'r mut Scratch,
    recipes: &'r mut Recipes,
}

/// What an object has under a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Member<'r> {
    /// Nothing.
    None,
    /// One value, as it is written.
    At(&'r str),
    /// It takes a closer look: it is no object, the name comes twice, or some name has escapes.
    Unclear,
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new() -> Reader {
        Reader::default()
    }

    /// How many times a document was read as an earlier one with the same structure and keys, without asking of each key what
    /// it is read for.
    pub fn read_alike(&self) -> u64 {
        self.recipes.followed
    }

    /// Indexes a document.
    ///
    /// # Errors
    /// A rejection of a text that is no JSON, too large or too deep.
    pub fn index<'r>(
        &'r mut self,
        bytes: &'r [u8],
        limits: &'r Limits,
    ) -> Result<Indexed<'r>, Rejection> {
        let Reader {
            index,
            scratch,
            recipes,
        } = self;
        match document(index, bytes, limits) {
            Ok(document) => Ok(Indexed {
                document,
                limits,
                scratch,
                recipes,
            }),
            Err(refusal) => Err(refusal.rejection()),
        }
    }
}

impl Indexed<'_> {
    /// All of its text.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// The member of this name, which needs no escapes, of its root.
    pub fn member(&self, name: &str) -> Member<'_> {
        match self.document.members_named(name) {
            Some([None, _]) => Member::None,
            Some([Some(value), None]) => Member::At(self.document.written(value)),
            Some([Some(_), Some(_)]) => Member::Unclear,
            None => self.find_member(name),
        }
    }

    /// The same, by a look at each.
    fn find_member(&self, name: &str) -> Member<'_> {
        let root = self.document.root();
        if !root.is_object() {
            return Member::Unclear;
        }
        let mut rest = self.document.inside(root);
        let mut found = Member::None;
        while let Some((key, value)) = self.document.next_member(&mut rest) {
            if key.escaped {
                return Member::Unclear;
            }
            if key.len() == name.len() && self.document.raw(key) == name {
                match found {
                    Member::None => found = Member::At(self.document.written(value)),
                    _ => return Member::Unclear,
                }
            }
        }
        found
    }

    /// Reads it into `record`, which then holds nothing else, as a record of `region`.
    ///
    /// # Errors
    /// A rejection, the first in the order of the text; the record is empty then.
    pub fn read_into(
        &mut self,
        plan: &Prepared,
        region: Region,
        record: &mut Record,
    ) -> Result<(), Rejection> {
        record.reset();
        self.walk(plan, region, record).map_err(|refusal| {
            record.reset();
            refusal.rejection()
        })
    }

    fn walk(&mut self, plan: &Prepared, region: Region, record: &mut Record) -> Result<(), Stop> {
        // A refusal leaves what it was in the middle of.
        self.scratch.bits.clear();
        let mut walk = Walk {
            plan,
            document: self.document,
            region,
            limits: self.limits,
            record,
            scratch: &mut *self.scratch,
            copied: None,
        };
        let known = Of::new(&self.document, plan, self.limits);
        if let Some(of) = known
            && let Some(recipe) = self.recipes.get(of)
        {
            if recipe.follow(&mut walk) {
                self.recipes.praise(of);
                return Ok(());
            }
            walk.record.reset();
            walk.copied = None;
        }
        walk.record.words.resize(plan.stride, 0);
        let root = self.document.root();
        if !root.is_null() {
            walk.value(&plan.root, root, 0)?;
            if let Some(of) = known {
                let make = || Recipe::of(plan, &self.document, self.limits);
                self.recipes.offer(of, make);
            }
            return Ok(());
        }
        // A document that is `null` has none of the fields that it must have.
        if let Node {
            want: Want::Object(ix),
            asked,
            ..
        } = &plan.nodes[0]
            && plan.objects[*ix as usize]
                .keys
                .iter()
                .any(|key| key.required)
        {
            return Err(Refusal::new(RejectCode::MissingRequired, *asked, "nothing"));
        }
        Ok(())
    }
}

fn document<'r>(
    index: &'r mut Index,
    bytes: &'r [u8],
    limits: &Limits,
) -> Result<Document<'r>, Stop> {
    if bytes.len() > limits.bytes {
        return Err(Refusal::new(
            RejectCode::TooLarge,
            format!("at most {} bytes", limits.bytes),
            format!("{} bytes", bytes.len()),
        ));
    }
    let document = index.read(bytes, limits.nesting);
    document.map_err(|error| mistake(error, bytes, limits))
}

/// Reads a document into a record of `region` by a plan: for one document. For more, keep a [`Prepared`] and a [`Reader`].
///
/// # Errors
/// A rejection, as [`read_into`].
pub fn read(
    artifact: &Artifact,
    plan: &Plan,
    bytes: &[u8],
    region: Region,
    limits: &Limits,
) -> Result<Record, Rejection> {
    let prepared = Prepared::new(artifact, plan).map_err(|_| {
        Refusal::new(RejectCode::Syntax, "a valid plan", "a corrupt one").rejection()
    })?;
    let mut record = Record::default();
    let reader = &mut Reader::new();
    read_into(reader, &prepared, bytes, region, limits, &mut record)?;
    Ok(record)
}

/// Reads a document into `record`, which then holds nothing else, as a record of `region`.
///
/// # Errors
/// A rejection; the record is empty then. A text that is no JSON, or too deep, is refused as such whatever else is wrong
/// with it; otherwise the first mistake in the order of the text is told.
pub fn read_into(
    reader: &mut Reader,
    plan: &Prepared,
    bytes: &[u8],
    region: Region,
    limits: &Limits,
    record: &mut Record,
) -> Result<(), Rejection> {
    record.reset();
    reader.index(bytes, limits)?.read_into(plan, region, record)
}
