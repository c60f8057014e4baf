//! One person's moves as text: what a trace prints.
//!
//! Comes in: events, effects with their decisions, and answers of calls. Goes out: lines.
//! Never true here: an order other than that of the moves; a decision that is not told because nobody moved after it.

use super::answers::Answer;
use journey_machine::deployment::{Deployment, Scanned};
use journey_machine::effects::{
    CallRequest, Code, Decision, Effects, Passed, Refusal, Status, StepEvent,
};
use journey_machine::ids::Instant;
use journey_machine::person::Person;
use journey_machine::time::{Zone, print};
use journey_machine::value::{Value, to_json};

/// An instant as `2026-03-01T10:00:00Z`.
pub fn instant(at: Instant) -> String {
    let mut out = String::new();
    match Zone::utc().date_time(at.0) {
        Some(word) => print::date_time(&mut out, word, print::Seconds::Always),
        None => out = format!("{} ms", at.0),
    }
    out
}

/// An event that arrives at somebody, by the names that journeys listen for, as lines.
pub fn heard(
    deployment: &Deployment,
    person: &Person,
    event: &Scanned,
    at: Instant,
) -> Vec<String> {
    let own = event
        .matches
        .iter()
        .filter(|found| *found.namespace == *person.namespace() && *found.id == *person.id());
    let names = own.filter_map(|found| {
        let program = deployment.programs().get(found.program)?;
        let declared = &program.loaded().artifact().events;
        Some(program.text(declared.get(found.event.0 as usize)?.name))
    });
    let mut names: Vec<&str> = names.collect();
    // Two versions of a package declare one event.
    names.dedup();
    let told = names.into_iter();
    told.map(|name| format!("{}  {name} arrives", instant(at)))
        .collect()
}

/// What came of one input as lines: the moves, what somebody stayed outside or where they were for, the refusals.
pub fn effects(deployment: &Deployment, effects: &Effects) -> Vec<String> {
    let mut lines = Vec::new();
    let mut passed = effects.passed.iter().peekable();
    for (before, step) in effects.steps.iter().enumerate() {
        while let Some(stayed) = passed.next_if(|stayed| stayed.after <= before) {
            lines.extend(self::passed(deployment, stayed));
        }
        lines.push(self::step(deployment, step));
        lines.extend(decisions(&step.trace));
    }
    lines.extend(passed.flat_map(|stayed| self::passed(deployment, stayed)));
    let refusals = effects.refusals.iter();
    lines.extend(refusals.map(|refused| refusal(deployment, refused)));
    lines
}

/// That somebody stayed outside, or where they were, and why.
fn passed(deployment: &Deployment, stayed: &Passed) -> Vec<String> {
    let what = match stayed.node {
        Some(node) => format!("{}: stayed", deployment.node_name(stayed.journey, node)),
        None => format!("did not enter {}", deployment.journey_name(stayed.journey)),
    };
    let mut lines = vec![format!("{}  {what}", instant(stayed.at))];
    lines.extend(decisions(&stayed.trace));
    lines
}

fn decisions(trace: &[Decision]) -> impl Iterator<Item = String> {
    trace
        .iter()
        .flat_map(decision)
        .map(|line| format!("    {line}"))
}

/// A move as a line: when, where, what.
fn step(deployment: &Deployment, step: &StepEvent) -> String {
    let node = deployment.node_name(step.journey, step.node);
    let what = match (step.status, step.label.as_deref()) {
        (Status::Entered, _) => format!("entered {}", deployment.journey_name(step.journey)),
        (Status::Ended, Some(label)) => format!("{node}: ended \"{label}\""),
        (Status::Ended, None) => format!("{node}: ended"),
        (Status::Exited, rule) => format!("{node}: exited on {}", rule.unwrap_or("a rule")),
        (status, label) => {
            let code = match step.code {
                Code::Plain => String::new(),
                code => format!(" by {code}"),
            };
            let word = if status == Status::Transition {
                "went on"
            } else {
                status.as_str()
            };
            format!(
                "{node}: {word}{code}{}",
                label.map(|l| format!(" {l}")).unwrap_or_default()
            )
        }
    };
    format!("{}  {what}", instant(step.at))
}

/// A decision as lines: the expression and its value, then what it read.
fn decision(decision: &Decision) -> Vec<String> {
    let (because, came_to) = match (decision.is_condition, &decision.result) {
        (true, None) => ("because ", "unknown".to_string()),
        (true, some) => ("because ", value(some.as_ref())),
        (false, some) => ("", value(some.as_ref())),
    };
    let text = one_line(&decision.text);
    let mut lines = vec![format!("{because}{text} is {came_to}")];
    lines.extend(
        decision
            .operands
            .iter()
            .map(|(path, v)| format!("  {path} = {}", value(v.as_ref()))),
    );
    lines
}

/// An attempt of a call: what is asked for with what.
pub fn attempt(request: &CallRequest) -> String {
    let args = clip(&to_json(&request.args));
    let verb = if request.is_source { "fetch" } else { "send" };
    let again = if request.key.attempt > 1 {
        format!(" (attempt {})", request.key.attempt)
    } else {
        String::new()
    };
    format!("{verb} {} {args}{again}", request.name)
}

/// An answer to an attempt as a line.
pub fn answer_to(attempt: &str, answer: &Answer, at: Instant) -> String {
    let body = match answer {
        Answer::Response(_, body) => format!(" {}", clip(&String::from_utf8_lossy(body))),
        Answer::Connection(why) => format!(": {why}"),
        _ => String::new(),
    };
    came_of(attempt, &format!("{}{body}", answer.word()), at)
}

/// An attempt that a limit holds back as a line.
pub fn held(attempt: &str, asked: Instant, start: Instant) -> String {
    let start = format!("held back until {}", instant(start));
    came_of(attempt, &start, asked)
}

/// What came of an attempt as a line.
pub fn came_of(attempt: &str, outcome: &str, at: Instant) -> String {
    format!("{}  {attempt} → {outcome}", instant(at))
}

/// A refusal as a line.
fn refusal(deployment: &Deployment, refusal: &Refusal) -> String {
    let into = refusal
        .journey
        .map(|j| format!(" into {}", deployment.journey_name(j)))
        .unwrap_or_default();
    format!(
        "{}  {}: not let{into}: {}",
        instant(refusal.at),
        refusal.event,
        refusal.code
    )
}

/// A value as JSON, `missing` when there is none.
pub fn value(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Missing) => "missing".to_string(),
        Some(value) => clip(&to_json(value)),
    }
}

/// A condition as it is written, without its layout; comments stand where lines end.
fn one_line(text: &str) -> String {
    if text.contains('\n') {
        let parse = journey_grammar::parse_expression(text);
        let condition = parse.tree.root().children().next();
        if let (true, Some(condition)) = (parse.errors.is_empty(), condition) {
            return clip(&condition.one_line());
        }
    }
    clip(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// At most some hundred characters, none of which a terminal would obey.
fn clip(text: &str) -> String {
    let clean: String = text
        .chars()
        .take(301)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    match clean.char_indices().nth(300) {
        Some((at, _)) => format!("{}…", &clean[..at]),
        None => clean,
    }
}
