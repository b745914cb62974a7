"""How long an assistant takes: each search, its encoding, and whole answers, warm."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.messages import text
from eval import runs
from eval.defaults import SEARCHES
from eval.questions import read_questions

if TYPE_CHECKING:
    from assistant.settings import Settings

__all__ = ["measure_speed"]

WARM_UP = 10


def measure_speed(
    questions_path: Path, settings: Settings, searches: int = SEARCHES, answers: int | None = None
) -> dict[str, list[float]]:
    """Return the seconds of each part, warm: "open" once, "encode" and "search" a search, "answer" a whole answer.

    The questions are searched in turn, over again until there are at least ``searches`` and each was searched once,
    after a warm-up that is not counted. Then each is answered once (the first ``answers`` of them, where that is
    given). "search" is as the assistant measures it, without encoding; "answer" is the time that the caller waits.
    """
    from tqdm import tqdm

    questions = read_questions(questions_path)
    start = time.perf_counter()
    assistant = runs.open_assistant(settings)
    seconds: dict[str, list[float]] = {"open": [time.perf_counter() - start], "encode": [], "search": [], "answer": []}
    searching = runs.Options(retrieval_only=True)
    for number in range(WARM_UP):
        runs.ask(assistant, questions[number % len(questions)], searching)
    rounds = -(-max(searches, len(questions)) // len(questions))
    for question in tqdm(
        questions * rounds, desc=text("eval_speed_search", settings.language), file=sys.stderr, mininterval=1
    ):
        measured = runs.ask(assistant, question, searching)["seconds"]
        for part in ("encode", "search"):
            # A search in words alone encodes nothing.
            if part in measured:
                seconds[part].append(float(measured[part]))
    for question in tqdm(
        questions[:answers], desc=text("eval_speed_answer", settings.language), file=sys.stderr, mininterval=1
    ):
        start = time.perf_counter()
        runs.ask(assistant, question, runs.Options())
        seconds["answer"].append(time.perf_counter() - start)
    return seconds
