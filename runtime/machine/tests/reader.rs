//! JSON bytes to records: what is captured, what is refused and how, and agreement with a plain parse on generated documents.

mod support;

use journey_artifact::model::{Artifact, Plan, PlanNode, StrId, Want};
use journey_artifact::word::{Region, ShapeId, WordType as W};
use journey_machine::read::{Limits, RejectCode, read};
use journey_machine::value::{from_row, to_json};
use support::plan::{must, node, object, plan, scalar};
use support::{Random, shape};

/// What is read, as JSON; or the rejection's text.
fn outcome(bytes: &[u8]) -> Result<String, String> {
    let (artifact, plan) = plan();
    outcome_in(&artifact, &plan, bytes, &Limits::default())
}

fn outcome_in(
    artifact: &Artifact,
    plan: &Plan,
    bytes: &[u8],
    limits: &Limits,
) -> Result<String, String> {
    match read(artifact, plan, bytes, Region::Input, limits) {
        Ok(record) => Ok(to_json(&from_row(artifact, &record, plan.shape).unwrap())),
        Err(rejection) => Err(rejection.to_string()),
    }
}

#[test]
fn captures() {
    let cases: &[(&str, &str)] = &[
        ("{}", "{}"),
        (
            r#" {"name":"Ann","age":3,"unknown":{"deep":[1,{"x":null}]}} "#,
            r#"{"name":"Ann","age":3}"#,
        ),
        (
            r#"{"name":null,"age":null,"address":null,"items":null,"ids":null,"extra":null,"tier":null,"day":null}"#,
            "{}",
        ),
        (
            r#"{"name":"a\u00e9\n\ud83d\ude00\""}"#,
            "{\"name\":\"aé\\n😀\\\"\"}",
        ),
        (
            r#"{"n\u0061me":"escaped key"}"#,
            r#"{"name":"escaped key"}"#,
        ),
        (r#"{"age":3.0}"#, r#"{"age":3}"#),
        (r#"{"age":1e3}"#, r#"{"age":1000}"#),
        (r#"{"age":-0}"#, r#"{"age":0}"#),
        (
            r#"{"age":9223372036854775807}"#,
            r#"{"age":9223372036854775807}"#,
        ),
        (
            r#"{"age":-9223372036854775808}"#,
            r#"{"age":-9223372036854775808}"#,
        ),
        (r#"{"score":3}"#, r#"{"score":3.0}"#),
        (r#"{"score":0.1}"#, r#"{"score":0.1}"#),
        (
            r#"{"score":123456789012345678901234567890}"#,
            r#"{"score":1.2345678901234568e29}"#,
        ),
        (
            r#"{"vip":false,"tier":"gold"}"#,
            r#"{"vip":false,"tier":"gold"}"#,
        ),
        (r#"{"address":{}}"#, r#"{"address":true}"#),
        (
            r#"{"address":{"city":"Paris","zip":1}}"#,
            r#"{"address":{"city":"Paris"}}"#,
        ),
        (r#"{"tags":["a",null,""]}"#, r#"{"tags":["a",null,""]}"#),
        (r#"{"tags":[]}"#, r#"{"tags":[]}"#),
        (
            r#"{"items":[{"sku":"A","price":1,"sizes":[1,2]},null,{"sizes":[3],"sku":"B"}]}"#,
            r#"{"items":[{"sku":"A","price":1.0,"sizes":[1,2]},{},{"sku":"B","sizes":[3]}]}"#,
        ),
        (
            r#"{"ids":{"b":{"id":"1"},"a":{}}}"#,
            r#"{"ids":[{"key":"b","id":"1"},{"key":"a"}]}"#,
        ),
        (r#"{"extra":[1,{"a":[]}]}"#, r#"{"extra":true}"#),
        (r#"{"extra":false}"#, r#"{"extra":true}"#),
        (
            r#"{"day":"2024-02-29","at":"2024-02-29T10:00:00.5+01:00"}"#,
            r#"{"day":"2024-02-29","at":"2024-02-29T10:00:00.500+01:00"}"#,
        ),
        (
            r#"{"local":"2024-02-29T10:00","time":"09:00:01","span":"PT2H","calendar":"P1M"}"#,
            r#"{"local":"2024-02-29T10:00:00","time":"09:00:01","span":"PT2H","calendar":"P1M"}"#,
        ),
        (r#"{"other":1,"other":2}"#, "{}"),
    ];
    for (json, want) in cases {
        assert_eq!(outcome(json.as_bytes()).as_deref(), Ok(*want), "{json}");
    }
}

#[test]
fn rejections_name_the_place_and_both_types() {
    let cases: &[(&str, &str)] = &[
        ("", "INVALID_JSON at the document"),
        ("{", "INVALID_JSON"),
        ("{} x", "INVALID_JSON"),
        (r#"{"other":tru}"#, "INVALID_JSON"),
        (r#"{"name":"\ud800"}"#, "INVALID_JSON"),
        ("{\"name\":\"a\u{1}\"}", "INVALID_JSON"),
        (r#"{"age":01}"#, "INVALID_JSON"),
        (r#"{"score":1e999}"#, "INVALID_JSON"),
        (
            "[]",
            "WRONG_TYPE at the document: expected object, found array",
        ),
        (
            r#"{"name":1}"#,
            "WRONG_TYPE at name: expected string, found number",
        ),
        (
            r#"{"age":"1"}"#,
            "WRONG_TYPE at age: expected integer, found string",
        ),
        (
            r#"{"age":1.5}"#,
            "WRONG_TYPE at age: expected integer, found number with a fraction",
        ),
        (
            r#"{"age":9223372036854775808}"#,
            "WRONG_VALUE at age: expected a 64-bit integer",
        ),
        (r#"{"age":1e300}"#, "WRONG_VALUE at age"),
        (r#"{"age":9007199254740993.0}"#, "WRONG_VALUE at age"),
        (
            r#"{"vip":0}"#,
            "WRONG_TYPE at vip: expected boolean, found number",
        ),
        (
            r#"{"tier":"bronze"}"#,
            "WRONG_VALUE at tier: expected one of gold, silver, found another string",
        ),
        (
            r#"{"tier":true}"#,
            "WRONG_TYPE at tier: expected string, found boolean",
        ),
        (
            r#"{"address":{"city":{}}}"#,
            "WRONG_TYPE at address.city: expected string, found object",
        ),
        (
            r#"{"address":[]}"#,
            "WRONG_TYPE at address: expected object, found array",
        ),
        (
            r#"{"items":{}}"#,
            "WRONG_TYPE at items: expected array, found object",
        ),
        (
            r#"{"items":[{},{"sizes":[1,"x"]}]}"#,
            "WRONG_TYPE at items[1].sizes[1]: expected integer, found string",
        ),
        (
            r#"{"ids":{"a b":{"id":4}}}"#,
            "WRONG_TYPE at ids[\"a b\"].id: expected string, found number",
        ),
        (
            r#"{"day":"2023-02-29"}"#,
            "WRONG_VALUE at day: expected date",
        ),
        (
            r#"{"at":"2023-02-28T10:00"}"#,
            "WRONG_VALUE at at: expected date-time with offset",
        ),
        (
            r#"{"at":5}"#,
            "WRONG_TYPE at at: expected date-time with offset (ISO 8601), found number",
        ),
        (
            r#"{"name":"a","age":1,"name":"b"}"#,
            "DUPLICATE_KEY at name",
        ),
        (
            r#"{"address":{"city":"a","city":null}}"#,
            "DUPLICATE_KEY at address.city",
        ),
        (r#"{"ids":{"a":{},"a":{}}}"#, "DUPLICATE_KEY at ids[\"a\"]"),
    ];
    for (json, want) in cases {
        let found = outcome(json.as_bytes()).expect_err(json);
        assert!(found.starts_with(want), "{json}: {found}");
    }
    let found = outcome(b"{\"name\":\"\xFF\"}").expect_err("not UTF-8");
    assert!(found.contains("an invalid byte at 9"), "{found}");
}

/// `nick` and `home` must be there, in `home` a `city`, in each of `lines` a `sku`, in each entry of `ids` an `id`.
fn demanding() -> (Artifact, Plan) {
    let mut a = Artifact::default();
    let line = shape(&mut a, &[("sku", W::Str), ("qty", W::Int)]);
    let entry = shape(&mut a, &[("[key]", W::Str), ("id", W::Str)]);
    let slots = [
        ("nick", W::Str),
        ("home.city", W::Str),
        ("work.city", W::Str),
        ("lines", W::List(line)),
        ("ids", W::List(entry)),
        ("extra", W::Bool),
    ];
    let root = shape(&mut a, &slots);
    let bare = |want| PlanNode {
        slot: None,
        required: false,
        want,
    };
    let home = object(&mut a, vec![("city", must(scalar(1, W::Str)))]);
    let work = object(&mut a, vec![("city", must(scalar(2, W::Str)))]);
    let lines = vec![("sku", must(scalar(0, W::Str))), ("qty", scalar(1, W::Int))];
    let lines = Want::List(line, Box::new(bare(object(&mut a, lines))));
    let id = object(&mut a, vec![("id", must(scalar(1, W::Str)))]);
    let want = vec![
        ("nick", must(scalar(0, W::Str))),
        ("home", must(bare(home))),
        ("work", bare(work)),
        ("lines", node(3, lines)),
        ("ids", node(4, Want::Map(entry, Box::new(bare(id))))),
        ("extra", must(node(5, Want::Any))),
    ];
    let plan = Plan {
        schema: StrId(0),
        shape: root,
        root: bare(object(&mut a, want)),
    };
    (a, plan)
}

#[test]
fn a_field_that_must_be_there() {
    let (artifact, plan) = demanding();
    let outcome = |json: &str| outcome_in(&artifact, &plan, json.as_bytes(), &Limits::default());
    let rest = r#""nick":"ada","home":{"city":"Rom"},"extra":[]"#;
    for more in [
        "",
        r#","work":null"#,
        r#","lines":null,"ids":{}"#,
        r#","lines":[{"sku":"a"},{"sku":"b","qty":null},null],"ids":{"x":{"id":"1"},"y":null}"#,
    ] {
        outcome(&format!("{{{rest}{more}}}")).expect(more);
    }
    let cases = [
        ("{}", "extra: expected any value"),
        ("null", "the document: expected object"),
        (
            r#"{"home":{"city":"Rom"},"extra":1}"#,
            "nick: expected string",
        ),
        (
            r#"{"nick":null,"home":{"city":"Rom"},"extra":1}"#,
            "nick: expected string",
        ),
        (r#"{"nick":"ada","extra":1}"#, "home: expected object"),
        (
            r#"{"nick":"ada","home":null,"extra":1}"#,
            "home: expected object",
        ),
        (
            r#"{"nick":"ada","home":{"town":"Rom"},"extra":1}"#,
            "home.city: expected string",
        ),
        (
            r#"{"nick":"ada","home":{"city":"Rom"},"extra":null}"#,
            "extra: expected any value",
        ),
    ];
    for (json, at) in cases {
        let want = format!("MISSING_REQUIRED at {at}, found nothing");
        assert_eq!(outcome(json), Err(want), "{json}");
    }
    let inside = [
        (r#""work":{}"#, "work.city"),
        (r#""lines":[{"sku":"a"},{"qty":1}]"#, "lines[1].sku"),
        (r#""lines":[{"sku":null}]"#, "lines[0].sku"),
        (r#""ids":{"x":{}}"#, "ids[\"x\"].id"),
    ];
    for (more, at) in inside {
        let want = format!("MISSING_REQUIRED at {at}: expected string, found nothing");
        assert_eq!(outcome(&format!("{{{rest},{more}}}")), Err(want), "{more}");
    }
}

#[test]
fn of_a_hundred_fields_each_may_be_the_one_that_is_not_there() {
    let mut artifact = Artifact::default();
    let names: Vec<String> = (0..100).map(|n| format!("f{n:02}")).collect();
    let slots: Vec<(&str, W)> = names.iter().map(|name| (name.as_str(), W::Int)).collect();
    let root = shape(&mut artifact, &slots);
    let keys = names.iter().enumerate();
    let keys = keys.map(|(ix, name)| (name.as_str(), must(scalar(ix as u16, W::Int))));
    let want = object(&mut artifact, keys.collect());
    let plan = Plan {
        schema: StrId(0),
        shape: root,
        root: PlanNode {
            slot: None,
            required: false,
            want,
        },
    };
    let without = |left_out: Option<usize>| {
        let kept = names
            .iter()
            .enumerate()
            .filter(|(ix, _)| Some(*ix) != left_out);
        let kept: Vec<String> = kept.map(|(ix, name)| format!("{name:?}:{ix}")).collect();
        let json = format!("{{{}}}", kept.join(","));
        outcome_in(&artifact, &plan, json.as_bytes(), &Limits::default())
    };
    assert!(without(None).is_ok());
    // The first and the last word of what is there, and some between.
    let step = if cfg!(miri) { 33 } else { 1 };
    for (ix, name) in names.iter().enumerate().step_by(step) {
        let want = format!("MISSING_REQUIRED at {name}: expected integer, found nothing");
        assert_eq!(without(Some(ix)), Err(want));
    }
}

#[test]
fn limits() {
    let (artifact, plan) = plan();
    let small = Limits {
        bytes: 40,
        nesting: 3,
        items: 2,
    };
    let code = |json: &str| {
        read(&artifact, &plan, json.as_bytes(), Region::Input, &small)
            .map(|_| ())
            .map_err(|r| (r.code, r.path))
    };
    assert_eq!(
        code(r#"{"name":"0123456789012345678901234567890"}"#),
        Err((RejectCode::TooLarge, String::new()))
    );
    assert_eq!(
        code(r#"{"other":[[[]]]}"#),
        Err((RejectCode::TooDeep, String::new()))
    );
    assert_eq!(code(r#"{"other":[[1]],"name":"[[[["}"#), Ok(()));
    assert_eq!(code(r#"{"tags":["a","b"]}"#), Ok(()));
    assert_eq!(
        code(r#"{"tags":["a","b","c"]}"#),
        Err((RejectCode::TooManyItems, "tags[2]".into()))
    );
    assert_eq!(
        code(r#"{"ids":{"a":{},"b":{},"c":{}}}"#),
        Err((RejectCode::TooManyItems, "ids[\"c\"]".into()))
    );
    assert_eq!(code(r#"{"other":[1,2,3,4]}"#), Ok(()));
    let deep = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    let nested = "[".repeat(if cfg!(miri) { 5_000 } else { 500_000 });
    assert_eq!(
        read(&artifact, &plan, nested.as_bytes(), Region::Input, &deep)
            .unwrap_err()
            .code,
        RejectCode::TooDeep
    );
}

/// A document for the plan, and the JSON that reading it must give.
fn document(random: &mut Random) -> String {
    let mut fields = Vec::new();
    let noise = |random: &mut Random| {
        [
            "1",
            "null",
            "\"x\\\"{[\"",
            "[1,[2,{\"a\":null}]]",
            "{\"b\":{\"c\":1.5e-7}}",
        ][random.below(5) as usize]
            .to_owned()
    };
    for key in [
        "name", "age", "score", "vip", "items", "tags", "other", "zzz",
    ] {
        if random.below(3) == 0 {
            continue;
        }
        let value = match key {
            "name" => format!("\"n{}\"", random.below(100)),
            "age" => format!("{}", random.next() as i64),
            "score" => format!("{:?}", f64::from_bits(random.next() & !(1 << 62))),
            "vip" => ["true", "false"][random.below(2) as usize].to_owned(),
            "tags" => format!(
                "[{}]",
                (0..random.below(4))
                    .map(|n| format!("\"t{n}\""))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
            "items" => {
                let item = |random: &mut Random| {
                    format!(
                        "{{\"junk\":{},\"sku\":\"s{}\",\"sizes\":[{}]}}",
                        noise(random),
                        random.below(9),
                        random.below(9)
                    )
                };
                format!(
                    "[{}]",
                    (0..random.below(4))
                        .map(|_| item(random))
                        .collect::<Vec<_>>()
                        .join(" , ")
                )
            }
            _ => noise(random),
        };
        fields.push(format!("\"{key}\" : {value}"));
    }
    format!("{{{}}}", fields.join(",\n"))
}

/// The slow reader: a plain parse, then only the fields that the plan names.
fn expected(json: &str) -> serde_json::Value {
    let mut value: serde_json::Value = serde_json::from_str(json).expect("generated JSON");
    let fields = value.as_object_mut().expect("an object");
    fields.retain(|key, _| !["other", "zzz"].contains(&key.as_str()));
    if let Some(items) = fields
        .get_mut("items")
        .and_then(|items| items.as_array_mut())
    {
        for item in items {
            item.as_object_mut().expect("an item").remove("junk");
        }
    }
    value
}

#[test]
fn agrees_with_a_plain_parse() {
    const SEED: u64 = 7;
    println!("seed {SEED}");
    let (artifact, plan) = plan();
    let mut random = Random(SEED);
    for _ in 0..if cfg!(miri) { 10 } else { 3_000 } {
        let json = document(&mut random);
        let found = outcome_in(&artifact, &plan, json.as_bytes(), &Limits::default())
            .unwrap_or_else(|why| panic!("{why}\n{json}"));
        let found: serde_json::Value = serde_json::from_str(&found).expect("our own JSON");
        assert_eq!(found, expected(&json), "{json}");
    }
}

#[test]
fn random_damage_never_panics() {
    const SEED: u64 = 8;
    println!("seed {SEED}");
    let (artifact, plan) = plan();
    let mut random = Random(SEED);
    let mut refused = 0;
    let cases = if cfg!(miri) { 10 } else { 5_000 };
    for _ in 0..cases {
        let mut bytes = document(&mut random).into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = random.next() as u8;
        }
        if let Err(rejection) = read(&artifact, &plan, &bytes, Region::Input, &Limits::default()) {
            assert!(!rejection.expected.is_empty() && !rejection.found.is_empty());
            refused += 1;
        } else {
            assert!(
                std::str::from_utf8(&bytes).is_ok()
                    && serde_json::from_slice::<serde_json::Value>(&bytes).is_ok()
            );
        }
    }
    assert!(refused > cases * 2 / 5, "{refused} refused");
}

#[test]
#[cfg_attr(miri, ignore = "it is about nine million words")]
fn wide_rows_do_not_multiply() {
    let mut artifact = Artifact::default();
    let names: Vec<String> = (0..1000).map(|n| format!("f{n}")).collect();
    let wide: Vec<(&str, W)> = names.iter().map(|name| (name.as_str(), W::Int)).collect();
    let item = shape(&mut artifact, &wide);
    let root = shape(&mut artifact, &[("list", W::List(item))]);
    let item_want = PlanNode {
        slot: None,
        required: false,
        want: Want::Object(Vec::new()),
    };
    let list = node(0, Want::List(item, Box::new(item_want)));
    let want = object(&mut artifact, vec![("list", list)]);
    let plan = Plan {
        schema: StrId(0),
        shape: root,
        root: PlanNode {
            slot: None,
            required: false,
            want,
        },
    };
    let json = format!("{{\"list\":[{}{{}}]}}", "{},".repeat(9_000));
    let found = read(
        &artifact,
        &plan,
        json.as_bytes(),
        Region::Input,
        &Limits::default(),
    );
    assert_eq!(found.unwrap_err().code, RejectCode::TooLarge);
}

#[test]
fn a_corrupt_plan_is_refused() {
    let (artifact, mut plan) = plan();
    plan.shape = ShapeId(999);
    assert!(read(&artifact, &plan, b"{}", Region::Input, &Limits::default()).is_err());
}
