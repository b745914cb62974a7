"""The gate, for real: a slice of the knowledge base, the development questions on it, and the baseline that is committed.

``WRITE_BASELINE=1 ./run test tests/eval/test_eval_slice.py`` makes today's answers the baseline.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.metrics import address

PROJECT = Path(__file__).resolve().parents[2]
BASELINE = PROJECT / "eval" / "baseline.json"
DEVELOPMENT = PROJECT / "eval" / "sets" / "development.jsonl"


@pytest.fixture(scope="module")
def data(slice_settings: Any) -> Path:
    """The data folder of an index of the slice and of the embedded base."""
    return Path(slice_settings.data)


@pytest.fixture(scope="module")
def questions(data: Path) -> Path:
    """The development questions that the slice answers, and those that nothing answers."""
    from assistant.settings import Settings
    from corpus.index import Index

    index = Index.open(Settings(data=data, _env_file=None))
    held = {address(document.url) for document in index.documents.values() if document.origin == "official"}
    lines = []
    for line in DEVELOPMENT.read_text("utf-8").splitlines():
        entry = json.loads(line)
        gold = {address(place["document"]) for place in entry["gold"]}
        if "unanswerable" in entry["kinds"] or gold & held:
            lines.append(line + "\n")
    path = data.parent / "questions.jsonl"
    path.write_text("".join(lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def todays_run(data: Path, questions: Path) -> Path:
    """The answers of the code as it stands."""
    out = data.parent / "run.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_DATA", str(data))
        assert main(["run", str(questions), "--out", str(out)]) == 0
    if os.environ.get("WRITE_BASELINE") == "1":
        assert main(["gate", str(out), "--baseline", str(BASELINE), "--write"]) == 0
    return out


@pytest.mark.timeout(900)
def test_no_measure_is_worse_than_the_baseline(todays_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["gate", str(todays_run), "--baseline", str(BASELINE)])
    shown = capsys.readouterr().out
    print(shown)
    assert code == 0, shown


@pytest.mark.timeout(900)
def test_a_change_that_harms_closes_the_gate(
    data: Path, questions: Path, todays_run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA", str(data))
    harmed = data.parent / "harmed.jsonl"
    assert main(["run", str(questions), "--out", str(harmed), "--retrieval-only", "--mode", "dense"]) == 0
    capsys.readouterr()
    assert main(["gate", str(harmed), "--baseline", str(BASELINE), "--json"]) == 1
    assert {"MRR", "nDCG@10"} <= set(json.loads(capsys.readouterr().out)["worse"])


@pytest.mark.timeout(900)
def test_the_same_questions_give_the_same_figures(
    data: Path, questions: Path, todays_run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA", str(data))
    again = data.parent / "again.jsonl"
    assert main(["run", str(questions), "--out", str(again), "--retrieval-only"]) == 0
    capsys.readouterr()
    figures = []
    for path in (todays_run, again):
        assert main(["score", str(path), "--json"]) == 0
        metrics = json.loads(capsys.readouterr().out)["metrics"]
        figures.append({name: metrics[name] for name in metrics if name.startswith(("Success", "MRR", "nDCG"))})
    assert figures[0] == figures[1]
