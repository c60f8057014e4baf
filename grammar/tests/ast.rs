//! The typed views name the parts of what is written. Each case is a text and what its views say.

use journey_grammar::{
    Tree,
    ast::{self, AstNode, Decl, Expr, LetValue, Setting, Step, StringPart, TestItem, TypeRef},
    literal::{DurationUnit, LiteralError, LiteralValue},
    parse, parse_expression,
};

fn file(tree: &Tree) -> ast::File<'_> {
    ast::File::cast(tree.root()).expect("the root is a file")
}

fn good(text: &str) -> Tree {
    let parse = parse(text);
    assert_eq!(parse.errors, [], "{text}");
    parse.tree
}

/// The expression with every grouping written out.
fn show(expr: Option<Expr<'_>>) -> String {
    let Some(expr) = expr else {
        return "nothing".into();
    };
    let args = |list: Option<ast::ArgList<'_>>| {
        let one = |a: ast::Arg<'_>| {
            a.name.map_or(String::new(), |n| format!("{}: ", n.text())) + &show(a.value)
        };
        list.map_or("nothing".into(), |l| {
            l.args().map(one).collect::<Vec<_>>().join(", ")
        })
    };
    match expr {
        Expr::Literal(l) => l.text().into(),
        Expr::Name(n) => n.text().into(),
        Expr::Str(s) => {
            let part = |p: &StringPart<'_>| match p {
                StringPart::Text(t) => format!("{t:?}"),
                StringPart::Expr(e) => show(*e),
            };
            format!(
                "s[{}]",
                s.parts().iter().map(part).collect::<Vec<_>>().join(" ")
            )
        }
        Expr::Field(f) => format!(
            "{}.{}",
            show(f.receiver()),
            f.name().map_or("?", |n| n.text())
        ),
        Expr::Index(i) => format!("{}[{}]", show(i.receiver()), show(i.index())),
        Expr::Call(c) => format!("{}({})", show(c.callee()), args(c.args())),
        Expr::Method(m) => format!(
            "{}.{}({})",
            show(m.receiver()),
            m.name().map_or("?", |n| n.text()),
            args(m.args())
        ),
        Expr::Unary(u) => format!("({:?} {})", u.op(), show(u.operand())),
        Expr::Binary(b) => format!(
            "({} {} {})",
            show(b.lhs()),
            b.op().map_or("?", |o| o.text()),
            show(b.rhs())
        ),
        Expr::Is(i) => format!(
            "({} is {})",
            show(i.operand()),
            if i.present() { "present" } else { "missing" }
        ),
        Expr::If(i) => format!(
            "(if {} then {} else {})",
            show(i.condition()),
            show(i.then_value()),
            show(i.else_value())
        ),
        Expr::List(l) => format!(
            "[{}]",
            l.elements()
                .map(|e| show(Some(e)))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Expr::Record(r) => {
            let field = |f: ast::RecordField<'_>| {
                format!(
                    "{}: {}",
                    f.key().and_then(ast::Key::plain).unwrap_or_default(),
                    show(f.value())
                )
            };
            format!(
                "{{{}}}",
                r.fields().map(field).collect::<Vec<_>>().join(", ")
            )
        }
        Expr::Paren(p) => show(p.inner()),
        Expr::Lambda(l) => format!(
            "{} => {}",
            l.param().map_or("?", |n| n.text()),
            show(l.body())
        ),
        Expr::Window(w) => format!("last {} where {}", show(w.within()), show(w.filter())),
        Expr::Error(_) => "error".into(),
    }
}

#[test]
fn operators_group_by_precedence() {
    let cases = [
        ("a + b * c - d", "((a + (b * c)) - d)"),
        (
            "a ?? b ?? c or d and not e == f",
            "(a ?? (b ?? (c or (d and (Not (e == f))))))",
        ),
        ("-a.b + -1", "((Neg a.b) + (Neg 1))"),
        ("not not a", "(Not (Not a))"),
        (
            "x.y in 1..5 and z is missing",
            "((x.y in (1 .. 5)) and (z is missing))",
        ),
        ("a + b is present", "((a + b) is present)"),
        (
            "if a then b else if c then d else e ?? f",
            "(if a then b else (if c then d else (e ?? f)))",
        ),
        ("a.b(c)[\"d\"].e", "a.b(c)[s[\"d\"]].e"),
        ("f(x, y: 1, o => o.p + 1)", "f(x, y: 1, o => (o.p + 1))"),
        (
            "count(Order, last 30d where total > 5)",
            "count(Order, last 30d where (total > 5))",
        ),
        ("(a or b) and c", "((a or b) and c)"),
        ("a % b / c", "((a % b) / c)"),
        ("rain.`3h`", "rain.3h"),
        ("[{ a: 1, \"b c\": [] },]", "[{a: 1, b c: []}]"),
        ("not a in b", "(Not (a in b))"),
        ("a == not b and c", "((a == (Not b)) and c)"),
    ];
    for (text, expected) in cases {
        let parse = parse_expression(text);
        assert_eq!(parse.errors, [], "{text}");
        let root = ast::ExprRoot::cast(parse.tree.root()).expect("an expression");
        assert_eq!(show(root.expr()), expected, "{text}");
    }
}

#[test]
fn strings_resolve_escapes_and_hold_expressions() {
    let cases: [(&str, &str); 7] = [
        (r#""a\n\"\u{2603}\{x}""#, r#"s["a\n\"☃{x}"]"#),
        (
            r#""Still, {name ?? "there {1}"}?""#,
            r#"s["Still, " (name ?? s["there " 1]) "?"]"#,
        ),
        (r#"'raw \n {x}'"#, r#"s["raw \\n {x}"]"#),
        ("\"\"", "s[]"),
        (
            "\"\"\"one \"quoted\" line\"\"\"",
            r#"s["one \"quoted\" line"]"#,
        ),
        (
            "\"\"\"\n    a\n      {b}\n    c\n    \"\"\"",
            r#"s["a\n  " b "\nc"]"#,
        ),
        ("\"\"\"\r\n  a\r\n  \"\"\"", r#"s["a"]"#),
    ];
    for (text, expected) in cases {
        let parse = parse_expression(text);
        assert_eq!(parse.errors, [], "{text}");
        assert_eq!(
            show(ast::ExprRoot::cast(parse.tree.root()).and_then(|r| r.expr())),
            expected,
            "{text}"
        );
    }
}

#[test]
fn literals_have_values_or_reasons() {
    let value = |text: &str| {
        let parse = parse_expression(text);
        match ast::ExprRoot::cast(parse.tree.root()).and_then(|r| r.expr()) {
            Some(Expr::Literal(l)) => l.value(),
            other => panic!("{text}: {other:?}"),
        }
    };
    assert_eq!(value("1_000"), Ok(LiteralValue::Integer(1000)));
    assert_eq!(
        value("9223372036854775807"),
        Ok(LiteralValue::Integer(i64::MAX))
    );
    assert_eq!(value("9223372036854775808"), Err(LiteralError::TooLarge));
    assert_eq!(value("2.25"), Ok(LiteralValue::Decimal(2.25)));
    assert_eq!(value("1e999"), Err(LiteralError::NotFinite));
    assert_eq!(value("true"), Ok(LiteralValue::Boolean(true)));
    for (text, unit) in [
        ("15m", DurationUnit::Minute),
        ("1mo", DurationUnit::Month),
        ("500ms", DurationUnit::Millisecond),
    ] {
        assert!(
            matches!(value(text), Ok(LiteralValue::Duration(d)) if d.unit == unit),
            "{text}"
        );
    }
    assert!(
        matches!(value("2024-02-29"), Ok(LiteralValue::Date(d)) if (d.year, d.month, d.day) == (2024, 2, 29))
    );
    for text in [
        "2023-02-29",
        "1900-02-29",
        "2023-13-01",
        "2023-00-10",
        "2023-04-31",
        "2023-04-00",
    ] {
        assert_eq!(value(text), Err(LiteralError::NoSuchDate), "{text}");
    }
    assert!(
        matches!(value("09:00:30.25"), Ok(LiteralValue::Time(t)) if t.second == 30 && t.nanosecond == 250_000_000)
    );
    assert_eq!(value("24:00"), Err(LiteralError::NoSuchTime));
    assert!(
        matches!(value("2026-03-01T10:00-05:30"), Ok(LiteralValue::DateTime(_, _, o)) if o.minutes == -330)
    );
    assert!(matches!(
        value("2026-03-01T10:00"),
        Ok(LiteralValue::DateTimeOnly(..))
    ));
    assert_eq!(
        value("2026-03-01T10:00+19:00"),
        Err(LiteralError::NoSuchOffset)
    );
}

#[test]
fn a_whole_journey_by_its_views() {
    let tree = good(include_str!("valid/retail.journey"));
    let file = file(&tree);
    let names: Vec<_> = file
        .decls()
        .map(|d| d.name().map_or("test", |n| n.text()))
        .collect();
    assert_eq!(
        names,
        [
            "CartUpdated",
            "OrderPlaced",
            "Weather",
            "SendPush",
            "Vip",
            "Marketing",
            "AbandonedCart",
            "test"
        ]
    );
    assert_eq!(
        file.decls().next().and_then(|d| d.doc()).as_deref(),
        Some("A shopper put something in the cart.")
    );
    let journey = file
        .decls()
        .find_map(|d| {
            if let Decl::Journey(j) = d {
                Some(j)
            } else {
                None
            }
        })
        .expect("a journey");
    assert!(!journey.has_error());
    let settings: Vec<_> = journey.settings().collect();
    assert_eq!(settings.len(), 6);
    let Setting::Enter(enter) = settings[0] else {
        panic!("{:?}", settings[0])
    };
    let Some(ast::Trigger::Event(event)) = enter.trigger() else {
        panic!("an event")
    };
    assert_eq!(event.binding().map(|n| n.text()), Some("cart"));
    assert_eq!(
        show(event.condition()),
        "(cart.productListItems.sum(item => item.priceTotal) >= 50)"
    );
    let steps: Vec<_> = journey.steps().collect();
    assert_eq!(steps.len(), 7);
    let Step::Let(weather) = steps[3] else {
        panic!("{:?}", steps[3])
    };
    let Some(LetValue::Fetch(fetch)) = weather.value() else {
        panic!("a fetch")
    };
    assert_eq!(fetch.source().map(|q| q.full()).as_deref(), Some("Weather"));
    assert!(
        weather
            .otherwise()
            .is_some_and(|b| b.steps().next().is_none())
    );
    assert_eq!(steps[4].label().and_then(|l| l.text()), Some("remind"));
    let Step::Send(send) = steps[4] else {
        panic!("{:?}", steps[4])
    };
    let outcomes: Vec<_> = send.call().into_iter().flat_map(|c| c.outcomes()).collect();
    assert_eq!(
        outcomes
            .iter()
            .filter_map(|o| o.outcome()?.word())
            .collect::<Vec<_>>(),
        ["capped", "failed"]
    );
    assert_eq!(outcomes[1].binding().map(|n| n.text()), Some("failure"));
    let Step::Await(click) = steps[5] else {
        panic!("{:?}", steps[5])
    };
    assert!(!click.is_many() && click.body().is_some());
    assert_eq!(show(click.within()), "2d");
    let split = click.otherwise().and_then(|b| b.steps().next());
    let Some(Step::Split(split)) = split else {
        panic!("{split:?}")
    };
    assert_eq!(
        split
            .arms()
            .filter_map(|a| Some(a.percent()?.text()))
            .collect::<Vec<_>>(),
        ["50", "50"]
    );
    let source = file
        .decls()
        .find_map(|d| {
            if let Decl::Source(s) = d {
                Some(s)
            } else {
                None
            }
        })
        .expect("a source");
    let Some(TypeRef::Record(record)) = source.returns() else {
        panic!("a record")
    };
    assert_eq!(
        record
            .fields()
            .filter_map(|f| f.key()?.plain())
            .collect::<Vec<_>>(),
        ["main", "sky"]
    );
    assert_eq!(source.items().count(), 6);
    let test = file
        .decls()
        .find_map(|d| if let Decl::Test(t) = d { Some(t) } else { None })
        .expect("a test");
    assert_eq!(
        test.title().and_then(|t| t.plain()).as_deref(),
        Some("a shopper who buys within the hour hears nothing")
    );
    assert_eq!(
        test.items()
            .filter(|i| matches!(i, TestItem::Expect(_)))
            .count(),
        2
    );
}

#[test]
fn steps_by_their_views() {
    let tree = good(include_str!("valid/resort.journey"));
    let node = |kind| tree.root().descendants().filter(move |n| n.kind() == kind);
    use journey_grammar::SyntaxKind as K;
    let first = node(K::MatchStep)
        .next()
        .and_then(ast::MatchStep::cast)
        .expect("a match");
    assert_eq!(
        first
            .arms()
            .map(|a| a.patterns().count())
            .collect::<Vec<_>>(),
        [2, 1, 1]
    );
    let second = node(K::MatchStep)
        .nth(1)
        .and_then(ast::MatchStep::cast)
        .expect("a match");
    let Some(ast::Pattern::Value(range)) = second.arms().next().and_then(|a| a.patterns().next())
    else {
        panic!("a range")
    };
    assert_eq!(
        (show(range.from()), show(range.to())),
        ("(Neg 5)".into(), "(Neg 1)".into())
    );
    let many = node(K::AwaitStep)
        .next()
        .and_then(ast::AwaitStep::cast)
        .expect("an await");
    assert!(many.is_many() && many.otherwise().is_some() && many.body().is_some());
    assert_eq!(
        many.arms().map(|a| a.is_else()).collect::<Vec<_>>(),
        [false, false, false, true]
    );
    let monday = node(K::NextWeekday)
        .next()
        .and_then(ast::NextWeekday::cast)
        .expect("a weekday");
    assert_eq!(
        (monday.day(), show(monday.time())),
        (Some(0), "09:00".into())
    );
    let wait = node(K::WaitOr)
        .next()
        .and_then(ast::WaitOr::cast)
        .expect("an alternative");
    assert!(matches!(wait.trigger(), Some(ast::Trigger::Event(_))) && wait.block().is_some());
    let outcome = node(K::Outcome)
        .nth(2)
        .and_then(ast::Outcome::cast)
        .expect("an outcome");
    assert_eq!(
        (
            outcome.status().map(|l| l.text()),
            outcome.status_to().map(|l| l.text())
        ),
        (Some("500"), Some("599"))
    );
    let update = node(K::UpdateStep)
        .next()
        .and_then(ast::UpdateStep::cast)
        .expect("an update");
    let paths: Vec<usize> = update
        .record()
        .into_iter()
        .flat_map(|r| r.fields())
        .filter_map(|f| Some(f.path()?.parts().count()))
        .collect();
    assert_eq!(paths, [4, 1, 2]);
    let values: Vec<String> = update
        .record()
        .into_iter()
        .flat_map(|r| r.fields())
        .map(|f| show(f.value()))
        .collect();
    assert_eq!(values, ["false", "{code: failure.status}", "s[\"x\"]"]);
    let branch = node(K::IfStep)
        .next()
        .and_then(ast::IfStep::cast)
        .expect("an if");
    assert_eq!(
        (branch.branches().count(), branch.otherwise().is_some()),
        (1, true)
    );
    let stub = node(K::TestStub)
        .nth(1)
        .and_then(ast::TestStub::cast)
        .expect("a stub");
    assert_eq!(stub.fails().and_then(|f| f.word()), Some("http"));
    assert_eq!(
        stub.times().and_then(|t| t.count()).map(|l| l.text()),
        Some("2")
    );
    let receive = node(K::TestReceive)
        .next()
        .and_then(ast::TestReceive::cast)
        .expect("a receive");
    assert_eq!(show(receive.from()), "s[\"c1\"]");
    let retry = node(K::RetryItem)
        .next()
        .and_then(ast::RetryItem::cast)
        .expect("a retry");
    assert_eq!(
        [retry.count(), retry.backoff_from(), retry.backoff_to()].map(show),
        ["2", "100ms", "1s"]
    );
}

#[test]
fn a_broken_step_costs_only_itself() {
    let text = "journey A {\n    let x = fetch (\n    if a + { wait 1h }\n    end \"here\"\n}\n";
    let parse = parse(text);
    assert_eq!(parse.errors.len(), 2, "{:?}", parse.errors);
    let file = file(&parse.tree);
    let Some(Decl::Journey(journey)) = file.decls().next() else {
        panic!("a journey")
    };
    assert!(journey.has_error());
    let steps: Vec<_> = journey.steps().collect();
    assert!(
        matches!(
            steps.as_slice(),
            [Step::Error(_), Step::Error(_), Step::End(_)]
        ),
        "{steps:?}"
    );
    let Step::Error(broken) = steps[1] else {
        panic!("the if")
    };
    let inner: Vec<_> = broken.blocks().flat_map(|b| b.steps()).collect();
    assert!(matches!(inner.as_slice(), [Step::Wait(w)] if !w.has_error()));
    let words: Vec<_> = ast::error_words(parse.tree.root()).collect();
    assert!(words.contains(&"x") && !words.contains(&"end"), "{words:?}");
    let path = parse.tree.path_at(text.find("1h").expect("there") as u32);
    assert_eq!(path.last().map(|n| n.text()), Some("1h"));
}

#[test]
fn trees_can_be_sent_and_shared() {
    fn sendable<T: Send + Sync + Clone + PartialEq>() {}
    sendable::<Tree>();
    sendable::<journey_grammar::Parse>();
}
