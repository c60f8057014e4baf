//! Conditions by themselves, one after another: text to checked, verified bytecode, fast enough to be done while somebody waits.
//!
//! Comes in: a package's ground and trees once, then texts. Goes out: [`Compiled`], an artifact of one chunk that the machine loads, or what
//! is wrong with the text. The checker, the lowering and the verifier are those of whole packages; nothing is done here but to keep what one
//! condition shares with the next: the declared names, the schemas, memory.
//! Never here: a meaning of its own; a finding about the package (whoever wants those checks it).

use crate::check::expr::{ExprCx, Input, Local, Scope};
use crate::check::world::World;
use crate::check::{self, Ground, syntax};
use crate::diag::{Bag, Code, Diagnostic, Severity};
use crate::hir::Expr;
use crate::lower::{self, Memory, Over};
use crate::package::PackageInput;
use crate::source::{FileId, Span};
use crate::types::{Record, Type};
use journey_artifact::model::{Chunk, PlanId};
use journey_artifact::{Refusal, Verified, Verifier};
use journey_grammar::ast::{AstNode, ExprRoot};
use journey_grammar::{ExpressionParser, Parse};

/// A place where conditions are compiled.
pub struct Workbench<'g> {
    world: World<'g>,
    /// `$id` and type of the profile's schema.
    profile: Option<(String, Type)>,
    /// `$id` of the event's schema.
    schema: String,
    /// The event that conditions are about.
    event: Option<Input>,
    file: FileId,
    next_local: u32,
    /// Memory for the names bound in a condition.
    locals: Vec<Local>,
    parser: ExpressionParser,
    memory: Memory,
    verifier: Verifier,
}

/// A compiled condition.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The chunk, the plans of what it reads, its constants and imports: what the machine loads.
    pub artifact: Verified,
    /// How to read the profile; `None` when the condition reads nothing of it.
    pub profile: Option<PlanId>,
    /// How to read the event; `None` when there is none.
    pub event: Option<PlanId>,
    /// What may not be meant.
    pub warnings: Vec<Diagnostic>,
}

impl Compiled {
    /// The condition, for a decision: true, and else false; unknown is false.
    pub fn chunk(&self) -> Option<&Chunk> {
        self.artifact.chunks.first()
    }
}

/// Why there is no workbench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSchema;

impl<'g> Workbench<'g> {
    /// A workbench over what a package declares: its profile, constants and functions. `trees` are those of its `.journey` files.
    pub fn new(
        ground: &'g Ground,
        input: &'g PackageInput,
        trees: &'g [(FileId, Parse)],
    ) -> Workbench<'g> {
        let mut next_local = 0;
        let world = check::world_of(ground, input, trees, &mut Bag::default(), &mut next_local);
        let id = ground.manifest().profile_schema.as_ref().map(|(id, _)| id);
        let profile = id.cloned().zip(world.profile.clone());
        Workbench {
            world,
            profile,
            schema: String::new(),
            event: None,
            file: FileId(input.sources.iter().len() as u32),
            next_local,
            locals: Vec::new(),
            parser: ExpressionParser::default(),
            memory: Memory::default(),
            verifier: Verifier::default(),
        }
    }

    /// Conditions may read an event of the schema with this `$id`, under this name: as behind `enter on … as name where`.
    ///
    /// # Errors
    /// When the package has no such schema.
    pub fn on_event(self, name: &str, schema: &str) -> Result<Workbench<'g>, UnknownSchema> {
        self.over(Some(name), schema)
    }

    /// The fields of an event of the schema with this `$id` are names: as in an event's own `where`.
    ///
    /// # Errors
    /// When the package has no such schema.
    pub fn in_event(self, schema: &str) -> Result<Workbench<'g>, UnknownSchema> {
        self.over(None, schema)
    }

    fn over(mut self, name: Option<&str>, schema: &str) -> Result<Workbench<'g>, UnknownSchema> {
        let registry = self.world.registry;
        let id = registry.schema(schema).ok_or(UnknownSchema)?;
        self.schema = schema.to_owned();
        self.event = Some(Input {
            ty: Type::Record(Record::Xdm(registry.root(id))),
            bare: name.is_none(),
            alias: name.map(str::to_owned),
        });
        Ok(self)
    }

    /// The file that the spans of findings name: the one behind the package's last.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Compiles a condition.
    ///
    /// # Errors
    /// Everything that is wrong with the text, by place.
    pub fn compile(&mut self, text: &str) -> Result<Compiled, Vec<Diagnostic>> {
        let parse = self.parser.parse(text);
        let checked = self.check(&parse);
        self.parser.reuse(parse);
        let (expr, warnings) = checked?;
        let over = Over {
            profile: self.profile.as_ref().map(|(id, ty)| (id.as_str(), ty)),
            input: self.event.as_ref().map(|e| (self.schema.as_str(), &e.ty)),
            ..Over::default()
        };
        let registry = self.world.registry;
        let lowered = lower::lower_one(registry, over, &expr, &mut self.memory);
        let span = expr.span;
        self.world.spare.reuse(expr);
        let lowered = lowered?;
        let artifact = (self.verifier.verify(lowered.artifact))
            .map_err(|refusal| vec![refused(span, &refusal)])?;
        Ok(Compiled {
            artifact,
            profile: lowered.profile,
            event: lowered.input,
            warnings,
        })
    }

    /// Checks a condition that is parsed; the condition in typed form and what may not be meant.
    ///
    /// # Errors
    /// Everything that is wrong with it, by place.
    pub fn check(&mut self, parse: &Parse) -> Result<(Expr, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut bag = Bag::default();
        bag.extend(
            parse
                .errors
                .iter()
                .map(|e| syntax::diagnostic(self.file, e)),
        );
        let mut next_local = self.next_local;
        let written_out = self.world.written_out.get();
        let mut cx = ExprCx {
            world: &self.world,
            bag: &mut bag,
            file: self.file,
            scope: Scope {
                profile: self.profile.is_some(),
                input: self.event.take(),
                locals: std::mem::take(&mut self.locals),
                ..Scope::default()
            },
            next_local: &mut next_local,
        };
        let root = ExprRoot::cast(parse.tree.root()).and_then(ExprRoot::expr);
        let expr = root.map(|e| cx.condition(e));
        self.event = cx.scope.input.take();
        self.locals = std::mem::take(&mut cx.scope.locals);
        self.locals.clear();
        self.world.written_out.set(written_out);
        let found = check::apply_lints(self.world.manifest, bag);
        let broken = found.iter().any(|d| d.severity == Severity::Error);
        match expr {
            Some(expr) if !broken && !expr.ty.is_error() => Ok((expr, found)),
            _ => Err(found),
        }
    }
}

/// The verifier takes what was lowered, unless it is too large.
fn refused(span: Span, refusal: &Refusal) -> Diagnostic {
    Diagnostic::new(Code::TooLarge, span, refusal.to_string())
}
