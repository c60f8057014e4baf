//! The walk over the significant tokens that carves them into items and blocks. In: a cursor. Out: an `Outline`. One pass; the only
//! recursion is into blocks, which the nesting limit bounds.

use super::{
    cursor::Cursor,
    depth::Depth,
    faults,
    item::{Item, ItemBlock, Outline},
    lines,
};
use crate::{
    error::{SyntaxError, SyntaxErrorKind as E, keep},
    kind::SyntaxKind as K,
    limits::{MAX_ITEM_TOKENS, MAX_NESTING},
    span::Span,
    tree::Token,
    vocabulary::{Place, nearest},
};

/// Carves a whole file.
pub(crate) fn outline(text: &str, tokens: &[Token]) -> Outline {
    let mut scan = Scan::new(Cursor::new(text, tokens));
    let mut items = Vec::new();
    while scan.at < scan.c.len() {
        scan.items(Place::File, 0, &mut items);
        if scan.at < scan.c.len() {
            let span = scan.c.span(scan.at);
            let error = SyntaxError::new(E::StrayBrace, span, "this `}` closes nothing");
            keep(&mut scan.errors, error.fix(span, ""));
            scan.at += 1;
        }
    }
    Outline {
        items,
        errors: scan.errors,
    }
}

/// Takes a text as one item of a place.
pub(crate) fn outline_item(text: &str, tokens: &[Token], place: Place) -> Outline {
    let mut scan = Scan::new(Cursor::new(text, tokens));
    let items = scan.item(place, 0).into_iter().collect();
    Outline {
        items,
        errors: scan.errors,
    }
}

pub(super) struct Scan<'t> {
    pub(super) c: Cursor<'t>,
    pub(super) at: usize,
    pub(super) errors: Vec<SyntaxError>,
    /// The blocks we are in: where each opens, and what its items are.
    pub(super) blocks: Vec<(usize, Place)>,
    /// The `{` at fault when one is found to be unclosed: the first that the indentation says.
    pub(super) suspect: Option<usize>,
    /// The `}` at fault when there is one too many: the first that the indentation says.
    pub(super) early: Option<usize>,
    /// The token at which blocks were last found to have ended without their `}`.
    pub(super) left_at: Option<usize>,
    /// Whether something in the declaration at hand nests too deep: then its brackets are not counted on.
    pub(super) gave_up: bool,
}

/// An open bracket within an item.
struct Frame {
    kind: K,
    at: usize,
}

/// An item being walked over.
pub(super) struct Walk {
    place: Place,
    first: usize,
    keyword: usize,
    /// The keyword, or the one it was meant to be.
    word: &'static str,
    frames: Vec<Frame>,
    blocks: Vec<ItemBlock>,
    broken: Option<SyntaxError>,
    depth: Depth,
    /// Types `list<` or `map<` that are open.
    generics: u32,
    /// Whether the last token is a `>` that closes a type.
    type_close: bool,
    tokens: u32,
}

impl Walk {
    pub(super) fn fail(&mut self, error: SyntaxError) {
        self.broken.get_or_insert(error);
    }
}

impl<'t> Scan<'t> {
    fn new(c: Cursor<'t>) -> Scan<'t> {
        Scan {
            c,
            at: 0,
            errors: Vec::new(),
            blocks: Vec::new(),
            suspect: None,
            early: None,
            left_at: None,
            gave_up: false,
        }
    }

    /// The items from here up to the `}` of their block, the next declaration, or the end.
    fn items(&mut self, place: Place, nesting: usize, items: &mut Vec<Item>) {
        while self.at < self.c.len() && self.c.kind(self.at) != K::RBrace {
            if place == Place::File {
                self.suspect = None;
                self.early = None;
                self.gave_up = false;
            } else if self.c.starts_line(self.at) {
                if lines::begins_decl(&self.c, self.at) {
                    if !self.is_inside(place) {
                        return;
                    }
                    items.extend(self.misplaced(place, nesting));
                    continue;
                }
                if self.left_block(place) {
                    return;
                }
            }
            let item = self.item(place, nesting);
            if place == Place::File
                && let Some(item) = &item
            {
                self.missing_brace(item);
            }
            items.extend(item);
        }
    }

    /// One item. None when there is nothing but a semicolon.
    pub(super) fn item(&mut self, place: Place, nesting: usize) -> Option<Item> {
        let walk = self.begin(place);
        self.walk(walk, nesting)
    }

    /// The item from here on.
    pub(super) fn walk(&mut self, mut walk: Walk, nesting: usize) -> Option<Item> {
        while self.at < self.c.len() {
            if self.at > walk.first
                && self.c.starts_line(self.at)
                && walk.place != Place::Expression
                && self.line_ends(&mut walk)
            {
                break;
            }
            walk.tokens += 1;
            let over = match self.c.kind(self.at) {
                K::LParen | K::LBracket | K::InterpOpen => self.open(&mut walk, nesting),
                K::LBrace => self.brace(&mut walk, nesting),
                K::RParen | K::RBracket | K::InterpClose | K::RBrace => self.close(&mut walk),
                K::Semicolon if walk.frames.is_empty() => {
                    keep(&mut self.errors, faults::semicolon(&self.c, self.at));
                    self.at += 1;
                    return self.finish(walk, self.at - 1);
                }
                _ => self.plain(&mut walk),
            };
            if over {
                break;
            }
        }
        if let Some(frame) = walk.frames.last() {
            let closers: String = walk
                .frames
                .iter()
                .rev()
                .map(|f| faults::closer(f.kind))
                .collect();
            let end = Span::at(self.c.span(self.at - 1).end);
            let error = faults::unclosed(&self.c, frame.at);
            // Behind a brace or an operator it is as likely to be missing before that as at the end.
            let sure = !(frame.at..self.at).any(|at| lines::may_end_operand(&self.c, at));
            walk.fail(if sure { error.fix(end, closers) } else { error });
        }
        if walk.tokens > MAX_ITEM_TOKENS && !self.gave_up {
            let message = format!(
                "{} of more than {MAX_ITEM_TOKENS} tokens is too long",
                walk.place.item()
            );
            walk.broken = Some(SyntaxError::new(
                E::TooLong,
                self.c.span(walk.keyword),
                message,
            ));
        }
        self.finish(walk, self.at)
    }

    pub(super) fn begin(&self, place: Place) -> Walk {
        let first = self.at;
        let named = matches!(self.c.kind(first), K::Word | K::Backtick)
            && self.c.kind(first + 1) == K::Colon;
        let keyword = if place.has_labels() && named {
            first + 2
        } else {
            first
        };
        let word = self.c.word(keyword);
        let known = place.keywords().iter().find(|k| **k == word).copied();
        Walk {
            place,
            first,
            keyword,
            word: known.or_else(|| place.nearest(word)).unwrap_or(""),
            frames: Vec::new(),
            blocks: Vec::new(),
            broken: None,
            depth: Depth::new(),
            generics: 0,
            type_close: false,
            tokens: 0,
        }
    }

    pub(super) fn finish(&self, walk: Walk, end: usize) -> Option<Item> {
        if end <= walk.first {
            return None;
        }
        let keyword = if walk.keyword < end {
            walk.keyword
        } else {
            walk.first
        };
        Some(Item {
            place: walk.place,
            first: self.c.index(walk.first),
            end: self.c.index(end - 1) + 1,
            keyword: self.c.index(keyword),
            blocks: walk.blocks,
            broken: walk.broken,
        })
    }

    /// At the first token of a line within an item: whether the item ended with the line before.
    fn line_ends(&mut self, walk: &mut Walk) -> bool {
        let at = self.at;
        if walk.frames.iter().any(|f| f.kind == K::InterpOpen) {
            return false;
        }
        let in_brackets = !walk.frames.is_empty();
        if !self.is_asked_for(walk)
            && (lines::begins_decl(&self.c, at)
                || lines::begins_item(&self.c, at, walk.place, in_brackets))
        {
            // Not behind a label, whose step may stand on the next line.
            return !(at == walk.keyword && at > walk.first);
        }
        if in_brackets || lines::unfinished(&self.c, at - 1, walk.type_close) {
            return false;
        }
        if !lines::goes_on(&self.c, at, walk.place) {
            return true;
        }
        let behind_block =
            self.c.kind(at - 1) == K::RBrace && matches!(self.c.word(at), "else" | "join");
        if !behind_block && !matches!(self.c.kind(at), K::RParen | K::RBracket) {
            keep(&mut self.errors, faults::misplaced_start(&self.c, at));
        }
        false
    }

    /// Whether the word at hand, which begins a line, is one that the line before needs, though it begins items too.
    fn is_asked_for(&self, walk: &Walk) -> bool {
        let before = self.at - 1;
        let asked_for = match self.c.word(self.at) {
            "send" | "run" => walk.word == "let" && self.c.kind(before) == K::Eq,
            "if" => walk.word == "if" && self.c.word(before) == "else",
            _ => false,
        };
        asked_for && walk.frames.is_empty()
    }

    fn plain(&mut self, walk: &mut Walk) -> bool {
        let at = self.at;
        let kind = self.c.kind(at);
        walk.type_close = false;
        let has_types = matches!(walk.place, Place::File | Place::Call);
        match kind {
            K::Lt if has_types && matches!(self.c.word(at.wrapping_sub(1)), "list" | "map") => {
                walk.generics += 1;
                walk.depth.opens_type();
            }
            K::Gt if walk.generics > 0 => {
                walk.generics -= 1;
                walk.type_close = true;
            }
            _ => walk.depth.token(kind, self.c.word(at)),
        }
        self.check_depth(walk);
        self.at += 1;
        false
    }

    fn open(&mut self, walk: &mut Walk, nesting: usize) -> bool {
        walk.frames.push(Frame {
            kind: self.c.kind(self.at),
            at: self.at,
        });
        walk.depth.bracket();
        if nesting + walk.frames.len() > MAX_NESTING {
            self.too_deep(walk);
        }
        self.at += 1;
        false
    }

    /// A closing bracket. A `}` that closes nothing of the item ends it.
    fn close(&mut self, walk: &mut Walk) -> bool {
        let opener = match self.c.kind(self.at) {
            K::RParen => K::LParen,
            K::RBracket => K::LBracket,
            K::InterpClose => K::InterpOpen,
            _ => K::LBrace,
        };
        let Some(match_at) = walk.frames.iter().rposition(|f| f.kind == opener) else {
            if opener == K::LBrace && walk.place != Place::Expression {
                return true;
            }
            self.at += 1;
            return false; // the rule of the item will say that it is unexpected
        };
        if match_at + 1 < walk.frames.len()
            && let Some(frame) = walk.frames.last()
        {
            let error = faults::unclosed(&self.c, frame.at);
            walk.fail(error);
        }
        while walk.frames.len() > match_at {
            walk.frames.pop();
            walk.depth.close();
        }
        self.check_depth(walk);
        self.at += 1;
        false
    }

    /// `{`: a record or a block. True when the block ends the item.
    fn brace(&mut self, walk: &mut Walk, nesting: usize) -> bool {
        let bare = walk.place.has_labels()
            && walk.word == "let"
            && self.c.kind(self.at.wrapping_sub(1)) == K::Eq;
        if bare {
            walk.fail(faults::bare_record(self.c.span(self.at)));
        }
        if bare || !walk.frames.is_empty() || self.opens_record(walk) {
            return self.open(walk, nesting);
        }
        let open = self.at;
        if open == walk.first {
            self.gave_up = true; // a block of nothing: its item is refused whole
            self.skip_braces();
            return false;
        }
        let inner = self.inner_place(walk);
        if nesting + 1 > MAX_NESTING {
            self.too_deep(walk);
            self.skip_braces();
            return false;
        }
        self.at += 1;
        let mut items = Vec::new();
        self.blocks.push((open, inner));
        self.items(inner, nesting + 1, &mut items);
        while self.is_stray(open, inner) {
            items.extend(self.stray(inner, nesting + 1));
            self.items(inner, nesting + 1, &mut items);
        }
        self.blocks.pop();
        let close = (self.c.kind(self.at) == K::RBrace).then_some(self.at);
        if let Some(close) = close {
            self.suspects(open, close);
            self.at += 1;
        }
        walk.blocks.push(ItemBlock {
            open: self.c.index(open),
            close: close.map(|at| self.c.index(at)),
            end: self.c.index(self.at - 1) + 1,
            items,
        });
        walk.depth.block();
        (walk.place == Place::File && !walk.word.is_empty())
            || walk.place.is_arms()
            || close.is_none()
    }

    /// Whether the `{` at hand, outside of other brackets, opens a record (or a record type).
    fn opens_record(&self, walk: &Walk) -> bool {
        let before = self.at.wrapping_sub(1);
        match (self.c.kind(before), self.c.word(before)) {
            (K::Arrow, _) => return true,
            (K::Lt, _) if walk.generics > 0 => return true,
            _ => {}
        }
        match walk.place {
            Place::Test | Place::Expression => true,
            // Only `auth token` has a brace; its `token` may be misspelt or left out.
            Place::Call => walk.word != "auth",
            Place::Token => true,
            Place::File => matches!(walk.word, "function" | "const" | "audience" | "schema"),
            Place::Journey | Place::Steps => {
                matches!(walk.word, "update" | "emit" | "start" | "return")
            }
            _ => false,
        }
    }

    /// What the items of the block that the `{` at hand opens are.
    fn inner_place(&self, walk: &Walk) -> Place {
        match walk.place {
            Place::File => Place::of_declaration(walk.word),
            Place::Call => Place::Token,
            Place::Journey | Place::Steps if self.c.word(self.at.wrapping_sub(1)) != "else" => {
                match walk.word {
                    "match" => Place::Match,
                    "split" => Place::Split,
                    "parallel" => Place::Parallel,
                    "send" => Place::Outcome,
                    // Only outcomes begin with `on`: whatever is wrong with what is bound, it is sent.
                    "let"
                        if self.c.word(walk.keyword + 3) == "send"
                            || self.c.word(self.at + 1) == "on" =>
                    {
                        Place::Outcome
                    }
                    "await" if self.is_within(walk.keyword + 1) => Place::Await,
                    _ => Place::Steps,
                }
            }
            _ => Place::Steps,
        }
    }

    /// Whether the word behind an `await` is `within`, or was meant to be.
    fn is_within(&self, at: usize) -> bool {
        let word = self.c.word(at);
        word == "within"
            || self.c.kind(at + 1) == K::Duration
                && !nearest(word, ["within"].into_iter()).is_empty()
    }

    fn check_depth(&mut self, walk: &mut Walk) {
        if walk.depth.too_deep() && walk.broken.is_none() {
            let error = SyntaxError::new(
                E::TooDeep,
                self.c.span(self.at),
                "this expression nests too deep, or has too many operators",
            );
            walk.fail(error.hint("give its parts names with `let` or `function`; many alternatives read better as `x in […]`"));
        }
    }

    fn too_deep(&mut self, walk: &mut Walk) {
        self.gave_up = true;
        let message = format!("brackets nest at most {MAX_NESTING} deep, and this one is deeper");
        walk.fail(SyntaxError::new(E::TooDeep, self.c.span(self.at), message));
    }
}
