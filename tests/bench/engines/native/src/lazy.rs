//! sonic-rs lazily: the fields that a condition needs are located, the rest is skipped, nothing is built.
//!
//! Comes in: documents. Goes out: decisions from bytes. The fastest that one can write by hand for one condition: few paths are
//! got one by one, several by one walk over a tree of paths. Never true here: a context; every decision begins at the bytes.

use bench_core::Engine;
use bench_core::host::{bucket, in_last_days};
use bench_core::typed::conditions::{SEGMENT, condition, ends_with_ignoring_case};
use sonic_rs::{JsonValueTrait, LazyValue, PointerNode, PointerTree, get_from_slice};

pub type Condition = fn(&[u8], &[u8], &Trees) -> bool;

const CONDITIONS: [Condition; 12] = [w01, w02, w03, w04, w05, w06, w07, w08, w09, w10, w11, w12];

/// Prepared paths, for the conditions that need several of one document.
pub struct Trees {
    w03: PointerTree,
    w04: PointerTree,
    w09_event: PointerTree,
    w09_profile: PointerTree,
    w12_event: PointerTree,
    w12_profile: PointerTree,
}

const W12_EVENT: [&str; 18] = [
    "eventType",
    "commerce.order.currencyCode",
    "commerce.order.priceTotal",
    "web.webPageDetails.siteSection",
    "web.webPageDetails.isErrorPage",
    "web.webReferrer.type",
    "device.type",
    "device.screenWidth",
    "device.manufacturer",
    "environment.operatingSystem",
    "environment.browserDetails.cookiesEnabled",
    "environment.browserDetails.viewportWidth",
    "placeContext.geo.countryCode",
    "placeContext.geo._schema.latitude",
    "placeContext.geo._schema.longitude",
    "marketing.trackingCode",
    "commerce.order.discountAmount",
    "commerce.shipping.shippingMethod",
];

const W12_PROFILE: [&str; 16] = [
    "person.gender",
    "person.birthYear",
    "person.maritalStatus",
    "person.nationality",
    "personalEmail.status",
    "consents.marketing.email.val",
    "consents.marketing.sms.val",
    "consents.marketing.push.val",
    "loyalty.tier",
    "loyalty.points",
    "loyalty.program",
    "loyalty.status",
    "metrics.lifetimeValue",
    "metrics.orderCount",
    "metrics.churnScore",
    "metrics.emailOpenRate",
];

fn tree(paths: &[&str]) -> PointerTree {
    let mut tree = PointerTree::new();
    for path in paths {
        let keys = path.split('.');
        let nodes: Vec<PointerNode> = keys
            .map(|key| PointerNode::Key(key.to_owned().into()))
            .collect();
        tree.add_path(&nodes);
    }
    tree
}

pub struct Lazy {
    trees: Trees,
}

impl Lazy {
    pub fn new() -> Lazy {
        let trees = Trees {
            w03: tree(&["web.webPageDetails.URL", "web.webPageDetails.name"]),
            w04: tree(&[
                "loyalty.tierOverride",
                "loyalty.tier",
                "workAddress.city",
                "billingAddress.countryCode",
            ]),
            w09_event: tree(&[
                "commerce.order.priceTotal",
                "commerce.order.discountAmount",
                "commerce.shipping.shippingAmount",
            ]),
            w09_profile: tree(&["metrics.lifetimeValue", "metrics.averageOrderValue"]),
            w12_event: tree(&W12_EVENT),
            w12_profile: tree(&W12_PROFILE),
        };
        Lazy { trees }
    }
}

impl Engine for Lazy {
    type Program = Condition;
    type Context = ();

    fn compile(&mut self, id: &str, _: &str) -> Result<Condition, String> {
        condition(&CONDITIONS, id)
    }

    fn context(&mut self, _: &[u8], _: &[u8]) -> Result<(), String> {
        Err("there is no context".into())
    }

    fn evaluate(&mut self, _: &mut Condition, (): &mut ()) -> Result<bool, String> {
        Err("there is no context".into())
    }

    fn decide(
        &mut self,
        condition: &mut Condition,
        event: &[u8],
        profile: &[u8],
    ) -> Result<bool, String> {
        Ok(condition(event, profile, &self.trees))
    }
}

fn get<'a>(json: &'a [u8], path: &[&str]) -> Option<LazyValue<'a>> {
    get_from_slice(json, path).ok()
}

fn many<'a>(json: &'a [u8], tree: &PointerTree) -> Vec<Option<LazyValue<'a>>> {
    sonic_rs::get_many(json, tree).unwrap_or_default()
}

fn is(value: Option<&LazyValue<'_>>, wanted: &str) -> bool {
    value.and_then(|v| v.as_str()) == Some(wanted)
}

fn text(value: Option<&LazyValue<'_>>, test: impl Fn(&str) -> bool) -> bool {
    value.and_then(|v| v.as_str()).is_some_and(test)
}

fn number(value: Option<&LazyValue<'_>>, test: impl Fn(f64) -> bool) -> bool {
    value.and_then(|v| v.as_f64()).is_some_and(test)
}

fn null(value: Option<&LazyValue<'_>>) -> bool {
    value.is_none_or(|v| v.is_null())
}

fn w01(e: &[u8], _: &[u8], _: &Trees) -> bool {
    let price = get(e, &["commerce", "order", "priceTotal"]);
    number(price.as_ref(), |n| n > 100.0)
}

fn w02(e: &[u8], p: &[u8], _: &Trees) -> bool {
    is(get(e, &["eventType"]).as_ref(), "commerce.purchases") && {
        let consent = get(p, &["consents", "marketing", "email", "val"]);
        is(consent.as_ref(), "y")
    }
}

fn w03(e: &[u8], p: &[u8], trees: &Trees) -> bool {
    let address = get(p, &["personalEmail", "address"]);
    text(address.as_ref(), |a| {
        ends_with_ignoring_case(a.trim(), "@example.com")
    }) && {
        let page = many(e, &trees.w03);
        let [url, name] = &page[..] else { return false };
        text(url.as_ref(), |u| u.contains("/checkout/"))
            && text(name.as_ref(), |n| n.starts_with("Order"))
    }
}

fn w04(_: &[u8], p: &[u8], trees: &Trees) -> bool {
    let found = many(p, &trees.w04);
    let [over, tier, city, country] = &found[..] else {
        return false;
    };
    let over = over.as_ref().and_then(|t| t.as_str());
    let tier = over.or(tier.as_ref().and_then(|t| t.as_str()));
    tier.unwrap_or("none") == "gold" && null(city.as_ref()) && null(country.as_ref())
}

fn w05(e: &[u8], p: &[u8], _: &Trees) -> bool {
    let joined = get(p, &["loyalty", "joinDate"]);
    text(joined.as_ref(), |t| in_last_days(t, 365)) && {
        let at = get(e, &["timestamp"]);
        text(at.as_ref(), |t| in_last_days(t, 7))
    }
}

/// Walks the items while `more` says so of two fields of each; whether it came to the end.
fn each(
    e: &[u8],
    fields: [&str; 2],
    mut more: impl FnMut(Option<&LazyValue<'_>>, Option<&LazyValue<'_>>) -> bool,
) -> bool {
    let list = get(e, &["productListItems"]);
    let Some(items) = list.and_then(|list| list.into_array_iter()) else {
        return true;
    };
    for item in items {
        let Ok(item) = item else { return false };
        let mut found = [None, None];
        for member in item.into_object_iter().into_iter().flatten() {
            let Ok((key, value)) = member else {
                return false;
            };
            if let Some(ix) = fields.iter().position(|field| key == *field) {
                found[ix] = Some(value);
            }
            if found.iter().all(Option::is_some) {
                break;
            }
        }
        if !more(found[0].as_ref(), found[1].as_ref()) {
            return false;
        }
    }
    true
}

fn w06(e: &[u8], _: &[u8], _: &Trees) -> bool {
    !each(e, ["priceTotal", "name"], |price, name| {
        !(number(price, |n| n > 50.0) && is(name, "Trail Runner GTX"))
    })
}

fn w07(e: &[u8], _: &[u8], _: &Trees) -> bool {
    each(e, ["currencyCode", "quantity"], |currency, quantity| {
        is(currency, "USD") && number(quantity, |n| n >= 1.0)
    })
}

fn w08(e: &[u8], _: &[u8], _: &Trees) -> bool {
    let mut count = 0;
    each(e, ["priceTotal", "SKU"], |price, sku| {
        count += u32::from(number(price, |n| n > 20.0) && !is(sku, "GFT-CARD-WRAP"));
        true
    });
    count >= 3
}

fn w09(e: &[u8], p: &[u8], trees: &Trees) -> bool {
    let of = |v: &Option<LazyValue<'_>>| v.as_ref().and_then(|v| v.as_f64()).unwrap_or(0.0);
    let found = many(e, &trees.w09_event);
    let [price, discount, shipping] = &found[..] else {
        return false;
    };
    (of(price) - of(discount)) * 1.16 + of(shipping) >= 200.0 && {
        let found = many(p, &trees.w09_profile);
        let [lifetime, average] = &found[..] else {
            return false;
        };
        of(lifetime) / of(average) > 10.0
    }
}

fn w10(_: &[u8], p: &[u8], _: &Trees) -> bool {
    let status = get(p, &["segmentMembership", "ups", SEGMENT, "status"]);
    text(status.as_ref(), |s| matches!(s, "realized" | "existing"))
}

fn w11(_: &[u8], p: &[u8], _: &Trees) -> bool {
    text(get(p, &["_id"]).as_ref(), |id| {
        bucket(id, "spring-split") < 2500
    })
}

/// The indices are those of [`W12_EVENT`] and [`W12_PROFILE`].
fn w12(e: &[u8], p: &[u8], trees: &Trees) -> bool {
    let (event, profile) = (many(e, &trees.w12_event), many(p, &trees.w12_profile));
    if event.len() != W12_EVENT.len() || profile.len() != W12_PROFILE.len() {
        return false;
    }
    let (e, p) = (
        |ix: usize| event[ix].as_ref(),
        |ix: usize| profile[ix].as_ref(),
    );
    let flag = |value: Option<&LazyValue<'_>>| value.and_then(|v| v.as_bool());
    (is(e(0), "commerce.purchases")
        && is(e(1), "USD")
        && (number(e(2), |n| n > 500.5) || number(e(2), |n| n > 100.5)))
        && (is(e(3), "checkout")
            && flag(e(4)) == Some(false)
            && (is(e(5), "external") || is(e(5), "internal")))
        && (is(e(6), "mobile")
            && number(e(7), |n| n > 1000.0)
            && (is(e(8), "Samsung") || is(e(8), "Apple")))
        && (is(e(9), "iOS")
            && flag(e(10)) == Some(true)
            && (number(e(11), |n| n > 800.0) || number(e(11), |n| n < 800.0)))
        && (is(e(12), "MX")
            && number(e(13), |n| n > 14.5)
            && (number(e(13), |n| n > 32.7) || number(e(14), |n| n < -86.7)))
        && (is(e(15), "nl-2026-04")
            && number(e(16), |n| n < 30.5)
            && (is(e(17), "standard") || is(e(17), "express")))
        && (!is(p(0), "male")
            && number(p(1), |n| n < 2008.0)
            && (is(p(2), "single") || is(p(3), "MX")))
        && (is(p(4), "active") && is(p(5), "y") && (is(p(6), "y") || !is(p(7), "y")))
        && (is(p(8), "gold")
            && number(p(9), |n| n > 10_000.0)
            && (is(p(10), "Basecamp") || is(p(11), "active")))
        && (number(p(12), |n| n > 1000.5)
            && number(p(13), |n| n > 5.0)
            && (number(p(14), |n| n > 0.75) || number(p(15), |n| n > 0.25)))
}
