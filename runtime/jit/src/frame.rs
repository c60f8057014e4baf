//! Code that uses no stack gets no frame.
//!
//! The code generator sets a frame up in every function. One that calls nobody and keeps nothing on the stack has no use for it, and for
//! the shortest conditions it is a tenth of all there is to do. Comes in: a function's bytes, and where its returns end. Goes out: the
//! same with returns that take no frame down, and where to enter it: behind the setting up. Never true here: a byte touched
//! that is not known to be the generator's own frame; where anything is otherwise than foreseen, all stays as it is.

use cranelift_codegen::ir::SourceLoc;

/// What returns are marked with, and nothing else.
pub(crate) fn mark() -> SourceLoc {
    SourceLoc::new(1)
}

/// `push rbp; mov rbp, rsp`
const UP: [u8; 4] = [0x55, 0x48, 0x89, 0xE5];
/// `mov rsp, rbp; pop rbp; ret`
const DOWN: [u8; 5] = [0x48, 0x89, 0xEC, 0x5D, 0xC3];
/// `ret`, and then nothing that is ever come to.
const OUT: [u8; 5] = [0xC3, 0xCC, 0xCC, 0xCC, 0xCC];
/// How `sub rsp, …` begins: room on the stack, which stands at once behind the setting up.
const ROOM: [[u8; 3]; 2] = [[0x48, 0x83, 0xEC], [0x48, 0x81, 0xEC]];

/// Leaves the frame out of a function that calls nobody, if that can be; where it is to be entered.
pub(crate) fn leave_out(bytes: &mut [u8], returns: impl Iterator<Item = usize>) -> usize {
    let returns: Vec<usize> = returns.collect();
    let down = |end: &usize| {
        let from = end.checked_sub(DOWN.len())?;
        (bytes.get(from..*end)? == DOWN).then_some(from)
    };
    let places: Option<Vec<usize>> = returns.iter().map(down).collect();
    let Some((places, body)) = places.zip(bytes.strip_prefix(&UP)) else {
        return 0;
    };
    if places.is_empty() || ROOM.iter().any(|room| body.starts_with(room)) {
        return 0;
    }
    for place in places {
        bytes[place..place + OUT.len()].copy_from_slice(&OUT);
    }
    UP.len()
}

#[cfg(test)]
mod tests {
    use super::{DOWN, OUT, ROOM, UP, leave_out};

    /// A function that does `body`, with its return marked.
    fn function(body: &[u8]) -> (Vec<u8>, usize) {
        let bytes = [&UP, body, &DOWN].concat();
        let end = bytes.len();
        (bytes, end)
    }

    #[test]
    fn a_frame_that_holds_nothing_is_left_out() {
        let (mut bytes, end) = function(&[0x90]);
        assert_eq!(leave_out(&mut bytes, [end].into_iter()), 4);
        assert_eq!(bytes, [&UP, &[0x90][..], &OUT].concat());
    }

    #[test]
    fn what_is_not_foreseen_stays_as_it_is() {
        for (body, end_by) in [(&ROOM[0][..], 0), (&ROOM[1], 0), (&[0x90], 1)] {
            let (mut bytes, end) = function(body);
            let before = bytes.clone();
            assert_eq!(leave_out(&mut bytes, [end - end_by].into_iter()), 0);
            assert_eq!(bytes, before);
        }
        let (mut bytes, _) = function(&[0x90]);
        assert_eq!(leave_out(&mut bytes, [].into_iter()), 0, "no return known");
    }
}
