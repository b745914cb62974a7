"""The guard before zipped documents: what it lets through, and the sentence for what it refuses."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DocumentError
from corpus.messages import LANGUAGES, text
from corpus.readers import archives
from corpus.readers.archives import checked_archive

WORD = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"}
OPEN_TEXT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}


def zipped(members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def ole(stream: str) -> bytes:
    """Return what starts as an OLE file does, and has an entry of that name in its directory."""
    entry = stream.encode("utf-16-le").ljust(64, b"\0") + b"\0" * 64
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + entry


def claiming(content: bytes, name: str, size: int) -> bytes:
    """Return the archive with another unpacked size for a member, in its directory as before its data."""
    changed = bytearray(content)
    for signature, offset, name_offset in ((b"PK\3\4", 22, 30), (b"PK\1\2", 24, 46)):
        place = -1
        while (place := changed.find(signature, place + 1)) >= 0:
            if changed[place + name_offset :].startswith(name.encode()):
                changed[place + offset : place + offset + 4] = struct.pack("<I", size)
    return bytes(changed)


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., tuple[str, dict[str, object]]]:
    """The key and the values of the error that a file's content gives, under a name; its sentence is complete."""

    def run(content: bytes, name: str = "note.docx") -> tuple[str, dict[str, object]]:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DocumentError) as caught:
            checked_archive(path)
        for language in LANGUAGES:
            assert "{" not in text(caught.value.key, language, **caught.value.values)
        return caught.value.key, caught.value.values

    return run


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("a.docx", WORD),
        ("A.DOCX", WORD),
        ("a.xlsx", {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}),
        ("a.pptx", {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<x/>", "ppt/embeddings/a.xlsx": "PK"}),
        ("a.odt", OPEN_TEXT),
        ("a.odt", {**OPEN_TEXT, "mimetype": "application/vnd.oasis.opendocument.text-template"}),
        ("a.ods", {**OPEN_TEXT, "mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
    ],
)
def test_a_sound_document_is_given_whole_and_from_its_start(tmp_path, name, members):
    path = tmp_path / name
    path.write_bytes(zipped(members))
    content = checked_archive(path)
    assert content.tell() == 0
    assert content.read() == path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"Bonjour", b"PK", b"PK\3\4 et rien", zipped({"notes.txt": "a"}), zipped({})])
def test_what_is_no_document_says_so(refusal, content):
    assert refusal(content)[0] in ("document_unknown", "document_damaged")


def test_a_plain_zip_and_a_text_are_not_called_damaged(refusal):
    assert refusal(b"Bonjour") == ("document_unknown", {"ending": ".docx"})
    assert refusal(zipped({"notes.txt": "a"})) == ("document_unknown", {"ending": ".docx"})


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (b"%PDF-1.7\n", "a.docx", ".pdf"),
        (b"\n<!DOCTYPE html>\n<html><body>", "a.docx", ".html"),
        (b"<HTML><HEAD>", "a.odt", ".html"),
        (rb"{\rtf1\ansi", "a.docx", ".rtf"),
        (zipped(WORD), "a.odt", ".docx"),
        (zipped(WORD), "a.xlsx", ".docx"),
        (zipped(OPEN_TEXT), "a.docx", ".odt"),
        (zipped({**OPEN_TEXT, "mimetype": "application/epub+zip"}), "a.odt", ".epub"),
    ],
)
def test_a_wrong_ending_says_what_the_content_is(refusal, content, name, found):
    assert refusal(content, name) == ("document_other", {"found": found, "ending": name[-len(Path(name).suffix) :]})


@pytest.mark.parametrize(
    ("stream", "name", "found"),
    [("Workbook", "a.xlsx", ".xls"), ("Book", "a.ods", ".xls"), ("WordDocument", "a.docx", ".doc"),
     ("PowerPoint Document", "a.pptx", ".ppt")],
)  # fmt: skip
def test_an_old_office_format_is_to_be_saved_in_the_new_one(refusal, stream, name, found):
    assert refusal(ole(stream), name) == ("document_old", {"found": found, "ending": Path(name).suffix})


def test_an_ole_file_of_another_program_is_unknown(refusal):
    assert refusal(ole("__properties_version1.0")) == ("document_unknown", {"ending": ".docx"})


def test_a_password_is_said_of_office_of_open_document_and_of_zip(refusal):
    assert refusal(ole("EncryptedPackage"))[0] == "document_locked"
    manifest = (
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    assert refusal(zipped({**OPEN_TEXT, "META-INF/manifest.xml": manifest}), "a.odt")[0] == "document_locked"
    content = bytearray(zipped(WORD))
    content[content.index(b"PK\1\2") + 8] |= 1
    assert refusal(bytes(content))[0] == "document_locked"


def test_too_many_members_are_refused_before_they_are_listed(refusal):
    many = zipped({**WORD, **{f"word/{number}": "" for number in range(archives.MOST_MEMBERS)}})
    assert refusal(many) == ("document_members", {"most": 5000})


def test_a_bomb_is_refused_by_its_ratio(refusal):
    bomb = zipped({**WORD, "word/media/a.png": b"\0" * 21_000_000})
    assert len(bomb) < 100_000
    assert refusal(bomb)[0] == "document_bomb"


def test_a_high_ratio_is_allowed_where_little_is_unpacked(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(zipped({**WORD, "word/media/a.png": b"\0" * 19_000_000}))
    assert checked_archive(path)


def test_a_document_that_unpacks_to_too_much_is_refused(refusal, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 30_000_000)
    monkeypatch.setattr(archives, "MOST_RATIO", 10_000)
    big = zipped({**WORD, "word/a.xml": b"a" * 16_000_000, "word/b.xml": b"b" * 16_000_000})
    assert refusal(big) == ("document_large", {"most": 30})


def test_a_file_that_is_too_large_is_not_read(refusal, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 100)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("read"))
    assert refusal(zipped(WORD))[0] == "document_large"


def test_a_directory_that_lies_on_sizes_is_not_believed(refusal):
    bomb = zipped({**WORD, "word/media/a.png": b"\0" * 150_000_000})
    lying = claiming(bomb, "word/media/a.png", 10)
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        assert archive.getinfo("word/media/a.png").file_size == 10
    tracemalloc.start()
    try:
        assert refusal(lying)[0] == "document_bomb"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert refusal(claiming(zipped(WORD), "word/document.xml", 3))[0] == "document_damaged"
    assert refusal(claiming(zipped(WORD), "word/document.xml", 300_000))[0] == "document_damaged"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_no_format_allows_is_refused(refusal, method):
    assert refusal(zipped({**WORD, "word/media/a.png": b"\0" * 100_000_000}, method))[0] == "document_damaged"


def test_an_archive_within_is_not_opened(tmp_path):
    inner = zipped({"a": b"\0" * 100_000_000})
    path = tmp_path / "a.docx"
    path.write_bytes(zipped({**WORD, "word/embeddings/a.zip": inner}))
    assert checked_archive(path)


def test_damage_anywhere_is_an_error_with_a_sentence(tmp_path):
    whole = zipped({**WORD, "word/media/a.png": bytes(range(256)) * 8})
    path = tmp_path / "a.docx"
    refused = 0
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        for content in (bytes(damaged), whole[:place]):
            path.write_bytes(content)
            try:
                checked_archive(path)
            except DocumentError:
                refused += 1
    assert refused > len(whole)


@pytest.mark.knowledge_base
def test_the_zipped_documents_of_the_mirror_pass(knowledge_base):
    paths = [path for ending in ("docx", "odt", "xlsx", "ods") for path in knowledge_base.rglob(f"*.{ending}")]
    assert len(paths) >= 8
    assert all(checked_archive(path) for path in paths)
