"""A question without its markup: « <b>vidéos</b> », « [vidéos](https://…) » and « {{ x }} vidéos » are read as « vidéos »."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from corpus.readers.html import INLINE

__all__ = ["without_markup"]

TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|[$#]\{.*?\}|<%.*?%>", re.DOTALL)
# Each « < », with the end tag, the comment or the tag that it begins.
OPENING = re.compile(
    r"<(?:(?P<other>/(?=[a-z])|!doctype\b|!--(?=.*?-->))|(?P<name>[a-z][\w-]*)(?P<attributes>[^<>]*)>)?",
    re.IGNORECASE | re.DOTALL,
)
NAMED = re.compile(r"<[^<>]*>")
BREAKS = {"br", "hr", "wbr"}
UNSEEN = ["script", "style", "template"]
MARKDOWN = MarkdownIt("zero").enable(["link", "image"])


def without_markup(text: str) -> str:
    """Return the words of ``text`` without HTML, the addresses of Markdown and templates; as it is where it has none.

    A tag that is only named (« la balise <video> ») is a word, unless there is no other: "" is returned then.
    """
    plain = reduced(reduced(text))  # twice, since an entity may stand for a tag
    words = NAMED.sub("", plain)
    if words != text and not re.search(r"\w", words):
        return ""
    return text if plain == text else " ".join(plain.split())


def reduced(text: str) -> str:
    """Return ``text`` with one level of markup less."""
    text = TEMPLATE.sub(" ", text)
    if "<" in text or "&" in text:
        text = words_of_html(text)
    if "](" in text:
        text = "".join(token.content for token in MARKDOWN.parseInline(text)[0].children or ())
    return text


def words_of_html(text: str) -> str:
    """Return what a page made of ``text`` would show."""
    folded = text.lower()

    def real(opening: re.Match[str]) -> str:
        """What the parser is given for a « < »: a tag that has no end closes nothing, and one without attributes is only named."""
        name = (opening["name"] or "").lower()
        if opening["other"] or (name and f"</{name}" in folded):
            return opening[0]
        return " " if name in BREAKS or "=" in (opening["attributes"] or "") else f"&lt;{opening[0][1:]}"

    page = BeautifulSoup(f"<div>{OPENING.sub(real, text)}</div>", "lxml")
    for tag in page.find_all(UNSEEN):
        tag.decompose()
    for tag in page.find_all(lambda tag: tag.name not in INLINE):
        tag.insert_before(" ")
        tag.insert_after(" ")
    return page.get_text()[1:-1]
