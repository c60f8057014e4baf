//! Constants, explanations and the text of expressions, on trees made by hand.

use super::{Bound, Constant, Scope, const_eval, const_truth, eval, explain_named, text};
use crate::hir::{CompareOp, EventId, Expr, ExprKind, Literal, LocalId, Root, Var, VarId, VarKind};
use crate::source::{FileId, Span};
use crate::types::{Field, Record, Type};
use journey_machine::time::Zone;
use journey_machine::value::Value;
use serde_json::json;
use std::collections::BTreeMap;

const NOWHERE: Span = Span {
    file: FileId(0),
    start: 0,
    end: 0,
};

fn expr(kind: ExprKind, ty: Type, opt: bool) -> Expr {
    Expr {
        kind,
        ty,
        opt,
        span: NOWHERE,
    }
}

fn boolean(kind: ExprKind) -> Expr {
    expr(kind, Type::Boolean, true)
}

fn truth(b: bool) -> Expr {
    boolean(ExprKind::Literal(Literal::Bool(b)))
}

fn int(n: i64) -> Expr {
    expr(ExprKind::Literal(Literal::Int(n)), Type::Integer, false)
}

fn order() -> Type {
    let field = |name: &str, ty| Field {
        name: name.into(),
        ty,
        optional: true,
    };
    Type::Record(Record::Inline(
        [field("count", Type::Integer), field("paid", Type::Boolean)].into(),
    ))
}

fn of_order(name: &str, ty: Type) -> Expr {
    let root = expr(ExprKind::Root(Root::Var(VarId(0))), order(), true);
    expr(
        ExprKind::field(Box::new(root), name.into(), ty.clone()),
        ty,
        true,
    )
}

fn more_than(n: i64) -> Expr {
    let count = of_order("count", Type::Integer);
    boolean(ExprKind::Compare(
        CompareOp::Gt,
        Box::new(count),
        Box::new(int(n)),
    ))
}

fn call(name: &str, args: Vec<Expr>, ty: Type) -> Expr {
    let function = journey_machine::func::lookup(name)
        .next()
        .expect("a function of the table");
    expr(ExprKind::Call(function, args), ty, false)
}

fn with_order<R>(json: serde_json::Value, f: impl FnOnce(&Scope<'_>) -> R) -> R {
    let vars = BTreeMap::from([(VarId(0), Bound::Json(json))]);
    f(&Scope {
        profile: None,
        input: None,
        vars: &vars,
        now_ms: 0,
        zone: &Zone::utc(),
    })
}

#[test]
fn and_or_not_are_kleenes() {
    let paid = || of_order("paid", Type::Boolean);
    let both = |a: Expr, b: Expr| boolean(ExprKind::And(Box::new(a), Box::new(b)));
    let either = |a: Expr, b: Expr| boolean(ExprKind::Or(Box::new(a), Box::new(b)));
    with_order(json!({ "count": 2 }), |scope| {
        let is = |e: Expr| eval(&e, scope).unwrap();
        assert_eq!(is(paid()), None);
        assert_eq!(is(both(paid(), truth(false))), Some(Value::Bool(false)));
        assert_eq!(is(both(paid(), truth(true))), None);
        assert_eq!(is(either(truth(true), paid())), Some(Value::Bool(true)));
        assert_eq!(is(either(truth(false), paid())), None);
        assert_eq!(is(boolean(ExprKind::Not(Box::new(paid())))), None);
        let choice = ExprKind::If(Box::new(paid()), Box::new(int(1)), Box::new(int(2)));
        assert_eq!(
            is(expr(choice, Type::Integer, false)),
            Some(Value::Integer(2))
        );
        let one_of = |of| boolean(ExprKind::OneOf(Box::new(int(2)), of));
        let missing = || {
            expr(
                ExprKind::Arith(crate::hir::ArithOp::Div, Box::new(int(1)), Box::new(int(0))),
                Type::Integer,
                true,
            )
        };
        assert_eq!(is(one_of(vec![missing(), int(2)])), Some(Value::Bool(true)));
        assert_eq!(is(one_of(vec![missing(), int(3)])), None);
        assert_eq!(is(one_of(vec![int(3)])), Some(Value::Bool(false)));
    });
}

#[test]
fn constants_depend_on_nothing_outside() {
    let sum = ExprKind::Arith(crate::hir::ArithOp::Add, Box::new(int(1)), Box::new(int(2)));
    assert_eq!(
        const_eval(&expr(sum, Type::Integer, false)),
        Constant::Is(Value::Integer(3))
    );
    let none = ExprKind::Arith(crate::hir::ArithOp::Rem, Box::new(int(1)), Box::new(int(0)));
    assert_eq!(
        const_eval(&expr(none, Type::Integer, true)),
        Constant::Missing
    );
    assert_eq!(const_eval(&more_than(1)), Constant::Varies);
    let text = || {
        expr(
            ExprKind::Literal(Literal::Str("ab".into())),
            Type::String,
            false,
        )
    };
    assert_eq!(
        const_eval(&call("upper", vec![text()], Type::String)),
        Constant::Is(Value::String("AB".into()))
    );
    assert_eq!(
        const_eval(&call("now", vec![], Type::DateTime)),
        Constant::Varies
    );
    // A name bound inside is no outside.
    let local = || {
        expr(
            ExprKind::Root(Root::Local(LocalId(1))),
            Type::Integer,
            false,
        )
    };
    assert_eq!(const_eval(&local()), Constant::Varies);
    let bound = ExprKind::Let {
        local: LocalId(1),
        value: Box::new(int(4)),
        strict: true,
        body: Box::new(local()),
    };
    assert_eq!(
        const_eval(&expr(bound, Type::Integer, false)),
        Constant::Is(Value::Integer(4))
    );
}

#[test]
fn a_condition_may_be_known_though_a_part_of_it_is_not() {
    let both = |a, b| boolean(ExprKind::And(Box::new(a), Box::new(b)));
    let either = |a, b| boolean(ExprKind::Or(Box::new(a), Box::new(b)));
    assert_eq!(const_truth(&both(more_than(1), truth(false))), Some(false));
    assert_eq!(const_truth(&either(truth(true), more_than(1))), Some(true));
    assert_eq!(const_truth(&both(more_than(1), truth(true))), None);
    assert_eq!(
        const_truth(&boolean(ExprKind::Not(Box::new(either(
            more_than(1),
            truth(true)
        ))))),
        Some(false)
    );
}

#[test]
fn an_explanation_names_the_parts_that_counted() {
    let vars = [Var {
        name: "order".into(),
        ty: order(),
        optional: true,
        kind: VarKind::Event(EventId(0)),
        span: NOWHERE,
    }];
    let paid = of_order("paid", Type::Boolean);
    let untaken = ExprKind::Coalesce(
        Box::new(of_order("count", Type::Integer)),
        Box::new(call("length", vec![], Type::Integer)),
    );
    let both = boolean(ExprKind::And(
        Box::new(more_than(3)),
        Box::new(boolean(ExprKind::Compare(
            CompareOp::Eq,
            Box::new(expr(untaken, Type::Integer, false)),
            Box::new(int(2)),
        ))),
    ));
    let both = boolean(ExprKind::Or(Box::new(both), Box::new(paid)));
    let parts: Vec<(String, Option<Value>)> = with_order(json!({ "count": 2 }), |scope| {
        explain_named(&both, scope, &vars)
            .into_iter()
            .map(|(_, text, value)| (text, value))
            .collect()
    });
    let expected = [
        ("(order.count > 3)", Some(Value::Bool(false))),
        ("order.count", Some(Value::Integer(2))),
        ("((order.count ?? length()) == 2)", Some(Value::Bool(true))),
        ("order.paid", None),
    ];
    assert_eq!(
        parts,
        expected.map(|(text, value)| (text.to_string(), value))
    );
}

#[test]
fn text_is_close_to_what_is_written() {
    let day = |n| expr(ExprKind::Literal(Literal::Date(n)), Type::Date, false);
    let month = expr(
        ExprKind::Literal(Literal::Period(1, 0)),
        Type::Period,
        false,
    );
    assert_eq!(
        text(&call("op.add", vec![day(0), month], Type::Date)),
        "(1970-01-01 + P1M)"
    );
    let list = expr(
        ExprKind::List(vec![int(1)]),
        Type::list(Type::Integer),
        false,
    );
    let is_empty = ExprKind::Inline {
        op: journey_machine::func::Intrinsic::IsEmpty,
        args: vec![list],
        lambda: None,
    };
    assert_eq!(text(&boolean(is_empty)), "isEmpty([1])");
    let quoted = expr(
        ExprKind::Literal(Literal::Str("a\"b".into())),
        Type::String,
        false,
    );
    assert_eq!(text(&quoted), "\"a\\\"b\"");
}
