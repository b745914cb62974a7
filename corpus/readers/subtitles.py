"""Subtitles (SRT, WebVTT): what is said, in whole sentences, each run located by the second at which it starts."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from pathlib import Path

import webvtt
from webvtt import srt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from corpus.documents import Document, Locator, Section
from corpus.errors import DocumentError
from corpus.readers.encoding import decoded
from corpus.readers.markdown import TRANSCRIPT_CHARACTERS
from corpus.readers.source_file import SourceFile

__all__ = ["read"]

# A time of SRT or WebVTT whose minutes and seconds are some; the library carries over those past 59.
TIME = r"(?:\d{1,4}:)?[0-5]?\d:[0-5]?\d[,.]\d{1,3}"
TIMING = re.compile(rf"\s*{TIME}\s*-->\s*{TIME}(?!\d)")
# The number above a cue's time, which SRT asks for and some software leaves out.
UNNUMBERED = re.compile(r"^(?<!\d\n)(?=.*-->)", re.MULTILINE)

SPEAKER = re.compile(r"<v(?:\.[\w.-]{1,80})?\s+([^>\n]{1,80})>")
# Tags of HTML and WebVTT (also the times of karaoke), and those that SRT borrows from SubStation.
TAG = re.compile(r"</?[a-zA-Z][^>\n]{0,200}>|<[\d:.]{1,20}>|\{\\[^}\n]{0,200}\}")
# What is heard and not said: [Musique], what is sung, (Rires), any line that is in brackets as a whole.
SOUND = re.compile(
    r"\[[^\]\n]{0,80}\]|^\s*[♪♫].*$|[♪♫]|^[-–—\s]*\([^)\n]{0,80}\)\s*$"
    r"|\((?:rire|musique|applaudissement|soupir|toux|silence|bruit|inaudible|laugh|music|applause|sigh)[^)\n]{0,40}\)",
    re.MULTILINE | re.IGNORECASE,
)
# The dashes and chevrons that set one speaker apart from another.
TURN = re.compile(r"^\s*(?:[-–—]|>>+)\s*", re.MULTILINE)


def read(source: SourceFile) -> list[Document]:
    """Return the file as one document; raise DocumentError where no cue has a time that can be read."""
    sections: list[Section] = []
    said: list[str] = []
    above: list[str] = []
    second = 0
    speaker = ""
    for start, text in cues_of(source.path):
        lines, speaker = spoken(text, speaker)
        # Subtitles that roll up show a line once more above the next.
        rolled = next((n for n in range(len(lines), 0, -1) if above[-n:] == lines[:n]), 0)
        above = lines or above
        if not (words := " ".join(lines[rolled:])):
            continue
        second = second if said else start
        said.append(words)
        if sum(map(len, said)) >= TRANSCRIPT_CHARACTERS and words.rstrip(' »"”').endswith((".", "?", "!", "…")):
            sections.append(run(said, second))
            said = []
    if said:
        sections.append(run(said, second))
    return [source.document(title=Path(source.name).stem, url=source.entry.url, sections=tuple(sections))]


def run(said: list[str], second: int) -> Section:
    return Section(" ".join(said), ("Transcription",), "transcript", Locator("second", str(second)))


def cues_of(path: Path) -> list[tuple[int, str]]:
    """Return (second at which it starts, text with its tags) of each cue; raise DocumentError where none has a time."""
    text = decoded(path).strip()
    lines = ["-->" if "-->" in line and not TIMING.match(line) else line for line in text.split("\n")]
    try:
        if text.startswith("WEBVTT"):
            captions = webvtt.from_string("\n".join(lines)).captions
        else:
            captions = srt.parse_captions(UNNUMBERED.sub("1\n", "\n".join(lines)).split("\n"))
    except (MalformedFileError, MalformedCaptionError):
        captions = []
    if not captions:
        raise DocumentError("subtitles_untimed", count=text.count("-->"))
    return [(caption.start_in_seconds, caption.raw_text) for caption in captions]


def spoken(text: str, speaker: str) -> tuple[list[str], str]:
    """Return (what is said in a cue, line by line, its speaker named where it is another than ``speaker``; its speaker)."""
    names = [speaker, *(name.strip() for name in SPEAKER.findall(text))]
    new = iter([name != before for before, name in pairwise(names)])
    text = SPEAKER.sub(lambda match: f"{match[1].strip()} : " if next(new) else "", text)
    text = TURN.sub("", SOUND.sub("", html.unescape(TAG.sub("", text))))
    lines = [words for line in text.split("\n") if (words := " ".join(line.split())).strip(" :") not in ("", *names)]
    return lines, names[-1] if lines else speaker
