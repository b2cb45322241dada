//! What settings modules are built on, run once for all that are built on the same.
//!
//! Most settings modules begin with `from .base import *`, and the process that loads one has done nothing else by then.
//! So the modules that it is built on run first, each on what the former left; a program goes on from a copy of that.
//! Nothing differs from what it would do on its own, since a module runs once, unless it imports what is built on it:
//! then they run as they come.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::checkpoint::{self, Checkpoint};
use super::import::absolute;
use super::machine::{Machine, Mode};
use super::snapshot::Snapshot;
use super::world::{ModuleSource, World};
use crate::python::ast::{Expr, ExprKind, StmtKind};
use crate::source::FileId;

/// The modules that the programs of one world are built on, each evaluated when it is first asked for.
#[derive(Default)]
pub struct Foundations {
    known: Mutex<FxHashMap<Key, Shared>>,
    /// Points within the modules to go on from, where these are expected to change.
    checkpoints: Option<Mutex<FxHashMap<Key, Vec<Checkpoint>>>>,
}

/// Which modules are run, in order, and whether in one case alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    bare: bool,
    modules: Vec<String>,
}

type Shared = Arc<OnceLock<Option<Arc<Foundation>>>>;

/// Some modules, run one after the other.
struct Foundation {
    snapshot: Snapshot,
    /// The files that were read for that.
    read: Vec<FileId>,
    /// Those of them that were parsed.
    parsed: Vec<FileId>,
}

impl Foundations {
    /// Such that a module that has changed is only run again from where it has.
    pub fn of_changing_files() -> Self {
        Self { checkpoints: Some(Mutex::default()), ..Self::default() }
    }

    /// A machine that has run a settings module, after what that is built on, in the world that is given. Where the module
    /// cannot be run, or only in the midst of others, the machine has run less.
    pub fn begin<'a>(&self, world: &'a World<'a>, mode: Mode, program: &str) -> Machine<'a> {
        let chain = chain_below(world, program);
        let mut key = Key { bare: mode.bare, modules: Vec::new() };
        let mut found: Option<Arc<Foundation>> = None;
        for step in steps(world, &chain) {
            key.modules.push(step.module);
            let Some(next) = self.get(&key, world, mode, found.as_ref()) else { break };
            let was_loaded = |name: &str| found.as_ref().is_some_and(|found| found.snapshot.has_loaded(name));
            if chain[..step.begun].iter().any(|name| next.snapshot.has_loaded(name) && !was_loaded(name)) {
                break;
            }
            found = Some(next);
        }
        let Some(found) = found else { return Machine::new(world, mode) };
        world.trees.note(&found.read, &found.parsed);
        found.snapshot.resume(world, mode)
    }

    /// Forgets what was read from a file.
    pub fn forget(&self, file: FileId) {
        let rests_on = |shared: &Shared| match shared.get() {
            Some(Some(foundation)) => foundation.read.contains(&file),
            // It could not be run to its end, for a reason that may have been the file.
            Some(None) | None => true,
        };
        locked(&self.known).retain(|_, shared| !rests_on(shared));
        if let Some(checkpoints) = &self.checkpoints {
            locked(checkpoints).values_mut().for_each(|known| known.retain(|point| !point.rests_on(file)));
        }
    }

    /// The modules of a key, after `before`, which are all but the last; none where the last ends the program.
    fn get(&self, key: &Key, world: &World, mode: Mode, before: Option<&Arc<Foundation>>) -> Option<Arc<Foundation>> {
        let shared = locked(&self.known).entry(key.clone()).or_default().clone();
        shared.get_or_init(|| self.make(key, world, mode, before.map(Arc::as_ref)).map(Arc::new)).clone()
    }

    /// Runs the last module of a key.
    fn make(&self, key: &Key, world: &World, mode: Mode, before: Option<&Foundation>) -> Option<Foundation> {
        let module = key.modules.last()?;
        let sources = world.trees.sources.recording();
        let trees = world.trees.recording(&sources);
        let world = world.over(&trees);
        // What production is assumed to be changes nothing in how a program runs.
        let mode = Mode { production: true, ..mode };
        let mut machine = match before {
            Some(before) => {
                trees.note(&before.read, &before.parsed);
                before.snapshot.resume(&world, mode)
            }
            None => Machine::new(&world, mode),
        };
        let ran = match &self.checkpoints {
            Some(checkpoints) => {
                let mut known = locked(checkpoints).remove(key).unwrap_or_default();
                let ran = checkpoint::run_module(&mut machine, module, &mut known);
                locked(checkpoints).insert(key.clone(), known);
                ran
            }
            None => machine.import_module(module).map(drop),
        };
        if ran.is_err() && !machine.is_exhausted() {
            return None;
        }
        let (mut read, parsed) = (sources.asked(), trees.asked());
        read.extend(&parsed);
        Some(Foundation { snapshot: Snapshot::of(&machine), read, parsed })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A module that is run.
struct Step {
    module: String,
    /// How many modules of the chain, from its beginning, have begun by then, but not ended.
    begun: usize,
}

/// The modules of a chain, each after those that it is built on, and the packages around each.
fn steps(world: &World, chain: &[String]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut push = |module: &str, begun| {
        if steps.iter().all(|known| known.module != module) {
            steps.push(Step { module: module.to_owned(), begun });
        }
    };
    // Each begins within the former one, when the packages around it have run.
    for (begun, module) in chain.iter().enumerate() {
        for (end, _) in module.match_indices('.').filter(|(end, _)| world.module(&module[..*end]).is_some()) {
            push(&module[..end], begun);
        }
    }
    for (begun, module) in chain.iter().enumerate().rev() {
        push(module, begun);
    }
    steps
}

/// A program, the module that it imports from before it does anything, what that imports from, and so on.
fn chain_below(world: &World, program: &str) -> Vec<String> {
    const MOST: usize = 16;
    let mut chain = vec![program.to_owned()];
    while let Some(base) = chain.last().and_then(|module| leading_import(world, module)) {
        // A package begins before what is in it.
        let is_within =
            |module: &String| base.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if chain.iter().any(is_within) || chain.len() >= MOST {
            break;
        }
        chain.push(base);
    }
    chain
}

/// The first module of the project that a module imports from, where nothing comes before that does anything.
fn leading_import(world: &World, module: &str) -> Option<String> {
    let source = world.module(module)?;
    let is_package = matches!(source, ModuleSource::Package(_));
    let tree = world.trees.get(source.file()?)?;
    if !tree.errors.is_empty() {
        return None;
    }
    let is_foreign = |name: &str| world.module(name.split('.').next().unwrap_or(name)).is_none();
    for statement in &tree.body {
        match &statement.kind {
            StmtKind::Expr(Expr { kind: ExprKind::Str(_), .. }) => {}
            StmtKind::Import(aliases) if aliases.iter().all(|alias| is_foreign(&alias.name)) => {}
            StmtKind::ImportFrom { level: 0, module, .. } if is_foreign(module) => {}
            StmtKind::ImportFrom { level, module: from, .. } => {
                let base = absolute(module, is_package, *level, from)?;
                return world.module(&base)?.file().map(|_| base);
            }
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::eval::{Imports, Trees, with_stack};
    use crate::source::{FileTree, Memory, Overlay, Sources};

    /// The names of a program, how they came to be, and why it was given up.
    fn told(mut machine: Machine, program: &str) -> String {
        let names = machine.run_program(program).map(|module| {
            let names = machine.freeze_names(&module).into_iter();
            let told = names.map(|(name, frozen, steps)| {
                format!("{name} = {:?} {} {:?} {steps:?}\n", frozen.value, frozen.is_assumed, frozen.from_tree)
            });
            told.collect::<String>()
        });
        format!("{names:?} {:?} {:?}", machine.exhaustion(), machine.assumptions)
    }

    /// Whether programs hold the same on shared foundations as each does alone. A line `# path` begins a file.
    fn is_same(project: &str, programs: &[&str]) -> Result<(), String> {
        let root = PathBuf::from("/p");
        let files = project.split("\n# ").filter(|part| !part.trim().is_empty()).map(|part| {
            let (path, text) = part.split_once('\n').unwrap_or((part, ""));
            (root.join(path.trim().trim_start_matches("# ")), text.as_bytes().to_vec())
        });
        let memory = Memory::new(files);
        let sources = Sources::new(&memory);
        let trees = Trees::new(&sources);
        let world = World::new(&trees, vec![root]);
        with_stack(|| {
            let foundations = Foundations::default();
            for bare in [false, true] {
                for production in [true, false] {
                    for program in programs {
                        let mode = Mode { imports: Imports::Eager, production, bare };
                        let alone = told(Machine::new(&world, mode), program);
                        let shared = told(foundations.begin(&world, mode, program), program);
                        if alone != shared {
                            return Err(format!("{program}:\n{alone}\n{shared}"));
                        }
                    }
                }
            }
            Ok(())
        })
    }

    #[test]
    fn programs_hold_the_same_as_alone() -> Result<(), String> {
        let base = "
# s/__init__.py
# s/base.py
import os
DEBUG = os.environ.get('DEBUG') == '1'
APPS = ['a']
STAGE = os.environ.get('STAGE', 'x')
if STAGE == 'production':
    APPS.append('p')
# s/production.py
'''Production.'''
import sys
from .base import *
APPS.append('b')
DEBUG = DEBUG and STAGE == 'dev'
# s/staging.py
from .production import *
from .base import APPS as BASE
BASE += ['c']
# s/test.py
from s import base
base.APPS += ['t']
APPS = base.APPS
";
        is_same(base, &["s.production", "s.staging", "s.test", "s.base"])
    }

    /// Whether a program holds the same as anew after each change of one of its files.
    fn is_same_after_changes(files: &[(&str, &str)], program: &str, changes: &[(&str, &str)]) -> Result<(), String> {
        let root = PathBuf::from("/p");
        let committed: Arc<FileTree> = Arc::new(files.iter().map(|(name, _)| root.join(name)).collect());
        let disk = Memory::new(files.iter().map(|(name, text)| (root.join(name), text.as_bytes().to_vec())));
        let overlay = Overlay::of_buffers(&disk);
        let sources = Sources::new(&overlay);
        let trees = Trees::new(&sources);
        let foundations = Foundations::of_changing_files();
        with_stack(|| {
            for (name, text) in std::iter::once(&("", "")).chain(changes) {
                let path = root.join(name);
                overlay.put(&path, (!name.is_empty()).then_some(*text));
                if let Some(file) = trees.forget(&path) {
                    foundations.forget(file);
                }
                let mut world = World::new(&trees, vec![root.clone()]);
                world.committed = committed.clone();
                for bare in [false, true] {
                    let mode = Mode { imports: Imports::Eager, production: true, bare };
                    let anew = told(Machine::new(&world, mode), program);
                    let again = told(foundations.begin(&world, mode, program), program);
                    if anew != again {
                        return Err(format!("{name}: {text}\n{anew}\n{again}"));
                    }
                }
            }
            Ok(())
        })
    }

    #[test]
    fn changes_are_followed() -> Result<(), String> {
        let long = "import os\n".to_owned()
            + &(0..200).map(|at| format!("A{at} = [{at}, os.environ.get('A{at}', 'no')]\n")).collect::<String>();
        let files = [
            ("base.py", long.as_str()),
            ("own.py", "from base import *\nTEXT = open(__file__).read()\nA1.append(9)\n"),
            ("data.txt", "one"),
            ("more.py", "X = 1\n"),
        ];
        let changed = |from: &str, to: &str| long.replacen(from, to, 1);
        let at_the_end = changed("import os\n", "import os\n") + "A3 += A4\n";
        let longer_statement = at_the_end.replace("A3 += A4", "A3 += A4 + [1]");
        let as_long = changed("A150 = [150", "A150 = [151");
        let in_the_middle = changed("A150 = [", "A150 = A149 + [");
        let on_one_line =
            changed("A120 = [120, os.environ.get('A120', 'no')]", "A120 = [120, os.environ.get('A120', 'no')] + [5]");
        let with_data = changed("A100 = ", "B = open('/p/data.txt').read()\nfrom more import X\nA100 = ");
        let broken = changed("A199 = [", "A199 = [[");
        let first = changed("import os\n", "import os\nif os.environ.get('STOP'):\n    raise SystemExit\n");
        let changes = [
            ("base.py", at_the_end.as_str()),
            ("base.py", &longer_statement),
            ("base.py", &long),
            ("base.py", &as_long),
            ("base.py", &in_the_middle),
            ("base.py", &on_one_line),
            ("base.py", &broken),
            ("base.py", &with_data),
            ("data.txt", "two"),
            ("more.py", "X = [2]\n"),
            ("more.py", "import own\nX = own.A1\n"),
            ("more.py", "X = 3\n"),
            ("own.py", "from base import *\nTEXT = open(__file__).read()\nA1.append(10)\nA2.append(1)\n"),
            ("own.py", "from base import *\nTEXT = open(__file__).read()\nA1.append(10)\n"),
            ("base.py", &first),
            ("base.py", ""),
            ("base.py", &long),
        ];
        is_same_after_changes(&files, "own", &changes)?;
        is_same_after_changes(&files, "base", &changes)
    }

    #[test]
    fn packages_run_what_is_within_them() -> Result<(), String> {
        let package = "
# s/__init__.py
from .production import *
X = A + [1]
# s/base.py
A = [0]
# s/production.py
from .base import *
A.append(2)
# s/local.py
from . import *
A.append(3)
";
        is_same(package, &["s", "s.production", "s.local", "s.base"])?;
        let inside = "
# base/__init__.py
from base.more import *
A += [1]
# base/more.py
import prod
A = [getattr(prod, 'B', 0)]
# prod.py
from base import *
B = A + [2]
# other.py
from base.more import *
C = 1
";
        is_same(inside, &["prod", "other", "base", "base.more"])
    }

    #[test]
    fn circles_run_as_they_come() -> Result<(), String> {
        let circle = "
# a.py
from b import *
A = 1
# b.py
from c import *
try:
    import a
    B = a.A
except AttributeError:
    B = 'early'
# c.py
import sys
C = 'a' in sys.modules
try:
    from a import A
except ImportError:
    A = 0
# d.py
from a import *
D = B
";
        is_same(circle, &["a", "b", "c", "d"])
    }

    #[test]
    fn what_cannot_be_run_is_not_built_on() -> Result<(), String> {
        let raising = "
# base.py
import os
if os.environ.get('X'):
    raise SystemExit
A = [1]
# worse.py
from base import *
raise RuntimeError('no')
# on_worse.py
from worse import *
B = 1
# broken.py
from base import *
A = [
# on_broken.py
from broken import *
C = 1
# gone.py
from nothing.here import *
from base import *
# endless.py
A = [1]
while True:
    A.append(1)
# on_endless.py
from endless import *
D = 1
";
        is_same(raising, &["on_worse", "on_broken", "gone", "on_endless", "worse", "base"])
    }
}
