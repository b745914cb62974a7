"""The one way through: a question, its history and filters in; an answer out, whole or as it grows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Answer, Claim, Hit, Removed
from assistant.compose import compose, compose_criterion, compose_list, document_title
from assistant.conversation import is_small_talk, standalone
from assistant.evidence import confidence, holds_answer, signs
from assistant.markup import without_markup
from assistant.prepared import Match, fits, further, matches, prepared_drafts
from assistant.question import Question, check, understand
from assistant.search import Found, HybridRetriever, Mode, allowed_documents
from assistant.settings import Settings
from assistant.verify import Draft, Verified, apart, verify
from assistant.write import language_model, write
from corpus.catalogue import named, parse
from corpus.encoders import Encoder, load_encoder
from corpus.index import Index
from corpus.messages import text as message
from corpus.spelling import repaired

__all__ = ["Assistant", "Reading"]

NEAREST_SUBJECTS = 3


@dataclass(frozen=True)
class Reading:
    """One way to read a question: what was found for it, the prepared answers that may be given, the surest first; what
    typed properties say of it."""

    question: Question
    found: Found
    prepared: Sequence[Match]
    drafts: list[Draft]


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
        readings = self.read(question, history, filters, top, mode)
        best = max(readings, key=self.confidence) if len(readings) > 1 else readings[0]
        return self.answer(question, best.question, best.found, started)

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 10,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, verified at each step; the last one is ``done``."""
        if is_small_talk(without_markup(question)):
            invitation = Claim(message("small_talk", self.settings.language), kind="note")
            yield replace(self.search(question, history, filters, top), claims=(invitation,))
            return
        started = time.perf_counter()
        readings = self.read(question, history, filters, top)
        confidences = [self.confidence(reading) for reading in readings]
        best = readings[confidences.index(max(confidences))]
        understood, found = best.question, best.found
        empty = self.answer(question, understood, found, started)
        if not holds_answer(confidences):
            yield self.refusal(empty, understood, found, started)
            return
        if best.prepared and not self.settings.writes:
            yield self.complete(*self.prepared(empty, best), started)
            return
        if self.settings.writes and not best.drafts:
            yield from self.written(empty, understood, found, started)
            return
        drafts = best.drafts or compose(understood, found.hits, self.index)
        verified = self.verified(drafts, understood, found)
        if not verified.citations:
            yield self.refusal(replace(empty, removed=verified.removed), understood, found, started)
            return
        yield self.complete(empty, verified, started)

    def read(
        self,
        question: str,
        history: Sequence[tuple[str, str]],
        filters: Mapping[str, Sequence[str]] | None,
        top: int,
        mode: Mode = "hybrid",
    ) -> list[Reading]:
        """Search for each reading of a question; typed properties know no filter."""
        allowed = allowed_documents(self.index.documents, filters) if filters else None
        readings = []
        for reading in self.readings(question, history):
            found = self.retriever.search(reading, filters, top, mode)
            listed = [] if filters else self.listed(reading)
            matched = [] if listed else matches(reading, found, self.index, allowed)
            prepared = matched if fits(reading, matched, found, self.index) else []
            readings.append(Reading(reading, found, prepared, listed or ([] if filters else self.criteria(reading))))
        return readings

    def readings(self, question: str, history: Sequence[tuple[str, str]]) -> list[Question]:
        """Return a question in the light of its history: its spelling repaired, and as it was typed where that differs.

        Raises InputError where there is none to read.
        """
        check(question)
        history = [(without_markup(asked), answered) for asked, answered in history]
        typed = understand(standalone(without_markup(question).strip(), history))
        if typed.language != "fr":
            return [typed]
        mended = understand(repaired(typed.text, self.index.words, self.index.lexical.vocabulary))
        return [mended] if mended == typed else [mended, typed]

    def listed(self, question: Question) -> list[Draft]:
        """Return the list of criteria or practices that the question asks for, from their typed properties."""
        query = parse(question.text, self.index.documents.values())
        return compose_list(query, question, self.index) if query else []

    def criteria(self, question: Question) -> list[Draft]:
        """Return what the criteria that the question names say, each whole."""
        criteria = [
            document
            for document in named(self.index.documents.values(), question.codes, question.superseded)
            if document.kind == "criterion"
        ]
        return [draft for document in criteria for draft in compose_criterion(question, document, self.index)]

    def confidence(self, reading: Reading) -> float:
        """How sure it is that what was found holds the answer, from 0 to 1."""
        question, found = reading.question, reading.found
        if reading.drafts:
            return 1.0
        if not found.hits or self.missing_criteria(question):
            return 0.0
        # A code that exists is the best evidence there is.
        if question.codes and named(self.index.documents.values(), question.codes, question.superseded):
            return 1.0
        return confidence(signs(question, found, self.index.lexical, self.retriever.encoder))

    def prepared(self, empty: Answer, reading: Reading) -> tuple[Answer, Verified]:
        """Return the frame of a prepared answer, and what it says, then what the organisation's own documents do: what it
        cites comes first, then the passages that search found."""
        given, *others = reading.prepared
        drafts = [*prepared_drafts(given, reading.question, self.index), *self.own_drafts(reading)]
        drafts = apart(drafts, reading.question.language)
        verified = verify(drafts, (), self.index)
        found = {hit.passage.id: hit for hit in reading.found.hits}
        cited = [found.pop(hit.passage.id, hit) for hit in verified.passages]
        more = further(others, given, NEAREST_SUBJECTS, self.index)
        frame = replace(empty, prepared=given.answer.id, suggestions=more)
        return frame, replace(verified, passages=(*cited, *found.values()))

    def own_drafts(self, reading: Reading) -> list[Draft]:
        """Return what the organisation's own documents say, of all that would be quoted where no answer is prepared."""
        hits = reading.found.hits
        if not any(hit.document.origin == "own" for hit in hits):
            return []
        drafts = compose(reading.question, hits, self.index)
        return [
            draft
            for draft in drafts
            if draft.supports and all(support.hit.document.origin == "own" for support in draft.supports)
        ]

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
            ranked=tuple(hit.passage.id for hit in found.hits),
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
