//! Did-you-mean: the nearest of some names, by edits (insert, delete, replace, swap neighbours), ignoring case.
//!
//! Never true here: a suggestion further off than a third of the word, or one that shares no letter with it.

/// Letters of a name that are compared.
const LETTERS: usize = 64;

/// The nearest name, if one is near enough; the first of equally near ones.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters = wrong.chars().count();
    // Only what is nearer than the nearest so far is looked for.
    let mut within = (letters.max(3) / 3).min(4).min(letters.saturating_sub(1));
    let (mut memory, mut other) = (['\0'; LETTERS], ['\0'; LETTERS]);
    let wrong_lower = lower(wrong, &mut memory);
    let mut near = None;
    for name in names.into_iter().filter(|name| *name != wrong) {
        let distance = distance(wrong_lower, lower(name, &mut other), within);
        if distance <= within {
            near = Some(name);
            match distance.checked_sub(1) {
                Some(nearer) => within = nearer,
                None => break,
            }
        }
    }
    near
}

/// The first letters of a text, in lower case.
fn lower<'m>(text: &str, memory: &'m mut [char; LETTERS]) -> &'m [char] {
    let letters = text.chars().flat_map(char::to_lowercase);
    let count = memory.iter_mut().zip(letters).map(|(slot, c)| *slot = c);
    let count = count.count();
    &memory[..count]
}

/// Edit distance (optimal string alignment), or more than `within` as soon as it is sure to be. Of the table of distances only the cells
/// no further than that off the diagonal are worked out, and the last three rows are kept.
fn distance(mut a: &[char], mut b: &[char], within: usize) -> usize {
    let far = within + 1;
    // What both begin and end with costs nothing.
    while let ([first, a_rest @ ..], [other, b_rest @ ..]) = (a, b)
        && first == other
    {
        (a, b) = (a_rest, b_rest);
    }
    while let ([a_rest @ .., last], [b_rest @ .., other]) = (a, b)
        && last == other
    {
        (a, b) = (a_rest, b_rest);
    }
    if a.len().abs_diff(b.len()) > within {
        return far;
    }
    let mut rows = [[far; LETTERS + 1]; 3];
    for (j, cell) in rows[0].iter_mut().take(far).enumerate() {
        *cell = j;
    }
    let mut least_before = 0;
    for i in 1..=a.len() {
        let (now, last, before) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        let (from, to) = (i.saturating_sub(within), (i + within).min(b.len()));
        let mut left = far;
        let mut least = far;
        for j in from..=to {
            let mut best = i;
            if j > 0 {
                let cost = usize::from(a[i - 1] != b[j - 1]);
                best = (rows[last][j] + 1)
                    .min(left + 1)
                    .min(rows[last][j - 1] + cost);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[before][j - 2] + 1);
                }
            }
            rows[now][j] = best;
            left = best;
            least = least.min(best);
        }
        // What the next row reads beside the cells of this one.
        if let Some(beyond) = rows[now].get_mut(to + 1) {
            *beyond = far;
        }
        if from > 0 {
            rows[now][from - 1] = far;
        }
        // A swap reaches over one row.
        if least > within && least_before > within {
            return far;
        }
        least_before = least;
    }
    rows[a.len() % 3][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, distance, nearest};

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

    /// The whole table.
    fn whole(a: &[char], b: &[char]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                if i == 0 || j == 0 {
                    rows[i][j] = i + j;
                    continue;
                }
                let cost = usize::from(a[i - 1] != b[j - 1]);
                let near = rows[i - 1][j].min(rows[i][j - 1]) + 1;
                rows[i][j] = near.min(rows[i - 1][j - 1] + cost);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
                }
            }
        }
        rows[a.len()][b.len()]
    }

    #[test]
    fn the_cells_that_are_left_out_decide_nothing() {
        let mut state = 1_u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..20_000 {
            let mut word = || -> Vec<char> {
                (0..below(9))
                    .map(|_| char::from(b'a' + below(3) as u8))
                    .collect()
            };
            let (a, b) = (word(), word());
            let exact = whole(&a, &b);
            for within in 0..5 {
                let found = distance(&a, &b, within);
                assert_eq!(found.min(within + 1), exact.min(within + 1), "{a:?} {b:?}");
            }
        }
        let long = ['x'; LETTERS];
        assert_eq!(distance(&long, &long, 4), 0);
        assert_eq!(distance(&long, &long[3..], 4), 3);
    }
}
