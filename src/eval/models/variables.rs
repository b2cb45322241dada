//! Environment variables: what a program reads from them, and what it sets itself.
//!
//! Every reader, whichever library it is of, ends here.

use crate::eval::changes::Changes;
use crate::eval::formula::{Formula, Subject};
use crate::eval::heap::{Dict, Entry, Key, either};
use crate::eval::machine::{Machine, Run};
use crate::eval::object::{Class, Kind, Object};
use crate::eval::raise::Exception;
use crate::eval::world::Environment;
use crate::python::ast::Name;
use crate::source::Place;

/// In which cases a variable is set, and what it holds there.
pub(in crate::eval) struct Variable {
    pub present: Formula,
    pub value: Object,
}

/// The variables that the program starts with for certain.
pub(in crate::eval) fn declared(environment: &Environment) -> Dict {
    let mut dict = Dict::scope();
    for (name, variable) in environment {
        let place = Some(variable.place);
        let value = match &variable.value {
            Some(value) => Object::str(value.clone(), place),
            None => Object::unknown_of(Class::Str, "the environment file takes it from outside", place),
        };
        let key = Object::str(name.clone(), place);
        let entry = Entry { key, value, when: Formula::TRUE, history: Changes::default() };
        dict.entries.insert(Key::Str(name.clone()), entry);
    }
    dict
}

/// Whether a variable is set in most processes, whatever is deployed.
pub(in crate::eval) fn is_everywhere(name: &str) -> bool {
    const EVERYWHERE: [&str; 14] = [
        "DJANGO_SETTINGS_MODULE",
        "HOME",
        "HOSTNAME",
        "LANG",
        "LOGNAME",
        "PATH",
        "PWD",
        "SHELL",
        "SHLVL",
        "TERM",
        "TMPDIR",
        "TZ",
        "USER",
        "_",
    ];
    EVERYWHERE.contains(&name) || name.starts_with("LC_") || name.starts_with("XDG_") || name.starts_with("PYTHON")
}

/// Looks a variable up: first among those that the program set itself.
pub(in crate::eval) fn look_up(machine: &mut Machine, name: &Name, origin: Option<Place>) -> Variable {
    let outside = machine.is_set(name);
    let value = machine.environment_value(name, origin);
    let own = machine.dict_of(machine.environ).and_then(|dict| dict.entries.get(&Key::Str(name.clone())).cloned());
    let Some(own) = own else { return Variable { present: outside, value } };
    let otherwise = machine.formulas.and_not(outside, own.when);
    // A variable that the program removed is an entry that holds nothing.
    let (mut present, mut values) = (machine.formulas.or(outside, own.when), vec![(otherwise, value)]);
    for (when, object) in own.value.alternatives() {
        let when = machine.formulas.and(own.when, when);
        match object.kind {
            Kind::Unbound => present = machine.formulas.and_not(present, when),
            _ => values.push((when, object)),
        }
    }
    let value = either(&mut machine.formulas, values.iter().map(|(when, object)| (*when, object)));
    Variable { present, value }
}

/// Removes a variable: `del os.environ[name]`.
pub(in crate::eval) fn remove(machine: &mut Machine, name: &Object) {
    let environ = machine.environ;
    machine.set_entry(environ, name, Object::new(Kind::Unbound, None));
}

/// Any variable may have been replaced.
pub(in crate::eval) fn replace_any(machine: &mut Machine, why: &str) {
    let environ = machine.environ;
    machine.open_dict(environ, why);
}

/// The value of a variable where it is set, else `default`.
pub(in crate::eval) fn get(machine: &mut Machine, name: &Object, default: &Object) -> Run<Object> {
    by_name(machine, name, |machine, name| {
        let place = machine.statement();
        let variable = look_up(machine, name, place);
        let absent = machine.formulas.not(variable.present);
        Ok(either(&mut machine.formulas, [(variable.present, &variable.value), (absent, default)]))
    })
}

/// The value of a variable that must be set: else an exception of class `missing` is raised.
pub(in crate::eval) fn required(machine: &mut Machine, name: &Object, missing: &str) -> Run<Object> {
    by_name(machine, name, |machine, name| {
        let place = machine.statement();
        let variable = look_up(machine, name, place);
        let absent = machine.formulas.not(variable.present);
        machine.raise_when(absent, Exception::new(missing, format!("{name} is not set")))?;
        Ok(machine.narrowed(&variable.value))
    })
}

/// In which cases a variable is set.
pub(in crate::eval) fn contains(machine: &mut Machine, name: &Object) -> Run<Formula> {
    let name = machine.spelled_out(name);
    let mut any = Formula::FALSE;
    for (when, name) in machine.possible(&name) {
        let present = match name.as_str() {
            Some(name) => look_up(machine, &name.clone(), None).present,
            None => machine.fresh("the variable is set", Subject::Other),
        };
        let both = machine.formulas.and(when, present);
        any = machine.formulas.or(any, both);
    }
    Ok(any)
}

/// `os.environ` takes strings alone, without null characters: anything else may raise.
pub(in crate::eval) fn may_refuse(machine: &mut Machine, name: &Object, value: &Object) -> Run<()> {
    let is_taken = |object: &Object| object.as_str().is_some_and(|text| !text.contains('\0'));
    let is_name = |object: &Object| {
        is_taken(object) && object.as_str().is_some_and(|text| !text.contains('=') && !text.is_empty())
    };
    let names = machine.possible(name).iter().all(|(_, name)| is_name(name));
    let values = machine.possible(value).iter().all(|(_, value)| is_taken(value));
    if names && values { Ok(()) } else { machine.may_raise("setting a variable") }
}

/// `os.environ[name] = value`.
pub(in crate::eval) fn assign(machine: &mut Machine, name: &Object, value: Object) {
    let environ = machine.environ;
    machine.set_entry(environ, name, value);
}

/// `os.environ.setdefault(name, value)`, which gives what the variable then holds.
pub(in crate::eval) fn set_default(machine: &mut Machine, name: &Object, value: &Object) -> Run<Object> {
    may_refuse(machine, name, value)?;
    by_name(machine, name, |machine, name| {
        let place = machine.statement();
        let variable = look_up(machine, name, place);
        let absent = machine.formulas.not(variable.present);
        let held = either(&mut machine.formulas, [(variable.present, &variable.value), (absent, value)]);
        assign(machine, &Object::str(name.clone(), place), held.clone());
        Ok(held)
    })
}

/// Runs `read` with each possible name; a name that is not known gives an unknown string.
fn by_name(
    machine: &mut Machine,
    name: &Object,
    mut read: impl FnMut(&mut Machine, &Name) -> Run<Object>,
) -> Run<Object> {
    let name = machine.spelled_out(name);
    machine.each(&name, |machine, name| match &name.kind {
        Kind::Str(name) => read(machine, name),
        _ => {
            machine.may_raise("reading a variable")?;
            let place = machine.statement();
            Ok(Object::unknown_of(Class::Any, "the name of the environment variable is not known", place))
        }
    })
}
