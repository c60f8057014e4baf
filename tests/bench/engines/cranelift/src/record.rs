//! The flat record that the machine code reads.
//!
//! Comes in: typed documents. Goes out: [`Record`], whose slots lie at offsets that the generator knows. Booleans are the numbers
//! 0 and 1. Never true here: a slot whose path is written twice; [`NUMBERS`] and [`TEXTS`] are the layout.

use bench_core::typed::{Event, Profile, Text};
use std::mem::offset_of;

type Number = (&'static str, fn(&Event<'_>, &Profile<'_>) -> f64);
type TextOf = (
    &'static str,
    for<'a> fn(&'a Event<'_>, &'a Profile<'_>) -> Option<&'a str>,
);

/// Numbers by path.
const NUMBERS: [Number; 16] = [
    ("event.commerce.order.priceTotal", |e, _| {
        e.commerce.order.price_total
    }),
    ("event.commerce.order.discountAmount", |e, _| {
        e.commerce.order.discount_amount
    }),
    ("event.commerce.shipping.shippingAmount", |e, _| {
        e.commerce.shipping.amount
    }),
    ("event.device.screenWidth", |e, _| e.device.screen_width),
    ("event.environment.browserDetails.viewportWidth", |e, _| {
        e.environment.browser.viewport_width
    }),
    ("event.environment.browserDetails.cookiesEnabled", |e, _| {
        f64::from(u8::from(e.environment.browser.cookies_enabled))
    }),
    ("event.web.webPageDetails.isErrorPage", |e, _| {
        f64::from(u8::from(e.web.page.is_error_page))
    }),
    ("event.placeContext.geo._schema.latitude", |e, _| {
        e.place_context.geo.point.latitude
    }),
    ("event.placeContext.geo._schema.longitude", |e, _| {
        e.place_context.geo.point.longitude
    }),
    ("profile.person.birthYear", |_, p| p.person.birth_year),
    ("profile.loyalty.points", |_, p| p.loyalty.points),
    ("profile.metrics.lifetimeValue", |_, p| {
        p.metrics.lifetime_value
    }),
    ("profile.metrics.averageOrderValue", |_, p| {
        p.metrics.average_order_value
    }),
    ("profile.metrics.orderCount", |_, p| p.metrics.order_count),
    ("profile.metrics.churnScore", |_, p| p.metrics.churn_score),
    ("profile.metrics.emailOpenRate", |_, p| {
        p.metrics.email_open_rate
    }),
];

/// Texts by path.
const TEXTS: [TextOf; 29] = [
    ("event.eventType", |e, _| e.event_type.as_deref()),
    ("event.timestamp", |e, _| e.timestamp.as_deref()),
    ("event.commerce.order.currencyCode", |e, _| {
        e.commerce.order.currency_code.as_deref()
    }),
    ("event.commerce.shipping.shippingMethod", |e, _| {
        e.commerce.shipping.method.as_deref()
    }),
    ("event.web.webPageDetails.URL", |e, _| {
        e.web.page.url.as_deref()
    }),
    ("event.web.webPageDetails.name", |e, _| {
        e.web.page.name.as_deref()
    }),
    ("event.web.webPageDetails.siteSection", |e, _| {
        e.web.page.site_section.as_deref()
    }),
    ("event.web.webReferrer.type", |e, _| {
        e.web.referrer.kind.as_deref()
    }),
    ("event.device.type", |e, _| e.device.kind.as_deref()),
    ("event.device.manufacturer", |e, _| {
        e.device.manufacturer.as_deref()
    }),
    ("event.environment.operatingSystem", |e, _| {
        e.environment.system.as_deref()
    }),
    ("event.placeContext.geo.countryCode", |e, _| {
        e.place_context.geo.country_code.as_deref()
    }),
    ("event.marketing.trackingCode", |e, _| {
        e.marketing.tracking_code.as_deref()
    }),
    ("profile._id", |_, p| p.id.as_deref()),
    ("profile.person.gender", |_, p| p.person.gender.as_deref()),
    ("profile.person.maritalStatus", |_, p| {
        p.person.marital_status.as_deref()
    }),
    ("profile.person.nationality", |_, p| {
        p.person.nationality.as_deref()
    }),
    ("profile.personalEmail.address", |_, p| {
        p.email.address.as_deref()
    }),
    ("profile.personalEmail.status", |_, p| {
        p.email.status.as_deref()
    }),
    ("profile.consents.marketing.email.val", |_, p| {
        p.consents.marketing.email.val.as_deref()
    }),
    ("profile.consents.marketing.sms.val", |_, p| {
        p.consents.marketing.sms.val.as_deref()
    }),
    ("profile.consents.marketing.push.val", |_, p| {
        p.consents.marketing.push.val.as_deref()
    }),
    ("profile.loyalty.tier", |_, p| p.loyalty.tier.as_deref()),
    ("profile.loyalty.tierOverride", |_, p| {
        p.loyalty.tier_override.as_deref()
    }),
    ("profile.loyalty.program", |_, p| {
        p.loyalty.program.as_deref()
    }),
    ("profile.loyalty.status", |_, p| p.loyalty.status.as_deref()),
    ("profile.loyalty.joinDate", |_, p| {
        p.loyalty.join_date.as_deref()
    }),
    ("profile.workAddress.city", |_, p| {
        p.work_address.as_ref()?.city.as_deref()
    }),
    ("profile.billingAddress.countryCode", |_, p| {
        p.billing_address.as_ref()?.country_code.as_deref()
    }),
];

/// A text: null and 0 when it is missing.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Span {
    pub at: *const u8,
    pub len: usize,
}

/// An item of the event's list.
#[repr(C)]
pub struct Item {
    pub price: f64,
    pub quantity: f64,
    pub name: Span,
    pub sku: Span,
    pub currency: Span,
}

/// Everything that the conditions read.
#[repr(C)]
pub struct Record {
    numbers: [f64; NUMBERS.len()],
    texts: [Span; TEXTS.len()],
    items: *const Item,
    count: usize,
    profile: *const Profile<'static>,
}

/// Where the pointer to the items lies.
pub const ITEMS: i32 = offset_of!(Record, items) as i32;
/// Where their number lies.
pub const COUNT: i32 = offset_of!(Record, count) as i32;
/// Where the pointer to the typed profile lies, for what is no slot: the map of segments.
pub const PROFILE: i32 = offset_of!(Record, profile) as i32;

/// Where the number of a path lies.
pub fn number(path: &str) -> Result<i32, String> {
    let slot = NUMBERS.iter().position(|(known, _)| *known == path);
    let slot = slot.ok_or(format!("there is no number {path}"))?;
    Ok((offset_of!(Record, numbers) + slot * size_of::<f64>()) as i32)
}

/// Where the text of a path lies.
pub fn text(path: &str) -> Result<i32, String> {
    let slot = TEXTS.iter().position(|(known, _)| *known == path);
    let slot = slot.ok_or(format!("there is no text {path}"))?;
    Ok((offset_of!(Record, texts) + slot * size_of::<Span>()) as i32)
}

fn span(text: Option<&str>) -> Span {
    let missing = Span {
        at: std::ptr::null(),
        len: 0,
    };
    text.map_or(missing, |text| Span {
        at: text.as_ptr(),
        len: text.len(),
    })
}

/// The record of two documents. It points into them and into `items`; all three must outlive it.
#[inline]
pub fn fill(event: &Event<'_>, profile: &Profile<'_>, items: &mut Vec<Item>) -> Record {
    let text = |text: &Option<Text<'_>>| span(text.as_deref());
    items.clear();
    items.extend(event.items.iter().map(|item| Item {
        price: item.price_total,
        quantity: item.quantity,
        name: text(&item.name),
        sku: text(&item.sku),
        currency: text(&item.currency_code),
    }));
    Record {
        numbers: NUMBERS.map(|(_, of)| of(event, profile)),
        texts: TEXTS.map(|(_, of)| span(of(event, profile))),
        items: items.as_ptr(),
        count: items.len(),
        profile: std::ptr::from_ref(profile).cast(),
    }
}
