"""The assistant, opened in the background: the page is served while the index and the encoder load."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock, Thread
from typing import TYPE_CHECKING

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.ask import Assistant

__all__ = ["Opening"]


class Opening:
    """Opens the assistant once for every page. One that failed is tried again when somebody next needs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = Lock()
        self.future: Future[Assistant] | None = None

    def start(self) -> Future[Assistant]:
        """Return what will hold the assistant, or its error; start opening where nothing has, or where it failed."""
        with self.lock:
            if self.future is None or (self.future.done() and self.future.exception()):
                self.future = Future()
                Thread(target=self.run, args=[self.future], name="opening", daemon=True).start()
            return self.future

    def refresh(self) -> Assistant:
        """Return the assistant, on the generation that is current now."""
        opened = self.start().result()
        from assistant.ask import Assistant
        from corpus.index import Index

        index = Index.open(self.settings)
        if index.generation != opened.index.generation:
            opened = Assistant(self.settings, index, opened.retriever.encoder)
            future: Future[Assistant] = Future()
            future.set_result(opened)
            with self.lock:
                self.future = future
        return opened

    def run(self, future: Future[Assistant]) -> None:
        try:
            future.set_result(self.open())
        except Exception as error:  # whoever waits is told, in the page
            future.set_exception(error)

    def open(self) -> Assistant:
        """Import what is heavy, open the index, load the encoder: several seconds in all."""
        from assistant.ask import Assistant

        return Assistant.open(self.settings)
