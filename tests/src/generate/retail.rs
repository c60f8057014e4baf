//! Five weeks in a shop: people look, fill carts, and then buy at once, buy later, come back by our link, or vanish.
//!
//! In: a seed. Out: the retail example's events and profiles. Never true here: a rule of the journey (it must find its own way through).

use super::Generated;
use super::clock::{DAY, HOUR, MINUTE, SECOND, day, instant};
use super::gear::{self, Kit};
use super::people::{Person, person};
use super::rng::Rng;
use super::stream::Stream;
use serde_json::{Map, Value, json};

const PEOPLE: u64 = 400;
const WEEKS: u64 = 5;
const CAMPAIGNS: [&str; 3] = ["spring", "newsletter", "loyalty"];

/// A product: SKU, name, category, least and greatest price.
type Product = (&'static str, &'static str, &'static str, u64, u64);
const PRODUCTS: [Product; 12] = [
    (
        "AC-1001",
        "Merino crew-neck jumper",
        "Clothing/Knitwear",
        59,
        99,
    ),
    (
        "AC-1014",
        "Waxed canvas rain jacket",
        "Clothing/Outdoor",
        120,
        240,
    ),
    ("AC-1102", "Leather walking boots", "Shoes/Boots", 90, 180),
    (
        "AC-1180",
        "Wool socks, three pairs",
        "Clothing/Socks",
        12,
        24,
    ),
    ("AC-2003", "Enamel coffee pot", "Home/Kitchen", 25, 48),
    ("AC-2044", "Linen bed set", "Home/Bedroom", 79, 149),
    ("AC-2077", "Cast-iron pan, 28 cm", "Home/Kitchen", 45, 85),
    ("AC-3010", "Trail backpack 30 l", "Outdoor/Bags", 70, 130),
    ("AC-3055", "Down sleeping bag", "Outdoor/Camping", 140, 320),
    ("AC-3101", "Head torch", "Outdoor/Light", 18, 45),
    ("AC-4002", "Notebook, dotted", "Paper/Notebooks", 6, 14),
    ("AC-4010", "Fountain pen", "Paper/Pens", 22, 65),
];

/// What comes of a cart.
#[derive(Clone, Copy)]
enum Fate {
    BuysAtOnce,
    BuysLater,
    ComesBack,
    Vanishes,
}

pub(super) fn generate(seed: u64) -> Generated {
    let mut stream = Stream::default();
    let mut profiles = String::new();
    for index in 0..PEOPLE {
        let (mut shopper, text) = Shopper::new(seed, index);
        profiles.push_str(&text);
        profiles.push('\n');
        shopper.plan_season(0);
        while shopper.comes_again() {
            let start = shopper.next_start();
            shopper.visit(&mut stream, start);
        }
    }
    Generated {
        package: "retail",
        events: stream.write(seed, "retail", &SPOIL),
        profiles,
    }
}

/// Places of an event that may be of a wrong type.
pub(super) const SPOIL: [&str; 3] = [
    "/productListItems/0/priceTotal",
    "/eventType",
    "/identityMap/ECID/0/id",
];

/// One person of the shop, and the visits that are still to come in this season of five weeks.
pub(super) struct Shopper {
    person: Person,
    kit: Kit,
    from: i64,
    visits: u64,
    visits_left: u64,
}

impl Shopper {
    /// The shopper of this number, and their profile.
    pub fn new(seed: u64, index: u64) -> (Shopper, String) {
        let mut person = person(seed, "retail", index);
        let text = profile(&mut person);
        let kit = gear::kit(&mut person.rng, &person.city, false);
        let shopper = Shopper {
            person,
            kit,
            from: 0,
            visits: 0,
            visits_left: 0,
        };
        (shopper, text)
    }

    /// Decides how often they come in a season, counted from 0.
    pub fn plan_season(&mut self, season: u64) {
        self.visits = 1 + u64::from(self.person.rng.percent(45));
        self.visits_left = self.visits;
        self.from = day(2026, 3, 2) + (season * WEEKS * 7) as i64 * DAY;
    }

    /// Whether the season has another visit.
    pub fn comes_again(&self) -> bool {
        self.visits_left > 0
    }

    /// When the next visit of the season starts.
    pub fn next_start(&mut self) -> i64 {
        let rng = &mut self.person.rng;
        self.from += rng.between(0, WEEKS * 7 / self.visits - 3) as i64 * DAY;
        self.from + rng.between(7 * 60, 22 * 60) as i64 * MINUTE + rng.between(0, 59_999) as i64
    }

    /// Makes the visit that starts then.
    pub fn visit(&mut self, stream: &mut Stream, start: i64) {
        visit(stream, &mut self.person, &self.kit, start);
        self.from += 3 * DAY;
        self.visits_left -= 1;
    }
}

fn profile(shopper: &mut Person) -> String {
    let consent = shopper.rng.pick(&[
        Some("y"),
        Some("y"),
        Some("y"),
        Some("y"),
        Some("y"),
        Some("n"),
        Some("p"),
        None,
    ]);
    let mut profile = shopper.profile(consent);
    if shopper.rng.percent(40) {
        let tier = shopper
            .rng
            .pick(&["bronze", "bronze", "silver", "gold", "platinum"]);
        profile.insert("loyalty".to_owned(), json!({"program": "Acme Circle", "loyaltyID": [format!("C{}", shopper.rng.hex(8))], "status": "active", "tier": tier, "points": shopper.rng.between(0, 9_000)}));
    }
    profile.insert("_acme".to_owned(), json!({"crmId": shopper.number, "lifetimeValue": shopper.rng.price(0, 2_500), "favouriteStore": format!("store-{:02}", shopper.rng.between(1, 20))}));
    Value::Object(profile).to_string()
}

/// One visit from the first page to its end.
fn visit(stream: &mut Stream, shopper: &mut Person, kit: &Kit, start: i64) {
    let session = shopper.rng.uuid();
    let cart = format!("cart-{}", shopper.rng.hex(12));
    let mut at = start;
    for _ in 0..shopper.rng.between(1, 3) {
        let line = line(&mut shopper.rng);
        let event = shop_event(
            shopper,
            kit,
            "commerce.productViews",
            at,
            &session,
            &[line],
            None,
        );
        stream.add(at, event);
        at += shopper.rng.between(20, 240) as i64 * SECOND;
    }
    if shopper.rng.percent(22) {
        return;
    }
    let mut lines = Vec::new();
    for _ in 0..shopper.rng.between(1, 3) {
        lines.push(line(&mut shopper.rng));
        let event = shop_event(
            shopper,
            kit,
            "commerce.productListAdds",
            at,
            &session,
            &lines,
            Some(&cart),
        );
        stream.add(at, event);
        at += shopper.rng.between(30, 600) as i64 * SECOND;
    }
    let fate = shopper.rng.pick(&[
        Fate::BuysAtOnce,
        Fate::BuysAtOnce,
        Fate::BuysLater,
        Fate::ComesBack,
        Fate::ComesBack,
        Fate::Vanishes,
        Fate::Vanishes,
        Fate::Vanishes,
    ]);
    match fate {
        Fate::BuysAtOnce => {
            let paid = at + shopper.rng.between(2, 40) as i64 * MINUTE;
            buy(stream, shopper, kit, paid, &session, &lines, &cart);
        }
        Fate::BuysLater => {
            let paid = at + shopper.rng.between(90, 44 * 60) as i64 * MINUTE;
            buy(stream, shopper, kit, paid, &session, &lines, &cart);
        }
        Fate::ComesBack => {
            let clicked = at + HOUR + shopper.rng.between(3, 30 * 60) as i64 * MINUTE;
            let campaign = if shopper.rng.percent(80) {
                "cart"
            } else {
                shopper.rng.pick(&CAMPAIGNS)
            };
            click(stream, shopper, kit, clicked, campaign);
            if shopper.rng.percent(50) {
                let again = shopper.rng.uuid();
                buy(
                    stream,
                    shopper,
                    kit,
                    clicked + 12 * MINUTE,
                    &again,
                    &lines,
                    &cart,
                );
            }
        }
        Fate::Vanishes => {}
    }
}

fn line(rng: &mut Rng) -> Value {
    let (sku, name, category, low, high) = rng.pick(&PRODUCTS);
    let quantity = rng.pick(&[1, 1, 1, 2]);
    let price = (rng.price(low, high) * f64::from(quantity) * 100.0).round() / 100.0;
    json!({"_id": rng.hex(12), "SKU": sku, "name": name, "product": format!("https://shop.acme.example/p/{}", sku.to_ascii_lowercase()), "quantity": quantity,
        "priceTotal": price, "currencyCode": "EUR", "productImageUrl": format!("https://img.acme.example/{}/{}.webp", sku.to_ascii_lowercase(), rng.hex(6)),
        "productCategories": [{"categoryID": format!("cat-{}", &sku[3..5]), "categoryName": category.rsplit('/').next().unwrap_or(category), "categoryPath": category}],
        "selectedOptions": [{"attribute": "size", "value": rng.pick(&["S", "M", "L", "XL"])}, {"attribute": "colour", "value": rng.pick(&["moss", "slate", "sand", "ink"])}]})
}

/// An event of the shop about some products.
fn shop_event(
    shopper: &mut Person,
    kit: &Kit,
    kind: &str,
    at: i64,
    session: &str,
    lines: &[Value],
    cart: Option<&str>,
) -> Value {
    let total = total(lines);
    let mut commerce = Map::new();
    let measure = kind.rsplit('.').next().unwrap_or(kind);
    commerce.insert(measure.to_owned(), json!({"value": 1}));
    if let Some(cart) = cart {
        commerce.insert(
            "cart".to_owned(),
            json!({"cartID": cart, "cartSource": "web"}),
        );
    }
    if kind == "commerce.purchases" {
        let number = shopper.rng.between(100_000, 999_999);
        commerce.insert(
            "order".to_owned(),
            json!({"purchaseID": format!("ORD-2026-{number}"), "purchaseOrderNumber": number.to_string(), "priceTotal": total, "taxAmount": (total * 20.0).round() / 100.0,
                "currencyCode": "EUR", "createdDate": instant(at),
                "payments": [{"transactionID": shopper.rng.hex(16), "paymentAmount": total, "paymentType": shopper.rng.pick(&["credit_card", "paypal", "gift_card"]), "currencyCode": "EUR"}]}),
        );
        commerce.insert(
            "shipping".to_owned(),
            json!({"shippingMethod": "standard", "shippingAmount": 4.9, "currencyCode": "EUR", "shippingDestination": "home", "address": {"city": shopper.city.0, "countryCode": shopper.city.1}}),
        );
    }
    let (page, section) = match kind {
        "commerce.productViews" => ("product", "catalogue"),
        "commerce.productListAdds" => ("cart", "checkout"),
        _ => ("order confirmation", "checkout"),
    };
    let mut event = base(shopper, kit, kind, session, page, section, at);
    if let Some(event) = event.as_object_mut() {
        event.insert("productListItems".to_owned(), json!(lines));
        event.insert("commerce".to_owned(), Value::Object(commerce));
    }
    event
}

/// What every event of the shop carries.
fn base(
    shopper: &mut Person,
    kit: &Kit,
    kind: &str,
    session: &str,
    page: &str,
    section: &str,
    at: i64,
) -> Value {
    let slug = page.replace(' ', "-");
    let campaign = shopper.rng.pick(&CAMPAIGNS);
    json!({
        "_id": shopper.rng.uuid(),
        "timestamp": "",
        "eventType": kind,
        "eventMergeId": shopper.rng.uuid(),
        "producedBy": "self",
        "identityMap": shopper.identity_map(),
        "web": {
            "webPageDetails": {"name": page, "URL": format!("https://shop.acme.example/{section}/{slug}?session={session}&utm_source={campaign}&utm_medium=push"), "server": "shop.acme.example",
                "siteSection": section, "viewName": slug, "isHomePage": false, "isErrorPage": false, "pageViews": {"value": 1}},
            "webReferrer": {"URL": format!("https://shop.acme.example/{section}"), "type": "internal", "linkType": "other"}
        },
        "environment": kit.environment(false),
        "device": kit.device(),
        "placeContext": {"localTime": instant(at), "localTimezoneOffset": 0, "ianaTimezone": shopper.city.3, "geo": gear::geo(&mut shopper.rng, &shopper.city)},
        "marketing": {"trackingCode": format!("{campaign}-2026-{:02}", shopper.rng.between(1, 12)), "campaignName": campaign, "campaignGroup": "always on"},
        "_acme": {"sessionId": session, "storeId": format!("store-{:02}", shopper.rng.between(1, 20)), "experimentCells": [format!("checkout-{}", shopper.rng.pick(&["a", "b"])), "search-b"]}
    })
}

fn buy(
    stream: &mut Stream,
    shopper: &mut Person,
    kit: &Kit,
    at: i64,
    session: &str,
    lines: &[Value],
    cart: &str,
) {
    let event = shop_event(
        shopper,
        kit,
        "commerce.purchases",
        at,
        session,
        lines,
        Some(cart),
    );
    stream.add(at, event);
}

fn click(stream: &mut Stream, shopper: &mut Person, kit: &Kit, at: i64, campaign: &str) {
    let session = shopper.rng.uuid();
    let looked_at = [line(&mut shopper.rng)];
    let mut event = base(
        shopper,
        kit,
        "web.webinteraction.linkClicks",
        &session,
        "cart",
        "checkout",
        at,
    );
    let address = format!("https://shop.acme.example/cart?campaign={campaign}");
    if let Some(slot) = event.pointer_mut("/_acme").and_then(Value::as_object_mut) {
        slot.insert("campaign".to_owned(), json!(campaign));
    }
    if let Some(slot) = event.pointer_mut("/web").and_then(Value::as_object_mut) {
        slot.insert("webInteraction".to_owned(), json!({"name": "back to your cart", "type": "other", "URL": address, "region": "notification", "linkClicks": {"value": 1}}));
    }
    if let Some(slot) = event.as_object_mut() {
        slot.insert("productListItems".to_owned(), json!(looked_at));
    }
    stream.add(at, event);
}

fn total(lines: &[Value]) -> f64 {
    let sum: f64 = lines
        .iter()
        .filter_map(|line| line.get("priceTotal")?.as_f64())
        .sum();
    (sum * 100.0).round() / 100.0
}
