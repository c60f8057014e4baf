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

/// At most so many bytes of a text, whole characters.
pub fn cut(text: &str) -> String {
    let mut end = text.len().min(TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
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
