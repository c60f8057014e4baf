//! The page of each code: what it is, why it matters, a wrong and a right example.
//!
//! Comes in: a code. Goes out: the text of `docs/diagnostics/J####.md`, put into the program when it is built.
//! Never true here: a code without a page (it would not compile, or the test below fails).

use super::Code;

macro_rules! pages {
    ($($id:literal,)*) => {
        const PAGES: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../../docs/diagnostics/", $id, ".md"))),)*];
    };
}

pages! {
    "J0101",
    "J0102",
    "J0103",
    "J0104",
    "J0105",
    "J0106",
    "J0107",
    "J0108",
    "J0201",
    "J0202",
    "J0203",
    "J0204",
    "J0205",
    "J0206",
    "J0207",
    "J0208",
    "J0209",
    "J0210",
    "J0211",
    "J0212",
    "J0213",
    "J0214",
    "J0215",
    "J0216",
    "J0217",
    "J0218",
    "J0219",
    "J0220",
    "J0301",
    "J0302",
    "J0303",
    "J0304",
    "J0305",
    "J0306",
    "J0307",
    "J0308",
    "J0309",
    "J0310",
    "J0311",
    "J0312",
    "J0401",
    "J0402",
    "J0403",
    "J0404",
    "J0405",
    "J0406",
    "J0407",
    "J0408",
    "J0409",
    "J0410",
    "J0411",
    "J0412",
    "J0501",
    "J0502",
    "J0503",
    "J0504",
    "J0601",
    "J0602",
    "J0701",
    "J0901",
    "J0902",
}

/// The page of a code, in Markdown.
pub fn page(code: Code) -> &'static str {
    PAGES
        .iter()
        .find(|(id, _)| *id == code.id())
        .map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_page_and_every_page_its_code() {
        for code in Code::ALL {
            let title = format!("# {} {}\n", code.id(), code.slug());
            assert!(
                page(*code).starts_with(&title),
                "{} has no page that starts with {title:?}",
                code.id()
            );
        }
        assert_eq!(PAGES.len(), Code::ALL.len());
    }
}
