"""Official sources to a local copy, as ``corpus/sources.toml`` lists them, and what changed in them since a day.

The copy is the folder ``official`` of the data folder: one folder a source, and ``.sync``, which the index does not read,
with the state (what each file is a copy of), the journal of what happened, and the bodies that are being downloaded. A file
is replaced in one step, and the state written after each: a run that is killed goes on where it was.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import filelock
from tqdm import tqdm

from corpus.errors import FetchError, InputError
from corpus.fetch import STANDARD, Body, Client, Limits, Validators, checked, one_line
from corpus.files import write_atomically
from corpus.listing import file_name, linked_addresses, sitemap_addresses, title_of
from corpus.messages import text
from corpus.readers.source_file import SYNC_STATE, SYNCED, entry_for, read_state, synced_sources

__all__ = ["Outcome", "SyncReport", "sync"]

RUN_BYTES, RUN_SECONDS = 5 * 1024**3, 6 * 3600
# A sitemap that loses more pages at once, and more than half of them, is taken for a mistake.
LOST = 10
# What concerns the place of one file, and not the disk.
MISPLACED = (errno.EEXIST, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ENOTEMPTY)


@dataclass(frozen=True)
class Outcome:
    """What became of one address: it is "new", "changed", "unchanged", "gone" (marked as withdrawn) or "refused".

    ``error`` says why it is refused. In a dry run, "new" and "changed" are what would be downloaded.
    """

    source: str
    address: str
    event: str
    title: str = ""
    theme: str = ""
    error: FetchError | None = None


@dataclass(frozen=True)
class SyncReport:
    """The outcome of each address, and what was downloaded: ``bodies`` of ``bytes`` in all."""

    outcomes: tuple[Outcome, ...]
    folder: Path
    bodies: int
    bytes: int
    seconds: float


class Copy:
    """The local copy: ``files`` says of each name below ``folder`` what it is a copy of; ``partials`` of which version the
    start of a body is kept; ``texts`` are the client's. A copy that is ``dry`` writes nothing."""

    def __init__(self, folder: Path, dry: bool = False) -> None:
        self.folder = folder
        self.home = folder / SYNC_STATE
        self.dry = dry
        state = read_state(folder)
        self.files: dict[str, dict[str, str]] = state.get("files", {})
        self.partials: dict[str, str] = state.get("partials", {})
        self.texts: dict[str, dict[str, str]] = state.get("texts", {})

    def save(self) -> None:
        """Write the state."""
        if not self.dry:
            state = {"files": self.files, "partials": self.partials, "texts": self.texts}
            write_atomically(self.home / "state.json", json.dumps(state, ensure_ascii=False))

    def note(self, outcome: Outcome) -> None:
        """Write an outcome into the journal."""
        if self.dry or outcome.event == "unchanged":
            return
        record = {
            "date": today(),
            "source": outcome.source,
            "address": outcome.address,
            "event": outcome.event,
            "title": outcome.title,
            "theme": outcome.theme,
        }
        if outcome.error:
            record["why"] = text(outcome.error.key, "fr", **outcome.error.values)
        with (self.home / "journal.jsonl").open("a", encoding="utf-8") as file:
            # On a line of its own even where a run was killed within the line before.
            file.write(f"\n{json.dumps(record, ensure_ascii=False)}\n")

    def partial(self, name: str) -> Path:
        """Where the body of ``name`` is while it is downloaded."""
        return self.home / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.partial"

    def of_source(self, id: str) -> list[str]:
        """The names of the files of a source that are not withdrawn."""
        return [name for name, file in self.files.items() if file["source"] == id and not file["withdrawn"]]


def sync(
    data_folder: Path,
    only: Collection[str] = (),
    dry_run: bool = False,
    limits: Limits = STANDARD,
    loopback: Mapping[str, int] | None = None,
    progress: bool = False,
) -> SyncReport:
    """Bring the official sources (those of the ids ``only``, where there are some) below ``data_folder``, and register them
    for the index. ``loopback`` is for tests alone, see ``corpus.fetch.Client``.

    Raises InputError where an id is unknown, another run is under way, or the disk cannot be written.
    """
    sources = synced_sources()
    ids = [source["id"] for source in sources]
    for id in only:
        if id not in ids:
            raise InputError("source_unknown", id=id, known=", ".join(ids))
    folder = data_folder / SYNCED
    started = time.monotonic()
    outcomes: list[Outcome] = []
    with writable(data_folder, folder, dry_run):
        copy = Copy(folder, dry_run)
        with Client(copy.texts, limits, loopback) as client:
            for source in sources:
                if only and source["id"] not in only:
                    continue
                for outcome in outcomes_of(source, client, copy, started, progress):
                    copy.note(outcome)
                    if outcome.event != "unchanged":
                        copy.save()
                    outcomes.append(outcome)
            copy.save()
            seconds = round(time.monotonic() - started, 1)
            return SyncReport(tuple(outcomes), folder, client.bodies, client.bytes, seconds)


@contextlib.contextmanager
def writable(data_folder: Path, folder: Path, dry_run: bool) -> Iterator[None]:
    """Make the folder of the copy, register it for the index and keep other runs out; a dry run needs none of it."""
    if dry_run:
        yield
        return
    try:
        (folder / SYNC_STATE).mkdir(parents=True, exist_ok=True)
        with locked(folder / SYNC_STATE / "lock", "sync_running"):
            register_copy(data_folder, folder)
            yield
    except OSError as error:
        raise InputError("sync_stopped", folder=folder, problem=error.strerror or error) from error


@contextlib.contextmanager
def locked(path: Path, key: str) -> Iterator[None]:
    """Hold a lock; raise InputError with ``key`` where another process holds it."""
    lock = filelock.FileLock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise InputError(key) from error
    try:
        yield
    finally:
        lock.release()


def register_copy(data_folder: Path, folder: Path) -> None:
    """Have ``python -m corpus index`` read the folder."""
    from corpus.index import Registered, read_json, register

    path = data_folder / "folders.json"
    if str(folder.resolve()) not in {one["path"] for one in read_json(path)}:
        (data_folder / "index").mkdir(exist_ok=True)
        with locked(data_folder / "index" / "update.lock", "index_busy"):
            register(path, [Registered(folder.resolve())], (), "")


def outcomes_of(
    source: Mapping[str, Any], client: Client, copy: Copy, started: float, progress: bool
) -> Iterator[Outcome]:
    """Yield what becomes of each address of one source."""
    pages, refused, complete = listing(source, client, copy)
    yield from refused
    left = [name for name in copy.of_source(source["id"]) if name not in pages]
    if "sitemap" in source and complete and len(left) > max(LOST, len(copy.of_source(source["id"])) // 2):
        yield Outcome(source["id"], source["sitemap"], "refused", error=FetchError("sync_shrunk", count=len(left)))
        complete = False
    if "sitemap" in source and complete:
        for name in left:
            yield withdraw(source, copy, name)
    elif "pages" not in source:  # what is no longer named may still be published: it is asked
        pages |= {name: copy.files[name]["address"] for name in left}
    bar = tqdm(pages.items(), desc=source["title"], unit="document", disable=not progress, leave=False)
    for name, address in bar:
        if client.bytes > RUN_BYTES or time.monotonic() - started > RUN_SECONDS:
            yield Outcome(source["id"], address, "refused", error=FetchError("sync_limit"))
        else:
            yield bring(source, client, copy, name, address)


def listing(source: Mapping[str, Any], client: Client, copy: Copy) -> tuple[dict[str, str], list[Outcome], bool]:
    """Return the address of each name that a source lists, the addresses that are refused, and whether the list is whole."""
    id = source["id"]
    if "pages" in source:
        return {f"{id}/{page['file']}": page["url"] for page in source["pages"]}, [], True
    if "linked_from" in source:
        linking = [(copy.folder / name, copy.files[name]["address"]) for name in copy.of_source(source["linked_from"])]
        addresses = list(linked_addresses(linking, source["url"]))
    else:
        try:
            addresses = sitemap_addresses(client, source["sitemap"], source["hosts"])
        except FetchError as error:
            return {}, [Outcome(id, source["sitemap"], "refused", error=error)], False
    pages: dict[str, str] = {}
    refused: list[Outcome] = []
    taken: set[str] = set()
    for address in dict.fromkeys(addresses):
        try:
            checked(address, source["hosts"])
            name = f"{id}/{file_name(address, source['url'])}"
            if name not in pages and name.casefold() in taken:  # some systems take two names for one
                raise FetchError("sync_name", address=address)
        except FetchError as error:
            refused.append(Outcome(id, one_line(address), "refused", error=error))
            continue
        pages.setdefault(name, address)
        taken.add(name.casefold())
    return pages, refused, True


def bring(source: Mapping[str, Any], client: Client, copy: Copy, name: str, address: str) -> Outcome:
    """Bring the document at ``address`` up to date in the copy."""
    path = copy.folder / name
    known = copy.files.get(name, {})
    intact = known.get("address") == address and path.is_file() and sha256(path) == known["sha256"]
    if copy.dry and not intact:
        return described(source, copy, name, address, "new")
    validators = Validators(known["etag"], known["modified"]) if intact else Validators()
    try:
        if copy.dry:
            kind = client.get(address, source["hosts"], validators).kind
            return described(source, copy, name, address, {"fresh": "changed"}.get(kind, kind))
        with partial_file(copy, name, client.limits.size) as (body, partial):
            answer = client.get(address, source["hosts"], validators, body)
            if answer.kind == "gone":
                if known:
                    return withdraw(source, copy, name)
                raise FetchError("sync_status", status=404)
            back = bool(known and known["withdrawn"])
            if answer.kind == "unchanged":
                known["withdrawn"] = ""
                return described(source, copy, name, address, "new" if back else "unchanged")
            body.file.flush()
            os.fsync(body.file.fileno())
            digest = sha256(partial)
            if not (intact and digest == known["sha256"]):
                place(partial, path)
    except FetchError as error:
        return described(source, copy, name, address, "refused", error)
    event = "new" if not known or back else "unchanged" if digest == known["sha256"] else "changed"
    copy.files[name] = {
        "source": source["id"],
        "address": address,
        "sha256": digest,
        "etag": answer.validators.etag,
        "modified": answer.validators.modified,
        "withdrawn": "",
    }
    return described(source, copy, name, address, event)


@contextlib.contextmanager
def partial_file(copy: Copy, name: str, size: int) -> Iterator[tuple[Body, Path]]:
    """Give the body that ``name`` is downloaded into; what was downloaded is kept for a later try only where it may succeed."""
    partial = copy.partial(name)

    def begun(validator: str) -> None:
        copy.partials[name] = validator
        copy.save()

    resumable = False
    try:
        with partial.open("ab") as file:
            is_page = name.endswith((".html", ".htm"))
            yield Body(file, size, is_page, copy.partials.get(name, ""), begun), partial
    except FetchError as error:
        resumable = error.retry and bool(copy.partials.get(name))
        raise
    finally:
        if not resumable:
            partial.unlink(missing_ok=True)
            copy.partials.pop(name, None)


def place(partial: Path, path: Path) -> None:
    """Put a whole body in its place, in one step."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(partial, path)
    except OSError as error:
        if error.errno in MISPLACED:
            raise FetchError("sync_name", address=path.name) from error
        raise


def withdraw(source: Mapping[str, Any], copy: Copy, name: str) -> Outcome:
    """Mark a file whose document is no longer published; it stays."""
    file = copy.files[name]
    event = "unchanged" if file["withdrawn"] else "gone"
    if not copy.dry:
        file["withdrawn"] = file["withdrawn"] or today()
    return described(source, copy, name, file["address"], event)


def described(
    source: Mapping[str, Any], copy: Copy, name: str, address: str, event: str, error: FetchError | None = None
) -> Outcome:
    """Return an outcome with the title and the theme of its document."""
    entry = entry_for(copy.folder, name)
    page = next((page for page in source.get("pages", ()) if f"{source['id']}/{page['file']}" == name), source)
    themes = entry.facets.get("theme") or {**source, **page}.get("facets", {}).get("theme") or ("",)
    title = entry.title or (page["title"] if page is not source else "") or title_of(copy.folder / name)
    return Outcome(source["id"], address, event, title, themes[0], error)


def today() -> str:
    return date.today().isoformat()


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
