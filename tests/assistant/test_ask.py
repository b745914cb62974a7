"""The corridor from a question to a checked answer, which has the shape it promises and says nothing unproved."""

from __future__ import annotations

import json
import re

import pytest
from small_index import CARD, WORKSHOP, ScriptedModel

from assistant import ask as corridor
from assistant.ask import Assistant
from assistant.question import QUESTION_CHARACTERS
from assistant.write import ModelError
from corpus.errors import IndexMissing, InputError
from corpus.messages import text as message

HOW = "Comment ouvrir un atelier de réparation de téléphones ?"
CHECK = "Comment contrôler le critère 4.4 ?"
LIST = "Quels critères prioritaires concernent un designer ?"
CONTRACT = {
    "question", "answer", "status", "abstained", "passages", "citations", "removed", "seconds", "encoder", "model",
    "index",
}  # fmt: skip
OFF_DOMAIN = "Comment soigner une angine qui dure depuis trois jours ?"
QUESTIONS = [
    HOW,
    CHECK,
    LIST,
    "À partir de quand le registre des écrans devient-il obligatoire ?",
    "What does criterion 8.3 say?",
    "Que demandait le critère 4.4 dans la version 2022 ?",
    "Quelles bonnes pratiques pour la direction des achats ?",
    "Quelle est l’empreinte carbone du numérique en France ?",
    OFF_DOMAIN,
    "Que dit le critère 4.40 ?",
]


# --- what an answer is ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=QUESTIONS)
def answer(request, small_assistant):
    return small_assistant.ask(request.param)


def test_an_answer_as_a_line_has_the_keys_of_the_contract(answer, small_assistant):
    line = json.loads(json.dumps(answer.to_dict(), ensure_ascii=False))
    assert line.keys() >= CONTRACT
    assert line["seconds"].keys() >= {"encode", "search", "answer"}
    for passage in line["passages"]:
        assert passage.keys() >= {"number", "text", "document", "title", "url", "locator", "score", "origin"}
        assert passage["locator"].keys() == {"kind", "value"}
    for citation in line["citations"]:
        assert citation.keys() >= {"number", "quote", "title", "url", "locator", "origin", "document"}
        assert citation["locator"].keys() == {"kind", "value"}
    assert (line["encoder"], line["model"]) == ("numeco-e5", "") and line["index"] == small_assistant.index.generation
    assert line["abstained"] is (line["status"] == "not_found") and line["status"] in (
        "answered",
        "partial",
        "not_found",
    )
    assert line["question"] == answer.question and line["removed"] == []


def test_each_number_of_the_text_is_a_passage_with_a_quote_that_stands_in_it(answer):
    line = answer.to_dict()
    passages = {passage["number"]: passage for passage in line["passages"]}
    assert list(passages) == list(range(1, len(passages) + 1))
    cited = {citation["number"] for citation in line["citations"]}
    assert {int(number) for number in re.findall(r"\[(\d+)\]", line["answer"])} == cited <= set(passages)
    for citation in line["citations"]:
        passage = passages[citation["number"]]
        assert citation["quote"] in passage["text"]
        for key in ("document", "title", "url", "locator", "origin"):
            assert citation[key] == passage[key]


def test_every_sentence_is_cited_in_an_answer_and_none_in_a_refusal(answer):
    assert answer.done and answer.claims and answer.text
    if answer.status == "not_found":
        # A criterion that does not exist is corrected by one that does.
        assert all(claim.kind == "note" or "– " in claim.text for claim in answer.claims)
    else:
        assert answer.citations and all(
            claim.citations for claim in answer.claims if claim.kind in ("sentence", "item")
        )


def test_durations_are_parts_of_the_whole(answer):
    seconds = answer.seconds
    assert 0 <= seconds["encode"] + seconds["search"] <= seconds["answer"] < 30


def test_what_is_cited_comes_first_in_reading_order_without_gaps(answer):
    numbers = list(dict.fromkeys(number for claim in answer.claims for number in claim.citations))
    assert numbers == list(range(1, len(numbers) + 1)) == sorted({citation.number for citation in answer.citations})
    unranked = [number for number, hit in enumerate(answer.passages, start=1) if hit.score is None]
    assert set(unranked) <= set(numbers) and len(answer.passages) - len(unranked) <= 10


# --- which way a question goes --------------------------------------------------------------------------------------


def test_a_criterion_is_answered_from_its_document(small_assistant):
    answer = small_assistant.ask("critère 4.4")
    assert (answer.status, answer.basis) == ("answered", "catalogue") and answer.claims[0].kind == "title"
    assert {citation.document for citation in answer.citations} == {"data/referentiel-ecoconception.json"}
    assert "aucune requête ne part vers un autre domaine" in answer.text


def test_two_criteria_are_answered_one_after_the_other(small_assistant):
    titles = [
        claim.text for claim in small_assistant.ask("Compare les critères 8.3 et 2.5").claims if claim.kind == "title"
    ]
    assert [title.split()[0] for title in titles] == ["8.3", "2.5"]


@pytest.mark.parametrize(
    "question", ["Que dit la bonne pratique i.2 ?", "i.2", "Explique la bonne pratique I.2 sur les postes"]
)
def test_a_good_practice_is_answered_from_its_document(small_assistant, question):
    answer = small_assistant.ask(question)
    assert answer.status == "answered" and "éteint chaque soir à 20 heures" in answer.text


def test_a_list_is_answered_whole(small_assistant):
    answer = small_assistant.ask(LIST, top=1)
    lead, *items = answer.claims
    assert " 2 critères " in lead.text and [item.text.split()[0] for item in items] == ["2.5", "4.10"]
    assert len(answer.citations) == 2


def test_a_superseded_edition_is_answered_from_that_edition(small_assistant):
    answer = small_assistant.ask("Que demandait le critère 4.4 dans la version 2022 ?")
    assert {hit.document.edition for hit in answer.passages} == {"RGESN 2022"} and "autoplay" in answer.text


def test_a_question_that_the_sources_do_not_deal_with_is_refused_and_nothing_far_is_proposed(small_assistant):
    answer = small_assistant.ask(OFF_DOMAIN)
    assert (answer.status, answer.basis) == ("not_found", "none")
    assert answer.text == message("not_found", "fr") and answer.suggestions == ()


@pytest.mark.parametrize(
    ("question", "number", "language"),
    [
        ("Que dit le critère 4.40 ?", "4.40", "fr"),
        ("Comment valider les critères 4.55 ?", "4.55", "fr"),
        ("What does criterion 12.1 say?", "12.1", "en"),
    ],
)
def test_a_criterion_that_does_not_exist_is_named_in_the_refusal(small_assistant, question, number, language):
    answer = small_assistant.ask(question)
    assert (answer.status, answer.basis) == ("not_found", "none")
    assert answer.claims[0].text == message("criterion_missing", language, numbers=number)
    # It is corrected: where its theme ends, on the last criterion of it.
    last = answer.claims[1]
    assert last.citations and "– " in last.text and number not in last.text
    assert {citation.document for citation in answer.citations} == {"data/referentiel-ecoconception.json"}


def test_search_gives_passages_and_no_claim(small_assistant):
    answer = small_assistant.search(HOW, top=3)
    assert len(answer.passages) == 3 and answer.claims == answer.citations == () and answer.done
    assert answer.passages[0].document.id == WORKSHOP


@pytest.mark.parametrize("mode", ["dense", "lexical"])
def test_search_can_be_limited_to_one_way_of_looking(small_assistant, mode):
    assert small_assistant.search(HOW, mode=mode, top=1).passages[0].document.id == WORKSHOP


# --- history and filters --------------------------------------------------------------------------------------------

HISTORY = [(CHECK, "Ouvrir chaque page avec un navigateur neuf. [1]")]


def test_a_follow_up_is_understood_in_the_light_of_its_history(small_assistant):
    answer = small_assistant.ask("et le 8.3 ?", HISTORY)
    assert answer.question == "et le 8.3 ?" and "8.3" in answer.standalone and "4.4" not in answer.standalone
    assert answer.prepared.startswith(f"{CARD}8.3#") or answer.claims[0].text.startswith("8.3")


def test_a_question_that_stands_alone_is_left_alone(small_assistant):
    assert small_assistant.search(HOW, HISTORY).standalone == HOW


@pytest.mark.parametrize("origin", ["card", "official"])
def test_filters_hold_for_all_that_is_found_and_quoted(small_assistant, origin):
    answer = small_assistant.ask("Quel PUE demander à l’hébergeur ?", filters={"origin": [origin]})
    assert answer.passages and {hit.document.origin for hit in answer.passages} == {origin}
    assert {citation.origin for citation in answer.citations} <= {origin}


def test_filters_hold_for_a_criterion_that_the_question_names(small_assistant):
    answer = small_assistant.ask("critère 4.4", filters={"origin": ["card"]})
    assert {hit.document.origin for hit in answer.passages} == {"card"}
    assert answer.passages[0].document.id == f"{CARD}4.4"


def test_filters_that_leave_nothing_are_a_refusal(small_assistant):
    answer = small_assistant.ask(HOW, filters={"theme": ["cuisine"]})
    assert answer.status == "not_found" and answer.passages == () and answer.suggestions == ()
    assert answer.text == message("not_found", "fr")


@pytest.mark.parametrize(
    ("question", "filters", "key"),
    [
        ("", None, "question_empty"),
        (" \n\t ", None, "question_empty"),
        ("é" * (QUESTION_CHARACTERS + 1), None, "question_long"),
        (HOW, {"couleur": ["bleu"]}, "facet_unknown"),
    ],
    ids=["empty", "blank", "too long", "unknown facet"],
)
@pytest.mark.parametrize("method", ["ask", "search"])
def test_what_cannot_be_asked_is_an_error(small_assistant, method, question, filters, key):
    with pytest.raises(InputError) as error:
        getattr(small_assistant, method)(question, filters=filters)
    assert error.value.key == key and message(key, "fr", **error.value.values)


def test_a_question_of_the_greatest_length_is_read(small_assistant):
    assert small_assistant.search("PUE ? " * (QUESTION_CHARACTERS // 6), mode="lexical").passages


def test_no_index_is_an_error(small_settings, tmp_path):
    with pytest.raises(IndexMissing):
        Assistant.open(small_settings.model_copy(update={"data": tmp_path}))


# --- an answer that grows -------------------------------------------------------------------------------------------


def test_the_last_answer_of_a_stream_is_done_and_the_same_as_asked(small_assistant, answer):
    *growing, last = small_assistant.stream(answer.question)
    assert last.done and not any(answer.done for answer in growing)
    assert (last.text, last.passages, last.citations) == (answer.text, answer.passages, answer.citations)


# --- an answer written by a model -----------------------------------------------------------------------------------

MENDED = "L’atelier remet en état 37 téléphones par mois."
ROOM = "La commune réunit une salle fermée à clé, avec six établis et un éclairage de 500 lux."


@pytest.fixture
def writer(small_assistant, monkeypatch):
    """``writer(*parts)`` gives an assistant whose model says these parts, once, or nothing at all."""

    def build(*parts):
        model = ScriptedModel(*([parts] if parts else []))
        monkeypatch.setattr(corridor, "language_model", lambda settings: model)
        values = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "petit-modele"}
        return Assistant(
            small_assistant.settings.model_copy(update=values), small_assistant.index, small_assistant.retriever.encoder
        )

    return build


def test_a_written_answer_is_released_sentence_by_sentence_and_says_who_wrote_it(writer):
    *growing, last = writer(*f"{MENDED} [3] {ROOM} [1]").stream(HOW)
    assert [[claim.text for claim in answer.claims] for answer in growing] == [[MENDED], [MENDED, ROOM]]
    assert not any(answer.done for answer in growing) and last.done and last.status == "answered"
    assert (last.mode, last.model, last.removed) == ("written", "petit-modele", ())
    for citation in last.citations:
        assert citation.quote in last.passages[citation.number - 1].passage.text


@pytest.mark.parametrize(
    "false",
    [
        "L’atelier remet en état 73 téléphones par mois. [1]",
        "The workshop needs a locked room. [1]",
        "Le maire inaugure chaque atelier en fanfare devant les écoles.",
        "La loi l’impose depuis 1789. [9]",
    ],
)
def test_a_sentence_without_support_is_never_shown_and_is_counted(writer, false):
    answers = list(writer(*f"{MENDED} [1] {false} {ROOM} [1]").stream(HOW))
    said = re.sub(r" \[\d\]", "", false)
    assert all(said not in answer.text for answer in answers)
    assert answers[-1].status == "partial"
    assert [(removed.text, removed.reason) for removed in answers[-1].removed] == [(said, "removed_unsupported")]
    assert [claim.text for claim in answers[-1].claims] == [MENDED, ROOM]


UNSUPPORTED = ["Les passages ne répondent pas à la question.", "Il faut 73 établis. [1] Et une licorne. [2]", "", "[1]"]


@pytest.mark.parametrize("reply", [*UNSUPPORTED, f"<think>{MENDED} [1]"])
def test_a_reply_that_nothing_supports_gives_way_to_extracts_and_says_so(writer, small_assistant, reply):
    (answer,) = writer(reply).stream(HOW)
    composed = small_assistant.ask(HOW)
    note, *extracts = answer.claims
    assert (note.text, note.kind, note.citations) == (message("written_unverified", "fr"), "note", ())
    assert (tuple(extracts), answer.citations) == (composed.claims, composed.citations) and answer.done
    assert (answer.mode, answer.model) == ("composed", "petit-modele")
    said = re.findall(r"\w[^.]*\.", re.sub(r" \[\d\]|<think>.*", "", reply))
    assert [(removed.text, removed.reason) for removed in answer.removed] == [(s, "removed_unsupported") for s in said]


def test_the_extracts_in_the_place_of_a_reply_are_told_in_the_language_of_the_question(writer):
    answer = writer("The workshop needs a unicorn.").ask(
        "What is the carbon footprint of digital technology in France?"
    )
    assert answer.claims[0].text == message("written_unverified", "en") and answer.citations


@pytest.mark.parametrize("reply", UNSUPPORTED)
def test_a_reply_that_nothing_supports_where_nothing_else_is_said_is_a_refusal(writer, monkeypatch, reply):
    assistant, drafts = writer(reply), Assistant.drafts
    monkeypatch.setattr(
        assistant, "drafts", lambda one: drafts(assistant, one) if one.basis == "none" else [], raising=False
    )
    (answer,) = assistant.stream(HOW)
    assert answer.status == "not_found" and answer.done and answer.citations == ()
    assert answer.claims[0].text == message("not_found", "fr")
    assert len(answer.removed) == len(re.findall(r"[.]", reply))


def test_what_proves_to_be_a_reasoning_is_withdrawn_and_not_counted(writer):
    *growing, last = writer(*f"{ROOM} [1] Une licorne. {ROOM}</think>{MENDED} [1]").stream(HOW)
    assert [[claim.text for claim in answer.claims] for answer in growing] == [[ROOM], [], [MENDED]]
    assert not any(answer.done for answer in growing) and {answer.status for answer in growing} == {"answered"}
    assert ([claim.text for claim in last.claims], last.removed, last.status) == ([MENDED], (), "answered")
    assert ROOM not in {citation.quote for citation in last.citations}


@pytest.mark.parametrize("before", [[], [f"{MENDED} [1] ", ROOM]])
def test_a_model_that_fails_is_one_sentence(writer, before):
    with pytest.raises(ModelError) as error:
        writer(*before, ConnectionError("refusée")).ask(HOW)
    assert "ASSISTANT_LLM_BASE_URL" in message(error.value.key, "fr", **error.value.values)


@pytest.mark.parametrize("question", [LIST, "critère 4.4", OFF_DOMAIN, "Que dit le critère 4.40 ?", "Bonjour"])
def test_the_model_is_not_asked_where_properties_answer_or_the_question_is_refused(writer, question):
    answer = writer().ask(question)
    assert (answer.mode, answer.model) == ("composed", "")


def test_the_model_is_asked_the_question_as_it_was_understood(writer):
    assistant = writer(MENDED)
    model = corridor.language_model(assistant.settings)
    answer = assistant.ask("et pour les téléphones ?", [("Comment ouvrir un atelier de réparation de vélos ?", "…")])
    ((_, user),) = model.calls
    assert answer.standalone in user.content and "atelier" in answer.standalone and "téléphones" in answer.standalone


# --- spelling -------------------------------------------------------------------------------------------------------


def test_a_misspelt_question_is_read_as_it_was_meant_and_says_so(small_assistant):
    answer = small_assistant.ask("Comment ouvrir un attelier de réparratoin de téléphones ?")
    assert answer.standalone == "Comment ouvrir un atelier de réparation de téléphones ?"
    assert {hit.passage.id for hit in answer.passages} == {hit.passage.id for hit in small_assistant.ask(HOW).passages}


def test_an_english_question_is_not_repaired_to_french_words(small_assistant):
    question = "How do you repair the telephones of a workshop?"
    assert small_assistant.ask(question).standalone == question


@pytest.fixture
def searched(small_assistant, monkeypatch):
    """The questions that the retriever is asked."""
    asked, search = [], small_assistant.retriever.search
    monkeypatch.setattr(
        small_assistant.retriever,
        "search",
        lambda question, *others: asked.append(question.text) or search(question, *others),
    )
    return asked


@pytest.mark.parametrize("method", ["ask", "search"])
def test_a_question_without_a_repair_is_searched_once_and_one_with_a_repair_in_both_readings(
    small_assistant, searched, method
):
    getattr(small_assistant, method)(HOW)
    assert searched == [HOW]
    getattr(small_assistant, method)("Comment ouvrir un attelier de réparation ?")
    assert searched[1:] == ["Comment ouvrir un attelier de réparation ?", "Comment ouvrir un atelier de réparation ?"]


@pytest.mark.parametrize("method", ["ask", "search"])
@pytest.mark.parametrize(
    ("typed", "mended", "read"),
    [(HOW, LIST, LIST), (LIST, HOW, LIST)],
)
def test_the_surer_reading_is_answered_and_shown(small_assistant, monkeypatch, method, typed, mended, read):
    monkeypatch.setattr(corridor, "repaired", lambda text, *known: mended)
    answer = getattr(small_assistant, method)(typed)
    assert answer.question == typed and answer.standalone == read
    assert answer.passages[0] == small_assistant.search(read).passages[0]


def test_a_misspelt_question_about_a_criterion_or_a_list_is_answered_from_properties(small_assistant):
    check = small_assistant.ask("Comment controoler le critère 4.4 ?")
    assert {citation.document for citation in check.citations} == {"data/referentiel-ecoconception.json"}
    assert [
        claim.text for claim in small_assistant.ask("Quels critères priioritaires concernent un designer ?").claims
    ] == [claim.text for claim in small_assistant.ask(LIST).claims]
    missing = small_assistant.ask("Comment controoler le critère 4.40 ?")
    assert missing.claims[0].text == message("criterion_missing", "fr", numbers="4.40")


def test_a_correct_question_is_read_as_it_is_typed(cards_assistant):
    question = "Une commune de montagne doit-elle une stratégie numérique responsable ?"
    answer = cards_assistant.ask(question)
    assert answer.status == "answered" and answer.standalone == question


# --- markup ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["ask", "search"])
def test_markup_is_not_searched_and_the_question_stays_as_it_was_typed(small_assistant, method):
    typed = f"<script>alert(1)</script> {HOW}"
    answer, plain = (getattr(small_assistant, method)(question) for question in (typed, HOW))
    assert (answer.question, answer.standalone) == (typed, HOW)
    assert (answer.text, answer.passages) == (plain.text, plain.passages)


@pytest.mark.parametrize("method", ["ask", "search"])
@pytest.mark.parametrize("question", ["<script>alert(1)</script>", "<br>", "<!-- vide -->", "{{ question }}"])
def test_nothing_but_markup_is_an_empty_question(small_assistant, method, question):
    with pytest.raises(InputError) as error:
        getattr(small_assistant, method)(question)
    assert error.value.key == "question_empty"


def test_markup_in_what_was_said_before_is_not_searched_either(small_assistant):
    history = [("<b>Comment</b> ouvrir un atelier de réparation de vélos ?", "…")]
    assert "<b>" not in small_assistant.search("et pour les téléphones ?", history).standalone


def test_a_greeting_in_markup_is_a_greeting(small_assistant):
    assert small_assistant.ask("<b>Bonjour</b>").claims[0].text == message("talk_hello", "fr")
