//! Lists that are filtered, mapped, put in order, and asked then.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a list that is made by hand where an iterator does.

use super::Condition;
use crate::calendar::{DAY, within_last};
use crate::words::{all, any, distinct, has, is, items, lower_ends_with, present, same, sum};

/// As many numbers in order as a short list has without asking for memory.
const SHORT: usize = 32;

/// Numbers in ascending order, at a place.
#[inline]
fn in_order(numbers: impl Iterator<Item = f64> + Clone, at: usize) -> Option<f64> {
    let (mut short, mut long) = ([0.0; SHORT], Vec::new());
    let mut count = 0;
    for (place, number) in short.iter_mut().zip(numbers.clone()) {
        *place = number;
        count += 1;
    }
    let sorted = match numbers.clone().nth(SHORT) {
        None => &mut short[..count],
        Some(_) => {
            long.extend(numbers);
            &mut long[..]
        }
    };
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(at).copied()
}

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c07-top3",
        journey: r#"event.productListItems.sortBy(i => i.priceTotal, false).limit(3)
            .sum(i => i.priceTotal) > 200"#,
        by_hand: |event, _, _| {
            let mut top = [f64::NEG_INFINITY; 3];
            for price in present(&event.items).filter_map(|item| item.price_total) {
                if price > top[2] {
                    top[2] = price;
                    top.sort_unstable_by(|a, b| b.total_cmp(a));
                }
            }
            sum(top.into_iter().filter(|price| price.is_finite())) > 200.0
        },
    },
    Condition {
        id: "c08-distinct-currency",
        journey: r#"event.productListItems.map(i => i.currencyCode).distinctCount() == 1"#,
        by_hand: |event, _, _| {
            let mut codes = present(&event.items).filter_map(|item| item.currency_code.as_deref());
            let first = codes.next();
            first.is_some_and(|first| codes.all(|code| code == first))
        },
    },
    Condition {
        id: "c09-distinct-skus",
        journey: r#"event.productListItems.map(i => i.SKU).distinct().count() >= 4"#,
        by_hand: |event, _, _| {
            let skus = present(&event.items).filter_map(|item| item.sku.as_deref());
            distinct(skus) >= 4
        },
    },
    Condition {
        id: "c55-recent-delivered",
        journey: r#"profile.orders.filter(o =>
                o.placedAt.inLastDays(90) and o.status == "delivered")
            .countWithNull() >= 2"#,
        by_hand: |_, profile, now| {
            let recent = |at| within_last(at, 90 * DAY, now);
            let delivered = present(&profile.orders)
                .filter(|order| order.placed_at.is_some_and(recent))
                .filter(|order| is(&order.status, "delivered"));
            delivered.count() >= 2
        },
    },
    Condition {
        id: "c56-latest-order",
        journey: r#"profile.orders.sortBy(o => o.placedAt, false)[0].total > 100"#,
        by_hand: |_, profile, _| {
            let dated = present(&profile.orders).filter(|order| order.placed_at.is_some());
            let latest = dated.reduce(|latest, order| {
                if order.placed_at > latest.placed_at {
                    order
                } else {
                    latest
                }
            });
            let orders = items(&profile.orders);
            let first = latest.or_else(|| orders.first().and_then(Option::as_ref));
            first
                .and_then(|order| order.total)
                .is_some_and(|x| x > 100.0)
        },
    },
    Condition {
        id: "c63-median",
        journey: r#"event.productListItems.map(i => i.priceTotal).sort(true)
            .at(event.productListItems.countWithNull() / 2) > 20"#,
        by_hand: |event, _, _| {
            let prices = present(&event.items).filter_map(|item| item.price_total);
            let median = in_order(prices, items(&event.items).len() / 2);
            median.is_some_and(|price| price > 20.0)
        },
    },
    Condition {
        id: "c65-serialize",
        journey: r#"event.productListItems.map(i => i.SKU).serializeList(",", false)
            .contain("GFT-CARD-WRAP")"#,
        // What has no comma in it is in one of the parts.
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                has(&item.sku, |sku| sku.contains("GFT-CARD-WRAP"))
            })
        },
    },
    Condition {
        id: "c77-sort-strings",
        journey: r#"profile.interests.sort(true).first() == "climbing"
            and profile.interests.distinct().limit(3).count() == 3"#,
        by_hand: |_, profile, _| {
            let interests = present(&profile.interests).map(String::as_str);
            interests.clone().min() == Some("climbing") && distinct(interests) >= 3
        },
    },
    Condition {
        id: "c78-map-then-any",
        journey: r#"event.productListItems.map(i => i.priceTotal / i.quantity).any(u => u < 9.5)
            and event.productListItems.map(i => i.name.lower()).any(n => n.endWith("jacket"))"#,
        by_hand: |event, _, _| {
            let cheap =
                |price: f64, quantity: i64| quantity != 0 && price / (quantity as f64) < 9.5;
            any(&event.items, |item| {
                let (price, quantity) = (item.price_total, item.quantity);
                price.is_some_and(|price| quantity.is_some_and(|quantity| cheap(price, quantity)))
            }) && any(&event.items, |item| {
                has(&item.name, |name| lower_ends_with(name, "jacket"))
            })
        },
    },
    Condition {
        id: "c87-filter-all",
        journey: r#"event.productListItems.filter(i => i.priceTotal > 20)
            .all(i => i.currencyCode == "USD")"#,
        by_hand: |event, _, _| {
            let mut dear =
                present(&event.items).filter(|i| i.price_total.is_some_and(|x| x > 20.0));
            event.items.is_some() && dear.all(|item| is(&item.currency_code, "USD"))
        },
    },
    Condition {
        id: "c88-filter-map-count",
        journey: r#"event.productListItems.filter(i => i.priceTotal > 20)
            .map(i => i.SKU).count() == 3"#,
        by_hand: |event, _, _| {
            let dear = present(&event.items).filter(|i| i.price_total.is_some_and(|x| x > 20.0));
            dear.filter(|item| item.sku.is_some()).count() == 3
        },
    },
    Condition {
        id: "c89-filter-count",
        journey: r#"event.productListItems.filter(i => i.inStock == true and i.priceTotal > 20)
            .countWithNull() >= 3"#,
        by_hand: |event, _, _| {
            let stocked = present(&event.items).filter(|item| item.in_stock == Some(true));
            stocked
                .filter(|item| item.price_total.is_some_and(|price| price > 20.0))
                .count()
                >= 3
        },
    },
    Condition {
        id: "d00-all-bought",
        journey: r#"event.productListItems.map(i => i.SKU)
            .all(s => profile.orders.any(o => o.lines.any(l => l.sku == s)))"#,
        by_hand: |event, profile, _| {
            all(&event.items, |item| {
                any(&profile.orders, |order| {
                    any(&order.lines, |line| same(&line.sku, &item.sku))
                })
            })
        },
    },
];
