//! The event's fields that the conditions read.
//!
//! Comes in: JSON. Goes out: [`Event`]. Never true here: a field that no condition reads.
#![allow(missing_docs)] // The fields are the document's; the conditions say what they mean.

use super::{Identity, List, Map, Point, Text, instant, moment};
use crate::calendar::Moment;
use serde::Deserialize;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    #[serde(deserialize_with = "instant")]
    pub timestamp: Option<i64>,
    pub identity_map: Map<Vec<Option<Identity>>>,
    pub web: Web,
    pub device: Device,
    pub environment: Environment,
    pub place_context: Place,
    pub marketing: Marketing,
    pub commerce: Commerce,
    #[serde(rename = "productListItems")]
    pub items: List<Item>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Web {
    #[serde(rename = "webPageDetails")]
    pub page: Page,
    #[serde(rename = "webReferrer")]
    pub referrer: Referrer,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Page {
    pub name: Text,
    #[serde(rename = "URL")]
    pub url: Text,
    pub site_section: Text,
    pub view_name: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Referrer {
    #[serde(rename = "URL")]
    pub url: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Device {
    pub manufacturer: Text,
    pub model: Text,
    pub screen_width: Option<i64>,
    pub color_depth: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Environment {
    pub operating_system: Text,
    pub operating_system_version: Text,
    pub language: Text,
    #[serde(rename = "browserDetails")]
    pub browser: Browser,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Browser {
    pub version: Text,
    pub user_agent: Text,
    pub accept_language: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Place {
    #[serde(deserialize_with = "moment")]
    pub local_time: Option<Moment>,
    pub geo: Geo,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Geo {
    #[serde(rename = "_schema")]
    pub point: Point,
    pub country_code: Text,
    pub state_province: Text,
    pub city: Text,
    pub postal_code: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Marketing {
    pub campaign_name: Text,
    pub campaign_group: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Commerce {
    pub order: Order,
    pub shipping: Shipping,
    pub cart: Cart,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Order {
    pub price_total: Option<f64>,
    pub discount_amount: Option<f64>,
    pub tax_amount: Option<f64>,
    #[serde(deserialize_with = "instant")]
    pub created_date: Option<i64>,
    pub payments: List<Payment>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Payment {
    pub payment_type: Text,
    pub payment_amount: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Shipping {
    #[serde(rename = "shippingMethod")]
    pub method: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Cart {
    #[serde(rename = "cartSource")]
    pub source: Text,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Item {
    #[serde(rename = "SKU")]
    pub sku: Text,
    pub name: Text,
    pub quantity: Option<i64>,
    pub price_total: Option<f64>,
    pub currency_code: Text,
    pub discount_amount: Option<f64>,
    pub in_stock: Option<bool>,
    #[serde(rename = "productCategories")]
    pub categories: List<Category>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Category {
    #[serde(rename = "categoryID")]
    pub id: Text,
}
