"""The organisation's own documents in the app: what collections there are, and, on the machine itself, the removal of one.

Nobody on the network may remove anything: off loopback the removal is not built; on it, each request is checked again,
since a proxy or another site's page may speak to it for somebody else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from assistant.web.chat import PLAIN, POLL
from assistant.web.opening import Opening
from assistant.web.server import loopback
from corpus.errors import AssistantError, InputError
from corpus.messages import text

__all__ = ["own_documents"]

# The documents and passages of each collection, by its name.
Collections = Mapping[str, tuple[int, int]]


def own_documents(page: gr.Blocks, opening: Opening, language: str, removable: bool) -> None:
    """Lay out the panel, which stays hidden where there is no collection."""
    say = partial(text, language=language)
    event: partial[Any] = partial(dict, show_progress="hidden", api_visibility="private", concurrency_limit=None)
    collections, allowed, pending = gr.State({}), gr.State(False), gr.State("")
    with gr.Accordion(say("own_documents"), open=False, visible=False, elem_id="own") as panel:

        @gr.render([collections, allowed], show_progress="hidden")
        def show(collections: Collections, allowed: bool) -> None:
            for name, (documents, passages) in collections.items():
                held = escape(say("own_collection", name=name, documents=documents, passages=passages))
                with gr.Row(elem_classes="collection"):
                    gr.HTML(f"<p>{held}</p>", **PLAIN)
                    if allowed:
                        remove = gr.Button(say("own_remove", name=name), size="sm")
                        remove.click(ask(name), None, confirmation, **event())
            if collections and not allowed:
                gr.HTML(f"<p>{escape(say('own_elsewhere'))}</p>", **PLAIN)

        status = gr.HTML("", elem_id="own-status", **PLAIN)
        with gr.Row(visible=False) as confirming:
            no = gr.Button(say("own_no"), size="sm", elem_id="own-no")
            yes = gr.Button(say("own_yes"), size="sm", variant="primary", elem_id="own-yes")
    confirmation = [pending, status, confirming]

    async def load(request: gr.Request) -> tuple[object, ...]:
        while not (future := opening.start()).done():
            await asyncio.sleep(POLL)
        found = {} if future.exception() else await asyncio.to_thread(counted, opening)
        return gr.update(visible=bool(found)), found, removable and local(request)

    def ask(name: str) -> Callable[[gr.Request], tuple[object, ...]]:
        def asked(request: gr.Request) -> tuple[object, ...]:
            if not local(request):
                return "", escape(say("own_elsewhere")), gr.update(visible=False)
            return name, escape(say("own_confirm", name=name)), gr.update(visible=True)

        return asked

    async def confirmed(name: str, request: gr.Request) -> AsyncIterator[tuple[object, ...]]:
        if not (name and local(request)):
            yield "", escape(say("own_elsewhere")), gr.update(visible=False), gr.skip()
            return
        yield "", escape(say("own_removing", name=name)), gr.update(visible=False), gr.skip()
        try:
            left = await asyncio.to_thread(drop, name, opening)
        except Exception as error:
            yield "", escape(problem(error, language)), gr.skip(), gr.skip()
        else:
            yield "", escape(say("own_removed", name=name)), gr.skip(), left

    page.load(load, None, [panel, collections, allowed], **event())
    if removable:
        no.click(lambda: ("", escape(say("own_kept")), gr.update(visible=False)), None, confirmation, **event())
        yes.click(confirmed, pending, [*confirmation, collections], **event())


def local(request: gr.Request) -> bool:
    """True where this machine asks from a page of this machine: not another site, nor a browser behind a proxy."""
    origin = urlsplit(dict(request.headers).get("origin", "")).hostname
    return loopback(request.client.host or "") and loopback(origin or "")


def counted(opening: Opening) -> Collections:
    """The collections of the current generation, which the chat answers from hereafter; none where there is no index."""
    try:
        return opening.refresh().index.own_collections()
    except AssistantError:
        return {}


def drop(name: str, opening: Opening) -> Collections:
    """Remove a collection whole, answer without it from then on, and return those that are left.

    One that is not registered any more (removed by the command line, or by a run that was killed) leaves the index likewise.
    Nothing is kept for an answer under way, which may end with an error.
    """
    from corpus.index import update

    try:
        update(opening.settings, without=name, threads=1)
    except InputError as error:
        if error.key not in ("collection_unknown", "collection_none"):
            raise
        update(opening.settings, threads=1)
    return opening.refresh().index.own_collections()


def problem(error: Exception, language: str) -> str:
    """The sentence of an error that was foreseen; any other is logged."""
    if isinstance(error, AssistantError):
        return text(error.key, language, **error.values)
    logging.getLogger(__name__).error("collection not removed", exc_info=error)
    return text("own_unexpected", language)
