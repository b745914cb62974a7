"""What blind readers mark of answers: it holds for the very answer, by each reader, with how far they agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from eval.labels import answer_hash
from eval.readings import Reading, by_reader, read_readings
from eval.report import readings_report


def line(id: str, answer: str = "Huit ans.", answerable: bool = True) -> dict[str, Any]:
    return {"id": id, "question": "?", "answer": answer, "answerable": answerable}


def reading(id: str, reader: str = "A", answer: str = "Huit ans.", **marks: Any) -> Reading:
    return Reading(id=id, reader=reader, answer=answer_hash({"answer": answer}), **marks)


def test_each_mark_is_counted_by_reader() -> None:
    lines = [line("q1"), line("q2"), line("q3", answerable=False)]
    found = by_reader(
        lines,
        [
            reading("q1", direct=1, statements=4, noise=1, facts_held=1, facts_expected=2, usefulness=3, refused=0),
            reading("q2", direct=0, statements=4, noise=0, facts_held=2, facts_expected=2, usefulness=1, refused=1),
            reading("q3", direct=1, statements=0, noise=0, refused=1, handled=1),
        ],
    )
    values = {name: measured["A"]["value"] for name, measured in found["metrics"].items()}
    assert values["Directness"] == pytest.approx(2 / 3)
    assert values["Noise"] == pytest.approx(1 / 8)
    assert values["FactsHeld"] == pytest.approx(3 / 4)
    assert (values["Usefulness"], values["Handled"], values["Done"]) == (2, 1, None)
    # What the sources do not hold is rightly refused.
    assert values["Refused"] == 1 / 2


def test_a_reading_of_another_answer_counts_for_nothing() -> None:
    found = by_reader([line("q1", "Neuf ans.")], [reading("q1", direct=1)])
    assert (found["readings"], found["stale"]) == (1, 1)
    assert found["metrics"]["Directness"] == {}


def test_two_readers_are_compared_answer_by_answer() -> None:
    lines = [line(f"q{n}") for n in range(4)]
    said = [reading(f"q{n}", reader, direct=n % 2, noise=n, statements=5) for n in range(4) for reader in "AB"]
    agreed = by_reader(lines, said)["agreement"]["A B"]
    assert agreed["Directness"] == {"kappa": 1.0, "same": 1.0, "count": 4}
    assert "Noise" not in agreed


def test_the_report_shows_each_reader_and_what_was_not_read_is_left_out() -> None:
    lines = [line("q1"), line("q2")]
    said = [reading(id, reader, direct=1 if id == "q1" else 0) for id in ("q1", "q2") for reader in "AB"]
    shown = readings_report(by_reader(lines, said), "fr")
    assert "lecteur A" in shown and "Directness" in shown and "0,500" in shown and "Noise" not in shown
    assert "kappa" in shown


@pytest.mark.parametrize("wrong", [{"direct": 2}, {"usefulness": 4}, {"noise": -1}, {"colour": 1}])
def test_a_line_that_is_no_reading_is_told(tmp_path: Path, wrong: dict[str, int]) -> None:
    file = tmp_path / "readings.jsonl"
    file.write_text(json.dumps({"id": "q1", "reader": "A", "answer": "x", **wrong}))
    with pytest.raises(InputError):
        read_readings(file)
