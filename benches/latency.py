"""How long the language server takes from a change to its findings, beside a full `djudge check` of the same project.

    cargo build --release && python3 benches/latency.py

The project is the largest of the published packages under `target/packages`, which `./test` installs, in a copy; another
may be given as an argument. Each edit is measured in turn with a run of the command, so that both have the same machine.
A settings file is edited at its end and after its first import: what comes after a change has to be evaluated again.
"""

import ast
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DJUDGE = ROOT / "target/release/djudge"
ROUNDS = 15


class Server:
    """The server and a client that does no more than this needs."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [DJUDGE, "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        folders = [{"uri": folder.as_uri(), "name": "project"}]
        capabilities = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
        self.send("initialize", {"capabilities": capabilities, "workspaceFolders": folders}, id=1)
        self.receive()
        self.send("initialized", {})

    def send(self, method, params, **more):
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def receive(self):
        length = int(self.process.stdout.readline().split(b":")[1])
        self.process.stdout.readline()
        return json.loads(self.process.stdout.read(length))

    def findings(self, uri, version):
        """Waits for the findings of a version of a document."""
        while True:
            params = self.receive().get("params") or {}
            if params.get("uri") == uri and params.get("version") == version:
                return params["diagnostics"]

    def open(self, path):
        document = {"uri": path.as_uri(), "languageId": "python", "version": 0, "text": path.read_text()}
        self.send("textDocument/didOpen", {"textDocument": document})
        return self.findings(path.as_uri(), 0)

    def stop(self):
        self.send("shutdown", None, id=2)
        self.send("exit", None)
        self.process.stdin.close()
        self.process.wait()


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def check(folder):
    subprocess.run([DJUDGE, "check", "--exit-zero", folder], stdout=subprocess.DEVNULL, check=True)


def shown(folder):
    """The settings modules that are judged: their files, and all that their settings were assigned in."""
    output = subprocess.run(
        [DJUDGE, "show", "--project", folder, "--output-format", "json"], capture_output=True, check=True, cwd=folder
    ).stdout
    files = {}
    for module in json.loads(output)["modules"]:
        files.setdefault(module["path"], "a settings module")
        for setting in module["settings"].values():
            for place in setting["history"]:
                files.setdefault(place["path"], "what settings are built on")
    return files


def after_imports(text):
    """The number of lines up to the end of the first import of a file."""
    imports = (node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom))
    return max((node.end_lineno for node in list(imports)[:1]), default=0)


def measure(folder, path, said, lines):
    """Edits a file after so many lines."""
    server = Server(folder)
    first = seconds(lambda: server.open(path))
    text = path.read_text().splitlines(keepends=True)
    before, after = "".join(text[:lines]), "".join(text[lines:])
    latencies, checks = [], []
    for version in range(1, ROUNDS + 1):
        # A name more or less: the tree, the names and the places differ, and so do the answers.
        new = f"{before}\nLATENCY = {version}\n{after}"

        def edit():
            document = {"uri": path.as_uri(), "version": version}
            server.send("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": new}]})
            server.findings(path.as_uri(), version)

        latencies.append(seconds(edit))
        checks.append(seconds(lambda: check(folder)))
    server.stop()
    latency, full = statistics.median(latencies), statistics.median(checks)
    name = path.relative_to(folder)
    print(
        f"{name}, {said}: {latency * 1000:.0f} ms after a change, {full * 1000:.0f} ms for a full check:"
        f" {latency / full:.2f} ({first * 1000:.0f} ms when it is opened)"
    )


def size(folder):
    return sum(1 for path in folder.rglob("*") if path.is_file())


def main():
    if len(sys.argv) > 1:
        project = Path(sys.argv[1]).resolve()
    else:
        project = max((ROOT / "target/packages").iterdir(), key=size)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent).resolve() / project.name
        shutil.copytree(project, folder)
        (folder / ".git").mkdir()
        print(f"{project.name}: {size(folder)} files")
        check(folder)
        files = shown(folder)
        other = next(path for path in sorted(folder.rglob("views.py")) if str(path.relative_to(folder)) not in files)
        for said in ("a settings module", "what settings are built on"):
            for name in [name for name in files if files[name] == said][:2]:
                text = (folder / name).read_text()
                measure(folder, folder / name, f"{said}, at its end", text.count("\n"))
                measure(folder, folder / name, f"{said}, after its first import", after_imports(text))
        measure(folder, other, "other code", other.read_text().count("\n"))


if __name__ == "__main__":
    main()
