"""Files read apart: what one of them costs is bounded, and the next is read all the same."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import DocumentError
from corpus.readers.source_file import SourceFile
from corpus.readers.worker import Worker, worker
from tests.corpus.readers.test_pdf import Text, pdf

GOOD = "---\ntitle: Les images\n---\n\nCompressez chaque photo.\n"


def source(folder: Path, name: str, content: str | bytes) -> SourceFile:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return SourceFile(path, name)


def problem(reader: Worker, file: SourceFile) -> str:
    with pytest.raises(DocumentError) as raised:
        reader.read(file)
    return raised.value.key


@pytest.fixture(scope="module")
def reader():
    with worker() as made:
        yield made


def test_documents_come_back_whole(reader: Worker, tmp_path: Path) -> None:
    [document] = reader.read(source(tmp_path, "images.md", GOOD))
    assert (document.title, document.sections[0].text) == ("Les images", "Compressez chaque photo.")
    process = reader.process.pid
    reader.read(source(tmp_path, "autre.md", GOOD))
    assert reader.process.pid == process != os.getpid()


def test_what_a_reader_says_of_a_file_comes_back(reader: Worker, tmp_path: Path) -> None:
    assert problem(reader, source(tmp_path, "a.json", "{")) == "json_broken"
    assert problem(reader, source(tmp_path, "a.pdf", "rien")).startswith("pdf_")
    # Any other fault of a library is one sentence too: this ending has no reader.
    assert problem(reader, source(tmp_path, "a.rien", "rien")) == "reader_failed"


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    long = source(
        tmp_path, "long.pdf", pdf(*[[Text(50, 50 + 12 * line, "Un serveur. " * 8) for line in range(60)]] * 300)
    )
    with worker(seconds=1) as reader:
        reader.read(source(tmp_path, "images.md", GOOD))  # its process is started
        started = time.monotonic()
        assert problem(reader, long) == "file_too_slow"
        assert time.monotonic() - started < 3
        reader.seconds = 60
        assert reader.read(source(tmp_path, "images.md", GOOD))


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not bound the memory of one process")
def test_a_file_that_takes_too_much_memory_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    heavy = source(tmp_path, "lourd.json", json.dumps([[number] for number in range(3_000_000)]))
    with worker(memory=250_000_000) as reader:
        assert problem(reader, heavy) == "file_too_heavy"
        assert reader.read(source(tmp_path, "images.md", GOOD))


def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    with worker() as reader:
        reader.read(source(tmp_path, "images.md", GOOD))
        reader.process.kill()
        reader.process.join()
        assert problem(reader, source(tmp_path, "images.md", GOOD)) == "file_too_heavy"
        assert reader.read(source(tmp_path, "images.md", GOOD))


def test_nothing_is_left_running(tmp_path: Path) -> None:
    with worker() as reader:
        reader.read(source(tmp_path, "images.md", GOOD))
        process = reader.process
    assert not process.is_alive()


def test_a_file_nested_too_deeply_is_one_sentence(reader: Worker, tmp_path: Path) -> None:
    assert problem(reader, source(tmp_path, "profond.json", "[" * 200_000)) == "file_too_deep"
