//! Where a call goes.
//!
//! Comes in: an address, with a mark behind data that would be no part of it. Goes out: the address, without marks; none where such
//! data stands alone. Never here: an address that data leads elsewhere.

use crate::func::NO_SEGMENT;

/// The address; `None` where a segment of its path, or a part of its host's name, is nothing but data that is empty or dots: whoever
/// reads addresses takes it for a way up, or for the whole of which one thing was meant.
pub(super) fn address(written: String) -> Option<String> {
    if !written.contains(NO_SEGMENT) {
        return Some(written);
    }
    let behind = written.find("://").map_or(0, |at| at + 3);
    let rest = &written[behind..];
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.split('.').any(is_none) || path.split('/').any(is_way) {
        return None;
    }
    Some(written.replace(NO_SEGMENT, ""))
}

/// Whether nothing stands here, and data should.
fn is_none(part: &str) -> bool {
    !part.is_empty() && part.chars().all(|c| c == NO_SEGMENT)
}

/// The same, or what leads up or nowhere.
fn is_way(segment: &str) -> bool {
    let is_marked = segment.contains(NO_SEGMENT);
    let dots = segment.chars().filter(|c| *c != NO_SEGMENT);
    is_marked && dots.clone().all(|c| c == '.') && dots.count() <= 2
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn data_is_no_way() {
        for (written, goes) in [
            (
                "https://x.example/a/../b//c/",
                Some("https://x.example/a/../b//c/"),
            ),
            ("https://x.example/\0", None),
            ("https://x.example/a/\0/b", None),
            ("https://x.example/a/..\0/b", None),
            ("https://x.example/a/.\0.\0", None),
            ("https://x.example/.\0?q=1", None),
            ("https://x.example/a\0", Some("https://x.example/a")),
            ("https://x.example/...\0", Some("https://x.example/...")),
            (
                "https://x.example/a?q=\0&r=..\0/#\0",
                Some("https://x.example/a?q=&r=../#"),
            ),
            ("https://\0.example/a", None),
            ("https://\0?a", None),
            ("https://\0x.example:1", Some("https://x.example:1")),
            ("\0", None),
        ] {
            assert_eq!(address(written.into()).as_deref(), goes, "{written:?}");
        }
    }
}
