"""Loads settings modules as Django would, and tells what their upper-case names hold.

Reads a request from each line of standard input, and answers it with a line:

    {"roots": ["/project"], "modules": ["config.settings"], "environments": [{}, {"DEBUG": "1"}], "stub": false, "seconds": 2, "files": {}}
    [[{"DEBUG": true}, {"$raised": "KeyError: 'SECRET_KEY'"}]]

One list for each module, in it one answer for each environment. Values have the form in which djudge prints them; what
has none is {"$other": "its repr"}. With "stub", an import that fails gives a module of stand-ins instead. A module that
takes longer than the seconds of processor time is stopped. The files, text by absolute path, are there for it besides
those on disk.
"""

import builtins
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile
import types

MOST_MEMORY = 2 * 1024**3  # bytes of address space
MARK = "\N{OBJECT REPLACEMENT CHARACTER}"
MARK_NUMBER = 7_146_325_961
NOT_USABLE = ("django.contrib.gis",)  # Installed, but it needs libraries that are not Python's.
WHOLE_NUMBERS = range(-(2**63), 2**63)


def as_json(value):
    """A value in the form that djudge prints it in."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if kind is str:
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            return {"$other": "half a character"}
        return {"$other": "made with a stand-in"} if MARK in value else value
    if kind in (int, float) and value == MARK_NUMBER:
        return {"$other": "made with a stand-in"}
    if kind is int:
        return value if value in WHOLE_NUMBERS else {"$other": "a large number"}
    if kind is float:
        return value if abs(value) < float("inf") else {"$other": repr(value)}
    if kind is bytes:
        return {"$bytes": "".join("\\\\" if b == 92 else chr(b) if 32 <= b < 127 else f"\\x{b:02x}" for b in value)}
    if isinstance(value, pathlib.PurePath):
        return {"$path": str(value)}
    if kind is list:
        return [as_json(item) for item in value]
    if kind is tuple:
        return {"$tuple": [as_json(item) for item in value]}
    if kind in (set, frozenset):
        return {"$set": sorted((as_json(item) for item in value), key=json.dumps)}
    if isinstance(value, dict):
        if all(type(key) is str and not key.startswith("$") for key in value):
            return {key: as_json(item) for key, item in value.items()}
        return {"$dict": [[as_json(key), as_json(item)] for key, item in value.items()]}
    return {"$other": f"an object of {kind.__module__}.{kind.__qualname__}"}


def printed(value):
    try:
        return as_json(value)
    except RecursionError:
        return {"$other": "it holds itself"}


class StandIn(str):
    """What stands for everything that a package which is not installed holds: calls and attributes give more of it.

    It is a string, so that paths and patterns take it. Its text, and its number, mark what is made with it.
    """

    def __new__(cls, *_args, **_named):
        return super().__new__(cls, MARK)

    def __call__(self, *_args, **_named):
        return StandIn()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()

    def __getitem__(self, _key):
        return StandIn()

    def __iter__(self):
        return iter((StandIn(),))

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        return None

    def __mro_entries__(self, _bases):
        return (StandInBase,)

    def __int__(self):
        return MARK_NUMBER

    __index__ = __int__

    def __float__(self):
        return float(MARK_NUMBER)

    def operate(self, _other):
        return StandIn()

    __or__ = __ror__ = __add__ = __radd__ = __sub__ = __rsub__ = __and__ = __rand__ = __truediv__ = operate


class StandInBase:
    """The class that a class with a stand-in for its base inherits from."""

    def __init__(self, *_args, **_named):
        pass

    def __init_subclass__(cls, **_named):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()


class StandInModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every package that is not installed."""

    def __init__(self, roots):
        self.roots = roots

    def find_spec(self, name, _path, _target=None):
        top = name.partition(".")[0]
        if any(name == package or name.startswith(f"{package}.") for package in NOT_USABLE):
            return self.spec(name)
        if top in sys.stdlib_module_names or any(pathlib.Path(root, top).exists() for root in self.roots):
            return None
        if top in sys.modules:
            return None if not isinstance(sys.modules[top], StandInModule) else self.spec(name)
        try:
            sys.meta_path.remove(self)
            is_installed = importlib.util.find_spec(top) is not None
        finally:
            sys.meta_path.insert(0, self)
        return None if is_installed else self.spec(name)

    def spec(self, name):
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        return StandInModule(spec.name)

    def exec_module(self, module):
        module.__path__ = []


class TooLong(BaseException):
    """A module takes longer than it is worth."""

    # A module may catch it, and end with names that it would not have had.
    was_raised = False


def stop(_signal, _frame):
    TooLong.was_raised = True
    raise TooLong


BASELINE = {
    "environment": dict(os.environ),
    "path": list(sys.path),
    "modules": set(sys.modules),
    "meta_path": list(sys.meta_path),
    "folder": os.getcwd(),
    # Modules may write what they like there.
    "home": tempfile.TemporaryDirectory(),
}


def load(request, module, environment):
    """The upper-case names that a module ends with."""
    roots = request["roots"]
    for name in set(sys.modules) - BASELINE["modules"]:
        if name.partition(".")[0] not in sys.stdlib_module_names:
            del sys.modules[name]
    importlib.invalidate_caches()
    sys.path[:] = [*roots, *BASELINE["path"]]
    sys.argv[:] = ["manage.py"]
    sys.meta_path[:] = [StandInFinder(roots), *BASELINE["meta_path"]] if request["stub"] else BASELINE["meta_path"]
    os.environ.clear()
    os.environ.update({"PATH": BASELINE["environment"].get("PATH", ""), "HOME": BASELINE["home"].name, **environment})
    os.chdir(roots[0])
    most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, most[1]))
    TooLong.was_raised = False
    signal.setitimer(signal.ITIMER_PROF, request["seconds"])
    builtins.open = lambda file, *rest, **named: (
        io.StringIO(request["files"][file]) if file in request["files"] else io.open(file, *rest, **named)
    )
    try:
        names = vars(importlib.import_module(module))
        if TooLong.was_raised:
            raise TooLong
        return {name: printed(value) for name, value in names.items() if name.isupper()}
    except (Exception, TooLong, SystemExit) as error:
        return {"$raised": f"{type(error).__name__}: {error}"}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        builtins.open = io.open
        resource.setrlimit(resource.RLIMIT_AS, most)
        os.chdir(BASELINE["folder"])


def main():
    signal.signal(signal.SIGPROF, stop)
    sys.dont_write_bytecode = True
    # What a module prints must not stand among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        loaded = [
            [load(request, module, environment) for environment in request["environments"]]
            for module in request["modules"]
        ]
        print(json.dumps(loaded), file=answers, flush=True)


if __name__ == "__main__":
    main()
