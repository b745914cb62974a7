"""The index: incremental, swapped in one step whatever kills it, the same passages in its two halves."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import filelock
import numpy as np
import pytest
from chromadb.errors import ChromaError
from conftest import PROJECT

import corpus.index
import corpus.passages
from assistant.verify import standing
from corpus.documents import Document
from corpus.encoders import Encoder
from corpus.errors import AssistantError, IndexMissing, InputError
from corpus.index import Index, Report, update
from corpus.readers.source_file import SourceFile, entry_for
from corpus.settings import CorpusSettings

CARD = """---
id: essai
title: "Critère 4.4 : activer ou non un service tiers"
kind: criterion
edition: RGESN 2024
date: 2024-05
sources:
  - {title: RGESN 2024, publisher: Arcep, url: "https://exemple.fr/rgesn/", criterion: "4.4"}
facets: {theme: [service numérique]}
properties: {number: "4.4", jobs: [Designer, Développeur]}
questions: ["Faut-il un bandeau pour le lecteur de films ?", "Quand charger le lecteur de films ?"]
---

## Objectif

Charger un lecteur externe seulement à la demande.

## Contrôle

Rien ne part avant l’accord explicite.
"""
PAGES = {
    "images.md": "---\ntitle: Les images\ndate: 2024-01-01\n---\n\n## Poids\n\nCompressez chaque photo avant de la publier.\n\n"
    "## Format\n\nPréférez un format récent comme AVIF.\n",
    "salle/serveurs.md": "---\ntitle: La salle\n---\n\n## Froid\n\nRefroidissez les serveurs par l’air extérieur.\n",
    "documents/2021/referentiel-general-ecoconception-version-beta.json": json.dumps(
        [
            {
                "id": "1.1",
                "critere": "Un ancien critère utile ?",
                "thematique": "Stratégie",
                "objectif": "Vieille cartomancie.",
            }
        ]
    ),
    "data/referentiel-ecoconception.json": json.dumps(
        {
            "criteres": [
                {
                    "numero": "1.1",
                    "critere": "Un nouveau critère utile ?",
                    "thematique": "Stratégie",
                    "objectif": "Sobriété.",
                }
            ]
        }
    ),
}


class World:
    """A data folder, a folder of documents and one card, apart from all others."""

    def __init__(self, folder: Path, vectors: Path | None = None) -> None:
        self.settings = CorpusSettings(data=folder / "données à part", encoder="numeco-e5")
        self.docs = folder / "docs"
        self.card = folder / "carte.md"
        self.card.write_text(CARD, "utf-8")
        for name, text in PAGES.items():
            self.write(name, text)
        if vectors:
            shutil.copytree(vectors, self.settings.data_folder / "vectors")

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.docs / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def update(self, *folders: Path, forget: tuple[Path, ...] = (), collection: str = "", without: str = "") -> Report:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                corpus.index, "list_cards", lambda: [("base/essai.md", SourceFile(self.card, "", origin="card"))]
            )
            return update(self.settings, folders, forget, collection, without, threads=1)

    @property
    def index(self) -> Index:
        return Index.open(self.settings)


Search = Callable[..., list[str]]


@pytest.fixture(scope="session")
def search(encoder: Encoder) -> Search:
    """Search both halves of an index: the document of the nearest passage, then those of the passages with the words."""

    def run(world: World | Index, query: str, superseded: bool = False, allowed: set[str] | None = None) -> list[str]:
        index = world.index if isinstance(world, World) else world
        vector = encoder.encode_query(query)
        ids = []
        for part in ("superseded",) if superseded else ("passages", "cards"):
            ids += [
                id
                for id, _ in index.dense(vector, 1, part, allowed)
                + index.lexical.best(index.lexical.scores(query), 5, part, allowed)
            ]
        passages = index.passages(ids)
        return [passages[id].document_id for id in ids]

    return run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An index that no test changes."""
    world = World(tmp_path_factory.mktemp("indexed"))
    report = world.update(world.docs)
    assert report.changed and report.encoded == report.passages == 9
    return world


@pytest.fixture
def world(built: World, tmp_path: Path) -> World:
    """An index of its own for each test, whose texts are already encoded."""
    world = World(tmp_path, built.settings.data_folder / "vectors")
    report = world.update(world.docs)
    assert report.encoded == 0 and report.passages == 9
    return world


def statuses(report: Report) -> dict[str, str]:
    return {file.name: file.status for file in report.files}


# --- What an index holds ------------------------------------------------------------------------------------------


def test_the_two_halves_and_the_stored_passages_are_the_same_passages(built):
    index = built.index
    stored = [json.loads(line) for line in (index.folder / "passages.jsonl").read_text("utf-8").splitlines()]
    dense = [id for collection in index.collections.values() for id in collection.get()["ids"]]
    assert index.ids == [record["id"] for record in stored]
    assert sorted(dense) == sorted(index.ids) and len(set(dense)) == len(dense) == 9
    passages = index.passages(index.ids)
    for record in stored:
        passage = passages[record["id"]]
        assert (passage.text, passage.url, passage.position) == (record["text"], record["url"], record["position"])
        assert (
            passage.heading_path == tuple(record["heading_path"])
            and passage.locator.value == record["locator"]["value"]
        )
    assert [id for ids in index.passage_ids.values() for id in ids] == index.ids
    assert set(index.passage_ids) == set(index.documents)


def test_documents_come_back_with_their_typed_values(built):
    card = built.index.documents["base/essai"]
    assert card.properties == {"number": "4.4", "jobs": ("Designer", "Développeur")}
    assert card.facets == {"theme": ("service numérique",)} and card.questions[0].startswith("Faut-il")
    assert card.sources[0].locator and card.sources[0].locator.value == "4.4"


def test_a_card_is_found_by_the_words_of_its_questions(built, search):
    assert "base/essai" in search(built, "bandeau")


def test_dense_results_are_those_of_an_exact_search(built, encoder):
    index = built.index
    stored = index.collections["passages"].get(include=["embeddings"])
    vector = encoder.encode_query("alléger une photo")
    exact = sorted(zip(stored["ids"], np.array(stored["embeddings"]) @ vector, strict=True), key=lambda item: -item[1])
    found = index.dense(vector, 50, "passages")
    assert [id for id, _ in found] == [id for id, _ in exact]
    assert np.allclose([score for _, score in found], [score for _, score in exact], atol=1e-4)
    assert index.dense(vector, 2, "passages") == found[:2]


def test_superseded_editions_are_found_only_when_asked(built, search):
    old, new = (
        "documents/2021/referentiel-general-ecoconception-version-beta.json#1.1",
        "data/referentiel-ecoconception.json#1.1",
    )
    assert old not in search(built, "ancien critère cartomancie") and new in search(built, "critère utile")
    assert set(search(built, "critère utile", superseded=True)) == {old}
    assert built.index.documents[old].superseded_by == "RGESN 2024"


def test_an_edition_replaced_in_part_is_searched_with_those_in_force_and_told(world, search):
    name = "documents/2021/guide-achats-numeriques-responsables-version-beta-avril-2021.pdf"
    entry = entry_for(world.docs, name)
    guide = Document(name, name, "official", "Guide", "", "guide", edition=entry.edition,
                     superseded_by=entry.superseded_by, in_part=entry.in_part)  # fmt: skip
    assert guide.in_force and standing(guide, "fr") == (
        "édition remplacée en partie par «\u00a0Guide des achats numériques responsables, pages en ligne\u00a0»"
    )
    old = entry_for(world.docs, "documents/2023/rgesn-referentiel-general-ecoconception-v1.0.1.pdf")
    whole = replace(guide, superseded_by=old.superseded_by, in_part=old.in_part)
    assert not whole.in_force and standing(whole, "en") == "edition replaced by “RGESN 2024”"
    assert standing(replace(guide, superseded_by=""), "fr") == ""


def test_a_document_that_is_no_longer_published_is_kept_and_told(world, search):
    copy = world.docs.parent / "official"
    (copy / ".sync").mkdir(parents=True)
    (copy / "rare.md").write_text("# Rare\n\nUn paragraphe sur le télétravail.", "utf-8")
    for day in ("", "2026-11-25"):
        (copy / ".sync/state.json").write_text(json.dumps({"files": {"rare.md": {"withdrawn": day}}}), "utf-8")
        assert world.update(copy).changed
        assert [d.id for d in world.index.documents.values() if d.withdrawn] == (["rare.md"] if day else [])
    assert standing(world.index.documents["rare.md"], "fr") == "plus publié (constaté le 2026-11-25)"
    assert search(world, "télétravail")[0] == "rare.md"
    # Another program's folder of that name says nothing of a folder that is no copy.
    world.write(".sync/state.json", "[]")
    world.update()


def test_a_page_s_furniture_is_neither_searched_nor_quoted(world, search):
    for number in range(20):
        world.write(f"p{number}.md", f"# Page {number}\n\nLe sujet numéro {number}.\n\nÉcrivez au zébulon du site.\n")
    world.update(world.docs)
    texts = [passage.text for passage in world.index.passages(world.index.ids).values()]
    assert "Le sujet numéro 7." in texts and not any("zébulon" in text for text in texts)
    # One page less, and it is a paragraph like any other.
    (world.docs / "p7.md").unlink()
    world.update()
    assert sum("zébulon" in p.text for p in world.index.passages(world.index.ids).values()) == 19


@pytest.mark.parametrize(
    "failure",
    [OSError(28, "No space left on device"), ChromaError("Failed to apply logs"), sqlite3.OperationalError("")],
)
def test_a_full_disk_is_told_and_the_index_goes_on_answering(world, search, failure, monkeypatch):
    def fail(*_: object) -> None:
        raise failure

    world.write("bon.md", "# Bon\n\nUn paragraphe sur le télétravail.")
    monkeypatch.setattr(corpus.index, "store", fail)
    with pytest.raises(type(failure)):  # a failure that has another cause is not taken for a full disk
        world.update()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3_000_000))
    with pytest.raises(InputError) as caught:
        world.update()
    assert (caught.value.key, caught.value.values["free"]) == ("disk_full", 3)
    assert "images.md" in search(world, "photo")
    monkeypatch.undo()
    assert world.update().documents == 6 and search(world, "télétravail")[0] == "bon.md"


def test_both_halves_search_only_the_allowed_documents(built, search):
    found = search(built, "photo serveurs critère", allowed={"images.md", "salle/serveurs.md"})
    assert set(found) == {"images.md", "salle/serveurs.md"}
    assert search(built, "photo", allowed=set()) == []
    assert search(built, "photo", allowed={f"unknown-{number}" for number in range(2000)}) == []


def test_chroma_tells_nothing_to_anyone(tmp_path):
    client = corpus.index.open_chroma(tmp_path)
    assert client.get_settings().anonymized_telemetry is False
    client.close()


def test_there_is_no_index_before_the_first_update(tmp_path):
    with pytest.raises(IndexMissing):
        Index.open(CorpusSettings(data=tmp_path, encoder="numeco-e5"))


def test_an_index_of_another_version_is_told_and_built_again(world, monkeypatch):
    assert world.index.documents
    monkeypatch.setattr(corpus.index, "READING", "another")
    with pytest.raises(IndexMissing) as error:
        Index.open(world.settings)
    assert error.value.key == "index_other_form"
    assert world.update().changed and world.index.documents


# --- What changes -------------------------------------------------------------------------------------------------


def test_an_unchanged_input_is_neither_read_nor_encoded(world, monkeypatch):
    monkeypatch.setattr(corpus.index, "load_encoder", None)
    monkeypatch.setattr(corpus.index, "READERS", {})
    before, started = world.index.generation, time.perf_counter()
    report = world.update(world.docs)
    assert time.perf_counter() - started < 3
    assert (report.changed, report.encoded, report.documents, report.passages) == (False, 0, 5, 9)
    assert world.index.generation == report.generation == before
    assert set(statuses(report).values()) == {"indexed"} and len(report.files) == 5


def test_a_changed_page_encodes_its_changed_passages_alone(world, search):
    world.replace("images.md", "Compressez chaque photo", "Réduisez la définition des affiches")
    report = world.update()
    assert (report.changed, report.encoded, report.passages) == (True, 1, 9)
    assert search(world, "définition des affiches")[0] == "images.md"
    assert "images.md" not in search(world, "compressez")[1:]


def test_a_changed_title_is_embedded_again(world, search):
    world.replace("images.md", "title: Les images", "title: Iconographie")
    report = world.update()
    assert report.encoded == 2
    assert world.index.documents["images.md"].title == "Iconographie"
    assert "images.md" in search(world, "iconographie")[1:]


def test_a_changed_date_encodes_nothing(world):
    world.replace("images.md", "2024-01-01", "2025-02-02")
    report = world.update()
    assert report.changed and report.encoded == 0
    assert world.index.documents["images.md"].date == "2025-02-02"


def test_an_added_page_is_found(world, search):
    world.write("batterie.md", "# Batterie\n\nRechargez le téléphone à quatre-vingts pour cent.")
    report = world.update()
    assert (report.encoded, report.documents) == (1, 6)
    assert search(world, "recharger mon téléphone")[0] == "batterie.md"


def test_a_deleted_page_is_not_found_any_more(world, search):
    (world.docs / "images.md").unlink()
    report = world.update()
    assert (report.changed, report.encoded, report.documents, report.passages) == (True, 0, 4, 7)
    assert "images.md" not in search(world, "Compressez chaque photo avant de la publier")
    assert "images.md" not in world.index.documents


def test_a_renamed_page_is_found_under_its_new_name_without_encoding(world, search):
    (world.docs / "images.md").rename(world.docs / "photos.md")
    report = world.update()
    assert (report.changed, report.encoded) == (True, 0)
    assert search(world, "Compressez chaque photo avant de la publier")[0] == "photos.md"
    assert "images.md" not in world.index.documents


def test_a_changed_card_is_read_again(world, search):
    world.card.write_text(CARD.replace("à la demande", "après un clic du visiteur"), "utf-8")
    assert world.update().encoded == 1
    assert "base/essai" in search(world, "clic")


def test_a_changed_recipe_splits_every_document_again(world, monkeypatch):
    monkeypatch.setattr(corpus.passages, "PASSAGE_CHARACTERS", 20)
    monkeypatch.setattr(corpus.passages, "AIM_CHARACTERS", 20)
    report = world.update()
    assert not report.changed  # the constants alone tell nothing: the name of the recipe does
    monkeypatch.setattr(corpus.index, "RECIPE", "of a test")
    report = world.update()
    assert report.changed and report.encoded > 0 and report.passages > 9
    assert world.index.manifest["recipe"] == "of a test"


def test_a_change_of_what_is_known_of_the_sources_reads_every_file_again(world, monkeypatch, tmp_path):
    sources = tmp_path / "sources.toml"
    sources.write_bytes(corpus.index.SOURCES.read_bytes() + b"\n# A remark.\n")
    monkeypatch.setattr(corpus.index, "SOURCES", sources)
    report = world.update()
    assert report.changed and report.encoded == 0


def test_back_to_a_former_state_under_a_reader_that_still_has_it_open(world, search):
    first = world.index
    assert search(first, "photo")
    world.replace("images.md", "AVIF", "JXL")
    second = world.update().generation
    world.replace("images.md", "JXL", "AVIF")
    report = world.update()
    assert (report.changed, report.encoded, report.passages) == (True, 0, 9)
    assert report.generation == first.generation == world.index.generation != second
    assert "images.md" in search(first, "AVIF") and "images.md" in search(world, "AVIF")


def test_the_former_generation_still_answers_and_older_ones_are_removed(world, search):
    first = world.index
    for number in range(2):
        before = world.index
        world.write("images.md", f"# Titre {number}\n\nLe texte {number}.")
        world.update()
    assert search(before, "Le texte 0")[0] == "images.md"
    folders = {path.name for path in world.index.folder.parent.iterdir() if path.is_dir()}
    assert folders == {before.generation, world.index.generation} and first.generation not in folders


def test_an_index_whose_current_generation_was_removed_is_built_again(world):
    generation = world.index.generation
    shutil.rmtree(world.index.folder)
    report = world.update()
    assert (report.changed, report.encoded, report.generation) == (True, 0, generation)


# --- Folders ------------------------------------------------------------------------------------------------------


def test_a_forgotten_folder_leaves_the_index(world, search):
    report = world.update(forget=(world.docs,))
    assert (report.documents, report.encoded) == (1, 0) and world.index.manifest["folders"] == []
    assert set(search(world, "Compressez chaque photo avant de la publier", superseded=False)) == {"base/essai"}
    assert world.update(world.docs).documents == 5


def test_registered_folders_are_remembered_by_their_full_path(world, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    report = world.update(Path("docs"), Path("./docs/../docs"))
    assert not report.changed and world.index.manifest["folders"] == [str(world.docs)]


def test_an_empty_folder_is_registered_as_well(world, tmp_path):
    (tmp_path / "vide").mkdir()
    world.update(tmp_path / "vide")
    assert world.index.manifest["folders"] == [str(world.docs), str(tmp_path / "vide")]


def test_folders_with_the_same_names_inside_keep_all_of_their_documents(world, tmp_path, search):
    for place in ("a", "b", "c"):
        other = tmp_path / place / "docs" / "images.md"
        other.parent.mkdir(parents=True)
        other.write_text(f"# Autre\n\nUn texte du dossier {place}{place}{place}.", "utf-8")
    report = world.update(*(tmp_path / place / "docs" for place in ("a", "b", "c")))
    assert report.documents == 8 and len(statuses(report)) == 8
    names = {search(world, f"dossier {place * 3}")[1] for place in ("a", "b", "c")}
    assert len(names) == 3 and "images.md" not in names and "images.md" in world.index.documents


def test_a_folder_cannot_take_the_name_of_a_card(world):
    world.write("base/essai.md", "# Autre\n\nUn texte qui a le nom de la fiche.")
    report = world.update()
    assert report.documents == 6 and world.index.documents["base/essai"].origin == "card"


def test_a_moved_folder_is_read_for_what_it_is_now(world, tmp_path):
    moved = tmp_path / "guide-bonnes-pratiques"
    world.docs.rename(moved)
    report = world.update(moved, forget=(world.docs,))
    assert report.encoded == 0 and world.index.documents["images.md"].kind == "good practice"


def test_a_folder_that_is_gone_is_told_and_can_be_forgotten(world):
    before = world.index.generation
    shutil.rmtree(world.docs)
    with pytest.raises(InputError, match="folder_gone"):
        world.update()
    assert world.index.generation == before
    assert world.update(forget=(world.docs,)).documents == 1


@pytest.mark.parametrize(
    ("folders", "forget", "key"), [(["absent"], [], "folder_missing"), ([], ["docs/salle"], "folder_unknown")]
)
def test_a_folder_that_cannot_be_used_changes_nothing(world, tmp_path, folders, forget, key):
    with pytest.raises(InputError, match=key):
        world.update(*(tmp_path / name for name in folders), forget=tuple(tmp_path / name for name in forget))
    assert not world.update().changed


# --- Files that cannot be read ------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[bytes, str]] = {
    "cassé.md": (b"---\ntitle: [a\n---\n\nTexte.", "front_matter_broken"),
    "latin1.md": ("# Été".encode("latin-1"), "not_utf8"),
    "cassé.json": (b'[{"id": 1,', "json_broken"),
    "inconnu.json": (b'{"a": 1}', "json_unknown"),
    "quiz.json": (b'{"questions": [{"answers": 3}]}', "json_incomplete"),
    "double.json": (json.dumps([{"id": "1.1", "critere": "Q ?", "thematique": "T"}] * 2).encode(), "criterion_twice"),
    "cassé.pdf": (b"%PDF-1.7\nnothing else", "pdf_damaged"),
}


def test_broken_files_are_told_one_by_one_and_the_rest_is_indexed(world, search):
    for name, (content, _) in BROKEN.items():
        world.write(name, content)
    world.write("vide.md", "---\ntitle: Rien\n---\n")
    world.write("son.mp3", b"PK")
    world.write(".caché/secret.md", "# Secret\n\nUn texte caché.")
    world.write("bon.md", "# Bon\n\nUn paragraphe sur le télétravail.")
    report = world.update()
    errors = {file.name: file.error.key for file in report.files if file.error}
    assert errors == {name: key for name, (_, key) in BROKEN.items()}
    kinds = statuses(report)
    assert (kinds["vide.md"], kinds["son.mp3"], kinds["bon.md"]) == ("empty", "unread", "indexed")
    assert not any("secret" in name for name in kinds) and len(kinds) == 5 + len(BROKEN) + 3
    assert report.documents == 6 and search(world, "télétravail")[0] == "bon.md"
    again = world.update()
    assert not again.changed and {f.name: f.error.key for f in again.files if f.error} == errors
    assert {f.error.values.get("line") for f in again.files if f.error} == {
        f.error.values.get("line") for f in report.files if f.error
    }


LEFTOVERS = (
    "~$charte.docx",
    "~$Budget.XLSX",
    "~WRL0001.tmp",
    ".~lock.budget.ods#",
    "._notes.md",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "notes.md~",
    "rapport.pdf.crdownload",
    "__MACOSX/rapport.pdf",
    "$RECYCLE.BIN/ancien.docx",
)


def test_what_office_suites_and_systems_leave_is_passed_over(world, tmp_path, search):
    before = statuses(world.update())
    for name in LEFTOVERS:
        world.write(name, b"\x15D\0o\0e")
    report = world.update()
    assert statuses(report) == before and not report.changed
    # Named one by one, as « add dossier/* » does; a lock file is gone by the next run.
    named = [tmp_path / "dossier" / name for name in ("~$charte.docx", "Thumbs.db", "charte.md")]
    named[0].parent.mkdir()
    for path in named:
        path.write_text("# Charte\n\nLe prêt de matériel est gratuit.", "utf-8")
    report = world.update(*named, collection="Essai")
    assert statuses(report).keys() - before.keys() == {"Essai/charte.md"}
    named[0].unlink()
    assert not world.update().changed


def test_a_mended_file_is_read_again(world, search):
    world.write("page.md", "# Été\n\nLa canicule.".encode("latin-1"))
    assert statuses(world.update())["page.md"] == "error"
    world.write("page.md", "# Été\n\nLa canicule.")
    assert statuses(world.update())["page.md"] == "indexed" and search(world, "canicule")[1] == "page.md"


def test_a_broken_link_is_no_file(world):
    (world.docs / "lien.md").symlink_to(world.docs / "absent.md")
    assert not world.update().changed


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any byte in a file's name")
def test_a_name_that_is_not_utf8_stops_nothing(world):
    (world.docs / os.fsdecode(b"caf\xe9.md")).write_text("Un texte sans titre.", "utf-8")
    report = world.update()
    assert statuses(report)["caf\ufffd.md"] == "indexed" and world.index.documents["caf\ufffd.md"].title == "caf\ufffd"


def test_text_that_the_sentence_cutter_stumbles_on_stops_nothing(world):
    world.write("long.md", "# Long\n\n" + "Voir l’annexe A\u00a0. Ensuite, lire la suite\u00a0: elle est longue. " * 24)
    report = world.update()
    assert statuses(report)["long.md"] == "indexed" and report.passages > 10


def test_a_file_that_cannot_be_opened_is_told(world, monkeypatch):
    def refuse(path: Path) -> str:
        if path.name == "images.md":
            raise PermissionError(13, "Permission denied")
        return digest(path)

    digest = corpus.index.digest
    monkeypatch.setattr(corpus.index, "digest", refuse)
    report = world.update()
    [error] = [file.error for file in report.files if file.error]
    assert error.key == "file_unreadable" and report.documents == 4


# --- Encoders, and two runs at once -------------------------------------------------------------------------------


def test_another_encoder_has_another_index_and_leaves_the_first_alone(world, tiny_model, search):
    first = world.index
    other = CorpusSettings(data=world.settings.data, encoder=str(tiny_model))
    mine, world.settings = world.settings, other
    with pytest.raises(IndexMissing):
        Index.open(other)
    report = world.update()
    assert report.encoded == report.passages >= 9
    assert len(world.index.collections["passages"].get(include=["embeddings"])["embeddings"][0]) == 16
    world.settings = mine
    assert world.index.generation == first.generation and search(world, "photo")
    assert not world.update().changed


def test_an_encoder_that_cannot_be_loaded_leaves_the_index_alone(world, tmp_path):
    mine = world.settings
    world.settings = CorpusSettings(data=mine.data, encoder=str(tmp_path / "absent"))
    with pytest.raises(AssistantError, match="encoder_not_loaded"):
        world.update()
    world.settings = mine
    assert not world.update().changed


def test_two_updates_at_once_are_one_too_many(world, tmp_path):
    (tmp_path / "autre").mkdir()
    with filelock.FileLock(world.settings.data_folder / "index" / "update.lock"):
        with pytest.raises(InputError, match="index_busy"):
            world.update(tmp_path / "autre")
        assert world.index.documents
    assert not world.update().changed  # nothing was registered


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "fichier").write_text("", "utf-8")
    settings = CorpusSettings(data=tmp_path / "fichier" / "données", encoder="numeco-e5")
    with pytest.raises(InputError, match="data_unusable"):
        update(settings)
    with pytest.raises(IndexMissing):
        Index.open(settings)


# --- Killed -------------------------------------------------------------------------------------------------------

# Imports once, then forks one child a moment; each is killed there by SIGKILL, from outside where it is at work.
KILLED = """
import json, os, signal, subprocess, sys, time
from pathlib import Path
import corpus.index as index, corpus.encoders as encoders
import sentence_transformers, torch
from corpus.readers.source_file import SourceFile, entry_for
from corpus.settings import CorpusSettings

def die(*ignored, **options):
    os.kill(os.getpid(), signal.SIGKILL)

def within(function, seconds, call=1):
    calls = []
    def wrapped(*arguments, **options):
        calls.append(1)
        if len(calls) == call:
            subprocess.Popen(["sh", "-c", f"sleep {seconds}; kill -9 {os.getpid()}"])
            try:
                function(*arguments, **options)
            finally:
                time.sleep(30)
        return function(*arguments, **options)
    return wrapped

def moment(name):
    if name == "reading":
        index.read_file = within(index.read_file, 0, 2)
    elif name == "encoding":
        index.ENCODE_AT_ONCE = 2
        encoders.Encoder.encode_passages = within(encoders.Encoder.encode_passages, 0.002, 3)
    elif name.startswith("chroma"):
        index.store = within(index.store, float(name.split()[1]))
    elif name == "lexical":
        index.LexicalIndex.save = within(index.LexicalIndex.save, 0.001)
    else:
        replace = os.replace
        os.replace = lambda source, target: die() if Path(target).name == name else replace(source, target)

for name, data, card in json.load(sys.stdin):
    child = os.fork()
    if child == 0:
        moment(name)
        index.list_cards = lambda: [("base/essai.md", SourceFile(Path(card), "", origin="card"))]
        index.update(CorpusSettings(data=data, encoder="numeco-e5"), threads=1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
MOMENTS = ["reading", "encoding", "chroma 0.002", "chroma 0.05", "lexical", "manifest.json", "current"]


def test_a_run_killed_at_any_moment_leaves_the_index_answering_and_the_next_run_completes(world, tmp_path, search):
    answers = [search(world, query) for query in ("photo", "critère utile", "Froid")]
    generation = world.index.generation
    world.write("neuf.md", "".join(f"## Partie {n}\n\nUn conseil numéro {n} pour le jardin.\n\n" for n in range(10)))
    worlds = []
    for place, name in enumerate(MOMENTS):
        data = tmp_path / f"données {place}"
        shutil.copytree(world.settings.data_folder, data)
        worlds.append((name, str(data), str(world.card)))
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        input=json.dumps(worlds),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(MOMENTS), done.stderr[-2000:]
    encoded = {}
    for name, data, _ in worlds:
        world.settings = CorpusSettings(data=Path(data), encoder="numeco-e5")
        assert world.index.generation == generation, name
        assert [search(world, query) for query in ("photo", "critère utile", "Froid")] == answers, name
        report = world.update()
        assert report.changed and report.documents == 6 and report.passages == 19, name
        assert search(world, "jardin")[:2] == ["neuf.md", "neuf.md"], name
        home = world.index.folder.parent
        assert {path.name for path in home.iterdir()} == {generation, report.generation, "current"}, name
        encoded[name] = report.encoded
    # What was encoded before the kill is not encoded again.
    assert encoded.pop("reading") == 10 and encoded.pop("encoding") == 6 and set(encoded.values()) == {0}


# --- copies ---------------------------------------------------------------------------------------------------------

LONG = " ".join(f"La mesure numéro {number} porte sur l’atelier {number * 7}." for number in range(30))


def test_a_document_in_two_formats_is_indexed_once(world, search):
    world.write("guide.md", f"# Le guide\n\n{LONG}\n")
    world.write("guide.html", f"<html><body><main><h1>Le guide</h1><p>{LONG}</p></main></body></html>")
    report = world.update()
    kinds = statuses(report)
    assert (kinds["guide.md"], kinds["guide.html"]) == ("indexed", "copy")
    index = Index.open(world.settings)
    assert "guide.html" not in index.documents and "guide.md" in index.documents
    # The copy takes the place of the one that goes, without being lost in between.
    (world.docs / "guide.md").unlink()
    assert statuses(world.update())["guide.html"] == "indexed"
    assert "guide.html" in Index.open(world.settings).documents


def test_copies_are_not_read_again(world, monkeypatch):
    world.write("guide.md", f"# Le guide\n\n{LONG}\n")
    world.write("guide.html", f"<html><body><main><h1>Le guide</h1><p>{LONG}</p></main></body></html>")
    world.update()
    read = []
    monkeypatch.setattr(corpus.index.Worker, "read", lambda self, source: read.append(source.name) or [])
    world.write("autre.md", "# Autre\n\nUn texte.")
    assert statuses(world.update())["guide.html"] == "copy"
    assert read == ["autre.md"]


# --- collections ----------------------------------------------------------------------------------------------------


def test_a_collection_is_shown_apart_and_goes_whole(world, tmp_path, search):
    own = tmp_path / "nos documents"
    (own / "documents/2024/rgesn-mai2024").mkdir(parents=True)
    # A path that would make another file official.
    (own / "data").mkdir()
    shutil.copy(world.docs / "data/referentiel-ecoconception.json", own / "data")
    (own / "charte.md").write_text("# Charte\n\nNos agents éteignent la machine à café.", "utf-8")
    report = world.update(own, collection="Mairie de Brennac")
    assert statuses(report)["Mairie de Brennac/charte.md"] == "indexed"
    index = Index.open(world.settings)
    ours = [document for document in index.documents.values() if document.facets.get("collection")]
    assert {document.origin for document in ours} == {"own"} and len(ours) == 2
    assert {document.publisher for document in ours} == {"Mairie de Brennac"}
    passages = sum(len(index.passage_ids[document.id]) for document in ours)
    assert index.own_collections() == {"Mairie de Brennac": (2, passages)}
    assert search(world, "machine à café")[0] == "Mairie de Brennac/charte.md"
    before = world.update(without="Mairie de Brennac")
    assert before.changed and not [name for name in statuses(before) if name.startswith("Mairie")]
    stored = [path for path in world.settings.data_folder.rglob("*") if path.is_file()]
    assert stored and not any("machine à café".encode() in path.read_bytes() for path in stored)
    with pytest.raises(InputError) as raised:
        world.update(without="Mairie de Brennac")
    assert raised.value.key == "collection_none"
    world.update(own, collection="Autre")
    with pytest.raises(InputError) as raised:
        world.update(without="Mairie de Brennac")
    assert (raised.value.key, raised.value.values["known"]) == ("collection_unknown", "Autre")


def test_a_collection_may_be_a_single_file(world, tmp_path):
    (tmp_path / "note.md").write_text("# Note\n\nUne ligne.", "utf-8")
    (tmp_path / "autre.md").write_text("# Autre\n\nUne ligne.", "utf-8")
    kinds = statuses(world.update(tmp_path / "note.md", collection="Notes"))
    assert kinds["Notes/note.md"] == "indexed" and "Notes/autre.md" not in kinds


def test_a_folder_that_the_first_version_registered_is_still_there(world):
    world.update()
    path = world.settings.data_folder / "folders.json"
    path.write_text(json.dumps([str(world.docs)]), "utf-8")
    assert not world.update().changed


# --- what a folder may hold -----------------------------------------------------------------------------------------


def test_a_link_that_leaves_the_folder_is_not_followed(world, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret\n\nUn mot de passe.", "utf-8")
    (world.docs / "lien.md").symlink_to(tmp_path / "secret.md")
    (world.docs / "dossier").symlink_to(tmp_path)
    (world.docs / "interne.md").symlink_to(world.docs / "images.md")
    report = world.update()
    errors = {file.name: file.error.key for file in report.files if file.error}
    assert errors == {"lien.md": "link_outside"}
    assert statuses(report)["interne.md"] in ("indexed", "copy")
    assert not [name for name in statuses(report) if name.startswith("dossier/")]


def test_a_folder_that_cannot_be_entered_is_told(world, monkeypatch):
    (world.docs / "fermé").mkdir()
    scandir = os.scandir

    def refused(path):
        if Path(path).name == "fermé":  # as the system does for who is not root
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    errors = {file.name: file.error.key for file in world.update().files if file.error}
    assert errors == {"fermé": "folder_closed"}


def test_a_file_that_changes_while_it_is_read_is_told_and_read_by_the_next_update(world, monkeypatch):
    world.write("nouveau.md", "# Nouveau\n\nUne ligne.")
    read = corpus.index.Worker.read

    def changing(self, source):
        documents = read(self, source)
        if source.name == "nouveau.md":
            source.path.write_text(source.path.read_text("utf-8") + "\nEncore une ligne.\n", "utf-8")
        return documents

    monkeypatch.setattr(corpus.index.Worker, "read", changing)
    errors = {file.name: file.error.key for file in world.update().files if file.error}
    assert errors == {"nouveau.md": "file_changing"}
    monkeypatch.setattr(corpus.index.Worker, "read", read)
    assert statuses(world.update())["nouveau.md"] == "indexed"


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_index_that_cannot_be_written_is_read_from_a_copy_that_goes_with_it(world, monkeypatch, search):
    world.update()
    expected = search(world, "photo")
    data = world.settings.data_folder
    before = content(data)
    monkeypatch.setattr(corpus.index.os, "access", lambda path, mode: not Path(path).is_relative_to(data))
    index = Index.open(world.settings)
    assert index.passages(index.ids).keys() == set(index.ids) and search(world, "photo") == expected
    copied = Path(index.copy.name)
    assert (copied / "chroma.sqlite3").is_file() and content(data) == before
    del index
    gc.collect()
    assert not copied.exists()


def test_an_index_that_cannot_be_written_nor_copied_is_one_error(world, monkeypatch, tmp_path):
    world.update()
    monkeypatch.setattr(corpus.index.os, "access", lambda path, mode: False)
    monkeypatch.setattr(corpus.index.tempfile, "tempdir", str(tmp_path / "absent"))
    with pytest.raises(InputError) as raised:
        Index.open(world.settings).passages(["a"])
    assert raised.value.key == "index_not_copied" and "No such file" in raised.value.values["problem"]


def test_a_full_disk_leaves_the_index_that_answers(world, monkeypatch, search):
    world.update()
    world.write("nouveau.md", "# Nouveau\n\nUn paragraphe sur le télétravail.")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(corpus.index, "write_lines", full)
    with pytest.raises(OSError):
        world.update()
    monkeypatch.undo()
    assert search(world, "photo")[0]
    assert statuses(world.update())["nouveau.md"] == "indexed"
