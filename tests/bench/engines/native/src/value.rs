//! `serde_json::Value`, walked by hand.
//!
//! Comes in: documents. Goes out: decisions. Never true here: a panic on a field that is missing; indexing gives null.

use bench_core::Engine;
use bench_core::host::{bucket, in_last_days};
use bench_core::typed::conditions::{SEGMENT, condition, ends_with_ignoring_case};
use serde_json::Value;

pub type Condition = fn(&Value, &Value) -> bool;

const CONDITIONS: [Condition; 12] = [w01, w02, w03, w04, w05, w06, w07, w08, w09, w10, w11, w12];

pub struct Values;

fn parse(json: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(json).map_err(|e| e.to_string())
}

impl Engine for Values {
    type Program = Condition;
    type Context = (Value, Value);

    fn compile(&mut self, id: &str, _: &str) -> Result<Condition, String> {
        condition(&CONDITIONS, id)
    }

    fn context(&mut self, event: &[u8], profile: &[u8]) -> Result<(Value, Value), String> {
        Ok((parse(event)?, parse(profile)?))
    }

    fn evaluate(
        &mut self,
        condition: &mut Condition,
        (event, profile): &mut (Value, Value),
    ) -> Result<bool, String> {
        Ok(condition(event, profile))
    }
}

fn is(value: &Value, wanted: &str) -> bool {
    value.as_str() == Some(wanted)
}

fn number(value: &Value, test: impl Fn(f64) -> bool) -> bool {
    value.as_f64().is_some_and(test)
}

fn items(event: &Value) -> &[Value] {
    event["productListItems"].as_array().map_or(&[], |a| a)
}

fn w01(e: &Value, _: &Value) -> bool {
    number(&e["commerce"]["order"]["priceTotal"], |n| n > 100.0)
}

fn w02(e: &Value, p: &Value) -> bool {
    is(&e["eventType"], "commerce.purchases")
        && is(&p["consents"]["marketing"]["email"]["val"], "y")
}

fn w03(e: &Value, p: &Value) -> bool {
    let page = &e["web"]["webPageDetails"];
    let address = p["personalEmail"]["address"].as_str();
    address.is_some_and(|a| ends_with_ignoring_case(a.trim(), "@example.com"))
        && page["URL"]
            .as_str()
            .is_some_and(|u| u.contains("/checkout/"))
        && page["name"]
            .as_str()
            .is_some_and(|n| n.starts_with("Order"))
}

fn w04(_: &Value, p: &Value) -> bool {
    let loyalty = &p["loyalty"];
    let tier = loyalty["tierOverride"].as_str();
    tier.or(loyalty["tier"].as_str()).unwrap_or("none") == "gold"
        && p["workAddress"]["city"].is_null()
        && p["billingAddress"]["countryCode"].is_null()
}

fn w05(e: &Value, p: &Value) -> bool {
    let joined = p["loyalty"]["joinDate"].as_str();
    joined.is_some_and(|t| in_last_days(t, 365))
        && e["timestamp"].as_str().is_some_and(|t| in_last_days(t, 7))
}

fn w06(e: &Value, _: &Value) -> bool {
    let mut items = items(e).iter();
    items.any(|i| number(&i["priceTotal"], |n| n > 50.0) && is(&i["name"], "Trail Runner GTX"))
}

fn w07(e: &Value, _: &Value) -> bool {
    let mut items = items(e).iter();
    items.all(|i| is(&i["currencyCode"], "USD") && number(&i["quantity"], |n| n >= 1.0))
}

fn w08(e: &Value, _: &Value) -> bool {
    let items = items(e).iter();
    let counted =
        items.filter(|i| number(&i["priceTotal"], |n| n > 20.0) && !is(&i["SKU"], "GFT-CARD-WRAP"));
    counted.count() >= 3
}

fn w09(e: &Value, p: &Value) -> bool {
    let (order, shipping) = (&e["commerce"]["order"], &e["commerce"]["shipping"]);
    let of = |value: &Value| value.as_f64().unwrap_or(0.0);
    let taxed = (of(&order["priceTotal"]) - of(&order["discountAmount"])) * 1.16;
    let metrics = &p["metrics"];
    taxed + of(&shipping["shippingAmount"]) >= 200.0
        && of(&metrics["lifetimeValue"]) / of(&metrics["averageOrderValue"]) > 10.0
}

fn w10(_: &Value, p: &Value) -> bool {
    let status = p["segmentMembership"]["ups"][SEGMENT]["status"].as_str();
    matches!(status, Some("realized" | "existing"))
}

fn w11(_: &Value, p: &Value) -> bool {
    let id = p["_id"].as_str();
    id.is_some_and(|id| bucket(id, "spring-split") < 2500)
}

/// Every clause walks its path from the root, as a condition's text says it.
fn w12(e: &Value, p: &Value) -> bool {
    (is(&e["eventType"], "commerce.purchases")
        && is(&e["commerce"]["order"]["currencyCode"], "USD")
        && (number(&e["commerce"]["order"]["priceTotal"], |n| n > 500.5)
            || number(&e["commerce"]["order"]["priceTotal"], |n| n > 100.5)))
        && (is(&e["web"]["webPageDetails"]["siteSection"], "checkout")
            && e["web"]["webPageDetails"]["isErrorPage"].as_bool() == Some(false)
            && (is(&e["web"]["webReferrer"]["type"], "external")
                || is(&e["web"]["webReferrer"]["type"], "internal")))
        && (is(&e["device"]["type"], "mobile")
            && number(&e["device"]["screenWidth"], |n| n > 1000.0)
            && (is(&e["device"]["manufacturer"], "Samsung")
                || is(&e["device"]["manufacturer"], "Apple")))
        && (is(&e["environment"]["operatingSystem"], "iOS")
            && e["environment"]["browserDetails"]["cookiesEnabled"].as_bool() == Some(true)
            && (number(&e["environment"]["browserDetails"]["viewportWidth"], |n| {
                n > 800.0
            }) || number(&e["environment"]["browserDetails"]["viewportWidth"], |n| {
                n < 800.0
            })))
        && (is(&e["placeContext"]["geo"]["countryCode"], "MX")
            && number(&e["placeContext"]["geo"]["_schema"]["latitude"], |n| {
                n > 14.5
            })
            && (number(&e["placeContext"]["geo"]["_schema"]["latitude"], |n| {
                n > 32.7
            }) || number(&e["placeContext"]["geo"]["_schema"]["longitude"], |n| {
                n < -86.7
            })))
        && (is(&e["marketing"]["trackingCode"], "nl-2026-04")
            && number(&e["commerce"]["order"]["discountAmount"], |n| n < 30.5)
            && (is(&e["commerce"]["shipping"]["shippingMethod"], "standard")
                || is(&e["commerce"]["shipping"]["shippingMethod"], "express")))
        && (!is(&p["person"]["gender"], "male")
            && number(&p["person"]["birthYear"], |n| n < 2008.0)
            && (is(&p["person"]["maritalStatus"], "single")
                || is(&p["person"]["nationality"], "MX")))
        && (is(&p["personalEmail"]["status"], "active")
            && is(&p["consents"]["marketing"]["email"]["val"], "y")
            && (is(&p["consents"]["marketing"]["sms"]["val"], "y")
                || !is(&p["consents"]["marketing"]["push"]["val"], "y")))
        && (is(&p["loyalty"]["tier"], "gold")
            && number(&p["loyalty"]["points"], |n| n > 10_000.0)
            && (is(&p["loyalty"]["program"], "Basecamp") || is(&p["loyalty"]["status"], "active")))
        && (number(&p["metrics"]["lifetimeValue"], |n| n > 1000.5)
            && number(&p["metrics"]["orderCount"], |n| n > 5.0)
            && (number(&p["metrics"]["churnScore"], |n| n > 0.75)
                || number(&p["metrics"]["emailOpenRate"], |n| n > 0.25)))
}
