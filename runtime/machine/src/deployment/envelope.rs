//! The platform's streaming envelope: `{"header": …, "body": {"xdmMeta": …, "xdmEntity": …}}`.
//!
//! Comes in: the bytes of an event. Goes out: the bytes of the bare entity and the schema the envelope names, if it is one.
//! Never true here: a look inside the entity.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// The entity, and what the envelope said of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entity<'a> {
    /// The bare entity.
    pub bytes: &'a [u8],
    /// `$id` of its schema.
    pub schema: Option<String>,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    header: Header,
    #[serde(borrow)]
    body: Body<'a>,
}

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "schemaRef")]
    schema_ref: Option<SchemaRef>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(rename = "xdmMeta")]
    meta: Option<Meta>,
    #[serde(rename = "xdmEntity", borrow)]
    entity: &'a RawValue,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "schemaRef")]
    schema_ref: Option<SchemaRef>,
}

#[derive(Deserialize)]
struct SchemaRef {
    id: Option<String>,
    #[serde(rename = "contentType")]
    _content_type: Option<IgnoredAny>,
}

/// The member of an envelope that the entity is in.
pub const BODY: &str = "body";

/// Whether bytes begin as envelopes do; nothing follows from it but where it is worth looking first.
pub fn is_likely(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{\"header\"") || bytes.starts_with(b"{\"body\"")
}

/// Takes the entity out of an envelope; what is none is the entity itself.
pub fn entity(bytes: &[u8]) -> Entity<'_> {
    match serde_json::from_slice::<Envelope>(bytes) {
        Ok(envelope) => {
            let meta = envelope.body.meta.and_then(|meta| meta.schema_ref);
            let schema = meta
                .or(envelope.header.schema_ref)
                .and_then(|schema| schema.id);
            Entity {
                bytes: envelope.body.entity.get().as_bytes(),
                schema,
            }
        }
        Err(_) => Entity {
            bytes,
            schema: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_opened() {
        let text = br#"{"header":{"schemaRef":{"id":"h","contentType":"x"},"imsOrgId":"o"},"body":{"xdmMeta":{"schemaRef":{"id":"m"}},"xdmEntity":{"a":[1, 2]}}}"#;
        assert_eq!(
            entity(text),
            Entity {
                bytes: br#"{"a":[1, 2]}"#,
                schema: Some("m".into())
            }
        );
        let text = br#"{"body":{"xdmEntity":{"a":1}},"header":{"schemaRef":{"id":"h"}}}"#;
        assert_eq!(
            entity(text),
            Entity {
                bytes: br#"{"a":1}"#,
                schema: Some("h".into())
            }
        );
        let text = br#"{"header":{},"body":{"xdm\u0045ntity":{"a":1}}}"#;
        assert_eq!(entity(text).bytes, br#"{"a":1}"#);
    }

    #[test]
    fn what_is_no_envelope_is_the_entity() {
        for text in [
            r#"{"a":1}"#,
            r#"{"body":{"xdmEntity":{}}}"#,
            r#"{"note":"\"xdmEntity\""}"#,
            r#"{"xdmEntity""#,
            "[]",
            "",
        ] {
            assert_eq!(
                entity(text.as_bytes()),
                Entity {
                    bytes: text.as_bytes(),
                    schema: None
                },
                "{text}"
            );
        }
    }
}
