"""Web pages: the main content, without what a site puts around it and what a page hides."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.encoding import decoded
from corpus.readers.hidden import hidden
from corpus.readers.html import (
    HEADINGS,
    heading_text,
    leads_elsewhere,
    links_of,
    page_of,
    sections_of,
    tidy,
    unseen,
    words,
)
from corpus.readers.source_file import SourceFile, written_out

__all__ = ["read"]

PROLOGUE = re.compile(r"\A\s*<\?xml[^>]*>")
UNREADABLE = "\ufffd"
MARKUP = re.compile(r"<(!doctype html|html|head|body|main|article|section|div|p|h[1-6]|ul|ol|table)\b", re.IGNORECASE)
# What pages are written in; Python knows other encodings, some slow, that no page is in.
ENCODINGS = re.compile(
    r"utf-?8|utf-16([bl]e)?|(us-)?ascii|latin-?1|iso-?8859-([1-9]|1[013-6])|(windows-|cp)125[0-8]|macintosh|mac-?roman|koi8-[ru]|"
    r"gb2312|gbk|gb18030|big5|shift[-_]jis|euc-(jp|kr)|iso-2022-jp"
)
# A browser reads the letters that these lack, as « œ » and « ’ », by their superset; and a page whose declaration could
# be read is not in UTF-16.
AS_BROWSERS_DO = {
    "iso-8859-1": "windows-1252", "latin-1": "windows-1252", "latin1": "windows-1252", "us-ascii": "windows-1252",
    "ascii": "windows-1252", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8",
}  # fmt: skip

# What stands around the words of a page, in the State's design system (https://www.systeme-de-design.gouv.fr) and elsewhere.
ROLES = {"navigation", "search", "banner", "contentinfo", "dialog", "alertdialog"}
CLASSES = {
    "fr-header", "fr-footer", "fr-nav", "fr-sidemenu", "fr-breadcrumb", "fr-summary", "fr-share", "fr-follow",
    "fr-skiplinks", "fr-pagination", "fr-modal", "fr-consent-banner", "fr-consent-manager", "fr-back-to-top", "breadcrumb",
    "breadcrumbs", "toc", "table-of-contents", "social-share", "skip-link", "skip-links", "skiplink", "pagination", "pager",
    "modal", "back-to-top",
}  # fmt: skip
BANNERS = re.compile(r"\btarteaucitron|\bcookie-?(banner|bar|consent)|\bdidomi-|\baxeptio|\bonetrust-", re.IGNORECASE)
# The words of links that are interface.
INTERFACE = re.compile(
    r"[#¶§🔗]|permalien|permalink|(retour |revenir |remonter )?(en |au |vers le )?haut( de (la )?page)?|(back to )?top|skip to (main )?content|"
    r"(aller|accéder|passer)( directement)? au contenu( principal)?",
    re.IGNORECASE,
)

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
DAY = rf"\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}(?:er)?[ /.-](?:\d{{1,2}}|{'|'.join(MONTHS)})[ /.-]\d{{4}}"
# « Version 1. Dernière mise à jour le 19/06/2023 », « Publié le 3 mars 2024 | Modifié le 4 avril 2024 à 10h30 »
UPDATED = re.compile(
    r"(?:(?:en )?version [\w.]+?[ .,]+)?(?:(?:derni[èe]re )?(?:mise?|modifi(?:ée?|cation)|actualis(?:ée?|ation)|publi(?:ée?|cation)|"
    r"last updated|published)(?: à jour)?(?: de (?:cette|la) page)?(?: le| du| on)?(?: ?:)? "
    rf"(?:{DAY})(?: à \d+ ?[h:] ?\d*)?[ .,|•·–-]*)+",
    re.IGNORECASE,
)
LONGEST_LINE = 240
LAST_STRINGS = 4
# A page that says less has no body.
LEAST_WORDS = 6
DATES = ("article:modified_time", "dcterms.modified", "last-modified", "article:published_time", "dcterms.date", "date")
SEPARATOR = re.compile(r" [-–—|·•] ")


def read(source: SourceFile) -> list[Document]:
    """Return the page as one document; a page that only leads elsewhere is marked so, and has no sections.

    Raise DocumentError where the file is not a page, or nests its elements deeper than any page does.
    """
    path = PurePosixPath(source.name)
    default_kind = "how" if source.entry.kind == "good practice" else "other"
    try:
        soup = page_of(markup(source.path))
        content = main_content(soup)
        title = take_title(soup, content) or (path.parent.name if path.stem == "index" else path.stem)
        date = take_date(soup, content)
        navigation = words(content) < LEAST_WORDS or leads_elsewhere(content)
        sections = () if navigation else sections_of(content, title, default_kind)
    except RecursionError as error:
        raise DocumentError("html_nested") from error
    language = str(soup.html.get("lang") or "") if soup.html else ""
    return [
        source.document(
            title=title,
            url=address(source, soup),
            date=date,
            language=language[:2].lower() or source.entry.language,
            sections=sections,
            properties={"navigation": True} if navigation else {},
            links=links_of(content),
        )
    ]


def markup(path: Path) -> str:
    """The text of a page: in the encoding of its byte-order mark, else in the one it declares, else in the likeliest.

    Raise DocumentError where the file holds no text, or a text that is no page.
    """
    content, marked = EncodingDetector.strip_byte_order_mark(path.read_bytes())
    declared = "" if marked else EncodingDetector.find_declared_encoding(content, is_html=True) or ""
    known = ENCODINGS.fullmatch(declared)
    text = content.decode(AS_BROWSERS_DO.get(declared, declared), "replace") if known else UNREADABLE
    if text.count(UNREADABLE) * 1000 > len(text):  # none is declared, or another than the page's
        text = decoded(path)
    if not MARKUP.search(text):
        raise DocumentError("html_not")
    return PROLOGUE.sub("", text.replace("\0", ""))


def main_content(soup: BeautifulSoup) -> Tag:
    """Take the main content out of the page, and out of it all that is furniture or hidden."""
    for form in soup.find_all("form"):
        if form.find(["main", "article", "h1"]):  # some servers make one form of a whole page
            form.unwrap()
    mains = [node for node in soup.find_all(is_main) if not hidden(node)]
    articles = soup.find_all("article")
    content = mains[0] if mains else articles[0] if len(articles) == 1 else soup.body
    if content is None:
        raise DocumentError("html_not")
    remove(content.find_all(furniture))
    if content is soup.body:  # what a page that marks no main content has beside it
        remove(node for node in content.find_all(["header", "aside"]) if not node.find_parent("article"))
    content = content.extract()
    for dialog in content.find_all("dialog"):
        dialog.name = "div"
    open_panels(content)
    remove(
        node
        for node in content.find_all(unseen)
        if hidden(node) or node.name != "button" or not node.find_parent([*HEADINGS])
    )
    remove(node for node in content.find_all(["ul", "ol", "a"]) if leads_within(node))
    return content


def is_main(node: Tag) -> bool:
    return node.name == "main" or node.get("role") == "main"


def furniture(node: Tag) -> bool:
    """True for what stands around the words of a page; a transcript is not, which the design system keeps in a dialog."""
    names = [*node.get_attribute_list("class"), str(node.get("id") or "")]
    return (
        node.name in {"nav", "dialog"}
        or node.get("role") in ROLES
        or not CLASSES.isdisjoint(names)
        or bool(BANNERS.search(" ".join(filter(None, names))))
    ) and node.find_parent(class_="fr-transcription") is None


def remove(nodes: Iterable[Tag]) -> None:
    """Take ``nodes`` out of their tree; some may stand within others."""
    for node in list(nodes):
        if not node.decomposed:
            node.decompose()


def leads_within(node: Tag) -> bool:
    """True for a table of contents, which lists links to places of the same page only, and for a link that is interface."""
    if node.name == "a":
        return bool(INTERFACE.fullmatch(tidy(node.get_text())))
    links = node.find_all("a")
    within = len(links) > 1 and all(str(link.get("href") or "").startswith("#") for link in links)
    return within and words(node) == sum(map(words, links))


def open_panels(content: Tag) -> None:
    """Show what tabs, accordions and ``<details>`` hold, each under a heading that says what its button says."""
    controls: dict[str, Tag] = {}
    for control in content.find_all(lambda node: node.has_attr("aria-expanded") or node.get("role") == "tab"):
        if not any(map(hidden, (control, *control.parents))):
            names = str(control.get("aria-controls") or control.get("href") or "").removeprefix("#").split()
            controls.update((name, control) for name in names)
    # By panel (0 outside all): the level of its latest heading.
    level = {0: 1}
    for node in content.find_all(lambda node: node.name in {*HEADINGS, "details"} or node.get("id") in controls):
        around = next((id(parent) for parent in node.parents if id(parent) in level), 0)
        if node.name in HEADINGS:
            level[around] = HEADINGS[node.name]
            continue
        label = node.find("summary", recursive=False) if node.name == "details" else controls[str(node["id"])]
        level[id(node)] = level[around]
        for attribute in ("hidden", "aria-hidden", "style"):
            del node[attribute]
        if label is None or label.find_parent([*HEADINGS]) or label.find([*HEADINGS]):
            continue
        level[id(node)] = min(level[around] + 1, 6)
        heading = Tag(name=f"h{level[id(node)]}")
        heading.string = heading_text(label)
        node.insert(0, heading)
        if node.name == "details":
            label.decompose()
    remove(content.find_all(role="tablist"))


def take_title(soup: BeautifulSoup, content: Tag) -> str:
    """Return the title of the page, taken out of its content; else its name without that of the site; else nothing."""
    for heading in content.find_all("h1"):
        if title := heading_text(heading):
            heading.decompose()
            return title
    name = tidy(soup.title.get_text()) if soup.title else ""
    short = meta(soup, "og:title")
    if short and name.startswith(short):
        return short
    separators = list(SEPARATOR.finditer(name))
    return name[: separators[-1].start()] if separators else name


def meta(soup: BeautifulSoup, name: str) -> str:
    """The content of a ``<meta>`` of that name, or an empty string."""
    found = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
    return tidy(str(found.get("content") or "")) if isinstance(found, Tag) else ""


def take_date(soup: BeautifulSoup, content: Tag) -> str:
    """Return the day when the page last changed, or an empty string; the line that tells it is taken out of the content.

    That line stands above all headings or below all text; elsewhere it tells of something else. Where there is none, the
    page's description of itself tells the day, else its only ``<time>``.
    """
    heading = content.find([*HEADINGS])
    above = takewhile(lambda node: node is not heading, content.descendants)
    strings = [(node, True) for node in above if isinstance(node, NavigableString)]
    below = [string for string in content.find_all(string=True) if tidy(string)][-LAST_STRINGS:]
    found: list[str] = []
    for string, on_top in [*strings, *((string, False) for string in below)]:
        if string.decomposed or not re.search(r"\d{4}", string):
            continue
        lines = [node for node in string.parents if node is not content and UPDATED.fullmatch(short_text(node))]
        if lines and (on_top or last(lines[-1])):
            found += days(short_text(lines[-1]))
            lines[-1].decompose()
    if found:
        return max(found)
    if described := next((day for name in DATES for day in days(meta(soup, name))), ""):
        return described
    times = {day for time in content.find_all("time") for day in days(str(time.get("datetime")))}
    return times.pop() if len(times) == 1 else ""


def short_text(node: Tag) -> str:
    """The text of a node that holds a line at most, else an empty string: nodes are not read whole to find that out."""
    text = ""
    for string in node.strings:
        text += string
        if len(text) > LONGEST_LINE:
            return ""
    return tidy(text)


def last(node: Tag) -> bool:
    """True where no text follows ``node``."""
    return not any(tidy(other.get_text()) for above in (node, *node.parents) for other in above.next_siblings)


def days(text: str) -> list[str]:
    """The days that ``text`` names, as 2024-09-24."""
    found = []
    for day in re.findall(DAY, text.lower()):
        parts = re.split(r"[ /.-]", day)
        month = MONTHS.index(parts[1]) + 1 if parts[1] in MONTHS else int(parts[1])
        year, number = (parts[0], int(parts[2])) if len(parts[0]) == 4 else (parts[2], int(parts[0].removesuffix("er")))
        if 1 <= month <= 12 and 1 <= number <= 31:
            found.append(f"{year}-{month:02}-{number:02}")
    return found


def address(source: SourceFile, soup: BeautifulSoup) -> str:
    """The page's official address: the one it names, if that is on its source's host, else that of its path on the site.

    A page that names the home page is not believed, unless it is that page: sites that name it do so on every page.
    """
    entry = source.entry
    path = entry.tail.as_posix().removesuffix("index.html").removeprefix(".")
    own = entry.url or (entry.home and entry.home + quote(entry.below + path))
    link = soup.find("link", rel="canonical", href=True)
    if not own or not isinstance(link, Tag):
        return own
    try:
        named = urldefrag(urljoin(own, str(link["href"]).strip())).url
    except ValueError:  # an address that cannot be one
        return own
    here, there = urlsplit(own), urlsplit(named)
    on_host = (there.scheme, there.netloc) == (here.scheme, here.netloc)
    return written_out(named) if on_host and (there.path.strip("/") or not here.path.strip("/")) else own
