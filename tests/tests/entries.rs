//! An update leaves the profile whole: what it makes, an entry of a map too, has all that the schema requires of it.
//!
//! Comes in: updates of a map of records, each of which requires `since`. Goes out: the codes of what is found in them.

use journey_tests::packages;
use journeyc::check::check;
use journeyc::source::SourceFile;

fn found(steps: &str) -> Vec<(&'static str, String)> {
    let page =
        format!("journey Entries {{\n    enter on Begun\n    {steps}\n    end \"done\"\n}}\n");
    let input = packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: page.into(),
    });
    let found = check(&input).diagnostics;
    let text = |span| input.sources.text(span).to_owned();
    found.iter().map(|d| (d.code.id(), text(d.span))).collect()
}

#[test]
fn an_entry_that_may_be_made_is_made_whole() {
    let lacks = [("J0302", r#"prefs["news"].value"#.to_owned())];
    for (steps, wrong) in [
        (r#"update profile { prefs["news"].value: "yes" }"#, true),
        (
            r#"update profile { prefs["news"].value: "yes", prefs["post"].since: "now" }"#,
            true,
        ),
        (
            r#"if profile.prefs["post"] is present { update profile { prefs["news"].value: "yes" } }"#,
            true,
        ),
        (
            r#"update profile { prefs["news"].value: "yes", prefs["news"].since: "now" }"#,
            false,
        ),
        (
            r#"if profile.prefs["news"] is present { update profile { prefs["news"].value: "yes" } }"#,
            false,
        ),
        (
            "update profile { prefs[\"news\"].since: \"now\" }\n    update profile { prefs[\"news\"].value: \"yes\" }",
            false,
        ),
    ] {
        let wanted = if wrong { &lacks[..] } else { &[] };
        assert_eq!(found(steps), wanted, "{steps}");
    }
}

#[test]
fn what_was_put_under_a_key_is_known_to_be_there() {
    let put = r#"update profile { prefs["news"].since: "now" }"#;
    let read = r#"send Push(to: profile.prefs["news"].since) { on failed { } }"#;
    assert_eq!(found(&format!("{put}\n    {read}")), []);
    let lacks = r#"profile.prefs["news"].since"#.to_owned();
    assert_eq!(found(read), [("J0302", lacks.clone())]);
    assert_eq!(
        found(&format!("{put}\n    wait 1h\n    {read}")),
        [("J0302", lacks)]
    );
}
