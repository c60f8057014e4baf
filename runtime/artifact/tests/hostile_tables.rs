//! Hostile tables: the small artifact with one thing wrong, and the refusal that it must meet.

mod common;

use common::small;
use common::wrong::{NOWHERE, accepted, refused};
use journey_artifact::RefusalKind::{self, *};
use journey_artifact::model::*;
use journey_artifact::verify;
use journey_artifact::word::{ShapeId, WordType};

/// Another text in the place of one.
fn put(strings: &mut Strings, at: usize, text: &str) {
    let other = |(number, old)| if number == at { text } else { old };
    *strings = strings.iter().enumerate().map(other).collect();
}

#[test]
fn plain_tables() {
    refused("two texts alike", Order, |a| {
        let first = a.strings[0].to_owned();
        put(&mut a.strings, 1, &first)
    });
    refused("an endless text", TooLarge, |a| {
        put(&mut a.strings, 0, &"x".repeat((1 << 20) + 1))
    });
    refused("constant text", Index, |a| {
        a.constants.push(Constant::Text(NOWHERE))
    });
    for (ty, word) in [
        (WordType::Bool, 2),
        (WordType::Kleene, 3),
        (WordType::Time, 86_400_000),
        (WordType::DateTime, 0x7FF),
        (WordType::Str, 0),
        (WordType::Row(ShapeId(0)), 0),
        (WordType::List(ShapeId(0)), 0),
    ] {
        let mut artifact = small();
        artifact.constants.push(Constant::Word(ty, word));
        assert_eq!(
            verify(artifact).expect_err("no value").kind,
            Value,
            "{ty:?}"
        );
    }
    let of = |ty: WordType, words: &[u64]| Set::Words(ty, words.to_vec());
    let many: Vec<u64> = (0..=1 << 16).collect();
    for (why, set, kind) in [
        ("of nothing", of(WordType::Int, &[]), TooLarge),
        ("of too many", of(WordType::Int, &many), TooLarge),
        ("a value twice", of(WordType::Int, &[3, 3]), Order),
        ("a value before", of(WordType::Int, &[3, 1]), Order),
        ("no time", of(WordType::Time, &[86_400_000]), Value),
        ("not plain", of(WordType::DateTime, &[1]), Value),
        ("a sign", of(WordType::Dec, &[(-0.0f64).to_bits()]), Value),
        ("NaN", of(WordType::Dec, &[f64::NAN.to_bits()]), Value),
        ("of unknowns", of(WordType::Kleene, &[1]), SlotType),
        ("of references", of(WordType::Str, &[0]), Value),
        ("a text twice", Set::Texts(vec![StrId(0); 2]), Order),
        ("no text", Set::Texts(vec![NOWHERE]), Index),
    ] {
        let mut artifact = small();
        artifact.sets.push(set);
        assert_eq!(verify(artifact).expect_err(why).kind, kind, "{why}");
    }
    let mut artifact = small();
    artifact.sets = vec![of(WordType::Int, &many[1..]); 17];
    assert_eq!(verify(artifact).expect_err("all").kind, TooLarge);
    refused("slot's name", Index, |a| {
        a.shapes[0].slots[0].name = NOWHERE
    });
    refused("a path of too many steps", TooDeep, |a| {
        let name = a.shapes[0].slots[0].name.0 as usize;
        put(&mut a.strings, name, &("a.".repeat(65) + "a"))
    });
    refused("slot's shape", Index, |a| {
        a.shapes[0].slots[0].ty = WordType::Row(ShapeId(77))
    });
    refused("unknown in a slot", SlotType, |a| {
        a.shapes[0].slots[0].ty = WordType::Kleene
    });
    refused("too many slots", TooLarge, |a| {
        a.shapes[0].slots = vec![a.shapes[0].slots[0].clone(); 1025]
    });
    refused("a shape in itself", ShapeCycle, |a| {
        a.shapes[1].slots[0].ty = WordType::List(ShapeId(1))
    });
    refused("two shapes in each other", ShapeCycle, |a| {
        a.shapes[1].slots[0].ty = WordType::Row(ShapeId(2));
    });
    refused("shapes in shapes", TooDeep, |a| {
        let name = a.shapes[0].slots[0].name;
        for next in 0..100 {
            let shape = ShapeId(a.shapes.len() as u32 + u32::from(next < 99));
            let ty = if next < 99 {
                WordType::List(shape)
            } else {
                WordType::Int
            };
            a.shapes.push(Shape {
                slots: vec![Slot { name, ty }],
            });
        }
    });
    refused("import's name", Index, |a| a.imports[0].name = NOWHERE);
    refused("import's type", Index, |a| {
        a.imports[0].params[0] = WordType::List(ShapeId(77))
    });
    refused("import's parameters", TooLarge, |a| {
        a.imports[0].params = vec![WordType::Int; 65]
    });
    refused("identity", Index, |a| a.identities[0] = NOWHERE);
    refused("identity twice", Order, |a| {
        a.identities.push(a.identities[0])
    });
    refused("profile", Index, |a| a.profile = Some(PlanId(9)));
}

/// The fields of the event's plan.
fn fields(a: &mut Artifact) -> &mut Vec<(StrId, PlanNode)> {
    match &mut a.plans[1].root.want {
        Want::Object(fields) => fields,
        other => panic!("{other:?}"),
    }
}

#[test]
fn field_plans() {
    refused("schema", Index, |a| a.plans[0].schema = NOWHERE);
    refused("shape", Index, |a| a.plans[0].shape = ShapeId(77));
    refused("root", Value, |a| a.plans[0].root.want = Want::Any);
    refused("keys out of order", Order, |a| fields(a).swap(0, 1));
    refused("key twice", Order, |a| {
        let first = fields(a)[0].clone();
        fields(a).insert(0, first);
    });
    refused("slot twice", Order, |a| fields(a)[1].1.slot = Some(0));
    refused("slot beyond", Index, |a| fields(a)[0].1.slot = Some(5));
    refused("slot's type", SlotType, |a| {
        fields(a)[1].1.want = Want::Scalar(WordType::Int)
    });
    refused("list of another shape", SlotType, |a| {
        fields(a)[2].1.want = Want::List(
            ShapeId(0),
            Box::new(PlanNode {
                slot: None,
                required: false,
                want: Want::Any,
            }),
        );
    });
    refused("list of no shape", Index, |a| {
        fields(a)[2].1 = PlanNode {
            slot: None,
            required: false,
            want: Want::List(
                ShapeId(77),
                Box::new(PlanNode {
                    slot: None,
                    required: false,
                    want: Want::Any,
                }),
            ),
        };
    });
    refused("map that fills its key", Order, |a| {
        let value = PlanNode {
            slot: Some(0),
            required: false,
            want: Want::Scalar(WordType::Str),
        };
        fields(a)[2].1.want = Want::Map(ShapeId(1), Box::new(value));
    });
    accepted("map", |a| {
        let value = PlanNode {
            slot: Some(1),
            required: false,
            want: Want::Scalar(WordType::Dec),
        };
        fields(a)[2].1.want = Want::Map(ShapeId(1), Box::new(value));
    });
    refused("a document that must be there", Value, |a| {
        a.plans[0].root.required = true
    });
    refused(
        "an item that must be there",
        Value,
        |a| match &mut fields(a)[2].1.want {
            Want::List(_, item) => item.required = true,
            other => panic!("{other:?}"),
        },
    );
    refused("a map's value that must be there", Value, |a| {
        let value = PlanNode {
            slot: Some(1),
            required: true,
            want: Want::Scalar(WordType::Dec),
        };
        fields(a)[2].1.want = Want::Map(ShapeId(1), Box::new(value));
    });
    accepted("fields that must be there", |a| {
        fields(a).iter_mut().for_each(|(_, it)| it.required = true)
    });
    refused("enum of no text", Index, |a| {
        fields(a)[0].1.want = Want::Enum(vec![NOWHERE])
    });
    refused("enum of one text twice", Order, |a| {
        fields(a)[0].1.want = Want::Enum(vec![StrId(1), StrId(0), StrId(1)])
    });
    refused("unknown in JSON", Value, |a| {
        fields(a)[1].1 = PlanNode {
            slot: None,
            required: false,
            want: Want::Scalar(WordType::Kleene),
        };
    });
    accepted("presence of an object", |a| {
        a.shapes[2].slots[1].ty = WordType::Dec;
        fields(a)[1].1.want = Want::Enum(Vec::new());
    });
}

#[test]
fn events_and_calls() {
    refused("event's name", Index, |a| a.events[0].name = NOWHERE);
    refused("event twice", Order, |a| a.events.push(a.events[0].clone()));
    refused("event's plan", Index, |a| a.events[0].plan = PlanId(9));
    refused("discriminator's slot", SlotType, |a| {
        a.events[0].discriminators[0].slot = 1
    });
    refused("discriminator's text", Index, |a| {
        test_of(a, Test::OneOf(vec![Constant::Text(NOWHERE)]))
    });
    refused("condition is text", ChunkResult, |a| {
        a.events[0].conditions = a.events[0].key.into_iter().collect()
    });
    refused("condition of another row", ChunkRows, |a| {
        a.events[0].plan = PlanId(0)
    });
    refused("condition reads variables", ChunkRows, |a| {
        a.events[0].conditions.push(ChunkId(5))
    });
    refused("key is Bool", ChunkResult, |a| {
        a.events[0].key = a.events[0].conditions.first().copied()
    });
    refused("key reads the profile", ChunkRows, |a| {
        a.events[0].key = Some(ChunkId(3))
    });
    refused("no such chunk", Index, |a| {
        a.events[0].key = Some(ChunkId(99))
    });
    refused("dedupe for ever", Value, |a| {
        a.events[0].dedupe = a.events[0].dedupe.map(|(id, _)| (id, u64::MAX));
    });
    refused("call twice", Order, |a| a.calls.push(a.calls[0].clone()));
    refused("url reads another row", ChunkRows, |a| {
        a.calls[0].args = ShapeId(0)
    });
    refused("url is a number", ChunkResult, |a| {
        a.calls[0].url = ChunkId(4)
    });
    refused("header's name", Index, |a| {
        a.calls[0].headers[0].0 = NOWHERE
    });
    refused("secret's name", Index, |a| {
        a.calls[0].headers[0].1 = Template::Secret(NOWHERE)
    });
    refused("query value", ChunkRows, |a| {
        let name = a.calls[0].name;
        a.calls[0].query.push((name, Template::Value(ChunkId(8))));
    });
    refused("body", Index, |a| {
        a.calls[0].body = Some(Json::Value(ChunkId(99)))
    });
    refused("token", Index, |a| {
        a.calls[0].auth = Auth::Token(Box::new(TokenAuth {
            url: a.calls[0].url,
            body: Vec::new(),
            token_path: NOWHERE,
            expires_path: None,
            cache_ms: 0,
            place: TokenPlace::Bearer,
        }));
    });
    refused("limit per nothing", Value, |a| {
        a.calls[0].limit = Some(Limit {
            count: 1,
            per_ms: 0,
            queue_ms: None,
        });
    });
    refused("retries", Value, |a| a.calls[0].retry.times = u32::MAX);
    refused("timeout", Value, |a| a.calls[0].timeout_ms = u64::MAX);
    refused("response", Index, |a| a.calls[0].response = Some(PlanId(9)));
}

#[test]
fn source_maps() {
    accepted("stripped", |a| a.source_map = SourceMap::default());
    refused("chunks without places", Index, |a| {
        drop(a.source_map.chunks.pop())
    });
    refused("nodes without places", Index, |a| {
        drop(a.source_map.nodes[0].pop())
    });
    refused("too many documentations", Index, |a| {
        a.source_map.docs.push(String::new())
    });
    refused("no such file", Index, |a| a.source_map.chunks[0].file = 1);
    refused("ends before it starts", Value, |a| {
        a.source_map.chunks[0].end = 0
    });
    refused("a whole file as text", TooLarge, |a| {
        a.source_map.nodes[0][0].text = "x".repeat(257)
    });
}

#[test]
fn codes_are_unique_and_rise() {
    let codes: Vec<&str> = RefusalKind::ALL.iter().map(|kind| kind.code()).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
}

fn test_of(a: &mut Artifact, test: Test) {
    a.events[0].discriminators[0].test = test;
}

fn bound(ty: WordType, word: u64) -> Option<Bound> {
    Some(Bound {
        value: Constant::Word(ty, word),
        inclusive: true,
    })
}

fn text(a: &Artifact) -> Constant {
    Constant::Text(a.events[0].name)
}

fn total(a: &mut Artifact, test: Test) {
    let it = &mut a.events[0].discriminators[0];
    (it.slot, it.test) = (1, test);
}

#[test]
fn discriminators() {
    refused("too many", TooLarge, |a| {
        let one = a.events[0].discriminators[0].clone();
        a.events[0].discriminators = vec![one; 17];
    });
    refused("no value", TooLarge, |a| {
        test_of(a, Test::OneOf(Vec::new()))
    });
    refused("too many values", TooLarge, |a| {
        test_of(a, Test::OneOf(vec![text(a); 257]))
    });
    refused("a value of another type", SlotType, |a| {
        test_of(a, Test::OneOf(vec![Constant::Word(WordType::Int, 1)]))
    });
    refused("no such slot", Index, |a| {
        a.events[0].discriminators[0].slot = 99
    });
    refused("a range without bounds", Value, |a| {
        test_of(
            a,
            Test::Range {
                min: None,
                max: None,
            },
        )
    });
    refused("a range of texts", SlotType, |a| {
        let value = text(a);
        let min = Some(Bound {
            value,
            inclusive: true,
        });
        test_of(a, Test::Range { min, max: None })
    });
    refused("a prefix that is not there", Index, |a| {
        test_of(a, Test::Prefix(NOWHERE))
    });
    accepted("a prefix", |a| {
        let name = a.events[0].name;
        test_of(a, Test::Prefix(name))
    });
    accepted("a range of numbers", |a| {
        let max = bound(WordType::Dec, 2.5_f64.to_bits());
        total(a, Test::Range { min: None, max })
    });
    refused("a bound that is no number", Value, |a| {
        let max = bound(WordType::Dec, f64::NAN.to_bits());
        total(a, Test::Range { min: None, max })
    });
    refused("a prefix of a number", SlotType, |a| {
        let name = a.events[0].name;
        total(a, Test::Prefix(name))
    });
    refused("a list equals nothing", SlotType, |a| {
        let it = &mut a.events[0].discriminators[0];
        (it.slot, it.test) = (3, Test::OneOf(vec![Constant::Word(WordType::Int, 1)]))
    });
    refused("an entrance's slot", Index, |a| {
        let it = Discriminator {
            slot: 99,
            test: Test::OneOf(vec![text(a)]),
        };
        a.journeys[0].entries[0].discriminators.push(it);
    });
    refused("too many conditions", TooLarge, |a| {
        let one = a.events[0].conditions[0];
        a.events[0].conditions = vec![one; 1025];
    });
}
