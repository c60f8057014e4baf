//! Did-you-mean: the nearest of some names, by edits (insert, delete, replace, swap neighbours), ignoring case.
//!
//! Never true here: a suggestion further off than a third of the word, or one that shares no letter with it.

/// The nearest name, if one is near enough; the first of equally near ones.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = wrong.chars().count();
    let limit = (letters.max(3) / 3).min(4);
    let wrong_lower = wrong.to_lowercase();
    names
        .into_iter()
        .filter(|name| *name != wrong)
        .map(|name| (distance(&wrong_lower, &name.to_lowercase(), limit), name))
        .filter(|(d, _)| *d <= limit && *d < letters)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

/// Edit distance (optimal string alignment), or more than `limit` as soon as it is sure to be.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.chars().take(64).collect(), b.chars().take(64).collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let width = b.len() + 1;
    let mut rows = vec![0usize; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i * width + j] = if i == 0 || j == 0 {
                i + j
            } else {
                let cost = usize::from(a[i - 1] != b[j - 1]);
                let mut best = (rows[(i - 1) * width + j] + 1)
                    .min(rows[i * width + j - 1] + 1)
                    .min(rows[(i - 1) * width + j - 1] + cost);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[(i - 2) * width + j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["priceTotal", "quantity", "SKU", "name"];
        assert_eq!(nearest("pricetotl", names), Some("priceTotal"));
        assert_eq!(nearest("quantiyt", names), Some("quantity"));
        assert_eq!(nearest("sku", names), Some("SKU"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!(nearest("x", ["a", "y"]), None);
        assert_eq!(nearest("x", ["a", "X"]), Some("X"));
        assert_eq!(nearest("", ["a"]), None);
    }
}
