//! Trees to machine code.
//!
//! Comes in: a [`Test`]. Goes out: [`Code`]. Tests become jumps, never values; a text is compared by its length and then by words of
//! its bytes as immediates. Never true here: code that outlives its module.

use crate::host;
use crate::record::{COUNT, ITEMS, Item, PROFILE, Record, Span};
use crate::tree::{Argument, Comparison, Number, Operator, Test};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I8, I16, I32, I64};
use cranelift_codegen::ir::{
    AbiParam, Block, InstBuilder, MemFlagsData, SigRef, Type, UserFuncName, Value,
};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module, default_libcall_names};
use std::mem::offset_of;

const LENGTH: i32 = offset_of!(Span, len) as i32;

/// A compiled condition.
pub struct Code {
    entry: unsafe extern "C" fn(*const Record) -> u8,
    /// Owns the memory of `entry`; taken when it is freed.
    module: Option<JITModule>,
    size: usize,
}

impl Code {
    /// Whether the condition holds.
    #[inline]
    pub fn run(&self, record: &Record) -> bool {
        // SAFETY: the code lives as long as its module, and reads a record of the layout that it was generated for.
        unsafe { (self.entry)(record) != 0 }
    }

    /// Bytes of machine code.
    pub fn size(&self) -> usize {
        self.size
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: `entry` is not called again.
            unsafe { module.free_memory() };
        }
    }
}

/// What is kept from one compilation to the next.
pub struct Generator {
    isa: OwnedTargetIsa,
    functions: FunctionBuilderContext,
}

impl Generator {
    /// For this machine.
    pub fn new() -> Result<Generator, String> {
        let mut flags = settings::builder();
        for (name, value) in [
            ("use_colocated_libcalls", "false"),
            ("is_pic", "false"),
            ("opt_level", "speed"),
            ("enable_verifier", "false"),
        ] {
            flags.set(name, value).map_err(|e| e.to_string())?;
        }
        let isa = cranelift_native::builder().map_err(str::to_string)?;
        let isa = isa.finish(settings::Flags::new(flags));
        Ok(Generator {
            isa: isa.map_err(|e| e.to_string())?,
            functions: FunctionBuilderContext::new(),
        })
    }

    /// Compiles a condition.
    pub fn compile(&mut self, test: &Test) -> Result<Code, String> {
        let builder = JITBuilder::with_isa(self.isa.clone(), default_libcall_names());
        let mut module = JITModule::new(builder);
        let mut context = module.make_context();
        let mut signature = module.make_signature();
        signature.params.push(AbiParam::new(I64));
        signature.returns.push(AbiParam::new(I8));
        let mut callee = module.make_signature();
        callee.params.extend([AbiParam::new(I64); 3]);
        callee.returns.push(AbiParam::new(I8));
        let id = module.declare_function("condition", Linkage::Local, &signature);
        let id = id.map_err(|e| e.to_string())?;
        context.func.signature = signature;
        context.func.name = UserFuncName::user(0, id.as_u32());
        let mut builder = FunctionBuilder::new(&mut context.func, &mut self.functions);
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        builder.seal_block(entry);
        let record = builder.block_params(entry)[0];
        let callee = builder.import_signature(callee);
        let (yes, no) = (builder.create_block(), builder.create_block());
        let mut body = Body {
            builder: &mut builder,
            record,
            item: None,
            callee,
        };
        body.test(test, yes, no);
        for (block, answer) in [(yes, 1), (no, 0)] {
            body.enter(block);
            let answer = body.builder.ins().iconst(I8, answer);
            body.builder.ins().return_(&[answer]);
        }
        builder.finalize(module.target_config());
        let defined = module.define_function(id, &mut context);
        defined.map_err(|e| format!("{e:?}"))?;
        let size = context.compiled_code().map_or(0, |c| c.code_buffer().len());
        module.clear_context(&mut context);
        module.finalize_definitions().map_err(|e| e.to_string())?;
        let entry = module.get_finalized_function(id);
        Ok(Code {
            // SAFETY: the function was defined with this signature.
            entry: unsafe {
                std::mem::transmute::<*const u8, unsafe extern "C" fn(*const Record) -> u8>(entry)
            },
            module: Some(module),
            size,
        })
    }
}

struct Body<'a, 'b> {
    builder: &'a mut FunctionBuilder<'b>,
    record: Value,
    /// The item that a loop is at.
    item: Option<Value>,
    callee: SigRef,
}

/// What a loop over the items finds out.
#[derive(Clone, Copy)]
enum Loop {
    Any,
    Every,
    AtLeast(i64),
}

impl Body<'_, '_> {
    fn enter(&mut self, block: Block) {
        self.builder.switch_to_block(block);
        self.builder.seal_block(block);
    }

    fn load(&mut self, ty: Type, base: Value, offset: i32) -> Value {
        let flags = MemFlagsData::trusted();
        self.builder.ins().load(ty, flags, base, offset)
    }

    fn branch(&mut self, condition: Value, yes: Block, no: Block) {
        self.builder.ins().brif(condition, yes, &[], no, &[]);
    }

    /// The item of the innermost loop; trees name one only inside a loop.
    fn item(&self) -> Value {
        self.item.expect("a tree that names an item is in a loop")
    }

    fn number(&mut self, number: &Number) -> Value {
        match number {
            Number::Slot(offset) => self.load(F64, self.record, *offset),
            Number::OfItem(offset) => self.load(F64, self.item(), *offset),
            Number::Constant(constant) => self.builder.ins().f64const(*constant),
            Number::Of(operator, a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                let ins = self.builder.ins();
                match operator {
                    Operator::Plus => ins.fadd(a, b),
                    Operator::Minus => ins.fsub(a, b),
                    Operator::Times => ins.fmul(a, b),
                    Operator::By => ins.fdiv(a, b),
                }
            }
        }
    }

    fn test(&mut self, test: &Test, yes: Block, no: Block) {
        match test {
            Test::Compare(a, comparison, b) => {
                let (a, b) = (self.number(a), self.number(b));
                let code = match comparison {
                    Comparison::Equal => FloatCC::Equal,
                    Comparison::Less => FloatCC::LessThan,
                    Comparison::Greater => FloatCC::GreaterThan,
                    Comparison::AtLeast => FloatCC::GreaterThanOrEqual,
                };
                let holds = self.builder.ins().fcmp(code, a, b);
                self.branch(holds, yes, no);
            }
            Test::Is(offset, wanted) => self.text(self.record, *offset, wanted, yes, no),
            Test::ItemIs(offset, wanted) => self.text(self.item(), *offset, wanted, yes, no),
            Test::Missing(offset) => {
                let at = self.load(I64, self.record, *offset);
                let missing = self.builder.ins().icmp_imm_s(IntCC::Equal, at, 0);
                self.branch(missing, yes, no);
            }
            Test::Not(test) => self.test(test, no, yes),
            Test::All(tests) => self.row(tests, |next| (next, no), (yes, no)),
            Test::Any(tests) => self.row(tests, |next| (yes, next), (yes, no)),
            Test::AnyItem(test) => self.each(test, Loop::Any, yes, no),
            Test::EveryItem(test) => self.each(test, Loop::Every, yes, no),
            Test::Items(test, count) => self.each(test, Loop::AtLeast(*count), yes, no),
            Test::Call(function, argument, constant) => {
                self.call(*function, *argument, *constant, yes, no);
            }
        }
    }

    /// Tests in a row: where each goes when the next one is at a block; where the last one goes.
    fn row(
        &mut self,
        tests: &[Test],
        ways: impl Fn(Block) -> (Block, Block),
        last: (Block, Block),
    ) {
        for (ix, test) in tests.iter().enumerate() {
            if ix + 1 == tests.len() {
                self.test(test, last.0, last.1);
            } else {
                let next = self.builder.create_block();
                let (yes, no) = ways(next);
                self.test(test, yes, no);
                self.enter(next);
            }
        }
    }

    /// A text against a constant: the length, then its bytes in words as wide as fit.
    fn text(&mut self, base: Value, offset: i32, wanted: &str, yes: Block, no: Block) {
        let len = self.load(I64, base, offset + LENGTH);
        let long = self.builder.create_block();
        let same = self
            .builder
            .ins()
            .icmp_imm_s(IntCC::Equal, len, wanted.len() as i64);
        self.branch(same, long, no);
        self.enter(long);
        let at = self.load(I64, base, offset);
        let mut differing = self.builder.ins().iconst(I64, 0);
        let mut rest = wanted.as_bytes();
        let mut position = 0;
        while !rest.is_empty() {
            let (width, ty) = match rest.len() {
                8.. => (8, I64),
                4.. => (4, I32),
                2.. => (2, I16),
                _ => (1, I8),
            };
            let (head, tail) = rest.split_at(width);
            let mut word = [0; 8];
            word[..width].copy_from_slice(head);
            let flags = MemFlagsData::new();
            let have = self.builder.ins().load(ty, flags, at, position);
            let want = self.builder.ins().iconst(ty, i64::from_le_bytes(word));
            let difference = self.builder.ins().bxor(have, want);
            let difference = match ty {
                I64 => difference,
                _ => self.builder.ins().uextend(I64, difference),
            };
            differing = self.builder.ins().bor(differing, difference);
            position += width as i32;
            rest = tail;
        }
        let same = self.builder.ins().icmp_imm_s(IntCC::Equal, differing, 0);
        self.branch(same, yes, no);
    }

    fn call(
        &mut self,
        function: host::Function,
        argument: Argument,
        constant: i64,
        yes: Block,
        no: Block,
    ) {
        let (at, len) = match argument {
            Argument::Text(offset) => (
                self.load(I64, self.record, offset),
                self.load(I64, self.record, offset + LENGTH),
            ),
            Argument::Profile => (
                self.load(I64, self.record, PROFILE),
                self.builder.ins().iconst(I64, 0),
            ),
        };
        let address = self
            .builder
            .ins()
            .iconst(I64, function as *const () as usize as i64);
        let constant = self.builder.ins().iconst(I64, constant);
        let arguments = [at, len, constant];
        let call = self
            .builder
            .ins()
            .call_indirect(self.callee, address, &arguments);
        let answer = self.builder.inst_results(call)[0];
        self.branch(answer, yes, no);
    }

    /// A loop over the items, counting those for which the test holds.
    fn each(&mut self, test: &Test, kind: Loop, yes: Block, no: Block) {
        let [head, body, hit, miss, next, done] =
            std::array::from_fn(|_| self.builder.create_block());
        let item = self.builder.append_block_param(head, I64);
        let count = self.builder.append_block_param(head, I64);
        let counted = self.builder.append_block_param(next, I64);
        let stride = size_of::<Item>() as i64;

        let first = self.load(I64, self.record, ITEMS);
        let items = self.load(I64, self.record, COUNT);
        let bytes = self.builder.ins().imul_imm_s(items, stride);
        let end = self.builder.ins().iadd(first, bytes);
        let zero = self.builder.ins().iconst(I64, 0);
        self.builder.ins().jump(head, &[first.into(), zero.into()]);

        self.builder.switch_to_block(head);
        let over = self.builder.ins().icmp(IntCC::Equal, item, end);
        self.branch(over, done, body);

        self.enter(body);
        let outer = self.item.replace(item);
        self.test(test, hit, miss);
        self.item = outer;

        self.enter(hit);
        match kind {
            Loop::Any => {
                self.builder.ins().jump(yes, &[]);
            }
            Loop::Every => {
                self.builder.ins().jump(next, &[count.into()]);
            }
            Loop::AtLeast(_) => {
                let more = self.builder.ins().iadd_imm_s(count, 1);
                self.builder.ins().jump(next, &[more.into()]);
            }
        }
        self.enter(miss);
        match kind {
            Loop::Every => self.builder.ins().jump(no, &[]),
            _ => self.builder.ins().jump(next, &[count.into()]),
        };

        self.enter(next);
        let following = self.builder.ins().iadd_imm_s(item, stride);
        self.builder
            .ins()
            .jump(head, &[following.into(), counted.into()]);
        self.builder.seal_block(head);

        self.enter(done);
        match kind {
            Loop::Any => {
                self.builder.ins().jump(no, &[]);
            }
            Loop::Every => {
                self.builder.ins().jump(yes, &[]);
            }
            Loop::AtLeast(wanted) => {
                let code = IntCC::SignedGreaterThanOrEqual;
                let enough = self.builder.ins().icmp_imm_s(code, count, wanted);
                self.branch(enough, yes, no);
            }
        }
    }
}
