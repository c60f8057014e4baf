//! Functions that the compiler expands into instructions: those with lambdas, and those that cost nothing.
//!
//! A lambda that gives a missing or unknown value counts as false in `filter`, `find`, `first`, `last` and `count`, and is left
//! out by `sum`, `min`, `max` and `avg`; `any` and `all` follow Kleene's logic. Never true here: an implementation.

use super::types::{Category, Function, Intrinsic as X, Param, Ty, p};

use Ty::{
    Any, Boolean as B, Decimal as D, Duration as U, Integer as I, Lambda as F, List as L, Map as M,
    String as S, T,
};

const LIST: &[Param] = &[p("list", L(&Any))];
const WHERE: &[Param] = &[p("list", L(&Any)), p("condition", F(&B))];
const MAP: &[Param] = &[p("map", M(&Any))];

const fn f(name: &'static str, params: &'static [Param], returns: Ty, what: X) -> Function {
    Function::inline(name, Category::Collection, params, returns, what)
}

/// The entries.
pub const TABLE: &[Function] = &[
    f("filter", WHERE, L(&Any), X::Filter).doc(
        "The elements for which the condition holds, in order.",
        &[("[1, 2, 3].filter(n => n > 1)", "[2,3]")],
    ),
    f(
        "map",
        &[p("list", L(&Any)), p("value", F(&T))],
        L(&T),
        X::Map,
    )
    .doc(
        "The value for each element, in order; one that is missing stays missing.",
        &[("[1, 2].map(n => n * 10)", "[10,20]")],
    ),
    f("any", WHERE, B, X::Any).doc(
        "Whether the condition holds for some element; false for an empty list.",
        &[("[1, 2].any(n => n > 1)", "true")],
    ),
    f("all", WHERE, B, X::All).doc(
        "Whether the condition holds for every element; true for an empty list.",
        &[("[1, 2].all(n => n > 1)", "false")],
    ),
    f("first", LIST, Any, X::First).optional().doc(
        "The first element; missing for an empty list.",
        &[("[1, 2].first()", "1")],
    ),
    f("first", WHERE, Any, X::First).optional().doc(
        "The first element for which the condition holds.",
        &[("[1, 2, 3].first(n => n > 1)", "2")],
    ),
    f("last", LIST, Any, X::Last).optional().doc(
        "The last element; missing for an empty list.",
        &[("[1, 2].last()", "2")],
    ),
    f("last", WHERE, Any, X::Last).optional().doc(
        "The last element for which the condition holds.",
        &[("[1, 2, 3].last(n => n < 3)", "2")],
    ),
    f("find", WHERE, Any, X::Find).optional().doc(
        "The first element for which the condition holds.",
        &[("[1, 2, 3].find(n => n > 1)", "2")],
    ),
    f("count", LIST, I, X::Count).doc("How many elements are not missing.", &[]),
    f("count", WHERE, I, X::Count).doc(
        "For how many elements the condition holds.",
        &[("[1, 2, 3].count(n => n > 1)", "2")],
    ),
    f("sum", &[p("list", L(&Any)), p("value", F(&I))], I, X::Sum).doc(
        "The sum of the values for the elements; 0 when there are none.",
        &[("[1, 2].sum(n => n * 10)", "30")],
    ),
    f("sum", &[p("list", L(&Any)), p("value", F(&D))], D, X::Sum).doc(
        "The sum of the values for the elements, from first to last; 0.0 when there are none.",
        &[("[1, 2].sum(n => n * 0.5)", "1.5")],
    ),
    f("sum", &[p("list", L(&Any)), p("value", F(&U))], U, X::Sum).doc(
        "The sum of the durations for the elements.",
        &[("[1, 2].sum(n => 15m * n)", "\"PT45M\"")],
    ),
    f("min", &[p("list", L(&Any)), p("value", F(&T))], T, X::Min)
        .optional()
        .doc(
            "The smallest of the values for the elements.",
            &[("[3, 1].min(n => n * 10)", "10")],
        ),
    f("max", &[p("list", L(&Any)), p("value", F(&T))], T, X::Max)
        .optional()
        .doc(
            "The largest of the values for the elements.",
            &[("[3, 1].max(n => n * 10)", "30")],
        ),
    f("avg", &[p("list", L(&Any)), p("value", F(&D))], D, X::Avg)
        .optional()
        .doc(
            "The mean of the values for the elements; missing when there are none.",
            &[("[1, 2].avg(n => n)", "1.5")],
        ),
    f(
        "sortBy",
        &[p("list", L(&Any)), p("key", F(&T))],
        L(&Any),
        X::SortBy,
    )
    .doc(
        "The elements in the order of their keys, equal ones as they stood, missing keys last.",
        &[("[3, 1, 2].sortBy(n => -n)", "[3,2,1]")],
    ),
    f(
        "sortBy",
        &[p("list", L(&Any)), p("key", F(&T)), p("ascending", B)],
        L(&Any),
        X::SortBy,
    )
    .doc(
        "The elements in the order of their keys, descending with false.",
        &[("[3, 1, 2].sortBy(n => n, false)", "[3,2,1]")],
    ),
    f("at", &[p("list", L(&Any)), p("index", I)], Any, X::At)
        .optional()
        .doc(
            "The element at a place, from 0; a negative one counts from the end. Missing outside.",
            &[("[1, 2, 3].at(-1)", "3"), ("[1].at(1)", "null")],
        ),
    f("isEmpty", LIST, B, X::IsEmpty).doc(
        "Whether the list has no elements.",
        &[("[1].isEmpty()", "false")],
    ),
    f("isNotEmpty", LIST, B, X::IsNotEmpty).doc(
        "Whether the list has elements.",
        &[("[1].isNotEmpty()", "true")],
    ),
    Function::inline("keys", Category::Map, MAP, L(&S), X::Keys)
        .doc("The keys of a map, in the order in which they came.", &[]),
    Function::inline("values", Category::Map, MAP, L(&Any), X::Values)
        .doc("The values of a map, in the order in which they came.", &[]),
    Function::inline(
        "entry",
        Category::Map,
        &[p("map", M(&Any)), p("key", S)],
        Any,
        X::Entry,
    )
    .optional()
    .doc(
        "The value of a key of a map; case matters. The same as `map[key]`.",
        &[],
    ),
    Function::inline("firstEntryKey", Category::Map, MAP, S, X::FirstEntryKey)
        .optional()
        .doc(
            "The first key of a map, in the order in which they came.",
            &[],
        ),
    Function::inline(
        "coalesce",
        Category::Missing,
        &[p("first", Any), p("second", Any)],
        Any,
        X::Coalesce,
    )
    .variadic()
    .doc(
        "The first argument that is present. The same as `first ?? second`.",
        &[("coalesce(toInteger(\"x\"), 7)", "7")],
    ),
];
