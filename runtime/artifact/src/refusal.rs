//! Why an artifact is not accepted: one closed list of kinds, each with a code, and where it was seen.
//!
//! Comes in: nothing. Goes out: [`Refusal`], the only error of this crate. Never true here: a refusal without a code, or
//! one that carries personal data (artifacts hold none).

use std::fmt;

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $text:literal;)*) => {
        /// The sections of the file, in file order.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u32)]
        pub enum Section { $($(#[$doc])* $name = $id,)* }

        impl Section {
            /// All of them, in file order.
            pub const ALL: &'static [Section] = &[$(Section::$name,)*];

            /// The name that `inspect` and refusals print.
            pub fn name(self) -> &'static str {
                match self { $(Section::$name => $text,)* }
            }
        }
    };
}

sections! {
    /// Name, version, environment, identity namespaces, the profile's plan.
    Package = 1, "package";
    /// Interned text.
    Strings = 2, "strings";
    /// Constants that code loads.
    Constants = 3, "constants";
    /// Sets of constants that code looks in.
    Sets = 4, "sets";
    /// Row layouts.
    Shapes = 5, "shapes";
    /// Field plans.
    Plans = 6, "plans";
    /// Functions that code calls.
    Imports = 7, "imports";
    /// Headers of the chunks: rows, registers, result, number of instructions.
    Chunks = 8, "chunks";
    /// Instructions of all chunks, eight bytes each, in order.
    Code = 9, "code";
    /// Event declarations.
    Events = 10, "events";
    /// Sources and actions.
    Calls = 11, "calls";
    /// Journeys and their step graphs.
    Journeys = 12, "journeys";
    /// Source positions and documentation: the only section that is not part of the program hash.
    SourceMap = 13, "source map";
}

impl Section {
    /// The number in the file.
    pub fn id(self) -> u32 {
        self as u32
    }

    /// Whether it is part of the program hash.
    pub fn in_program(self) -> bool {
        self != Section::SourceMap
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What is wrong. `A01` the file, `A02` a table, `A03` a chunk's code, `A04` how events, calls and journeys use them.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum RefusalKind { $($(#[$doc])* $name,)* }

        impl RefusalKind {
            /// All kinds, by code.
            pub const ALL: &'static [RefusalKind] = &[$(RefusalKind::$name,)*];

            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $(RefusalKind::$name => $code,)* }
            }
        }
    };
}

kinds! {
    /// It does not begin as an artifact does.
    NotAnArtifact = "A0101",
    /// A format version that this reader does not know.
    Version = "A0102",
    /// The content hash does not match: the bytes were damaged.
    Hash = "A0103",
    /// It ends before its header does.
    Truncated = "A0104",
    /// Sections missing, doubled, out of order, overlapping, or with gaps.
    SectionTable = "A0105",
    /// A section's bytes are not what the section should hold.
    Malformed = "A0106",
    /// A section says the right thing in another way than the writer would.
    NotCanonical = "A0107",
    /// Larger than a limit of [`crate::limits`].
    TooLarge = "A0108",
    /// An index outside its table.
    Index = "A0201",
    /// Keys or slots not in order, or the same twice.
    Order = "A0202",
    /// A slot whose type is not the one asked for.
    SlotType = "A0203",
    /// A shape that contains itself.
    ShapeCycle = "A0204",
    /// Nested deeper than allowed.
    TooDeep = "A0205",
    /// A value outside the range of its kind.
    Value = "A0206",
    /// A chunk without code, or with more than allowed, or with a number of registers that is not allowed.
    ChunkSize = "A0301",
    /// An unknown operation code, or a field that this operation does not use and that is not zero.
    Instruction = "A0302",
    /// A register that the chunk does not have.
    Register = "A0303",
    /// A register read where it does not hold one value on every way there.
    Undefined = "A0304",
    /// An operand of a type that the operation does not take.
    Operand = "A0305",
    /// A jump out of the chunk, or backwards other than `Jump` to a `Next`.
    Jump = "A0306",
    /// The last instruction goes on.
    FallsOff = "A0307",
    /// `Ret` of another type than the chunk's result.
    Result = "A0308",
    /// `RetMissing` in a chunk that always has a value.
    Missing = "A0309",
    /// A row or list changed that the chunk did not make.
    NotOwned = "A0310",
    /// A call with another number of arguments than the import.
    Arity = "A0311",
    /// Too many jump targets or loops to verify in bounded time.
    TooComplex = "A0312",
    /// A jump into a loop past its head, or loops that overlap.
    Loop = "A0313",
    /// A chunk used where its rows are not there.
    ChunkRows = "A0401",
    /// A chunk used where another type is needed.
    ChunkResult = "A0402",
    /// A jump to a node that the journey does not have.
    NodeTarget = "A0403",
    /// The arms of a split do not rise to 10,000.
    Split = "A0404",
    /// Nodes that go round without ever parking or deciding.
    NodeCycle = "A0405",
    /// Live variables of a node that does not park.
    Live = "A0406",
}

/// Why an artifact is not accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// In which section; `None`: in the file's header, or between sections.
    pub section: Option<Section>,
    /// Where in it: `chunk 3, instruction 7`. Empty when the section as a whole is meant.
    pub at: String,
    /// What was found and what was expected.
    pub reason: String,
}

impl Refusal {
    /// A refusal about the file as a whole.
    pub fn file(kind: RefusalKind, reason: impl Into<String>) -> Refusal {
        Refusal {
            kind,
            section: None,
            at: String::new(),
            reason: reason.into(),
        }
    }

    /// A refusal in a section.
    pub fn new(
        kind: RefusalKind,
        section: Section,
        at: impl Into<String>,
        reason: impl Into<String>,
    ) -> Refusal {
        Refusal {
            kind,
            section: Some(section),
            at: at.into(),
            reason: reason.into(),
        }
    }

    /// The stable code, such as `A0103`.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.reason)?;
        match (self.section, self.at.as_str()) {
            (None, _) => Ok(()),
            (Some(section), "") => write!(f, " (section {})", section.name()),
            (Some(section), at) => write!(f, " (section {}, {at})", section.name()),
        }
    }
}

impl std::error::Error for Refusal {}
