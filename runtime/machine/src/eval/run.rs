//! The interpreter loop.
//!
//! Fuel: a chunk costs its length at entry, a backward jump its distance; since every other jump goes forward, that bounds the
//! instructions executed. Operations over text and rows cost by their size.
//! Comes in: a chunk and its environment. Goes out: a word or nothing. Never true here: a tag test; types are static.

use super::frame::{Env, Frame};
use crate::fault::{Fault, Fuel};
use crate::func::Ctx;
use crate::record::arena::{get_slot, set_slot};
use crate::record::{Kept, Record};
use crate::value::{self, Value};
use journey_artifact::code::{Instr, Op, R_INPUT, R_PROFILE, R_VARS};
use journey_artifact::model::ChunkId;
use journey_artifact::word::{Ref, Region, WordType, date_time_ms};

/// Evaluates a chunk. A reference in the result is good until the frame's next evaluation.
pub fn eval(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<u64>, Fault> {
    let code = env
        .loaded
        .code
        .get(chunk.0 as usize)
        .ok_or(Fault::Corrupt("chunk"))?;
    let Frame {
        regs,
        scratch,
        tools,
    } = frame;
    scratch.reset();
    regs[usize::from(R_PROFILE)] = env.profile.row_word(Region::Profile);
    regs[usize::from(R_VARS)] = env.vars.row_word(Region::Vars);
    regs[usize::from(R_INPUT)] = env.input.row_word(Region::Input);
    fuel.take(code.len() as u64)?;
    let mut ctx = Ctx {
        shapes: &env.loaded.artifact().shapes,
        fixed: [env.loaded.constants(), env.profile, env.vars, env.input],
        scratch,
        tools,
        fuel,
        now_ms: env.now_ms,
        zone: env.zone,
    };
    run(env, code, regs, &mut ctx)
}

/// Evaluates a Bool chunk; `None` is unknown.
pub fn eval_bool(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<bool>, Fault> {
    Ok(eval(env, chunk, frame, fuel)?.map(|word| word == 1))
}

/// Evaluates a Str chunk; the text is good until the frame's next evaluation.
pub fn eval_str<'a>(
    env: &Env<'a>,
    chunk: ChunkId,
    frame: &'a mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<&'a str>, Fault> {
    match eval(env, chunk, frame, fuel)? {
        Some(word) => frame.regions(env).str(word).map(Some),
        None => Ok(None),
    }
}

/// Evaluates a chunk and takes the value out, with everything it refers to.
pub fn eval_kept(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Option<Kept>, Fault> {
    let Some(word) = eval(env, chunk, frame, fuel)? else {
        return Ok(None);
    };
    let ty = result_type(env, chunk)?;
    let mut record = Record::default();
    let word = frame.store(env, word, ty, &mut record, Region::Scratch)?;
    Ok(Some(Kept { record, word, ty }))
}

/// Evaluates a chunk to a value that knows its type, for traces and payloads.
pub fn eval_value(
    env: &Env<'_>,
    chunk: ChunkId,
    frame: &mut Frame,
    fuel: &mut Fuel,
) -> Result<Value, Fault> {
    match eval(env, chunk, frame, fuel)? {
        Some(word) => value::from_word(
            env.loaded.artifact(),
            &frame.regions(env),
            word,
            result_type(env, chunk)?,
        ),
        None => Ok(Value::Missing),
    }
}

fn result_type(env: &Env<'_>, chunk: ChunkId) -> Result<WordType, Fault> {
    Ok(env
        .loaded
        .chunk(chunk)
        .ok_or(Fault::Corrupt("chunk"))?
        .result)
}

fn run(
    env: &Env<'_>,
    code: &[Instr],
    regs: &mut [u64; 256],
    ctx: &mut Ctx<'_>,
) -> Result<Option<u64>, Fault> {
    let loaded = env.loaded;
    let mut pc = 0usize;
    loop {
        let i = *code.get(pc).ok_or(Fault::Corrupt("ran past the end"))?;
        let (a, b, c, target) = (
            usize::from(i.a),
            usize::from(i.b),
            usize::from(i.c),
            usize::from(i.hi),
        );
        pc += 1;
        match i.op {
            Op::Const => {
                regs[a] = *loaded
                    .constant_words
                    .get(usize::from(i.lo))
                    .ok_or(Fault::Corrupt("constant"))?
            }
            Op::Int => regs[a] = i64::from(i.imm()) as u64,
            Op::Bool => regs[a] = u64::from(i.lo & 1),
            Op::Unknown => regs[a] = 2,
            Op::Move => regs[a] = regs[b],
            Op::Slot => {
                match get_slot(ctx.words(regs[b])?, Ref(regs[b]).offset() as usize, c, i.lo) {
                    Some(word) => regs[a] = word,
                    None => pc = target,
                }
            }
            Op::Has => {
                if get_slot(ctx.words(regs[b])?, Ref(regs[b]).offset() as usize, c, i.lo).is_none()
                {
                    pc = target;
                }
            }
            Op::Jump => {
                if target < pc {
                    ctx.fuel.take((pc - target) as u64)?;
                }
                pc = target;
            }
            Op::JumpTrue => {
                if regs[a] == 1 {
                    pc = target;
                }
            }
            Op::JumpFalse => {
                if regs[a] == 0 {
                    pc = target;
                }
            }
            Op::EqI => regs[a] = u64::from(regs[b] == regs[c]),
            Op::LtI => regs[a] = u64::from((regs[b] as i64) < regs[c] as i64),
            Op::LeI => regs[a] = u64::from(regs[b] as i64 <= regs[c] as i64),
            Op::EqD => regs[a] = u64::from(dec(regs[b]) == dec(regs[c])),
            Op::LtD => regs[a] = u64::from(dec(regs[b]) < dec(regs[c])),
            Op::LeD => regs[a] = u64::from(dec(regs[b]) <= dec(regs[c])),
            Op::EqT => regs[a] = u64::from(date_time_ms(regs[b]) == date_time_ms(regs[c])),
            Op::LtT => regs[a] = u64::from(date_time_ms(regs[b]) < date_time_ms(regs[c])),
            Op::LeT => regs[a] = u64::from(date_time_ms(regs[b]) <= date_time_ms(regs[c])),
            Op::EqS => regs[a] = u64::from(ctx.str(regs[b])? == ctx.str(regs[c])?),
            Op::LtS => regs[a] = u64::from(ctx.str(regs[b])? < ctx.str(regs[c])?),
            Op::LeS => regs[a] = u64::from(ctx.str(regs[b])? <= ctx.str(regs[c])?),
            Op::Not => regs[a] = regs[b] ^ 1,
            Op::And3 => regs[a] = and3(regs[b], regs[c]),
            Op::Or3 => regs[a] = not3(and3(not3(regs[b]), not3(regs[c]))),
            Op::Not3 => regs[a] = not3(regs[b]),
            Op::AddI => regs[a] = (regs[b] as i64).saturating_add(regs[c] as i64) as u64,
            Op::SubI => regs[a] = (regs[b] as i64).saturating_sub(regs[c] as i64) as u64,
            Op::MulI => regs[a] = (regs[b] as i64).saturating_mul(regs[c] as i64) as u64,
            Op::DivI => match regs[c] as i64 {
                0 => pc = target,
                divisor => regs[a] = (regs[b] as i64).saturating_div(divisor) as u64,
            },
            Op::RemI => match regs[c] as i64 {
                0 => pc = target,
                divisor => regs[a] = (regs[b] as i64).wrapping_rem(divisor) as u64,
            },
            Op::NegI => regs[a] = (regs[b] as i64).saturating_neg() as u64,
            Op::AddD => regs[a] = (dec(regs[b]) + dec(regs[c])).to_bits(),
            Op::SubD => regs[a] = (dec(regs[b]) - dec(regs[c])).to_bits(),
            Op::MulD => regs[a] = (dec(regs[b]) * dec(regs[c])).to_bits(),
            Op::DivD if dec(regs[c]) == 0.0 => pc = target,
            Op::DivD => regs[a] = (dec(regs[b]) / dec(regs[c])).to_bits(),
            Op::RemD if dec(regs[c]) == 0.0 => pc = target,
            Op::RemD => regs[a] = (dec(regs[b]) % dec(regs[c])).to_bits(),
            Op::NegD => regs[a] = (-dec(regs[b])).to_bits(),
            Op::IntToDec => regs[a] = (regs[b] as i64 as f64).to_bits(),
            Op::Call => {
                let import = loaded
                    .imports
                    .get(usize::from(i.lo))
                    .ok_or(Fault::Corrupt("import"))?;
                let args = regs.get(b..b + c).ok_or(Fault::Corrupt("arguments"))?;
                ctx.fuel.take(call_cost(args, &import.site.params))?;
                match (import.native)(ctx, args, &import.site)? {
                    Some(word) => regs[a] = word,
                    None => pc = target,
                }
            }
            Op::Concat => {
                let parts = regs.get(b..b + c).ok_or(Fault::Corrupt("arguments"))?;
                let at = ctx.scratch.text.len();
                for part in parts {
                    ctx.fuel.take(1 + u64::from(Ref(*part).len()) / 16)?;
                    ctx.append_str(*part)?;
                }
                regs[a] = Ref::new(
                    Region::Scratch,
                    (ctx.scratch.text.len() - at) as u32,
                    at as u32,
                )
                .0;
            }
            Op::Len => regs[a] = u64::from(Ref(regs[b]).len()),
            Op::Elem => {
                let len = i64::from(Ref(regs[b]).len());
                let index = regs[c] as i64;
                let index = if index < 0 {
                    index.saturating_add(len)
                } else {
                    index
                };
                if (0..len).contains(&index) {
                    regs[a] = row_word(regs[b], index as usize, layout(env, i.lo)?.1)?;
                } else {
                    pc = target;
                }
            }
            Op::Find => match find(ctx, regs[b], regs[c], layout(env, i.lo)?)? {
                Some(row) => regs[a] = row,
                None => pc = target,
            },
            Op::Next => {
                let (list, cursor) = (regs[b], regs[c]);
                if cursor < u64::from(Ref(list).len()) {
                    regs[a] = row_word(list, cursor as usize, layout(env, i.lo)?.1)?;
                    regs[c] = cursor + 1;
                } else {
                    pc = target;
                }
            }
            Op::NewRow => {
                let at = ctx.scratch.push_zeros(layout(env, i.lo)?.1)?;
                regs[a] = Ref::new(Region::Scratch, 0, at).0;
            }
            Op::Set => {
                if Ref(regs[a]).region_bits() != Region::Scratch as u8 {
                    return Err(Fault::Corrupt("row is not this evaluation's"));
                }
                set_slot(
                    &mut ctx.scratch.words,
                    Ref(regs[a]).offset() as usize,
                    c,
                    i.lo,
                    regs[b],
                );
            }
            Op::NewListLike => regs[a] = new_list(ctx, i.lo, Ref(regs[b]).len() as usize)?,
            Op::NewList => regs[a] = new_list(ctx, i.lo, target)?,
            Op::PushRow => {
                let stride = layout(env, i.lo)?.1;
                ctx.fuel.take(stride as u64 / 8)?;
                regs[a] = ctx.push_row(regs[a], regs[b], Ref(regs[b]).offset() as usize, stride)?;
            }
            Op::Push => regs[a] = ctx.push_item(regs[a], Some(regs[b]))?,
            Op::PushNull => regs[a] = ctx.push_item(regs[a], None)?,
            Op::Ret => return Ok(Some(regs[a])),
            Op::RetMissing => return Ok(None),
        }
    }
}

#[inline]
fn dec(word: u64) -> f64 {
    f64::from_bits(word)
}

#[inline]
fn and3(b: u64, c: u64) -> u64 {
    if b == 0 || c == 0 { 0 } else { b.max(c) }
}

#[inline]
fn not3(b: u64) -> u64 {
    if b > 1 { 2 } else { b ^ 1 }
}

#[inline]
fn layout(env: &Env<'_>, shape: u16) -> Result<(usize, usize), Fault> {
    env.loaded
        .layouts
        .get(usize::from(shape))
        .copied()
        .ok_or(Fault::Corrupt("shape"))
}

/// The Row word of a row of a list.
#[inline]
fn row_word(list: u64, index: usize, stride: usize) -> Result<u64, Fault> {
    let at = Ref(list).offset() as usize + index * stride;
    let at = u32::try_from(at).map_err(|_| Fault::Corrupt("row range"))?;
    let region = Region::from_u8(Ref(list).region_bits()).ok_or(Fault::Corrupt("region"))?;
    Ok(Ref::new(region, 0, at).0)
}

fn new_list(ctx: &mut Ctx<'_>, shape: u16, room: usize) -> Result<u64, Fault> {
    ctx.fuel.take(room as u64 / 8)?;
    ctx.new_list(journey_artifact::word::ShapeId(shape.into()), room)
}

fn find(
    ctx: &mut Ctx<'_>,
    list: u64,
    key: u64,
    (pw, stride): (usize, usize),
) -> Result<Option<u64>, Fault> {
    ctx.fuel.take(u64::from(Ref(list).len()))?;
    let key = ctx.str(key)?;
    for index in 0..Ref(list).len() as usize {
        let row = row_word(list, index, stride)?;
        if let Some(word) = ctx.slot(list, Ref(row).offset() as usize, pw, 0)?
            && ctx.str(word)? == key
        {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// What a call costs: by the size of its arguments, since every native is at most about linear in them.
#[inline]
fn call_cost(args: &[u64], types: &[WordType]) -> u64 {
    let mut cost = 4;
    for (arg, ty) in args.iter().zip(types) {
        cost += match ty {
            WordType::Str => u64::from(Ref(*arg).len()) / 16,
            WordType::List(_) => u64::from(Ref(*arg).len()),
            _ => 0,
        };
    }
    cost
}
