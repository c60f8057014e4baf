//! Criterion in CPU time of the thread.
//!
//! Comes in: a closure. Goes out: the median of its time in nanoseconds. Other work on the machine that preempts us does not
//! count; it still disturbs the caches, so ratios are taken within a round and rounds are repeated.
//! Never true here: wall-clock time.

use crate::root;
use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{Criterion, Throughput};
use std::path::PathBuf;
use std::time::Duration;

/// CPU time that this thread has used, in nanoseconds.
pub fn thread_ns() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock exists on every Linux, and the place to write to is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Criterion's measurement by [`thread_ns`].
pub struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = u64;
    type Value = u64;

    fn start(&self) -> u64 {
        thread_ns()
    }

    fn end(&self, start: u64) -> u64 {
        thread_ns() - start
    }

    fn add(&self, a: &u64, b: &u64) -> u64 {
        a + b
    }

    fn zero(&self) -> u64 {
        0
    }

    fn to_f64(&self, value: &u64) -> f64 {
        *value as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Nanoseconds
    }
}

struct Nanoseconds;

impl ValueFormatter for Nanoseconds {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "ns"
    }

    fn scale_throughputs(&self, _: f64, _: &Throughput, _: &mut [f64]) -> &'static str {
        "ns"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "ns"
    }
}

/// A criterion set up for this house.
pub struct Clock {
    criterion: Criterion<CpuTime>,
    folder: PathBuf,
}

impl Clock {
    /// A clock whose estimates lie below `target/criterion` under a name. `PB_WARM_MS` (80) and `PB_MEASURE_MS` (300) are
    /// the milliseconds that each figure is warmed up and measured for.
    pub fn new(name: &str) -> Clock {
        let folder = root().join("target/criterion").join(name);
        // What an earlier run left is of no interest, and may not be there.
        let _ = std::fs::remove_dir_all(&folder);
        let ms = |name: &str, default: u64| {
            let set = std::env::var(name).ok().and_then(|n| n.parse().ok());
            Duration::from_millis(set.unwrap_or(default))
        };
        let criterion = Criterion::default()
            .with_measurement(CpuTime)
            .without_plots()
            .sample_size(20)
            .nresamples(1000)
            .warm_up_time(ms("PB_WARM_MS", 80))
            .measurement_time(ms("PB_MEASURE_MS", 300))
            .output_directory(&folder);
        Clock { criterion, folder }
    }

    /// The median of 20 samples of one call's time, in nanoseconds.
    pub fn median<T>(&mut self, id: &str, mut f: impl FnMut() -> T) -> f64 {
        self.criterion.bench_function(id, |b| b.iter(&mut f));
        let path = self.folder.join(id).join("new/estimates.json");
        let text = std::fs::read(&path).expect("criterion wrote its estimates");
        let estimates: serde_json::Value = serde_json::from_slice(&text).expect("they are JSON");
        estimates["median"]["point_estimate"]
            .as_f64()
            .expect("with a median")
    }
}
