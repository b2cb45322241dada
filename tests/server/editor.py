"""An editor as far as the language server sees it: pygls' client, with open documents and the diagnostics that it shows."""

import asyncio
import json
from concurrent.futures import Future
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

# No answer takes so long; where one does, the test fails instead of waiting for ever.
LIMIT = 60

UTF8, UTF16, UTF32 = (types.PositionEncodingKind(name) for name in ("utf-8", "utf-16", "utf-32"))


class Editor:
    """A client, its server and a folder."""

    def __init__(self, server, folder):
        self.folder = Path(folder)
        self.server = server
        self.client = LanguageClient("test", "1")
        self.shown = {}
        self.published = 0
        self.log = []
        self.registered = []
        self.refreshes = 0
        self.opened_pages = []
        self.texts = {}
        self.versions = {}
        self.options = None
        self._news = asyncio.Event()
        self._sent = 0
        self._listen()

    def _listen(self):
        client = self.client

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params):
            self.shown[self.name(params.uri)] = (params.version, list(params.diagnostics))
            self.published += 1
            self._news.set()

        @client.feature(types.WINDOW_LOG_MESSAGE)
        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def _(params):
            self.log.append(params.message)
            self._news.set()

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def _(params):
            self.registered += params.registrations
            self._news.set()

        @client.feature(types.WORKSPACE_CONFIGURATION)
        def _(params):
            return [self.options for _ in params.items]

        @client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def _(*_):
            self.refreshes += 1
            self._news.set()

        @client.feature(types.WINDOW_SHOW_DOCUMENT)
        def _(params):
            self.opened_pages.append(params.uri)
            self._news.set()
            return types.ShowDocumentResult(success=True)

    async def start(self, capabilities=None, options=None, folders=True):
        """Starts the server, and gives what it offers."""
        await self.client.start_io(self.server, "server", cwd=self.folder)
        uri = self.folder.as_uri()
        result = await self.ask(
            self.client.initialize_async(
                types.InitializeParams(
                    capabilities=capabilities or types.ClientCapabilities(),
                    root_uri=uri,
                    workspace_folders=[types.WorkspaceFolder(uri=uri, name="project")] if folders else None,
                    initialization_options=options,
                )
            )
        )
        self.client.initialized(types.InitializedParams())
        return result

    async def stop(self):
        """Says goodbye, and gives the exit code of the server."""
        await self.ask(self.client.shutdown_async(None))
        self.client.exit(None)
        await asyncio.wait_for(self.client._server.wait(), LIMIT)
        return self.client._server.returncode

    def send(self, **message):
        """Sends a message that pygls would not: it checks what it sends."""
        self.write(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def write(self, body):
        """Sends bytes as the body of a message."""
        self.client._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def refused(self, method, params, code):
        """Sends a request, which must be answered with this error."""
        self._sent += 1
        future = self.client.protocol._request_futures[f"sent-{self._sent}"] = Future()
        self.send(id=f"sent-{self._sent}", method=method, params=params)
        try:
            await asyncio.wait_for(asyncio.wrap_future(future), LIMIT)
        except JsonRpcException as error:
            assert error.code == code, error
        else:
            raise AssertionError(f"{method} is answered, instead of {code}")

    @staticmethod
    async def ask(request):
        """The answer to a request."""
        return await asyncio.wait_for(request, LIMIT)

    def name(self, uri):
        """A file as the tests name it: relative to the folder."""
        path = Path(uri.removeprefix("file://").replace("%20", " "))
        return str(path.relative_to(self.folder)) if path.is_relative_to(self.folder) else str(path)

    def uri(self, name):
        return (self.folder / name).as_uri()

    def document(self, name):
        return types.TextDocumentIdentifier(uri=self.uri(name))

    def open(self, name, text=None):
        """Opens a file, with another text than on disk where one is given."""
        path = self.folder / name
        self.texts[name] = path.read_bytes().decode() if text is None else text
        self.versions[name] = 1
        item = types.TextDocumentItem(uri=self.uri(name), language_id="python", version=1, text=self.texts[name])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))

    def close(self, name):
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=self.document(name)))
        del self.texts[name]

    def save(self, name):
        """Writes a document to disk and says so."""
        (self.folder / name).write_bytes(self.texts[name].encode())
        self.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=self.document(name)))

    def change(self, name, text):
        """Gives a document another text as a whole."""
        self.texts[name] = text
        self._changed(name, [types.TextDocumentContentChangeWholeDocument(text=text)])

    def replace(self, name, old, new, encoding="utf-16"):
        """Replaces the first such part of a document, as typing does."""
        text = self.texts[name]
        start = text.index(old)
        where = types.Range(
            start=position(text, start, encoding), end=position(text, start + len(old), encoding)
        )
        self.texts[name] = text[:start] + new + text[start + len(old) :]
        self._changed(name, [types.TextDocumentContentChangePartial(range=where, text=new)])

    def _changed(self, name, changes):
        self.versions[name] += 1
        document = types.VersionedTextDocumentIdentifier(uri=self.uri(name), version=self.versions[name])
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=document, content_changes=changes)
        )

    def apply(self, edit):
        """Applies a workspace edit to the documents that are open."""
        changes = dict(edit.changes or {})
        for change in edit.document_changes or []:
            changes[change.text_document.uri] = change.edits
        for uri, edits in changes.items():
            name = self.name(uri)
            text = self.texts[name]
            spans = [(offset(text, e.range.start), offset(text, e.range.end), e.new_text) for e in edits]
            for start, end, new in sorted(spans, reverse=True):
                text = text[:start] + new + text[end:]
            self.change(name, text)

    async def until(self, is_so, what):
        """Waits until something is so."""
        loop = asyncio.get_running_loop()
        end = loop.time() + LIMIT
        while not is_so():
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), end - loop.time())
            except (TimeoutError, asyncio.TimeoutError):
                raise AssertionError(f"{what}: still {self.rules()}, log {self.log}") from None

    async def current(self, name):
        """Waits for the diagnostics of a document as it is now, and gives their rules."""
        await self.until(lambda: self.shown.get(name, (None,))[0] == self.versions[name], f"diagnostics of {name}")
        return self.rules(name)

    def rules(self, name=None):
        """The rules of what is shown in a file, or by file."""
        if name is None:
            return {name: self.rules(name) for name, (_, found) in self.shown.items() if found}
        return [diagnostic.code for diagnostic in self.shown.get(name, (None, []))[1]]

    def at(self, name, part, skip=0):
        """Where a part of a document begins, and a little further in."""
        text = self.texts[name]
        return position(text, text.index(part) + skip)

    async def hover(self, name, part, skip=0):
        """The text of the hover at a part of a document."""
        params = types.HoverParams(text_document=self.document(name), position=self.at(name, part, skip))
        found = await self.ask(self.client.text_document_hover_async(params))
        return None if found is None else found.contents.value

    async def actions(self, name, part, only=None):
        """The code actions at a part of a document, by title."""
        where = self.at(name, part)
        context = types.CodeActionContext(diagnostics=self.shown.get(name, (None, []))[1], only=only)
        params = types.CodeActionParams(
            text_document=self.document(name), range=types.Range(start=where, end=where), context=context
        )
        found = await self.ask(self.client.text_document_code_action_async(params))
        return {action.title: action for action in found or []}


def width(text, encoding):
    return {"utf-8": len(text.encode()), "utf-16": len(text.encode("utf-16-le")) // 2, "utf-32": len(text)}[encoding]


def position(text, at, encoding="utf-16"):
    """The position of an offset."""
    before = text[:at]
    start = before.rfind("\n") + 1
    return types.Position(line=before.count("\n"), character=width(before[start:], encoding))


def offset(text, where, encoding="utf-16"):
    """The offset of a position."""
    lines = text.split("\n")
    at = sum(len(line) + 1 for line in lines[: where.line])
    line = lines[where.line]
    end = next(end for end in range(len(line) + 1) if width(line[:end], encoding) >= where.character)
    return at + end
