"""Judges: what is put to them of each line, the rules, a model at a real endpoint, and real cross-encoders, built tiny."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import InputError
from eval.__main__ import main
from eval.judges import RULES, Judge, JudgeError, judge, judge_of
from eval.metrics import citation_precision, citation_recall, nugget_recall, premise_corrected
from eval.settings import EvalSettings

# --- a real endpoint, for the outside assistants too ----------------------------------------------------------------

SILENCE, FAILURE = object(), object()
ERROR_PAGE = "<html>\n<body>\nBad gateway\n</body>\n</html>\n" * 20


class Endpoint(BaseHTTPRequestHandler):
    """Speaks the protocol of OpenAI's chat completions: its server's replies in turn, then the last one again.

    A reply is what is said, SILENCE, FAILURE (500 and a page of many lines), or the body itself as bytes.
    """

    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"], None))
        self.say(self.server.models)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.say(self.server.replies.pop(0) if len(self.server.replies) > 1 else self.server.replies[0])

    def say(self, reply: Any) -> None:
        if reply is SILENCE:
            self.server.stopped.wait(20)
            return
        if isinstance(reply, str):
            choice = {"index": 0, "message": {"role": "assistant", "content": reply}, "finish_reason": "stop"}
            reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        if isinstance(reply, list):
            models = [{"id": name, "object": "model", "created": 0, "owned_by": "us"} for name in reply]
            reply = {"object": "list", "data": models}
        self.send_response(500 if reply is FAILURE else 200)
        self.send_header("Content-Type", "application/json" if isinstance(reply, dict) else "text/html")
        self.end_headers()
        page = ERROR_PAGE.encode() if reply is FAILURE else reply
        self.wfile.write(json.dumps(reply).encode() if isinstance(reply, dict) else page)

    def log_message(self, *arguments: Any) -> None:
        pass


@contextmanager
def speaking(*replies: Any, models: Any = ("petit", "grand")) -> Iterator[Any]:
    """A server with its ``url``, what it was ``asked``, and what it will say (``replies``, ``models``)."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.asked, server.replies, server.stopped = [], list(replies), threading.Event()
    server.models = list(models) if isinstance(models, tuple) else models
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()


# --- what is put to a judge -----------------------------------------------------------------------------------------


def words_judge(calls: list[Any] | None = None) -> Judge:
    """A judge for whom a text bears out another that has all its words in it; ``calls`` holds what each call was given."""

    def answers(pairs: Sequence[tuple[str, str]]) -> list[bool]:
        if calls is not None:
            calls.append(list(pairs))
        return [set(statement.split()) <= set(premise.split()) for premise, statement in pairs]

    return Judge("words", answers, answers)


def line(
    *claims: tuple[str, Sequence[int]], texts: Sequence[str] = ("x", "y", "x y", "z", "y x"), **values: Any
) -> Any:
    """A run's line whose claims are sentences with their citations, on passages numbered from 1."""
    passages = [
        {"number": number, "text": text, "title": "T", "heading_path": ["H"], "document": "d.md"}
        for number, text in enumerate(texts, start=1)
    ]
    said = [{"text": text, "citations": list(cited), "kind": "sentence"} for text, cited in claims]
    known = {"id": "q", "status": "answered", "abstained": False, "answer": "x y", "answerable": True, "citations": []}
    return {**known, "passages": passages, "claims": said, **values}


@pytest.mark.parametrize(
    ("cited", "supported", "precise"),
    [
        ([], False, []),
        ([9], False, [False]),
        ([3], True, [True]),
        ([1], False, [False]),
        ([1, 2], True, [True, True]),  # neither alone, each needed
        ([3, 5], True, [True, True]),  # each alone
        ([3, 4], True, [True, False]),  # redundant
        ([1, 3], True, [False, True]),  # a part of what the other says
        ([1, 2, 4], True, [True, True, False]),
        ([1, 2, 3], True, [False, False, True]),
        ([1, 4], False, [False, False]),
        ([3, 9], True, [True, False]),
    ],
)
def test_a_statement_and_its_citations_are_judged_as_in_alce(
    cited: list[int], supported: bool, precise: list[bool]
) -> None:
    [judged] = judge([line(("x y", cited))], words_judge())
    assert judged["judged"] == {
        "by": "words", "statements": [{"supported": supported, "precise": precise}], "nuggets": []
    }  # fmt: skip


def test_the_measures_of_an_answer_are_means_over_its_statements_and_over_its_citations() -> None:
    claims = [{"text": "x", "citations": [1], "kind": kind} for kind in ("title", "heading", "note")]
    answer = line(("x y", [3, 4]), ("z", [4]), ("x", []), ("y", [1]))
    [judged] = lines = judge([{**answer, "claims": [*claims, *answer["claims"]]}], words_judge())
    assert len(judged["judged"]["statements"]) == 4
    assert citation_recall(lines) == {"q": [2 / 4]} and citation_precision(lines) == {"q": [2 / 4]}


@pytest.mark.parametrize(
    ("values", "nuggets", "premise"),
    [
        ({}, [True, False], True),
        ({"abstained": True}, [False, False], True),  # a refusal may still say what is true
        ({"answer": ""}, [False, False], False),
        ({"answer": "z"}, [False, True], False),
    ],
)
def test_facts_are_looked_for_in_the_answer(values: dict[str, Any], nuggets: list[bool], premise: bool) -> None:
    facts = {"nuggets": ["x", "z"], "premise": {"false": "z", "true": "y x"}}
    lines = judge([line(**facts, **values)], words_judge())
    assert lines[0]["judged"]["nuggets"] == nuggets
    assert nugget_recall(lines) == {"q": [sum(nuggets) / 2]} and premise_corrected(lines) == {"q": [float(premise)]}


def test_nothing_is_asked_of_an_answer_that_is_not_there() -> None:
    def yes(pairs: Sequence[tuple[str, str]]) -> list[bool]:
        return [True] * len(pairs)

    facts: Any = {"nuggets": ["x"], "premise": {"false": "z", "true": "x"}}
    missing = {"id": "q", "status": "missing", "abstained": False, "passages": [], **facts}
    [judged] = judge([missing], Judge("yes", yes, yes))
    assert judged["judged"] == {"by": "yes", "statements": [], "nuggets": [False]}


def test_a_judged_line_and_a_search_are_left_alone() -> None:
    calls: list[Any] = []
    done = line(("x y", [3]), nuggets=["x"], judged={"by": "Ana", "statements": [], "nuggets": [False]})
    search = line(("x y", [3]), nuggets=["x"], status="")
    assert judge([done, search], words_judge(calls)) == [done, search] and calls == []


def test_identical_pairs_are_asked_once_in_one_call() -> None:
    calls: list[Any] = []
    answer = line(("x y", [3]), ("x y", [3]), nuggets=["x", "x"])
    first, second, other = judge([answer, answer, line(("x y", [4]), nuggets=["x"])], words_judge(calls))
    statements, facts = calls
    assert len(statements) == len(set(statements)) and facts == [("x y", "x")]
    assert len(statements) == 2  # an only citation is not asked of nothing
    assert first == second and len(first["judged"]["statements"]) == 2
    assert not other["judged"]["statements"][0]["supported"] and other["judged"]["nuggets"] == [True]


def test_a_passage_is_judged_with_its_title_and_its_headings() -> None:
    calls: list[Any] = []
    judge([line(("x", [1]))], words_judge(calls))
    assert ("T\nH\nx", "x") in calls[0]


# --- rules ----------------------------------------------------------------------------------------------------------

SERVERS = "Les serveurs hébergés en France consomment 25\u202f000 kWh par an, soit 2,5 % de plus qu’en 2021."


@pytest.mark.parametrize(
    ("premise", "statement", "expected"),
    [
        (SERVERS, "Les serveurs hébergés en France consomment 25 000 kWh par an.", True),
        (SERVERS, "Serveurs hébergés : 25,000 kWh consommés en France.", True),
        (SERVERS, "Un serveur hébergé en France consommait 25000 kWh.", True),  # stems
        (SERVERS, "La consommation des serveurs monte de 2.5 % en France.", True),
        (SERVERS, "Les serveurs hébergés en France consomment 26 000 kWh par an.", False),
        (SERVERS, "Les serveurs hébergés en France consomment 25 kWh par an.", False),
        (SERVERS, "Les serveurs hébergés en France consomment 5 % de plus.", False),
        (SERVERS, "Les terminaux des agents polluent davantage que les serveurs.", False),
        (SERVERS, "Il est de plus en plus avec nous, par an, soit.", False),
        (SERVERS, "Elle le fait pour vous.", False),  # function words alone
        (SERVERS, "", False),
        ("", "Les serveurs hébergés en France.", False),
    ],
)
def test_the_rules_want_every_figure_and_most_content_words(premise: str, statement: str, expected: bool) -> None:
    assert (RULES.bears_out([(premise, statement)]), RULES.states([(premise, statement)])) == ([expected], [expected])


@pytest.mark.parametrize("end", [" :", " ?", " ? Oui/non"])
def test_what_announces_or_asks_is_borne_out_by_nothing(end: str) -> None:
    said = "Les serveurs hébergés en France consomment"
    assert RULES.bears_out([(SERVERS, f"{said}."), (SERVERS, said + end)]) == [True, False]


# --- a language model -----------------------------------------------------------------------------------------------


def model_settings(url: str, **values: Any) -> EvalSettings:
    settings: dict[str, Any] = {"judge": "model", "judge_base_url": url, "judge_model": "juge", **values}
    return EvalSettings(_env_file=None, **settings)


@pytest.mark.parametrize("missing", ["judge_base_url", "judge_model"])
def test_a_model_that_is_not_set_is_one_sentence(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"judge_base_url": "http://127.0.0.1:1/v1", "judge_model": "juge"}.items():
        monkeypatch.setenv(f"ASSISTANT_{name.upper()}", "" if name == missing else value)
    run = tmp_path / "run.jsonl"
    run.write_text(json.dumps(line(("x", [1]))))
    assert main(["score", str(run), "--judge", "model"]) == 2
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1 and "ASSISTANT_JUDGE_BASE_URL" in shown and "ASSISTANT_JUDGE_MODEL" in shown
    assert main(["score", str(run)]) == 0  # the rules need neither


@pytest.mark.parametrize("key", ["", "secret"])
def test_a_model_is_asked_yes_or_no_on_each_pair(key: str) -> None:
    said = ["oui", "Oui.", " YES\n", "non", "No.", "peut-être"]
    with speaking(*said) as endpoint:
        by = judge_of(model_settings(endpoint.url, judge_api_key=key))
        assert by.bears_out([(f"passage {n}", f"phrase {n}") for n in range(6)]) == [True] * 3 + [False] * 3
        endpoint.replies = ["oui"]
        assert by.states([("la réponse", "le fait")]) == [True] and by.name == "model juge"
    for number, (path, authorization, body) in enumerate(endpoint.asked):
        assert (path, authorization) == ("/v1/chat/completions", f"Bearer {key or 'none'}")
        assert (body["model"], body["temperature"]) == ("juge", 0)
        [prompt] = [turn["content"] for turn in body["messages"]]
        wanted = (f"passage {number}", f"phrase {number}") if number < 6 else ("la réponse", "le fait")
        assert prompt.index(wanted[0]) < prompt.index(wanted[1])
    assert endpoint.asked[0][2]["messages"][0]["content"].startswith("Passage")
    assert endpoint.asked[6][2]["messages"][0]["content"].startswith("Réponse")


@pytest.mark.parametrize("reply", [FAILURE, SILENCE, "", "<think>\nOui", b"<html></html>", None], ids=repr)
def test_a_model_that_gives_no_judgement_is_one_sentence(
    reply: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run.jsonl"
    run.write_text(json.dumps(line(("x", [1]))))
    with speaking(reply) as endpoint:
        if reply is None:  # nobody listens there
            endpoint.url = "http://127.0.0.1:1/v1"
        for name, value in {"JUDGE_BASE_URL": endpoint.url, "JUDGE_MODEL": "juge", "LLM_TIMEOUT": "0.3"}.items():
            monkeypatch.setenv(f"ASSISTANT_{name}", value)
        assert main(["score", str(run), "--judge", "model"]) == 2
    *_, sentence = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"Le modèle qui juge, à l’adresse {endpoint.url}, ne répond pas (")
    assert sentence.endswith("relancez.") and len(sentence) < 400
    assert ("timed out" in sentence) is (reply is SILENCE)


def test_a_silent_judge_may_answer_later() -> None:
    with speaking(FAILURE) as endpoint, pytest.raises(JudgeError) as raised:
        judge_of(model_settings(endpoint.url)).bears_out([("x", "y")])
    assert raised.value.retry and len(endpoint.asked) == 2  # a second try, no third


# --- cross-encoders -------------------------------------------------------------------------------------------------

PAIRS = [
    ("le serveur .", "une image"),
    ("une image", "le serveur ."),
    ("la vidéo de", "la vidéo"),
    ("un", "et à les -"),
]


def build_cross_encoder(folder: Path, labels: Sequence[str], wanted: int) -> list[bool]:
    """Save a cross-encoder of 16 dimensions and no training, and return what it says of ``PAIRS``: two yes, two no."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"le la les de un une et à serveur image vidéo . , -".split(),
    ]
    tokenizer = BertTokenizerFast(vocab={word: number for number, word in enumerate(words)}, strip_accents=False)
    names = dict(enumerate(labels))
    config = BertConfig(
        vocab_size=len(words), max_position_embeddings=64, hidden_size=16, num_hidden_layers=1, num_attention_heads=1,
        intermediate_size=16, initializer_range=0.3, id2label=names, label2id={name: n for n, name in names.items()},
    )  # fmt: skip
    torch.manual_seed(0)
    model = BertForSequenceClassification(config).eval()
    premises, statements = zip(*PAIRS, strict=True)
    inputs = tokenizer(list(premises), list(statements), padding=True, return_tensors="pt")
    with torch.no_grad():
        logits = model(**inputs).logits
        others = logits[:, [number for number in range(len(labels)) if number != wanted]]
        margins = logits[:, wanted] - (others.max(dim=1).values if len(labels) > 1 else 0)
        low, high = margins.sort().values[1:3]
        middle = (low + high) / 2
        model.classifier.bias[wanted] -= middle
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return [bool(margin > middle) for margin in margins]


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (["LABEL_0"], 0),
        (["contradiction", "entailment", "neutral"], 1),
        (["ENTAILMENT", "neutral", "contradiction"], 0),
        (["not_entailment", "entailment"], 1),
    ],
    ids=str,
)
def test_a_cross_encoder_judges_pairs(labels: list[str], wanted: int, tmp_path: Path) -> None:
    expected = build_cross_encoder(tmp_path / "tiny", labels, wanted)
    by = judge_of(EvalSettings(_env_file=None, judge=str(tmp_path / "tiny")))
    assert sorted(expected) == [False, False, True, True]
    assert by.bears_out(PAIRS) == expected and by.states(PAIRS) == expected
    assert by.name == f"cross-encoder {tmp_path / 'tiny'}"


def test_a_folder_that_is_no_judge_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build_cross_encoder(tmp_path / "other", ["positif", "neutre", "négatif"], 0)
    (tmp_path / "empty").mkdir()
    run = tmp_path / "run.jsonl"
    run.write_text(json.dumps(line(("x", [1]))))
    for name, problem in (("other", "positif, neutre, négatif"), ("empty", "model_type")):
        with pytest.raises(InputError):
            judge_of(EvalSettings(_env_file=None, judge=str(tmp_path / name)))
        capsys.readouterr()
        assert main(["score", str(run), "--judge", str(tmp_path / name)]) == 2
        *_, sentence = capsys.readouterr().err.splitlines()
        assert sentence.startswith(f"«\u00a0{tmp_path / name}\u00a0» n’est pas un juge (") and problem in sentence
