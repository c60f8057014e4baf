//! Who people are, and what a profile says of them.
//!
//! In: a stream of numbers. Out: [`Person`]s and the parts of a profile that both examples share. Never true here: a real person.

use super::clock::{DAY, date, day, instant};
use super::rng::Rng;
use serde_json::{Map, Value, json};

const FIRST_FEMALE: [&str; 24] = [
    "Ada",
    "Grace",
    "Emmy",
    "Sofia",
    "Maryam",
    "Katherine",
    "Hedy",
    "Rosalind",
    "Lise",
    "Chiara",
    "Amélie",
    "Ingrid",
    "Yuki",
    "Priya",
    "Fatima",
    "Olga",
    "Lucía",
    "Hanna",
    "Zoë",
    "Noor",
    "Ewa",
    "Marta",
    "Jana",
    "Elif",
];
const FIRST_MALE: [&str; 24] = [
    "Alan", "Edsger", "Niklaus", "Dennis", "Donald", "Tony", "John", "Per", "Kristen", "Luca",
    "Théo", "Lars", "Kenji", "Arjun", "Omar", "Ivan", "Diego", "Jonas", "Mateo", "Piotr", "Marek",
    "Emre", "Finn", "Hugo",
];
const LAST: [&str; 32] = [
    "Lovelace",
    "Hopper",
    "Noether",
    "Germain",
    "Martin",
    "Bernard",
    "Dubois",
    "Schmidt",
    "Fischer",
    "Weber",
    "Rossi",
    "Bianchi",
    "García",
    "Fernández",
    "Silva",
    "Jansen",
    "de Vries",
    "Nielsen",
    "Lindqvist",
    "Virtanen",
    "Kowalska",
    "Novák",
    "Horváth",
    "Popescu",
    "Yılmaz",
    "Haddad",
    "Tanaka",
    "Sharma",
    "O'Brien",
    "Murphy",
    "Smith",
    "Walker",
];
const STREETS: [&str; 12] = [
    "Rue de la Paix",
    "Hauptstraße",
    "Via Garibaldi",
    "Calle Mayor",
    "Kerkstraat",
    "Storgata",
    "Mäster Samuelsgatan",
    "Rua Augusta",
    "Marszałkowska",
    "High Street",
    "Rue du Commerce",
    "Lindenweg",
];

/// A city: name, country code, country, zone, latitude, longitude, language.
pub(super) type City = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    f64,
    f64,
    &'static str,
);
pub(super) const CITIES: [City; 14] = [
    (
        "Paris",
        "FR",
        "France",
        "Europe/Paris",
        48.8566,
        2.3522,
        "fr-FR",
    ),
    (
        "Lyon",
        "FR",
        "France",
        "Europe/Paris",
        45.764,
        4.8357,
        "fr-FR",
    ),
    (
        "Berlin",
        "DE",
        "Germany",
        "Europe/Berlin",
        52.52,
        13.405,
        "de-DE",
    ),
    (
        "Hamburg",
        "DE",
        "Germany",
        "Europe/Berlin",
        53.5511,
        9.9937,
        "de-DE",
    ),
    (
        "Milano",
        "IT",
        "Italy",
        "Europe/Rome",
        45.4642,
        9.19,
        "it-IT",
    ),
    (
        "Madrid",
        "ES",
        "Spain",
        "Europe/Madrid",
        40.4168,
        -3.7038,
        "es-ES",
    ),
    (
        "Lisboa",
        "PT",
        "Portugal",
        "Europe/Lisbon",
        38.7223,
        -9.1393,
        "pt-PT",
    ),
    (
        "Oslo",
        "NO",
        "Norway",
        "Europe/Oslo",
        59.9139,
        10.7522,
        "nb-NO",
    ),
    (
        "Helsinki",
        "FI",
        "Finland",
        "Europe/Helsinki",
        60.1699,
        24.9384,
        "fi-FI",
    ),
    (
        "London",
        "GB",
        "United Kingdom",
        "Europe/London",
        51.5074,
        -0.1278,
        "en-GB",
    ),
    (
        "Dublin",
        "IE",
        "Ireland",
        "Europe/Dublin",
        53.3498,
        -6.2603,
        "en-IE",
    ),
    (
        "Kraków",
        "PL",
        "Poland",
        "Europe/Warsaw",
        50.0647,
        19.945,
        "pl-PL",
    ),
    (
        "Praha",
        "CZ",
        "Czechia",
        "Europe/Prague",
        50.0755,
        14.4378,
        "cs-CZ",
    ),
    (
        "Montréal",
        "CA",
        "Canada",
        "America/Toronto",
        45.5019,
        -73.5674,
        "fr-CA",
    ),
];

/// One person, before anything happens.
pub(super) struct Person {
    pub rng: Rng,
    pub ecid: String,
    pub email: String,
    pub number: String,
    pub first: &'static str,
    pub last: &'static str,
    pub gender: &'static str,
    pub city: City,
    /// The push token, for those with the app.
    pub token: Option<String>,
    /// Whether the person is known by more than a cookie when events are sent.
    pub logged_in: bool,
}

/// The person of this number.
pub(super) fn person(seed: u64, package: &str, index: u64) -> Person {
    let mut rng = Rng::of(seed, package, index);
    let gender = rng.pick(&[
        "female",
        "female",
        "female",
        "male",
        "male",
        "male",
        "not_specified",
    ]);
    let first: &'static str = match gender {
        "female" => rng.pick(&FIRST_FEMALE),
        "male" => rng.pick(&FIRST_MALE),
        _ => rng.pick(&LAST[..4]),
    };
    let last: &'static str = rng.pick(&LAST);
    let word = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_ascii_lowercase()
    };
    Person {
        ecid: format!(
            "{:019}{:019}",
            rng.next() % 10_000_000_000_000_000_000,
            rng.next() % 10_000_000_000_000_000_000
        ),
        email: format!("{}.{}.{index}@mail.example", word(first), word(last)),
        number: format!(
            "{}-{:06}",
            package.to_ascii_uppercase(),
            100_000 + index * 37 % 899_999
        ),
        first,
        last,
        gender,
        city: rng.pick(&CITIES),
        token: rng.percent(90).then(|| rng.hex(32)),
        logged_in: rng.percent(70),
        rng,
    }
}

impl Person {
    /// The identities an event carries.
    pub fn identity_map(&self) -> Value {
        let mut map = Map::new();
        map.insert(
            "ECID".to_owned(),
            json!([{"id": self.ecid, "authenticatedState": "ambiguous", "primary": true}]),
        );
        if self.logged_in {
            map.insert("Email".to_owned(), json!([{"id": self.email, "authenticatedState": "authenticated", "primary": false}]));
        }
        Value::Object(map)
    }

    /// The part of a profile that both examples share.
    pub fn profile(&mut self, push_consent: Option<&str>) -> Map<String, Value> {
        let (city, country_code, country, zone, latitude, longitude, language) = self.city;
        let born = day(1950, 1, 1) + self.rng.between(0, 20_000) as i64 * DAY;
        let asked = instant(day(2025, 1, 10) + self.rng.between(0, 300) as i64 * DAY);
        let mut name = json!({"firstName": self.first, "lastName": self.last, "fullName": format!("{} {}", self.first, self.last)});
        // Some never told us their first name.
        if self.rng.percent(12)
            && let Some(name) = name.as_object_mut()
        {
            name.remove("firstName");
        }
        let mut profile = Map::new();
        let mut put = |key: &str, value: Value| {
            profile.insert(key.to_owned(), value);
        };
        put("_id", json!(self.rng.uuid()));
        put(
            "identityMap",
            json!({"ECID": [{"id": self.ecid, "authenticatedState": "ambiguous", "primary": true}],
                "Email": [{"id": self.email, "authenticatedState": "authenticated", "primary": false}]}),
        );
        put(
            "person",
            json!({"name": name, "gender": self.gender, "birthDate": date(born), "birthYear": date(born)[..4].parse::<i64>().unwrap_or(1980)}),
        );
        put(
            "personalEmail",
            json!({"address": self.email, "primary": true, "status": "active", "type": "personal"}),
        );
        put(
            "mobilePhone",
            json!({"number": format!("+00 555 {:07}", self.rng.between(0, 9_999_999)), "primary": true, "status": "active"}),
        );
        put(
            "homeAddress",
            json!({"street1": format!("{} {}", self.rng.pick(&STREETS), self.rng.between(1, 180)), "city": city, "postalCode": format!("{:05}", self.rng.between(1_000, 98_999)),
                "country": country, "countryCode": country_code, "primary": true, "_schema": {"latitude": latitude, "longitude": longitude}}),
        );
        if let Some(push) = push_consent {
            let email = self.rng.pick(&["y", "y", "n", "p"]);
            put(
                "consents",
                json!({"collect": {"val": "y"}, "share": {"val": "n"},
                    "marketing": {"preferred": "push", "push": {"val": push, "time": asked}, "email": {"val": email, "time": asked}}, "metadata": {"time": asked}}),
            );
        }
        if let Some(token) = &self.token {
            let platform = self.rng.pick(&["apns", "fcm"]);
            put(
                "pushNotificationDetails",
                json!([{"appID": "example.app", "platform": platform, "token": token, "denylisted": false,
                    "identity": {"id": self.ecid, "namespace": {"code": "ECID"}}}]),
            );
        }
        // Some never chose a zone; the journey falls back to its own.
        if self.rng.percent(85) {
            put("timeZone", json!(zone));
        }
        put("preferredLanguage", json!(language));
        put("testProfile", json!(false));
        profile
    }
}
