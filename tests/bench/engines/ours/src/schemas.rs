//! The event's and the profile's schema, loaded once for all conditions.
//!
//! Comes in: `schemas/event.json` and `schemas/profile.json`. Goes out: what the checker stands on, and the types of both
//! documents. Never true here: a schema read while a condition is compiled.

use bench_core::root;
use journeyc::check::{self, Ground};
use journeyc::condition::Workbench;
use journeyc::package::{MANIFEST_PATH, PackageInput};
use journeyc::source::{SourceFile, Sources};
use journeyc::types::Type;

/// The event's schema.
pub const EVENT_FILE: &str = "schemas/event.json";
/// The profile's.
pub const PROFILE_FILE: &str = "schemas/profile.json";

const EVENT: &str = "https://ns.acme.example/schemas/workload-event";
const PROFILE: &str = "https://ns.acme.example/schemas/workload-profile";
const MANIFEST: &str = r#"
[package]
name = "workloads"
version = "1.0.0"

[schemas]
paths = ["schemas"]

[profile]
schema = "https://ns.acme.example/schemas/workload-profile"
"#;

/// The schemas, ready to check conditions over them. They last as long as the process, so that workbenches may borrow them.
#[derive(Clone, Copy)]
pub struct Schemas {
    /// The package without any condition.
    input: &'static PackageInput,
    /// Its manifest and schemas as the checker knows them.
    pub ground: &'static Ground,
}

impl Schemas {
    /// Reads the files and imports them.
    pub fn load() -> Result<Schemas, String> {
        Ok(Schemas::of(text(EVENT_FILE)?, text(PROFILE_FILE)?))
    }

    /// Imports these: a profile's schema may have more fields than the file, under the same name.
    pub fn of(event: String, profile: String) -> Schemas {
        let files = vec![
            file(MANIFEST_PATH, MANIFEST.to_string()),
            file(EVENT_FILE, event),
            file(PROFILE_FILE, profile),
        ];
        let input: &PackageInput = Box::leak(Box::new(PackageInput {
            sources: Sources::new(files),
            environment: None,
        }));
        Schemas {
            input,
            ground: Box::leak(Box::new(check::prepare(input))),
        }
    }

    /// A workbench for conditions on an event of the schema, called `event`.
    pub fn workbench(self) -> Result<Workbench<'static>, String> {
        let workbench = Workbench::new(self.ground, self.input, &[]);
        let on_event = workbench.on_event("event", EVENT);
        on_event.map_err(|_| format!("there is no schema {EVENT}"))
    }

    /// The event's type.
    pub fn event(self) -> Result<Type, String> {
        self.of_schema(EVENT)
    }

    /// The profile's type.
    pub fn profile(self) -> Result<Type, String> {
        self.of_schema(PROFILE)
    }

    fn of_schema(self, id: &str) -> Result<Type, String> {
        let registry = self.ground.registry();
        let schema = registry
            .schema(id)
            .ok_or(format!("there is no schema {id}"))?;
        Ok(Type::from_xdm(registry, registry.root(schema)))
    }
}

/// The text of a file of the house.
pub fn text(name: &str) -> Result<String, String> {
    let text = std::fs::read_to_string(root().join(name));
    text.map_err(|error| format!("{name}: {error}"))
}

/// A file as a value.
fn file(path: &str, text: String) -> SourceFile {
    SourceFile {
        path: path.to_string(),
        text: text.into(),
    }
}
