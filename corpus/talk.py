"""What people say of an answer or to the assistant (``corpus/base/talk.toml``): kinds of talk, each with ways to say it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from corpus.readers.cards import BASE

__all__ = ["TALK", "Kind", "kinds_of_talk"]

TALK = BASE / "talk.toml"


@dataclass(frozen=True)
class Kind:
    """A kind of talk; ``about_answer`` where it is about the answer before."""

    name: str
    about_answer: bool
    examples: tuple[str, ...]


@cache
def kinds_of_talk() -> tuple[Kind, ...]:
    """Return the kinds of talk that are known."""
    read = tomllib.loads(TALK.read_text("utf-8"))
    return tuple(Kind(name, values["about"] == "answer", tuple(values["examples"])) for name, values in read.items())
