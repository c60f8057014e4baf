//! Functions that the machine code calls: what a real back end would call too, since nobody inlines a search or a date parser.
//!
//! Comes in: a pointer, a length, a constant. Goes out: 0 or 1. Never true here: a pointer that is not the record's.

use bench_core::host::{bucket, in_last_days};
use bench_core::typed::Profile;
use bench_core::typed::conditions::{self, ends_with_ignoring_case};

/// What the code calls: text or profile, its length, a constant.
pub type Function = unsafe extern "C" fn(*const u8, usize, i64) -> u8;

/// The text of a slot; a missing one is empty, and every function below says no of that.
///
/// # Safety
///
/// `at` is null, or `len` bytes of a `str` that lives on.
unsafe fn text<'a>(at: *const u8, len: usize) -> &'a str {
    if at.is_null() {
        return "";
    }
    // SAFETY: the caller's promise.
    unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(at, len)) }
}

macro_rules! of_text {
    ($($(#[$doc:meta])* $name:ident = $test:expr;)*) => {$(
        $(#[$doc])*
        pub unsafe extern "C" fn $name(at: *const u8, len: usize, constant: i64) -> u8 {
            let test: fn(&str, i64) -> bool = $test;
            // SAFETY: the code hands on a slot of the record, as `text` asks.
            u8::from(test(unsafe { text(at, len) }, constant))
        }
    )*};
}

of_text! {
    /// An instant of the last so many days.
    recent = |text, days| in_last_days(text, days);
    /// A bucket below the constant.
    bucket_below = |text, limit| bucket(text, "spring-split") < limit;
    /// An address of the domain.
    of_domain = |text, _| ends_with_ignoring_case(text.trim(), "@example.com");
    /// A page of the checkout.
    in_checkout = |text, _| text.contains("/checkout/");
    /// A page whose name starts so.
    order_page = |text, _| text.starts_with("Order");
}

/// Whether the profile is in the segment: the hand-written condition itself, for a map is no slot.
pub unsafe extern "C" fn in_segment(profile: *const u8, _: usize, _: i64) -> u8 {
    // SAFETY: the code hands on the record's pointer to the profile, which lives as long as the record.
    let profile = unsafe { &*profile.cast::<Profile<'_>>() };
    u8::from(conditions::in_segment(profile))
}
