"""HTML to sections: what a reader of the page sees, heading by heading, in the light layout of ``Section.text``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from corpus.documents import Locator, Section
from corpus.readers.section_kinds import section_kind

__all__ = ["links_of", "sections_from_html"]

UNSEEN = {
    "script", "style", "nav", "iframe", "form", "svg", "img", "picture", "video", "audio", "template", "noscript",
    "select", "button", "head", "footer", "object", "canvas",
}  # fmt: skip
INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
SPACES = re.compile(r"[ \t\r\n\f\v]+")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)


def sections_from_html(html: str, title: str, default_kind: str = "other") -> tuple[Section, ...]:
    """Return the sections of a page named ``title``, in reading order; a page without text gives none.

    ``default_kind`` is the section kind where the heading tells none.
    """
    soup = BeautifulSoup(html, "html.parser")
    sections: list[Section] = []
    path: list[tuple[int, str]] = []
    anchor = ""
    blocks: list[str] = []

    def close() -> None:
        text = join_blocks(blocks)
        blocks.clear()
        if text:
            headings = tuple(heading for _, heading in path)
            kind = next((kind for heading in reversed(headings) if (kind := section_kind(heading))), default_kind)
            locator = Locator("heading", headings[-1] if headings else title)
            sections.append(Section(text, headings, kind, locator, anchor))

    for kind, node, text in walk(soup):
        if kind != "heading":
            blocks.append(text)
            continue
        # The caption of a figure's description belongs to the text around it.
        if text.casefold() == "transcription":
            continue
        close()
        level = HEADINGS[node.name]
        path = [*(item for item in path if item[0] < level), (level, text)]
        anchor = anchor_of(node)
    close()
    return tuple(sections)


def links_of(html: str) -> tuple[str, ...]:
    """Return the targets of the page's links, in order, each once."""
    soup = BeautifulSoup(html, "html.parser")
    return tuple(dict.fromkeys(str(a["href"]) for a in soup.find_all("a", href=True)))


def join_blocks(blocks: list[str]) -> str:
    """Join blocks: items of one list and rows of one table on consecutive lines, everything else apart."""
    text = ""
    for block in blocks:
        if text:
            text += "\n" if block[:2] in ("- ", "| ") and last_line(text)[:2] == block[:2] else "\n\n"
        text += block
    return text


def last_line(text: str) -> str:
    return text[text.rfind("\n") + 1 :]


def anchor_of(heading: Tag) -> str:
    """Return the id that a link to this heading can use, or an empty string."""
    if heading.get("id"):
        return str(heading["id"])
    inner = heading.find(id=True)
    return str(inner["id"]) if isinstance(inner, Tag) else ""


def unseen(node: Tag) -> bool:
    """True for what a reader of the page does not see, or sees on every page."""
    return (
        node.name in UNSEEN
        or node.has_attr("hidden")
        or node.get("aria-hidden") == "true"
        or bool(HIDDEN.search(str(node.get("style") or "")))
    )


def walk(node: Tag) -> Iterator[tuple[str, Tag, str]]:
    """Yield (kind, node, text) for each heading and each block of text below ``node``, in reading order."""
    inline: list[str] = []

    def paragraph() -> Iterator[tuple[str, Tag, str]]:
        text = SPACES.sub(" ", "".join(inline)).strip()
        inline.clear()
        if text:
            yield "block", node, text

    for child in node.children:
        if isinstance(child, PreformattedString):  # a comment, a doctype
            continue
        if isinstance(child, NavigableString):
            inline.append(str(child))
        elif isinstance(child, Tag) and not unseen(child):
            if child.name in HEADINGS:
                yield from paragraph()
                if text := heading_text(child):
                    yield "heading", child, text
            elif child.name in INLINE and not child.find(is_block):
                inline.append(inline_text(child))
            elif child.name in {"ul", "ol"}:
                yield from paragraph()
                yield from items(child)
            elif child.name == "table":
                yield from paragraph()
                yield from rows(child)
            else:
                yield from paragraph()
                yield from walk(child)
    yield from paragraph()


def is_block(node: Tag) -> bool:
    return node.name not in INLINE and node.name not in UNSEEN


def inline_text(node: Tag) -> str:
    """Text of an inline element; a line break counts as a space."""
    if unseen(node):
        return ""
    if node.name in {"br", "wbr"}:
        return " " if node.name == "br" else ""
    return "".join(
        inline_text(child) if isinstance(child, Tag) else str(child)
        for child in node.children
        if not isinstance(child, PreformattedString)
    )


def heading_text(heading: Tag) -> str:
    """Text of a heading, that of the button inside an accordion's heading included."""
    parts = (
        (" " if node.name == "br" or is_block(node) else "") if isinstance(node, Tag) else str(node)
        for node in heading.descendants
        if not isinstance(node, PreformattedString)
    )
    return SPACES.sub(" ", "".join(parts)).strip()


def items(listing: Tag) -> Iterator[tuple[str, Tag, str]]:
    """Yield each item of a list as one ``- `` line, those of nested lists after their parent."""
    for item in listing.find_all("li", recursive=False):
        own: list[str] = []
        nested: list[tuple[str, Tag, str]] = []
        for kind, node, text in walk(item):
            if kind == "block" and not text.startswith(("- ", "| ")) and not nested:
                own.append(text)
            else:
                nested.append((kind, node, text))
        if own:
            yield "block", item, "- " + " ".join(own)
        yield from nested


def rows(table: Tag) -> Iterator[tuple[str, Tag, str]]:
    """Yield a table's caption, then each row as one ``| `` line."""
    for caption in table.find_all("caption"):
        yield from walk(caption)
    for row in table.find_all("tr"):
        cells = [
            SPACES.sub(" ", " ".join(text for _, _, text in walk(cell))).strip() for cell in row.find_all(["td", "th"])
        ]
        if any(cells):
            yield "block", row, "| " + " | ".join(cells) + " |"
