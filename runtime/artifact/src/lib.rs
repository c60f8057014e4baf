//! The compiled artifact: its model, its file form, and the verifier every reader runs first.
