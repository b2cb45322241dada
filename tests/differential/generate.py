"""Random settings modules, made of the constructs that real ones use; the same seed gives the same module.

An expression of a type is built from patterns in which `{int}`, `{str}` … stand for further expressions of that type, and
`<…|…>` for one of several texts.
"""

import random
import re

TYPES = ("int", "str", "bool", "list", "tuple", "set", "dict")

LITERALS = {
    "int": ["0", "1", "2", "3", "5", "-1", "10", "42"],
    "str": ["''", "'a'", "'b'", "'ab'", "'a,b'", "'x=1'", "'  pad '", "'django.contrib.admin'", "'%s'", "'é'", "'a b c'"],
    "bool": ["True", "False"],
    "list": ["[]", "[{int}]", "[{str}, {str}]", "[{int}, {str}, {int}]"],
    "tuple": ["()", "({str},)", "({int}, {str})"],
    "set": ["set()", "{{{str}}}", "{{{str}, {str}}}"],
    "dict": ["{{}}", "{{'k': {int}}}", "{{'a': {str}, 'x': {list}}}", "{{'b': {int}, 'default': {str}}}"],
}

PATTERNS = {
    "int": [
        "({int} <+|-|*> {int})", "len({<list|str|dict|tuple|set>})", "int({bool})", "({int} if {bool} else {int})",
        "sum([{int}, {int}])", "max({int}, {int})", "{str}.count('a')", "abs({int})", "({int} or {int})",
        "({int} // 3)", "({int} % 4)", "{list}.count('a')", "{str}.find('b')",
        "int(os.environ.get('E<1|2|3>', '<0|1|7>'))",
    ],
    "str": [
        "({str} + {str})", "f\"{{{name_int}}}-{{{name_str}}}\"", "{str}.<upper|lower|strip|title>()",
        "{str}.replace('a', {str})", "','.join([{str}, {str}])", "str({int})", "('%s/%s' % ({str}, {int}))",
        "'{{}}:{{}}'.format({str}, {int})", "({str} if {bool} else {str})", "{str}[<1:|-2:|:1|::2>]",
        "os.environ.get('E<1|2|3>', {str})", "os.getenv('E<1|2|3>', {str})", "({str} or {str})", "({str} and {str})",
        "{str}.lstrip('a')", "({str} * <0|1|2>)", "os.path.join('/base', {str})", "{str}.partition('=')[0]",
        "repr({str})", "{str}.zfill(4)", "{str}.split(',')[0]", "'{{a:>4}}'.format(a={int})", "f\"{{{name_int}:03d}}\"",
        "str(Path('/srv') / {literal_str})", "{str}.removeprefix('a')",
    ],
    "bool": [
        "({int} <<|>|==|!=> {int})", "({str} == {str})", "({str} in {list})", "('a' in {str})", "(not {bool})",
        "({bool} <and|or> {bool})", "bool({<list|str|dict|int>})", "{str}.startswith('a')", "('k' in {dict})",
        "any([{bool}, {bool}])", "all({list})", "(os.environ.get('E<1|2|3>') == '1')",
        "(os.environ.get('E<1|2|3>', '1').lower() in ('1', 'true'))", "isinstance({<int|str|list>}, str)",
        "({list} == {list})", "({int} < {int} < {int})", "('E1' in os.environ)", "{str}.isdigit()",
    ],
    "list": [
        "({list} + {list})", "[x for x in {list}]", "[str(x) + '!' for x in {list} if x]", "{str}.split(',')",
        "{str}.split()", "list({tuple})", "{list}[<1:|:1|::-1|-1:>]", "sorted({set})", "list({dict})",
        "[*{list}, {int}]", "list(range(<0|2|4>))", "({list} * <0|1|2>)", "list(map(str, {list}))",
        "list(filter(None, {list}))", "list(zip({list}, {tuple}))", "list(enumerate({list}))",
        "({list} if {bool} else {list})", "list({dict}.items())", "list({str})", "list(reversed({list}))",
        "os.environ.get('E<1|2|3>', {str}).split(',')", "{list}.copy()",
        "[v.strip() for v in {str}.split(',') if v.strip()]",
    ],
    "tuple": ["({tuple} + {tuple})", "tuple({list})", "{tuple}[1:]"],
    "set": ["({set} <||&|-> {set})", "set({str})", "{{str(x) for x in {list}}}"],
    "dict": [
        "{{**{dict}, 'z': {int}}}", "dict({dict}, a={int})", "{{str(k): {int} for k in {list}}}", "({dict} | {dict})",
        "{{k: v for k, v in {dict}.items() if k != 'a'}}", "({dict} if {bool} else {dict})", "{dict}.copy()",
        "dict(zip(['a', 'b'], {list}))",
    ],
}

CHANGES = {
    "list": [
        "{v}.append({str})", "{v} += {list}", "{v}.extend({tuple})", "{v}.insert(<-1|0|2>, {str})", "{v}.reverse()",
        "{v}[:] = {list}", "{v}[0:1] = [{int}]", "{v}.clear()", "if {str} in {v}: {v}.pop()", "{v} = {v} + {list}",
        "if len({v}) > 1: del {v}[0]", "if 'a' in {v}: {v}.remove('a')",
    ],
    "dict": [
        "{v}['k'] = {<int|str|list>}", "{v}.update({dict})", "{v}.setdefault('a', {int})", "{v}.pop('k', None)",
        "{v}.update(q={int})", "{v} |= {dict}", "if 'a' in {v}: del {v}['a']",
    ],
}

FAILURES = [
    "X = {}['q']", "import no_such_module", "X = int('x')", "X = [][0]", "X = 1", "raise ValueError('v')",
    "X = os.environ['E1']", "X = ('a',).lstrip()",
]


class Generator:
    """Makes one module."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = {kind: [] for kind in TYPES}
        self.lines = ["import os", "from pathlib import Path"]
        self.indent = 0
        self.count = 0

    def out(self, line):
        self.lines.append("    " * self.indent + line)

    def new_name(self):
        self.count += 1
        return f"V{self.count}"

    def fill(self, pattern, depth):
        chosen = re.sub(r"(?<![<])<([^<>]*\|[^<>]*|<\|>\|==\|!=|\|\|&\|-)>", self.choose, pattern)
        return re.sub(r"\{\{|\}\}|\{(\w+)\}", lambda match: self.part(match, depth), chosen)

    def choose(self, match):
        text = match.group(1)
        options = {"||&|-": ["|", "&", "-"], "<|>|==|!=": ["<", ">", "==", "!="]}.get(text) or text.split("|")
        return self.random.choice(options)

    def part(self, match, depth):
        if match.group(0) in ("{{", "}}"):
            return match.group(0)[0]
        kind = match.group(1)
        if kind.startswith("name_"):
            return self.random.choice(self.names[kind[5:]] or ["1"])
        if kind.startswith("literal_"):
            return self.random.choice(LITERALS[kind[8:]])
        return self.expression(kind, depth + 1)

    def expression(self, kind, depth=0):
        if depth > 2 or self.random.random() < 0.25:
            if self.names[kind] and self.random.random() < 0.5:
                return self.random.choice(self.names[kind])
            return self.fill(self.random.choice(LITERALS[kind]), max(depth, 2))
        return self.fill(self.random.choice(PATTERNS[kind]), depth)

    def assignment(self):
        kind = self.random.choice(("int", "str", "list", "dict", "bool"))
        if self.names[kind] and (self.indent > 0 or self.random.random() < 0.2):
            self.out(f"{self.random.choice(self.names[kind])} = {self.expression(kind)}")
        else:
            self.definition()

    def definition(self):
        kind = self.random.choice(TYPES)
        name = self.new_name()
        self.out(f"{name} = {self.expression(kind)}")
        if self.indent == 0:
            self.names[kind].append(name)

    def change(self):
        kind = self.random.choice(("list", "dict"))
        if self.names[kind]:
            pattern = self.random.choice(CHANGES[kind]).replace("{v}", self.random.choice(self.names[kind]))
            self.out(self.fill(pattern, 1))
        else:
            self.definition()

    def alias(self):
        kind = self.random.choice(("list", "dict"))
        if self.names[kind] and self.indent == 0:
            name = self.new_name()
            self.out(f"{name} = {self.random.choice(self.names[kind])}")
            self.names[kind].append(name)

    def block(self, head, length=2):
        self.out(head)
        self.indent += 1
        for _ in range(self.random.randint(1, length)):
            self.random.choice((self.assignment, self.change))()
        self.indent -= 1

    def condition(self):
        self.block(f"if {self.expression('bool')}:")
        if self.random.random() < 0.3:
            self.block(f"elif {self.expression('bool')}:")
        if self.random.random() < 0.6:
            self.block("else:")

    def loop(self):
        self.block(f"for i, item in enumerate({self.expression(self.random.choice(('list', 'tuple')))}):")
        self.indent += 1
        self.out(self.random.choice(("pass", "if i > 0: break", "if not item: continue")))
        if self.names["list"]:
            name = self.random.choice(self.names["list"])
            self.out(f"if len({name}) < 20: {name} = {name} + [item]")
        self.indent -= 1

    def guarded(self):
        self.block("try:", 1)
        self.indent += 1
        self.out(self.random.choice(FAILURES))
        self.assignment()
        self.indent -= 1
        self.block(self.random.choice(("except Exception:", "except (KeyError, IndexError, ValueError, ImportError):")))
        if self.random.random() < 0.3:
            self.block("else:")
        if self.random.random() < 0.3:
            self.block("finally:")

    def function(self):
        name = f"function_{self.new_name().lower()}"
        kind = self.random.choice(("int", "str", "list"))
        self.out(f"def {name}(a, b={self.random.choice(LITERALS['int'])}, *args, **named):")
        self.indent += 1
        if self.random.random() < 0.5:
            self.out(f"if {self.expression('bool', 1)}: return {self.expression(kind, 1)}")
        if self.random.random() < 0.3:
            self.out("for item in args: b += 1")
        self.out(f"return {self.expression(kind, 1)}")
        self.indent -= 1
        result = self.new_name()
        self.out(f"{result} = {name}({self.expression('str', 1)}{self.random.choice(('', ', 3', ', b=4', ', 1, 2, 3'))})")
        self.names[kind].append(result)

    def module(self):
        for kind in ("int", "str", "list", "dict", "bool"):
            name = self.new_name()
            self.out(f"{name} = {self.fill(LITERALS[kind][1], 2)}")
            self.names[kind].append(name)
        steps = [self.definition] * 8 + [self.change] * 5 + [self.condition] * 2
        steps += [self.alias, self.loop, self.guarded, self.function]
        for _ in range(self.random.randint(6, 22)):
            self.random.choice(steps)()
        return "\n".join(self.lines) + "\n"
