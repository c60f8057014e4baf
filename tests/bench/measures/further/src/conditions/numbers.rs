//! Arithmetic, rounding, coordinates.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a division by zero that has a value.

use super::Condition;

/// Whether two numbers are there and something holds of them.
#[inline]
fn both<A, B>(a: Option<A>, b: Option<B>, holds: impl FnOnce(A, B) -> bool) -> bool {
    a.is_some_and(|a| b.is_some_and(|b| holds(a, b)))
}

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c38-near-flat",
        journey: r#"(event.placeContext.geo._schema.latitude
                - profile.homeAddress._schema.latitude) * 111.2
            * ((event.placeContext.geo._schema.latitude
                - profile.homeAddress._schema.latitude) * 111.2)
            + (event.placeContext.geo._schema.longitude
                - profile.homeAddress._schema.longitude) * 104.9
            * ((event.placeContext.geo._schema.longitude
                - profile.homeAddress._schema.longitude) * 104.9)
            < 25.0"#,
        by_hand: |event, profile, _| {
            let (here, home) = (&event.place_context.geo.point, &profile.home_address.point);
            both(here.latitude, home.latitude, |here_north, home_north| {
                both(here.longitude, home.longitude, |here_east, home_east| {
                    let north = (here_north - home_north) * 111.2;
                    let east = (here_east - home_east) * 104.9;
                    north * north + east * east < 25.0
                })
            })
        },
    },
    Condition {
        id: "c39-box",
        journey: r#"event.placeContext.geo._schema.latitude >= 19.0
            and event.placeContext.geo._schema.latitude <= 20.0
            and event.placeContext.geo._schema.longitude >= -99.5
            and event.placeContext.geo._schema.longitude <= -98.9"#,
        by_hand: |event, _, _| {
            let point = &event.place_context.geo.point;
            both(point.latitude, point.longitude, |north, east| {
                (19.0..=20.0).contains(&north) && (-99.5..=-98.9).contains(&east)
            })
        },
    },
    Condition {
        id: "c40-points-per-order",
        journey: r#"profile.loyalty.points / profile.metrics.orderCount >= 1000
            and profile.loyalty.points % 50 == 0"#,
        by_hand: |_, profile, _| {
            let (points, orders) = (profile.loyalty.points, profile.metrics.order_count);
            both(points, orders, |points, orders| {
                points.checked_div(orders).is_some_and(|each| each >= 1000) && points % 50 == 0
            })
        },
    },
    Condition {
        id: "c41-discount-percent",
        journey: r#"event.commerce.order.discountAmount
            / (event.commerce.order.priceTotal + event.commerce.order.discountAmount)
            * 100.0 >= 9.0"#,
        by_hand: |event, _, _| {
            let order = &event.commerce.order;
            both(
                order.discount_amount,
                order.price_total,
                |discount, total| {
                    let before = total + discount;
                    before != 0.0 && discount / before * 100.0 >= 9.0
                },
            )
        },
    },
    Condition {
        id: "c42-rounding",
        journey: r#"round(event.commerce.order.priceTotal * 8.0) / 100.0 >= 19.9
            and floor(event.commerce.order.taxAmount) == 34
            and ceil(profile.metrics.churnScore * 10.0) <= 2"#,
        // A conversion to an integer stays at the last one, as the language's does.
        by_hand: |event, profile, _| {
            let order = &event.commerce.order;
            let rounded = |number: f64| (number + 0.5).floor() as i64;
            let total = order.price_total.map(|total| rounded(total * 8.0));
            total.is_some_and(|total| total as f64 / 100.0 >= 19.9)
                && order.tax_amount.is_some_and(|tax| tax.floor() as i64 == 34)
                && profile
                    .metrics
                    .churn_score
                    .is_some_and(|score| (score * 10.0).ceil() as i64 <= 2)
        },
    },
    Condition {
        id: "c95-text-number",
        journey: r#"toDecimal(profile.attributes["shoeSize"]) >= 40
            and toInteger(profile.attributes["shoeSize"]) <= 46"#,
        by_hand: |_, profile, _| {
            let size = profile
                .attributes
                .get("shoeSize")
                .and_then(Option::as_deref);
            size.is_some_and(|size| {
                size.parse().is_ok_and(|size: f64| size >= 40.0)
                    && size.parse().is_ok_and(|size: i64| size <= 46)
            })
        },
    },
    Condition {
        id: "d05-range",
        journey: r#"event.commerce.order.priceTotal in 100..300
            and profile.loyalty.points in 10000..20000"#,
        by_hand: |event, profile, _| {
            let total = event.commerce.order.price_total;
            total.is_some_and(|total| (100.0..=300.0).contains(&total))
                && matches!(profile.loyalty.points, Some(10_000..=20_000))
        },
    },
];
