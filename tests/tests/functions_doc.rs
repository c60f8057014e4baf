//! `docs/functions.md` is the one table of functions, printed.
//!
//! `JOURNEY_BLESS=1` writes it. That the examples are true is `native`'s to say. Never true here: a word about a function that
//! does not stand in the table.

use journey_machine::func::{self, Category, Function, Ty};
use journey_tests::packages::root;
use std::collections::BTreeSet;
use std::fs;

/// The sections, in the order of the page.
const SECTIONS: &[(Category, &str)] = &[
    (Category::String, "Text"),
    (Category::Conversion, "Conversion"),
    (Category::Date, "Dates and times"),
    (Category::Math, "Numbers"),
    (Category::Aggregation, "Counts and sums"),
    (Category::List, "Lists"),
    (Category::Collection, "Collections"),
    (Category::Map, "Maps"),
    (Category::Hash, "Hashing"),
    (Category::Missing, "Missing values"),
];

const HEAD: &str = "\
# Functions

Made from the one table in `runtime/machine/src/func` (`JOURNEY_BLESS=1 cargo test -p journey-tests --test functions_doc` writes this page);
every example is run. What operators do stands in [the language](language.md#expressions).

* `f(x, y)` and `x.f(y)` are one call; `in` alone is an operator, and no name to begin a call with: `x in y` or `x.in(y)`. The form is chosen by the types of the arguments; an integer goes where a decimal is asked for, if no form takes integers.
* With a missing argument the result is missing, in a condition unknown, unless the text says otherwise. `-> T?` may be missing though all arguments are there.
* `any` is one type of any kind, `T` one scalar type, the same wherever it stands in a form; `item => T` is a lambda over the items of the list before it.
* `now` marks what looks at the instant of the step, `zone` what looks at the journey's time zone (and has no place in an event's own lines, where no journey is known). The rest gives the same for the same arguments, always.
";

#[test]
fn the_page_is_the_table() {
    let path = root().join("docs/functions.md");
    let text = page();
    if std::env::var_os("JOURNEY_BLESS").is_some() {
        fs::write(&path, &text).expect("a page can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/functions.md is old; JOURNEY_BLESS=1 writes it"
    );
}

#[test]
fn the_page_leaves_nothing_out() {
    let text = page();
    for function in written() {
        assert!(
            text.contains(&signature(function)),
            "{} is left out",
            function.name
        );
        assert!(!function.doc.is_empty(), "{} says nothing", function.name);
    }
    let names: BTreeSet<&str> = written().map(|f| f.name).collect();
    assert!(
        names.len() >= 40,
        "the table lost its functions: {}",
        names.len()
    );
}

/// What people can write; a name with a dot is what an operator becomes.
fn written() -> impl Iterator<Item = &'static Function> {
    func::all().filter(|f| !f.name.contains('.'))
}

fn page() -> String {
    let mut text = String::from(HEAD);
    for (category, title) in SECTIONS {
        let forms: Vec<&Function> = written().filter(|f| f.category == *category).collect();
        let mut names: Vec<&str> = Vec::new();
        for form in &forms {
            if !names.contains(&form.name) {
                names.push(form.name);
            }
        }
        if !names.is_empty() {
            text += &format!("\n## {title}\n");
        }
        for name in names {
            text += &format!("\n### {name}\n");
            for form in forms.iter().filter(|f| f.name == name) {
                text += &entry(form);
            }
        }
    }
    text
}

fn entry(function: &Function) -> String {
    let mut marks = Vec::new();
    if function.uses.now {
        marks.push("now");
    }
    if function.uses.zone {
        marks.push("zone");
    }
    let marks = match marks.as_slice() {
        [] => String::new(),
        some => format!(" ({})", some.join(", ")),
    };
    let mut text = format!("\n`{}`{marks}: {}\n", signature(function), function.doc);
    for (at, (example, value)) in function.examples.iter().enumerate() {
        let before = if at == 0 { "\n" } else { "" };
        let value = if *value == "null" { "missing" } else { value };
        text += &format!("{before}* `{example}` is `{value}`\n");
    }
    text
}

fn signature(function: &Function) -> String {
    let params: Vec<String> = function
        .params
        .iter()
        .map(|p| format!("{}: {}", p.name, ty(p.ty)))
        .collect();
    let more = if function.variadic { ", …" } else { "" };
    let missing = if function.optional { "?" } else { "" };
    format!(
        "{}({}{more}) -> {}{missing}",
        function.name,
        params.join(", "),
        ty(function.returns)
    )
}

fn ty(ty_of: Ty) -> String {
    match ty_of {
        Ty::String => "string".into(),
        Ty::Integer => "integer".into(),
        Ty::Decimal => "decimal".into(),
        Ty::Boolean => "boolean".into(),
        Ty::Date => "date".into(),
        Ty::DateTime => "dateTime".into(),
        Ty::DateTimeOnly => "dateTimeOnly".into(),
        Ty::Time => "time".into(),
        Ty::Duration => "duration".into(),
        Ty::Period => "calendar duration".into(),
        Ty::List(item) => format!("list<{}>", ty(*item)),
        Ty::Map(value) => format!("map<{}>", ty(*value)),
        Ty::T => "T".into(),
        Ty::Any => "any".into(),
        Ty::Lambda(result) => format!("item => {}", ty(*result)),
    }
}
