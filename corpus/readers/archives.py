"""The guard before zipped documents (docx, odt, pptx, xlsx, ods): what it lets through is what it says, and no bomb."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path

from corpus.errors import DocumentError

__all__ = ["checked_archive"]

MEGABYTE = 1_000_000
MOST_BYTES = 200 * MEGABYTE  # of a file, and of all that it unpacks to
MOST_RATIO = 200  # between the two, where more than FEW_BYTES are unpacked
FEW_BYTES = 20 * MEGABYTE
MOST_MEMBERS = 5_000
AT_ONCE = 1 << 16

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The names of the streams that tell what an OLE file holds.
STREAMS = {
    "EncryptedPackage": "",
    "WordDocument": ".doc",
    "PowerPoint Document": ".ppt",
    "Workbook": ".xls",
    "Book": ".xls",
}
STARTS = ((b"%PDF-", ".pdf"), (rb"{\rtf", ".rtf"), (b"\x1f\x8b", ".gz"), (b"7z\xbc\xaf", ".7z"), (b"Rar!", ".rar"))
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
FOLDERS = {"word": ".docx", "xl": ".xlsx", "ppt": ".pptx"}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_DOCUMENTS = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp", "graphics": ".odg"}


def checked_archive(path: Path) -> io.BytesIO:
    """Return the content of a zipped document, checked and at its start, for a library to open.

    Raise DocumentError where it is not what its ending says, locked by a password, damaged, or unpacks to too much. All
    members are unpacked to be measured, since the directory may lie; archives among them are not opened.
    """
    if path.stat().st_size > MOST_BYTES:
        raise DocumentError("document_large", most=MOST_BYTES // MEGABYTE)
    content = path.read_bytes()
    ending = path.suffix.lower()
    try:
        if not content.startswith(b"PK"):
            refuse(content, ending)
        # The directory itself is not read before its length is known.
        if content.count(b"PK\1\2") > MOST_MEMBERS:
            raise DocumentError("document_members", most=MOST_MEMBERS)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_kind(archive, ending)
            check_sizes(archive, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise DocumentError("document_damaged") from error
    return io.BytesIO(content)


def refuse(content: bytes, ending: str) -> None:
    """Raise the DocumentError that says what a file that is no zip looks like."""
    if content.startswith(OLE):
        stream = next((name for name in STREAMS if name.encode("utf-16-le") in content), "")
        if stream == "EncryptedPackage":
            raise DocumentError("document_locked")
        if stream:
            raise DocumentError("document_old", found=STREAMS[stream], ending=ending)
    found = next((kind for start, kind in STARTS if content.startswith(start)), "")
    if not found and HTML.search(content[:AT_ONCE]):
        found = ".html"
    if found:
        raise DocumentError("document_other", found=found, ending=ending)
    raise DocumentError("document_unknown", ending=ending)


def check_kind(archive: zipfile.ZipFile, ending: str) -> None:
    """Raise DocumentError for an archive that holds another kind of document than its ending says, or a locked one."""
    infos = archive.infolist()
    names = {info.filename for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        raise DocumentError("document_locked")
    # The other methods, which no format allows, unpack without measure.
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
        raise DocumentError("document_damaged")
    found = next((kind for folder, kind in FOLDERS.items() if any(name.startswith(folder + "/") for name in names)), "")
    if "mimetype" in names:
        kind = beginning(archive, "mimetype").decode("ascii", "replace").strip()
        found = ".epub" if kind == "application/epub+zip" else ""
        if kind.startswith(OPEN_DOCUMENT):
            found = OPEN_DOCUMENTS.get(kind.removeprefix(OPEN_DOCUMENT).split("-")[0], "")
        if "META-INF/manifest.xml" in names and b"encryption-data" in beginning(archive, "META-INF/manifest.xml"):
            raise DocumentError("document_locked")
    if not found and not {"[Content_Types].xml", "content.xml"} & names:
        raise DocumentError("document_unknown", ending=ending)
    if found and found != ending:
        raise DocumentError("document_other", found=found, ending=ending)


def beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(MEGABYTE)


def check_sizes(archive: zipfile.ZipFile, packed: int) -> None:
    """Unpack all members, a little at a time, and raise DocumentError as soon as they come to too much."""
    total = 0
    for info in archive.infolist():
        claimed, before = info.file_size, total
        info.file_size = MOST_BYTES + 1  # where zipfile would else stop, at what the directory claims
        with archive.open(info) as member:
            while part := member.read(AT_ONCE):
                total += len(part)
                if total > MOST_BYTES:
                    raise DocumentError("document_large", most=MOST_BYTES // MEGABYTE)
                if total > max(FEW_BYTES, MOST_RATIO * packed):
                    raise DocumentError("document_bomb", most=MOST_RATIO)
        if total - before != claimed:
            raise DocumentError("document_damaged")
