"""Other assistants, at a real endpoint: what they are sent, how their answers are read; and the repetitions of a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_eval_judges import FAILURE, SILENCE, speaking

from eval.__main__ import main
from eval.metrics import METRICS, RETRIEVAL
from eval.outside import claims_of, refuses

# --- how an answer is read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        "Je ne sais pas.",
        "Je ne trouve pas cette information.",
        "Je ne dispose d’aucune donnée à ce sujet.",
        "Je n’ai pas d’information là-dessus.",
        "Nous ne pouvons malheureusement pas répondre.",
        "Je ne suis pas en mesure de répondre à cette question.",
        "**Aucune information** sur ce point dans les documents fournis.",
        "Aucun passage ne répond à la question.",
        "Cette date n’est pas mentionnée dans les sources.",
        "Les sources fournies ne contiennent pas cette information [1].",
        "Les passages ne permettent pas de répondre.",
        "Désolé. Je ne peux pas répondre à cela.",
        "Bonjour !\n\nMerci pour votre question. Je ne connais pas ce seuil.",
        "Vous demandez le seuil du critère 4.4. Les documents ne précisent pas ce seuil.",
        "I don’t know.",
        "I'm sorry, but I cannot answer this question.",
        "Sorry! I could not find this in the sources.",
        "There is not enough information to answer.",
        "There is no information about this criterion.",
        "The threshold is not mentioned in the provided documents.",
        "Unfortunately, the sources do not mention it.",
    ],
)
def test_an_answer_that_begins_by_not_knowing_is_a_refusal(answer: str) -> None:
    assert refuses(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Cinq notifications par jour au plus.",
        "Le seuil est de cinq par jour [1]. Les sources ne précisent pas la date.",
        "Le seuil est de cinq par jour. Je ne sais pas depuis quand.",
        f"Le seuil est de cinq par jour, {'et ainsi de suite, ' * 20} je ne sais pas depuis quand.",
        "Le critère 4.4 demande qu’aucune donnée inutile ne soit envoyée.",
        "Les services qui ne permettent pas de désactiver la lecture automatique sont visés.",
        "Un service qui ne possède pas de déclaration ne peut pas s’en prévaloir.",
        "Les agents ne disposent pas tous d’un poste fixe.",
        "The threshold is five a day. The sources do not mention a date.",
        "Five a day: no information is collected beyond that.",
        "Sorry for the delay. Five a day. I don’t know since when.",
    ],
)
def test_a_complete_answer_is_none_whatever_it_says_later(answer: str) -> None:
    assert not refuses(answer)


@pytest.mark.parametrize(
    ("answer", "claims"),
    [
        ("Cinq par jour [1]. Puis six [2].", [("Cinq par jour.", [1]), ("Puis six.", [2])]),
        ("Cinq par jour. [1] Puis six. [2]", [("Cinq par jour.", [1]), ("Puis six.", [2])]),
        ("Cinq par jour.[1][3] Puis six.", [("Cinq par jour.", [1, 3]), ("Puis six.", [])]),
        ("Cinq par jour [1, 2]. Puis six. [3 ; 4]", [("Cinq par jour.", [1, 2]), ("Puis six.", [3, 4])]),
        ("Cinq [2], ou six [1], par jour [2].", [("Cinq, ou six, par jour.", [2, 1])]),
        ("- Cinq par jour [1]\n- Six par mois. [2]", [("Cinq par jour", [1]), ("Six par mois.", [2])]),
        ("Vraiment ! [12] Oui.", [("Vraiment!", [12]), ("Oui.", [])]),
        ("L’article L. 541-10 le dit [3].", [("L’article L. 541-10 le dit.", [3])]),
        ("Depuis [2024] et [note].", [("Depuis [2024] et [note].", [])]),
        (
            "Cinq par jour [1].\n\n[1] Guide de 2024.\n[2] Étude.",
            [("Cinq par jour.", [1]), ("Guide de 2024.", [1]), ("Étude.", [2])],
        ),
        ("[1]\n\n***", []),
        ("", []),
    ],
)
def test_marks_belong_to_the_sentence_that_they_follow(answer: str, claims: list[tuple[str, list[int]]]) -> None:
    assert [(claim["text"], claim["citations"]) for claim in claims_of(answer)] == claims
    assert {claim["kind"] for claim in claims_of(answer)} <= {"sentence"}


# --- run --assistant ------------------------------------------------------------------------------------------------

GOLD = [{"document": "https://a.test", "anchor": "cinq par jour"}]
QUESTIONS = (
    {"id": "q1", "question": "Combien ?", "answerable": True, "gold": GOLD, "nuggets": ["cinq par jour"]},
    {"id": "q2", "question": "Et après ?", "answerable": True, "gold": GOLD, "history": [["A ?", "B."], ["C ?", "D."]]},
)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in QUESTIONS), "utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "run.jsonl"


def run(questions: Path, out: Path, url: str, *options: str) -> int:
    return main(["run", str(questions), "--out", str(out), "--assistant", url, *options])


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("model", "key"), [("", ""), ("grand", "secret")])
def test_an_assistant_is_asked_over_the_protocol(
    questions: Path, out: Path, monkeypatch: pytest.MonkeyPatch, model: str, key: str
) -> None:
    monkeypatch.setenv("ASSISTANT_ASSISTANT_MODEL", model)
    monkeypatch.setenv("ASSISTANT_ASSISTANT_API_KEY", key)
    with speaking("Cinq par jour. [1]", "Je ne sais pas.") as endpoint:
        assert run(questions, out, endpoint.url) == 0
    assert {authorization for _, authorization, _ in endpoint.asked} == {f"Bearer {key or 'none'}"}
    # The first model of its list, where the settings name none.
    assert [path for path, _, _ in endpoint.asked] == ["/v1/models"] * (not model) + ["/v1/chat/completions"] * 2
    first, second = (body for _, _, body in endpoint.asked[-2:])
    assert first["model"] == (model or "petit") and first["temperature"] == 0
    assert first["messages"] == [{"role": "user", "content": "Combien ?"}]
    assert [(turn["role"], turn["content"]) for turn in second["messages"]] == [
        ("user", "A ?"), ("assistant", "B."), ("user", "C ?"), ("assistant", "D."), ("user", "Et après ?"),
    ]  # fmt: skip
    one, two = read_lines(out)
    assert (one["answer"], one["status"], one["abstained"]) == ("Cinq par jour. [1]", "answered", False)
    assert one["claims"] == [{"text": "Cinq par jour.", "citations": [1], "kind": "sentence"}]
    assert (one["model"], one["opaque"], one["nuggets"]) == (model or "petit", True, ["cinq par jour"])
    assert one["system"] == {"assistant": endpoint.url} and one["seconds"]["answer"] > 0
    assert (two["status"], two["abstained"]) == ("not_found", True)
    assert key == "" or key not in out.read_text("utf-8")


@pytest.mark.parametrize("reply", ["", " \n", {}], ids=repr)
def test_an_empty_reply_answers_nothing(questions: Path, out: Path, reply: Any) -> None:
    with speaking(reply) as endpoint:
        assert run(questions, out, endpoint.url) == 0
    assert [(line["answer"], line["claims"], line["abstained"]) for line in read_lines(out)] == [("", [], True)] * 2


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ({"content": "<think>\nJe lis. Six ?\n</think>\n\nCinq par jour. [1]"}, "Cinq par jour. [1]"),
        ({"content": "Je lis. Six ?</THINKING>\nCinq par jour. [1]"}, "Cinq par jour. [1]"),
        ({"content": "<think>Je lis. Six ?"}, ""),
        ({"content": None, "reasoning_content": "Je lis. Six ?"}, ""),
        ({"content": "Cinq.", "reasoning": "Je lis. Six ?", "reasoning_content": "Six ?"}, "Cinq."),
    ],
)
def test_what_an_assistant_says_to_itself_is_not_measured(
    questions: Path, out: Path, message: dict[str, Any], answer: str
) -> None:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": "stop"}
    reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    with speaking(reply) as endpoint:
        assert run(questions, out, endpoint.url) == 0
    for line in read_lines(out):
        assert (line["answer"], line["abstained"]) == (answer, answer == "")
        assert "Six" not in json.dumps(line)


def test_an_assistant_that_reasons_aloud_is_measured_on_its_answer(
    questions: Path, out: Path, reasoning_endpoint: str
) -> None:
    assert run(questions, out, reasoning_endpoint) == 0
    said = "L’interface doit permettre à l’utilisateur de désactiver l’autocomplétion"
    assert [line["answer"] for line in read_lines(out)] == [f"{said} [1]."] * 2


def test_search_is_not_measured_where_passages_cannot_be_seen(
    questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking("Cinq par jour.") as endpoint:
        assert run(questions, out, endpoint.url) == 0
    names = {str(metric) for metric in RETRIEVAL}
    for opaque, count in ((True, 0), (False, 2)):
        out.write_text("".join(f"{json.dumps({**line, 'opaque': opaque})}\n" for line in read_lines(out)))
        capsys.readouterr()
        assert main(["score", str(out), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)["metrics"]
        assert {found[name]["count"] for name in names} == {count}
        assert (found["FalseRefusals"]["count"], found["NuggetRecall"]["value"]) == (2, 1.0)
    assert names < {str(metric) for metric in METRICS}


@pytest.mark.parametrize("models", [FAILURE, SILENCE, [], {}, b"<html></html>", None], ids=repr)
def test_an_address_without_an_assistant_is_one_sentence(
    questions: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], models: Any
) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_TIMEOUT", "0.3")
    with speaking("Cinq.", models=models) as endpoint:
        url = endpoint.url if models is not None else "http://127.0.0.1:1/v1"
        assert run(questions, out, url) == 2
    shown = capsys.readouterr().err
    assert shown.startswith(f"L’assistant à l’adresse {url} ne répond pas (") and len(shown) < 400
    assert shown.count("\n") == 1 and not out.exists()
    assert ("timed out" in shown) is (models is SILENCE)


@pytest.mark.parametrize("reply", [FAILURE, SILENCE, b"<html></html>"], ids=repr)
def test_a_question_without_reply_is_named_and_asked_again(
    questions: Path, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reply: Any
) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_TIMEOUT", "0.3")
    # The client tries twice by itself what a server or the network refuses.
    tries = 1 if isinstance(reply, bytes) else 2
    with speaking(*[reply] * tries, "Cinq.") as endpoint:
        assert run(questions, out, endpoint.url) == 3
        [named] = [
            line for line in capsys.readouterr().err.splitlines() if "«\u00a0q1\u00a0» n’a pas de réponse" in line
        ]
        assert f"L’assistant à l’adresse {endpoint.url} ne répond pas" in named and named.endswith("MODEL.")
        assert run(questions, out, endpoint.url, "--resume") == 0
    assert [line["id"] for line in read_lines(out)] == ["q2", "q1"]


def test_an_assistant_neither_searches_nor_goes_on_with_anothers_run(
    questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking("Cinq.") as endpoint, speaking("Six.") as other:
        assert run(questions, out, endpoint.url, "--retrieval-only") == 2
        assert "--retrieval-only" in capsys.readouterr().err and endpoint.asked == []
        assert run(questions, out, endpoint.url) == 0
        out.write_bytes(out.read_bytes().split(b"\n")[0] + b"\n")
        assert run(questions, out, other.url, "--resume") == 2
    assert len(read_lines(out)) == 1 and other.asked == []


# --- run --repeat, and its spread -----------------------------------------------------------------------------------


def test_repetitions_are_files_side_by_side_and_a_spread(
    questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking("Cinq par jour.", "Cinq.", "Cinq par jour.", "Je ne sais pas.", "Je ne sais pas.") as endpoint:
        assert run(questions, out, endpoint.url, "--repeat", "3", "--json") == 0
    files = [out, out.with_name("run-2.jsonl"), out.with_name("run-3.jsonl")]
    assert [(one["out"], one["written"]) for one in json.loads(capsys.readouterr().out)] == [(str(f), 2) for f in files]
    assert [[line["asked"]["repetition"] for line in read_lines(path)] for path in files] == [[1, 1], [2, 2], [3, 3]]
    assert main(["score", *map(str, files), "--json"]) == 0
    spread = json.loads(capsys.readouterr().out)["spread"]
    assert spread["FalseRefusals"] == {"values": [0.0, 0.5, 1.0], "mean": 0.5, "deviation": 0.5}
    assert spread["NuggetRecall"]["values"] == [1.0, 1.0, 0.0] and "MRR" not in spread
    assert spread["NuggetRecall"]["deviation"] == pytest.approx(3**-0.5)
    assert main(["score", *map(str, files)]) == 0
    shown = capsys.readouterr().out
    after = shown[shown.index("Dispersion sur 3 répétitions") :].splitlines()
    assert [line.split() for line in after if line.startswith("FalseRefusals")] == [
        ["FalseRefusals", "0,500", "0,500", "0,000", "0,500", "1,000"]
    ]
    assert main(["score", str(out), "--json"]) == 0
    assert "spread" not in json.loads(capsys.readouterr().out)


def test_a_repetition_in_the_way_is_told_before_anything_is_asked(
    questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    second = out.with_name("run-2.jsonl")
    second.write_text("precious")
    with speaking("Cinq.") as endpoint:
        assert run(questions, out, endpoint.url, "--repeat", "2") == 2
        assert endpoint.asked == [] and not out.exists() and second.read_text() == "precious"
        assert str(second) in capsys.readouterr().err
        assert run(questions, out, endpoint.url, "--repeat", "2", "--force") == 0
        asked = len(endpoint.asked)
        assert run(questions, out, endpoint.url, "--repeat", "3", "--resume") == 0
        assert len(endpoint.asked) == asked + 1 + 2 and len(read_lines(out.with_name("run-3.jsonl"))) == 2


def test_a_question_that_any_repetition_misses_is_told(
    questions: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with speaking("Cinq.") as endpoint:
        assert run(questions, out, endpoint.url, "--repeat", "2") == 0
    second = out.with_name("run-2.jsonl")
    second.write_bytes(second.read_bytes().split(b"\n")[0] + b"\n")
    assert main(["score", str(out), "--questions", str(questions)]) == 0
    assert main(["score", str(out), str(second), "--questions", str(questions)]) == 3
