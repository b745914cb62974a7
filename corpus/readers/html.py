"""HTML to sections: what a reader of the page sees, heading by heading, in the light layout of ``Section.text``."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString

from corpus.documents import Locator, Section
from corpus.readers.hidden import hidden
from corpus.readers.section_kinds import section_kind

__all__ = [
    "HEADINGS", "heading_text", "leads_elsewhere", "links_of", "page_of", "sections_from_html", "sections_of", "tidy",
    "unseen", "words",
]  # fmt: skip

UNSEEN = {
    "script", "style", "nav", "iframe", "form", "svg", "img", "picture", "video", "audio", "template", "noscript",
    "select", "textarea", "datalist", "dialog", "button", "head", "footer", "object", "canvas",
}  # fmt: skip
INLINE = {
    "a", "abbr", "b", "bdi", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "label", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
}  # fmt: skip
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
SPACES = re.compile(r"[ \t\r\n\f\v]+|\s{9,}")
# Characters that nobody sees, which split words or carry a hidden text: soft hyphens, zero widths, directions, tags.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
WORD = re.compile(r"\w+")
CARD = {"fr-card", "fr-tile", "card"}
# Half as deep as these functions could follow, and time enough for what goes up from each element.
DEEPEST = 300
# With fewer words of its own, a page only introduces the longer list that it holds.
INTRODUCTION_WORDS = 40


def sections_from_html(html: str, title: str, default_kind: str = "other") -> tuple[Section, ...]:
    """Return the sections of a page named ``title``, in reading order; a page without text gives none.

    ``default_kind`` is the section kind where the heading tells none.
    """
    return sections_of(page_of(html), title, default_kind)


def page_of(html: str) -> BeautifulSoup:
    """Parse HTML; raise RecursionError where its elements are nested more deeply than those of any page.

    With lxml, for the parser of Python's library takes minutes over a few thousand tags that do not end.
    """
    with warnings.catch_warnings(action="ignore", category=XMLParsedAsHTMLWarning):  # XML is read for its words as well
        page = BeautifulSoup(html, "lxml")
    depths = {id(page): 0}
    for node in page.find_all(True):
        depths[id(node)] = depth = depths[id(node.parent)] + 1
        if depth > DEEPEST:
            raise RecursionError
    return page


def sections_of(content: Tag, title: str, default_kind: str = "other") -> tuple[Section, ...]:
    """Return the sections of what stands below ``content``, as ``sections_from_html`` does."""
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

    for kind, node, text in walk(content):
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


def links_of(content: Tag) -> tuple[str, ...]:
    """Return the targets of the links below ``content``, in order, each once."""
    return tuple(dict.fromkeys(str(a["href"]) for a in content.find_all("a", href=True)))


def leads_elsewhere(content: Tag) -> bool:
    """True for what holds no words, and for what only lists links: it serves navigation, not answers.

    Its own words are those outside links, and outside entries of a list that are headed by a link or mostly one.
    """
    leading: set[int] = set()
    led = 0
    for node in content.find_all(leads):
        if not any(id(parent) in leading for parent in node.parents):
            leading.add(id(node))
            led += words(node)
    own = words(content) - led
    return 3 * own < led or (own < INTRODUCTION_WORDS and own <= led)


def leads(node: Tag) -> bool:
    """True for a link to another page, and for an entry (an item, a card) that is headed by one or mostly one."""
    if node.name == "a":
        return not str(node.get("href") or "#").startswith(("#", "mailto:", "tel:"))
    if node.name not in {"li", "article"} and not CARD.intersection(node.get_attribute_list("class")):
        return False
    links = [link for link in node.find_all("a") if leads(link)]
    headed = bool(links) and (links[0].find_parent([*HEADINGS]) or links[0].find([*HEADINGS]))
    return bool(headed) or 2 * sum(map(words, links)) > words(node)


def words(node: Tag) -> int:
    return len(WORD.findall(node.get_text(" ")))


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
    return node.name in UNSEEN or hidden(node)


def walk(node: Tag) -> Iterator[tuple[str, Tag, str]]:
    """Yield (kind, node, text) for each heading and each block of text below ``node``, in reading order."""
    inline: list[str] = []

    def paragraph() -> Iterator[tuple[str, Tag, str]]:
        text = tidy("".join(inline))
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
    return tidy("".join(parts))


def tidy(text: str) -> str:
    """One line of text: no character that nobody sees, one space where there are several."""
    return SPACES.sub(" ", INVISIBLE.sub("", text)).strip()


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
    """Yield a table's caption, and each row as one ``| `` line."""
    for part in within(table, {"caption", "tr"}):
        if part.name == "caption":
            yield from walk(part)
        elif any(cells := [cell_text(cell) for cell in within(part, {"td", "th"})]):
            yield "block", part, "| " + " | ".join(cells) + " |"


def within(node: Tag, names: set[str]) -> Iterator[Tag]:
    """Yield the outermost elements of these names that are seen below ``node``, those of a table within it left out."""
    for child in node.children:
        if isinstance(child, Tag) and child.name != "table" and not unseen(child):
            if child.name in names:
                yield child
            else:
                yield from within(child, names)


def cell_text(cell: Tag) -> str:
    """The text of a cell on one line, the cells of a table within it one after the other."""
    return tidy(" ".join(text[2:-2].replace(" | ", " ") if node.name == "tr" else text for _, node, text in walk(cell)))
