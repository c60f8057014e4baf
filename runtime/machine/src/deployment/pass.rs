//! One document on one route: from a record to the declared events that it is.
//!
//! The index says which declarations to ask.
//! A condition, key or dedupe expression that several declarations have in common is evaluated once; each has the fuel of one
//! evaluation. Conditions are asked in the order of the source, and the first that is not true ends a declaration: false and
//! unknown are no, a fault makes it an event about nobody. What the index excludes is not asked at all, and so cannot fault.
//! Comes in: an indexed document. Goes out: its matches, whom they are about, or why it cannot be read. Never true
//! here: work for a declaration that the index excludes.

use super::index::Found;
use super::memo::Memo;
use super::plans::Member;
use super::programs::Deployment;
use super::reread::{Field, Lesser, Reread, reread};
use super::routes::{Case, Decl, NONE, Route};
use super::scanned::{Match, Scanned, Unaddressed};
use crate::eval::{Env, Frame, Fuel, eval_bool, eval_str};
use crate::ids::{Instant, digest64};
use crate::limits;
use crate::read::{Indexed, Rejection};
use crate::record::Record;
use crate::time::Zone;
use journey_artifact::model::{ChunkId, EventDecl};
use journey_artifact::word::Region;

/// Records and identities that are kept for the next events; an event that is read in several ways makes more of them than it takes.
const SPARE: usize = 16;

/// What is found out about one document after another: memory that is kept between them.
#[derive(Debug)]
pub(super) struct Room {
    frame: Frame,
    found: Found,
    truths: Memo<Truth>,
    texts: Memo<Text>,
    /// What texts point into.
    text: String,
    /// By member of the common plan: a place in [`Scanned::records`], or [`NONE`] for one that refuses the document.
    records: Memo<u32>,
    lesser: Lesser,
    spare: Vec<Record>,
    /// The same of identities.
    ids: Vec<String>,
    blank: Record,
    utc: Zone,
}

/// What a condition came to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
enum Truth {
    #[default]
    No,
    Yes,
    Fault,
}

/// What a text expression came to.
#[derive(Clone, Copy, Default, Debug)]
enum Text {
    #[default]
    Missing,
    Fault,
    At(u32, u32),
}

impl Default for Room {
    fn default() -> Room {
        Room {
            frame: Frame::new(),
            found: Found::default(),
            truths: Memo::default(),
            texts: Memo::default(),
            text: String::new(),
            records: Memo::default(),
            lesser: Lesser::default(),
            spare: Vec::new(),
            ids: Vec::new(),
            blank: Record::default(),
            utc: Zone::utc(),
        }
    }
}

impl Room {
    /// Empties what an earlier document was found to be; its memory serves the next.
    pub fn reuse(&mut self, scanned: &mut Scanned) {
        self.spare.append(&mut scanned.records);
        self.spare.truncate(SPARE);
        self.ids
            .extend(scanned.matches.drain(..).map(|found| found.id));
        self.ids.truncate(SPARE);
        scanned.unaddressed.clear();
        scanned.rejections.clear();
    }
}

/// A document on one route.
pub(super) struct Pass<'a, 's> {
    pub room: &'s mut Room,
    pub deployment: &'a Deployment,
    pub route: &'a Route,
    pub now: Instant,
    pub out: &'s mut Scanned,
}

/// Who can read the document.
struct Readers<'f> {
    /// The place of the common record.
    common: usize,
    /// Who reads one of these cannot.
    faults: &'f [Field],
}

impl Readers<'_> {
    /// Whether every member reads the common record, as it is or gathered anew.
    fn all_can(&self) -> bool {
        self.faults.is_empty() && self.common != usize::MAX
    }
}

impl<'a> Pass<'a, '_> {
    /// Finds out what the document is.
    pub fn document(&mut self, indexed: &mut Result<Indexed<'_>, Rejection>) {
        self.room.truths.clear();
        self.room.texts.clear();
        self.room.text.clear();
        self.room.records.clear();
        let group = &self.route.group;
        let Some(plan) = group.common.prepared() else {
            return;
        };
        let indexed = match indexed {
            Ok(indexed) => indexed,
            // No JSON, or more than is looked at: nobody can read it.
            Err(refusal) => {
                let refused = (group.kind.clone(), refusal.clone());
                return self.out.rejections.push(refused);
            }
        };
        let mut record = self.room.spare.pop().unwrap_or_default();
        let Err(refusal) = indexed.read_into(plan, Region::Input, &mut record) else {
            return self.common(record, &[]);
        };
        let lesser = &mut self.room.lesser;
        match reread(lesser, group, indexed, Region::Input, &refusal, &mut record) {
            Reread::Without(faults) => self.common(record, &faults),
            Reread::Refused => self.room.spare.push(record),
            Reread::Each => {
                self.room.spare.push(record);
                return self.each(indexed);
            }
        }
        self.out.rejections.push((group.kind.clone(), refusal));
    }

    /// The document as a common record: only what the index finds is asked.
    fn common(&mut self, record: Record, faults: &[Field]) {
        let mut found = std::mem::take(&mut self.room.found);
        found.clear();
        self.route.index.find(&record, &mut found);
        let common = self.out.records.len();
        self.out.records.push(record);
        let readers = Readers { common, faults };
        for id in &found.ids {
            self.case(*id, &readers);
        }
        for (_, place) in &found.shared {
            let ids = self.route.index.behind(*place);
            let first = ids
                .first()
                .and_then(|id| self.route.cases.get(*id as usize));
            if first.is_some_and(|case| self.may_hold(case, &readers)) {
                ids.iter().for_each(|id| self.case(*id, &readers));
            }
        }
        self.room.found = found;
    }

    /// The document read by each member for itself: all cases are asked.
    fn each(&mut self, indexed: &mut Indexed<'_>) {
        let mut refusal = None;
        for (number, member) in (0..).zip(&self.route.group.members) {
            let Some(program) = self.deployment.programs().get(member.program) else {
                continue;
            };
            let Some(plan) = member.prepared(program.loaded().artifact()) else {
                continue;
            };
            let mut record = self.room.spare.pop().unwrap_or_default();
            let place = match indexed.read_into(plan, Region::Input, &mut record) {
                Ok(()) => {
                    self.out.records.push(record);
                    self.out.records.len() as u32 - 1
                }
                Err(why) => {
                    self.room.spare.push(record);
                    refusal.get_or_insert(why);
                    NONE
                }
            };
            self.room.records.put(number, place);
        }
        let readers = Readers {
            common: usize::MAX,
            faults: &[],
        };
        for id in 0..self.route.cases.len() as u32 {
            self.case(id, &readers);
        }
        let kind = &self.route.group.kind;
        let refusal = refusal.map(|refusal| (kind.clone(), refusal));
        self.out.rejections.extend(refusal);
    }

    /// Whether the first condition leaves any hope. A fault does: it has to be told for each case.
    fn may_hold(&mut self, case: &Case, readers: &Readers<'_>) -> bool {
        match (self.speaker(case, readers), case.conditions.first()) {
            (Some((decl, record)), Some(number)) => {
                self.truth(decl, record, *number, 0) != Truth::No
            }
            // Whose plan cannot read the document says nothing of the others behind the question.
            _ => true,
        }
    }

    /// A declaration of the case that can read the document, and its record: it speaks for all.
    fn speaker(&mut self, case: &Case, readers: &Readers<'_>) -> Option<(&'a Decl, usize)> {
        let decls = self.route.decls(case).iter();
        decls
            .map(|decl| (decl, self.record(decl.member, readers)))
            .find_map(|(decl, record)| Some((decl, record?)))
    }

    fn case(&mut self, id: u32, readers: &Readers<'_>) {
        let Some(case) = self.route.cases.get(id as usize) else {
            return;
        };
        let Some((speaker, record)) = self.speaker(case, readers) else {
            return;
        };
        let conditions = case.conditions.iter().enumerate();
        let mut truths = conditions.map(|(at, number)| self.truth(speaker, record, *number, at));
        let end = truths.find(|truth| *truth != Truth::Yes);
        if end == Some(Truth::No) {
            return;
        }
        for decl in self.route.decls(case) {
            let Some(record) = self.record(decl.member, readers) else {
                continue;
            };
            match end {
                Some(_) => self.nobody(decl, true),
                None => self.address(decl, record),
            }
        }
    }

    /// The place of the record by which a member reads the document.
    fn record(&mut self, number: u32, readers: &Readers<'_>) -> Option<usize> {
        let member = self.route.group.members.get(number as usize)?;
        if member.way.is_none() && readers.all_can() {
            return Some(readers.common);
        }
        if let Some(known) = self.room.records.get(number) {
            return (known != NONE).then_some(known as usize);
        }
        let place = if self.refuses(member, readers) {
            NONE
        } else {
            match &member.way {
                None => readers.common as u32,
                Some(way) => {
                    let common = self.out.records.get(readers.common)?;
                    let mut own = self.room.spare.pop().unwrap_or_default();
                    way.gather(common, Region::Input, &mut own);
                    self.out.records.push(own);
                    self.out.records.len() as u32 - 1
                }
            }
        };
        self.room.records.put(number, place);
        (place != NONE).then_some(place as usize)
    }

    fn refuses(&self, member: &Member, readers: &Readers<'_>) -> bool {
        if readers.faults.is_empty() {
            return false;
        }
        let program = self.deployment.programs().get(member.program);
        program.is_some_and(|program| {
            let artifact = program.loaded().artifact();
            let mut faults = readers.faults.iter();
            faults.any(|field| field.is_read_by(artifact, member))
        })
    }

    /// What a condition comes to; `at` is its place among the declaration's.
    fn truth(&mut self, decl: &Decl, record: usize, number: u32, at: usize) -> Truth {
        if let Some(known) = self.room.truths.get(number) {
            return known;
        }
        let chunk = |event: &EventDecl| event.conditions.get(at).copied();
        let truth = self.eval(
            decl,
            record,
            chunk,
            |env, chunk, frame, fuel| match eval_bool(env, chunk, frame, fuel) {
                Ok(Some(true)) => Truth::Yes,
                Ok(_) => Truth::No,
                Err(_) => Truth::Fault,
            },
        );
        let truth = truth.unwrap_or(Truth::Fault);
        self.room.truths.put(number, truth);
        truth
    }

    /// What a text expression comes to.
    fn text(
        &mut self,
        decl: &Decl,
        record: usize,
        number: u32,
        chunk: impl Fn(&EventDecl) -> Option<ChunkId>,
    ) -> Text {
        if let Some(known) = self.room.texts.get(number) {
            return known;
        }
        let mut all = std::mem::take(&mut self.room.text);
        let text = self.eval(
            decl,
            record,
            chunk,
            |env, chunk, frame, fuel| match eval_str(env, chunk, frame, fuel) {
                Ok(Some(text)) => {
                    let start = all.len() as u32;
                    all.push_str(text);
                    Text::At(start, all.len() as u32)
                }
                Ok(None) => Text::Missing,
                Err(_) => Text::Fault,
            },
        );
        self.room.text = all;
        let text = text.unwrap_or(Text::Fault);
        self.room.texts.put(number, text);
        text
    }

    /// Evaluates an expression of a declaration; `None` when there is none.
    fn eval<T>(
        &mut self,
        decl: &Decl,
        record: usize,
        chunk: impl Fn(&EventDecl) -> Option<ChunkId>,
        how: impl FnOnce(&Env<'_>, ChunkId, &mut Frame, &mut Fuel) -> T,
    ) -> Option<T> {
        let program = self.deployment.programs().get(decl.program as usize)?;
        let event = program
            .loaded()
            .artifact()
            .events
            .get(decl.event.0 as usize)?;
        let chunk = chunk(event)?;
        let room = &mut *self.room;
        let env = Env {
            loaded: program.loaded(),
            profile: &room.blank,
            vars: &room.blank,
            input: self.out.records.get(record)?,
            now_ms: self.now.0,
            zone: &room.utc,
        };
        let mut fuel = Fuel::new(limits::FUEL_PER_EVALUATION);
        Some(how(&env, chunk, &mut room.frame, &mut fuel))
    }

    fn nobody(&mut self, decl: &Decl, fault: bool) {
        self.out.unaddressed.push(Unaddressed {
            program: decl.program as usize,
            event: decl.event,
            fault,
            order: decl.order,
        });
    }

    /// The document is this event: finds out whom it is about.
    fn address(&mut self, decl: &Decl, record: usize) {
        // A business event is about no person: nothing that this machine advances listens for it by key.
        if decl.key == NONE {
            return;
        }
        let (start, end) = match self.text(decl, record, decl.key, |event| event.key) {
            Text::At(start, end) if start < end => (start as usize, end as usize),
            Text::At(..) | Text::Missing => return self.nobody(decl, false),
            Text::Fault => return self.nobody(decl, true),
        };
        if end - start > limits::IDENTITY_BYTES {
            return self.nobody(decl, false);
        }
        let (mut dedupe, mut window_ms) = (None, 0);
        if decl.dedupe != NONE {
            let chunk = |event: &EventDecl| event.dedupe.map(|(chunk, _)| chunk);
            let text = self.text(decl, record, decl.dedupe, chunk);
            if let Text::Fault = text {
                return self.nobody(decl, true);
            }
            (dedupe, window_ms) = self.same(decl, text).unwrap_or_default();
        }
        let mut id = self.room.ids.pop().unwrap_or_default();
        id.clear();
        id.push_str(&self.room.text[start..end]);
        self.out.matches.push(Match {
            program: decl.program as usize,
            event: decl.event,
            namespace: decl.namespace.clone(),
            id,
            dedupe,
            window_ms,
            record,
            order: decl.order,
        });
    }

    /// The hash that two deliveries share (none without a text), and for how long they are the same.
    fn same(&self, decl: &Decl, text: Text) -> Option<(Option<u64>, u64)> {
        let program = self.deployment.programs().get(decl.program as usize)?;
        let artifact = program.loaded().artifact();
        let event = artifact.events.get(decl.event.0 as usize)?;
        let (_, window_ms) = event.dedupe?;
        let Text::At(start, end) = text else {
            return Some((None, window_ms));
        };
        let text = self.room.text.get(start as usize..end as usize)?;
        let name = program.text(event.name);
        let parts = [artifact.name.as_bytes(), name.as_bytes(), text.as_bytes()];
        Some((Some(digest64("event", &parts)), window_ms))
    }
}
