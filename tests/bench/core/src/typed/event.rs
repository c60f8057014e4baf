//! The event's fields that the conditions read: twenty-two, and the list of items with five each.
//!
//! Comes in: JSON. Goes out: [`Event`]. Never true here: a field that no condition reads.
#![allow(missing_docs)] // The fields are the document's; workloads say what they mean.

use super::Text;
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event<'a> {
    #[serde(borrow)]
    pub event_type: Option<Text<'a>>,
    #[serde(borrow)]
    pub timestamp: Option<Text<'a>>,
    #[serde(borrow)]
    pub web: Web<'a>,
    #[serde(borrow)]
    pub device: Device<'a>,
    #[serde(borrow)]
    pub environment: Environment<'a>,
    #[serde(borrow)]
    pub place_context: Place<'a>,
    #[serde(borrow)]
    pub marketing: Marketing<'a>,
    #[serde(borrow)]
    pub commerce: Commerce<'a>,
    #[serde(borrow, rename = "productListItems")]
    pub items: Vec<Item<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Web<'a> {
    #[serde(borrow, rename = "webPageDetails")]
    pub page: Page<'a>,
    #[serde(borrow, rename = "webReferrer")]
    pub referrer: Referrer<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Page<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(borrow, rename = "URL")]
    pub url: Option<Text<'a>>,
    #[serde(borrow)]
    pub site_section: Option<Text<'a>>,
    pub is_error_page: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Referrer<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Device<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Option<Text<'a>>,
    #[serde(borrow)]
    pub manufacturer: Option<Text<'a>>,
    pub screen_width: f64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Environment<'a> {
    #[serde(borrow, rename = "operatingSystem")]
    pub system: Option<Text<'a>>,
    #[serde(rename = "browserDetails")]
    pub browser: Browser,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Browser {
    pub cookies_enabled: bool,
    pub viewport_width: f64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Place<'a> {
    #[serde(borrow)]
    pub geo: Geo<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Geo<'a> {
    #[serde(borrow)]
    pub country_code: Option<Text<'a>>,
    #[serde(rename = "_schema")]
    pub point: Point,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Marketing<'a> {
    #[serde(borrow)]
    pub tracking_code: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Commerce<'a> {
    #[serde(borrow)]
    pub order: Order<'a>,
    #[serde(borrow)]
    pub shipping: Shipping<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Order<'a> {
    pub price_total: f64,
    pub discount_amount: f64,
    #[serde(borrow)]
    pub currency_code: Option<Text<'a>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shipping<'a> {
    #[serde(borrow, rename = "shippingMethod")]
    pub method: Option<Text<'a>>,
    #[serde(rename = "shippingAmount")]
    pub amount: f64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Item<'a> {
    #[serde(borrow, rename = "SKU")]
    pub sku: Option<Text<'a>>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub quantity: f64,
    pub price_total: f64,
    #[serde(borrow)]
    pub currency_code: Option<Text<'a>>,
}
