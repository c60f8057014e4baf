//! Zones: instants to wall clocks and back, and calendar arithmetic in a zone.
//!
//! A wall clock that a gap skips moves forward by the gap's length; one that an overlap repeats is the first of the two.
//! Comes in: IANA names, instants in milliseconds. Goes out: instants, wall clocks, offsets; `None` outside the years
//! -9999..=9999. Never true here: the host's zone, a zone database read from disk.

use super::civil::{self, DAY_MS, EDGE_MS};
use super::offsets::Offsets;
pub use super::offsets::Stretch;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use journey_artifact::word::{date_time_word, is_offset};
use std::sync::{LazyLock, OnceLock};

/// A time zone of the bundled IANA database.
#[derive(Clone, Debug)]
pub struct Zone(Of);

/// Where a zone's rules are.
#[derive(Clone, Debug)]
enum Of {
    /// Always so many seconds from UTC.
    Fixed(i32, TimeZone),
    /// In the database, for good: a copy counts no reference.
    Database(&'static Rules),
    /// By themselves.
    Own(TimeZone),
}

impl PartialEq for Zone {
    fn eq(&self, other: &Zone) -> bool {
        self.tz() == other.tz()
    }
}

impl Eq for Zone {}

/// The zone of whoever needs none.
static UTC: Zone = Zone(Of::Fixed(0, TimeZone::UTC));

/// A zone's rules, and what follows from them once somebody asked.
#[derive(Debug)]
struct Rules {
    tz: TimeZone,
    offsets: OnceLock<Offsets>,
}

/// A name of the database as it is spelled there, and its rules once somebody asked for them.
struct Known {
    name: String,
    rules: OnceLock<Option<Rules>>,
}

impl Known {
    fn zone(&'static self) -> Option<Zone> {
        let rules = self.rules.get_or_init(|| {
            Some(Rules {
                tz: Zone::read(&self.name)?,
                offsets: OnceLock::new(),
            })
        });
        rules.as_ref().map(|rules| Zone(Of::Database(rules)))
    }
}

/// The database by name. It is a constant, so that its zones are read once a process changes no answer.
static ZONES: LazyLock<Zones> = LazyLock::new(Zones::new);

/// The names of the database in a table of hashes, which is never more than half full.
struct Zones {
    slots: Vec<Option<Known>>,
}

impl Zones {
    fn new() -> Zones {
        let names: Vec<String> = TimeZoneDatabase::bundled()
            .available()
            .map(|name| name.to_string())
            .collect();
        let size = (names.len() * 2).next_power_of_two();
        let mut slots: Vec<Option<Known>> = (0..size).map(|_| None).collect();
        for name in names {
            let mut at = hash(&name) & (size - 1);
            while slots[at].is_some() {
                at = (at + 1) & (size - 1);
            }
            slots[at] = Some(Known {
                name,
                rules: OnceLock::new(),
            });
        }
        Zones { slots }
    }

    fn find(&self, name: &str) -> Option<&Known> {
        let last = self.slots.len() - 1;
        let mut at = hash(name) & last;
        while let Some(known) = &self.slots[at] {
            if known.name == name {
                return Some(known);
            }
            at = (at + 1) & last;
        }
        None
    }
}

/// FNV-1a.
fn hash(name: &str) -> usize {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash ^ (hash >> 32)) as usize
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Zone {
        UTC.clone()
    }

    /// The same, to be looked at.
    pub fn shared_utc() -> &'static Zone {
        &UTC
    }

    /// The zone of an IANA name (any letter case), `UTC` or `Z`; `None` when the database has none.
    pub fn get(name: &str) -> Option<Zone> {
        if name == "UTC" || name == "Z" {
            return Some(Zone::utc());
        }
        if let Some(known) = ZONES.find(name) {
            return known.zone();
        }
        // A spelling in other letters; or there is none.
        let tz = Zone::read(name)?;
        match tz.iana_name().and_then(|name| ZONES.find(name)) {
            Some(known) => known.zone(),
            None => Some(Zone(Of::Own(tz))),
        }
    }

    /// Reads the rules: some microseconds.
    fn read(name: &str) -> Option<TimeZone> {
        TimeZoneDatabase::bundled().get(name).ok()
    }

    fn tz(&self) -> &TimeZone {
        match &self.0 {
            Of::Database(rules) => &rules.tz,
            Of::Fixed(_, tz) | Of::Own(tz) => tz,
        }
    }

    /// A zone that is always so many minutes from UTC (less than a day).
    pub fn fixed(offset_minutes: i32) -> Option<Zone> {
        if !is_offset(offset_minutes) {
            return None;
        }
        let offset = Offset::from_seconds(offset_minutes * 60).ok()?;
        Some(Zone(Of::Fixed(offset.seconds(), offset.to_time_zone())))
    }

    /// Its name in the database; `UTC` for UTC; `None` for a fixed offset.
    pub fn name(&self) -> Option<&str> {
        self.tz().iana_name()
    }

    /// Offset from UTC at an instant, in whole minutes (older local mean times are cut to the minute).
    #[inline]
    pub fn offset_minutes(&self, epoch_ms: i64) -> Option<i32> {
        match self.around(epoch_ms) {
            Some(stretch) => Some(stretch.seconds.div_euclid(60)),
            None => self.offset_by_rules(epoch_ms),
        }
    }

    #[inline(never)]
    fn offset_by_rules(&self, epoch_ms: i64) -> Option<i32> {
        let seconds = match Timestamp::from_millisecond(epoch_ms) {
            Ok(at) => self.tz().to_offset(at).seconds(),
            // Instant and wall clock are both within the calendar.
            Err(_) => {
                civil::parts(epoch_ms)?;
                let seconds = self.at_the_edge(epoch_ms);
                civil::parts(epoch_ms + i64::from(seconds) * 1000).map(|_| seconds)?
            }
        };
        Some(seconds.div_euclid(60))
    }

    /// Seconds from UTC where the library's instants have ended, a day or so before the calendar does: what they were at its end.
    fn at_the_edge(&self, epoch_ms: i64) -> i32 {
        let nearest = if epoch_ms < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        self.tz().to_offset(nearest).seconds()
    }

    /// The stretch of time without a change that an instant is in, where that is known.
    #[inline]
    pub fn around(&self, epoch_ms: i64) -> Option<Stretch> {
        match &self.0 {
            // A day within the calendar, so that every wall clock of it is within, too.
            Of::Fixed(seconds, _) => {
                let (from, to) = (EDGE_MS.0 + DAY_MS, EDGE_MS.1 - DAY_MS);
                let stretch = Stretch {
                    from,
                    clear: from,
                    to,
                    seconds: *seconds,
                };
                stretch.has(epoch_ms).then_some(stretch)
            }
            Of::Database(rules) => {
                let offsets = rules.offsets.get_or_init(|| Offsets::new(&rules.tz));
                offsets.around(epoch_ms).copied()
            }
            Of::Own(_) => None,
        }
    }

    /// The wall clock (Local milliseconds) at an instant.
    #[inline]
    pub fn local(&self, epoch_ms: i64) -> Option<i64> {
        Some(epoch_ms + i64::from(self.offset_minutes(epoch_ms)?) * 60_000)
    }

    /// The instant at which the wall clock shows this: a gap moves forward, an overlap takes the first.
    #[inline]
    pub fn instant(&self, local_ms: i64) -> Option<i64> {
        // Taken for an instant in UTC it is seldom on the other side of a change.
        let near = self.around(local_ms);
        match near.and_then(|near| near.instant(local_ms)) {
            Some(at) => Some(at),
            None => self.instant_by_rules(local_ms),
        }
    }

    #[inline(never)]
    fn instant_by_rules(&self, local_ms: i64) -> Option<i64> {
        let parts = civil::parts(local_ms)?;
        let (second, ms) = (parts.time / 1000, parts.time % 1000);
        let datetime = jiff::civil::DateTime::new(
            i16::try_from(parts.year).ok()?,
            parts.month as i8,
            parts.day as i8,
            (second / 3600) as i8,
            (second / 60 % 60) as i8,
            (second % 60) as i8,
            ms as i32 * 1_000_000,
        )
        .ok()?;
        // jiff's "compatible": in a gap the offset before it (so it moves forward), in a fold the earlier instant.
        match self.tz().to_ambiguous_timestamp(datetime).compatible() {
            Ok(at) => Some(at.as_millisecond()),
            Err(_) => {
                let at = local_ms - i64::from(self.at_the_edge(local_ms)) * 1000;
                civil::parts(at).map(|_| at)
            }
        }
    }

    /// The dateTime word of an instant, with this zone's offset.
    pub fn date_time(&self, epoch_ms: i64) -> Option<u64> {
        date_time_word(epoch_ms, self.offset_minutes(epoch_ms)?)
    }

    /// An instant shifted by months and days on the wall clock; month ends clamp, the time of day stays.
    pub fn add_calendar(&self, epoch_ms: i64, months: i32, days: i32) -> Option<i64> {
        if months == 0 && days == 0 {
            return Some(epoch_ms); // not through the wall clock: in an overlap that would go back to the first
        }
        self.instant(civil::add_to_local(self.local(epoch_ms)?, months, days)?)
    }

    /// The next instant, strictly after this one, at which the wall clock shows this time of day (milliseconds since midnight).
    pub fn next_time_of_day(&self, epoch_ms: i64, time: u32) -> Option<i64> {
        let today = self.local(epoch_ms)?.div_euclid(DAY_MS);
        self.first_after(
            epoch_ms,
            (0..=2).map(|ahead| (today + ahead) * DAY_MS + i64::from(time)),
        )
    }

    /// The next instant on such a weekday (1 Monday … 7 Sunday) after today's date, at this time of day.
    pub fn next_weekday(&self, epoch_ms: i64, weekday: u8, time: u32) -> Option<i64> {
        if !(1..=7).contains(&weekday) {
            return None;
        }
        let today = self.local(epoch_ms)?.div_euclid(DAY_MS);
        let ahead = (i64::from(weekday) - i64::from(civil::weekday(today)) + 6).rem_euclid(7) + 1;
        let first = (today + ahead) * DAY_MS + i64::from(time);
        self.first_after(epoch_ms, [first, first + 7 * DAY_MS].into_iter())
    }

    fn first_after(&self, epoch_ms: i64, candidates: impl Iterator<Item = i64>) -> Option<i64> {
        candidates
            .filter_map(|local| self.instant(local))
            .find(|at| *at > epoch_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use journey_artifact::word::date_time_ms;

    fn at(text: &str) -> i64 {
        date_time_ms(parse::date_time(text).expect(text))
    }

    fn local(text: &str) -> i64 {
        parse::local(text).expect(text)
    }

    fn paris() -> Zone {
        Zone::get("Europe/Paris").unwrap()
    }

    #[test]
    fn the_last_days_of_the_calendar_have_an_offset_too() {
        let last = at("9999-12-31T23:59:59.999Z");
        let utc = Zone::utc();
        assert_eq!(utc.local(last), Some(last));
        assert_eq!(utc.instant(last), Some(last));
        assert_eq!(utc.local(last + 1), None);
        let hour = 3_600_000;
        assert_eq!(paris().local(last - hour), Some(last));
        assert_eq!(paris().instant(last), Some(last - hour));
        assert_eq!(paris().local(last - hour + 1), None);
        let first = -377_705_116_800_000; // -9999-01-01T00:00Z
        assert_eq!(utc.local(first), Some(first));
        assert_eq!(utc.local(first - 1), None);
    }

    #[test]
    fn names() {
        assert!(Zone::get("Mars/Base").is_none());
        assert!(Zone::get("").is_none());
        assert_eq!(
            Zone::get("europe/paris").unwrap().name(),
            Some("Europe/Paris")
        );
        assert_eq!(Zone::get("Z").unwrap(), Zone::utc());
        assert_eq!(Zone::get("UTC").unwrap().name(), Some("UTC"));
    }

    #[test]
    fn a_gap_moves_forward_and_an_overlap_takes_the_first() {
        let z = paris();
        assert_eq!(
            z.instant(local("2026-03-29T02:30")),
            Some(at("2026-03-29T01:30Z"))
        );
        assert_eq!(
            z.local(at("2026-03-29T01:30Z")),
            Some(local("2026-03-29T03:30"))
        );
        assert_eq!(
            z.instant(local("2026-10-25T02:30")),
            Some(at("2026-10-25T00:30Z"))
        );
        assert_eq!(
            z.instant(local("2026-07-01T00:00")),
            Some(at("2026-06-30T22:00Z"))
        );
    }

    #[test]
    fn a_calendar_day_keeps_the_wall_clock() {
        let z = paris();
        assert_eq!(
            z.add_calendar(at("2026-03-28T11:00Z"), 0, 1),
            Some(at("2026-03-29T10:00Z"))
        );
        assert_eq!(
            z.add_calendar(at("2026-01-31T11:00Z"), 1, 0),
            Some(at("2026-02-28T11:00Z"))
        );
        assert_eq!(
            z.add_calendar(at("2026-10-25T01:30Z"), 0, 0),
            Some(at("2026-10-25T01:30Z"))
        );
        assert_eq!(z.add_calendar(i64::MAX, 0, 1), None);
    }

    #[test]
    fn next_time_of_day_is_strictly_later_and_survives_gaps() {
        let z = paris();
        let nine = 9 * 3_600_000;
        assert_eq!(
            z.next_time_of_day(at("2026-07-01T06:59Z"), nine),
            Some(at("2026-07-01T07:00Z"))
        );
        assert_eq!(
            z.next_time_of_day(at("2026-07-01T07:00Z"), nine),
            Some(at("2026-07-02T07:00Z"))
        );
        let half_past_two = 2 * 3_600_000 + 1_800_000;
        assert_eq!(
            z.next_time_of_day(at("2026-03-29T00:00Z"), half_past_two),
            Some(at("2026-03-29T01:30Z"))
        );
        assert_eq!(
            z.next_time_of_day(at("2026-03-29T01:30Z"), half_past_two),
            Some(at("2026-03-30T00:30Z"))
        );
    }

    #[test]
    fn next_weekday_is_after_today() {
        let z = Zone::utc();
        let monday = at("2026-11-23T08:00Z");
        assert_eq!(
            z.next_weekday(monday, 1, 9 * 3_600_000),
            Some(at("2026-11-30T09:00Z"))
        );
        assert_eq!(z.next_weekday(monday, 2, 0), Some(at("2026-11-24T00:00Z")));
        assert_eq!(z.next_weekday(monday, 7, 0), Some(at("2026-11-29T00:00Z")));
        assert_eq!(z.next_weekday(monday, 0, 0), None);
        assert_eq!(z.next_weekday(monday, 8, 0), None);
    }

    #[test]
    fn what_is_looked_up_is_what_the_rules_say() {
        let names: Vec<String> = TimeZoneDatabase::bundled()
            .available()
            .map(|name| name.to_string())
            .collect();
        let minute = 60_000;
        let every = if cfg!(miri) { 150 } else { 1 };
        for name in names.iter().step_by(every) {
            let zone = Zone::get(name).unwrap();
            let tz = Zone::read(name).unwrap();
            let rules = Zone(Of::Own(tz.clone()));
            let same = |at: i64| {
                let told = |zone: &Zone| (zone.offset_minutes(at), zone.instant(at));
                assert_eq!(told(&zone), told(&rules), "{name} {at}");
            };
            // Both ends of what is looked up, and each change with the hours that it skips or repeats.
            let edges = [0, 130 * 365 * DAY_MS];
            let first = Timestamp::from_second(-100_000_000).unwrap();
            let last = Timestamp::from_second(4_200_000_000).unwrap();
            let changes = tz.following(first).map(|change| change.timestamp());
            let changes = changes.take_while(|change| *change < last);
            let changes = changes.map(Timestamp::as_millisecond);
            let few = if cfg!(miri) { 3 } else { 1000 };
            for at in edges.into_iter().chain(changes.take(few)) {
                let half = 30 * minute;
                for step in -54..=54 {
                    for by in [-1, 0, 1] {
                        same(at + step * half + by);
                    }
                }
            }
            for week in 0..if cfg!(miri) { 3 } else { 150 * 52 } {
                same((week - 10 * 52) * 7 * DAY_MS);
            }
        }
    }

    #[test]
    fn zones_with_odd_offsets() {
        assert_eq!(
            Zone::get("Asia/Kathmandu").unwrap().offset_minutes(0),
            Some(330)
        );
        assert_eq!(
            Zone::get("Asia/Kathmandu")
                .unwrap()
                .offset_minutes(at("2026-01-01T00:00Z")),
            Some(345)
        );
        assert_eq!(Zone::fixed(-90).unwrap().offset_minutes(0), Some(-90));
        assert!(Zone::fixed(2000).is_none());
    }

    #[test]
    fn what_is_always_so_far_from_utc_is_what_the_rules_say() {
        for minutes in [0, 840, -840, 1439, -1439, 330] {
            let zone = Zone::fixed(minutes).unwrap();
            let rules = Zone(Of::Own(zone.tz().clone()));
            for edge in [EDGE_MS.0, 0, EDGE_MS.1] {
                for step in -200..=200 {
                    for by in [-1, 0, 1] {
                        let at = edge + step * 900_000 + by;
                        let told = |zone: &Zone| (zone.offset_minutes(at), zone.instant(at));
                        assert_eq!(told(&zone), told(&rules), "{minutes} {at}");
                    }
                }
            }
        }
    }
}
