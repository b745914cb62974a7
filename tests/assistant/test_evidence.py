"""Answer or refuse: the signs, and what they decide on questions that nobody would hesitate about."""

from __future__ import annotations

import pytest

from assistant.evidence import SIGNS, WEIGHTS, confidence, holds_answer, signs
from assistant.question import understand
from assistant.search import Found

ANSWERABLE = [
    "Comment ouvrir un atelier de réparation de téléphones ?",
    "Combien de téléphones l’atelier de réparation remet-il en état par mois ?",
    "À partir de quand le registre des écrans devient-il obligatoire ?",
    "Qui tient le registre des écrans d’affichage ?",
    "Quel PUE demander à l’hébergeur ?",
    "À qui un organisme public peut-il donner son matériel informatique ?",
    "Quelle est l’empreinte carbone du numérique en France ?",
    "Qu’est-ce que l’indice de réparabilité ?",
    "Que prévoit la loi REEN ?",
    "À quelle heure s’éteignent les postes de travail ?",
]
OFF_DOMAIN = [
    "recette de la tarte aux pommes",
    "Quelle est la recette de la tarte aux pommes ?",
    "Quel est le résultat du match de football d’hier soir ?",
    "Qui a gagné la coupe du monde de rugby ?",
    "Quelle est la capitale de la Mongolie ?",
    "Quel temps fera-t-il demain à Marseille ?",
    "Comment soigner une angine ?",
    "Donne-moi un poème sur la mer",
    "What is the best restaurant in Lisbon?",
]


@pytest.fixture
def measure(small_assistant):
    def measured(question, **options):
        understood = understand(question)
        found = small_assistant.retriever.search(understood, **options)
        return signs(understood, found.hits, found.candidates, small_assistant.index.lexical)

    return measured


ODD = ["4.4", "?!", "le la les", "PUE", "En 1789, combien ?", "What about the PUE?", "x" * 300, "article 40, module 4, i.2", "Marie Curie"]


@pytest.mark.parametrize("question", [*ANSWERABLE, *OFF_DOMAIN, *ODD])
def test_every_sign_is_there_and_bounded(measure, question):
    measured = measure(question)
    assert set(measured) == set(SIGNS) and len(SIGNS) == len(set(SIGNS))
    assert all(isinstance(value, float | int) and -1 <= value <= 2 for value in measured.values()), measured
    assert 0 <= confidence(measured) <= 1


@pytest.mark.parametrize("mode", ["dense", "lexical"])
def test_signs_are_bounded_where_one_search_alone_found_something(measure, mode):
    assert all(-1 <= value <= 2 for value in measure("Combien de téléphones l’atelier répare-t-il ?", mode=mode).values())


def test_the_signs_of_nothing_are_zero(small_assistant):
    understood = understand("Quel PUE ?")
    assert signs(understood, (), {}, small_assistant.index.lexical) == dict.fromkeys(SIGNS, 0.0)


def test_only_signs_that_are_measured_are_weighed():
    assert set(WEIGHTS) <= set(SIGNS)


@pytest.mark.parametrize(
    ("better", "worse", "sign"),
    [
        ("Combien de téléphones l’atelier répare-t-il ?", "Combien de téléphones la fusée répare-t-elle ?", "coverage_best"),
        ("Quel PUE demander à l’hébergeur ?", "Quel klaxon demander à l’hébergeur ?", "coverage_together"),
    ],
)
def test_more_of_the_question_in_the_passages_is_a_higher_coverage(measure, better, worse, sign):
    assert measure(better)[sign] > measure(worse)[sign]


@pytest.mark.parametrize(
    ("there", "missing", "sign"),
    [
        ("Le registre des écrans est-il obligatoire en 2027 ?", "Le registre des écrans est-il obligatoire en 1987 ?", "years_missing"),
        ("Que prévoit la loi REEN ?", "Que prévoit la loi Badinter ?", "names_missing"),
    ],
)
def test_what_the_question_names_and_the_passages_do_not_is_a_sign(measure, there, missing, sign):
    assert measure(there)[sign] < measure(missing)[sign]


@pytest.mark.parametrize("question", ANSWERABLE)
def test_what_the_sources_say_is_answered(measure, question):
    assert holds_answer(measure(question))


@pytest.mark.parametrize("question", OFF_DOMAIN)
def test_what_the_sources_do_not_deal_with_is_refused(measure, question):
    assert not holds_answer(measure(question))


def test_what_search_found_nothing_for_is_refused(small_assistant):
    assert not small_assistant.answerable(understand("Quel PUE demander à l’hébergeur ?"), Found((), {}, {}))


@pytest.mark.parametrize("question", ["Que dit le critère 4.40 ?", "critère 12.1", "Compare les critères 4.4 et 4.99", "What does criterion 0.1 and 7.7 say?"])
def test_a_criterion_that_does_not_exist_is_refused(small_assistant, question):
    understood = understand(question)
    assert not small_assistant.answerable(understood, small_assistant.retriever.search(understood))
