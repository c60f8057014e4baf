//! Numbers and rows as Markdown.
//!
//! Comes in: figures. Goes out: text. Never true here: more digits than a figure carries.

use crate::rounds::Figure;
pub use bench_core::figures::{head, number, row};

/// The median, or a dash.
pub fn median(figure: Option<Figure>) -> String {
    figure.map_or("–".into(), |f| number(f.median))
}

/// The median of nanoseconds in microseconds, or a dash.
pub fn micros(figure: Option<Figure>) -> String {
    figure.map_or("–".into(), |f| number(f.median / 1000.0))
}

/// From the least to the greatest.
pub fn range(figure: Option<Figure>) -> String {
    figure.map_or("–".into(), |f| {
        format!("{}–{}", number(f.least), number(f.greatest))
    })
}
