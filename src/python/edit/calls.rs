//! The parts of calls.

use ruff_python_ast::{AnyNodeRef, Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Change, Editor, end, start};
use crate::source::Span;

impl Editor {
    fn call(&self, place: Span) -> Option<&ExprCall> {
        match self.path_to(place)?.last()? {
            AnyNodeRef::ExprCall(call) => Some(call),
            _ => None,
        }
    }

    /// Where an argument of the call that stands at exactly this range is: by position, else by name.
    pub fn argument(&self, call: Span, index: usize, name: &str) -> Option<Span> {
        let arguments = &self.call(call)?.arguments;
        let is_starred = arguments.args.iter().any(Expr::is_starred_expr);
        let by_position = arguments.args.get(index).filter(|_| !is_starred);
        let by_name = || {
            let named = |argument: &&ruff_python_ast::Keyword| argument.arg.as_ref().is_some_and(|arg| arg == name);
            arguments.keywords.iter().find(named).map(|argument| &argument.value)
        };
        by_position.or_else(by_name).map(span)
    }

    /// Where what is called stands.
    pub fn called(&self, call: Span) -> Option<Span> {
        Some(span(self.call(call)?.func.as_ref()))
    }

    /// Has a call that a plain name names call a function of another module instead, which is imported.
    pub fn call_instead(&self, call: Span, name: &str, (module, new): (&str, &str)) -> Option<Vec<Change>> {
        let called = self.called(call)?;
        (called.slice(&self.text) == name).then_some(())?;
        let imported = self.import(module, Some(new))?;
        let mut changes = imported.changes;
        changes.push(Change::replace(called, imported.name));
        Some(changes)
    }

    /// Puts a call of a function of another module, which is imported, around an expression.
    pub fn wrap_in_call(&self, place: Span, (module, name): (&str, &str)) -> Option<Vec<Change>> {
        let imported = self.import(module, Some(name))?;
        let mut changes = self.wrap(place, &format!("{}(", imported.name), ")")?;
        changes.extend(imported.changes);
        Some(changes)
    }

    /// Gives a consumer as what its `as_asgi()` makes: `Consumer`, `Consumer()` and `Consumer.as_asgi` alike.
    pub fn call_as_asgi(&self, consumer: Span) -> Option<Vec<Change>> {
        let source = consumer.slice(&self.text);
        let is_name = |text: &str| text.split('.').all(|part| !part.is_empty() && part.chars().all(is_word));
        let plain = source.strip_suffix("()").unwrap_or(source);
        let class = plain.strip_suffix(".as_asgi").filter(|_| plain == source).unwrap_or(plain);
        self.expression(consumer)?;
        is_name(class).then(|| vec![Change::replace(consumer, format!("{class}.as_asgi()"))])
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn span(node: &impl Ranged) -> Span {
    Span::new(start(node), end(node))
}

#[cfg(test)]
mod tests {
    use super::super::changed;
    use super::*;

    #[test]
    fn consumers_become_applications() {
        let text = "path('a', a.Chat), path('b', view=Chat()), path('c', Chat.as_asgi), path('d', make(Chat))";
        let editor = Editor::new(text).expect("Python");
        let mut made = text.to_owned();
        for (at, call) in text.split(", p").enumerate() {
            let call = if at == 0 { call.to_owned() } else { format!("p{call}") };
            let start = text.find(&call).unwrap_or_default() as u32;
            let span = editor.argument(Span::new(start, start + call.len() as u32), 1, "view").expect("an argument");
            let changes = editor.call_as_asgi(span);
            assert_eq!(changes.is_none(), at == 3);
            made = changes.map_or(made, |changes| changed(text, &changes));
        }
        assert_eq!(made, text.replace("Chat.as_asgi)", "Chat.as_asgi())"));
    }

    #[test]
    fn calls_are_wrapped_and_exchanged() {
        let text = "from a import b\n\nx = b(1)\n";
        let editor = Editor::new(text).expect("Python");
        let call = Span::new(21, 25);
        let made = |changes: Option<Vec<Change>>| changes.map(|changes| changed(text, &changes)).unwrap_or_default();
        assert_eq!(made(editor.wrap_in_call(call, ("a", "c"))), "from a import b, c\n\nx = c(b(1))\n");
        assert_eq!(made(editor.call_instead(call, "b", ("a", "c"))), "from a import b, c\n\nx = c(1)\n");
        assert_eq!(editor.call_instead(call, "d", ("a", "c")), None);
    }
}
