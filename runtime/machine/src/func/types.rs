//! What an entry of the function table says.
//!
//! Never true here: an implementation; those stand beside their entries.

use super::clock::Clock;
use super::ctx::Ctx;
use super::look::Look;
use crate::fault::Fault;
use journey_artifact::word::WordType;

/// A type in a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ty {
    /// `string`.
    String,
    /// `integer`.
    Integer,
    /// `decimal`.
    Decimal,
    /// `boolean`.
    Boolean,
    /// `date`.
    Date,
    /// `dateTime`.
    DateTime,
    /// `dateTimeOnly`.
    DateTimeOnly,
    /// `time`.
    Time,
    /// Exact `duration`.
    Duration,
    /// Calendar duration.
    Period,
    /// `list<…>`.
    List(&'static Ty),
    /// `map<…>`.
    Map(&'static Ty),
    /// One scalar type, the same wherever it stands in the signature.
    T,
    /// One type of any kind (records and lists too), the same wherever it stands in the signature.
    Any,
    /// A lambda over the elements of the first parameter, giving this type.
    Lambda(&'static Ty),
}

/// A parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Ty,
}

/// A parameter, short.
pub const fn p(name: &'static str, ty: Ty) -> Param {
    Param { name, ty }
}

/// What of the evaluation's surroundings a function looks at. One that uses nothing is constant over constants.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Uses {
    /// The instant of the evaluation.
    pub now: bool,
    /// The journey's zone.
    pub zone: bool,
}

/// Where the reference page lists a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Category {
    /// Text.
    String,
    /// From one type to another.
    Conversion,
    /// Dates and times.
    Date,
    /// Numbers.
    Math,
    /// Counts, sums and the like over lists.
    Aggregation,
    /// Lists to lists.
    List,
    /// Collections of records, with lambdas.
    Collection,
    /// Maps.
    Map,
    /// Splits and hashing.
    Hash,
    /// Missing values.
    Missing,
    /// What operators become; not written by users.
    Operator,
}

/// A native implementation: present argument words in, a word or nothing out.
pub type Native = fn(&mut Ctx<'_>, &[u64], &CallSite) -> Result<Option<u64>, Fault>;
/// One that only looks at what is there: compiled code calls it without a place of work.
pub type Looks = fn(&mut Look<'_>, &[u64], &CallSite) -> Result<Option<u64>, Fault>;

/// What the machine calls.
#[derive(Clone, Copy, Debug)]
pub enum Called {
    /// It may make values.
    Makes(Native),
    /// It only looks.
    Looks(Looks),
}

impl Called {
    /// Calls it.
    #[inline]
    pub fn call(
        self,
        ctx: &mut Ctx<'_>,
        args: &[u64],
        site: &CallSite,
    ) -> Result<Option<u64>, Fault> {
        match self {
            Called::Makes(native) => native(ctx, args, site),
            Called::Looks(looks) => looks(&mut ctx.look(), args, site),
        }
    }
}

/// How a function is carried out.
#[derive(Clone, Copy, Debug)]
pub enum Imp {
    /// The machine calls this.
    Native(Called),
    /// The compiler expands it into instructions.
    Inline(Intrinsic),
}

/// What the compiler expands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Intrinsic {
    /// Elements for which a lambda holds.
    Filter,
    /// Each element through a lambda.
    Map,
    /// Whether a lambda holds for some element.
    Any,
    /// Whether a lambda holds for every element.
    All,
    /// The first element, or the first for which a lambda holds.
    First,
    /// The last element, or the last for which a lambda holds.
    Last,
    /// The first element for which a lambda holds.
    Find,
    /// How many elements, or how many for which a lambda holds.
    Count,
    /// The sum of a lambda over the elements.
    Sum,
    /// The smallest of a lambda over the elements.
    Min,
    /// The largest of a lambda over the elements.
    Max,
    /// The mean of a lambda over the elements.
    Avg,
    /// Elements in the order of a lambda.
    SortBy,
    /// The element at a place.
    At,
    /// Whether a list has no elements.
    IsEmpty,
    /// Whether a list has elements.
    IsNotEmpty,
    /// The keys of a map.
    Keys,
    /// The values of a map.
    Values,
    /// The value of a key of a map.
    Entry,
    /// The first key of a map.
    FirstEntryKey,
    /// The first argument that is present.
    Coalesce,
}

/// One overload of a function.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name. A name with a dot (`op.add`) is what an operator becomes and cannot be written.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// Whether the last parameter may be repeated.
    pub variadic: bool,
    /// What it gives.
    pub returns: Ty,
    /// Whether it may give nothing though all arguments are present.
    pub optional: bool,
    /// What it looks at.
    pub uses: Uses,
    /// Where the reference lists it.
    pub category: Category,
    /// What it means, one or a few sentences.
    pub doc: &'static str,
    /// Expressions and the JSON text of their values.
    pub examples: &'static [(&'static str, &'static str)],
    /// How it is carried out.
    pub imp: Imp,
    /// What it is to whoever carries it out without a call, where its other argument is a constant or its value goes to such a one.
    pub short: Option<Short>,
    /// What it is to a compiler, where that is an instruction or a few.
    pub plain: Option<Plain>,
}

/// What a function comes to over words alone: a compiler does it in place, at the cost of the call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plain {
    /// The argument's word as it is.
    Same,
    /// An integer without its sign, saturating.
    AbsInteger,
    /// A decimal without its sign.
    AbsDecimal,
    /// The nearest integer to a decimal, a half going up, saturating.
    Round,
    /// The largest integer that is not greater than a decimal, saturating.
    Floor,
    /// The smallest integer that is not less than a decimal, saturating.
    Ceil,
    /// The larger of two, where their types are words in order or decimals.
    Max,
    /// The smaller of two, where their types are words in order or decimals.
    Min,
    /// The sum of two integers, saturating.
    SumInteger,
    /// The sum of two decimals.
    SumDecimal,
    /// The mean of two decimals.
    AvgDecimal,
    /// An integer as a decimal.
    ToDecimal,
    /// Whether an integer is not 0.
    IsNotZero,
    /// How many rows a list has.
    Size,
    /// Whether a text has no bytes.
    IsEmpty,
    /// Whether a text has bytes.
    IsNotEmpty,
}

/// What a function comes to: [`crate::eval::shortcut`] carries out calls of these together, and without a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Short {
    /// The text without white space at its ends.
    Trim,
    /// The text in lower case.
    Lower,
    /// The text in upper case.
    Upper,
    /// Whether it begins with another.
    StartWith,
    /// Whether it ends with another.
    EndWith,
    /// Whether it contains another.
    Contain,
    /// Its bucket under a salt.
    Bucket,
    /// What needs words, the instant and the zone alone.
    Clock(Clock),
}

impl Function {
    /// An entry with nothing unusual.
    pub const fn native(
        name: &'static str,
        category: Category,
        params: &'static [Param],
        returns: Ty,
        imp: Native,
    ) -> Function {
        let called = Called::Makes(imp);
        Function::entry(name, category, params, returns, Imp::Native(called))
    }

    /// An entry of a function that only looks.
    pub const fn looks(
        name: &'static str,
        category: Category,
        params: &'static [Param],
        returns: Ty,
        imp: Looks,
    ) -> Function {
        let called = Called::Looks(imp);
        Function::entry(name, category, params, returns, Imp::Native(called))
    }

    /// An entry that the compiler expands.
    pub const fn inline(
        name: &'static str,
        category: Category,
        params: &'static [Param],
        returns: Ty,
        what: Intrinsic,
    ) -> Function {
        Function::entry(name, category, params, returns, Imp::Inline(what))
    }

    const fn entry(
        name: &'static str,
        category: Category,
        params: &'static [Param],
        returns: Ty,
        imp: Imp,
    ) -> Function {
        Function {
            name,
            params,
            variadic: false,
            returns,
            optional: false,
            uses: Uses {
                now: false,
                zone: false,
            },
            category,
            doc: "",
            examples: &[],
            imp,
            short: None,
            plain: None,
        }
    }

    /// A compiler does it in place.
    pub const fn plain(mut self, plain: Plain) -> Function {
        self.plain = Some(plain);
        self
    }

    /// May be carried out without a call.
    pub const fn short(mut self, short: Short) -> Function {
        self.short = Some(short);
        self
    }

    /// With its documentation and examples.
    pub const fn doc(
        mut self,
        doc: &'static str,
        examples: &'static [(&'static str, &'static str)],
    ) -> Function {
        self.doc = doc;
        self.examples = examples;
        self
    }

    /// May give nothing.
    pub const fn optional(mut self) -> Function {
        self.optional = true;
        self
    }

    /// Looks at the instant.
    pub const fn now(mut self) -> Function {
        self.uses.now = true;
        self
    }

    /// Looks at the zone.
    pub const fn zone(mut self) -> Function {
        self.uses.zone = true;
        self
    }

    /// The last parameter may be repeated.
    pub const fn variadic(mut self) -> Function {
        self.variadic = true;
        self
    }
}

/// The exact types of one call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallSite {
    /// Types of the arguments.
    pub params: Vec<WordType>,
    /// Type of the result.
    pub result: WordType,
    /// Type of the elements of the first argument, if that is a list.
    pub element: Option<WordType>,
}
