//! Executable memory.
//!
//! Comes in: the bytes of compiled functions. Goes out: their entries, and the mapping that holds them. Pages are written first
//! and made executable after, and are never both; they go when the last program that runs them is dropped.
//! Never true here: an entry of something that the compiler of this crate did not make for it.
#![allow(unsafe_code)]

use journey_machine::eval::tier::{Compiled, Entry, Full, Leaf};
use memmap2::{Mmap, MmapMut};
use std::io;
use std::sync::Arc;

/// One function: its bytes, and how it is entered.
pub(crate) struct Function {
    /// Position-independent machine code without relocations.
    pub bytes: Vec<u8>,
    /// Where it is entered, in bytes from its beginning.
    pub entry: usize,
    /// Words of root rows that it takes to be there.
    pub needs: [usize; 3],
    /// Whether it wants more than rows.
    pub full: bool,
    /// Fuel that an evaluation costs at entry; code that wants only rows takes it itself.
    pub cost: u64,
}

/// Functions begin at multiples of this.
const ALIGN: usize = 32;

/// Puts functions into memory of their own; they share it.
pub(crate) fn install(functions: &[Function]) -> io::Result<Vec<Compiled>> {
    let mut starts = Vec::with_capacity(functions.len());
    let mut len = 0;
    for function in functions {
        starts.push(len);
        len = (len + function.bytes.len()).next_multiple_of(ALIGN);
    }
    let mut pages = MmapMut::map_anon(len.max(1))?;
    for (function, start) in functions.iter().zip(&starts) {
        pages[*start..*start + function.bytes.len()].copy_from_slice(&function.bytes);
    }
    let pages: Arc<Mmap> = Arc::new(pages.make_exec()?);
    let compiled = functions.iter().zip(starts).map(|(function, start)| {
        let address: *const u8 = pages[start + function.entry..].as_ptr();
        // SAFETY: at `address` stands a function that `compile` made for exactly this signature in the platform's C convention:
        // it reads the view within the lengths that the view says and root rows as far as it needs, writes nothing but the fuel and the registers it is given,
        // ends in one of the ways of `Answer`, and does not unwind. `memory` keeps the pages for as long as the entry is kept.
        let entry = unsafe {
            if function.full {
                let full = std::mem::transmute::<*const u8, Full>(address);
                Entry::Full(full, function.cost)
            } else {
                Entry::Leaf(std::mem::transmute::<*const u8, Leaf>(address))
            }
        };
        Compiled {
            entry,
            needs: function.needs,
            memory: pages.clone(),
        }
    });
    Ok(compiled.collect())
}
