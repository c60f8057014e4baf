//! Profiles from a file, found by identity.
//!
//! Comes in: NDJSON, one profile a line; the namespaces in which events name people. Goes out: the text of the profile of an
//! identity, shared with whoever has it.
//! Never true here: a tree of a profile; a look at more than its `identityMap`; a text that later lines replaced for all who had it.

use super::feed::{Feed, LINE_BYTES, Line};
use super::identities::{Hashed, Identities};
use super::report::Report;
use journey_machine::deployment::Deployment;
use journey_machine::read::{Limits, Member, Reader};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::rc::Rc;

/// Profiles by identity, as text: each is read by the programs in force when somebody is met.
#[derive(Debug, Default)]
pub struct Profiles {
    /// Line and text.
    texts: Vec<(u64, Rc<str>)>,
    /// By how many identities each text is found.
    found_by: Vec<u32>,
    /// Texts that later ones replaced for all who had them: their places are taken again.
    free: Vec<u32>,
    by_identity: Identities,
}

impl Profiles {
    /// Reads NDJSON: one profile a line, found by its `identityMap`. What is no profile is rejected into `report`, and what is the
    /// profile of nobody whom an event could name is noted there.
    pub fn read(
        feed: &mut Feed<impl Read>,
        deployment: &Deployment,
        report: &mut Report,
    ) -> io::Result<Profiles> {
        let namespaces = namespaces(deployment);
        let (mut profiles, mut reader) = (Profiles::default(), Reader::new());
        while let Some((number, line)) = feed.next_line()? {
            let place = || format!("profiles, line {number}");
            let Line::Bytes(bytes) = line else {
                report.reject("TOO_LARGE", place(), "the line is too long".into());
                continue;
            };
            let map = match identity_map(&mut reader, bytes) {
                Ok(map) => map,
                Err(e) => {
                    report.reject("INVALID_JSON", place(), e.to_string());
                    continue;
                }
            };
            let identities = identities(&map);
            // What serde_json accepts is UTF-8.
            let (Ok(text), false) = (std::str::from_utf8(bytes), identities.is_empty()) else {
                let message = "the profile has no identityMap with an id".into();
                report.reject("NO_IDENTITY", place(), message);
                continue;
            };
            if !identities.iter().any(|(of, _)| namespaces.contains(of)) {
                report.profiles_of_nobody.note(|| {
                    let (of, known) = (
                        named(identities.iter().map(|(of, _)| of)),
                        named(&namespaces),
                    );
                    let message = format!("it is found by {of}, and events name people by {known}");
                    (place(), message)
                });
            }
            let text = (number, text.into());
            let owners = identities
                .iter()
                .map(|(namespace, id)| Hashed::new(namespace, id));
            profiles.put(text, owners);
        }
        Ok(profiles)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Gives a profile to these identities instead of what they had.
    fn put<'t>(&mut self, text: (u64, Rc<str>), owners: impl Iterator<Item = Hashed<'t>>) {
        let at = match self.free.pop() {
            Some(at) => {
                self.texts[at as usize] = text;
                at
            }
            None => {
                self.texts.push(text);
                self.found_by.push(0);
                (self.texts.len() - 1) as u32
            }
        };
        for owner in owners {
            let had = self.by_identity.insert(owner, at);
            self.found_by[at as usize] += 1;
            if let Some(had) = had {
                self.found_by[had as usize] -= 1;
                if self.found_by[had as usize] == 0 {
                    self.texts[had as usize].1 = Rc::from("");
                    self.free.push(had);
                }
            }
        }
    }

    /// Line and text of somebody's profile.
    pub fn find(&self, of: Hashed<'_>) -> Option<&(u64, Rc<str>)> {
        let at = self.by_identity.find(of)?;
        self.texts.get(at as usize)
    }
}

/// The namespaces in which events name people.
fn namespaces(deployment: &Deployment) -> BTreeSet<&str> {
    let programs = deployment.programs().iter();
    programs
        .flat_map(|program| {
            let events = program.loaded().artifact().events.iter();
            events.filter_map(|event| Some(program.text(event.namespace?)))
        })
        .collect()
}

/// The first few names, in order, each once.
fn named<'n>(names: impl IntoIterator<Item = &'n &'n str>) -> String {
    let names: BTreeSet<&str> = names.into_iter().copied().collect();
    let shown: Vec<String> = names.iter().take(3).map(|n| format!("`{n}`")).collect();
    shown.join(", ")
}

/// What is read at once; anything beyond takes the slow way.
const LIMITS: Limits = Limits {
    bytes: LINE_BYTES,
    nesting: 64,
    items: usize::MAX,
};

/// The `identityMap` of a profile: nothing else of it becomes a tree.
fn identity_map(reader: &mut Reader, bytes: &[u8]) -> serde_json::Result<Json> {
    let indexed = reader.index(bytes, &LIMITS);
    let quick = indexed
        .ok()
        .and_then(|indexed| match indexed.member("identityMap") {
            Member::None => Some(Json::Null),
            Member::At(map) => serde_json::from_str(map).ok(),
            Member::Unclear => None,
        });
    quick.map_or_else(|| slow_identity_map(bytes), Ok)
}

fn slow_identity_map(bytes: &[u8]) -> serde_json::Result<Json> {
    #[derive(Deserialize)]
    struct Identified {
        #[serde(rename = "identityMap", default)]
        map: Json,
    }
    match serde_json::from_slice::<Identified>(bytes) {
        Ok(identified) => Ok(identified.map),
        // JSON that is no object, or has the key twice, is JSON for all that.
        Err(_) => serde_json::from_slice::<Json>(bytes).map(|mut json| {
            json.get_mut("identityMap")
                .map(Json::take)
                .unwrap_or_default()
        }),
    }
}

/// `{"Email": [{"id": "a@b"}]}` → Email, a@b.
fn identities(map: &Json) -> Vec<(&str, &str)> {
    let entries = map.as_object().into_iter().flatten();
    entries
        .flat_map(|(namespace, list)| ids(list).map(|id| (namespace.as_str(), id)))
        .collect()
}

fn ids(list: &Json) -> impl Iterator<Item = &str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| item.get("id")?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_look_finds_what_the_slow_one_finds() {
        let deep = format!("{}{}", "[".repeat(70), "]".repeat(70));
        for text in [
            r#"{"identityMap":{"Email":[{"id":"a@b"}]}}"#,
            r#" { "a" : 1 , "identityMap" : { "Email" : [ ] } } "#,
            r#"{"identityMap": null }"#,
            r#"{"identityMap": 7, "b": "\uD800"}"#,
            r#"{"identityMap":{},"identityMap":{"Email":[]}}"#,
            r#"{"identity\u004dap":{"Email":[]}}"#,
            r#"{"identityMap":{"Email":[1e999]}}"#,
            r#"{"identityMap":{"Email":["\uD800"]}}"#,
            r#"{"other":1e999}"#,
            r#"{"identityMap":{"Email":[]}"#,
            &format!("{{\"a\":{deep},\"identityMap\":{{\"Email\":[]}}}}"),
            "[]",
            "7",
            "{}",
            "",
        ] {
            let slow = slow_identity_map(text.as_bytes()).map_err(|e| e.to_string());
            let quick = identity_map(&mut Reader::new(), text.as_bytes());
            assert_eq!(quick.map_err(|e| e.to_string()), slow, "{text}");
        }
    }

    /// Read where no event names anybody.
    fn read(text: &str, report: &mut Report) -> Profiles {
        let nothing = Deployment::new(Vec::new()).unwrap();
        Profiles::read(&mut Feed::new(text.as_bytes()), &nothing, report).unwrap()
    }

    #[test]
    fn a_text_that_nobody_finds_any_more_is_not_kept() {
        let line =
            |n: usize, ids: &str| format!("{{\"n\":{n},\"identityMap\":{{\"Email\":[{ids}]}}}}\n");
        let (a, b) = ("{\"id\":\"a\"}", "{\"id\":\"b\"}");
        let mut text: String = (0..100).map(|n| line(n, a)).collect();
        text += &line(100, &format!("{b},{b}"));
        text += &line(101, &format!("{a},{b}"));
        text += &line(102, a);
        let mut report = Report::default();
        let profiles = read(&text, &mut report);
        let of = |id| {
            profiles
                .find(Hashed::new("Email", id))
                .map(|(line, _)| *line)
        };
        assert_eq!((of("a"), of("b")), (Some(103), Some(102)));
        assert!(profiles.texts.len() <= 4, "{} texts", profiles.texts.len());
        let kept = profiles.texts.iter().filter(|(_, text)| !text.is_empty());
        assert_eq!(kept.count(), 2);
    }

    #[test]
    fn profiles_are_found_by_each_of_their_identities() {
        let text = concat!(
            "{\"identityMap\":{\"Email\":[{\"id\":\"a@b\"}],\"ECID\":[{\"id\":\"1\"},{\"id\":\"2\"}]}}\n",
            "{\"name\":\"nobody\"}\n",
            "{broken\n",
        );
        let mut report = Report::default();
        let profiles = read(text, &mut report);
        assert!(
            profiles.find(Hashed::new("Email", "a@b")).is_some()
                && profiles.find(Hashed::new("ECID", "2")).is_some()
        );
        assert!(profiles.find(Hashed::new("ECID", "a@b")).is_none());
        let codes: Vec<&str> = report.rejections.keys().map(String::as_str).collect();
        assert_eq!(codes, ["INVALID_JSON", "NO_IDENTITY"]);
        assert_eq!(report.profiles_of_nobody.count, 1);
    }
}
