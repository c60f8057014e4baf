//! Numbers and rows as Markdown.
//!
//! Comes in: figures. Goes out: text. Never true here: more digits than a figure carries.

use crate::rounds::Figure;

/// Three digits that say something.
pub fn number(value: f64) -> String {
    match value.abs() {
        v if v == 0.0 || (v >= 1.0 && v.fract() == 0.0 && v < 1e6) => format!("{value:.0}"),
        v if v < 0.1 => format!("{value:.3}"),
        v if v < 10.0 => format!("{value:.2}"),
        v if v < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

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

/// A row of cells.
pub fn row<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line.push_str(cell.as_ref());
        line.push_str(" |");
    }
    line + "\n"
}

/// A heading row: the first `left` columns are words, the others numbers.
pub fn head(cells: &[&str], left: usize) -> String {
    let rule = (0..cells.len()).map(|ix| if ix < left { "---" } else { "--:" });
    row(cells) + &row(rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits() {
        let all = [0.0, 0.0123, 0.25, 1.0, 1.234, 12.34, 1234.5, 12.0];
        let text = all.map(number);
        assert_eq!(
            text,
            ["0", "0.012", "0.25", "1", "1.23", "12.3", "1234", "12"]
        );
    }
}
