//! What settings modules hold after they ran, as CPython has it: what random programs showed.

use std::fmt::Write;

use serde_json::Value;

use crate::project::Project;

/// Modules, each with what its `X` holds: as JSON where that is known, else `?`.
const MODULES: &[(&str, &str)] = &[
    // `case True` is `is True`.
    ("X = 0\nmatch 0:\n    case False:\n        X = 1\n", "0"),
    ("X = 0\nmatch True:\n    case True:\n        X = 1\n", "1"),
    ("X = 0\nmatch None:\n    case None:\n        X = 1\n", "1"),
    // `finally` is run however the `try` is left.
    ("X = []\ndef f(x):\n    try:\n        return int(x)\n    finally:\n        X.append(x)\nf('1')\n", "[\"1\"]"),
    (
        "X = []\nfor i in [1, 2]:\n    try:\n        if i == 1: continue\n        break\n    finally:\n        X.append(i)\n",
        "[1,2]",
    ),
    (
        "X = 0\ntry:\n    try:\n        raise KeyError\n    finally:\n        X = 1\nexcept LookupError:\n    X += 1\n",
        "2",
    ),
    (
        "def f():\n    for i in [1, 2]:\n        try:\n            return i\n        finally:\n            break\nX = f()\n",
        "null",
    ),
    // What is set and set back while something may raise.
    ("import foo\nX = 1\ntry:\n    foo.a()\n    X = 2\n    foo.b()\n    X = 1\nexcept Exception:\n    pass\n", "?"),
    (
        "import foo\nX = []\ntry:\n    foo.a()\n    X.append(1)\n    foo.b()\n    X.pop()\nexcept Exception:\n    pass\n",
        "?",
    ),
    ("import foo\nX = 1\ntry:\n    foo.a()\n    foo.b()\nexcept Exception:\n    pass\n", "1"),
    // The class of a path says how it is written.
    ("from pathlib import PurePosixPath\nX = str([PurePosixPath('a')])\n", "?"),
    // Whose name it is: a comprehension's own, a class body's, a module's.
    ("def f():\n    global X\n    for X in [0, 2]: y = [1 for X in range(2) if X % 2]\n    return y\nX = f()\n", "[1]"),
    ("x = 1\nclass A:\n    x = 2\n    y = [x for _ in [0]] + [w for w in [x]]\nX = A.y\n", "[1,2]"),
    (
        "x = 1\ndef f():\n    x = 2\n    def g():\n        global x\n        return (lambda: x)()\n    return g()\nX = f()\n",
        "1",
    ),
    // The items of a list that is known in part are not the list.
    (
        "import os\nX = 0\ntry:\n    for i in [] + os.environ.get('E', '').split():\n        i.startswith('a')\n        X = 1\n\
         except Exception:\n    pass\n",
        "?",
    ),
    ("import no\nX = 0\nn = no.a if no.b else no.c\ntry:\n    list(n)\nexcept TypeError:\n    X = 1\n", "?"),
    // Of equal items an intersection takes those of the shorter set, else of the second; of what is no set, those of it.
    ("X = {1, 2} & {2.0, 5}\n", "{\"$set\":[2.0]}"),
    ("X = {1, 2} & {2.0, 5, 6}\n", "{\"$set\":[2]}"),
    ("X = {1, 2}.intersection([2.0, 5, 6])\n", "{\"$set\":[2.0]}"),
    ("X = [max([True, 0, 1]), min([1, True])]\n", "[true,1]"),
    ("X = isinstance(2 ** -1, int)\n", "false"),
    // What raises.
    ("X = 0\ntry:\n    max([])\nexcept ValueError:\n    X = 1\n", "?"),
    ("X = 0\ntry:\n    reversed({1})\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    {}.get([])\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    (1).x = 2\nexcept AttributeError:\n    X = 1\n", "?"),
    ("X = 0\ntry:\n    del (1,)[0]\nexcept TypeError:\n    X = 1\n", "?"),
    ("class A: pass\nX = 0\ntry:\n    A(1)\nexcept TypeError:\n    X = 1\n", "?"),
    ("from pathlib import Path\nX = 0\ntry:\n    Path('a').foo\nexcept AttributeError:\n    X = 1\n", "?"),
    // A later round changes what an earlier one put into something new.
    ("import no\nX = [0]\nc = ([],)\nfor i in no.items:\n    c[0].append(1)\n    c = (X,)\n", "?"),
    ("import no\nX = [0]\nc = [[]]\nfor i in no.items:\n    c[0].append(1)\n    c = [X]\n", "?"),
    ("import no\nX = [0]\nc = {}\nfor i in no.items:\n    if c: c['k'][0].append(1)\n    c['k'] = (X,)\n", "?"),
    ("import no\nX = [0]\nf = [].append\nfor i in no.items:\n    f(1)\n    f = X.append\n", "?"),
    ("import no\nX = [0]\nc = iter([[]])\nfor i in no.items:\n    for z in c: z.append(1)\n    c = iter([X])\n", "?"),
    ("import no\nX = [0]\nc = ([],)\nfor i in no.items:\n    c[0].append(1)\n    c = ([1],)\n", "[0]"),
    // Something that is not known may be something that is.
    ("import os\nX = {}\nd = {'a': X, 'b': {}, 'c': {}}\nd[os.environ['E']]['k'] = 1\n", "?"),
    ("import os\nX = [1]\nd = {'a': X}\nd[os.environ['E']].append(1)\n", "?"),
    ("import operator\nX = [1]\noperator.itemgetter(0)([X]).append(1)\n", "?"),
    ("import types\nX = [1]\ntypes.SimpleNamespace(a=X).a.append(2)\n", "?"),
    ("import no\nX = [1]\nno.f([(X,)])\n", "?"),
    ("import heapq\nX = [2, 1]\nheapq.heapify(X)\n", "?"),
    ("X = [1]\nX.__iadd__([2])\n", "?"),
    // A function that is passed on may be called, at once and as often as it pleases.
    ("import no\nX = 1\ndef f():\n    global X\n    X = 2\nno.register(f)\n", "?"),
    ("import no\nX = 1\ndef f():\n    global X\n    X = 2\nno.register({'f': [f]})\n", "?"),
    ("import no\nX = 1\ndef f():\n    global X\n    X = 2\nno.register(1)\n", "1"),
    ("import no\nX = 1\ndef f(x):\n    return x.y\nno.register(f)\n", "1"),
    ("import no\nX = 1\n@no.register\ndef f():\n    global X\n    X = 2\n", "1"),
    ("import functools\nX = [1]\nfunctools.reduce(lambda a, b: X.append(b), [1, 2])\n", "?"),
    ("X = 1\ndef f(x):\n    global X\n    X = 2\n    return x\nmax([1, 2], key=f)\n", "?"),
    ("import no\nX = 1\ndef f(*a):\n    global X\n    X = 2\nf(*no.a)\n", "2"),
    // Operators call methods of a class.
    ("X = 1\nclass A:\n    def __eq__(self, o):\n        global X\n        X = 2\nA() == 1\n", "?"),
    ("X = 1\nclass A:\n    def __str__(self):\n        global X\n        X = 2\n        return ''\nf'{A()}'\n", "?"),
    ("X = 1\nclass A:\n    def __enter__(self):\n        global X\n        X = 2\nwith A(): pass\n", "?"),
    // Text of a dict has its order.
    ("import no\nd = {1: 2, 3: 4}\nif no.a: del d[1]\nd[5] = 6\nd[1] = 2\nX = str(d)\n", "?"),
    // Exceptions of a program's own classes.
    (
        "class A(KeyError): pass\ntry:\n    raise A('x')\nexcept ValueError:\n    X = 1\nexcept LookupError:\n    X = 2\n",
        "2",
    ),
    ("class A(Exception): pass\nclass B(A): pass\ntry:\n    raise B\nexcept A:\n    X = 1\n", "1"),
    ("class A(Exception): pass\ntry:\n    {}['x']\nexcept A:\n    X = 1\nexcept KeyError:\n    X = 2\n", "2"),
    // A deep copy holds what is there twice twice, but once.
    ("import copy\na = [1]\nX = copy.deepcopy([a, a])\nX[0].append(2)\n", "[[1,2],[1,2]]"),
    ("import copy\na = [1]\nX = copy.copy([a, a])\nX[0].append(2)\n", "[[1,2],[1,2]]"),
    // Where an instance has no attribute of its own, it has that of its class.
    ("class A: x = 1\na = A()\nfor i in [1, 2]:\n    if i == a.x: a.x = 3\nX = [a.x, A.x, a.__class__.x]\n", "[3,1,1]"),
    // A key that is known in part touches no key that it cannot be.
    (
        "import os\nX = 1\nfor name in os.environ:\n    if name.startswith('Y_'):\n        globals()[name[1:]] = 2\n",
        "1",
    ),
    ("import os\nX = 1\nfor name in os.environ:\n    if name.startswith('Y'):\n        globals()[name[1:]] = 2\n", "?"),
    ("import re\nX = re.sub('[^a-z]+', '-', 'aB1c')\n", "\"a-c\""),
    ("import re\nX = re.sub('(a)', '-', 'aB1c')\n", "?"),
    ("X = [x for i, x in enumerate([].__add__(['a', 1])) if i == 1]\n", "?"),
    ("X = sorted({1, 2} ^ {2, 3})\ntry:\n    {1} ^ {2}\nexcept Exception:\n    X = 1\n", "[1,3]"),
    ("import os\nX = 0\ntry:\n    os.environ['A'] = '\\x00'\nexcept ValueError:\n    X = 1\n", "?"),
    ("import os\nX = 0\ntry:\n    os.environ['A'] = 'b'\nexcept ValueError:\n    X = 1\n", "0"),
    // A dict that is open in some cases may be opened in others too.
    ("import os\nX = {}\nfor x in os.getenv('E', hex(0)).split(','):\n    X[x] = 1\n", "?"),
    // What gives something that is not known may raise instead.
    ("X = 0\ntry:\n    '%d' % None\nexcept Exception:\n    X = 1\n", "?"),
    ("X = 0\ntry:\n    [1] < None\nexcept Exception:\n    X = 1\n", "?"),
    ("X = 0\ntry:\n    len((0).bit_length())\nexcept Exception:\n    X = 1\n", "?"),
    ("X = 0\ntry:\n    from os import no_such_name\nexcept ImportError:\n    X = 1\n", "?"),
    ("X = 0\ntry:\n    del [][0]\nexcept IndexError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    sorted(['a', 1])\nexcept TypeError:\n    X = 1\n", "?"),
    ("from pathlib import Path\nX = 0\ntry:\n    Path(None)\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    {[]: 1}\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    {1, {}}\nexcept TypeError:\n    X = 1\n", "1"),
    ("import os\nX = 0\ntry:\n    v = os.environ.get('A', 'b').lower()\nexcept Exception:\n    X = 1\n", "0"),
    // The body of a generator is run when something asks for its items.
    ("X = {}\ndef f():\n    for n in range(2):\n        yield X.setdefault('k', 0)\nlist(f())\n", "?"),
    ("X = []\ndef f():\n    yield X\nfor x in f():\n    x.append(1)\n", "?"),
    ("X = []\ndef f():\n    yield from [X]\nfor x in f():\n    x.append(1)\n", "?"),
    ("X = 1\ndef f():\n    global X\n    X = 2\n    yield 1\nlist(f())\n", "?"),
    ("X = []\ndef f():\n    X.append(1)\n    yield 1\nf()\n", "[]"),
    ("X = []\ndef f():\n    X.append(1)\n    yield 1\ng = f()\nX.clear()\nlist(g)\n", "?"),
    ("X = []\ndef f():\n    yield X\nl = list(f())\nX.clear()\nl[0].append(1)\n", "?"),
    // What a class holds may be changed where the class or an instance is passed on.
    ("import lib\nclass C:\n    l = []\ndef f(o): o.l.append(1)\nlib.call(f, C())\nX = C.l\n", "?"),
    ("import lib\nclass C:\n    l = []\nlib.call(C)\nX = C.l\n", "?"),
    ("import lib\nclass C:\n    l = []\n    @lib.deco\n    def m(self): self.l.append(1)\nC().m()\nX = C.l\n", "?"),
    ("import lib\nclass C:\n    l = []\n    def m(self): self.l.append(1)\nlib.keep(C()).m()\nX = C.l\n", "?"),
    ("import lib\nL = []\nclass C(lib.B):\n    def m(self): L.append(1)\nlib.call(C().m)\nX = L\n", "?"),
    ("import lib\nL = []\nclass C(lib.B):\n    def m(self): L.append(1)\nfor c in C: c.m()\nX = L\n", "?"),
    // A method that is passed on may be called.
    ("from no import *\nX = []\nlist(map(X.append, ['a']))\n", "?"),
    ("import no\nX = []\nno.each(X.append, ['a'])\n", "?"),
    // `else` of a loop that `break` leaves.
    ("X = 0\nfor i in [1]:\n    if True: break\nelse:\n    X = 1\n", "0"),
    ("X = 0\nfor i in [1]:\n    if False: break\nelse:\n    X = 1\n", "1"),
    ("import no\nX = 0\nfor i in no.items:\n    if i: break\nelse:\n    X = 1\n", "?"),
    // What a round changes, a later round carries elsewhere.
    ("import no\nX = Y = 0\nfor i in no.items:\n    X = Y\n    Y = 1\n", "?"),
    ("import os\nX = 'a'\nfor X in os.environ.get('E', ''.expandtabs(2)): pass\nX = X == 'a'\n", "?"),
    ("import no\nX = [0]\nfor i in no.items:\n    X.append(i)\nX = X[0]\n", "0"),
    ("X = 1\nif 0 < 0 < (X := 0): pass\n", "1"),
    // Iterators give each item once.
    ("i = iter([1, 2, 3])\nX = [next(i), list(i), list(i)]\n", "[1,[2,3],[]]"),
    ("i = iter([])\nX = next(i, 7)\n", "7"),
    ("l = [1]\ni = iter(l)\nl.append(2)\nX = [next(i), list(i)]\n", "[1,[2]]"),
    ("X = 0\ntry:\n    next(iter(()))\nexcept StopIteration:\n    X = 1\n", "1"),
    ("class C:\n    x = 1\nc = C()\nc.x = 2\ndel c.x\nX = c.x\n", "1"),
    // An entry that may be gone.
    ("d = {'k': 1}\nd.popitem()\nX = 'k' in d\n", "false"),
    ("X = {'a': 1, 'b': 2}\nY = X.popitem()\nX['c'] = Y\n", "{\"a\":1,\"c\":{\"$tuple\":[\"b\",2]}}"),
    ("X = 0\ntry:\n    {}.popitem()\nexcept KeyError:\n    X = 1\n", "1"),
    ("import no\nd = {'k': 1}\nno.f(d)\nX = 'k' in d\n", "?"),
    ("import no\nd = {'k': 1}\ndel d[no.k()]\nX = 'k' in d\n", "?"),
    // Pairs are of two, and a string of two characters is one.
    ("X = dict(['ab', ('c', 1)])\n", "{\"a\":\"b\",\"c\":1}"),
    ("X = 0\ntry:\n    dict([['a'], 'b'])\nexcept ValueError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    dict({'a'})\nexcept ValueError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    dict([1])\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    dict([([], 1)])\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    dict({}, {})\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = {}\ntry:\n    X.update([('a', 1), 'b'])\nexcept ValueError:\n    pass\n", "{\"a\":1}"),
    ("class A: a = 1\nX = 0\ntry:\n    dict(A)\nexcept TypeError:\n    X = 1\n", "?"),
    ("import no\nX = 0\ntry:\n    dict([None for a in ['a'] if no.f()])\nexcept TypeError:\n    X = 1\n", "?"),
    // Bytes are text by their codec.
    ("X = '\u{1c5}'.encode().decode('latin-1', 'replace')\n", "\"\u{c7}\u{85}\""),
    ("X = 'a\u{e9}'.encode('latin-1')\n", "{\"$bytes\":\"a\\\\xe9\"}"),
    ("X = '\u{1c5}'.encode().decode(encoding='ascii', errors='ignore')\n", "?"),
    ("X = 'ab'.encode().decode('utf-16')\n", "?"),
    ("X = 0\ntry:\n    b'\\xff'.decode()\nexcept UnicodeDecodeError:\n    X = 1\n", "1"),
    // What is multiplied or joined in place is what other names have, too.
    ("a = X = [1]\na *= 0\n", "[]"),
    ("a = X = [1]\na *= 2\n", "[1,1]"),
    ("import no\na = X = [1]\na *= no.n\n", "?"),
    ("a = X = {1, 2}\na &= {2}\na ^= {3}\n", "{\"$set\":[2,3]}"),
    ("X = 0\ntry:\n    a = {1}\n    a |= [2]\nexcept TypeError:\n    X = 1\n", "1"),
    // Paths have one slash where two were written, but for two at the beginning.
    ("from pathlib import Path\nX = Path('/srv').parent / 'x=1'\n", "{\"$path\":\"/x=1\"}"),
    ("from pathlib import Path\nX = Path('//a').parent / 'b'\n", "{\"$path\":\"//b\"}"),
    ("from pathlib import Path\nX = Path('//a').parts\n", "{\"$tuple\":[\"//\",\"a\"]}"),
    ("import os\nfrom pathlib import Path\nX = str(Path('/') / f\"a//{os.environ['E']}b\") == 'a/1b'\n", "false"),
    ("import os\nfrom pathlib import Path\nX = str(Path('/') / f\"a//{os.environ['E']}b\") == '/a/1b'\n", "?"),
    ("import os\nfrom pathlib import Path\nX = Path(os.environ['E'], 'b') == Path('a/b')\n", "?"),
    ("from pathlib import Path\nX = 0\ntry:\n    Path(hash(1))\nexcept TypeError:\n    X = 1\n", "?"),
    // What a name may be after a loop, a change of it changes.
    ("import no\nX = {}\nd = {}\nfor i in no.items:\n    d = X\nd['k'] = 1\n", "?"),
    ("import no\nX = {'k': 1}\nd = {'k': 1}\nfor i in no.items:\n    d = X\nd.pop('k')\n", "?"),
    ("import no\nX = []\nall = []\nfor i in no.items:\n    all.append(X)\nfor x in all:\n    x.append(1)\n", "?"),
    ("import no\nX = 0\ndef f(): pass\nfor i in no.items:\n    def f():\n        global X\n        X = 1\nf()\n", "?"),
    // What is not known well enough to be sure that it is there.
    ("import os\nX = 0\ntry:\n    a, b = os.environ.get('E', 'x').split(',')\nexcept ValueError:\n    X = 1\n", "?"),
    ("from no import *\nX = 0\ntry:\n    name\nexcept NameError:\n    X = 1\n", "?"),
    ("from no import *\nX = 0\ntry:\n    a = len\nexcept NameError:\n    X = 1\n", "0"),
    ("X = 0\ntry:\n    [*len([].__add__([]))]\nexcept TypeError:\n    X = 1\n", "1"),
    ("import os\nX = 0\ntry:\n    [*int(os.environ.get('E', 1))]\nexcept (TypeError, ValueError):\n    X = 1\n", "1"),
    // What is evaluated on the way to an exception.
    ("X = 0\ntry:\n    assert False, (X := 1)\nexcept AssertionError:\n    pass\n", "1"),
    ("X = 0\ntry:\n    raise KeyError from (X := None)\nexcept KeyError:\n    pass\n", "null"),
    (
        "import no\nX = 0\ntry:\n    raise SystemExit if no.f() else OSError()\nexcept Exception:\n    X = 1\nexcept BaseException:\n    pass\n",
        "?",
    ),
    // An item that is there in some cases only raises in these.
    ("import no\nX = 0\ntry:\n    set([[] for a in 'a' if no.f])\nexcept TypeError:\n    X = 1\n", "?"),
    ("import no\nX = 0\ntry:\n    {*[[] for a in 'a' if no.f]}\nexcept TypeError:\n    X = 1\n", "?"),
    // `break` in a `finally` catches what was raised, and the `finally` is run once.
    (
        "import os\nX = ''\nfor X in os.environ['E'].split(','):\n    try:\n        {}['q']\n    finally:\n        break\n",
        "?",
    ),
    ("X = []\nwhile True:\n    try:\n        pass\n    finally:\n        X.append(1)\n        break\n", "[1]"),
    ("X = 0\ntry:\n    [] in {0}\nexcept TypeError:\n    X = 1\n", "1"),
    // `in` asks only strings of strings, and nothing of what is no container.
    ("X = 0\ntry:\n    0.5 in 'a'\nexcept TypeError:\n    X = 1\n", "1"),
    ("X = 0\ntry:\n    None in b''\nexcept TypeError:\n    X = 1\n", "?"),
    // The order of entries, where it is told.
    ("import os\nl = [2, 1] if os.environ.get('E') else [1, 2]\nX = {}\nfor i in l: X[i] = 0\n", "?"),
    ("X = b'ab' * 2\n", "{\"$bytes\":\"abab\"}"),
    ("from pathlib import Path\nX = Path('/srv').with_name('z')\n", "{\"$path\":\"/z\"}"),
    // What is iterated over lazily is evaluated when its items are asked for.
    ("l = [1]\ng = (x for x in l)\nl.append(2)\nX = list(g)\n", "[1,2]"),
    ("X = []\ng = (X.append(x) for x in [1, 2])\n", "[]"),
    ("X = []\nnext(X.append(x) for x in [1, 2])\n", "[1]"),
    ("g = (x + n for x in [1, 2])\nn = 5\nX = list(g)\n", "[6,7]"),
    ("X = 0\ng = (1 / 0 for x in [1])\ntry:\n    next(g)\nexcept ZeroDivisionError:\n    X = list(g)\n", "[]"),
    ("def f(l):\n    n = 1\n    g = (x + n for x in l)\n    n = 10\n    return g\nX = list(f([1, 2]))\n", "[11,12]"),
    ("def f():\n    return any((y := x) > 1 for x in [1, 2, 3]) and y\nX = f()\n", "2"),
    ("g = ((lambda: x) for x in [1, 2])\na, b = g\nX = [a(), b()]\n", "[2,2]"),
    ("g = (x * y for x in [1, 2] for y in n)\nn = [1, 2]\nX = [next(g), *g]\n", "?"),
    ("g = (x * y for x in [1, 2] for y in n)\nn = [1, 2]\nX = [*g]\n", "[1,2,2,4]"),
    ("X = []\nmap(X.append, [1])\n", "[]"),
    ("X = []\nfor a in map(X.append, [1, 2, 3]):\n    if len(X) == 2: break\n", "[1,2]"),
    ("X = []\nany(X.append(x) or x > 1 for x in [1, 2, 3])\n", "[1,2]"),
    ("X = list(map(lambda a, b: a + b, [1, 2], [3, 4, 5]))\n", "[4,6]"),
    ("X = []\nlist(zip(map(X.append, [1, 2, 3]), [1]))\n", "[1,2]"),
    ("i = iter([1, 2, 3, 4])\nX = list(zip(i, i))\n", "[{\"$tuple\":[1,2]},{\"$tuple\":[3,4]}]"),
    ("i = iter([1, 2, 3, 4])\nfor x in i:\n    if x == 2: break\nX = list(i)\n", "[3,4]"),
    ("i = iter([1, 2, 3])\nX = [(x, next(i, 0)) for x in i]\n", "[{\"$tuple\":[1,2]},{\"$tuple\":[3,0]}]"),
    ("i = iter([1, 2, 3])\nX = [2 in i, list(i)]\n", "[true,[3]]"),
    ("i = iter([1, 2, 3, 4])\ntry:\n    a, b = i\nexcept ValueError:\n    X = list(i)\n", "[4]"),
    ("X = {}\nX.update((k, len(X)) for k in 'ab')\n", "{\"a\":0,\"b\":1}"),
    ("import itertools\nX = []\nc = itertools.chain(map(X.append, [1]))\nX.clear()\nlist(c)\n", "?"),
    ("import no\nX = []\ng = (X.append(x) for x in [1])\nno.f(g)\n", "?"),
    ("import os\nX = next((x for x in ['a', 'b'] if x == os.environ.get('E')), 'c') in ('a', 'b', 'c')\n", "true"),
    ("g = (x for x in [1, 2])\nX = [g.__next__(), *g]\n", "[1,2]"),
    ("import copy\ni = iter([1, 2])\nj = copy.copy(i)\nnext(i)\nX = list(j)\n", "?"),
    // Special methods of a program's own classes, and what looks attributes up instead of a class.
    ("X = 0\nclass A:\n    def __del__(self):\n        global X\n        X = 1\nA()\n", "?"),
    ("X = []\nclass D:\n    def __set_name__(self, c, n): X.append(n)\nclass A:\n    d = D()\n", "?"),
    ("class D:\n    def __set_name__(self, c, n): c.x = n\nclass A:\n    x = 1\n    d = D()\nX = A.x\n", "?"),
    ("X = []\nclass D:\n    def __get__(self, o, c=None): X.append(1)\nclass A:\n    d = D()\nA().d\n", "?"),
    ("class D:\n    def __get__(self, o, c=None): return 2\nclass A:\n    d = D()\nX = A.d\n", "?"),
    (
        "class D:\n    def __get__(self, o, c=None): return 2\n    def __set__(self, o, v): pass\n\
         class A:\n    d = D()\na = A()\na.d = 1\nX = a.d\n",
        "?",
    ),
    (
        "class A:\n    @property\n    def p(self): return self.q\n    @p.setter\n    def p(self, v): self.q = v * 2\n\
         a = A()\na.p = 5\nX = [a.p, a.q]\n",
        "[10,10]",
    ),
    ("class A:\n    y = 1\n    def __getattribute__(self, n): return 3\nX = A().y\n", "?"),
    ("class A:\n    def __setattr__(self, n, v): pass\na = A()\na.x = 1\nX = getattr(a, 'x', 2)\n", "?"),
    ("class A:\n    def __delattr__(self, n): pass\na = A()\na.x = 1\ndel a.x\nX = a.x\n", "?"),
    ("class A:\n    __slots__ = ('a',)\nX = 0\ntry:\n    A().b = 1\nexcept AttributeError:\n    X = 1\n", "?"),
    (
        "import os\nX = 0\nclass A:\n    def __fspath__(self):\n        global X\n        X = 1\nos.path.join(A())\n",
        "?",
    ),
    ("X = 0\nclass A:\n    def __index__(self):\n        global X\n        X = 1\n        return 0\n[1][A()]\n", "?"),
    ("X = 0\nclass A:\n    def __int__(self):\n        global X\n        X = 1\nint(A())\n", "?"),
    ("X = 0\nclass A:\n    def __str__(self):\n        global X\n        X = 1\n        return ''\nprint(A())\n", "?"),
    (
        "import copy\nX = 0\nclass A:\n    def __deepcopy__(self, m):\n        global X\n        X = 1\ncopy.deepcopy([A()])\n",
        "?",
    ),
    ("import copy\nclass A: x = 1\na = A()\nb = copy.copy(a)\nb.x = 2\nX = [a.x, b.x]\n", "[1,2]"),
    ("class B:\n    def __init_subclass__(cls): cls.y = 2\nclass A(B):\n    y = 1\nX = A.y\n", "2"),
    ("X = 0\nclass B:\n    def __class_getitem__(cls, i):\n        global X\n        X = i\nB[3]\n", "?"),
    (
        "X = 0\nclass M(type):\n    @property\n    def y(cls):\n        global X\n        X = 1\nclass A(metaclass=M): pass\nA.y\n",
        "?",
    ),
    (
        "X = 0\nclass C:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\nwith C():\n    {}['k']\nX = 1\n",
        "1",
    ),
    // Functions that change what they are given, however they are called.
    ("import functools, operator\nX = [1]\nfunctools.reduce(operator.iadd, [[2]], X)\n", "?"),
    ("import enum\nX = [1]\nclass E(enum.Enum):\n    A = X\nE.A.value.append(2)\n", "?"),
    ("import enum\nX = [1]\nclass E(enum.Enum):\n    A = X\nfor e in E: e.value.append(2)\n", "?"),
    ("import functools\nX = [1]\nfunctools.partial(X.append, 2)()\n", "[1,2]"),
    ("import functools\nX = [1]\nf = functools.partial(X.append)\nf(2)\n", "[1,2]"),
    ("import functools\nclass A: x = 1\nfunctools.partial(setattr, A, 'x')(2)\nX = A.x\n", "2"),
    ("class A: x = 1\ndelattr(A, 'x')\nX = 0\ntry:\n    A.x\nexcept AttributeError:\n    X = 1\n", "1"),
    ("import functools\ndef f(a, b=2): return [a, b]\nX = functools.partial(f, 1, b=3)(b=4)\n", "[1,4]"),
    ("X = [1]\nlist.append(X, 2)\n", "[1,2]"),
    ("X = list(map(str.strip, [' a', 'b ']))\n", "[\"a\",\"b\"]"),
    ("X = [sum([1], start=5), int('10', base=2)]\n", "?"),
    // What is remembered, and what makes instances.
    ("import functools\n@functools.lru_cache\ndef f(x): return [x]\nf(1).append(2)\nX = f(1)\n", "[1,2]"),
    ("import functools, no\n@functools.cache\ndef f(x): return [x]\nX = f(1)\nf(no.x).append(2)\n", "?"),
    ("import functools\nX = []\n@functools.lru_cache(maxsize=1)\ndef f(x): X.append(x)\nf(1)\nf(2)\nf(1)\n", "?"),
    (
        "import functools\nclass C:\n    n = 0\n    @functools.cached_property\n    def p(self):\n        C.n += 1\n        return C.n\n\
         c = C()\nX = [c.p, c.p, C().p]\n",
        "[1,1,2]",
    ),
    ("class C:\n    n = 0\n    def __init__(self): type(self).n += 1\nC()\nC()\nX = C.n\n", "2"),
    ("class C:\n    i = None\n    def __new__(cls): return 1\nX = C() is C()\n", "?"),
    // Names that a function or a class body binds elsewhere.
    (
        "def f():\n    if False: Y = 1\n    try:\n        return Y\n    except UnboundLocalError:\n        return 1\nY = 2\nX = f()\n",
        "1",
    ),
    ("def f():\n    x = 1\n    class A:\n        nonlocal x\n        x = 2\n    return x\nX = f()\n", "2"),
    ("l = [1, 2]\nr = reversed(l)\nl.append(3)\nX = list(r)\n", "?"),
    // What is changed while it is iterated over.
    ("X = [1, 2, 3, 4]\nfor x in X:\n    X.remove(x)\n", "[2,4]"),
    ("X = [3]\nfor x in X:\n    if x: X.append(x - 1)\n", "[3,2,1,0]"),
    ("X = [1]\nfor x in X: X.append(x)\n", "?"),
    ("X = [1]\nX.extend(x for x in X)\n", "?"),
    ("X = [1]\nX += map(str, X)\n", "?"),
    ("X = [1, 2]\nX.extend(X)\n", "[1,2,1,2]"),
    ("d = {'a': 1}\nv = d.values()\nd['a'] = 2\nX = list(v)\n", "[2]"),
    ("d = {'a': 1, 'b': 2}\nX = []\nfor k, v in d.items():\n    d['b'] = 3\n    X.append(v)\n", "[1,3]"),
    ("d = {}\ng = (x for x in d)\nd['a'] = X = 1\ntry:\n    list(g)\nexcept RuntimeError:\n    X = 2\n", "?"),
    ("l = [1]\nl = [l, l]\nX = [l, l]\n", "[[[1],[1]],[[1],[1]]]"),
    // One object is not two that are equal.
    ("X = [1.0 is True, 1 is True, (1 > 0) is True, '' is None, [] is False]\n", "[false,false,true,false,false]"),
    ("X = 0\nmatch float(1):\n    case True: X = 1\n", "0"),
    ("import os\nX = 0\nif int(os.environ.get('N', '1')) is True: X = 1\n", "0"),
    ("import os\nX = 1\nif not hasattr(os.path.isabs(os.getlogin()), 'real'): X = 2\n", "?"),
    ("X = 0\nif ''.isascii() is True: X = 1\n", "?"),
    ("import lib, os\nx = y = 1\nfor i in os.listdir('/srv'):\n    x = lib.f(i)\n    y = 3\nX = x == y\n", "?"),
    ("import lib\nd = {'a': 1, 'b': 1}\nlib.f(d)\nX = d['a'] == d['b']\n", "?"),
    ("import lib\nl = [1] if lib.a else [2]\nX = 0\ntry:\n    {(1, l)}\nexcept TypeError: X = 1\n", "1"),
    ("import lib\nX = 0\ntry:\n    {(1, lib.f())}\nexcept TypeError: X = 1\n", "?"),
    // What each round of something out of sight makes anew is nothing new.
    (
        "L = []\nclass C:\n    def __index__(self):\n        L.append(1)\n        return 0\n    def __str__(self):\n        L.append([1])\n        return ''\n'ab'[C()]\nlist(range(C()))\nX = 1\n",
        "1",
    ),
    // A `break` in a round of which it is not known whether there is one.
    ("import os\nfor X in [k for k in os.listdir('/srv')] + ['a']: break\n", "?"),
    ("import os\nfor i, X in enumerate([k for k in os.listdir('/srv')] + ['a']): break\n", "?"),
    ("import os\nX = 1\nfor x in [k for k in os.listdir('/srv')] + ['a']:\n    if x == 'b': break\nelse: X = 2\n", "?"),
    ("import os\nX = 1\nfor x in [k for k in os.listdir('/srv')] + ['a']:\n    X = 2\n", "2"),
    // What is kept out of sight, and changed or called from there.
    (
        "import lib, os\nk = str(os.getpid())\nr = {}\nr[k] = X = {'a': 1}\nif os.environ.get('Q'): r['f'](1)\nr['f'](1)\nX = X['a']\n",
        "?",
    ),
    (
        "import os\nk = str(os.getpid())\nX = 1\nF = False\ndef f():\n    global X\n    if F: X = 2\nr = {}\nr[k] = f\nr['f'](1)\n",
        "1",
    ),
    (
        "import os\nk = str(os.getpid())\nX = 1\nF = False\ndef f():\n    global X\n    if F: X = 2\nr = {}\nr[k] = f\nr['f'](1)\nF = True\nr['f'](1)\n",
        "?",
    ),
    (
        "import os\nk = str(os.getpid())\nX = 1\ndef f():\n    global X\n    X = 2\nr = {}\nr[k] = f\nr['f'](1)\nX = 5\nr['f'](1)\n",
        "?",
    ),
    (
        "import os\nk = str(os.getpid())\nX = [1]\ndef own(): return X\ndef f():\n    l = own()\n    l.append(2)\nr = {}\nr[k] = f\nr['f'](1)\n",
        "?",
    ),
    (
        "import os\nk = str(os.getpid())\nX = []\nn = 0\ndef f():\n    global n\n    if n == 1: X.append(1)\n    if n == 0:\n        n = 1\n        f()\n        n = 0\nr = {}\nr[k] = f\nr['f'](1)\n",
        "?",
    ),
    (
        "import lib\nX = 1\ndef f():\n    global X\n    X = 2\n    raise ValueError\ndef g():\n    try: f()\n    except ValueError: pass\nlib.register(g)\n",
        "?",
    ),
    ("import lib\nX = 1\ndef f():\n    x = 2\n    raise ValueError\nlib.register(f)\n", "1"),
    ("X = 1\ndef f():\n    return f() if X else f()\nimport lib\nlib.register(f)\n", "1"),
    (
        "import os\nk = os.listdir('/srv')\nl = [[1], [2]]\nk[0](1)\nwith open(k[0]) as file: t = file.read()\nX = l\n",
        "[[1],[2]]",
    ),
    ("X = 1\ntry:\n    X = {1: 'a'}[[]]\nexcept KeyError: X = 2\nexcept TypeError: X = 3\n", "3"),
    (
        "import os\nX = {}\nD = {}\nfor s in os.environ.get('E', str(os.getpid())).split(','): D = X\nD['d'] = 1\n",
        "unset: ?",
    ),
    (
        "import os\nX = {}\nD = {}\nfor s in os.environ.get('E', 'a').split(','): D = X\nD['d'] = 1\n",
        "unset: {\"d\":1}",
    ),
    (
        "import os\nX = False\nitem = None\nfor item in os.listdir('/srv'): pass\ntry: X = 'a' in item\nexcept TypeError: pass\n",
        "?",
    ),
    (
        "import os\nX = []\nif os.environ.get('E'): X = []\nlist(zip(map(X.append, ['a', 'b']), os.listdir('/')))\n",
        "unset: ?",
    ),
    (
        "import os\nX = set()\nS = ''\nif os.environ.get('E', '').split(',') != ['']: S = bin(0).partition('a')[2]\nX.add(S.strip())\nX.add(S.strip())\nif 'E' in os.environ: X = set()\n",
        "unset: {\"$set\":[\"\"]}",
    ),
    (
        "import lib, os\nX = 1\nif lib.a: os.environ['E']='x'\nl = [os.environ['E']] if 'F' in os.environ else ['']\nsorted(l, key=len)\nif v := os.environ.get('E'): X = v\n",
        "unset: ?",
    ),
    (
        "S = X = 'm'\ndef f():\n    S = 'a'\n    def g():\n        global S, X\n        class c:\n            S = S + 'c'\n            x = list(S for i in 'a')\n            def z(self): return S\n        X = [c.S, c.x, c().z()]\n    g()\nf()\n",
        "[\"mc\",[\"m\"],\"m\"]",
    ),
    (
        "S = 'm'\ndef f():\n    S = 'a'\n    class c:\n        global S\n        def g(self): return S\n    return c().g()\nX = f()\n",
        "\"a\"",
    ),
    ("X = 2\ntry: X[:] = []\nexcept TypeError: X = 3\n", "?"),
    ("X = 2\ntry: del X[:]\nexcept TypeError: X = 3\n", "?"),
    ("X = 2\ns = type(1).__name__\ntry: s[0] = 'a'\nexcept TypeError: X = 3\n", "?"),
    ("X = 2\ns = type(1).__name__\ntry: s.x = 'a'\nexcept AttributeError: X = 3\n", "?"),
    (
        "I = 5\nX = 1\ndef f():\n    def g():\n        nonlocal I\n        global X\n        try: I = I\n        except NameError: X = 2\n    I = g()\nf()\n",
        "2",
    ),
    (
        "import contextlib\nX = 1\ntry:\n    with contextlib.suppress(KeyError), 5: pass\nexcept (TypeError, AttributeError): X = 2\n",
        "?",
    ),
    ("class c: y = 1\nX = 1\ntry: X = 'abc' % c\nexcept TypeError: X = 2\n", "?"),
    ("class c: y = 1\nX = 1\ntry: X = {**c()}\nexcept TypeError: X = 2\n", "?"),
    ("I = 5\ndef f():\n    def g(): return I\n    return g()\nX = f()\n", "5"),
    ("X = []\nlist(zip(map(X.append, ['a', 'b']), ['c']))\n", "[\"a\",\"b\"]"),
    // What may have been emptied may still have what was unknown.
    (
        "import lib\nX = dict(lib.f())\ntry:\n    lib.g()\n    X.clear()\nexcept TypeError:\n    pass\nX = X == {}\n",
        "?",
    ),
    // Out of sight, a decorated function may be called as well.
    (
        "import lib\nX = [2, 1]\ndef d(f):\n    return f\ndef g():\n    @d\n    def h():\n        X.sort()\n    h()\nlib.f(g)\n",
        "?",
    ),
    // A key that comes after unknown ones is not the first.
    ("import os\nd = dict({os.environ.get('E', ''): 1}, a=2)\nX = list(d)[0]\n", "?"),
    // What a library holds, and what an instance is, may be equal to another key.
    ("import logging\nX = {logging.DEBUG: 1}.get(10)\n", "?"),
    ("import lib\nX = {'a': 1, lib.a: 2}['a']\n", "?"),
    ("class S(str):\n    pass\nX = {S('a'): 1}.get('a')\n", "?"),
    ("class S(str):\n    pass\nX = len({S('a'), S('a')})\n", "?"),
    ("X = {int: 1, str: 2}.get('a')\n", "null"),
    // A key that may be there, or a dict that may have it, raises where it is not.
    (
        "import os\nimport lib\nD = {'a': 1}\nif lib.x: del D['a']\nD[os.environ.get('E', '')] = 1\nX = 1\ntry:\n    \
         del D['a']\n    X = 2\nexcept KeyError:\n    pass\n",
        "?",
    ),
    ("import lib\nX = 1\ntry:\n    {'k': 1}.pop(lib.a())\n    X = 2\nexcept KeyError:\n    pass\n", "?"),
    // What is not known may be a default that was given, or an argument.
    ("import os\nX = []\nd = {os.environ.get('E', ''): 1}\nd.get('k', X).append(1)\n", "?"),
    ("X = []\nmax(iter([[1]]), key=len, default=X).append(1)\n", "?"),
    ("import functools\nX = []\nfunctools.reduce(lambda a, b: a, [X, 1]).append(1)\n", "?"),
    ("X = [1]\ny = max([X], key=len)\ny[:] = []\n", "?"),
    // Numbers that a float does not hold.
    ("X = (2**60 + 1) * 0.5\n", "5.764607523034235e+17"),
    ("X = 1\ntry:\n    1 << -1\nexcept ValueError:\n    X = 2\n", "2"),
    // What is no argument, and what gets two values.
    ("X = 1\ntry:\n    'a'.title(1)\nexcept TypeError:\n    X = 2\n", "2"),
    ("X = 1\ntry:\n    dict(a=1, **{'a': 2})\nexcept TypeError:\n    X = 2\n", "2"),
    ("def f(a, **k):\n    return k\nX = 1\ntry:\n    f(1, **{'a': 2})\nexcept TypeError:\n    X = 2\n", "2"),
    ("def g():\n    yield from 5\nX = 1\ntry:\n    list(g())\nexcept TypeError:\n    X = 2\n", "?"),
    // A name that a module may lack, and a module that is there already.
    (
        "import sys\nimport m0 as m\nX = 7\nif sys.argv: del m.X\ntry:\n    from m0 import X\nexcept ImportError:\n    pass\n",
        "?",
    ),
    ("import sys\nimport m0\nsys.modules['m0'].X = 5\nX = m0.X\n", "5"),
    // Constants that settings use as keys.
    ("from django.contrib import messages\nX = {messages.ERROR: 'danger'}\n", "{\"$dict\":[[40,\"danger\"]]}"),
    ("from django.db import DEFAULT_DB_ALIAS\nX = {DEFAULT_DB_ALIAS: 1}\n", "{\"default\":1}"),
    ("import channels\nX = {channels.DEFAULT_CHANNEL_LAYER: 1}\n", "{\"default\":1}"),
    ("import ldap\nX = {ldap.OPT_REFERRALS: 0}\n", "?"),
];

/// Before what a module's `X` holds where no environment variable is set.
const UNSET: &str = "unset: ";

/// Whether nothing in a value is left open.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(entries) => entries.iter().all(|(key, value)| {
            let is_open = ["$open", "$either", "$unknown", "$env"].contains(&key.as_str());
            !is_open && is_plain(value)
        }),
        _ => true,
    }
}

#[test]
fn modules_hold_what_cpython_has() {
    let project = Project::new([]);
    let mut names = Vec::new();
    for (index, (source, _)) in MODULES.iter().enumerate() {
        project.write(&format!("m{index}.py"), source);
        names.push(format!("m{index}"));
    }
    let output = project.djudge(&["show", "--output-format", "json", "--settings", &names.join(",")]);
    let document: Value = serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let modules = document["modules"].as_array().expect("modules");
    let mut wrong = String::new();
    for (name, (source, expected)) in names.iter().zip(MODULES) {
        let module = modules.iter().find(|module| module["module"] == **name).expect("every module is shown");
        let setting = &module["settings"]["X"];
        let found = match setting["certainty"].as_str() {
            Some("known") => setting["value"].to_string(),
            // What it holds where no variable is set is a claim, too.
            _ if expected.starts_with(UNSET) => {
                let default = setting["value"]["$env"].get("default").filter(|default| is_plain(default));
                default.map_or(format!("{UNSET}?"), |default| format!("{UNSET}{default}"))
            }
            _ => "?".to_owned(),
        };
        if found != *expected {
            let _ = write!(wrong, "{source}X is {found}, not {expected}\n\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_list_that_is_in_lists_many_times_is_judged() {
    let mut source = "L0 = [1]\n".to_owned();
    for level in 1..30 {
        let _ = writeln!(source, "L{level} = [L{}, L{}]", level - 1, level - 1);
    }
    source += "X = str(L29)\nY = L29 == L28\n";
    let project = Project::new([]);
    project.write("many.py", &source);
    assert_eq!(project.djudge(&["show", "--settings", "many"]).code, 0);
}

#[test]
fn a_loop_over_one_of_many_unknown_lists_is_followed() {
    let mut source = "import lib\nHOSTS = lib.hosts\n".to_owned();
    for number in 0..17 {
        let _ = writeln!(source, "if lib.has{number}: HOSTS = lib.hosts{number}");
    }
    source += "NAMES = [host.strip() for host in HOSTS]\nfor host in HOSTS:\n    if host: NAMES.append(host)\nX = 1\n";
    let project = Project::new([]);
    project.write("many.py", &source);
    let shown = project.djudge(&["show", "X", "--settings", "many"]);
    assert!(shown.stdout.contains("\nX = 1\n"), "{shown:?}");
}
