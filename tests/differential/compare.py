"""Compares what djudge says of random settings modules with what CPython makes of them.

    python compare.py DJUDGE FIRST_SEED COUNT

Every module is run with several environments. What djudge calls known must hold in all of them; the default that it
gives for an environment variable must hold where none is set; every name that CPython has must be there.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile

from generate import Generator

VARIABLES = ("E1", "E2", "E3")
ENVIRONMENTS = (
    {},
    {"E1": "1", "E2": "", "E3": "4"},
    {"E1": "a,b", "E3": "0"},
    {"E1": "2", "E2": "True"},
)
UNCERTAIN = ("$unknown", "$either", "$open", "$call", "$env")
MODULES_A_RUN = 100
MOST_MEMORY = 2 * 1024**3  # bytes of address space for CPython
MOST_SECONDS = 5


def as_json(value):
    """A Python value in the form that djudge prints it in."""
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [as_json(item) for item in value]}
    if isinstance(value, set):
        return {"$set": sorted((as_json(item) for item in value), key=repr)}
    if isinstance(value, pathlib.PurePath):
        return {"$path": str(value)}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: as_json(item) for key, item in value.items()}
        return {"$dict": [[as_json(key), as_json(item)] for key, item in value.items()]}
    return value


def in_order(value):
    """The same, with the items of sets in one order."""
    if isinstance(value, dict):
        if "$set" in value:
            return {"$set": sorted((in_order(item) for item in value["$set"]), key=repr)}
        return {key: in_order(item) for key, item in value.items()}
    return [in_order(item) for item in value] if isinstance(value, list) else value


def same(ours, theirs):
    """Equality that tells True from 1."""
    if type(ours) is not type(theirs):
        return False
    if isinstance(ours, dict):
        return set(ours) == set(theirs) and all(same(ours[key], theirs[key]) for key in ours)
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    return ours == theirs


def is_uncertain(value):
    if isinstance(value, dict):
        return any(key in value for key in UNCERTAIN) or any(map(is_uncertain, value.values()))
    return isinstance(value, list) and any(map(is_uncertain, value))


def default_is_wrong(value):
    """What of a value, and of CPython's, contradicts where no variable is set. Parts that are open contradict nothing."""
    ours, theirs = value
    if isinstance(ours, dict) and "$env" in ours:
        default = ours["$env"].get("default", {"$unknown": ""})
        return not is_uncertain(default) and not same(in_order(default), theirs)
    if not is_uncertain(ours):
        return not same(in_order(ours), theirs)
    if isinstance(ours, list):
        is_alike = isinstance(theirs, list) and len(ours) == len(theirs)
        return not is_alike or any(map(default_is_wrong, zip(ours, theirs)))
    if isinstance(ours, dict) and not any(key in ours for key in (*UNCERTAIN, "$set")):
        if not isinstance(theirs, dict) or not set(theirs) <= set(ours):
            return True
        # An entry that is there in some cases only is printed as one of two things.
        is_wrong = {key: default_is_wrong((ours[key], theirs[key])) if key in theirs else not is_uncertain(ours[key])
                    for key in ours}
        return any(is_wrong.values())
    return False


class TooLong(Exception):
    """A module takes longer than it is worth."""


def stop(_signal, _frame):
    raise TooLong


def run(source, environment):
    """The upper-case names that CPython ends with; none where the module raises, or takes too much."""
    for name in VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(environment)
    names = {}
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, most))
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(MOST_SECONDS)
    try:
        exec(compile(source, "module", "exec"), names)
        return {name: in_order(as_json(value)) for name, value in names.items() if name.isupper()}
    except Exception:  # A list that holds itself is a RecursionError here, and one that grows too long a MemoryError.
        return None
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def contradictions(module, runs):
    settings = module["settings"]
    for environment, names in zip(ENVIRONMENTS, runs):
        if names is None:
            continue
        for name in names.keys() - settings.keys():
            # A module that djudge gave up on has none at all.
            if settings:
                yield f"{name} is missing with {environment}"
        for name, setting in settings.items():
            value, certainty = setting["value"], setting["certainty"]
            theirs = names.get(name, {"$unknown": "not there"})
            if certainty == "known" and not same(in_order(value), theirs):
                yield f"{name} is {theirs} with {environment}, not {value}"
            if certainty == "depends" and not environment and not module["assumed"] and name in names:
                if default_is_wrong((value, theirs)):
                    yield f"{name} is {theirs} where nothing is set, not {value}"


def main(djudge, first, count):
    wrong, known, total = 0, 0, 0
    for start in range(first, first + count, MODULES_A_RUN):
        sources = {f"s{seed}": Generator(seed).module() for seed in range(start, min(start + MODULES_A_RUN, first + count))}
        with tempfile.TemporaryDirectory() as folder:
            for name, source in sources.items():
                pathlib.Path(folder, f"{name}.py").write_text(source, encoding="utf-8")
            command = [djudge, "show", "--isolated", "--project", folder, "--settings", ",".join(sources)]
            output = subprocess.run([*command, "--output-format", "json"], capture_output=True, text=True, check=True)
        for module in json.loads(output.stdout)["modules"]:
            source = sources.pop(module["module"])
            runs = [run(source, environment) for environment in ENVIRONMENTS]
            if not any(names is not None for names in runs):
                continue
            certainties = [setting["certainty"] for setting in module["settings"].values()]
            known, total = known + certainties.count("known"), total + len(certainties)
            found = list(contradictions(module, runs))
            if found:
                wrong += 1
                print(f"--- {module['module']}: {'; '.join(found)}\n{source}")
        for name, source in sources.items():
            wrong += 1
            print(f"--- {name} was not judged\n{source}")
    print(f"{count} modules from seed {first}: {wrong} wrong; {known} of {total} values known")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
