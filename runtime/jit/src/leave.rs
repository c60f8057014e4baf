//! What is left to the machine: one instruction, carried out on registers in memory.
//!
//! Its operands are stored there first, and its result is taken from there. So every function of the table and every operation
//! that makes values has one implementation, the machine's. Never true here: an operand that is not stored.

use super::emit::{Emit, Left};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{InstBuilder, MemFlags};
use journey_artifact::code::Instr;
use journey_machine::eval::work::{Work, step_for_code};

impl Emit<'_, '_> {
    /// Has the machine do an instruction.
    pub fn leave(&mut self, i: Instr) {
        let view_of_work = MemFlags::trusted().with_readonly().with_can_move();
        let Some(work) = self.work else {
            // The plan saw that something is left, so there is work.
            return;
        };
        let registers = self
            .b
            .ins()
            .load(I64, view_of_work, work, Work::OFFSET_OF_REGS as i32);
        for register in i.reads() {
            let word = self.get(register);
            let offset = i32::from(register) * 8;
            self.b
                .ins()
                .store(MemFlags::trusted(), word, registers, offset);
        }
        self.store_fuel();
        let word = self.b.ins().iconst(I64, i.word() as i64);
        let [stepped] = self.call(step_for_code as *const (), &[work, word]);
        self.load_fuel();
        let on = self.b.ins().icmp_imm(IntCC::Equal, stepped, 0);
        let block = self.b.create_block();
        self.go_on_if(on, block);
        let target = i.op.jumps().then(|| self.target(i));
        self.left.push(Left {
            block,
            stepped,
            target,
        });
        if i.op.writes() {
            let (flags, offset) = (MemFlags::trusted(), i32::from(i.a) * 8);
            let word = self.b.ins().load(I64, flags, registers, offset);
            self.set(i.a, word);
        }
    }

    /// Where the machine does not go on: to the target, or to the end, in the way that it says.
    pub fn after_left(&mut self, left: Left) {
        self.b.switch_to_block(left.block);
        if let Some(target) = left.target {
            let ends = self.b.create_block();
            let jump = self.b.ins().icmp_imm(IntCC::Equal, left.stepped, 1);
            self.b.ins().brif(jump, target, &[], ends, &[]);
            self.b.switch_to_block(ends);
        }
        // From 2 on, what the machine says is how the evaluation ends; the fuel is where it left it.
        let word = self.b.ins().iconst(I64, 0);
        self.leave_with(left.stepped, word);
    }
}
