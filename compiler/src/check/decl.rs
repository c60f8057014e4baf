//! Schemas, constants and functions: what other declarations stand on.
//!
//! Constants and functions may be declared in any order but not in a ring; they are checked in the order of what they use.

use super::expr::call::MAX_INLINED;
use super::expr::{ExprCx, Local, Scope, build, part};
use super::world::{Declared, UserFunction, World};
use super::{plain, typeref};
use crate::diag::{Bag, Code, Diagnostic};
use crate::hir::walk;
use crate::hir::{Expr, ExprKind, Literal, LocalId};
use crate::oracle::{self, Constant};
use crate::source::Span;
use crate::types::{Record, Type};
use journey_artifact::limits;
use journey_grammar::Node;
use journey_grammar::ast::{self, AstNode};
use std::collections::{BTreeMap, BTreeSet};

/// `schema Name = "$id"`.
pub fn schemas(world: &mut World<'_>, bag: &mut Bag) {
    let mut found = BTreeMap::new();
    for (name, declared) in &world.decls {
        let ast::Decl::Schema(s) = declared.decl else {
            continue;
        };
        if s.has_error() {
            found.insert(name.clone(), (String::new(), Type::Error));
            continue;
        }
        let Some(id) = s.id() else { continue };
        let at = id.span();
        let span = Span {
            file: declared.file,
            start: at.start,
            end: at.end,
        };
        let Some(text) = plain::text(bag, declared.file, id, "a schema's `$id`") else {
            found.insert(name.clone(), (String::new(), Type::Error));
            continue;
        };
        let ty = match world.registry.schema(&text) {
            Some(schema) => Type::Record(Record::Xdm(world.registry.root(schema))),
            None => {
                if !world.manifest.lost.schemas {
                    bag.push(super::world::unknown_schema(world.registry, &text, span));
                }
                Type::Error
            }
        };
        found.insert(name.clone(), (text, ty));
    }
    world.schemas = found;
}

/// `const` and `function`, each after what it uses.
pub fn constants_and_functions(world: &mut World<'_>, bag: &mut Bag, next_local: &mut u32) {
    let pending: BTreeMap<String, Declared<'_>> = world
        .decls
        .iter()
        .filter(|(_, d)| matches!(d.decl, ast::Decl::Const(_) | ast::Decl::Function(_)))
        .map(|(n, d)| (n.clone(), *d))
        .collect();
    let uses: BTreeMap<&str, BTreeSet<&str>> = pending
        .iter()
        .map(|(name, d)| {
            let used = d
                .decl
                .syntax()
                .descendants()
                .filter_map(mentioned)
                .filter_map(|n| pending.get_key_value(n))
                .map(|(k, _)| k.as_str())
                .collect();
            (name.as_str(), used)
        })
        .collect();
    pending
        .iter()
        .for_each(|(name, d)| refuse_taken(bag, name, d));
    let (order, rings) = sorted(&uses);
    for name in rings {
        let declared = pending[name];
        let what = super::world::kind(declared.decl);
        let d = Diagnostic::new(
            Code::RecursiveFunction,
            declared.span,
            format!("`{name}` needs itself"),
        )
        .why(format!(
            "{what} is written out where it is used, so it cannot be part of a ring"
        ));
        bag.push(d);
        match declared.decl {
            ast::Decl::Const(_) => {
                world
                    .consts
                    .insert(name.to_string(), build::error(declared.span));
            }
            _ => {
                world.broken.insert(name.to_string());
            }
        }
    }
    for name in order {
        let declared = pending[name];
        match declared.decl {
            ast::Decl::Const(c) => {
                let value = constant(world, bag, &declared, c, next_local);
                world.consts.insert(name.to_string(), value);
            }
            ast::Decl::Function(f) => match function(world, bag, &declared, f, next_local) {
                Some(checked) => {
                    world.functions.insert(name.to_string(), checked);
                }
                None => {
                    world.broken.insert(name.to_string());
                }
            },
            _ => {}
        }
    }
}

/// A declaration under a name that the language has already.
fn refuse_taken(bag: &mut Bag, name: &str, declared: &Declared<'_>) {
    let taken = match declared.decl {
        ast::Decl::Function(_) => journey_machine::func::lookup(name).next().is_some(),
        _ => matches!(name, "profile" | "env" | "secret"),
    };
    if taken {
        let d = Diagnostic::new(
            Code::ShadowedName,
            declared.span,
            format!("`{name}` already means something in the language"),
        );
        bag.push(d.why("one name means one thing in every package; choose another"));
    }
}

/// The name that a node mentions: a name by itself, or a call's.
fn mentioned(node: Node<'_>) -> Option<&str> {
    match ast::Expr::cast(node)? {
        ast::Expr::Name(name) => Some(name.text()),
        ast::Expr::Method(call) => call.name().map(ast::Name::text),
        _ => None,
    }
}

/// Names after those they use; and those that are part of a ring.
fn sorted<'n>(uses: &BTreeMap<&'n str, BTreeSet<&'n str>>) -> (Vec<&'n str>, Vec<&'n str>) {
    let mut users: BTreeMap<&str, Vec<&'n str>> = BTreeMap::new();
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, used) in uses {
        open.insert(name, used.len());
        for other in used {
            users.entry(other).or_default().push(name);
        }
    }
    let mut ready: BTreeSet<&'n str> = uses
        .iter()
        .filter(|(_, used)| used.is_empty())
        .map(|(n, _)| *n)
        .collect();
    let mut done: Vec<&'n str> = Vec::new();
    while let Some(name) = ready.pop_first() {
        done.push(name);
        for user in users.get(name).into_iter().flatten() {
            if let Some(n) = open.get_mut(user) {
                *n -= 1;
                if *n == 0 {
                    ready.insert(user);
                }
            }
        }
    }
    // Of those left, only members of a ring are at fault; the others merely use one.
    let finished: BTreeSet<&str> = done.iter().copied().collect();
    let left: BTreeSet<&'n str> = uses
        .keys()
        .copied()
        .filter(|n| !finished.contains(n))
        .collect();
    let rings = members_of_rings(&left, uses, &users);
    done.extend(left.iter().filter(|n| !rings.contains(*n)));
    (done, rings.into_iter().collect())
}

/// Those of `left` from which a way of uses leads back to themselves: the strongly connected components (two walks, the second
/// against the uses and in the reverse order of leaving in the first).
fn members_of_rings<'n>(
    left: &BTreeSet<&'n str>,
    uses: &BTreeMap<&'n str, BTreeSet<&'n str>>,
    users: &BTreeMap<&str, Vec<&'n str>>,
) -> BTreeSet<&'n str> {
    let mut order: Vec<&'n str> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for start in left {
        let mut todo = vec![(*start, false)];
        while let Some((name, leaving)) = todo.pop() {
            if leaving {
                order.push(name);
            } else if left.contains(name) && seen.insert(name) {
                todo.push((name, true));
                todo.extend(uses.get(name).into_iter().flatten().map(|n| (*n, false)));
            }
        }
    }
    let mut rings = BTreeSet::new();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for start in order.into_iter().rev() {
        let mut members = Vec::new();
        let mut todo = vec![start];
        while let Some(name) = todo.pop() {
            if left.contains(name) && taken.insert(name) {
                members.push(name);
                todo.extend(users.get(name).into_iter().flatten());
            }
        }
        let itself = uses.get(start).is_some_and(|used| used.contains(start));
        if members.len() > 1 || itself {
            rings.extend(members);
        }
    }
    rings
}

fn constant<'a>(
    world: &World<'a>,
    bag: &mut Bag,
    declared: &Declared<'a>,
    c: ast::ConstDecl<'a>,
    next_local: &mut u32,
) -> Expr {
    let Some(value) = c.value() else {
        return build::error(declared.span);
    };
    let mut cx = ExprCx {
        world,
        bag,
        file: declared.file,
        scope: Scope::default(),
        next_local,
    };
    let checked = cx.infer(value);
    cx.folded(checked, "a constant")
}

fn function<'a>(
    world: &World<'a>,
    bag: &mut Bag,
    declared: &Declared<'a>,
    f: ast::FunctionDecl<'a>,
    next_local: &mut u32,
) -> Option<UserFunction> {
    if f.has_error() {
        return None;
    }
    let returns = typeref::resolve(world, bag, declared.file, f.returns()?);
    let params = parameters(world, bag, declared, f.params(), next_local);
    let locals = params
        .iter()
        .map(|(name, id, ty)| Local {
            name: name.clone(),
            id: *id,
            ty: ty.clone(),
        })
        .collect();
    let scope = Scope {
        locals,
        ..Scope::default()
    };
    let mut cx = ExprCx {
        world,
        bag,
        file: declared.file,
        scope,
        next_local,
    };
    let body = cx.infer(f.body()?);
    let body = cx.expect(body, &returns.ty, "the function's result");
    let body = if returns.opt {
        body
    } else {
        cx.present(body, "the function's result")
    };
    if body.ty.is_error() {
        return None;
    }
    Some(UserFunction { params, body })
}

/// Parameters, with a local for each.
pub fn parameters<'a>(
    world: &World<'a>,
    bag: &mut Bag,
    declared: &Declared<'a>,
    list: Option<ast::ParamList<'a>>,
    next_local: &mut u32,
) -> Vec<(String, LocalId, crate::types::Typed)> {
    let mut params: Vec<(String, LocalId, crate::types::Typed)> = Vec::new();
    for param in list.into_iter().flat_map(ast::ParamList::params) {
        let (Some(name), Some(ty)) = (param.name(), param.ty()) else {
            continue;
        };
        if params.iter().any(|(n, ..)| n == name.text()) {
            let at = name.span();
            let span = Span {
                file: declared.file,
                start: at.start,
                end: at.end,
            };
            bag.push(
                Diagnostic::new(
                    Code::DuplicateName,
                    span,
                    format!("two parameters are named `{}`", name.text()),
                )
                .label("the second one"),
            );
            continue;
        }
        let typed = typeref::resolve(world, bag, declared.file, ty);
        params.push((name.text().to_string(), LocalId(*next_local), typed));
        *next_local += 1;
    }
    params
}

impl ExprCx<'_> {
    /// `value`, which must be known when the package is built, as a literal if it is a scalar.
    pub fn folded(&mut self, value: Expr, what: &str) -> Expr {
        if matches!(value.kind, ExprKind::Literal(_)) {
            return value;
        }
        if walk::any(&value, &mut |e| e.ty.is_error()) {
            return build::error(value.span);
        }
        match oracle::const_eval(&value) {
            Constant::Is(known) => match oracle::literal(&known, &value.ty) {
                Some(Literal::Str(text)) if text.len() > limits::STRING_BYTES => {
                    self.too_large(value.span, what)
                }
                None if walk::size(&value) > MAX_INLINED => self.too_large(value.span, what),
                Some(literal) => Expr {
                    kind: ExprKind::Literal(literal),
                    opt: false,
                    ..value
                },
                // Whoever takes a part of it finds a constant there.
                None => match part::settled(value.clone()) {
                    known if walk::size(&known) <= MAX_INLINED => known,
                    _ => value,
                },
            },
            Constant::TooLarge => self.too_large(value.span, what),
            Constant::Missing => {
                let d = Diagnostic::new(
                    Code::MaybeMissing,
                    value.span,
                    format!("{what} is needed, and this is always missing"),
                );
                self.report(d);
                build::error(value.span)
            }
            Constant::Varies => {
                let d = Diagnostic::new(
                    Code::NotConstant,
                    value.span,
                    format!("{what} must be known when the package is built"),
                );
                self.report(d.label("depends on data or on the time"));
                build::error(value.span)
            }
        }
    }

    /// A value that grows beyond what may be worked out when the package is built.
    pub fn too_large(&mut self, span: Span, what: &str) -> Expr {
        let d = Diagnostic::new(
            Code::TooLarge,
            span,
            format!("{what} grows too large to be worked out when the package is built"),
        );
        self.report(d.why(format!(
            "a text may have {} bytes, a list or record {MAX_INLINED} values; a constant is written out wherever it is named",
            limits::STRING_BYTES
        )));
        build::error(span)
    }
}
