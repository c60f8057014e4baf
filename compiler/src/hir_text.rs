//! The checked program as text: `--emit=hir`. One line a step or setting, expressions with their types.
//!
//! Comes in: a program. Goes out: text for people and snapshots. Never true here: text that must parse again.

use crate::hir::*;
use crate::oracle;
use std::fmt::Write;

/// The program.
pub fn program(program: &Program) -> String {
    let mut out = Text {
        out: String::new(),
        depth: 0,
        program,
    };
    out.program();
    out.out
}

struct Text<'p> {
    out: String,
    depth: usize,
    program: &'p Program,
}

/// An expression, its type, and `?` when it may be missing.
fn expr(e: &Expr) -> String {
    format!(
        "{}: {}{}",
        oracle::text(e),
        e.ty,
        if e.opt { "?" } else { "" }
    )
}

fn optional(label: &str, e: Option<&Expr>) -> String {
    e.map_or_else(String::new, |e| format!(" {label} {}", expr(e)))
}

impl Text<'_> {
    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{:width$}{text}", "", width = self.depth * 4);
    }

    fn inside(&mut self, f: impl FnOnce(&mut Self)) {
        self.depth += 1;
        f(self);
        self.depth -= 1;
    }

    fn program(&mut self) {
        let p = self.program;
        self.line(format_args!("package {} {}", p.name, p.version));
        if let Some(environment) = &p.environment {
            self.line(format_args!("environment {environment}"));
        }
        if let Some((schema, ty)) = &p.profile {
            self.line(format_args!(
                "profile {ty} \"{schema}\" identities {}",
                p.identities.join(", ")
            ));
        }
        for (ix, event) in p.events.iter().enumerate() {
            self.event(ix, event);
        }
        for (ix, call) in p.calls.iter().enumerate() {
            self.call(ix, call);
        }
        for journey in &p.journeys {
            self.journey(journey);
        }
        for test in &p.tests {
            self.line(format_args!(
                "test {:?} for journey {}: {} statements",
                test.name,
                test.journey,
                test.statements.len()
            ));
        }
    }

    fn event(&mut self, ix: usize, event: &Event) {
        let business = if event.business { " business" } else { "" };
        self.line(format_args!(
            "event{ix} {}: \"{}\"{business}",
            event.name, event.schema
        ));
        self.inside(|t| {
            if let Some(e) = &event.condition {
                t.line(format_args!("where {}", expr(e)));
            }
            if let Some(e) = &event.key {
                t.line(format_args!(
                    "key {} in {}",
                    expr(e),
                    event.namespace.as_deref().unwrap_or("?")
                ));
            }
            if let Some((e, within)) = &event.dedupe {
                t.line(format_args!("dedupe {} within {within}ms", expr(e)));
            }
        });
    }

    fn call(&mut self, ix: usize, call: &Call) {
        let kind = if call.is_source { "source" } else { "action" };
        let params = call
            .params
            .iter()
            .map(|(name, ty, opt)| format!("{name}: {ty}{}", if *opt { "?" } else { "" }));
        let params = params.collect::<Vec<_>>().join(", ");
        let response = call
            .response
            .as_ref()
            .map_or_else(String::new, |ty| format!(" -> {ty}"));
        self.line(format_args!(
            "call{ix} {kind} {}({params}){response}",
            call.name
        ));
        self.inside(|t| {
            t.line(format_args!("{} {}", call.method, expr(&call.url)));
            for (what, pairs) in [("query", &call.query), ("header", &call.headers)] {
                for (name, value) in pairs {
                    t.line(format_args!("{what} {name:?} {}", template(value)));
                }
            }
            if let Some(body) = &call.body {
                t.line(format_args!("json {}", expr(body)));
            }
            t.line(format_args!("auth {}", auth(&call.auth)));
            let (times, least, most) = call.retry;
            t.line(format_args!(
                "timeout {}ms, retry {times} {least}ms..{most}ms, cache {}ms",
                call.timeout_ms, call.cache_ms
            ));
            if let Some((count, per, queue)) = call.limit {
                let queue = queue.map_or_else(|| "drop".into(), |ms| format!("queue {ms}ms"));
                t.line(format_args!("limit {count} per {per}ms else {queue}"));
            }
            if let Some(ty) = &call.failure {
                t.line(format_args!("failure {ty}"));
            }
            for (what, value) in [
                ("idempotency header", &call.idempotency_header),
                ("channel", &call.channel),
                ("category", &call.category),
            ] {
                if let Some(value) = value {
                    t.line(format_args!("{what} {value}"));
                }
            }
        });
    }

    fn journey(&mut self, journey: &Journey) {
        self.line(format_args!("journey {}", journey.name));
        self.inside(|t| {
            for (ix, var) in journey.vars.iter().enumerate() {
                t.line(format_args!(
                    "var{ix} {}: {} ({})",
                    var.name,
                    var.ty,
                    kind(var.kind)
                ));
            }
            for entry in &journey.entries {
                t.listen("enter on", entry);
            }
            t.line(format_args!("reenter {}", reenter(journey.reenter)));
            let zone = optional("timezone", journey.timezone.as_ref());
            t.line(format_args!(
                "fallback zone {}{zone}",
                journey.fallback_zone
            ));
            if let Some((e, most)) = &journey.instance_per {
                t.line(format_args!("instance per {} at most {most}", expr(e)));
            }
            for (what, at) in [("starts", journey.starts), ("closes", journey.closes)] {
                if let Some(at) = at {
                    t.line(format_args!("{what} {at}"));
                }
            }
            for exit in &journey.exits {
                match &exit.when {
                    ExitWhen::Event(on) => t.listen("exit on", on),
                    ExitWhen::Condition(e) => t.line(format_args!("exit when {}", expr(e))),
                }
                t.maybe("then", exit.then.as_ref());
            }
            t.line(format_args!(
                "expires after {}, priority {}",
                span(journey.expires),
                journey.priority
            ));
            t.maybe("on expiry", journey.on_expiry.as_ref());
            t.maybe("on error", journey.on_error.as_ref());
            t.block("steps", &journey.body);
        });
    }

    fn listen(&mut self, what: &str, on: &Listen) {
        let event = self
            .program
            .events
            .get(on.event.0 as usize)
            .map_or("?", |event| event.name.as_str());
        let var = on
            .var
            .map_or_else(String::new, |var| format!(" as var{}", var.0));
        self.line(format_args!(
            "{what} {event}{var}{}",
            optional("where", on.condition.as_ref())
        ));
    }

    fn block(&mut self, what: &str, block: &Block) {
        self.line(format_args!("{what}:"));
        self.inside(|t| block.steps.iter().for_each(|step| t.step(step)));
    }

    fn maybe(&mut self, what: &str, block: Option<&Block>) {
        if let Some(block) = block {
            self.block(what, block);
        }
    }

    fn step(&mut self, step: &Step) {
        let label = step
            .label
            .as_ref()
            .map_or_else(String::new, |label| format!("{label}: "));
        match &step.kind {
            StepKind::Wait { until, or } => {
                self.line(format_args!("{label}wait {}", when(until)));
                self.inside(|t| t.arms(or));
            }
            StepKind::Await {
                arms,
                within,
                timeout,
            } => {
                self.line(format_args!("{label}await within {}", when(within)));
                self.inside(|t| {
                    t.arms(arms);
                    t.block("else", timeout);
                });
            }
            StepKind::Branch {
                cases,
                otherwise,
                is_match,
            } => {
                self.line(format_args!(
                    "{label}{}",
                    if *is_match { "match" } else { "if" }
                ));
                self.inside(|t| {
                    for (condition, block) in cases {
                        t.block(&format!("case {}", expr(condition)), block);
                    }
                    t.maybe("else", otherwise.as_ref());
                });
            }
            StepKind::Split { name, arms } => {
                self.line(format_args!("{label}split {name:?}"));
                self.inside(|t| {
                    for (share, arm, block) in arms {
                        t.block(&format!("{}.{:02}% {arm}", share / 100, share % 100), block);
                    }
                });
            }
            StepKind::Let {
                var,
                value,
                otherwise,
            } => {
                self.line(format_args!("{label}let var{} = {}", var.0, expr(value)));
                self.inside(|t| t.maybe("else", otherwise.as_ref()));
            }
            StepKind::Call {
                call,
                args,
                var,
                outcomes,
                otherwise,
            } => {
                let name = self
                    .program
                    .calls
                    .get(call.0 as usize)
                    .map_or("?", |call| call.name.as_str());
                let args = args
                    .iter()
                    .map(|arg| arg.as_ref().map_or_else(|| "-".into(), expr));
                let args = args.collect::<Vec<_>>().join(", ");
                let var = var.map_or_else(String::new, |var| format!(" as var{}", var.0));
                self.line(format_args!("{label}call {name}({args}){var}"));
                self.inside(|t| {
                    for outcome in outcomes {
                        let var = outcome
                            .var
                            .map_or_else(String::new, |var| format!(" as var{}", var.0));
                        t.block(&format!("on {}{var}", on(outcome.on)), &outcome.block);
                    }
                    t.maybe("else", otherwise.as_ref());
                });
            }
            StepKind::Update { fields } => {
                self.line(format_args!("{label}update profile"));
                self.inside(|t| {
                    fields.iter().for_each(|(path, e)| {
                        t.line(format_args!("{} = {}", path.join("."), expr(e)))
                    })
                });
            }
            StepKind::End { label: end } => {
                let end = end
                    .as_ref()
                    .map_or_else(String::new, |e| format!(" {}", expr(e)));
                self.line(format_args!("{label}end{end}"));
            }
        }
    }

    fn arms(&mut self, arms: &[Arm]) {
        for arm in arms {
            self.listen("on", &arm.on);
            self.inside(|t| arm.block.steps.iter().for_each(|step| t.step(step)));
        }
    }
}

fn kind(kind: VarKind) -> &'static str {
    match kind {
        VarKind::Event(_) => "event",
        VarKind::Response(_) => "response",
        VarKind::Failure(_) => "failure",
        VarKind::Value => "value",
    }
}

fn reenter(reenter: Reenter) -> String {
    match reenter {
        Reenter::Never => "never".into(),
        Reenter::Always => "always".into(),
        Reenter::After(after) => format!("after {}", span(after)),
    }
}

fn span(span: FixedSpan) -> String {
    match span {
        FixedSpan::Exact(ms) => format!("{ms}ms"),
        FixedSpan::Calendar(months, days) => format!("{months}mo {days}d"),
    }
}

fn when(when: &When) -> String {
    match when {
        When::After(e) => format!("after {}", expr(e)),
        When::At(e) => format!("until {}", expr(e)),
        When::TimeOfDay(ms) => format!("until clock {ms}ms"),
        When::Weekday(day, ms) => format!("until weekday {day} clock {ms}ms"),
    }
}

fn on(on: OutcomeKind) -> String {
    match on {
        OutcomeKind::Capped => "capped".into(),
        OutcomeKind::Timeout => "timeout".into(),
        OutcomeKind::Http(status) => format!("http {status}"),
        OutcomeKind::Failed => "failed".into(),
    }
}

fn template(template: &Template) -> String {
    match template {
        Template::Value(e) => expr(e),
        Template::Secret(name) => format!("secret.{name}"),
    }
}

fn auth(auth: &Auth) -> String {
    match auth {
        Auth::None => "none".into(),
        Auth::Basic(user, password) => format!("basic({}, {})", template(user), template(password)),
        Auth::Header(name, value) => format!("header {name:?} {}", template(value)),
        Auth::Query(name, value) => format!("query {name:?} {}", template(value)),
        Auth::Bearer(value) => format!("bearer {}", template(value)),
        Auth::Token {
            url,
            body,
            token_path,
            expires_path,
            cache_ms,
            place,
        } => {
            let body = body
                .iter()
                .map(|(name, value)| format!("{name}: {}", template(value)))
                .collect::<Vec<_>>()
                .join(", ");
            let expires = expires_path
                .as_ref()
                .map_or_else(String::new, |path| format!(" expires at {path}"));
            let place = match place {
                TokenPlace::Bearer => "bearer".into(),
                TokenPlace::Header(name) => format!("header {name:?}"),
                TokenPlace::Query(name) => format!("query {name:?}"),
            };
            format!(
                "token post {} {{ {body} }} token at {token_path}{expires} cache {cache_ms}ms as {place}",
                expr(url)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_printed_line_by_line() {
        let toml = "[package]\nname = \"p\"\nversion = \"1.0.0\"\n\n[schemas]\npaths = [\"schemas\"]\n\n[profile]\nschema = \"x\"\nidentities = [\"Email\"]\n";
        let schema = r#"{"$id": "x", "type": "object", "properties": {"who": {"type": "string"}, "n": {"type": "integer"}, "_id": {"type": "string"}}}"#;
        let journey = "schema S = \"x\"\nevent Go: S {\n    where n > 1\n    key who in Email\n}\n\njourney J {\n    enter on Go as go\n    wait 1h\n    if profile.n == 2 {\n        end \"{go.who ?? \"?\"}\"\n    }\n}\n";
        let file = |path: &str, text: &str| crate::source::SourceFile {
            path: path.into(),
            text: text.into(),
        };
        let files = vec![
            file("journey.toml", toml),
            file("schemas/x.json", schema),
            file("a.journey", journey),
        ];
        let sources = crate::source::Sources::new(files);
        let analysis = crate::check::check(&crate::package::PackageInput {
            sources,
            environment: None,
        });
        assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
        let text = program(&analysis.program);
        for line in [
            "package p 1.0.0",
            "event0 Go: \"x\"",
            "    key input.who: string? in Email",
            "journey J",
            "    enter on Go as var0",
            "            case (profile.n == 2): boolean?:",
            "                end \"{(var0.who ?? \"?\")}\": string",
        ] {
            assert!(text.lines().any(|l| l == line), "no `{line}` in\n{text}");
        }
    }
}
