"""Asks Django, Channels and real servers what they make of a small project.

Reads a request from each line of standard input and answers it with a line. Every request is answered by a process of
its own, so that nothing is left over from the one before:

    {"kind": "checks", "folder": "/project", "settings": "config.settings", "environment": {}}
    {"ids": ["security.W004"]}, or {"raised": "ImproperlyConfigured: …"}

    {"kind": "python", …, "code": "1 + 1", "set_up": true}
    {"answer": "2"}, the last line's value, or the exception as "Type: message"

    {"kind": "server", …, "server": "daphne", "application": "config.asgi:application",
     "ask": {"path": "/", "upgrade": false, "headers": {}}}
    {"answer": "HTTP/1.1 200 OK …", "log": "…"}

With "redis", "plain" or "tls", a Redis server is there, at the URL in the variable REDIS_URL.
"""

import ast
import atexit
import base64
import contextlib
import importlib.abc
import importlib.machinery
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

MOST_SECONDS = 60
MOST_SECONDS_TO_START = 30
MOST_SECONDS_TO_ANSWER = 15


class MissingApps(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the apps that an example installs and that are not there: packages with nothing in them."""

    def __init__(self, apps):
        self.names = set()
        for app in apps:
            parts = app.split(".")
            with contextlib.suppress(ModuleNotFoundError):
                importlib.import_module(parts[0])
                continue
            self.names.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
        self.folder = tempfile.mkdtemp()

    def find_spec(self, name, _path, _target=None):
        if name not in self.names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def exec_module(self, module):
        module.__path__ = [os.path.join(self.folder, module.__name__)]
        prefix = module.__name__ + "."
        for name in self.names:
            rest = name.removeprefix(prefix)
            if name.startswith(prefix) and "." not in rest and rest[0].isupper():
                from django.apps import AppConfig

                app = module.__name__.removesuffix(".apps")
                setattr(module, rest, type(rest, (AppConfig,), {"name": app, "path": self.folder}))


def set_up(request):
    """Loads the settings as a server's worker would."""
    import django
    from django.conf import settings

    sys.meta_path.append(MissingApps([app for app in settings.INSTALLED_APPS if isinstance(app, str)]))
    django.setup()


def run_checks(request):
    try:
        set_up(request)
        from django.core import checks

        found = checks.run_checks(include_deployment_checks=True)
    except (Exception, SystemExit) as error:
        return {"raised": described(error)}
    return {"ids": sorted({message.id for message in found if message.id and not message.is_silenced()})}


def run_python(request):
    try:
        if request["set_up"]:
            set_up(request)
        tree = ast.parse(request["code"])
        names = {"__name__": "proof"}
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "<proof>", "exec"), names)
        return {"answer": repr(eval(compile(ast.Expression(last.value), "<proof>", "eval"), names)) if last else "None"}
    except (Exception, SystemExit) as error:
        return {"answer": described(error)}


def described(error):
    return f"{type(error).__name__}: {error}"


def run_server(request):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tempfile.TemporaryFile()
    process = os.fork()
    if process == 0:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        try:
            settings = importlib.import_module(request["settings"])
            sys.meta_path.append(MissingApps(getattr(settings, "INSTALLED_APPS", ())))
            serve(request["server"], port, request["application"])
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(1)
    try:
        answer = ask(process, port, request["ask"])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(process, 0)
    log.seek(0)
    return {"answer": answer, "log": log.read().decode(errors="replace")}


def serve(server, port, application):
    if server == "daphne":
        from daphne.cli import CommandLineInterface

        CommandLineInterface().run(["-b", "127.0.0.1", "-p", str(port), application])
    elif server == "uvicorn":
        import uvicorn

        uvicorn.run(application, host="127.0.0.1", port=port)
    else:
        raise ValueError(f"there is no way to start {server}")


def ask(process, port, question):
    """The head of the answer, and what of the body comes with it; the empty string where the server does not start."""
    end = time.monotonic() + MOST_SECONDS_TO_START
    while time.monotonic() < end:
        if os.waitpid(process, os.WNOHANG)[0]:
            return ""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(MOST_SECONDS_TO_ANSWER)
            connection.sendall(head(question).encode("latin-1"))
            answer = b""
            with contextlib.suppress(TimeoutError):
                while b"\r\n\r\n" not in answer:
                    received = connection.recv(65536)
                    if not received:
                        break
                    answer += received
            return answer.decode("latin-1")
        time.sleep(0.05)
    return ""


def head(question):
    headers = {"Host": "example.com"}
    if question.get("upgrade"):
        headers |= {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        }
    else:
        headers["Connection"] = "close"
    headers |= question.get("headers", {})
    lines = [f"{question.get('method', 'GET')} {question['path']} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""])


class Redis:
    """Redis servers, plain and with TLS under a certificate that nobody trusts; started when first asked for."""

    def __init__(self):
        self.urls = {}

    def url(self, kind):
        if not self.urls:
            self.start()
        return self.urls[kind]

    def start(self):
        folder = pathlib.Path(tempfile.mkdtemp())
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        self_sign(certificate, key)
        ports = []
        for _ in range(2):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                ports.append(free.getsockname()[1])
        options = {
            "port": ports[0], "tls-port": ports[1], "tls-cert-file": certificate, "tls-key-file": key,
            "tls-auth-clients": "no", "bind": "127.0.0.1", "dir": folder, "save": "", "daemonize": "no",
        }
        command = ["redis-server", *(part for name, value in options.items() for part in (f"--{name}", str(value)))]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        atexit.register(process.kill)
        end = time.monotonic() + MOST_SECONDS_TO_START
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", ports[1]), 1):
                break
            time.sleep(0.05)
        self.urls = {"plain": f"redis://127.0.0.1:{ports[0]}", "tls": f"rediss://127.0.0.1:{ports[1]}"}


def self_sign(certificate, key):
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


KINDS = {"checks": run_checks, "python": run_python, "server": run_server}


def answer(request):
    """Answers in a process of its own, which may hang or end as it likes."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.setsid()
        os.close(reading)
        os.chdir(request["folder"])
        sys.path.insert(0, request["folder"])
        os.environ.update(request["environment"])
        os.environ["DJANGO_SETTINGS_MODULE"] = request["settings"]
        # What it prints must not stand among the answers.
        os.dup2(2, 1)
        try:
            text = json.dumps(KINDS[request["kind"]](request))
        except BaseException:
            text = json.dumps({"failed": traceback.format_exc()})
        with os.fdopen(writing, "w") as pipe:
            pipe.write(text)
        os._exit(0)
    os.close(writing)
    signal.alarm(MOST_SECONDS)
    try:
        with os.fdopen(reading) as pipe:
            text = pipe.read()
    except TimeoutError:
        text = ""
    finally:
        signal.alarm(0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return text or json.dumps({"failed": "it ended, or took too long"})


def too_long(_signal, _frame):
    raise TimeoutError


def main():
    signal.signal(signal.SIGALRM, too_long)
    sys.dont_write_bytecode = True
    redis = Redis()
    # Loaded once, for all: nothing of it reads settings. Reactors of event loops do not survive a fork.
    import channels.routing  # noqa: F401
    import django.core.checks
    import django.core.handlers.asgi  # noqa: F401

    for line in sys.stdin:
        request = json.loads(line)
        if request.get("redis"):
            request["environment"]["REDIS_URL"] = redis.url(request["redis"])
        print(answer(request), flush=True)


if __name__ == "__main__":
    main()
