//! Expressions by themselves: what `journeyc eval` and a debugger's watch ask about.
//!
//! Comes in: the ground of a package (or of none), a text, the names that it may mention with their types. Goes out: a typed
//! expression over `Root::Profile` and `Root::Input` (whose fields are those names), and what is wrong with the text.
//! Never here: findings about the package; whoever wants those checks it.

use super::expr::{ExprCx, Input, Scope};
use super::{Ground, declared, files, syntax};
use crate::diag::{Bag, Diagnostic, Severity};
use crate::hir::Expr;
use crate::package::PackageInput;
use crate::source::FileId;
use crate::types::Type;
use journey_grammar::Parse;
use journey_grammar::ast::{AstNode, ExprRoot};

/// What an expression may mention, beside the package's functions and constants.
#[derive(Clone, Debug)]
pub struct Names {
    /// The profile's type; `None`: the package's, if it has one.
    pub profile: Option<Type>,
    /// A record whose fields are names.
    pub fields: Type,
    /// Whether the value must be true or false.
    pub condition: bool,
}

/// A checked expression.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The expression; `None` when something is wrong with it.
    pub expr: Option<Expr>,
    /// The profile's type that it was checked against.
    pub profile: Option<Type>,
    /// What is wrong, by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the text of `file` (one of the input's sources) as one expression. `trees` are the package's.
pub fn expression(
    ground: &Ground,
    input: &PackageInput,
    trees: &[(FileId, Parse)],
    file: FileId,
    names: &Names,
) -> Checked {
    let parse = journey_grammar::parse_expression(&input.sources.get(file).text);
    let mut bag = Bag::default();
    bag.extend(parse.errors.iter().map(|e| syntax::diagnostic(file, e)));
    let (mut elsewhere, mut next_local) = (Bag::default(), 0);
    let files = files(trees);
    let mut world = declared(
        input,
        &ground.manifest,
        &ground.registry,
        &files,
        &mut elsewhere,
        &mut next_local,
    );
    if names.profile.is_some() {
        world.profile.clone_from(&names.profile);
    }
    let scope = Scope {
        profile: world.profile.is_some(),
        input: Some(Input {
            ty: names.fields.clone(),
            bare: true,
            alias: None,
        }),
        ..Scope::default()
    };
    let profile = world.profile.clone();
    let mut cx = ExprCx {
        world: &world,
        bag: &mut bag,
        file,
        scope,
        next_local: &mut next_local,
    };
    let root = ExprRoot::cast(parse.tree.root()).and_then(ExprRoot::expr);
    let expr = root.map(|e| match names.condition {
        true => cx.condition(e),
        false => cx.infer(e),
    });
    let diagnostics = bag.into_sorted();
    let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
    Checked {
        expr: expr.filter(|e| !broken && !e.ty.is_error()),
        profile,
        diagnostics,
    }
}
