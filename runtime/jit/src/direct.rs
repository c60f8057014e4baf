//! Which calls need no place of work.
//!
//! Comes in: a call, the function as it is called, where registers point. Goes out: how it is done, and where its value points. Never true
//! here: a text or list that the evaluation has made, given to a function that only looks at records.

use super::at::{At, at as whereto};
use journey_artifact::code::Instr;
use journey_artifact::word::WordType;
use journey_machine::eval::aside::MOST_ARGUMENTS;
use journey_machine::eval::tables::Import;
use journey_machine::func::{Called, Plain};

/// How a call is done without a place of work.
#[derive(Clone, Copy)]
pub(crate) enum Direct<'i> {
    /// In place.
    Plain(Plain, &'i Import),
    /// By a call of a function that only looks.
    Looks(&'i Import),
}

/// How a call of a function is done without a place of work, if it is. `registers`: where they point.
pub(crate) fn direct<'i>(
    i: Instr,
    registers: &[At],
    import: Option<&'i Import>,
) -> Option<Direct<'i>> {
    let import = import?;
    let params = &import.site.params;
    if params.len() != usize::from(i.c) || params.len() > MOST_ARGUMENTS {
        return None;
    }
    if let Some(plain) = import.plain
        && in_place(plain, params)
    {
        return Some(Direct::Plain(plain, import));
    }
    let mut arguments = params.iter().zip(i.b..).enumerate();
    let seen = arguments.all(
        |(n, (ty, register))| match (ty, whereto(registers, register)) {
            // One that is data is made and kept.
            (WordType::Str, at) if is_pattern(import, n) => matches!(at, At::Text(_)),
            (WordType::Str | WordType::List(_), at) => !at.is_open(),
            (WordType::Row(_), _) => false,
            _ => true,
        },
    );
    (seen && matches!(import.called, Called::Looks(_))).then_some(Direct::Looks(import))
}

/// Where what a call leaves in its register points.
pub(crate) fn result_of(i: Instr, registers: &[At], import: Option<&Import>) -> At {
    let Some(direct) = direct(i, registers, import) else {
        // What makes a list makes it anew; who reads it sees whether that is so.
        let makes = import.is_some_and(|it| matches!(it.site.result, WordType::List(_)));
        return if makes { At::Made } else { At::Somewhere };
    };
    match direct {
        Direct::Plain(Plain::Same, _) => whereto(registers, i.b),
        // What makes nothing gives a text that is there, a part of it, or one of a list's.
        Direct::Looks(import) if import.site.result == WordType::Str => {
            let params = import.site.params.iter().zip(i.b..).enumerate();
            let refer = params.filter(|(n, (ty, _))| match ty {
                WordType::Str => !is_pattern(import, *n),
                WordType::List(_) => true,
                _ => false,
            });
            let part = |at: At| at.record().map_or(At::Fixed, At::Record);
            let given = refer.map(|(_, (_, register))| part(whereto(registers, register)));
            given.reduce(At::meet).unwrap_or(At::Somewhere)
        }
        _ => At::Somewhere,
    }
}

/// Whether an argument is a regular expression.
fn is_pattern(import: &Import, number: usize) -> bool {
    import.pattern && number == 1
}

fn in_place(plain: Plain, params: &[WordType]) -> bool {
    use WordType::*;
    match plain {
        Plain::Max | Plain::Min => matches!(
            params.first(),
            Some(Int | Date | Local | Time | Duration | DateTime | Dec)
        ),
        // Else it is a function of a library.
        #[cfg(target_arch = "x86_64")]
        Plain::Round | Plain::Floor | Plain::Ceil => is_x86_feature_detected!("sse4.1"),
        _ => true,
    }
}
