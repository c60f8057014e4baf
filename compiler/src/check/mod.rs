//! From trees to the checked program.
//!
//! Comes in: a package's files as values. Goes out: [`Analysis`]: the checked program, and every finding, sorted. Checking
//! never stops at a finding, and never says the same cause twice: what stands on something broken becomes `Type::Error`, about
//! which everybody is silent. Each declaration is checked by itself against the [`world`] of declared names.
//! Never here: a file read, a word printed.
//!
//! | module | is |
//! |---|---|
//! | [`world`] | everything that is declared, by name |
//! | [`syntax`] | what the grammar reported, as findings |
//! | [`plain`] | names that are written as strings |
//! | `address` | where calls may lead |
//! | [`typeref`] | types as written |
//! | [`decl`] | schemas, constants, functions |
//! | [`event`], [`call`] (and `token`) | events; sources and actions |
//! | [`expr`] | expressions |
//! | [`expression`] | expressions by themselves, outside any declaration |
//! | [`place`] | keys of the places whose presence can be known |
//! | [`state`] | what is known at a point of a journey: arrival, presence, reachability |
//! | [`vary`] (and `demand`, `listed`) | conditions that cannot vary |
//! | [`paths`] | paths that were looked up before |
//! | [`journey`], [`settings`], [`listen`], [`step`], [`update`], [`branch`] (and `arms`), [`send`], [`when`], [`unread`] | a journey's settings and steps |
//! | [`mod@test`], [`payload`] | tests and their data |
//! | [`whole`] | updates that leave the profile whole |

mod address;
mod arms;
pub mod branch;
pub mod call;
pub mod decl;
mod demand;
pub mod event;
pub mod expr;
pub mod expression;
pub mod journey;
mod listed;
pub mod listen;
pub mod paths;
pub mod payload;
pub mod place;
pub mod plain;
pub mod send;
pub mod settings;
pub mod state;
pub mod step;
pub mod syntax;
pub mod test;
mod token;
pub mod typeref;
pub mod unread;
pub mod update;
pub mod vary;
pub mod when;
pub mod whole;
pub mod world;

use crate::diag::{Bag, Code, Diagnostic, Severity, suggest};
use crate::hir::{Program, Spare};
use crate::package::{LintLevel, Manifest, PackageInput};
use crate::source::{FileId, Span};
use crate::types::{Made, Record, Type};
use crate::xdm::{self, Registry};
use journey_grammar::Parse;
use journey_grammar::ast::{self, AstNode};
use paths::Paths;
use std::cell::{Cell, RefCell};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use world::World;

/// What a check finds out.
#[derive(Debug)]
pub struct Analysis {
    /// The manifest.
    pub manifest: Manifest,
    /// The schemas.
    pub registry: Arc<Registry>,
    /// The parsed `.journey` files.
    pub trees: Vec<(FileId, Parse)>,
    /// The checked program; with errors it holds what could be checked.
    pub program: Program,
    /// Findings, by place.
    pub diagnostics: Vec<Diagnostic>,
}

impl Analysis {
    /// Whether nothing may be built.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error)
    }
}

/// What a package's manifest and schema files say. It stays the same while only `.journey` files change.
#[derive(Clone, Debug)]
pub struct Ground {
    manifest: Manifest,
    registry: Arc<Registry>,
    found: Bag,
}

impl Ground {
    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The schemas.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }
}

/// Reads the manifest and imports the schemas.
pub fn prepare(input: &PackageInput) -> Ground {
    let mut found = Bag::default();
    let (mut manifest, wrong) = Manifest::parse(&input.sources);
    found.extend(wrong);
    let (registry, all_read) = import_schemas(input, &manifest, &mut found);
    if !manifest.lost.schemas {
        let empty = input.empty_schema_paths(&manifest);
        manifest.lost.schemas = !all_read || !empty.is_empty();
        found.extend(empty);
    }
    let registry = Arc::new(registry);
    Ground {
        manifest,
        registry,
        found,
    }
}

/// Checks a package.
pub fn check(input: &PackageInput) -> Analysis {
    let trees = input
        .journey_files()
        .map(|(id, file)| (id, journey_grammar::parse(&file.text)))
        .collect();
    check_on(&prepare(input), input, trees)
}

/// Checks a package whose ground and trees are at hand; the answer is that of [`check`].
pub fn check_on(ground: &Ground, input: &PackageInput, trees: Vec<(FileId, Parse)>) -> Analysis {
    let mut bag = ground.found.clone();
    for (file, parse) in &trees {
        bag.extend(parse.errors.iter().map(|e| syntax::diagnostic(*file, e)));
        bag.extend(syntax::too_long(*file, parse));
    }
    let program = check_trees(input, &ground.manifest, &ground.registry, &trees, &mut bag);
    let diagnostics = apply_lints(&ground.manifest, bag);
    Analysis {
        manifest: ground.manifest.clone(),
        registry: ground.registry.clone(),
        trees,
        program,
        diagnostics,
    }
}

/// The schemas, and whether each file said which schema it is.
fn import_schemas(input: &PackageInput, manifest: &Manifest, bag: &mut Bag) -> (Registry, bool) {
    use xdm::ProblemCode::{InvalidJson, MissingId, TooLarge, UnresolvedRef};
    let files: Vec<xdm::SourceFile> = input
        .schema_files(manifest)
        .map(|(_, f)| xdm::SourceFile {
            path: f.path.clone(),
            text: f.text.clone(),
        })
        .collect();
    let (registry, problems) = xdm::import(&files);
    let unread = |p: &xdm::Problem| matches!(p.code, InvalidJson | MissingId | TooLarge);
    let all_read = !problems.iter().any(unread);
    for problem in problems.into_iter().filter(|p| !p.code.is_remark()) {
        let Some(file) = input.sources.find(&problem.file) else {
            continue;
        };
        // What no file answers may be in the one that could not be read.
        if problem.code == UnresolvedRef && !all_read {
            continue;
        }
        let (start, end) = problem.at.unwrap_or((0, 0));
        let span = Span { file, start, end };
        let (code, then) = match problem.code.is_doubt() {
            true => (Code::SchemaDoubt, "it was imported as it stands"),
            false => (Code::SchemaProblem, "the rest of the schemas was imported"),
        };
        let d = Diagnostic::new(code, span, problem.message.clone());
        bag.push(d.why(format!("{}; {then}", problem.code.slug())));
    }
    (registry, all_read)
}

fn check_trees<'a>(
    input: &'a PackageInput,
    manifest: &'a Manifest,
    registry: &'a Registry,
    trees: &'a [(FileId, Parse)],
    bag: &mut Bag,
) -> Program {
    let files = files(trees);
    let mut next_local = 0;
    let world = declared(input, manifest, registry, &files, bag, &mut next_local);
    let ordered = in_order(&world);
    let mut program = Program {
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        environment: world.environment_name.clone(),
        profile: match (&manifest.profile_schema, &world.profile) {
            (Some((id, _)), Some(ty)) => Some((id.clone(), ty.clone())),
            _ => None,
        },
        identities: manifest.identities.clone(),
        ..Program::default()
    };
    for declared in &ordered {
        match declared.decl {
            ast::Decl::Event(e) => {
                program
                    .events
                    .extend(event::check(&world, bag, declared, e, &mut next_local))
            }
            ast::Decl::Source(_) | ast::Decl::Action(_) => {
                program
                    .calls
                    .extend(call::check(&world, bag, declared, &mut next_local));
            }
            ast::Decl::Journey(j) => {
                program
                    .journeys
                    .push(journey::check(&world, bag, declared, j, &mut next_local))
            }
            ast::Decl::Audience(_) | ast::Decl::Policy(_) | ast::Decl::Flow(_) => {
                let what = world::kind(declared.decl)
                    .trim_start_matches("an ")
                    .trim_start_matches("a ");
                let d = Diagnostic::new(
                    Code::NotYet,
                    declared.span,
                    format!("`{what}` declarations are not built yet"),
                );
                bag.push(d.label("not yet"));
            }
            _ => {}
        }
    }
    listen::refuse_excluded(&program, bag);
    let mut titles: BTreeMap<(usize, String), Span> = BTreeMap::new();
    for (file, root) in &files {
        for decl in root.decls() {
            if let ast::Decl::Test(t) = decl
                && let Some(test) = test::check(&world, &program, bag, *file, t, &mut next_local)
            {
                let known = titles.entry((test.journey, test.name.clone()));
                match known {
                    Entry::Occupied(first) => {
                        let message =
                            format!("two tests of one journey are named \"{}\"", test.name);
                        let d = Diagnostic::new(Code::DuplicateName, test.span, message);
                        bag.push(
                            d.label("the second one")
                                .related(*first.get(), "first here"),
                        );
                    }
                    Entry::Vacant(free) => {
                        free.insert(test.span);
                    }
                }
                program.tests.push(test);
            }
        }
    }
    program
}

/// What a package declares, for expressions that stand outside of it.
pub(crate) fn world_of<'a>(
    ground: &'a Ground,
    input: &'a PackageInput,
    trees: &'a [(FileId, Parse)],
    bag: &mut Bag,
    next_local: &mut u32,
) -> World<'a> {
    let files = files(trees);
    declared(
        input,
        &ground.manifest,
        &ground.registry,
        &files,
        bag,
        next_local,
    )
}

/// The roots of the trees that are files.
fn files(trees: &[(FileId, Parse)]) -> Vec<(FileId, ast::File<'_>)> {
    trees
        .iter()
        .filter_map(|(id, p)| Some((*id, ast::File::cast(p.tree.root())?)))
        .collect()
}

/// The world of declared names: what expressions may mention.
fn declared<'a>(
    input: &'a PackageInput,
    manifest: &'a Manifest,
    registry: &'a Registry,
    files: &[(FileId, ast::File<'a>)],
    bag: &mut Bag,
    next_local: &mut u32,
) -> World<'a> {
    let world::Collected {
        decls,
        broken,
        twice,
    } = world::collect(files, bag);
    let (environment_name, environment) = environment(input, manifest, bag);
    let (profile, profile_broken) = profile_type(manifest, registry, bag);
    let mut world = World {
        manifest,
        environment_name,
        environment,
        registry,
        decls,
        broken,
        twice,
        nameless: world::nameless(files),
        schemas: BTreeMap::new(),
        profile,
        profile_broken,
        consts: BTreeMap::new(),
        functions: BTreeMap::new(),
        events: BTreeMap::new(),
        calls: BTreeMap::new(),
        written_out: Cell::new(0),
        keys: RefCell::default(),
        spare: Spare::default(),
        paths: Paths::default(),
        made: Made::default(),
        tests: tests(files),
        journeys: BTreeMap::new(),
    };
    decl::schemas(&mut world, bag);
    decl::constants_and_functions(&mut world, bag, next_local);
    event::signatures(&mut world, bag);
    call::signatures(&mut world, bag, next_local);
    let ordered = in_order(&world);
    for (n, declared) in ordered
        .iter()
        .filter(|d| matches!(d.decl, ast::Decl::Journey(_)))
        .enumerate()
    {
        if let Some(name) = declared.decl.name() {
            world.journeys.insert(name.text().to_string(), n);
        }
    }
    world
}

/// The tests of all files.
fn tests<'a>(files: &[(FileId, ast::File<'a>)]) -> Vec<ast::TestDecl<'a>> {
    let decls = files.iter().flat_map(|(_, root)| root.decls());
    let test = |decl| match decl {
        ast::Decl::Test(test) => Some(test),
        _ => None,
    };
    decls.filter_map(test).collect()
}

/// Declarations in the order of the text: by file, then by place.
fn in_order<'a>(world: &World<'a>) -> Vec<world::Declared<'a>> {
    let mut all: Vec<_> = world.decls.values().copied().collect();
    all.sort_by_key(|d| d.span);
    all
}

fn environment(
    input: &PackageInput,
    manifest: &Manifest,
    bag: &mut Bag,
) -> (Option<String>, BTreeMap<String, String>) {
    match &input.environment {
        Some(name) => match manifest.environments.get(name) {
            Some(values) => (Some(name.clone()), values.clone()),
            None => {
                if let Some(file) = input.sources.find("journey.toml") {
                    let d = Diagnostic::new(
                        Code::EnvironmentUnknown,
                        crate::diag::file_start(file),
                        format!("journey.toml has no [env.{name}]"),
                    );
                    // The word stands in no file, so there is nothing to edit.
                    let known = || manifest.environments.keys().map(String::as_str);
                    bag.push(match suggest::nearest(name, known()) {
                        Some(near) => d.label(format!("did you mean `--env {near}`?")),
                        None => d.why(match known().count() {
                            0 => "journey.toml has no environments".to_string(),
                            _ => format!("it has {}", known().collect::<Vec<_>>().join(", ")),
                        }),
                    });
                }
                (Some(name.clone()), BTreeMap::new())
            }
        },
        None => match manifest.environments.iter().next() {
            Some((name, values)) => (Some(name.clone()), values.clone()),
            None => (None, BTreeMap::new()),
        },
    }
}

fn profile_type(manifest: &Manifest, registry: &Registry, bag: &mut Bag) -> (Option<Type>, bool) {
    let Some((id, span)) = &manifest.profile_schema else {
        return (None, manifest.lost.profile);
    };
    match registry.schema(id) {
        Some(schema) => (
            Some(Type::Record(Record::Xdm(registry.root(schema)))),
            false,
        ),
        None => {
            if !manifest.lost.schemas {
                bag.push(world::unknown_schema(registry, id, *span));
            }
            (None, true)
        }
    }
}

pub(crate) fn apply_lints(manifest: &Manifest, bag: Bag) -> Vec<Diagnostic> {
    let mut seen: BTreeSet<(Span, &'static str)> = BTreeSet::new();
    let levelled = bag.into_sorted().into_iter().filter_map(|mut d| {
        if d.severity == Severity::Warning {
            match manifest.lints.get(d.code.slug()) {
                Some(LintLevel::Allow) => return None,
                Some(LintLevel::Error) => d.severity = Severity::Error,
                Some(LintLevel::Warn) | None => {}
            }
        }
        seen.insert((d.span, d.code.id())).then_some(d)
    });
    listed(levelled)
}

/// Errors, and warnings, that are listed of one file.
const LISTED: usize = journey_grammar::limits::MAX_ERRORS;

/// Leaves out what is more than anybody reads, and says so.
fn listed(findings: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<(FileId, Severity), usize> = BTreeMap::new();
    let listed = findings.filter_map(|d| {
        let count = counts.entry((d.span.file, d.severity)).or_default();
        *count += 1;
        match (*count, d.severity) {
            (..=LISTED, _) => Some(d),
            (n, severity) if n == LISTED + 1 => {
                let what = match severity {
                    Severity::Error => "errors",
                    Severity::Warning => "warnings",
                };
                let message = format!("there are more {what} from here on; they are not listed");
                let rest = Diagnostic::new(Code::TooLarge, d.span, message);
                Some(Diagnostic { severity, ..rest })
            }
            _ => None,
        }
    });
    listed.collect()
}
