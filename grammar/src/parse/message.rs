//! pest's failure to a reader's sentence. In: the failure of one island, and where the island stands. Out: one error, on a token or at the
//! empty place behind the last one. Never here: a rule's name in a message.

use pest::error::{Error, ErrorVariant, InputLocation};

use super::{
    attempt::Attempt,
    island::Island,
    phrase::{list, only_lengthens, quoted, words},
};
use crate::{
    error::{SyntaxError, SyntaxErrorKind as E},
    kind::SyntaxKind as K,
    outline::Item,
    rules::Rule,
    span::Span,
    tree::Token,
    vocabulary::{Place, keyword, nearest},
    word::Word,
};

/// What is said where a host calls with too small a stack. It is told once: what follows has no more of it.
pub(crate) const OUT_OF_STACK: &str =
    "there is too little of the stack left to read what begins here";

/// The failure as the tokens around it show it.
pub(super) struct Failure<'t> {
    pub text: &'t str,
    /// The significant token before, if the island has one.
    pub before: Option<Token>,
    /// The offending token; none when the island ends too early.
    pub found: Option<Token>,
    /// What the grammar would have taken instead, but for what could only lengthen the expression before.
    pub expected: Vec<Rule>,
    /// Whether what stands before is an operand, which an operator could follow.
    pub behind_operand: bool,
    pub attempt: Attempt<'t>,
}

/// Says why an item does not parse.
pub(crate) fn explain(
    failure: &Error<Rule>,
    item: &Item,
    island: &Island<'_>,
    text: &str,
    tokens: &[Token],
) -> SyntaxError {
    let attempt = Attempt {
        place: item.place,
        island,
    };
    if let ErrorVariant::CustomError { .. } = failure.variant {
        // pest gave up before it had read what is here, and says nothing of that.
        let first = tokens.get(item.first as usize);
        let span = first.map_or(Span { start: 0, end: 0 }, |token| token.span);
        return SyntaxError::new(E::TooDeep, span, OUT_OF_STACK);
    }
    if let Some(token) = tokens.get(item.keyword as usize)
        && let Some(error) = begins_nothing(*token, text, &attempt)
    {
        return error;
    }
    let at = match failure.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let offset = island.start(at) as u32;
    let range = tokens
        .get(item.first as usize..item.end as usize)
        .unwrap_or(&[]);
    let significant = |t: &&Token| !t.kind.is_trivia();
    let found = range
        .iter()
        .filter(significant)
        .find(|t| t.span.end > offset)
        .copied();
    let start = found.map_or(u32::MAX, |t| t.span.start);
    let before = range
        .iter()
        .rev()
        .filter(significant)
        .find(|t| t.span.end <= start)
        .copied();
    let positives = match &failure.variant {
        ErrorVariant::ParsingError { positives, .. } => positives.clone(),
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let prefix = |r: Rule| matches!(r, Rule::op_not | Rule::op_neg);
    let behind_operand = positives.iter().any(|r| only_lengthens(*r) && !prefix(*r));
    let behind_keyword = before.is_some_and(|b| tokens.get(item.first as usize) == Some(&b));
    let unlikely = |rule: Rule| {
        // No rule asks for a `.`: it makes a name or an operand longer.
        only_lengthens(rule)
            || rule == Rule::dot
            || behind_operand && matches!(rule, Rule::lbracket | Rule::lparen | Rule::args)
            || behind_keyword && item.place.has_labels() && rule == Rule::colon
    };
    let expected = positives.into_iter().filter(|r| !unlikely(*r)).collect();
    Failure {
        text,
        before,
        found,
        expected,
        behind_operand,
        attempt,
    }
    .sentence(item, tokens)
}

/// What an item, or what looks like one, begins with, when it begins nothing here.
pub(super) fn begins_nothing(
    token: Token,
    text: &str,
    attempt: &Attempt<'_>,
) -> Option<SyntaxError> {
    let word = token.span.of(text);
    let place = attempt.place;
    if place.keywords().is_empty() || place.begins(word) {
        return None;
    }
    if token.kind != K::Word {
        let message = format!("expected {}, found {}", place.item(), quoted(text, token));
        let error = SyntaxError::new(E::UnknownKeyword, token.span, message);
        return Some(match begins_with(place) {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
    let error = SyntaxError::new(
        E::UnknownKeyword,
        token.span,
        format!("`{word}` does not begin {}", place.item()),
    );
    let near = nearest(word, place.keywords().iter().copied());
    Some(
        match (attempt.best(token.span, &near), Place::elsewhere(word)) {
            (Some(near), _) => error
                .hint(format!("did you mean `{near}`?"))
                .fix(token.span, near),
            (None, Some(hint)) => error.hint(hint),
            (None, None) => match begins_with(place) {
                Some(hint) => error.hint(hint),
                None => error,
            },
        },
    )
}

/// What items of a place begin with, when the list is short.
fn begins_with(place: Place) -> Option<String> {
    let (what, place) = match place {
        Place::Journey => ("a step", Place::Steps),
        _ => ("it", place),
    };
    let words: Vec<String> = place.built().map(|word| format!("`{word}`")).collect();
    (!words.is_empty()).then(|| format!("{what} begins with {}", list(words)))
}

impl Failure<'_> {
    fn sentence(&self, item: &Item, tokens: &[Token]) -> SyntaxError {
        let span = match (self.found, self.before) {
            (Some(found), _) => found.span,
            (None, Some(before)) => Span::at(before.span.end),
            (None, None) => Span::at(0),
        };
        let keyword = tokens
            .get(item.keyword as usize)
            .map_or("", |t| t.span.of(self.text));
        if keyword == "await" && self.expected.contains(&Rule::kw_within) {
            if let Some(error) = self.misspelt_within() {
                return error;
            }
            let message = format!("expected `within` and a duration{}", self.context());
            let error = SyntaxError::new(E::UnboundedAwait, span, message);
            return match self.misspelt() {
                Some(word) => error
                    .hint(format!("did you mean `{word}`?"))
                    .fix(span, word),
                None => error
                    .hint("every wait has a bound, so that nobody is left in the journey for ever"),
            };
        }
        if keyword == "let"
            && let Some(error) = self.misspelt_call(item, tokens)
        {
            return error;
        }
        if let Some(error) = self.known_mistake(item, span, tokens) {
            return error;
        }
        let wanted = self.wanted();
        let complete = self.expected.is_empty() || self.expected.contains(&Rule::EOI);
        let message = match (&self.found, wanted.as_slice()) {
            (Some(found), []) => {
                format!("unexpected {}{}", quoted(self.text, *found), self.context())
            }
            (Some(found), _) if complete => {
                format!("unexpected {}{}", quoted(self.text, *found), self.context())
            }
            (Some(found), _) => format!(
                "expected {}{}, found {}",
                list(wanted.clone()),
                self.context(),
                quoted(self.text, *found)
            ),
            (None, []) => format!("this is not complete{}", self.context()),
            (None, _) => format!("expected {}{}", list(wanted.clone()), self.context()),
        };
        let mut error = SyntaxError::new(E::Unexpected, span, message);
        if complete && !wanted.is_empty() && self.found.is_some() {
            error = error.hint(format!("what may follow here is {}", list(wanted)));
        }
        match self.misspelt() {
            Some(word) => error
                .hint(format!("did you mean `{word}`?"))
                .fix(span, word),
            None if self.found_no_name() => {
                error.hint("expressions have this word, so nothing is named so")
            }
            None => error,
        }
    }

    /// Whether a name was expected and a word was found that can be none.
    fn found_no_name(&self) -> bool {
        let named = |r: &Rule| matches!(r, Rule::ident | Rule::param);
        let word = self.found.filter(|t| t.kind == K::Word);
        let reserved = word.is_some_and(|t| {
            let word = t.span.of(self.text).as_bytes();
            Word::of(word, word.len()).is_reserved()
        });
        reserved && self.expected.iter().any(named)
    }

    pub fn expects_expression(&self) -> bool {
        self.expected.iter().any(|r| {
            matches!(
                r,
                Rule::expr
                    | Rule::op_expr
                    | Rule::arith
                    | Rule::no_or_expr
                    | Rule::key_value
                    | Rule::value
            )
        })
    }

    /// ` after …`, with the token before.
    pub fn context(&self) -> String {
        self.before.map_or(String::new(), |t| {
            format!(" after {}", quoted(self.text, t))
        })
    }

    /// The expected word that the offending one was meant to be.
    pub fn misspelt(&self) -> Option<&'static str> {
        let found = self.found.filter(|t| t.kind == K::Word)?;
        let words = self.expected.iter().flat_map(|r| words(*r));
        let near = nearest(found.span.of(self.text), words);
        self.attempt.best(found.span, &near)
    }

    /// The word before what was found, which was read as an event's name, when it was meant to be `within`.
    fn misspelt_within(&self) -> Option<SyntaxError> {
        let before = self.before.filter(|t| t.kind == K::Word)?;
        let near = nearest(before.span.of(self.text), ["within"].into_iter());
        let word = self.attempt.best(before.span, &near)?;
        let message = format!(
            "expected `within` and a duration, found {}",
            quoted(self.text, before)
        );
        let error = SyntaxError::new(E::UnboundedAwait, before.span, message);
        Some(
            error
                .hint(format!("did you mean `{word}`?"))
                .fix(before.span, word),
        )
    }

    /// The word before what was found, which was read as a name, when it was meant to be what calls something that is bound.
    fn misspelt_call(&self, item: &Item, tokens: &[Token]) -> Option<SyntaxError> {
        let before = self.before.filter(|t| t.kind == K::Word)?;
        self.found
            .filter(|t| matches!(t.kind, K::Word | K::Backtick))?;
        let range = tokens.get(item.first as usize..item.end as usize)?;
        let earlier = |t: &&Token| !t.kind.is_trivia() && t.span.end <= before.span.start;
        range.iter().rfind(earlier).filter(|t| t.kind == K::Eq)?;
        let near = nearest(before.span.of(self.text), ["send", "fetch"].into_iter());
        let word = self.attempt.best(before.span, &near)?;
        let message = format!("expected `{word}`, found {}", quoted(self.text, before));
        let error = SyntaxError::new(E::Unexpected, before.span, message);
        Some(
            error
                .hint(format!("did you mean `{word}`?"))
                .fix(before.span, word),
        )
    }

    /// What was expected, in the grammar's order, each once, at most five.
    fn wanted(&self) -> Vec<String> {
        let mut rules: Vec<Rule> = self
            .expected
            .iter()
            .copied()
            .filter(|r| *r != Rule::EOI)
            .collect();
        rules.sort();
        let mut phrases: Vec<String> = Vec::new();
        for rule in rules {
            let phrase = match keyword(rule) {
                Some(word) => format!("`{word}`"),
                None => self.phrase(rule),
            };
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        if phrases.iter().any(|p| p == "a value") {
            phrases.retain(|p| p != "a number");
        }
        if phrases.len() > 5 {
            phrases.truncate(4);
            phrases.push("something like it".to_owned());
        }
        phrases
    }

    /// What a reader calls a rule.
    fn phrase(&self, rule: Rule) -> String {
        let before = self.before.map_or("", |t| t.span.of(self.text));
        match rule {
            Rule::arith | Rule::no_or_expr => match before {
                "within" | "after" | "wait" | "timeout" | "cache" | "for" | "per" | "backoff"
                | "advance" => "a duration",
                "until" | "to" | "starts" | "closes" => "a time",
                "most" | "retry" | "limit" | "repeat" | "priority" | "seed" => "a number",
                _ => "a value",
            },
            Rule::expr
            | Rule::op_expr
            | Rule::key_value
            | Rule::value
            | Rule::postfix
            | Rule::signed => "an expression",
            Rule::ident | Rule::qname | Rule::event_pattern => match before {
                "on" | "await" | "receive" | "emit" | "history" => "an event",
                "send" | "no" | "sent" => "an action",
                "fetch" => "a source",
                _ => "a name",
            },
            Rule::name | Rule::name_ref => "a name",
            Rule::label => "a label",
            Rule::string => "a string",
            Rule::type_ref => "a type",
            Rule::integer | Rule::decimal | Rule::share => "a number",
            Rule::duration
            | Rule::date
            | Rule::time
            | Rule::date_time
            | Rule::date_time_only
            | Rule::boolean => "a value",
            Rule::record | Rule::update_record => "a record",
            Rule::list => "a list",
            Rule::args | Rule::params => "`(`",
            Rule::arg => "an argument",
            Rule::named_arg | Rule::lambda | Rule::window => "an argument",
            Rule::param => "a parameter",
            Rule::record_field | Rule::update_field | Rule::type_field => "a field",
            Rule::field_path => "a field",
            Rule::returns | Rule::arrow => "`->` and a type",
            Rule::binding => "`as` and a name",
            Rule::where_clause => "`where`",
            Rule::for_audience => "`for`",
            Rule::else_clause | Rule::else_if | Rule::else_pattern => "`else`",
            Rule::wait_or => "`or` and an event",
            Rule::weekday => "a weekday",
            Rule::pattern | Rule::value_pattern | Rule::missing_pattern => {
                "a value, `missing` or `else`"
            }
            Rule::outcome => "`capped`, `timeout`, `failed` or `http`",
            Rule::over_limit => "`drop` or `queue for` and a duration",
            Rule::pace => "`at` and a pace",
            Rule::schedule => "a schedule",
            Rule::stub_fails => "`fails`",
            Rule::stub_times => "`once` or a number of `times`",
            Rule::path_step => "a label",
            Rule::if_expr => "`if`",
            Rule::audience_entry => "`entry to`",
            Rule::audience_exit => "`exit from`",
            Rule::enter_batch => "`from`",
            Rule::at_most => "`at most`",
            Rule::stays_at_most => "`stays at most`",
            Rule::never_after => "`never`",
            Rule::category_item => "`category`",
            Rule::match_arm => Place::Match.item(),
            Rule::split_arm => Place::Split.item(),
            Rule::parallel_arm => Place::Parallel.item(),
            Rule::lparen => "`(`",
            Rule::rparen => "`)`",
            Rule::lbracket => "`[`",
            Rule::rbracket => "`]`",
            Rule::lbrace => "`{`",
            Rule::rbrace => "`}`",
            Rule::colon => "`:`",
            Rule::comma => "`,`",
            Rule::dot => "`.`",
            Rule::dotdot => "`..`",
            Rule::eq => "`=`",
            Rule::lt => "`<`",
            Rule::gt => "`>`",
            Rule::fat_arrow => "`=>`",
            Rule::pipe => "`|`",
            Rule::percent => "`%`",
            Rule::minus => "`-`",
            Rule::question => "`?`",
            Rule::auth_none
            | Rule::auth_basic
            | Rule::auth_header
            | Rule::auth_query
            | Rule::auth_bearer
            | Rule::auth_token => "`none`, `basic`, `header`, `query`, `bearer` or `token`",
            _ => match crate::parse::shape::shape(rule) {
                crate::parse::shape::Shape::Block => "a block: `{`",
                _ => "something else",
            },
        }
        .to_owned()
    }
}
