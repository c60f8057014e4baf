//! Raw XDM names to the names that data and journeys use.
//!
//! In: one raw property name and the namespace it is nested in. Out: the path of final names. Never true here: a look at any schema.
//!
//! The rules are those of the public schema registry: `xdm:` is the default prefix and falls away; `@id` is `_id`; any other prefix becomes a
//! nested object of its name (`repo:createDate` is `_repo.createDate`); a URI becomes the path below its host
//! (`https://ns.adobe.com/experience/campaign/journey` is `_experience.campaign.journey`); a URI nested in a field of the same URI namespace
//! is only its last word. Final names are left as they are, so renaming twice changes nothing.

/// Most words a URI name may become; a longer one stays one name, so that no name nests deeply.
const MAX_WORDS: usize = 16;

/// The path of final names that a raw property name stands for, inside a field whose raw URI namespace is `within`.
pub(super) fn rename(raw: &str, within: Option<&str>) -> Vec<String> {
    if let Some((namespace, last)) = split_uri(raw) {
        if within == Some(namespace) {
            return vec![last.to_owned()];
        }
        return uri_path(raw);
    }
    if raw.contains("://") {
        return vec![raw.to_owned()];
    }
    if let Some(keyword) = raw.strip_prefix('@') {
        return vec![format!("_{keyword}")];
    }
    match raw.split_once(':') {
        Some(("xdm", name)) if !name.is_empty() => vec![name.to_owned()],
        Some((prefix, name)) if !prefix.is_empty() && !name.is_empty() => {
            vec![format!("_{prefix}"), name.to_owned()]
        }
        _ => vec![raw.to_owned()],
    }
}

/// The namespace that names nested in this raw name lose, when it is a URI.
pub(super) fn namespace_of(raw: &str) -> Option<&str> {
    split_uri(raw).map(|(namespace, _)| namespace)
}

/// A URI name cut after its last `/`: `(https://h/a/, b)`.
fn split_uri(raw: &str) -> Option<(&str, &str)> {
    let scheme = raw.find("://")?;
    let trimmed = raw.trim_end_matches(['/', '#']);
    let cut = trimmed.rfind('/')?;
    if cut < scheme + 3 {
        return None;
    }
    Some((&trimmed[..=cut], &trimmed[cut + 1..]))
}

/// The words of a URI below its host, the first with an underscore; XDM's own namespace is the default one and falls away.
fn uri_path(raw: &str) -> Vec<String> {
    let after_scheme = raw.split_once("://").map_or(raw, |(_, rest)| rest);
    let below_host = after_scheme
        .split_once('/')
        .map_or(after_scheme, |(_, rest)| rest);
    let below_host = match below_host.strip_prefix("xdm/") {
        Some(rest) if !rest.is_empty() => rest,
        _ => below_host,
    };
    let mut path: Vec<String> = below_host
        .split(['/', '#'])
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let fits = path.len() <= MAX_WORDS;
    match path.first_mut() {
        Some(first) if fits => first.insert(0, '_'),
        _ => return vec![raw.to_owned()],
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_registry() {
        let cases: &[(&str, Option<&str>, &str)] = &[
            ("xdm:foo", None, "foo"),
            ("foo", None, "foo"),
            ("@id", None, "_id"),
            ("repo:createDate", None, "_repo.createDate"),
            (
                "https://ns.adobe.com/experience/campaign/orchestration",
                None,
                "_experience.campaign.orchestration",
            ),
            (
                "https://ns.adobe.com/xdm/channels/direct-mail",
                None,
                "_channels.direct-mail",
            ),
            (
                "https://ns.adobe.com/experience/j/nodeID",
                Some("https://ns.adobe.com/experience/j/"),
                "nodeID",
            ),
            (
                "https://ns.adobe.com/experience/j/k/nodeID",
                Some("https://ns.adobe.com/experience/j/"),
                "_experience.j.k.nodeID",
            ),
            ("_acme", None, "_acme"),
            ("*Pass", None, "*Pass"),
            (":", None, ":"),
            ("https://", None, "https://"),
        ];
        for (raw, within, path) in cases {
            assert_eq!(rename(raw, *within).join("."), *path, "{raw} in {within:?}");
        }
    }

    #[test]
    fn a_name_opens_its_own_namespace() {
        assert_eq!(
            namespace_of("https://ns.adobe.com/experience/j/stepEvents"),
            Some("https://ns.adobe.com/experience/j/")
        );
        assert_eq!(namespace_of("xdm:foo"), None);
    }
}
