"""Files read in a process of their own: whatever a file holds, it costs at most so much time and memory.

A file that takes too long, or more memory than is allowed, is one error; the process is replaced and the next file is read.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.source_file import SourceFile

__all__ = ["SECONDS", "Worker", "worker"]

SECONDS = 60.0
MEMORY = 1_500_000_000  # bytes
MOST_CHARACTERS = 20_000_000
# After these the process keeps memory that the next file would want.
SPENT = ("file_too_heavy", "file_too_deep", "file_too_long")


@contextmanager
def worker(seconds: float = SECONDS, memory: int = MEMORY) -> Iterator[Worker]:
    """Give a worker, whose process is started with its first file, and stop it at the end."""
    made = Worker(seconds, memory)
    try:
        yield made
    finally:
        made.stop()


class Worker:
    """Reads one file after another, each in at most ``seconds`` and with at most ``memory`` bytes."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.seconds = seconds
        self.memory = memory
        self.process: Any = None
        self.connection: Connection | None = None

    def read(self, source: SourceFile) -> list[Document]:
        """Return the file's documents. Raise DocumentError where its reader does, or where it takes too much."""
        if self.connection is None:
            self.start()
        assert self.connection is not None
        try:
            self.connection.send(source)
            if not self.connection.poll(self.seconds):
                self.stop()
                raise DocumentError("file_too_slow", seconds=round(self.seconds))
            documents, problem = self.connection.recv()
        except (EOFError, OSError) as error:  # the process is gone: a crash of a library, or no memory left
            self.stop()
            raise DocumentError("file_too_heavy") from error
        if problem:
            if problem[0] in SPENT:
                self.stop()
            raise DocumentError(problem[0], **problem[1])
        return list(documents)

    def start(self) -> None:
        context = get_context("spawn")
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, self.memory), daemon=True)
        self.process.start()
        other.close()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        if self.connection is not None:
            self.connection.close()
            self.process.kill()
            self.process.join()
            self.connection = None


def serve(connection: Connection, memory: int) -> None:
    """Read what is asked until nobody asks any more; runs in the worker's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks is interrupted, and ends this process
    limit_memory(memory)
    from corpus.readers import READERS

    while True:
        try:
            source = connection.recv()
        except (EOFError, OSError):
            return
        documents: list[Document] = []
        problem: tuple[str, dict[str, Any]] | None = None
        try:
            documents = READERS[source.path.suffix.lower()](source)
            if sum(len(section.text) for document in documents for section in document.sections) > MOST_CHARACTERS:
                documents, problem = [], ("file_too_long", {"millions": MOST_CHARACTERS // 1_000_000})
        except DocumentError as error:
            problem = error.key, error.values
        except MemoryError:
            problem = "file_too_heavy", {}
        except RecursionError:
            problem = "file_too_deep", {}
        except Exception as error:  # whatever a library makes of a broken file concerns that file alone
            problem = "reader_failed", {"problem": f"{type(error).__name__}: {error}"[:200]}
        connection.send((documents, problem))


def limit_memory(memory: int) -> None:
    """Let this process have so many bytes and no more, where the system can say so."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
