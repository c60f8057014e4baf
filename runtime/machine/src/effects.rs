//! What an `advance` asks of its host and tells it: calls, step events, profile updates, refusals, the next timer.
//!
//! Comes in: nothing; this is plain data. Goes out: the same values for the same inputs, on every host.
//! Never true here: the text of a secret, an action already taken.

use crate::ids::{CallKey, InstanceId, Instant, JourneyRef, digest};
use crate::value::Value;
use journey_artifact::model::Limit;

/// Everything that follows from one input.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Effects {
    /// Calls to make, in order. Each must be answered with a call result of its key.
    pub calls: Vec<CallRequest>,
    /// Attempts without an outcome so far that nobody waits for any more, for their instance has left or failed, or for the host was silent
    /// so long that they count as timed out. Each was among the `calls` of an earlier `advance`, or is among these. One that has not gone out (its limit holds it back) is not to be made; an answer to one
    /// that has is ignored.
    pub withdrawn: Vec<CallKey>,
    /// Moves between steps, in order.
    pub steps: Vec<StepEvent>,
    /// Changes of the profile, in order; already visible to the steps after them, and conditions that lead out were looked at again.
    /// The host has them in the profile that it gives with the next input, [`Cause::Continue`](crate::advance::Cause::Continue)
    /// included. Changes may add up to a profile that is too large to be read, and then all of it is missing: a host reads it before
    /// it keeps them, and one that a program then refuses, and did not before, it keeps as it was, and tells
    /// ([`ProfileRecord::scan`](crate::deployment::ProfileRecord::scan),
    /// [`ProfileRecord::scan_after`](crate::deployment::ProfileRecord::scan_after)). One that is too large beside what a program
    /// reads is among them, to be told, and not visible to that program.
    pub profile_updates: Vec<ProfileUpdate>,
    /// Decisions after which nobody moved, in order, when tracing is on.
    pub passed: Vec<Passed>,
    /// Entrances refused and events passed over, with the reason.
    pub refusals: Vec<Refusal>,
    /// When to call again with `Cause::Timer`, over all instances of the deployment's programs.
    pub next_due: Option<Instant>,
    /// The budget was used up: call again at once with `Cause::Continue`, before anything else happens to the person. Whoever is still
    /// running has not come to its next wait, and hears nothing that is waited for there.
    pub more: bool,
}

impl Effects {
    /// Forgets everything, keeps the memory.
    pub fn clear(&mut self) {
        let Effects {
            calls,
            withdrawn,
            steps,
            profile_updates,
            passed,
            refusals,
            next_due,
            more,
        } = self;
        calls.clear();
        withdrawn.clear();
        steps.clear();
        profile_updates.clear();
        passed.clear();
        refusals.clear();
        (*next_due, *more) = (None, false);
    }
}

/// Text of a request that the host completes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Text {
    /// As it is.
    Plain(String),
    /// The value of the secret of this name.
    Secret(String),
}

/// A field of the JSON that is posted for a token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Field {
    /// Its value's JSON.
    Json(String),
    /// A string: the value of the secret of this name.
    Secret(String),
}

/// How a request proves who it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AuthRequest {
    /// Not at all.
    None,
    /// HTTP basic.
    Basic {
        /// User.
        user: Text,
        /// Password.
        password: Text,
    },
    /// A header.
    Header(String, Text),
    /// A query parameter.
    Query(String, Text),
    /// `Authorization: Bearer`.
    Bearer(Text),
    /// Two steps: post for a token, then send it.
    Token {
        /// Where to ask.
        url: String,
        /// Fields of the JSON to post.
        body: Vec<(String, Field)>,
        /// Path of the token in the answer, as [`journey_artifact::path`] writes it.
        token_path: String,
        /// Path of its lifetime in seconds, likewise.
        expires_path: Option<String>,
        /// How long it is kept when the answer does not say, in milliseconds.
        cache_ms: u64,
        /// Where it goes.
        place: TokenGoes,
    },
}

/// Where a fetched token goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TokenGoes {
    /// `Authorization: Bearer`.
    Bearer,
    /// This header.
    Header(String),
    /// This query parameter.
    Query(String),
}

/// One attempt of a call to make.
#[derive(Clone, PartialEq, Debug)]
pub struct CallRequest {
    /// Its id; `key.idempotency_key()` is the same over all attempts.
    pub key: CallKey,
    /// Who asks.
    pub instance: InstanceId,
    /// In which journey.
    pub journey: JourneyRef,
    /// At which node.
    pub node: u32,
    /// Name of the source or action.
    pub name: String,
    /// Whether it is a source (a read).
    pub is_source: bool,
    /// The arguments, by name.
    pub args: Value,
    /// HTTP method, upper case.
    pub method: String,
    /// URL, without the query parameters below. Data in it is escaped; it is to be sent as it stands, and a `%2E` in it is no way.
    pub url: String,
    /// Query parameters in order, not yet escaped.
    pub query: Vec<(String, Text)>,
    /// Headers in order.
    pub headers: Vec<(String, Text)>,
    /// JSON body.
    pub body: Option<Vec<u8>>,
    /// Authentication.
    pub auth: AuthRequest,
    /// Milliseconds until the attempt counts as timed out.
    pub timeout_ms: u64,
    /// Capping or throttling, to be shared over all that call the same. An attempt that never goes out counts as none.
    pub limit: Option<Limit>,
    /// How long an answer may be reused, in milliseconds; 0 never. Only one that was taken as good: the effects of its result have a step
    /// by [`Code::Success`].
    pub cache_ms: u64,
    /// Header that carries the idempotency key.
    pub idempotency_header: Option<String>,
    /// Channel of an action.
    pub channel: Option<String>,
    /// Category of an action.
    pub category: Option<String>,
}

/// A field of the profile to set.
#[derive(Clone, PartialEq, Debug)]
pub struct ProfileUpdate {
    /// Which instance did it.
    pub instance: InstanceId,
    /// Where in the profile: a path as [`journey_artifact::path`] writes one.
    pub path: String,
    /// What to set it to.
    pub value: Value,
}

/// Why somebody did not enter, or an event did nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// Into which journey; `None` when the event was passed over before any journey saw it.
    pub journey: Option<JourneyRef>,
    /// Name of the event.
    pub event: String,
    /// Why.
    pub code: RefusalCode,
    /// When.
    pub at: Instant,
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$item_doc])* $item,)* }

        impl $name {
            /// The word that reports use.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$item => $text,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// Why an entrance was refused or an event passed over.
    RefusalCode {
        /// An instance with the same key is inside.
        AlreadyInside = "alreadyInside",
        /// The re-entrance rule forbids it (now, or for ever).
        Reentrance = "reentrance",
        /// The journey closed.
        Closed = "closed",
        /// The journey has not started yet.
        NotStarted = "notStarted",
        /// There is no key: neither a person's nor, where the journey asks for one, an instance's.
        NoIdentity = "noIdentity",
        /// The person is in too many instances, of this journey or in all.
        TooManyInstances = "tooManyInstances",
        /// Re-entrance still remembers as many instance keys of the person as it may.
        TooManyKeys = "tooManyKeys",
        /// The same event came within its window.
        Duplicate = "duplicate",
        /// The condition could not be evaluated within bounds.
        Fault = "fault",
    }
}

vocabulary! {
    /// What a step event says: the one closed vocabulary.
    Status {
        /// The person entered; the node is the first.
        Entered = "entered",
        /// The node is done; the next one follows.
        Transition = "transitions",
        /// The node waits for a time or an event.
        Waiting = "waiting",
        /// The node waits for the outcome of a call.
        Calling = "calling",
        /// An attempt failed; another follows after a pause.
        Retrying = "retrying",
        /// The instance is over: it came to an end.
        Ended = "ended",
        /// The instance is over: an exit rule led out.
        Exited = "exited",
        /// The instance is over: it reached its longest stay.
        Expired = "expired",
        /// The instance is over: something went wrong that it does not handle.
        Failed = "failed",
        /// The instance is over: an operator stopped it.
        Stopped = "stopped",
    }
}

impl Status {
    /// Whether the instance is over.
    pub fn is_end(self) -> bool {
        matches!(
            self,
            Status::Ended | Status::Exited | Status::Expired | Status::Failed | Status::Stopped
        )
    }
}

vocabulary! {
    /// How a node came to its status.
    Code {
        /// Nothing more to say.
        Plain = "",
        /// By an event; the label is its name.
        Event = "event",
        /// By an event, and not for the first time; the label is its name.
        Again = "again",
        /// By the time it waited for.
        Time = "time",
        /// The time to wait for was already past.
        Past = "past",
        /// There was no time to wait for: the expression had no value.
        NoTime = "noTime",
        /// A case of a branch; the label is its number, from 1.
        Case = "case",
        /// No case of a branch.
        Otherwise = "otherwise",
        /// An arm of a split; the label is its name.
        Arm = "arm",
        /// A variable has its value.
        Set = "set",
        /// A variable has no value.
        Missing = "missing",
        /// A call succeeded; the label is the status.
        Success = "success",
        /// A call failed with an HTTP status; the label is it.
        Http = "http",
        /// A call had no answer in time.
        Timeout = "timeout",
        /// A call was dropped by a limit.
        Capped = "capped",
        /// A call found no connection.
        Connection = "connection",
        /// A call's response was not of its declared type.
        Response = "response",
        /// An exit rule whose steps run now; the label is its name.
        Exit = "exit",
        /// The longest stay is over and its steps run now.
        Expiry = "expiry",
        /// An expression could not be evaluated within bounds; the label says which bound.
        Fault = "fault",
        /// Too many nodes without waiting for anything.
        Runaway = "runaway",
        /// A call was not made: an argument that it must have has no value, and the label is its name; or data leaves no way to its
        /// address, and the label is `address`.
        MissingValue = "missingValue",
        /// The variables to keep are too large.
        TooLarge = "tooLarge",
        /// The kept state does not fit its program.
        Corrupt = "corrupt",
    }
}

/// One move of one instance.
#[derive(Clone, PartialEq, Debug)]
pub struct StepEvent {
    /// Which stay.
    pub instance: InstanceId,
    /// In which journey.
    pub journey: JourneyRef,
    /// Index of the node.
    pub node: u32,
    /// Index of the node before, when the instance came from one.
    pub parent: Option<u32>,
    /// Nodes that the stay had visited by then, this one included.
    pub visit: u32,
    /// Of a call that goes out or will be repeated: which attempt, from 1; else 0.
    pub attempt: u32,
    /// What happened.
    pub status: Status,
    /// How.
    pub code: Code,
    /// Detail, as the code says; of [`Status::Ended`] the label, of [`Status::Exited`] the rule.
    pub label: Option<String>,
    /// When, on the host's clock.
    pub at: Instant,
    /// The decisions that led here, when tracing is on.
    pub trace: Vec<Decision>,
}

impl StepEvent {
    /// Deterministic: the same move has the same id on every host and at every repetition. It follows from the other fields, so
    /// it is computed when somebody asks.
    pub fn id(&self) -> u128 {
        let instance = self.instance.0.to_be_bytes();
        if self.code == Code::Corrupt {
            return digest("corrupt", &[&instance]);
        }
        let place = (u64::from(self.visit) << 32) | u64::from(self.attempt);
        let status = self.status.as_str().as_bytes();
        digest("step", &[&instance, &place.to_be_bytes(), status])
    }
}

/// Decisions after which somebody stayed outside, or where they were.
#[derive(Clone, PartialEq, Debug)]
pub struct Passed {
    /// How many of the step events happened before.
    pub after: usize,
    /// Whose journey's they are.
    pub journey: JourneyRef,
    /// The node where the instance stays; `None`: outside.
    pub node: Option<u32>,
    /// When, on the host's clock.
    pub at: Instant,
    /// The decisions.
    pub trace: Vec<Decision>,
}

/// Why a decision fell as it did.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// Line in the source, from 1; 0 when the artifact was stripped.
    pub line: u32,
    /// Source text of the expression.
    pub text: String,
    /// Whether it is a condition, and not a value that was bound or set.
    pub is_condition: bool,
    /// Its value; `None`: missing, or of a condition unknown.
    pub result: Option<Value>,
    /// What it read, by path (`profile.`, `vars.` or `input.` first), in the order of the code, then `now()` and `timezone` where it looks
    /// at them; `None`: missing.
    pub operands: Vec<(String, Option<Value>)>,
}
