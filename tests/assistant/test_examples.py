"""Each question that the product or its documents propose is answered, first from where its subject is dealt with.

On the cards alone, which is what the first start has, and with official documents beside them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.web.chat import EXAMPLES
from corpus.messages import LANGUAGES, MESSAGES, text

PROJECT = Path(__file__).resolve().parents[2]
# Weight of contents, flows of data, and the theme on contents of the referential.
VIDEOS = "practices-(g9|f3)|rgesn-2024-5|#5[.]|accompagner-contributeurs|limiter-flux"
DUTIES = "base/law-|base/local-authorities|base/first-steps-organisation|reglementation"
FRUGAL = "base/ai-"
FOOTPRINT = "base/studies-empreinte|base/first-steps-figures|reglementation/index|#1[.]5$"
CHECK = "rgesn-2024-4.4$|#4.4$"
DECLARATION = "base/rgesn-declaration|base/law-.*declaration|declaration"
# What its first citation is from, by the example.
EXPECTED = {
    "Comment alléger les vidéos d’un service numérique ?": VIDEOS,
    "How can the videos of a digital service be made lighter?": VIDEOS,
    "Que doit faire une collectivité de plus de 50 000 habitants ?": DUTIES,
    "What must a local authority of more than 50,000 inhabitants do?": DUTIES,
    "Qu’est-ce que l’IA frugale ?": FRUGAL,
    "What is frugal AI?": FRUGAL,
    "Quelle est l’empreinte environnementale du numérique en France ?": FOOTPRINT,
    "What is the environmental footprint of digital technology in France?": FOOTPRINT,
    "Comment contrôler le critère 4.4 du RGESN ?": CHECK,
    "How is criterion 4.4 of the RGESN checked?": CHECK,
    "Qu’est-ce qu’une déclaration d’écoconception ?": DECLARATION,
    "What does the ecodesign declaration contain?": DECLARATION,
    "Faut-il lancer les vidéos automatiquement ?": "rgesn-2024-4.1$|#4.1$|base/practices-f3",
    "Comment alléger les vidéos ?": VIDEOS,
    "Quels critères prioritaires concernent un designer ?": "rgesn-2024-|#",
    "critère 4.9": "rgesn-2024-4.9$|#4.9$",
    "Comment valider le critère 4.9 ?": "rgesn-2024-4.9$|#4.9$",
    "Quelle est la part des terminaux dans l’empreinte carbone ?": FOOTPRINT,
    "et pour les images ?": "base/practices-g9|rgesn-2024-[56]|#[56]\\.|accompagner-contributeurs",
    "Quelle est la durée de vie des équipements ?": "duree-de-vie|base/hosting-gestion-durable|base/hardware|separer-achats|#8",
}
# What was asked before the one that follows it.
FOLLOWS = {"et pour les images ?": "Comment alléger les vidéos ?"}


def proposed() -> set[str]:
    """The example questions, where they stand."""
    buttons = [text(key, language) for keys in EXAMPLES.values() for key in keys for language in LANGUAGES]
    shell = re.findall(r'^question="(.+)"', (PROJECT / "run").read_text("utf-8"), re.MULTILINE)
    readme = re.findall(r'-m assistant (?:ask|search) "([^"]+)"', (PROJECT / "README.md").read_text("utf-8"))
    guide = (PROJECT / "docs" / "guide.md").read_text("utf-8")
    said = " ".join(value for message in MESSAGES.values() for value in message.values())
    quoted = re.findall(r"«\s([^«»{]+\s\?|critère [^«»{]+)\s»", guide + said)
    return {" ".join(question.split()) for question in (*buttons, *shell, *readme, *quoted)}


def test_what_answers_each_example_is_said_here():
    assert proposed() == EXPECTED.keys()


def first_citation(assistant, question):
    history = [(FOLLOWS[question], assistant.ask(FOLLOWS[question]).text)] if question in FOLLOWS else []
    answer = assistant.ask(question, history)
    assert answer.status == "answered", answer.text
    return answer.passages[answer.citations[0].number - 1].document.id


@pytest.mark.parametrize("question", EXPECTED)
def test_each_example_is_answered_from_the_cards_alone(cards_assistant, question):
    document = first_citation(cards_assistant, question)
    assert re.search(EXPECTED[question], document), document


@pytest.mark.timeout(900)
@pytest.mark.parametrize("question", EXPECTED)
def test_each_example_is_answered_from_official_documents(slice_assistant, question):
    document = first_citation(slice_assistant, question)
    assert re.search(EXPECTED[question], document), document
