//! The profile's fields that the conditions read.
//!
//! Comes in: JSON. Goes out: [`Profile`]. Never true here: a field that no condition reads.
#![allow(missing_docs)] // The fields are the document's; the conditions say what they mean.

use super::{Identity, List, Map, Point, Text, date, instant, moment};
use crate::calendar::{Date, Moment};
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Profile {
    pub person: Person,
    #[serde(rename = "personalEmail")]
    pub email: Email,
    #[serde(rename = "mobilePhone")]
    pub phone: Phone,
    pub home_address: Address,
    pub work_address: Address,
    pub billing_address: Option<Address>,
    pub preferred_language: Text,
    pub time_zone: Text,
    pub loyalty: Loyalty,
    pub consents: Consents,
    #[serde(rename = "optInOut")]
    pub opted: Opted,
    #[serde(rename = "segmentMembership")]
    pub segments: Map<Map<Segment>>,
    pub metrics: Metrics,
    pub identity_map: Map<Vec<Option<Identity>>>,
    #[serde(rename = "userAccount")]
    pub account: Account,
    pub orders: List<Order>,
    pub interests: List<String>,
    pub scores: List<i64>,
    pub attributes: Map<String>,
    pub counters: Map<i64>,
    #[serde(deserialize_with = "date")]
    pub birth_date: Option<Date>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Person {
    pub name: Name,
    pub birth_year: Option<i64>,
    pub birth_day_and_month: Text,
    pub nationality: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Name {
    #[serde(rename = "firstName")]
    pub first: Text,
    #[serde(rename = "lastName")]
    pub last: Text,
    #[serde(rename = "fullName")]
    pub full: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Email {
    pub address: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Phone {
    pub number: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Address {
    pub city: Text,
    pub street1: Text,
    pub postal_code: Text,
    pub country_code: Text,
    #[serde(rename = "_schema")]
    pub point: Point,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Loyalty {
    #[serde(rename = "loyaltyID")]
    pub ids: List<String>,
    pub program: Text,
    pub tier: Text,
    pub points: Option<i64>,
    #[serde(rename = "pointsExpirationDate", deserialize_with = "instant")]
    pub points_expire: Option<i64>,
    #[serde(rename = "joinDate", deserialize_with = "moment")]
    pub joined: Option<Moment>,
    #[serde(rename = "upgradeDate", deserialize_with = "instant")]
    pub upgraded: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Consents {
    pub marketing: MarketingConsents,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MarketingConsents {
    pub any: Consent,
    pub email: Consent,
    pub push: Consent,
    pub sms: Consent,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Consent {
    pub val: Text,
    #[serde(deserialize_with = "instant")]
    pub time: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Opted {
    #[serde(rename = "_channels")]
    pub channels: Map<String>,
    #[serde(rename = "globalOptout")]
    pub out: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Segment {
    pub status: Text,
    #[serde(rename = "lastQualificationTime", deserialize_with = "instant")]
    pub qualified: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Metrics {
    pub lifetime_value: Option<f64>,
    pub order_count: Option<i64>,
    #[serde(rename = "lastPurchaseDate", deserialize_with = "instant")]
    pub last_purchase: Option<i64>,
    pub churn_score: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Account {
    #[serde(rename = "type")]
    pub kind: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Order {
    pub status: Text,
    pub total: Option<f64>,
    #[serde(deserialize_with = "instant")]
    pub placed_at: Option<i64>,
    pub lines: List<Line>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    pub sku: Text,
    pub price: Option<f64>,
    pub qty: Option<i64>,
    pub tags: List<String>,
}
