//! What is hot is compiled, on a thread of its own.
//!
//! Comes in: programs that go into force. Goes out: compiled chunks, in time. The thread that evaluates only takes note that a
//! chunk has become hot; this thread compiles it and puts it in, and evaluations that begin then run it. A program that is dropped
//! meanwhile is not compiled, and takes its code's memory with it; nor is a hot chunk whose work the machine would do anyway. Never
//! true here: a wait of the evaluating thread.

use super::compile::{Compiler, NotCompiled, put};
use journey_artifact::model::ChunkId;
use journey_machine::eval::Loaded;
use journey_machine::eval::tier::Hot;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

/// What is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// What turns out to be hot, while events are served.
    #[default]
    Auto,
    /// All of a program, before it goes into force.
    Always,
    /// Nothing.
    Never,
}

/// Evaluations from which on a chunk is hot: compiling one costs about as much as so many evaluations by the interpreter.
pub const HOT: u32 = 5_000;

/// The compiling thread. Dropping it ends the thread; code that is in force stays.
pub struct Tiering {
    mode: Mode,
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
    /// Whether what is still ordered is not to be made any more.
    stop: Arc<AtomicBool>,
}

enum Order {
    Compile(Weak<Loaded>, ChunkId),
    /// Answer when all orders before this one are done.
    Tell(Sender<()>),
    /// Look whether to stop.
    Stop,
}

impl Tiering {
    /// Starts the thread, unless nothing is to be compiled.
    pub fn new(mode: Mode) -> Result<Tiering, NotCompiled> {
        if mode == Mode::Never {
            return Ok(Tiering::none());
        }
        let compiler = Compiler::new()?;
        let (orders, received) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::Builder::new()
            .name("journey-jit".into())
            .spawn(move || {
                let mut work = Work {
                    compiler,
                    mode,
                    orders: &received,
                    next: None,
                    stop: &stopped,
                };
                // Without a compiler there is nothing left to do; the interpreter does it all.
                let _ = work.run();
                // Another thread may take over what this one looked after.
                stopped.store(true, Ordering::Relaxed);
            })
            .map_err(NotCompiled::Thread)?;
        Ok(Tiering {
            mode,
            orders: Some(orders),
            thread: Some(thread),
            stop,
        })
    }

    /// One that compiles nothing.
    pub fn none() -> Tiering {
        Tiering {
            mode: Mode::Never,
            orders: None,
            thread: None,
            stop: Arc::default(),
        }
    }

    /// Looks after a program from now on. With [`Mode::Always`] it comes back when all of it that code can be made of is compiled: call it before the
    /// program goes into force.
    pub fn adopt(&self, program: &Arc<Loaded>) {
        let Some(orders) = &self.orders else {
            return;
        };
        let program_there = Arc::downgrade(program);
        match self.mode {
            Mode::Never => {}
            Mode::Auto => {
                let queue = Queue {
                    program: program_there,
                    orders: orders.clone(),
                    stop: self.stop.clone(),
                };
                program.tiers().watch(HOT, Arc::new(queue));
            }
            Mode::Always => {
                for chunk in 0..program.artifact().chunks.len() as u32 {
                    // The thread lives as long as `self`.
                    let _ = orders.send(Order::Compile(program_there.clone(), ChunkId(chunk)));
                }
                self.settle();
            }
        }
    }

    /// Waits until everything that is hot by now is compiled.
    pub fn settle(&self) {
        if let Some(orders) = &self.orders {
            let (tell, told) = channel();
            if orders.send(Order::Tell(tell)).is_ok() {
                // An error says that the thread is gone: then there is nothing to wait for.
                let _ = told.recv();
            }
        }
    }
}

impl Drop for Tiering {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(orders) = self.orders.take() {
            let _ = orders.send(Order::Stop);
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Queue {
    program: Weak<Loaded>,
    orders: Sender<Order>,
    stop: Arc<AtomicBool>,
}

impl Hot for Queue {
    fn hot(&self, chunk: ChunkId) {
        // When the thread is gone the interpreter goes on.
        let _ = self
            .orders
            .send(Order::Compile(self.program.clone(), chunk));
    }

    fn is_gone(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Chunks whose code is put into force together, at most: pages are filled well by fewer, and the first need not wait for more.
const TOGETHER: usize = 64;

/// The thread.
struct Work<'a> {
    compiler: Compiler,
    mode: Mode,
    orders: &'a Receiver<Order>,
    /// One that was taken and not yet looked at.
    next: Option<Order>,
    stop: &'a AtomicBool,
}

impl Work<'_> {
    fn run(&mut self) -> Result<(), NotCompiled> {
        while let Some(order) = self.next.take().or_else(|| self.orders.recv().ok()) {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            match order {
                Order::Compile(program, chunk) => {
                    let chunks = self.together(&program, chunk);
                    if let Some(program) = program.upgrade() {
                        self.compile(&program, chunks)?;
                    }
                }
                Order::Tell(whom) => {
                    let _ = whom.send(());
                }
                Order::Stop => {}
            }
        }
        Ok(())
    }

    /// The chunk, and those that wait behind it and are of the same program: their code shares its pages.
    fn together(&mut self, program: &Weak<Loaded>, chunk: ChunkId) -> Vec<ChunkId> {
        let mut chunks = vec![chunk];
        while chunks.len() < TOGETHER {
            match self.orders.try_recv() {
                Ok(Order::Compile(other, chunk)) if other.ptr_eq(program) => chunks.push(chunk),
                other => {
                    self.next = other.ok();
                    break;
                }
            }
        }
        chunks
    }

    /// Compiles what can be; the rest goes on being interpreted, and gives the same answers. An error when there is no compiler any more.
    fn compile(&mut self, program: &Loaded, mut chunks: Vec<ChunkId>) -> Result<(), NotCompiled> {
        let mut functions = Vec::with_capacity(chunks.len());
        let mut gone = Ok(());
        chunks.retain(|chunk| {
            if gone.is_err()
                || self.stop.load(Ordering::Relaxed)
                || program.tiers().is_compiled(*chunk)
            {
                return false;
            }
            let (compiler, mode) = (&mut self.compiler, self.mode);
            let made = catch_unwind(AssertUnwindSafe(|| {
                let pays = mode != Mode::Auto || Compiler::pays(program, *chunk);
                pays.then(|| compiler.function(program, *chunk))
            }));
            match made {
                Ok(Some(Ok(function))) => {
                    functions.push(function);
                    return true;
                }
                Ok(_) => {}
                // A generator that gave up in the middle is not asked again: another one takes its place.
                Err(_) => gone = Compiler::new().map(|fresh| *compiler = fresh),
            }
            false
        });
        if !chunks.is_empty() {
            // Where no executable memory can be had, all of it is interpreted.
            let _ = put(program, &chunks, &functions);
        }
        gone
    }
}
