//! Calls: success, each failure, retries, duplicates, a host that says nothing.

use crate::build::*;
use crate::host::{Host, T0};
use journey_artifact::graph::*;
use journey_artifact::model::Retry;
use journey_artifact::word::WordType;
use journey_machine::advance::{Cause, Outcome};
use journey_machine::effects::{AuthRequest, Code, Status, Text};
use journey_machine::ids::Instant;
use std::collections::BTreeSet;

/// cart → Send → "sent", with branches for capped, timeout, 404 and any failure.
fn sending(retry: Retry, outcomes: bool, otherwise: bool) -> Host {
    let mut b = Build::shop();
    b.a.calls[0].retry = retry;
    let branches = if outcomes {
        vec![
            on(OutcomeMatch::Capped, 2),
            on(OutcomeMatch::Timeout, 3),
            on(OutcomeMatch::Http(404), 4),
            on(OutcomeMatch::Failed, 5),
        ]
    } else {
        Vec::new()
    };
    let reason = b.var(V_REASON, WordType::Str);
    let answer = b.var(V_ANSWER, WordType::Str);
    let nodes = vec![
        ("send", b.call(1, branches, otherwise.then_some(6))),
        (
            "sent",
            NodeKind::End {
                label: Some(answer),
            },
        ),
        ("capped", b.end("capped")),
        ("timeout", b.end("timeout")),
        ("gone", b.end("gone")),
        (
            "failed",
            NodeKind::End {
                label: Some(reason),
            },
        ),
        ("otherwise", b.end("otherwise")),
    ];
    b.journey("J", nodes);
    Host::new(b)
}

fn end(host: &Host) -> String {
    host.path().last().cloned().unwrap_or_default()
}

const NO_RETRY: Retry = Retry {
    times: 0,
    min_ms: 0,
    max_ms: 0,
};
const ANSWER: Outcome<'static> = Outcome::Success {
    status: 200,
    body: br#"{"answer":"m1"}"#,
};

#[test]
fn a_request_says_all_the_host_needs() {
    let mut host = sending(NO_RETRY, true, false);
    host.event("cart", "device-1");
    let call = &host.calls[0];
    assert_eq!(
        (call.name.as_str(), call.method.as_str(), call.url.as_str()),
        ("Send", "POST", "https://push.example/send")
    );
    assert_eq!(call.body.as_deref(), Some(&br#"{"to":"device-1"}"#[..]));
    assert_eq!(call.auth, AuthRequest::Bearer(Text::Secret("TOKEN".into())));
    assert_eq!((call.key.attempt, call.timeout_ms), (1, 5_000));
    assert_eq!(
        call.key.to_string(),
        format!("{}-1", call.key.idempotency_key())
    );
    assert_eq!(call.idempotency_header.as_deref(), Some("Idempotency-Key"));
}

#[test]
fn every_outcome_leads_somewhere() {
    let table: &[(Outcome<'_>, &str, &str, Option<Code>)] = &[
        (ANSWER, "ended(m1)", "ended(m1)", None),
        (
            Outcome::Capped,
            "ended(capped)",
            "ended(otherwise)",
            Some(Code::Capped),
        ),
        (
            Outcome::Timeout,
            "ended(timeout)",
            "ended(otherwise)",
            Some(Code::Timeout),
        ),
        (
            Outcome::Http {
                status: 404,
                body: b"",
            },
            "ended(gone)",
            "ended(otherwise)",
            Some(Code::Http),
        ),
        (
            Outcome::Http {
                status: 500,
                body: b"",
            },
            "ended(http)",
            "ended(otherwise)",
            Some(Code::Http),
        ),
        (
            Outcome::Connection("refused"),
            "ended(connection)",
            "ended(otherwise)",
            Some(Code::Connection),
        ),
        (
            Outcome::Success {
                status: 200,
                body: br#"{"answer":7}"#,
            },
            "ended(response)",
            "ended(otherwise)",
            Some(Code::Response),
        ),
        (
            Outcome::Success {
                status: 200,
                body: b"{",
            },
            "ended(response)",
            "ended(otherwise)",
            Some(Code::Response),
        ),
    ];
    // Under Miri a success, a status and an answer that is none.
    let step = if cfg!(miri) { 3 } else { 1 };
    for (outcome, branch, default, failed) in table.iter().step_by(step) {
        let mut host = sending(NO_RETRY, true, true);
        host.event("cart", "c1");
        host.answer(*outcome);
        assert_eq!(end(&host), *branch, "{outcome:?}");
        let mut host = sending(NO_RETRY, false, true);
        host.event("cart", "c1");
        host.answer(*outcome);
        assert_eq!(end(&host), *default, "{outcome:?}");
        // Without any branch a failed call neither stalls the person nor ends the journey as if all were well.
        let mut host = sending(NO_RETRY, false, false);
        host.event("cart", "c1");
        host.answer(*outcome);
        let last = host.steps.last().expect("a step");
        match failed {
            Some(code) => assert_eq!(
                (last.status, last.code),
                (Status::Failed, *code),
                "{outcome:?}"
            ),
            None => assert_eq!(last.status, Status::Ended),
        }
        assert_eq!(host.person.instances().len(), 0);
    }
}

#[test]
fn retries_pause_longer_each_time_and_keep_the_key() {
    let mut host = sending(
        Retry {
            times: 3,
            min_ms: 1_000,
            max_ms: 3_000,
        },
        true,
        false,
    );
    host.event("cart", "c1");
    let first = host.calls[0].clone();
    for (attempt, longest) in [(2, 1_000), (3, 2_000), (4, 3_000)] {
        let failed_at = host.now;
        host.answer(Outcome::Http {
            status: 503,
            body: b"",
        });
        let due = host.person.next_due().expect("a pause").0;
        assert!(
            (longest / 2..=longest).contains(&(due - failed_at)),
            "pause before attempt {attempt}: {}",
            due - failed_at
        );
        assert_eq!(
            host.calls.len(),
            attempt as usize - 1,
            "nothing goes out before"
        );
        host.pass((due - failed_at) as u64);
        let call = host.calls.last().expect("a call");
        assert_eq!((call.key.key, call.key.attempt), (first.key.key, attempt));
        assert_eq!((&call.body, &call.url), (&first.body, &first.url));
    }
    host.answer(Outcome::Http {
        status: 503,
        body: b"",
    });
    assert_eq!(end(&host), "ended(http)");
    assert_eq!(
        host.steps
            .iter()
            .filter(|step| step.status == Status::Retrying)
            .count(),
        3
    );
    let mut ids: Vec<u128> = host.steps.iter().map(|step| step.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(
        ids.len(),
        host.steps.len(),
        "step events have ids of their own"
    );
}

#[test]
#[cfg_attr(miri, ignore = "twenty deployments, which is about chance")]
fn calls_that_fail_together_do_not_come_back_together() {
    let retry = Retry {
        times: 1,
        min_ms: 1_000,
        max_ms: 1_000,
    };
    let pauses: BTreeSet<u64> = (0..20)
        .map(|later| {
            let mut host = sending(retry, true, false);
            host.now += later;
            host.event("cart", "c1");
            host.answer(Outcome::Timeout);
            (host.person.next_due().expect("a pause").0 - host.now) as u64
        })
        .collect();
    assert!(pauses.len() > 10, "{pauses:?}");
    assert!(pauses.iter().all(|ms| (500..=1_000).contains(ms)));
    assert!(pauses.first() < Some(&600) && pauses.last() > Some(&900));
}

#[test]
fn only_what_may_pass_is_retried() {
    let retried = |outcome: Outcome<'_>| {
        let mut host = sending(
            Retry {
                times: 1,
                min_ms: 1,
                max_ms: 1,
            },
            true,
            false,
        );
        host.event("cart", "c1");
        host.answer(outcome);
        host.person.instances().len() == 1
    };
    for status in [408, 425, 429, 500, 502, 599] {
        assert!(retried(Outcome::Http { status, body: b"" }), "{status}");
    }
    for status in [400, 401, 404, 409, 422] {
        assert!(!retried(Outcome::Http { status, body: b"" }), "{status}");
    }
    assert!(retried(Outcome::Timeout) && retried(Outcome::Connection("reset")));
    assert!(
        !retried(Outcome::Capped)
            && !retried(Outcome::Success {
                status: 200,
                body: b"[]"
            })
    );
}

#[test]
fn a_result_counts_once_and_only_for_its_attempt() {
    let mut host = sending(
        Retry {
            times: 1,
            min_ms: 10,
            max_ms: 10,
        },
        true,
        false,
    );
    host.event("cart", "c1");
    let first = host.last_call();
    host.input(Cause::CallResult {
        call: first,
        outcome: Outcome::Timeout,
    });
    // The answer to the attempt that timed out comes late, during the pause and after it.
    assert!(
        host.input(Cause::CallResult {
            call: first,
            outcome: ANSWER
        })
        .steps
        .is_empty()
    );
    host.pass(10);
    assert!(
        host.input(Cause::CallResult {
            call: first,
            outcome: ANSWER
        })
        .steps
        .is_empty()
    );
    let second = host.last_call();
    assert_ne!(first, second);
    assert!(
        !host
            .input(Cause::CallResult {
                call: second,
                outcome: ANSWER
            })
            .steps
            .is_empty()
    );
    assert!(
        host.input(Cause::CallResult {
            call: second,
            outcome: ANSWER
        })
        .steps
        .is_empty()
    );
    assert_eq!(end(&host), "ended(m1)");
}

#[test]
fn a_host_that_never_answers_times_out_in_the_end() {
    let mut host = sending(NO_RETRY, true, false);
    host.event("cart", "c1");
    host.pass(HOUR + 5_000 - 1);
    assert_eq!(host.place(), "send");
    host.pass(1);
    assert_eq!(end(&host), "ended(timeout)");
}

#[test]
fn two_visits_of_one_call_have_two_keys() {
    let mut b = Build::shop();
    let nodes = vec![
        ("first", b.call(1, Vec::new(), None)),
        ("pause", b.wait(HOUR, 0)),
    ];
    b.journey("J", nodes);
    let mut host = Host::new(b);
    host.event("cart", "c1");
    host.answer(ANSWER);
    host.pass(HOUR);
    assert_eq!(host.calls.len(), 2);
    assert_ne!(host.calls[0].key.key, host.calls[1].key.key);
}

#[test]
fn without_an_argument_that_it_must_have_no_call_is_made() {
    let build = || {
        let mut b = Build::shop();
        let nodes = vec![
            (
                "send",
                b.call(1, vec![on(OutcomeMatch::Failed, 1)], Some(1)),
            ),
            ("sent", b.end("sent")),
        ];
        b.journey("J", nodes);
        b
    };
    let event = r#"{"_id":"1","type":"cart","ecid":"ada"}"#;
    let run = |b: Build| {
        let mut host = Host::new(b);
        let scanned = host.deployment.scan(event.as_bytes(), Instant(T0));
        let scanned = scanned.expect("an event");
        let effects = host.input(Cause::Event(&scanned));
        (effects, host)
    };
    let (effects, host) = run(build());
    assert!(effects.calls.is_empty());
    assert_eq!(host.person.instances().len(), 0);
    let last = effects.steps.last().expect("the end");
    assert_eq!(
        (last.status, last.code, last.label.as_deref()),
        (Status::Failed, Code::MissingValue, Some("to"))
    );
    assert_eq!(last.code.as_str(), "missingValue");

    let mut b = build();
    b.lenient();
    let (effects, _) = run(b);
    assert_eq!(effects.calls.len(), 1);
    assert_eq!(effects.calls[0].body.as_deref(), Some(&b"{}"[..]));
}

#[test]
fn an_answer_without_a_field_that_must_be_there_is_a_failure() {
    for (body, code) in [
        (&br#"{"answer":"m1"}"#[..], Code::Success),
        (b"{}", Code::Response),
        (br#"{"answer":null}"#, Code::Response),
        (b"null", Code::Response),
        (b"", Code::Response),
    ] {
        let mut b = Build::shop();
        b.must("Send", "answer");
        let nodes = vec![
            ("send", b.call(1, Vec::new(), Some(1))),
            ("sent", b.end("sent")),
        ];
        b.journey("J", nodes);
        let mut host = Host::new(b);
        host.event("cart", "device-1");
        let effects = host.answer(Outcome::Success { status: 200, body });
        assert!(
            effects.steps.iter().any(|step| step.code == code),
            "{body:?}: {:?}",
            effects.steps
        );
    }
}

#[test]
fn a_line_break_in_data_begins_no_header() {
    for (written, sent) in [
        ("ada", "ada"),
        ("a\\tb \u{e9}", "a\tb \u{e9}"),
        (
            "a\\r\\nX-Admin: yes\\u0000\\u007f\\u0085",
            "a  X-Admin: yes   ",
        ),
    ] {
        let mut b = Build::shop();
        b.echo_in_headers();
        let nodes = vec![
            ("send", b.call(1, Vec::new(), Some(1))),
            ("sent", b.end("sent")),
        ];
        b.journey("J", nodes);
        let mut host = Host::new(b);
        let effects = host.event("cart", written);
        let call = &effects.calls[0];
        let plain = Text::Plain(sent.into());
        assert_eq!(
            call.headers,
            [("X-To".to_string(), plain.clone())],
            "{written}"
        );
        assert_eq!(
            call.auth,
            AuthRequest::Header("X-To".into(), plain),
            "{written}"
        );
    }
}
