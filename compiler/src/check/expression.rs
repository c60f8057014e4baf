//! Expressions by themselves: what `journeyc eval` and a debugger's watch ask about.
//!
//! Comes in: the ground of a package (or of none) once, then texts, each with the names that it may mention and their types. Goes out: a typed
//! expression over `Root::Profile` and `Root::Input` (whose fields are those names), and what is wrong with the text.
//! Never here: findings about the package; whoever wants those checks it.

use super::expr::{ExprCx, Input, Scope};
use super::world::World;
use super::{Ground, syntax, world_of};
use crate::diag::{Bag, Code, Diagnostic, Severity};
use crate::hir::Expr;
use crate::package::PackageInput;
use crate::source::{FileId, Span};
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

/// What a package declares, for expressions one after another.
pub struct Declarations<'a> {
    world: World<'a>,
    next_local: u32,
    file: FileId,
}

impl<'a> Declarations<'a> {
    /// Reads the declarations. `trees` are those of the package's files.
    pub fn new(
        ground: &'a Ground,
        input: &'a PackageInput,
        trees: &'a [(FileId, Parse)],
    ) -> Declarations<'a> {
        let (mut elsewhere, mut next_local) = (Bag::default(), 0);
        Declarations {
            world: world_of(ground, input, trees, &mut elsewhere, &mut next_local),
            next_local,
            file: FileId(input.sources.iter().len() as u32),
        }
    }

    /// The file that the spans of findings name: the one behind the package's last.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Checks a text as one expression.
    pub fn check(&mut self, text: &str, names: &Names) -> Checked {
        let file = self.file;
        let parse = journey_grammar::parse_expression(text);
        let mut bag = Bag::default();
        bag.extend(parse.errors.iter().map(|e| syntax::diagnostic(file, e)));
        // What one expression leaves behind is nothing to the next.
        let mut next_local = self.next_local;
        let written_out = self.world.written_out.get();
        let declared = self.world.profile.clone();
        if names.profile.is_some() {
            self.world.profile.clone_from(&names.profile);
        }
        // Nothing was reported where nothing is a package.
        self.world.profile_broken = false;
        let scope = Scope {
            profile: true,
            input: Some(Input {
                ty: names.fields.clone(),
                bare: true,
                alias: None,
            }),
            ..Scope::default()
        };
        let mut cx = ExprCx {
            world: &self.world,
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
        let profile = std::mem::replace(&mut self.world.profile, declared);
        self.world.written_out.set(written_out);
        let (start, end) = (0, 0);
        let own = Span { file, start, end };
        self.world.keys.get_mut().split_off(&own);
        let mut diagnostics = bag.into_sorted();
        // What is there in these bindings may be missing in the next ones.
        diagnostics.retain(|d| d.code != Code::Unreachable);
        let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
        Checked {
            expr: expr.filter(|e| !broken && !e.ty.is_error()),
            profile,
            diagnostics,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::prepare;
    use crate::source::{SourceFile, Sources};

    #[test]
    fn an_expression_leaves_nothing_behind() {
        let text = "const RATE = 2\nfunction twice(n: integer) -> integer { return n * RATE }\n";
        let file = SourceFile {
            path: "a.journey".into(),
            text: text.into(),
        };
        let input = PackageInput {
            sources: Sources::new(vec![file]),
            environment: None,
        };
        let (ground, tree) = (prepare(&input), journey_grammar::parse(text));
        let trees = [(FileId(0), tree)];
        let names = |profile| Names {
            profile,
            fields: Type::Record(crate::types::Record::Inline([].into())),
            condition: false,
        };
        let texts = ["twice(RATE)", "{ a: twice(1) }", "profile", "1 +", "RATES"];
        let alone = texts.map(|text| {
            let mut declared = Declarations::new(&ground, &input, &trees);
            format!("{:?}", declared.check(text, &names(None)))
        });
        let mut declared = Declarations::new(&ground, &input, &trees);
        for _ in 0..3 {
            for (text, alone) in texts.iter().zip(&alone) {
                declared.check(
                    "{ a: profile, b: twice(RATE) }",
                    &names(Some(Type::Integer)),
                );
                assert_eq!(*alone, format!("{:?}", declared.check(text, &names(None))));
            }
        }
    }

    #[test]
    fn a_profile_that_nobody_has_bound_is_told() {
        let input = PackageInput {
            sources: Sources::new(Vec::new()),
            environment: None,
        };
        let ground = prepare(&input);
        let mut declared = Declarations::new(&ground, &input, &[]);
        for condition in [false, true] {
            let names = Names {
                profile: None,
                fields: Type::Record(crate::types::Record::Inline([].into())),
                condition,
            };
            let found = declared.check("profile.x", &names).diagnostics;
            let codes: Vec<Code> = found.iter().map(|d| d.code).collect();
            assert_eq!(codes, [Code::MissingSetting]);
        }
    }
}
