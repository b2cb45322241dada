#!/usr/bin/env python3
"""Compares djudge with what a person would run instead, as whole processes, and prints the table of the README.

    cargo build --release && benches/compare.py

Installs what it compares under target/bench/, and makes trees of 1,000, 10,000 and 50,000 Python files there. Commands
that are compared take turns, so that what else the machine does meets all of them alike. Every figure is a median.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import trees

SIZES = [1_000, 10_000, 50_000]
DJUDGE = trees.ROOT / "target/release/djudge"


@dataclass
class Measured:
    """Medians of some runs: seconds on the clock, seconds of all processors; kilobytes at the peak of one run."""

    wall: float
    cpu: float
    peak: int | None


def run(command: list[object], folder: Path) -> tuple[float, float]:
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    # Findings make most of them exit with 1.
    if process.returncode not in (0, 1):
        sys.exit(f"{command} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def peak(command: list[object], folder: Path) -> int | None:
    """The largest resident size, in kilobytes, where GNU time is there. A child of this process would begin with its."""
    result = trees.BENCH / "peak"
    program = shutil.which("time")
    if program is None:
        return None
    measuring = [program, "--quiet", "-f", "%M", "-o", str(result), *map(str, command)]
    subprocess.run(measuring, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return int(result.read_text())


def alternate(commands: list[list[object]], folder: Path, rounds: int) -> list[Measured]:
    """Each command as often as there are rounds, in turn; once before that, for its peak and to have all files in
    memory.
    """
    peaks = [peak(command, folder) if command != ["true"] else None for command in commands]
    runs = [[run(command, folder) for command in commands] for _ in range(rounds)]
    medians = [[statistics.median(each) for each in zip(*of_one)] for of_one in zip(*runs)]
    return [Measured(wall, cpu, peak) for (wall, cpu), peak in zip(medians, peaks, strict=True)]


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds >= 0.0095 else f"{seconds * 1000:.1f} ms"


def row(what: str, name: str, measured: Measured, own: Measured | None) -> str:
    factor = "" if own is None else f"{own.wall / measured.wall:.2f}"
    cpu_factor = "" if own is None else f"{own.cpu / measured.cpu:.2f}"
    peak = "" if measured.peak is None else f"{measured.peak / 1024:,.0f} MB"
    cells = [what, name, milliseconds(measured.wall), milliseconds(measured.cpu), peak, factor, cpu_factor]
    return f"| {' | '.join(cells)} |"


def table(what: str, names: list[str], measured: list[Measured]) -> list[str]:
    """djudge comes first; the others are told as shares: what djudge takes, by what they take."""
    own, others = measured[0], measured[1:]
    rows = [row(what, names[0], own, None)]
    return rows + [row("", name, other, own) for name, other in zip(names[1:], others, strict=True)]


def of_tree(programs: Path, tree: Path, rounds: int) -> list[str]:
    words = ["-e", "INSTALLED_APPS", "-e", "ProtocolTypeRouter"]
    commands = [
        [DJUDGE, "check", tree],
        [programs / "rg", "-l", "-F", *words, "-t", "py", tree],
        [programs / "ruff", "check", "--no-cache", "--isolated", "--select", "F,S", tree],
    ]
    names = ["`djudge check`", "`rg -l -F -e … -e … -t py`", "`ruff check --no-cache --select F,S`"]
    return table(f"a tree of {int(tree.name):,} files", names, alternate(commands, tree, rounds))


def of_commit(programs: Path, tree: Path, file: str, rounds: int) -> list[str]:
    commands = [
        [DJUDGE, "check", file],
        [programs / "ruff", "check", "--no-cache", file],
        [programs / "python", "-c", "import django"],
    ]
    names = ["`djudge check FILE`", "`ruff check FILE`", "`python -c 'import django'`"]
    return table(f"one file of {tree.name}", names, alternate(commands, tree, rounds))


def of_peer(programs: Path, rounds: int) -> list[str]:
    folder = trees.BENCH / "peer"
    if not folder.is_dir():
        subprocess.run(["git", "init", "--quiet", trees.made(folder)], check=True)
        subprocess.run([programs / "django-admin", "startproject", "config", "."], check=True, cwd=folder)
    commands = [[DJUDGE, "check"], [programs / "python", "manage.py", "check", "--deploy"]]
    names = ["`djudge check`", "`python manage.py check --deploy`"]
    return table("a new project", names, alternate(commands, folder, rounds))


def of_start(rounds: int) -> list[str]:
    commands = [[DJUDGE, "--version"], ["true"]]
    return table("the start", ["`djudge --version`", "`true`"], alternate(commands, trees.ROOT, 5 * rounds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10, help="how often each command is run")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="how many Python files the trees have")
    arguments = parser.parse_args()
    if not DJUDGE.is_file():
        sys.exit("target/release/djudge is missing: cargo build --release")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    programs = trees.environment(Path(__file__).parent / "requirements.txt")
    sources = trees.published(programs)
    rows = []
    for size in arguments.sizes:
        rows += of_tree(programs, trees.tree(sources, size), arguments.rounds)
    project = trees.repository(trees.package_folder("mayan-edms"))
    rows += of_commit(programs, project, "mayan/settings/base.py", arguments.rounds)
    rows += of_peer(programs, arguments.rounds)
    rows += of_start(arguments.rounds)
    load, processors = os.getloadavg()[0], os.cpu_count()
    print("| what | command | time | processors' time | peak memory | djudge takes … of it | … of processors' time |")
    print("|---|---|---:|---:|---:|---:|---:|")
    print("\n".join(rows))
    stripped = trees.BENCH / "stripped"
    shutil.copyfile(DJUDGE, stripped)
    subprocess.run(["strip", stripped], check=True)
    print(f"\nThe program has {stripped.stat().st_size / 2**20:.1f} MB, stripped.")
    print(f"{processors} processors, load {load:.1f} at the end.")


if __name__ == "__main__":
    main()
