//! Lowering, end to end.
