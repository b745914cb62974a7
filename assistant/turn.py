"""What is known of a question as it goes from stage to stage: what was typed, how it may be read, what was found, what is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Basis
from assistant.matching import Match
from assistant.question import Question
from assistant.search import Found, Mode
from assistant.verify import Draft

__all__ = ["Decision", "Reading", "Request"]


@dataclass(frozen=True)
class Request:
    """What is asked. ``history`` has (question, answer) of the turns before, the oldest first; ``top`` is how many passages."""

    typed: str
    history: Sequence[tuple[str, str]] = ()
    filters: Mapping[str, Sequence[str]] | None = None
    top: int = 10
    mode: Mode = "hybrid"


@dataclass(frozen=True)
class Reading:
    """One way to read a question, and what was found for it: passages; prepared answers and absences, the likeliest first.
    ``continued`` where it is read in the light of the turns before, ``filtered`` where only some documents may answer."""

    question: Question
    found: Found
    matches: Sequence[Match] = ()
    continued: bool = False
    filtered: bool = False


@dataclass(frozen=True)
class Decision:
    """What is answered, by which reading: ``chosen`` are the prepared answers, or the absence, in their order; ``drafts`` what
    stands already; ``offered`` the questions that are proposed; ``asked`` the part of the question that it is of, where it is of one."""

    basis: Basis
    reading: Reading
    chosen: Sequence[Match] = ()
    drafts: Sequence[Draft] = ()
    offered: Sequence[str] = ()
    asked: str = ""
