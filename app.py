"""Assembles the pages and starts the server: ``python app.py``."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.command import Parser, start
from corpus.messages import text

if TYPE_CHECKING:
    from assistant.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Serve the chat until Ctrl-C, and return the exit code."""
    return start(build_parser, arguments)


def build_parser(language: str) -> Parser:
    """Return the parser of the command, its help in ``language``."""
    parser = Parser(prog="python app.py", description=text("chat_help", language), language=language)
    parser.set_defaults(run=until_interrupted)
    return parser


def until_interrupted(options: argparse.Namespace, language: str) -> int:
    """Serve the chat; Ctrl-C is how it is meant to end, as is SIGTERM."""
    from assistant.settings import Settings
    from corpus.settings import load

    # By default SIGTERM ends a process where it stands, which would leave the copy of a read-only index behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        run(load(Settings))
    return 0


def run(settings: Settings) -> None:
    """Announce the address, then load the index and the encoder behind the page."""
    import gradio as gr

    from assistant.web.chat import about, chat
    from assistant.web.opening import Opening
    from assistant.web.own import own_documents
    from assistant.web.server import access, address, application, listen, loopback, serve

    language = settings.language
    allowed = access(settings)
    opening = Opening(settings)
    with listen(settings.host, settings.port) as listener:
        with gr.Blocks(title=text("chat_title", language), fill_width=True) as page:
            chat(page, opening, language)
            own_documents(page, opening, language, removable=loopback(settings.host))
            about(language)
        app = application(page, language, allowed)
        print(text("chat_address", language, address=address(listener, settings)), flush=True)
        if not loopback(settings.host):
            opened = "access_opened_login" if allowed.login else "access_opened_all"
            print(text(opened, language, hosts=", ".join(settings.allowed_hosts)), flush=True)
        opening.start()
        serve(app, listener)


if __name__ == "__main__":
    sys.exit(main())
