//! The small artifact with one thing changed.

use super::package::small;
use super::verified;
use journey_artifact::RefusalKind;
use journey_artifact::model::{Artifact, StrId};

pub fn refused(what: &str, expected: RefusalKind, change: fn(&mut Artifact)) {
    let mut artifact = small();
    change(&mut artifact);
    match verified(artifact) {
        Ok(_) => panic!("{what}: went through"),
        Err(refusal) => assert_eq!(refusal.kind, expected, "{what}: {refusal}"),
    }
}

pub fn accepted(what: &str, change: fn(&mut Artifact)) {
    let mut artifact = small();
    change(&mut artifact);
    verified(artifact).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
}

pub const NOWHERE: StrId = StrId(9999);
