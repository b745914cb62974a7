"""Every reader on files that are nearly what their ending says: documents or one sentence come of them, soon, and nothing else.

The tests run a few examples, always the same. What nobody thought of is looked for by a long run, an hour or so:

    pytest tests/corpus/readers/test_fuzz.py --hypothesis-profile=long --timeout=0

A file that breaks a reader is printed by it, and becomes a test of that reader.
"""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import pptx
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import Workbook
from openpyxl.utils.exceptions import IllegalCharacterError

from corpus.documents import KINDS, SECTION_KINDS, Document
from corpus.errors import DocumentError
from corpus.messages import LANGUAGES, text
from corpus.passages import split
from corpus.readers import READERS, workbook
from corpus.readers.encoding import decoded
from corpus.readers.json_data import SHAPES
from corpus.readers.markdown import TOOL_LABELS
from corpus.readers.source_file import SourceEntry, SourceFile
from tests.corpus.readers import test_docx, test_odt, test_spreadsheet
from tests.corpus.readers.test_pdf import Rule, Text, pdf

SECONDS = 5  # of the processor, for a file of at most so many bytes
MOST_BYTES = 200_000
LOCATORS = {
    ".html": "heading", ".md": "heading paragraph", ".json": "criterion heading", ".pdf": "page", ".docx": "heading",
    ".odt": "heading", ".pptx": "page", ".xlsx": "row", ".xls": "row", ".ods": "row", ".csv": "row", ".txt": "paragraph",
    ".srt": "second", ".vtt": "second",
}  # fmt: skip
PLACES = {"page": r"[1-9]\d*", "paragraph": r"[1-9]\d*", "second": r"\d+", "row": r"(.*!)?[1-9]\d*"}
ENTRIES = {
    ".html": SourceEntry(home="https://exemple.fr/", below="aide/", tail=PurePosixPath("guides/été/index.html")),
    ".md": SourceEntry(home="https://exemple.fr/", below="aide/", tail=PurePosixPath("actualites/posts/à lire.md")),
    ".json": SourceEntry(url="https://exemple.fr/#{number}"),
}


class Slow(BaseException):
    """Not an Exception, so that no reader takes it for a fault of its file."""


@contextmanager
def soon() -> Iterator[None]:
    """Fail where what is done takes more of the processor than ``SECONDS``."""

    def stop(number: int, frame: Any) -> None:
        raise Slow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    except Slow as error:
        raise AssertionError(f"more than {SECONDS} s") from error
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, bytes], None]]:
    """Read a file of an ending and a content, and hold what comes of it against what every reader promises."""
    folder = tmp_path_factory.mktemp("fuzz")

    def outcome(source: SourceFile) -> list[Document] | tuple[str, dict[str, Any]]:
        try:
            with soon():
                return READERS[source.path.suffix](source)
        except DocumentError as error:
            return error.key, error.values
        except RecursionError:  # which the worker says
            return "file_too_deep", {}

    def run(ending: str, content: bytes) -> None:
        assume(len(content) <= MOST_BYTES)
        path = folder / f"essai{ending}"
        path.write_bytes(content)
        source = SourceFile(path, f"dossier/essai{ending}", ENTRIES.get(ending, SourceEntry()))
        found = outcome(source)
        assert outcome(source) == found
        event(found[0] if isinstance(found, tuple) else "read")
        if isinstance(found, tuple):
            for language in LANGUAGES:
                text(found[0], language, **found[1]).encode()
            return
        assert len({document.id for document in found}) == len(found) > 0
        for document in found:
            hold(document, LOCATORS[ending].split())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "MOST_CELLS", 20_000)  # a million that are repeated take seconds
        yield run


def hold(document: Document, locators: list[str]) -> None:
    written = asdict(document)
    assert "\0" not in "".join(strings(written))
    json.dumps(written, ensure_ascii=False).encode()
    assert document.title.strip() and document.kind in KINDS
    assert not re.search(r"\s", document.url) and all(isinstance(link, str) for link in document.links)
    for section in document.sections:
        assert section.text.strip() and all(heading.strip() for heading in section.heading_path)
        assert section.kind in SECTION_KINDS
        assert section.locator.kind in locators and section.locator.value.strip()
        if section.locator.kind in PLACES:
            assert re.fullmatch(PLACES[section.locator.kind], section.locator.value, re.DOTALL | re.ASCII)
    with soon():
        passages = split(document, lambda text: len(text) < 1000)
    assert bool(passages) == bool(document.sections)
    assert all(passage.text.strip() for passage in passages)


def strings(value: Any) -> Iterator[str]:
    """Every string within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for pair in value.items():
            yield from strings(pair)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


# --- what files are made of -----------------------------------------------------------------------------------------

WORDS = (
    "Un serveur moins puissant suffit.", "Critère 1.1", "Objectif", "l’IA", "2024-09-24", "Mis à jour le 3 mars 2024", "12 %", "1.",
    "- ", "* ", "• ", "| ", "# ", "```", "---", "\n", "\n\n", "\r", "\t", "\f", "\v", " ", "", "\x85",
    "\xa0", "\xad", "\u200b", "\u2028", "\ufeff", "\ufffd", "\ufffe", "\ue000", "\U000e0041", "İ", "ß", "œ", "²",
    "٣", "½", "日本", "e\u0301", "😀", "&amp;", "&#0;", "&#xD800;", "&#1114112;", "&nbsp", "&", "<", ">", "\\", '"', "'", ";", ",", ":",
    "\\n", "{{ x }}", "{% x %}", "{#", "#}", "<!--", "-->", "]]>", "[a](b)", "[", "](", "**", "`", "(", ")", "//", "http://[", "~~~",
)  # fmt: skip
UNWRITTEN = ("\0", "\x01", "\x1a", "\x1c", "\ud800", "\udfff")  # seldom, for no text holds them
NUMBERS = (
    "", "0", "1", "-1", "2", "9", "1.5", "NaN", "inf", "1e400", "-0", "99999999999", "9" * 30, "9" * 5000, "٣", "²", "true", "false",
    "#FF", "auto", "1cm", "100%",
)  # fmt: skip
letters = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=6)
words = st.sampled_from(WORDS * 8 + UNWRITTEN) | letters
times = st.sampled_from([1] * 12 + [2, 3, 30, 300, 3000])
values = st.sampled_from(NUMBERS) | st.sampled_from(WORDS) | letters


def many(piece: str, n: int) -> str:
    return piece * min(n, MOST_BYTES // 4 // (len(piece) + 1) + 1)


def repeated(pieces: st.SearchStrategy[str], most: int = 12) -> st.SearchStrategy[str]:
    """Runs of pieces, some of them many times the same."""
    run = st.builds(many, st.lists(pieces, max_size=most).map("".join), times)
    return st.lists(run, max_size=4).map("".join)


texts = repeated(words, 4)
UTF8 = st.just("utf-8")
ENCODINGS = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "mac_roman", "cp850", "latin-1", "cp1251"]
)


def encoded(content: str, encoding: str, cut: int = 0) -> bytes:
    errors = "surrogatepass" if encoding.startswith("utf") else "replace"
    return content.encode(encoding, errors)[cut:MOST_BYTES]


def as_bytes(content: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Mostly UTF-8, sometimes another encoding, sometimes cut."""
    odd = st.builds(encoded, content, ENCODINGS, st.integers(0, 3))
    return st.one_of(*[st.builds(encoded, content, UTF8)] * 4, odd)


# --- plain texts, subtitles -----------------------------------------------------------------------------------------

some_bytes = (
    as_bytes(texts) | st.binary(max_size=200) | st.builds(bytes.__add__, st.binary(max_size=4), as_bytes(texts))
)


@given(some_bytes)
def test_txt(check, content):
    check(".txt", content)


@given(some_bytes)
def test_encoding(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "texte"
    path.write_bytes(content)
    with soon():
        try:
            read = decoded(path)
        except DocumentError as error:
            assert error.key == "not_text"
        else:
            read.encode()
            assert "\0" not in read and "\r" not in read and decoded(path) == read


clock = st.builds(
    lambda numbers, marks: "".join(n + m for n, m in zip(numbers, marks, strict=True)),
    st.lists(st.sampled_from(["00", "1", "59", "60", "99", "9999", "123456", "٠٠", "", "-1", "0.5"]), min_size=3, max_size=3),
    st.tuples(*[st.sampled_from([":", ":", ":", ",", ".", ""])] * 2, st.sampled_from([",000", ".500", ".5", ",9999", "", "."])),
) | st.sampled_from(["00:00:01,000", "00:00:59.999", "01:02.500", "00:00:00.000"])  # fmt: skip
cue = st.builds(
    "{}{} {} {}{}\n{}\n\n".format,
    st.sampled_from(["1\n", "2\n", "", "x\n", "٣\n", "\n"]),
    clock,
    st.sampled_from(["-->", "-->", "-->", "->", "--> -->"]),
    clock,
    st.sampled_from(["", " align:start", " -->"]),
    repeated(words | st.sampled_from(["<v Ada>", "<v.x Ada>bonjour.", "</v>", "[Musique]", "(Rires)", "♪ la la", ">> ", "- ", "<00:01.0>"]), 5),
)  # fmt: skip
HEADS = ["WEBVTT\n\n", "WEBVTT\n\n", "WEBVTT", "", "NOTE x\n\n", "STYLE\n::cue{}\n\n", "WEBVTT\n\nREGION\nid:x\n\n"]


@given(st.sampled_from([".srt", ".vtt"]), as_bytes(st.builds(str.__add__, st.sampled_from(HEADS), repeated(cue))))
def test_subtitles(check, ending, content):
    check(ending, content)


# --- pages ----------------------------------------------------------------------------------------------------------

TAGS = (
    "html head body main article section div p h1 h2 h3 h6 ul ol li a b i span br table tr td th caption thead tbody details summary "
    "dialog button form nav header footer aside time template script style svg math textarea select option iframe object noscript "
    "pre plaintext title frameset font blockquote dl dt dd figure img input base meta x-y"
).split()  # fmt: skip
ATTRIBUTES = {
    "class": ["fr-card", "card", "fr-modal", "fr-transcription", "fr-sr-only", "modal x", "fr-accordion__btn"],
    "id": ["a", "b", "", "été"],
    "href": ["#a", "#", "/x", "http://[", "mailto:x", "https://exemple.fr/y z", "//", "javascript:"],
    "style": [
        "display:none", "color:#fff", "color:#f", "color:rgb(1,2)", "color:rgb(1e9%,.,2)", "font-size:0", "opacity:.", "opacity:0.0.1",
        "clip:rect(0 0)", "left:-9999px", "transform:scale(0)", "width:1px;overflow:hidden", "color:white;background:url(", ":;:",
        "color:transparent", "margin:9" + "9" * 400,
    ],
    "hidden": ["", "until-found"],
    "role": ["main", "navigation", "tab", "tablist"],
    "aria-controls": ["a", "b", "a b"],
    "aria-expanded": ["true", ""],
    "aria-hidden": ["true"],
    "colspan": NUMBERS,
    "rowspan": NUMBERS,
    "lang": ["fr", "en-US", "", "日本", "xx", "\0", "zh"],
    "datetime": ["2024-01-02", "9999-99-99", "٢٠٢٤-٠١-٠٢"],
    "content": ["2024-01-02", "Titre", ""],
    "property": ["og:title", "article:modified_time"],
    "name": ["date", "x"],
    "charset": ["utf-8", "utf-7", "iso-8859-1", "utf-16", "idna", "x"],
    "rel": ["canonical"],
    "color": ["white", "#fffffff"],
    "bgcolor": ["white", "#"],
    "type": ["hidden"],
}  # fmt: skip
attribute = st.sampled_from(sorted(ATTRIBUTES)).flatmap(
    lambda name: st.builds("{}={}{}{}".format, st.just(name), *[st.shared(st.sampled_from(['"', '"', "'", ""]))] * 1,
                           st.sampled_from(ATTRIBUTES[name]) | words, st.sampled_from(['"', '"', "'", ""]))
)  # fmt: skip
opening = st.builds(
    lambda tag, attributes, end: f"<{' '.join([tag, *attributes])}{end}",
    st.sampled_from(TAGS), st.lists(attribute, max_size=3), st.sampled_from([">"] * 8 + ["/>", " ", ""]),
)  # fmt: skip
closing = st.sampled_from(TAGS).map("</{}>".format)
COMMENTS = ["<!--", "-->", "<!-- -", "<!x>", "<?xml", "<![CDATA[", "<!doctype html>", "</", "<p ", '<a href="']
token = st.one_of(opening, opening, closing, words, st.sampled_from(COMMENTS))
soup = repeated(token)
table = st.builds(
    lambda cells, n: many("<table>", n) + "<tr>".join(cells) + many("</table>", n),
    st.lists(repeated(token, 3), max_size=5),
    times,
)
SHELLS = [
    "{}", "<html><body>{}", "<meta charset=utf-8><title>Titre - Site</title><main>{}</main>", "<main><h1>Titre</h1><p>Un texte.{}",
    '<link rel=canonical href="{}"><main><p>Un serveur moins puissant suffit souvent.', "<article>{}</article><p>Un autre texte que cela.",
]  # fmt: skip
html = st.builds(lambda shell, *parts: shell.replace("{}", "".join(parts)), st.sampled_from(SHELLS), soup, table, soup)


@given(as_bytes(html))
def test_html(check, content):
    check(".html", content)


MARKUP = [
    "{% transcription %}", "{% endtranscription %}", "{% for x in y %}", "{% endfor %}", "{% set", "{{", "{{ x", "{#a}", "{# ", "{width",
    "# Titre {#a}\n", "## Titre\n", "| a | b |\n|---|---|\n", "| c |\n", "> ", "> > ", "- a\n", "  - b\n", "1. c\n", "    code\n", "```\n",
    "[a]: b\n", "![a](b)", "<p>", "</p>", "<br>", "[" , "](", "*", "_", "\\", "<a@b.c>", "&#9;", "<div>\n", "    <p>x</p>\n",
]  # fmt: skip
YAML = [
    "Titre", "2024-01-02", "2024-13-45", "[a, b]", "{a: b}", "[[[a]]]", "&a [*a]", "*a", "&b", "!!python/name:x", "!!binary x", "!!set {a}",
    "!!timestamp x", "0x", "0b2", "1_0", "1:99", ".inf", ".nan", "~", "null", "true", '"\\ud800"', '"\\0"', '"\\x01"', "'", '"', "|", ">", "? a",
    "%", "@", "`", "<p>x</p>", "9" * 5000, "1e999", "2024-01-02 99:99:99", "0001-01-01", "{[a]: b}", "<<", "- a", "\t", "/x{y}/", "/à b/",
    "&a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\nindicators: [*d,*d,*d,*d,*d,*d]",
]  # fmt: skip
FRONT = [
    "title",
    "date",
    "description",
    "idbp",
    "priority",
    "who",
    "indicators",
    "permalink",
    "layout",
    "<<",
    "? x",
    *TOOL_LABELS,
]
front = st.lists(
    st.builds("{}{} {}\n".format, st.sampled_from(FRONT) | words, st.sampled_from([":", ":", ":", ""]), st.sampled_from(YAML) | texts), max_size=5
)  # fmt: skip
markdown = st.builds(
    lambda lines, body, close: "---\n" + "".join(lines) + close + body,
    front, repeated(words | token | st.sampled_from(MARKUP)), st.sampled_from(["---\n", "---\n", "---\n", "", "...\n"]),
)  # fmt: skip


@given(as_bytes(markdown | repeated(st.sampled_from(MARKUP) | words)))
def test_markdown(check, content):
    check(".md", content)


# --- JSON, CSV ------------------------------------------------------------------------------------------------------

scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts | values
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)
FIELDS = [
    sorted({shape.number, shape.criterion, shape.theme, shape.priority, shape.difficulty, shape.jobs, shape.applicability}
           | {name for name, _, _ in shape.sections})
    for shape in SHAPES
]  # fmt: skip
criterion = st.sampled_from(FIELDS).flatmap(
    lambda names: st.fixed_dictionaries({name: texts | scalars | anything for name in names[: len(names) // 2]},
                                        optional={name: texts | anything for name in names[len(names) // 2 :]})
)  # fmt: skip
whole = st.tuples(st.sampled_from(SHAPES), st.lists(texts | anything, min_size=1, max_size=3)).map(
    lambda pair: [
        dict.fromkeys(FIELDS[SHAPES.index(pair[0])], value) | {pair[0].number: str(n), pair[0].criterion: f"Un critère {value}"}
        for n, value in enumerate(pair[1], 1)
    ]
)  # fmt: skip
criteria = whole | st.lists(criterion | anything, max_size=3)
answer = st.fixed_dictionaries({}, optional={"title": texts | anything, "isRight": anything}) | anything
question = st.fixed_dictionaries(
    {},
    optional={
        "question": texts.map("Une question {}".format) | anything,
        "answers": st.lists(answer, max_size=3) | anything,
        "answerInformation": texts | anything,
    },
)
quiz = st.fixed_dictionaries({"questions": st.lists(question | anything, max_size=3) | anything})
JSONS = [
    "[" * 50_000,
    '{"a":' * 20_000,
    "1" * 5000,
    '{"questions":[]}',
    "",
    "\ufeff[]",
    '[{"numero":1,"critere":1,"thematique":1}]',
]


@given(
    st.one_of(criteria, st.builds(lambda c: {"criteres": c}, criteria), quiz, anything).map(
        lambda v: json.dumps(v).encode()
    )
    | as_bytes(repeated(st.sampled_from([*'[]{}":,1', "null", '"questions"', "\\ud800"])))
    | st.sampled_from(JSONS).map(str.encode)
)
def test_json(check, content):
    check(".json", content)


cell = st.one_of(
    texts,
    values,
    st.sampled_from(["Nom", "Total", "12,5", "sep=;", '"', '""', '\\"', "Compétence", "N° d’identification"]),
)
lines = st.lists(st.lists(cell, max_size=5), max_size=8)


def as_csv(rows: list[list[str]], delimiter: str, quoting: int) -> str:
    written = io.StringIO()
    with suppress(csv.Error):  # a row that cannot be written without quotes
        csv.writer(written, delimiter=delimiter, quoting=quoting, escapechar="\\").writerows(rows)  # type: ignore[arg-type]
    return written.getvalue()


@given(
    as_bytes(
        st.builds(
            as_csv, lines, st.sampled_from(";,\t|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE])
        )
    )
    | as_bytes(repeated(words | st.sampled_from([";", ",", '"', "\n", "a;b\n", "sep=,\n", '\\"']), 20))
)
def test_csv(check, content):
    check(".csv", content)


# --- workbooks ------------------------------------------------------------------------------------------------------

SKILL_NAMES = (
    "Type de compétence",
    "Domaine de compétences",
    "N° d’identification",
    "Compétences",
    "Commentaires",
    "Juriste",
    "Chef\nde projet",
)
FORMATS = (
    "General", "0", "0.00", "#,##0", "0%", "0.0%;-0%;;", '# ##0 "€"', "[Red]0;[$€-407]0", "@", "yyyy-mm-dd", "[h]:mm", "#/#", "0E+0", ";", ";;;",
    '"x"', "\\x", "_-0", "*-0", "0,,", "0,", "?", "#.##", "[$", "[", '"', "0.0.0", "0 0", ".", ",", "#,", "0.,", "%" * 200, "0." + "0" * 400,
)  # fmt: skip
dates = st.dates() | st.datetimes() | st.times() | st.timedeltas()
sheet_values = st.one_of(
    texts,
    st.floats(),
    st.integers(),
    st.booleans(),
    dates,
    st.sampled_from(["=1+1", "#REF!", *SKILL_NAMES, "Nom", *"123456"]),
    st.none(),
)
spot = st.integers(1, 6)
workbook_cells = st.lists(
    st.tuples(spot | st.sampled_from([1048576, 700]), spot | st.just(16384), sheet_values, st.sampled_from(FORMATS)),
    max_size=20,
)
merges = st.lists(st.tuples(spot, spot, spot | st.just(1048576), spot | st.just(16384)), max_size=3)
sheet_names = st.text(max_size=8) | st.sampled_from(["Feuille", "a!b", " ", "Objectif", "&amp;"])


def sheet_of(book: Workbook, name: str, rows: list[list[Any]], cells: Any, merged: Any, hidden: Any) -> None:
    try:
        sheet = book.create_sheet(name)
    except ValueError:
        sheet = book.create_sheet()
    for place in [
        (row, column, value, "General") for row, line in enumerate(rows, 1) for column, value in enumerate(line, 1)
    ] + cells:
        row, column, value, code = place
        try:
            one = sheet.cell(row, column, value)
            one.number_format = code
        except (IllegalCharacterError, ValueError, UnicodeError):
            continue
    for row, column, down, across in merged:
        sheet.merged_cells.add(
            f"{sheet.cell(row, column).coordinate}:{sheet.cell(max(down, row), max(across, column)).coordinate}"
        )
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["ABCDEF"[row - 1]].hidden = row % 2 == 0


sheets = st.lists(
    st.tuples(
        sheet_names,
        st.lists(st.lists(sheet_values, min_size=2, max_size=5), max_size=5)
        | st.lists(st.lists(sheet_values, max_size=7), max_size=4).map(lambda rows: [list(SKILL_NAMES), *rows]),
        workbook_cells, merges, st.lists(spot, max_size=2),
    ),
    min_size=1, max_size=2,
)  # fmt: skip


@given(sheets)
def test_xlsx(check, sheets):
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        sheet_of(book, *sheet)
    written = io.BytesIO()
    try:
        book.save(written)
    except (ValueError, UnicodeError, TypeError, OverflowError):  # what no workbook can hold
        assume(False)
    check(".xlsx", written.getvalue())


ods_cell = st.builds(
    lambda kind, attributes, inner, n: f"<table:{kind} {' '.join(attributes)}>{inner}</table:{kind}>" * min(n, 30),
    st.sampled_from(["table-cell"] * 4 + ["covered-table-cell", "x"]),
    st.lists(
        st.builds(
            '{}="{}"'.format,
            st.sampled_from(
                [f"table:number-{side}-{what}" for side in ("columns", "rows") for what in ("repeated", "spanned")] + ["office:value-type", "office:date-value"]
            ),
            st.sampled_from(["1", "2", "3", "0", "-1", "99999999", "9" * 40, "²", "٣", "x", "", "date", "error", "2024-01-02T00:00:00"]),
        ),
        max_size=2, unique_by=lambda one: one.split("=")[0],
    ),
    st.sampled_from(["", "<text:p>Nom</text:p>", "<text:p>12</text:p>", "<text:p>a<text:s/>b<text:line-break/>c</text:p>", "<text:p/>"]),
    times,
)  # fmt: skip
ods_row = st.builds(
    lambda tag, count, cells: f"<table:{tag} {count}>{''.join(cells)}</table:{tag}>",
    st.sampled_from(["table-row"] * 5 + ["table-row-group", "table-column"]),
    st.sampled_from([""] * 4 + [f'table:number-rows-repeated="{n}"' for n in ("2", "1048576", "9" * 20, "-1")] + ['table:visibility="collapse"']),
    st.lists(ods_cell, max_size=5),
)  # fmt: skip


@given(st.lists(ods_row, max_size=8))
def test_ods(check, rows):
    with zipfile.ZipFile(written := io.BytesIO(), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", test_spreadsheet.ODS % f'<table:table table:name="Feuille">{"".join(rows)}</table:table>'
        )
    check(".ods", written.getvalue())


def record(code: int, data: bytes) -> bytes:
    return code.to_bytes(2, "little") + len(data).to_bytes(2, "little") + data


def short(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "little") for number in numbers)


def label(row: int, column: int, words: str) -> bytes:
    content = words[:200].encode("utf-16-le", "surrogatepass")
    return record(0x204, short(row, column, 0, len(content) // 2) + b"\1" + content)


# A workbook of Excel 97 without its wrapping: what it is, one style, one sheet; then the sheet's cells.
BIFF = (
    record(0x809, short(0x600, 5, 0x2000, 0x7CD) + bytes(8)), record(0x42, short(1200)), record(0x22, short(0)),
    record(0x31, short(200, 0, 8, 400, 0) + bytes(4) + b"\1\0A"), record(0x41E, short(164) + b"\3\0\0" + b"0.0"),
    *[record(0xE0, short(0, 164 if n else 0, 0xFFF5 if n < 15 else 1) + bytes(14)) for n in range(16)],
)  # fmt: skip
CODES = (
    0x203, 0x204, 0x205, 0x27E, 0xBD, 0xFD, 0x6, 0x207, 0x208, 0x7D, 0xE5, 0x18, 0x1AE, 0x17, 0xFC, 0x3C, 0x85, 0xE0, 0x31, 0x41E, 0x293, 0x92,
    0x22, 0x42, 0x13, 0x2F, 0x236, 0x1B, 0x1D, 0x23E, 0x201, 0xBE, 0xA, 0x809, 0x1C, 0x1B6, 0x1B8, 0xEC, 0x5D, 0x0, 0x9,
)  # fmt: skip
biff_records = st.one_of(
    *[st.builds(label, spot, spot, words | texts)] * 6,
    *[st.builds(lambda row, column, style, number: record(0x203, short(row, column, style) + number), spot, spot, st.integers(0, 15), st.binary(min_size=8, max_size=8))] * 4,
    st.builds(record, st.sampled_from(CODES), st.binary(max_size=40)),
    st.builds(record, st.sampled_from(CODES), st.lists(st.sampled_from([0, 1, 2, 255, 256, 65535]), max_size=20).map(lambda n: short(*n))),
)  # fmt: skip


@given(
    st.lists(biff_records, max_size=1),
    st.lists(biff_records, max_size=8),
    st.just(b"") | st.binary(max_size=8),
    st.booleans(),
)
def test_xls(check, head, cells, tail, ended):
    globals_ = b"".join((*BIFF, *head))
    start = len(globals_) + 4 + 8 + 4 + 4
    sheet = record(0x85, start.to_bytes(4, "little") + b"\0\0\4\0Page")
    body = record(0x809, short(0x600, 16, 0x2000, 0x7CD) + bytes(8)) + b"".join(cells)
    check(".xls", globals_ + sheet + record(0xA, b"") + body + (record(0xA, b"") if ended else b"") + tail)


# --- office documents: a sound one, then changed here and there ---------------------------------------------------------


@cache
def sound(ending: str) -> dict[str, bytes]:
    """The members of a small document of that ending, those that say most first."""
    written = io.BytesIO()
    if ending == ".docx":
        p, r = test_docx.p, test_docx.r
        box = f"<w:r><w:pict><v:textbox><w:txbxContent>{p('Encadré')}</w:txbxContent></v:textbox></w:pict></w:r>"
        note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
        link = f'<w:hyperlink r:id="lien">{r("Lien")}</w:hyperlink>'
        test_docx.write(
            written,  # type: ignore[arg-type]
            p("Titre", "Titre1") + p("Un texte.") + p(r("Caché", '<w:rStyle w:val="Cache"/>') + r("vu") + note + box + link)
            + "".join(test_docx.item(f"Point {n}", n) for n in range(3)) + p("Sommaire", "TM1") + p("Sous-titre", "Titre2")
            + f"<w:tbl>{test_docx.row('Nom', 'Total')}{test_docx.row('Eau', '12', properties='<w:trPr/>')}</w:tbl>"
            + '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="x"/></w:docPartObj></w:sdtPr><w:sdtContent/></w:sdt>',
            {"footnotes": f'<w:footnote w:id="2">{p("Une note.")}</w:footnote>'},
        )  # fmt: skip
    elif ending == ".odt":
        test_odt.write(
            written,  # type: ignore[arg-type]
            '<text:h text:outline-level="1">Titre</text:h><text:p text:style-name="P1">Caché</text:p><text:p>Un <text:span text:style-name="T1">x'
            '</text:span><text:s text:c="3"/>texte<text:note><text:note-body><text:p>Une note.</text:p></text:note-body></text:note> et <text:a '
            'xlink:href="https://exemple.fr/">un lien</text:a><draw:frame><draw:text-box><text:p>Encadré</text:p></draw:text-box></draw:frame></text:p>'
            "<text:list><text:list-item><text:p>Point</text:p><text:list><text:list-item><text:p>Autre</text:p></text:list-item></text:list>"
            '</text:list-item></text:list><table:table><table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Nom</text:p>'
            "</table:table-cell><table:covered-table-cell/><table:table-cell><text:p>Total</text:p></table:table-cell></table:table-row>"
            "<table:table-row><table:table-cell><text:p>Eau</text:p></table:table-cell></table:table-row></table:table>",
            "<dc:title>Titre</dc:title><dc:date>2024-09-24</dc:date>",
        )  # fmt: skip
    elif ending == ".pptx":
        deck = pptx.Presentation()
        for title in ("Titre", ""):
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = title
            slide.placeholders[1].text = "Un serveur\nDeux"
            slide.shapes.add_textbox(9, 9, 9, 9).text_frame.text = "Un texte."
            slide.shapes.add_group_shape().shapes.add_textbox(1, 1, 1, 1).text_frame.text = "Groupe"
            slide.shapes.add_table(2, 2, 0, 0, 9, 9).table.cell(0, 0).text = "Nom"
        slide.notes_slide.notes_text_frame.text = "Une note."
        deck.save(written)
    else:
        book = Workbook()
        for line in (
            ["Nom", "Total"],
            ["Eau", 12.5],
            ["Air", datetime(2024, 9, 24)],
            [True, timedelta(1)],
            [time(1), date(2024, 1, 1)],
        ):
            book.active.append(line)
        book.active.merge_cells("A4:B5")
        book.active["B2"].number_format = '#,##0.0 "€"'
        book.save(written)
    with zipfile.ZipFile(written) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith((".jpeg", ".bin"))}
    telling = re.compile(r"document\.xml|content\.xml|slides?/slide\d|sheet\d|styles\.xml|footnotes\.xml|workbook\.xml")
    return dict(sorted(members.items(), key=lambda pair: not telling.search(pair[0])))


CHANGES = ("remove", "repeat", "move", "nest", "text", "tail", "attribute", "attribute", "drop", "rename")
change = st.tuples(st.sampled_from(CHANGES), st.integers(0, 400), st.integers(0, 400), values, times)
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def changed(content: bytes, changes: list[Any]) -> bytes:
    try:
        root = etree.fromstring(content, etree.XMLParser(huge_tree=True))
    except etree.XMLSyntaxError:  # earlier changes have nested it more deeply than lxml parses
        return content
    for what, place, other, value, n in changes:
        nodes = list(root.iter(etree.Element))
        node, there, value = nodes[place % len(nodes)], nodes[other % len(nodes)], CONTROL.sub("", value)
        above = node.getparent()
        if what == "text":
            node.text = value * n
        elif what == "tail" and above is not None:
            node.tail = value
        elif what == "rename":
            node.tag = there.tag
        elif what == "nest":
            for _ in range(min(n, 1000)):
                inner = etree.Element(node.tag, node.attrib)
                inner.extend(list(node))
                node.append(inner)
                node = inner
        elif what in ("attribute", "drop") and node.attrib:
            name = sorted(node.attrib)[other % len(node.attrib)]
            if what == "drop":
                del node.attrib[name]
            else:
                node.set(name, value)
        elif above is not None and what == "remove":
            above.remove(node)
        elif above is not None and what == "repeat":
            above.extend(deepcopy(node) for _ in range(min(n, 300)))
        elif above is not None and what == "move" and node not in there.iterancestors() and node is not there:
            there.append(node)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


member = st.integers(0, 3) | st.integers(0, 60)
bytes_changes = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=6)), max_size=3)


@pytest.mark.parametrize("ending", [".docx", ".odt", ".pptx", ".xlsx"])
@given(
    st.lists(st.tuples(member, st.lists(change, max_size=6)), max_size=3),
    st.lists(member, max_size=1),
    st.one_of(*[st.just([])] * 9, bytes_changes),
)
def test_office(check, ending, changes, gone, damage):
    members = dict(sound(ending))
    names = list(members)
    for place, here in changes:
        name = names[place % len(names)]
        if members[name].lstrip().startswith(b"<"):
            members[name] = changed(members[name], here)
    for place in gone:
        if place > 3:
            del members[names[place % len(names)]]
    with zipfile.ZipFile(written := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    check(ending, damaged(written.getvalue(), damage))


def damaged(content: bytes, changes: list[Any]) -> bytes:
    for where, length, piece in changes:
        place = int(where * len(content))
        content = content[:place] + piece + content[place + length :]
    return content


@pytest.mark.parametrize("ending", [".docx", ".odt", ".pptx", ".xlsx", ".ods"])
def test_a_bomb_is_refused(check, tmp_path, ending):
    members = {"mimetype": test_spreadsheet.OFFICE.encode()} if ending == ".ods" else dict(sound(ending))
    members["content.xml" if ending in (".odt", ".ods") else next(iter(members))] = b" " * 100_000_000
    if ending == ".ods":
        members["mimetype"] = b"application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(tmp_path / f"a{ending}", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(DocumentError, match="document_bomb"), soon():
        READERS[ending](SourceFile(tmp_path / f"a{ending}", f"a{ending}"))


# --- PDF ------------------------------------------------------------------------------------------------------------

points = st.floats(-50, 900) | st.sampled_from([0.0, 50.0, 50.0, 63.0, 1e9, -1e9, 1e-9])
pdf_texts = (words | texts).map(
    lambda text: text.encode("cp1252", "replace").decode("cp1252", "replace").replace("\ufffd", "?")[:300]
)
items = st.builds(
    Text, points, points, pdf_texts, points | st.sampled_from([10.0, 12.0, 0.0]), st.booleans()
) | st.builds(Rule, points, points, points, points)


@given(st.lists(st.lists(items, max_size=12), max_size=3))
def test_pdf_drawn(check, pages):
    check(".pdf", pdf(*pages))


OPERATORS = "Tj TJ Td TD Tm T* Tf Tr Ts Tw Tc Tz TL ' \" q Q cm re l m c h S f B W n BT ET Do gs BI ID EI BX BDC EMC rg w d sh".split()
OPERANDS = [
    "(Un serveur)", "(Titre)", "()", "<00FF>", "<feff>", "<", "[(a) -9999 (b)]", "[", "]", "/F1", "/F2", "/F9", "<<", ">>", "0", "1", "-1", "12",
    "1e9", "99999999999", "-0.00001", "1 0 0 1 50 700", "0 1 -1 0 300 300", "0 0 0 0 0 0", "/F1 12 Tf", "50 700 Td", "(Un texte.) Tj", "q " * 300,
]  # fmt: skip
stream = repeated(st.sampled_from(OPERATORS) | st.sampled_from(OPERANDS) | st.floats(width=32).map(str), 25)
PDF_TOKENS = [
    b"/MediaBox [0 0 0 0]", b"/Rotate 90", b"/Rotate 45", b"/CropBox [9 9 -9 1e9]", b"/UserUnit 1e9", b"/Encrypt 3 0 R", b"2 0 R", b"99999 0 R",
    b"null", b"endobj", b"stream", b"<<", b">>", b"[", b"%PDF", b"/Kids [2 0 R]", b"/Count -1", b"/Length 0", b"/Contents [7 0 R 7 0 R]", b"\0",
]  # fmt: skip
pdf_changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(PDF_TOKENS) | st.binary(max_size=4)), max_size=4
)


class Raw(Text):
    """Operators of a page, as they are."""

    def drawn(self) -> bytes:
        return f"BT /F1 12 Tf 50 {700 - self.top} Td {self.text}\n".encode("latin-1", "replace")


@given(st.lists(stream, min_size=1, max_size=2), pdf_changes)
def test_pdf_streams(check, streams, changes):
    pages = [
        [
            Text(50, 50, "Un serveur moins puissant suffit."),
            *(Raw(0, 20 * n, " ".join(one.split())) for n, one in enumerate(streams)),
        ]
    ]
    check(".pdf", damaged(pdf(*pages, title="Titre"), changes))
