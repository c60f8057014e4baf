//! What the language reference promises of steps, time and tests, held by packages' own tests.
//!
//! Comes in: `fixtures/promises`, pages of journeys with tests, in the language itself. Each test must pass, but those whose names begin
//! with `fails: `. Never here: a finding of the checker; a page without a test.

use journey_artifact::read;
use journey_machine::deployment::Deployment;
use journey_tests::packages;
use journeyc::host::engine::Options;
use journeyc::host::test;

#[test]
fn what_is_promised_is_kept() {
    let input = packages::package(&packages::root().join("tests/fixtures/promises"));
    let (analysis, bytes) = packages::compile(&input);
    assert_eq!(analysis.diagnostics, [], "a page has findings");
    let deployment = Deployment::new(vec![read(&bytes).expect("an artifact")]);
    let deployment = deployment.expect("a deployment");
    let program = &analysis.program;
    let mut wrong = Vec::new();
    for case in &program.tests {
        let verdict = test::run(program, &deployment, case, Options::default());
        let must_fail = case.name.starts_with("fails: ");
        if verdict.failure.is_some() != must_fail {
            wrong.push(format!("{verdict:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(program.tests.len() > 10);
    for (_, page) in input
        .sources
        .iter()
        .filter(|(_, file)| file.path.ends_with(".journey"))
    {
        let has_test = page.text.lines().any(|line| line.starts_with("test "));
        assert!(
            has_test || page.path == "base.journey",
            "{} has no test",
            page.path
        );
    }
}
