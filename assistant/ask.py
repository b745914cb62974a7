"""The one way through: a question, its history and filters in; an answer out, whole or as it grows.

The stages, in order: talk, readings, search, matching, decision, drafts, verification. Each is a function of what the stages before it
found (``assistant.turn``), in a module of its own.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import zip_longest

from assistant.answer import Answer, Claim, Hit, Removed
from assistant.compose import extracts, missing_drafts
from assistant.decision import OFFERED, decide, missing_criteria
from assistant.markup import without_markup
from assistant.matching import SAME, WEIGHTS, Match, matches, ranked
from assistant.premise import taken_for_granted
from assistant.prepared import YES_OR_NO, absence_drafts, correcting, disagreeing, premise_drafts, prepared_drafts
from assistant.question import Question, asking, check, in_the_light_of, parts, understand
from assistant.search import HybridRetriever, Mode, allowed_documents
from assistant.settings import Settings
from assistant.talk import about_answer, recognised, said_to
from assistant.turn import Decision, Reading, Request
from assistant.verify import Draft, Verified, apart, verify
from assistant.write import language_model, write
from corpus.encoders import Encoder, load_encoder
from corpus.index import Index
from corpus.lexical import content_words, tokens
from corpus.messages import text as message
from corpus.spelling import repaired
from corpus.talk import Kind

__all__ = ["Assistant"]

MATCHED = 10
# A statement that shares so many of its words with what was said repeats it.
REPEATED = 0.8
# An answer to the whole of a question that is likelier than this, and to none of its parts, stands.
UNLIKELY = 0.4
# An answer that is less likely than this is said to be the nearest only, under the question that it answers.
UNSURE = 0.3
# « Et sous quelle licence ? » says nothing by itself.
LEANING = 1
# A part of a question is answered already by what holds this share of its words.
SAID = 0.5
# The kind of talk that asks for more of the same.
CONTINUE = "continue"


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
        request = request_of(question, history, filters, top, mode)
        reading = self.decisions(request)[0].reading
        return replace(
            self.frame(request, reading.question, reading), seconds={**reading.found.seconds, **since(started)}
        )

    def stream(
        self,
        question: str,
        history: Sequence[tuple[str, str]] = (),
        filters: Mapping[str, Sequence[str]] | None = None,
        top: int = 10,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, verified at each step; the last one is ``done``."""
        started = time.perf_counter()
        request = request_of(question, history, filters, top)
        if reply := self.talk(request, started):
            yield reply
            return
        decisions = self.decisions(request)
        first = decisions[0]
        if self.settings.writes and len(decisions) == 1 and first.basis in ("prepared", "extracts"):
            yield from self.written(self.frame(request, first.reading.question, first.reading), first, started)
        else:
            yield self.composed(request, decisions, started)

    def frame(self, request: Request, question: Question, reading: Reading | None = None) -> Answer:
        """An answer that says nothing yet: what was asked, how it was read and what was found."""
        found = reading.found if reading else None
        return Answer(
            question=request.typed,
            standalone=question.text,
            language=question.language,
            mode="composed",
            basis="none",
            status="not_found",
            claims=(),
            passages=found.hits if found else (),
            citations=(),
            seconds=found.seconds if found else {"encode": 0.0, "search": 0.0},
            encoder=self.settings.encoder,
            index=self.index.generation,
            matched=tuple(match.id for match in reading.matches[:MATCHED]) if reading else (),
            ranked=tuple(hit.passage.id for hit in found.hits) if found else (),
        )

    # --- the stages ---------------------------------------------------------------------------------------------------

    def talk(self, request: Request, started: float) -> Answer | None:
        """Return the reply to talk about the answer before, or to the assistant; None where a question is asked."""
        spoken = self.spoken(request.typed, bool(request.history))
        if spoken is None:
            return None
        kind, said = spoken
        plain = understand(without_markup(request.typed).strip())
        language = plain.language if request.history or plain.language == "en" else self.settings.language
        empty = self.frame(request, plain)
        if not kind.about_answer:
            claims = (Claim(said_to(kind, self.settings, self.index, self.day, language), kind="note"),)
            return replace(
                empty, basis="talk", status="answered", claims=claims, seconds={**empty.seconds, **since(started)}
            )
        before = self.before(request.history)
        if kind.name == CONTINUE and before and before.suggestions:
            return replace(
                self.ask(before.suggestions[0], filters=request.filters, top=request.top), question=request.typed
            )
        done = about_answer(kind, said, before, self.index, language)
        return replace(
            before or empty,
            question=request.typed,
            standalone=plain.text,
            basis="talk",
            status="answered",
            claims=done.claims,
            suggestions=done.suggestions,
            removed=(),
            seconds={**empty.seconds, **since(started)},
        )

    def before(self, history: Sequence[tuple[str, str]]) -> Answer | None:
        """The answer that was given last to a question, made again without a model: what a reader's browser says of it is not trusted."""
        for place in range(len(history) - 1, -1, -1):
            asked = history[place][0]
            spoken = self.spoken(asked, place > 0)
            if spoken is None:
                return self.made_again(Request(asked, history[:place]))
            if spoken[0].name == CONTINUE:
                earlier = self.before(history[:place])
                led_to = earlier.suggestions if earlier else ()
                return self.made_again(Request(led_to[0])) if led_to else earlier
        return None

    def made_again(self, request: Request) -> Answer:
        return self.composed(request, self.decisions(request), time.perf_counter())

    def spoken(self, typed: str, answered: bool) -> tuple[Kind, str] | None:
        """The kind of talk that a text is, with the words that say so; None for a question."""
        return recognised(understand(without_markup(typed).strip()), self.retriever.vector, self.index, answered)

    def composed(self, request: Request, decisions: Sequence[Decision], started: float) -> Answer:
        """The answer without a model. Two questions in one are shown as they were typed."""
        reading = decisions[0].reading
        question = reading.question if len(decisions) == 1 else understand(without_markup(request.typed).strip())
        return self.answered(self.frame(request, question, reading), decisions, started)

    def decisions(self, request: Request) -> list[Decision]:
        """Return what is decided of a question; of each of its parts, where it asks two things that one answer does not hold."""
        whole = decide(self.readings(request), self.index)
        if (corrected := self.corrected(request)) and corrected.chosen[0].id not in {
            match.id for match in whole.chosen
        }:
            return [corrected]
        asked = parts(without_markup(request.typed).strip())
        if len(asked) == 1 or whole.basis == "catalogue":
            return [whole]
        apart = self.decided_apart(request, asked)
        given = [decision for decision in apart if decision.basis == "prepared"]
        told = given and all(decision.basis in ("prepared", "absence", "catalogue", "none") for decision in apart)
        ids = {decision.chosen[0].id for decision in given}
        first = whole.chosen[0] if whole.basis == "prepared" else None
        adds = first is None or (ids - {first.id} if first.id in ids else first.likelihood < UNLIKELY)
        return apart if told and len(apart) > 1 and adds else [whole]

    def corrected(self, request: Request) -> Decision | None:
        """Return the answer that corrects what a question states before it asks; None where nothing is stated, or none corrects it."""
        stated = taken_for_granted(without_markup(request.typed).strip())
        if not stated:
            return None
        reading = self.reading(understand(stated), request)
        match = correcting(reading, self.index)
        return Decision("prepared", reading, (match,)) if match else None

    def decided_apart(self, request: Request, asked: Sequence[str]) -> list[Decision]:
        """Return what is decided of each part of a question, read in the light of the ones before: « à qui s’adresse-t-il ? » asks of
        what the first is about. What an answer to one of them says already is not answered again; else another answer is given."""
        decisions: list[Decision] = []
        for place, part in enumerate(asked):
            before = [(one, "") for one in asked[:place]]
            readings = self.readings(replace(request, typed=part, history=[*request.history[-1:], *before]))
            if before and len(content_words(part)) <= LEANING:
                readings = [reading for reading in readings if reading.continued]
            decision = decide(readings, self.index, part=True)
            given = {match.id for one in decisions for match in one.chosen}
            if decision.chosen and (first := decision.chosen[0].id) in given:
                if self.says(first, part):
                    continue
                decision = decide([without(reading, given) for reading in readings], self.index, part=True)
            decisions.append(replace(decision, chosen=decision.chosen[:1], asked=part))
        return decisions

    def says(self, id: str, part: str) -> bool:
        """True where a prepared answer holds most of the words of a part of a question."""
        weights = self.index.prepared.lexical.weights(" ".join(content_words(part)))
        held = sum(weight for term, weight in weights.items() if term in self.index.prepared.terms(id).said)
        return held >= SAID * sum(weights.values())

    def readings(self, request: Request) -> list[Reading]:
        """Return the ways to read a question, each with what was found for it: as it was typed, with its spelling repaired, without what
        is told around it, in the light of the turns before. Raises InputError where there is none to read."""
        check(request.typed)
        typed = without_markup(request.typed).strip()
        texts = [typed]
        if understand(typed).language == "fr":
            texts.append(repaired(typed, self.index.words, self.index.lexical.vocabulary))
        found = [self.reading(understand(text), request) for text in dict.fromkeys(texts)]
        if (asked := asking(texts[-1])) not in texts:
            # What is told around a question helps to find passages, and blurs which answer is asked for.
            whole = found[-1]
            found.append(replace(whole, matches=self.reading(understand(asked), request).matches))
        if request.history:
            history = [(without_markup(asked), answered) for asked, answered in request.history]
            behind = in_the_light_of(history, typed)
            found.append(replace(self.reading(understand(behind), request), continued=True))
        return found

    def reading(self, question: Question, request: Request) -> Reading:
        """Search for one reading, and match it."""
        allowed = allowed_documents(self.index.documents, request.filters) if request.filters else None
        found = self.retriever.search(question, request.filters, request.top, request.mode)
        return Reading(question, found, matches(question, found, self.index, allowed), filtered=bool(request.filters))

    def drafts(self, decision: Decision) -> list[Draft]:
        """Return what is said for a decision, before it is verified; then what the organisation's own documents say."""
        question, hits = decision.reading.question, decision.reading.found.hits
        language = question.language
        if decision.basis == "prepared":
            first, *others = decision.chosen
            said = premise_drafts(first.id, decision.reading, self.index)
            if first.likelihood < UNSURE and not said:
                said.append(Draft(message("nearest_lead", language), "note"))
            for match in decision.chosen:
                said += told_once(
                    self.prepared(match, language, headed=bool(others) or first.likelihood < UNSURE), said
                )
            other = None if decision.reading.filtered else disagreeing(first.id, decision.reading, self.index)
            if other and other not in {match.id for match in others}:
                told = prepared_drafts(self.index.prepared.answers[other], language, self.index)
                if told := told_once(told, said):
                    said += [Draft(message("disagreement_lead", language), "note"), *told]
            return [*said, *extracts(question, [hit for hit in hits if hit.document.origin == "own"], self.index)]
        if decision.basis == "absence":
            return absence_drafts(self.index.prepared.absences[decision.chosen[0].id], language)
        if decision.basis == "clarify":
            return [Draft(message("clarify" if decision.offered else "clarify_none", language), "note")]
        if decision.basis == "extracts":
            return [Draft(message("extracts_lead", language), "note"), *decision.drafts]
        if decision.basis == "none":
            if missing := missing_criteria(question, self.index):
                return missing_drafts(missing, question, self.index)
            return [Draft(message("not_found", language), "note")]
        return list(decision.drafts)

    def prepared(self, match: Match, language: str, headed: bool) -> list[Draft]:
        """What a prepared answer says; under the question that it answers where it is ``headed``, or where that is by yes or no, unless it
        was asked so."""
        standing = self.index.prepared.answers[match.id]
        drafts = prepared_drafts(standing, language, self.index)
        if match.signals["same"] >= SAME or not (headed or standing.answer.nature == YES_OR_NO):
            return drafts
        return [Draft(standing.answer.question, "heading", (), "fr"), *drafts]

    def answered(self, empty: Answer, decisions: Sequence[Decision], started: float) -> Answer:
        """Return the answer of one decision, or of several, each under its question."""
        drafts: list[Draft] = []
        for decision in decisions:
            if len(decisions) > 1:
                drafts.append(Draft(decision.asked[:1].upper() + decision.asked[1:], "title"))
            drafts += self.drafts(decision)
        # Of two questions, the best of each come first.
        found = zip_longest(*(decision.reading.found.hits for decision in decisions))
        hits = {hit.passage.id: hit for level in found for hit in level if hit}
        verified = self.verified(drafts, decisions[0].reading.question, tuple(hits.values()))
        stated = [decision for decision in decisions if decision.basis not in ("absence", "clarify", "none")]
        if stated and not verified.citations:
            return self.answered(empty, [Decision("none", decisions[0].reading)], started)
        chosen = [match.id for decision in decisions for match in decision.chosen]
        return replace(
            empty,
            basis=stated[0].basis if stated else decisions[0].basis,
            status="not_found" if not stated else "partial" if verified.removed else "answered",
            claims=verified.claims,
            passages=verified.passages,
            ranked=tuple(hits),
            citations=verified.citations,
            removed=verified.removed,
            suggestions=tuple(dict.fromkeys(question for decision in decisions for question in decision.offered))[
                :OFFERED
            ],
            prepared=next(iter(chosen), ""),
            verified=self.day if chosen else "",
            seconds={**empty.seconds, **since(started)},
        )

    @cached_property
    def day(self) -> str:
        """The day when the proofs of prepared answers were last looked for in the indexed documents, in ISO form."""
        return datetime.fromtimestamp(self.index.brought_up_to_date(), UTC).date().isoformat()

    def verified(self, drafts: Sequence[Draft], question: Question, found: Sequence[Hit]) -> Verified:
        """What passes the verification, the organisation's own documents apart; what it cites comes first, in reading order, then
        what else was found."""
        verified = verify(apart(drafts, question.language), (), self.index)
        rest = {hit.passage.id: hit for hit in found}
        cited = [rest.pop(hit.passage.id, hit) for hit in verified.passages]
        return replace(verified, passages=(*cited, *rest.values()))

    def written(self, empty: Answer, decision: Decision, started: float) -> Iterator[Answer]:
        """Yield the answer as the model writes it: each sentence once it is verified, none that is not.

        Where nothing is left of it, what would have been said without the model is, and says so.
        """
        question, hits = decision.reading.question, decision.reading.found.hits
        growing = replace(empty, mode="written", basis="extracts", model=self.settings.llm_model, done=False)
        drafts: list[Draft] = []
        unsupported: list[Removed] = []
        for draft in write(question, hits, self.index, language_model(self.settings)):
            if draft is None:
                if drafts:
                    yield self.grown(growing, [], decision, started)
                drafts, unsupported = [], []
            elif draft.supports:
                drafts.append(draft)
                yield self.grown(growing, drafts, decision, started)
            else:
                unsupported.append(Removed(draft.text, "removed_unsupported"))
        whole = self.grown(growing, drafts, decision, started)
        removed = (*whole.removed, *unsupported)
        if whole.citations:
            yield replace(whole, status="partial" if removed else "answered", removed=removed, done=True)
            return
        plain = self.answered(empty, [decision], started)
        note = Claim(message("written_unverified", question.language), kind="note")
        said = (note, *plain.claims) if plain.citations else plain.claims
        yield replace(plain, model=growing.model, claims=said, removed=(*removed, *plain.removed))

    def grown(self, growing: Answer, drafts: Sequence[Draft], decision: Decision, started: float) -> Answer:
        """A written answer so far."""
        verified = self.verified(drafts, decision.reading.question, decision.reading.found.hits)
        return replace(
            growing,
            status="partial" if verified.removed else "answered",
            claims=verified.claims,
            passages=verified.passages,
            citations=verified.citations,
            removed=verified.removed,
            seconds={**growing.seconds, **since(started)},
        )


def request_of(
    question: str,
    history: Sequence[tuple[str, str]],
    filters: Mapping[str, Sequence[str]] | None,
    top: int,
    mode: Mode = "hybrid",
) -> Request:
    """Return what is asked; raise InputError where there is nothing to read."""
    check(question)
    return Request(question, tuple(history), filters, top, mode)


def told_once(drafts: Sequence[Draft], said: Sequence[Draft]) -> list[Draft]:
    """Return the drafts without the statements whose words, figures included, stand in what was said already; nothing where no statement
    is left."""
    known = frozenset(term for draft in said if draft.supports for term in tokens(draft.text))
    left = [
        draft
        for draft in drafts
        if not draft.supports or len(known & (own := set(tokens(draft.text)))) < REPEATED * len(own)
    ]
    return left if any(draft.supports for draft in left) else []


def without(reading: Reading, ids: Collection[str]) -> Reading:
    """A reading without some of its matches."""
    left = {match.id: match.signals for match in reading.matches if match.id not in ids}
    return replace(reading, matches=ranked(left, WEIGHTS["ranker"]))


def since(started: float) -> dict[str, float]:
    return {"answer": time.perf_counter() - started}
