"""Build, update and open the index. The only module that knows Chroma.

An index is a sequence of generations. A generation is a folder that is complete once its ``manifest.json`` is there:
Chroma's vectors and passages, the lexical index over the same passages, and the documents. ``current`` names the one that
answers; it is replaced in one step, so that a run killed at any moment leaves the previous generation answering.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import chromadb
import filelock
import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from tqdm import tqdm

from corpus.absences import NAME as ABSENCES
from corpus.absences import Absence
from corpus.answer_index import (
    AnswerIndex,
    ChangedProof,
    absences_of,
    answers_of,
    changed_proofs,
    embedded_absence,
    embedded_answer,
    embedded_ways,
    standing_answers,
)
from corpus.answers import PreparedAnswer, answers_path
from corpus.copies import copies, furniture, repeated_sections, without_furniture
from corpus.documents import PARTS, Document, Locator, Origin, Part, Passage, Section, Source, deep_link
from corpus.encoders import ADAPTED_ENCODER, Encoder, collection_name, identity, load_encoder
from corpus.errors import AssistantError, DocumentError, IndexMissing, InputError
from corpus.files import is_leftover, is_passed_over, read_lines, write_atomically, write_lines
from corpus.lexical import LexicalIndex
from corpus.passages import RECIPE, embedded_text, split
from corpus.places import named_passages
from corpus.readers import READERS
from corpus.readers.cards import BASE, card_paths, read_card
from corpus.readers.source_file import SOURCES, SYNCED, SourceEntry, SourceFile, entry_for, withdrawn
from corpus.readers.worker import Worker, worker
from corpus.settings import CorpusSettings
from corpus.spelling import known_words
from corpus.talk import TALK, kinds_of_talk
from corpus.vectors import VectorStore, read_shipped, text_key, write_shipped

__all__ = ["FileReport", "Index", "Report", "document_record", "store", "update"]

# What a change of the readers must change, so that files are read again.
READING = "10"
# What describes a folder is not one of its documents.
FURNITURE = ("README", "LICENSE", "LICENCE")
ENCODE_AT_ONCE = 256
# A step that fails with less room than this (bytes) on the disk failed for want of it.
LEAST_FREE = 50_000_000
# Chroma's approximate search finds 0.999 of the true 60 nearest of 6,144 passages with this graph, for 0.7 s more to build it;
# with its default one 0.94 of 50, and not the same ones after each build.
NEIGHBOURS = {"space": "cosine", "max_neighbors": 32, "ef_construction": 400, "ef_search": 200}


@dataclass(frozen=True)
class FileReport:
    """What became of one file: "indexed", "copy" (of a document that is), "navigation" (it only leads elsewhere), "empty" (no
    text), "unread" (no reader for its ending) or "error"."""

    name: str
    status: str
    error: AssistantError | None = None


@dataclass(frozen=True)
class Report:
    """The outcome of an update. ``changed`` is False where nothing had to be done.

    ``seconds`` has "read", "split", "encode" and "store"; loading the encoder is in none of them.
    """

    files: tuple[FileReport, ...]
    documents: int
    passages: int
    encoded: int
    changed: bool
    generation: str
    seconds: Mapping[str, float] = field(default_factory=dict)


class Clock:
    """Seconds by phase: ``lap`` gives a phase the time since the lap before."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def lap(self, phase: str = "") -> None:
        """End a phase; one without a name is not counted."""
        now = time.perf_counter()
        if phase:
            self.seconds[phase] = round(now - self.last, 3)
        self.last = now


@dataclass
class Reading:
    """What an update knows of one file before it is indexed."""

    name: str
    fingerprint: str
    documents: list[Document] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    report: FileReport | None = None

    def with_passages(self) -> Iterator[tuple[Document, list[Passage]]]:
        """Yield each document with its passages."""
        by_document: dict[str, list[Passage]] = {document.id: [] for document in self.documents}
        for passage in self.passages:
            by_document[passage.document_id].append(passage)
        yield from ((document, by_document[document.id]) for document in self.documents)


@dataclass(frozen=True)
class Registered:
    """A folder (or a single file) that the index holds; one that is in a ``collection`` is the organisation's own."""

    path: Path
    collection: str = ""


def update(
    settings: CorpusSettings,
    folders: Sequence[Path] = (),
    forget: Sequence[Path] = (),
    collection: str = "",
    without: str = "",
    threads: int = 0,
    progress: bool = False,
) -> Report:
    """Bring the index up to date with the embedded base and every registered folder; ``folders`` are registered first.

    Those of a ``collection`` are never presented as official; ``without`` drops a collection whole. Only what changed is
    read and encoded. ``threads`` is that of the encoder, 0 for all cores. Raises InputError where a folder cannot be read
    or another update is running, EncoderError where the encoder cannot be loaded.
    """
    home = settings.data_folder / "index" / collection_name(settings.encoder)
    lock = filelock.FileLock(settings.data_folder / "index" / "update.lock")
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise InputError("index_busy") from error
    except OSError as error:
        raise InputError("data_unusable", folder=settings.data_folder, problem=error.strerror) from error
    try:
        for folder in folders:
            if not (folder.is_dir() or (collection and folder.is_file())):
                raise InputError("folder_missing", folder=folder)
        # « add *.docx » names them too.
        given = [folder for folder in folders if folder.is_dir() or not is_leftover(folder.name)]
        added = [Registered(folder.resolve(), collection) for folder in given]
        registered = register(settings.data_folder / "folders.json", added, forget, without)
        report = bring_up_to_date(settings, home, registered, threads or cores(), progress)
        if without:
            drop_collection(settings.data_folder / "index", without)
        return report
    except (OSError, sqlite3.Error, ChromaError) as error:
        # Chroma tells of a full disk in many ways, or of a step that failed because of it.
        free = shutil.disk_usage(home).free
        if free > LEAST_FREE:
            raise
        raise InputError("disk_full", folder=settings.data_folder, free=round(free / 1e6)) from error
    finally:
        lock.release()


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def register(path: Path, added: Sequence[Registered], forget: Sequence[Path], without: str) -> list[Registered]:
    """Add to the registered folders, drop ``forget`` and the collection ``without``, and return them all."""
    known = [Registered(Path(one["path"]), one["collection"]) for one in read_json(path)]
    for one in added:
        known = [other for other in known if other.path != one.path] + [one]
    for folder in forget:
        if folder.resolve() not in {one.path for one in known}:
            raise InputError("folder_unknown", folder=folder)
        known = [one for one in known if one.path != folder.resolve()]
    if without:
        names = sorted({one.collection for one in known if one.collection})
        if not names:
            raise InputError("collection_none")
        if without not in names:
            raise InputError("collection_unknown", name=without, known=", ".join(names))
        known = [one for one in known if one.collection != without]
    kept = [{"path": str(one.path), "collection": one.collection} for one in known]
    write_atomically(path, json.dumps(kept, ensure_ascii=False, indent=1))
    return known


def read_json(path: Path) -> list[dict[str, str]]:
    """The registered folders as they are stored; a path alone, as the first version wrote it, is in no collection."""
    stored = json.loads(path.read_text("utf-8")) if path.exists() else []
    return [one if isinstance(one, dict) else {"path": one, "collection": ""} for one in stored]


def bring_up_to_date(
    settings: CorpusSettings, home: Path, folders: list[Registered], threads: int, progress: bool
) -> Report:
    clock = Clock()
    previous = current(settings)
    known = previous.readings() if previous else {}
    cards = list_cards()
    listed, refused = list_files(folders, {name for name, _ in cards})
    files = dict(cards + listed)
    fingerprints = {name: fingerprint(source) for name, source in files.items()}
    beside = {path.relative_to(BASE).as_posix(): digest(path) for path in (*sorted(BASE.glob(f"*/{ABSENCES}")), TALK)}
    folder_names = [[str(f.path), f.collection] for f in folders]
    decisive = [RECIPE, NEIGHBOURS, reading_state(), settings.encoder, beside, folder_names]
    found = [*fingerprints.items(), *((report.name, report.status) for report in refused)]
    state = hashlib.sha256(json.dumps([*decisive, found]).encode()).hexdigest()[:16]
    keep = {state, previous.generation if previous else state}
    if (home / state / "manifest.json").exists():
        changed = not previous or previous.generation != state
        write_atomically(home / "current", state)  # its date says when the index was last held against its folders
        if changed:  # as it was before the last change, or built by a run that was killed at its end
            drop_old_generations(home, keep)
        index = Index.open(settings)
        clock.lap("read")
        return Report(index.reports(), len(index.documents), len(index.ids), 0, changed, state, clock.seconds)

    with worker() as reader:
        readings = [
            read_file(name, source, fingerprints[name], known, reader)
            for name, source in tqdm(files.items(), desc="Lecture", unit="fichier", disable=not progress, leave=False)
        ]
    readings += [Reading(report.name, "", report=report) for report in refused]
    clock.lap("read")
    encoder = load_encoder(settings.encoder, threads)
    clock.lap()
    for reading in tqdm(readings, desc="Découpage", unit="fichier", disable=not progress, leave=False):
        if not reading.passages:
            reading.passages = [p for document in reading.documents for p in split(document, encoder.fits)]
    repeated = mark_copies(readings)
    every = {document.id: document for reading in readings for document in reading.documents}
    documents = {id: document for id, document in every.items() if not document.copy_of}
    passages = [
        passage
        for reading in readings
        for passage in reading.passages
        if passage.document_id in documents and (passage.document_id, passage.position) not in repeated
    ]
    not_ours = [p for p in passages if documents[p.document_id].origin != "card"]
    known_furniture = furniture((documents[p.document_id].path, p.text) for p in not_ours)
    trimmed = (replace(passage, text=without_furniture(passage.text, known_furniture)) for passage in passages)
    passages = [passage for passage in trimmed if passage.text]
    texts = [embedded_text(documents[p.document_id], p.heading_path, p.text, p.context) for p in passages]
    clock.lap("split")
    asked = [question for _, question in card_questions(documents.values())]
    card_files = {
        document.id: files[reading.name].path
        for reading in readings
        for document in reading.documents
        if document.origin == "card"
    }
    written, unread = answers_of(card_files)
    absences, unread_too = absences_of(BASE)
    readings += [Reading(name, "", report=FileReport(name, "error", error)) for name, error in unread + unread_too]
    whole = by_document(every, (passage for reading in readings for passage in reading.passages))
    answers = standing_answers(written, every, whole, by_document(documents, passages))
    entries: list[PreparedAnswer | Absence] = [*(one.answer for one in answers), *absences]
    said = [*(embedded_answer(one.answer) for one in answers), *map(embedded_absence, absences)]
    vectors, new = encode(
        settings.data_folder / "vectors" / f"{collection_name(settings.encoder)}.sqlite",
        encoder,
        [*texts, *asked, *said, *map(embedded_ways, entries), *talk_examples()],
        progress,
    )
    searched = len(texts) + len(asked)
    prepared = searched + len(said)
    talked = prepared + len(entries)
    clock.lap("encode")
    folder = home / state
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    store(folder, documents, passages, texts, vectors[:searched])
    AnswerIndex.store(folder / "answers", answers, absences, vectors[searched:prepared], vectors[prepared:talked])
    talk = [kind.name for kind in kinds_of_talk() for _ in kind.examples]
    np.savez(folder / "talk.npz", kinds=np.array(talk, str), vectors=np.array(vectors[talked:], np.float32))
    # Copies are kept for the next update, which then need not read them again.
    write_lines(folder / "passages.jsonl", (asdict(passage) for reading in readings for passage in reading.passages))
    write_lines(folder / "documents.jsonl", (document_record(document) for document in every.values()))
    write_lines(
        folder / "files.jsonl",
        (
            {
                "name": reading.name,
                "fingerprint": reading.fingerprint,
                "status": reading.report.status if reading.report else "",
                "error": [reading.report.error.key, reading.report.error.values] if reading.report and reading.report.error else None,
                "documents": [document.id for document in reading.documents],
            }
            for reading in readings
        ),
    )  # fmt: skip
    manifest = {
        "generation": state,
        "encoder": settings.encoder,
        "recipe": RECIPE,
        "reading": reading_state(),
        "folders": [str(folder.path) for folder in folders if not folder.collection],
        "collections": sorted({folder.collection for folder in folders if folder.collection}),
        "documents": len(documents),
        "passages": len(passages),
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_atomically(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    write_atomically(home / "current", state)
    drop_old_generations(home, keep)
    clock.lap("store")
    reports = tuple(reading.report for reading in readings if reading.report)
    encoded = sum(text in new for text in texts)
    return Report(reports, len(documents), len(passages), encoded, True, state, clock.seconds)


def current(settings: CorpusSettings) -> Index | None:
    """The generation that answers, where there is one."""
    try:
        return Index.open(settings)
    except IndexMissing:
        return None


def reading_state() -> str:
    """What decides, beside a file's content, what is read of it."""
    return f"{READING}/{digest(SOURCES)[:16]}"


def list_cards() -> list[tuple[str, SourceFile]]:
    return [(f"base/{path.relative_to(BASE).as_posix()}", SourceFile(path, "", origin="card")) for path in card_paths()]


def list_files(folders: list[Registered], taken: set[str]) -> tuple[list[tuple[str, SourceFile]], list[FileReport]]:
    """Return the (name, file) of every file of the folders, sorted, and what cannot be entered or leads out of them.

    A folder whose names are taken goes under its own name, a collection's always under that of the collection.
    """
    listed: dict[str, SourceFile] = {}
    refused: list[FileReport] = []
    for folder in folders:
        if not folder.path.exists():
            raise InputError("folder_gone", folder=folder.path)
        root = folder.path if folder.path.is_dir() else folder.path.parent
        gone = withdrawn(folder.path) if folder.path.name == SYNCED and not folder.collection else {}
        paths = {readable(path.relative_to(root).as_posix()): path for path in walk(folder.path, root, refused)}
        prefix = f"{folder.collection}/" if folder.collection else ""
        while any(prefix + name in listed or prefix + name in taken for name in paths):
            prefix = f"{root.name}/{prefix}"
        for name, path in sorted(paths.items()):
            entry = (
                collection_entry(folder.collection)
                if folder.collection
                else replace(entry_for(root, name), withdrawn=gone.get(name, ""))
            )
            # What no row of sources.toml recognises, and what is in a collection, is never presented as official.
            origin: Origin = "official" if entry.publisher and not folder.collection else "own"
            listed[prefix + name] = SourceFile(path, prefix + name, entry, origin)
    return list(listed.items()), refused


def collection_entry(name: str) -> SourceEntry:
    """What is known of a document of a collection: the collection is shown where another document has its publisher."""
    return SourceEntry(publisher=name, facets={"collection": (name,)})


def walk(path: Path, root: Path, refused: list[FileReport]) -> Iterator[Path]:
    """Yield the files of a folder, or a single file; add to ``refused`` the folders that cannot be entered, and links that leave."""
    if path.is_file():
        yield path
        return

    def closed(error: OSError) -> None:
        name = readable(Path(error.filename or root).relative_to(root).as_posix())
        refused.append(FileReport(name, "error", DocumentError("folder_closed", problem=error.strerror)))

    inside = root.resolve()
    for folder, folders, names in os.walk(path, onerror=closed):
        folders[:] = sorted(name for name in folders if not is_passed_over(name))
        for name in sorted(names):
            file = Path(folder, name)
            if is_passed_over(name) or name.upper().startswith(FURNITURE) or not file.is_file():
                continue
            if file.is_symlink() and not file.resolve().is_relative_to(inside):
                refused.append(
                    FileReport(readable(file.relative_to(root).as_posix()), "error", DocumentError("link_outside"))
                )
                continue
            yield file


def readable(name: str) -> str:
    """The name of a file as it can be written down: what is not UTF-8 in it replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def fingerprint(source: SourceFile) -> str:
    """What changes when the file does, or what is known of it; empty where it cannot be read."""
    try:
        beside = answers_path(source.path)
        answers = digest(beside) if source.origin == "card" and beside.exists() else ""
        return hashlib.sha256(f"{digest(source.path)} {answers} {source.entry} {source.origin}".encode()).hexdigest()
    except OSError:
        return ""


def read_file(name: str, source: SourceFile, fingerprint: str, known: Mapping[str, Reading], reader: Worker) -> Reading:
    """Read one file, or take what the previous generation knows of it where its content is the same."""
    if fingerprint and name in known and known[name].fingerprint == fingerprint:
        return known[name]
    reading = Reading(name, fingerprint)
    try:
        before = source.path.stat()
        if not fingerprint:
            digest(source.path)  # raises what kept it from being read
        if source.origin == "card":
            reading.documents = [read_card(source.path)]
        elif source.path.suffix.lower() in READERS:
            reading.documents = reader.read(source)
        else:
            reading.report = FileReport(name, "unread")
            return reading
        after = source.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise DocumentError("file_changing")
    except DocumentError as error:
        reading.report = FileReport(name, "error", error)
        reading.documents = []
        return reading
    except OSError as error:
        reading.report = FileReport(name, "error", DocumentError("file_unreadable", problem=error.strerror))
        return reading
    leads_elsewhere = any(document.properties.get("navigation") for document in reading.documents)
    reading.documents = [document for document in reading.documents if document.sections]
    status = "indexed" if reading.documents else "navigation" if leads_elsewhere else "empty"
    reading.report = FileReport(name, status)
    return reading


def mark_copies(readings: Sequence[Reading]) -> set[tuple[str, int]]:
    """Name, on each document that is a copy, the one that is indexed in its place, and there the addresses of its copies.

    Return (document id, position) of the passages of other documents that repeat what is indexed already.
    """
    told = [
        replace(
            document,
            sections=tuple(Section(p.text, p.heading_path, p.section_kind, p.locator) for p in passages),
        )
        for reading in readings
        for document, passages in reading.with_passages()
    ]
    kept = copies(told)
    urls = {document.id: document.url for document in told}
    alternates: dict[str, list[str]] = {}
    for copy, original in kept.items():
        if urls[copy] and urls[copy] != urls[original]:
            alternates.setdefault(original, []).append(urls[copy])
    for reading in readings:
        reading.documents = [
            replace(
                document,
                copy_of=kept.get(document.id, ""),
                alternates=tuple(dict.fromkeys(alternates.get(document.id, ()))),
            )
            for document in reading.documents
        ]
        if reading.documents:
            whole = all(document.copy_of for document in reading.documents)
            reading.report = FileReport(reading.name, "copy" if whole else "indexed")
    return repeated_sections([document for document in told if document.id not in kept])


def encode(path: Path, encoder: Encoder, texts: list[str], progress: bool) -> tuple[list[np.ndarray], set[str]]:
    """Return (the vector of each text, those that were encoded), storing new vectors as they come."""
    store = VectorStore(path)
    keys = [text_key(text) for text in texts]
    known = store.get(keys)
    if lacking := set(keys) - known.keys():
        shipped = read_shipped(identity(encoder.name), lacking)
        store.add(list(shipped), np.array(list(shipped.values())))
        known |= shipped
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    order = sorted(missing, key=lambda key: len(missing[key]))
    with tqdm(total=len(order), desc="Encodage", unit="passage", disable=not progress) as bar:
        for start in range(0, len(order), ENCODE_AT_ONCE):
            batch = order[start : start + ENCODE_AT_ONCE]
            vectors = encoder.encode_passages([missing[key] for key in batch])
            store.add(batch, vectors)
            known.update(zip(batch, vectors, strict=True))
            bar.update(len(batch))
    store.keep_only(set(keys))
    store.close()
    return [known[key] for key in keys], set(missing.values())


def ship_vectors(encoder_name: str = ADAPTED_ENCODER) -> int:
    """Write the vectors of the cards' passages for ``read_shipped``, encoding those that changed; return how many there are."""
    encoder = load_encoder(encoder_name, cores())
    texts = {text_key(text): text for text in base_texts(encoder)}
    known = read_shipped(identity(encoder.name), texts)
    missing = [key for key in texts if key not in known]
    if missing:
        vectors = encoder.encode_passages([texts[key] for key in missing])
        known |= dict(zip(missing, vectors, strict=True))
    write_shipped(identity(encoder.name), known)
    return len(known)


def by_document(documents: Iterable[str], passages: Iterable[Passage]) -> dict[str, list[Passage]]:
    """The passages of each of the documents (their ids)."""
    grouped: dict[str, list[Passage]] = {id: [] for id in documents}
    for passage in passages:
        grouped[passage.document_id].append(passage)
    return grouped


def base_texts(encoder: Encoder) -> list[str]:
    """What is embedded of the cards: their passages, their questions and their prepared answers."""
    paths = [source.path for _, source in list_cards()]
    cards = [read_card(path) for path in paths]
    passages = [
        embedded_text(card, passage.heading_path, passage.text, passage.context)
        for card in cards
        for passage in split(card, encoder.fits)
    ]
    answers, _ = answers_of({card.id: path for card, path in zip(cards, paths, strict=True)})
    absences, _ = absences_of(BASE)
    asked = [*(question for _, question in card_questions(cards)), *map(embedded_answer, answers)]
    entries: list[PreparedAnswer | Absence] = [*answers, *absences]
    return [*passages, *asked, *map(embedded_absence, absences), *map(embedded_ways, entries), *talk_examples()]


def talk_examples() -> list[str]:
    """The ways to talk to the assistant, kind after kind."""
    return [example for kind in kinds_of_talk() for example in kind.examples]


def card_questions(documents: Iterable[Document]) -> list[tuple[str, str]]:
    """Return (card id, question) of the cards in force: a question is embedded by itself, to be met by one like it."""
    return [(card.id, question) for card in documents if card.part == "cards" for question in card.questions]


def lexical_text(document: Document, passage: Passage, embedded: str) -> str:
    """What the lexical index reads of a passage: what is embedded, and the questions that a card answers."""
    return "\n".join([embedded, *document.questions]) if passage.position == 0 else embedded


def store(
    folder: Path,
    documents: Mapping[str, Document],
    passages: list[Passage],
    texts: list[str],
    vectors: Sequence[np.ndarray],
) -> None:
    """Write what is searched: the passages in Chroma, one collection a part, and in the lexical index; the questions of the
    cards; the words that spelling is repaired to; the passages that cards point at.

    ``texts`` are what is embedded of ``passages``, and ``vectors`` theirs, in order, then those of the cards' questions.
    """
    client = open_chroma(folder / "chroma")
    for part in PARTS:
        collection = client.create_collection(part, configuration={"hnsw": NEIGHBOURS}, embedding_function=None)
        places = [i for i, passage in enumerate(passages) if documents[passage.document_id].part == part]
        at_once = client.get_max_batch_size()
        for start in range(0, len(places), at_once):
            batch = places[start : start + at_once]
            collection.add(
                ids=[passages[i].id for i in batch],
                embeddings=np.array([vectors[i] for i in batch]),
                documents=[passages[i].text for i in batch],
                metadatas=[metadata(passages[i]) for i in batch],
            )
    client.close()
    asked = [card for card, _ in card_questions(documents.values())]
    np.savez(folder / "questions.npz", cards=np.array(asked, str), vectors=np.array(vectors[len(texts) :], np.float32))
    read = [lexical_text(documents[p.document_id], p, text) for p, text in zip(passages, texts, strict=True)]
    parts = [documents[passage.document_id].part for passage in passages]
    lexical = LexicalIndex.build(read, [p.id for p in passages], [p.document_id for p in passages], parts)
    lexical.save(folder / "lexical")
    (folder / "words.json").write_text(json.dumps(known_words(read), ensure_ascii=False), "utf-8")
    (folder / "named.json").write_text(
        json.dumps(named_passages(documents.values(), by_document(documents, passages))), "utf-8"
    )


def open_chroma(folder: Path) -> Any:
    return chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))


def metadata(passage: Passage) -> dict[str, str | int]:
    return {
        "document_id": passage.document_id,
        "heading_path": json.dumps(passage.heading_path, ensure_ascii=False),
        "section_kind": passage.section_kind,
        "locator_kind": passage.locator.kind,
        "locator_value": passage.locator.value,
        "url": passage.url,
        "position": passage.position,
        "context": passage.context,
    }


def passage_of(id: str, text: str, values: Mapping[str, Any]) -> Passage:
    return Passage(
        id=id,
        document_id=values["document_id"],
        text=text,
        heading_path=tuple(json.loads(values["heading_path"])),
        section_kind=values["section_kind"],
        locator=Locator(values["locator_kind"], values["locator_value"]),
        url=values["url"],
        position=int(values["position"]),
        context=values["context"],
    )


def answer_passage(answer: PreparedAnswer, card: Document) -> Passage:
    """A prepared answer as what is quoted where its sources are not indexed."""
    first = next(proved_by(answer, card), card.sources[0])
    place = first.locator or Locator("heading", answer.question)
    url = deep_link(first.url, first.locator) if first.locator else first.url
    return Passage(answer.id, card.id, answer.text, (card.title, answer.question), "answer", place, url, 0)


def proved_by(answer: PreparedAnswer, card: Document) -> Iterator[Source]:
    """The sources of its card that the proofs of an answer name, in the card's order."""
    named = {proof.source for proof in answer.proofs}
    return (source for number, source in enumerate(card.sources, start=1) if number in named)


def document_record(document: Document) -> dict[str, Any]:
    """A document as it is stored: all but its sections, whose words are in the passages."""
    return {name: value for name, value in asdict(document).items() if name != "sections"}


def document_of(record: dict[str, Any]) -> Document:
    def tupled(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    sources = tuple(
        Source(**{**source, "locator": Locator(**source["locator"]) if source["locator"] else None})
        for source in record["sources"]
    )
    mapped = {name: {key: tupled(item) for key, item in record[name].items()} for name in ("facets", "properties")}
    return Document(**{name: tupled(value) for name, value in record.items()} | mapped | {"sources": sources})


def digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def drop_collection(homes: Path, name: str) -> None:
    """Remove every generation that still holds the collection, of any encoder: what is removed leaves no text behind."""
    for manifest in homes.glob("*/*/manifest.json"):
        if name in json.loads(manifest.read_text("utf-8")).get("collections", ()):
            shutil.rmtree(manifest.parent, ignore_errors=True)


def drop_old_generations(home: Path, keep: set[str]) -> None:
    """Remove all generations but those: the current one, and the one that a running assistant may still have open."""
    for folder in home.iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)


class Index:
    """A generation, open for reading."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self.generation = str(manifest["generation"])
        # What was read, copies included; ``documents`` is what is searched.
        self.read = {record["id"]: document_of(record) for record in read_lines(folder / "documents.jsonl")}
        self.documents = {id: document for id, document in self.read.items() if not document.copy_of}

    @classmethod
    def open(cls, settings: CorpusSettings) -> Index:
        """Open the current generation of the settings' encoder; raise IndexMissing where there is none, or one of another version."""
        home = settings.data_folder / "index" / collection_name(settings.encoder)
        try:
            folder = home / (home / "current").read_text("utf-8").strip()
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise IndexMissing("index_missing", encoder=settings.encoder) from error
        if manifest["reading"].partition("/")[0] != READING:
            raise IndexMissing("index_other_form")
        return cls(folder, manifest)

    def brought_up_to_date(self) -> float:
        """When it was last held against its folders, in seconds since the epoch."""
        return (self.folder.parent / "current").stat().st_mtime

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The lexical index of the same passages."""
        return LexicalIndex.load(self.folder / "lexical")

    @cached_property
    def ids(self) -> list[str]:
        """The ids of all passages, in document order."""
        return self.lexical.ids

    @cached_property
    def prepared(self) -> AnswerIndex:
        """The prepared answers."""
        return AnswerIndex(self.folder / "answers")

    @cached_property
    def proven_by(self) -> dict[str, list[str]]:
        """The ids of the prepared answers that each passage proves."""
        proven: dict[str, list[str]] = {}
        for standing in self.prepared.answers.values():
            for passage in {id for id in standing.passages if id}:
                proven.setdefault(passage, []).append(standing.answer.id)
        return proven

    @cached_property
    def proving_documents(self) -> set[str]:
        """The documents in which the proofs of prepared answers stand, by id."""
        proving = {id for standing in self.prepared.answers.values() for id in standing.passages if id}
        return {document for document, ids in self.passage_ids.items() if not proving.isdisjoint(ids)}

    @cached_property
    def passage_ids(self) -> dict[str, list[str]]:
        """The ids of each document's passages, in order."""
        grouped: dict[str, list[str]] = {}
        for id, document_id in zip(self.ids, self.lexical.document_ids.tolist(), strict=True):
            grouped.setdefault(document_id, []).append(id)
        return grouped

    @cached_property
    def collections(self) -> dict[str, Any]:
        client = open_chroma(self.writable_chroma())
        return {part: client.get_collection(part, embedding_function=None) for part in PARTS}

    def writable_chroma(self) -> Path:
        """Chroma's folder, or where it is read-only a copy that lasts as long as this object: Chroma writes a row in what it opens, even to read it."""
        folder = self.folder / "chroma"
        stored = list(folder.rglob("*"))
        if all(os.access(path, os.W_OK) for path in (folder, *stored)):
            return folder
        try:
            self.copy = tempfile.TemporaryDirectory(prefix="assistant-index-", ignore_cleanup_errors=True)
            for path in sorted(stored):
                copied = Path(self.copy.name, path.relative_to(folder))
                if path.is_dir():
                    copied.mkdir()
                else:
                    shutil.copyfile(path, copied)
        except OSError as error:
            raise InputError("index_not_copied", folder=folder, problem=error.strerror) from error
        return Path(self.copy.name)

    @cached_property
    def questions(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """The cards that have questions, where those of each start, and the vectors of all, of shape (questions, dimension)."""
        with np.load(self.folder / "questions.npz", allow_pickle=False) as file:
            cards, vectors = file["cards"], file["vectors"]
        starts = np.flatnonzero(np.r_[True, cards[1:] != cards[:-1]]) if len(cards) else np.array([], int)
        return cards[starts].tolist(), starts, vectors

    def asked(self, vector: np.ndarray) -> dict[str, float]:
        """Return the cosine similarity of ``vector`` to the nearest question of each card."""
        cards, starts, vectors = self.questions
        return dict(zip(cards, np.maximum.reduceat(vectors @ vector, starts).tolist(), strict=True)) if cards else {}

    @cached_property
    def talk(self) -> tuple[np.ndarray, np.ndarray]:
        """The kind of each of ``talk_examples``, and their vectors, one a row."""
        with np.load(self.folder / "talk.npz", allow_pickle=False) as file:
            return file["kinds"], file["vectors"]

    @cached_property
    def words(self) -> dict[str, str]:
        """The words of the passages as they are written, by their folded form, the most frequent first."""
        found: dict[str, str] = json.loads((self.folder / "words.json").read_text("utf-8"))
        return found

    @cached_property
    def card_of(self) -> dict[str, str]:
        """The card that each passage of the cards in force belongs to."""
        lexical = self.lexical
        return {lexical.ids[place]: str(lexical.document_ids[place]) for place in lexical.places["cards"]}

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """For each card, the ids of the passages of other documents that stand where it names its sources."""
        found: dict[str, list[str]] = json.loads((self.folder / "named.json").read_text("utf-8"))
        return found

    def dense(
        self, vector: np.ndarray, count: int, part: Part, allowed: set[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (passage id, cosine similarity) of the ``count`` passages of a part nearest to ``vector``, best first.

        ``allowed`` limits the search to some documents.
        """
        collection = self.collections[part]
        where = None if allowed is None else {"document_id": {"$in": sorted(allowed)}}
        if allowed is not None and not allowed:
            return []
        found = collection.query(query_embeddings=[vector], n_results=count, where=where, include=["distances"])
        return [(id, 1 - distance) for id, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages among ``ids`` that the index holds, by id; a prepared answer is one, in its card."""
        prepared = [self.prepared.answers[id].answer for id in ids if id in self.prepared.answers]
        found = {answer.id: answer_passage(answer, self.documents[answer.card]) for answer in prepared}
        for collection in self.collections.values():
            missing = [id for id in dict.fromkeys(ids) if id not in found]
            if missing:
                got = collection.get(ids=missing, include=["documents", "metadatas"])
                for id, text, values in zip(got["ids"], got["documents"], got["metadatas"], strict=True):
                    found[id] = passage_of(id, text, values)
        return found

    def changed_proofs(self) -> list[ChangedProof]:
        """Return the proofs of the prepared answers whose words are no longer where their cards say."""
        answers = list(self.prepared.answers.values())
        held = self.passages(sorted({id for standing in answers for id in standing.passages if id}))
        return list(changed_proofs(answers, self.documents, held))

    def reports(self) -> tuple[FileReport, ...]:
        """What became of each file when this generation was built."""
        return tuple(file_report(record) for record in read_lines(self.folder / "files.jsonl"))

    def readings(self) -> dict[str, Reading]:
        """Return what this generation knows of each file, for an update; nothing where it was made by another recipe."""
        if self.manifest["recipe"] != RECIPE or self.manifest["reading"] != reading_state():
            return {}
        by_document: dict[str, list[Passage]] = {}
        for record in read_lines(self.folder / "passages.jsonl"):
            locator = Locator(**record["locator"])
            passage = Passage(**{**record, "locator": locator, "heading_path": tuple(record["heading_path"])})
            by_document.setdefault(passage.document_id, []).append(passage)
        readings = {}
        for record in read_lines(self.folder / "files.jsonl"):
            readings[record["name"]] = Reading(
                record["name"],
                record["fingerprint"],
                [self.read[id] for id in record["documents"]],
                [passage for id in record["documents"] for passage in by_document[id]],
                file_report(record),
            )
        return readings

    def own_collections(self) -> dict[str, tuple[int, int]]:
        """Return, by name, how many documents and passages each collection of the organisation's own has."""
        counts = {}
        for name in self.manifest.get("collections", ()):
            ids = [id for id, document in self.documents.items() if name in document.facets.get("collection", ())]
            counts[name] = (len(ids), sum(len(self.passage_ids.get(id, ())) for id in ids))
        return counts


def file_report(record: Mapping[str, Any]) -> FileReport:
    error = DocumentError(record["error"][0], **record["error"][1]) if record["error"] else None
    return FileReport(record["name"], record["status"], error)
