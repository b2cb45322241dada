//! The state of a running program: its mutable objects, the modules that it loaded, and the case it is in.
//!
//! A state forks at every undecided condition and the forks join after it. Copies share what they did not change, and
//! a log of changes tells a join where to look.

mod join;
mod reads;

use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::sync::Arc;

use indexmap::IndexMap;
use rpds::HashTrieMapSync;
use rustc_hash::{FxBuildHasher, FxHasher};

pub use self::join::either;
pub use self::reads::Footing;
use self::reads::Reads;

use super::changes::Changes;
use super::formula::{Formula, Formulas};
use super::object::{Arguments, HeapId, Item, Kind, Module, Object};
use crate::source::Place;

/// An object on the heap.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What it holds.
    pub contents: Contents,
    /// The statements that changed it in place, in order.
    pub changes: Changes,
}

/// What an object on the heap holds.
#[derive(Debug, Clone)]
pub enum Contents {
    /// A list.
    List(Vec<Item>),
    /// A set; the order is that of insertion and means nothing.
    Set(Vec<Item>),
    /// A dict, and the names of a module, a function call, a class body or an instance.
    Dict(Dict),
    /// A class of the project.
    Class(Arc<ClassObject>),
    /// An instance of such a class.
    Instance(Arc<Instance>),
}

/// A class of the project.
#[derive(Debug)]
pub struct ClassObject {
    /// Its name.
    pub name: Arc<str>,
    /// The module that defines it.
    pub module: Module,
    /// Its bases, as they are written.
    pub bases: Vec<Object>,
    /// The dict of its attributes.
    pub namespace: HeapId,
    /// Its source.
    pub source: Arc<crate::python::ast::Class>,
    /// Where it is defined.
    pub place: Option<Place>,
    /// Whether a metaclass, a decorator or a base may have given it other attributes than its body shows.
    pub is_plain: bool,
}

/// An instance of a class of the project.
#[derive(Debug)]
pub struct Instance {
    /// The class, a heap object.
    pub class: HeapId,
    /// The dict of its attributes.
    pub attributes: HeapId,
    /// What it was made with.
    pub arguments: Arguments,
}

/// A dict.
#[derive(Debug, Clone)]
pub struct Dict {
    /// Its entries, in order of insertion.
    pub entries: IndexMap<Key, Entry, FxBuildHasher>,
    /// Why there may be further entries, where there may.
    pub open: Option<Arc<str>>,
    /// In which cases there may be, if there may at all.
    pub open_when: Formula,
    /// Whether its keys are the names that some source binds: a module, a call, a class body, an instance.
    pub is_scope: bool,
    /// Whether the order of its entries differs from case to case.
    pub is_reordered: bool,
}

impl Default for Dict {
    fn default() -> Self {
        Self {
            entries: IndexMap::default(),
            open: None,
            open_when: Formula::TRUE,
            is_scope: false,
            is_reordered: false,
        }
    }
}

impl Dict {
    /// The names of a scope, none yet.
    pub fn scope() -> Self {
        Self { is_scope: true, ..Self::default() }
    }
}

/// An entry of a dict.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key as it was written.
    pub key: Object,
    /// The value.
    pub value: Object,
    /// In which cases it is there.
    pub when: Formula,
    /// Where it was assigned, oldest first.
    pub history: Changes,
}

/// What a dict looks a key up by. Equal numbers are one key, as in Python: `1`, `1.0` and `True`.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Key {
    None,
    Int(i64),
    Float(f64),
    Str(Arc<str>),
    Bytes(Arc<[u8]>),
    Path(Arc<str>),
    Symbol(Arc<str>),
    Tuple(Vec<Key>),
}

impl Key {
    /// The key that an object is, where it is known and can be one.
    pub fn of(object: &Object) -> Option<Self> {
        match &object.kind {
            Kind::None => Some(Self::None),
            Kind::Bool(value) => Some(Self::Int(i64::from(*value))),
            Kind::Int(value) => Some(Self::Int(*value)),
            Kind::Float(value) if value.fract() == 0.0 && value.abs() < 9e15 => Some(Self::Int(*value as i64)),
            Kind::Float(value) => Some(Self::Float(*value)),
            Kind::Str(text) => Some(Self::Str(text.clone())),
            Kind::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            Kind::Path(text) => text.as_str().map(|text| Self::Path(text.clone())),
            // What else a library holds may be equal to anything.
            Kind::Symbol(name) if name.starts_with("builtins.") => Some(Self::Symbol(name.clone())),
            Kind::Tuple(items) => {
                let keys = items.iter().map(|item| if item.is_certain() { Self::of(&item.object) } else { None });
                keys.collect::<Option<Vec<_>>>().map(Self::Tuple)
            }
            _ => None,
        }
    }

    /// The key of a string.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) => true,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Str(a), Self::Str(b)) | (Self::Path(a), Self::Path(b)) | (Self::Symbol(a), Self::Symbol(b)) => {
                a == b
            }
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Tuple(a), Self::Tuple(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::None => {}
            Self::Int(value) => value.hash(state),
            Self::Float(value) => value.to_bits().hash(state),
            Self::Str(text) | Self::Path(text) | Self::Symbol(text) => text.hash(state),
            Self::Bytes(bytes) => bytes.hash(state),
            Self::Tuple(keys) => keys.hash(state),
        }
    }
}

/// Which objects were changed, newest first. Forks share the tail that is older than they are.
#[derive(Debug, Clone, Default)]
struct Log(Option<Arc<LogEntry>>);

#[derive(Debug)]
struct LogEntry {
    id: HeapId,
    length: usize,
    older: Log,
}

impl Drop for LogEntry {
    /// A long log must not be dropped entry within entry.
    fn drop(&mut self) {
        let mut next = self.older.0.take();
        while let Some(entry) = next {
            match Arc::try_unwrap(entry) {
                Ok(mut entry) => next = entry.older.0.take(),
                Err(_) => break,
            }
        }
    }
}

impl Log {
    fn length(&self) -> usize {
        self.0.as_ref().map_or(0, |entry| entry.length)
    }

    fn push(&mut self, id: HeapId) {
        // A change right after one of the same object adds nothing, unless a fork may have begun in between.
        if let Some(newest) = &self.0
            && newest.id == id
            && Arc::strong_count(newest) == 1
        {
            return;
        }
        let length = self.length() + 1;
        self.0 = Some(Arc::new(LogEntry { id, length, older: Self(self.0.take()) }));
    }

    /// The log as it was when `self` and `other` were one, and the objects changed in either since.
    fn fork_point(&self, other: &Self) -> (Self, Vec<HeapId>) {
        let (mut a, mut b) = (self, other);
        let mut changed = Vec::new();
        loop {
            match (&a.0, &b.0) {
                (Some(left), Some(right)) if Arc::ptr_eq(left, right) => break,
                (None, None) => break,
                (Some(left), _) if left.length > b.length() => {
                    changed.push(left.id);
                    a = &left.older;
                }
                (_, Some(right)) if right.length > a.length() => {
                    changed.push(right.id);
                    b = &right.older;
                }
                (Some(left), Some(right)) => {
                    changed.extend([left.id, right.id]);
                    a = &left.older;
                    b = &right.older;
                }
                // A longer log was stepped back above.
                (Some(_), None) | (None, Some(_)) => break,
            }
        }
        changed.sort_unstable();
        changed.dedup();
        (a.clone(), changed)
    }
}

type Hashed = BuildHasherDefault<FxHasher>;

/// The modules that a name was loaded as, each with the cases in which it was.
type Loaded = Arc<[(Formula, Module)]>;

/// The modules loaded so far by name.
pub type Modules = HashTrieMapSync<Arc<str>, Loaded, Hashed>;

/// Everything that a fork copies.
#[derive(Debug, Clone)]
pub struct State {
    heap: HashTrieMapSync<HeapId, Arc<Cell>, Hashed>,
    log: Log,
    modules: Modules,
    reads: Option<Arc<Reads>>,
    /// In which cases this point of the program is reached.
    pub path: Formula,
}

impl State {
    /// A state in which a program begins.
    pub fn begin() -> Self {
        Self { reads: Some(Arc::default()), ..Self::new() }
    }

    /// The same state, for another machine to go on from.
    pub fn copy(&self) -> Self {
        Self { reads: Some(Arc::default()), ..self.clone() }
    }

    /// An empty state that is reached in every case.
    pub fn new() -> Self {
        Self {
            heap: HashTrieMapSync::new_with_hasher_and_ptr_kind(Hashed::default()),
            log: Log::default(),
            modules: HashTrieMapSync::new_with_hasher_and_ptr_kind(Hashed::default()),
            reads: None,
            path: Formula::TRUE,
        }
    }

    /// Puts a new object on the heap.
    pub fn insert(&mut self, id: HeapId, contents: Contents) {
        self.heap.insert_mut(id, Arc::new(Cell { contents, changes: Changes::default() }));
        self.log.push(id);
    }

    /// The modules loaded so far.
    pub fn modules(&self) -> &Modules {
        &self.modules
    }

    /// The modules that a name was loaded as, each with the cases in which it was; none where it has not begun.
    pub fn loaded(&self, module: &str) -> &[(Formula, Module)] {
        if let Some(reads) = &self.reads {
            reads.note(|seen| seen.add_module(module));
        }
        self.modules.get(module).map_or(&[], |loaded| loaded)
    }

    /// Whether a module has begun in some case.
    pub fn has_loaded(&self, module: &str) -> bool {
        !self.loaded(module).is_empty()
    }

    /// A module begins, where the program stands.
    pub fn load(&mut self, module: Module) {
        let mut loaded = self.loaded(&module.name).to_vec();
        let name = module.name.clone();
        loaded.push((self.path, module));
        self.modules.insert_mut(name, loaded.into());
    }

    /// Puts the modules that were loaded since `before` into the cases of `outer`.
    pub fn restrict_modules(&mut self, formulas: &mut Formulas, before: &Modules, outer: Formula) {
        if self.modules.size() == before.size() {
            return;
        }
        let new: Vec<Arc<str>> = self.modules.keys().filter(|name| !before.contains_key(*name)).cloned().collect();
        for name in new {
            let Some(loaded) = self.modules.get(&name) else { continue };
            let loaded = loaded.iter().map(|(when, module)| (formulas.and(*when, outer), module.clone())).collect();
            self.modules.insert_mut(name, loaded);
        }
    }

    /// Takes an object off the heap that nothing refers to any more, so that no join looks at it.
    pub fn forget(&mut self, id: HeapId) {
        self.heap.remove_mut(&id);
    }

    fn note_read(&self, id: HeapId) {
        if let Some(reads) = &self.reads {
            reads.note(|seen| seen.add_cell(id));
        }
    }

    /// An object on the heap.
    pub fn cell(&self, id: HeapId) -> Option<&Cell> {
        self.note_read(id);
        self.heap.get(&id).map(Arc::as_ref)
    }

    /// An object on the heap, as it is now: whatever changes it later makes another one of it.
    pub fn shared(&self, id: HeapId) -> Option<&Arc<Cell>> {
        self.note_read(id);
        self.heap.get(&id)
    }

    /// An object on the heap, to be changed.
    pub fn cell_mut(&mut self, id: HeapId) -> Option<&mut Cell> {
        self.note_read(id);
        self.log.push(id);
        self.heap.get_mut(&id).map(Arc::make_mut)
    }

    /// Whether nothing was changed between this state and a later one.
    pub fn is_unchanged_in(&self, later: &Self) -> bool {
        match (&self.log.0, &later.log.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// The objects that differ between a state and a later one, or between two forks: as they are in the first, if they
    /// are, and in the second.
    pub fn differing(a: &Self, b: &Self) -> Vec<(HeapId, Option<Arc<Cell>>, Arc<Cell>)> {
        Self::differing_since(a, a, b)
    }

    /// The same without what the second has in common with `last`.
    pub fn differing_since(last: &Self, a: &Self, b: &Self) -> Vec<(HeapId, Option<Arc<Cell>>, Arc<Cell>)> {
        let changed = last.log.fork_point(&b.log).1.into_iter();
        let differing = changed.filter_map(|id| {
            let new = b.heap.get(&id)?;
            let is_new = |state: &Self| !state.heap.get(&id).is_some_and(|old| Arc::ptr_eq(old, new));
            (is_new(last) && is_new(a)).then(|| (id, a.heap.get(&id).cloned(), new.clone()))
        });
        differing.collect()
    }
}
