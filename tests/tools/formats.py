"""Reads the reports of one run in every format, and holds them against their consumers and against each other.

    formats.py FOLDER PROJECT   in FOLDER stand report.json, report.sarif, report.github …, PROJECT is what was judged
"""

import ast
import json
import pathlib
import re
import sys
import urllib.parse

import jsonschema
import junitparser

# What the runner of GitHub Actions takes for a command, and how it reads one. Source: `ActionCommand.cs` of actions/runner.
COMMAND = re.compile(r"^::(?P<level>error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)$")
# Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": r"^\./|^/"}},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}


def unescaped(text):
    return urllib.parse.unquote(text)


def edited(text, edits):
    """A text with edits made, each of a start and an end that count lines and columns from 1, and a content."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for (start_line, start_column), (end_line, end_column), content in sorted(edits, reverse=True):
        start, end = starts[start_line - 1] + start_column - 1, starts[end_line - 1] + end_column - 1
        text = text[:start] + content + text[end:]
    return text


def check_fixes(findings, results, project):
    """A fix is the same in JSON and in SARIF, and leaves Python what was Python."""
    by_title = {}
    for result in results:
        for fix in result.get("fixes", []):
            for change in fix["artifactChanges"]:
                for replacement in change["replacements"]:
                    region = replacement["deletedRegion"]
                    by_title.setdefault((result["ruleId"], fix["description"]["text"]), set()).add((
                        unescaped(change["artifactLocation"]["uri"]),
                        (region["startLine"], region["startColumn"]),
                        (region["endLine"], region["endColumn"]),
                        replacement["insertedContent"]["text"],
                    ))
    found = {}
    for finding in findings:
        for fix in finding["fixes"]:
            assert fix["applicability"] in ("safe", "unsafe") and fix["edits"], fix
            edits = [
                (edit["path"], *((edit[end]["line"], edit[end]["column"]) for end in ("start", "end")), edit["content"])
                for edit in fix["edits"]
            ]
            found.setdefault((finding["rule"], fix["title"]), set()).update(edits)
            for path in {path for path, *_ in edits}:
                text = (project / path).read_text()
                ast.parse(edited(text, [edit for where, *edit in edits if where == path]))
    assert found == by_title, f"sarif fixes: {by_title}"


def main():
    folder = pathlib.Path(sys.argv[1])
    findings = json.loads((folder / "report.json").read_text())["findings"]
    expected = sorted((finding["path"], finding["start"]["line"], finding["rule"]) for finding in findings)

    lines = [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]
    assert lines == findings, "jsonl"

    sarif = json.loads((folder / "report.sarif").read_text())
    schema = json.loads((pathlib.Path(__file__).parent / "sarif-schema-2.1.0.json").read_text())
    jsonschema.validate(sarif, schema, jsonschema.Draft7Validator, format_checker=jsonschema.FormatChecker())
    (run,) = sarif["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = []
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        path = unescaped(place["artifactLocation"]["uri"])
        found.append((path, place["region"]["startLine"], result["ruleId"]))
    assert sorted(found) == expected, f"sarif: {found}"
    check_fixes(findings, run["results"], pathlib.Path(sys.argv[2]))
    fingerprints = [result["partialFingerprints"]["djudge/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == len(findings), "each finding has a fingerprint of its own"
    assert all(rule["help"]["markdown"].startswith("# ") for rule in rules)

    issues = json.loads((folder / "report.gitlab").read_text())
    jsonschema.validate(issues, GITLAB)
    found = [(issue["location"]["path"], issue["location"]["lines"]["begin"], issue["check_name"]) for issue in issues]
    assert sorted(found) == expected, f"gitlab: {found}"
    assert [issue["fingerprint"] for issue in issues] == fingerprints

    found = []
    for line in (folder / "report.github").read_text().splitlines():
        command = COMMAND.match(line)
        assert command, line
        properties = dict(part.split("=", 1) for part in command["properties"].split(","))
        title = unescaped(properties["title"])
        found.append((unescaped(properties["file"]), int(properties["line"]), title.removeprefix("djudge ")))
        assert unescaped(command["message"]).strip()
    assert sorted(found) == expected, f"github: {found}"

    suites = junitparser.JUnitXml.fromfile(str(folder / "report.junit"))
    cases = [(suite.name, case) for suite in suites for case in suite]
    failed = [(name, case.name) for name, case in cases if not case.is_passed]
    assert sorted(failed) == sorted((path, f"{rule}:{line}") for path, line, rule in expected), f"junit: {failed}"
    assert suites.failures == len(findings) and suites.tests == max(len(findings), 1)


if __name__ == "__main__":
    main()
