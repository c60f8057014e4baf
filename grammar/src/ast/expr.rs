//! Views of expressions. An operator's operands are nested by precedence; nothing here computes or types.

use super::{
    name::{Name, unquote},
    view::{AstNode, accessors, all, choice, first, views},
};
use crate::{
    kind::SyntaxKind,
    literal::{self, LiteralError, LiteralValue},
    span::Span,
    tree::{Node, Part, Token},
    word::Word,
};

views! {
    /// A number, a boolean, a date, a time or a duration.
    Literal,
    /// A string of any of the three forms.
    StringLit,
    /// `{expr}` within a string.
    Interpolation,
    /// A name by itself.
    NameRef,
    /// `x.name`
    FieldExpr,
    /// `x[key]`
    IndexExpr,
    /// `f(args)`
    CallExpr,
    /// `x.f(args)`, or a call of a dependency's function.
    MethodCall,
    /// `not x` or `-x`
    UnaryExpr,
    /// `x op y`
    BinaryExpr,
    /// `x is missing`, `x is present`
    IsExpr,
    /// `if c then a else b`
    IfExpr,
    /// `[a, b]`
    ListExpr,
    /// `{ a: 1 }`
    RecordExpr,
    /// `a: 1` in a record, or `person.name: x` in an `update profile`.
    RecordField,
    /// The dotted path at the left of an `update profile` field.
    FieldPath,
    /// `(x)`
    ParenExpr,
    /// `x => body`, only as an argument.
    Lambda,
    /// `(a, name: b)` behind a callee.
    ArgList,
    /// `name: value` among arguments.
    NamedArg,
    /// `last 30d where …`, only as an argument.
    Window,
    /// A part that could not be parsed.
    Error,
    /// The root of `parse_expression`.
    ExprRoot,
}

choice! {
    /// Any expression.
    Expr {
        Literal(Literal), Str(StringLit), Name(NameRef), Field(FieldExpr), Index(IndexExpr), Call(CallExpr), Method(MethodCall),
        Unary(UnaryExpr), Binary(BinaryExpr), Is(IsExpr), If(IfExpr), List(ListExpr), Record(RecordExpr), Paren(ParenExpr),
        Lambda(Lambda), Window(Window), Error(Error),
    }
}

accessors!(ExprRoot { /// The expression.
    expr: first Expr });
accessors!(Interpolation { /// The expression between the braces.
    expr: first Expr });
accessors!(FieldExpr { /// What stands before the dot.
    receiver: first Expr, /// The field's name.
    name: first Name });
accessors!(IndexExpr { /// What is indexed.
    receiver: nth(0) Expr, /// The key or the position.
    index: nth(1) Expr });
accessors!(CallExpr { /// What is called: a name, in a program that means anything.
    callee: first Expr, /// The arguments.
    args: first ArgList });
accessors!(MethodCall { /// What stands before the dot.
    receiver: first Expr, /// The function's name.
    name: first Name, /// The arguments.
    args: first ArgList });
accessors!(UnaryExpr { /// The operand.
    operand: first Expr });
accessors!(BinaryExpr { /// The left operand.
    lhs: nth(0) Expr, /// The right operand.
    rhs: nth(1) Expr });
accessors!(IsExpr { /// What is asked about.
    operand: first Expr });
accessors!(IfExpr { /// The condition.
    condition: nth(0) Expr, /// The value when it holds.
    then_value: nth(1) Expr, /// The value otherwise.
    else_value: nth(2) Expr });
accessors!(ListExpr { /// The elements.
    elements: all Expr });
accessors!(RecordExpr { /// The fields in order.
    fields: all RecordField });
accessors!(RecordField { /// The path of an `update profile` field.
    path: first FieldPath });
accessors!(ParenExpr { /// The expression inside.
    inner: first Expr });
accessors!(Lambda { /// The parameter.
    param: first Name, /// The body.
    body: first Expr });
accessors!(NamedArg { /// The parameter's name.
    name: first Name, /// The argument.
    value: first Expr });
accessors!(Window { /// How far back.
    within: first Expr });

impl<'t> Window<'t> {
    /// The condition after `where`.
    pub fn filter(self) -> Option<Expr<'t>> {
        self.0.child(SyntaxKind::Where).and_then(first)
    }
}

/// One argument of a call, by place or by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arg<'t> {
    /// The parameter's name, when it is given.
    pub name: Option<Name<'t>>,
    /// The argument.
    pub value: Option<Expr<'t>>,
    /// The whole argument.
    pub span: Span,
}

impl<'t> ArgList<'t> {
    /// The arguments in order.
    pub fn args(self) -> impl Iterator<Item = Arg<'t>> {
        self.0.children().map(|child| match NamedArg::cast(child) {
            Some(named) => Arg {
                name: named.name(),
                value: named.value(),
                span: named.span(),
            },
            None => Arg {
                name: None,
                value: Expr::cast(child),
                span: child.span(),
            },
        })
    }
}

impl<'t> Literal<'t> {
    /// The literal's one token.
    pub fn token(self) -> Option<Token> {
        self.0.tokens().next()
    }

    /// As written.
    pub fn text(self) -> &'t str {
        self.0.text()
    }

    /// What it stands for.
    ///
    /// # Errors
    /// An integer beyond 64 bits, a month 13, a duration too long to count.
    pub fn value(self) -> Result<LiteralValue, LiteralError> {
        literal::decode(
            self.token().map_or(SyntaxKind::Unknown, |t| t.kind),
            self.text(),
        )
    }
}

impl<'t> NameRef<'t> {
    /// The name.
    pub fn text(self) -> &'t str {
        unquote(self.0.text())
    }
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum StringPart<'t> {
    /// Text, its escapes resolved.
    Text(String),
    /// `{expr}`; `None` where the expression is missing.
    Expr(Option<Expr<'t>>),
}

impl<'t> StringLit<'t> {
    /// Its pieces in order; neighbouring texts are one piece. A `"""` string loses the line break behind its opening and the
    /// indentation of its closing line.
    pub fn parts(self) -> Vec<StringPart<'t>> {
        let tree = self.0.tree();
        let mut raw: Vec<Result<&str, Option<Expr<'t>>>> = Vec::new();
        let mut long = false;
        for part in self.0.parts() {
            match part {
                Part::Node(node) => {
                    raw.push(Err(Interpolation::cast(node).and_then(Interpolation::expr)))
                }
                Part::Token(token) => match token.kind {
                    SyntaxKind::RawString => {
                        let text = tree.token_text(token);
                        let inner = text
                            .strip_prefix('\'')
                            .and_then(|t| t.strip_suffix('\''))
                            .unwrap_or("");
                        return vec![StringPart::Text(inner.to_owned())];
                    }
                    SyntaxKind::StringStart => long = tree.token_text(token).len() == 3,
                    SyntaxKind::StringText => raw.push(Ok(tree.token_text(token))),
                    _ => {}
                },
            }
        }
        let texts = raw.iter().filter_map(|p| p.as_ref().ok().copied());
        let indent = if long {
            literal::closing_indent(texts)
        } else {
            None
        };
        let mut parts = Vec::new();
        let last = raw.len().saturating_sub(1);
        for (i, piece) in raw.into_iter().enumerate() {
            parts.push(match piece {
                Err(expr) => StringPart::Expr(expr),
                Ok(text) if long => {
                    StringPart::Text(literal::long_text(text, indent, i == 0, i == last))
                }
                Ok(text) => StringPart::Text(literal::unescape(text)),
            });
        }
        parts.retain(|p| !matches!(p, StringPart::Text(t) if t.is_empty()));
        parts
    }

    /// Its text, when it stands there as it is: on one line, without an escape or an interpolation.
    pub fn bare(self) -> Option<&'t str> {
        let (data, tree) = (self.0.data(), self.0.tree());
        let tokens = tree
            .tokens()
            .get(data.first_token as usize..data.end_token as usize)?;
        match tokens {
            [raw] if raw.kind == SyntaxKind::RawString => {
                let text = tree.token_text(*raw);
                text.strip_prefix('\'')?.strip_suffix('\'')
            }
            // Not the quotes of a text on several lines.
            [open, rest @ ..] if open.kind == SyntaxKind::StringStart && open.span.len() == 1 => {
                match rest {
                    [close] if close.kind == SyntaxKind::StringEnd => Some(""),
                    [text, close]
                        if text.kind == SyntaxKind::StringText
                            && close.kind == SyntaxKind::StringEnd =>
                    {
                        let text = tree.token_text(*text);
                        let special = |b: u8| matches!(b, b'\\' | b'{');
                        (!text.bytes().any(special)).then_some(text)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Its text, when it holds no interpolation.
    pub fn plain(self) -> Option<String> {
        if let Some(text) = self.bare() {
            return Some(text.to_owned());
        }
        match self.parts().as_slice() {
            [] => Some(String::new()),
            [StringPart::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }
}

/// A prefix operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Not,
    Neg,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
#[rustfmt::skip]
pub enum BinaryOp { Coalesce, Or, And, Eq, Ne, Lt, Le, Gt, Ge, In, Range, Add, Sub, Mul, Div, Rem }

impl BinaryOp {
    /// As written.
    pub const fn text(self) -> &'static str {
        match self {
            BinaryOp::Coalesce => "??",
            BinaryOp::Or => "or",
            BinaryOp::And => "and",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::In => "in",
            BinaryOp::Range => "..",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
        }
    }

    /// The operator a token is, if it is one.
    pub(crate) fn of(token: Token) -> Option<BinaryOp> {
        Some(match token.kind {
            SyntaxKind::QuestionQuestion => BinaryOp::Coalesce,
            SyntaxKind::EqEq => BinaryOp::Eq,
            SyntaxKind::NotEq => BinaryOp::Ne,
            SyntaxKind::Lt => BinaryOp::Lt,
            SyntaxKind::Le => BinaryOp::Le,
            SyntaxKind::Gt => BinaryOp::Gt,
            SyntaxKind::Ge => BinaryOp::Ge,
            SyntaxKind::DotDot => BinaryOp::Range,
            SyntaxKind::Plus => BinaryOp::Add,
            SyntaxKind::Minus => BinaryOp::Sub,
            SyntaxKind::Star => BinaryOp::Mul,
            SyntaxKind::Slash => BinaryOp::Div,
            SyntaxKind::Percent => BinaryOp::Rem,
            SyntaxKind::Word => match token.word {
                Word::Or => BinaryOp::Or,
                Word::And => BinaryOp::And,
                Word::In => BinaryOp::In,
                _ => return None,
            },
            _ => return None,
        })
    }
}

impl<'t> UnaryExpr<'t> {
    /// The operator.
    pub fn op(self) -> UnaryOp {
        if self.0.token(SyntaxKind::Minus).is_some() {
            UnaryOp::Neg
        } else {
            UnaryOp::Not
        }
    }
}

impl<'t> FieldExpr<'t> {
    /// What stands before the first dot of a chain of fields, and the names behind it in order; nothing of a chain that is broken.
    /// In preorder the chain's own nodes stand in front, then what it starts with, then its names.
    pub fn chain(self) -> Option<(Expr<'t>, impl Iterator<Item = Name<'t>> + Clone)> {
        let (tree, first) = (self.0.tree(), self.0.index());
        let nodes = tree.nodes();
        let mut start = first;
        while nodes.get(start as usize)?.kind == SyntaxKind::FieldExpr {
            start += 1;
        }
        let (names, end) = (
            nodes.get(start as usize)?.subtree_end,
            self.0.data().subtree_end,
        );
        let name = move |at| tree.node(at).and_then(Name::cast);
        let behind = nodes.get(names as usize..end as usize)?;
        let are_names = behind.iter().all(|node| node.kind == SyntaxKind::Name);
        if end - names != start - first || !are_names {
            return None;
        }
        let root = tree.node(start).and_then(Expr::cast)?;
        Some((root, (names..end).filter_map(name)))
    }
}

impl<'t> BinaryExpr<'t> {
    /// The left operand, the operator and the right operand, when all of them are there.
    #[inline]
    pub fn whole(self) -> Option<(Node<'t>, BinaryOp, Node<'t>)> {
        let mut children = self.0.children();
        let (left, right) = (children.next()?, children.next()?);
        let tree = self.0.tree();
        let between = left.data().end_token as usize..right.data().first_token as usize;
        let token = tree
            .tokens()
            .get(between)?
            .iter()
            .find(|t| !t.kind.is_trivia())?;
        let op = BinaryOp::of(*token)?;
        (left.kind().is_expr() && right.kind().is_expr()).then_some((left, op, right))
    }

    /// The operator's token.
    pub fn op_token(self) -> Option<Token> {
        self.0.first_own_token()
    }

    /// The operator.
    pub fn op(self) -> Option<BinaryOp> {
        self.op_token().and_then(BinaryOp::of)
    }
}

impl<'t> IsExpr<'t> {
    /// `is present` rather than `is missing`.
    pub fn present(self) -> bool {
        self.0.has_word("present")
    }
}

/// A part of an `update profile` path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart<'t> {
    /// `.name`
    Name(Name<'t>),
    /// `["key"]`
    Key(StringLit<'t>),
    /// `[0]`
    Position(Literal<'t>),
}

impl<'t> FieldPath<'t> {
    /// Its parts in order.
    pub fn parts(self) -> impl Iterator<Item = PathPart<'t>> {
        all::<Node<'t>>(self.0).filter_map(|n| {
            (Name::cast(n).map(PathPart::Name))
                .or_else(|| StringLit::cast(n).map(PathPart::Key))
                .or_else(|| Literal::cast(n).map(PathPart::Position))
        })
    }
}
