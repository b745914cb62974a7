"""Subtitles: what is said, in whole sentences, and the second at which it starts."""

from __future__ import annotations

import time

import pytest

from corpus.documents import Section
from corpus.errors import DocumentError
from corpus.messages import text
from corpus.readers import READERS
from corpus.readers.source_file import SourceEntry, SourceFile
from corpus.readers.subtitles import read


@pytest.fixture
def sections(tmp_path):
    """Read subtitles from the name of a file and its content."""

    def run(name: str, content: str | bytes) -> tuple[Section, ...]:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        [document] = read(SourceFile(tmp_path / name, name, SourceEntry(kind="media", url="https://exemple.fr/v")))
        assert (document.title, document.kind, document.url) == (name[:-4], "media", "https://exemple.fr/v")
        return document.sections

    return run


@pytest.fixture
def said(sections):
    """Read the cues of an SRT: (second, words) of each section."""

    def run(*cues: str) -> list[tuple[str, str]]:
        numbered = "\n\n".join(f"{number}\n{cue}" for number, cue in enumerate(cues, 1))
        return [(section.locator.value, section.text) for section in sections("a.srt", numbered)]

    return run


def at(start: str, words: str) -> str:
    return f"{start} --> 09:59:59,000\n{words}"


def test_cues_are_joined_to_whole_sentences_located_by_their_first_second(said):
    words = [f"Des mots qui durent toute la minute {minute}{',' if minute % 4 else '.'}" for minute in range(1, 21)]
    cues = [at(f"00:{minute:02}:07,999", one) for minute, one in enumerate(words, 1)]
    assert said(*cues, at("01:02:03,500", "et voilà")) == [
        ("67", " ".join(words[:16])),
        (str(17 * 60 + 7), " ".join([*words[16:], "et voilà"])),
    ]


def test_a_run_is_a_transcript_located_by_a_whole_second(sections):
    [section] = sections("a.srt", "1\n01:02:03,500 --> 01:02:04,000\nBonjour.\n")
    assert (section.kind, section.heading_path) == ("transcript", ("Transcription",))
    assert (section.locator.kind, section.locator.value) == ("second", "3723")


def test_the_times_of_webvtt_are_read_with_and_without_hours(sections):
    content = "WEBVTT - titre\nKind: captions\n\nNOTE jamais lu\n\nSTYLE\n::cue { color: red }\n\nid\n01:05.900 --> 01:09.000 line:0\n{}\n\n01:00:00.000 --> 01:00:02.000\nFin.\n"
    [section] = sections("a.vtt", content.replace("{}", "Début"))
    assert (section.locator.value, section.text) == ("65", "Début Fin.")
    assert sections("b.vtt", content.replace("{}", "[Musique]"))[0].locator.value == "3600"


@pytest.mark.parametrize(
    "time", ["00:00:xx,000", "00:61:00,000", "00:00:75,000", "", "12", "99999999999:00:00,000", "-1:00:00,000"]
)
def test_a_cue_without_a_time_is_skipped_and_never_given_another(said, time):
    found = said(at("00:00:05,000", "Avant."), at(time, "Perdu."), at("00:00:09,000", "Après."))
    assert found == [("5", "Avant. Après.")]


def test_subtitles_without_any_time_are_told_with_their_count(said):
    with pytest.raises(DocumentError, match="subtitles_untimed") as caught:
        said(at("00:00:xx,000", "Un."), at("00:99:00,000", "Deux."))
    assert caught.value.values == {"count": 2}
    assert "2" in text(caught.value.key, "fr", **caught.value.values)


@pytest.mark.parametrize("name", ["a.srt", "a.vtt"])
@pytest.mark.parametrize("content", ["", "Des mots sans temps.", "WEBVTT", "WEBVTTrien\n\nx"])
def test_what_holds_no_cue_is_told(sections, name, content):
    with pytest.raises(DocumentError, match="subtitles_untimed"):
        sections(name, content)


@pytest.mark.parametrize(
    ("cue", "words"),
    [
        ("<i>Bonjour</i> <font color='red'>à tous</font>.", "Bonjour à tous."),
        (r"{\an8}{\pos(1,2)}En haut.", "En haut."),
        ("<c.jaune>Bon<00:00:01.500>jour</c>.", "Bonjour."),
        ("Tom &amp; Léa : 3 &lt; 4.", "Tom & Léa : 3 < 4."),
        ("- Oui.\n- Non.", "Oui. Non."),
        (">> JEAN : Oui.", "JEAN : Oui."),
        ("[Musique] Oui.", "Oui."),
        ("♪ la la la ♪\nOui.", "Oui."),
        ("(bruit de porte)\nOui (le RGESN).", "Oui (le RGESN)."),
        ("(Rires) Oui.", "Oui."),
    ],
)
def test_what_is_not_said_is_stripped(said, cue, words):
    assert said(at("00:00:01,000", cue)) == [("1", words)]


def test_a_speaker_is_named_when_another_speaks(said):
    cues = ["<v Anne Le Gall>Bonjour.", "<v Anne Le Gall>Ça va ?", "<v.fort Tom>Oui.\n<v Anne Le Gall>Bien.</v>"]
    found = said(*(at(f"00:00:0{number},000", cue) for number, cue in enumerate(cues)))
    assert found == [("0", "Anne Le Gall : Bonjour. Ça va ? Tom : Oui. Anne Le Gall : Bien.")]


def test_lines_that_roll_up_are_read_once(said):
    cues = ["Un deux", "Un deux\ntrois quatre", "trois quatre", "trois quatre\ncinq."]
    assert said(*(at(f"00:00:0{number},000", cue) for number, cue in enumerate(cues))) == [
        ("0", "Un deux trois quatre cinq.")
    ]


def test_cues_without_numbers_are_read(sections):
    content = "\n00:00:01,000 --> 00:00:02,000\nEn 2024\n\n00:00:03,000 --> 00:00:04,000\nOui.\n"
    assert sections("a.srt", content)[0].text == "En 2024 Oui."


def test_the_content_decides_between_the_two_formats(sections):
    assert sections("a.srt", "WEBVTT\n\n00:01.000 --> 00:02.000\nOui.\n")[0].text == "Oui."
    assert sections("a.vtt", "1\n00:00:01,000 --> 00:00:02,000\nOui.\n")[0].text == "Oui."


def test_the_encoding_is_found(sections):
    content = "1\r\n00:00:01,000 --> 00:00:02,000\r\nL’été à Nîmes.\r\n".encode("cp1252")
    assert sections("a.srt", content)[0].text == "L’été à Nîmes."


def test_subtitles_of_sounds_alone_have_no_section(said):
    assert said(at("00:00:01,000", "[Musique]")) == []


def test_a_cue_full_of_brackets_is_read_in_time(said):
    start = time.perf_counter()
    assert said(at("00:00:01,000", "[" * 200_000 + "<v" * 100_000 + "{\\" * 100_000))
    assert time.perf_counter() - start < 10


def test_the_reader_is_the_one_of_its_endings():
    assert READERS[".srt"] is READERS[".vtt"]
