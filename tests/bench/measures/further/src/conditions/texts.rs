//! Texts: parts, case, patterns, splitting.
//!
//! Comes in: nothing. Goes out: a page of conditions. Never true here: a pattern that is made when it is asked.

use super::Condition;
use crate::words::{
    any, contains_caseless, ends_caseless, first, has, length, lower, lower_is, part, present,
    same_caseless, upper_is,
};
use regex_automata::meta::Regex;
use std::sync::LazyLock;

static VERSION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(17|18)\.[0-9]+"));
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^[a-z0-9._%+-]+@example\.(com|org)$"));
static SKU: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[A-Z]{3}-\d{4}-"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

/// The page.
pub const PAGE: &[Condition] = &[
    Condition {
        id: "c12-contains-ci",
        journey: r#"event.environment.browserDetails.userAgent.containIgnoreCase("mobile/15e148")"#,
        by_hand: |event, _, _| {
            has(&event.environment.browser.user_agent, |agent| {
                contains_caseless(agent, "mobile/15e148")
            })
        },
    },
    Condition {
        id: "c13-regex-version",
        journey: r#"event.environment.operatingSystemVersion.matchRegExp('^(17|18)\.[0-9]+')"#,
        by_hand: |event, _, _| {
            has(&event.environment.operating_system_version, |version| {
                VERSION.is_match(version)
            })
        },
    },
    Condition {
        id: "c14-regex-email",
        journey: r#"profile.personalEmail.address.trim()
            .matchRegExp('(?i)^[a-z0-9._%+-]+@example\.(com|org)$')"#,
        by_hand: |_, profile, _| {
            has(&profile.email.address, |address| {
                ADDRESS.is_match(address.trim())
            })
        },
    },
    Condition {
        id: "c15-regex-in-list",
        journey: r#"event.productListItems.count(i => i.SKU.matchRegExp('^[A-Z]{3}-\d{4}-')) >= 4"#,
        by_hand: |event, _, _| {
            let matching = |sku: &str| SKU.is_match(sku);
            let known = present(&event.items).filter(|item| has(&item.sku, matching));
            known.count() >= 4
        },
    },
    Condition {
        id: "c16-accept-language",
        journey: r#"event.environment.browserDetails.acceptLanguage.split(",")[0]
            == profile.preferredLanguage"#,
        by_hand: |event, profile, _| {
            has(&event.environment.browser.accept_language, |accepted| {
                let first = part(accepted, ',', 0);
                first.is_some() && first == profile.preferred_language.as_deref()
            })
        },
    },
    Condition {
        id: "c17-email-domain",
        journey: r#"profile.personalEmail.address.trim().lower().split("@")[1]
            in ["example.com", "example.org", "example.net"]"#,
        by_hand: |_, profile, _| {
            has(&profile.email.address, |address| {
                part(address.trim(), '@', 1).is_some_and(|domain| {
                    let mut known = ["example.com", "example.org", "example.net"].iter();
                    known.any(|known| lower_is(domain, known))
                })
            })
        },
    },
    Condition {
        id: "c18-language-part",
        journey: r#"profile.preferredLanguage.substr(0, 2)
            == event.environment.language.substr(0, 2)"#,
        by_hand: |event, profile, _| {
            has(&profile.preferred_language, |a| {
                has(&event.environment.language, |b| first(a, 2) == first(b, 2))
            })
        },
    },
    Condition {
        id: "c19-utm",
        journey: r#"event.web.webPageDetails.URL.contain("utm_source=newsletter")
            and event.web.webPageDetails.URL.indexOf("?") > 20
            and not event.web.webReferrer.URL.startWith("https://www.google.")"#,
        by_hand: |event, _, _| {
            has(&event.web.page.url, |url| {
                url.contains("utm_source=newsletter")
                    && url.find('?').is_some_and(|at| length(&url[..at]) > 20)
            }) && has(&event.web.referrer.url, |url| {
                !url.starts_with("https://www.google.")
            })
        },
    },
    Condition {
        id: "c20-lengths",
        journey: r#"profile.person.name.firstName.length()
            + profile.person.name.lastName.length() <= 20"#,
        by_hand: |_, profile, _| {
            let name = &profile.person.name;
            has(&name.first, |first| {
                has(&name.last, |last| length(first) + length(last) <= 20)
            })
        },
    },
    Condition {
        id: "c21-interpolate",
        journey: r#"profile.person.name.fullName
            == "{profile.person.name.firstName} {profile.person.name.lastName}""#,
        by_hand: |_, profile, _| {
            let name = &profile.person.name;
            has(&name.first, |first| {
                has(&name.full, |full| {
                    let rest = full.strip_prefix(first);
                    let last = rest.and_then(|rest| rest.strip_prefix(' '));
                    last.is_some() && last == name.last.as_deref()
                })
            })
        },
    },
    Condition {
        id: "c22-phone-digits",
        journey: r#"profile.mobilePhone.number.replaceAll('[^0-9]', "").startWith("5255")"#,
        by_hand: |_, profile, _| {
            has(&profile.phone.number, |number| {
                let mut digits = number.bytes().filter(u8::is_ascii_digit);
                "5255".bytes().all(|wanted| digits.next() == Some(wanted))
            })
        },
    },
    Condition {
        id: "c67-query-param",
        journey: r#"event.web.webPageDetails.URL.split('[?&]')
            .any(q => q == "utm_source=newsletter")"#,
        by_hand: |event, _, _| {
            has(&event.web.page.url, |url| {
                let mut parts = url.split(['?', '&']);
                parts.any(|part| part == "utm_source=newsletter")
            })
        },
    },
    Condition {
        id: "c68-major-version",
        journey: r#"event.environment.browserDetails.version.split('\.')[0].toInteger() >= 18"#,
        by_hand: |event, _, _| {
            has(&event.environment.browser.version, |version| {
                let major = part(version, '.', 0).and_then(|major| major.parse::<i64>().ok());
                major.is_some_and(|major| major >= 18)
            })
        },
    },
    Condition {
        id: "c69-hosts-equal",
        journey: r#"event.web.webPageDetails.URL.split("/")[2]
            == event.web.webReferrer.URL.split("/")[2]"#,
        by_hand: |event, _, _| {
            has(&event.web.page.url, |page| {
                has(&event.web.referrer.url, |referrer| {
                    let host = part(page, '/', 2);
                    host.is_some() && host == part(referrer, '/', 2)
                })
            })
        },
    },
    Condition {
        id: "c72-eq-ignore-case",
        journey: r#"event.device.manufacturer.equalIgnoreCase("APPLE")
            and event.environment.operatingSystem.equalIgnoreCase("ios")
            and profile.loyalty.program.endWithIgnoreCase("rewards")"#,
        by_hand: |event, profile, _| {
            has(&event.device.manufacturer, |maker| {
                same_caseless(maker, "APPLE")
            }) && has(&event.environment.operating_system, |system| {
                same_caseless(system, "ios")
            }) && has(&profile.loyalty.program, |program| {
                ends_caseless(program, "rewards")
            })
        },
    },
    Condition {
        id: "c83-lower-eq",
        journey: r#"event.productListItems.any(i => i.name.lower() == "trail runner gtx")"#,
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                has(&item.name, |name| lower_is(name, "trail runner gtx"))
            })
        },
    },
    Condition {
        id: "c84-equal-ci",
        journey: r#"event.productListItems.any(i => i.name.equalIgnoreCase("TRAIL RUNNER GTX"))"#,
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                has(&item.name, |name| same_caseless(name, "TRAIL RUNNER GTX"))
            })
        },
    },
    Condition {
        id: "c85-sku-prefix",
        journey: r#"event.productListItems.any(i => i.SKU.substr(0, 3) == "BTL")"#,
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                has(&item.sku, |sku| sku.starts_with("BTL"))
            })
        },
    },
    Condition {
        id: "c86-sku-split",
        journey: r#"event.productListItems.any(i => i.SKU.split("-")[0] == "BTL")"#,
        by_hand: |event, _, _| {
            any(&event.items, |item| {
                has(&item.sku, |sku| part(sku, '-', 0) == Some("BTL"))
            })
        },
    },
    Condition {
        id: "c97-version-text",
        journey: r#"event.environment.operatingSystemVersion >= "18"
            and event.environment.browserDetails.version < "19""#,
        by_hand: |event, _, _| {
            let environment = &event.environment;
            has(&environment.operating_system_version, |version| {
                version >= "18"
            }) && has(&environment.browser.version, |version| version < "19")
        },
    },
    Condition {
        id: "d07-names",
        journey: r#"profile.person.name.firstName.trim().length() >= 2
            and profile.person.name.firstName.lower() != profile.person.name.lastName.lower()"#,
        by_hand: |_, profile, _| {
            let name = &profile.person.name;
            has(&name.first, |first| {
                length(first.trim()) >= 2 && has(&name.last, |last| lower(first) != lower(last))
            })
        },
    },
    Condition {
        id: "d08-email-lower-in",
        journey: r#"profile.personalEmail.address.trim().lower()
            in ["maria.gonzalez@example.com", "a@example.com", "b@example.com"]"#,
        by_hand: |_, profile, _| {
            has(&profile.email.address, |address| {
                let known = [
                    "maria.gonzalez@example.com",
                    "a@example.com",
                    "b@example.com",
                ];
                let address = address.trim();
                known.iter().any(|known| lower_is(address, known))
            })
        },
    },
    Condition {
        id: "d09-upper-country",
        journey: r#"event.placeContext.geo.countryCode.upper() in ["MX", "US", "CA"]
            and event.placeContext.geo.postalCode.length() == 5"#,
        by_hand: |event, _, _| {
            let here = &event.place_context.geo;
            has(&here.country_code, |country| {
                ["MX", "US", "CA"]
                    .iter()
                    .any(|known| upper_is(country, known))
            }) && has(&here.postal_code, |code| length(code) == 5)
        },
    },
];
