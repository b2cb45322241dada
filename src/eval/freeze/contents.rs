//! What the heap holds, as values: lists, sets, dicts, classes, instances.

use std::sync::Arc;

use super::{Cases, Freezer, unknown};
use crate::eval::heap::{Contents, Dict, Key};
use crate::eval::object::{self, HeapId, Kind as ObjectKind};
use crate::eval::value::{self, Class, Entry, Instance, Item, Kind, Sequence, Unknown, Value};

impl Freezer<'_, '_> {
    /// The items of a set: what is one of several values is one of them in the present cases, perhaps, which is equal to
    /// another item there.
    fn distinct(&mut self, items: &[object::Item], cases: Cases) -> Vec<object::Item> {
        let mut settled = Vec::with_capacity(items.len());
        for item in items {
            if self.is_excluded(item.when, cases) {
                continue;
            }
            let mut possible = item.object.alternatives();
            possible.retain(|(when, _)| {
                let when = self.machine.formulas.and(item.when, *when);
                !self.is_excluded(when, cases)
            });
            settled.push(match possible.pop() {
                Some((_, object)) if possible.is_empty() => object::Item { object, ..item.clone() },
                _ => item.clone(),
            });
        }
        self.machine.distinct(settled)
    }

    /// The items of a list, tuple or set.
    pub(super) fn sequence(&mut self, items: &[object::Item], cases: Cases) -> Sequence {
        let mut sequence = Sequence::default();
        for item in items {
            if self.is_excluded(item.when, cases) {
                continue;
            }
            if item.repeated {
                let why = match &item.object.kind {
                    ObjectKind::Unknown(unknown) => unknown.why.clone(),
                    _ => "the number of items is not known".into(),
                };
                let when = self.condition(item.when, cases);
                sequence.open_when = match sequence.open {
                    Some(_) => sequence.open_when.or(when),
                    None => when,
                };
                sequence.open = sequence.open.or(Some(why));
                continue;
            }
            let when = self.condition(item.when, cases);
            sequence.items.push(Item { value: self.value_where(item.when, &item.object, cases), when });
        }
        sequence
    }

    fn dict(&mut self, dict: &Dict, cases: Cases) -> value::Dict {
        let mut frozen = value::Dict { open: dict.open.clone(), ..Default::default() };
        if dict.open.is_some() {
            match self.is_excluded(dict.open_when, cases) {
                true => frozen.open = None,
                false => frozen.open_when = self.condition(dict.open_when, cases),
            }
        }
        for entry in dict.entries.values() {
            if self.is_excluded(entry.when, cases) {
                continue;
            }
            let when = self.condition(entry.when, cases);
            let key = self.value_where(entry.when, &entry.key, cases);
            frozen.entries.push(Entry { key, value: self.value_where(entry.when, &entry.value, cases), when });
        }
        frozen
    }

    /// What an object on the heap holds.
    pub(super) fn heap(&mut self, id: HeapId, origin: Option<crate::source::Place>, cases: Cases) -> Value {
        if self.open.contains(&id) {
            return unknown("it contains itself", origin);
        }
        let Some(cell) = self.machine.state.cell(id).cloned() else { return unknown("it is gone", origin) };
        self.changes = self.changes.merged(&cell.changes);
        self.open.push(id);
        let kind = match &cell.contents {
            Contents::List(items) => Kind::List(self.sequence(items, cases)),
            Contents::Set(items) => {
                let items = self.distinct(items, cases);
                Kind::Set(self.sequence(&items, cases))
            }
            // Told as pairs, its entries would have an order.
            Contents::Dict(dict) if dict.is_reordered && dict.entries.keys().any(|key| !matches!(key, Key::Str(_))) => {
                Kind::Unknown(Unknown {
                    type_name: Some("dict"),
                    ..Unknown::of("the order of the dict differs from case to case")
                })
            }
            Contents::Dict(dict) => Kind::Dict(self.dict(dict, cases)),
            Contents::Class(_) => self.class(id, cases),
            Contents::Instance(instance) => {
                let class = self.heap(instance.class, None, cases);
                Kind::Instance(Arc::new(Instance {
                    class,
                    args: instance.arguments.positional.iter().map(|argument| self.value(argument, cases)).collect(),
                    named: self.named(&instance.arguments.named, cases),
                }))
            }
        };
        self.open.pop();
        Value::new(kind, origin)
    }

    fn class(&mut self, id: HeapId, cases: Cases) -> Kind {
        let Some(Contents::Class(class)) = self.machine.contents(id).cloned() else {
            return Kind::Unknown(Unknown::of("it is gone"));
        };
        let order = self.machine.resolution_order(id);
        let ancestors = order.iter().skip(1).map(|ancestor| match ancestor.kind {
            // Only names are needed of a class's own classes; their bases follow in the order.
            ObjectKind::Heap(base) => match self.machine.contents(base) {
                Some(Contents::Class(base)) => {
                    let class = Class {
                        name: base.name.clone(),
                        module: base.module.name.clone(),
                        ancestors: Vec::new(),
                        place: base.place,
                        body: base.module.file.map(|file| crate::source::Place::new(file, base.source.span)),
                    };
                    Value::new(Kind::Class(Arc::new(class)), base.place)
                }
                _ => unknown("a base that is not evaluated", None),
            },
            _ => self.value(ancestor, cases),
        });
        let ancestors = ancestors.collect();
        Kind::Class(Arc::new(Class {
            name: class.name.clone(),
            module: class.module.name.clone(),
            ancestors,
            place: class.place,
            body: class.module.file.map(|file| crate::source::Place::new(file, class.source.span)),
        }))
    }
}
