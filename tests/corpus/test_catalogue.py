"""Lists of criteria and good practices: exhaustive, in order, and only where properties can answer."""

from __future__ import annotations

import re

import pytest

from corpus.catalogue import CatalogueQuery, named, order, parse, select
from corpus.documents import Document
from corpus.readers.cards import card_paths, read_card

CARDS = [read_card(path) for path in card_paths()]
CRITERIA = [card for card in CARDS if card.kind == "criterion"]
NUMBERS = [str(card.properties["number"]) for card in CRITERIA]


def document(
    id: str, kind: str = "criterion", origin: str = "official", superseded_by: str = "", **properties: object
) -> Document:
    return Document(id, id, origin, id, "", kind, superseded_by=superseded_by, properties=properties)


PRACTICES = [
    document(f"bp-{code}", "good practice", code=code, priority=priority, difficulty=difficulty, who=who)
    for code, priority, difficulty, who in (
        ("i.10", "Prioritaire", "Facile", ("DSI",)),
        ("i.2", "Prioritaire", "Difficile", ("Service achats", "DSI")),
        ("b.1", "Recommandé", "Facile", ("Direction",)),
    )
]


def numbers(question: str, documents: list[Document] = CARDS) -> list[str] | None:
    query = parse(question, documents)
    return query and [str(d.properties.get("number", d.properties.get("code"))) for d in select(documents, query)]


def expected(**wanted: str) -> set[str]:
    """The numbers of the cards that hold all of ``wanted``, read from their properties alone."""
    return {
        str(card.properties["number"])
        for card in CRITERIA
        if all(
            value in card.properties[name] if name == "jobs" else value == card.properties[name]
            for name, value in wanted.items()
        )
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_every_criterion_is_found_by_its_number(number):
    [found] = named(CARDS, [number])
    assert found.id == f"base/rgesn-2024-{number}"


def test_numbers_come_back_in_the_order_asked_and_unknown_ones_are_left_out():
    assert [card.properties["number"] for card in named(CARDS, ["9.7", "4.44", "1.1", "4"])] == ["9.7", "1.1"]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("quels critères prioritaires concernent un designer ?", {"priority": "Prioritaire", "jobs": "Designer"}),
        ("Quels critères concernent les développeurs ?", {"jobs": "Développeur"}),
        ("liste des critères recommandés", {"priority": "Recommandé"}),
        ("Tous les critères modérés du RGESN", {"priority": "Modéré"}),
        ("Combien de critères sont prioritaires ?", {"priority": "Prioritaire"}),
        ("quels critères faciles pour une développeuse", {"difficulty": "Faible", "jobs": "Développeur"}),
        ("Quels critères sont peu difficiles ?", {"difficulty": "Faible"}),
        ("Quels critères sont difficiles ?", {"difficulty": "Fort"}),
        ("critères de difficulté moyenne : liste", {"difficulty": "Moyen"}),
        ("Donne-moi les critères de la thématique contenus", {"theme": "Contenus"}),
        ("Quels critères d’hébergement sont prioritaires ?", {"theme": "Hébergement", "priority": "Prioritaire"}),
        ("Quels critères pour un acheteur ?", {"jobs": "Responsable des achats"}),
        ("QUELS CRITERES POUR UN DATA SCIENTIST", {"jobs": "Data Scientist"}),
        ("Which criteria have moderate priority?", {"priority": "Modéré"}),
        ("Which high priority criteria concern a developer?", {"priority": "Prioritaire", "jobs": "Développeur"}),
        ("List the easy criteria", {"difficulty": "Faible"}),
        ("donne-moi tous les critères de la thématique 9", {"theme": "Algorithmie"}),
        ("How many recommended criteria are there?", {"priority": "Recommandé"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_list_holds_exactly_the_criteria_that_fit(question, wanted):
    found = numbers(question)
    assert found and set(found) == expected(**wanted) and len(found) == len(set(found))


@pytest.mark.parametrize("name", ["theme", "priority", "difficulty"])
def test_the_lists_of_one_property_share_out_the_78_criteria(name):
    values = {str(card.properties[name]) for card in CRITERIA}
    lists = [select(CARDS, CatalogueQuery("criterion", {name: (value,)})) for value in values]
    assert sum(map(len, lists)) == len({card.id for found in lists for card in found}) == 78


@pytest.mark.parametrize("job", sorted({job for card in CRITERIA for job in card.properties["jobs"]}))
def test_a_job_named_as_the_criteria_name_it_lists_all_of_its_criteria(job):
    found = numbers(f"Quels critères concernent le métier « {job} » ?")
    assert found is not None and expected(jobs=job) <= set(found)


@pytest.mark.parametrize(
    "question",
    [
        "quels critères parlent de vidéo ?",
        "Quels critères traitent du défilement infini ?",
        "Quels critères prioritaires parlent des polices de caractères ?",
        "Quels critères concernent les mises à jour de sécurité ?",
        "Comment valider le critère 4.4 ?",
        "Que dit un critère prioritaire ?",
        "Quels sont les outils d’un designer ?",
        "Which criteria are about web fonts?",
        "Quels critères ?",
        "",
    ],
)
def test_a_subject_is_left_to_the_search(question):
    assert parse(question, CARDS) is None


def test_lists_are_in_the_order_of_the_numbers():
    found = select(CARDS, CatalogueQuery("criterion"))
    assert [str(card.properties["number"]) for card in found] == sorted(
        NUMBERS, key=lambda n: [*map(int, n.split("."))]
    )
    shuffled = [document(number, number=number) for number in ("4.10", "10.1", "4.2", "4.1")]
    assert [d.id for d in sorted(shuffled, key=order)] == ["4.1", "4.2", "4.10", "10.1"]


def test_good_practices_are_listed_by_who_they_concern():
    assert numbers("Quelles bonnes pratiques prioritaires concernent la DSI ?", PRACTICES) == ["i.2", "i.10"]
    assert numbers("Quelles bonnes pratiques faciles ?", PRACTICES) == ["b.1", "i.10"]
    assert numbers("Quelles bonnes pratiques pour le service achats ?", PRACTICES) == ["i.2"]
    assert [d.id for d in named(PRACTICES, ["I.2", "b.1"])] == ["bp-i.2", "bp-b.1"]


def test_the_official_criterion_comes_before_our_card_and_the_edition_in_force_before_the_others():
    documents = [
        document("card", origin="card", number="4.4"),
        document("official", number="4.4"),
        document("old", number="4.4", superseded_by="RGESN 2024"),
        document("other card", origin="card", number="4.5"),
    ]
    for some in (documents, documents[::-1]):
        assert [d.id for d in select(some, CatalogueQuery("criterion"))] == ["official", "other card"]
        assert [d.id for d in named(some, ["4.4"])] == ["official"]
        assert [d.id for d in select(some, CatalogueQuery("criterion"), superseded=True)] == ["old"]
        assert [d.id for d in named(some, ["4.4", "4.5"], superseded=True)] == ["old"]


def test_several_values_of_a_property_are_alternatives_and_several_properties_are_not():
    query = CatalogueQuery("criterion", {"priority": ("Modéré", "Prioritaire"), "theme": ("Backend",)})
    found = {str(card.properties["number"]) for card in select(CARDS, query)}
    assert found == expected(theme="Backend") - expected(theme="Backend", priority="Recommandé") != set()


def test_a_document_of_the_kind_without_its_number_is_not_listed():
    assert select([document("page about criteria", theme="Backend")], CatalogueQuery("criterion")) == []


def test_numbers_follow_the_form_of_the_referential():
    assert all(re.fullmatch(r"[1-9]\.\d{1,2}", number) for number in NUMBERS)
