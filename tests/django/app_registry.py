"""Writes the modules that cannot be imported before `django.setup()`, found by importing each on its own.

    pip install -r tests/django/app_registry.txt
    python tests/django/app_registry.py > src/project/asgi/app_registry.txt

Each module is imported in a process of its own, with settings but without `django.setup()`; those that end in
`AppRegistryNotReady` are written, one a line. The parts of packages that no consumer or middleware imports (tests,
migrations, management commands, providers of single sign-on, a content management system's inside) are left out.
"""

import importlib.util
import os
import sys

PACKAGES = """
allauth axes channels channels_auth_token_middlewares corsheaders debug_toolbar dj_rest_auth django
django_celery_beat django_celery_results django_channels_jwt_auth_middleware django_countries django_eventstream
django_extensions django_filters django_otp django_redis djangochannelsrestframework djoser drf_spectacular drf_yasg
easy_thumbnails graphene_django guardian import_export knox model_utils mptt ninja notifications oauth2_provider
phonenumber_field polymorphic rest_framework rest_framework_nested rest_framework_simplejwt reversion simple_history
strawberry_django taggit treebeard waffle wagtail
""".split()

SKIPPED = {"tests", "test", "testing", "migrations", "management", "templates", "locale", "conf", "providers",
           "example_project", "test_project", "testapp", "sandbox", "__pycache__"}

CONTRIB = ["admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites"]


def modules(package):
    yield package
    for location in importlib.util.find_spec(package).submodule_search_locations or []:
        for folder, folders, files in os.walk(location):
            folders[:] = [name for name in folders if name not in SKIPPED]
            for file in files:
                if not file.endswith(".py") or file.startswith("test"):
                    continue
                path = os.path.join(folder, file[:-3] if file != "__init__.py" else "")
                relative = os.path.relpath(path, location)
                if relative != ".":
                    yield f"{package}.{relative.replace(os.sep, '.')}"


def needs_registry(module):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        sys.stdout = sys.stderr = open(os.devnull, "w")
        answer = b"no"
        try:
            importlib.import_module(module)
        except BaseException as error:
            while error is not None:
                if type(error).__name__ == "AppRegistryNotReady":
                    answer = b"yes"
                error = error.__cause__ or error.__context__
        os.write(writer, answer)
        os._exit(0)
    os.close(writer)
    answer = os.read(reader, 10)
    os.close(reader)
    os.waitpid(child, 0)
    return answer == b"yes"


def main():
    from django.conf import settings

    installed = [f"django.contrib.{name}" for name in CONTRIB]
    installed += [package for package in PACKAGES if package not in ("django", "channels")]
    settings.configure(
        SECRET_KEY="not secret",
        INSTALLED_APPS=installed,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        ROOT_URLCONF="urls",
        USE_TZ=True,
    )
    found = set()
    for package in PACKAGES:
        for module in modules(package):
            is_inside = package == "wagtail" and not module.endswith(".models")
            if not is_inside and needs_registry(module):
                found.add(module)
    print("\n".join(sorted(found)))


if __name__ == "__main__":
    main()
