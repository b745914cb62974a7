"""Prepared answers in an index: where their proofs stand, and what becomes of them when a source changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.answer_index import StandingAnswer, answers_of, standing_answers, unit_of
from corpus.answers import PreparedAnswer, Proof
from corpus.documents import Document, Locator, Passage, Source

URL = "https://a.fr/regle/"
PLACE = Locator("heading", "Durée")
CARD = Document(
    "base/x", "base/x", "card", "Une règle", URL, "law", sources=(Source("Règle", "P", URL, PLACE), Source("Guide", "P", "https://b.fr/"))
)  # fmt: skip
RULE = Document("regle", "regle.md", "official", "Règle", URL, "law")
COPY = Document("copie", "copie.md", "official", "Règle", URL, "law", copy_of="regle")
ANSWER = PreparedAnswer(
    "base/x#duree", "base/x", "Combien ?", ("Huit ans.", "Pour tous."), (), ("a", "b", "c"),
    (Proof(1, 1, "un écran est gardé huit ans"), Proof(2, 2, "tous les agents sont concernés ici")), "chiffre",
)  # fmt: skip


def passage(id: str, text: str, document: str = "regle", heading: str = "Durée") -> Passage:
    return Passage(id, document, text, ("Règle", heading), "other", Locator("heading", heading), URL, 0)


HELD = passage("p1", "Avant. Un écran est gardé huit ans au moins. Après.")


def standing(
    *indexed: Passage, read: tuple[Passage, ...] = (), documents: tuple[Document, ...] = (CARD, RULE)
) -> StandingAnswer:
    """Where the proofs of ANSWER stand in an index of these passages; ``read`` were left out of it."""
    grouped = {"regle": list(indexed)}
    whole = {
        "regle": [*indexed, *(p for p in read if p.document_id == "regle")],
        "copie": [p for p in read if p.document_id == "copie"],
    }
    (found,) = standing_answers([ANSWER], {document.id: document for document in documents}, whole, grouped)
    return found


def test_a_proof_stands_in_the_passage_that_holds_its_words():
    found = standing(passage("p0", "Autre chose."), HELD)
    assert found.passages == ("p1", None)
    assert not found.moved and not found.gone


def test_a_proof_is_found_where_the_document_was_rearranged_its_own_place_first():
    elsewhere = passage("p2", HELD.text, heading="Ailleurs")
    assert standing(elsewhere).passages[0] == "p2"
    assert standing(elsewhere, HELD).passages[0] == "p1"


def test_an_answer_whose_source_changed_says_so_and_one_without_proof_is_not_given():
    gone = standing(passage("p0", "Un écran est gardé neuf ans au moins."))
    assert gone.passages == ("", None) and gone.moved and gone.gone
    guide = Document("guide", "guide.md", "official", "Guide", "https://b.fr/", "guide")
    both = replace(gone, passages=("", "g1"))
    assert both.moved and not both.gone
    assert standing(HELD, documents=(CARD, RULE, guide)).passages == ("p1", None)


def test_what_another_document_says_too_is_no_change():
    left_out = passage("p3", HELD.text)
    assert standing(passage("p0", "Autre chose."), read=(left_out,)).passages == (None, None)
    copied = passage("c1", HELD.text, "copie")
    assert standing(passage("p0", "Autre."), read=(copied,), documents=(CARD, RULE, COPY)).passages == (None, None)


def test_the_answers_of_a_card_that_is_no_longer_in_force_are_left_out():
    old = replace(CARD, superseded_by="Règle 2032")
    assert standing_answers([ANSWER], {"base/x": old}, {}, {}) == []


def test_the_sentence_that_holds_an_anchor_is_what_is_quoted():
    assert unit_of(HELD, ANSWER.proofs[0].anchor, "fr") == "Un écran est gardé huit ans au moins."
    assert (
        unit_of(passage("p", "- un item\n- l’Écran, gardé 8 ans"), "l ecran garde 8", "fr") == "- l’Écran, gardé 8 ans"
    )


def test_a_file_that_is_broken_is_named_and_the_others_are_read(tmp_path):
    family = tmp_path / "law"
    family.mkdir()
    good = "## Combien de temps ? {#temps}\n\nHuit ans.\n\nNature : chiffre\n"
    (family / "a.answers.md").write_text(good, "utf-8")
    (family / "b.answers.md").write_text(good.replace("{#temps}", ""), "utf-8")
    (family / "c.answers.md").write_bytes(b"\xff\xfe\x00")
    answers, problems = answers_of({f"base/law-{name}": family / f"{name}.md" for name in "abcd"})
    assert [answer.id for answer in answers] == ["base/law-a#temps"]
    assert [name for name, _ in problems] == ["base/law/b.answers.md", "base/law/c.answers.md"]


@pytest.mark.parametrize("number", [0, 3])
def test_a_proof_of_a_source_that_the_card_does_not_have_stands_nowhere(number):
    wrong = replace(ANSWER, proofs=(Proof(1, number, "un écran est gardé huit ans"),))
    (found,) = standing_answers([wrong], {"base/x": CARD, "regle": RULE}, {}, {"regle": [HELD]})
    assert found.passages == (None,)
