//! Assignment, deletion, and changes in place.

use super::heap::Contents;
use super::iterator::is_iterator;
use super::machine::{Machine, Run};
use super::models;
use super::object::{Class, HeapId, Item, Kind, Object};
use super::operator::{int, repeated};
use super::raise::Exception;
use super::text::class_of;
use crate::python::ast::{BinaryOp, Expr, ExprKind};

impl Machine<'_> {
    /// Assigns to a target.
    pub(super) fn assign(&mut self, target: &Expr, value: Object) -> Run<()> {
        self.assign_in(target, value, None)
    }

    /// Assigns to a target; its names are bound in `scope`, where one is given.
    pub(super) fn assign_in(&mut self, target: &Expr, value: Object, scope: Option<HeapId>) -> Run<()> {
        match &target.kind {
            ExprKind::Name(name) => match scope {
                Some(scope) => {
                    self.set_entry(scope, &Object::str(name.clone(), None), value);
                    Ok(())
                }
                None => {
                    self.bind(name, value);
                    Ok(())
                }
            },
            ExprKind::Attribute(object, name) => {
                let object = self.eval(object)?;
                self.set_attribute(&object, name, value)
            }
            ExprKind::Subscript(object, index) => {
                let object = self.eval(object)?;
                if matches!(index.kind, ExprKind::Slice(..)) {
                    self.conceal(&value);
                    self.escape_changed(&object, "a slice of it is assigned to");
                    return self.may_raise("setting a slice");
                }
                let index = self.eval(index)?;
                self.set_subscript(&object, &index, value)
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => self.unpack(targets, &value, scope),
            ExprKind::Starred(target) => self.assign_in(target, value, scope),
            _ => Ok(()),
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: &Object, scope: Option<HeapId>) -> Run<()> {
        let is_single = self.possible(value).len() == 1;
        let unpacked = self.each(value, |machine, value| {
            // Which iterator it is that items are taken from is not certain.
            let is_taken = is_iterator(&value) && !is_single;
            if is_taken {
                machine.escape_iterator(&value, "items may be taken from it");
            }
            machine.unpack_one(targets, &value, is_taken, scope)?;
            Ok(Object::none(None))
        });
        unpacked.map(drop)
    }

    fn unpack_one(&mut self, targets: &[Expr], value: &Object, is_taken: bool, scope: Option<HeapId>) -> Run<()> {
        let place = value.origin;
        let star = targets.iter().position(|target| matches!(target.kind, ExprKind::Starred(_)));
        let items = match star {
            _ if is_taken => None,
            None if is_iterator(value) => self.first_items(value, targets.len() + 1)?,
            _ => self.items(value)?,
        };
        let Some(items) = items.filter(|items| items.iter().all(Item::is_certain)) else {
            self.may_raise("unpacking")?;
            let why = match &value.kind {
                Kind::Unknown(unknown) => unknown.why.clone(),
                _ => "what is unpacked is not known".into(),
            };
            let unknown = Object::unknown(why, place);
            return targets.iter().try_for_each(|target| self.assign_in(target, unknown.clone(), scope));
        };
        let fits = match star {
            Some(_) => items.len() + 1 >= targets.len(),
            None => items.len() == targets.len(),
        };
        if !fits {
            return Err(self.raise(Exception::new("ValueError", "the number of values to unpack is wrong")));
        }
        let objects: Vec<Object> = items.into_iter().map(|item| item.object).collect();
        let after = star.map_or(0, |star| targets.len() - star - 1);
        for (index, target) in targets.iter().enumerate() {
            let object = match star {
                Some(star) if index == star => {
                    let rest = objects[star..objects.len() - after].iter().cloned().map(Item::new).collect();
                    self.list(rest, place)
                }
                Some(star) if index > star => objects[objects.len() - (targets.len() - index)].clone(),
                _ => objects[index].clone(),
            };
            self.assign_in(target, object, scope)?;
        }
        Ok(())
    }

    pub(super) fn run_aug_assign(&mut self, target: &Expr, op: BinaryOp, value: &Expr) -> Run<()> {
        let place = self.statement();
        // The target's object and index are evaluated once, as Python does.
        let (object, index) = match &target.kind {
            ExprKind::Attribute(object, _) => (Some(self.eval(object)?), None),
            ExprKind::Subscript(object, index) => (Some(self.eval(object)?), Some(self.eval(index)?)),
            _ => (None, None),
        };
        let old = match (&target.kind, &object, &index) {
            (ExprKind::Name(name), ..) => self.lookup(name)?,
            (ExprKind::Attribute(_, name), Some(object), _) => self.attribute(object, name)?,
            (_, Some(object), Some(index)) => self.subscript(object, index)?,
            _ => return Ok(()),
        };
        let value = self.eval(value)?;
        let new = self.each(&old, |machine, old| match machine.changed_in_place(op, &old, &value)? {
            true => Ok(old),
            false => machine.binary(op, &old, &value, place),
        })?;
        if super::expression::may_have_raised(&new) {
            self.may_raise("an operator")?;
        }
        match (&target.kind, &object, &index) {
            (ExprKind::Name(name), ..) => self.bind(name, new),
            (ExprKind::Attribute(_, name), Some(object), _) => self.set_attribute(object, name, new)?,
            (_, Some(object), Some(index)) => self.set_subscript(object, index, new)?,
            _ => {}
        }
        Ok(())
    }

    /// `+=` and `*=` of a list, `|=` of a dict or a set change the object itself.
    fn changed_in_place(&mut self, op: BinaryOp, object: &Object, value: &Object) -> Run<bool> {
        if let (Kind::Symbol(name), BinaryOp::BitOr) = (&object.kind, op) {
            return models::updated(self, name, value);
        }
        let Kind::Heap(id) = object.kind else {
            if matches!(class_of(object), Class::Any | Class::File) {
                self.conceal(value);
                self.escape_opaque(object, "something that is not known is changed in place");
            }
            return Ok(false);
        };
        match (op, self.copied(id)) {
            (BinaryOp::Add, Some(Contents::List(_))) => {
                self.extend_list_with(id, value)?;
                Ok(true)
            }
            (BinaryOp::Mul, Some(Contents::List(items))) => {
                let changed = self.each(value, |machine, count| machine.multiply_list(id, &items, &count));
                changed.map(|_| true)
            }
            (BinaryOp::BitOr, Some(Contents::Dict(_))) => {
                self.update_dict(id, value)?;
                Ok(true)
            }
            (BinaryOp::BitOr | BinaryOp::Sub | BinaryOp::BitAnd | BinaryOp::BitXor, Some(Contents::Set(_))) => {
                let changed = self.each(value, |machine, value| machine.change_set(op, id, &value));
                changed.map(|_| true)
            }
            _ => Ok(false),
        }
    }

    /// `*=` of a list.
    fn multiply_list(&mut self, id: HeapId, items: &[Item], count: &Object) -> Run<Object> {
        match int(&count.kind).map(|count| repeated(items, count)) {
            Some(Some(items)) => {
                if let Some(cell) = self.change(id) {
                    cell.contents = Contents::List(items);
                }
                return Ok(Object::none(None));
            }
            None if !may_be_number(count) => return self.fail(Exception::new("TypeError", "can't multiply by it")),
            Some(None) => {}
            None => self.may_raise("`*=`")?,
        }
        self.escape(&Object::new(Kind::Heap(id), None), "it is multiplied by something that is not known");
        Ok(Object::none(None))
    }

    /// `|=`, `-=`, `&=` and `^=` of a set, which take sets alone.
    fn change_set(&mut self, op: BinaryOp, id: HeapId, value: &Object) -> Run<Object> {
        let set = Object::new(Kind::Heap(id), None);
        let new = self.binary(op, &set, value, None)?;
        match new.kind {
            Kind::Heap(new) => {
                if let Some(contents) = self.copied(new)
                    && let Some(cell) = self.change(id)
                {
                    cell.contents = contents;
                }
            }
            _ => {
                self.escape(&set, "a set is changed in place");
                self.may_raise("an operator")?;
            }
        }
        Ok(Object::none(None))
    }

    pub(super) fn delete(&mut self, target: &Expr) -> Run<()> {
        match &target.kind {
            ExprKind::Name(name) => {
                self.lookup(name)?;
                let scope = self.frame().binds_in(name);
                self.remove_entry(scope, &Object::str(name.clone(), None));
                Ok(())
            }
            ExprKind::Subscript(object, index) => {
                let object = self.eval(object)?;
                if matches!(index.kind, ExprKind::Slice(..)) {
                    self.escape_changed(&object, "a slice of it is deleted");
                    return self.may_raise("deleting a slice");
                }
                let index = self.eval(index)?;
                self.delete_subscript(&object, &index)
            }
            ExprKind::Attribute(object, name) => {
                let object = self.eval(object)?;
                self.each(&object, |machine, object| machine.delete_attribute(&object, name)).map(drop)
            }
            ExprKind::Tuple(targets) | ExprKind::List(targets) => {
                targets.iter().try_for_each(|target| self.delete(target))
            }
            _ => Ok(()),
        }
    }
}

fn may_be_number(object: &Object) -> bool {
    matches!(object.kind, Kind::Unknown(_) | Kind::Symbol(_) | Kind::Made(_))
        && matches!(class_of(object), Class::Any | Class::Int | Class::Bool)
}
