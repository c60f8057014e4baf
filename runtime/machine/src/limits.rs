//! Every number that bounds what input can grow, in one place, with what happens at the bound.
//!
//! Comes in: nothing. Goes out: constants. Never true here: a limit without a coded refusal.

/// Instances one person may have at a time; one more entrance is refused as `tooManyInstances`.
pub const INSTANCES: usize = 64;

/// Instance keys of one person that re-entrance rules still ask for; an entrance that needs one more is refused as `tooManyKeys`.
pub const MARKS: usize = 256;

/// Recent event ids one person remembers. When full, the one that would be forgotten soonest goes early.
pub const RECENT: usize = 512;

/// Nodes one `advance` runs before it hands back with `more`.
pub const NODES_PER_ADVANCE: u32 = 1_000;

/// Nodes an instance may run without parking; one more ends it as failed with `runaway`.
pub const NODES_WITHOUT_PARKING: u32 = 100_000;

/// Bytes of an identity, a namespace or an instance key; a longer one counts as no identity.
pub const IDENTITY_BYTES: usize = 1_024;

/// Bytes of the variables a waiting instance keeps; more ends it as failed with `tooLarge`.
pub const VARIABLE_BYTES: usize = 64 * 1_024;

/// Milliseconds a call may stay without any answer beyond its own timeout and queue time, before it counts as timed out.
pub const CALL_GRACE_MS: i64 = 3_600_000;

/// Longest stay when a journey's own expiry cannot be computed (a date beyond the calendar), in milliseconds: 10 years.
pub const STAY_MS: i64 = 3_653 * 86_400_000;

/// Fuel of one evaluation; more ends the instance as failed with `fault`.
pub const FUEL_PER_EVALUATION: u64 = 1_000_000;

/// Fuel of all evaluations of one `advance` together; when it is used up, the `advance` hands back with `more`.
pub const FUEL_PER_ADVANCE: u64 = 5_000_000;

/// Fuel that one `advance` never exceeds, whatever an event makes it look at; beyond it evaluations fail with `fault`.
pub const FUEL_AT_MOST: u64 = 100_000_000;
