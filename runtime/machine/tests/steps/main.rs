//! The machine's steps, on artifacts made by hand: what a journey does with events, time and calls.
//!
//! Every input of every test goes through two people: one lives in memory, the other is encoded and decoded around each
//! `advance`. Effects and bytes must be the same ([`host`]).

// Bounds lie far, and a piece of work is a thousand nodes: Miri takes minutes to get there.
#[cfg(not(miri))]
mod bounds;
mod build;
mod calls;
mod entrance;
mod events;
mod exits;
mod flow;
mod host;
#[cfg(not(miri))]
mod pieces;
mod rests;
mod state;
mod timers;
mod told;
mod withdrawn;
