//! What of each row is read: paths, as a tree.
//!
//! A path is a number ([`At`]) that stays through all passes; what is read of it is noted anew in each. Comes in: what code
//! asks for while it is generated. Goes out: what this pass reads, for [`super::layout`]. Never true here: a slot number;
//! those are given when all needs are known; an order that a hash decides.

use crate::hash::{self, Ids};
use journey_artifact::word::{ShapeId, WordType};
use std::sync::Arc;

/// One step of a path inside a row.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Seg {
    /// A field of a record.
    Field(Arc<str>),
    /// A constant key of a map.
    Key(Arc<str>),
    /// A variable of a journey: its number and name.
    Var(u32, Arc<str>),
}

/// So many paths below one are looked through; where there are more, all are found by their hashes.
const NEAR: u32 = 8;

/// What is found of a step among few.
enum Near {
    Found(At),
    /// It is none of them.
    New,
    /// They are many.
    Unknown,
}

/// A path in a row, or the row itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct At(pub u32);

/// What is read of a value.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Read {
    /// The value itself, as this word.
    pub value: Option<WordType>,
    /// Whether it is there (of a record, or of JSON nobody described).
    pub present: bool,
    /// A map that is read as a whole or by a computed key; what is below it then lies in its entries.
    pub dynamic: bool,
}

/// A path.
#[derive(Debug)]
struct Path {
    row: ShapeId,
    /// What it is below of and by which step; of a row itself, nothing.
    below: Option<(At, Seg)>,
    /// The pass that read it, or something below it, last.
    pass: u32,
    read: Read,
    /// The last path one step below, and the one before this below the same; how many there are.
    kid: Option<At>,
    before: Option<At>,
    kids: u32,
}

/// What is read, by row.
#[derive(Debug, Default)]
pub struct Needs {
    paths: Vec<Path>,
    roots: Vec<Option<At>>,
    /// Steps below what has more than a few below it.
    by_step: Ids,
    pass: u32,
    /// A value was asked for as two different words.
    pub conflict: bool,
}

impl Needs {
    /// Forgets everything but the memory it took.
    pub fn clear(&mut self) {
        self.paths.clear();
        self.roots.clear();
        self.by_step.clear();
        self.begin();
    }

    /// Forgets what was read; paths keep their numbers.
    pub fn begin(&mut self) {
        self.pass += 1;
        self.conflict = false;
    }

    /// A row.
    pub fn root(&mut self, row: ShapeId) -> At {
        let ix = row.0 as usize;
        if self.roots.len() <= ix {
            self.roots.resize(ix + 1, None);
        }
        if let Some(at) = self.roots[ix] {
            return at;
        }
        let at = self.add(row, None, None);
        self.roots[ix] = Some(at);
        at
    }

    /// One step below a path. Nothing is read by naming it.
    pub fn below(&mut self, at: At, seg: &Seg) -> At {
        match self.near(at, |step| step == seg) {
            Near::Found(known) => known,
            Near::New => self.add_below(at, seg.clone()),
            Near::Unknown => self.far(at, seg),
        }
    }

    /// The field of this name below a path. Nothing is read by naming it.
    pub fn field(&mut self, at: At, name: &Arc<str>) -> At {
        match self.near(at, |seg| matches!(seg, Seg::Field(step) if step == name)) {
            Near::Found(known) => known,
            Near::New => self.add_below(at, Seg::Field(name.clone())),
            Near::Unknown => self.far(at, &Seg::Field(name.clone())),
        }
    }

    /// One step below a path that has many.
    #[cold]
    fn far(&mut self, at: At, seg: &Seg) -> At {
        match self.known_far(at, seg) {
            Some(known) => known,
            None => self.add_below(at, seg.clone()),
        }
    }

    fn known_far(&self, at: At, seg: &Seg) -> Option<At> {
        let is = |known| self.is_step(At(known), at, seg);
        self.by_step.get(hash_of(at, seg), is).map(At)
    }

    /// Looks through what is below a path, where that is little.
    #[inline(always)]
    fn near(&self, at: At, is: impl Fn(&Seg) -> bool) -> Near {
        let path = &self.paths[at.0 as usize];
        if path.kids > NEAR {
            return Near::Unknown;
        }
        let mut kid = path.kid;
        while let Some(known) = kid {
            let path = &self.paths[known.0 as usize];
            if matches!(&path.below, Some((_, seg)) if is(seg)) {
                return Near::Found(known);
            }
            kid = path.before;
        }
        Near::New
    }

    #[inline(always)]
    fn add_below(&mut self, at: At, seg: Seg) -> At {
        let new = At(self.paths.len() as u32);
        let above = &mut self.paths[at.0 as usize];
        above.kids += 1;
        let (row, before, kids) = (above.row, above.kid, above.kids);
        above.kid = Some(new);
        self.add(row, Some((at, seg)), before);
        if kids > NEAR {
            self.note_far(at);
        }
        new
    }

    /// Makes what is below a path known by hashes: the last when the others are.
    #[cold]
    fn note_far(&mut self, at: At) {
        let all = self.paths[at.0 as usize].kids == NEAR + 1;
        let mut kid = self.paths[at.0 as usize].kid;
        while let Some(new) = kid {
            let path = &self.paths[new.0 as usize];
            if let Some((_, seg)) = &path.below {
                self.by_step.insert(hash_of(at, seg), new.0);
            }
            kid = path.before.filter(|_| all);
        }
    }

    /// The path by these steps.
    pub fn path(&mut self, row: ShapeId, path: &[Seg]) -> At {
        let root = self.root(row);
        path.iter().fold(root, |at, seg| self.below(at, seg))
    }

    /// The path by these steps, if anything has named it.
    pub fn known(&self, row: ShapeId, path: &[Seg]) -> Option<At> {
        let root = (*self.roots.get(row.0 as usize)?)?;
        path.iter()
            .try_fold(root, |at, seg| self.known_below(at, seg))
    }

    /// One step below a path, if anything has named it.
    pub fn known_below(&self, at: At, seg: &Seg) -> Option<At> {
        match self.near(at, |step| step == seg) {
            Near::Found(known) => Some(known),
            Near::New => None,
            Near::Unknown => self.known_far(at, seg),
        }
    }

    /// A value is read.
    pub fn value(&mut self, at: At, ty: WordType) {
        let read = self.mark(at);
        match read.value {
            None => read.value = Some(ty),
            Some(known) if known == ty => {}
            Some(_) => self.conflict = true,
        }
    }

    /// It is asked whether something is there.
    pub fn present(&mut self, at: At) {
        self.mark(at).present = true;
    }

    /// A map is read as a whole, as a list of entries.
    pub fn map(&mut self, at: At, ty: WordType) {
        self.value(at, ty);
        self.mark(at).dynamic = true;
    }

    /// The row a path lies in.
    pub fn row(&self, at: At) -> ShapeId {
        self.paths[at.0 as usize].row
    }

    /// The last step of a path and what it is below of; nothing of a row itself.
    pub fn step(&self, at: At) -> Option<(At, &Seg)> {
        self.paths[at.0 as usize]
            .below
            .as_ref()
            .map(|(below, seg)| (*below, seg))
    }

    /// Whether the path is a row itself.
    pub fn is_root(&self, at: At) -> bool {
        self.paths[at.0 as usize].below.is_none()
    }

    /// How many paths have a number.
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// What this pass reads of a path; `None` when it reads neither it nor anything below it.
    pub fn read(&self, at: At) -> Option<Read> {
        let path = &self.paths[at.0 as usize];
        (path.pass == self.pass).then_some(path.read)
    }

    /// The row, if this pass reads anything of it.
    pub fn read_root(&self, row: ShapeId) -> Option<At> {
        (*self.roots.get(row.0 as usize)?).filter(|at| self.read(*at).is_some())
    }

    /// What this pass reads directly below a path, in the order of steps.
    pub fn kids(&self, at: At, out: &mut Vec<At>) {
        let first = out.len();
        let mut kid = self.paths[at.0 as usize].kid;
        while let Some(at) = kid {
            let path = &self.paths[at.0 as usize];
            if path.pass == self.pass {
                out.push(at);
            }
            kid = path.before;
        }
        let seg = |at: &At| self.paths[at.0 as usize].below.as_ref().map(|(_, seg)| seg);
        out[first..].sort_unstable_by(|a, b| seg(a).cmp(&seg(b)));
    }

    #[inline(always)]
    fn add(&mut self, row: ShapeId, below: Option<(At, Seg)>, before: Option<At>) -> At {
        let at = At(self.paths.len() as u32);
        self.paths.push(Path {
            row,
            below,
            pass: 0,
            read: Read::default(),
            kid: None,
            before,
            kids: 0,
        });
        at
    }

    fn is_step(&self, known: At, at: At, seg: &Seg) -> bool {
        match &self.paths[known.0 as usize].below {
            Some((below, step)) => *below == at && step == seg,
            None => false,
        }
    }

    /// The path as read by this pass, and what it lies in with it.
    fn mark(&mut self, at: At) -> &mut Read {
        let mut here = at;
        loop {
            let path = &mut self.paths[here.0 as usize];
            if path.pass == self.pass {
                break;
            }
            path.pass = self.pass;
            path.read = Read::default();
            match path.below {
                Some((below, _)) => here = below,
                None => break,
            }
        }
        &mut self.paths[at.0 as usize].read
    }
}

fn hash_of(at: At, seg: &Seg) -> u64 {
    let number = u64::from(at.0) << 2;
    match seg {
        Seg::Field(name) => hash::text(number, name),
        Seg::Key(key) => hash::text(number | 1, key),
        Seg::Var(id, _) => hash::mix(number | 2, u64::from(*id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_found_again_however_many_there_are() {
        let mut needs = Needs::default();
        for many in [1, NEAR, NEAR + 1, 50] {
            needs.clear();
            let root = needs.root(ShapeId(0));
            let other = needs.root(ShapeId(1));
            let seg = |n: u32| match n % 3 {
                0 => Seg::Key(format!("s{n}").into()),
                1 => Seg::Var(n, "s".into()),
                _ => Seg::Field(format!("s{n}").into()),
            };
            let all: Vec<At> = (0..many).map(|n| needs.below(root, &seg(n))).collect();
            for (n, at) in (0..many).zip(&all) {
                assert_eq!(needs.known_below(root, &seg(n)), Some(*at), "{n} of {many}");
                assert_eq!(needs.below(root, &seg(n)), *at, "{n} of {many}");
                assert_eq!(needs.known_below(other, &seg(n)), None, "{n} of {many}");
                if let Seg::Field(name) = seg(n) {
                    assert_eq!(needs.field(root, &name), *at, "{n} of {many}");
                }
            }
            assert_eq!(needs.known_below(root, &seg(many)), None);
            assert_eq!(needs.len(), many as usize + 2);
        }
    }
}
