"""Talk is recognised and done or declined; a question is none."""

from __future__ import annotations

import pytest

from assistant.question import understand
from assistant.talk import recognised
from corpus.messages import LANGUAGES, MESSAGES, text
from corpus.talk import kinds_of_talk

QUESTION = "Le numérique responsable, c’est quoi ?"


def kind(assistant, said, answered=True):
    found = recognised(understand(said), assistant.retriever.vector, assistant.index, answered)
    return found[0].name if found else ""


@pytest.fixture(scope="module")
def before(cards_assistant):
    """A question with a prepared answer, as what was said before."""
    answer = cards_assistant.ask(QUESTION)
    assert answer.basis == "prepared"
    return [(QUESTION, answer.text)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Bonjour !", "hello"),
        ("merci bien", "thanks"),
        ("qui es-tu exactement ?", "identity"),
        ("t'es sûr de ce que tu dis ?", "sure"),
        ("fais plus court s'il te plaît", "shorter"),
        ("d'où vient ce chiffre, quelle est ta source ?", "sources"),
        ("😀", "noted"),
        ("👍", "noted"),
        ("🌵", "gibberish"),
        ("Rédige-moi le cahier des charges complet de mon marché.", "work"),
        ("Joue le rôle d’un vendeur de serveurs", "role"),
        ("je veux parler à une vraie personne", "person"),
        ("le lien donné ne s’ouvre pas", "link"),
        ("le deuxième point seulement", "point"),
        ("en 3 lignes maximum", "shorter"),
        ("Pouvez-vous reformuler plus simplement ? C’est pour des élus qui n’y connaissent rien.", "simpler"),
        ("wxcvkjh zzqsdf mlkjj", "gibberish"),
        ("你好", "gibberish"),
    ],
)
def test_talk_is_recognised(cards_assistant, said, expected):
    assert kind(cards_assistant, said) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Qu’est-ce que l’IA frugale ?",
        "What is frugal AI?",
        "Que contient la déclaration d’écoconception ?",
        "Comment alléger les vidéos ?",
        "et pour les écrans ?",
        "ok, et le 4.5 ?",
        "Donne-moi un exemple de clause de réemploi pour des téléphones",
        "critère 4.9",
        "bilan carbone",
        "Quelles sources d’énergie pour un centre de données ?",
    ],
)
def test_a_question_is_no_talk(cards_assistant, question):
    assert kind(cards_assistant, question) == ""


@pytest.mark.parametrize("subject", ["les mails", "tableau de bord", "sources d’énergie"])
def test_a_subject_is_no_talk_where_nothing_was_said_before(cards_assistant, subject):
    assert kind(cards_assistant, subject, answered=False) == ""


@pytest.mark.parametrize("word", ["cryptomonnaie", "photovoltaïques"])
def test_a_word_that_is_built_as_others_are_is_no_gibberish(cards_assistant, word):
    assert kind(cards_assistant, word) != "gibberish"


def test_one_item_of_an_answer_is_shown_by_its_place(cards_assistant):
    question = "Quels critères du RGESN sont prioritaires ?"
    listed = cards_assistant.ask(question)
    items = [claim for claim in listed.claims if claim.kind == "item"]
    shown = cards_assistant.ask("le deuxième point seulement", [(question, listed.text)])
    assert [claim.citations for claim in shown.claims] == [items[1].citations]
    assert shown.claims[0].text.rstrip(".") in items[1].text[:1].upper() + items[1].text[1:]


def test_an_item_that_is_not_there_is_told(cards_assistant, before):
    answer = cards_assistant.ask("le sixième point", before)
    assert answer.text == text("talk_point_none", "fr")


def test_each_kind_that_is_not_about_an_answer_has_its_reply():
    names = {one.name for one in kinds_of_talk() if not one.about_answer}
    assert {f"talk_{name}" for name in (*names, "gibberish")} <= MESSAGES.keys()


def test_talk_to_the_assistant_is_searched_for_nowhere(cards_assistant, monkeypatch):
    monkeypatch.setattr(cards_assistant.retriever, "search", lambda *given: pytest.fail("searched"))
    answer = cards_assistant.ask("qui es-tu ?")
    assert (answer.basis, answer.status, answer.citations) == ("talk", "answered", ())
    assert answer.text == text("talk_identity", "fr")


@pytest.mark.parametrize(
    "said", ["plus court", "tes sources ?", "tu es sûr ?", "répète", "in English please", "mets ça en tableau"]
)
def test_what_is_asked_of_an_answer_is_of_that_answer(cards_assistant, before, said):
    answer = cards_assistant.ask(said, before)
    assert answer.basis == "talk" and answer.citations
    assert answer.prepared == cards_assistant.ask(QUESTION).prepared
    for citation in answer.citations:
        assert citation.quote in answer.passages[citation.number - 1].passage.text


def test_shorter_is_shorter_and_english_is_english(cards_assistant, before):
    whole = cards_assistant.ask(QUESTION)
    assert len(cards_assistant.ask("plus court", before).text) < len(whole.text) / 2
    english = cards_assistant.ask("in English please", before)
    assert english.claims[-1].language == "en" and "digital" in english.text


def test_continue_goes_on_with_what_the_answer_leads_to(cards_assistant, before):
    led_to = cards_assistant.ask(QUESTION).suggestions[0]
    answer = cards_assistant.ask("continue", before)
    assert (answer.basis, answer.standalone) == ("prepared", led_to)


@pytest.mark.parametrize("said", ["plus court", "continue", "tu es sûr ?"])
def test_where_nothing_was_said_before_it_is_told(cards_assistant, said):
    assert cards_assistant.ask(said).text in {text("talk_nothing_before", language) for language in LANGUAGES}


def test_a_long_talk_searches_for_the_answer_once(cards_assistant, before, monkeypatch):
    asked, search = [], cards_assistant.retriever.search
    monkeypatch.setattr(
        cards_assistant.retriever, "search", lambda *given: asked.append(given[0].text) or search(*given)
    )
    answer = cards_assistant.ask("plus court", [*before, *[("tu es sûr ?", "…"), ("tes sources ?", "…")] * 12])
    assert answer.citations and len(asked) <= 2


def test_what_is_said_of_a_continuation_is_of_what_it_led_to(cards_assistant, before):
    continued = cards_assistant.ask("continue", before)
    assert continued.question == "continue"
    said = cards_assistant.ask("tes sources ?", [*before, ("continue", continued.text)])
    assert said.prepared == continued.prepared
