//! What of each row is read: paths, as a tree.
//!
//! A path is a number ([`At`]) that stays through all passes; what is read of it is noted anew in each. Comes in: what code
//! asks for while it is generated. Goes out: what this pass reads, for [`super::layout`]. Never true here: a slot number;
//! those are given when all needs are known; an order that a hash decides.

use crate::hash::{self, Ids};
use crate::hir::PathStep;
use journey_artifact::word::{ShapeId, WordType};
use std::cmp::Ordering;

/// One step of a path inside a row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Seg<'s> {
    /// A field of a record.
    Field(&'s str),
    /// A constant key of a map.
    Key(&'s str),
    /// A variable of a journey: its number and name.
    Var(u32, &'s str),
}

impl<'s> Seg<'s> {
    /// What it is called.
    pub fn name(self) -> &'s str {
        let (Seg::Field(name) | Seg::Key(name) | Seg::Var(_, name)) = self;
        name
    }

    fn kind(self) -> Kind {
        match self {
            Seg::Field(_) => Kind::Field,
            Seg::Key(_) => Kind::Key,
            Seg::Var(id, _) => Kind::Var(id),
        }
    }
}

/// A step without its name.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Field,
    Key,
    Var(u32),
}

/// A step as it is kept: most paths are made anew for each condition, and names that are counted cost more than names that are copied.
#[derive(Clone, Copy, Debug)]
struct Step {
    kind: Kind,
    /// The name among all.
    from: u32,
    to: u32,
    /// The hash of the name.
    hash: u64,
}

/// A step that is looked for.
#[derive(Clone, Copy)]
struct Sought<'s> {
    kind: Kind,
    name: &'s str,
    hash: u64,
}

impl<'s> Sought<'s> {
    fn of(seg: Seg<'s>) -> Sought<'s> {
        Sought {
            kind: seg.kind(),
            name: seg.name(),
            hash: hash::text(0, seg.name()),
        }
    }
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
    /// Whether the record leaves when nothing of it is there.
    pub leaves: bool,
    /// A map that is read as a whole or by a computed key; what is below it then lies in its entries.
    pub dynamic: bool,
}

/// A path.
#[derive(Debug)]
struct Path {
    row: ShapeId,
    /// What it is below of; of a row itself, nothing.
    below: Option<At>,
    /// By which step; of a row itself, none that means anything.
    step: Step,
    /// The pass that read it or something below it last.
    pass: u32,
    /// What that pass read of it.
    read: Read,
    /// The path below it that was added last.
    kid: Option<At>,
    /// The path that was added before it below the same.
    before: Option<At>,
    /// How many are below it.
    kids: u32,
}

/// What is read, by row.
#[derive(Debug, Default)]
pub struct Needs {
    paths: Vec<Path>,
    /// The names of their steps, behind one another.
    names: String,
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
        self.names.clear();
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
        let none = Step {
            kind: Kind::Field,
            from: 0,
            to: 0,
            hash: 0,
        };
        let at = self.add(row, None, none, None);
        self.roots[ix] = Some(at);
        at
    }

    /// One step below a path. Nothing is read by naming it.
    pub fn below(&mut self, at: At, seg: Seg<'_>) -> At {
        self.sought(at, Sought::of(seg))
    }

    /// The step of a path in an expression below a path. Nothing is read by naming it.
    #[inline]
    pub fn field(&mut self, at: At, step: &PathStep) -> At {
        let sought = Sought {
            kind: Kind::Field,
            name: &step.name,
            hash: step.hash,
        };
        self.sought(at, sought)
    }

    /// The last step of `of` below another path. Nothing is read by naming it.
    pub fn alike(&mut self, at: At, of: At) -> At {
        let path = &self.paths[of.0 as usize];
        let (Step { kind, hash, .. }, name) = (path.step, self.seg(path).name().to_owned());
        let name = &name;
        self.sought(at, Sought { kind, name, hash })
    }

    #[inline]
    fn sought(&mut self, at: At, sought: Sought<'_>) -> At {
        match self.near(at, sought) {
            Near::Found(known) => known,
            Near::New => self.add_below(at, sought),
            Near::Unknown => self.far(at, sought),
        }
    }

    /// One step below a path that has many.
    #[cold]
    fn far(&mut self, at: At, sought: Sought<'_>) -> At {
        match self.known_far(at, sought) {
            Some(known) => known,
            None => self.add_below(at, sought),
        }
    }

    fn known_far(&self, at: At, sought: Sought<'_>) -> Option<At> {
        let is = |known| {
            let path: &Path = &self.paths[known as usize];
            path.below == Some(at) && self.is(path, sought)
        };
        let hash = hash_of(at, sought.kind, sought.hash);
        self.by_step.get(hash, is).map(At)
    }

    /// Whether this is the last step of a path.
    #[inline(always)]
    fn is(&self, path: &Path, sought: Sought<'_>) -> bool {
        let step = &path.step;
        let may_be = step.hash == sought.hash && step.kind == sought.kind;
        may_be && self.name(step) == sought.name.as_bytes()
    }

    #[inline(always)]
    fn name(&self, step: &Step) -> &[u8] {
        &self.names.as_bytes()[step.from as usize..step.to as usize]
    }

    /// Looks through what is below a path, where that is little.
    #[inline(always)]
    fn near(&self, at: At, sought: Sought<'_>) -> Near {
        let path = &self.paths[at.0 as usize];
        if path.kids > NEAR {
            return Near::Unknown;
        }
        let mut kid = path.kid;
        while let Some(known) = kid {
            let path = &self.paths[known.0 as usize];
            if self.is(path, sought) {
                return Near::Found(known);
            }
            kid = path.before;
        }
        Near::New
    }

    #[inline(always)]
    fn add_below(&mut self, at: At, sought: Sought<'_>) -> At {
        let new = At(self.paths.len() as u32);
        let from = self.names.len() as u32;
        self.names.push_str(sought.name);
        let above = &mut self.paths[at.0 as usize];
        above.kids += 1;
        let (row, before, kids) = (above.row, above.kid, above.kids);
        above.kid = Some(new);
        let step = Step {
            kind: sought.kind,
            from,
            to: self.names.len() as u32,
            hash: sought.hash,
        };
        self.add(row, Some(at), step, before);
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
            let hash = hash_of(at, path.step.kind, path.step.hash);
            self.by_step.insert(hash, new.0);
            kid = path.before.filter(|_| all);
        }
    }

    /// The path by these steps.
    pub fn path(&mut self, row: ShapeId, path: &[Seg<'_>]) -> At {
        let root = self.root(row);
        path.iter().fold(root, |at, seg| self.below(at, *seg))
    }

    /// The path by these steps, if anything has named it.
    pub fn known(&self, row: ShapeId, path: &[Seg<'_>]) -> Option<At> {
        let root = (*self.roots.get(row.0 as usize)?)?;
        path.iter()
            .try_fold(root, |at, seg| self.known_below(at, *seg))
    }

    /// One step below a path, if anything has named it.
    pub fn known_below(&self, at: At, seg: Seg<'_>) -> Option<At> {
        let sought = Sought::of(seg);
        match self.near(at, sought) {
            Near::Found(known) => Some(known),
            Near::New => None,
            Near::Unknown => self.known_far(at, sought),
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

    /// A record leaves when nothing of it is there.
    pub fn leaves(&mut self, at: At) {
        self.present(at);
        self.mark(at).leaves = true;
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
    pub fn step(&self, at: At) -> Option<(At, Seg<'_>)> {
        let path = &self.paths[at.0 as usize];
        Some((path.below?, self.seg(path)))
    }

    /// The hash of the name of a path's last step.
    pub fn name_hash(&self, at: At) -> u64 {
        self.paths[at.0 as usize].step.hash
    }

    /// What a path is below of; nothing of a row itself.
    pub fn above(&self, at: At) -> Option<At> {
        self.paths[at.0 as usize].below
    }

    fn seg(&self, path: &Path) -> Seg<'_> {
        let step = &path.step;
        let name = &self.names[step.from as usize..step.to as usize];
        match step.kind {
            Kind::Field => Seg::Field(name),
            Kind::Key => Seg::Key(name),
            Kind::Var(id) => Seg::Var(id, name),
        }
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
        let path = |at: &At| &self.paths[at.0 as usize];
        out[first..].sort_unstable_by(|a, b| self.order(path(a), path(b)));
    }

    /// The order of two paths below one: that of their last steps.
    fn order(&self, a: &Path, b: &Path) -> Ordering {
        match (a.step.kind, b.step.kind) {
            // Texts are in the order of their bytes.
            (Kind::Field, Kind::Field) => self.name(&a.step).cmp(self.name(&b.step)),
            _ => self.seg(a).cmp(&self.seg(b)),
        }
    }

    #[inline(always)]
    fn add(&mut self, row: ShapeId, below: Option<At>, step: Step, before: Option<At>) -> At {
        let at = At(self.paths.len() as u32);
        self.paths.push(Path {
            row,
            below,
            step,
            pass: 0,
            read: Read::default(),
            kid: None,
            before,
            kids: 0,
        });
        at
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
                Some(below) => here = below,
                None => break,
            }
        }
        &mut self.paths[at.0 as usize].read
    }
}

/// The hash of a step below a path; `name` is that of its name.
fn hash_of(at: At, kind: Kind, name: u64) -> u64 {
    let (kind, number) = match kind {
        Kind::Field => (0, 0),
        Kind::Key => (1, 0),
        Kind::Var(id) => (2, u64::from(id)),
    };
    hash::mix(name, (u64::from(at.0) << 2 | kind) ^ number << 34)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Type;

    #[test]
    fn steps_are_found_again_however_many_there_are() {
        let mut needs = Needs::default();
        for many in [1, NEAR, NEAR + 1, 50] {
            needs.clear();
            let root = needs.root(ShapeId(0));
            let other = needs.root(ShapeId(1));
            let names: Vec<String> = (0..=many).map(|n| format!("s{n}")).collect();
            let seg = |n: u32| match (n % 3, &names[n as usize]) {
                (0, name) => Seg::Key(name),
                (1, _) => Seg::Var(n, "s"),
                (_, name) => Seg::Field(name),
            };
            let all: Vec<At> = (0..many).map(|n| needs.below(root, seg(n))).collect();
            for (n, at) in (0..many).zip(&all) {
                assert_eq!(needs.known_below(root, seg(n)), Some(*at), "{n} of {many}");
                assert_eq!(needs.below(root, seg(n)), *at, "{n} of {many}");
                assert_eq!(needs.known_below(other, seg(n)), None, "{n} of {many}");
                assert_eq!(needs.alike(root, *at), *at, "{n} of {many}");
                assert_eq!(needs.step(*at), Some((root, seg(n))), "{n} of {many}");
                if let Seg::Field(name) = seg(n) {
                    let step = PathStep::new(name.into(), Type::Any);
                    assert_eq!(needs.field(root, &step), *at, "{n} of {many}");
                }
            }
            assert_eq!(needs.known_below(root, seg(many)), None);
            assert_eq!(needs.len(), many as usize + 2);
        }
    }
}
