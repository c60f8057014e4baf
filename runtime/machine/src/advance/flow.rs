//! What a step of an instance comes to, and what an instance hears.
//!
//! Comes in: nothing; plain data between the leaves and the node loop. Goes out: the same. Never true here: an effect.

use crate::effects::{Code, Status};
use crate::person::State;
use crate::record::Record;
use journey_artifact::graph::NodeId;
use journey_artifact::model::EventId;

/// What a step comes to.
pub(super) enum Flow {
    /// Run the node it stands at.
    Here,
    /// The node is done.
    Go {
        next: NodeId,
        code: Code,
        label: Option<String>,
    },
    /// The node waits.
    Park {
        state: State,
        status: Status,
        code: Code,
        label: Option<String>,
    },
    /// The instance is over.
    End {
        status: Status,
        code: Code,
        label: Option<String>,
    },
}

impl Flow {
    /// The node is done, and how is all there is to say.
    pub fn go(next: NodeId, code: Code) -> Flow {
        Flow::Go {
            next,
            code,
            label: None,
        }
    }
}

/// An event that arrived, as one program reads it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard<'s> {
    /// Index of the program.
    pub program: usize,
    pub event: EventId,
    pub record: &'s Record,
    /// The hash that two deliveries of it share, and for how many milliseconds they are the same.
    pub dedupe: Option<(u64, u64)>,
}
