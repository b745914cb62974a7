"""JSON: the three published shapes of the referential told apart, and the quizzes."""

from __future__ import annotations

import json

import pytest

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.readers.json_data import read
from corpus.readers.source_file import SourceEntry, SourceFile, entry_for

CURRENT = {
    "numero": "4.10",
    "thematique": "UX/UI",
    "critere": "Le service **limite**-t-il ses effets&nbsp;?",
    "difficulte": "Faible",
    "priorite": "Prioritaire",
    "cible": "Applicable à tous",
    "metiers": "Designer,  Développeur , ",
    "objectif": "Moins d’effets.\\nPlus de calme.",
    "miseEnOeuvre": "Lire [le guide](https://exemple.fr/guide) :\n* un\n* deux\n\nFin avec `code`.",
    "controle": "",
}
BETA = {
    "id": "1.1",
    "url": "u",
    "critere": "Utile ?",
    "thematique": "Stratégie",
    "objectif": "O",
    "miseEnOeuvre": "M",
    "controle": "C",
}
ENGLISH = {
    "id": "1.1",
    "thematic": "Strategy",
    "criterion": "Useful?",
    "objective": "O",
    "implementation": "I",
    "test": "T",
}
ENTRY = SourceEntry(title="RGESN", edition="RGESN 2024", url="https://exemple.fr/critere/{number}/")


@pytest.fixture
def documents(tmp_path):
    """Read a file from its content."""

    def run(content: object, entry: SourceEntry = ENTRY) -> list[Document]:
        path = tmp_path / "fichier.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return read(SourceFile(path, "data/fichier.json", entry))

    return run


def test_a_criterion_is_a_document_with_typed_properties(documents):
    [document] = documents({"criteres": [CURRENT]})
    assert document.id == "data/fichier.json#4.10" and document.path == "data/fichier.json"
    assert document.url == "https://exemple.fr/critere/4.10/" and document.kind == "criterion"
    assert document.properties == {
        "number": "4.10",
        "question": "Le service limite-t-il ses effets\u00a0?",
        "theme": "UX/UI",
        "priority": "Prioritaire",
        "difficulty": "Faible",
        "jobs": ("Designer", "Développeur"),
        "applicability": "Applicable à tous",
    }


def test_a_criterion_has_its_question_and_sheet_then_its_aim_how_and_check(documents):
    [document] = documents({"criteres": [CURRENT | {"controle": "Vérifier."}]})
    assert [section.kind for section in document.sections] == ["question", "aim", "how", "check"]
    assert {section.locator.kind for section in document.sections} == {"criterion"}
    assert {section.locator.value for section in document.sections} == {"4.10"}
    question, aim, how, _ = document.sections
    assert question.text.startswith(
        document.properties["question"] + "\n\n- Thématique : UX/UI\n- Priorité : Prioritaire"
    )
    assert question.heading_path == (f"4.10 – {document.properties['question']}",)
    assert aim.heading_path == (*question.heading_path, "Objectif")
    assert aim.text == "Moins d’effets.\n\nPlus de calme."
    assert how.text == "Lire le guide :\n\n- un\n- deux\n\nFin avec code."
    assert document.links == ("https://exemple.fr/guide",)


def test_a_field_without_text_makes_no_section(documents):
    [document] = documents([CURRENT])
    assert "check" not in {section.kind for section in document.sections}


@pytest.mark.parametrize(("content", "heading"), [([BETA], "Objectif"), ([ENGLISH], "Objective")])
def test_the_older_shapes_are_read_under_their_own_words(documents, content, heading):
    [document] = documents(content)
    assert document.properties["number"] == "1.1" and document.properties["jobs"] == ()
    assert [section.kind for section in document.sections] == ["question", "aim", "how", "check"]
    assert document.sections[1].heading_path[-1] == heading


def test_a_quiz_gives_each_question_its_right_answers_and_the_explanation(documents):
    quiz = {
        "questions": [
            {
                "question": "Que faire d’un écran ?",
                "answers": [
                    {"title": "Le jeter"},
                    {"title": "Le donner", "isRight": True},
                    {"title": "Le vendre", "isRight": True},
                ],
                "answerInformation": "Les deux évitent un **déchet**.",
            },
            {"question": "Sans réponse ?", "answers": [{"title": "Non"}]},
        ]
    }
    [document] = documents(quiz, SourceEntry(kind="training", url="https://exemple.fr/quiz/"))
    assert (document.title, document.url, document.kind) == ("fichier", "https://exemple.fr/quiz/", "training")
    [section] = document.sections
    assert section.heading_path == ("Que faire d’un écran ?",) and section.kind == "question"
    assert section.text == "Le donner\n\nLe vendre\n\nLes deux évitent un déchet."


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ('{"criteres": [\n{"numero": 1,}\n]}', "json_broken"),
        ("", "json_broken"),
        ("{}", "json_unknown"),
        ("[]", "json_unknown"),
        ("3", "json_unknown"),
        ("null", "json_unknown"),
        ('{"criteres": []}', "json_unknown"),
        ('{"criteres": "x"}', "json_unknown"),
        ("[1, 2]", "json_unknown"),
        ('[{"id": 1, "nom": "x"}]', "json_unknown"),
    ],
)
def test_what_is_no_referential_and_no_quiz_is_told(documents, content, key):
    with pytest.raises(DocumentError, match=key):
        documents(content)


def test_broken_json_is_told_with_its_line(documents):
    with pytest.raises(DocumentError) as caught:
        documents('{"criteres": [\n{"numero": 1,}\n]}')
    assert caught.value.values == {"line": 2}


def test_a_criterion_that_stands_twice_is_told(documents):
    with pytest.raises(DocumentError, match="criterion_twice"):
        documents([CURRENT, CURRENT | {"numero": "4.1"}, CURRENT])


def test_json_that_is_not_utf8_is_told(tmp_path):
    (tmp_path / "a.json").write_bytes('["é"]'.encode("latin-1"))
    with pytest.raises(DocumentError, match="not_utf8"):
        read(SourceFile(tmp_path / "a.json", "a.json"))


@pytest.mark.parametrize(
    ("name", "count", "edition", "in_force", "language"),
    [
        ("data/referentiel-ecoconception.json", 78, "RGESN 2024", True, "fr"),
        ("data/ecodesign-framework.json", 79, "RGESN 2022", False, "en"),
        ("documents/2021/referentiel-general-ecoconception-version-beta.json", 79, "RGESN 2021 (bêta)", False, "fr"),
    ],
)
def test_the_three_editions_of_the_referential_are_told_apart(knowledge_base, name, count, edition, in_force, language):
    found = read(SourceFile(knowledge_base / name, name, entry_for(knowledge_base, name)))
    assert len({document.properties["number"] for document in found}) == len(found) == count
    for document in found:
        assert (document.edition, document.in_force, document.language) == (edition, in_force, language)
        assert document.superseded_by == ("" if in_force else "RGESN 2024")
        assert {"question", "aim"} <= {section.kind for section in document.sections}
        assert document.url.startswith("https://") and "{" not in document.url
        for section in document.sections:
            assert "\\n" not in section.text and "](" not in section.text and "<" not in section.text.replace("< ", "")


def test_the_edition_in_force_has_its_typed_values(knowledge_base):
    name = "data/referentiel-ecoconception.json"
    found = read(SourceFile(knowledge_base / name, name, entry_for(knowledge_base, name)))
    assert {document.properties["priority"] for document in found} == {"Prioritaire", "Recommandé", "Modéré"}
    assert all(document.properties["jobs"] and document.properties["difficulty"] for document in found)
    assert found[0].url.endswith(f"/critere/{found[0].properties['number']}/")


def test_the_quizzes_of_the_site_are_read(knowledge_base):
    for path in sorted((knowledge_base / "quiz").glob("*.json")):
        name = f"quiz/{path.name}"
        [document] = read(SourceFile(path, name, entry_for(knowledge_base, name)))
        assert len(document.sections) > 3 and document.publisher and all(section.text for section in document.sections)
