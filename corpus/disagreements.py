"""What the knowledge cards say of the disagreements between sources, as a page: ``docs/disagreements.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.documents import Document, Source, deep_link
from corpus.lexical import fold
from corpus.messages import text
from corpus.places import source_line

__all__ = ["disagreements_page"]


def disagreements_page(cards: Sequence[Document], language: str = "fr") -> str:
    """Return the page as Markdown: by subject, the values with what says them, then what explains them."""
    parts = [f"# {text('disagreements_title', language)}", text("disagreements_how", language)]
    found = [(card, card.properties["disagreement"]) for card in cards if "disagreement" in card.properties]
    for card, disagreement in sorted(found, key=lambda pair: (fold(pair[1]["subject"]), pair[0].id)):
        values = disagreement["values"]
        lines = [value_line(value, card.sources[value["source"] - 1], language) for value in values]
        parts += [f"## {disagreement['subject']}", "\n".join(lines), disagreement["explanation"]]
        parts.append(text("disagreements_card", language, card=card.title, id=card.id))
    return "\n\n".join(parts) + "\n"


def value_line(value: Mapping[str, Any], source: Source, language: str) -> str:
    """One value: who says it, when, and the link to its place."""
    locator = source.locator
    link = deep_link(source.url, locator) if locator else source.url
    said = f"{text('label', language, name='**' + value['value'] + '**')} {value['says']} ({value['date']})."
    return f"- {said} [{source_line(source, language)}](<{link}>)"
