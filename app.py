"""Assembles the pages and starts the server: ``python app.py``."""

from __future__ import annotations

import os
import sys

from assistant.settings import Settings
from corpus.errors import AssistantError
from corpus.messages import LANGUAGES, text
from corpus.settings import load


def main() -> int:
    """Serve the chat until Ctrl-C; return 2 where a setting does not allow it."""
    try:
        run(load(Settings))
    except AssistantError as error:
        given = os.environ.get("ASSISTANT_LANGUAGE", "")
        print(text(error.key, given if given in LANGUAGES else "fr", **error.values), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def run(settings: Settings) -> None:
    """Announce the address, then load the index and the encoder behind the page."""
    import gradio as gr

    from assistant.web.chat import about, chat
    from assistant.web.opening import Opening
    from assistant.web.own import own_documents
    from assistant.web.server import address, application, listen, loopback, serve

    language = settings.language
    opening = Opening(settings)
    with listen(settings.host, settings.port) as listener:
        with gr.Blocks(title=text("chat_title", language), fill_width=True) as page:
            chat(page, opening, language)
            own_documents(page, opening, language, removable=loopback(settings.host))
            about(language)
        app = application(page, language, settings.host)
        print(text("chat_address", language, address=address(listener)), flush=True)
        opening.start()
        serve(app, listener)


if __name__ == "__main__":
    sys.exit(main())
