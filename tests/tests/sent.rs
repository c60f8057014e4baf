//! What goes out in a call beside its body: addresses with data in them, the request for a token.
//!
//! Comes in: texts as arguments, and actions that make an address or a token's request of them. Never here: data that leads a call
//! elsewhere, a number that became a text.

use journey_machine::effects::{AuthRequest, CallRequest, Field};
use journey_tests::{bodies, packages};
use journeyc::source::SourceFile;

const EVENT: &str = r#"{ "_id": "1", "timestamp": "2026-03-01T10:00:00Z", "eventType": "begun", "email": "a@x.example" }"#;

/// The calls of an action with a text as its parameter and these lines, sent with this argument.
fn calls(lines: &str, argument: &str) -> Vec<CallRequest> {
    let page = format!(
        r#"
        function shipAddress(of: string) -> string = "{{env.PUSH_URL}}/ship/{{of}}"
        function service(path: string) -> string = "{{env.PUSH_URL}}/v1/{{path}}"
        function service2(path: string) -> string = "2/{{path}}"
        function pick(paths: list<string>, n: integer) -> string = paths[n] ?? "v0/list"
        function oneOf(paths: list<string>) -> string = paths.first() ?? "v0/list"
        const PATHS = ["v1/list", "v2/list"]
        function service3(path: string) -> string = "3/{{service2(path)}}"
        action Ship(it: string) -> {{ id: string? }} {{
            {lines}
        }}
        journey Shipping {{
            enter on Begun
            send Ship(it: {argument}) {{ on failed {{ }} }}
            end "sent"
        }}
        "#
    );
    let input = packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: page.as_str().into(),
    });
    bodies::calls(&input, EVENT, r#"{ "Ship": [{ "json": {} }] }"#, &["Ship"])
}

/// The address of an action with a text as its parameter.
fn address(written: &str, argument: &str) -> String {
    let made = calls(&format!("delete {written}"), argument);
    let url = &made[0].url;
    let base = url.strip_prefix("http://localhost:9000");
    base.unwrap_or(url).to_string()
}

#[test]
fn data_in_an_address_leads_nowhere_else() {
    let order = r#""{env.PUSH_URL}/orders/{it}""#;
    for (data, sent) in [
        ("A-1_b~2.c", "A-1_b~2.c"),
        (
            "../users/bob?force=true#\\n",
            "..%2Fusers%2Fbob%3Fforce%3Dtrue%23%0A",
        ),
        ("...", "..."),
        ("a b+%ü", "a%20b%2B%25%C3%BC"),
        ("1:delete", "1%3Adelete"),
    ] {
        assert_eq!(
            address(order, &format!("\"{data}\"")),
            format!("/orders/{sent}")
        );
    }
    let data = r#""a/b&c=d@e""#;
    for (written, sent) in [
        (
            r#""{env.PUSH_URL}/orders?of={it}&x=1""#,
            "/orders?of=a%2Fb%26c%3Dd%40e&x=1",
        ),
        (
            r#""https://{it}.example/orders""#,
            "https://a%2Fb%26c%3Dd%40e.example/orders",
        ),
        // What is written stands, wherever it is written.
        (
            r#""{env.PUSH_URL}/{if it == "x" then "new/orders" else "old/orders"}/{it}""#,
            "/old/orders/a%2Fb%26c%3Dd%40e",
        ),
        (
            r#"if it == "x" then "{env.PUSH_URL}/x" else "{env.PUSH_URL}/{it}/y""#,
            "/a%2Fb%26c%3Dd%40e/y",
        ),
        (
            r#"concat(env.PUSH_URL, "/orders/", it)"#,
            "/orders/a%2Fb%26c%3Dd%40e",
        ),
        ("shipAddress(it)", "/ship/a%2Fb%26c%3Dd%40e"),
        (r#""{env.PUSH_URL}/{length(it)}/{-1.5}""#, "/9/-1.5"),
        // Through functions, whether they are ours or the table's.
        (r#"service("orders/list")"#, "/v1/orders/list"),
        (
            r#"service("orders/{it}/x")"#,
            "/v1/orders/a%2Fb%26c%3Dd%40e/x",
        ),
        (
            r#"service(service2("a/{it}"))"#,
            "/v1/2/a/a%2Fb%26c%3Dd%40e",
        ),
        (r#"service(it)"#, "/v1/a%2Fb%26c%3Dd%40e"),
        (r#"service(service3("a/list"))"#, "/v1/3/2/a/list"),
        (
            r#""{env.PUSH_URL}/u/{trim("{it}_")}/{substr("{it}_", 0, 2)}""#,
            "/u/a%2Fb%26c%3Dd%40e_/a%2F",
        ),
        (
            r#""{["https://a.example/x", "https://b.example/y"][it.length() - 8] ?? env.PUSH_URL}/{it}""#,
            "https://b.example/y/a%2Fb%26c%3Dd%40e",
        ),
        (
            r#"concat([env.PUSH_URL, "/x/", it])"#,
            "/x/a%2Fb%26c%3Dd%40e",
        ),
        (
            r#"coalesce("{env.PUSH_URL}/x/{it}", it)"#,
            "/x/a%2Fb%26c%3Dd%40e",
        ),
        // Out of tables.
        (
            r#""{env.PUSH_URL}/{pick(PATHS, it.length() - 8)}/{it}""#,
            "/v2/list/a%2Fb%26c%3Dd%40e",
        ),
        (
            r#""{env.PUSH_URL}/{oneOf(PATHS)}/{pick([it], 0)}""#,
            "/v1/list/a%2Fb%26c%3Dd%40e",
        ),
        (
            r#""{env.PUSH_URL}/{serializeList(["x", it], "/", false)}""#,
            "/x%2Fa%2Fb%26c%3Dd%40e",
        ),
        (
            r#""{env.PUSH_URL}/{["x/{it}"].first() ?? "none"}""#,
            "/x%2Fa%2Fb%26c%3Dd%40e",
        ),
        (
            r#""{env.PUSH_URL}/{coalesce(trim(" a/b "), it)}/{it.trim()}""#,
            "/a/b/a%2Fb%26c%3Dd%40e",
        ),
    ] {
        assert_eq!(address(written, data), sent, "{written}");
    }
    // However long it is.
    let list = format!("orders?fields={}", "number,".repeat(100));
    assert_eq!(
        address(&format!("service(\"{list}\")"), data),
        format!("/v1/{list}")
    );
    // An address that is data, and what is added to it.
    let whole = r#""https://x.example/a?b=c""#;
    assert_eq!(address("it", whole), "https://x.example/a?b=c");
    assert_eq!(
        address(r#""{it}&d={it}""#, whole),
        "https://x.example/a?b=c&d=https%3A%2F%2Fx.example%2Fa%3Fb%3Dc"
    );
}

/// No spelling of `..` or of nothing is kept by all readers of addresses.
#[test]
fn data_that_would_be_a_way_makes_no_call() {
    let none = |written: &str, data: &str| {
        let made = calls(&format!("delete {written}"), &format!("\"{data}\""));
        assert_eq!(made, [], "{written} {data}");
    };
    for data in ["", ".", ".."] {
        none(r#""{env.PUSH_URL}/orders/{it}""#, data);
        none(r#""{env.PUSH_URL}/orders/{it}/items?of={it}""#, data);
        none(r#"shipAddress(it)"#, data);
        let token = "auth token {\n post \"{env.PUSH_URL}/{it}/token\"\n token at token\n }";
        none(&format!("\"{{env.PUSH_URL}}/x\"\n{token}"), data);
    }
    none(r#""{env.PUSH_URL}/{it}{it}""#, ".");
    none(r#""{env.PUSH_URL}/.{it}""#, ".");
    none(r#""{env.PUSH_URL}/u/{substr("{it}_", 0, 2)}/delete""#, "..");
    none(r#""https://{it}.x.example/orders""#, "");
    for (written, data, sent) in [
        (
            r#""{env.PUSH_URL}/orders?of={it}&x={it}""#,
            "",
            "/orders?of=&x=",
        ),
        (r#""{env.PUSH_URL}/v{it}/{it}-{it}""#, "..", "/v../..-.."),
        (r#""{env.PUSH_URL}/v{it}""#, "", "/v"),
    ] {
        assert_eq!(address(written, &format!("\"{data}\"")), sent, "{written}");
    }
}

#[test]
fn a_token_is_asked_for_with_json_and_found_by_names() {
    let lines = r#"
        post "{env.PUSH_URL}/ship"
        auth token {
            post "{env.PUSH_URL}/token/{it}"
            json { client: "x \"y\"", ttl: 3600, share: 1.5, offline: true, until: 2026-03-01T10:00+01:00, of: it, key: secret.KEY }
            token at data["access-token"].`v1.2`
            expires at expires_in
        }"#;
    let made = calls(lines, "\"a/b\"");
    let AuthRequest::Token {
        url,
        body,
        token_path,
        expires_path,
        ..
    } = &made[0].auth
    else {
        panic!("{:?}", made[0].auth);
    };
    assert!(url.ends_with("/token/a%2Fb"), "{url}");
    let json = |name: &str, json: &str| (name.to_string(), Field::Json(json.into()));
    let mut fields = vec![
        json("client", r#""x \"y\"""#),
        json("ttl", "3600"),
        json("share", "1.5"),
        json("offline", "true"),
        json("until", r#""2026-03-01T10:00:00+01:00""#),
        json("of", r#""a/b""#),
    ];
    fields.push(("key".into(), Field::Secret("KEY".into())));
    assert_eq!(*body, fields);
    assert_eq!(token_path, "data.access-token.v1\\.2");
    assert_eq!(expires_path.as_deref(), Some("expires_in"));
}

#[test]
fn what_no_journey_listens_for_refuses_nothing() {
    let page = r#"
        event Unheard: Happening {
            where eventType == "unheard" and count >= 8
            key text in Email
            dedupe at within 1h
        }
        journey Heard {
            enter on Begun
            send Push(to: "a") { on failed { } }
        }
    "#;
    let input = packages::promises().with(&SourceFile {
        path: "page.journey".into(),
        text: page.into(),
    });
    let event = EVENT.replace(
        r#""email""#,
        r#""count": "many", "text": 1, "at": "never", "email""#,
    );
    let answers = r#"{ "Push": [{ "json": {} }] }"#;
    assert_eq!(bodies::calls(&input, &event, answers, &["Push"]).len(), 1);
}
