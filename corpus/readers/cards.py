"""Knowledge cards (``corpus/base``): our own summaries, each naming the official documents that it sums up."""

from __future__ import annotations

import re
from datetime import date as day
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from corpus.absences import NAME as ABSENCES
from corpus.answers import SUFFIX
from corpus.documents import FACETS, KINDS, Document, Locator, Source, deep_link
from corpus.errors import DocumentError
from corpus.files import is_passed_over
from corpus.readers.html import sections_from_html
from corpus.readers.markdown import html_of, split_front_matter
from corpus.readers.source_file import read_text

__all__ = ["BASE", "FrontMatter", "card_of", "card_paths", "front_matter_problems", "read_card"]

BASE = Path(__file__).resolve().parent.parent / "base"
LOCATORS = ("page", "criterion", "heading", "paragraph", "row", "second")
SHORTEST_QUESTION = 16


def checked_date(value: Any) -> str:
    """A day, a month or a year as text; YAML gives days as dates and years as numbers."""
    text = str(value)
    try:
        day.fromisoformat((text + "-01-01")[:10] if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else "")
    except ValueError as error:
        raise PydanticCustomError("card_date", "", {}) from error
    return text


def checked_facet(name: str) -> BeforeValidator:
    def check(values: Any) -> Any:
        unknown = [value for value in values if value not in FACETS[name]] if isinstance(values, list) else [values]
        if unknown or not values:
            known = ", ".join(FACETS[name])
            raise PydanticCustomError("card_choice", "", {"value": ", ".join(map(str, unknown)), "known": known})
        return values

    return BeforeValidator(check)


def checked_questions(values: Any) -> Any:
    listed = isinstance(values, list) and all(isinstance(value, str) for value in values)
    if not listed or len(values) not in (2, 3) or len({value.casefold().strip() for value in values}) < len(values):
        raise PydanticCustomError("card_questions", "", {"least": SHORTEST_QUESTION})
    if any(len(value.strip()) < SHORTEST_QUESTION for value in values):
        raise PydanticCustomError("card_questions", "", {"least": SHORTEST_QUESTION})
    return values


def checked_address(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"https://[\w.-]+\.\w+(/\S*)?", value):
        raise PydanticCustomError("card_address", "", {"value": str(value)})
    return value


def as_text(value: Any) -> Any:
    """A number as text, as YAML gives those of pages."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Words = Annotated[str, StringConstraints(pattern=r"\S")]
Number = Annotated[str, BeforeValidator(as_text), StringConstraints(pattern=r"^[1-9]\d*$")]
Date = Annotated[str, BeforeValidator(checked_date)]


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=lambda name: name.replace("_", "-"))


class Place(Strict):
    """One entry of ``sources``: a document, and where in it the facts stand."""

    title: Words
    publisher: Words
    url: Annotated[str, BeforeValidator(checked_address)]
    page: Number | None = None
    criterion: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")] | None = None
    heading: Words | None = None
    paragraph: Number | None = None
    row: Words | None = None
    second: Number | None = None

    @model_validator(mode="after")
    def one_place(self) -> Place:
        if sum(getattr(self, name) is not None for name in LOCATORS) > 1:
            raise PydanticCustomError("card_places", "", {"known": ", ".join(LOCATORS)})
        return self

    @property
    def locator(self) -> Locator | None:
        """The place within the document; none is the whole of it."""
        named = ((name, getattr(self, name)) for name in LOCATORS)
        return next((Locator(name, value) for name, value in named if value is not None), None)  # type: ignore[arg-type]


class Value(Strict):
    """One of the values on which sources disagree; ``source`` is its place in ``sources``, from 1."""

    value: Words
    says: Words
    date: Date
    source: int


class Disagreement(Strict):
    """What sources disagree on, their values, and what explains them."""

    subject: Words
    explanation: Words
    values: Annotated[list[Value], Field(min_length=2)]


class Facets(Strict):
    theme: Annotated[list[str], checked_facet("theme")]
    audience: Annotated[list[str], checked_facet("audience")] = []
    stage: Annotated[list[str], checked_facet("stage")] = []


class FrontMatter(Strict):
    """What stands above a card's text. CONTRIBUTING.md says what each field means."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([.-][a-z0-9]+)*$")]
    title: Words
    kind: Literal[KINDS]  # type: ignore[valid-type]
    sources: Annotated[list[Place], Field(min_length=1)]
    questions: Annotated[list[str], BeforeValidator(checked_questions)]
    facets: Facets
    date: Date
    language: Literal["fr", "en"] = "fr"
    edition: Annotated[str, BeforeValidator(as_text)] = ""
    valid_from: Date = ""
    superseded_by: Annotated[str, BeforeValidator(as_text)] = ""
    properties: dict[
        str, Annotated[str, BeforeValidator(as_text)] | list[Annotated[str, BeforeValidator(as_text)]]
    ] = {}
    disagreement: Disagreement | None = None

    @model_validator(mode="after")
    def known_sources(self) -> FrontMatter:
        for value in self.disagreement.values if self.disagreement else ():
            if not 1 <= value.source <= len(self.sources):
                raise PydanticCustomError("card_no_source", "", {"value": value.source, "count": len(self.sources)})
        return self


def card_paths(folder: Path = BASE) -> list[Path]:
    """Return the paths of all cards, sorted."""
    return sorted(
        path
        for path in folder.rglob("*.md")
        if path.name != "LICENSE.md"
        and not path.name.endswith(SUFFIX)
        and path.name != ABSENCES
        and not any(map(is_passed_over, path.relative_to(folder).parts))
    )


def read_card(path: Path) -> Document:
    """Return a card as a document; raise DocumentError where its front matter is not as ``FrontMatter`` has it."""
    given, body = split_front_matter(read_text(path))
    try:
        return card_of(given, body)
    except ValidationError as error:
        raise front_matter_problems(error)[0] from error


def card_of(given: dict[str, Any], body: str) -> Document:
    """Return the card of a front matter and a text; raise pydantic's ValidationError where the former does not fit."""
    front = FrontMatter.model_validate(given)
    page, _ = html_of(body)
    sources = tuple(Source(source.title, source.publisher, source.url, source.locator) for source in front.sources)
    typed = front.model_dump(mode="json", exclude_defaults=True)
    return Document(
        id=f"base/{front.id}",
        path=f"base/{front.id}",
        origin="card",
        title=front.title,
        url=deep_link(sources[0].url, sources[0].locator) if sources[0].locator else sources[0].url,
        kind=front.kind,
        sections=sections_from_html(page, front.title),
        publisher=sources[0].publisher,
        language=front.language,
        date=front.date,
        edition=front.edition,
        superseded_by=front.superseded_by,
        licence="Licence Ouverte 2.0",
        facets={facet: tuple(values) for facet, values in typed["facets"].items()},
        properties={
            name: tuple(value) if isinstance(value, list) else value for name, value in front.properties.items()
        }
        | {name: typed[name] for name in ("valid_from", "disagreement") if name in typed},
        sources=sources,
        questions=tuple(front.questions),
    )


def front_matter_problems(error: ValidationError) -> list[DocumentError]:
    """What is wrong with a front matter: one error a field, which names it."""
    return [problem_of(problem) for problem in error.errors(include_url=False)]


def problem_of(problem: Any) -> DocumentError:
    # A field may be of one type or another, which pydantic names as steps of their own.
    steps = [step for step in problem["loc"] if isinstance(step, int) or re.fullmatch(r"[\w-]+", step)]
    field = " ".join(str(step + 1) if isinstance(step, int) else step for step in steps) or "sources"
    kind, context = problem["type"], problem.get("ctx", {})
    if kind.startswith("card_"):
        return DocumentError(kind, field=field, **context)
    if kind == "missing":
        return DocumentError("card_missing", field=field)
    if kind == "extra_forbidden":
        return DocumentError("card_unknown", field=field)
    if kind == "literal_error":
        known = context["expected"].replace("'", "").replace(" or ", ", ")
        return DocumentError("card_choice", field=field, value=str(problem["input"]), known=known)
    return DocumentError("card_value", field=field, value=str(problem["input"])[:80])
