//! The twelve conditions over the typed documents: what a careful programmer would write, and the 1 of every ratio.
//!
//! Comes in: an event and a profile. Goes out: a decision. Never true here: an allocation.

use super::{Event, Profile, Text};
use crate::host::{bucket, in_last_days};

/// A condition.
pub type Condition = fn(&Event<'_>, &Profile<'_>) -> bool;

/// The segment that `w10` asks for.
pub const SEGMENT: &str = "0a5f3c1e-77c2-4a6e-9e5d-2b8f6d0c4e11";

/// All twelve, in order. Each is called through its pointer, so none is optimised into the loop that times it.
pub const CONDITIONS: [Condition; 12] =
    [w01, w02, w03, w04, w05, w06, w07, w08, w09, w10, w11, w12];

/// The condition of a workload by its id.
pub fn condition<T: Copy>(all: &[T; 12], id: &str) -> Result<T, String> {
    let number = id.strip_prefix('w').and_then(|n| n.parse::<usize>().ok());
    let found = number.and_then(|n| all.get(n.checked_sub(1)?));
    found.copied().ok_or(format!("there is no workload {id}"))
}

#[inline]
fn is(text: &Option<Text<'_>>, wanted: &str) -> bool {
    text.as_deref() == Some(wanted)
}

/// Whether a text ends with another, letters of ASCII in either case.
#[inline]
pub fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    text.len() >= end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end)
}

#[inline(never)]
fn w01(e: &Event<'_>, _: &Profile<'_>) -> bool {
    e.commerce.order.price_total > 100.0
}

#[inline(never)]
fn w02(e: &Event<'_>, p: &Profile<'_>) -> bool {
    is(&e.event_type, "commerce.purchases") && is(&p.consents.marketing.email.val, "y")
}

#[inline(never)]
fn w03(e: &Event<'_>, p: &Profile<'_>) -> bool {
    let page = &e.web.page;
    let ends = |a: &Text<'_>| ends_with_ignoring_case(a.trim(), "@example.com");
    p.email.address.as_ref().is_some_and(ends)
        && page.url.as_ref().is_some_and(|u| u.contains("/checkout/"))
        && page.name.as_ref().is_some_and(|n| n.starts_with("Order"))
}

#[inline(never)]
fn w04(_: &Event<'_>, p: &Profile<'_>) -> bool {
    let (work, billing) = (p.work_address.as_ref(), p.billing_address.as_ref());
    let tier = p.loyalty.tier_override.as_deref();
    tier.or(p.loyalty.tier.as_deref()).unwrap_or("none") == "gold"
        && work.and_then(|a| a.city.as_ref()).is_none()
        && billing.and_then(|a| a.country_code.as_ref()).is_none()
}

#[inline(never)]
fn w05(e: &Event<'_>, p: &Profile<'_>) -> bool {
    let joined = p.loyalty.join_date.as_ref();
    joined.is_some_and(|t| in_last_days(t, 365))
        && e.timestamp.as_ref().is_some_and(|t| in_last_days(t, 7))
}

#[inline(never)]
fn w06(e: &Event<'_>, _: &Profile<'_>) -> bool {
    let mut items = e.items.iter();
    items.any(|i| i.price_total > 50.0 && is(&i.name, "Trail Runner GTX"))
}

#[inline(never)]
fn w07(e: &Event<'_>, _: &Profile<'_>) -> bool {
    let mut items = e.items.iter();
    items.all(|i| is(&i.currency_code, "USD") && i.quantity >= 1.0)
}

#[inline(never)]
fn w08(e: &Event<'_>, _: &Profile<'_>) -> bool {
    let items = e.items.iter();
    let counted = items.filter(|i| i.price_total > 20.0 && !is(&i.sku, "GFT-CARD-WRAP"));
    counted.count() >= 3
}

#[inline(never)]
fn w09(e: &Event<'_>, p: &Profile<'_>) -> bool {
    let (order, metrics) = (&e.commerce.order, &p.metrics);
    let taxed = (order.price_total - order.discount_amount) * 1.16;
    taxed + e.commerce.shipping.amount >= 200.0
        && metrics.lifetime_value / metrics.average_order_value > 10.0
}

#[inline(never)]
fn w10(_: &Event<'_>, p: &Profile<'_>) -> bool {
    in_segment(p)
}

/// Whether the profile is in the segment: `w10`, also for whoever has the profile alone.
#[inline]
pub fn in_segment(p: &Profile<'_>) -> bool {
    let member = p.segments.ups.get(SEGMENT);
    member.is_some_and(|m| is(&m.status, "realized") || is(&m.status, "existing"))
}

#[inline(never)]
fn w11(_: &Event<'_>, p: &Profile<'_>) -> bool {
    let id = p.id.as_ref();
    id.is_some_and(|id| bucket(id, "spring-split") < 2500)
}

/// Forty comparisons in ten groups: `a and b and (c or d)`.
#[allow(clippy::double_comparisons)] // Forty is what the workload has.
#[inline(never)]
fn w12(e: &Event<'_>, p: &Profile<'_>) -> bool {
    let (order, shipping) = (&e.commerce.order, &e.commerce.shipping);
    let (page, referrer) = (&e.web.page, &e.web.referrer);
    let (device, geo) = (&e.device, &e.place_context.geo);
    let (browser, consents) = (&e.environment.browser, &p.consents.marketing);
    (is(&e.event_type, "commerce.purchases")
        && is(&order.currency_code, "USD")
        && (order.price_total > 500.5 || order.price_total > 100.5))
        && (is(&page.site_section, "checkout")
            && !page.is_error_page
            && (is(&referrer.kind, "external") || is(&referrer.kind, "internal")))
        && (is(&device.kind, "mobile")
            && device.screen_width > 1000.0
            && (is(&device.manufacturer, "Samsung") || is(&device.manufacturer, "Apple")))
        && (is(&e.environment.system, "iOS")
            && browser.cookies_enabled
            && (browser.viewport_width > 800.0 || browser.viewport_width < 800.0))
        && (is(&geo.country_code, "MX")
            && geo.point.latitude > 14.5
            && (geo.point.latitude > 32.7 || geo.point.longitude < -86.7))
        && (is(&e.marketing.tracking_code, "nl-2026-04")
            && order.discount_amount < 30.5
            && (is(&shipping.method, "standard") || is(&shipping.method, "express")))
        && (!is(&p.person.gender, "male")
            && p.person.birth_year < 2008.0
            && (is(&p.person.marital_status, "single") || is(&p.person.nationality, "MX")))
        && (is(&p.email.status, "active")
            && is(&consents.email.val, "y")
            && (is(&consents.sms.val, "y") || !is(&consents.push.val, "y")))
        && (is(&p.loyalty.tier, "gold")
            && p.loyalty.points > 10_000.0
            && (is(&p.loyalty.program, "Basecamp") || is(&p.loyalty.status, "active")))
        && (p.metrics.lifetime_value > 1000.5
            && p.metrics.order_count > 5.0
            && (p.metrics.churn_score > 0.75 || p.metrics.email_open_rate > 0.25))
}
