//! The twelve conditions as trees over the record's slots.
//!
//! Comes in: the id of a workload. Goes out: a [`Test`]. Never true here: anything that was parsed or checked.

use crate::host;
use crate::record::{Item, number, text};
use std::mem::offset_of;

/// A number.
#[derive(Clone)]
pub enum Number {
    /// A slot of the record, by offset.
    Slot(i32),
    /// A field of the item that a loop is at, by offset.
    OfItem(i32),
    Constant(f64),
    Of(Operator, Box<Number>, Box<Number>),
}

#[derive(Clone, Copy)]
pub enum Operator {
    Plus,
    Minus,
    Times,
    By,
}

#[derive(Clone, Copy)]
pub enum Comparison {
    Equal,
    Less,
    Greater,
    AtLeast,
}

/// What a called function is given.
#[derive(Clone, Copy)]
pub enum Argument {
    /// The text of a slot, by offset.
    Text(i32),
    Profile,
}

/// A condition.
#[derive(Clone)]
pub enum Test {
    Compare(Number, Comparison, Number),
    /// The text of a slot is this one.
    Is(i32, &'static str),
    /// The text of a field of the item is this one.
    ItemIs(i32, &'static str),
    Missing(i32),
    Not(Box<Test>),
    All(Vec<Test>),
    Any(Vec<Test>),
    AnyItem(Box<Test>),
    EveryItem(Box<Test>),
    /// At least so many items.
    Items(Box<Test>, i64),
    Call(host::Function, Argument, i64),
}

const PRICE: i32 = offset_of!(Item, price) as i32;
const QUANTITY: i32 = offset_of!(Item, quantity) as i32;
const NAME: i32 = offset_of!(Item, name) as i32;
const SKU: i32 = offset_of!(Item, sku) as i32;
const CURRENCY: i32 = offset_of!(Item, currency) as i32;

type Made = Result<Test, String>;

fn compare(path: &str, comparison: Comparison, constant: f64) -> Made {
    let slot = Number::Slot(number(path)?);
    Ok(Test::Compare(slot, comparison, Number::Constant(constant)))
}

fn above(path: &str, constant: f64) -> Made {
    compare(path, Comparison::Greater, constant)
}

fn below(path: &str, constant: f64) -> Made {
    compare(path, Comparison::Less, constant)
}

fn flag(path: &str, set: bool) -> Made {
    compare(path, Comparison::Equal, f64::from(u8::from(set)))
}

fn is(path: &str, wanted: &'static str) -> Made {
    Ok(Test::Is(text(path)?, wanted))
}

fn not(test: Made) -> Made {
    Ok(Test::Not(Box::new(test?)))
}

fn missing(path: &str) -> Made {
    Ok(Test::Missing(text(path)?))
}

fn all<const N: usize>(tests: [Made; N]) -> Made {
    Ok(Test::All(tests.into_iter().collect::<Result<_, _>>()?))
}

fn any<const N: usize>(tests: [Made; N]) -> Made {
    Ok(Test::Any(tests.into_iter().collect::<Result<_, _>>()?))
}

fn call(function: host::Function, path: &str, constant: i64) -> Made {
    Ok(Test::Call(function, Argument::Text(text(path)?), constant))
}

fn slot(path: &str) -> Result<Box<Number>, String> {
    Ok(Box::new(Number::Slot(number(path)?)))
}

fn of_item(field: i32, comparison: Comparison, constant: f64) -> Test {
    Test::Compare(
        Number::OfItem(field),
        comparison,
        Number::Constant(constant),
    )
}

/// The condition of a workload.
pub fn condition(id: &str) -> Made {
    match id {
        "w01" => above("event.commerce.order.priceTotal", 100.0),
        "w02" => all([
            is("event.eventType", "commerce.purchases"),
            is("profile.consents.marketing.email.val", "y"),
        ]),
        "w03" => all([
            call(host::of_domain, "profile.personalEmail.address", 0),
            call(host::in_checkout, "event.web.webPageDetails.URL", 0),
            call(host::order_page, "event.web.webPageDetails.name", 0),
        ]),
        "w04" => all([
            any([
                is("profile.loyalty.tierOverride", "gold"),
                all([
                    missing("profile.loyalty.tierOverride"),
                    is("profile.loyalty.tier", "gold"),
                ]),
            ]),
            missing("profile.workAddress.city"),
            missing("profile.billingAddress.countryCode"),
        ]),
        "w05" => all([
            call(host::recent, "profile.loyalty.joinDate", 365),
            call(host::recent, "event.timestamp", 7),
        ]),
        "w06" => Ok(Test::AnyItem(Box::new(Test::All(vec![
            of_item(PRICE, Comparison::Greater, 50.0),
            Test::ItemIs(NAME, "Trail Runner GTX"),
        ])))),
        "w07" => Ok(Test::EveryItem(Box::new(Test::All(vec![
            Test::ItemIs(CURRENCY, "USD"),
            of_item(QUANTITY, Comparison::AtLeast, 1.0),
        ])))),
        "w08" => {
            let counted = Test::All(vec![
                of_item(PRICE, Comparison::Greater, 20.0),
                Test::Not(Box::new(Test::ItemIs(SKU, "GFT-CARD-WRAP"))),
            ]);
            Ok(Test::Items(Box::new(counted), 3))
        }
        "w09" => arithmetic(),
        "w10" => Ok(Test::Call(host::in_segment, Argument::Profile, 0)),
        "w11" => call(host::bucket_below, "profile._id", 2500),
        "w12" => forty(),
        _ => Err(format!("there is no workload {id}")),
    }
}

fn arithmetic() -> Made {
    let of = |operator, a, b| Box::new(Number::Of(operator, a, b));
    let net = of(
        Operator::Minus,
        slot("event.commerce.order.priceTotal")?,
        slot("event.commerce.order.discountAmount")?,
    );
    let taxed = of(Operator::Times, net, Box::new(Number::Constant(1.16)));
    let shipped = Number::Of(
        Operator::Plus,
        taxed,
        slot("event.commerce.shipping.shippingAmount")?,
    );
    let orders = Number::Of(
        Operator::By,
        slot("profile.metrics.lifetimeValue")?,
        slot("profile.metrics.averageOrderValue")?,
    );
    Ok(Test::All(vec![
        Test::Compare(shipped, Comparison::AtLeast, Number::Constant(200.0)),
        Test::Compare(orders, Comparison::Greater, Number::Constant(10.0)),
    ]))
}

/// Ten groups: `a and b and (c or d)`.
fn forty() -> Made {
    let group = |a, b, c, d| all([a, b, any([c, d])]);
    all([
        group(
            is("event.eventType", "commerce.purchases"),
            is("event.commerce.order.currencyCode", "USD"),
            above("event.commerce.order.priceTotal", 500.5),
            above("event.commerce.order.priceTotal", 100.5),
        ),
        group(
            is("event.web.webPageDetails.siteSection", "checkout"),
            flag("event.web.webPageDetails.isErrorPage", false),
            is("event.web.webReferrer.type", "external"),
            is("event.web.webReferrer.type", "internal"),
        ),
        group(
            is("event.device.type", "mobile"),
            above("event.device.screenWidth", 1000.0),
            is("event.device.manufacturer", "Samsung"),
            is("event.device.manufacturer", "Apple"),
        ),
        group(
            is("event.environment.operatingSystem", "iOS"),
            flag("event.environment.browserDetails.cookiesEnabled", true),
            above("event.environment.browserDetails.viewportWidth", 800.0),
            below("event.environment.browserDetails.viewportWidth", 800.0),
        ),
        group(
            is("event.placeContext.geo.countryCode", "MX"),
            above("event.placeContext.geo._schema.latitude", 14.5),
            above("event.placeContext.geo._schema.latitude", 32.7),
            below("event.placeContext.geo._schema.longitude", -86.7),
        ),
        group(
            is("event.marketing.trackingCode", "nl-2026-04"),
            below("event.commerce.order.discountAmount", 30.5),
            is("event.commerce.shipping.shippingMethod", "standard"),
            is("event.commerce.shipping.shippingMethod", "express"),
        ),
        group(
            not(is("profile.person.gender", "male")),
            below("profile.person.birthYear", 2008.0),
            is("profile.person.maritalStatus", "single"),
            is("profile.person.nationality", "MX"),
        ),
        group(
            is("profile.personalEmail.status", "active"),
            is("profile.consents.marketing.email.val", "y"),
            is("profile.consents.marketing.sms.val", "y"),
            not(is("profile.consents.marketing.push.val", "y")),
        ),
        group(
            is("profile.loyalty.tier", "gold"),
            above("profile.loyalty.points", 10_000.0),
            is("profile.loyalty.program", "Basecamp"),
            is("profile.loyalty.status", "active"),
        ),
        group(
            above("profile.metrics.lifetimeValue", 1000.5),
            above("profile.metrics.orderCount", 5.0),
            above("profile.metrics.churnScore", 0.75),
            above("profile.metrics.emailOpenRate", 0.25),
        ),
    ])
}
