//! The event's and the profile's schema, loaded once for all conditions.
//!
//! Comes in: `schemas/event.json` and `schemas/profile.json`. Goes out: what the checker stands on, and the types of both
//! documents. Never true here: a schema read while a condition is compiled.

use bench_core::root;
use journeyc::check::{self, Ground};
use journeyc::package::{MANIFEST_PATH, PackageInput};
use journeyc::source::{SourceFile, Sources};
use journeyc::types::Type;

const EVENT: &str = "https://ns.acme.example/schemas/workload-event";
const MANIFEST: &str = r#"
[package]
name = "workloads"
version = "1.0.0"

[schemas]
paths = ["schemas"]

[profile]
schema = "https://ns.acme.example/schemas/workload-profile"
"#;

/// The schemas, ready to check conditions over them.
pub struct Schemas {
    /// The package without any condition.
    pub input: PackageInput,
    /// Its manifest and schemas as the checker knows them.
    pub ground: Ground,
    /// The event.
    pub event: Type,
}

impl Schemas {
    /// Reads the files and imports them.
    pub fn load() -> Result<Schemas, String> {
        let mut files = vec![file(MANIFEST_PATH, MANIFEST.to_string())];
        for name in ["schemas/event.json", "schemas/profile.json"] {
            let text = std::fs::read_to_string(root().join(name));
            files.push(file(
                name,
                text.map_err(|error| format!("{name}: {error}"))?,
            ));
        }
        let input = PackageInput {
            sources: Sources::new(files),
            environment: None,
        };
        let ground = check::prepare(&input);
        let registry = ground.registry();
        let event = registry.schema(EVENT).ok_or("the event has no schema")?;
        let event = Type::from_xdm(registry, registry.root(event));
        Ok(Schemas {
            input,
            ground,
            event,
        })
    }
}

/// A file as a value.
pub fn file(path: &str, text: String) -> SourceFile {
    SourceFile {
        path: path.to_string(),
        text: text.into(),
    }
}
