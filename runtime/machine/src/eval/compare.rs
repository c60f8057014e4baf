//! What the interpreter's comparisons are: of words, by the type that their instruction knows.
//!
//! Never true here: a tag; a word of another type gives some answer.

use super::step::dec;
use journey_artifact::word::date_time_ms;

macro_rules! comparisons {
    ($($name:ident: |$x:ident, $y:ident| $holds:expr;)*) => {
        $(#[inline(always)]
        pub(super) fn $name($x: u64, $y: u64) -> bool {
            $holds
        })*
    };
}

comparisons! {
    eq_i: |x, y| x == y;
    lt_i: |x, y| (x as i64) < y as i64;
    le_i: |x, y| x as i64 <= y as i64;
    gt_i: |x, y| x as i64 > y as i64;
    ge_i: |x, y| x as i64 >= y as i64;
    eq_d: |x, y| dec(x) == dec(y);
    lt_d: |x, y| dec(x) < dec(y);
    le_d: |x, y| dec(x) <= dec(y);
    gt_d: |x, y| dec(x) > dec(y);
    ge_d: |x, y| dec(x) >= dec(y);
    eq_t: |x, y| date_time_ms(x) == date_time_ms(y);
    lt_t: |x, y| date_time_ms(x) < date_time_ms(y);
    le_t: |x, y| date_time_ms(x) <= date_time_ms(y);
}
