//! The classes of bytes that the grammar is told by, as masks of a block.
//!
//! Comes in: nothing. Goes out: the names that the pass and the processors' levels share. Never true here: how a class is
//! found; that is below `simd`.

/// The bytes of one block.
pub(crate) type Bytes = [u8; 64];

/// One bit a byte of a block of text, the first byte lowest, for the classes that every block needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Masks {
    /// `"`
    pub quote: u64,
    /// `{}[],:`; also 0x0C and 0x1A, which no text may hold outside strings either.
    pub separator: u64,
    /// The space itself.
    pub space: u64,
    /// Whether a byte is below 0x20, above 0x7F or a backslash, and [`Rare`] is worth a look.
    pub rare: bool,
}

/// The classes that most blocks of text lack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Rare {
    /// `\`
    pub backslash: u64,
    /// Below 0x20.
    pub control: u64,
    /// Tab, line feed and carriage return: the controls that may stand between tokens.
    pub blank: u64,
    /// Above 0x7F.
    pub high: u64,
}

/// One bit a token of a block of tokens' first bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Kinds {
    /// `"`
    pub quote: u64,
    /// `,`
    pub comma: u64,
    /// `:`
    pub colon: u64,
    /// `{` and `[`
    pub open: u64,
    /// `}` and `]`
    pub close: u64,
    /// Of brackets: the curly ones. Anything for other tokens.
    pub curly: u64,
}

/// A way to classify blocks. All levels give the same masks.
///
/// A value of a level's type is the proof that the processor has what its methods use.
pub(crate) trait Classes: Copy {
    /// A block in registers.
    type Block: Copy;
    /// Takes a block.
    fn load(self, bytes: &Bytes) -> Self::Block;
    /// The classes that every block of text needs.
    fn masks(self, block: Self::Block) -> Masks;
    /// The classes that most blocks of text lack.
    fn rare(self, bytes: &Bytes) -> Rare;
    /// The classes of a block of tokens' first bytes.
    fn kinds(self, block: Self::Block) -> Kinds;
    /// One bit a byte in which two blocks differ.
    fn unlike(self, block: Self::Block, other: Self::Block) -> u64;
    /// Bit n of the result is the parity of the bits 0..=n.
    fn prefix_xor(self, mask: u64) -> u64;
    /// For each bit of the mask, lowest first: writes `base` + its number, and the byte of the block that it stands for.
    /// May write more behind them.
    fn collect(
        self,
        block: Self::Block,
        mask: u64,
        base: u32,
        places: &mut [u32; 64],
        bytes: &mut Bytes,
    );
}
