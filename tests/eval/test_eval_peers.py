"""Other engines over the documents of a small index, for real: each is asked every question and says what it cost."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from tests.conftest import require
from tests.eval.test_eval_commands import read_lines, write_lines

QUESTION = {
    "id": "q1",
    "question": "Combien de téléphones l’atelier répare-t-il par mois ?",
    "answerable": True,
    "gold": [],
}
FOLLOW_UP = {"id": "q2", "question": "Et les imprimantes ?", "history": [["Les téléphones ?", "On en répare 37."]]}
PEERS = {
    "llamaindex-vector", "llamaindex-bm25", "llamaindex-fusion", "llamaindex-tuned-vector", "llamaindex-tuned-bm25",
    "llamaindex-tuned-fusion", "haystack-hybrid",
}  # fmt: skip


@pytest.fixture
def asked(tmp_path: Path, small_settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_DATA", str(small_settings.data))
    return write_lines(tmp_path / "questions.jsonl", QUESTION, FOLLOW_UP)


@pytest.mark.timeout(600)
def test_each_engine_answers_each_question(asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require(find_spec("haystack"), "the other engines (group peers) are not installed")
    out = tmp_path / "peers"
    assert main(["peers", str(asked), "--out", str(out)]) == 0
    costs = {row["name"]: row for row in json.loads((out / "costs.json").read_text("utf-8"))}
    assert costs.keys() == {*PEERS, "product"}
    for name, row in costs.items():
        lines = read_lines(out / row["run"])
        assert [line["id"] for line in lines] == ["q1", "q2"]
        assert all(line["passages"] and line["seconds"]["search"] > 0 for line in lines), name
        assert row["memory"] > 50e6
        assert lines[0]["system"]["code"]
        if name in PEERS:
            # The official documents alone: no card, none of an organisation's own.
            found = {passage["document"] for line in lines for passage in line["passages"]}
            assert not [path for path in found if path.startswith(("base/", "notes/"))], name
            assert row["index_seconds"] > 0
            assert lines[0]["system"]["settings"]  # the versions of its packages
    assert any("37" in passage["text"] for passage in read_lines(out / "llamaindex-tuned-bm25.jsonl")[0]["passages"])
    assert "haystack-hybrid" in capsys.readouterr().out


def test_what_does_not_fit_is_one_sentence(asked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    require(find_spec("haystack"), "the other engines (group peers) are not installed")
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("precious")
    assert main(["peers", str(asked), "--out", str(kept)]) == 2
    assert main(["peers", str(asked), "--out", str(tmp_path / "new"), "--only", "nobody"]) == 2
    assert (kept / "file").read_text() == "precious"
    shown = capsys.readouterr().err
    assert shown.count("\n") == 2 and "«\u00a0nobody\u00a0»" in shown
