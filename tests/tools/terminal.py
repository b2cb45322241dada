"""Runs djudge at a pseudo-terminal: terminal.py DJUDGE FOLDER. Prints nothing where all is as it should be."""

import os
import pty
import subprocess
import sys
import time

djudge, folder = sys.argv[1:]
os.chdir(folder)
os.makedirs("config")
os.makedirs("lint")
page = """# emails-printed

Mails are printed.

```toml
group = "local"
severity = "warning"

[when]
setting = "EMAIL_BACKEND"
is = "django.core.mail.backends.console.EmailBackend"
```
"""
for path, text in {
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n",
    "config/__init__.py": "",
    "config/settings.py": "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'\n",
    "lint/emails_printed.md": page,
}.items():
    with open(path, "w") as file:
        file.write(text)
# Whoever opens a pipe waits until someone writes to it: the run lasts as long as we want.
os.mkfifo("djudge.toml")
command = [djudge, "check", "--config", "djudge.toml", "--select", "local/emails-printed"]
environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "FORCE_HYPERLINK": "1"}
environment.pop("NO_COLOR", None)


def read_until(terminal, wanted=None):
    text = b""
    while wanted is None or wanted not in text:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        text += part
    return text


def run(stdout, arguments=(), wanted=None):
    """What a run writes to its terminal, which is its standard error."""
    terminal, inside = pty.openpty()
    output = inside if stdout is None else stdout
    process = subprocess.Popen([*command, *arguments], stdout=output, stderr=inside, env=environment)
    os.close(inside)
    text = read_until(terminal, wanted) if wanted else b""
    if not wanted:
        time.sleep(1.5)  # long enough for a line, were there one
    with open("djudge.toml", "w") as pipe:
        pipe.write('rules = ["lint/*.md"]\n')
    text += read_until(terminal)
    process.wait()
    os.close(terminal)
    return text


LINK = b"\x1b]8;;file://"
text = run(None, wanted=b"files read")
assert text.startswith(b"\r\x1b[Kdjudge: "), text
line, erased, report = text.rpartition(b"\r\x1b[K")
assert erased and b"files read" not in report and b"emails-printed" in report, text
assert LINK in report and b"lint/emails_printed.md\x1b\\local/emails-printed\x1b]8;;\x1b\\]" in report, text

# A quiet run waits without a word, and one without colours has no links.
assert b"files read" not in run(None, ["-q"])
assert LINK not in run(None, ["--color", "never"])

# What goes to a file or a pipe holds no link, whatever the environment forces.
with open("report", "wb") as report:
    run(report)
with open("report", "rb") as report:
    text = report.read()
assert b"emails-printed" in text and b"\x1b" not in text, text

# Where standard error is no terminal there is no line.
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
with open("djudge.toml", "w") as pipe:
    pipe.write('rules = ["lint/*.md"]\n')
output, errors = process.communicate()
assert errors == b"" and b"\x1b" not in output, (output, errors)
