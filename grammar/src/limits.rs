//! How much of anything a text may hold. They keep time and stack bounded whatever the input; no honest text comes near them.

/// Bytes in a file. A larger one becomes one token and one error.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// Brackets within brackets, blocks included. The generated parser recurses once per level.
pub const MAX_NESTING: usize = 64;
/// Operators, calls and fields within one another in one expression: the depth of its tree.
pub const MAX_EXPRESSION_DEPTH: u32 = 256;
/// What one level of a construct costs that makes the generated parser recurse without a bracket (`if … then … else`, `list<…>`).
pub const RECURSION_COST: u32 = 4;
/// Tokens in one declaration, setting or step, its blocks not counted.
pub const MAX_ITEM_TOKENS: u32 = 8192;
/// Strings within interpolations of strings.
pub const MAX_INTERPOLATION: usize = 8;
/// Errors that are told; then one more says that there were others.
pub const MAX_ERRORS: usize = 500;
/// Mistakes of a file that each of lexer, outline and parser keeps: far more than are told, and far fewer than a file of nothing but
/// mistakes has.
pub const MAX_KEPT_ERRORS: usize = 20 * MAX_ERRORS;
