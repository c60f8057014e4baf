//! Every example of every function in the one table gives what its documentation says.

use crate::answer::{No, answer};
use journey_machine::value::to_json;

/// An instant that the examples must not depend on.
const NOW: i64 = 1_772_359_200_000;

#[test]
fn every_documented_example_is_true() {
    let (mut count, mut wrong) = (0, Vec::new());
    for function in journey_machine::func::all() {
        for (text, expected) in function.examples {
            count += 1;
            match answer(text, NOW) {
                Ok((value, _)) if to_json(&value) == *expected => {}
                Ok((value, _)) => wrong.push(format!(
                    "{text}\n    documented {expected}\n    is         {}",
                    to_json(&value)
                )),
                Err(No::Refused(errors)) => wrong.push(format!("{text}\n    refused: {errors:?}")),
                Err(No::Broken(what)) => wrong.push(format!("{text}\n    {what}")),
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} examples\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 150, "the table lost its examples: {count}");
}

#[test]
fn every_function_that_can_be_written_has_an_example_under_its_name() {
    let silent: Vec<&str> = journey_machine::func::all()
        .map(|f| f.name)
        .filter(|name| !name.contains('.'))
        .filter(|name| !journey_machine::func::lookup(name).any(|f| !f.examples.is_empty()))
        // There is no way to write a map.
        .filter(|name| !["keys", "values", "entry", "firstEntryKey"].contains(name))
        .collect();
    assert!(silent.is_empty(), "without an example: {silent:?}");
}
