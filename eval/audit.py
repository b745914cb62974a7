"""Citations held against the original files: each official quote is looked for at the place that its locator names.

Nothing of the index has a part in it. Each format is opened with another library than the one that indexed it (pypdf;
mistune, then selectolax; ``json``), and the file is read again from the start: what a reader of the index lost, joined
or put under another heading is a miss here. Words are compared folded (``folded_words``), then without their spaces,
which a PDF does not always hold.
"""

from __future__ import annotations

import html
import json
import logging
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from glob import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from corpus.errors import InputError
from corpus.messages import text as message
from corpus.places import folded_words, holds
from eval.metrics import Line
from eval.tables import read_rows, written

if TYPE_CHECKING:
    from pypdf import PageObject

__all__ = ["Place", "audit", "original", "problem_of", "read"]

KINDS = ("page", "heading", "criterion", "paragraph", "row", "second")

# Words without their spaces prove something from so many letters on.
LETTERS = 12
# Between two cells of a row, the letters of other text that a PDF may put there; beside the end of a page, those of its
# footer and of the header that follows, once.
CELL_GAP = 120
PAGE_GAP = 200
# A sentence that runs over two pages has so many words on each of them.
WORDS_ACROSS = 3
# Subtitles come one line a paragraph: a locator names the first of a run of so many characters, up to a sentence's end.
RUN_CHARACTERS = 500
# The rows that may name a table's columns, and those that a run of prose may go on for.
NAMING_ROWS, RUN_ROWS = 12, 8
# Text set smaller than this, in points, is seen by nobody: Word leaves there the code of its notes (« 4F »).
LEAST_SIZE = 2

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*$", re.DOTALL | re.MULTILINE)
TITLE = re.compile(r"^title[ \t]*:(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
TRANSCRIPT = re.compile(r"\{%-?\s*transcription\b.*?%\}(.*?)\{%-?\s*endtranscription\b.*?%\}", re.DOTALL)
TEMPLATE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{[#.][\w-][^}\n]*\}|\{#.*?#\}", re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
NOTE = re.compile(r"^[ \t]*(\d{1,3})[ \t\xa0]+[^\s\d]", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A place that a locator can name; ``texts`` gives what stands there, in each of the ways that it may be read."""

    kind: str
    value: str
    texts: Callable[[], tuple[str, ...]]


def audit(lines: Sequence[Line], folder: Path, language: str) -> dict[str, Any]:
    """Look for the official quotes of a run in the original files, below ``folder``.

    Return ``checked`` and ``found`` (counts of quotes), ``share`` (None where nothing was checked), ``formats`` (both
    counts by ending) and ``misses``, in the order of the run. A quote that stands elsewhere in the file than its locator
    says is a miss, whose ``problem`` is the locator's kind; one that stands nowhere is missing from the "document".
    Raise InputError where there is no such folder.
    """
    from tqdm import tqdm

    if not folder.is_dir():
        raise InputError("folder_missing", folder=folder)
    official = [
        (line["id"], citation)
        for line in lines
        for citation in line.get("citations") or ()
        if citation.get("origin") == "official"
    ]
    find, find_published, places_of = cache(partial(original, folder)), cache(partial(published, folder)), cache(read)
    formats: dict[str, dict[str, int]] = {}
    misses: list[dict[str, Any]] = []
    for id, citation in tqdm(
        official, desc=message("eval_audit_progress", language), unit="citation", file=sys.stderr, mininterval=1
    ):
        document, locator = str(citation.get("document") or ""), citation.get("locator") or {"kind": "", "value": ""}
        counts = formats.setdefault(PurePosixPath(document).suffix.lower(), {"checked": 0, "found": 0})
        counts["checked"] += 1
        path = find(document)
        problem = problem_of(citation["quote"], locator, places_of(path)) if path else "no_file"
        if problem and (page := find_published(str(citation.get("url") or ""))) and page != path:
            problem = problem_of(citation["quote"], locator, places_of(page)) and problem
        if problem:
            known = {"number": citation["number"], "document": document, "locator": locator}
            misses.append({"id": id, **known, "quote": citation["quote"], "problem": problem})
        else:
            counts["found"] += 1
    found = len(official) - len(misses)
    return {
        "checked": len(official),
        "found": found,
        "share": found / len(official) if official else None,
        "formats": dict(sorted(formats.items())),
        "misses": misses,
    }


def original(folder: Path, document: str) -> Path | None:
    """Return the file of ``folder`` that a document's path in the index names, or None.

    The folder may be the one that was indexed, one above it, or one within it: the path is looked for as it is, then
    below another folder, then by its end, the longest first. A path that leaves the folder names nothing.
    """
    parts = PurePosixPath(document).parts
    if not parts or ".." in parts or "\0" in document or PurePosixPath(document).is_absolute():
        return None
    inside = folder.resolve()
    candidates = [folder.joinpath(*parts), *sorted(folder.glob(f"**/{escape('/'.join(parts))}"))]
    candidates += [folder.joinpath(*parts[start:]) for start in range(1, len(parts))]
    return next((path for path in candidates if path.is_file() and path.resolve().is_relative_to(inside)), None)


def published(folder: Path, url: str) -> Path | None:
    """Return the file of ``folder`` that holds the page at ``url`` as the site publishes it, or None.

    A page's source does not hold what the site's layout adds, as the name of each line of a tool's sheet.
    """
    parts = PurePosixPath(unquote(urlsplit(url).path)).parts[1:]
    if not parts or ".." in parts:
        return None
    return next(iter(sorted(folder.glob(f"**/{escape('/'.join(parts))}/index.html"))), None)


def problem_of(quote: str, locator: Mapping[str, str], places: Sequence[Place] | None) -> str:
    """Return what is wrong with a citation, or an empty string where its quote stands at the place that it names.

    ``places`` are those of the original file in their order, None where it could not be read.
    """
    if places is None:
        return "unread"
    kind, value = locator["kind"], folded_words(str(locator["value"]))
    for place, following in zip(places, [*places[1:], None], strict=True):
        if place.kind != kind or folded_words(place.value) != value:
            continue
        if any(stands(quote, text) for text in place.texts()):
            return ""
        if kind == "page" and following and runs_over(quote, place, following):
            return ""
    elsewhere = any(stands(quote, text) for place in places for text in place.texts())
    return kind if elsewhere and kind in KINDS else "document"


# --- words ----------------------------------------------------------------------------------------------------------


def stands(quote: str, text: str) -> bool:
    """True where the words of ``quote`` stand in a row in ``text``: of a table's row, its cells near each other in order.

    A matrix of jobs and levels is quoted a level a line: each job has that level in its column.
    """
    if level := re.fullmatch(r"Niveau (\d) : (.+)", quote, re.DOTALL):
        return all(holds(plain(text), plain(f"{job} {level[1]}")) for job in level[2].split(" ; "))
    if holds(plain(text), plain(quote)):
        return True
    letters, here = squeezed(quote), squeezed(text)
    if len(letters) < LETTERS:
        return False
    if letters in here:
        return True
    cells = [squeezed(cell) for line in quote.split("\n") for cell in (line.split("|") if line[:2] == "| " else [line])]
    near = f".{{0,{CELL_GAP}}}?".join(cell for cell in cells if cell)
    return "| " in quote and bool(re.search(near, here))


def runs_over(quote: str, page: Place, following: Place) -> bool:
    """True where a quote ends one page and goes on at the head of the next, a footer and a header apart."""
    words = folded_words(plain(quote))
    for cut in range(WORDS_ACROSS, len(words) - WORDS_ACROSS + 1):
        first, rest = "".join(words[:cut]), "".join(words[cut:])
        if any(first in squeezed(text)[-len(first) - PAGE_GAP :] for text in page.texts()) and any(
            rest in squeezed(text)[: len(rest) + PAGE_GAP] for text in following.texts()
        ):
            return True
    return False


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text with its ligatures and its small figures as plain signs (Unicode NFKC), and without soft hyphens."""
    return unicodedata.normalize("NFKC", text.replace("\u00ad", "").replace("\u200b", ""))


@lru_cache(maxsize=4096)
def squeezed(text: str) -> str:
    """The folded words of a text without their spaces."""
    return "".join(folded_words(plain(text)))


# --- originals ------------------------------------------------------------------------------------------------------


def read(path: Path) -> list[Place] | None:
    """Return the places of a file in their order; None for a format that is not read here, and for a file that is damaged."""
    workbook = dict.fromkeys((".xlsx", ".xls", ".ods"), read_workbook)
    readers = {
        ".pdf": read_pdf,
        ".md": read_page,
        ".html": read_published,
        ".json": read_json,
        ".docx": read_docx,
        ".csv": read_csv,
        **workbook,
    }
    reader = readers.get(path.suffix.lower())
    try:
        return reader(path) if reader else None
    except ImportError as error:
        raise InputError("eval_extra_missing") from error
    except Exception:  # a damaged file fails in as many ways as there are files
        return None


def read_pdf(path: Path) -> list[Place]:
    """Return the pages of a PDF, numbered from 1; what stands on one is read when it is asked for."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages = PdfReader(path).pages
    return [Place("page", str(number), cache(partial(page_texts, page))) for number, page in enumerate(pages, start=1)]


def page_texts(page: PageObject) -> tuple[str, ...]:
    """Return the text of a page, and the same without the marks of the notes that it holds.

    The mark of a note is a number alone that a line of the page begins with: the note itself.
    """
    pieces: list[str] = []

    def visible(text: str, context: Sequence[float], matrix: Sequence[float], font: object, size: float) -> None:
        scale = max(abs(matrix[1]), abs(matrix[3])) * max(abs(context[1]), abs(context[3]))
        if size * scale >= LEAST_SIZE or not re.fullmatch(r"\s*\d{1,3}F\s*", text):
            pieces.append(text)

    page.extract_text(visitor_text=visible)
    text = "".join(pieces)
    if not (notes := "|".join(set(NOTE.findall(text)))):
        return (text,)
    return text, re.sub(rf"(?<![\d.,])(?:{notes})(?![\d%]|[.,]\d|\s*%)", " ", text)


def read_page(path: Path) -> list[Place]:
    """Return the sections of a page of the site as it was written, and the paragraphs of its transcripts."""
    page = path.read_text("utf-8-sig")
    front = FRONT_MATTER.match(page)
    body = page[front.end() :] if front else page
    title = TITLE.search(front[1]) if front else None
    places = heading_places(
        title[1] if title else path.stem, front[1] if front else "", rendered(TRANSCRIPT.sub("", body))
    )
    for transcript in TRANSCRIPT.findall(body):
        places.extend(transcript_places(transcript))
    return places


def read_published(path: Path) -> list[Place]:
    """Return the sections of a page of the site as it is published, without what every page holds."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(path.read_text("utf-8-sig"))
    main = tree.css_first("main") or tree.body
    heading = main.css_first("h1") if main else None
    return heading_places(heading.text(strip=True) if heading else path.parent.name, "", (main and main.html) or "")


def heading_places(title: str, lead: str, page: str) -> list[Place]:
    """Return what stands under each heading of a page in HTML, and under its title all of it with its ``lead``."""
    return under_headings([title], lead, list(sections(page)))


def under_headings(titles: Sequence[str], lead: str, marked: Sequence[tuple[int, str, str]]) -> list[Place]:
    """Return a place a heading, from (level, heading, text below it), and one a title that the document goes by.

    A section goes on up to the next heading of its level or above.
    """

    def under(start: int, end: int) -> str:
        """The text from one heading on, those of the sections that it holds included."""
        return " ".join(" ".join((heading, text)) for _, heading, text in marked[start:end])

    places = [fixed("heading", title, f"{lead}\n{under(0, len(marked))}") for title in titles]
    for start, (level, heading, _) in enumerate(marked):
        end = next((later for later in range(start + 1, len(marked)) if marked[later][0] <= level), len(marked))
        places.append(fixed("heading", heading, under(start, end)))
    return places


def rendered(markdown: str) -> str:
    """Return the HTML of a page's Markdown, its templating taken off."""
    import mistune

    renderer = mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])
    renderer.block.rules.remove("indent_code")  # as on the site: what is indented is HTML
    return str(renderer(TEMPLATE.sub(" ", markdown)))


def sections(page: str) -> Iterator[tuple[int, str, str]]:
    """Yield (level, heading, text below it up to the next heading) of a page in HTML; what is above the first has level 7."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page.replace("<br", " <br"))
    tree.strip_tags(["script", "style", "template", "noscript"])
    level, heading, texts = 7, "", [""]
    for node in tree.body.traverse(include_text=True) if tree.body else ():
        if node.tag and re.fullmatch("h[1-6]", node.tag):
            yield level, heading, " ".join(texts)
            level, heading, texts = int(node.tag[1]), node.text(), []
        elif node.tag == "-text":
            texts.append(node.text(deep=False))
    yield level, heading, " ".join(texts)


def transcript_places(transcript: str) -> Iterator[Place]:
    """Yield the paragraphs of a transcript, numbered from 1, each with what its run goes on with."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser((transcript if "<p" in transcript else f"<p>{transcript}</p>").replace("<br", " <br"))
    paragraphs = [" ".join(node.text().split()) for node in tree.css("p")]
    for number in range(1, len(paragraphs) + 1):
        run = ""
        for paragraph in paragraphs[number - 1 :]:
            run += f" {paragraph}"
            if len(run) >= RUN_CHARACTERS and run.rstrip(' »"').endswith((".", "?", "!", "…")):
                break
        yield fixed("paragraph", str(number), run)


def read_docx(path: Path) -> list[Place]:
    """Return what stands under each heading of a Word document, and under its title, or its name, all of it."""
    import docx
    from docx.table import Table

    opened = docx.Document(str(path))
    marked: list[tuple[int, str, list[str]]] = [(7, "", [])]
    for block in opened.iter_inner_content():
        if isinstance(block, Table):
            marked[-1][2].extend(" | ".join(cell.text for cell in row.cells) for row in block.rows)
        elif level := re.search(
            r"(?:heading|titre) ?(\d)|^title$", str(block.style and block.style.name), re.IGNORECASE
        ):
            marked.append((int(level[1] or 0), block.text, []))
        else:
            marked[-1][2].append(block.text)
    found = [(level, heading, "\n".join(texts)) for level, heading, texts in marked]
    return under_headings([opened.core_properties.title or path.stem, path.stem], "", found)


def read_workbook(path: Path) -> list[Place]:
    """Return the rows of a workbook, each under the name of its sheet and its number, counted from 1."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    places: list[Place] = []
    for name in book.sheet_names:
        places += row_places(book.get_sheet_by_name(name).to_python(skip_empty_area=False), f"{name}!")
    return places


def read_csv(path: Path) -> list[Place]:
    """Return the rows of a CSV, whatever its encoding and its separator."""
    return row_places(list(read_rows(path)), "")


def row_places(rows: Sequence[Sequence[object]], prefix: str) -> list[Place]:
    """Return each row: its cells, each after every text that stands above it in its column, as a column's name does.

    Rows of prose are located by the first of their run: what follows it belongs to its place.
    """
    shown = [[html.unescape(written(cell).replace("\\n", "\n")) for cell in row] for row in rows]
    places = []
    merged: dict[int, str] = {}
    for number, row in enumerate(shown, start=1):
        merged.update((column, cell) for column, cell in enumerate(row) if cell)
        named = [
            f"{line[column]} {merged[column]}"
            for column in range(len(row))
            if column in merged  # a cell merged downwards is written in its first row only
            for line in [*shown[: number - 1][:NAMING_ROWS], *shown[NAMING_ROWS : number - 1][-NAMING_ROWS:]]
            if column < len(line) and line[column]
        ]
        run = " ".join(cell for line in shown[number - 1 : number - 1 + RUN_ROWS] for cell in line)
        places.append(fixed("row", f"{prefix}{number}", "\n".join([run, *named])))
    return places


def read_json(path: Path) -> list[Place]:
    """Return the criteria of a referential by their number, and the questions of a quiz as headings."""
    return list(entries(json.loads(path.read_text("utf-8-sig"))))


def entries(value: Any) -> Iterator[Place]:
    """Yield the criteria and the questions, wherever they stand."""
    if isinstance(value, dict):
        number = value.get("numero", value.get("id"))
        if number is not None and ("critere" in value or "criterion" in value):
            yield fixed("criterion", str(number), "\n".join(strings(value)))
        elif isinstance(value.get("question"), str):
            yield fixed("heading", value["question"], "\n".join(strings(value)))
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from entries(below)


def strings(value: Any, name: str = "") -> Iterator[str]:
    """Yield the texts of an entry, each after its name: HTML entities, line breaks and links as a reader sees them."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from strings(below, key)
    elif isinstance(value, list):
        for below in value:
            yield from strings(below, name)
    elif isinstance(value, str):
        shown = html.unescape(value.replace("\\n", "\n"))
        yield name + " : " + LINK.sub(r"\1", shown)


def fixed(kind: str, value: str, text: str) -> Place:
    """A place whose text is known."""
    return Place(kind, value, lambda: (text,))
