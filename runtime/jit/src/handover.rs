//! Where code hands over to the interpreter.
//!
//! A check that fails has code end with *again*. As a branch each check would begin a block, and blocks are what making code takes time
//! for; so it is a trap, whose place the code generator tells, and no trap is left: each is made a jump to the one end that says
//! *again*. Comes in: a function's bytes, where its traps are and where that end may be. Goes out: the bytes with jumps, or word that
//! this cannot be; then the function is made with branches. Never true here: a jump to anything but `mov rax, -1; mov rdx, -1` and
//! the generator's own return behind it; a trap that stays.

use cranelift_codegen::ir::{SourceLoc, TrapCode};

/// What the end that says *again* is marked with, and nothing else.
pub(crate) fn mark() -> SourceLoc {
    SourceLoc::new(2)
}

/// What checks trap with.
pub(crate) fn trap() -> TrapCode {
    TrapCode::unwrap_user(1)
}

/// `mov rax, -1`
const RAX: [u8; 7] = [0x48, 0xC7, 0xC0, 0xFF, 0xFF, 0xFF, 0xFF];
/// `mov rdx, -1`
const RDX: [u8; 7] = [0x48, 0xC7, 0xC2, 0xFF, 0xFF, 0xFF, 0xFF];
/// `ud2`
const TRAP: [u8; 2] = [0x0F, 0x0B];
/// `jmp` by a signed byte.
const JUMP: u8 = 0xEB;

/// Makes each trap a jump to the end whose return is at `again`, over other traps where that is far; whether all of them are.
#[must_use]
pub(crate) fn link(bytes: &mut [u8], traps: &[usize], again: Option<usize>) -> bool {
    if traps.is_empty() {
        return true;
    }
    // The generator marks the return alone, behind the numbers it takes.
    let from = again.and_then(|again| again.checked_sub(RAX.len() + RDX.len()));
    let says_again = |at: &usize| {
        let code = bytes.get(*at..).unwrap_or_default();
        code.starts_with(&[RAX, RDX].concat()) || code.starts_with(&[RDX, RAX].concat())
    };
    let Some(again) = from.filter(says_again) else {
        return false;
    };
    let mut near = vec![again];
    let mut traps = traps.to_vec();
    traps.sort_by_key(|trap| trap.abs_diff(again));
    for trap in traps {
        if bytes.get(trap..trap + TRAP.len()) != Some(&TRAP) {
            return false;
        }
        let by = |to: usize| i8::try_from(to as i64 - (trap + TRAP.len()) as i64).ok();
        let Some(by) = near.iter().find_map(|to| by(*to)) else {
            return false;
        };
        bytes[trap] = JUMP;
        bytes[trap + 1] = by as u8;
        // The next, which is further away, looks at this one first.
        near.insert(0, trap);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{JUMP, RAX, RDX, TRAP, link};

    /// Where a jump leads.
    fn target(bytes: &[u8], at: usize) -> usize {
        assert_eq!(bytes[at], JUMP);
        (at as i64 + 2 + i64::from(bytes[at + 1] as i8)) as usize
    }

    #[test]
    fn every_trap_comes_to_the_end_that_says_again() {
        for between in [0, 1, 60, 120] {
            let mut bytes = vec![0x90; 40];
            let again = bytes.len();
            bytes.extend([RDX, RAX].concat());
            bytes.push(0xC3);
            let mut traps = Vec::new();
            for _ in 0..100 {
                traps.push(bytes.len());
                bytes.extend(TRAP);
                bytes.extend(vec![0xCC; between]);
            }
            assert!(link(&mut bytes, &traps, Some(again + 14)));
            for trap in traps {
                let mut at = trap;
                while at != again {
                    at = target(&bytes, at);
                }
            }
        }
    }

    #[test]
    fn what_is_not_foreseen_is_refused() {
        let code = [&TRAP[..], &RAX, &RDX, &[0xC3]].concat();
        assert!(link(&mut code.clone(), &[0], Some(16)));
        assert!(link(&mut code.clone(), &[], None), "nothing to do");
        assert!(!link(&mut code.clone(), &[0], None), "no such end");
        assert!(!link(&mut code.clone(), &[0], Some(17)), "another end");
        assert!(!link(&mut code.clone(), &[1], Some(16)), "no trap");
        let far = [&TRAP[..], &[0x90; 200], &RAX, &RDX].concat();
        assert!(!link(&mut far.clone(), &[0], Some(216)), "too far");
    }
}
