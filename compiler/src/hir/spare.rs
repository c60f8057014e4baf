//! Memory of expressions that nobody needs any more, to be used for the next ones.
//!
//! Comes in: whole expressions. Goes out: boxes, lists and texts, new when there are no used ones. Never true here: more memory kept
//! than a large condition takes, or recursion deeper than calls within calls.

use super::expr::{Arg, Expr, ExprKind, Literal};
use crate::source::{FileId, Span};
use crate::types::Type;
use std::cell::RefCell;

/// Most boxes, and most texts and lists, kept.
const MOST: usize = 1024;
/// Most bytes of a text kept.
const LONGEST: usize = 256;
/// Most items of a list kept.
const WIDEST: usize = 16;

/// See the module.
#[derive(Debug, Default)]
pub struct Spare(RefCell<Parts>);

type Boxes = Vec<Box<Expr>>;

#[derive(Debug, Default)]
struct Parts {
    /// There is nothing in them that would have to be given back.
    boxes: Boxes,
    lists: Vec<Vec<Expr>>,
    texts: Vec<String>,
    args: Vec<Vec<Arg>>,
}

impl Spare {
    /// The expression in a box.
    pub fn boxed(&self, e: Expr) -> Box<Expr> {
        self.vacant().fill(e)
    }

    /// A box to be filled. Whoever has it before the expression can make the expression in it: what was just written in parts is
    /// slow to move.
    pub fn vacant(&self) -> Vacant {
        match self.0.borrow_mut().boxes.pop() {
            Some(used) => Vacant(used),
            None => Vacant(Box::new(NOTHING)),
        }
    }

    /// What is in a box, which nobody needs any more.
    pub fn unboxed(&self, mut e: Box<Expr>) -> Expr {
        let inner = std::mem::replace(&mut *e, NOTHING);
        self.0.borrow_mut().boxes.push(e);
        inner
    }

    /// An empty list.
    pub fn list(&self) -> Vec<Expr> {
        self.0.borrow_mut().lists.pop().unwrap_or_default()
    }

    /// Takes a list that nobody needs any more.
    pub fn reuse_list(&self, items: Vec<Expr>) {
        self.0.borrow_mut().items(items);
    }

    /// An empty list for the arguments of a call.
    pub fn args(&self) -> Vec<Arg> {
        self.0.borrow_mut().args.pop().unwrap_or_default()
    }

    /// Takes a list of arguments that nobody needs any more.
    pub fn reuse_args(&self, mut args: Vec<Arg>) {
        args.clear();
        let spare = &mut self.0.borrow_mut().args;
        if spare.len() < WIDEST && args.capacity() <= WIDEST {
            spare.push(args);
        }
    }

    /// A text to keep.
    pub fn text(&self, text: &str) -> String {
        match self.0.borrow_mut().texts.pop() {
            Some(mut used) => {
                used.push_str(text);
                used
            }
            None => text.to_owned(),
        }
    }

    /// Takes a text that nobody needs any more.
    pub fn reuse_text(&self, text: String) {
        self.0.borrow_mut().text(text);
    }

    /// Takes the memory of an expression that nobody needs any more.
    pub fn reuse(&self, e: Expr) {
        let mut parts = self.0.borrow_mut();
        let mut at = parts.boxes.len();
        parts.take_apart(e.kind);
        while let Some(inner) = parts.boxes.get_mut(at) {
            // Whoever fills the box gives nothing back of what is in it.
            if inner.ty.holds_memory() {
                inner.ty = Type::Error;
            }
            let nothing = ExprKind::Literal(Literal::Bool(false));
            let kind = std::mem::replace(&mut inner.kind, nothing);
            parts.take_apart(kind);
            at += 1;
        }
        parts.boxes.truncate(MOST);
    }
}

/// A box with nothing in it.
#[derive(Debug)]
pub struct Vacant(Box<Expr>);

impl Vacant {
    /// The box with an expression in it.
    #[inline(always)]
    pub fn fill(self, e: Expr) -> Box<Expr> {
        let mut used = self.0;
        // There is nothing in it that would have to be given back.
        std::mem::forget(std::mem::replace(&mut *used, e));
        used
    }
}

const NOTHING: Expr = Expr {
    kind: ExprKind::Literal(Literal::Bool(false)),
    ty: Type::Error,
    opt: false,
    span: Span {
        file: FileId(0),
        start: 0,
        end: 0,
    },
};

impl Parts {
    /// Puts the boxes of the operands behind the others, where there are such.
    #[inline(always)]
    fn take_apart(&mut self, kind: ExprKind) {
        match kind {
            ExprKind::Path(a, _)
            | ExprKind::Widen(a)
            | ExprKind::Not(a)
            | ExprKind::Neg(a)
            | ExprKind::IsMissing(a) => self.boxes.push(a),
            ExprKind::OneOf(a, items) => {
                self.boxes.push(a);
                self.items(items);
            }
            ExprKind::Key(a, b)
            | ExprKind::Index(a, b)
            | ExprKind::And(a, b)
            | ExprKind::Or(a, b)
            | ExprKind::Arith(_, a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::Coalesce(a, b)
            | ExprKind::Let {
                value: a, body: b, ..
            } => {
                self.boxes.push(a);
                self.boxes.push(b);
            }
            ExprKind::If(a, b, c) => self.boxes.extend([a, b, c]),
            ExprKind::Call(_, items) | ExprKind::List(items) | ExprKind::Text(items) => {
                self.items(items)
            }
            ExprKind::Inline { args, lambda, .. } => {
                self.items(args);
                self.boxes.extend(lambda.map(|(_, body)| body));
            }
            ExprKind::Literal(Literal::Str(text)) => self.text(text),
            ExprKind::Literal(_) | ExprKind::Root(_) | ExprKind::Record(_) => {}
        }
    }

    #[inline(never)]
    fn items(&mut self, mut items: Vec<Expr>) {
        items.drain(..).for_each(|item| self.take_apart(item.kind));
        if self.lists.len() < MOST && items.capacity() <= WIDEST {
            self.lists.push(items);
        }
    }

    fn text(&mut self, mut text: String) {
        if self.texts.len() < MOST && text.capacity() <= LONGEST {
            text.clear();
            self.texts.push(text);
        }
    }
}
