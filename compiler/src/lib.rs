//! The journey compiler: packages, schemas, names, types, flow, lowering, diagnostics; and the journeyc command.
