//! Truth: in which cases an object counts as true.

use super::formula::{Formula, Subject};
use super::heap::{Contents, Dict};
use super::machine::Machine;
use super::object::{Item, Kind, Object, Piece};

impl Machine<'_> {
    /// In which cases an object is true.
    pub(super) fn truth(&mut self, object: &Object) -> Formula {
        self.meet(object);
        match &object.kind {
            Kind::None | Kind::Unbound => Formula::FALSE,
            Kind::Bool(value) => constant(*value),
            Kind::Int(value) => constant(*value != 0),
            Kind::Float(value) => constant(*value != 0.0),
            Kind::Str(text) => constant(!text.is_empty()),
            Kind::Bytes(bytes) => constant(!bytes.is_empty()),
            Kind::Template(pieces) => {
                if pieces.iter().any(|piece| matches!(piece, Piece::Literal(text) if !text.is_empty())) {
                    return Formula::TRUE;
                }
                let mut any = Formula::FALSE;
                for piece in pieces.iter() {
                    if let Piece::Hole(hole) = piece {
                        let text = self.str_of(hole).unwrap_or_else(|_| hole.clone());
                        let truth = match text.kind {
                            Kind::Template(_) => self.fresh("the text is not empty", Subject::Other),
                            _ => self.truth(&text),
                        };
                        any = self.formulas.or(any, truth);
                    }
                }
                any
            }
            Kind::Tuple(items) => {
                let items = items.clone();
                self.any_item(&items)
            }
            Kind::Heap(id) => match self.copied(*id) {
                Some(Contents::List(items) | Contents::Set(items)) => self.any_item(&items),
                Some(Contents::Dict(dict)) => self.any_entry(&dict),
                Some(Contents::Class(class)) if class.is_plain => Formula::TRUE,
                _ => self.fresh("the object is true", Subject::Other),
            },
            Kind::Method(method) if object.is_unknown_attribute() => {
                self.fresh(format!("the attribute {} is true", method.1), Subject::Other)
            }
            Kind::Ellipsis | Kind::Path(_) | Kind::Module(_) | Kind::Function(_) | Kind::Bound(_) | Kind::Method(_) => {
                Formula::TRUE
            }
            Kind::Symbol(name) => super::models::truth(name)
                .map_or_else(|| self.fresh(format!("{name} is true"), Subject::Other), constant),
            Kind::Made(made) => {
                if let Some(truth) = super::models::made_truth(self, made, object.origin) {
                    return truth;
                }
                let text = format!("{}() is true", made.function);
                self.fresh(text, Subject::Other)
            }
            Kind::Either(_) => {
                let mut any = Formula::FALSE;
                for (when, object) in self.possible(object) {
                    let truth = self.truth(&object);
                    let both = self.formulas.and(when, truth);
                    any = self.formulas.or(any, both);
                }
                self.settled(any)
            }
            Kind::Unknown(unknown) => match &unknown.term {
                Some(term) => {
                    let text = readable(&term.text);
                    self.test(term, text)
                }
                None => self.fresh("a value that is not known", Subject::Other),
            },
        }
    }

    fn any_item(&mut self, items: &[Item]) -> Formula {
        let mut any = Formula::FALSE;
        for item in items {
            let there = match item.repeated {
                true => {
                    let some = self.fresh("there are items", Subject::Other);
                    self.formulas.and(item.when, some)
                }
                false => item.when,
            };
            any = self.formulas.or(any, there);
            if any.is_true() {
                break;
            }
        }
        any
    }

    fn any_entry(&mut self, dict: &Dict) -> Formula {
        let mut any = Formula::FALSE;
        for entry in dict.entries.values() {
            any = self.formulas.or(any, entry.when);
            if any.is_true() {
                return any;
            }
        }
        match dict.open {
            Some(_) => {
                let some = self.fresh("there are entries", Subject::Other);
                let some = self.formulas.and(dict.open_when, some);
                self.formulas.or(any, some)
            }
            None => any,
        }
    }
}

pub(super) fn constant(value: bool) -> Formula {
    if value { Formula::TRUE } else { Formula::FALSE }
}

/// A term as a reader would write it: the `$` before a variable is ours.
pub(super) fn readable(term: &str) -> String {
    term.replace('$', "")
}
