//! Choices, many clauses, what is missing.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: something missing that is taken for a "no" where the condition says
//! that it is none.

use super::Condition;
use crate::words::{has, is, is_not, same};

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c43-coalesce",
        journey: r#"coalesce(profile.billingAddress.countryCode, profile.homeAddress.countryCode,
            profile.workAddress.countryCode, "US") == "MX""#,
        by_hand: |_, profile, _| {
            let billing = profile.billing_address.as_ref();
            let country = billing
                .and_then(|address| address.country_code.as_deref())
                .or(profile.home_address.country_code.as_deref())
                .or(profile.work_address.country_code.as_deref());
            country.unwrap_or("US") == "MX"
        },
    },
    Condition {
        id: "c44-if-rate",
        journey: r#"(if profile.loyalty.tier == "gold" then 0.15
            else if profile.loyalty.tier == "silver" then 0.1 else 0.0)
            * event.commerce.order.priceTotal > 30"#,
        by_hand: |event, profile, _| {
            let rate = match profile.loyalty.tier.as_deref() {
                Some("gold") => 0.15,
                Some("silver") => 0.1,
                _ => 0.0,
            };
            let total = event.commerce.order.price_total;
            total.is_some_and(|total| rate * total > 30.0)
        },
    },
    Condition {
        id: "c45-if-band",
        journey: r#"(if profile.loyalty.points >= 50000 then "platinum"
            else if profile.loyalty.points >= 15000 then "gold"
            else if profile.loyalty.points >= 5000 then "silver" else "basic")
            == (profile.loyalty.tier ?? "basic")"#,
        by_hand: |_, profile, _| {
            let earned = match profile.loyalty.points {
                Some(50_000..) => "platinum",
                Some(15_000..) => "gold",
                Some(5_000..) => "silver",
                _ => "basic",
            };
            earned == profile.loyalty.tier.as_deref().unwrap_or("basic")
        },
    },
    Condition {
        id: "c46-tier-rank",
        journey: r#"(if profile.loyalty.tier in ["platinum", "diamond"] then 3
            else if profile.loyalty.tier == "gold" then 2 else 1)
            >= (if event.commerce.order.priceTotal > 200 then 2 else 1)"#,
        by_hand: |event, profile, _| {
            let rank = match profile.loyalty.tier.as_deref() {
                Some("platinum" | "diamond") => 3,
                Some("gold") => 2,
                _ => 1,
            };
            let total = event.commerce.order.price_total;
            let large = total.is_some_and(|total| total > 200.0);
            rank >= if large { 2 } else { 1 }
        },
    },
    Condition {
        id: "c47-or-16",
        journey: r#"event.web.webPageDetails.siteSection == "a1"
            or event.web.webPageDetails.siteSection == "a2"
            or event.web.webPageDetails.name == "a3"
            or event.web.webPageDetails.viewName == "a4"
            or event.device.model == "a5"
            or event.device.manufacturer == "a6"
            or event.marketing.campaignGroup == "a7"
            or event.marketing.campaignName == "a8"
            or event.commerce.cart.cartSource == "a9"
            or event.commerce.shipping.shippingMethod == "b1"
            or event.environment.operatingSystem == "b2"
            or event.environment.language == "b3"
            or profile.loyalty.tier == "b4"
            or profile.loyalty.program == "b5"
            or profile.person.nationality == "b6"
            or profile.userAccount.type == "registered""#,
        by_hand: |event, profile, _| {
            let page = &event.web.page;
            is(&page.site_section, "a1")
                || is(&page.site_section, "a2")
                || is(&page.name, "a3")
                || is(&page.view_name, "a4")
                || is(&event.device.model, "a5")
                || is(&event.device.manufacturer, "a6")
                || is(&event.marketing.campaign_group, "a7")
                || is(&event.marketing.campaign_name, "a8")
                || is(&event.commerce.cart.source, "a9")
                || is(&event.commerce.shipping.method, "b1")
                || is(&event.environment.operating_system, "b2")
                || is(&event.environment.language, "b3")
                || is(&profile.loyalty.tier, "b4")
                || is(&profile.loyalty.program, "b5")
                || is(&profile.person.nationality, "b6")
                || is(&profile.account.kind, "registered")
        },
    },
    Condition {
        id: "c48-present-14",
        journey: r#"profile.person.name.firstName is present
            and profile.person.name.lastName is present
            and profile.personalEmail.address is present
            and profile.mobilePhone.number is present
            and profile.homeAddress.street1 is present
            and profile.homeAddress.city is present
            and profile.homeAddress.postalCode is present
            and profile.homeAddress.countryCode is present
            and profile.preferredLanguage is present
            and profile.timeZone is present
            and profile.loyalty.tier is present
            and profile.metrics.lifetimeValue is present
            and profile.workAddress.city is missing
            and profile.billingAddress is missing"#,
        by_hand: |_, profile, _| {
            let (name, home) = (&profile.person.name, &profile.home_address);
            name.first.is_some()
                && name.last.is_some()
                && profile.email.address.is_some()
                && profile.phone.number.is_some()
                && home.street1.is_some()
                && home.city.is_some()
                && home.postal_code.is_some()
                && home.country_code.is_some()
                && profile.preferred_language.is_some()
                && profile.time_zone.is_some()
                && profile.loyalty.tier.is_some()
                && profile.metrics.lifetime_value.is_some()
                && profile.work_address.city.is_none()
                && profile.billing_address.is_none()
        },
    },
    Condition {
        id: "c49-two-paths",
        journey: r#"event.placeContext.geo.countryCode == profile.homeAddress.countryCode
            and event.placeContext.geo.city == profile.homeAddress.city
            and event.environment.language == profile.preferredLanguage
            and profile.person.nationality != event.placeContext.geo.stateProvince"#,
        by_hand: |event, profile, _| {
            let (here, home) = (&event.place_context.geo, &profile.home_address);
            same(&here.country_code, &home.country_code)
                && same(&here.city, &home.city)
                && same(&event.environment.language, &profile.preferred_language)
                && has(&here.state_province, |state| {
                    is_not(&profile.person.nationality, state)
                })
        },
    },
    Condition {
        id: "c76-not-unknown",
        journey: r#"not (profile.consents.marketing.email.val == "n")
            and (profile.consents.marketing.sms.val is missing
                or profile.consents.marketing.sms.val in ["n", "u"])
            and (profile.consents.marketing.any.val ?? "y") != "n""#,
        by_hand: |_, profile, _| {
            let marketing = &profile.consents.marketing;
            is_not(&marketing.email.val, "n")
                && matches!(marketing.sms.val.as_deref(), None | Some("n" | "u"))
                && !is(&marketing.any.val, "n")
        },
    },
];
