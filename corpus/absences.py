"""What people ask and the sources do not hold (``corpus/base/<family>/absences.md``): said beforehand, and watched.

The form is that of prepared answers (``corpus.answers``), with the nearest answers in the place of proofs, and the words that
a passage which states it would hold together: ``python -m corpus check`` tells where one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from corpus.answers import parsed, read_body, titled
from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.facts import Problem
from corpus.lexical import stem
from corpus.places import folded_words
from corpus.readers.source_file import read_text

__all__ = ["NAME", "Absence", "absence_forms", "absence_found", "parse_absences", "read_absences"]

NAME = "absences.md"
LEAST_PHRASINGS, MOST_WORDS, MOST_GROUPS = 3, 40, 3


@dataclass(frozen=True)
class Absence:
    """A question that the sources do not answer. ``sentence`` says what is not there, ``english`` the same in English; ``nearest``
    are the ids of the answers nearest to it, ``words`` the groups of words that a passage stating it would hold."""

    id: str
    question: str
    sentence: str
    english: str = ""
    phrasings: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()


def read_absences(path: Path) -> tuple[list[Absence], list[DocumentError]]:
    """Return the absences of a family's file, and what could not be read. Raises DocumentError where the file is no text."""
    return parse_absences(read_text(path), path.parent.name)


def parse_absences(text: str, family: str) -> tuple[list[Absence], list[DocumentError]]:
    """Return the absences in a text of the form, and what does not fit it. One that does not fit is left out, whole."""
    return parsed(text, lambda heading, body: absence_of(heading, body, family))


def absence_of(heading: Token, body: Sequence[Token], family: str) -> Absence:
    question, slug = titled(heading)
    fields, sentences, items = read_body(body, question)
    if len(sentences) != 1 or items:
        raise DocumentError("absence_sentence", question=question)
    groups = (tuple(word.strip() for word in line.split(",") if word.strip()) for line in fields.get("Mots", ()))
    return Absence(
        id=f"absent/{family}#{slug}",
        question=question,
        sentence=sentences[0],
        english=fields.get("English", ""),
        phrasings=tuple(fields.get("Formulations", ())),
        nearest=tuple(fields.get("Proches", ())),
        words=tuple(groups),
    )


def absence_forms(name: str, absence: Absence, answers: Iterable[str]) -> Iterator[Problem]:
    """What is wrong with an absence by itself; ``answers`` are the ids of all prepared answers."""

    def problem(key: str, **values: object) -> Problem:
        return Problem(name, key, (("question", absence.question), *values.items()))

    if (length := len(folded_words(absence.sentence))) > MOST_WORDS:
        yield problem("answer_long", words=length, most=MOST_WORDS)
    if len(absence.phrasings) < LEAST_PHRASINGS:
        yield problem("answer_phrasings", least=LEAST_PHRASINGS)
    if not absence.nearest:
        yield problem("absence_alone")
    for id in absence.nearest:
        if id not in answers:
            yield problem("answer_unknown", id=id)
    if not 1 <= len(absence.words) <= MOST_GROUPS or min(map(len, absence.words)) < 2:
        yield problem("absence_words", most=MOST_GROUPS)


def absence_found(absences: Mapping[str, Sequence[Absence]], documents: Iterable[Document]) -> Iterator[Problem]:
    """The paragraphs of documents in force that hold a whole group of an absence's words (by file): what is said not to be there may be."""
    wanted = [
        (name, absence, words, {stem(part) for word in words for part in folded_words(word)})
        for name, those in absences.items()
        for absence in those
        for words in absence.words
    ]
    for document in documents:
        if not document.in_force:
            continue
        for section in document.sections:
            for paragraph in section.text.split("\n\n"):
                held = {stem(word) for word in folded_words(paragraph)}
                for name, absence, words, group in wanted:
                    if group <= held:
                        values = (
                            ("question", absence.question),
                            ("words", ", ".join(words)),
                            ("document", document.path),
                        )
                        yield Problem(name, "absence_held", values, paragraph.strip()[:200])
