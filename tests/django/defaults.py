"""Writes Django's own defaults, by version, in the form that djudge reads.

    python tests/django/defaults.py DJANGO… > src/eval/models/django_defaults.txt

Each DJANGO is a folder that holds a `django` package: an unpacked wheel. A setting's rows say from which version on
which value holds; a row without a value says that the setting is gone.
"""

import json
import pathlib
import re
import sys
import types


def plain(value):
    if isinstance(value, tuple):
        return {"$tuple": [plain(item) for item in value]}
    if isinstance(value, (list, set)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def settings_of(folder):
    source = (folder / "django/conf/global_settings.py").read_text()
    source = re.sub(r"^(from|import) .*$", "", source, flags=re.M)
    module = types.ModuleType("global_settings")
    module.gettext_noop = lambda text: text
    exec(compile(source, "global_settings.py", "exec"), module.__dict__)
    return {name: plain(value) for name, value in vars(module).items() if name.isupper()}


def version_of(folder):
    source = (folder / "django/__init__.py").read_text()
    return tuple(int(part) for part in re.search(r"VERSION = \((\d+), (\d+)", source).groups())


def main():
    versions = sorted((version_of(folder), settings_of(folder)) for folder in map(pathlib.Path, sys.argv[1:]))
    names = sorted({name for _, settings in versions for name in settings})
    rows = {}
    for name in names:
        rows[name] = []
        before = object()
        for version, settings in versions:
            now = settings.get(name, before) if name in settings else None
            present = name in settings
            state = (present, json.dumps(now))
            if state != before:
                if present or rows[name]:
                    row = {"since": "{}.{}".format(*version)}
                    if present:
                        row["value"] = now
                    rows[name].append(row)
                before = state
    for name, of_setting in rows.items():
        for row in of_setting:
            value = [json.dumps(row["value"], ensure_ascii=False)] if "value" in row else []
            print(name, row["since"], *value)


if __name__ == "__main__":
    main()
