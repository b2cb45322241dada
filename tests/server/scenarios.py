"""What an editor does with the language server, one function a scenario.

Arguments: the scenario, the program, a copy of `examples/outage` to work in.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from editor import LIMIT, UTF8, UTF16, UTF32, Editor, position
from lsprotocol import types
from pygls.exceptions import JsonRpcException

PRODUCTION, BASE, ASGI = "config/settings/production.py", "config/settings/base.py", "config/asgi.py"
HEADER, ORIGIN, EARLY, REDIS, INSECURE = (
    "forwarded-proto-not-sent",
    "websocket-without-origin-check",
    "import-before-django-setup",
    "redis-url-bad-scheme",
    "samesite-none-without-secure",
)


def pulling():
    return types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities()),
        workspace=types.WorkspaceClientCapabilities(
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
        ),
    )


async def pull(editor, name, previous=None):
    params = types.DocumentDiagnosticParams(text_document=editor.document(name), previous_result_id=previous)
    return await editor.ask(editor.client.text_document_diagnostic_async(params))


def rules(report):
    return [diagnostic.code for diagnostic in report.items]


async def findings_follow_every_edit(editor):
    await editor.start()
    editor.open(PRODUCTION)
    assert await editor.current(PRODUCTION) == [HEADER]
    assert editor.rules() == {PRODUCTION: [HEADER], BASE: [REDIS], ASGI: [EARLY, ORIGIN]}, editor.rules()
    editor.replace(PRODUCTION, "HTTP_CLOUDFRONT_FORWARDED_PROTO", "HTTP_X_FORWARDED_PROTO")
    assert await editor.current(PRODUCTION) == []
    editor.replace(PRODUCTION, "HTTP_X_FORWARDED_PROTO", "HTTP_CLOUDFRONT_FORWARDED_PROTO")
    assert await editor.current(PRODUCTION) == [HEADER]
    editor.save(PRODUCTION)
    # What nobody has open is known from disk.
    editor.close(PRODUCTION)
    await editor.until(lambda: not editor.rules(), "nothing is open, nothing is shown")


async def a_change_of_the_base_shows_in_all_that_is_built_on_it(editor):
    await editor.start()
    for name in (BASE, PRODUCTION, ASGI):
        editor.open(name)
        await editor.current(name)
    assert editor.rules(ASGI) == [EARLY, ORIGIN]
    editor.replace(PRODUCTION, 'SESSION_COOKIE_SAMESITE = "None"\n', "")
    await editor.until(lambda: "`SESSION_COOKIE_SAMESITE`" not in str(editor.shown[ASGI]), "the cookie is no reason")
    editor.replace(BASE, "USE_TZ = True", 'USE_TZ = True\nSESSION_COOKIE_SAMESITE = "None"')
    await editor.until(lambda: "`SESSION_COOKIE_SAMESITE`" in str(editor.shown[ASGI]), "the cookie is a reason again")
    editor.replace(PRODUCTION, "SESSION_COOKIE_SECURE = True\n", 'SESSION_COOKIE_SAMESITE = "None"\n')
    await editor.until(lambda: INSECURE in editor.rules(PRODUCTION), "browsers refuse the cookie")
    editor.replace(BASE, "USE_TZ = True", "USE_TZ = True\nSESSION_COOKIE_SECURE = True")
    await editor.until(lambda: INSECURE not in editor.rules(PRODUCTION), "they take it again")
    assert REDIS in editor.rules(BASE)


async def findings_are_given_when_asked_for(editor):
    offered = await editor.start(pulling())
    assert offered.capabilities.diagnostic_provider.inter_file_dependencies
    for name in (BASE, PRODUCTION, ASGI):
        editor.open(name)
    first = await pull(editor, PRODUCTION)
    assert rules(first) == [HEADER] and first.kind == "full"
    assert (await pull(editor, PRODUCTION, first.result_id)).kind == "unchanged"
    assert rules(await pull(editor, ASGI)) == [EARLY, ORIGIN]
    editor.replace(PRODUCTION, "SESSION_COOKIE_SECURE = True\n", "")
    second = await pull(editor, PRODUCTION, first.result_id)
    assert {HEADER, INSECURE} <= set(rules(second)), rules(second)
    before = editor.refreshes
    editor.replace(BASE, "USE_TZ = True", "USE_TZ = True\nSESSION_COOKIE_SECURE = True")
    await editor.until(lambda: editor.refreshes > before, "the client is told to ask again")
    assert rules(await pull(editor, PRODUCTION, second.result_id)) == [HEADER]
    params = types.WorkspaceDiagnosticParams(previous_result_ids=[])
    everything = await editor.ask(editor.client.workspace_diagnostic_async(params))
    found = {editor.name(report.uri): rules(report) for report in everything.items}
    assert found == {PRODUCTION: [HEADER], BASE: [REDIS], ASGI: [EARLY, ORIGIN]}, found
    known = [types.PreviousResultId(uri=it.uri, value=it.result_id) for it in everything.items]
    params = types.WorkspaceDiagnosticParams(previous_result_ids=known)
    everything = await editor.ask(editor.client.workspace_diagnostic_async(params))
    assert {report.kind for report in everything.items} == {"unchanged"}
    assert editor.published == 0, "findings that are asked for are not sent as well"


async def files_outside_projects_are_left_alone(editor):
    await editor.start()
    lonely = editor.folder.parent / "lonely"
    lonely.mkdir()
    (lonely / "script.py").write_text('ALLOWED_HOSTS = ["*"]\n')
    editor.open(str(lonely / "script.py"))
    editor.open("README.txt", "No Python.\n")
    editor.open(PRODUCTION)
    await editor.current(PRODUCTION)
    assert str(lonely / "script.py") not in editor.rules()
    assert await editor.hover(str(lonely / "script.py"), "ALLOWED_HOSTS") is None


async def columns_count_what_was_agreed(editor):
    text = '"😀é", SECURE_PROXY_SSL_HEADER = "", ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https")'
    (editor.folder / PRODUCTION).write_text(
        (editor.folder / PRODUCTION)
        .read_text()
        .replace('SECURE_PROXY_SSL_HEADER = ("HTTP_CLOUDFRONT_FORWARDED_PROTO", "https")', "")
        .replace("DEBUG = False", f"DEBUG = False\nNOTE, {text.split(', ', 1)[1]}".replace('= ""', '= "😀é"'))
    )
    for offered, encoding in (
        (None, "utf-16"),
        ([UTF16], "utf-16"),
        ([UTF16, UTF8], "utf-8"),
        ([UTF32, UTF16], "utf-32"),
    ):
        each = Editor(editor.server, editor.folder)
        general = types.GeneralClientCapabilities(position_encodings=offered) if offered else None
        result = await each.start(types.ClientCapabilities(general=general))
        assert result.capabilities.position_encoding == encoding
        each.open(PRODUCTION)
        assert await each.current(PRODUCTION) == [HEADER]
        (found,) = each.shown[PRODUCTION][1]
        at = each.texts[PRODUCTION].index('"HTTP_CLOUDFRONT_FORWARDED_PROTO"')
        assert found.range.start == position(each.texts[PRODUCTION], at, encoding), (encoding, found.range)
        each.replace(PRODUCTION, "HTTP_CLOUDFRONT_FORWARDED_PROTO", "HTTP_X_FORWARDED_PROTO", encoding)
        assert await each.current(PRODUCTION) == []
        assert await each.stop() == 0


async def a_burst_of_edits_is_judged_once(editor):
    await editor.start()
    editor.open(PRODUCTION)
    await editor.current(PRODUCTION)
    before = editor.published
    for number in range(100):
        editor.replace(PRODUCTION, "SECURE_HSTS_SECONDS = 3600", "SECURE_HSTS_SECONDS = 36000")
        editor.replace(PRODUCTION, "SECURE_HSTS_SECONDS = 36000", "SECURE_HSTS_SECONDS = 3600")
    editor.replace(PRODUCTION, "HTTP_CLOUDFRONT_FORWARDED_PROTO", "HTTP_X_FORWARDED_PROTO")
    assert await editor.current(PRODUCTION) == []
    assert editor.published - before < 60, editor.published
    assert (await editor.hover(PRODUCTION, "SECURE_PROXY_SSL_HEADER")).count("HTTP_X_FORWARDED_PROTO") == 1


async def requests_can_be_cancelled(editor):
    await editor.start()
    editor.open(BASE)
    # The first one keeps the server busy, so that the others are cancelled before their turn.
    where = types.HoverParams(text_document=editor.document(BASE), position=editor.at(BASE, "REDIS_URL"))
    asked = [editor.client.protocol.send_request("textDocument/hover", where, msg_id=f"hover-{n}") for n in range(50)]
    for number in range(1, 50):
        editor.client.protocol.notify("$/cancelRequest", types.CancelParams(id=f"hover-{number}"))
    answers = await asyncio.wait_for(
        asyncio.gather(*[asyncio.wrap_future(future) for future in asked], return_exceptions=True), LIMIT
    )
    cancelled = [answer for answer in answers if isinstance(answer, JsonRpcException)]
    assert all(answer.code == -32800 for answer in cancelled), cancelled
    assert len(cancelled) >= 40, len(cancelled)
    assert "REDIS_URL" in await editor.hover(BASE, "REDIS_URL")


async def malformed_messages_do_not_end_the_session(editor):
    await editor.start()
    editor.open(PRODUCTION)
    await editor.current(PRODUCTION)
    for body in (b"{not json", b"[]", b"\xff\xfe", b'{"jsonrpc": "2.0", "id": 1.5, "method": "x"}', b""):
        editor.write(body)
    editor.client._server.stdin.write(b"what is this?\r\n")
    for method, params in (("textDocument/didOpen", {"a": 1}), ("textDocument/didChange", None), ("$/unknown", [7])):
        editor.send(method=method, params=params)
    await editor.refused("textDocument/hover", {"position": "here"}, -32602)
    await editor.refused("textDocument/unknown", {}, -32601)
    assert "SECURE" in await editor.hover(PRODUCTION, "SECURE_SSL_REDIRECT")


async def the_life_of_a_server(editor):
    # Before `initialize` no request is answered, and after `shutdown` none any more.
    await editor.client.start_io(editor.server, "server", cwd=editor.folder)
    await editor.refused("textDocument/hover", {}, -32002)
    editor.send(method="textDocument/didOpen", params={})
    await editor.refused("initialize", {"capabilities": 7}, -32602)
    await editor.ask(editor.client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities())))
    editor.client.initialized(types.InitializedParams())
    await editor.refused("initialize", {"capabilities": {}}, -32600)
    await editor.ask(editor.client.shutdown_async(None))
    await editor.refused("textDocument/hover", {}, -32600)
    editor.client.exit(None)
    assert await asyncio.wait_for(editor.client._server.wait(), LIMIT) == 0
    # A client that goes without a word, and one whose pipe breaks.
    for leave in (lambda it: it.client.exit(None), lambda it: it.client._server.stdin.close()):
        other = Editor(editor.server, editor.folder)
        await other.start()
        leave(other)
        assert await asyncio.wait_for(other.client._server.wait(), LIMIT) == 1


async def hovers_tell_what_a_setting_resolves_to(editor):
    markdown = types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown])
    await editor.start(
        types.ClientCapabilities(text_document=types.TextDocumentClientCapabilities(hover=markdown))
    )
    for name in (BASE, PRODUCTION, "chat/routing.py", "chat/consumers.py", ASGI):
        editor.open(name)
    said = await editor.hover(BASE, "REDIS_URL")
    for part in (
        "config.settings.production (config/settings/production.py)",
        'REDIS_URL = "http://localhost:6379/0", unless $REDIS_URL is set',
        "config/settings/base.py:60",
        f"- error `{REDIS}`",
    ):
        assert part in said, said
    said = await editor.hover(PRODUCTION, "ALLOWED_HOSTS")
    assert "Django's default: []" in said and "development" not in said, said
    editor.open("chat/views.py", "from django.conf import settings\nX = settings.SECRET_KEY\nY = settings.SECRET_KY\n")
    said = await editor.hover("chat/views.py", "settings.SECRET_KEY", 12)
    assert "SECRET_KEY is what $SECRET_KEY says" in said and "overrides" in said, said
    assert "did you mean SECRET_KEY?" in await editor.hover("chat/views.py", "settings.SECRET_KY", 12)
    assert await editor.hover("chat/views.py", "X =") is None
    for name, part in (
        ("chat/routing.py", "ws/chat"),
        ("chat/consumers.py", "ChatConsumer"),
        (ASGI, "AuthMiddlewareStack(URL"),
    ):
        said = await editor.hover(name, part, 3)
        steps = ["websocket", "AuthMiddlewareStack", "URLRouter", 'path("ws/chat/")', "ChatConsumer"]
        places = [said.index(step) for step in steps]
        assert places == sorted(places), said


async def settings_lead_to_their_assignments(editor):
    await editor.start()
    for name in (BASE, PRODUCTION):
        editor.open(name)
    where = {"text_document": editor.document(BASE), "position": editor.at(BASE, "SECRET_KEY")}
    (winner,) = await editor.ask(editor.client.text_document_definition_async(types.DefinitionParams(**where)))
    assert (editor.name(winner.uri), winner.range.start.line) == (PRODUCTION, 3), winner
    context = types.ReferenceContext(include_declaration=True)
    params = types.ReferenceParams(**where, context=context)
    found = await editor.ask(editor.client.text_document_references_async(params))
    assert [(editor.name(it.uri), it.range.start.line) for it in found] == [(BASE, 5), (PRODUCTION, 3)], found


async def hints_show_what_overrides_an_assignment(editor):
    whole = types.Range(start=types.Position(line=0, character=0), end=types.Position(line=999, character=0))
    for options, expected in ((None, None), ({"inlayHints": True}, ["= <$SECRET_KEY> in config.settings.production"])):
        each = Editor(editor.server, editor.folder)
        await each.start(options=options)
        each.open(BASE)
        params = types.InlayHintParams(text_document=each.document(BASE), range=whole)
        found = await each.ask(each.client.text_document_inlay_hint_async(params))
        labels = None if found is None else [(hint.label, hint.position.line) for hint in found]
        assert labels == (expected and [(label, 5) for label in expected]), labels
        await each.stop()


async def fixes_are_applied(editor):
    document_changes = types.WorkspaceEditClientCapabilities(document_changes=True)
    await editor.start(types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(workspace_edit=document_changes)))
    # Lines end as the file has them.
    (editor.folder / ASGI).write_bytes((editor.folder / ASGI).read_bytes().replace(b"\n", b"\r\n"))
    for name in (PRODUCTION, ASGI):
        editor.open(name)
        await editor.current(name)
    actions = await editor.actions(PRODUCTION, "SECURE_PROXY_SSL_HEADER", [types.CodeActionKind.QuickFix])
    title = "name the header that is sent (unsafe)"
    assert title in actions and not actions[title].is_preferred, actions
    assert actions[title].diagnostics[0].code == HEADER
    editor.apply(actions[title].edit)
    assert await editor.current(PRODUCTION) == []
    assert 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")' in editor.texts[PRODUCTION]
    editor.save(PRODUCTION)

    actions = await editor.actions(ASGI, "from chat.routing")
    (safe,) = [action for title, action in actions.items() if title.endswith(" (safe)")]
    assert safe.is_preferred and safe.edit.document_changes[0].text_document.version == editor.versions[ASGI]
    offered = actions["Apply all safe fixes of djudge"]
    assert offered.kind == "source.fixAll.djudge" and offered.edit is None
    whole = await editor.ask(editor.client.code_action_resolve_async(offered))
    at_once = await editor.actions(ASGI, "import os", ["source.fixAll.djudge"])
    assert [action.edit for action in at_once.values()] == [whole.edit]
    editor.apply(whole.edit)
    assert await editor.current(ASGI) == [ORIGIN]
    assert editor.texts[ASGI].count("\r\n") == editor.texts[ASGI].count("\n")
    assert await editor.actions(ASGI, "import os", ["source.fixAll.djudge"]) == {}
    assert await editor.actions(ASGI, "AuthMiddlewareStack(URL", ["refactor"]) == {}


async def a_finding_can_be_silenced(editor):
    await editor.start()
    editor.open(PRODUCTION)
    editor.open(BASE)
    await editor.current(PRODUCTION)
    await editor.current(BASE)
    for name, part, rule in ((PRODUCTION, '"HTTP_CLOUD', HEADER), (BASE, "http://localhost", REDIS)):
        actions = await editor.actions(name, part, [types.CodeActionKind.QuickFix])
        editor.apply(actions[f"Silence {rule} here, with a reason"].edit)
        assert await editor.current(name) == [], editor.shown[name]
    assert f"# djudge: ignore[{HEADER}] TODO" in editor.texts[PRODUCTION]


async def a_rule_page_can_be_opened(editor):
    window = types.WindowClientCapabilities(show_document=types.ShowDocumentClientCapabilities(support=True))
    for capabilities in (types.ClientCapabilities(window=window), types.ClientCapabilities()):
        each = Editor(editor.server, editor.folder)
        await each.start(capabilities)
        each.open(PRODUCTION)
        await each.current(PRODUCTION)
        assert f"Explain {HEADER}" in await each.actions(PRODUCTION, '"HTTP_CLOUD')
        params = types.ExecuteCommandParams(command="djudge.explain", arguments=[HEADER])
        await each.ask(each.client.workspace_execute_command_async(params))
        await each.until(lambda: each.opened_pages or each.log, "the page")
        page = Path(each.opened_pages[0].removeprefix("file://")).read_text() if each.opened_pages else each.log[0]
        assert page.startswith(f"# {HEADER}\n"), page
        await each.stop()


async def syntax_errors_do_not_make_findings_flicker(editor):
    await editor.start()
    for name in (PRODUCTION, BASE, ASGI):
        editor.open(name)
        await editor.current(name)
    before = editor.rules()
    editor.replace(PRODUCTION, "DEBUG = False\n", "DEBUG = False\nINTERNAL_IPS = [\n")
    assert sorted(await editor.current(PRODUCTION)) == sorted([HEADER, "syntax-error"])
    found = next(it for it in editor.shown[PRODUCTION][1] if it.code == HEADER)
    assert found.range.start == editor.at(PRODUCTION, '"HTTP_CLOUD'), found.range
    assert {**editor.rules(), PRODUCTION: [HEADER]} == before
    # What was written over is no more.
    editor.replace(PRODUCTION, "HTTP_CLOUDFRONT_FORWARDED_PROTO", "HTTP_X")
    assert await editor.current(PRODUCTION) == ["syntax-error"]
    editor.replace(PRODUCTION, "INTERNAL_IPS = [\n", "INTERNAL_IPS = []\n")
    editor.replace(PRODUCTION, "HTTP_X", "HTTP_CLOUDFRONT_FORWARDED_PROTO")
    assert await editor.current(PRODUCTION) == [HEADER]
    assert editor.rules() == before


async def configuration_and_other_files_are_watched(editor):
    watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    await editor.start(
        types.ClientCapabilities(workspace=types.WorkspaceClientCapabilities(did_change_watched_files=watched))
    )
    await editor.until(lambda: editor.registered, "the server asks for changes on disk")
    editor.open(PRODUCTION)
    await editor.current(PRODUCTION)

    def on_disk(name, text, kind=types.FileChangeType.Changed):
        path = editor.folder / name
        path.unlink() if text is None else path.write_text(text)
        changes = [types.FileEvent(uri=editor.uri(name), type=kind)]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=changes))

    configuration = (editor.folder / "djudge.toml").read_text()
    on_disk("djudge.toml", f'ignore = ["{HEADER}"]\n{configuration}')
    await editor.until(lambda: HEADER not in editor.rules(PRODUCTION), "the rule is ignored")
    on_disk("djudge.toml", "platform = 7\n")
    await editor.until(lambda: "djudge.toml" in editor.rules(), "the configuration is wrong")
    assert editor.rules(ASGI) == [EARLY, ORIGIN], "what was known is still shown"
    on_disk("djudge.toml", configuration)
    await editor.until(lambda: HEADER in editor.rules(PRODUCTION), "the rule is asked again")
    assert "djudge.toml" not in editor.rules()
    requirements = (editor.folder / "requirements.txt").read_text()
    on_disk("requirements.txt", requirements + "django-cors-headers==4.0\n")
    base = (editor.folder / BASE).read_text()
    on_disk(BASE, base.replace("http://localhost", "redis://localhost"))
    await editor.until(lambda: REDIS not in str(editor.rules()), "the URL is right")
    on_disk(BASE, base)
    await editor.until(lambda: REDIS in editor.rules(BASE), "the URL is wrong again")
    routing = (editor.folder / "chat/routing.py").read_text()
    on_disk("chat/routing.py", None, types.FileChangeType.Deleted)
    await editor.until(lambda: ORIGIN not in editor.rules(ASGI), "the routes are gone")
    on_disk("chat/routing.py", routing, types.FileChangeType.Created)
    await editor.until(lambda: ORIGIN in editor.rules(ASGI), "the routes are there again")


async def without_watching_a_save_looks_at_the_disk(editor):
    await editor.start()
    editor.open(PRODUCTION)
    await editor.current(PRODUCTION)
    assert editor.rules(BASE) == [REDIS]
    base = editor.folder / BASE
    base.write_text(base.read_text().replace("http://localhost", "redis://localhost"))
    editor.save(PRODUCTION)
    await editor.until(lambda: not editor.rules(BASE), "the URL is right")


async def the_user_decides_what_is_shown(editor):
    editor.options = {"minSeverity": "advice"}
    workspace = types.WorkspaceClientCapabilities(configuration=True)
    await editor.start(types.ClientCapabilities(workspace=workspace))
    editor.open(PRODUCTION)
    await editor.current(PRODUCTION)
    editor.replace(PRODUCTION, "DEBUG = False", "DEBUG = False\nDATA_UPLOAD_MAX_MEMORY_SIZE = None")
    await editor.until(lambda: "request-limit-disabled" in editor.rules(PRODUCTION), "advice is shown")
    editor.options = {"minSeverity": "error"}
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    expected = {PRODUCTION: [HEADER], BASE: [REDIS], ASGI: [EARLY, ORIGIN]}
    await editor.until(lambda: editor.rules() == expected, "errors alone are shown")
    editor.options = {"minSeverity": "loud"}
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings=None))
    await editor.until(lambda: any("loud" in line for line in editor.log), "the option is wrong")


async def main(name, server, folder):
    editor = Editor(server, folder)
    await globals()[name](editor)
    if editor.client._server is not None and editor.client._server.returncode is None:
        assert await editor.stop() == 0


if __name__ == "__main__":
    name, server, folder = sys.argv[1:]
    asyncio.run(main(name, server, folder))
    # pygls' reading thread may linger.
    os._exit(0)
