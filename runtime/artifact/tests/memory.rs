//! Counts that lie must not make the reader reserve memory. Alone in its file: it looks at the whole process.
#![cfg(target_os = "linux")]

mod common;

use journey_artifact::format::rehash;
use journey_artifact::{read, write};

/// The largest address space that this process has had, in kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("status");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmPeak:"))
        .expect("VmPeak");
    line.trim()
        .trim_end_matches(" kB")
        .parse()
        .expect("a number")
}

#[test]
#[cfg_attr(miri, ignore = "it looks at the process, which is Miri's")]
fn lying_counts_reserve_little() {
    let bytes = write(&common::small());
    let _ = read(&bytes);
    let before = peak();
    // Every place in the tables gets a count of 268,435,455 (four bytes of varint), which is beyond what follows.
    for at in 284..bytes.len() - 4 {
        let mut bad = bytes.clone();
        bad[at..at + 4].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x7F]);
        rehash(&mut bad);
        let _ = read(&bad);
    }
    let grown = peak() - before;
    assert!(grown < 32 * 1024, "{grown} kB more");
}
