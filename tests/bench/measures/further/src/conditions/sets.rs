//! Membership: in constants, in other lists; sections and differences.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a set of constants that is made when it is asked.

use super::Condition;
use crate::words::{all, any, contains, distinct, has, present};

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c10-country-in-30",
        journey: r#"profile.homeAddress.countryCode in ["AT", "BE", "BG", "HR", "CY", "CZ",
            "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU", "MT",
            "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "NO", "CH", "MX"]"#,
        by_hand: |_, profile, _| {
            has(&profile.home_address.country_code, |country| {
                matches!(
                    country,
                    "AT" | "BE"
                        | "BG"
                        | "HR"
                        | "CY"
                        | "CZ"
                        | "DK"
                        | "EE"
                        | "FI"
                        | "FR"
                        | "DE"
                        | "GR"
                        | "HU"
                        | "IE"
                        | "IT"
                        | "LV"
                        | "LT"
                        | "LU"
                        | "MT"
                        | "NL"
                        | "PL"
                        | "PT"
                        | "RO"
                        | "SK"
                        | "SI"
                        | "ES"
                        | "SE"
                        | "NO"
                        | "CH"
                        | "MX"
                )
            })
        },
    },
    Condition {
        id: "c11-sku-in-24",
        journey: r#"event.productListItems.any(i => i.SKU in ["A-1", "A-2", "A-3", "A-4",
            "A-5", "A-6", "A-7", "A-8", "TNT-0001", "TNT-0002-GRN", "TNT-0003",
            "PAC-0040-BLU", "PAC-0041", "PAC-0042", "SHO-2210-BLK-42", "SHO-2211-BLK-42",
            "SHO-2212-BLK-42", "BTL-0750-STL", "BTL-0500-STL", "BTL-1000-STL", "JKT-1",
            "JKT-2", "JKT-3", "JKT-4"])"#,
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                has(&item.sku, |sku| {
                    matches!(
                        sku,
                        "A-1"
                            | "A-2"
                            | "A-3"
                            | "A-4"
                            | "A-5"
                            | "A-6"
                            | "A-7"
                            | "A-8"
                            | "TNT-0001"
                            | "TNT-0002-GRN"
                            | "TNT-0003"
                            | "PAC-0040-BLU"
                            | "PAC-0041"
                            | "PAC-0042"
                            | "SHO-2210-BLK-42"
                            | "SHO-2211-BLK-42"
                            | "SHO-2212-BLK-42"
                            | "BTL-0750-STL"
                            | "BTL-0500-STL"
                            | "BTL-1000-STL"
                            | "JKT-1"
                            | "JKT-2"
                            | "JKT-3"
                            | "JKT-4"
                    )
                })
            })
        },
    },
    Condition {
        id: "c50-intersect",
        journey: r#"profile.interests.intersect(["running", "climbing", "swimming", "cycling"])
            .count() >= 2"#,
        by_hand: |_, profile, _| {
            let sports = ["running", "climbing", "swimming", "cycling"].iter();
            sports
                .filter(|sport| contains(&profile.interests, sport))
                .count()
                >= 2
        },
    },
    Condition {
        id: "c51-in-own-list",
        journey: r#""LY-5544-9921" in profile.loyalty.loyaltyID and "hiking" in profile.interests
            and not ("golf" in profile.interests)"#,
        by_hand: |_, profile, _| {
            contains(&profile.loyalty.ids, "LY-5544-9921")
                && contains(&profile.interests, "hiking")
                && all(&profile.interests, |interest| interest != "golf")
        },
    },
    Condition {
        id: "c81-in-ints",
        journey: r#"event.device.screenWidth in [320, 360, 375, 390, 393, 412, 414, 428, 430,
            768, 810, 820, 834, 1024, 1080, 1125, 1170, 1179, 1242, 1284, 1290, 1440]
            and event.device.colorDepth in 16..32"#,
        by_hand: |event, _, _| {
            event.device.screen_width.is_some_and(|width| {
                matches!(
                    width,
                    320 | 360
                        | 375
                        | 390
                        | 393
                        | 412
                        | 414
                        | 428
                        | 430
                        | 768
                        | 810
                        | 820
                        | 834
                        | 1024
                        | 1080
                        | 1125
                        | 1170
                        | 1179
                        | 1242
                        | 1284
                        | 1290
                        | 1440
                )
            }) && matches!(event.device.color_depth, Some(16..=32))
        },
    },
    Condition {
        id: "c82-difference",
        journey: r#"event.productListItems.map(i => i.SKU)
            .differenceLists(["GFT-CARD-WRAP", "BTL-0750-STL"]).count() >= 3"#,
        by_hand: |event, _, _| {
            let skus = present(&event.items).filter_map(|item| item.sku.as_deref());
            distinct(skus.filter(|sku| !matches!(*sku, "GFT-CARD-WRAP" | "BTL-0750-STL"))) >= 3
        },
    },
    Condition {
        id: "c99-all-in",
        journey: r#"["hiking", "running", "travel"].all(t => t in profile.interests)"#,
        by_hand: |_, profile, _| {
            let mut wanted = ["hiking", "running", "travel"].iter();
            wanted.all(|interest| contains(&profile.interests, interest))
        },
    },
];
