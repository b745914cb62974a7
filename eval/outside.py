"""Another assistant, at any OpenAI-compatible address, asked the same questions and measured by the same measures."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.reasoning import without_reasoning
from corpus.errors import AssistantError, problem_of
from corpus.sentences import sentence_spans

if TYPE_CHECKING:
    from eval.settings import EvalSettings

__all__ = ["OutsideAssistant", "OutsideError", "claims_of", "refuses"]

# On the line of its sentence: one that begins a line numbers an entry of a list of sources.
MARK = re.compile(r"[^\S\n]*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
# How an assistant says that it does not know, in the two languages. It speaks of itself or of its sources: services that do
# not allow something, or data of which none may be sent, are what an answer is about.
SOURCES = r"(?:sources?|passages?|documents?|extraits?|informations?|[ée]l[ée]ments|excerpts?|context)"
REFUSAL = re.compile(
    r"\b(?:je|nous|on) ne (?:trouv|dispos|sais|sav|connais|poss[èeé]d|peux|pouv|suis|sommes)\w*\b[^.]{0,40}\b(?:pas|aucun\w*)\b"
    r"|\bje n['’]ai (?:pas|aucune|trouv[ée] aucun\w*)\b"
    rf"|\baucune? (?:information|r[ée]ponse|source|donn[ée]e|passage)s?\b[^.]{{0,60}}\b(?:{SOURCES}|sujet|disponible|question)\b"
    rf"|\b(?:pas|non) (?:dans|pr[ée]sente?s? dans|mentionn[ée]e?s? dans|pr[ée]cis[ée]e?s? dans) les {SOURCES}\b"
    rf"|\b{SOURCES}\b[^.]{{0,60}}\bne (?:contien|perme|mentionn|pr[ée]cis|r[ée]pond|indiqu)\w+ (?:pas|aucun\w*)\b"
    r"|\bI (?:do not|don['’]t|cannot|can['’]t|could not|couldn['’]t) (?:find|know|have|answer|provide)\b|\bI(?: am|['’]m) unable to\b"
    r"|\b(?:no|not enough) information (?:on|about|regarding|in|to|is available|was found)\b|\bnot enough information\b"
    rf"|\bnot (?:found|mentioned|stated) in the (?:\w+ )?{SOURCES}\b"
    rf"|\b{SOURCES}\b[^.]{{0,60}}\b(?:do|does) not (?:contain|mention|state|say|provide|answer)\b",
    re.IGNORECASE,
)
# What may stand before it. Any other sentence is an answer, which may say of a detail that it is not known.
OPENING = re.compile(
    r"\W*(?:bonjour|bonsoir|merci|d[ée]sol[ée]|je (?:suis|vous prie)|malheureusement|(?:tr[èe]s )?bonne question|excellente question"
    r"|votre question|vous (?:demandez|cherchez|souhaitez)|hello|hi\b|thank|sorry|I(?: am|['’]m) sorry|I apologi|unfortunately"
    r"|(?:good|great) question|your question|you (?:ask|are asking|want))",
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
        except Exception as error:  # besides the client's own errors: a page or an object in place of a list of models
            raise OutsideError("eval_assistant_silent", url=url, problem=problem_of(error)) from error

    def ask(self, question: str, history: Sequence[Sequence[str]] = ()) -> dict[str, Any]:
        """Return what a run's line says of one answer. Raises OutsideError where there is none."""
        turns = [
            {"role": role, "content": words}
            for turn in history
            for role, words in zip(("user", "assistant"), turn, strict=True)
        ]
        messages: Any = [*turns, {"role": "user", "content": question}]
        started = time.perf_counter()
        try:
            reply = self.client.chat.completions.create(model=self.model, messages=messages, temperature=0)
            said = (reply.choices[0].message.content or "") if reply.choices else ""
            answer = without_reasoning(said).strip()
        except Exception as error:  # besides the client's own errors: a page in place of a reply
            raise OutsideError("eval_assistant_silent", url=self.url, problem=problem_of(error)) from error
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
    for start, end in sentence_spans(answer[:READ_FOR_REFUSAL], "fr"):
        if REFUSAL.search(answer, start, end):
            return True
        if not OPENING.match(answer, start, end):
            return False
    return False


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
