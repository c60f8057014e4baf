//! What the fuzz once found, as small cases that run every time.
//!
//! Never true here: randomness; each case is the shrunk expression of a bug that was mended.

use crate::compare::{self, Data, Outcome};
use crate::generate::{literal, make, record_of};
use crate::world::{self, World};
use journey_machine::eval::Frame;
use journey_machine::func::Intrinsic;
use journeyc::hir::{Expr, ExprKind, Literal, LocalId, Root};
use journeyc::types::{Record, Type};
use serde_json::json;
use std::collections::BTreeMap;

fn data() -> Data {
    Data {
        profile: json!({
            "sure": { "r_b": true, "r_i": 1, "r_d": 0.5, "r_s": "a", "r_e": "red", "r_day": "2024-02-29",
                "r_at": "2021-03-28T01:00:00Z", "r_wall": "2021-03-28T02:30", "r_clock": "09:00" },
            "words": { "k1": "one", "k2": null },
            "groups": { "k1": [{ "id": "x" }, null], "k2": [] },
            "lines": [{ "sku": "s1", "gift": true }, null, { "sku": "s2" }],
            "byName": { "k1": { "sku": "s3", "price": 1.5 } },
            "l_d": [2.5, null, 0.5],
        }),
        input: json!({ "_id": "1", "kind": "red", "timestamp": "2021-03-28T01:00:00Z", "lines": [] }),
        vars: BTreeMap::new(),
        now_ms: 0,
        zone: "Europe/Paris".into(),
    }
}

fn profile(world: &World, field: &str) -> Expr {
    let Type::Record(Record::Inline(fields)) = &world.profile else {
        panic!("a record")
    };
    let ty = fields
        .iter()
        .find(|f| f.name == field)
        .expect("a field")
        .ty
        .clone();
    let root = make(ExprKind::Root(Root::Profile), world.profile.clone(), false);
    make(
        ExprKind::field(Box::new(root), field.into(), ty.clone()),
        ty,
        true,
    )
}

fn inline(op: Intrinsic, args: Vec<Expr>, lambda: Option<Expr>, ty: Type) -> Expr {
    let lambda = lambda.map(|body| (LocalId(1), Box::new(body)));
    make(ExprKind::Inline { op, args, lambda }, ty, true)
}

/// All of them in one artifact, and each alone.
fn agree(exprs: &[Expr]) {
    let (world, data) = (World::new(), data());
    let run = |exprs: &[Expr]| {
        let ready = compare::prepare(&world, exprs).unwrap_or_else(|why| panic!("{why:?}"));
        let rows = compare::rows(&world, &ready, &data).unwrap_or_else(|why| panic!("{why}"));
        for (ix, expr) in exprs.iter().enumerate() {
            let outcome = compare::compare(&ready, ix, expr, &rows, &data, &mut Frame::new());
            assert_eq!(outcome, Outcome::Value, "{}", journeyc::oracle::text(expr));
        }
    };
    run(exprs);
    exprs
        .iter()
        .for_each(|expr| run(std::slice::from_ref(expr)));
}

#[test]
fn sort_by_takes_a_direction_and_any_key() {
    let list = || profile(&World::new(), "l_d");
    let ty = Type::list(Type::Decimal);
    let item = || make(ExprKind::Root(Root::Local(LocalId(1))), Type::Decimal, true);
    let down = || literal(Literal::Bool(false), &Type::Boolean);
    agree(&[
        inline(Intrinsic::SortBy, vec![list()], Some(item()), ty.clone()),
        inline(
            Intrinsic::SortBy,
            vec![list(), down()],
            Some(item()),
            ty.clone(),
        ),
        inline(Intrinsic::SortBy, vec![list(), down()], Some(down()), ty),
    ]);
}

#[test]
fn smallest_and_largest_take_every_scalar() {
    let list = || profile(&World::new(), "l_d");
    let values = [
        (Literal::Bool(true), Type::Boolean),
        (Literal::Period(1, 2), Type::Period),
        (Literal::Dec(f64::NAN), Type::Decimal),
        (Literal::DateTime(1, 60), Type::DateTime),
        (Literal::Str("x".into()), Type::String),
    ];
    for op in [Intrinsic::Min, Intrinsic::Max] {
        for (value, ty) in &values {
            agree(&[inline(
                op,
                vec![list()],
                Some(literal(value.clone(), ty)),
                ty.clone(),
            )]);
        }
    }
}

#[test]
fn a_map_in_a_made_record_is_there_and_can_be_looked_up() {
    let two = || {
        let record = record_of(vec![("two".into(), profile(&World::new(), "words"))]);
        make(
            ExprKind::field(Box::new(record), "two".into(), world::map(Type::String)),
            world::map(Type::String),
            true,
        )
    };
    let key = literal(Literal::Str("k1".into()), &Type::String);
    agree(&[
        make(ExprKind::IsMissing(Box::new(two())), Type::Boolean, false),
        make(
            ExprKind::Key(Box::new(two()), Box::new(key)),
            Type::String,
            true,
        ),
        two(),
    ]);
}

#[test]
fn keys_can_be_read_where_no_value_is() {
    let world = World::new();
    agree(&[inline(
        Intrinsic::FirstEntryKey,
        vec![profile(&world, "groups")],
        None,
        Type::String,
    )]);
    agree(&[inline(
        Intrinsic::Keys,
        vec![profile(&world, "groups")],
        None,
        Type::list(Type::String),
    )]);
}

#[test]
fn a_list_and_a_map_of_one_type_are_both_taken_whole() {
    let world = World::new();
    agree(&[profile(&world, "lines"), profile(&world, "byName")]);
    agree(&[profile(&world, "byName"), profile(&world, "lines")]);
}

#[test]
fn how_many_records_there_are_does_not_depend_on_what_is_read_of_them() {
    let world = World::new();
    let lines = || profile(&world, "lines");
    let item = make(ExprKind::Root(Root::Local(LocalId(1))), world::line(), true);
    let gift = make(
        ExprKind::field(Box::new(item), "gift".into(), Type::Boolean),
        Type::Boolean,
        true,
    );
    let exprs = [
        inline(Intrinsic::Count, vec![lines()], None, Type::Integer),
        inline(Intrinsic::Count, vec![lines()], Some(gift), Type::Integer),
    ];
    agree(&exprs);
}

/// Integers written out, as a list.
fn integers(of: &[i64]) -> Expr {
    let item = |n: &i64| literal(Literal::Int(*n), &Type::Integer);
    let items = of.iter().map(item).collect();
    make(ExprKind::List(items), Type::list(Type::Integer), false)
}

#[test]
fn the_mean_of_integers_is_exact_where_their_sum_passes_a_word() {
    let avg = journey_machine::func::lookup("avg");
    let avg = avg
        .filter(|function| function.params.len() == 1)
        .find(|function| format!("{:?}", function.params[0].ty).contains("Integer"))
        .expect("it is in the table");
    let (most, least) = (i64::MAX, i64::MIN);
    let lists: [&[i64]; 9] = [
        &[most, most, most, 1],
        &[least, least, -1, least],
        &[most, 1, least, -1],
        &[most, most, least, least, 3],
        &[least, -1, most, 2, most],
        &[most, 1 << 53, 1, 1],
        &[least, -(1 << 53), -1],
        &[most - 1, 512, 513, 1025],
        &[(1 << 53) + 1],
    ];
    for list in lists {
        let call = ExprKind::Call(avg, vec![integers(list)]);
        agree(&[make(call, Type::Decimal, true)]);
    }
}
