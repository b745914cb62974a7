"""What is known of a file before it is read: its row of ``sources.toml``, and that it is text."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from corpus.documents import FACETS, KINDS
from corpus.errors import DocumentError
from corpus.readers import READERS
from corpus.readers.source_file import SOURCES, SourceEntry, SourceFile, entry_for, read_text

ROWS = tomllib.loads(SOURCES.read_text("utf-8"))["source"]


@pytest.mark.parametrize(
    ("folder", "name", "kind", "tail"),
    [
        ("/x/knowledge-base", "markdown/actualites/page.md", "news", "actualites/page.md"),
        ("/x/copie", "kb/markdown/actualites/page.md", "news", "actualites/page.md"),
        ("/x/markdown", "actualites/page.md", "news", "actualites/page.md"),
        ("/x/guide-bonnes-pratiques", "achat-durable/page.md", "good practice", "achat-durable/page.md"),
        ("/x/guide-bonnes-pratiques", "glossaire.md", "definition", "glossaire.md"),
        ("/x/data", "referentiel-ecoconception.json", "criterion", "referentiel-ecoconception.json"),
        ("/x/mes-documents", "page.md", "guide", "."),
        ("/x/actualites", "page.md", "guide", "."),
    ],
)
def test_a_file_is_recognised_in_a_copy_of_the_base_or_of_one_of_its_folders(folder, name, kind, tail):
    entry = entry_for(Path(folder), name)
    assert (entry.kind, str(entry.tail)) == (kind, tail)


def test_an_unknown_file_has_no_address_and_no_publisher():
    assert entry_for(Path("/x"), "page.md") == SourceEntry()


def test_every_row_fills_an_entry_of_a_known_kind():
    for row in ROWS:
        values = {key: value for key, value in row.items() if key != "path"}
        entry = SourceEntry(**values)
        assert entry.kind in KINDS and entry.publisher, row["path"]
        assert bool(entry.url) != bool(entry.home), row["path"]
        assert (entry.url or entry.home).startswith("https://"), row["path"]
        assert not row.get("home") or entry.home.endswith("/"), row["path"]
        assert not entry.below or entry.below.endswith("/"), row["path"]
        assert all(set(names) <= set(FACETS[facet]) for facet, names in row.get("facets", {}).items()), row["path"]
        assert bool(entry.superseded_by) <= bool(entry.edition), row["path"]


def test_no_row_stands_behind_one_that_takes_all_of_its_files():
    paths = [row["path"] for row in ROWS]
    hidden = [path for place, path in enumerate(paths) if any(fnmatchcase(path, other) for other in paths[:place])]
    assert hidden == []


def test_what_sources_toml_says_wins_over_the_title_and_the_date_of_the_file():
    entry = SourceEntry(kind="law", title="Titre officiel", date="2024", publisher="P", facets={"theme": ("achats",)})
    document = SourceFile(Path("a.md"), "a.md", entry).document(title="Autre", url="u", date="1999")
    assert (document.title, document.date, document.kind, document.publisher) == ("Titre officiel", "2024", "law", "P")
    assert document.facets == {"theme": ("achats",)} and document.id == document.path == "a.md"


def test_the_title_and_the_date_of_the_file_stand_where_sources_toml_says_nothing():
    document = SourceFile(Path("a.md"), "a.md").document(title="Autre", url="u", date="1999")
    assert (document.title, document.date, document.kind, document.in_force) == ("Autre", "1999", "guide", True)


def test_text_loses_its_byte_order_mark_and_its_windows_line_ends(tmp_path):
    (tmp_path / "a.md").write_bytes("\ufeffÉté\r\nsuite".encode())
    assert read_text(tmp_path / "a.md") == "Été\nsuite"


@pytest.mark.parametrize(("content", "position"), [("Été".encode("latin-1"), 0), ("abc é".encode("cp1252"), 4)])
def test_text_that_is_not_utf8_is_told_with_its_place(tmp_path, content, position):
    (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read_text(tmp_path / "a.md")
    assert (caught.value.key, caught.value.values) == ("not_utf8", {"position": position})


def test_every_row_is_that_of_a_file_and_every_readable_file_has_its_row(knowledge_base):
    names = [path.relative_to(knowledge_base).as_posix() for path in knowledge_base.rglob("*") if path.is_file()]
    dead = [row["path"] for row in ROWS if not any(fnmatchcase(name, row["path"]) for name in names)]
    assert dead == []
    readable = [name for name in names if Path(name).suffix in READERS]
    unknown = [name for name in readable if not entry_for(knowledge_base, name).publisher]
    assert [name for name in unknown if "LICENSE" not in name and "README" not in name] == []
