//! What stops an evaluation, and the fuel that bounds one.
//!
//! Comes in: costs. Goes out: [`Fault`] when a bound is met. Never true here: a fault that depends on the host; the same
//! program over the same data with the same fuel stops at the same place everywhere.

use std::fmt;

/// Why an evaluation stopped without an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The fuel given was used up.
    OutOfFuel,
    /// A value grew past the scratch limits (words or text).
    ScratchFull,
    /// The program or a record breaks a rule that the verifier or the decoder should have checked; says which.
    Corrupt(&'static str),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::OutOfFuel => f.write_str("the step used up its fuel"),
            Fault::ScratchFull => f.write_str("a value grew past the limit of one evaluation"),
            Fault::Corrupt(what) => write!(f, "corrupt program or record: {what}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Work that may still be done. One unit is about one instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Fuel(u64);

impl Fuel {
    /// More than this is never had: nobody spends it in a century.
    pub const MOST: u64 = (1 << 62) - 1;

    /// That many units, or [`Fuel::MOST`].
    #[inline]
    pub fn new(units: u64) -> Fuel {
        Fuel(units.min(Fuel::MOST))
    }

    /// Units left.
    #[inline]
    pub fn left(self) -> u64 {
        self.0
    }

    /// Takes `units`, or takes what is left and says [`Fault::OutOfFuel`].
    #[inline]
    pub fn take(&mut self, units: u64) -> Result<(), Fault> {
        match self.0.checked_sub(units) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => {
                self.0 = 0;
                Err(Fault::OutOfFuel)
            }
        }
    }
}
