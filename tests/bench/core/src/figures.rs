//! What is made of figures: means, and Markdown.
//!
//! Comes in: figures. Goes out: one figure of many, text. Never true here: more digits than a figure carries; a mean of nothing.

/// The geometric mean; `None` of no values.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0), |(sum, count), value| {
        (sum + value.ln(), count + 1)
    });
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

/// The median; `None` of no values.
pub fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        0 => Some((values.get(middle.checked_sub(1)?)? + values[middle]) / 2.0),
        _ => Some(values[middle]),
    }
}

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

    #[test]
    fn means() {
        let mean = geometric_mean([2.0, 8.0]).unwrap_or(0.0);
        assert!((mean - 4.0).abs() < 1e-12, "{mean}");
        assert_eq!(geometric_mean([]), None);
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0]), Some(2.5));
        assert_eq!(median([]), None);
    }
}
