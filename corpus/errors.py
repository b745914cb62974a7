"""The errors that a reader may see. Each carries the key of its sentence in the catalogue and the values that fill it."""

from __future__ import annotations

from functools import partial
from typing import Any

__all__ = [
    "AssistantError",
    "DocumentError",
    "EncoderError",
    "FetchError",
    "FetchFailed",
    "IndexMissing",
    "InputError",
    "problem_of",
]


class AssistantError(Exception):
    """An error with a sentence of its own: ``key`` in ``corpus.messages``, filled with ``values``. ``retry`` says whether the same call may succeed later."""

    retry = False

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        # From one process to another: an exception is made again from its arguments alone.
        return partial(type(self), **self.values), (self.key,)


class InputError(AssistantError):
    """What the user gave (a setting, a folder, a file of questions) cannot be used."""


class DocumentError(AssistantError):
    """One document cannot be read; the others are not concerned."""


class FetchError(AssistantError):
    """An address must not be fetched, or what it answers must not be kept; the others are not concerned."""


class FetchFailed(FetchError):
    """An address could not be fetched: the network, or its server."""

    retry = True


class EncoderError(AssistantError):
    """The encoder cannot be loaded."""


class IndexMissing(AssistantError):
    """There is no index yet for this encoder."""


def problem_of(error: BaseException) -> str:
    """What a library said went wrong, as it stands in a sentence: a server's page of error has lines, and many."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
