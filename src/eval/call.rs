//! Calls: of the project's own functions and classes, and of everything that is not evaluated.

use std::sync::Arc;

use super::builtins;
use super::class::CACHED;
use super::formula::{Formula, Subject};
use super::heap::{Contents, Dict, Instance, Key, State};
use super::iterator::GENERATOR_CALL;
use super::machine::{Frame, Machine, Run};
use super::models;
use super::object::{Arguments, Closure, HeapId, Item, Kind, Made, Object};
use super::raise::Exception;
use super::scope::Scope;
use crate::python::ast::{self, ExprKind, ParameterKind};
use crate::source::{Place, Span};

/// A function that is within itself more often than this is taken for endless.
const MAX_RECURSION: usize = 8;

impl Machine<'_> {
    pub(super) fn eval_call(&mut self, call: &ast::Call, span: Span) -> Run<Object> {
        let place = self.place(span);
        let function = self.eval_callee(&call.function)?;
        let mut arguments = Arguments::default();
        for arg in &call.args {
            match &arg.kind {
                ExprKind::Starred(value) => {
                    let value = self.eval(value)?;
                    let items = self.items_or_unknown(&value)?;
                    if items.iter().all(Item::is_certain) {
                        arguments.positional.extend(items.into_iter().map(|item| item.object));
                    } else {
                        arguments.open = true;
                    }
                }
                _ => arguments.positional.push(self.eval(arg)?),
            }
        }
        for (name, value) in &call.keywords {
            let value = self.eval(value)?;
            match name {
                Some(name) => arguments.named.push((name.clone(), value)),
                None => self.unpack_keywords(&value, &mut arguments),
            }
        }
        let mut names: Vec<&ast::Name> = arguments.named.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return self.fail(Exception::new("TypeError", "it gets several values for one argument"));
        }
        self.call(&function, arguments, place)
    }

    fn unpack_keywords(&mut self, value: &Object, arguments: &mut Arguments) {
        let value = self.narrowed(value);
        let Some(dict) = self.mapping(&value).cloned() else {
            arguments.open = true;
            return;
        };
        arguments.open |= dict.open.is_some();
        for entry in dict.entries.values() {
            match entry.key.as_str() {
                Some(name) if self.formulas.implies(self.state.path, entry.when) => {
                    arguments.named.push((name.clone(), entry.value.clone()));
                }
                _ => arguments.open = true,
            }
        }
    }

    /// Calls an object.
    pub(super) fn call(&mut self, function: &Object, arguments: Arguments, place: Option<Place>) -> Run<Object> {
        let function = self.resolved(function)?;
        self.each(&function, |machine, function| machine.call_single(&function, arguments.clone(), place))
    }

    /// Calls an object with an item, where that is there; none where it never is.
    pub(super) fn call_with(&mut self, function: &Object, item: &Item, place: Option<Place>) -> Run<Option<Object>> {
        let mut result = None;
        self.branch_to(item.when, |machine| {
            result = Some(machine.call(function, Arguments::positional(vec![item.object.clone()]), place)?);
            Ok(())
        })?;
        Ok(result)
    }

    fn call_single(&mut self, function: &Object, mut arguments: Arguments, place: Option<Place>) -> Run<Object> {
        self.step()?;
        match &function.kind {
            Kind::Function(closure) => self.call_closure(closure, arguments, place),
            Kind::Bound(bound) => {
                arguments.positional.insert(0, bound.0.clone());
                self.call(&bound.1.clone(), arguments, place)
            }
            Kind::Method(method) => {
                let (receiver, name) = (method.0.clone(), method.1.clone());
                super::methods::call(self, &receiver, &name, arguments, place)
            }
            Kind::Symbol(name) => {
                let name = name.clone();
                match name.strip_prefix("builtins.") {
                    Some(builtin) => builtins::call(self, builtin, arguments, place),
                    None => self.call_foreign(&name, None, arguments, place),
                }
            }
            Kind::Made(made) if made.function.as_ref() == "functools.partial" && !made.arguments.open => {
                let mut all = made.arguments.clone();
                let Some(function) = (!all.positional.is_empty()).then(|| all.positional.remove(0)) else {
                    return self.fail(Exception::new("TypeError", "partial takes a function"));
                };
                all.positional.extend(arguments.positional);
                all.named.retain(|(name, _)| arguments.named.iter().all(|(given, _)| given != name));
                all.named.extend(arguments.named);
                all.open = arguments.open;
                self.call(&function, all, place)
            }
            Kind::Made(made) if made.function.as_ref() == CACHED => self.call_cached(&made.clone(), arguments, place),
            Kind::Made(made) => {
                let name = format!("{}()", made.function);
                self.call_foreign(&name, Some(function), arguments, place)
            }
            Kind::Heap(id) => match self.copied(*id) {
                Some(Contents::Class(_)) => self.instantiate(*id, arguments, place),
                Some(Contents::Instance(instance)) => self.call_instance(function, &instance, arguments, place),
                _ => self.fail(Exception::new("TypeError", "object is not callable")),
            },
            Kind::Unknown(unknown) => {
                let why = unknown.why.clone();
                self.escape_all(&arguments, "it is passed to a function that is not known");
                self.escape_concealed();
                self.may_raise("a call")?;
                Ok(Object::unknown(why, place))
            }
            Kind::None | Kind::Bool(_) | Kind::Int(_) | Kind::Str(_) | Kind::Tuple(_) | Kind::Module(_) => {
                self.fail(Exception::new("TypeError", "object is not callable"))
            }
            _ => {
                self.may_raise("a call")?;
                Ok(Object::unknown("the call is not evaluated", place))
            }
        }
    }

    /// Calls a function that remembers what it gave.
    fn call_cached(&mut self, made: &Made, arguments: Arguments, place: Option<Place>) -> Run<Object> {
        let [function, Object { kind: Kind::Heap(results), .. }, most] = made.arguments.positional.as_slice() else {
            return Ok(Object::unknown("what it remembers is not known", place));
        };
        let mut given: Vec<Item> = arguments.positional.iter().cloned().map(Item::new).collect();
        for (name, value) in &arguments.named {
            let named = vec![Item::new(Object::str(name.clone(), None)), Item::new(value.clone())];
            given.push(Item::new(self.tuple(named, None)));
        }
        let given = self.tuple(given, place);
        self.need_hashable(&given)?;
        let is_opaque = |given: &Object| matches!(given.kind, Kind::Symbol(_) | Kind::Tuple(_));
        let key = Key::of(&given).filter(|_| !arguments.open && !arguments.all().any(is_opaque));
        let entry = key.as_ref().and_then(|key| self.dict_of(*results)?.entries.get(key).cloned());
        let is_full = |dict: &Dict| match most.kind {
            Kind::None => false,
            Kind::Int(most) => dict.entries.len() as i64 >= most && entry.is_none(),
            _ => true,
        };
        let is_open = self.dict_of(*results).is_none_or(|dict| dict.open.is_some() || is_full(dict));
        match (key, entry) {
            (Some(_), Some(entry)) if self.formulas.implies(self.state.path, entry.when) => {
                Ok(self.narrowed(&entry.value))
            }
            (Some(_), entry) if !is_open => {
                let known = entry.as_ref().map_or(Formula::FALSE, |entry| entry.when);
                let value = entry.map(|entry| entry.value);
                self.branch(
                    known,
                    |_| Ok(value.unwrap_or_else(|| Object::none(place))),
                    |machine| {
                        let result = machine.call(function, arguments, place)?;
                        machine.set_entry(*results, &given, result.clone());
                        Ok(result)
                    },
                )
            }
            _ => {
                let is_called = self.fresh("it was not called with these arguments before", Subject::Other);
                let known = self.dict_of(*results).map(|dict| dict.entries.values().cloned().collect::<Vec<_>>());
                known.iter().flatten().for_each(|entry| self.conceal(&entry.value));
                self.open_dict(*results, "it is called with arguments that are not known");
                self.branch_to(is_called, |machine| {
                    let result = machine.call(function, arguments, place)?;
                    machine.conceal(&result);
                    Ok(())
                })?;
                Ok(Object::unknown("what it remembers is not known", place))
            }
        }
    }

    /// Calls something of a library: by its model where there is one, else the result is what it was called with.
    pub(super) fn call_foreign(
        &mut self,
        name: &str,
        receiver: Option<&Object>,
        arguments: Arguments,
        place: Option<Place>,
    ) -> Run<Object> {
        arguments.all().for_each(|argument| self.meet(argument));
        let call = models::Call { name, receiver, arguments: &arguments, place };
        if let Some(result) = models::call(self, &call) {
            return result;
        }
        if !models::leaves_arguments_alone(name) || arguments.all().any(models::changes_arguments) {
            let why = format!("it is passed to {name}, which may change it");
            self.escape_all(&arguments, &why);
            if let Some(receiver) = receiver {
                self.escape_deeply(receiver, &why);
            }
        } else if models::may_call_back(name) && name != "functools.partial" {
            self.call_back(&arguments);
            self.hand_out_iterators(&arguments);
            if let Some(made_with) = call.made_with() {
                self.call_back(made_with);
            }
        }
        self.may_raise(name)?;
        let made = Made { function: name.into(), arguments };
        Ok(Object::new(Kind::Made(Arc::new(made)), place))
    }

    /// Calls a function of the project.
    pub(super) fn call_closure(
        &mut self,
        closure: &Arc<Closure>,
        arguments: Arguments,
        place: Option<Place>,
    ) -> Run<Object> {
        let function = &closure.function;
        if function.is_generator && !function.is_async {
            let mut call = arguments;
            call.positional.insert(0, Object::new(Kind::Function(closure.clone()), closure.place));
            return Ok(models::made(GENERATOR_CALL, call, place));
        }
        if function.is_async {
            self.escape_all(&arguments, "it is passed to a function that is not evaluated");
            // Its body is run when something asks for its items, if anything does, and perhaps in part.
            let result = Object::unknown(format!("{} is a coroutine, which is not run", function.name), place);
            self.any_number_of_times(|machine| machine.bind_and_run(closure, arguments.clone(), place).map(drop));
            return Ok(result);
        }
        if self.is_out_of_sight() {
            // What is called there is followed on its own: one run of it serves all its calls.
            self.escape_all(&arguments, "it is passed to a function where the program does not show it");
            self.call_out_of_sight(closure);
            self.may_raise("a call")?;
            return Ok(Object::unknown("it is called where the program does not show it", place));
        }
        self.bind_and_run(closure, arguments, place)
    }

    pub(super) fn bind_and_run(
        &mut self,
        closure: &Arc<Closure>,
        arguments: Arguments,
        place: Option<Place>,
    ) -> Run<Object> {
        if arguments.open {
            let why = format!("{} is called with arguments that are not known", closure.function.name);
            self.escape_all(&arguments, "it is among arguments that are not known");
            self.may_raise("a call")?;
            let result = self.call_with_anything(closure)?;
            self.conceal(&result);
            return Ok(Object::unknown(why, place));
        }
        let scope = self.allocate(Contents::Dict(Dict::scope()));
        match self.bind_arguments(closure, arguments, scope) {
            Ok(()) => self.run_closure(closure, scope, place),
            Err(message) => self.fail(Exception::new("TypeError", message)),
        }
    }

    /// Calls a function of the project with arguments of which nothing is known.
    pub(super) fn call_with_anything(&mut self, closure: &Arc<Closure>) -> Run<Object> {
        let scope = self.allocate(Contents::Dict(Dict::scope()));
        for (parameter, default) in closure.function.parameters.iter().zip(&closure.defaults) {
            let unknown = Object::unknown(format!("what {} is given is not known", parameter.name), closure.place);
            let value = match parameter.kind {
                ParameterKind::Rest => self.tuple(vec![Item::any_number(unknown)], closure.place),
                ParameterKind::KeywordRest => {
                    let dict = Dict { open: Some("what it is given is not known".into()), ..Dict::default() };
                    self.dict(dict, closure.place)
                }
                _ => {
                    let default: Vec<Object> = default.iter().cloned().collect();
                    self.one_of_held(&unknown, &default)
                }
            };
            self.set_entry(scope, &Object::str(parameter.name.clone(), None), value);
        }
        self.run_closure(closure, scope, closure.place)
    }

    /// Runs a function's body with its parameters bound in `scope`.
    fn run_closure(&mut self, closure: &Arc<Closure>, scope: HeapId, place: Option<Place>) -> Run<Object> {
        if closure.generator.is_some() {
            return self.run_generator_with_anything(closure);
        }
        let result = self.allocate(Contents::List(vec![Item::new(Object::none(place))]));
        let mut scopes = vec![Scope { namespace: scope, names: closure.function.names.clone() }];
        scopes.extend(closure.scopes.iter().cloned());
        let frame = Frame {
            scopes,
            closure: Some(closure.clone()),
            result: Some((result, Vec::new())),
            ..Frame::of_module(closure.module.clone())
        };
        let running = |frame: &&Frame| {
            !frame.is_generator && frame.closure.as_ref().is_some_and(|other| Arc::ptr_eq(other, closure))
        };
        if self.frames.iter().filter(running).count() >= MAX_RECURSION {
            return Err(self.lose());
        }
        let called = self.deeper(|machine| machine.in_own_cases(|machine| machine.run_call(frame, result)));
        called.unwrap_or_else(|| Err(self.lose()))
    }

    fn run_call(&mut self, frame: Frame, result: HeapId) -> Run<Object> {
        let Some(closure) = frame.closure.clone() else { return Err(super::machine::Stop) };
        let marks = self.marks();
        self.frames.push(frame);
        self.run_block(&closure.function.body);
        let Some(frame) = self.frames.pop() else { return Err(super::machine::Stop) };
        // A `return` on whose way out a `finally` went on elsewhere has left its value.
        let none = Object::none(None);
        if let Some(cell) = self.state.cell_mut(result).filter(|cell| !is_none(&cell.contents)) {
            cell.contents = Contents::List(vec![Item::new(none)]);
        }
        let scope = Some(frame.body()).filter(|_| !frame.is_captured);
        let mut returned: Vec<State> = frame.result.map(|(_, states)| states).unwrap_or_default();
        if let Some(scope) = scope {
            // Nothing can see the call's names any more, also not where it raised.
            returned.iter_mut().for_each(|state| state.forget(scope));
            self.each_since(marks, |_, state| state.forget(scope));
            self.state.forget(scope);
        }
        self.join(returned);
        if !self.is_alive() {
            return Err(super::machine::Stop);
        }
        // The value was put into a list of one, so that joining the states joins the values.
        let items = match self.contents(result) {
            Some(Contents::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        self.state.forget(result);
        let parts = items.iter().map(|item| (item.when, &item.object));
        Ok(super::heap::either(&mut self.formulas, parts))
    }

    /// Binds arguments to parameters in a new scope.
    fn bind_arguments(&mut self, closure: &Closure, arguments: Arguments, scope: HeapId) -> Result<(), String> {
        let parameters = &closure.function.parameters;
        let takes_any = |kind| parameters.iter().any(|parameter| parameter.kind == kind);
        let mut positional = arguments.positional.into_iter();
        let mut named = arguments.named;
        for (parameter, default) in parameters.iter().zip(&closure.defaults) {
            let by_name = |named: &mut Vec<(ast::Name, Object)>| {
                let at = named.iter().position(|(name, _)| *name == parameter.name)?;
                Some(named.remove(at).1)
            };
            let value = match parameter.kind {
                ParameterKind::Rest => {
                    let rest = positional.by_ref().map(Item::new).collect();
                    Some(self.tuple(rest, closure.place))
                }
                ParameterKind::KeywordRest => {
                    let rest = self.allocate(Contents::Dict(Dict::default()));
                    for (name, value) in std::mem::take(&mut named) {
                        self.set_entry(rest, &Object::str(name, closure.place), value);
                    }
                    Some(Object::new(Kind::Heap(rest), closure.place))
                }
                ParameterKind::PositionalOnly => positional.next().or_else(|| default.clone()),
                ParameterKind::Positional => match (positional.next(), by_name(&mut named)) {
                    (Some(_), Some(_)) => {
                        return Err(format!("{}() got several values for '{}'", closure.function.name, parameter.name));
                    }
                    (given, named) => given.or(named).or_else(|| default.clone()),
                },
                ParameterKind::Keyword => by_name(&mut named).or_else(|| default.clone()),
            };
            let Some(value) = value else {
                return Err(format!("{}() is missing '{}'", closure.function.name, parameter.name));
            };
            self.set_entry(scope, &Object::str(parameter.name.clone(), None), value);
        }
        let is_too_many = positional.next().is_some() && !takes_any(ParameterKind::Rest);
        if is_too_many || !named.is_empty() {
            return Err(format!("{}() got arguments that it does not take", closure.function.name));
        }
        Ok(())
    }

    /// Makes an instance of a class of the project.
    fn instantiate(&mut self, class: HeapId, arguments: Arguments, place: Option<Place>) -> Run<Object> {
        let attributes = self.allocate(Contents::Dict(Dict::scope()));
        let instance = Instance { class, attributes, arguments: arguments.clone() };
        let id = self.allocate(Contents::Instance(Arc::new(instance)));
        let object = Object::new(Kind::Heap(id), place);
        if let Some(filled) = models::pydantic::fill(self, class, attributes, &arguments, place) {
            return filled.map(|()| object);
        }
        if self.own_method(class, "__new__").is_some() {
            self.call_operators(class, |name| name == "__new__");
            if let Some(init) = self.own_method(class, "__init__") {
                self.escape(&init, "what `__new__` gives may be initialised");
            }
            self.escape_all(&arguments, "it is passed to `__new__`, which is not evaluated");
            arguments.all().for_each(|argument| self.conceal(argument));
            self.may_raise("a constructor")?;
            return Ok(Object::unknown("its class decides what calling it gives", place));
        }
        if self.own_method(class, "__del__").is_some() {
            // It is run whenever nothing refers to the instance any more.
            return Err(self.lose());
        }
        if self.may_be_abstract(class) {
            self.may_raise("a constructor")?;
        }
        let init = self.own_method(class, "__init__");
        match init {
            Some(init) => {
                let mut arguments = arguments;
                arguments.positional.insert(0, object.clone());
                self.call(&init, arguments, place)?;
            }
            None => {
                let is_plain = matches!(self.contents(class), Some(Contents::Class(class)) if class.is_plain);
                if !is_plain || !arguments.positional.is_empty() || !arguments.named.is_empty() || arguments.open {
                    // A constructor that is not the project's own sets what it likes.
                    self.open_dict(attributes, "its constructor is not evaluated");
                    self.run_foreign_constructor(class);
                    // `object()` takes no arguments; an exception takes any, but none by name.
                    if !arguments.named.is_empty() || !self.is_exception(class) {
                        self.may_raise("a constructor")?;
                    }
                    arguments.all().for_each(|argument| self.conceal(argument));
                }
            }
        }
        Ok(object)
    }

    /// Whether a class may have methods that are still to be written, so that there are no instances of it.
    fn may_be_abstract(&mut self, class: HeapId) -> bool {
        const CONCRETE: [&str; 5] = ["builtins.", "channels.", "configurations.", "django.", "typing."];
        let order = self.resolution_order(class);
        order.iter().any(|base| match &base.kind {
            Kind::Symbol(name) => !CONCRETE.iter().any(|concrete| name.starts_with(concrete)),
            // One of its keywords may be its metaclass.
            Kind::Heap(id) => {
                matches!(self.contents(*id), Some(Contents::Class(class)) if !class.source.keywords.is_empty())
            }
            _ => true,
        })
    }

    /// Whether a class is one of exceptions.
    fn is_exception(&mut self, class: HeapId) -> bool {
        let is_builtin = |name: &str| name.strip_prefix("builtins.").is_some_and(super::raise::is_builtin);
        self.resolution_order(class).iter().any(|base| matches!(&base.kind, Kind::Symbol(name) if is_builtin(name)))
    }

    /// A method that the project's own classes define, before any base that is not evaluated.
    pub(super) fn own_method(&mut self, class: HeapId, name: &str) -> Option<Object> {
        for base in self.resolution_order(class) {
            let Kind::Heap(base) = base.kind else { return None };
            let entry = self.dict_of(base).and_then(|dict| dict.entries.get(&super::heap::Key::str(name)).cloned());
            if let Some(entry) = entry {
                return Some(entry.value);
            }
        }
        None
    }

    fn call_instance(
        &mut self,
        object: &Object,
        instance: &Arc<Instance>,
        mut arguments: Arguments,
        place: Option<Place>,
    ) -> Run<Object> {
        match self.own_method(instance.class, "__call__") {
            Some(method) => {
                arguments.positional.insert(0, object.clone());
                self.call(&method, arguments, place)
            }
            None => {
                self.escape_all(&arguments, "it is passed to an object that is not evaluated");
                self.escape_concealed();
                self.may_raise("a call")?;
                Ok(Object::unknown("the object that is called is not evaluated", place))
            }
        }
    }
}

/// Whether a list holds `None` alone.
fn is_none(contents: &Contents) -> bool {
    matches!(contents, Contents::List(items) if matches!(items.as_slice(), [Item { object: Object { kind: Kind::None, .. }, .. }]))
}
