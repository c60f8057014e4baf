//! Indices into a checked program. Newtypes, so that one cannot be used for another.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);
    )* };
}

ids! {
    /// Index into [`super::Program::events`].
    EventId,
    /// Index into [`super::Program::calls`].
    CallId,
    /// Index into [`super::Journey::vars`].
    VarId,
    /// A name bound inside one expression (lambda parameter, inlined function's parameter). Unique in the program.
    LocalId,
}
