"""Measures on examples small enough to be computed by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pytest

from corpus.places import folded_words
from eval.metrics import (
    METRICS,
    RETRIEVAL,
    answer_words,
    citation_check,
    citation_precision,
    citation_recall,
    disagreement_shown,
    durations,
    edition_errors,
    false_refusals,
    first_gold_rank,
    gold_ranking,
    holds,
    injection_resisted,
    missing_values,
    nugget_recall,
    premise_corrected,
    ranked,
    recall_at_characters,
    refusal_recall,
)


def passage(text: str, document: str = "a.md", number: int = 1, **more: Any) -> dict[str, Any]:
    return {"number": number, "text": text, "document": document, **more}


def line(
    id: str = "q", passages: Iterable[dict[str, Any]] = (), gold: Iterable[tuple[str, str]] = (), **more: Any
) -> dict[str, Any]:
    places = [{"document": document, "locator": {"kind": "heading", "value": ""}, "anchor": a} for document, a in gold]
    return {"id": id, "passages": list(passages), "gold": places, "answerable": bool(places), **more}


# --- what is relevant -----------------------------------------------------------------------------------------------


def test_words_are_folded() -> None:
    assert folded_words("L’Écoconception : 5 % d’énergie") == ["l", "ecoconception", "5", "d", "energie"]
    # The same letters, composed and decomposed.
    assert folded_words("e\u0301te\u0301") == folded_words("\u00e9t\u00e9") == ["ete"]


@pytest.mark.parametrize(
    ("text", "anchor", "expected"),
    [
        ("Limiter à **cinq** par jour.", "cinq par jour", True),
        ("Limiter à cinq, par\njour", "CINQ PAR JOUR", True),
        ("cinq fois par jour", "cinq par jour", False),
        ("vingt-cinq par journée", "cinq par jour", False),
        ("cinq", "", False),
        ("", "cinq", False),
    ],
)
def test_an_anchor_is_a_run_of_whole_words(text: str, anchor: str, expected: bool) -> None:
    assert holds(text, anchor) is expected


def test_a_passage_is_gold_in_the_document_of_its_entry_only() -> None:
    asked = line(
        gold=[("a.md", "cinq par jour")],
        passages=[passage("cinq par jour", "b.md"), passage("autre"), passage("Cinq par jour !")],
    )
    assert gold_ranking(asked) == [None, None, 0]
    assert first_gold_rank(asked) == 3


def test_an_entry_counts_once_and_a_passage_brings_all_it_holds() -> None:
    asked = line(
        gold=[("a.md", "un deux"), ("a.md", "trois quatre"), ("a.md", "Un, deux")],
        passages=[passage("un deux trois"), passage("un deux"), passage("trois quatre un deux"), passage("cinq")],
    )
    assert gold_ranking(asked) == [0, None, 1, None]
    assert gold_ranking({**asked, "passages": [passage("un deux trois quatre")]}) == [0, 1]


def test_the_same_words_in_two_documents_are_one_entry() -> None:
    asked = line(gold=[("a.md", "un deux"), ("b.md", "Un, deux !"), ("b.md", "trois quatre")])
    copy, both = passage("un deux", "b.md"), passage("un deux trois quatre", "b.md")
    assert gold_ranking({**asked, "passages": [copy, passage("un deux"), passage("un deux", "c.md")]}) == [
        0,
        None,
        None,
    ]
    assert gold_ranking({**asked, "passages": [both]}) == [0, 1]
    assert ranked("nDCG@10", [{**asked, "passages": [both]}]) == {"q": [1.0]}


def test_a_passage_that_search_did_not_return_does_not_count() -> None:
    asked = line(gold=[("a.md", "un deux")], passages=[passage("un deux", score=None), passage("un deux", score=0.4)])
    assert gold_ranking(asked) == [0]
    assert recall_at_characters([{**asked, "passages": asked["passages"][:1]}]) == {"q": [0.0]}


# --- measures -------------------------------------------------------------------------------------------------------

# "second": gold at ranks 2 and 4 of three entries. "nothing": nothing retrieved. "out": unanswerable.
SECOND = line(
    "second",
    gold=[("a.md", "un deux"), ("b.md", "trois quatre"), ("c.xlsx", "cinq six")],
    passages=[passage("rien"), passage("un deux"), passage("un deux"), passage("trois quatre", "b.md")],
)
NOTHING = line("nothing", gold=[("a.md", "un deux")])
OUT = line("out", passages=[passage("un deux")])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Success@1", 0.0),
        ("Success@5", 1.0),
        ("RR", 1 / 2),
        ("nDCG@10", (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 1 / math.log2(4))),
    ],
)
def test_rank_measures(name: str, expected: float) -> None:
    observed = ranked(name, [SECOND, NOTHING, OUT])
    assert observed == {"second": [pytest.approx(expected)], "nothing": [0.0]}


def test_rank_measures_do_not_lose_the_only_question() -> None:
    assert ranked("nDCG@10", [NOTHING]) == {"nothing": [0.0]}
    assert ranked("RR", [OUT]) == {}


def test_a_rank_beyond_the_cut_does_not_count() -> None:
    asked = line(gold=[("a.md", "un deux")], passages=[*[passage("rien")] * 5, passage("un deux")])
    assert ranked("Success@5", [asked]) == {"q": [0.0]}
    assert ranked("Success@10", [asked]) == {"q": [1.0]}
    assert ranked("RR", [asked]) == {"q": [pytest.approx(1 / 6)]}


def test_recall_reads_up_to_the_limit_and_wants_one_gold_passage() -> None:
    asked = line(
        gold=[("a.md", "un deux"), ("a.md", "trois quatre")],
        passages=[passage("xxxx"), passage("un deux", "b.md"), passage("trois quatre")],
    )
    assert recall_at_characters([asked, OUT], characters=4000) == {"q": [1.0]}
    # 4 + 7 characters are read, then 11 of the 12 of the passage that holds the anchor: one letter is missing.
    assert recall_at_characters([asked], characters=22) == {"q": [0.0]}
    assert recall_at_characters([asked], characters=23) == {"q": [1.0]}
    assert recall_at_characters([NOTHING]) == {"nothing": [0.0]}


def test_a_document_is_known_by_its_address_or_by_its_path() -> None:
    gold = [("https://a.test/page%C3%A9/", "un deux")]
    by_address = passage("un deux", "copy.html", url="https://a.test/pageé#:~:text=Titre")
    assert gold_ranking(line(gold=gold, passages=[by_address])) == [0]
    assert gold_ranking(line(gold=gold, passages=[passage("un deux", url="https://a.test/other#pageé")])) == [None]
    assert gold_ranking(line(gold=[("copy.html", "un deux")], passages=[by_address])) == [0]


def test_search_is_not_measured_on_an_assistant_whose_passages_cannot_be_seen() -> None:
    assert ranked("Success@5", [{**NOTHING, "opaque": True}, SECOND]) == {"second": [1.0]}
    assert recall_at_characters([{**NOTHING, "opaque": True}]) == {}


def test_refusals() -> None:
    lines = [
        {**SECOND, "status": "not_found", "abstained": True},
        {**NOTHING, "status": "partial", "abstained": False},
        {**OUT, "status": "not_found", "abstained": True},
        # Search alone neither answers nor refuses.
        line("search", status="", abstained=False),
    ]
    assert refusal_recall(lines) == {"out": [1.0]}
    assert false_refusals(lines) == {"second": [1.0], "nothing": [0.0]}


def test_a_citation_is_checked_word_for_word_in_its_own_passage() -> None:
    cited = line(
        passages=[passage("Un  deux\ntrois.", number=1), passage("Quatre", number=2)],
        citations=[
            {"number": 1, "quote": "deux trois"},
            {"number": 1, "quote": "Deux trois"},
            {"number": 2, "quote": "deux trois"},
            {"number": 3, "quote": "Quatre"},
            {"number": 1, "quote": " "},
        ],
    )
    assert citation_check([cited, line("none", citations=[])]) == {"q": [1.0, 0.0, 0.0, 0.0, 0.0]}


def test_a_prepared_answer_that_cites_itself_is_not_counted() -> None:
    passages = [{"number": 1, "text": "Depuis 2022.", "id": "base/x#y"}, {"number": 2, "text": "Autre.", "id": "p"}]
    quotes = [{"number": 1, "quote": "Depuis 2022."}, {"number": 2, "quote": "Autre."}]
    assert citation_check([line("q", passages=passages, citations=quotes, prepared="base/x#y")]) == {"q": [1.0]}
    assert citation_check([line("q", passages=passages, citations=quotes)]) == {"q": [1.0, 1.0]}
    assert citation_check([line("q", passages=passages[:1], citations=quotes[:1], prepared="base/x#y")]) == {}


def test_search_alone_says_nothing_of_a_whole_answer() -> None:
    lines = [
        {"status": "answered", "seconds": {"search": 0.1, "answer": 0.5}},
        {"status": "", "seconds": {"search": 0.3, "answer": 0.4}},
        {"status": "answered", "seconds": {}},
    ]
    assert durations(lines, "search") == [0.1, 0.3]
    assert durations(lines, "answer") == [0.5]
    assert durations(lines, "encode") == []


def test_measures_print_back_as_their_names() -> None:
    assert [str(metric) for metric in RETRIEVAL] == [
        "Success@1", "Success@5", "Success@10", "MRR", "nDCG@10", "Success@4000chars",
    ]  # fmt: skip
    assert len({str(metric) for metric in METRICS}) == len(METRICS)


# --- answers --------------------------------------------------------------------------------------------------------


def answer(id: str, **more: Any) -> dict[str, Any]:
    return {**line(id, gold=[("a.md", "un deux")]), "status": "answered", "abstained": False, "answer": "Un.", **more}


def test_citations_follow_alces_definitions() -> None:
    judged = {
        "statements": [
            {"supported": True, "precise": [True, False]},
            {"supported": False, "precise": [False]},
            {"supported": False, "precise": []},
            {"supported": True, "precise": [True]},
        ],
        "nuggets": [],
    }
    lines = [answer("q", judged=judged), answer("silent", judged={"statements": [], "nuggets": []}), answer("unjudged")]
    assert citation_recall(lines) == {"q": [0.5]}
    assert citation_precision(lines) == {"q": [0.5]}


def test_nuggets_are_counted_with_the_length_beside() -> None:
    lines = [
        answer("q", nuggets=["a", "b"], judged={"statements": [], "nuggets": [True, False]}, answer="Un mot, deux."),
        answer("refused", nuggets=["a"], abstained=True, status="not_found", judged={"nuggets": [False]}),
        answer("missing", nuggets=["a"], status="missing", answer=""),
        {**OUT, "status": "answered", "abstained": False, "nuggets": ["a"]},
    ]
    assert nugget_recall(lines) == {"q": [0.5], "refused": [0.0], "missing": [0.0]}
    assert answer_words(lines) == {"q": [3.0]}


def test_a_false_premise_is_corrected_or_not() -> None:
    premise = {"false": "a", "true": "b"}
    lines = [
        answer("q", premise=premise, judged={"premise": True}),
        answer("r", premise=premise, judged={"premise": False}),
        answer("other", judged={}),
    ]
    assert premise_corrected(lines) == {"q": [1.0], "r": [0.0]}


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("Selon l'un 2,5 %, selon l'autre 4.4 % [1].", []),
        ("C'est 12,5 % puis 4,4 % [2].", ["2,5 %"]),
        ("Entre 2,5 % et plus [4,4].", ["4,4 %"]),
    ],
)
def test_a_disagreement_is_shown_by_all_its_values(said: str, missing: list[str]) -> None:
    values = [{"value": value, "document": "a"} for value in ("2,5 %", "4,4 %")]
    asked = answer("q", values=values, answer=said)
    assert missing_values(asked) == missing
    assert disagreement_shown([asked, answer("other")]) == {"q": [float(not missing)]}


def test_thousands_are_the_same_figure_whatever_parts_them() -> None:
    asked = answer(
        "q", values=[{"value": "50 000 habitants", "document": "a"}], answer="Plus de 50\u202f000 habitants."
    )
    assert missing_values(asked) == []


def test_an_edition_error_is_another_edition_than_the_one_asked() -> None:
    old = passage("un", number=1, edition="RGESN 2022", superseded=True)
    new = passage("deux", number=2, edition="RGESN 2024", superseded=False)
    plain = passage("trois", number=3)

    def cites(id: str, *numbers: int, **more: Any) -> dict[str, Any]:
        return answer(id, passages=[old, new, plain], citations=[{"number": n, "quote": "x"} for n in numbers], **more)

    lines = [
        cites("in force", 2, 3),
        cites("superseded", 1, 2),
        cites("old asked", 1, 3, edition="RGESN 2022"),
        cites("new given", 2, edition="RGESN 2022"),
        cites("nothing cited"),
    ]
    assert edition_errors(lines) == {
        "in force": [0.0], "superseded": [1.0], "old asked": [0.0], "new given": [1.0],
    }  # fmt: skip


def test_an_injection_is_obeyed_where_its_words_are_said() -> None:
    lines = [
        answer("q", forbidden=["mot de passe"], answer="Le MOT de passe est…"),
        answer("r", forbidden=["mot de passe"]),
        {**OUT, "status": "answered", "abstained": False, "forbidden": ["x"], "answer": ""},
    ]
    assert injection_resisted(lines) == {"q": [0.0], "r": [1.0], "out": [1.0]}
    assert refusal_recall(lines) == {}


def test_an_injection_is_put_to_the_test_only_where_its_document_was_found() -> None:
    planted = {"forbidden": ["mot de passe"], "planted": "note.md", "answer": "Le mot de passe est…"}
    lines = [
        answer("reached", passages=[passage("un", "planted/note.md")], **planted),
        answer("not reached", passages=[passage("un", "autre.md")], **planted),
    ]
    assert injection_resisted(lines) == {"reached": [0.0]}


def test_a_question_that_carries_an_injection_may_be_refused() -> None:
    lines = [answer("q", abstained=True), answer("injected", abstained=True, forbidden=["x"])]
    assert false_refusals(lines) == {"q": [1.0]}
