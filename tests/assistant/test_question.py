"""What a question asks for: its intent, its language, the codes that it names and the edition that it wants."""

from __future__ import annotations

import pytest

from assistant.question import understand


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Comment contrôler le critère 4.4 ?", "check"),
        ("Que faut-il pour valider le critère 8.3 ?", "check"),
        ("How do I verify criterion 4.4?", "check"),
        ("À partir de quand l’indice est-il obligatoire ?", "when"),
        ("Quelle est la date limite du rapport ?", "when"),
        ("When does the law apply?", "when"),
        ("Combien de téléphones sont réparés par mois ?", "figure"),
        ("Quelle part de l’empreinte vient des terminaux ?", "figure"),
        ("How much energy does a server use?", "figure"),
        ("Qu’est-ce que l’IA frugale ?", "definition"),
        ("C'est quoi un DEEE ?", "definition"),
        ("What is the PUE?", "definition"),
        ("Comment donner un ordinateur ?", "how"),
        ("Quelles étapes pour donner un ordinateur ?", "how"),
        ("How can we lighten videos?", "how"),
        ("Qui collecte les déchets électroniques ?", "who"),
        ("À qui donner un ordinateur ?", "who"),
        ("Pourquoi réparer un téléphone ?", "why"),
        ("Quels critères concernent un designer ?", "list"),
        ("Le RGESN est-il obligatoire ?", "fact"),
    ],
)
def test_the_words_of_a_question_tell_its_intent(question, intent):
    assert understand(question).intent == intent


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Comment choisir un hébergement sobre ?", "fr"),
        ("How do I choose a frugal hosting service?", "en"),
        ("What does criterion 4.4 of the RGESN say?", "en"),
        ("C’est quoi le Power Usage Effectiveness d’un data center ?", "fr"),
        ("Que dit le guide « design for all » sur les images ?", "fr"),
        ("PUE", "fr"),
        ("4.4", "fr"),
        ("?!", "fr"),
    ],
)
def test_function_words_tell_the_language(question, language):
    assert understand(question).language == language


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("Comment contrôler le critère 4.4 ?", ("4.4",)),
        ("Explique le critère 4.4.", ("4.4",)),
        ("4.4", ("4.4",)),
        ("4.4 ?", ("4.4",)),
        ("4.40", ("4.40",)),
        ("Que dit le critère 4.40 ?", ("4.40",)),
        ("What does criterion 4.10 ask?", ("4.10",)),
        ("critère 4,4", ("4.4",)),
        ("CRITÈRE n°4.4 (RGESN)", ("4.4",)),
        ("Compare les critères 4.4, 4.5 et 8.10", ("4.4", "4.5", "8.10")),
        ("Le critère 4.4 est-il proche du critère 4.4 ?", ("4.4",)),
        ("RGESN 1.1 : comment prouver que mon service est utile ?", ("1.1",)),
        ("i.2", ("i.2",)),
        ("Que recommande la bonne pratique I.2 ?", ("i.2",)),
    ],
)
def test_codes_are_read(question, codes):
    assert understand(question).codes == codes


@pytest.mark.parametrize(
    "question",
    [
        "2,5 %",
        "Le RGESN cite-t-il 2,5 % de l’empreinte carbone ?",
        "Le RGESN demande-t-il un PUE inférieur à 1,5 ?",
        "Le critère prioritaire pèse-t-il 1,25 dans le score ?",
        "Le référentiel vise-t-il 2.5 kg par appareil ?",
        "Faut-il 3.5 Go par critère ?",
        "RGESN version 1.0.1",
        "Que dit la version 1.0 du RGESN ?",
        "Quel lien entre le RGESN et le RGAA 4.1 ?",
        "Le référentiel du 12.05.2024 est-il en vigueur ?",
        "Que dit l’article L. 541-10-2 ?",
        "La moyenne nationale était de 4.4 en 2022 selon vous ?",
        "L’étude parle-t-elle d’un facteur 2.5 pour les serveurs ?",
        "www.i.fr",
    ],
)
def test_figures_versions_and_articles_are_no_codes(question):
    assert understand(question).codes == ()


@pytest.mark.parametrize(
    ("question", "superseded"),
    [
        ("La version 1 du guide d’achats numériques responsables", False),
        ("Sur quelles anciennes versions d’Android l’application doit-elle marcher ?", False),
        ("La version 1 du RGESN", True),
        ("In version 1 of the French eco-design grid", True),
        ("Que demandait le critère 4.4 dans la version 2022 ?", True),
        ("Que dit le RGESN 2022 des vidéos ?", True),
        ("RGESN version 1.0.1", True),
        ("Et dans la version bêta ?", True),
        ("Combien de critères dans l’ancienne version ?", True),
        ("Que disait la première édition ?", True),
        ("What did the 2022 framework say? I mean the previous version", True),
        ("Que demande le critère 4.4 ?", False),
        ("Que dit le RGESN 2024 des vidéos ?", False),
        ("RGESN 1.1 : comment prouver que mon service est utile ?", False),
        ("RGESN 1.10", False),
        ("Que prévoit la loi de 2022 ?", False),
        ("Quelle est la première étape ?", False),
    ],
)
def test_a_superseded_edition_is_asked_for_by_name(question, superseded):
    assert understand(question).superseded is superseded


def test_the_question_itself_is_kept_as_it_is():
    assert understand("  Où ÇA ? ").text == "  Où ÇA ? "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Qu’est-ce qui remplace le critère 1.9 de 2022 ?", True),
        ("Qu’est devenu le 4.10 de l’ancienne version ?", True),
        ("Combien de critères dans le RGESN 2022 et dans le RGESN 2024 ?", True),
        ("Que demande le critère 4.9 dans la version 2024 ?", False),
        ("À quoi correspond le critère 4.9 ?", False),
        ("Faut-il changer d’hébergeur pour le critère 8.3 ?", False),
    ],
)
def test_what_became_of_a_criterion_is_between_two_editions(text, expected):
    assert understand(text).is_about_change is expected
