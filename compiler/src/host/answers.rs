//! What calls are answered: the one interface, and the stub file that `journeyc run` takes.
//!
//! Comes in: a request. Goes out: an [`Answer`]. The file is JSON: the name of a source or action, then its answers with their
//! shares: `{"Weather": [{"share": 0.9, "json": {"temp": 20.0}}, {"share": 0.1, "fails": "timeout"}]}`. `fails` is `timeout`,
//! `capped`, `connection` or `http 503` (there, and there alone, `json` is the body).
//! Never true here: an answer left out of a file in silence; a draw. Which answer a call gets follows from its idempotency key and attempt, so a replay repeats it.

use super::data;
use journey_machine::advance::Outcome;
use journey_machine::effects::CallRequest;
use journey_machine::ids::{CallKey, digest64};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

/// What came of an attempt, owned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// A response: status and body. 2xx is success.
    Response(u16, Arc<[u8]>),
    /// Nothing in time.
    Timeout,
    /// Dropped by a limit.
    Capped,
    /// Nobody there; says why.
    Connection(String),
    /// Nobody said what the answer is: to the journey, nobody there.
    NoStub,
}

impl Answer {
    /// A success with this body.
    pub fn json(body: &Json) -> Answer {
        Answer::Response(200, body.to_string().into_bytes().into())
    }

    /// As the machine takes it.
    pub fn outcome(&self) -> Outcome<'_> {
        match self {
            Answer::Response(status @ 200..=299, body) => Outcome::Success {
                status: *status,
                body,
            },
            Answer::Response(status, body) => Outcome::Http {
                status: *status,
                body,
            },
            Answer::Timeout => Outcome::Timeout,
            Answer::Capped => Outcome::Capped,
            Answer::Connection(why) => Outcome::Connection(why),
            Answer::NoStub => Outcome::Connection("no stub"),
        }
    }

    /// One word (or two) for reports.
    pub fn word(&self) -> Cow<'static, str> {
        match self {
            Answer::Response(200..=299, _) => "success".into(),
            Answer::Response(status, _) => format!("http {status}").into(),
            Answer::Timeout => "timeout".into(),
            Answer::Capped => "capped".into(),
            Answer::Connection(_) => "connection".into(),
            Answer::NoStub => "no stub".into(),
        }
    }
}

/// Whoever answers calls.
pub trait Answers {
    /// The answer to one attempt; `None` when nobody said what it is.
    fn answer(&mut self, request: &CallRequest) -> Option<Answer>;
}

/// A stub file, read.
#[derive(Clone, Debug, Default)]
pub struct Stubs {
    /// Name → answers, each with the upper bound of its share, out of a million.
    calls: BTreeMap<String, Vec<(u64, Answer)>>,
}

const WHOLE: u64 = 1_000_000;

impl Stubs {
    /// Reads a stub file; says what is wrong with it. `known` are the calls of the package.
    pub fn parse(text: &str, known: &[&str]) -> Result<Stubs, String> {
        let json = data::parse(text.as_bytes()).map_err(|e| e.to_string())?;
        let object = json
            .as_object()
            .ok_or("it must be an object: call name → list of answers")?;
        let mut calls = BTreeMap::new();
        for (name, answers) in object {
            if !known.contains(&name.as_str()) {
                let near = crate::diag::suggest::nearest(name, known.iter().copied());
                let hint = near
                    .map(|n| format!(": did you mean `{n}`?"))
                    .unwrap_or_default();
                return Err(format!(
                    "the package has no source or action `{name}`{hint}"
                ));
            }
            let answers = answers
                .as_array()
                .ok_or(format!("`{name}` must be a list of answers"))?;
            calls.insert(name.clone(), shares(name, answers)?);
        }
        Ok(Stubs { calls })
    }
}

fn shares(name: &str, answers: &[Json]) -> Result<Vec<(u64, Answer)>, String> {
    let mut below = 0.0;
    let mut found = Vec::new();
    for answer in answers {
        let object = answer
            .as_object()
            .ok_or(format!("`{name}`: each answer must be an object"))?;
        if let Some(key) = object
            .keys()
            .find(|k| !["share", "json", "fails"].contains(&k.as_str()))
        {
            return Err(format!(
                "`{name}`: an answer has no key `{key}`; it has share, json, fails"
            ));
        }
        let share = match object.get("share") {
            None => 1.0,
            Some(share) => share
                .as_f64()
                .filter(|s| (0.0..=1.0).contains(s))
                .ok_or(format!("`{name}`: a share is 0 to 1"))?,
        };
        below += share;
        found.push(((below * WHOLE as f64).round() as u64, one(name, object)?));
    }
    match found.last() {
        Some((WHOLE, _)) => Ok(found),
        _ => Err(format!("the shares of `{name}` add up to {below}, not 1")),
    }
}

fn one(name: &str, object: &serde_json::Map<String, Json>) -> Result<Answer, String> {
    let body = object.get("json").unwrap_or(&Json::Null);
    let Some(fails) = object.get("fails") else {
        return if object.contains_key("json") {
            Ok(Answer::json(body))
        } else {
            Err(format!("`{name}`: an answer needs json or fails"))
        };
    };
    let fails = fails.as_str().unwrap_or("");
    let answer = match fails.split_once(' ') {
        Some(("http", status)) => {
            let status = status.parse().ok().filter(|s| (300..=599).contains(s));
            let status = status.ok_or(format!(
                "`{name}`: `fails` is `http` with a status from 300 to 599"
            ))?;
            let body = body.to_string().into_bytes();
            return Ok(Answer::Response(status, body.into()));
        }
        _ => match fails {
            "timeout" => Answer::Timeout,
            "capped" => Answer::Capped,
            "connection" => Answer::Connection("stubbed".into()),
            _ => {
                return Err(format!(
                    "`{name}`: `fails` is timeout, capped, connection or http and a status"
                ));
            }
        },
    };
    match object.contains_key("json") {
        true => Err(format!(
            "`{name}`: an answer that fails by {fails} has no json; only http has a body"
        )),
        false => Ok(answer),
    }
}

impl Answers for Stubs {
    fn answer(&mut self, request: &CallRequest) -> Option<Answer> {
        let answers = self.calls.get(&request.name)?;
        let draw = draw(request.key) % WHOLE;
        answers
            .iter()
            .find(|(below, _)| draw < *below)
            .map(|(_, answer)| answer.clone())
    }
}

/// A number that follows from the text of a key.
fn draw(key: CallKey) -> u64 {
    // 32 digits, a dash, and ten digits at most.
    let mut text = [b'-'; 43];
    for (at, digit) in text[..32].iter_mut().enumerate() {
        *digit = b"0123456789abcdef"[(key.key >> (124 - 4 * at)) as usize & 15];
    }
    let mut rest = &mut text[33..];
    // There is room for every number.
    let _ = write!(rest, "{}", key.attempt);
    let length = 43 - rest.len();
    digest64("stub", &[&text[..length]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_of_the_text_of_the_key() {
        for (key, attempt) in [
            (0, 1),
            (0x0123_4567_89AB_CDEF << 60, 42),
            (u128::MAX, u32::MAX),
        ] {
            let key = CallKey { key, attempt };
            let text = key.to_string();
            assert_eq!(draw(key), digest64("stub", &[text.as_bytes()]));
        }
    }

    #[test]
    fn a_stub_file_says_what_is_wrong_with_it() {
        let parse = |text| Stubs::parse(text, &["Weather"]).map(|_| ());
        assert_eq!(
            parse(r#"{"Weather":[{"share":0.5,"json":{}},{"share":0.5,"fails":"http 503"}]}"#),
            Ok(())
        );
        assert_eq!(parse(r#"{"Weather":[{"json":1}]}"#), Ok(()));
        for (text, part) in [
            (r#"{"Wether":[]}"#, "did you mean `Weather`"),
            (r#"{"Weather":[{"share":0.5,"json":{}}]}"#, "add up to 0.5"),
            (
                r#"{"Weather":[{"share":2,"json":{}}]}"#,
                "a share is 0 to 1",
            ),
            (r#"{"Weather":[{"fails":"http"}]}"#, "`fails` is"),
            (r#"{"Weather":[{"fails":"http 200"}]}"#, "300 to 599"),
            (r#"{"Weather":[{"jsn":1}]}"#, "no key `jsn`"),
            (r#"{"Weather":[{}]}"#, "needs json or fails"),
            (
                r#"{"Weather":[{"json":1}],"Weather":[{"json":2}]}"#,
                "`Weather` stands twice",
            ),
            (
                r#"{"Weather":[{"json":1,"json":2}]}"#,
                "`json` stands twice",
            ),
            (
                r#"{"Weather":[{"json":1,"fails":"timeout"}]}"#,
                "only http has a body",
            ),
            ("[]", "must be an object"),
            ("{", "EOF"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
