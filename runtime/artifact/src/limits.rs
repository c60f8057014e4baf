//! How large anything in an artifact may be. The reader and the verifier refuse what exceeds these; the compiler stops before.
//!
//! Numbers only. Why so: indices in instructions are 16 bits, registers 8; nesting is bounded so that no walk over a
//! verified artifact can exhaust a 2 MB stack; byte limits bound what hostile bytes can make a reader allocate (a table's
//! value takes at most some thirty times its bytes).

/// Bytes of a whole artifact.
pub const ARTIFACT_BYTES: usize = 64 << 20;
/// Bytes of each of the large sections: strings, code, source map.
pub const LARGE_SECTION_BYTES: usize = 32 << 20;
/// Bytes of any other section.
pub const SECTION_BYTES: usize = 8 << 20;
/// Strings of an artifact.
pub const STRINGS: usize = 1 << 20;
/// Bytes of one string.
pub const STRING_BYTES: usize = 1 << 20;
/// Constants, sets of them, shapes, imports: what an instruction names in 16 bits.
pub const NAMED_IN_CODE: usize = 1 << 16;
/// Constants of one set.
pub const SET_VALUES: usize = 1 << 16;
/// Constants of all sets: for each of them a machine has a few places to look at.
pub const ALL_SET_VALUES: usize = 1 << 20;
/// Slots of a shape.
pub const SLOTS: usize = 1024;
/// How deep shapes may contain shapes.
pub const SHAPE_DEPTH: usize = 64;
/// Field plans.
pub const PLANS: usize = 4096;
/// Nodes of one field plan.
pub const PLAN_NODES: usize = 1 << 16;
/// How deep a field plan or a JSON body may nest.
pub const NESTING: usize = 64;
/// Parameters of an import.
pub const PARAMS: usize = 64;
/// Chunks.
pub const CHUNKS: usize = 1 << 20;
/// Instructions of a chunk: every one can be a jump's target.
pub const CHUNK_INSTRUCTIONS: usize = 65_535;
/// Registers of a chunk, at most.
pub const REGISTERS: usize = 256;
/// Jump targets × registers of a chunk: what the verifier keeps at once.
pub const FLOW_CELLS: usize = 1 << 21;
/// How often the verifier goes over a chunk until its register types stand still; nesting loops three deep takes four.
pub const FLOW_PASSES: usize = 16;
/// Events, and calls.
pub const DECLARATIONS: usize = 1 << 16;
/// Identity namespaces.
pub const IDENTITIES: usize = 64;
/// Discriminators of one event or entrance.
pub const DISCRIMINATORS: usize = 16;
/// Values that one discriminator allows.
pub const DISCRIMINATOR_VALUES: usize = 256;
/// Parts of the `where` of one event.
pub const CONDITIONS: usize = 1024;
/// Journeys.
pub const JOURNEYS: usize = 1 << 16;
/// Nodes of a journey.
pub const NODES: usize = 1 << 16;
/// Instances of one person in one journey (`instance per … at most`).
pub const INSTANCES: u32 = 1 << 16;
/// Retries of a call after the first attempt.
pub const RETRIES: u32 = 1000;
/// Milliseconds of any duration, and distance of any instant from 1970: sums of a few stay far from overflow.
pub const MILLISECONDS: u64 = 1 << 51;
/// Months or days of a calendar duration.
pub const CALENDAR: u32 = 1_000_000;
/// Milliseconds of a day.
pub const DAY_MS: u32 = 86_400_000;
/// Parts of a split: the last arm's bound.
pub const SPLIT_PARTS: u32 = 10_000;
/// Bytes of source text kept with a place.
pub const PLACE_TEXT_BYTES: usize = 256;
