//! `journeyc eval`: one expression, or a batch of them, through the checker, the artifact and the machine.
//!
//! Comes in: expressions and the values of the names in them. Goes out: typed JSON, one line for each.
//! A batch line is `{"id", "expression", "bindings": {"now", "profile", "events", "dataSources", "actions",
//! "journeyProperties", "types", "context"}}`; the answer `{"id", "type", "value"}` or `{"id", "error", "code", "message"}`, its
//! `id` as it was written.
//! The entries of `events`, `dataSources`, `actions` and `journeyProperties` are names that the expression may use. Their
//! types are read off their values; `types` says otherwise, by path (`"Order.placedAt": "dateTime"`).
//! Never true here: a line of a batch that stops it; a part of a line that is passed over; a refusal without a code.

use super::bindings::{self, Bindings};
use super::out::{FINDINGS, OK, Out, Outcome, Stop};
use super::{Format, compile, load};
use clap::{Args, ValueEnum};
use journey_artifact::model::PlanId;
use journey_artifact::word::Region;
use journey_grammar::Parse;
use journey_machine::eval::{Env, Frame, Loaded, eval_value};
use journey_machine::fault::Fuel;
use journey_machine::read::{Limits, read};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_machine::value::{Value, to_json};
use journeyc::check::expression::{Declarations, Names};
use journeyc::check::{self, Ground};
use journeyc::diag::{Code, Diagnostic, json, render};
use journeyc::host::data;
use journeyc::host::feed::{Feed, Line};
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::{FileId, SourceFile, Sources, Span};
use journeyc::types::Type;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;
use std::fmt::Display;
use std::io::Read;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the expression is called among the sources: a name that sorts after those of the package's files.
const FILE: &str = "~expression";
/// Bytes of a context file.
const CONTEXT_BYTES: u64 = 64 << 20;
/// What a line of a batch may have.
const PARTS: [&str; 3] = ["id", "expression", "bindings"];
/// Work one evaluation may do.
const FUEL: u64 = 10_000_000;

#[derive(Args)]
pub struct EvalArgs {
    /// The expression.
    #[arg(
        value_name = "EXPR",
        required_unless_present = "batch",
        conflicts_with = "batch"
    )]
    expression: Option<String>,
    /// A file of expressions, one JSON object a line; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    batch: Option<PathBuf>,
    /// A package whose constants, functions and profile the expression may use.
    #[arg(long, value_name = "PATH")]
    package: Option<PathBuf>,
    /// The environment of that package; by default the first one by name.
    #[arg(long, value_name = "NAME", requires = "package")]
    env: Option<String>,
    /// A file with the bindings: `{"now": …, "profile": {…}, "events": {"Name": {…}}}`; `-` reads standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    context: Option<PathBuf>,
    /// The dialect of the expression.
    #[arg(long, value_enum, default_value_t = Dialect::Native)]
    dialect: Dialect,
    /// How findings about a single expression are printed.
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "batch")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Dialect {
    /// The journey language.
    Native,
    /// The reference system's. (not yet)
    Adobe,
}

pub fn eval(args: EvalArgs, out: &mut Out) -> Outcome {
    if args.dialect == Dialect::Adobe {
        return Err(Stop::not_yet("`--dialect adobe`"));
    }
    let input = match &args.package {
        Some(folder) => load::package(folder, args.env.clone()).map_err(|why| why.told(out))?,
        None => PackageInput::default(),
    };
    let setting = Setting::new(input, out)?;
    let Setting {
        input,
        ground,
        trees,
    } = &setting;
    let mut place = Place {
        setting: &setting,
        declarations: Declarations::new(ground, input, trees),
    };
    match (&args.batch, &args.expression) {
        (Some(path), _) => {
            let name = format!("`{}`", path.display());
            batch(&mut place, load::stream(path)?, &name, out)
        }
        (None, Some(text)) => single(&mut place, text, &args, out),
        (None, None) => Err(Stop::usage("an expression or --batch is needed")),
    }
}

/// The package, read once for all expressions.
struct Setting {
    input: PackageInput,
    ground: Ground,
    trees: Vec<(FileId, Parse)>,
}

impl Setting {
    fn new(input: PackageInput, out: &mut Out) -> Result<Setting, Stop> {
        if input.sources.iter().len() > 0 {
            // A package with errors would give wrong answers; its findings are told once, on standard error.
            compile::compile(&input, out)?;
        }
        let parse = |(id, file): (FileId, &SourceFile)| (id, journey_grammar::parse(&file.text));
        let trees = input.journey_files().map(parse).collect();
        Ok(Setting {
            ground: check::prepare(&input),
            input,
            trees,
        })
    }

    /// The package's sources, and after them the expression, for what points into it: the ids of the package's files stay.
    fn sources_with(&self, text: &str) -> Sources {
        let mut files: Vec<SourceFile> =
            self.input.sources.iter().map(|(_, f)| f.clone()).collect();
        let is_last = files.last().is_none_or(|f| f.path.as_str() < FILE);
        let path = if is_last {
            FILE.to_string()
        } else {
            char::MAX.to_string()
        };
        files.push(SourceFile {
            path,
            text: text.into(),
        });
        Sources::new(files)
    }
}

/// What an expression is evaluated in.
struct Place<'s> {
    setting: &'s Setting,
    declarations: Declarations<'s>,
}

/// Why there is no value.
enum Failure {
    Findings(Vec<Diagnostic>),
    /// The line or its bindings are not as they must be.
    Unread(String),
    /// Beyond the limits of what an artifact or an evaluation may hold.
    TooLarge(String),
}

impl Failure {
    fn too_large(what: impl Display) -> Failure {
        Failure::TooLarge(what.to_string())
    }
}

fn single(place: &mut Place<'_>, text: &str, args: &EvalArgs, out: &mut Out) -> Outcome {
    let bindings = match &args.context {
        None => Ok(Json::Object(Map::new())),
        Some(path) => data::parse(load::data(path, CONTEXT_BYTES)?.as_bytes()),
    };
    let bindings = bindings.map_err(|e| Failure::Unread(e.to_string()));
    match bindings.and_then(|bindings| answer(place, text, &bindings)) {
        Ok((ty, value)) => {
            out.print(&format!("{}\n", typed(None, &ty, &value)))?;
            Ok(OK)
        }
        Err(Failure::Findings(found)) => {
            let sources = place.setting.sources_with(text);
            out.print(&match args.format {
                Format::Text => render::render(&found, &sources, out.color()),
                Format::Json => json::json(&found, &sources),
            })?;
            Ok(FINDINGS)
        }
        Err(Failure::Unread(why)) => {
            let message = match &args.context {
                Some(path) => format!("`{}`: {why}", path.display()),
                None => why,
            };
            refused(Code::DataFile, message, args.format, out)
        }
        Err(Failure::TooLarge(message)) => refused(Code::TooLarge, message, args.format, out),
    }
}

/// Ends with what is wrong at no place of the expression.
fn refused(code: Code, message: String, format: Format, out: &mut Out) -> Outcome {
    match format {
        Format::Text => Err(Stop::coded(code, message)),
        Format::Json => {
            let nowhere = Span {
                file: FileId(0),
                start: 0,
                end: 0,
            };
            let finding = Diagnostic::new(code, nowhere, message);
            out.print(&json::json(&[finding], &Sources::default()))?;
            Ok(FINDINGS)
        }
    }
}

fn batch(place: &mut Place<'_>, reader: impl Read, name: &str, out: &mut Out) -> Outcome {
    let mut feed = Feed::new(reader);
    let mut code = OK;
    while let Some((number, line)) = feed.next_line().map_err(|e| Stop::unreadable(name, e))? {
        let (id, result) = one(place, number, &line);
        let text = match result {
            Ok((ty, value)) => typed(Some(id), &ty, &value),
            Err((kind, of, message)) => {
                code = FINDINGS;
                let (of, message) = (of.id(), Json::String(message));
                format!(
                    "{{\"id\":{id},\"error\":\"{kind}\",\"code\":\"{of}\",\"message\":{message}}}"
                )
            }
        };
        out.print(&format!("{text}\n"))?;
        // Whoever waits for this line before writing the next one would wait for ever.
        out.flush()?;
        if out.closed() {
            // The lines after this one may never end, and nobody waits for them.
            return Err(Stop::unheard());
        }
    }
    Ok(code)
}

/// Kind, code and message.
type Refusal = (&'static str, Code, String);

/// The answer to a line, and the `id` that it has, as it is written there.
fn one<'l>(
    place: &mut Place<'_>,
    number: u64,
    line: &Line<'l>,
) -> (&'l str, Result<(Type, Value), Refusal>) {
    let Line::Bytes(bytes) = *line else {
        let why = format!("line {number}: it is too long");
        return ("null", Err(("parse", Code::DataFile, why)));
    };
    let line = data::parse(bytes);
    let id = id(bytes).unwrap_or("null");
    let result = match line {
        Ok(line) => asked(&line).and_then(|(text, bindings)| answer(place, text, &bindings)),
        // The line is said beside it, and it is one line.
        Err(e) => Err(Failure::Unread(
            e.to_string().replace(" at line 1 ", " at "),
        )),
    };
    let refused = |failure| match failure {
        Failure::Findings(found) => match found.first() {
            Some(d) => (kind(d), d.code, d.message.clone()),
            None => ("type", Code::TypeMismatch, "it has no type".to_string()),
        },
        Failure::Unread(why) => ("parse", Code::DataFile, format!("line {number}: {why}")),
        Failure::TooLarge(why) => ("type", Code::TooLarge, why),
    };
    (id, result.map_err(refused))
}

/// The `id` of a line that is JSON; a number may have more digits than any of ours.
fn id(line: &[u8]) -> Option<&str> {
    #[derive(Deserialize)]
    struct Named<'l> {
        #[serde(borrow)]
        id: Option<&'l RawValue>,
    }
    // What has its parts in order and without names has none.
    let line = line.starts_with(b"{").then_some(line)?;
    let named: Named<'_> = serde_json::from_slice(line).ok()?;
    named.id.map(RawValue::get)
}

/// What a line asks for: an expression, and its bindings.
fn asked(line: &Json) -> Result<(&str, Cow<'_, Json>), Failure> {
    let unread = |why: &str| Failure::Unread(why.to_string());
    let has = PARTS.join(", ");
    let line = line
        .as_object()
        .ok_or_else(|| unread(&format!("it must be an object: {has}")))?;
    if let Some(part) = line.keys().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(unread(&format!("a line has no `{part}`; it has {has}")));
    }
    let text = line.get("expression").and_then(Json::as_str);
    let bindings = match line.get("bindings") {
        Some(bindings) => Cow::Borrowed(bindings),
        None => Cow::Owned(Json::Object(Map::new())),
    };
    Ok((
        text.ok_or_else(|| unread("there is no `expression`"))?,
        bindings,
    ))
}

/// The kinds of error that the contract names.
fn kind(d: &Diagnostic) -> &'static str {
    match d.code.id() {
        "J0205" => "unknownFunction",
        "J0311" => "nonConstant",
        id if id.starts_with("J01") => "syntax",
        id if id.starts_with("J02") => "scope",
        _ => "type",
    }
}

fn answer(place: &mut Place<'_>, text: &str, bindings: &Json) -> Result<(Type, Value), Failure> {
    let Bindings {
        now,
        profile,
        types_profile,
        fields,
        names,
        condition,
    } = bindings::read(bindings).map_err(Failure::Unread)?;
    let ground = &place.setting.ground;
    if types_profile && ground.manifest().profile_schema.is_some() {
        let why = "`types` speaks of the profile, whose types the package's schema says";
        return Err(Failure::Unread(why.to_string()));
    }
    let profile_type = match (&ground.manifest().profile_schema, &profile) {
        (None, Some((_, ty))) => Some(ty.clone()),
        _ => None,
    };
    let names = Names {
        profile: profile_type,
        fields: names,
        condition,
    };
    let checked = place.declarations.check(text, &names);
    let Some(expr) = checked.expr else {
        return Err(Failure::Findings(checked.diagnostics));
    };
    let lowered = lower::lower_expression(
        ground.registry(),
        checked.profile.as_ref(),
        Some(&names.fields),
        &expr,
    );
    let parts = lowered.map_err(Failure::Findings)?;
    let verified = journey_artifact::verify(parts.artifact).map_err(Failure::too_large)?;
    let loaded = Loaded::new(verified).map_err(Failure::too_large)?;
    let row = |plan: Option<PlanId>, json: &Json, region| -> Result<Record, Failure> {
        let artifact = loaded.artifact();
        let Some(plan) = plan.and_then(|id| artifact.plans.get(id.0 as usize)) else {
            return Ok(Record::default());
        };
        let limits = Limits {
            bytes: CONTEXT_BYTES as usize,
            ..Limits::default()
        };
        read(artifact, plan, json.to_string().as_bytes(), region, &limits)
            .map_err(|e| Failure::Unread(e.to_string()))
    };
    let profile_json = profile.map_or(Json::Object(Map::new()), |(json, _)| json);
    let profile = row(parts.profile, &profile_json, Region::Profile)?;
    let fields = row(parts.input, &fields, Region::Input)?;
    let (vars, zone) = (Record::default(), Zone::utc());
    let now_ms = now.unwrap_or_else(clock);
    let env = Env {
        loaded: &loaded,
        profile: &profile,
        vars: &vars,
        input: &fields,
        now_ms,
        zone: &zone,
    };
    let chunk = parts
        .chunks
        .first()
        .copied()
        .ok_or_else(|| Failure::too_large("nothing was built"))?;
    let value = eval_value(&env, chunk, &mut Frame::new(), &mut Fuel::new(FUEL))
        .map_err(Failure::too_large)?;
    Ok((expr.ty, value))
}

/// The time of day, for expressions that ask for it and bindings that do not say.
fn clock() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// `{"id":…,"type":…,"value":…}`; the value as the machine prints it, so that numbers keep their digits.
fn typed(id: Option<&str>, ty: &Type, value: &Value) -> String {
    let name = match ty {
        Type::Enum(_) => "string".to_string(),
        ty => ty.to_string(),
    };
    let value = if *value == Value::Missing {
        "null".to_string()
    } else {
        to_json(value)
    };
    let id = id.map(|id| format!("\"id\":{id},")).unwrap_or_default();
    format!("{{{id}\"type\":{},\"value\":{value}}}", Json::String(name))
}
