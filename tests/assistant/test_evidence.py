"""Answer or refuse: the signs, and what they decide on questions that nobody would hesitate about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.decision import missing_criteria
from assistant.evidence import holds, names_what_is_not_held, passages_hold, signs
from assistant.matching import WEIGHTS, matches
from assistant.question import understand
from corpus.lexical import fold

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
def search(small_assistant):
    return lambda question, **options: small_assistant.retriever.search(understand(question), **options)


@pytest.fixture(scope="module")
def known():
    """The signs that were measured already: measuring them encodes sentences."""
    return {}


@pytest.fixture
def measure(small_assistant, search, known):
    def measured(question, **options):
        key = (question, str(options))
        if key not in known:
            known[key] = signs_of(small_assistant, question, search(question, **options))
        return known[key]

    return measured


def signs_of(assistant, question, found):
    read = understand(question)
    return signs(read, found, matches(read, found, assistant.index), assistant.index.lexical)


# --- the signs ------------------------------------------------------------------------------------------------------

ODD = [
    "?!",
    "le la les",
    "PUE",
    "En 1789, combien ?",
    "What about the PUE?",
    "x" * 300,
    "article 40, module 4, i.2",
    "Marie Curie",
]


@pytest.mark.parametrize("question", [*ANSWERABLE, *OFF_DOMAIN, *ODD])
def test_every_sign_is_there_and_weighed(measure, question):
    measured = measure(question)
    assert set(measured) == set(WEIGHTS["holds"]) - {""}
    assert all(-40 <= value <= 40 for value in measured.values()), measured


def test_nothing_found_holds_nothing(small_assistant, search):
    nothing = replace(search("Quel PUE ?"), hits=(), candidates={})
    lexical = small_assistant.index.lexical
    assert holds(understand("Quel PUE ?"), nothing, [], lexical) == 0
    assert passages_hold(understand("Quel PUE ?"), nothing, lexical) == 0


@pytest.mark.parametrize("sign", ["similarity", "lexical"])
def test_a_question_of_the_domain_is_nearer_than_another(measure, sign):
    near = min(measure(question)[sign] for question in ANSWERABLE[:3])
    far = max(measure(question)[sign] for question in OFF_DOMAIN[1:4])
    assert near > far


@pytest.mark.parametrize(
    ("there", "missing", "sign"),
    [
        (
            "Le registre des écrans est-il obligatoire en 2027 ?",
            "Le registre des écrans est-il obligatoire en 1987 ?",
            "specifics_missing",
        ),
        ("Que prévoit la loi REEN ?", "Que prévoit la loi Badinter ?", "specifics_missing"),
        ("Que dit l’article 15 de la loi REEN ?", "Que dit l’article 99 de la loi REEN ?", "specifics_missing"),
    ],
)
def test_what_the_question_names_and_the_passages_do_not_is_a_sign(measure, there, missing, sign):
    assert measure(there)[sign] < measure(missing)[sign]


def test_a_great_number_in_english_is_nothing_numbered(measure):
    assert measure("Which workshop repairs more than 50,000 telephones?")["specifics_missing"] == 0
    assert measure("What does article 50 say of telephones?")["specifics_missing"] == 1


@pytest.mark.parametrize(
    ("question", "told", "expected"),
    [
        ("Que dit l’article 40 de la loi REEN ?", "La loi REEN, article 15, prévoit ceci.", True),
        ("Que dit l’article 15 de la loi REEN ?", "La loi REEN, article 15, prévoit ceci.", False),
        ("Que dit l’article 13 de la loi REEN ?", "Les articles 12 et 13 de la loi REEN.", False),
        ("Que prévoit la loi REEN en Belgique ?", "La loi REEN prévoit ceci en France.", True),
        ("Que demande le module 7 du parcours ?", "Le module 1 et le module 2.", True),
        ("Nous remplaçons 40 postes : que faire des anciens ?", "Donner les anciens postes.", False),
        ("Is the statement mandatory in France?", "La déclaration est volontaire.", False),
    ],
)
def test_what_is_named_and_stands_nowhere_is_not_held(search, question, told, expected):
    nothing = replace(search(question), hits=())
    assert names_what_is_not_held(understand(question), nothing, [fold(told)]) is expected


@pytest.mark.parametrize(("kind", "missing"), [("criterion", 1.0), ("guide", 0.0)])
def test_money_that_is_asked_for_and_stands_nowhere_is_a_sign(measure, kind, missing):
    assert (
        measure("Quel est le coût de l’atelier de réparation ?", filters={"kind": [kind]})["money_missing"] == missing
    )


# --- what they decide -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ANSWERABLE)
def test_what_the_sources_say_is_answered(small_assistant, question):
    assert small_assistant.ask(question).status == "answered"


@pytest.mark.parametrize("question", OFF_DOMAIN)
def test_what_the_sources_do_not_deal_with_is_refused(cards_assistant, question):
    """With all that is known to be asked and not held, which a small index has not."""
    assert cards_assistant.ask(question).basis in ("none", "absence", "talk")


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Que dit le critère 4.40 ?", ["4.40"]),
        ("critère 12.1", ["12.1"]),
        ("Compare les critères 4.4 et 4.99", ["4.99"]),
        ("What does criterion 7.7 say?", ["7.7"]),
        ("Que dit le critère 4.4 ?", []),
    ],
)
def test_a_criterion_that_does_not_exist_is_told(small_assistant, question, missing):
    assert missing_criteria(understand(question), small_assistant.index) == missing
    assert (small_assistant.ask(question).basis == "none") is bool(missing)
