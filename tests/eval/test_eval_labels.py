"""Readers' labels: they hold for the very answer they were given on, and say how far the judge agrees."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.labels import Label, against_labels, answer_hash, labelled

ANSWER, HASH = "Cinq par jour.", "85d26a5c591f1a68"


def line(id: str, supported: list[bool], nuggets: list[bool], answer: str = ANSWER) -> Any:
    """A line that a judge has judged, each statement with one citation that is precise where it is borne out."""
    judged = {"by": "rules", "statements": [{"supported": one, "precise": [one]} for one in supported]}
    claims = [{"text": f"Phrase {n}.", "citations": [1], "kind": "sentence"} for n in range(len(supported))]
    facts = [f"fait {n}" for n in range(len(nuggets))]
    return {
        "id": id, "question": "?", "answer": answer, "status": "answered", "abstained": False, "answerable": True,
        "passages": [], "citations": [], "claims": claims, "nuggets": facts, "judged": {**judged, "nuggets": nuggets},
    }  # fmt: skip


def label(id: str, supported: list[bool], nuggets: list[bool], answer: str = ANSWER, reader: str = "") -> Label:
    said = [{"supported": one, "precise": [one]} for one in supported]
    hashed = answer_hash({"answer": answer})
    return Label.model_validate({"id": id, "answer": hashed, "statements": said, "nuggets": nuggets, "reader": reader})


T, F = True, False
LINES = [line("q1", [T, F], [T, T]), line("q2", [F, F], [T]), line("q3", [T, T], [F], answer="Autre.")]


def test_a_label_names_its_answer_by_the_hash_of_its_text() -> None:
    assert answer_hash({"answer": ANSWER}) == HASH
    assert answer_hash({"answer": f"{ANSWER} "}) != HASH and answer_hash({}) == answer_hash({"answer": ""})


def test_only_the_very_answer_is_judged_by_its_label() -> None:
    labels = [label("q1", [F, F], [F, F], reader="Ana"), label("q2", [T, T], [F]), label("q3", [T, T], [T])]
    first, second = labelled(LINES, labels)
    assert first["judged"] == {
        "by": "Ana", "statements": [{"supported": F, "precise": [F]}] * 2, "nuggets": [F, F]
    }  # fmt: skip
    assert (second["id"], second["judged"]["by"]) == ("q2", "reader")
    assert LINES[0]["judged"]["by"] == "rules"


@pytest.mark.parametrize(
    ("labels", "stale"),
    [
        ([label("q1", [T, F], [T, T])], 0),
        ([label("q1", [T, F], [T, T], answer="Cinq par jour")], 1),
        ([label("q1", [T, F], [T, T]), label("q3", [T, T], [F]), label("q9", [T], [T])], 2),
        ([], 0),
    ],
)
def test_a_label_of_another_answer_is_stale(labels: list[Label], stale: int) -> None:
    found = against_labels(LINES, labels)
    assert (found["labels"], found["stale"]) == (len(labels), stale)
    assert found["metrics"]["CitationRecall"]["reader"]["count"] == len(labels) - stale


def test_the_measures_are_on_the_same_answers_by_reader_and_by_judge() -> None:
    labels = [label("q1", [T, T], [T, F]), label("q2", [T, F], [F]), label("q3", [F, F], [T])]
    found = against_labels(LINES, labels)["metrics"]
    values = {name: (both["reader"]["value"], both["judge"]["value"]) for name, both in found.items()}
    # q1 and q2 alone: by the reader 1 and 1/2, then 1/2 and 0; by the judge 1/2 and 0, then 1 and 1.
    assert values == {
        "CitationRecall": (0.75, 0.25), "CitationPrecision": (0.75, 0.25), "NuggetRecall": (0.25, 1.0)
    }  # fmt: skip


def test_agreement_is_cohens_kappa_over_all_judgements() -> None:
    labels = [label("q1", [T, T], [T, T]), label("q2", [F, F], [T])]
    found = against_labels(LINES, labels)["agreement"]
    # Reader T T F F, judge T F F F: 3/4 the same, 1/2 by chance.
    assert found["statements"] == {"kappa": pytest.approx(0.5), "same": 0.75, "count": 4}
    # One judgement throughout: no kappa to give.
    assert found["nuggets"] == {"kappa": None, "same": 1.0, "count": 3}


def test_judgements_that_do_not_face_each_other_are_left_out_of_the_agreement() -> None:
    found = against_labels(LINES, [label("q1", [T], [T, F]), label("q2", [T, F], [])])["agreement"]
    assert (found["statements"]["count"], found["nuggets"]["count"]) == (2, 2)
    assert against_labels([{**LINES[0], "judged": None}], [label("q1", [T, F], [T, T])])["agreement"]["statements"] == {
        "kappa": None, "same": None, "count": 0
    }  # fmt: skip


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in LINES), "utf-8")
    return path


@pytest.fixture
def labels_file(tmp_path: Path) -> Path:
    labels = [label("q1", [T, T], [T, T]), label("q2", [F, F], [F]), label("q3", [T, T], [T])]
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(f"{one.model_dump_json()}\n" for one in labels), "utf-8")
    return path


def test_score_shows_readers_beside_the_judge(run: Path, labels_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(run), "--labels", str(labels_file)]) == 0
    shown = capsys.readouterr().out
    after = shown[shown.index("Sur 2 réponses jugées par un lecteur (1 jugement ne porte plus") :]
    [row] = [line.split() for line in after.splitlines() if line.startswith("CitationRecall")]
    # Wide enough an interval to be left aside: the reader's mean, then the judge's, then how many answers.
    assert row[1] == "0,500" and "0,250" in row and row[-1] == "2"
    assert "Accord du juge et du lecteur sur les phrases\u00a0: kappa 0,50, 75\u00a0% d’accord sur 4." in after
    assert "sur les faits attendus\u00a0: kappa 0,00, 67\u00a0% d’accord sur 3." in after


def test_score_gives_labels_as_json(run: Path, labels_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(run), "--labels", str(labels_file), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["labels"]["labels"], result["labels"]["stale"]) == (3, 1)
    # What the whole run measures stays the judge's.
    assert result["metrics"]["CitationRecall"]["value"] == pytest.approx((0.5 + 0 + 1) / 3)


GOOD = {"id": "q1", "answer": HASH, "statements": [{"supported": True, "precise": []}], "nuggets": [True]}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{", ["ligne 1", "JSON"]),
        ("[]", ["ligne 1", "objet"]),
        ({**GOOD, "id": ""}, ["ligne 1", "«\u00a0id\u00a0»"]),
        ({**GOOD, "answer": None}, ["ligne 1", "«\u00a0answer\u00a0»"]),
        ({**GOOD, "nuggets": ["oui"]}, ["ligne 1", "«\u00a0nuggets.0\u00a0»"]),
        ({**GOOD, "nuggets": [1]}, ["ligne 1", "«\u00a0nuggets.0\u00a0»"]),
        ({**GOOD, "statements": [{"supported": True}]}, ["ligne 1", "«\u00a0statements.0.precise\u00a0»"]),
        ({**GOOD, "text": "Cinq"}, ["ligne 1", "«\u00a0text\u00a0»"]),  # a label holds no words of the answer
        (json.dumps(GOOD) + "\n" + json.dumps(GOOD), ["ligne 2", "«\u00a0q1\u00a0»", "ligne 1"]),
        (None, ["labels.jsonl"]),
    ],
    ids=str,
)
def test_a_bad_label_is_one_sentence(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], entry: Any, words: list[str]
) -> None:
    path = tmp_path / "labels.jsonl"
    if entry is not None:
        path.write_text(entry if isinstance(entry, str) else json.dumps(entry))
    assert main(["score", str(run), "--labels", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and captured.out == ""
    assert all(word in captured.err for word in [*words, str(path)])
