"""Trees of real code to measure on: published source packages, copied until a tree has enough Python files."""

import os
import shutil
import subprocess
import sys
import tarfile
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "target/bench"


def environment(requirements: Path) -> Path:
    """The folder of the programs of a Python environment with what a file of requirements pins."""
    folder = BENCH / "venv"
    made_from = folder / "made-from.txt"
    wanted = requirements.read_text()
    if not made_from.is_file() or made_from.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip(folder / "bin", "install", "-r", requirements)
        made_from.write_text(wanted)
    return folder / "bin"


def pip(programs: Path, *arguments: object) -> None:
    command = [programs / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run([str(part) for part in command], check=True)


def published(programs: Path) -> list[Path]:
    """Django's own source, its tests included, and the packages with settings that the tests evaluate."""
    django = django_source(programs)
    packages = []
    for line in (ROOT / "tests/differential/packages.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, requirement = line.split()
            packages.append(package(programs, name, requirement))
    return [*packages, django]


def package(programs: Path, name: str, requirement: str) -> Path:
    """The code of a published package alone, in the folder in which `./test` puts it too."""
    folder = package_folder(name)
    made_from = folder / "made-from.txt"
    if not made_from.is_file() or made_from.read_text().strip() != requirement:
        shutil.rmtree(folder, ignore_errors=True)
        options = ["--no-compile", "--no-deps", "--ignore-requires-python"]
        pip(programs, "install", *options, "--target", folder, requirement)
        made_from.write_text(requirement + "\n")
    return folder


def package_folder(name: str) -> Path:
    return ROOT / "target/packages" / name


def repository(source: Path) -> Path:
    """A package as a repository of its own."""
    folder = BENCH / "repositories" / source.name
    if not (folder / ".git/made").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "init", "--quiet", made(folder)], check=True)
        copy(source, folder, sys.maxsize)
        (folder / ".git/made").touch()
    return folder


def made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def django_source(programs: Path) -> Path:
    version = subprocess.run(
        [programs / "python", "-c", "import django; print(django.__version__)"], check=True, capture_output=True, text=True
    ).stdout.strip()
    folder = BENCH / "sources" / f"django-{version}"
    if not folder.is_dir():
        archives = BENCH / "archives"
        options = ["--no-deps", "--no-binary", ":all:"]
        pip(programs, "download", *options, "--dest", archives, f"Django=={version}")
        with tarfile.open(next(archives.glob(f"[Dd]jango-{version}.tar.gz"))) as archive:
            archive.extractall(folder.parent, filter="data")
    return folder


def tree(sources: list[Path], size: int) -> Path:
    """A repository with `size` Python files: whole packages in turn, the last one cut."""
    folder = BENCH / "trees" / str(size)
    done = folder / ".git/made"
    names = "\n".join(str(source.name) for source in sources)
    if done.is_file() and done.read_text() == names:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    left = size
    for turn in count(1):
        for source in sources:
            left -= copy(source, folder / f"{source.name}_{turn}", left)
            if left == 0:
                done.write_text(names)
                return folder
    raise AssertionError


def copy(source: Path, target: Path, most: int) -> int:
    """Copies a package with at most so many Python files; gives how many it were. What is not Python is linked."""
    copied = 0
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        below = target / Path(folder).relative_to(source)
        below.mkdir(parents=True, exist_ok=True)
        for name in sorted(files):
            if not name.endswith(".py"):
                os.link(Path(folder) / name, below / name)
            elif copied < most:
                shutil.copyfile(Path(folder) / name, below / name)
                copied += 1
    return copied
