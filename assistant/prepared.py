"""What a prepared answer or an absence says, each statement with what proves it in the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from assistant.answer import Hit
from assistant.matching import Match
from assistant.premise import contradicted
from assistant.turn import Reading
from assistant.verify import Draft, Support
from corpus.absences import Absence
from corpus.answer_index import StandingAnswer, said, unit_of
from corpus.figures import Quantity, quantities, same
from corpus.index import Index, answer_passage, proved_by
from corpus.lexical import fold
from corpus.messages import text as message

__all__ = ["YES_OR_NO", "absence_drafts", "correcting", "disagreeing", "further", "premise_drafts", "prepared_drafts"]

# How many proofs of one statement are shown.
PROOFS_SHOWN = 2
# How many of the values that contradict a question are named.
TOLD = 3
# « Oui » to another question may be « non » to the one that was asked.
YES_OR_NO = "oui ou non"
DENIAL = "non"
# How likely an answer must be to correct a statement, how likely and how near to deny one.
CORRECTS, DENIES, NEARLY_ASKED = 0.3, 0.6, 0.55
# A disagreement that is not among so many matches is not about what was asked; the intents that ask for a value, which the answer may
# give anywhere: others ask for what its first statement says.
NEAR = 30
ASKS_A_VALUE = ("figure", "when")
# Among how many matches and passages what a question names is looked for.
BESIDE = 3


def prepared_drafts(standing: StandingAnswer, language: str, index: Index) -> list[Draft]:
    """Return the claims of a prepared answer, each with the sentences that prove it: those of the official documents where
    they are indexed, else the answer itself, as our own words. An English ``language`` gets its English version, or a sentence
    of English above the French one."""
    answer = standing.answer
    drafts = []
    if language == "en" and answer.english:
        everything = range(1, len(answer.statements) + 1)
        supports = proofs_of(standing, everything, index) or (own_words(standing, answer.sentences[0], index),)
        drafts.append(Draft(answer.english, "sentence", supports, "en"))
    else:
        if language == "en":
            drafts.append(Draft(message("prepared_french", "en"), "note", (), "en"))
        for number, text in enumerate(answer.statements, start=1):
            item = number > len(answer.sentences)
            if answer.items and not item and not any(proof.statement == number for proof in answer.proofs):
                drafts.append(Draft(text, "note", (), "fr"))  # a lead sentence that says no more than its items
                continue
            supports = proofs_of(standing, [number], index) or (own_words(standing, text, index),)
            drafts.append(Draft(text, "item" if item else "sentence", supports, "fr"))
    if standing.moved:
        drafts.append(Draft(message("prepared_moved", language), "note"))
    return drafts


def proofs_of(standing: StandingAnswer, statements: Collection[int], index: Index) -> tuple[Support, ...]:
    """The sentences of the indexed documents that prove some statements, two at most."""
    held = [
        (id, proof.anchor)
        for proof, id in zip(standing.answer.proofs, standing.passages, strict=True)
        if id and proof.statement in statements
    ]
    passages = index.passages([id for id, _ in held])
    found: dict[tuple[str, str], Support] = {}
    for id, anchor in held:
        if passage := passages.get(id):
            document = index.documents[passage.document_id]
            quote = unit_of(passage, anchor, document.language)
            found.setdefault((id, quote), Support(Hit(passage, document), quote))
    return tuple(found.values())[:PROOFS_SHOWN]


def own_words(standing: StandingAnswer, text: str, index: Index) -> Support:
    """A statement as its own support: our words, drawn from the documents that the card names."""
    card = index.documents[standing.answer.card]
    passage = answer_passage(standing.answer, card)
    return Support(Hit(passage, card, drawn_from=tuple(proved_by(standing.answer, card))), text)


def disagreeing(id: str, reading: Reading, index: Index) -> str | None:
    """Return the answer that tells a disagreement between sources on what was asked and an answer states: of the same card, or proved in
    the same passage, and found for the question. None where there is none, or where the answer tells all of it itself."""
    given = index.prepared.answers[id]
    if given.answer.disagreement:
        return None
    statements = [quantities(statement) for statement in given.answer.statements]
    stated = [one for statement in statements for one in statement]
    core = stated if reading.question.intent in ASKS_A_VALUE else statements[0]
    proved = {passage for passage in given.passages if passage}
    disagreements = set(index.prepared.disagreements)
    for match in reading.matches[:NEAR]:
        if match.id not in disagreements:
            continue
        told = index.prepared.answers[match.id]
        if told.gone or (told.answer.card != given.answer.card and proved.isdisjoint(told.passages)):
            continue
        values = [
            quantities(one["value"]) for one in index.documents[told.answer.card].properties["disagreement"]["values"]
        ]
        # What all of them give is no matter of disagreement.
        apart = [
            one for value in values for one in value if not all(any(same(one, x) for x in other) for other in values)
        ]
        if holds_any(core, apart) and not all(holds_any(stated, [one]) for one in apart):
            return match.id
    return None


def holds_any(stated: Iterable[Quantity], values: Collection[Quantity]) -> bool:
    """True where one of the values is stated."""
    return any(same(value, one) for value in values for one in stated)


def premise_drafts(id: str, reading: Reading, index: Index) -> list[Draft]:
    """Return the sentence that corrects what a question takes for granted and an answer contradicts, on what proves the answer; nothing
    where what is nearest beside it holds what the question names."""
    question, standing = reading.question, index.prepared.answers[id]
    near = [said(index.prepared.entry(match.id)) for match in reading.matches[:BESIDE] if match.id != id]
    near += [hit.passage.text for hit in reading.found.hits[:BESIDE]]
    against = contradicted(question, standing.answer, "\n".join(near))
    if against is None:
        return []
    asked, told = (" ; ".join(names[:TOLD]) for names in against)
    stating = [
        number
        for number, text in enumerate(standing.answer.statements, start=1)
        if any(name in text for name in against[1])
    ]
    text = message("premise", question.language, asked=asked, told=told)
    return [
        Draft(
            text, "sentence", proofs_of(standing, stating, index) or (own_words(standing, standing.answer.text, index),)
        )
    ]


def correcting(reading: Reading, index: Index) -> Match | None:
    """Return the prepared answer that corrects a statement, as it is read: that says no to it, or gives another value or organisation in
    its place. None where what is nearest does not."""
    match = next((match for match in reading.matches if match.id in index.prepared.answers), None)
    if match is None or match.likelihood < CORRECTS:
        return None
    answer = index.prepared.answers[match.id].answer
    denies = answer.nature == YES_OR_NO and fold(answer.text).startswith(DENIAL)
    if denies and match.likelihood >= DENIES and match.signals["asked"] >= NEARLY_ASKED:
        return match
    return match if premise_drafts(match.id, reading, index) else None


def absence_drafts(absence: Absence, language: str) -> list[Draft]:
    """Return the sentence that says what the sources do not hold."""
    english = language == "en" and absence.english
    return [Draft(absence.english if english else absence.sentence, "note", (), "en" if english else "fr")]


def further(leads_to: Sequence[str], others: Iterable[StandingAnswer], count: int, index: Index) -> tuple[str, ...]:
    """The questions that go further: those of the answers that ``leads_to`` names, then those of ``others``."""
    led_to = [index.prepared.answers[id] for id in leads_to if id in index.prepared.answers]
    standing = [one for one in (*led_to, *others) if not one.gone]
    return tuple(dict.fromkeys(one.answer.question for one in standing))[:count]
