"""The server of the pages: its address, and what stands between a browser and Gradio."""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
from typing import Any

import fastapi
import gradio as gr
import uvicorn

from assistant.web.theme import HEAD, theme
from corpus.errors import InputError

__all__ = ["Guard", "application", "listen", "loopback", "serve"]

PORTS_TRIED = 100
# All that the pages need of Gradio. Files, uploads, proxies, its API and the pages about them are not served.
SERVED = re.compile(
    r"/|/(?:theme\.css|manifest\.json|favicon\.ico)|/(?:assets|static)/[\w./-]+|"
    r"/gradio_api/(?:startup-events|cancel|reset|queue/join|queue/data|heartbeat/\w+)/?"
)
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


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def application(page: gr.Blocks, language: str, host: str) -> Guard:
    """``page`` as an application: without Gradio's footer, history, files or API, behind the guard."""
    parent = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        parent,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        theme=theme(),
        head=HEAD,
    )
    hosts = set() if host in ("0.0.0.0", "::") else {host, "localhost", "127.0.0.1", "::1"}
    return Guard(parent, language, hosts)


class Guard:
    """Lets through what the pages need, under strict headers, and serves the page in its language.

    A request that names another host is refused: a site that points its own name at this machine could otherwise read
    the conversation. ``hosts`` is empty where the server listens on every address, hence under any name.
    """

    def __init__(self, app: Any, language: str, hosts: set[str]) -> None:
        self.app = app
        self.language = language
        self.hosts = hosts

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        host = re.sub(r":\d+$", "", headers.get(b"host", b"").decode("latin-1")).strip("[]")
        served = SERVED.fullmatch(scope["path"]) and ".." not in scope["path"]
        if not served or (self.hosts and host not in self.hosts):
            await fastapi.Response(status_code=404)(scope, receive, send)
            return
        is_page = scope["path"] == "/"
        if is_page:  # not compressed, so that its language can be changed
            scope = {**scope, "headers": [item for item in scope["headers"] if item[0] != b"accept-encoding"]}

        async def guarded(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *own]}
            elif is_page and message.get("body"):
                # Both codes have two letters: the length of the body stays what was announced.
                body = message["body"].replace(b'lang="en"', f'lang="{self.language}"'.encode(), 1)
                message = {**message, "body": body}
            await send(message)

        await self.app(scope, receive, guarded)


def serve(app: Guard, listener: socket.socket) -> None:
    """Serve until Ctrl-C, which closes the pages that are still open after a second."""
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, server_header=False, ws="none", timeout_graceful_shutdown=1
    )
    uvicorn.Server(config).run(sockets=[listener])
