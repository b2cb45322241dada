//! Exceptions: what was raised, in which cases, and who catches it.

use std::sync::Arc;

use super::blur::Blurred;
use super::formula::{Formula, Subject};
use super::heap::{Contents, State};
use super::machine::{Machine, Run, Stop};
use super::object::{HeapId, Kind, Object};

/// An exception.
#[derive(Debug, Clone)]
pub struct Exception {
    /// The class: a built-in's name, or a qualified one. None where any may have been raised.
    pub class: Option<Arc<str>>,
    /// The class, where it is one of the project's own.
    pub own: Option<HeapId>,
    /// What it says.
    pub message: Arc<str>,
}

impl Exception {
    /// An exception of a known class.
    pub fn new(class: &str, message: impl Into<Arc<str>>) -> Self {
        Self { class: Some(class.into()), own: None, message: message.into() }
    }

    /// An exception of a class that is not known.
    pub fn of_any_class(message: impl Into<Arc<str>>) -> Self {
        Self { class: None, own: None, message: message.into() }
    }

    /// An exception of a class of the project.
    pub fn of_own_class(class: HeapId, message: impl Into<Arc<str>>) -> Self {
        Self { own: Some(class), ..Self::of_any_class(message) }
    }
}

/// The `try` statements that are being run, innermost last.
#[derive(Default)]
pub(super) struct Handlers(Vec<Guarded>);

/// What a `try` guards against.
#[derive(Default)]
pub(super) struct Guarded {
    /// The states in which something was raised.
    pub raised: Vec<(State, Exception)>,
    /// The cases in which something that is not evaluated raises, once anything may.
    vaguely: Option<Formula>,
    /// The states at the first points where it may. Where exactly it raises after them is left open.
    pub vague: Vec<State>,
    /// The states at the points after them.
    pub later: Vec<State>,
    /// Whether it is no `try`, but the border of what runs out of sight: all that is raised ends here, and only what was
    /// changed by then is of interest.
    is_border: bool,
}

/// Whether an `except` clause takes an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Catches {
    Yes,
    No,
    Perhaps,
}

impl Guarded {
    /// Notes a point at which something may raise after the first one.
    fn note_later(&mut self, state: &State) {
        if !self.later.last().is_some_and(|last| last.is_unchanged_in(state)) {
            self.later.push(state.clone());
        }
    }
}

impl Handlers {
    /// A `try` begins.
    pub fn enter(&mut self) {
        self.0.push(Guarded::default());
    }

    /// What runs out of sight begins.
    pub fn enter_out_of_sight(&mut self) {
        self.0.push(Guarded { is_border: true, ..Guarded::default() });
    }

    /// What ran out of sight ends; the states in which something may have been raised.
    pub fn leave_out_of_sight(&mut self) -> Vec<State> {
        self.0.pop().map(|guarded| guarded.later).unwrap_or_default()
    }

    /// Something was raised within the innermost `try`.
    pub fn note(&mut self, state: State, exception: Exception) {
        match self.0.last_mut() {
            Some(border) if border.is_border => border.later.push(state),
            Some(innermost) => innermost.raised.push((state, exception)),
            None => {}
        }
    }

    /// Whether nothing but the border of what runs out of sight is around; if so, something may have been raised here.
    fn may_leave_sight(&mut self, state: &State) -> bool {
        let Some(border) = self.0.last_mut().filter(|innermost| innermost.is_border) else { return false };
        border.note_later(state);
        true
    }

    /// What the innermost `try` guards against, with the states that left so far.
    pub fn innermost(&mut self) -> Option<&mut Guarded> {
        self.0.last_mut()
    }
}

impl Machine<'_> {
    /// Whether a `try` is being run.
    pub(super) fn is_guarded(&self) -> bool {
        !self.handlers.0.is_empty()
    }

    /// Raises an exception: this point ends here.
    pub(super) fn raise(&mut self, exception: Exception) -> Stop {
        let state = std::mem::replace(&mut self.state, State::new());
        self.pass_on(state, exception);
        self.state.path = Formula::FALSE;
        Stop
    }

    /// What was raised goes to the innermost `try`; without one the program ends.
    pub(super) fn pass_on(&mut self, state: State, exception: Exception) {
        match self.is_guarded() {
            true => self.handlers.note(state, exception),
            false => self.ended = self.formulas.or(self.ended, state.path),
        }
    }

    /// Raises an exception where the formula holds; the program goes on where it does not.
    ///
    /// Without a `try` around it the program would end there, so that a program that is running is in the other case.
    pub(super) fn raise_when(&mut self, when: Formula, exception: Exception) -> Run<()> {
        let path = self.state.path;
        if self.formulas.implies(path, when) {
            return Err(self.raise(exception));
        }
        let when = self.settled(when);
        let raising = self.formulas.and(path, when);
        if raising.is_false() {
            return Ok(());
        }
        let going_on = self.formulas.and_not(path, when);
        if going_on.is_false() {
            return Err(self.raise(exception));
        }
        if self.handlers.may_leave_sight(&self.state) {
            return Ok(());
        }
        if self.is_guarded() {
            let mut state = self.state.clone();
            state.path = raising;
            self.handlers.note(state, exception);
        } else if self.formulas.is_large(going_on) {
            // Enough is known of the cases in which the program starts. That it would not start in this one either is
            // forgotten, which calls nothing impossible that is possible.
            return Ok(());
        } else {
            self.ended = self.formulas.or(self.ended, raising);
        }
        self.state.path = going_on;
        Ok(())
    }

    /// What an operation gives that raises in every case.
    ///
    /// Within a `try` that is what happens. Without one the program would not start at all; since more likely something
    /// was not understood here, the result is unknown instead.
    pub(super) fn fail(&mut self, exception: Exception) -> Run<Object> {
        if !self.handlers.may_leave_sight(&self.state) && self.is_guarded() {
            return Err(self.raise(exception));
        }
        let class = exception.class.as_deref().unwrap_or("an exception");
        let why = format!("evaluating it raises {class}: {}", exception.message);
        Ok(Object::unknown(why, self.statement()))
    }

    /// Something that is not evaluated may raise, if a `try` cares.
    pub(super) fn may_raise(&mut self, what: &str) -> Run<()> {
        if self.handlers.may_leave_sight(&self.state) {
            return Ok(());
        }
        let Some(innermost) = self.handlers.0.last() else { return Ok(()) };
        let raises = match innermost.vaguely {
            Some(raises) => raises,
            None => {
                let raises = self.fresh(format!("{what} raises"), Subject::Other);
                if let Some(innermost) = self.handlers.0.last_mut() {
                    innermost.vaguely = Some(raises);
                }
                raises
            }
        };
        let raising = self.formulas.and(self.state.path, raises);
        if !raising.is_false() {
            let mut state = self.state.clone();
            state.path = raising;
            if let Some(innermost) = self.handlers.0.last_mut() {
                innermost.vague.push(state);
            }
            self.state.path = self.formulas.and_not(self.state.path, raises);
        } else if let Some(innermost) = self.handlers.0.last_mut() {
            innermost.note_later(&self.state);
        }
        if self.is_alive() { Ok(()) } else { Err(Stop) }
    }

    /// The innermost `try` ends; what was raised within it. `ends` are other states that left it.
    pub(super) fn end_guarded(&mut self, ends: &[State]) -> Vec<(State, Exception)> {
        let Some(guarded) = self.handlers.0.pop() else { return Vec::new() };
        let mut raised = guarded.raised;
        if guarded.vague.is_empty() {
            return raised;
        }
        let here = std::mem::replace(&mut self.state, State::new());
        self.state.path = Formula::FALSE;
        self.join(guarded.vague);
        // Whatever was done later may have been done before it raised, or not.
        let why = "something that is not evaluated may have raised before it is set";
        let ends = [&here].into_iter().chain(ends).chain(raised.iter().map(|(state, _)| state));
        let later: Vec<State> = guarded.later.iter().chain(ends).cloned().collect();
        let mut blurred = Blurred::default();
        let before = self.state.clone();
        let mut last = &before;
        for end in &later {
            for (id, _, new) in State::differing_since(last, &before, end) {
                if let Some(old) = self.state.shared(id).cloned() {
                    self.blur(id, &old.contents, &new.contents, why, &mut blurred);
                }
            }
            last = end;
        }
        let state = std::mem::replace(&mut self.state, here);
        raised.push((state, Exception::of_any_class("something that is not evaluated")));
        raised
    }

    /// Whether an `except` clause for `class` takes an exception. A tuple takes what any of its items takes.
    pub(super) fn catches(&mut self, class: &Object, exception: &Exception) -> Catches {
        let mut answers = Vec::new();
        for (_, class) in class.alternatives() {
            match &class.kind {
                Kind::Tuple(items) => {
                    let each: Vec<Catches> = items.iter().map(|item| self.catches(&item.object, exception)).collect();
                    answers.push(match () {
                        () if each.contains(&Catches::Yes) => Catches::Yes,
                        () if each.contains(&Catches::Perhaps) => Catches::Perhaps,
                        () => Catches::No,
                    });
                }
                Kind::Symbol(name) => answers.push(match exception.own {
                    Some(own) => self.catches_own(name, own),
                    None => catches(name, exception.class.as_deref()),
                }),
                Kind::Heap(handler) if matches!(self.contents(*handler), Some(Contents::Class(_))) => {
                    answers.push(self.own_catches(*handler, exception));
                }
                _ => answers.push(Catches::Perhaps),
            }
        }
        match answers.first() {
            Some(&first) if answers.iter().all(|&answer| answer == first) => first,
            _ => Catches::Perhaps,
        }
    }
}

impl Machine<'_> {
    /// Whether `except handler` takes an exception of a class of the project.
    fn catches_own(&mut self, handler: &str, raised: HeapId) -> Catches {
        let mut answer = Catches::No;
        for ancestor in self.resolution_order(raised) {
            let catches = match &ancestor.kind {
                Kind::Heap(_) => continue,
                Kind::Symbol(name) if name.as_ref() == "builtins.object" => continue,
                Kind::Symbol(name) => catches(handler, Some(name)),
                _ => Catches::Perhaps,
            };
            match catches {
                Catches::Yes => return Catches::Yes,
                Catches::Perhaps => answer = Catches::Perhaps,
                Catches::No => {}
            }
        }
        answer
    }

    /// Whether an `except` clause for a class of the project takes an exception.
    fn own_catches(&mut self, handler: HeapId, exception: &Exception) -> Catches {
        match (exception.own, &exception.class) {
            (Some(raised), _) => {
                let order = self.resolution_order(raised);
                let is_known = |ancestor: &Object| matches!(ancestor.kind, Kind::Heap(_) | Kind::Symbol(_));
                match () {
                    () if order.iter().any(|ancestor| matches!(ancestor.kind, Kind::Heap(id) if id == handler)) => {
                        Catches::Yes
                    }
                    () if order.iter().all(is_known) => Catches::No,
                    () => Catches::Perhaps,
                }
            }
            // What libraries raise is of none of the project's classes.
            (None, Some(_)) => Catches::No,
            (None, None) => Catches::Perhaps,
        }
    }
}

/// Whether `except handler` takes an exception of class `raised`.
fn catches(handler: &str, raised: Option<&str>) -> Catches {
    let handler = last_part(handler);
    if handler == "BaseException" {
        return Catches::Yes;
    }
    let Some(raised) = raised else {
        // What is not evaluated raises ordinary exceptions, never SystemExit or KeyboardInterrupt.
        return if handler == "Exception" { Catches::Yes } else { Catches::Perhaps };
    };
    let mut class = Some(last_part(raised));
    while let Some(name) = class {
        if name == handler {
            return Catches::Yes;
        }
        class = match base_of(name) {
            Some(base) => Some(base),
            None if is_builtin(name) => return Catches::No,
            // A library's own exception: an Exception, and perhaps something nearer.
            None if handler == "Exception" => return Catches::Yes,
            None if is_builtin(handler) => return Catches::Perhaps,
            None => return Catches::No,
        };
    }
    Catches::No
}

fn last_part(name: &str) -> &str {
    match name.rsplit('.').next().unwrap_or(name) {
        "IOError" | "EnvironmentError" => "OSError",
        name => name,
    }
}

/// Source: <https://docs.python.org/3/library/exceptions.html#exception-hierarchy>, and the libraries that are modelled.
fn base_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "ModuleNotFoundError" => "ImportError",
        "KeyError" | "IndexError" => "LookupError",
        "UnicodeDecodeError" | "UnicodeEncodeError" => "UnicodeError",
        "UnicodeError" | "JSONDecodeError" | "EnvError" => "ValueError",
        "EnvValidationError" | "EnvNotSetError" | "EnvSealedError" => "EnvError",
        "FileNotFoundError" | "PermissionError" | "FileExistsError" | "IsADirectoryError" | "NotADirectoryError" => {
            "OSError"
        }
        "ZeroDivisionError" | "OverflowError" => "ArithmeticError",
        "UnboundLocalError" => "NameError",
        "NotImplementedError" | "RecursionError" => "RuntimeError",
        "ImportError" | "LookupError" | "ValueError" | "OSError" | "ArithmeticError" | "NameError" | "RuntimeError"
        | "TypeError" | "AttributeError" | "AssertionError" | "StopIteration" | "SyntaxError" | "EOFError" => {
            "Exception"
        }
        "ImproperlyConfigured" | "UndefinedValueError" => "Exception",
        "Exception" | "SystemExit" | "KeyboardInterrupt" => "BaseException",
        _ => return None,
    })
}

/// The classes above that are not built in.
const OF_LIBRARIES: [&str; 7] = [
    "ImproperlyConfigured",
    "UndefinedValueError",
    "JSONDecodeError",
    "EnvError",
    "EnvValidationError",
    "EnvNotSetError",
    "EnvSealedError",
];

/// Whether a name is that of a built-in exception.
pub(super) fn is_builtin(name: &str) -> bool {
    name == "BaseException" || base_of(name).is_some() && !OF_LIBRARIES.contains(&name)
}
