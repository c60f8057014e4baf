//! Expressions: what the interpreter makes of the lowered code is what the oracle says.

use super::super::{Memory, Over, lower_expressions, lower_over};
use super::package::{checked, of};
use crate::check::expr::build::error;
use crate::diag::Code;
use crate::hir::{Expr, StepKind};
use crate::oracle;
use crate::source::{FileId, Span};
use crate::types::Type;
use crate::xdm;
use journey_artifact::code::Op;
use journey_artifact::word::Region;
use journey_machine::eval::{Env, Frame, Fuel, Loaded, eval_value};
use journey_machine::read::{Limits, read};
use journey_machine::record::Record;
use journey_machine::time::Zone;
use journey_machine::value::{Value, to_json};
use std::collections::BTreeMap;

/// Each is a value over the profile.
const VALUES: &[&str] = &[
    "profile.a + profile.b * 2 - 7",
    "profile.a / profile.b",
    "profile.x * 2.5 + (profile.y ?? 1.5)",
    "profile.a / profile.x",
    "-(profile.a ?? 3)",
    "profile.s ?? profile.r ?? \"none\"",
    "\"Dear {profile.s ?? \"you\"}, {profile.a ?? 0} points\"",
    "\"only {profile.s}\"",
    "if profile.a > 3 then profile.s else profile.r",
    "profile.home.city ?? profile.work.city",
    "(if profile.t == true then profile.items.first() else profile.items.last()).maker.city",
    "(profile.items.first(i => i.qty > 0) ?? profile.items.last()).tags.last()",
    "profile.nums[0]",
    "profile.nums[-1]",
    "profile.words.first()",
    "profile.words.last()",
    "profile.items.first().name",
    "profile.items.first().maker.city",
    "profile.items.last().tags.first()",
    "profile.items[1].price",
    "profile.items.first(i => i.qty > 1).sku",
    "profile.items.last(i => i.qty > 1).sku",
    "profile.items.find(i => i.gift == true).maker.name",
    "profile.items.filter(i => i.price > 5).count(i => i.qty > 0)",
    "profile.items.filter(i => i.price > 5).first().name",
    "profile.items.filter(i => i.gift != true).map(i => i.sku)",
    "profile.items.map(i => i.price)",
    "profile.nums.map(n => n * 2)",
    "profile.nums.filter(n => n > 2)",
    "profile.items.sum(i => i.price)",
    "profile.items.sum(i => i.qty)",
    "profile.nums.sum(n => n + (profile.a ?? 0))",
    "profile.items.min(i => i.price)",
    "profile.items.max(i => i.qty)",
    "profile.items.max(i => i.name)",
    "profile.items.avg(i => i.price)",
    "profile.nums.avg(n => n)",
    "profile.items.sortBy(i => i.price).map(i => i.sku)",
    "profile.nums.sortBy(n => n, false)",
    "profile.nums.at(1)",
    "profile.words.isEmpty()",
    "profile.words.isNotEmpty()",
    "profile.items.filter(i => i.tags.any(t => t == \"red\")).map(i => i.sku)",
    "profile.items.sum(i => i.tags.count(t => t != \"red\"))",
    "profile.ids[\"Email\"].first().id",
    "profile.ids[\"ECID\"].first(i => i.primary == true).id",
    "profile.scores[\"spring\"]",
    "profile.scores[profile.s ?? \"spring\"]",
    "profile.places[\"rome\"].visits",
    "profile.places.keys()",
    "profile.scores.values()",
    "profile.scores.entry(\"autumn\")",
    "profile.places.firstEntryKey()",
    "coalesce(profile.a, profile.b, 9)",
    "upper(profile.s)",
    "\"{upper(profile.s ?? \"x\")}-{profile.a ?? 1}\"",
    "if (profile.s ?? \"\") == \"x\" then 1 else if profile.t == true then 2 else 3",
    "[profile.a, 4, profile.b]",
    "[profile.a ?? 1, 2].map(n => [n, n + 1].sum(m => m))",
    "if profile.a > 2 then [] else profile.nums",
    "(if profile.t == true then [] else [\"a\"]).first() ?? profile.s",
    "mergeLists([], profile.nums, true)",
    "profile.words.sort(true).first()",
    "profile.words.sort(false).last()",
    "profile.nums.sort(true).at(1)",
    "profile.nums.sort(false)[-2]",
    "profile.nums.sort(profile.t ?? false).at(profile.b ?? 0)",
    "profile.items.map(i => i.price).sort(true).at(profile.items.countWithNull() / 2)",
    "profile.nums.sort(true).last(n => n > 1)",
    "profile.nums.distinct().count()",
    "profile.words.distinctWithNull().countWithNull()",
    "profile.words.distinctWithNull().count()",
    "profile.words.sort(true).count()",
    "profile.items.map(i => i.sku).distinct().limit(2).count()",
    "profile.nums.sort(true).limit(2).countWithNull()",
    "profile.nums.limit(-1).countWithNull()",
    "profile.words.intersect([\"x\", \"y\"])",
    "profile.items.map(i => i.sku).differenceLists([\"A\", \"Q\"])",
    "profile.nums.differenceLists([1, 1, 2]).count()",
    "profile.items.map(i => i.price).intersect([25, 0.5]).isNotEmpty()",
    "profile.items.sortBy(i => i.price, false).limit(2).sum(i => i.price)",
    "profile.items.sortBy(i => i.price).limit(profile.b ?? -1, true).map(i => i.sku)",
    "profile.items.sortBy(i => i.price).limit(1, false).map(i => i.sku)",
    "profile.scores.values().sort(true)",
    "profile.items.map(i => i.maker.city)",
    "profile.items.map(i => i.maker.city).serializeList(\"-\", false)",
];

/// Values that are taken whole, compared as JSON without the order of fields.
const WHOLE: &[&str] = &[
    "profile.items",
    "profile.items.first()",
    "profile.items.filter(i => i.gift != true)",
    "profile.items.sortBy(i => i.price, false)",
    "profile.home",
    "profile.places",
    "profile.places[\"rome\"]",
    "profile.scores",
    "profile.ids",
    "profile.ids[\"ECID\"]",
    "({ a: profile.a, where: profile.home, list: [profile.nums[0], 7], deep: { s: profile.s, places: profile.places } })",
    "[{ n: 1, s: profile.s }, { n: profile.a ?? 2, s: \"y\" }]",
    "(if profile.t == true then ({ n: 1, s: \"x\" }) else ({ n: 2, s: \"y\" }))",
];

/// Each is a condition over the profile.
const CONDITIONS: &[&str] = &[
    "profile.a == 3",
    "profile.a != profile.b",
    "profile.x > profile.y",
    "profile.x >= 1.5 and profile.y < 100.0",
    "profile.a > 1 and profile.b > 1 and profile.s == \"x\"",
    "profile.a > 1 or profile.b > 1 or profile.s == \"x\"",
    "not (profile.a > 1 and profile.b > 1)",
    "not (profile.a > 1 or not (profile.s == \"x\"))",
    "(profile.a > 1 or profile.b > 1) and (profile.s == \"x\" or profile.t == true)",
    "(profile.a > 1 and profile.b > 1) or (profile.s == \"x\" and profile.t == true)",
    "profile.t",
    "profile.t and not profile.f",
    "profile.tier in [\"gold\", \"silver\"]",
    "profile.a in [1, profile.b, 3]",
    "not (profile.a in [1, profile.b, 3])",
    "profile.s in profile.words",
    "not (profile.s in profile.words)",
    "profile.a in 1..5",
    "profile.a in none()",
    "not (profile.a in none())",
    "profile.home is missing",
    "profile.home is present and profile.home.city is missing",
    "profile.home.geo is present",
    "profile.ids is present",
    "profile.ids[\"Email\"] is missing",
    "profile.items.first() is present",
    "(profile.items.first(i => i.gift == true) ?? profile.items.last()) is missing",
    "profile.items.any(i => i.price > 20)",
    "profile.items.all(i => i.price > 2)",
    "not profile.items.any(i => i.price > 20)",
    "profile.items.any(i => i.price > 20 and i.qty > 1)",
    "profile.items.all(i => i.tags.any(t => t == \"red\"))",
    "profile.nums.any(n => n == profile.a)",
    "profile.nums.all(n => n > 0) or profile.t",
    "(profile.t ?? false) == true",
    "if profile.a > 2 then profile.t else profile.f",
    "(profile.t ?? profile.f) or profile.a == 3",
    "profile.seen > 2026-01-01T00:00Z",
    "profile.born < 1990-01-01",
];

const PROFILES: &[&str] = &[
    "{}",
    r#"{"a": 3, "b": 2, "x": 1.5, "y": 2.5, "t": true, "f": false, "s": "x", "r": "y", "tier": "gold",
        "born": "1980-02-29", "seen": "2026-03-01T10:00:00+02:00",
        "home": {"city": "Roma", "geo": {"lat": 41.9, "lon": 12.5}}, "work": {"city": "Ostia", "zip": "00121"},
        "nums": [5, 1, 3], "words": ["x", "z"],
        "items": [
          {"sku": "A", "name": "Anvil", "price": 9.5, "qty": 1, "tags": ["red", "big"], "gift": false, "maker": {"name": "M", "city": "Bonn"}},
          {"sku": "B", "name": "Bolt", "price": 0.5, "qty": 12, "tags": [], "maker": {"name": "N"}},
          {"sku": "C", "price": 25.0, "gift": true, "tags": ["red"], "maker": {"city": "Linz", "name": "O"}}],
        "ids": {"Email": [{"id": "a@b.c", "primary": true}], "ECID": [{"id": "1"}, {"id": "2", "primary": true}]},
        "scores": {"spring": 1.5, "autumn": 2.5, "x": 7.0}, "places": {"rome": {"city": "Roma", "visits": 4}, "graz": {"visits": 1}}}"#,
    r#"{"a": 0, "b": 0, "x": 0.0, "t": false, "s": "", "tier": "basic", "home": {}, "items": [], "nums": [], "words": [],
        "ids": {}, "scores": {}, "places": {}}"#,
    r#"{"a": null, "b": 7, "y": 1e308, "f": true, "r": "only r", "home": {"geo": {}}, "work": {"geo": {"lat": 1.0}},
        "nums": [null, 2, null], "words": [null, "y"], "items": [{}, {"sku": "D", "price": null, "qty": 2, "tags": [null, "red"]}],
        "ids": {"Email": []}, "scores": {"spring": null}, "places": {"rome": {}}}"#,
];

/// The checked form of each, as `let` steps of one journey.
pub fn expressions(sources: &[&str]) -> (crate::check::Analysis, Vec<Expr>) {
    let mut text = String::from(
        "schema E = \"https://ns.acme.example/schemas/e\"\nevent Go: E {\n    where eventType == \"go\"\n    key who in Email\n}\n\n\
         function none() -> list<integer> = []\n\n\
         journey J {\n    enter on Go\n\n",
    );
    for (ix, source) in sources.iter().enumerate() {
        text.push_str(&format!("    let v{ix} = {source}\n"));
    }
    text.push_str("}\n");
    let (analysis, _) = checked(of(&text));
    let value = |step: &crate::hir::Step| match &step.kind {
        StepKind::Let { value, .. } => Some(value.clone()),
        _ => None,
    };
    let exprs: Vec<Expr> = analysis.program.journeys[0]
        .body
        .steps
        .iter()
        .filter_map(value)
        .collect();
    assert_eq!(exprs.len(), sources.len());
    (analysis, exprs)
}

/// Equal as JSON, whatever the order of fields.
fn same(found: &Value, expected: &Value, what: &str) {
    let json = |value: &Value| serde_json::from_str::<serde_json::Value>(&to_json(value)).unwrap();
    assert_eq!(json(found), json(expected), "{what}");
}

fn compare(sources: &[&str]) {
    compare_on(sources, PROFILES);
}

fn compare_on(sources: &[&str], profiles: &[&str]) {
    let (analysis, exprs) = expressions(sources);
    let (_, profile_type) = analysis.program.profile.as_ref().unwrap();
    let zone = Zone::utc();
    let vars = BTreeMap::new();
    for (source, expr) in sources.iter().zip(&exprs) {
        let lowered = lower_expressions(
            &analysis.registry,
            Some(profile_type),
            None,
            std::slice::from_ref(expr),
        )
        .unwrap_or_else(|found| panic!("{source}: {found:?}"));
        let artifact = lowered.artifact.clone();
        let text = journey_artifact::disasm::bytecode(&artifact);
        let verified = journey_artifact::verify(artifact)
            .unwrap_or_else(|why| panic!("{source}: {why}\n{text}"));
        let loaded = Loaded::new(verified).unwrap_or_else(|why| panic!("{source}: {why}"));
        let mut frame = Frame::new();
        let mut seen = Vec::new();
        for json in profiles {
            let empty = Record::default();
            let profile = match lowered.profile {
                Some(plan) => {
                    let plan = &loaded.artifact().plans[plan.0 as usize];
                    read(
                        loaded.artifact(),
                        plan,
                        json.as_bytes(),
                        Region::Profile,
                        &Limits::default(),
                    )
                    .unwrap_or_else(|why| panic!("{source}: {why:?}"))
                }
                None => empty.clone(),
            };
            let env = Env {
                loaded: &loaded,
                profile: &profile,
                vars: &empty,
                input: &empty,
                now_ms: 0,
                zone: &zone,
            };
            let found = eval_value(
                &env,
                lowered.chunks[0],
                &mut frame,
                &mut Fuel::new(1_000_000),
            )
            .unwrap_or_else(|fault| panic!("{source} on {json}: {fault}\n{text}"));
            let json: serde_json::Value = serde_json::from_str(json).unwrap();
            let scope = oracle::Scope {
                profile: Some(&json),
                input: None,
                vars: &vars,
                now_ms: 0,
                zone: &zone,
            };
            let expected = oracle::eval(expr, &scope)
                .unwrap_or_else(|why| panic!("{source} on {json}: {why}"))
                .unwrap_or(Value::Missing);
            same(&found, &expected, &format!("{source} on {json}\n{text}"));
            seen.push(to_json(&found));
        }
        assert!(
            profiles.len() == 1 || seen.iter().any(|s| s != &seen[0]),
            "{source} gives {} for every profile",
            seen[0]
        );
    }
}

/// A pass whose slots were put in afterwards is the one that another pass would have given.
#[test]
fn the_short_way_gives_the_same() {
    let sources: Vec<&str> = [VALUES, WHOLE, CONDITIONS].concat();
    let (analysis, exprs) = expressions(&sources);
    let (_, profile) = analysis.program.profile.as_ref().unwrap();
    let over = Over {
        profile: Some(("profile", profile)),
        ..Over::default()
    };
    let (mut memory, mut shorter) = (Memory::default(), 0);
    for (source, expr) in sources.iter().zip(&exprs) {
        let one = std::slice::from_ref(expr);
        let short = lower_over(&analysis.registry, over, one, &mut memory).unwrap();
        let mut confirmed = Memory::confirming();
        let long = lower_over(&analysis.registry, over, one, &mut confirmed).unwrap();
        assert_eq!(short.artifact, long.artifact, "{source}");
        assert_eq!(short.profile, long.profile, "{source}");
        shorter += usize::from(short.artifact.shapes.len() > 1);
    }
    assert!(shorter > 50, "{shorter}");
}

/// What the check gave up stands for nothing: if it ever came here untold, `false` would be what everybody gets.
#[test]
fn what_stands_in_is_never_lowered() {
    let (file, start, end) = (FileId(0), 0, 1);
    let given_up = error(Span { file, start, end });
    let condition = Expr {
        ty: Type::Boolean,
        ..given_up.clone()
    };
    let (registry, _) = xdm::import(&[]);
    for expr in [given_up, condition] {
        let found = lower_expressions(&registry, None, None, &[expr]).unwrap_err();
        assert!(
            found.iter().all(|d| d.code == Code::TypeMismatch),
            "{found:?}"
        );
    }
}

#[test]
fn values() {
    compare(VALUES);
}

#[test]
fn whole_values() {
    // An object of which nothing is there is left out, so the profiles with such are not for this.
    compare_on(WHOLE, &PROFILES[1..2]);
}

#[test]
fn conditions() {
    compare(CONDITIONS);
}

#[test]
fn equal_constants_are_one_set_however_they_are_written() {
    let sources = [
        r#"profile.r in ["a", "b", "c", "d", "e", "f", "only r"]"#,
        r#"not (profile.r in ["only r", "f", "e", "d", "c", "b", "a", "a"])"#,
        r#"profile.r == "a" or profile.r == "b" or profile.r == "c" or "d" == profile.r or profile.r == "e" or profile.r == "f" or profile.r == "only r""#,
        r#"[profile.r ?? "y"].any(it => it in ["f", "e", "d", "c", profile.s, "only r", "b", "a"])"#,
    ];
    compare(&sources);
    let (analysis, exprs) = expressions(&sources);
    let (_, profile) = analysis.program.profile.as_ref().unwrap();
    let lowered = lower_expressions(&analysis.registry, Some(profile), None, &exprs).unwrap();
    assert_eq!(lowered.artifact.sets.len(), 1);
    for chunk in &lowered.artifact.chunks {
        let looks = chunk.code.iter().filter(|i| i.op == Op::In);
        assert_eq!(looks.count(), 1);
    }
}
