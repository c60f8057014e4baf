//! The pure machine that advances one person at a time through verified artifacts.
