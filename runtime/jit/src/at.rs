//! Where references in registers point.
//!
//! Never true here: a guess; what is not known is [`At::Somewhere`].

use journey_artifact::word::{Ref, Region};

/// Where the word in a register points, if it is a reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum At {
    /// Not known, or no reference.
    Somewhere,
    /// The root row of this record (0 profile, 1 variables, 2 input).
    Root(u8),
    /// A row of this record that was seen to lie within it.
    Row(u8),
    /// Something in this record.
    Record(u8),
    /// This constant's text.
    Text(u16),
    /// A row or list that the evaluation has made.
    Made,
    /// Something in a record or among the constants, one way or another.
    Fixed,
}

impl At {
    /// What both agree on.
    pub fn meet(self, other: At) -> At {
        match (self, other) {
            (a, b) if a == b => a,
            (a, b) => match (a.record(), b.record()) {
                (Some(x), Some(y)) if x == y => At::Record(x),
                _ if a.is_open() || b.is_open() => At::Somewhere,
                _ => At::Fixed,
            },
        }
    }

    /// The record it points into.
    pub fn record(self) -> Option<u8> {
        match self {
            At::Root(k) | At::Row(k) | At::Record(k) => Some(k),
            At::Somewhere | At::Made | At::Text(_) | At::Fixed => None,
        }
    }

    /// Whether it may be something that the evaluation has made.
    pub fn is_open(self) -> bool {
        matches!(self, At::Somewhere | At::Made)
    }
}

/// Where the word in a register points. A field that an instruction does not use, or the start of no arguments, may be no register.
pub(crate) fn at(registers: &[At], register: u8) -> At {
    let known = registers.get(usize::from(register));
    known.copied().unwrap_or(At::Somewhere)
}

/// A reference to what begins a record and has so many bytes or rows.
pub(crate) fn reference(record: u8, len: u32) -> i64 {
    let region = [Region::Profile, Region::Vars, Region::Input][usize::from(record)];
    Ref::new(region, len, 0).0 as i64
}

/// Where registers point before each instruction.
pub(crate) struct Before {
    /// Registers of a place.
    width: usize,
    /// Place after place.
    known: Vec<At>,
    is_reached: Vec<bool>,
}

impl Before {
    /// So many places, none of them reached.
    pub fn new(places: usize, width: usize) -> Before {
        Before {
            width,
            known: vec![At::Somewhere; places * width],
            is_reached: vec![false; places],
        }
    }

    /// Where registers point before an instruction; `None` for one that is not reached.
    pub fn get(&self, place: usize) -> Option<&[At]> {
        let is_reached = *self.is_reached.get(place)?;
        is_reached.then(|| &self.known[place * self.width..][..self.width])
    }

    /// From here on nothing is known of a register before an instruction.
    pub fn forget(&mut self, place: usize, register: u8) {
        self.known[place * self.width..][usize::from(register)] = At::Somewhere;
    }

    /// A way to an instruction on which registers point like this.
    pub fn arrive(&mut self, place: usize, registers: &[At]) {
        let known = &mut self.known[place * self.width..][..self.width];
        if std::mem::replace(&mut self.is_reached[place], true) {
            for (a, b) in known.iter_mut().zip(registers) {
                *a = a.meet(*b);
            }
        } else {
            known.copy_from_slice(registers);
        }
    }
}
