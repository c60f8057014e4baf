//! Event declarations: what matches, who it is about, what makes two of them the same.

use super::expr::{ExprCx, Input, Scope, build};
use super::world::{Declared, EventSig, World};
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::walk;
use crate::hir::{CompareOp, Event, EventId, Expr, ExprKind, Root};
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, AstNode};
use std::collections::BTreeMap;

/// How long an event is remembered unless its declaration says otherwise: a day of 24 hours.
const DEDUPE_MS: u64 = 86_400_000;

/// Gives every event its id and its record's type.
pub fn signatures(world: &mut World<'_>, bag: &mut Bag) {
    let mut found: Vec<(&String, &Declared<'_>, ast::EventDecl<'_>)> = world
        .decls
        .iter()
        .filter_map(|(name, d)| match d.decl {
            ast::Decl::Event(e) => Some((name, d, e)),
            _ => None,
        })
        .collect();
    found.sort_by_key(|(_, d, _)| d.span);
    let mut events = BTreeMap::new();
    for (n, (name, declared, e)) in found.into_iter().enumerate() {
        let (schema, ty) = match e.schema() {
            Some(q) => {
                let at = q.span();
                let span = Span {
                    file: declared.file,
                    start: at.start,
                    end: at.end,
                };
                match world.schemas.get(&q.full()) {
                    Some(found) => found.clone(),
                    None => {
                        let among = world.schemas.keys().map(String::as_str).collect();
                        world.not_found(
                            bag,
                            Code::UnknownSchema,
                            "a schema",
                            &q.full(),
                            span,
                            among,
                        );
                        (String::new(), Type::Error)
                    }
                }
            }
            None => (String::new(), Type::Error),
        };
        let namespace = e.key().and_then(ast::EventKey::namespace);
        let namespace = namespace.map(|name| name.text().to_string());
        let is_known =
            |of: &String| world.manifest.identities.contains(of) && !world.twice.contains(name);
        events.insert(
            name.clone(),
            EventSig {
                namespace: namespace.filter(is_known),
                id: EventId(n as u32),
                ty,
                schema,
                span: declared.span,
            },
        );
    }
    world.events = events;
}

/// Checks one event declaration.
pub fn check<'a>(
    world: &World<'a>,
    bag: &mut Bag,
    declared: &Declared<'a>,
    e: ast::EventDecl<'a>,
    next_local: &mut u32,
) -> Option<Event> {
    let name = e.name()?.text().to_string();
    let sig = world.events.get(&name)?.clone();
    let input = Input {
        ty: sig.ty.clone(),
        bare: true,
        alias: None,
    };
    let scope = Scope {
        input: Some(input),
        ..Scope::default()
    };
    let mut cx = ExprCx {
        world,
        bag,
        file: declared.file,
        scope,
        next_local,
    };
    cx.refuse_doubles(e);
    let rule = e.condition().map(|c| cx.condition(c));
    let condition = match e.id() {
        Some(id) => {
            let id_test = cx.system_id(&sig, id);
            Some(match rule {
                Some(rule) => {
                    let span = rule.span;
                    *cx.logic(true, Box::new(id_test), Box::new(rule), span)
                }
                None => id_test,
            })
        }
        None => rule,
    };
    if condition.is_none() && !e.has_error() {
        let d = Diagnostic::new(
            Code::MissingSetting,
            declared.span,
            format!("`{name}` does not say which events it is"),
        )
        .why("without `where` (or `id`) every event of the schema would be one");
        cx.report(d);
    }
    if e.is_business() {
        let d = Diagnostic::new(
            Code::NotYet,
            declared.span,
            "business events are not built yet",
        );
        cx.report(d.label("not yet"));
    }
    let (key, namespace) = match e.key() {
        Some(key) => cx.identity(key),
        None => {
            if !e.is_business() && !e.has_error() {
                let d = Diagnostic::new(Code::MissingSetting, declared.span, format!("`{name}` does not say who it is about"))
                    .why("`key EXPR in Namespace` finds the person; an event about nobody is marked `business`");
                cx.report(d);
            }
            (None, None)
        }
    };
    let dedupe = match e.dedupe() {
        Some(d) => cx.dedupe(d),
        None => cx.default_dedupe(&sig, declared.span),
    };
    let dedupe_by = dedupe.as_ref().map(|(by, _)| by);
    for written in condition.iter().chain(&key).chain(dedupe_by) {
        cx.refuse_zone(written);
    }
    let doc = declared.decl.doc().unwrap_or_default();
    let business = e.is_business();
    Some(Event {
        name,
        doc,
        schema: sig.schema,
        ty: sig.ty,
        condition,
        key,
        namespace,
        dedupe,
        business,
        span: declared.span,
    })
}

/// Where the journey's zone is looked at, within `at`: the body of a function that was written out here stands elsewhere.
fn looks_at_zone(e: &Expr, at: Span) -> Option<Span> {
    let at = if e.span.to(at) == at { e.span } else { at };
    if matches!(&e.kind, ExprKind::Call(function, _) if function.uses.zone) {
        return Some(at);
    }
    let mut found = None;
    walk::children(e, &mut |part| {
        found = found.or_else(|| looks_at_zone(part, at));
    });
    found
}

impl<'a> ExprCx<'a> {
    fn refuse_doubles(&mut self, e: ast::EventDecl<'a>) {
        let mut seen: Vec<(journey_grammar::SyntaxKind, Span)> = Vec::new();
        for line in e.lines() {
            let (kind, span) = (line.kind(), self.at(line.span()));
            if kind == journey_grammar::SyntaxKind::Error {
                continue;
            }
            match seen.iter().find(|(k, _)| *k == kind) {
                Some((_, first)) => {
                    let first = *first;
                    let d = Diagnostic::new(
                        Code::DuplicateSetting,
                        span,
                        "this setting stands twice in one event",
                    );
                    self.report(
                        d.related(first, "first here")
                            .why("join two conditions with `and`"),
                    );
                }
                None => seen.push((kind, span)),
            }
        }
    }

    /// What an event is, whom it is about and what makes two the same are asked before any journey is known: there is no zone.
    fn refuse_zone(&mut self, e: &Expr) {
        let Some(at) = looks_at_zone(e, e.span) else {
            return;
        };
        let d = Diagnostic::new(Code::WrongKind, at, "no journey's zone is known here")
            .label("looks at the journey's time zone")
            .why("an event is matched, and its person found, before any journey is; ask in `enter on … where` or in a step, or name the zone: `toDateTimeOnly(updateTimeZone(timestamp, \"Europe/Paris\")).hour()`");
        self.report(d);
    }

    /// `id "…"`: the platform writes the id into `_experience.campaign.orchestration.eventID`.
    fn system_id(&mut self, sig: &EventSig, id: ast::EventId<'a>) -> Expr {
        let span = self.span(id);
        let Some(value) = id.id() else {
            return build::error(span);
        };
        let value = self.required(value, &Type::String, "the event's id");
        let value = self.folded(value, "the event's id");
        let mut path = build::expr(ExprKind::Root(Root::Input), sig.ty.clone(), false, span);
        for name in ["_experience", "campaign", "orchestration", "eventID"] {
            let field = match &path.ty {
                Type::Record(record) => record.field(self.world.registry, name),
                _ => None,
            };
            let Some(field) = field else {
                if !sig.ty.is_error() {
                    let d = Diagnostic::new(Code::UnknownField, span, format!("the schema has no field `{name}` for the id"))
                        .why("a system-generated event carries its id in `_experience.campaign.orchestration.eventID`; use a schema with that field, or `where`");
                    self.report(d);
                }
                return build::error(span);
            };
            let opt = path.opt || field.opt;
            path = build::expr(
                ExprKind::field(Box::new(path), name.into(), field.ty.clone()),
                field.ty,
                opt,
                span,
            );
        }
        *self.compare(CompareOp::Eq, "==", Box::new(path), Box::new(value), span)
    }

    fn identity(&mut self, key: ast::EventKey<'a>) -> (Option<Expr>, Option<String>) {
        let value = key.key().map(|k| {
            let checked = self.infer(k);
            // May be missing: such an event is about nobody and is recorded as such.
            self.expect(checked, &Type::String, "the key")
        });
        let Some(name) = key.namespace() else {
            return (value, None);
        };
        let known = &self.world.manifest.identities;
        let lost = self.world.manifest.lost.identities;
        if !lost && !known.iter().any(|n| n == name.text()) {
            let at = self.span(name);
            let d = Diagnostic::new(
                Code::UnknownNamespace,
                at,
                format!("the package has no identity namespace `{}`", name.text()),
            );
            let d = d.did_you_mean(name.text(), known.iter().map(String::as_str));
            self.report(if d.fix.is_none() {
                d.why("journey.toml lists them: [profile] identities = [\"ECID\", …]")
            } else {
                d
            });
        }
        (value, Some(name.text().to_string()))
    }

    fn dedupe(&mut self, d: ast::EventDedupe<'a>) -> Option<(Expr, u64)> {
        let checked = self.infer(d.key()?);
        let text = self.to_text(checked);
        let window = self.fixed_ms(d.within()?, "the window")?;
        Some((text, window))
    }

    /// `_id` within a day, when the schema has that field.
    fn default_dedupe(&mut self, sig: &EventSig, span: Span) -> Option<(Expr, u64)> {
        let Type::Record(record) = &sig.ty else {
            return None;
        };
        let field = record
            .field(self.world.registry, "_id")
            .filter(|f| f.ty == Type::String)?;
        let root = build::expr(ExprKind::Root(Root::Input), sig.ty.clone(), false, span);
        Some((
            build::expr(
                ExprKind::field(Box::new(root), "_id".into(), field.ty.clone()),
                field.ty,
                field.opt,
                span,
            ),
            DEDUPE_MS,
        ))
    }
}
