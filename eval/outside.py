"""Another assistant, at any OpenAI-compatible address, asked the same questions and measured by the same measures."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corpus.errors import AssistantError
from corpus.sentences import sentence_spans

if TYPE_CHECKING:
    from eval.settings import EvalSettings

__all__ = ["OutsideAssistant", "OutsideError", "claims_of", "refuses"]

MARK = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# How an assistant says that it does not know, in the two languages; read at the start of its answer only, since a complete
# answer may say of a detail that it is not known.
REFUSAL = re.compile(
    r"\bne (?:trouve|dispose|sais|connais|dispos\w+|poss[eè]de|peux)\b[^.]{0,40}\b(?:pas|aucun\w*)\b"
    r"|\bje n['’]ai (?:pas|aucune)\b|\baucune (?:information|r[ée]ponse|source|donn[ée]e)"
    r"|\b(?:pas|non) (?:dans|pr[ée]sente? dans|mentionn[ée]e?s? dans) les (?:sources|passages|documents)"
    r"|\bne (?:contiennent|permettent|mentionnent|pr[ée]cisent) (?:pas|aucune)"
    r"|\bI (?:do not|don['’]t|cannot|can['’]t) (?:find|know|have|answer|provide)"
    r"|\b(?:no|not enough) information\b|\bnot (?:found|mentioned|stated) in the",
    re.IGNORECASE,
)
READ_FOR_REFUSAL = 240


class OutsideError(AssistantError):
    """The address did not answer; the same question may be answered later."""

    retry = True


class OutsideAssistant:
    """A chat at an OpenAI-compatible address. Its passages cannot be seen: search is not measured on it."""

    def __init__(self, url: str, settings: EvalSettings) -> None:
        import openai

        self.url = url
        self.client = openai.OpenAI(
            base_url=url,
            api_key=settings.assistant_api_key.get_secret_value() or "none",
            timeout=settings.llm_timeout,
            max_retries=1,
        )
        try:
            self.model = settings.assistant_model or self.client.models.list().data[0].id
        except (openai.OpenAIError, IndexError) as error:
            raise OutsideError("eval_assistant_silent", url=url, problem=error) from error

    def ask(self, question: str, history: Sequence[Sequence[str]] = ()) -> dict[str, Any]:
        """Return what a run's line says of one answer. Raises OutsideError where there is none."""
        import openai

        turns = [
            {"role": role, "content": words}
            for turn in history
            for role, words in zip(("user", "assistant"), turn, strict=True)
        ]
        messages: Any = [*turns, {"role": "user", "content": question}]
        started = time.perf_counter()
        try:
            reply = self.client.chat.completions.create(model=self.model, messages=messages, temperature=0)
        except openai.OpenAIError as error:
            raise OutsideError("eval_assistant_silent", url=self.url, problem=error) from error
        answer = (reply.choices[0].message.content or "").strip() if reply.choices else ""
        abstained = not answer or refuses(answer)
        return {
            "answer": answer,
            "claims": claims_of(answer),
            "status": "not_found" if abstained else "answered",
            "abstained": abstained,
            "passages": [],
            "citations": [],
            "removed": [],
            "opaque": True,
            "seconds": {"answer": time.perf_counter() - started},
            "encoder": "",
            "model": self.model,
            "index": "",
        }


def refuses(answer: str) -> bool:
    """True where an answer begins by saying that it does not know."""
    return bool(REFUSAL.search(answer[:READ_FOR_REFUSAL]))


def claims_of(answer: str) -> list[dict[str, Any]]:
    """Return the sentences of an answer, each with the numbers in brackets that follow it."""
    claims = []
    # A mark that follows the full stop belongs to the sentence before it.
    text = re.sub(rf"([.!?…])((?:{MARK.pattern})+)", lambda found: f"{found[2]}{found[1]}", answer)
    for start, end in sentence_spans(text, "fr"):
        sentence = text[start:end]
        cited = [int(number) for mark in MARK.finditer(sentence) for number in re.findall(r"\d+", mark[1])]
        words = MARK.sub("", sentence).strip(" -*\n")
        if re.search(r"\w", words):
            claims.append({"text": words, "citations": list(dict.fromkeys(cited)), "kind": "sentence"})
    return claims
