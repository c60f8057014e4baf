//! Answers that are kept for a while: `cache D`.
//!
//! Comes in: requests, and the answers that arrive for them. Goes out: the last answer to the same request, as long as it may be used again.
//! Never true here: an answer that has not arrived; one that is older than its request allows; two requests that are not the same and
//! pass for one.

use super::answers::Answer;
use journey_machine::effects::{AuthRequest, CallRequest, Field, Text, TokenGoes};
use journey_machine::ids::Instant;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Answers that are kept at most.
const MOST: usize = 10_000;

/// All that makes a request the one it is, but for who asks and when.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Same(Rc<[u8]>);

/// Answers, by request.
#[derive(Debug, Default)]
pub struct Cache {
    answers: BTreeMap<Same, (Instant, Answer)>,
    /// Until when each may be used again.
    ends: BTreeSet<(Instant, Same)>,
}

impl Cache {
    /// The last answer to the same request, if it may be used again now.
    pub fn fresh(&self, of: &Same, now: Instant) -> Option<Answer> {
        let (until, answer) = self.answers.get(of)?;
        (*until > now).then(|| answer.clone())
    }

    /// Keeps an answer that arrives now; what is no success is not kept. Those that are over make room, then the one that is the next
    /// to be over.
    pub fn arrived(&mut self, of: Same, answer: &Answer, now: Instant, ms: u64) {
        if !matches!(answer, Answer::Response(200..=299, _)) {
            return;
        }
        let until = now.plus(i64::try_from(ms).unwrap_or(i64::MAX));
        let kept = (until, answer.clone());
        if let Some((before, _)) = self.answers.insert(of.clone(), kept) {
            self.ends.remove(&(before, of.clone()));
        }
        self.ends.insert((until, of));
        while let Some((first, _)) = self.ends.first()
            && (*first <= now || self.ends.len() > MOST)
        {
            if let Some((_, of)) = self.ends.pop_first() {
                self.answers.remove(&of);
            }
        }
    }
}

impl Same {
    /// What the request asks for.
    pub fn new(request: &CallRequest) -> Same {
        let mut parts = Parts(Vec::new());
        parts.text(&request.name);
        parts.text(&request.method);
        parts.text(&request.url);
        parts.pairs(&request.query);
        parts.pairs(&request.headers);
        parts.bytes(request.body.as_deref().unwrap_or(b""));
        parts.auth(&request.auth);
        Same(parts.0.into())
    }
}

/// Parts behind one another, each with its length in front.
struct Parts(Vec<u8>);

impl Parts {
    fn bytes(&mut self, part: &[u8]) {
        self.0.extend(part.len().to_le_bytes());
        self.0.extend(part);
    }

    fn text(&mut self, part: &str) {
        self.bytes(part.as_bytes());
    }

    fn value(&mut self, part: &Text) {
        match part {
            Text::Plain(text) => self.text(text),
            Text::Secret(name) => {
                self.text("secret");
                self.text(name);
            }
        }
    }

    fn pairs(&mut self, pairs: &[(String, Text)]) {
        self.0.extend(pairs.len().to_le_bytes());
        for (name, value) in pairs {
            self.text(name);
            self.value(value);
        }
    }

    fn fields(&mut self, fields: &[(String, Field)]) {
        self.0.extend(fields.len().to_le_bytes());
        for (name, value) in fields {
            self.text(name);
            match value {
                Field::Json(json) => self.text(json),
                Field::Secret(name) => {
                    // No JSON.
                    self.text("secret");
                    self.text(name);
                }
            }
        }
    }

    fn auth(&mut self, auth: &AuthRequest) {
        match auth {
            AuthRequest::None => {}
            AuthRequest::Basic { user, password } => {
                self.value(user);
                self.value(password);
            }
            AuthRequest::Header(name, value) | AuthRequest::Query(name, value) => {
                self.text(name);
                self.value(value);
            }
            AuthRequest::Bearer(value) => self.value(value),
            AuthRequest::Token {
                url, body, place, ..
            } => {
                self.text(url);
                self.fields(body);
                if let TokenGoes::Header(name) | TokenGoes::Query(name) = place {
                    self.text(name);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_what_is_over_is_not() {
        let answer = Answer::Response(200, b"{}".to_vec().into());
        let of = |n: usize| Same(n.to_le_bytes().as_slice().into());
        let mut cache = Cache::default();
        for n in 0..MOST + 10 {
            cache.arrived(of(n), &answer, Instant(n as i64), 1_000_000);
        }
        let now = Instant(MOST as i64 + 10);
        let fresh = |cache: &Cache, n, now| cache.fresh(&of(n), now).is_some();
        assert!(!fresh(&cache, 9, now) && fresh(&cache, 10, now));
        assert!(fresh(&cache, MOST + 9, now));
        // The same again: from now on, and once.
        cache.arrived(of(10), &answer, now, 2_000_000);
        assert_eq!(cache.answers.len(), MOST);
        let late = Instant(1_500_000);
        assert!(fresh(&cache, 10, late) && !fresh(&cache, 11, late));
        cache.arrived(of(0), &answer, late, 1);
        assert_eq!((cache.answers.len(), cache.ends.len()), (2, 2));
        cache.arrived(of(1), &Answer::Timeout, late, 1);
        assert_eq!(cache.answers.len(), 2);
    }
}
