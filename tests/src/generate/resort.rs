//! Six weeks in a resort around December: guests arrive, pass beacons, dine, and leave.
//!
//! In: a seed. Out: the resort example's events and profiles. Never true here: a rule of the journeys (they must find their own way through).

use super::Generated;
use super::clock::{DAY, HOUR, MINUTE, day, instant};
use super::gear::{self, Kit};
use super::people::{City, Person, person};
use super::stream::Stream;
use serde_json::{Map, Value, json};

const GUESTS: u64 = 320;
/// Where the resort is, for whoever is in it.
const HERE: City = (
    "Chamonix",
    "FR",
    "France",
    "Europe/Paris",
    45.9237,
    6.8694,
    "fr-FR",
);

/// A beacon: identifier, name, category, major, minor.
type Beacon = (&'static str, &'static str, &'static str, u64, u64);
const LOBBY: Beacon = ("poi-lobby", "Lobby", "reception", 10, 1);
const SPA: Beacon = ("poi-spa", "Spa", "wellness", 20, 1);
const RESTAURANT: Beacon = ("poi-restaurant", "Restaurant La Verrière", "dining", 30, 1);
const OTHERS: [Beacon; 4] = [
    ("poi-pool", "Pool", "wellness", 20, 2),
    ("poi-bar", "Bar du Lac", "dining", 30, 2),
    ("poi-ski-room", "Ski room", "sports", 40, 1),
    ("poi-library", "Library", "quiet", 50, 1),
];

pub(super) fn generate(seed: u64) -> Generated {
    let mut stream = Stream::default();
    let mut profiles = String::new();
    for index in 0..GUESTS {
        let mut guest = person(seed, "resort", index);
        let arrival = day(2026, 11, 26)
            + guest.rng.between(0, 38) as i64 * DAY
            + guest.rng.between(13 * 60, 19 * 60) as i64 * MINUTE;
        profiles.push_str(&profile(&mut guest, arrival));
        profiles.push('\n');
        let kit = gear::kit(&mut guest.rng, &HERE, true);
        stay(&mut stream, &mut guest, &kit, arrival);
    }
    let spoil = [
        "/placeContext/POIinteraction/poiDetail/poiID",
        "/eventType",
        "/identityMap/ECID/0/id",
    ];
    Generated {
        package: "resort",
        events: stream.write(seed, "resort", &spoil),
        profiles,
    }
}

fn profile(guest: &mut Person, arrival: i64) -> String {
    let mut profile = guest.profile(Some("y"));
    let status = guest.rng.pick(&[
        "active", "active", "active", "active", "pending", "closed", "", "",
    ]);
    if !status.is_empty() {
        let tier = guest.rng.pick(&[
            "blue", "blue", "blue", "silver", "silver", "gold", "diamond",
        ]);
        profile.insert(
            "loyalty".to_owned(),
            json!({"program": "Friends of the House", "loyaltyID": [format!("M-{:05}", guest.rng.between(1, 99_999))], "status": status, "tier": tier,
                "points": guest.rng.between(0, 40_000), "joinDate": instant(day(2019, 5, 1) + guest.rng.between(0, 2_000) as i64 * DAY)}),
        );
    }
    let mut own = Map::new();
    own.insert("guestId".to_owned(), json!(guest.number));
    own.insert("nightsStayed".to_owned(), json!(guest.rng.between(0, 60)));
    own.insert(
        "dietary".to_owned(),
        json!([guest.rng.pick(&["none", "vegetarian", "vegan", "no nuts"])]),
    );
    if guest.rng.percent(35) {
        own.insert(
            "favouriteTreatment".to_owned(),
            json!(
                guest
                    .rng
                    .pick(&["hot stone massage", "hammam", "alpine herb bath"])
            ),
        );
    }
    // A third had a message from us lately, some of them within the day before they come.
    if guest.rng.percent(34) {
        own.insert(
            "lastContacted".to_owned(),
            json!(instant(arrival - guest.rng.between(2, 90) as i64 * HOUR)),
        );
    }
    profile.insert("_resort".to_owned(), Value::Object(own));
    Value::Object(profile).to_string()
}

/// One stay, from the lobby to the check-out.
fn stay(stream: &mut Stream, guest: &mut Person, kit: &Kit, arrival: i64) {
    let stay = format!("S-{}", guest.rng.hex(8));
    let room = format!("{}{:02}", guest.rng.between(1, 5), guest.rng.between(1, 40));
    let nights = guest.rng.between(1, 5) as i64;
    let place = Place {
        stay: &stay,
        room: &room,
    };
    let launch = app_event(guest, kit, &place, "application.launch");
    stream.add(arrival - guest.rng.between(5, 90) as i64 * MINUTE, launch);
    pass(stream, guest, kit, &place, &LOBBY, arrival);
    for night in 0..nights {
        let morning = arrival - arrival.rem_euclid(DAY) + (night + 1) * DAY;
        let moment = |guest: &mut Person, from: u64, to: u64| {
            morning
                + guest.rng.between(from * 60, to * 60) as i64 * MINUTE
                + guest.rng.between(0, 59_999) as i64
        };
        if night == 0 && guest.rng.percent(55) {
            let dinner = morning - DAY + guest.rng.between(20 * 60, 22 * 60) as i64 * MINUTE;
            pass(
                stream,
                guest,
                kit,
                &place,
                &RESTAURANT,
                dinner.max(arrival + 20 * MINUTE),
            );
        }
        if guest.rng.percent(30) {
            let at = moment(guest, 9, 17);
            pass(stream, guest, kit, &place, &SPA, at);
        }
        if guest.rng.percent(45) {
            let other = guest.rng.pick(&OTHERS);
            let at = moment(guest, 8, 22);
            pass(stream, guest, kit, &place, &other, at);
        }
        if night + 1 < nights && guest.rng.percent(25) {
            let at = moment(guest, 8, 19);
            pass(stream, guest, kit, &place, &LOBBY, at);
        }
    }
    // Some never check out at the desk: they leave the key and go.
    if guest.rng.percent(80) {
        let leave = arrival - arrival.rem_euclid(DAY)
            + nights * DAY
            + guest.rng.between(7 * 60, 11 * 60) as i64 * MINUTE;
        let event = app_event(guest, kit, &place, "resort.checkOut");
        stream.add(leave.max(arrival + 6 * HOUR), event);
    }
}

/// Which stay an event belongs to.
struct Place<'a> {
    stay: &'a str,
    room: &'a str,
}

/// A guest comes near a beacon and, sometimes, is seen to leave it.
fn pass(
    stream: &mut Stream,
    guest: &mut Person,
    kit: &Kit,
    place: &Place<'_>,
    beacon: &Beacon,
    at: i64,
) {
    let entry = beacon_event(guest, kit, place, beacon, "location.entry", at);
    stream.add(at, entry);
    if guest.rng.percent(30) {
        let left = at + guest.rng.between(1, 50) as i64 * MINUTE;
        let exit = beacon_event(guest, kit, place, beacon, "location.exit", left);
        stream.add(left, exit);
    }
}

fn beacon_event(
    guest: &mut Person,
    kit: &Kit,
    place: &Place<'_>,
    beacon: &Beacon,
    kind: &str,
    at: i64,
) -> Value {
    let (id, name, category, major, minor) = *beacon;
    let mut event = app_event(guest, kit, place, kind);
    let distance = guest.rng.between(3, 80) as f64 / 10.0;
    let measure = if kind == "location.entry" {
        "poiEntries"
    } else {
        "poiExits"
    };
    let detail = json!({"poiID": id, "name": name, "category": category, "type": "beacon", "locatingType": "beacon", "distanceToPOICenter": distance,
        "beaconInteractionDetails": {"proximityUUID": "f7826da6-4fa2-4e98-8024-bc5b71e0893e", "beaconMajor": major, "beaconMinor": minor,
            "proximity": if distance < 4.0 { "near" } else { "far" }},
        "metadata": {"list": [{"key": "building", "value": "main house"}, {"key": "floor", "value": "ground"}]}});
    let mut interaction = Map::new();
    interaction.insert("poiDetail".to_owned(), detail);
    interaction.insert(
        measure.to_owned(),
        json!({"id": format!("{id}-{measure}"), "value": 1}),
    );
    if let Some(slot) = event
        .pointer_mut("/placeContext")
        .and_then(Value::as_object_mut)
    {
        slot.insert("localTime".to_owned(), json!(instant(at)));
        slot.insert("POIinteraction".to_owned(), Value::Object(interaction));
    }
    event
}

/// What every event of the app carries.
fn app_event(guest: &mut Person, kit: &Kit, place: &Place<'_>, kind: &str) -> Value {
    let launch = kind == "application.launch";
    let view = kind.replace('.', "-");
    let mut event = json!({
        "_id": guest.rng.uuid(),
        "timestamp": "",
        "eventType": kind,
        "eventMergeId": guest.rng.uuid(),
        "producedBy": "self",
        "identityMap": guest.identity_map(),
        "placeContext": {"localTimezoneOffset": -60, "ianaTimezone": HERE.3, "geo": gear::geo(&mut guest.rng, &HERE)},
        "environment": kit.environment(true),
        "device": kit.device(),
        "web": {"webPageDetails": {"name": format!("app: {view}"), "URL": format!("https://app.resort.example/{view}?stay={}&room={}", place.stay, place.room), "server": "app.resort.example",
            "siteSection": "app", "viewName": view, "isHomePage": launch, "isErrorPage": false, "pageViews": {"value": 1}},
            "webReferrer": {"URL": "https://app.resort.example/home", "type": "internal", "linkType": "other"}},
        "application": {"id": "example.resort.app", "name": "Resort", "version": "7.4.2", "isLaunch": launch, "isInstall": false, "launches": {"id": guest.rng.uuid(), "value": i32::from(launch)}},
        "_resort": {"stayId": place.stay, "room": place.room, "property": "chamonix", "partySize": guest.rng.between(1, 5), "batteryPercent": guest.rng.between(5, 100)}
    });
    // What is no beacon is something the guest or the desk did on a screen.
    if !kind.starts_with("location.")
        && let Some(web) = event.pointer_mut("/web").and_then(Value::as_object_mut)
    {
        web.insert("webInteraction".to_owned(), json!({"name": view, "type": "other", "URL": format!("https://app.resort.example/{view}/done"), "region": "main", "linkClicks": {"value": 1}}));
    }
    event
}
