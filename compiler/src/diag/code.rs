//! The registry of diagnostic codes. A code never changes its meaning and is never used again after it is gone.
//!
//! J01 text, J02 names, J03 types, J04 the course of a journey, J05 packages and schemas, J06 tests, J07 what a command is given
//! beside the package, J09 not yet.

use super::Severity;
use std::fmt;

macro_rules! codes {
    ($($name:ident $number:literal $slug:literal $severity:ident $summary:literal,)*) => {
        /// A diagnostic code.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Code { $(#[doc = $summary] $name,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// `J0203`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $number,)* }
            }

            /// `unknown-field`: the name lint levels use.
            pub fn slug(self) -> &'static str {
                match self { $(Code::$name => $slug,)* }
            }

            /// Severity unless `[lints]` says otherwise (only warnings can be changed).
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// One line for lists.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$name => $summary,)* }
            }
        }
    };
}

codes! {
    Syntax "J0101" "syntax" Error "the text does not follow the grammar here",
    Unclosed "J0102" "unclosed" Error "a bracket or string is never closed",
    UnknownKeyword "J0103" "unknown-keyword" Error "a line starts with a word that starts nothing",
    BadLiteral "J0104" "bad-literal" Error "a number, date, time or duration that does not exist",
    TooLarge "J0105" "too-large" Error "a file, line or nesting beyond the limits",
    OperatorAtLineStart "J0106" "operator-at-line-start" Error "a line starts with an operator of the line before",
    BadEscape "J0107" "bad-escape" Error "an escape sequence that does not exist",
    HiddenCharacter "J0108" "hidden-character" Error "a character that makes a text look other than it is",

    UnknownName "J0201" "unknown-name" Error "a name that nothing declares",
    DuplicateName "J0202" "duplicate-name" Error "two declarations of one name",
    UnknownField "J0203" "unknown-field" Error "a field that the schema does not declare",
    UnknownEvent "J0204" "unknown-event" Error "an event that nobody declared",
    UnknownFunction "J0205" "unknown-function" Error "a function that does not exist",
    UnknownSchema "J0206" "unknown-schema" Error "a schema that the package does not have",
    UnknownCall "J0207" "unknown-call" Error "a source or action that nobody declared",
    UnknownJourney "J0208" "unknown-journey" Error "a journey that nobody declared",
    UnknownLabel "J0209" "unknown-label" Error "a label or split that no step has",
    UnknownNamespace "J0210" "unknown-namespace" Error "an identity namespace that the package does not list",
    UnknownEnv "J0211" "unknown-env" Error "an environment value that no environment gives",
    UnknownParameter "J0212" "unknown-parameter" Error "an argument that the call has no parameter for",
    MissingArgument "J0213" "missing-argument" Error "a parameter that got no argument",
    DuplicateSetting "J0214" "duplicate-setting" Error "a setting that may stand once stands twice",
    MissingSetting "J0215" "missing-setting" Error "a declaration lacks a setting it cannot do without",
    SecretOutsideAuth "J0216" "secret-in-expression" Error "a secret used where its value could leak",
    ShadowedName "J0217" "shadowed-name" Error "a name bound again where it is still in force",
    RecursiveFunction "J0218" "recursive-function" Error "a function or constant that needs itself",
    UnknownType "J0219" "unknown-type" Error "a type that does not exist",
    WrongKind "J0220" "wrong-kind" Error "a name of the wrong kind for this place",

    TypeMismatch "J0301" "type-mismatch" Error "a value of another type than the place asks for",
    MaybeMissing "J0302" "maybe-missing" Error "a value that may be missing where one is needed",
    NotComparable "J0303" "not-comparable" Error "a comparison of unlike types",
    UnknownEnumValue "J0304" "unknown-enum-value" Error "a text that no value of the enum equals",
    WrongArguments "J0305" "wrong-arguments" Error "arguments that no form of the function takes",
    BadOperand "J0306" "bad-operand" Error "an operator on a type it is not made for",
    BadRegex "J0307" "bad-regex" Error "a regular expression that does not compile",
    NotACondition "J0308" "not-a-condition" Error "a condition that is not true or false",
    BadTimeZone "J0309" "bad-time-zone" Error "a time zone that does not exist",
    LambdaMisplaced "J0310" "lambda-misplaced" Error "a lambda where no function takes one",
    NotConstant "J0311" "not-constant" Error "a value that must be known when the package is built",
    NotText "J0312" "not-text" Error "a value that has no text form inside a text",

    NotArrived "J0401" "not-arrived" Error "data used on a path where it need not have arrived",
    Unreachable "J0402" "unreachable-step" Error "a step that no one can reach",
    UnboundedWait "J0403" "unbounded-wait" Error "a wait without an end, or beyond the longest stay",
    UnhandledFailure "J0404" "unhandled-call-failure" Warning "a call whose failure nobody handles",
    MatchMissesValue "J0405" "match-misses-value" Error "a match that leaves a value of the enum out",
    ConstantCondition "J0406" "constant-condition" Error "a condition that can never or must always hold",
    BadSplit "J0407" "bad-split" Error "a split whose shares do not add up to 100 %",
    NoEntry "J0408" "no-entry" Error "a journey that nobody can enter",
    UnusedBinding "J0409" "unused-binding" Warning "a name that nothing reads",
    DuplicateLabel "J0410" "duplicate-label" Error "two steps with one label",
    EmptyWait "J0411" "empty-wait" Error "a wait or limit of no or negative length",
    ZoneThrownAway "J0412" "zone-thrown-away" Warning "a time zone that is named and then not looked at",

    Manifest "J0501" "manifest" Error "journey.toml is wrong or missing",
    SchemaProblem "J0502" "schema-problem" Error "a schema file that cannot be imported",
    EnvironmentUnknown "J0503" "environment-unknown" Error "an environment that journey.toml does not have",
    SchemaDoubt "J0504" "schema-doubt" Warning "a schema that says what nobody can have meant",

    TestPayload "J0601" "test-payload" Error "a test's data does not fit its schema",
    TestOrder "J0602" "test-order" Error "a test statement in a place where it can do nothing",

    DataFile "J0701" "data-file" Error "a file of stubs or bindings that is not as it must be",

    NotYet "J0901" "not-yet" Error "a part of the language that this version does not build yet",
    TooManySlots "J0902" "too-much-data" Error "a journey that reads or keeps more than a row can hold",
}

impl Code {
    /// The code of `J0203` or `unknown-field`.
    pub fn find(text: &str) -> Option<Code> {
        Code::ALL
            .iter()
            .copied()
            .find(|c| c.id().eq_ignore_ascii_case(text) || c.slug() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
