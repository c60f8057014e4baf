//! `update profile`: which fields are set, and to what.
//!
//! Comes in: the record that is written. Goes out: paths in the profile with values of their types. Never true here: one path twice, or
//! behind what lies in it; a field that the profile has not.

use super::expr::unparen;
use super::journey::JourneyCx;
use super::place::Part;
use super::plain;
use super::state::State;
use crate::diag::{Code, Diagnostic};
use crate::hir::StepKind;
use crate::source::Span;
use crate::types::Type;
use journey_grammar::ast::{self, PathPart};

impl<'a> JourneyCx<'a, '_> {
    /// The fields that are set, in order, and what is known of the profile behind it.
    pub fn update(&mut self, u: ast::UpdateStep<'a>, state: &mut State) -> Option<StepKind> {
        let mut fields: Vec<(Vec<String>, crate::hir::Expr)> = Vec::new();
        let mut spans = Vec::new();
        let record = u.record()?;
        for field in record.fields() {
            let (Some(path), Some(value)) = (field.path(), field.value()) else {
                continue;
            };
            let Some((segments, ty)) = self.profile_path(path) else {
                self.cx(state).infer(value);
                // Nobody knows what it would have written.
                state.unguarded = true;
                continue;
            };
            let span = self.span(path);
            if fields.iter().any(|(p, _)| *p == segments) {
                self.report(Diagnostic::new(
                    Code::DuplicateName,
                    span,
                    format!("`{}` is set twice", segments.join(".")),
                ));
                continue;
            }
            if let Some((inside, _)) = fields.iter().find(|(p, _)| p.starts_with(&segments)) {
                let message = format!(
                    "`{}` is set before, and this sets all that is around it",
                    inside.join(".")
                );
                let d = Diagnostic::new(Code::DuplicateName, span, message);
                self.report(d.why("set what is around first, or only that"));
                continue;
            }
            if matches!(ty, Type::Record(_)) && matches!(unparen(value), ast::Expr::Record(_)) {
                self.whole_record(value, &segments);
                continue;
            }
            let mut cx = self.cx(state);
            let value = cx.required(value, &ty, "the new value");
            cx.whole_lists(&value, "the new value");
            fields.push((segments, value));
            spans.push(span);
        }
        let paths: Vec<(&[String], Span)> = fields
            .iter()
            .map(|(p, _)| p.as_slice())
            .zip(spans)
            .collect();
        self.leaves_whole(&paths, state);
        let ways: Vec<Vec<Part>> = fields.iter().map(|(names, _)| self.way(names)).collect();
        for part in ways.iter().filter_map(|way| way.last()) {
            state.forget(&part.place);
        }
        for way in &ways {
            state.written(way);
        }
        Some(StepKind::Update { fields })
    }

    fn whole_record(&mut self, value: ast::Expr<'a>, path: &[String]) {
        let at = self.span(value);
        let d = Diagnostic::new(Code::NotYet, at, "setting a whole record is not built yet");
        let path = path.join(".");
        self.report(
            d.label("not yet")
                .why(format!("set its fields one by one: `{path}.field: …`")),
        );
    }

    /// A path in the profile, and the type of what it leads to. Says what is wrong.
    fn profile_path(&mut self, path: ast::FieldPath<'a>) -> Option<(Vec<String>, Type)> {
        let span = self.span(path);
        let Some(mut ty) = self.world.profile.clone() else {
            let d = self.world.no_profile(span);
            d.into_iter().for_each(|d| self.report(d));
            return None;
        };
        let mut segments = Vec::new();
        for part in path.parts() {
            let (name, at) = match part {
                PathPart::Name(n) => (n.text().to_string(), self.span(n)),
                PathPart::Key(k) => {
                    let name = plain::text(self.bag, self.file, k, "a key")?;
                    (name, self.span(k))
                }
                PathPart::Position(p) => {
                    let at = self.span(p);
                    self.not_yet(at, "setting one item of a list");
                    return None;
                }
            };
            ty = match &ty {
                Type::Map(value) => (**value).clone(),
                Type::Record(record) => match record.field(self.world.registry, &name) {
                    Some(field) => field.ty,
                    None if record.is_lost(self.world.registry) => return None,
                    None => {
                        let names = record.names(self.world.registry);
                        let d = Diagnostic::new(
                            Code::UnknownField,
                            at,
                            format!("the profile has no field `{name}` here"),
                        );
                        let d = d.did_you_mean(&name, names.iter().copied());
                        self.report(d);
                        return None;
                    }
                },
                Type::Error => return None,
                other => {
                    let message = format!("{} has no fields", other.article());
                    self.report(Diagnostic::new(Code::UnknownField, at, message));
                    return None;
                }
            };
            segments.push(name);
        }
        Some((segments, ty))
    }
}
