//! The step graph: journeys, their settings, and the nodes an instance moves through.
//!
//! A node either decides at once (branch, split, assign, update, end) or parks the instance (wait, await, call). Cycles
//! without a parking node exist only in loops with a bound; the machine also counts nodes per advance.
//! Chunks of a journey read the profile row, the journey's variables row, and (where said) an event or response as input row.

use crate::constant::Discriminator;
use crate::ids::{CallId, ChunkId, EventId, SlotIx, StrId};
use crate::word::ShapeId;
use serde::{Deserialize, Serialize};

/// Index of a node in its journey.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct NodeId(pub u32);

/// A journey.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Journey {
    /// Its name.
    pub name: StrId,
    /// Row of its variables.
    pub vars: ShapeId,
    /// IANA zone: a Str chunk over the profile alone.
    pub timezone: Option<ChunkId>,
    /// The zone when `timezone` is absent, missing or unknown to the zone database.
    pub fallback_zone: StrId,
    /// The ways in, in source order.
    pub entries: Vec<Entry>,
    /// When the same person may come again.
    pub reenter: Reenter,
    /// Key beside the profile for parallel instances (Str chunk over the entry event), and how many at most.
    pub instance_per: Option<(ChunkId, u32)>,
    /// No entrance before this instant (milliseconds).
    pub starts: Option<i64>,
    /// No entrance from this instant on (milliseconds).
    pub closes: Option<i64>,
    /// The ways out, in source order.
    pub exits: Vec<Exit>,
    /// The longest stay.
    pub expires: Span,
    /// Steps that run when it expires; `None`: end at once.
    pub on_expiry: Option<NodeId>,
    /// For arbitration; higher first. 0 when not given.
    pub priority: i32,
    /// Where an instance starts.
    pub start: NodeId,
    /// The nodes.
    pub nodes: Vec<Node>,
}

/// A fixed duration: exact milliseconds, or calendar months and days in the journey's zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Span {
    /// Exact.
    Exact(u64),
    /// Calendar.
    Calendar {
        /// Months.
        months: u32,
        /// Days.
        days: u32,
    },
}

impl Journey {
    /// Whether a change of the profile alone may lead somebody out: an exit goes by a condition.
    pub fn exits_by_condition(&self) -> bool {
        let mut exits = self.exits.iter();
        exits.any(|exit| matches!(exit.when, ExitWhen::Condition(_)))
    }
}

/// Re-entrance.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Reenter {
    /// Once in a life.
    Never,
    /// As soon as the last instance has ended.
    Always,
    /// So long after the last entrance (and not while inside).
    After(Span),
}

/// Copies a slot of the input row into a slot of the variables row, presence included.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bind {
    /// Slot of the input row.
    pub from: SlotIx,
    /// Slot of the variables row, of the same type.
    pub to: SlotIx,
}

/// An event that is listened for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Listen {
    /// Which event.
    pub event: EventId,
    /// Bool chunk (input row: the event); absent: any.
    pub condition: Option<ChunkId>,
    /// What of the event is kept.
    pub bind: Vec<Bind>,
}

/// A way in.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The event; its condition sees no variables.
    pub on: Listen,
    /// What the condition implies of the event alone, for the index of entrances. An event that fails one of these does not
    /// knock here.
    pub discriminators: Vec<Discriminator>,
}

/// A way out, checked before every step and on arrival of an event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Exit {
    /// Name for reports: the event's name, or the condition's text.
    pub name: StrId,
    /// What leads out.
    pub when: ExitWhen,
    /// Steps that run on the way out; `None`: end at once.
    pub then: Option<NodeId>,
}

/// What leads out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum ExitWhen {
    /// An event.
    Event(Listen),
    /// A Bool chunk over profile and variables.
    Condition(ChunkId),
}

/// One box of the drawing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Node {
    /// Label, or a stable made-up name (`wait-1`).
    pub name: StrId,
    /// What it does.
    pub kind: NodeKind,
    /// Variables that must survive while an instance is parked here; sorted. Empty for nodes that do not park.
    pub live: Vec<SlotIx>,
}

/// What a node does.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum NodeKind {
    /// Waits until a time, or one of the events.
    Wait {
        /// When it is over. Already past: at once. Missing: at once, with a step event that says so.
        until: When,
        /// `or Event …` arms.
        or: Vec<Arm>,
        /// Then.
        next: NodeId,
    },
    /// Waits for the first of several events.
    Await {
        /// In source order.
        arms: Vec<Arm>,
        /// At the latest.
        within: When,
        /// When none came.
        timeout: NodeId,
    },
    /// The first case whose Bool chunk holds (unknown is no).
    Branch {
        /// In order.
        cases: Vec<Case>,
        /// Otherwise.
        otherwise: NodeId,
    },
    /// A sticky split: hash of person and name, 0..10_000.
    Split {
        /// Salt of the hash and the name in reports.
        name: StrId,
        /// In order; the last bound is 10_000.
        arms: Vec<SplitArm>,
    },
    /// Sets a variable; a missing value clears it.
    Assign {
        /// Slot.
        slot: SlotIx,
        /// Value.
        value: ChunkId,
        /// When there is a value.
        next: NodeId,
        /// When there is none.
        missing: NodeId,
    },
    /// Fetches from a source or sends an action.
    Call {
        /// Which.
        call: CallId,
        /// What fills the arguments row.
        args: Vec<Arg>,
        /// What of the response is kept.
        bind: Vec<Bind>,
        /// Slots to clear when no response came, before an outcome's steps.
        next: NodeId,
        /// Outcomes other than success, first match in order.
        outcomes: Vec<OnOutcome>,
        /// Any other failure; `None`: the instance ends as failed.
        otherwise: Option<NodeId>,
    },
    /// Changes the profile.
    Update {
        /// Dotted path in the profile, its slot in the profile row when the artifact also reads it, and the value.
        fields: Vec<UpdateField>,
        /// Then.
        next: NodeId,
    },
    /// Ends the instance.
    End {
        /// Str chunk.
        label: Option<ChunkId>,
    },
}

/// A field that an update sets. A missing value is not written.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct UpdateField {
    /// Path in the profile, as [`crate::path`] writes one.
    pub path: StrId,
    /// Slot of the profile row that shows the change at once. Without one the parts of the value that are read show it.
    pub slot: Option<SlotIx>,
    /// Slots of the profile row that say of a record around the field, or of the field, that it is there: Bool slots.
    pub there: Vec<SlotIx>,
    /// The value.
    pub value: ChunkId,
}

/// A case of a branch.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Case {
    /// Bool chunk.
    pub condition: ChunkId,
    /// Where to.
    pub next: NodeId,
}

/// An arm of an await.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Arm {
    /// The event.
    pub on: Listen,
    /// Where to.
    pub next: NodeId,
}

/// An arm of a split.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SplitArm {
    /// Its name in reports.
    pub label: StrId,
    /// Taken when the hash is below this and not below the arm before's; out of 10_000.
    pub below: u32,
    /// Where to.
    pub next: NodeId,
}

/// An outcome branch of a call.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct OnOutcome {
    /// Which outcome.
    pub on: OutcomeMatch,
    /// What of the failure's body is kept.
    pub bind: Vec<Bind>,
    /// Int variable that takes the HTTP status (missing when there is none).
    pub status: Option<SlotIx>,
    /// Str variable that takes the kind: `timeout`, `capped`, `http`, `connection`, `response`.
    pub reason: Option<SlotIx>,
    /// Where to.
    pub next: NodeId,
}

/// An argument of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Arg {
    /// Slot of the arguments row.
    pub slot: SlotIx,
    /// Its value.
    pub value: ChunkId,
    /// Without a value nothing is sent: the instance ends as failed.
    pub required: bool,
}

/// Which outcome a branch takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum OutcomeMatch {
    /// Dropped by a limit.
    Capped,
    /// No answer in time.
    Timeout,
    /// This status.
    Http(u16),
    /// Any failure.
    Failed,
}

/// A point in time, computed when the node is reached, in the journey's zone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum When {
    /// After an exact duration: Duration chunk.
    After(ChunkId),
    /// After a calendar duration: Period chunk.
    AfterCalendar(ChunkId),
    /// At an instant: DateTime chunk.
    At(ChunkId),
    /// At a wall clock in the journey's zone: Local chunk.
    AtLocal(ChunkId),
    /// The next time the wall clock shows this: milliseconds since midnight.
    TimeOfDay(u32),
    /// The next such weekday (1 Monday … 7 Sunday) after today, at this time.
    Weekday(u8, u32),
}
