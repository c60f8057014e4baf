//! A value that leaves as JSON is taken whole: every scalar its type declares, and its lists, down to the last.
//!
//! Comes in: a type. Goes out: needs for all that is below it. Never true here: a JSON value that nobody described, or a
//! list or map of such; only its presence could be kept, so it is left out, as is an object of which nothing is there, unless the schema
//! requires it: without it nobody who goes by the schema would take the value, not even the profile. A type that holds itself, or more leaves than a payload should carry
//! without anyone having named them, is refused with the advice to name the fields.

use super::layout::Placed;
use super::needs::{At, Seg};
use super::pass::Pass;
use crate::diag::Code;
use crate::source::Span;
use crate::types::{Record, Type};
use journey_artifact::word::ShapeId;

/// Most slots of one row that are taken without being named.
const MOST: usize = 256;

/// Takes all of a value of this type. `span` is what sends it.
pub fn take(pass: &mut Pass<'_>, ty: &Type, span: Span) {
    take_for(pass, ty, Some(span));
}

/// Takes of it what can be taken, and says nothing of the rest.
pub fn take_some(pass: &mut Pass<'_>, ty: &Type) {
    take_for(pass, ty, None);
}

fn take_for(pass: &mut Pass<'_>, ty: &Type, span: Option<Span>) {
    Taking {
        pass,
        span,
        open: Vec::new(),
        stopped: false,
    }
    .own_row(ty);
}

struct Taking<'p, 'a> {
    pass: &'p mut Pass<'a>,
    /// What is told when not all can be taken.
    span: Option<Span>,
    /// Types around the one being taken.
    open: Vec<Type>,
    stopped: bool,
}

impl Taking<'_, '_> {
    /// A value whose parts lie in rows of their own.
    fn own_row(&mut self, ty: &Type) {
        match ty {
            Type::Record(_) => {
                let row = self.pass.rows.item(ty);
                self.items(row, ty);
            }
            Type::List(item) => {
                let row = self.pass.rows.item(item);
                self.items(row, item);
            }
            Type::Map(value) => {
                let row = self.pass.rows.entry(value);
                self.items(row, value);
            }
            _ => {}
        }
    }

    fn items(&mut self, row: ShapeId, ty: &Type) {
        if self.open.contains(ty) {
            return self.stop("this type holds itself, so all of it has no end");
        }
        if !self.stopped && self.pass.whole.insert(row, ()).is_none() {
            self.open.push(ty.clone());
            let mut count = 0;
            let root = self.pass.needs.root(row);
            if matches!(ty, Type::Record(_)) {
                // Without it one that is missing would leave as one of which nothing is there.
                self.pass.present_at(root);
            }
            self.below(root, ty, &mut count);
            self.open.pop();
        }
    }

    fn below(&mut self, at: At, ty: &Type, count: &mut usize) {
        let inner = !self.pass.needs.is_root(at);
        match ty {
            Type::Nothing | Type::Error => return,
            undescribed if undescribed.is_undescribed() => {
                // Read elsewhere it has a place in the row, and would leave as what is kept there.
                let read = |it: &Placed| it.slot.is_some() || it.has_kids();
                if self.pass.placed(at).as_ref().is_some_and(read) {
                    let message = "the schema says nothing of a part of this, and that part is looked at elsewhere";
                    self.refuse(Code::NotYet, message);
                }
                return;
            }
            Type::Record(record) => {
                if inner {
                    if self.open.contains(ty) {
                        return self.stop("this type holds itself, so all of it has no end");
                    }
                    self.open.push(ty.clone());
                }
                let registry = self.pass.registry;
                for name in record.names(registry) {
                    if self.stopped {
                        break;
                    }
                    if let Some(field) = record.field(registry, name) {
                        let at = self.pass.needs.below(at, Seg::Field(name));
                        let by_schema = matches!(record, Record::Xdm(_));
                        if by_schema && !field.opt && self.may_be_empty(&field.ty) {
                            self.pass.needs.leaves(at);
                        }
                        self.below(at, &field.ty, count);
                    }
                }
                if inner {
                    self.open.pop();
                }
                return;
            }
            Type::Map(_) => {
                let word = self.pass.rows.word(ty);
                self.pass.map_at(at, word);
                self.own_row(ty);
            }
            _ => {
                let word = self.pass.rows.word(ty);
                self.pass.value_at(at, word);
                self.own_row(ty);
            }
        }
        *count += 1;
        if *count > MOST {
            self.stop("all of a record with more than 256 fields is needed here");
        }
    }

    /// Whether it is a record that needs none of its fields. Of others something is there that says that they are.
    fn may_be_empty(&self, ty: &Type) -> bool {
        let Type::Record(record) = ty else {
            return false;
        };
        let registry = self.pass.registry;
        let may_lack = |name| {
            let field = record.field(registry, name);
            field.is_none_or(|field| field.opt || field.ty.is_undescribed())
        };
        record.names(registry).into_iter().all(may_lack)
    }

    fn stop(&mut self, message: &str) {
        self.refuse(Code::TooManySlots, message);
    }

    fn refuse(&mut self, code: Code, message: &str) {
        if !self.stopped {
            self.stopped = true;
            let why = "name the fields that are needed: `{ name: value.name, … }`";
            if let Some(span) = self.span {
                self.pass.problem(code, span, message, why);
            }
        }
    }
}
