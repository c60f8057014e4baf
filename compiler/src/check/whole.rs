//! An update must leave the profile whole: where it may make a record, it sets all that the record cannot do without.
//!
//! `update profile { home.zip: … }` for somebody without a `home` would make one that lacks its required `city`, and the profile
//! could not be read any more.

use super::journey::JourneyCx;
use super::place::Place;
use super::state::State;
use crate::diag::{Code, Diagnostic};
use crate::source::Span;
use crate::types::{Record, Type};

impl JourneyCx<'_, '_> {
    /// Says so when the update may make a record without a required field. `paths` are all that it sets.
    pub fn leaves_whole(&mut self, paths: &[(&[String], Span)], state: &State) {
        for (path, span) in paths {
            let Some(mut ty) = self.world.profile.clone() else {
                return;
            };
            let mut place = Place::profile();
            for (depth, name) in path.iter().enumerate().take(path.len().saturating_sub(1)) {
                let Type::Record(record) = &ty else { break };
                let Some(field) = record.field(self.world.registry, name) else {
                    break;
                };
                place.join(name);
                ty = field.ty;
                let Type::Record(inner) = &ty else { break };
                if state.present.contains(&place) {
                    continue;
                }
                let made = &path[..=depth];
                let lacking = self.lacking(inner, made, paths);
                if let Some(first) = lacking.first() {
                    let name = made.join(".");
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
