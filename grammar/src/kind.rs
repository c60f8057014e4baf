//! The names of everything a tree can hold: kinds of tokens first, then kinds of nodes. Plain data; knows nothing of text or rules.

/// The kind of a token or of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[rustfmt::skip]
#[allow(missing_docs)] // The names are the language's own; a docstring each would only say them again.
pub enum SyntaxKind {
    // Trivia: kept in the tree, never part of a node's span.
    Whitespace, Newline, LineComment, DocComment,
    // Words. Keywords are words: the rule that holds one decides what it means.
    Word, Backtick,
    // Literals.
    Integer, Decimal, Duration, Date, Time, DateTime, DateTimeOnly, RawString,
    // A string is several tokens: start, then text and interpolations, then end.
    StringStart, StringText, InterpOpen, InterpClose, StringEnd,
    // Punctuation.
    LParen, RParen, LBracket, RBracket, LBrace, RBrace, Colon, Comma, Dot, DotDot, Eq, EqEq, NotEq, Lt, Le, Gt, Ge,
    Plus, Minus, Star, Slash, Percent, Question, QuestionQuestion, FatArrow, Arrow, Pipe, Semicolon,
    // What no rule accepts: a number with a strange tail, a character the language does not use.
    BadNumber, Unknown,

    // ---- Nodes ----
    File, ExprRoot,
    /// The tokens of an island that could not be parsed; its blocks, if any, are still its children.
    Error,

    SchemaDecl, EventDecl, AudienceDecl, ExternalAudience, SourceDecl, ActionDecl, FunctionDecl, ConstDecl, PolicyDecl,
    FlowDecl, JourneyDecl, TestDecl,
    ParamList, Param, ReturnType, TypeName, TypeList, TypeMap, TypeRecord, TypeField, TypeOptional, TypeSample,
    /// `{ … }` around items: settings, steps, arms or test statements. Never a record.
    Block,

    Where, EventId, EventKey, EventDedupe, EventBusiness,

    HttpLine, QueryItem, HeaderItem, JsonItem, FormItem, CacheItem, TimeoutItem, RetryItem, RateLimit, OverLimit,
    IdempotencyItem, ChannelItem, CategoryItem, FailureItem, AuthItem, AuthNone, AuthBasic, AuthHeader, AuthQuery,
    AuthBearer, AuthToken, TokenAt, TokenExpires, TokenAs,

    AtMost, QuietItem, SharedLimit, PriorityItem,

    EnterSetting, EnterBatch, Schedule, Pace, AudienceEntry, AudienceExit, EventPattern, Binding, ForAudience,
    ReenterSetting, TimezoneSetting, ExitSetting, ExpiresSetting, OnError, OnExpiry, InstanceSetting, StartsSetting,
    ClosesSetting, PolicySetting, Guarantee, StaysAtMost, NeverAfter,

    Label, WaitStep, NextWeekday, WaitOr, AwaitStep, AwaitArm, IfStep, ElseIf, ElseClause, MatchStep, MatchArm,
    ElsePattern, MissingPattern, ValuePattern, SplitStep, SplitArm, Share, LimitStep, LetStep, FetchCall, SendCall,
    RunCall, SendStep, RunStep, OutcomeArm, Outcome, UpdateStep, FieldPath, StartStep, EmitStep, RepeatStep, BreakStep,
    ParallelStep, ParallelArm, EndStep, ReturnStep,

    TestAt, TestSeed, TestProfile, TestAudience, TestHistory, TestStub, StubFails, StubTimes, TestChoose, TestReceive,
    TestAdvance, TestExpect, ExpectSent, ExpectNo, ExpectAt, ExpectEnded, ExpectExited, ExpectFailed, ExpectPath,
    PathStep, ExpectExpr,

    Name, QName, Literal, StringLit, Interpolation, NameRef, FieldExpr, IndexExpr, CallExpr, MethodCall, UnaryExpr,
    BinaryExpr, IsExpr, IfExpr, ListExpr, RecordExpr, RecordField, ParenExpr, Lambda, ArgList, NamedArg, Window,
}

impl SyntaxKind {
    /// Whether it is a token that carries no meaning: white space or a comment.
    pub const fn is_trivia(self) -> bool {
        matches!(
            self,
            SyntaxKind::Whitespace
                | SyntaxKind::Newline
                | SyntaxKind::LineComment
                | SyntaxKind::DocComment
        )
    }

    /// Whether a node of this kind is an expression.
    pub const fn is_expr(self) -> bool {
        use SyntaxKind::*;
        matches!(
            self,
            Literal
                | StringLit
                | NameRef
                | FieldExpr
                | IndexExpr
                | CallExpr
                | MethodCall
                | UnaryExpr
                | BinaryExpr
                | IsExpr
                | IfExpr
                | ListExpr
                | RecordExpr
                | ParenExpr
                | Lambda
                | Window
        )
    }
}
