"""The server of the pages: its address, whom it lets in, and what stands between a browser and Gradio."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import fastapi
import gradio as gr
import uvicorn
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.routing import Mount
from starlette.types import Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.theme import HEAD, theme
from corpus.errors import InputError
from corpus.messages import text

__all__ = ["Access", "Guard", "access", "address", "application", "listen", "loopback", "serve"]

PORTS_TRIED = 100
# All that the pages need of Gradio. Files, uploads, proxies, its API and the pages about them are not served.
READ = re.compile(
    r"/|/(?:theme\.css|manifest\.json|favicon\.ico)|/(?:assets|static)/[\w./-]+|"
    r"/gradio_api/(?:startup-events|queue/data|heartbeat/\w+)/?"
)
# No question is longer than a few thousand characters.
BODY_BYTES = 64 * 1024
# Gradio's own code needs inline scripts and evaluated templates; nothing may come from, or go to, another host.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}

# Gradio takes the language of its own few words, and then of the whole page, from the browser: here the page has one, and
# this stands before Gradio's own scripts.
SPOKEN = (
    "<script>Object.defineProperties(navigator, "
    '{{ language: {{ value: "{language}" }}, languages: {{ value: ["{language}"] }} }});</script>'
)

Key = Annotated[str, StringConstraints(pattern=r"^\w{1,64}$")]


# --- where it listens, and for whom ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Access:
    """Whom the server answers: requests that name one of ``hosts`` and, where there is a ``login``, only who gives it."""

    hosts: frozenset[str]
    login: tuple[str, str] | None = None


def access(settings: Settings) -> Access:
    """Return whom these settings let in; raise InputError where they would open more than they say."""
    login = (settings.user, settings.password.get_secret_value())
    if any(login) and not all(login):
        raise InputError("access_half")
    hosts = frozenset(settings.allowed_hosts)
    if loopback(settings.host):
        return Access(hosts | {settings.host, "localhost", "127.0.0.1", "::1"}, login if all(login) else None)
    if not hosts:
        raise InputError("access_no_hosts", host=settings.host)
    if not all(login) and not settings.open:
        raise InputError("access_no_login", host=settings.host)
    return Access(hosts, login if all(login) else None)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``port``, or on the next free one; raise InputError where ``host`` has none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    problem = ""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        try:
            return socket.create_server((host, candidate), family=family)
        except OSError as error:
            problem = error.strerror or str(error)
            if error.errno != errno.EADDRINUSE:
                break
    raise InputError("chat_no_port", host=host, port=port, problem=problem)


def loopback(host: str) -> bool:
    """True for an address that only this machine can reach."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(listener: socket.socket, settings: Settings) -> str:
    """The address to open: that of the socket, under the first name that is answered where it listens on all of them."""
    host, port = listener.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = settings.allowed_hosts[0]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def application(page: gr.Blocks, language: str, allowed: Access) -> Guard:
    """``page`` as an application: without Gradio's footer, history, files or API, behind the guard."""
    parent = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        parent,
        page,
        path="/",
        auth=allowed.login,
        auth_message=text("access_login", language),
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        theme=theme(),
        head=HEAD,
    )
    mounted = next(route.app for route in parent.routes if isinstance(route, Mount))
    return Guard(parent, mounted, language, allowed)


# --- what a browser may send -----------------------------------------------------------------------------------------


class Sent(BaseModel):
    """A body: these fields and no other, of these types and no other."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Call(Sent):
    """A function of the page is called. Texts are all that its inputs take: Gradio would open any file that an object names."""

    data: list[str | None]
    fn_index: int
    session_hash: Key
    event_data: None = None
    trigger_id: int | None = None


class Cancel(Sent):
    """A call is given up."""

    session_hash: Key
    fn_index: int
    event_id: Key


class Reset(Sent):
    """A call whose stream is not read any more."""

    event_id: Key


BODIES: Mapping[str, type[Sent]] = {
    "/gradio_api/queue/join": Call,
    "/gradio_api/cancel": Cancel,
    "/gradio_api/reset": Reset,
}
LOGIN = "/login"


class Guard:
    """Lets through what the pages need, under strict headers, and serves the page in its language.

    A request that names another host is refused (421): a site that points its own name at this machine could otherwise
    read the conversation. So is one that another site's page sends (403), what is not served (404), a body that is too
    large (413) or that is not what the function takes (422), and, where there is a login, whoever has not given it (401).
    """

    def __init__(self, app: Any, gradio: Any, language: str, allowed: Access) -> None:
        self.app = app
        self.gradio = gradio
        self.language = language
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])

        async def refuse(status: int) -> None:
            # Gradio's page shows « detail » of what it is refused.
            detail = text("access_again", self.language) if status == 401 else HTTPStatus(status).phrase
            await fastapi.responses.JSONResponse({"detail": detail}, status, {"connection": "close"})(
                scope, receive, send
            )

        if problem := self.refused(scope, headers):
            await refuse(problem)
            return
        path = scope["path"].rstrip("/")
        if scope["method"] == "POST":
            body = await whole(headers, receive)
            if body is None:
                await refuse(413)
                return
            if path != LOGIN:
                checked = self.checked(path, body)
                if isinstance(checked, int):
                    await refuse(checked)
                    return
                # What was checked is what Gradio reads, and not another reading of the same bytes.
                body = checked
                read = {b"content-type": b"application/json", b"content-length": str(len(body)).encode()}
                kept = [item for item in scope["headers"] if item[0] not in (*read, b"transfer-encoding")]
                scope = {**scope, "headers": [*kept, *read.items()]}
            receive = replayed(body, receive)
        is_page = not path
        if is_page:  # not compressed, so that its language can be changed
            scope = {**scope, "headers": [item for item in scope["headers"] if item[0] != b"accept-encoding"]}

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Gradio allows other origins to read what it answers; no page of ours is on another.
                left_out = (b"access-control-", b"content-length") if is_page else (b"access-control-",)
                kept = [item for item in message["headers"] if not item[0].lower().startswith(left_out)]
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*kept, *own]}
            elif is_page:
                message = {**message, "body": self.spoken(message.get("body", b""))}
            await send(message)

        await self.app(scope, receive, guarded)

    def spoken(self, page: bytes) -> bytes:
        """The page in its language, whatever the browser's."""
        first = f"<head>{SPOKEN.format(language=self.language)}".encode()
        return page.replace(b'lang="en"', f'lang="{self.language}"'.encode(), 1).replace(b"<head>", first, 1)

    def refused(self, scope: Scope, headers: Mapping[bytes, bytes]) -> int:
        """The status that refuses a request by its address and its headers, or 0."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if [name for name, _ in scope["headers"]].count(b"host") != 1 or hostname(host) not in self.allowed.hosts:
            return 421
        path, method = scope["path"], scope["method"]
        if method == "POST":
            bare = path.rstrip("/")
            if bare not in BODIES and not (bare == LOGIN and self.allowed.login):
                return 404
            origin = headers.get(b"origin")
            if origin is not None and urlsplit(origin.decode("latin-1").lower()).netloc != host:
                return 403
        elif method not in ("GET", "HEAD") or not READ.fullmatch(path) or ".." in path:
            return 404
        return 401 if path.startswith("/gradio_api/") and not self.known(headers) else 0

    def known(self, headers: Mapping[bytes, bytes]) -> bool:
        """True where no login is asked for, or where the request carries a token that Gradio gave to who gave it."""
        if not self.allowed.login:
            return True
        try:
            cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        except CookieError:
            return False
        names = (f"access-token-{self.gradio.cookie_id}", f"access-token-unsecure-{self.gradio.cookie_id}")
        return any(cookies[name].value in self.gradio.tokens for name in names if name in cookies)

    def checked(self, path: str, body: bytes) -> bytes | Literal[404, 422]:
        """The body as its schema reads it, or the status that refuses it."""
        try:
            sent = BODIES[path].model_validate_json(body)
        except ValidationError:
            return 422
        if isinstance(sent, Call):
            # A session has functions of its own where its page is drawn again; an unknown session is not made by asking.
            session = self.gradio.state_holder.session_data.get(sent.session_hash)
            functions = session.blocks_config.fns if session else self.gradio.get_blocks().fns
            function = functions.get(sent.fn_index)
            if function is None or function.fn is None:
                return 404
            takes_text = [not isinstance(component, gr.State) for component in function.inputs]
            if len(takes_text) != len(sent.data):
                return 422
            if any(given is not None and not takes for given, takes in zip(sent.data, takes_text, strict=True)):
                return 422
        return sent.model_dump_json().encode()


def hostname(host: str) -> str:
    """The name in a Host header, without its port or an IPv6 address's brackets; empty where there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


async def whole(headers: Mapping[bytes, bytes], receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is known to be larger than BODY_BYTES."""
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > BODY_BYTES:
        return None
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > BODY_BYTES:
            return None
    return body


def replayed(body: bytes, receive: Receive) -> Receive:
    """What gives ``body`` once, then whatever comes next (that the client left)."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def serve(app: Guard, listener: socket.socket) -> None:
    """Serve until Ctrl-C, which closes the pages that are still open after a second."""
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, server_header=False, ws="none", timeout_graceful_shutdown=1
    )
    uvicorn.Server(config).run(sockets=[listener])
