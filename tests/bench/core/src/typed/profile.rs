//! The profile's fields that the conditions read.
//!
//! Comes in: JSON. Goes out: [`Profile`]. Never true here: a field that no condition reads.
#![allow(missing_docs)] // The fields are the document's; workloads say what they mean.

use super::Text;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Profile<'a> {
    #[serde(borrow, rename = "_id")]
    pub id: Option<Text<'a>>,
    #[serde(borrow)]
    pub person: Person<'a>,
    #[serde(borrow, rename = "personalEmail")]
    pub email: Email<'a>,
    #[serde(borrow)]
    pub consents: Consents<'a>,
    #[serde(borrow)]
    pub loyalty: Loyalty<'a>,
    #[serde(borrow)]
    pub work_address: Option<Address<'a>>,
    #[serde(borrow)]
    pub billing_address: Option<Address<'a>>,
    #[serde(borrow, rename = "segmentMembership")]
    pub segments: Segments<'a>,
    pub metrics: Metrics,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Person<'a> {
    #[serde(borrow)]
    pub gender: Option<Text<'a>>,
    pub birth_year: f64,
    #[serde(borrow)]
    pub marital_status: Option<Text<'a>>,
    #[serde(borrow)]
    pub nationality: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Email<'a> {
    #[serde(borrow)]
    pub address: Option<Text<'a>>,
    #[serde(borrow)]
    pub status: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Consents<'a> {
    #[serde(borrow)]
    pub marketing: MarketingConsents<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MarketingConsents<'a> {
    #[serde(borrow)]
    pub email: Consent<'a>,
    #[serde(borrow)]
    pub sms: Consent<'a>,
    #[serde(borrow)]
    pub push: Consent<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Consent<'a> {
    #[serde(borrow)]
    pub val: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Loyalty<'a> {
    #[serde(borrow)]
    pub tier_override: Option<Text<'a>>,
    #[serde(borrow)]
    pub tier: Option<Text<'a>>,
    pub points: f64,
    #[serde(borrow)]
    pub program: Option<Text<'a>>,
    #[serde(borrow)]
    pub status: Option<Text<'a>>,
    #[serde(borrow)]
    pub join_date: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Address<'a> {
    #[serde(borrow)]
    pub city: Option<Text<'a>>,
    #[serde(borrow)]
    pub country_code: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Segments<'a> {
    #[serde(borrow)]
    pub ups: BTreeMap<Text<'a>, Membership<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Membership<'a> {
    #[serde(borrow)]
    pub status: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Metrics {
    pub lifetime_value: f64,
    pub average_order_value: f64,
    pub order_count: f64,
    pub churn_score: f64,
    pub email_open_rate: f64,
}
