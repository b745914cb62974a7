"""JSON: the eco-design referential in its published shapes, one document a criterion; and the site's quizzes."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus.documents import Document, Locator, Section
from corpus.errors import DocumentError
from corpus.readers.source_file import SourceFile, read_text, storable

__all__ = ["BULLET", "LINK", "paragraphs", "read"]

LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
SPACES = re.compile(r"[ \t\r\f\v]+|[^\S\n]{9,}")
BULLET = re.compile(r"^\s*[-*•]\s+", re.MULTILINE)


@dataclass(frozen=True)
class Shape:
    """The names that one published shape of the referential gives to a criterion's fields, and the headings they are shown under."""

    number: str
    criterion: str
    theme: str
    priority: str
    difficulty: str
    jobs: str
    applicability: str
    labels: tuple[str, ...]
    sections: tuple[tuple[str, str, str], ...]


SHAPES = (
    Shape(
        "numero", "critere", "thematique", "priorite", "difficulte", "metiers", "cible",
        ("Thématique", "Priorité", "Difficulté", "Métiers", "Cible"),
        (("objectif", "Objectif", "aim"), ("miseEnOeuvre", "Mise en œuvre", "how"), ("controle", "Contrôle", "check")),
    ),
    Shape(
        "id", "critere", "thematique", "priorite", "difficulte", "metiers", "cible",
        ("Thématique", "Priorité", "Difficulté", "Métiers", "Cible"),
        (("objectif", "Objectif", "aim"), ("miseEnOeuvre", "Mise en œuvre", "how"), ("controle", "Contrôle", "check")),
    ),
    Shape(
        "id", "criterion", "thematic", "priority", "difficulty", "jobs", "target",
        ("Theme", "Priority", "Difficulty", "Jobs", "Target"),
        (("objective", "Objective", "aim"), ("implementation", "Implementation", "how"), ("test", "Test", "check")),
    ),
)  # fmt: skip


def read(source: SourceFile) -> list[Document]:
    """Return one document a criterion, or one for a quiz; raise DocumentError for broken JSON and for an unknown shape."""
    try:
        content = storable(json.loads(read_text(source.path)))
    except ValueError as error:  # another than a JSONDecodeError for a number of thousands of digits
        raise DocumentError("json_broken", line=getattr(error, "lineno", 1)) from error
    if isinstance(content, dict) and isinstance(content.get("questions"), list):
        return [quiz(source, content["questions"])]
    criteria = content.get("criteres") if isinstance(content, dict) else content
    if isinstance(criteria, list) and criteria and isinstance(criteria[0], dict):
        for shape in SHAPES:
            if {shape.number, shape.criterion, shape.theme} <= criteria[0].keys():
                documents = [criterion(source, shape, item, place) for place, item in enumerate(criteria, 1)]
                numbers = Counter(document.properties["number"] for document in documents)
                if twice := next((number for number, count in numbers.items() if count > 1), ""):
                    raise DocumentError("criterion_twice", number=twice)
                return documents
    raise DocumentError("json_unknown")


def needed(item: Any, name: str, place: int) -> str:
    """Return the text of a field; raise DocumentError where the entry at that place, from 1, lacks it."""
    value = item.get(name) if isinstance(item, dict) else None
    text = "" if value is None or isinstance(value, bool | list | dict) else clean(value)[0]
    if not text:
        raise DocumentError("json_incomplete", place=place, name=name)
    return text


def criterion(source: SourceFile, shape: Shape, item: Any, place: int) -> Document:
    """One criterion as a document: its question, then its aim, how and check, and its typed properties."""
    number = needed(item, shape.number, place)
    question = needed(item, shape.criterion, place)
    locator = Locator("criterion", number)
    heading = f"{number} – {question}"
    values = [
        str(item.get(name) or "")
        for name in (shape.theme, shape.priority, shape.difficulty, shape.jobs, shape.applicability)
    ]
    sheet = "\n".join(f"- {label} : {value}" for label, value in zip(shape.labels, values, strict=True) if value)
    sections = [Section(f"{question}\n\n{sheet}", (heading,), "question", locator)]
    links: list[str] = []
    for field, name, kind in shape.sections:
        text, targets = clean(item.get(field) or "")
        links.extend(targets)
        if text:
            sections.append(Section(text, (heading, name), kind, locator))
    theme, priority, difficulty, jobs, applicability = values
    properties = {
        "number": number,
        "question": question,
        "theme": theme,
        "priority": priority,
        "difficulty": difficulty,
        "jobs": tuple(job.strip() for job in jobs.split(",") if job.strip()),
        "applicability": applicability,
    }
    edition = source.entry.edition
    return source.document(
        id=f"{source.name}#{number}",
        title=source.entry.title or edition or Path(source.name).stem,
        url=source.entry.url.replace("{number}", quote(number)),
        kind="criterion",
        sections=tuple(sections),
        properties=properties,
        links=tuple(dict.fromkeys(links)),
    )


def clean(value: Any) -> tuple[str, list[str]]:
    """Return (a field's text in the layout of ``Section.text``, the targets of its links)."""
    text = str(value).replace("\\n", "\n")
    text = html.unescape(text)
    targets = [target for _, target in LINK.findall(text)]
    text = LINK.sub(r"\1", text).replace("**", "").replace("`", "")
    return paragraphs(text), targets


def paragraphs(text: str) -> str:
    """Return lines of text in the layout of ``Section.text``: each a paragraph, or an item where it starts with a bullet."""
    text = BULLET.sub("- ", SPACES.sub(" ", text))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    joined = ""
    for line in lines:
        if joined:
            previous = joined[joined.rfind("\n") + 1 :]
            joined += "\n" if line.startswith("- ") and previous.startswith("- ") else "\n\n"
        joined += line
    return joined


def quiz(source: SourceFile, questions: list[Any]) -> Document:
    """A quiz as a document: each question a section, its right answer and the explanation below it."""
    sections = []
    for place, item in enumerate(questions, 1):
        question = needed(item, "question", place)
        answers = item.get("answers") if isinstance(item.get("answers"), list) else []
        right = [
            needed(answer, "title", place) for answer in answers if isinstance(answer, dict) and answer.get("isRight")
        ]
        text = "\n\n".join([*right, clean(item.get("answerInformation") or "")[0]]).strip()
        if text:
            sections.append(Section(text, (question,), "question", Locator("heading", question)))
    return source.document(
        title=source.entry.title or Path(source.name).stem, url=source.entry.url, sections=tuple(sections)
    )
