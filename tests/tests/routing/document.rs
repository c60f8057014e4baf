//! Random documents for the random packages: mostly right, often with fields that are missing, of a wrong type, or twice.

use super::rng::Rng;

/// An event.
pub fn event(rng: &mut Rng) -> String {
    let broken = rng.percent(25);
    let mut fields = vec![format!("\"_id\":\"e{}\"", rng.below(1000))];
    let field = |rng: &mut Rng, name: &str, value: String| match rng.below(100) {
        0..15 => None,
        15..18 => Some(format!("\"{name}\":null")),
        18..24 if broken => Some(format!(
            "\"{name}\":{}",
            rng.pick(&["[1]", "\"x\"", "7.5", "{}", "true"])
        )),
        24..26 if broken => Some(format!("\"{name}\":{value},\"{name}\":{value}")),
        _ => Some(format!("\"{name}\":{value}")),
    };
    let (number, other) = (rng.below(6), rng.below(6));
    let event_type = *rng.pick(&["t0", "t1", "t2", "t3", "t4", "t5", "t12", "u"]);
    let values = [
        ("eventType", format!("\"{event_type}\"")),
        (
            "who",
            format!("\"{}\"", rng.pick(&["ada", "ada", "bob", ""])),
        ),
        ("phone", "\"+49\"".into()),
        (
            "sku",
            format!("\"{}\"", rng.pick(&["s1", "s2", "o3", "o4"])),
        ),
        ("n", format!("{number}")),
        ("amount", format!("{other}.{}", rng.pick(&["0", "5", "75"]))),
        ("flag", format!("{}", rng.percent(50))),
        (
            "kind",
            format!(
                "\"{}\"",
                rng.pick(&["a", "b", "c", "c", if broken { "z" } else { "a" }])
            ),
        ),
    ];
    for (name, value) in values {
        fields.extend(field(rng, name, value));
    }
    let mut inner = Vec::new();
    inner.extend(field(rng, "id", format!("\"o{number}\"")));
    inner.extend(field(rng, "total", format!("{other}")));
    let order = format!("{{{}}}", inner.join(","));
    fields.extend(field(rng, "order", order));
    let mut items = Vec::new();
    for _ in 0..rng.below(4) {
        let mut inner = Vec::new();
        let id = rng.below(6);
        inner.extend(field(rng, "id", format!("\"i{id}\"")));
        inner.extend(field(rng, "price", format!("{other}.25")));
        inner.extend(field(rng, "tags", "[\"x\",null,\"y\"]".into()));
        items.push(format!("{{{}}}", inner.join(",")));
    }
    fields.extend(field(rng, "items", format!("[{}]", items.join(","))));
    let entity = format!("{{{}}}", fields.join(","));
    if rng.percent(3) {
        return entity[..rng.below(entity.len())].to_owned();
    }
    if rng.percent(50) {
        return entity;
    }
    let schema = *rng.pick(&["e", "e", "e", "f", "g"]);
    format!(
        r#"{{"header":{{"schemaRef":{{"id":"https://ns.acme.example/schemas/{schema}"}}}},"body":{{"xdmEntity":{entity}}}}}"#
    )
}

/// A profile; some programs may not be able to read it.
pub fn profile(rng: &mut Rng) -> String {
    if rng.percent(20) {
        return "{}".into();
    }
    let level = rng.pick(&["\"gold\"", "\"gold\"", "\"tin\"", "null", "7"]);
    let marks = match rng.below(40) {
        0..4 => "[7]".to_owned(),
        4 => format!("[{}]", ["{}"; 10_001].join(",")),
        _ => format!(
            r#"[{{"name":{}}},{{"n":2}}]"#,
            rng.pick(&["\"x\"", "\"x\"", "\"y\"", "7"])
        ),
    };
    let twice = *rng.pick(&["", "", "", "", "\"score\":3,"]);
    let score = rng.pick(&["0", "2", "3", "2.5", "\"2\""]);
    let text = format!(r#"{{{twice}"score":{score},"level":{level},"marks":{marks}}}"#);
    match rng.percent(3) {
        true => text[..rng.below(text.len())].to_owned(),
        false => text,
    }
}
