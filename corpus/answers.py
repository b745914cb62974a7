"""Prepared answers (``corpus/base/<family>/<card>.answers.md``): written beforehand, each statement with its proofs.

The form is Markdown that anyone can edit: a ``##`` heading is a question, then come its answer, a few fields, its other
phrasings and its proofs. CONTRIBUTING.md shows one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import DocumentError
from corpus.readers.source_file import read_text
from corpus.sentences import sentence_spans

__all__ = ["NATURES", "SUFFIX", "PreparedAnswer", "Proof", "answers_path", "parse_answers", "read_answers"]

T = TypeVar("T")

SUFFIX = ".answers.md"
# What kind of question an answer is for.
NATURES = (
    "oui ou non", "chiffre", "comment", "liste", "définition", "comparaison", "qui", "quand", "où", "pourquoi", "limites",
)  # fmt: skip
HEADING = re.compile(r"(?P<question>\S.*?)\s*\{#(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\}")
FIELD = re.compile(
    r"(?P<name>Nature|Date|Édition|Désaccord|Court|English|Formulations|Preuves|Suite|Proches|Mots)\s*:\s*(?P<value>.*)"
)
# The fields that are lists.
LISTS = ("Formulations", "Preuves", "Suite", "Proches", "Mots")
PROOF = re.compile(r"phrase (?P<statement>\d+), source (?P<source>\d+)\s*:\s*«\s*(?P<anchor>.+?)\s*»")


@dataclass(frozen=True)
class Proof:
    """Where a statement stands: the ``source``-th of the card's sources holds, in one sentence, the words of ``anchor``.

    ``statement`` and ``source`` are counted from 1.
    """

    statement: int
    source: int
    anchor: str


@dataclass(frozen=True)
class PreparedAnswer:
    """A question and what answers it. ``id`` is that of its card and a slug; it is never changed nor used again.

    The answer is its ``sentences``, then its ``items`` where it is a list; a statement is one or the other, in this order.
    ``short`` is its short form, ``english`` its English one, each empty where there is none. ``date`` is that of what ages,
    ``edition`` the referential's; ``disagreement`` says that it gives the values of its card's typed disagreement. ``follows``
    are the ids of the answers that one to a first question, longer than others, leads to.
    """

    id: str
    card: str
    question: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    nature: str = ""
    short: str = ""
    english: str = ""
    date: str = ""
    edition: str = ""
    disagreement: bool = False
    follows: tuple[str, ...] = ()

    @property
    def statements(self) -> tuple[str, ...]:
        """What has to be proved, in order."""
        return (*self.sentences, *self.items)

    @property
    def text(self) -> str:
        """The answer as it is read: its sentences, then its list."""
        return "\n".join([" ".join(self.sentences), *(f"- {item}" for item in self.items)])


def answers_path(card: Path) -> Path:
    """The file of a card's prepared answers, which may not exist."""
    return card.with_name(card.name.removesuffix(".md") + SUFFIX)


def read_answers(path: Path, card: str) -> tuple[list[PreparedAnswer], list[DocumentError]]:
    """Return the answers of the file of ``card`` (its id), and what could not be read, each error naming its question.

    Raises DocumentError where the file is no text.
    """
    return parse_answers(read_text(path), card)


def parse_answers(text: str, card: str) -> tuple[list[PreparedAnswer], list[DocumentError]]:
    """Return the answers in a text of the form, and what does not fit it. One that does not fit is left out, whole."""
    return parsed(text, lambda heading, body: answer_of(heading, body, card))


def parsed(text: str, read: Callable[[Token, Sequence[Token]], T]) -> tuple[list[T], list[DocumentError]]:
    """Return what ``read`` makes of each heading of a text and what stands below it, and the errors that it raises."""
    before, *parts = divided(text)
    problems = [DocumentError("answer_unheaded", line=line_of(before[0]))] if before else []
    made: list[T] = []
    for heading, *body in parts:
        try:
            made.append(read(heading, body))
        except DocumentError as error:
            problems.append(error)
    return made, problems


def divided(text: str) -> list[list[Token]]:
    """The tokens before the first ``##`` heading, then those from each heading on: the heading's own text first."""
    parts: list[list[Token]] = [[]]
    tokens = MarkdownIt("commonmark").parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            parts.append([])
        elif token.type == "inline" or token.type in ("bullet_list_open", "bullet_list_close"):
            parts[-1].append(token)
        elif token.type in (
            "fence",
            "code_block",
            "html_block",
            "ordered_list_open",
            "blockquote_open",
            "hr",
            "heading_open",
        ):
            parts[-1].append(tokens[place])
    return [parts[0], *(part for part in parts[1:] if part)]


def answer_of(heading: Token, body: Sequence[Token], card: str) -> PreparedAnswer:
    """Return the answer below a heading; raise DocumentError where something of it does not fit the form."""
    question, slug = titled(heading)
    fields, sentences, items = read_body(body, question)
    nature = fields.get("Nature", "")
    if nature not in NATURES:
        raise DocumentError("answer_nature", question=question, value=nature, known=", ".join(NATURES))
    if not sentences:
        raise DocumentError("answer_empty", question=question)
    return PreparedAnswer(
        id=f"{card}#{slug}",
        card=card,
        question=question,
        sentences=tuple(sentences),
        items=tuple(items),
        phrasings=tuple(fields.get("Formulations", ())),
        proofs=tuple(proof_of(line, question) for line in fields.get("Preuves", ())),
        nature=nature,
        short=fields.get("Court", ""),
        english=fields.get("English", ""),
        date=fields.get("Date", ""),
        edition=fields.get("Édition", ""),
        disagreement=fields.get("Désaccord", "") == "oui",
        follows=tuple(fields.get("Suite", ())),
    )


def titled(heading: Token) -> tuple[str, str]:
    """The question of a heading and its slug; raise DocumentError where it has none."""
    found = HEADING.fullmatch(heading.content.strip())
    if found is None:
        raise DocumentError("answer_heading", line=line_of(heading), heading=heading.content)
    return found["question"], found["slug"]


def read_body(body: Sequence[Token], question: str) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return the fields of an answer, its sentences and its items."""
    fields: dict[str, Any] = {}
    sentences: list[str] = []
    items: list[str] = []
    listed, filled = False, items
    for token in body:
        if token.type in ("bullet_list_open", "bullet_list_close"):
            listed = token.type == "bullet_list_open"
        elif token.type != "inline":
            raise DocumentError("answer_block", question=question, line=line_of(token))
        elif listed:
            filled.append(" ".join(token.content.split()))
        else:
            for name, value in lines_of(token.content):
                if not name:
                    if fields or items:
                        raise DocumentError("answer_order", question=question, words=value[:60])
                    sentences += [value[start:end] for start, end in sentence_spans(value, "fr")]
                elif name in fields:
                    raise DocumentError("answer_twice", question=question, field=name)
                elif name in LISTS:
                    fields[name] = filled = [value] if value else []
                else:
                    fields[name] = value
    return fields, sentences, items


def lines_of(content: str) -> Iterator[tuple[str, str]]:
    """Yield each field of a paragraph with its value; a paragraph that is none comes whole, without a name."""
    fields: list[list[str]] = []
    for line in content.split("\n"):
        if named := FIELD.fullmatch(line.strip()):
            fields.append([named["name"], named["value"]])
        elif fields:
            fields[-1][1] += f" {line.strip()}"
        else:
            fields.append(["", line.strip()])
    yield from ((name, value.strip()) for name, value in fields)


def proof_of(line: str, question: str) -> Proof:
    found = PROOF.fullmatch(line)
    if found is None:
        raise DocumentError("answer_proof", question=question, words=line)
    return Proof(int(found["statement"]), int(found["source"]), found["anchor"])


def line_of(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
