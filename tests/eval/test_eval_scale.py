"""Search is measured on indexes grown with made-up neighbours, which answer as the real one does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from assistant.settings import Settings
from corpus.index import Index
from eval import scale
from eval.__main__ import main


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(
        "\n".join(
            json.dumps({"id": f"q{n}", "question": text})
            for n, text in enumerate(("Pourquoi réparer un téléphone ?", "Critère 4.4 ?"))
        )
    )
    return path


def test_a_neighbour_is_near_its_passage_and_none_of_the_cards(small_settings: Settings) -> None:
    index = Index.open(small_settings)
    passages = list(index.passages(index.ids).values())
    (documents, made), (_, others) = scale.neighbours(index.documents, passages, 3)
    assert len({one.id for one in (*passages, *made, *others)}) == 3 * len(passages)
    assert {document.part for document in documents} == {"passages"}
    assert {one.document_id for one in made} == {document.id for document in documents}
    for before, after in zip(passages, made, strict=True):
        words = before.text.split(" ")
        kept = np.mean([a == b for a, b in zip(words, after.text.split(" "), strict=True)])
        assert len(words) < 20 or 0.4 < kept < 0.95


@pytest.mark.timeout(300)
def test_each_size_is_built_searched_measured_and_removed(
    small_settings: Settings,
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA", str(small_settings.data_folder))
    monkeypatch.setattr(scale, "SEARCHES", 4)
    out = tmp_path / "scale"
    assert main(["scale", str(questions), "--out", str(out), "--times", "3", "--times", "1", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["times"] for row in rows] == [1, 3] and rows == json.loads((out / "scale.json").read_text())
    assert rows[1]["passages"] == 3 * rows[0]["passages"] == 3 * len(Index.open(small_settings).ids)
    for row in rows:
        assert row["disk"] > 100_000 and row["memory"] > 100e6 and row["store"] > 0
        assert len(row["search"]) >= 4 and all(0 < seconds < 5 for seconds in row["search"])
    assert rows[1]["disk"] > rows[0]["disk"]
    assert sorted(path.name for path in out.iterdir()) == ["scale.json", "scale.png"]
    assert (out / "scale.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_missing_is_told_before_anything_is_built(
    questions: Path,
    small_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path / "none"))
    assert main(["scale", str(questions), "--out", str(tmp_path / "out")]) == 2
    monkeypatch.setenv("ASSISTANT_DATA", str(small_settings.data_folder))
    assert main(["scale", str(tmp_path / "none.jsonl"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said and len(said.strip().splitlines()) == 2
    assert list((tmp_path / "out").iterdir()) == []
