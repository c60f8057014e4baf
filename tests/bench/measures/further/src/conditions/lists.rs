//! Any, all, count, find, first and last over lists.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a list that has to be made.

use super::Condition;
use crate::calendar::{DAY, within_last};
use crate::words::{all, any, contains, has, is, items, present, same, starts_caseless, sum};

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c01-nested-any",
        journey: r#"event.productListItems.any(i =>
            i.priceTotal >= 50 and i.productCategories.any(c => c.categoryID == "outdoor-shoes"))"#,
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                item.price_total.is_some_and(|price| price >= 50.0)
                    && any(&item.categories, |category| {
                        is(&category.id, "outdoor-shoes")
                    })
            })
        },
    },
    Condition {
        id: "c02-all-of-any",
        journey: r#"event.productListItems.all(i => i.productCategories.any(c =>
            c.categoryID.startWith("outdoor-") or c.categoryID in ["hydration", "services"]))"#,
        by_hand: |event, _, _| {
            all(&event.items, |item| {
                any(&item.categories, |category| {
                    has(&category.id, |id| {
                        id.starts_with("outdoor-") || matches!(id, "hydration" | "services")
                    })
                })
            })
        },
    },
    Condition {
        id: "c52-payments",
        journey: r#"event.commerce.order.payments.first().paymentType in ["credit_card", "paypal"]
            and event.commerce.order.payments.sum(p => p.paymentAmount)
                >= event.commerce.order.priceTotal - 0.005"#,
        by_hand: |event, _, _| {
            let order = &event.commerce.order;
            let first = items(&order.payments).first().and_then(Option::as_ref);
            let card = |kind: &str| matches!(kind, "credit_card" | "paypal");
            let amounts = present(&order.payments).filter_map(|payment| payment.payment_amount);
            first.is_some_and(|payment| has(&payment.payment_type, card))
                && order
                    .price_total
                    .is_some_and(|total| sum(amounts) >= total - 0.005)
        },
    },
    Condition {
        id: "c53-find",
        journey: r#"event.productListItems.find(i => i.name.contain("Runner")).priceTotal > 50"#,
        by_hand: |event, _, _| {
            let runner =
                present(&event.items).find(|item| has(&item.name, |n| n.contains("Runner")));
            let price = runner.and_then(|item| item.price_total);
            price.is_some_and(|price| price > 50.0)
        },
    },
    Condition {
        id: "c58-bought-before",
        journey: r#"event.productListItems.any(i => profile.orders.any(o =>
            o.status == "shipped" and o.lines.any(l => l.sku == i.SKU)))"#,
        by_hand: |event, profile, _| {
            any(&event.items, |item| {
                any(&profile.orders, |order| {
                    is(&order.status, "shipped")
                        && any(&order.lines, |line| same(&line.sku, &item.sku))
                })
            })
        },
    },
    Condition {
        id: "c61-tags-deep",
        journey: r#"profile.orders.any(o =>
                o.lines.any(l => "clearance" in l.tags and l.price > 20))
            and profile.orders.all(o => o.lines.all(l => l.qty <= 5))"#,
        by_hand: |_, profile, _| {
            any(&profile.orders, |order| {
                any(&order.lines, |line| {
                    contains(&line.tags, "clearance") && line.price.is_some_and(|x| x > 20.0)
                })
            }) && all(&profile.orders, |order| {
                all(&order.lines, |line| line.qty.is_some_and(|qty| qty <= 5))
            })
        },
    },
    Condition {
        id: "c62-duplicate-cat",
        journey: r#"event.productListItems.any(a => event.productListItems.count(b =>
            b.currencyCode == a.currencyCode and b.priceTotal > a.priceTotal) >= 3)"#,
        by_hand: |event, _, _| {
            any(&event.items, |a| {
                let dearer = present(&event.items).filter(|b| {
                    let (x, y) = (a.price_total, b.price_total);
                    same(&a.currency_code, &b.currency_code)
                        && x.is_some_and(|x| y.is_some_and(|y| y > x))
                });
                dearer.count() >= 3
            })
        },
    },
    Condition {
        id: "c64-last-item",
        journey: r#"event.productListItems[-1].SKU.startWithIgnoreCase("gft")
            and event.productListItems[0].quantity == 1"#,
        by_hand: |event, _, _| {
            let items = items(&event.items);
            let (last, first) = (items.last(), items.first());
            last.and_then(Option::as_ref)
                .is_some_and(|item| has(&item.sku, |sku| starts_caseless(sku, "gft")))
                && first
                    .and_then(Option::as_ref)
                    .is_some_and(|item| item.quantity == Some(1))
        },
    },
    Condition {
        id: "c98-interest-url",
        journey: r#"profile.interests.any(t => event.web.webPageDetails.URL.contain(t))"#,
        by_hand: |event, profile, _| {
            has(&event.web.page.url, |url| {
                any(&profile.interests, |interest| url.contains(&**interest))
            })
        },
    },
    Condition {
        id: "d01-last-delivered",
        journey: r#"profile.orders.last(o => o.status == "delivered").placedAt.inLastDays(90)"#,
        by_hand: |_, profile, now| {
            let delivered = present(&profile.orders).rfind(|order| is(&order.status, "delivered"));
            let placed = delivered.and_then(|order| order.placed_at);
            placed.is_some_and(|at| within_last(at, 90 * DAY, now))
        },
    },
    Condition {
        id: "d02-count-records",
        journey: r#"event.productListItems.count() >= 3 and event.productListItems.isNotEmpty()"#,
        by_hand: |event, _, _| {
            present(&event.items).count() >= 3 && !items(&event.items).is_empty()
        },
    },
];
