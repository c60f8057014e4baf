//! Mistakes that are made often, told by their own names. In: the failure of one island. Out: the sentence that helps, if it is one of them.
//! Never here: what a rule is called.

use super::message::{Failure, begins_nothing};
use crate::{
    error::{SyntaxError, SyntaxErrorKind as E},
    kind::SyntaxKind as K,
    outline::Item,
    rules::Rule,
    span::Span,
    tree::Token,
    vocabulary::Place,
};

impl Failure<'_> {
    /// Mistakes that are made often, told by their own names.
    pub fn known_mistake(&self, item: &Item, span: Span, tokens: &[Token]) -> Option<SyntaxError> {
        if let Some(error) = self.quoted_namespace(item, tokens) {
            return Some(error);
        }
        let found = self.found?;
        let word = found.span.of(self.text);
        let complete = self.expected.is_empty() || self.expected.contains(&Rule::EOI);
        let gap = Span::new(self.before.map_or(span.start, |t| t.span.end), span.start);
        if let Some(error) = self.short_hour(found) {
            return Some(error);
        }
        match found.kind {
            K::Eq if !self.expected.contains(&Rule::eq) => self.equals(span, item, tokens),
            K::Pipe if self.behind_operand && !self.expected.contains(&Rule::pipe) => {
                let error = SyntaxError::new(
                    E::Unexpected,
                    span,
                    format!("unexpected `|`{}", self.context()),
                );
                Some(error.hint("for one or the other, write `or`"))
            }
            K::Word if word == "in" && self.expects_expression() => {
                let message = format!("expected an expression{}, found `in`", self.context());
                let error = SyntaxError::new(E::Unexpected, span, message);
                Some(error.hint("`in` stands between an item and its list: `x in list`"))
            }
            K::Word if self.is_pattern(item) && self.misspelt().is_none() => {
                let message = format!("expected a value{}, found `{word}`", self.context());
                let error = SyntaxError::new(E::Unexpected, span, message);
                Some(
                    error.hint(
                        "an arm takes values that are written out; compare with a name by `if`",
                    ),
                )
            }
            K::Word if word == "with" && keyword_before(item, tokens, self.text, "no") => {
                let message = format!("unexpected `with`{}", self.context());
                let error = SyntaxError::new(E::Unexpected, span, message);
                Some(
                    error.hint(
                        "to say that none went out with these, write `expect sent NAME 0 times with { … }`",
                    ),
                )
            }
            K::LBrace if self.expects_expression() => {
                let error = SyntaxError::new(
                    E::BareRecord,
                    span,
                    "a record that stands alone goes in parentheses",
                );
                Some(error.hint("write `({ … })`: outside of brackets a `{` opens a block"))
            }
            _ if complete && gap.of(self.text).contains('\n') => {
                begins_nothing(found, self.text, &self.attempt)
            }
            K::Word if complete && item.place.begins(word) && self.attempt.begins(span) => {
                let message = format!("`{word}` begins a line of its own");
                let error = SyntaxError::new(E::OneItemPerLine, span, message);
                let before = self.text.get(..span.start as usize).unwrap_or("");
                let line = before.rsplit('\n').next().unwrap_or("");
                let indent = &line[..line.len() - line.trim_start().len()];
                let error = error.hint("there is one setting or step on a line");
                Some(error.fix(gap, format!("\n{indent}")))
            }
            _ => None,
        }
    }

    /// `=` where none can stand: one too many, a `:` or a comparison.
    fn equals(&self, span: Span, item: &Item, tokens: &[Token]) -> Option<SyntaxError> {
        let before = self.before?;
        let message = format!("unexpected `=`{}", self.context());
        let error = SyntaxError::new(E::Unexpected, span, message);
        let named = self.expected.contains(&Rule::colon);
        let (hint, at, instead) = match before.kind {
            K::EqEq | K::NotEq | K::Le | K::Ge => {
                let hint = format!("write `{}`", before.span.of(self.text));
                return Some(error.hint(hint).fix(span, ""));
            }
            // A function may be given a comparison.
            _ if named && self.behind_operand && !self.is_sent(item, tokens) => {
                return Some(
                    error.hint("to give a value by name, write `:`; to compare, write `==`"),
                );
            }
            _ if named => {
                let at = Span::new(before.span.end, span.end);
                ("a value is given by name with `:`", at, ":")
            }
            _ if self.behind_operand => ("to compare, write `==`", span, "=="),
            _ => return None,
        };
        let error = error.hint(hint);
        Some(match self.attempt.helps(at, instead) {
            true => error.fix(at, instead),
            false => error,
        })
    }

    /// `key … in "ECID"`: what stands in quotes there is an item in a list to the grammar, and the `in` of the key is still to come.
    fn quoted_namespace(&self, item: &Item, tokens: &[Token]) -> Option<SyntaxError> {
        if !self.expected.contains(&Rule::kw_in) {
            return None;
        }
        let end = self.before.filter(|t| t.kind == K::StringEnd)?.span.end;
        let range = tokens.get(item.first as usize..item.end as usize)?;
        let before = |t: &&Token| !t.kind.is_trivia() && t.span.end <= end;
        let mut back = range.iter().rev().filter(before);
        let start = back.find(|t| t.kind == K::StringStart)?.span.start;
        back.next().filter(|t| t.span.of(self.text) == "in")?;
        let span = Span::new(start, end);
        let name = span.of(self.text).trim_matches('"');
        let message = "an identity namespace is a name, and has no quotes";
        let error = SyntaxError::new(E::Unexpected, span, message);
        self.attempt
            .helps(span, name)
            .then(|| error.hint(format!("write `in {name}`")).fix(span, name))
    }

    /// `8:00`, an hour of one digit.
    fn short_hour(&self, found: Token) -> Option<SyntaxError> {
        let colon = (found.kind == K::Colon).then_some(found.span)?;
        let hour = self.before.filter(|t| t.kind == K::Integer)?;
        let minutes = self.text.get(colon.end as usize..)?.bytes();
        let is_time = hour.span.len() == 1
            && hour.span.end == colon.start
            && minutes.take_while(u8::is_ascii_digit).count() == 2;
        if !is_time {
            return None;
        }
        let long = format!("0{}", hour.span.of(self.text));
        let message = format!("unexpected `:`{}", self.context());
        let error = SyntaxError::new(E::Unexpected, colon, message)
            .hint("the hour of a time has two digits: `08:00`");
        Some(match self.attempt.helps(hour.span, &long) {
            true => error.fix(hour.span, long),
            false => error,
        })
    }

    /// Whether a value of an arm of `match` is asked for.
    fn is_pattern(&self, item: &Item) -> bool {
        let asks = |r: &Rule| matches!(r, Rule::match_arm | Rule::pattern | Rule::signed);
        item.place == Place::Match && self.expected.iter().any(asks)
    }

    /// Whether what was found stands among the arguments of a source or an action.
    fn is_sent(&self, item: &Item, tokens: &[Token]) -> bool {
        let range = tokens.get(item.first as usize..item.end as usize);
        let end = self.found.map_or(0, |t| t.span.start);
        let before = |t: &&Token| !t.kind.is_trivia() && t.span.start < end;
        let mut back = range.unwrap_or(&[]).iter().rev().filter(before);
        let mut open = 1;
        let opener = back.find(|t| {
            match t.kind {
                K::RParen | K::RBracket | K::RBrace | K::InterpClose => open += 1,
                K::LParen | K::LBracket | K::LBrace | K::InterpOpen => open -= 1,
                _ => {}
            }
            open == 0
        });
        let name = |t: &&Token| matches!(t.kind, K::Dot | K::Backtick) || t.kind == K::Word;
        let verb = |t: &Token| matches!(t.span.of(self.text), "send" | "fetch" | "run");
        opener.is_some_and(|t| t.kind == K::LParen) && back.take_while(name).any(verb)
    }
}

/// Whether the second word of an item is this one.
fn keyword_before(item: &Item, tokens: &[Token], text: &str, word: &str) -> bool {
    let words = tokens.get(item.keyword as usize..item.end as usize);
    let mut words = words.unwrap_or(&[]).iter().filter(|t| !t.kind.is_trivia());
    words.nth(1).is_some_and(|t| t.span.of(text) == word)
}
