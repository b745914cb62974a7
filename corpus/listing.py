"""What a source lists: the addresses of a sitemap or of the links of its pages, and the name of the file that each becomes."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from corpus.errors import FetchError
from corpus.fetch import ADDRESS_CHARACTERS, Client, one_line
from corpus.readers import READERS

__all__ = ["file_name", "linked_addresses", "sitemap_addresses", "title_of"]

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITEMAP_SIZE, SITEMAPS, ADDRESSES = 10 * 1024**2, 50, 20_000
PAGE_SIZE = 2 * 1024**2
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}


def sitemap_addresses(client: Client, sitemap: str, hosts: Collection[str]) -> list[str]:
    """Return the addresses of a sitemap, or of those that an index of sitemaps names; raise FetchError where one cannot be read."""
    waiting, addresses = [sitemap], []
    for count in range(SITEMAPS):
        xml = client.text(waiting.pop(0), hosts, SITEMAP_SIZE)
        if xml is None:
            raise FetchError("sync_status", status=404)
        try:
            root = defusedxml.ElementTree.fromstring(xml)
        except (defusedxml.ElementTree.ParseError, DefusedXmlException, ValueError) as error:
            raise FetchError("sync_sitemap_broken") from error
        named = [(element.text or "").strip() for element in root.iter(f"{SITEMAP}loc")]
        if root.tag == f"{SITEMAP}sitemapindex" and count == 0:
            waiting += named
        elif root.tag == f"{SITEMAP}urlset":
            addresses += named
        else:
            break
        if not waiting:
            break
    # An empty list is a mistake: it would withdraw every page.
    if waiting or not 0 < len(addresses) <= ADDRESSES:
        raise FetchError("sync_sitemap_broken")
    return addresses


def linked_addresses(pages: Iterable[tuple[Path, str]], below: str) -> Iterator[str]:
    """Yield the addresses below ``below`` of documents that can be read, which the pages (each with its address) link."""
    for path, own_address in pages:
        page = parse_page(path)
        for link in page.iter("a") if page is not None else ():
            with contextlib.suppress(ValueError):  # an address that cannot even be split
                target = quote(str(link.get("href", "")).strip(), safe=ADDRESS_CHARACTERS)
                address = urldefrag(urljoin(own_address, target))[0]
                if address.startswith(below) and PurePosixPath(address).suffix.lower() in READERS:
                    yield address


def file_name(address: str, below: str) -> str:
    """Return the name that the document at ``address`` has below its source's folder: its path below ``below``.

    A path that is not that of a document which can be read is that of a page. Raises FetchError where the address is not
    below, or where a part of it is no file name on every system.
    """
    if not address.startswith(below) or {"?", "#"} & set(address):
        raise FetchError("sync_name", address=one_line(address))
    try:
        parts = [unquote(part, errors="strict") for part in address.removeprefix(below).split("/")]
    except UnicodeDecodeError as error:
        raise FetchError("sync_name", address=one_line(address)) from error
    if PurePosixPath(parts[-1]).suffix.lower() not in READERS:
        parts = [*parts, "index.html"] if parts[-1] else [*parts[:-1], "index.html"]
    name = "/".join(parts)
    if not all(is_safe(part) for part in parts) or len(name.encode()) > 240:
        raise FetchError("sync_name", address=one_line(address))
    return name


def is_safe(part: str) -> bool:
    """True for a part of a path that every system takes for the name of a file, and for the same one."""
    return (
        part.isprintable()
        and part == unicodedata.normalize("NFC", part.strip())
        and not set(part) & set('<>:"/\\|?*')
        and not part.endswith(".")
        and part.partition(".")[0].upper() not in {"", *DEVICES}  # nor hidden
    )


def title_of(path: Path) -> str:
    """The title that a page gives itself, else the name of the file."""
    page = parse_page(path)
    if page is not None:
        for title in (page.xpath('string(//meta[@property="og:title"]/@content)'), page.findtext(".//title") or ""):
            if words := one_line(title):
                return words
    return path.parent.name if path.name == "index.html" else path.name


def parse_page(path: Path) -> Any:
    """Return the HTML page at ``path`` as lxml reads it, or None where there is none."""
    import lxml.etree
    import lxml.html

    if path.suffix != ".html" or not path.is_file():
        return None
    with path.open("rb") as file:
        content = file.read(PAGE_SIZE)
    try:
        content.decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # as the page says
    try:
        return lxml.html.document_fromstring(content, lxml.html.HTMLParser(encoding=encoding))
    except (lxml.etree.LxmlError, ValueError):
        return None
