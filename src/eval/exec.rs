//! Code that is run where it is given: `exec` of files, `eval` of expressions.

use super::literal::{MAX_TEXT, no_expression, only_expression, without_indent};
use super::machine::{Frame, Machine, Run, Stop};
use super::models;
use super::object::{Arguments, HeapId, Kind, Module, Object, Piece};
use super::scope::Scope;
use crate::python::names::names_of_body;
use crate::source::{FileId, Place};

impl Machine<'_> {
    /// Runs a file's statements with the names of a scope as their globals.
    pub(super) fn run_in_scope(&mut self, file: FileId, namespace: HeapId) -> Run<()> {
        let module = Module { file: Some(file), namespace, ..self.module() };
        self.frames.push(Frame::of_module(module));
        let ran = self.deeper(|machine| machine.run_file(file, namespace));
        self.frames.pop();
        if ran.is_none() {
            return Err(self.lose());
        }
        if self.is_alive() && ran.is_some() { Ok(()) } else { Err(Stop) }
    }

    /// `exec(code, globals, locals)`.
    pub(super) fn run_exec(&mut self, arguments: &Arguments, place: Option<Place>) -> Run<Object> {
        let none = Object::none(place);
        let frame = self.frame();
        let is_module_level = frame.closure.is_none() && !frame.is_class;
        let own = frame.module.namespace;
        let given = |index: usize, name: &str| {
            let object = arguments.get(index, name).filter(|object| !matches!(object.kind, Kind::None));
            object.map(|object| match object.kind {
                Kind::Heap(id) => Some(id),
                _ => None,
            })
        };
        let scope = match (given(1, "globals"), given(2, "locals")) {
            (None, None) if is_module_level => Some(own),
            (Some(Some(globals)), None) => Some(globals),
            (Some(Some(globals)), Some(Some(locals))) if globals == locals => Some(globals),
            _ => None,
        };
        let scope = scope.filter(|scope| self.dict_of(*scope).is_some() && !arguments.open);
        let (Some(code), Some(scope)) = (arguments.positional.first().cloned(), scope) else {
            self.escape_all(arguments, "exec() may change it");
            self.run_anything("exec()")?;
            return Ok(none);
        };
        if scope != own {
            let builtins = Object::str("__builtins__", None);
            let value = Object::unknown("the names that are built in", place);
            self.set_entry(scope, &builtins, value);
        }
        self.each(&code, |machine, code| match models::files::whole_file(machine, &code) {
            Some(file) => machine.run_in_scope(file, scope).map(|()| none.clone()),
            None if scope == own => machine.run_anything("exec()").map(|()| none.clone()),
            None => {
                machine.escape_deeply(&Object::new(Kind::Heap(scope), None), "exec() may change it");
                machine.open_dict(scope, "exec() may bind any name");
                machine.may_raise("exec()")?;
                Ok(none.clone())
            }
        })
    }

    /// `eval(text, globals, locals)`.
    pub(super) fn run_eval(&mut self, arguments: &Arguments, place: Option<Place>) -> Run<Object> {
        let Some(code) = arguments.positional.first().cloned() else { return self.not_evaluated(place) };
        let is_plain = arguments.positional.len() == 1 && arguments.named.is_empty() && !arguments.open;
        if !is_plain {
            self.escape_all(arguments, "eval() may change it");
        }
        let code = self.spelled_out(&code);
        self.each(&code, |machine, code| match &code.kind {
            Kind::Str(text) if is_plain => machine.eval_text(text, place),
            // A text that is read from somewhere is taken for that of a value, which changes nothing.
            Kind::Unknown(_) => machine.not_evaluated(place),
            Kind::Template(pieces)
                if !pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains('('))) =>
            {
                machine.not_evaluated(place)
            }
            _ => {
                machine.run_anything("eval()")?;
                machine.not_evaluated(place)
            }
        })
    }

    fn not_evaluated(&mut self, place: Option<Place>) -> Run<Object> {
        self.may_raise("eval()")?;
        Ok(Object::unknown("eval() is not evaluated", place))
    }

    /// The value of an expression that a text holds.
    fn eval_text(&mut self, text: &str, place: Option<Place>) -> Run<Object> {
        if text.len() > MAX_TEXT || self.sees_other_names(text) {
            self.run_anything("eval()")?;
            return self.not_evaluated(place);
        }
        let text = without_indent(text);
        let tree = crate::python::parse(text);
        let Some(expr) = only_expression(text, &tree) else {
            return self.fail(no_expression(text));
        };
        if !names_of_body(&tree.body).bound.is_empty() {
            self.run_anything("eval()")?;
            return self.not_evaluated(place);
        }
        let frame = self.frame();
        frame.is_captured = true;
        let (module, body) = (frame.module.clone(), frame.scopes[frame.comprehensions].namespace);
        let frame = Frame {
            // Looked up as in a class body: in the names that are bound so far, then in the module's.
            scopes: vec![Scope { namespace: body, names: Default::default() }],
            is_class: true,
            // The text is not that of the file: its parts have no place of their own.
            ..Frame::of_module(Module { file: None, ..module })
        };
        self.frames.push(frame);
        let value = self.eval(expr);
        self.frames.pop();
        Ok(value?.at(place))
    }

    /// Whether a text may see other names than those of the running body and the module, or Python's versions differ in it.
    fn sees_other_names(&mut self, text: &str) -> bool {
        let frame = self.frame();
        if frame.body() == frame.module.namespace && frame.comprehensions == 0 {
            return false;
        }
        let around = frame.scopes[frame.comprehensions..].iter().skip(1);
        let is_nested = around.into_iter().any(|scope| scope.namespace != frame.module.namespace);
        is_nested || frame.comprehensions > 0 || ["for", "lambda"].iter().any(|keyword| text.contains(keyword))
    }

    /// Code that is not known is run here: it may change all that it sees, and bind names.
    fn run_anything(&mut self, function: &str) -> Run<()> {
        let why = format!("{function} may change it");
        let frame = self.frame();
        let (module, body) = (frame.module.namespace, frame.is_class.then(|| frame.body()));
        let seen: Vec<HeapId> = frame.scopes.iter().map(|scope| scope.namespace).chain([module]).collect();
        for namespace in seen {
            let values: Vec<Object> = match self.dict_of(namespace) {
                Some(dict) => dict.entries.values().map(|entry| entry.value.clone()).collect(),
                None => Vec::new(),
            };
            self.escape_data(&values, &why);
        }
        for namespace in body.into_iter().chain([module]) {
            self.open_dict(namespace, &format!("{function} may bind any name"));
        }
        self.may_raise(function)
    }
}
