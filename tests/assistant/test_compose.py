"""Composed answers: the sources' own words, chosen for what the question asks, whole and without repetition."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from small_index import OFFICIAL

from assistant.compose import compose_criterion, compose_list, extracts
from assistant.question import understand
from assistant.verify import verify
from corpus.catalogue import parse

HOW = "Comment ouvrir un atelier de réparation de téléphones ?"
FIGURE = "Combien de téléphones l’atelier remet-il en état par mois ?"
WHEN = "À partir de quand le registre des écrans est-il obligatoire ?"
QUESTIONS = [
    HOW,
    FIGURE,
    WHEN,
    "Qu’est-ce qu’un atelier de réparation de téléphones ?",
    "Qui tient le registre des écrans d’affichage ?",
    "Pourquoi réparer un téléphone ?",
    "À qui donner du matériel informatique public ?",
    "Quel PUE demander à un hébergeur ?",
    "Quelle part de l’empreinte carbone vient des terminaux ?",
    "Que prévoit la loi REEN pour l’indice de réparabilité ?",
    "How should a criterion on notifications be met?",
]


@pytest.fixture
def index(small_assistant):
    return small_assistant.index


@pytest.fixture
def answer(small_assistant):
    def composed(question):
        understood = understand(question)
        return extracts(understood, small_assistant.retriever.search(understood).hits, small_assistant.index)

    return composed


@pytest.fixture
def criterion(index):
    return lambda question, number: compose_criterion(
        understand(question), index.documents[f"{OFFICIAL}{number}"], index
    )


@pytest.fixture
def claims(answer):
    """The claims of an answer without the titles of the documents that they come from, which nothing supports."""
    return lambda question: [draft for draft in answer(question) if draft.kind != "title"]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


# --- sentences ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_claim_is_a_run_of_words_of_its_passage(claims, question):
    for draft in claims(question):
        (support,) = draft.supports
        assert support.quote in support.hit.passage.text
        assert draft.text == support.quote or words(draft.text) == words(support.quote)


@pytest.mark.parametrize("question", QUESTIONS)
def test_extracts_are_of_three_passages_at_most_sentences_or_whole_lists(claims, question):
    drafts = claims(question)
    assert {draft.kind for draft in drafts} <= {"sentence", "item"}
    assert len({support.hit.passage.id for draft in drafts for support in draft.supports}) <= 3


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_title_is_that_of_the_document_that_is_quoted_below(answer, question):
    drafts = answer(question)
    for title, below in pairwise(drafts):
        if title.kind == "title":
            document = below.supports[0].hit.document
            assert title.supports == () and title.text.endswith(document.properties.get("question") or document.title)
    assert not drafts or drafts[-1].kind != "title"


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_is_said_twice(answer, question):
    texts = [draft.text for draft in answer(question)]
    assert len(set(texts)) == len(texts)
    assert sum("37 téléphones" in text for text in texts) <= 1  # which two documents say in the same words


@pytest.mark.parametrize("question", QUESTIONS)
def test_all_that_is_composed_passes_the_verification(small_assistant, answer, question):
    found = small_assistant.retriever.search(understand(question)).hits
    drafts = answer(question)
    verified = verify(drafts, found, small_assistant.index)
    assert verified.removed == () and len(verified.claims) == len(drafts)
    assert verified.passages == found  # nothing but what was found is quoted


@pytest.mark.parametrize("question", QUESTIONS)
def test_sentences_are_whole(claims, question):
    for draft in claims(question):
        (support,) = draft.supports
        before, after = support.hit.passage.text.split(support.quote, 1)
        assert re.search(r"(^|[.!?…:;»)]|^[-|] |\n[-|] |\n)\s*$", before), before[-30:]
        assert not after or after[0].isspace()


def test_a_how_question_gets_the_whole_list_below_what_introduces_it(answer):
    drafts = answer(HOW)
    lead = next(place for place, draft in enumerate(drafts) if draft.text.endswith(":"))
    items = drafts[lead + 1 : lead + 5]
    assert drafts[lead].text.startswith("Pour ouvrir un atelier") and {item.kind for item in items} == {"item"}
    assert [item.text.split()[1] for item in items] == ["salle", "réparateur", "stock", "fiche"]


@pytest.mark.parametrize(
    ("question", "held"),
    [
        (FIGURE, "37 téléphones"),
        (WHEN, "1er mars 2027"),
        ("Combien d’habitants faut-il pour tenir le registre des écrans ?", "3 500 habitants"),
        ("Quelle part de l’empreinte carbone de la France vient du numérique ?", "4,4 %"),
        ("Qui tient le registre des écrans d’affichage ?", "Chaque mairie"),
        ("Qu’est-ce qu’un atelier de réparation de téléphones ?", "est un lieu ouvert"),
    ],
)
def test_what_the_question_asks_for_is_in_the_answer(answer, question, held):
    assert any(held in " ".join(draft.text.split()) for draft in answer(question))


def test_a_figure_comes_in_the_first_sentences(answer):
    assert any(re.search(r"\d", draft.text) for draft in answer(FIGURE)[:2])


def test_a_sentence_that_leans_on_another_comes_with_it(answer):
    texts = [
        draft.text
        for draft in answer("Quand l’ouverture de l’atelier est-elle annoncée dans le bulletin de la commune ?")
    ]
    leaning = texts.index("Elle est annoncée dans le bulletin de la commune un mois plus tôt.")
    assert texts[leaning - 1] == "L’ouverture se décide en conseil municipal."


# --- criteria -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        ("Que demande le critère 4.4 ?", ["Objectif", "Mise en œuvre", "Contrôle", "Fiche"]),
        ("Comment contrôler le critère 4.4 ?", ["Contrôle", "Objectif", "Mise en œuvre", "Fiche"]),
        ("What does criterion 4.4 say?", ["Aim", "How to do it", "How to check it", "Sheet"]),
        ("How is criterion 4.4 verified?", ["How to check it", "Aim", "How to do it", "Sheet"]),
    ],
)
def test_a_criterion_says_its_aim_how_and_check(criterion, question, headings):
    drafts = criterion(question, "4.4")
    assert [draft.text for draft in drafts if draft.kind == "heading"] == headings
    assert drafts[0].kind == "title" and drafts[0].text.startswith("4.4 – Le service numérique laisse-t-il")


@pytest.mark.parametrize("number", ["2.5", "4.4", "4.10", "8.3"])
def test_each_part_of_a_criterion_is_quoted_from_that_part(criterion, index, number):
    drafts = criterion(f"Que demande le critère {number} ?", number)
    kinds = {"Objectif": "aim", "Mise en œuvre": "how", "Contrôle": "check", "Fiche": "question"}
    part = ""
    quoted = set()
    for draft in drafts[1:]:
        part = draft.text if draft.kind == "heading" else part
        for support in draft.supports:
            assert support.hit.passage.section_kind == kinds[part]
            assert support.hit.document.id == f"{OFFICIAL}{number}" and support.quote in support.hit.passage.text
            quoted.add(part)
    assert quoted == set(kinds)
    assert verify(drafts, [], index).removed == ()


def test_the_part_of_a_criterion_that_is_asked_for_is_picked(criterion):
    how = [draft.text for draft in criterion("Faut-il garder la trace des fonctions fermées, critère 2.5 ?", "2.5")]
    assert any(text.startswith("Garder la trace") for text in how)


# --- lists ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("Quels critères prioritaires concernent un designer ?", ["2.5", "4.10"]),
        ("Quels critères concernent un designer ?", ["2.5", "4.4", "4.10"]),
        ("Liste les critères recommandés", ["4.4"]),
        ("Combien de critères UX/UI ?", ["4.4", "4.10"]),
        ("Quels critères concernent le porteur de projet ?", ["1.1", "2.5"]),
        ("Which priority criteria concern a designer?", ["2.5", "4.10"]),
        ("Quels critères UX/UI sont prioritaires ?", ["4.10"]),
        ("Quelles bonnes pratiques prioritaires ?", ["i.2", "i.3"]),
        ("Quelles bonnes pratiques pour la direction des achats ?", ["i.3"]),
        ("Liste les bonnes pratiques faciles", ["i.2"]),
    ],
)
def test_a_list_is_complete_in_order_and_each_of_its_items_cited(index, question, codes):
    query = parse(question, index.documents.values())
    lead, *items = compose_list(query, understand(question), index)
    assert lead.kind == "note" and re.search(rf"\b{len(codes)} (crit|bonnes? pratiques?|good)", lead.text)
    assert [item.text.split(" – ")[0] for item in items] == codes
    verified = verify([lead, *items], [], index)
    assert verified.removed == () and all(len(claim.citations) == 1 for claim in verified.claims[1:])
    assert len({support.hit.document.id for item in items for support in item.supports}) == len(codes)


def test_a_list_takes_the_official_document_before_the_card(index):
    question = "Quels critères concernent le responsable de l’hébergement ?"
    _, item = compose_list(parse(question, index.documents.values()), understand(question), index)
    assert item.supports[0].hit.document.id == f"{OFFICIAL}8.3"


def test_a_list_that_holds_nothing_is_no_answer(index):
    question = "Quels critères d’hébergement concernent un designer ?"
    assert compose_list(parse(question, index.documents.values()), understand(question), index) == []


@pytest.mark.parametrize(
    "question",
    ["Quels critères prioritaires pour les vidéos ?", "Quels critères prioritaires concernent les comptables ?"],
)
def test_a_list_on_a_subject_is_not_answered_by_a_list_of_everything(index, question):
    assert parse(question, index.documents.values()) is None
