//! A map of which only constant keys are read is read as an object with these keys; one that is used in any other way is a list of entries.

use super::super::{Expressions, lower_expressions};
use super::expressions::expressions;
use journey_artifact::code::Op;
use journey_artifact::model::Want;

fn lowered(sources: &[&str]) -> Expressions {
    let (analysis, exprs) = expressions(sources);
    let (_, profile) = analysis.program.profile.as_ref().unwrap();
    lower_expressions(&analysis.registry, Some(profile), None, &exprs).unwrap()
}

/// The keys under which a map of the profile is read; `None` when it is read as a list of entries.
fn keys(lowered: &Expressions, map: &str) -> Option<Vec<String>> {
    let artifact = &lowered.artifact;
    let text = |id: &journey_artifact::model::StrId| artifact.strings[id.0 as usize].to_owned();
    let plan = &artifact.plans[lowered.profile.unwrap().0 as usize];
    let Want::Object(fields) = &plan.root.want else {
        panic!("a profile is an object");
    };
    let (_, node) = fields.iter().find(|(name, _)| text(name) == map).unwrap();
    match &node.want {
        Want::Object(keys) => Some(keys.iter().map(|(key, _)| text(key)).collect()),
        Want::Map(..) => None,
        other => panic!("{map} is read as {other:?}"),
    }
}

fn ops(lowered: &Expressions) -> Vec<Op> {
    let chunks = lowered.artifact.chunks.iter();
    chunks
        .flat_map(|chunk| chunk.code.iter().map(|i| i.op))
        .collect()
}

#[test]
fn constant_keys_are_fields() {
    for sources in [
        &["profile.scores[\"spring\"]", "profile.scores[\"autumn\"]"][..],
        &[
            "profile.scores.entry(\"spring\")",
            "profile.scores.entry(\"autumn\")",
        ],
        &["profile.scores[\"spring\"] ?? profile.scores.entry(\"autumn\")"],
        &["profile.scores.entry(\"spring\") is present or profile.scores[\"autumn\"] is missing"],
    ] {
        let lowered = lowered(sources);
        let found = keys(&lowered, "scores").unwrap_or_else(|| panic!("{sources:?}"));
        assert_eq!(found, ["autumn", "spring"], "{sources:?}");
        assert!(!ops(&lowered).contains(&Op::Find), "{sources:?}");
    }
    let lowered = lowered(&[
        "profile.places.entry(\"rome\").visits",
        "profile.places[\"rome\"].city",
    ]);
    assert_eq!(
        keys(&lowered, "places").as_deref(),
        Some(&["rome".to_string()][..])
    );
    assert!(!ops(&lowered).contains(&Op::Find));
}

#[test]
fn one_other_use_makes_it_a_list_of_entries() {
    let constant = "profile.scores.entry(\"spring\") ?? profile.scores[\"autumn\"]";
    for other in [
        "profile.scores.keys()",
        "profile.scores.values()",
        "profile.scores.firstEntryKey()",
        "profile.scores[profile.s ?? \"x\"]",
        "profile.scores.entry(profile.s ?? \"x\")",
        "profile.scores",
    ] {
        // Whichever comes first: what a pass took for fields another use may still turn into entries.
        for sources in [[constant, other], [other, constant]] {
            let lowered = lowered(&sources);
            assert_eq!(keys(&lowered, "scores"), None, "{sources:?}");
            assert_eq!(
                ops(&lowered).iter().filter(|op| **op == Op::Find).count(),
                2 + usize::from(other.contains("profile.s ")),
                "{sources:?}"
            );
            journey_artifact::verify(lowered.artifact).unwrap();
        }
    }
}
