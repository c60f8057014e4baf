//! Sums, means, the least and the greatest of lists.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a sum in another order than the list's.

use super::Condition;
use crate::calendar::{DAY, HOUR};
use crate::words::{any, contains, is, is_not, items, present, sum};

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c03-sum-of-filter",
        journey: r#"event.productListItems.filter(i => i.inStock == true)
            .sum(i => i.priceTotal * i.quantity) > 200"#,
        by_hand: |event, _, _| {
            let stocked = present(&event.items).filter(|item| item.in_stock == Some(true));
            sum(stocked.filter_map(|item| Some(item.price_total? * item.quantity? as f64))) > 200.0
        },
    },
    Condition {
        id: "c04-share",
        journey: r#"event.productListItems.sum(i => i.discountAmount)
            / event.productListItems.sum(i => i.priceTotal) >= 0.1"#,
        by_hand: |event, _, _| {
            let discount = sum(present(&event.items).filter_map(|item| item.discount_amount));
            let total = sum(present(&event.items).filter_map(|item| item.price_total));
            total != 0.0 && discount / total >= 0.1
        },
    },
    Condition {
        id: "c05-percent",
        journey: r#"event.productListItems.count(i => i.inStock == true) * 100
            / event.productListItems.countWithNull() >= 80"#,
        by_hand: |event, _, _| {
            let stocked = present(&event.items).filter(|item| item.in_stock == Some(true));
            let percent = (stocked.count() * 100).checked_div(items(&event.items).len());
            percent.is_some_and(|percent| percent >= 80)
        },
    },
    Condition {
        id: "c06-max",
        journey: r#"event.productListItems.max(i => i.priceTotal) > 100
            and event.productListItems.min(i => i.priceTotal) < 10"#,
        by_hand: |event, _, _| {
            let prices = present(&event.items).filter_map(|item| item.price_total);
            prices.clone().reduce(f64::max).is_some_and(|x| x > 100.0)
                && prices.reduce(f64::min).is_some_and(|x| x < 10.0)
        },
    },
    Condition {
        id: "c54-nested-sum",
        journey: r#"profile.orders.sum(o => o.lines.sum(l => l.price * l.qty)) > 300"#,
        by_hand: |_, profile, _| {
            let totals = present(&profile.orders).map(|order| {
                let lines = present(&order.lines);
                sum(lines.filter_map(|line| Some(line.price? * line.qty? as f64)))
            });
            sum(totals) > 300.0
        },
    },
    Condition {
        id: "c57-last-order-at",
        journey: r#"profile.orders.max(o => o.placedAt) > now() - 240h
            and profile.orders.filter(o => o.status != "cancelled").min(o => o.placedAt)
                < now() - 720h"#,
        by_hand: |_, profile, now| {
            let orders = present(&profile.orders);
            let kept = orders.clone().filter(|o| is_not(&o.status, "cancelled"));
            let latest = orders.filter_map(|order| order.placed_at).max();
            latest.is_some_and(|at| at > now - 240 * HOUR)
                && kept
                    .filter_map(|order| order.placed_at)
                    .min()
                    .is_some_and(|at| at < now - 30 * DAY)
        },
    },
    Condition {
        id: "c60-avg",
        journey: r#"event.productListItems.avg(i => i.priceTotal) > 40
            and profile.scores.avg() >= 40
            and profile.scores.filter(s => s > 30).count() >= 3"#,
        by_hand: |event, profile, _| {
            let mean = |(sum, count): (f64, i32)| (count > 0).then(|| sum / f64::from(count));
            let more = |(sum, count), value: f64| (sum + value, count + 1);
            let prices = present(&event.items).filter_map(|item| item.price_total);
            let scores = present(&profile.scores);
            mean(prices.fold((0.0, 0), more)).is_some_and(|mean| mean > 40.0)
                && mean(
                    scores
                        .clone()
                        .map(|score| *score as f64)
                        .fold((0.0, 0), more),
                )
                .is_some_and(|mean| mean >= 40.0)
                && scores.filter(|score| **score > 30).count() >= 3
        },
    },
    Condition {
        id: "c90-filter-map-sum",
        journey: r#"event.productListItems.filter(item => (item.quantity ?? 1) > 0)
            .map(item => item.priceTotal ?? 0.0).sum() > 100"#,
        by_hand: |event, _, _| {
            let bought = present(&event.items).filter(|item| item.quantity.unwrap_or(1) > 0);
            sum(bought.map(|item| item.price_total.unwrap_or(0.0))) > 100.0
        },
    },
    Condition {
        id: "c91-sum-if",
        journey: r#"profile.orders.sum(o =>
            if o.status == "delivered" then o.total else 0.0) > 100"#,
        by_hand: |_, profile, _| {
            let delivered = present(&profile.orders).filter(|order| is(&order.status, "delivered"));
            sum(delivered.filter_map(|order| order.total)) > 100.0
        },
    },
    Condition {
        id: "c92-share-tagged",
        journey: r#"profile.orders.filter(o => o.lines.any(l => "sale" in l.tags)).sum(o => o.total)
            / profile.orders.sum(o => o.total) * 100 >= 20"#,
        by_hand: |_, profile, _| {
            let orders = present(&profile.orders);
            let reduced = orders
                .clone()
                .filter(|order| any(&order.lines, |line| contains(&line.tags, "sale")));
            let part = sum(reduced.filter_map(|order| order.total));
            let whole = sum(orders.filter_map(|order| order.total));
            whole != 0.0 && part / whole * 100.0 >= 20.0
        },
    },
    Condition {
        id: "c93-int-sum",
        journey: r#"event.productListItems.sum(i => i.quantity) >= 5
            and event.productListItems.sum(i => i.quantity * 2) <= 20"#,
        by_hand: |event, _, _| {
            let quantities = present(&event.items).filter_map(|item| item.quantity);
            quantities.clone().fold(0, i64::saturating_add) >= 5
                && quantities
                    .map(|quantity| quantity.saturating_mul(2))
                    .fold(0, i64::saturating_add)
                    <= 20
        },
    },
    Condition {
        id: "c94-abs-diff",
        journey: r#"abs(event.commerce.order.priceTotal
            - event.productListItems.sum(i => i.priceTotal)) < 1.0"#,
        by_hand: |event, _, _| {
            let prices = present(&event.items).filter_map(|item| item.price_total);
            event.items.is_some()
                && event
                    .commerce
                    .order
                    .price_total
                    .is_some_and(|total| (total - sum(prices)).abs() < 1.0)
        },
    },
];
