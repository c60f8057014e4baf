//! Maps: by key, their keys, their values.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a key that is none because the value behind it is missing.

use super::Condition;
use crate::calendar::{DAY, within_last};
use crate::documents::profile::{Profile, Segment};
use crate::documents::{Identity, Map};
use crate::words::{has, is, is_not, lower, same, same_caseless};
use bench_core::host::bucket;

const FIRST: &str = "0a5f3c1e-77c2-4a6e-9e5d-2b8f6d0c4e11";
const SECOND: &str = "c4d5e6f7-0a1b-4c2d-8e3f-4a5b6c7d8e9f";
const THIRD: &str = "3b1c9d4e-8a2f-4c7d-b6e5-90f1a2b3c4d5";
const NOBODYS: &str = "ffffffff-0000-4c2d-8e3f-4a5b6c7d8e9f";

/// The value behind a key.
#[inline]
fn at<'a, T>(map: &'a Map<T>, key: &str) -> Option<&'a T> {
    map.get(key)?.as_ref()
}

/// A profile's segments.
#[inline]
fn segments(profile: &Profile) -> Option<&Map<Segment>> {
    at(&profile.segments, "ups")
}

/// One of them.
#[inline]
fn segment<'a>(profile: &'a Profile, id: &str) -> Option<&'a Segment> {
    at(segments(profile)?, id)
}

/// Whether somebody is in a segment.
#[inline]
fn member(segment: &Segment) -> bool {
    has(&segment.status, |s| matches!(s, "realized" | "existing"))
}

/// Who somebody is in a namespace.
#[inline]
fn identities<'a>(
    map: &'a Map<Vec<Option<Identity>>>,
    namespace: &str,
) -> impl Iterator<Item = &'a Identity> + Clone {
    let list = at(map, namespace).map(Vec::as_slice);
    list.unwrap_or_default().iter().filter_map(Option::as_ref)
}

/// The first that somebody is in a namespace.
#[inline]
fn first_identity<'a>(
    map: &'a Map<Vec<Option<Identity>>>,
    namespace: &str,
) -> Option<&'a Identity> {
    at(map, namespace)?.first()?.as_ref()
}

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c23-channel-map",
        journey: r#"profile.optInOut._channels["https://ns.adobe.com/xdm/channels/email"] == "in"
            and not (profile.optInOut.globalOptout ?? false)"#,
        by_hand: |_, profile, _| {
            let opted = &profile.opted;
            let email = at(&opted.channels, "https://ns.adobe.com/xdm/channels/email");
            email.is_some_and(|said| said == "in") && !opted.out.unwrap_or(false)
        },
    },
    Condition {
        id: "c24-values",
        journey: r#"profile.optInOut._channels.values().count(v => v == "in") >= 1"#,
        by_hand: |_, profile, _| {
            let said = profile.opted.channels.values();
            said.filter(|said| is(said, "in")).count() >= 1
        },
    },
    Condition {
        id: "c25-identity-state",
        journey: r#"event.identityMap["ECID"].any(x =>
                x.primary == true and x.authenticatedState != "loggedOut")
            or event.identityMap["Email"].any(x => x.authenticatedState == "authenticated")"#,
        by_hand: |event, _, _| {
            identities(&event.identity_map, "ECID").any(|who| {
                who.primary == Some(true) && is_not(&who.authenticated_state, "loggedOut")
            }) || identities(&event.identity_map, "Email")
                .any(|who| is(&who.authenticated_state, "authenticated"))
        },
    },
    Condition {
        id: "c26-identity-cross",
        journey: r#"event.identityMap["ECID"].any(a =>
            profile.identityMap["ECID"].any(b => a.id == b.id))"#,
        by_hand: |event, profile, _| {
            let known = identities(&profile.identity_map, "ECID");
            identities(&event.identity_map, "ECID")
                .any(|a| known.clone().any(|b| same(&a.id, &b.id)))
        },
    },
    Condition {
        id: "c27-segments-count",
        journey: r#"profile.segmentMembership["ups"].values()
            .count(s => s.status in ["realized", "existing"]) >= 2"#,
        by_hand: |_, profile, _| {
            segments(profile).is_some_and(|segments| {
                let all = segments.values().flatten();
                all.filter(|segment| member(segment)).count() >= 2
            })
        },
    },
    Condition {
        id: "c28-three-segments",
        journey: r#"profile.segmentMembership["ups"]["0a5f3c1e-77c2-4a6e-9e5d-2b8f6d0c4e11"].status
                in ["realized", "existing"]
            and profile.segmentMembership["ups"]["c4d5e6f7-0a1b-4c2d-8e3f-4a5b6c7d8e9f"].status
                in ["realized", "existing"]
            and (profile.segmentMembership["ups"]["3b1c9d4e-8a2f-4c7d-b6e5-90f1a2b3c4d5"].status
                ?? "exited") == "exited""#,
        by_hand: |_, profile, _| {
            let third = segment(profile, THIRD).and_then(|third| third.status.as_deref());
            segment(profile, FIRST).is_some_and(member)
                && segment(profile, SECOND).is_some_and(member)
                && third.unwrap_or("exited") == "exited"
        },
    },
    Condition {
        id: "c29-segment-age",
        journey: r#"profile.segmentMembership["ups"]["0a5f3c1e-77c2-4a6e-9e5d-2b8f6d0c4e11"]
            .lastQualificationTime.inLastDays(7)"#,
        by_hand: |_, profile, now| {
            let qualified = segment(profile, FIRST).and_then(|segment| segment.qualified);
            qualified.is_some_and(|at| within_last(at, 7 * DAY, now))
        },
    },
    Condition {
        id: "c59-bucket-list",
        journey: r#"bucket(profile.identityMap["Email"].first().id.lower(), "holdout-2026")
            in 500..9999"#,
        by_hand: |_, profile, _| {
            first_identity(&profile.identity_map, "Email").is_some_and(|who| {
                has(&who.id, |id| {
                    (500..=9999).contains(&bucket(&lower(id), "holdout-2026"))
                })
            })
        },
    },
    Condition {
        id: "c66-keys",
        journey: r#""CRMID" in profile.identityMap.keys()
            and profile.identityMap["Phone"] is missing"#,
        by_hand: |_, profile, _| {
            let map = &profile.identity_map;
            map.contains_key("CRMID") && at(map, "Phone").is_none()
        },
    },
    Condition {
        id: "c70-attribute-map",
        journey: r#"profile.attributes["shirtSize"] in ["M", "L"]
            and profile.counters["emailsClicked"] * 100 / profile.counters["emailsOpened"] >= 20
            and (profile.attributes["vip"] ?? "no") != "yes""#,
        by_hand: |_, profile, _| {
            let (attributes, counters) = (&profile.attributes, &profile.counters);
            let clicked = at(counters, "emailsClicked");
            let opened = at(counters, "emailsOpened");
            let share = clicked.and_then(|clicked| (clicked * 100).checked_div(opened.copied()?));
            let vip = at(attributes, "vip").map(String::as_str);
            at(attributes, "shirtSize").is_some_and(|size| matches!(&**size, "M" | "L"))
                && share.is_some_and(|share| share >= 20)
                && vip != Some("yes")
        },
    },
    Condition {
        id: "c71-counter-values",
        journey: r#"profile.counters.values().sum() > 100
            and profile.counters.values().max() <= 60"#,
        by_hand: |_, profile, _| {
            let values = profile.counters.values().flatten();
            values.clone().sum::<i64>() > 100 && values.max().is_some_and(|most| *most <= 60)
        },
    },
    Condition {
        id: "c73-ci-paths",
        journey: r#"profile.personalEmail.address.trim()
            .equalIgnoreCase(event.identityMap["Email"].first().id)"#,
        by_hand: |event, profile, _| {
            has(&profile.email.address, |address| {
                first_identity(&event.identity_map, "Email")
                    .is_some_and(|who| has(&who.id, |id| same_caseless(address.trim(), id)))
            })
        },
    },
    Condition {
        id: "c80-concat-key",
        journey: r#"profile.segmentMembership["ups"].keys().count(k => k in [
            "0a5f3c1e-77c2-4a6e-9e5d-2b8f6d0c4e11", "c4d5e6f7-0a1b-4c2d-8e3f-4a5b6c7d8e9f",
            "ffffffff-0000-4c2d-8e3f-4a5b6c7d8e9f"]) >= 2"#,
        by_hand: |_, profile, _| {
            segments(profile).is_some_and(|segments| {
                let wanted = [FIRST, SECOND, NOBODYS].into_iter();
                wanted.filter(|id| segments.contains_key(*id)).count() >= 2
            })
        },
    },
    Condition {
        id: "d03-dynamic-key",
        journey: r#"profile.attributes["{event.marketing.campaignGroup}Topic"] == "outdoor"
            or profile.attributes[event.commerce.cart.cartSource] is missing"#,
        by_hand: |event, profile, _| {
            let attributes = &profile.attributes;
            has(&event.marketing.campaign_group, |group| {
                // A few entries looked at instead of a key that is made.
                attributes.iter().any(|(key, value)| {
                    key.strip_suffix("Topic") == Some(group) && is(value, "outdoor")
                })
            }) || {
                let source = event.commerce.cart.source.as_deref();
                source.and_then(|source| at(attributes, source)).is_none()
            }
        },
    },
];
