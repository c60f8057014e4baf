//! Instants, dates and ages.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a text that is parsed in a condition (dates are parsed with the
//! document); now as a constant of the compiler's.

use super::Condition;
use crate::calendar::{DAY, Date, HOUR, day_of_week, hour, plus_months, within_last};
use crate::words::{first, has};
use journey_machine::time::Zone;

/// Whether two instants are there and something holds of them.
#[inline]
fn both(a: Option<i64>, b: Option<i64>, holds: impl FnOnce(i64, i64) -> bool) -> bool {
    a.is_some_and(|a| b.is_some_and(|b| holds(a, b)))
}

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c30-window-72h",
        journey: r#"event.timestamp >= now() - 72h and event.timestamp <= now()"#,
        by_hand: |event, _, now| {
            event
                .timestamp
                .is_some_and(|at| within_last(at, 72 * HOUR, now))
        },
    },
    Condition {
        id: "c31-points-expire",
        journey: r#"profile.loyalty.pointsExpirationDate.inNextMonths(9)
            and profile.loyalty.points >= 5000"#,
        by_hand: |_, profile, now| {
            let expire = profile.loyalty.points_expire;
            expire.is_some_and(|at| now <= at && at <= plus_months(now, 9))
                && profile.loyalty.points.is_some_and(|points| points >= 5000)
        },
    },
    Condition {
        id: "c32-local-hour",
        journey: r#"event.timestamp.updateTimeZone(profile.timeZone ?? "UTC")
            .toDateTimeOnly().hour() in 8..20"#,
        // Zones are the machine's own: the data base of zones is nobody's to write by hand.
        by_hand: |event, profile, _| {
            event.timestamp.is_some_and(|at| {
                let zone = Zone::get(profile.time_zone.as_deref().unwrap_or("UTC"));
                let local = zone.and_then(|zone| zone.local(at));
                local.is_some_and(|local| (8..=20).contains(&hour(local)))
            })
        },
    },
    Condition {
        id: "c33-weekend",
        journey: r#"event.timestamp.dayOfWeek() in [1, 7] or event.timestamp.hour() >= 18"#,
        by_hand: |event, _, _| {
            let late = |at: i64| matches!(day_of_week(at), 1 | 7) || hour(at) >= 18;
            event.timestamp.is_some_and(late)
        },
    },
    Condition {
        id: "c34-age",
        journey: r#"now().year() - profile.person.birthYear >= 18
            and now().year() - profile.person.birthYear < 65"#,
        by_hand: |_, profile, now| {
            let age = |year: i64| Date::of(now).year - year;
            let born = profile.person.birth_year;
            born.is_some_and(|year| (18..65).contains(&age(year)))
        },
    },
    Condition {
        id: "c35-birthday-month",
        journey: r#"profile.person.birthDayAndMonth.substr(0, 2).toInteger() == now().month() + 1"#,
        by_hand: |_, profile, now| {
            has(&profile.person.birth_day_and_month, |day| {
                first(day, 2).parse() == Ok(Date::of(now).month + 1)
            })
        },
    },
    Condition {
        id: "c36-lapsed",
        journey: r#"now() - profile.metrics.lastPurchaseDate > 480h
            and dateDiff(now(), profile.metrics.lastPurchaseDate) / 86400000 < 60"#,
        by_hand: |_, profile, now| {
            let lapsed = |at: i64| now - at > 480 * HOUR && (now - at) / DAY < 60;
            profile.metrics.last_purchase.is_some_and(lapsed)
        },
    },
    Condition {
        id: "c37-after-upgrade",
        journey: r#"event.commerce.order.createdDate > profile.loyalty.upgradeDate
            and event.timestamp - event.commerce.order.createdDate < 5m"#,
        by_hand: |event, profile, _| {
            let created = event.commerce.order.created_date;
            both(created, profile.loyalty.upgraded, |created, upgraded| {
                created > upgraded
            }) && both(event.timestamp, created, |at, created| {
                at - created < 5 * HOUR / 60
            })
        },
    },
    Condition {
        id: "c74-yearsbetween",
        journey: r#"yearsBetween(profile.birthDate, toDateOnly(now())) >= 18"#,
        by_hand: |_, profile, now| {
            profile.birth_date.is_some_and(|born| {
                let today = Date::of(now);
                let ahead = (today.month, today.day) < (born.month, born.day);
                today.year - born.year - i64::from(ahead) >= 18
            })
        },
    },
    Condition {
        id: "c75-hour-local",
        journey: r#"event.placeContext.localTime.toDateTimeOnly().hour() in 6..11
            or event.placeContext.localTime.toDateOnly() == profile.loyalty.joinDate.toDateOnly()"#,
        by_hand: |event, profile, _| {
            let day = |clock: i64| clock.div_euclid(DAY);
            event.place_context.local_time.is_some_and(|local| {
                let joined = profile.loyalty.joined;
                (6..=11).contains(&hour(local.clock))
                    || joined.is_some_and(|joined| day(joined.clock) == day(local.clock))
            })
        },
    },
    Condition {
        id: "c79-month-window",
        journey: r#"event.timestamp.inLastMonths(1) and profile.loyalty.joinDate.inLastYears(1)
            and not profile.loyalty.upgradeDate.inLastDays(30)"#,
        by_hand: |event, profile, now| {
            let since = |at: i64, months: i64| plus_months(now, -months) <= at && at <= now;
            let (joined, upgraded) = (profile.loyalty.joined, profile.loyalty.upgraded);
            event.timestamp.is_some_and(|at| since(at, 1))
                && joined.is_some_and(|joined| since(joined.ms, 12))
                && upgraded.is_some_and(|at| !within_last(at, 30 * DAY, now))
        },
    },
    Condition {
        id: "c96-today",
        journey: r#"profile.person.birthDayAndMonth == toDateOnly(now()).toString().substr(5)"#,
        by_hand: |_, profile, now| {
            has(&profile.person.birth_day_and_month, |day| {
                let today = Date::of(now);
                let digits = |number: i64| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
                let ([m, n], [d, e]) = (digits(today.month), digits(today.day));
                day.as_bytes() == [m, n, b'-', d, e]
            })
        },
    },
    Condition {
        id: "d04-calendar-90d",
        journey: r#"profile.metrics.lastPurchaseDate >= now() - 90d
            and profile.metrics.lastPurchaseDate < now() - 1d"#,
        by_hand: |_, profile, now| {
            let bought = profile.metrics.last_purchase;
            bought.is_some_and(|at| at >= now - 90 * DAY && at < now - DAY)
        },
    },
    Condition {
        id: "d06-hours",
        journey: r#"event.timestamp.inLastHours(72)
            and not profile.consents.marketing.push.time.inLastHours(24)"#,
        by_hand: |event, profile, now| {
            let said = profile.consents.marketing.push.time;
            event
                .timestamp
                .is_some_and(|at| within_last(at, 72 * HOUR, now))
                && said.is_some_and(|at| !within_last(at, 24 * HOUR, now))
        },
    },
];
