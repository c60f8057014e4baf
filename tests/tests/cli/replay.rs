//! What a replay's report says of what is out of the ordinary.

use super::command::{Folder, root, run_in};
use std::fs;

/// The package of `fixtures/failing`, its one file changed, with these events.
fn package(change: impl Fn(String) -> String, events: &str) -> Folder {
    let folder = Folder::new();
    let from = root().join("tests/fixtures/failing");
    let read = |name: &str| fs::read_to_string(from.join(name)).unwrap();
    for name in [
        "journey.toml",
        "schemas/profile.json",
        "schemas/shop-event.json",
    ] {
        folder.write(name, read(name).as_bytes());
    }
    folder.write("shop.journey", change(read("shop.journey")).as_bytes());
    folder.write("events.ndjson", events.as_bytes());
    folder
}

/// The report of a replay of the events with another file beside them.
fn replayed(folder: &Folder, (option, name): (&str, &str), text: &str) -> String {
    folder.write(name, text.as_bytes());
    let said = run_in(folder.path(), &["run", "events.ndjson", option, name]);
    assert_eq!(said.code, Some(0), "{said:?}");
    said.out
}

/// The report of such a package over these events and stubs.
fn report(change: impl Fn(String) -> String, events: &str, stubs: &str) -> String {
    replayed(&package(change, events), ("--stubs", "stubs.json"), stubs)
}

fn event(email: &str) -> String {
    format!(
        "{{\"_id\":\"e1\",\"timestamp\":\"2026-03-01T10:00:00Z\",\"eventType\":\"cart.updated\",\"email\":\"{email}\",\"channel\":\"web\"}}\n"
    )
}

#[test]
fn a_response_of_another_type_is_no_success() {
    let stubs = r#"{ "SendPush": [{ "json": { "id": 5 } }] }"#;
    let read = |text: String| {
        text.replace("greet: send SendPush", "let push = send SendPush")
            .replace(
                "refused\" }\n        }",
                "refused\" }\n        }\n        end \"{push.id}\"",
            )
    };
    let out = report(read, &event("ada@shop.example"), stubs);
    assert!(out.contains("ended \"refused\""), "{out}");
    assert!(out.contains("  response of another type"), "{out}");
    assert!(out.contains("SendPush (response of another type)"), "{out}");
    assert!(!out.contains("success"), "{out}");
    assert!(out.contains(" 1 attempt\n"), "{out}");
}

#[test]
fn a_label_as_long_as_a_text_may_be_is_shortened() {
    let label = format!("end \"{}\"", "é".repeat(70_000));
    let out = report(
        |text| text.replace("end \"refused\"", &label),
        &event("ada@shop.example"),
        "{}",
    );
    assert!(
        out.contains("éé…") && out.len() < 3_000,
        "{} bytes",
        out.len()
    );
}

#[test]
fn events_that_come_late_or_name_no_instant_are_told_with_their_lines() {
    let at =
        |timestamp: &str| event("ada@shop.example").replace("\"2026-03-01T10:00:00Z\"", timestamp);
    let events = [
        "\"yesterday\"",
        "\"2026-03-01T10:00:00Z\"",
        "\"2026-03-01T09:59:59Z\"",
        "1774000800000",
        "\"2026-03-01T10:00:00\"",
        "\"2026-03-01T10:00:01Z\"",
        "null",
    ];
    let events: String = events.iter().map(|e| at(e)).collect();
    let out = report(|text| text, &events, "{}");
    let late = "\nevents that came late                           1
  line 3: 2026-03-01T09:59:59Z; taken at 2026-03-01T10:00:00Z
";
    let unreadable = "\nevents with an unreadable timestamp             3
  line 1: no instant like 2026-03-01T10:00:00Z; taken at 1970-01-01T00:00:00Z
  line 4: no instant like 2026-03-01T10:00:00Z; taken at 2026-03-01T10:00:00Z
  line 5: no instant like 2026-03-01T10:00:00Z; taken at 2026-03-01T10:00:00Z
";
    assert!(out.contains(late) && out.contains(unreadable), "{out}");
}

#[test]
fn what_a_queue_would_send_after_the_last_event_is_not_sent() {
    let queued = |text: String| {
        let text = text.replace(
            "    timeout 5s\n",
            "    timeout 5s\n    limit 1 per 1h else queue for 2h\n",
        );
        assert!(text.contains("else queue"), "{text}");
        text
    };
    let events: String = ["ada", "bea", "cid", "dan"].map(event).concat();
    let stubs = r#"{ "SendPush": [{ "json": { "id": "p" } }] }"#;
    let out = report(queued, &events, stubs);
    let sent = "
sent SendPush                                   2 attempts
  capped                                        1
  success                                       1
  not sent yet                                  2
";
    assert!(out.contains(sent), "{out}");
    assert!(out.contains("SendPush (not sent yet)\n"), "{out}");

    // The second event of one who is held back leads them out; their place under the limit is the next one's.
    let leaves = |text: String| {
        let enters = "    enter on CartUpdated as cart\n";
        queued(text).replace(enters, &format!("{enters}    exit on CartUpdated\n"))
    };
    let again = event("bea").replace("e1", "e2");
    let events = [event("ada"), event("bea"), again, event("cid")].concat();
    let out = report(leaves, &events, stubs);
    let sent = "
sent SendPush                                   1 attempt
  success                                       1
  not sent yet                                  2
  withdrawn                                     1
";
    assert!(out.contains(sent), "{out}");
    assert!(out.contains("SendPush (withdrawn)\n"), "{out}");
}

#[test]
fn a_call_whose_time_is_not_over_has_no_answer_yet() {
    let stubs = r#"{ "SendPush": [{ "fails": "timeout" }] }"#;
    let out = report(|text| text, &event("ada@shop.example"), stubs);
    assert!(
        out.contains("  no answer yet") && out.contains("SendPush (no answer yet)"),
        "{out}"
    );
    assert!(!out.contains("  timeout"), "{out}");
}

#[test]
fn an_event_of_which_nothing_comes_has_no_journey() {
    // The second finds its person inside, the third is none that is declared, the last is awaited and not what is waited for.
    let waits = |text: String| {
        let rest = "rest: await CartUpdated where cart.channel == \"store\" within 1h { }";
        text.replace("    rest: wait 1h\n", &format!("    {rest}\n"))
            .replace(
                "enter on CartUpdated as cart\n",
                "enter on CartUpdated as cart where cart.channel == \"web\"\n",
            )
            .replace(
                "await CartUpdated where cart.",
                "await CartUpdated as again where again.",
            )
    };
    let ada = event("ada@shop.example");
    let events = [
        ada.clone(),
        ada.replace("e1", "e2"),
        ada.replace("cart.updated", "page.viewed")
            .replace("e1", "e3"),
        ada.replace("\"web\"", "\"app\"").replace("e1", "e4"),
    ];
    let out = report(
        waits,
        &events.concat(),
        r#"{ "SendPush": [{ "json": { "id": "p" } }] }"#,
    );
    assert!(out.contains("  refused: alreadyInside"), "{out}");
    assert!(
        out.contains("\nevents with no journey                          2\n"),
        "{out}"
    );
}

#[test]
fn a_profile_is_refused_once() {
    let events = ["e1", "e2", "e3"].map(|id| event("ada@shop.example").replace("e1", id));
    let folder = package(|text| text, &events.concat());
    let profile = r#"{"identityMap":{"Email":[{"id":"ada@shop.example"}]},"greetings":"five"}"#;
    let out = replayed(&folder, ("--profiles", "profiles.ndjson"), profile);
    let refused = "\nrejected PROFILE_WRONG_TYPE                     1\n  profiles, line 1: ";
    assert!(out.contains(refused), "{out}");
}

#[test]
fn what_would_make_a_profile_unreadable_is_not_set_and_told() {
    let counts = |text: String| {
        let (declarations, _) = text.split_once("\njourney").expect("a journey");
        let update = r#"firstName: "{profile.firstName ?? ""}x", tags: (profile.tags ?? []).mergeLists([cart.email], false)"#;
        let says = r#"{profile.firstName ?? ""} {profile.tags.count() ?? 0}"#;
        format!(
            "{declarations}\njourney Counts {{\n    enter on CartUpdated as cart\n    reenter always\n    update profile {{ {update} }}\n    end \"{says}\"\n}}\n"
        )
    };
    let events = ["e1", "e2", "e3"].map(|id| event("ada@shop.example").replace("e1", id));
    let folder = package(counts, &events.concat());
    let tags = vec!["\"t\""; 9_999].join(",");
    let profile =
        format!(r#"{{"identityMap":{{"Email":[{{"id":"ada@shop.example"}}]}},"tags":[{tags}]}}"#);
    let out = replayed(&folder, ("--profiles", "profiles.ndjson"), &profile);
    let refused = "\nrejected PROFILE_TOO_MANY_ITEMS                 2\n  update of ada@shop.example, 2026-03-01T10:00:00Z: ";
    assert!(out.contains(refused), "{out}");
    // What can be set with it is.
    for ended in ["x 10000", "xx 10001", "xxx 10001"] {
        assert!(out.contains(&format!("ended \"{ended}\"")), "{out}");
    }
    let city = "x".repeat(1024 * 1024 - 100);
    let profile =
        format!(r#"{{"identityMap":{{"Email":[{{"id":"ada@shop.example"}}]}},"city":"{city}"}}"#);
    let out = replayed(&folder, ("--profiles", "profiles.ndjson"), &profile);
    // One of the two fits, at each event: the first in the order of the step.
    let refused = "\nrejected PROFILE_TOO_LARGE                      3\n";
    assert!(out.contains(refused), "{out}");
    assert!(out.contains("ended \"xxx 1\""), "{out}");
}

#[test]
fn an_event_that_is_refused_is_heard_of_by_nobody_and_no_clock() {
    let folder = Folder::new();
    assert_eq!(run_in(folder.path(), &["new", "shop"]).code, Some(0));
    let at = |id: &str, time: &str, rest: &str| {
        format!("{{\"_id\":{id},\"timestamp\":\"{time}Z\",\"eventType\":{rest}}}\n")
    };
    let ada = |what: &str| format!("\"{what}\",\"email\":\"ada@shop.example\"");
    let signs = at("\"1\"", "2026-03-02T10:00:00", &ada("account.signup"));
    let orders = at("\"3\"", "2026-03-02T10:01:00", &ada("commerce.purchases"));
    let between = |event: &str| {
        let events = format!("{signs}{event}{orders}");
        folder.write("shop/between.ndjson", events.as_bytes());
        let args = ["run", "shop/between.ndjson", "--stubs", "shop/stubs.json"];
        run_in(folder.path(), &args).out
    };
    let later = "2026-03-20T10:00:00";
    let deep = format!("\"page.viewed\",\"a\":{}{}", "[".repeat(70), "]".repeat(70));
    for refused in [
        at("7", later, &ada("account.signup")),
        at("\"2\"", later, "\"account.signup\",\"email\":7"),
        at("\"2\"", later, &deep),
        at("\"2\"", later, "broken"),
    ] {
        let out = between(&refused);
        assert!(out.contains("\nrejected "), "{refused}{out}");
        assert!(
            out.contains("2026-03-02T10:00:00Z to 2026-03-02T10:01:00Z"),
            "{refused}{out}"
        );
        assert!(out.contains("  exited on OrderPlaced"), "{refused}{out}");
    }
    let nobody = ada("account.signup").replace("ada", &"a".repeat(1_100));
    // What can be read says what time it is, whomever it is about.
    for heard in [
        at("\"2\"", later, &ada("account.signup").replace("ada", "bea")),
        at("\"2\"", later, &ada("page.viewed")),
        at("\"2\"", later, &nobody),
        at("\"1\"", later, &ada("account.signup")),
    ] {
        let out = between(&heard);
        assert!(!out.contains("\nrejected "), "{heard}{out}");
        assert!(
            out.contains("2026-03-02T10:00:00Z to 2026-03-20T10:00:00Z"),
            "{heard}{out}"
        );
        assert!(out.contains("  ended \"offered help\""), "{heard}{out}");
        assert!(out.contains("\nevents that came late "), "{heard}{out}");
    }
}

#[test]
fn the_clock_shows_what_it_showed_where_it_started() {
    let early = event("ada@shop.example").replace("2026-03-01", "0001-01-01");
    let out = report(|text| text, &early, "{}");
    assert!(
        out.contains(", 1970-01-01T00:00:00Z to 1970-01-01T00:00:00Z\n"),
        "{out}"
    );
}

#[test]
fn a_profile_that_nobody_can_be_found_by_is_told() {
    let folder = package(|text| text, &event("ada@shop.example"));
    let profiles = concat!(
        "{\"identityMap\":{\"email\":[{\"id\":\"ada@shop.example\"}]}}\n",
        "{\"identityMap\":{\"Email\":[{\"id\":\"bea@shop.example\"}]}}\n",
        "{\"identityMap\":{\"email\":[{\"id\":\"c\"}],\"Email\":[{\"id\":\"c\"}]}}\n",
    );
    let out = replayed(&folder, ("--profiles", "profiles.ndjson"), profiles);
    let told = "
profiles of nobody                              1
  profiles, line 1: it is found by `email`, and events name people by `Email`
";
    assert!(out.contains(told), "{out}");
}
