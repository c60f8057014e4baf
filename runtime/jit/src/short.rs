//! Calls over texts that the machine carries out together.
//!
//! Code asks for the value by one call; without an answer the interpreter does it all. Never true here: a test's meaning; it is
//! [`Shortcut`]'s.

use super::emit::Emit;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature};
use journey_machine::eval::shortcut::{Shortcut, shortcut_for_code};
use journey_machine::eval::tier::Outcome;

impl Emit<'_, '_> {
    /// The value of a shortcut. Its address is good for as long as the code is: both belong to the program.
    pub fn shortcut(&mut self, shortcut: &Shortcut) {
        let text = self.get(shortcut.text);
        let mut signature = Signature::new(self.b.func.signature.call_conv);
        signature.params = vec![AbiParam::new(I64); 4];
        signature.returns = vec![AbiParam::new(I64); 2];
        let signature = self.b.import_signature(signature);
        let function = shortcut_for_code as *const () as i64;
        let function = self.b.ins().iconst(I64, function);
        let address = std::ptr::from_ref(shortcut) as i64;
        let address = self.b.ins().iconst(I64, address);
        let arguments = [self.view, self.fuel(), address, text];
        let call = self.b.ins().call_indirect(signature, function, &arguments);
        let [value, left] = [0, 1].map(|n| self.b.inst_results(call)[n]);
        let again = Outcome::AGAIN as i64;
        let answered = self.b.ins().icmp_imm(IntCC::NotEqual, left, again);
        let again = self.again();
        self.go_on_if(answered, again);
        self.set_fuel(left);
        self.set(shortcut.into, value);
    }
}
