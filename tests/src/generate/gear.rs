//! What people use, and where they are.
//!
//! In: a person's stream of numbers. Out: the device, environment and place parts of an event. Never true here: a person's name.

use super::people::City;
use super::rng::Rng;
use serde_json::{Value, json};

/// A device: type, maker, model, number, width, height, system, its maker, its version, browser, its maker, its version, user agent.
type Gear = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u64,
    u64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const GEAR: [Gear; 6] = [
    (
        "mobile",
        "Apple",
        "iPhone 15 Pro",
        "A3102",
        393,
        852,
        "iOS",
        "Apple",
        "18.3.1",
        "Mobile Safari",
        "Apple",
        "18.3",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
    ),
    (
        "mobile",
        "Samsung",
        "Galaxy S24",
        "SM-S921B",
        412,
        915,
        "Android",
        "Google",
        "15",
        "Chrome Mobile",
        "Google",
        "133.0.6943.49",
        "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.6943.49 Mobile Safari/537.36",
    ),
    (
        "mobile",
        "Google",
        "Pixel 8",
        "GKWS6",
        412,
        892,
        "Android",
        "Google",
        "15",
        "Chrome Mobile",
        "Google",
        "133.0.6943.50",
        "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.6943.50 Mobile Safari/537.36",
    ),
    (
        "tablet",
        "Apple",
        "iPad Air",
        "A2902",
        820,
        1180,
        "iPadOS",
        "Apple",
        "18.3",
        "Safari",
        "Apple",
        "18.3",
        "Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
    ),
    (
        "desktop",
        "Dell",
        "XPS 15",
        "9530",
        1920,
        1200,
        "Windows",
        "Microsoft",
        "11",
        "Edge",
        "Microsoft",
        "133.0.3065.59",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36 Edg/133.0.3065.59",
    ),
    (
        "desktop",
        "Apple",
        "MacBook Pro",
        "Mac15,3",
        1728,
        1117,
        "macOS",
        "Apple",
        "15.3",
        "Firefox",
        "Mozilla",
        "135.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:135.0) Gecko/20100101 Firefox/135.0",
    ),
];
const CARRIERS: [&str; 6] = ["Orange", "Telekom", "Vodafone", "TIM", "Telenor", "Three"];

/// What one person carries all the time.
#[derive(Clone)]
pub(super) struct Kit {
    gear: Gear,
    address: String,
    carrier: &'static str,
    connection: &'static str,
    language: &'static str,
}

/// What this person carries; only phones where `phone` is asked for.
pub(super) fn kit(rng: &mut Rng, city: &City, phone: bool) -> Kit {
    Kit {
        gear: rng.pick(if phone { &GEAR[..3] } else { &GEAR }),
        address: format!("203.0.113.{}", rng.between(1, 254)),
        carrier: rng.pick(&CARRIERS),
        connection: rng.pick(&["wireless_wifi", "wireless_wifi", "mobile_5g", "mobile_4g"]),
        language: city.6,
    }
}

impl Kit {
    /// `device`.
    pub fn device(&self) -> Value {
        let (kind, maker, model, number, width, height, ..) = self.gear;
        json!({"type": kind, "manufacturer": maker, "model": model, "modelNumber": number, "screenWidth": width, "screenHeight": height,
            "screenOrientation": if width < height { "portrait" } else { "landscape" }, "colorDepth": 32, "isLocationEnabled": true, "isPushOptIn": true})
    }

    /// `environment`; `app` for an event an app sent and no browser.
    pub fn environment(&self, app: bool) -> Value {
        let (
            _,
            _,
            _,
            _,
            width,
            height,
            system,
            system_maker,
            system_version,
            browser,
            maker,
            version,
            agent,
        ) = self.gear;
        json!({"type": if app { "application" } else { "browser" },
            "browserDetails": {"name": browser, "vendor": maker, "version": version, "acceptLanguage": self.language, "userAgent": agent,
                "viewportWidth": width, "viewportHeight": height - 120, "cookiesEnabled": true, "javaScriptEnabled": true},
            "operatingSystem": system, "operatingSystemVendor": system_maker, "operatingSystemVersion": system_version,
            "connectionType": self.connection, "ipV4": self.address, "ISP": self.carrier, "carrier": self.carrier, "colorDepth": 32,
            "_dc": {"language": self.language}})
    }
}

/// `geo` near a city.
pub(super) fn geo(rng: &mut Rng, city: &City) -> Value {
    let off = |rng: &mut Rng| (rng.between(0, 2_000) as f64 - 1_000.0) / 10_000.0;
    // Four decimals are ten metres; more would only be noise.
    let round = |degrees: f64| (degrees * 10_000.0).round() / 10_000.0;
    let (latitude, longitude) = (round(city.4 + off(rng)), round(city.5 + off(rng)));
    json!({"city": city.0, "countryCode": city.1, "postalCode": format!("{:05}", rng.between(1_000, 98_999)),
        "_schema": {"latitude": latitude, "longitude": longitude}})
}
