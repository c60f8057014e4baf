//! `journeyc eval`: one expression, or a batch of them, through the checker, the artifact and the machine.
//!
//! Comes in: expressions and the values of the names in them. Goes out: typed JSON, one line for each.
//! A batch line is `{"id", "expression", "bindings": {"now", "profile", "events", "dataSources", "actions",
//! "journeyProperties", "types", "context"}}`; the answer `{"id", "type", "value"}` or `{"id", "error", "code", "message"}`.
//! The entries of `events`, `dataSources`, `actions` and `journeyProperties` are names that the expression may use. Their
//! types are read off their values; `types` says otherwise, by path (`"Order.placedAt": "dateTime"`).
//! Never true here: a line of a batch that stops it.

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
use journeyc::host::feed::{Feed, Line};
use journeyc::lower;
use journeyc::package::PackageInput;
use journeyc::source::{FileId, SourceFile, Sources};
use journeyc::types::Type;
use serde_json::{Map, Value as Json};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the expression is called among the sources: a name that sorts after those of the package's files.
const FILE: &str = "~expression";
/// Bytes of a context file.
const CONTEXT_BYTES: u64 = 64 << 20;
/// The kind of error of what cannot be read.
const PARSE: &str = "parse";
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
    /// A file with the bindings: `{"now": …, "profile": {…}, "events": {"Name": {…}}}`.
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
        (Some(path), _) if path.as_os_str() == "-" => batch(
            &mut place,
            BufReader::new(io::stdin()),
            "standard input",
            out,
        ),
        (Some(path), _) => {
            let name = format!("`{}`", path.display());
            let file = std::fs::File::open(path).map_err(|e| Stop::unreadable(&name, e))?;
            batch(&mut place, BufReader::new(file), &name, out)
        }
        (None, Some(text)) => {
            let bindings = match &args.context {
                None => Json::Object(Map::new()),
                Some(path) => {
                    let text = load::data(path, CONTEXT_BYTES)?;
                    serde_json::from_str(&text).map_err(|e| Stop::data(path, e))?
                }
            };
            single(&mut place, text, &bindings, &args, out)
        }
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
    Refused(&'static str, String),
}

fn single(
    place: &mut Place<'_>,
    text: &str,
    bindings: &Json,
    args: &EvalArgs,
    out: &mut Out,
) -> Outcome {
    match answer(place, text, bindings) {
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
        Err(Failure::Refused(kind, message)) => Err(match &args.context {
            Some(path) if kind == PARSE => Stop::data(path, message),
            _ => Stop::findings(message),
        }),
    }
}

fn batch(place: &mut Place<'_>, reader: impl BufRead, name: &str, out: &mut Out) -> Outcome {
    let mut feed = Feed::new(reader);
    let mut code = OK;
    while let Some((number, line)) = feed.next_line().map_err(|e| Stop::unreadable(name, e))? {
        let (id, result) = one(place, number, &line);
        let text = match result {
            Ok((ty, value)) => typed(Some(&id), &ty, &value),
            Err((kind, code_text, message)) => {
                code = FINDINGS;
                let error = [
                    ("id", id),
                    ("error", kind.into()),
                    ("code", code_text.into()),
                    ("message", message.into()),
                ];
                Json::Object(error.into_iter().map(|(k, v)| (k.to_string(), v)).collect())
                    .to_string()
            }
        };
        out.print(&format!("{text}\n"))?;
        // Whoever waits for this line before writing the next one would wait for ever.
        out.flush()?;
        if out.closed() {
            break;
        }
    }
    Ok(code)
}

type Refusal = (&'static str, String, String);

fn one(place: &mut Place<'_>, number: u64, line: &Line) -> (Json, Result<(Type, Value), Refusal>) {
    let parse = |message: String| {
        (
            PARSE,
            refusal_code(PARSE),
            format!("line {number}: {message}"),
        )
    };
    let Line::Bytes(bytes) = line else {
        return (Json::Null, Err(parse("it is too long".into())));
    };
    let json: Json = match serde_json::from_slice(bytes) {
        Ok(json) => json,
        Err(e) => return (Json::Null, Err(parse(e.to_string()))),
    };
    let id = json.get("id").cloned().unwrap_or(Json::Null);
    let Some(text) = json.get("expression").and_then(Json::as_str) else {
        return (id, Err(parse("there is no `expression`".into())));
    };
    let bindings = json
        .get("bindings")
        .cloned()
        .unwrap_or_else(|| Json::Object(Map::new()));
    let result = answer(place, text, &bindings).map_err(|failure| match failure {
        Failure::Findings(found) => match found.first() {
            Some(d) => (kind(d), d.code.id().to_string(), d.message.clone()),
            None => ("type", String::new(), "it has no type".to_string()),
        },
        Failure::Refused(kind, message) => (kind, refusal_code(kind), message),
    });
    (id, result)
}

/// The code of a refusal: what cannot be read has one.
fn refusal_code(kind: &str) -> String {
    match kind {
        PARSE => Code::DataFile.id().to_string(),
        _ => String::new(),
    }
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
        fields,
        names,
    } = bindings::read(bindings).map_err(|message| Failure::Refused(PARSE, message))?;
    let ground = &place.setting.ground;
    let profile_type = match (&ground.manifest().profile_schema, &profile) {
        (None, Some((_, ty))) => Some(ty.clone()),
        _ => None,
    };
    let condition = bindings.get("context").and_then(Json::as_str) == Some("condition");
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
    let refused = |message: String| Failure::Refused("type", message);
    let verified = journey_artifact::verify(parts.artifact).map_err(|e| refused(e.to_string()))?;
    let loaded = Loaded::new(verified).map_err(|e| refused(e.to_string()))?;
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
            .map_err(|e| Failure::Refused(PARSE, e.to_string()))
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
        .ok_or_else(|| refused("nothing was built".into()))?;
    let value = eval_value(&env, chunk, &mut Frame::new(), &mut Fuel::new(FUEL))
        .map_err(|e| refused(e.to_string()))?;
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
fn typed(id: Option<&Json>, ty: &Type, value: &Value) -> String {
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
