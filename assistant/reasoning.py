"""What a language model says, without what it says to itself: a reasoning is no part of the answer. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["spoken", "without_reasoning"]

TAG = re.compile(r"[<\[](/?)(?:think(?:ing)?|thought|reasoning)\s*[>\]]", re.IGNORECASE)
# What has come of a tag, where it is cut.
CUT = re.compile(r"[<\[]/?[a-z]*\s*\Z", re.IGNORECASE)


def spoken(parts: Iterable[str]) -> Iterator[str | None]:
    """Yield what stands outside the tags of a reasoning, as it comes; None where all that came before was a reasoning.

    Many servers leave out the opening tag, which their prompt holds: the closing one is then the first sign of a
    reasoning, after some of it was said. One that is not closed goes to the end.
    """
    held, inside = "", False
    for part in parts:
        held += part
        while tag := TAG.search(held):
            before, held = held[: tag.start()], held[tag.end() :]
            closes = bool(tag[1])
            if not inside and (closes or before):
                yield None if closes else before
            inside = not closes
        cut = CUT.search(held)
        whole = cut.start() if cut else len(held)
        if whole and not inside:
            yield held[:whole]
        held = held[whole:]


def without_reasoning(text: str) -> str:
    """Return a whole reply without the reasoning in it."""
    said = ""
    for part in spoken([text]):
        said = "" if part is None else said + part
    return said
