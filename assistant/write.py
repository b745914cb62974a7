"""An answer written by a language model from the passages that search found, released sentence by sentence as it is verified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.answer import Hit
from assistant.question import Question
from assistant.reasoning import spoken
from assistant.settings import Settings
from assistant.verify import Draft, support_for
from corpus.errors import AssistantError, problem_of
from corpus.index import Index
from corpus.messages import text as message
from corpus.sentences import sentence_spans

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatMessage

__all__ = ["ModelError", "language_model", "write"]

PASSAGES_GIVEN = 6
MARK = re.compile(r"\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]")
# A mark that follows the full stop belongs to the sentence before it; what is still being written may become one.
LATE_MARKS = re.compile(rf"([.!?…][»”\")]?)((?:{MARK.pattern})+)")
UNFINISHED = re.compile(r"\[[\d\s,;]*$|\*$")


class ModelError(AssistantError):
    """The language model did not answer; the same question may be answered later."""

    retry = True


def language_model(settings: Settings) -> LLM:
    """Return the client of the settings' endpoint."""
    from llama_index.llms.openai_like import OpenAILike

    return OpenAILike(
        model=settings.llm_model,
        api_base=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value() or "none",
        is_chat_model=True,
        timeout=settings.llm_timeout,
        max_retries=1,
        temperature=0.0,
    )


def write(question: Question, hits: Sequence[Hit], index: Index, model: LLM) -> Iterator[Draft | None]:
    """Yield each sentence that the model writes, with the passages that bear it; one that none bears has no support.

    None withdraws every sentence before it: what they belonged to proves to be the model's reasoning.

    Raises ModelError where the endpoint cannot be reached or breaks off.
    """
    from llama_index.core.llms import ChatMessage, MessageRole

    given = list(hits[:PASSAGES_GIVEN])
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=message("prompt_system", question.language)),
        ChatMessage(role=MessageRole.USER, content=prompt(question, given)),
    ]
    pending = ""
    for part in spoken(stream(model, messages)):
        if part is None:
            pending = ""
            yield None
            continue
        pending += part
        if not UNFINISHED.search(pending):
            complete, pending = whole_sentences(pending, question.language)
            yield from borne(complete, given, index)
    complete, _ = whole_sentences(UNFINISHED.sub("", pending) + "\n", question.language)
    yield from borne(complete, given, index)


def stream(model: LLM, messages: list[ChatMessage]) -> Iterator[str]:
    """Yield what the model says as it says it; raise ModelError where it does not."""
    try:
        for part in model.stream_chat(messages):
            yield part.delta or ""
    except Exception as error:  # the client raises a dozen kinds, all of which mean that the model is not there
        raise ModelError("model_failed", problem=problem_of(error)) from error


def prompt(question: Question, given: Sequence[Hit]) -> str:
    """The passages under their numbers, then the question."""
    blocks = [
        f"[{number}] {hit.document.title} – {' › '.join(hit.passage.heading_path)}\n{hit.passage.text}"
        for number, hit in enumerate(given, start=1)
    ]
    return message("prompt_user", question.language, passages="\n\n".join(blocks), question=question.text)


def whole_sentences(text: str, language: str) -> tuple[list[str], str]:
    """Return (the sentences that are complete, marks included; what is still being written)."""
    moved = LATE_MARKS.sub(r"\2\1", text.replace("**", ""))
    spans = sentence_spans(moved, language)
    if len(spans) < 2 and "\n" not in moved.rstrip(" "):
        return [], text
    last = spans[-1][0] if spans and not moved.endswith("\n") else len(moved)
    return [moved[start:end] for start, end in spans if end <= last], moved[last:]


def borne(sentences: Sequence[str], given: Sequence[Hit], index: Index) -> Iterator[Draft]:
    """Yield the sentences that say something, each with its support."""
    yield from (draft for sentence in sentences if (draft := bear(sentence, given, index)).text)


def bear(written: str, given: Sequence[Hit], index: Index) -> Draft:
    """Return a written sentence with its support: the passages it cites where they bear it, else any that does."""
    cited = [int(number) for mark in MARK.findall(written) for number in re.split(r"\s*[,;]\s*", mark)]
    text = MARK.sub("", written).strip()
    kind = "item" if text.startswith(("- ", "* ", "• ")) else "sentence"
    text = re.sub(r"^(?:[-*•]|\d+[.)])\s+", "", text).strip()
    named = [given[number - 1] for number in dict.fromkeys(cited) if 0 < number <= len(given)]
    supports = support_for(text, named, index.lexical.weight) or support_for(text, given, index.lexical.weight)[:1]
    return Draft(text, kind, supports)
