"""`python -m djudge` runs the program that stands beside this Python."""

import os
import shutil
import subprocess
import sys
import sysconfig


def find():
    """The path of the program."""
    name = "djudge" + (sysconfig.get_config_var("EXE") or "")
    schemes = ["", "posix_user" if os.name == "posix" else "nt_user"]
    for scheme in schemes:
        scripts = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        path = os.path.join(scripts, name)
        if os.path.isfile(path):
            return path
    # Installed with `--target`, programs stand beside the packages.
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin")
    return shutil.which(name, path=folder)


def main():
    path = find()
    if path is None:
        sys.exit("djudge: the program is not where it was installed; install the package anew")
    if os.name == "posix":
        os.execv(path, [path, *sys.argv[1:]])
    sys.exit(subprocess.run([path, *sys.argv[1:]]).returncode)


if __name__ == "__main__":
    main()
