//! Names that a journey binds and nothing reads, neither its steps nor what its tests expect.

use super::journey::JourneyCx;
use crate::diag::{Code, Diagnostic};
use crate::source::Span;
use journey_grammar::ast::{self, AstNode};
use std::collections::BTreeSet;

impl<'a> JourneyCx<'a, '_> {
    /// Says so of every name that nothing reads. Silent where a broken part might have read it.
    pub fn unread(&mut self, j: ast::JourneyDecl<'a>) {
        if j.has_error() {
            return;
        }
        let read: BTreeSet<&str> = j
            .syntax()
            .descendants()
            .filter_map(ast::NameRef::cast)
            .map(ast::NameRef::text)
            .collect();
        let unread: Vec<(String, Span)> = self
            .vars
            .iter()
            .filter(|v| !v.name.starts_with(['_', '$']) && !read.contains(v.name.as_str()))
            .map(|v| (v.name.clone(), v.span))
            .collect();
        if unread.is_empty() {
            return;
        }
        let world = self.world;
        let own = j.name().map(ast::Name::text);
        let tests = world.tests.iter();
        let tests = tests.filter(|t| t.journey().map(ast::QName::full).as_deref() == own);
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for test in tests {
            if test.has_error() {
                return;
            }
            let names = test.syntax().descendants().filter_map(ast::NameRef::cast);
            asked.extend(names.map(ast::NameRef::text));
        }
        let journey = self.span(j);
        for (name, span) in unread {
            if asked.contains(name.as_str()) {
                continue;
            }
            // Somebody meant to read it, and was told so.
            if self.bag.suggests(journey, &name) {
                continue;
            }
            let d = Diagnostic::new(Code::UnusedBinding, span, format!("nothing reads `{name}`"));
            self.report(d.why("a name that begins with `_` may stay unread"));
        }
    }
}
