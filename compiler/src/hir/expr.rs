//! Typed expressions: operands are already converted, so both sides of an operator have one type; missing values are in the types.

use super::ids::{LocalId, VarId};
use super::path::{Step, Steps};
use crate::source::Span;
use crate::types::Type;
use journey_machine::func::{Function, Intrinsic};
use std::sync::Arc;

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its type.
    pub ty: Type,
    /// Whether it may be missing (a boolean: unknown).
    pub opt: bool,
    /// Where it is written.
    pub span: Span,
}

/// What an expression is. Operands were already converted (`Widen`), so both sides of an operator have one type.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// Where a path starts.
    Root(Root),
    /// `.name` of a record, and `.name` of what is there, and so on; missing when the base or a step is. The base is no path.
    Path(Box<Expr>, Steps),
    /// `map["key"]`: base, string key.
    Key(Box<Expr>, Box<Expr>),
    /// `list[0]`: base, integer index (negative counts from the end).
    Index(Box<Expr>, Box<Expr>),
    /// What another type fits, as a value of this one: an integer as a decimal; a record without the fields that nobody asked for. So
    /// lists and maps of them.
    Widen(Box<Expr>),
    /// Kleene.
    Not(Box<Expr>),
    /// Kleene.
    And(Box<Expr>, Box<Expr>),
    /// Kleene.
    Or(Box<Expr>, Box<Expr>),
    /// `-x`: integer, decimal, duration.
    Neg(Box<Expr>),
    /// Arithmetic on two integers, two decimals, or (add, sub) two durations. Date arithmetic is a `Call` of `op.add`, `op.sub`.
    Arith(ArithOp, Box<Expr>, Box<Expr>),
    /// Comparison of two values of one type (enum counts as string). Unknown when either is missing.
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// `x in [a, b, c]` with the alternatives written out. True if any is equal; else unknown if `x` or any compared one is missing; else false.
    OneOf(Box<Expr>, Vec<Expr>),
    /// `a ?? b`.
    Coalesce(Box<Expr>, Box<Expr>),
    /// `if c then a else b`; unknown takes `b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x is missing`: always known.
    IsMissing(Box<Expr>),
    /// `"text {x}"`: pieces are string typed (others were converted by a `Call` of `toString`); missing if any piece is.
    Text(Vec<Expr>),
    /// `[a, b]`: items of one type; missing items are null items.
    List(Vec<Expr>),
    /// `{ a: x }`.
    Record(Vec<(String, Expr)>),
    /// A function of the machine's table; missing if any argument or its result is.
    Call(&'static Function, Vec<Expr>),
    /// A list function that is expanded in place.
    Inline {
        /// Which.
        op: Intrinsic,
        /// The list or map, then further plain arguments.
        args: Vec<Expr>,
        /// The lambda: its parameter and body.
        lambda: Option<(LocalId, Box<Expr>)>,
    },
    /// Binds a value inside an expression (an inlined function's argument). Strict: missing value, missing whole; else the local may be missing.
    Let {
        /// The name.
        local: LocalId,
        /// Its value.
        value: Box<Expr>,
        /// Whether a missing value makes the whole missing.
        strict: bool,
        /// Where it is in scope.
        body: Box<Expr>,
    },
}

impl ExprKind {
    /// `base.name`, which is of type `ty`.
    pub fn field(base: Box<Expr>, name: Arc<str>, ty: Type) -> ExprKind {
        let step = Step::new(name, ty);
        match base.kind {
            ExprKind::Path(base, steps) => ExprKind::Path(base, steps.and(step)),
            _ => ExprKind::Path(base, Steps::one(step)),
        }
    }
}

/// Where a path starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Root {
    /// `profile`.
    Profile,
    /// The event of a `where`, `key`, `dedupe`; the arguments record in a call's templates.
    Input,
    /// A variable of the journey.
    Var(VarId),
    /// A name bound inside the expression.
    Local(LocalId),
}

/// Arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArithOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`: by zero is missing; integers truncate.
    Div,
    /// `%`: by zero is missing.
    Rem,
}

/// Comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// Boolean.
    Bool(bool),
    /// Integer.
    Int(i64),
    /// Decimal.
    Dec(f64),
    /// String (or enum value).
    Str(String),
    /// Date: days since 1970-01-01.
    Date(i32),
    /// dateTime: milliseconds, offset minutes.
    DateTime(i64, i32),
    /// dateTimeOnly: milliseconds.
    Local(i64),
    /// Time of day: milliseconds.
    Time(u32),
    /// Exact duration: milliseconds.
    Duration(i64),
    /// Calendar duration: months, days.
    Period(i32, i32),
}

/// An argument after its own check.
#[derive(Debug)]
pub enum Arg {
    /// A value.
    Value(Box<Expr>),
    /// A lambda.
    Lambda {
        /// Its parameter.
        local: LocalId,
        /// Its body.
        body: Box<Expr>,
    },
}

impl Arg {
    /// Whether something in it was reported.
    pub fn is_error(&self) -> bool {
        match self {
            Arg::Value(e) | Arg::Lambda { body: e, .. } => e.ty.is_error(),
        }
    }

    /// The value, if it is one.
    pub fn value(self) -> Option<Box<Expr>> {
        match self {
            Arg::Value(value) => Some(value),
            Arg::Lambda { .. } => None,
        }
    }

    /// Its type, for messages.
    pub fn describe(&self) -> String {
        match self {
            Arg::Value(e) => e.ty.to_string(),
            Arg::Lambda { body, .. } => format!("… => {}", body.ty),
        }
    }
}
