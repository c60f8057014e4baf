//! Texts of effects, and their memory.
//!
//! Comes in: texts to copy, effects that a host is done with. Goes out: texts of their own, in the memory of those that came back.
//! Never true here: memory kept without bound; a text that says anything when it is handed out again.

use crate::effects::{AuthRequest, CallRequest, Effects, Text};

/// Texts that are kept, and the longest of them: as many as the effects of one busy turn have.
const KEPT: usize = 64;
const KEPT_BYTES: usize = 1024;
/// Room for most texts.
const ROOM: usize = 64;

/// Memory for texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// Empty, each with room.
    free: Vec<String>,
}

impl Texts {
    /// A text to write.
    #[inline]
    pub fn blank(&mut self) -> String {
        self.free
            .pop()
            .unwrap_or_else(|| String::with_capacity(ROOM))
    }

    /// A copy.
    #[inline]
    pub fn copy(&mut self, text: &str) -> String {
        let mut out = self.blank();
        out.push_str(text);
        out
    }

    /// Takes a text back.
    #[inline]
    pub fn give_back(&mut self, mut text: String) {
        if (1..=KEPT_BYTES).contains(&text.capacity()) && self.free.len() < KEPT {
            text.clear();
            self.free.push(text);
        }
    }

    /// Takes the texts of effects back; nothing else of them is left but their memory.
    pub fn reclaim(&mut self, effects: &mut Effects) {
        while let Some(step) = effects.steps.pop() {
            step.label.into_iter().for_each(|text| self.give_back(text));
        }
        while let Some(refusal) = effects.refusals.pop() {
            self.give_back(refusal.event);
        }
        while let Some(call) = effects.calls.pop() {
            self.reclaim_call(call);
        }
        effects.clear();
    }

    fn reclaim_call(&mut self, call: CallRequest) {
        let CallRequest {
            name,
            method,
            url,
            query,
            headers,
            body,
            auth,
            idempotency_header,
            channel,
            category,
            ..
        } = call;
        let mut body = body.unwrap_or_default();
        body.clear();
        let body = String::from_utf8(body).unwrap_or_default();
        let some = [idempotency_header, channel, category];
        let all = [name, method, url, body].into_iter();
        all.chain(some.into_iter().flatten())
            .for_each(|text| self.give_back(text));
        for (name, text) in query.into_iter().chain(headers) {
            self.give_back(name);
            self.reclaim_text(text);
        }
        match auth {
            AuthRequest::Bearer(text) => self.reclaim_text(text),
            AuthRequest::Header(name, text) | AuthRequest::Query(name, text) => {
                self.give_back(name);
                self.reclaim_text(text);
            }
            AuthRequest::Basic { user, password } => {
                self.reclaim_text(user);
                self.reclaim_text(password);
            }
            // One that is answered once and kept for long.
            AuthRequest::None | AuthRequest::Token { .. } => {}
        }
    }

    fn reclaim_text(&mut self, text: Text) {
        let (Text::Plain(text) | Text::Secret(text)) = text;
        self.give_back(text);
    }
}
