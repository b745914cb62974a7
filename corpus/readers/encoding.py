"""Text files whose encoding is not known: UTF-8 where they are, else what reads best among what French software writes."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from corpus.errors import DocumentError

__all__ = ["decoded"]

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # fmt: skip
# Windows, old Macs, MS-DOS. Left to choose among all encodings, charset-normalizer takes short French texts for Greek or Chinese.
OLDER = ["cp1252", "mac_roman", "cp850"]
# Enough to tell an encoding by.
SAMPLE = 200_000
# What no text holds, beside its white space and the end that MS-DOS marks.
CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f]")


def decoded(path: Path) -> str:
    """Return the text of a file, its line ends as ``\\n``; raise DocumentError where it holds no text."""
    content = path.read_bytes()
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        text = content.decode(encoding, "replace")
        broken = text.count("\ufffd")
        # A few broken letters among many sound ones are damage, not another encoding.
        if 10 * broken > sum(letter > "\x7f" for letter in text) - broken:
            sample = content[max(error.start - SAMPLE // 2, 0) :][:SAMPLE]
            best = from_bytes(sample, cp_isolation=OLDER).best()
            text = content.decode(best.encoding if best else OLDER[0], "replace")
    if CONTROL.search(text):
        raise DocumentError("not_text")
    return text.rstrip("\x1a").replace("\r\n", "\n").replace("\r", "\n")
