//! Where text may stand, and which words begin something there. Plain tables, kept beside the grammar file: a test compares the two.

use crate::rules::Rule;

/// What the items of a block (or of the file) are. Decides the rule that parses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    File,
    Event,
    Call,
    Token,
    Policy,
    Journey,
    Steps,
    Match,
    Split,
    Outcome,
    Await,
    Parallel,
    Test,
    /// A single expression; a line break does not end it.
    Expression,
}

const DECLS: &[&str] = &[
    "schema", "event", "audience", "source", "action", "function", "const", "policy", "flow",
    "journey", "test",
];
const EVENT: &[&str] = &["where", "id", "key", "dedupe", "business"];
const CALL: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "query",
    "header",
    "json",
    "form",
    "auth",
    "cache",
    "timeout",
    "retry",
    "limit",
    "idempotency",
    "channel",
    "category",
    "failure",
];
const TOKEN: &[&str] = &[
    "get", "post", "put", "patch", "delete", "query", "header", "json", "form", "token", "expires",
    "cache", "as",
];
const POLICY: &[&str] = &["at", "quiet", "priority", "limit"];
const SETTINGS: &[&str] = &[
    "enter",
    "reenter",
    "timezone",
    "exit",
    "expires",
    "on",
    "instance",
    "starts",
    "closes",
    "priority",
    "policy",
    "guarantee",
];
const STEPS: &[&str] = &[
    "wait", "await", "if", "match", "split", "limit", "let", "send", "update", "start", "run",
    "emit", "repeat", "break", "parallel", "end", "return",
];
const JOURNEY: &[&str] = &[
    "enter",
    "reenter",
    "timezone",
    "exit",
    "expires",
    "on",
    "instance",
    "starts",
    "closes",
    "priority",
    "policy",
    "guarantee",
    "wait",
    "await",
    "if",
    "match",
    "split",
    "limit",
    "let",
    "send",
    "update",
    "start",
    "run",
    "emit",
    "repeat",
    "break",
    "parallel",
    "end",
    "return",
];
const TEST: &[&str] = &[
    "at", "seed", "profile", "audience", "history", "stub", "choose", "receive", "advance",
    "expect",
];

/// Settings and steps that are not built yet.
const LATER: &[&str] = &[
    "priority",
    "policy",
    "guarantee",
    "limit",
    "start",
    "run",
    "emit",
    "repeat",
    "break",
    "parallel",
    "return",
];

impl Place {
    /// The rule that parses one item of it.
    pub fn rule(self) -> Rule {
        match self {
            Place::File => Rule::island_decl,
            Place::Event => Rule::island_event,
            Place::Call => Rule::island_call,
            Place::Token => Rule::island_token,
            Place::Policy => Rule::island_policy,
            Place::Journey => Rule::island_journey,
            Place::Steps => Rule::island_step,
            Place::Match => Rule::island_match,
            Place::Split => Rule::island_split,
            Place::Outcome => Rule::island_outcome,
            Place::Await => Rule::island_await,
            Place::Parallel => Rule::island_parallel,
            Place::Test => Rule::island_test,
            Place::Expression => Rule::island_expr,
        }
    }

    /// What the items in the block of a declaration are, by its keyword.
    pub fn of_declaration(keyword: &str) -> Place {
        match keyword {
            "event" => Place::Event,
            "source" | "action" => Place::Call,
            "policy" => Place::Policy,
            "journey" => Place::Journey,
            "test" => Place::Test,
            _ => Place::Steps,
        }
    }

    /// The words its items begin with; empty where they begin otherwise.
    pub fn keywords(self) -> &'static [&'static str] {
        match self {
            Place::File => DECLS,
            Place::Event => EVENT,
            Place::Call => CALL,
            Place::Token => TOKEN,
            Place::Policy => POLICY,
            Place::Journey => JOURNEY,
            Place::Steps => STEPS,
            Place::Outcome => &["on"],
            Place::Await => &["on", "else"],
            Place::Test => TEST,
            Place::Match | Place::Split | Place::Parallel | Place::Expression => &[],
        }
    }

    /// Those of them that begin what is built: a hint offers no others.
    pub fn built(self) -> impl Iterator<Item = &'static str> {
        let later: &[&str] = match self {
            Place::File => &["audience", "policy", "flow"],
            Place::Event => &["business"],
            Place::Call => &["form"],
            Place::Token => &["put", "patch", "delete", "get", "query", "header", "form"],
            Place::Journey | Place::Steps => LATER,
            Place::Test => &["audience", "history"],
            _ => &[],
        };
        let words = self.keywords().iter().copied();
        words.filter(|word| !later.contains(word))
    }

    /// Whether its items are arms: a pattern of some kind, then a block that ends them.
    pub fn is_arms(self) -> bool {
        matches!(
            self,
            Place::Match | Place::Split | Place::Outcome | Place::Await | Place::Parallel
        )
    }

    /// Whether its items may carry a label.
    pub fn has_labels(self) -> bool {
        matches!(self, Place::Journey | Place::Steps)
    }

    /// What a reader calls one item of it.
    pub fn item(self) -> &'static str {
        match self {
            Place::File => "a declaration",
            Place::Event => "a line of an event",
            Place::Call => "a line of a source or an action",
            Place::Token => "a line of `auth token`",
            Place::Policy => "a line of a policy",
            Place::Journey => "a setting or a step",
            Place::Steps => "a step",
            Place::Match => "an arm: a pattern and a block",
            Place::Split => "a branch: a share, a name and a block",
            Place::Outcome => "an outcome: `on`, what happened and a block",
            Place::Await => "`on` and what is awaited, or `else`",
            Place::Parallel => "a branch: a label and a block",
            Place::Test => "a statement of a test",
            Place::Expression => "an expression",
        }
    }

    /// Whether items of it begin with this word.
    pub fn begins(self, word: &str) -> bool {
        self.keywords().contains(&word)
    }

    /// The keyword of this place nearest to a word that is none, the first of several equally near.
    pub fn nearest(self, word: &str) -> Option<&'static str> {
        nearest(word, self.keywords().iter().copied())
            .first()
            .copied()
    }

    /// Another place where items begin with this word, for a hint.
    pub fn elsewhere(word: &str) -> Option<&'static str> {
        Some(match word {
            w if DECLS.contains(&w) && w != "policy" && w != "audience" => {
                "it begins a declaration, outside of any other"
            }
            w if SETTINGS.contains(&w) && w != "on" => {
                "it begins a setting, which stands directly in the journey's block"
            }
            w if STEPS.contains(&w) && w != "limit" => {
                "it begins a step, which stands in a journey"
            }
            w if TEST.contains(&w) => "it begins a statement of a test",
            w if CALL.contains(&w) => "it begins a line of a source or an action",
            w if EVENT.contains(&w) => "it begins a line of an event",
            "fetch" => "what it fetches is given a name: `let NAME = fetch …`",
            _ => return None,
        })
    }
}

/// The keywords of the declarations in whose blocks items begin with this word.
pub fn declarations_with(word: &str) -> impl Iterator<Item = &'static str> {
    let blocks = ["event", "source", "action", "policy", "journey", "test"];
    blocks
        .into_iter()
        .filter(move |keyword| Place::of_declaration(keyword).begins(word))
}

/// The candidates nearest to `word`, which are all equally near: at most two letters away, and fewer than half of them. A word of the
/// language is not misspelt.
pub(crate) fn nearest(
    word: &str,
    candidates: impl Iterator<Item = &'static str>,
) -> Vec<&'static str> {
    if word.len() < 3 || word.len() > 24 || keywords().iter().flatten().any(|k| k == word) {
        return Vec::new();
    }
    let far = |c: &str| (distance(word, c), word.len().min(c.len()));
    let near: Vec<_> = candidates
        .map(|c| (far(c), c))
        .filter(|((far, len), _)| *far <= 2 && 2 * far < *len)
        .collect();
    let least = near.iter().map(|((far, _), _)| *far).min();
    let nearest = near.iter().filter(|((far, _), _)| Some(*far) == least);
    nearest.map(|(_, c)| *c).collect()
}

/// The word of a keyword's rule.
pub(crate) fn keyword(rule: Rule) -> Option<&'static str> {
    let at = Rule::all_rules().iter().position(|r| *r == rule)?;
    keywords().get(at)?.as_deref()
}

/// The word of every rule, in the order of all rules: the names of keywords' rules are their words.
fn keywords() -> &'static [Option<String>] {
    static WORDS: std::sync::OnceLock<Vec<Option<String>>> = std::sync::OnceLock::new();
    WORDS.get_or_init(|| {
        let names = Rule::all_rules().iter().map(|r| format!("{r:?}"));
        names
            .map(|n| n.strip_prefix("kw_").map(str::to_owned))
            .collect()
    })
}

/// How many letters must be changed, added, dropped or swapped with a neighbour to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before_last[j - 2] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::JourneyParser;
    use pest::{Parser as _, error::ErrorVariant};

    /// Whether the grammar takes the word as the beginning of an item, and not only as a label.
    fn grammar_begins(place: Place, word: &str) -> bool {
        match JourneyParser::parse(place.rule(), word) {
            Ok(_) => true,
            Err(error) => {
                let at = match error.location {
                    pest::error::InputLocation::Pos(at)
                    | pest::error::InputLocation::Span((at, _)) => at,
                };
                let ErrorVariant::ParsingError { positives, .. } = error.variant else {
                    return false;
                };
                at == word.len() && positives.iter().any(|r| *r != Rule::colon)
            }
        }
    }

    #[test]
    fn the_tables_say_what_the_grammar_says() {
        let words: Vec<String> = Rule::all_rules()
            .iter()
            .filter_map(|r| format!("{r:?}").strip_prefix("kw_").map(str::to_owned))
            .collect();
        assert!(words.len() > 100);
        #[rustfmt::skip]
        let places = [
            Place::File, Place::Event, Place::Call, Place::Token, Place::Policy, Place::Journey, Place::Steps, Place::Outcome,
            Place::Await, Place::Test,
        ];
        for place in places {
            for word in &words {
                assert_eq!(
                    place.begins(word),
                    grammar_begins(place, word),
                    "{word} in {place:?}"
                );
            }
        }
    }

    #[test]
    fn near_words_are_near_and_others_are_not() {
        assert_eq!(Place::File.nearest("jurney"), Some("journey"));
        assert_eq!(Place::Steps.nearest("awiat"), Some("await"));
        assert_eq!(Place::Steps.nearest("ned"), Some("end"));
        assert_eq!(Place::Steps.nearest("to"), None);
        assert_eq!(Place::Steps.nearest("frobnicate"), None);
    }
}
