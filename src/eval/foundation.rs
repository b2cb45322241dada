//! What settings modules are built on, run once for all that are built on the same.
//!
//! Most settings modules begin with `from .base import *`, and the process that loads one has done nothing else by then.
//! So the modules that it is built on run first, each on what the former left; a program goes on from a copy of that.
//! Nothing differs from what it would do on its own, since a module runs once, unless it imports what is built on it:
//! then they run as they come.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;

use super::import::absolute;
use super::machine::{Machine, Mode};
use super::snapshot::Snapshot;
use super::world::{ModuleSource, World};
use crate::python::ast::{Expr, ExprKind, StmtKind};
use crate::source::FileId;

/// The modules that the programs of one world are built on, each evaluated when it is first asked for.
#[derive(Default)]
pub struct Foundations(Mutex<FxHashMap<Key, Shared>>);

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
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, shared| !rests_on(shared));
    }

    /// The modules of a key, after `before`, which are all but the last; none where the last ends the program.
    fn get(&self, key: &Key, world: &World, mode: Mode, before: Option<&Arc<Foundation>>) -> Option<Arc<Foundation>> {
        let shared = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match known.get(key) {
                Some(shared) => shared.clone(),
                None => known.entry(key.clone()).or_default().clone(),
            }
        };
        let module = key.modules.last()?;
        shared.get_or_init(|| Foundation::after(before.map(Arc::as_ref), world, mode, module).map(Arc::new)).clone()
    }
}

impl Foundation {
    /// Runs one more module.
    fn after(before: Option<&Self>, world: &World, mode: Mode, module: &str) -> Option<Self> {
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
        let ran = machine.import_module(module);
        if ran.is_err() && !machine.is_exhausted() {
            return None;
        }
        let snapshot = Snapshot::of(machine);
        let (mut read, parsed) = (sources.asked(), trees.asked());
        read.extend(&parsed);
        Some(Self { snapshot, read, parsed })
    }
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
    use crate::source::{Memory, Sources};

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
