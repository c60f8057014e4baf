//! The journey language's text: tokens, outline, lossless tree and typed views of it.
