//! An update must leave the profile whole: where it may make a record, it sets all that the record cannot do without.
//!
//! `update profile { home.zip: … }` for somebody without a `home` would make one that lacks its required `city`, and the profile
//! could not be read any more. An entry of a map is made as a field is.

use super::journey::JourneyCx;
use super::place::{Part, Place};
use super::state::State;
use crate::diag::{Code, Diagnostic};
use crate::source::Span;
use crate::types::{Record, Type};

impl JourneyCx<'_, '_> {
    /// The parts of the profile on the way by these names, the last of which is what they lead to.
    pub fn way(&self, names: &[String]) -> Vec<Part> {
        let mut way: Vec<Part> = Vec::with_capacity(names.len());
        let mut ty = self.world.profile.clone();
        let (mut place, mut text) = (Place::profile(), String::new());
        for name in names {
            ty = match ty {
                Some(Type::Map(value)) => {
                    place = place.at_key(name);
                    text = format!("{text}[{name:?}]");
                    Some((*value).clone())
                }
                Some(Type::Record(record)) => {
                    place.join(name);
                    let dot = if text.is_empty() { "" } else { "." };
                    text = format!("{text}{dot}{name}");
                    let field = record.field(self.world.registry, name);
                    field.map(|field| field.ty)
                }
                _ => None,
            };
            let Some(ty) = ty.clone() else { break };
            way.push(Part {
                place: place.clone(),
                ty,
                text: text.clone(),
            });
        }
        way
    }

    /// Says so when the update may make a record without a required field. `paths` are all that it sets. Silent where it is not known
    /// which records are there.
    pub fn leaves_whole(&mut self, paths: &[(&[String], Span)], state: &State) {
        if state.unguarded {
            return;
        }
        for (at, (path, span)) in paths.iter().enumerate() {
            for (depth, part) in self
                .way(&path[..path.len().saturating_sub(1)])
                .iter()
                .enumerate()
            {
                let Type::Record(record) = &part.ty else {
                    continue;
                };
                // What is set as a whole is there, with what its type requires of it; nobody knows what else is in it.
                let made = &path[..=depth];
                let is_in = |(whole, _): &&(&[String], Span)| made.starts_with(whole);
                let is_there = match paths[..at].iter().rfind(is_in) {
                    Some((whole, _)) => self.requires(whole, &made[whole.len()..]),
                    None => state.present.contains(&part.place),
                };
                if is_there {
                    continue;
                }
                let lacking = self.lacking(record, made, paths);
                if let Some(first) = lacking.first() {
                    let name = &part.text;
                    let d = Diagnostic::new(
                        Code::MaybeMissing,
                        *span,
                        format!("`{name}` may be missing, and the one made here would lack `{first}`"),
                    )
                    .label("may make a record that is not whole")
                    .why(format!(
                        "the schema requires {} of it: set them in the same update, or guard with `profile.{name} is present`",
                        lacking.iter().map(|l| format!("`{l}`")).collect::<Vec<_>>().join(", ")
                    ));
                    self.report(d);
                    break;
                }
            }
        }
    }

    /// Whether what lies at a path in the profile is never without what lies at these names in it.
    fn requires(&self, whole: &[String], names: &[String]) -> bool {
        let mut ty = self.way(whole).pop().map(|part| part.ty);
        names.iter().all(|name| {
            let field = match &ty {
                Some(Type::Record(record)) => record.field(self.world.registry, name),
                _ => None,
            };
            let is_required = field.as_ref().is_some_and(|field| !field.opt);
            ty = field.map(|field| field.ty);
            is_required
        })
    }

    /// The required fields of the record at `made` that no path sets.
    fn lacking(
        &self,
        record: &Record,
        made: &[String],
        paths: &[(&[String], Span)],
    ) -> Vec<String> {
        let required = |name: &&str| {
            record
                .field(self.world.registry, name)
                .is_some_and(|f| !f.opt)
        };
        let set = |name: &str| {
            paths
                .iter()
                .any(|(p, _)| p.len() > made.len() && p.starts_with(made) && p[made.len()] == name)
        };
        let names = record.names(self.world.registry);
        names
            .into_iter()
            .filter(required)
            .filter(|n| !set(n))
            .map(str::to_string)
            .collect()
    }
}
