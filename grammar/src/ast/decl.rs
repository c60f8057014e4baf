//! Views of declarations, and of the file that holds them.

use super::{
    call::CallItem,
    expr::{Error, Expr, StringLit},
    name::{Name, QName},
    policy::PolicyItem,
    setting::{JourneyItem, Setting},
    step::{Block, Step},
    test::TestItem,
    trigger::Where,
    types::{ParamList, ReturnType, TypeRef},
    view::{AstNode, accessors, all, choice, first, has, views},
};
use crate::{kind::SyntaxKind, tree::Node};

views! {
    /// A whole file.
    File,
    /// `schema Name = "$id"`
    SchemaDecl,
    /// `event Name: Schema { … }`
    EventDecl,
    /// `audience Name = …`
    AudienceDecl,
    /// `external "id"`
    ExternalAudience,
    /// `source Name(…) -> Type { … }`
    SourceDecl,
    /// `action Name(…) -> Type { … }`
    ActionDecl,
    /// `function name(…) -> Type = EXPR`
    FunctionDecl,
    /// `const NAME = EXPR`
    ConstDecl,
    /// `policy Name { … }`
    PolicyDecl,
    /// `flow Name(…) -> Type { … }`
    FlowDecl,
    /// `journey Name { … }`
    JourneyDecl,
    /// `test "…" for Journey { … }`
    TestDecl,
    /// `id EXPR`
    EventId,
    /// `key EXPR in Namespace`
    EventKey,
    /// `dedupe EXPR within D`
    EventDedupe,
    /// `business`
    EventBusiness,
}

choice! {
    /// Any declaration. `Error` is one that could not be parsed; its blocks are still below it.
    Decl {
        Schema(SchemaDecl), Event(EventDecl), Audience(AudienceDecl), Source(SourceDecl), Action(ActionDecl),
        Function(FunctionDecl), Const(ConstDecl), Policy(PolicyDecl), Flow(FlowDecl), Journey(JourneyDecl), Test(TestDecl),
        Error(Error),
    }
}

impl<'t> Decl<'t> {
    /// The name it declares; a test has none.
    pub fn name(self) -> Option<Name<'t>> {
        match self {
            Decl::Test(_) | Decl::Error(_) => None,
            other => first(other.syntax()),
        }
    }

    /// The `///` lines above it.
    pub fn doc(self) -> Option<String> {
        self.syntax().doc()
    }
}

accessors!(File { /// The declarations in order, broken ones included.
    decls: all Decl });
accessors!(SchemaDecl { /// The short name.
    name: first Name, /// The schema's `$id`.
    id: first StringLit });
accessors!(EventDecl { /// The event's name.
    name: first Name, /// The schema of its payload.
    schema: first QName });
accessors!(AudienceDecl { /// The audience's name.
    name: first Name, /// The condition of a membership decided here.
    condition: first Expr });
accessors!(ExternalAudience { /// The segment's id.
    id: first StringLit });
accessors!(SourceDecl { /// The source's name.
    name: first Name, /// The parameters.
    params: first ParamList });
accessors!(ActionDecl { /// The action's name.
    name: first Name, /// The parameters.
    params: first ParamList });
accessors!(FunctionDecl { /// The function's name.
    name: first Name, /// The parameters.
    params: first ParamList, /// The body.
    body: first Expr });
accessors!(ConstDecl { /// The constant's name.
    name: first Name, /// Its value.
    value: first Expr });
accessors!(PolicyDecl { /// The policy's name.
    name: first Name });
accessors!(FlowDecl { /// The flow's name.
    name: first Name, /// The parameters.
    params: first ParamList, /// The steps.
    block: first Block });
accessors!(JourneyDecl { /// The journey's name.
    name: first Name, /// The whole block.
    block: first Block });
accessors!(TestDecl { /// What the test says.
    title: first StringLit, /// The journey it is for.
    journey: first QName });
accessors!(EventId { /// The id.
    id: first Expr });
accessors!(EventKey { /// Who the event is about.
    key: first Expr, /// The identity namespace.
    namespace: first Name });
accessors!(EventDedupe { /// What makes two events the same.
    key: nth(0) Expr, /// For how long.
    within: nth(1) Expr });

/// The type behind `->`.
fn returns(node: Node<'_>) -> Option<TypeRef<'_>> {
    first::<ReturnType<'_>>(node).and_then(ReturnType::ty)
}

/// The items in the block below `node`.
fn items<'t, T: AstNode<'t> + 't>(node: Node<'t>) -> impl Iterator<Item = T> {
    node.child(SyntaxKind::Block).into_iter().flat_map(all)
}

/// The one line of this kind in the block below `node`; the first, when there are several.
fn item<'t, T: AstNode<'t> + 't>(node: Node<'t>) -> Option<T> {
    items(node).next()
}

impl<'t> EventDecl<'t> {
    /// Its `where` lines' conditions; more than one is for the checker to refuse.
    pub fn wheres(self) -> impl Iterator<Item = Where<'t>> {
        items(self.0)
    }

    /// The condition of a rule-based event.
    pub fn condition(self) -> Option<Expr<'t>> {
        self.wheres().next().and_then(Where::condition)
    }

    /// The id of a system-generated event.
    pub fn id(self) -> Option<EventId<'t>> {
        item(self.0)
    }

    /// Who it is about.
    pub fn key(self) -> Option<EventKey<'t>> {
        item(self.0)
    }

    /// What makes two of them the same.
    pub fn dedupe(self) -> Option<EventDedupe<'t>> {
        item(self.0)
    }

    /// Whether it is about no person.
    pub fn is_business(self) -> bool {
        self.0
            .child(SyntaxKind::Block)
            .is_some_and(|b| has(b, SyntaxKind::EventBusiness))
    }

    /// Every line of its block, for what the others do not say (doubles, broken lines).
    pub fn lines(self) -> impl Iterator<Item = Node<'t>> {
        items(self.0)
    }
}

impl<'t> AudienceDecl<'t> {
    /// The id of a membership computed elsewhere.
    pub fn external(self) -> Option<StringLit<'t>> {
        first::<ExternalAudience<'t>>(self.0).and_then(ExternalAudience::id)
    }
}

impl<'t> SourceDecl<'t> {
    /// The response's type.
    pub fn returns(self) -> Option<TypeRef<'t>> {
        returns(self.0)
    }

    /// The lines of its block.
    pub fn items(self) -> impl Iterator<Item = CallItem<'t>> {
        items(self.0)
    }
}

impl<'t> ActionDecl<'t> {
    /// The response's type.
    pub fn returns(self) -> Option<TypeRef<'t>> {
        returns(self.0)
    }

    /// The lines of its block.
    pub fn items(self) -> impl Iterator<Item = CallItem<'t>> {
        items(self.0)
    }
}

impl<'t> FunctionDecl<'t> {
    /// The result's type.
    pub fn returns(self) -> Option<TypeRef<'t>> {
        returns(self.0)
    }
}

impl<'t> FlowDecl<'t> {
    /// The result's type.
    pub fn returns(self) -> Option<TypeRef<'t>> {
        returns(self.0)
    }
}

impl<'t> PolicyDecl<'t> {
    /// The lines of its block.
    pub fn items(self) -> impl Iterator<Item = PolicyItem<'t>> {
        items(self.0)
    }
}

impl<'t> JourneyDecl<'t> {
    /// Settings and steps in order, broken ones included.
    pub fn items(self) -> impl Iterator<Item = JourneyItem<'t>> {
        items(self.0)
    }

    /// The settings in order.
    pub fn settings(self) -> impl Iterator<Item = Setting<'t>> {
        items(self.0)
    }

    /// The steps in order, broken ones included.
    pub fn steps(self) -> impl Iterator<Item = Step<'t>> {
        items(self.0)
    }
}

impl<'t> TestDecl<'t> {
    /// The statements in order, broken ones included.
    pub fn items(self) -> impl Iterator<Item = TestItem<'t>> {
        items(self.0)
    }
}
