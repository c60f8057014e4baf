//! The tables of an artifact, except the step graph ([`crate::graph`]).
//!
//! Plain data: indices are newtypes, order is the compiler's and is deterministic. An [`Artifact`] may hold any nonsense;
//! only a verified one may be run. Limits stand at the verifier.

use crate::code::Instr;
pub use crate::constant::{Bound, Constant, Discriminator, Set, Test};
use crate::graph::Journey;
pub use crate::ids::{CallId, ChunkId, ConstId, EventId, PlanId, SlotIx, StrId};
pub use crate::strings::Strings;
use crate::word::{ShapeId, WordType};
use serde::{Deserialize, Serialize};

/// A whole compiled package: everything a runtime needs, nothing it must look up elsewhere but secrets.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Artifact {
    /// Package name.
    pub name: String,
    /// Package version.
    pub version: String,
    /// The environment whose values are baked in, if one was named.
    pub environment: Option<String>,
    /// Interned text: names and string constants.
    pub strings: Strings,
    /// Constants that instructions load.
    pub constants: Vec<Constant>,
    /// Sets of constants that instructions look in.
    pub sets: Vec<Set>,
    /// Row layouts.
    pub shapes: Vec<Shape>,
    /// What to pick out of JSON.
    pub plans: Vec<Plan>,
    /// Functions of the machine's table that code calls.
    pub imports: Vec<Import>,
    /// Compiled expressions.
    pub chunks: Vec<Chunk>,
    /// The plan of the profile; `None` when no profile field is read.
    pub profile: Option<PlanId>,
    /// Identity namespaces of the package, the preferred first.
    pub identities: Vec<StrId>,
    /// Event declarations.
    pub events: Vec<EventDecl>,
    /// Sources and actions.
    pub calls: Vec<CallDecl>,
    /// Journeys.
    pub journeys: Vec<Journey>,
    /// Where chunks and nodes come from in the source, and their documentation. Not part of the program hash.
    pub source_map: SourceMap,
}

impl Artifact {
    /// The string with an id; empty where there is none, which is nowhere in a [`Verified`](crate::Verified) one.
    #[inline]
    pub fn text(&self, id: StrId) -> &str {
        self.strings.get(id.0 as usize).unwrap_or_default()
    }
}

/// Name of slot 0 of a map's rows: the key. No field is called so: a [path](crate::path) has a backslash in front of a field's bracket.
pub const KEY_SLOT: &str = "[key]";

/// Name of the Bool slot that says that a record is there, which goes out as `{}` though nothing of it be there: that of its row, or
/// behind a path the one that lies there. No field is called so either.
pub const RECORD_SLOT: &str = "[record]";

/// Last name of the Bool slot that says to whoever asks that something is there, and goes out with nothing. No field is called so either.
pub const THERE_SLOT: &str = "[there]";

/// The layout of a row. Presence words come first: `slots.len().div_ceil(64)`, then one word a slot.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Shape {
    /// The slots, in order. A list of scalars has one slot named "", a map's slot 0 is named [`KEY_SLOT`]; one named
    /// [`RECORD_SLOT`] says that the record itself is there, one whose last name is that or [`THERE_SLOT`], that what lies in front is.
    pub slots: Vec<Slot>,
}

/// One slot of a shape.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Slot {
    /// Path below the row in the source's terms (`commerce.order.priceTotal`), for traces and JSON output.
    pub name: StrId,
    /// Type of the word. A slot that only records presence of an object is `Bool` and always 1.
    pub ty: WordType,
}

impl Shape {
    /// Presence words at the head of a row.
    pub fn presence_words(&self) -> usize {
        self.slots.len().div_ceil(64)
    }

    /// Words of a whole row.
    pub fn stride(&self) -> usize {
        self.presence_words() + self.slots.len()
    }
}

/// A field plan: what is read out of one kind of JSON document, as a trie of keys.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// `$id` of the XDM schema, or the name of the source or action whose response this reads.
    pub schema: StrId,
    /// Shape of the row that the document becomes.
    pub shape: ShapeId,
    /// The root is an object.
    pub root: PlanNode,
}

/// What to do with one JSON value. It nests, so its file form is a flat list (`flat`): hostile bytes cannot recurse.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanNode {
    /// Slot that takes the value (for an object: 1 when it is there).
    pub slot: Option<SlotIx>,
    /// A field that must be there, and not `null`, when its object is. Of a field of an object only: a document, an item of
    /// a list and the value of a map's entry stand under no name.
    pub required: bool,
    /// What it must be.
    pub want: Want,
}

/// What a JSON value must be. JSON `null` means missing, and is accepted where the node is not required.
#[derive(Clone, PartialEq, Debug)]
pub enum Want {
    /// A scalar of this type: JSON boolean; integer; number; string; or an ISO 8601 string for the time types.
    Scalar(WordType),
    /// A string that is one of these.
    Enum(Vec<StrId>),
    /// An object; unknown keys are skipped. Keys are sorted by their text, unique. Slots of the children are in the same row.
    Object(Vec<(StrId, PlanNode)>),
    /// An array whose items become rows of this shape.
    List(ShapeId, Box<PlanNode>),
    /// An object whose entries become rows of this shape, slot 0 the key.
    Map(ShapeId, Box<PlanNode>),
    /// Any JSON value: only its presence is recorded.
    Any,
}

/// A function of the machine's table, by name and exact word types; the machine resolves it when it loads.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Import {
    /// Name in the table.
    pub name: StrId,
    /// Types of the arguments.
    pub params: Vec<WordType>,
    /// Type of the result.
    pub result: WordType,
}

/// One compiled expression.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Chunk {
    /// Shape of the variables row it reads, if it reads one.
    pub vars: Option<ShapeId>,
    /// Shape of the input row it reads, if it reads one.
    pub input: Option<ShapeId>,
    /// Registers used, 3..=256 (0..3 are the rows).
    pub registers: u16,
    /// Type of the result; `Kleene` never: a condition returns `Bool` or nothing.
    pub result: WordType,
    /// Whether it may end with no value.
    pub optional: bool,
    /// The instructions; the last is `Ret`, `RetMissing` or `Jump`.
    pub code: Vec<Instr>,
}

/// An event declaration.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct EventDecl {
    /// Its name.
    pub name: StrId,
    /// How to read it; all events of one schema share a plan.
    pub plan: PlanId,
    /// What `conditions` imply, for the routing index. A document that fails one of these is not asked for the conditions.
    pub discriminators: Vec<Discriminator>,
    /// The `where`, one Bool chunk for each part that its top-level `and` joins (input row: the event), in source order. It
    /// holds when all of them are true; the first that is not ends the question.
    pub conditions: Vec<ChunkId>,
    /// Who it is about: a Str chunk over the event. `None` for a business event.
    pub key: Option<ChunkId>,
    /// The identity namespace of the key.
    pub namespace: Option<StrId>,
    /// What makes two of them the same (Str chunk over the event), and for how long in milliseconds.
    pub dedupe: Option<(ChunkId, u64)>,
}

/// A source (read) or an action (effect) over HTTP. Chunks here have the arguments as their input row, and no variables.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CallDecl {
    /// Its name.
    pub name: StrId,
    /// Whether it is a `source`.
    pub is_source: bool,
    /// Row of the arguments.
    pub args: ShapeId,
    /// HTTP method, upper case.
    pub method: StrId,
    /// Str chunk.
    pub url: ChunkId,
    /// Query parameters in order.
    pub query: Vec<(StrId, Template)>,
    /// Headers in order.
    pub headers: Vec<(StrId, Template)>,
    /// JSON body.
    pub body: Option<Json>,
    /// How the call proves who it is.
    pub auth: Auth,
    /// Milliseconds until an attempt counts as timed out.
    pub timeout_ms: u64,
    /// Retries after the first attempt, first and longest pause in milliseconds.
    pub retry: Retry,
    /// Capping or throttling.
    pub limit: Option<Limit>,
    /// How long a source's answer may be reused, in milliseconds; 0 never.
    pub cache_ms: u64,
    /// Header that carries the idempotency key, if one is declared.
    pub idempotency_header: Option<StrId>,
    /// How to read the response; `None` when nothing of it is read.
    pub response: Option<PlanId>,
    /// How to read a failure's body.
    pub failure: Option<PlanId>,
    /// Channel, category: for caps and reports.
    pub channel: Option<StrId>,
    /// See `channel`.
    pub category: Option<StrId>,
}

/// A value in a request.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum Template {
    /// A chunk of any scalar type; written as text.
    Value(ChunkId),
    /// A secret, by name; the host puts it in.
    Secret(StrId),
}

/// A JSON body. Its file form is flat, as [`PlanNode`]'s.
#[derive(Clone, PartialEq, Debug)]
pub enum Json {
    /// An object.
    Object(Vec<(StrId, Json)>),
    /// An array.
    Array(Vec<Json>),
    /// A computed value: scalar, list or row.
    Value(ChunkId),
}

/// How a call is authenticated.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Auth {
    /// Not at all.
    None,
    /// HTTP basic: user, password.
    Basic(Template, Template),
    /// A header.
    Header(StrId, Template),
    /// A query parameter.
    Query(StrId, Template),
    /// `Authorization: Bearer`.
    Bearer(Template),
    /// Two steps: post for a token, then send it.
    Token(Box<TokenAuth>),
}

/// The two-step kind of authentication.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TokenAuth {
    /// Where to ask.
    pub url: ChunkId,
    /// The fields of the JSON to send; values may be secrets.
    pub body: Vec<(StrId, Template)>,
    /// Path of the token in the answer, as [`crate::path`] writes it.
    pub token_path: StrId,
    /// Path of its lifetime in seconds, if the answer tells.
    pub expires_path: Option<StrId>,
    /// How long it is kept otherwise, in milliseconds.
    pub cache_ms: u64,
    /// Header name, or query parameter, or bearer when `None`.
    pub place: TokenPlace,
}

/// Where a fetched token goes.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub enum TokenPlace {
    /// `Authorization: Bearer`.
    Bearer,
    /// This header.
    Header(StrId),
    /// This query parameter.
    Query(StrId),
}

/// Retries.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Retry {
    /// Attempts after the first.
    pub times: u32,
    /// First pause, milliseconds; doubles each time.
    pub min_ms: u64,
    /// Longest pause, milliseconds.
    pub max_ms: u64,
}

/// `limit count per per_ms else drop` (capping) or `else queue for queue_ms` (throttling).
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Limit {
    /// Calls per window.
    pub count: u64,
    /// Window, milliseconds.
    pub per_ms: u64,
    /// Longest wait in the queue, milliseconds; `None`: drop.
    pub queue_ms: Option<u64>,
}

/// Where things come from. Chunk and node entries are parallel to the tables they describe; may be empty (stripped).
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SourceMap {
    /// Source files, by path inside the package.
    pub files: Vec<String>,
    /// One per chunk.
    pub chunks: Vec<Place>,
    /// Per journey, one per node.
    pub nodes: Vec<Vec<Place>>,
    /// Documentation of journeys, by journey.
    pub docs: Vec<String>,
}

/// A place in the source.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Place {
    /// Index into [`SourceMap::files`].
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// The source text, cut to 200 bytes.
    pub text: String,
}
