//! Names bound inside an expression: lambda parameters, arguments of inlined functions.
//!
//! What lies in a row is read there each time it is used; what is computed is kept in a register; what is computed and may
//! be missing is kept with a second register that says whether it is there.

use super::super::code::Label;
use super::generate::{Bound, Gen};
use crate::hir::{Expr, ExprKind, LocalId, Root};
use crate::types::Type;
use journey_artifact::code::Op;

impl Gen<'_, '_> {
    /// Binds a name to a value. Its registers stay taken until the caller gives them back.
    pub fn bind(&mut self, local: LocalId, value: &Expr, strict: bool, missing: Label) {
        let bound = self.keep(value, strict, missing);
        self.locals.push(local, bound);
    }

    /// What a name for a value stands for; to `missing` if there must be one and is none.
    pub fn keep(&mut self, value: &Expr, strict: bool, missing: Label) -> Bound {
        if let ExprKind::Root(Root::Local(id)) = &value.kind
            && let Some(bound) = self.bound(*id).cloned()
            && !matches!(bound, Bound::Alias(_))
        {
            if let (Bound::Maybe(_, flag), true) = (&bound, strict) {
                self.code.emit_to(Op::JumpFalse, *flag, 0, 0, 0, missing);
            }
            return bound;
        }
        // Said again where it is asked for: tests against constants are the fast ones.
        if let ExprKind::Literal(literal) = &value.kind
            && !(value.opt || value.ty.is_error())
        {
            return Bound::Literal(literal.clone());
        }
        let in_place = self.pure_place(value);
        if let Some(place) = in_place
            && (!strict || matches!(value.ty, Type::Record(_)))
        {
            if strict {
                self.has(&place, &value.ty, missing);
            }
            return Bound::Alias(place);
        }
        let give = |g: &mut Self, reg, none| g.value(value, reg, none);
        self.kept(&value.ty, strict || !value.opt, missing, give)
    }

    /// What `give` puts into its register, or goes to its label for: then to `missing` (`strict`), or it is kept that there is none.
    pub fn kept(
        &mut self,
        ty: &Type,
        strict: bool,
        missing: Label,
        give: impl FnOnce(&mut Self, u8, Label),
    ) -> Bound {
        let reg = self.code.reg();
        if strict {
            give(self, reg, missing);
            return Bound::Reg(reg, ty.clone());
        }
        let flag = self.code.reg();
        let (none, end) = (self.code.label(), self.code.label());
        give(self, reg, none);
        self.code.emit(Op::Bool, flag, 0, 0, 1);
        self.code.jump(end);
        self.code.place(none);
        let word = self.pass.rows.word(ty);
        self.dummy(reg, word);
        self.code.emit(Op::Bool, flag, 0, 0, 0);
        self.code.place(end);
        Bound::Maybe(reg, flag)
    }
}
