//! Everything that is declared, by name: what a declaration's own check looks at beside its own text.
//!
//! Built in steps, each adding what the next needs (names, schemas, constants and functions, events, calls); a finished
//! `World` is never changed. Never here: a declaration's body.

use super::paths::Paths;
use crate::diag::{Bag, Code, Diagnostic, written};
use crate::hir::{CallId, EventId, Expr, LocalId, Spare};
use crate::package::Manifest;
use crate::source::{FileId, Span};
use crate::types::{Field, Made, Record, Type, Typed};
use crate::xdm::Registry;
use journey_grammar::SyntaxKind;
use journey_grammar::ast::{self, AstNode};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// A declaration.
#[derive(Clone, Copy)]
pub struct Declared<'a> {
    /// Its view.
    pub decl: ast::Decl<'a>,
    /// Its file.
    pub file: FileId,
    /// Its name's place.
    pub span: Span,
}

/// A function of the package, checked.
#[derive(Clone)]
pub struct UserFunction {
    /// Name, local and type of each parameter.
    pub params: Vec<(String, LocalId, Typed)>,
    /// The body.
    pub body: Expr,
}

/// What callers need to know of a source or an action.
#[derive(Clone)]
pub struct CallSig {
    /// Its id.
    pub id: CallId,
    /// Parameters in order.
    pub params: Vec<(String, LocalId, Typed)>,
    /// The response's type.
    pub response: Option<Type>,
    /// The failure body's type.
    pub failure: Option<Type>,
    /// A `source`.
    pub is_source: bool,
    /// Its name's place.
    pub span: Span,
}

impl CallSig {
    /// The record of its arguments.
    pub fn arguments(&self) -> Type {
        let field = |(name, _, typed): &(String, LocalId, Typed)| Field {
            name: name.clone(),
            ty: typed.ty.clone(),
            optional: typed.opt,
        };
        let fields: Vec<Field> = self.params.iter().map(field).collect();
        Type::Record(Record::Inline(fields.into()))
    }
}

/// What listeners need to know of an event.
#[derive(Clone)]
pub struct EventSig {
    /// Its id.
    pub id: EventId,
    /// Its record's type.
    pub ty: Type,
    /// By which namespace whom it is about is known; nothing where that was reported.
    pub namespace: Option<String>,
    /// `$id` of its schema; for payload checks.
    pub schema: String,
    /// Its name's place.
    pub span: Span,
}

/// See the module.
pub struct World<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The chosen environment's name.
    pub environment_name: Option<String>,
    /// Its values.
    pub environment: BTreeMap<String, String>,
    /// The schemas.
    pub registry: &'a Registry,
    /// All declarations.
    pub decls: BTreeMap<String, Declared<'a>>,
    /// Words in parts that could not be parsed: names about which to stay silent.
    pub broken: BTreeSet<String>,
    /// Names that are declared twice, which was reported: what is said of the one may be meant of the other.
    pub twice: BTreeSet<String>,
    /// Keywords of declarations whose names could not be read.
    pub nameless: BTreeSet<String>,
    /// `schema` declarations: `$id` and type.
    pub schemas: BTreeMap<String, (String, Type)>,
    /// The profile's type.
    pub profile: Option<Type>,
    /// Whether the profile's schema was named but could not be had (and was reported).
    pub profile_broken: bool,
    /// Constants, folded.
    pub consts: BTreeMap<String, Expr>,
    /// Functions.
    pub functions: BTreeMap<String, UserFunction>,
    /// Events.
    pub events: BTreeMap<String, EventSig>,
    /// Sources and actions.
    pub calls: BTreeMap<String, CallSig>,
    /// How many nodes functions have grown to where they were written out.
    pub written_out: Cell<usize>,
    /// Where the name of a record's field stands, by where its value does.
    pub keys: RefCell<BTreeMap<Span, Span>>,
    /// Boxes for expressions.
    pub spare: Spare,
    /// Types of the schemas' lists and maps.
    pub made: Made,
    /// Paths that were found in the schemas.
    pub paths: Paths,
    /// All tests.
    pub tests: Vec<ast::TestDecl<'a>>,
    /// Journeys, by position in the program.
    pub journeys: BTreeMap<String, usize>,
}

impl<'a> World<'a> {
    /// That there is no profile, unless that was reported.
    pub fn no_profile(&self, span: Span) -> Option<Diagnostic> {
        let d = Diagnostic::new(
            Code::MissingSetting,
            span,
            "the package has no profile schema",
        );
        (!self.profile_broken).then_some(d)
    }

    /// By which namespace people are known whom an event is about.
    pub fn namespace(&self, event: EventId) -> Option<&str> {
        let sig = self.events.values().find(|sig| sig.id == event)?;
        sig.namespace.as_deref()
    }

    /// What an event is called.
    pub fn event_name(&self, event: EventId) -> &str {
        let found = self.events.iter().find(|(_, sig)| sig.id == event);
        found.map_or("", |(name, _)| name)
    }

    /// Whether the name may have been declared by a part that could not be parsed.
    pub fn may_be_broken(&self, name: &str) -> bool {
        self.broken.contains(name)
    }

    /// Whether a declaration that begins with this keyword lost its name: it may have been any.
    pub fn lost_name(&self, keyword: &str) -> bool {
        self.nameless.contains(keyword)
    }

    /// Whether the name is declared by something that is not built yet, which was said at its declaration.
    pub fn is_not_built(&self, name: &str) -> bool {
        use ast::Decl::{Audience, Flow, Policy};
        self.decls
            .get(name)
            .is_some_and(|d| matches!(d.decl, Audience(_) | Policy(_) | Flow(_)))
    }

    /// "an event", "a journey": what a declared name is.
    pub fn kind_of(&self, name: &str) -> &'static str {
        self.decls.get(name).map_or("nothing", |d| kind(d.decl))
    }

    /// The names declared with this kind of declaration.
    pub fn names(&self, test: fn(&ast::Decl<'_>) -> bool) -> Vec<&str> {
        self.decls
            .iter()
            .filter(|(_, d)| test(&d.decl))
            .map(|(n, _)| n.as_str())
            .collect()
    }

    /// "there is no event `x`", or "`x` is a journey, not an event", with a suggestion. Silent when the name may be broken.
    pub fn not_found(
        &self,
        bag: &mut Bag,
        code: Code,
        what: &str,
        name: &str,
        at: Span,
        among: Vec<&str>,
    ) {
        let lost = what.split(' ').any(|word| self.lost_name(word));
        if self.may_be_broken(name) || self.is_not_built(name) || lost {
            return;
        }
        if self.decls.contains_key(name) {
            let message = format!(
                "`{name}` is {}, and {what} is needed here",
                self.kind_of(name)
            );
            bag.push(Diagnostic::new(Code::WrongKind, at, message));
            return;
        }
        let short = what.trim_start_matches("an ").trim_start_matches("a ");
        let some: Vec<&str> = among.iter().take(6).copied().collect();
        let known = match some.len() {
            0 => format!("the package declares no {short}"),
            n if n < among.len() => format!("the package declares {}, …", some.join(", ")),
            _ => format!("the package declares {}", some.join(", ")),
        };
        let d = Diagnostic::new(code, at, format!("there is no {short} `{name}`"))
            .did_you_mean(name, bag.candidates(at.file, among));
        bag.push(if d.fix.is_none() { d.why(known) } else { d });
    }
}

/// "an event".
pub fn kind(decl: ast::Decl<'_>) -> &'static str {
    match decl {
        ast::Decl::Schema(_) => "a schema",
        ast::Decl::Event(_) => "an event",
        ast::Decl::Audience(_) => "an audience",
        ast::Decl::Source(_) => "a source",
        ast::Decl::Action(_) => "an action",
        ast::Decl::Function(_) => "a function",
        ast::Decl::Const(_) => "a constant",
        ast::Decl::Policy(_) => "a policy",
        ast::Decl::Flow(_) => "a flow",
        ast::Decl::Journey(_) => "a journey",
        ast::Decl::Test(_) => "a test",
        ast::Decl::Error(_) => "a broken declaration",
    }
}

/// Keywords of the declarations whose names could not be read: `event : Schema { … }`, or a line of one whose first line is not there.
pub fn nameless(files: &[(FileId, ast::File<'_>)]) -> BTreeSet<String> {
    let word = |t: &journey_grammar::Token| t.kind == SyntaxKind::Word;
    let mut found = BTreeSet::new();
    for (_, root) in files {
        for decl in root.decls() {
            let ast::Decl::Error(error) = decl else {
                continue;
            };
            let mut tokens = error.syntax().own_tokens();
            let (keyword, name) = (tokens.next(), tokens.next());
            let Some(keyword) = keyword.filter(word) else {
                continue;
            };
            let keyword = error.syntax().tree().token_text(keyword);
            found.extend(journey_grammar::declarations_with(keyword).map(str::to_string));
            if !name.as_ref().is_some_and(word) {
                found.insert(keyword.to_string());
            }
        }
    }
    found
}

/// The declarations of all files, and the names about which to be careful.
pub struct Collected<'a> {
    /// See [`World::decls`].
    pub decls: BTreeMap<String, Declared<'a>>,
    /// See [`World::broken`].
    pub broken: BTreeSet<String>,
    /// See [`World::twice`].
    pub twice: BTreeSet<String>,
}

/// Collects the declarations of all files; the later of two with one name is reported and left out, and what it names may be
/// meant elsewhere.
pub fn collect<'a>(files: &[(FileId, ast::File<'a>)], bag: &mut Bag) -> Collected<'a> {
    let mut decls: BTreeMap<String, Declared<'a>> = BTreeMap::new();
    let (mut broken, mut twice) = (BTreeSet::new(), BTreeSet::new());
    for (file, root) in files {
        broken.extend(journey_grammar::ast::error_words(root.syntax()).map(str::to_string));
        for decl in root.decls() {
            let Some(name) = decl.name() else { continue };
            let at = name.span();
            let span = Span {
                file: *file,
                start: at.start,
                end: at.end,
            };
            let declared = Declared {
                decl,
                file: *file,
                span,
            };
            if let Some(first) = decls.get(name.text()) {
                let d = Diagnostic::new(
                    Code::DuplicateName,
                    span,
                    format!("`{}` is declared twice", name.text()),
                )
                .label("declared again")
                .related(
                    first.span,
                    format!("first declared here, as {}", kind(first.decl)),
                )
                .why("all files of a package share one namespace");
                bag.push(d);
                let tree = decl.syntax().tree();
                let words = decl
                    .syntax()
                    .tokens()
                    .filter(|t| t.kind == SyntaxKind::Word);
                broken.extend(words.map(|t| tree.token_text(t).to_string()));
                twice.insert(name.text().to_string());
                continue;
            }
            decls.insert(name.text().to_string(), declared);
        }
    }
    Collected {
        decls,
        broken,
        twice,
    }
}

/// The finding about a `$id` that no schema file has.
pub fn unknown_schema(registry: &Registry, id: &str, span: Span) -> Diagnostic {
    let known: Vec<&str> = registry.schema_ids().map(|(id, _)| id).collect();
    let d = Diagnostic::new(
        Code::UnknownSchema,
        span,
        format!("no schema file has the $id \"{id}\""),
    );
    let d = d.did_you_mean_as(id, known.iter().copied(), |id| Some(written::text(id)));
    match &d.fix {
        Some(_) => d,
        None => d.why(match known.len() {
            0 => "the package has no schema files: [schemas] paths in journey.toml says where they are".to_string(),
            n => format!("{n} schemas were found below [schemas] paths; $id must agree letter by letter"),
        }),
    }
}
