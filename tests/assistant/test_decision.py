"""What is answered: a subject alone gets questions, two questions get two answers, an absence is told, a follow-up is found."""

from __future__ import annotations

import pytest

from assistant.question import in_the_light_of, parts, understand
from corpus.lexical import tokens
from corpus.messages import text as message

SCREEN = "Combien de temps garder un écran ?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Combien de critères compte le RGESN ?", 1),
        ("Combien de critères compte le RGESN et qui l’a publié avec la DINUM ?", 2),
        ("1) la part du réemploi dans les achats publics 2) la durée de vie d’un écran", 2),
        ("Bonjour, je suis élue d’une commune de 9 000 habitants. Quelle est notre obligation de stratégie ?", 1),
        ("Comment alléger une vidéo ? Et pourquoi ?", 1),
        ("C’est quoi le seuil de PUE, et pour le WUE vous visez combien ?", 2),
        ("J’aimerais comprendre la différence entre réemploi et recyclage, et aussi savoir qui collecte.", 2),
        ("EcoDiag, c’est fait par qui, et combien d’organisations l’utilisent ?", 2),
        ("Quel lien entre le PUE et le WUE ?", 1),
        ("Nos maquettes ont un fil qui se recharge et des vidéos qui démarrent seules.", 1),
    ],
)
def test_the_questions_of_a_text_are_told_apart(text, expected):
    assert len(parts(text)) == expected


def test_a_question_is_put_behind_what_was_asked_before_it():
    assert in_the_light_of([(SCREEN, "…")], "et un téléphone ?") == f"{SCREEN} et un téléphone ?"
    assert in_the_light_of([(SCREEN, "…"), ("merci", "…")], "et un téléphone ?").startswith(SCREEN)
    behind = in_the_light_of([("Que demande le critère 4.4 ?", "…")], "et le 4.5 ?")
    assert understand(behind).codes == ("4.5",)


def test_a_question_that_is_one_of_the_ways_to_ask_gets_that_answer(cards_assistant):
    answers = [one.answer for one in cards_assistant.index.prepared.answers.values() if not one.gone][::200]
    prepared = cards_assistant.index.prepared
    given = [prepared.terms(cards_assistant.ask(answer.question).prepared) for answer in answers]
    # Two cards may answer the same question.
    assert all(set(tokens(answer.question)) in found.ways for answer, found in zip(answers, given, strict=True))


def test_a_question_about_two_editions_is_answered_from_the_one_in_force(cards_assistant):
    answer = cards_assistant.ask("Qu’est-ce qui remplace le critère 1.9 de 2022 ?")
    assert answer.basis == "prepared" and "evolution" in answer.prepared


def test_two_criteria_that_are_compared_come_each_whole(cards_assistant):
    answer = cards_assistant.ask("Compare les critères 8.3 et 8.4")
    titles = [claim.text for claim in answer.claims if claim.kind == "title"]
    assert answer.basis == "catalogue" and len(titles) == 2
    assert all(number in title for number, title in zip(("8.3", "8.4"), titles, strict=True))


def test_a_subject_alone_gets_questions_to_choose_from(cards_assistant):
    answer = cards_assistant.ask("vidéo")
    assert (answer.basis, answer.status) == ("clarify", "not_found")
    assert 2 <= len(answer.suggestions) <= 4


def test_two_questions_get_two_answers_each_under_its_question(cards_assistant):
    answers = cards_assistant.index.prepared.answers
    first = answers["base/first-steps-what-is#numerique-responsable"].answer.question
    second = answers["base/law-agec-article-58-reemploi#vingt-pour-cent"].answer.question
    alone = [cards_assistant.ask(question) for question in (first, second)]
    answer = cards_assistant.ask(f"{first} {second}")
    titles = [claim.text for claim in answer.claims if claim.kind == "title"]
    assert titles == [first, second]
    for one in alone:
        assert all(claim.text in answer.text for claim in one.claims)


def test_two_questions_that_one_answer_holds_get_it_once(cards_assistant):
    answer = cards_assistant.ask("Combien de modules compte le parcours NumEco, et à qui s’adressent-ils ?")
    given = [claim.text for claim in answer.claims if claim.citations]
    assert given and len(given) == len(set(given))


def test_the_second_of_two_questions_gets_another_answer_than_the_first(cards_assistant):
    answer = cards_assistant.ask("CodeCarbon mesure quoi exactement ? Et sous quelle licence ?")
    titles = [claim.text for claim in answer.claims if claim.kind == "title"]
    assert len(titles) == 2 and "licence" in answer.text.casefold().rpartition(titles[1].casefold())[2]


def test_what_the_sources_do_not_hold_is_told_with_what_is_near(cards_assistant):
    index = cards_assistant.index
    told = [cards_assistant.ask(absence.question) for absence in list(index.prepared.absences.values())[:40]]
    absent = [answer for answer in told if answer.basis == "absence"]
    assert len(absent) >= 32
    for answer in absent:
        assert answer.status == "not_found" and answer.citations == () and answer.suggestions
        assert answer.text == index.prepared.absences[answer.prepared].sentence


def test_a_follow_up_is_found_in_the_light_of_what_was_asked(cards_assistant):
    alone = cards_assistant.ask("Que demande le critère 4.9 du RGESN ?")
    answer = cards_assistant.ask("et le 4.10 ?", [("Que demande le critère 4.9 du RGESN ?", alone.text)])
    assert "4.10" in answer.standalone and "4.10" in (answer.prepared or answer.claims[0].text)


def test_a_code_stands_alone_whatever_was_asked_before(cards_assistant):
    answer = cards_assistant.ask("critère 11.2", [(SCREEN, "…")])
    assert answer.standalone == "critère 11.2" and answer.claims[0].text == message(
        "criterion_missing", "fr", numbers="11.2"
    )
