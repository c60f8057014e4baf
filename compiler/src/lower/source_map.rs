//! Where chunks and nodes are written, for traces. A change of a comment changes this and nothing else.

use crate::hir::Program;
use crate::source::{FileId, Sources, Span};
use journey_artifact::model::{Place, SourceMap};
use std::collections::HashMap;

/// Bytes of source text kept with a place.
const TEXT: usize = 200;

/// The map of a program's chunks and nodes.
pub fn of(program: &Program, chunks: &[Span], nodes: &[Vec<Span>], sources: &Sources) -> SourceMap {
    let files = Files::new(sources);
    SourceMap {
        chunks: chunks.iter().map(|span| files.place(*span)).collect(),
        nodes: nodes
            .iter()
            .map(|spans| spans.iter().map(|span| files.place(*span)).collect())
            .collect(),
        docs: program
            .journeys
            .iter()
            .map(|journey| journey.doc.clone())
            .collect(),
        files: files.names,
    }
}

/// What is left out of a text.
const LEFT_OUT: &str = " …";

/// At most so many bytes of a text; one that is longer ends behind a word, and says that it goes on.
pub fn cut(text: &str) -> String {
    if text.len() <= TEXT {
        return text.to_owned();
    }
    let mut end = TEXT - LEFT_OUT.len();
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (kept, rest) = text.split_at(end);
    let is_whole = rest.starts_with(char::is_whitespace);
    // A word that is longer than that is cut.
    let words = kept.rfind(char::is_whitespace).filter(|_| !is_whole);
    let kept = words.map_or(kept, |end| &kept[..end]);
    format!("{}{LEFT_OUT}", kept.trim_end())
}

/// The `.journey` files, and where their lines start.
struct Files<'s> {
    sources: &'s Sources,
    names: Vec<String>,
    known: HashMap<FileId, (u32, Vec<u32>)>,
}

impl<'s> Files<'s> {
    fn new(sources: &'s Sources) -> Files<'s> {
        let mut files = Files {
            sources,
            names: Vec::new(),
            known: HashMap::new(),
        };
        for (id, file) in sources
            .iter()
            .filter(|(_, file)| file.path.ends_with(".journey"))
        {
            let breaks = file
                .text
                .bytes()
                .enumerate()
                .filter(|(_, b)| *b == b'\n')
                .map(|(at, _)| at as u32 + 1);
            files.known.insert(
                id,
                (
                    files.names.len() as u32,
                    [0].into_iter().chain(breaks).collect(),
                ),
            );
            files.names.push(file.path.clone());
        }
        files
    }

    fn place(&self, span: Span) -> Place {
        let Some((file, lines)) = self.known.get(&span.file) else {
            return Place::default();
        };
        let line = lines.partition_point(|start| *start <= span.start) as u32;
        Place {
            file: *file,
            start: span.start,
            end: span.end.max(span.start),
            line,
            text: cut(self.sources.text(span)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_behind_a_word_and_says_so() {
        let short = "é".repeat(TEXT / 2);
        assert_eq!(cut(&short), short);
        for word in ["a.b ", "profile.n == 1000 or\n    ", "\"é\" "] {
            let text = word.repeat(TEXT);
            let told = cut(&text);
            let kept = told.strip_suffix(LEFT_OUT).expect(&told);
            assert!(text.starts_with(kept) && told.len() <= TEXT, "{told}");
            assert!(
                text[kept.len()..].starts_with(char::is_whitespace),
                "{told}"
            );
            assert!(told.len() > TEXT - word.len() - LEFT_OUT.len(), "{told}");
        }
        let one = cut(&"é".repeat(TEXT));
        assert!(one.len() >= TEXT - 1 && one.ends_with(LEFT_OUT), "{one}");
    }
}
