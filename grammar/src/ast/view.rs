//! What every typed view is made of: a trait over one node, and two macros that write the structs and the choices. Knows no view itself.

use crate::{kind::SyntaxKind, span::Span, tree::Node};

/// A typed view of a node. Views are as cheap as the node; every accessor may find nothing, since the text may be half written.
pub trait AstNode<'t>: Copy {
    /// The view of `node`, if it is of the right kind.
    fn cast(node: Node<'t>) -> Option<Self>;

    /// The node it is a view of.
    fn syntax(self) -> Node<'t>;

    /// From its first to its last significant token.
    fn span(self) -> Span {
        self.syntax().span()
    }

    /// Whether it is, or holds, a part that could not be parsed.
    fn has_error(self) -> bool {
        self.syntax().has_error()
    }
}

/// The first child that is a `T`.
pub(crate) fn first<'t, T: AstNode<'t>>(node: Node<'t>) -> Option<T> {
    all(node).next()
}

/// Every child that is a `T`, in order.
pub(crate) fn all<'t, T: AstNode<'t>>(node: Node<'t>) -> impl Iterator<Item = T> {
    node.children().filter_map(T::cast)
}

/// The child number `n` (from 0) among those that are a `T`.
pub(crate) fn nth<'t, T: AstNode<'t>>(node: Node<'t>, n: usize) -> Option<T> {
    all(node).nth(n)
}

/// A node of any kind is a view of itself.
impl<'t> AstNode<'t> for Node<'t> {
    fn cast(node: Node<'t>) -> Option<Self> {
        Some(node)
    }

    fn syntax(self) -> Node<'t> {
        self
    }
}

/// Whether a child of this kind is there.
pub(crate) fn has(node: Node<'_>, kind: SyntaxKind) -> bool {
    node.child(kind).is_some()
}

/// Writes a view struct for each kind of node that is named.
macro_rules! views {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name<'t>(crate::tree::Node<'t>);

        impl<'t> crate::ast::view::AstNode<'t> for $name<'t> {
            fn cast(node: crate::tree::Node<'t>) -> Option<Self> {
                (node.kind() == crate::kind::SyntaxKind::$name).then_some($name(node))
            }
            fn syntax(self) -> crate::tree::Node<'t> {
                self.0
            }
        }
    )*};
}

/// Writes an enum that is one of several views.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($variant:ident($view:ident)),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum $name<'t> { $($variant($view<'t>)),* }

        impl<'t> crate::ast::view::AstNode<'t> for $name<'t> {
            fn cast(node: crate::tree::Node<'t>) -> Option<Self> {
                match node.kind() {
                    $(crate::kind::SyntaxKind::$view => <$view<'t> as crate::ast::view::AstNode<'t>>::cast(node).map($name::$variant),)*
                    _ => None,
                }
            }
            fn syntax(self) -> crate::tree::Node<'t> {
                match self { $($name::$variant(view) => crate::ast::view::AstNode::syntax(view)),* }
            }
        }
    };
}

/// Writes accessors: `first` child that is a view, child number `n`, or `all` of them.
macro_rules! accessors {
    ($view:ident { $($(#[$doc:meta])* $name:ident: $kind:ident $(($n:literal))? $target:ident),* $(,)? }) => {
        impl<'t> $view<'t> {
            $(crate::ast::view::accessors!(@one $(#[$doc])* $name $kind $(($n))? $target);)*
        }
    };
    (@one $(#[$doc:meta])* $name:ident first $target:ident) => {
        $(#[$doc])*
        pub fn $name(self) -> Option<$target<'t>> { crate::ast::view::first(self.0) }
    };
    (@one $(#[$doc:meta])* $name:ident nth ($n:literal) $target:ident) => {
        $(#[$doc])*
        pub fn $name(self) -> Option<$target<'t>> { crate::ast::view::nth(self.0, $n) }
    };
    (@one $(#[$doc:meta])* $name:ident all $target:ident) => {
        $(#[$doc])*
        pub fn $name(self) -> impl Iterator<Item = $target<'t>> { crate::ast::view::all(self.0) }
    };
}

pub(crate) use {accessors, choice, views};
