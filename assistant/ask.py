"""The one way through: a question, its history and filters in; an answer out, whole or as it grows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.answer import Answer, Claim, Hit, Removed
from assistant.compose import compose, compose_criterion, compose_list, document_title
from assistant.conversation import is_small_talk, standalone
from assistant.evidence import holds_answer, signs
from assistant.question import Question, check, understand
from assistant.search import Found, HybridRetriever, Mode
from assistant.settings import Settings
from assistant.verify import Draft, Verified, apart, verify
from assistant.write import language_model, write
from corpus.catalogue import named, parse
from corpus.encoders import Encoder, load_encoder
from corpus.index import Index
from corpus.messages import text as message
from corpus.spelling import repaired

__all__ = ["Assistant"]

NEAREST_SUBJECTS = 3


class Assistant:
    """An index and its encoder, ready to answer."""

    def __init__(self, settings: Settings, index: Index, encoder: Encoder) -> None:
        self.settings = settings
        self.index = index
        self.retriever = HybridRetriever(index, encoder)

    @classmethod
    def open(cls, settings: Settings, threads: int = 1) -> Assistant:
        """Open the index and load its encoder; raise IndexMissing or EncoderError."""
        index = Index.open(settings)
        return cls(settings, index, load_encoder(settings.encoder, threads))

    def ask(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 10,
    ) -> Answer:
        """Return the whole answer. Raises InputError for an empty question, one too long, or an unknown facet."""
        *_, answer = self.stream(question, history, filters, top)
        return answer

    def search(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 10,
        mode: Mode = "hybrid",
    ) -> Answer:
        """Return an answer that holds the passages found and nothing else."""
        started = time.perf_counter()
        understood = self.understand(question, history)
        found = self.retriever.search(understood, filters, top, mode)
        return self.answer(question, understood, found, started)

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 10,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, verified at each step; the last one is ``done``."""
        started = time.perf_counter()
        understood = self.understand(question, history)
        found = self.retriever.search(understood, filters, top)
        empty = self.answer(question, understood, found, started)
        if is_small_talk(question):
            yield replace(empty, claims=(Claim(message("small_talk", self.settings.language), kind="note"),))
            return
        drafts = self.structured(understood) if not filters else []
        if not drafts:
            if not self.answerable(understood, found):
                yield self.refusal(empty, understood, found, started)
                return
            if self.settings.writes:
                yield from self.written(empty, understood, found, started)
                return
            drafts = compose(understood, found.hits, self.index)
        verified = self.verified(drafts, understood, found)
        if not verified.citations:
            yield self.refusal(replace(empty, removed=verified.removed), understood, found, started)
            return
        yield self.complete(empty, verified, started)

    def understand(self, question: str, history: Sequence[tuple[str, str]]) -> Question:
        """Read the question in the light of its history; raise InputError where there is none to read."""
        check(question)
        understood = understand(standalone(question.strip(), history))
        if understood.language != "fr":
            return understood
        return understand(repaired(understood.text, self.index.words, self.index.lexical.vocabulary))

    def structured(self, question: Question) -> list[Draft]:
        """Return what typed properties answer: a list of criteria or practices, or the criteria that the question names."""
        documents = self.index.documents.values()
        if query := parse(question.text, documents):
            return compose_list(query, question, self.index)
        criteria = [
            document
            for document in named(documents, question.codes, question.superseded)
            if document.kind == "criterion"
        ]
        return [draft for document in criteria for draft in compose_criterion(question, document, self.index)]

    def answerable(self, question: Question, found: Found) -> bool:
        """Decide whether what was found holds the answer."""
        if not found.hits or self.missing_criteria(question):
            return False
        # A code that exists is the best evidence there is.
        if question.codes and named(self.index.documents.values(), question.codes, question.superseded):
            return True
        return holds_answer(signs(question, found, self.index.lexical, self.retriever.encoder))

    def missing_criteria(self, question: Question) -> list[str]:
        """The criterion numbers that the question names and the edition does not have."""
        numbers = [code for code in question.codes if code[0].isdigit()]
        known = {
            str(d.properties.get("number")) for d in named(self.index.documents.values(), numbers, question.superseded)
        }
        return [number for number in numbers if number not in known]

    def written(self, empty: Answer, question: Question, found: Found, started: float) -> Iterator[Answer]:
        """Yield the answer as the model writes it: each sentence once it is verified, none that is not.

        Where nothing is left of it, the answer is composed, and says so.
        """
        empty = replace(empty, mode="written", model=self.settings.llm_model, done=False)
        drafts: list[Draft] = []
        unsupported: list[Removed] = []
        for draft in write(question, found.hits, self.index, language_model(self.settings)):
            if draft is None:
                if drafts:
                    yield self.complete(empty, self.verified([], question, found), started, done=False)
                drafts, unsupported = [], []
            elif draft.supports:
                drafts.append(draft)
                yield self.complete(empty, self.verified(drafts, question, found), started, done=False)
            else:
                unsupported.append(Removed(draft.text, "removed_unsupported"))
        verified = self.verified(drafts, question, found)
        verified = replace(verified, removed=(*verified.removed, *unsupported))
        if verified.citations:
            yield self.complete(empty, verified, started)
            return
        note = Draft(message("written_unverified", question.language), "note")
        composed = self.verified([note, *compose(question, found.hits, self.index)], question, found)
        removed = (*verified.removed, *composed.removed)
        if composed.citations:
            yield self.complete(replace(empty, mode="composed"), replace(composed, removed=removed), started)
        else:
            yield self.refusal(replace(empty, removed=removed), question, found, started)

    def verified(self, drafts: Sequence[Draft], question: Question, found: Found) -> Verified:
        """What passes the verification, the organisation's own documents apart."""
        return verify(apart(drafts, question.language), found.hits, self.index)

    def answer(self, asked: str, question: Question, found: Found, started: float) -> Answer:
        """The answer's frame: what was asked, found and measured; no claim yet."""
        return Answer(
            question=asked,
            standalone=question.text,
            language=question.language,
            mode="composed",
            status="not_found",
            claims=(),
            passages=found.hits,
            citations=(),
            seconds={**found.seconds, "answer": time.perf_counter() - started},
            encoder=self.settings.encoder,
            index=self.index.generation,
        )

    def complete(self, empty: Answer, verified: Verified, started: float, done: bool = True) -> Answer:
        return replace(
            empty,
            status="partial" if verified.removed else "answered",
            claims=verified.claims,
            passages=verified.passages,
            citations=verified.citations,
            removed=verified.removed,
            seconds={**empty.seconds, "answer": time.perf_counter() - started},
            done=done,
        )

    def refusal(self, empty: Answer, question: Question, found: Found, started: float) -> Answer:
        """One sentence that says that the sources do not hold the answer, and the nearest subjects that they do hold."""
        missing = self.missing_criteria(question)
        nearest = nearest_subjects(found.hits)
        sentence = (
            message("criterion_missing", question.language, numbers=", ".join(missing))
            if missing
            else message("not_found", question.language)
        )
        claims = [Claim(sentence, kind="note")]
        if nearest:
            claims.append(Claim(message("nearest", question.language, subjects=" ; ".join(nearest)), kind="note"))
        return replace(
            empty,
            status="not_found",
            claims=tuple(claims),
            citations=(),
            passages=found.hits,
            suggestions=nearest,
            seconds={**empty.seconds, "answer": time.perf_counter() - started},
            done=True,
        )


def nearest_subjects(hits: Sequence[Hit]) -> tuple[str, ...]:
    """The subjects of the best passages, each once: a criterion's own question, else a document's title."""
    return tuple(dict.fromkeys(document_title(hit.document) for hit in hits))[:NEAREST_SUBJECTS]
