"""Follow-ups that must be rewritten, questions that must be left alone, and chains of follow-ups."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from assistant.conversation import is_follow_up, standalone

Turns = Sequence[str | tuple[str, str]]

INFINITE_SCROLL = ("Quel critère parle du défilement infini ?", "Critère 4.2 : pas de défilement infini [1]. Voir [3].")

# Each: the conversation (a bare string is a user turn whose answer says nothing), the follow-up, the words that the
# rewriting must hold, and those that it must not.
FOLLOW_UPS: list[tuple[Turns, str, str, str]] = [
    # --- another object, criterion or year takes the place of the first --------------------
    (["Comment alléger les images ?"], "et pour les vidéos ?", "comment alléger vidéos", "images"),
    (["Comment valider le critère 4.4 ?"], "et le 4.5 ?", "comment valider critère 4.5", "4.4"),
    (["Combien d'agents ont été formés en 2023 ?"], "et en 2022 ?", "combien agents formés 2022", "2023"),
    (["Que demande le critère 9.1 du RGESN ?"], "4.4", "demande critère 4.4 rgesn", "9.1"),
    (["Qu'est-ce que le RGESN ?"], "Et le RGAA ?", "RGAA", "RGESN"),
    (["Quels critères pour l'hébergement ?"], "et pour la vidéo", "critères vidéo", "hébergement"),
    (["Qui est concerné par la loi REEN ?"], "et par la loi AGEC ?", "concerné loi AGEC", "REEN"),
    (["A quoi sert le critere 3.7 ?"], "et le critere 3.2 alors ?", "sert critere 3.2", "3.7"),
    (["How do I optimise images?"], "what about videos?", "how optimise videos", "images"),
    (["What are the criteria for fonts?"], "and for hosting?", "criteria hosting", "fonts"),
    (
        ["Quel est le poids des images à viser ?", "Où donner les vieux écrans ?"],
        "et les claviers ?",
        "où donner claviers",
        "",
    ),
    (["Comment acheter des ordinateurs reconditionnés ?"], "et des téléphones ?", "acheter téléphones", "ordinateurs"),
    (["Comment donner des ordinateurs à une école ?"], "et à un hôpital ?", "donner ordinateurs hôpital", "école"),
    (["Quelle est la durée de vie d'un serveur ?"], "quid d'un routeur ?", "durée vie routeur", "serveur"),
    (["Quels critères pour les polices ?"], "meme question pour les icones", "critères icones", "polices"),
    (["Le critère 1.1 est-il prioritaire ?"], "1.2 ?", "critère 1.2 prioritaire", "1.1"),
    (["What does the AGEC law say?"], "and the REEN law?", "REEN law", ""),
    (["Règles pour donner des PC à une association ?"], "et pour les écrans ?", "règles donner association écrans", ""),
    (["Comment réduire le poids des PDF ?"], "et celui des images ?", "réduire poids images", "PDF celui"),
    # --- what a fragment adds --------------------
    (["Qu'impose la loi AGEC sur le réemploi ?"], "et pour une commune ?", "AGEC réemploi commune", ""),
    (["Comment valider le critère 2.1 ?"], "et sur mobile ?", "critère 2.1 mobile", ""),
    (["Quelle est la part des terminaux dans l'empreinte ?"], "Et en Europe ?", "part terminaux empreinte Europe", ""),
    (
        ["Que risque-t-on sans déclaration d'accessibilité ?"],
        "et les sanctions ?",
        "déclaration accessibilité sanctions",
        "",
    ),
    (["Quels labels exiger pour des écrans ?"], "dans un marché public ?", "labels écrans marché public", ""),
    (["Durée de garantie des portables ?"], "Et les serveurs, on vise combien ?", "garantie serveurs vise", ""),
    (["Que demande le critère 6.5 ?"], "quelle différence avec le 6.6 ?", "6.5 différence 6.6", ""),
    # --- a pronoun --------------------
    (["Que demande le critère 5.2 ?"], "comment le vérifier ?", "critère 5.2 vérifier", ""),
    (["C'est quoi la loi REEN ?"], "À qui s'applique-t-elle ?", "loi REEN applique", ""),
    (["c'est quoi la loi reen"], "a qui sapplique t elle", "loi reen applique", ""),
    (
        ["Comment calcule-t-on l'indice de réparabilité ?"],
        "Où le trouve-t-on affiché ?",
        "indice réparabilité affiché",
        "",
    ),
    (["Parle-moi du guichet Numérique Ecoresponsable"], "On y dépose un dossier comment ?", "guichet dossier", ""),
    (["Quels sont les profils de terminaux à tester ?"], "Qui les définit ?", "profils terminaux définit", ""),
    (
        ["À quoi sert la déclaration d'écoconception ?"],
        "elle doit être publiée où ?",
        "déclaration écoconception publiée",
        "",
    ),
    (["Le module Mentor sur l'IA frugale"], "ca dure combien de temps ?", "Mentor IA frugale dure", ""),
    (["Peut-on louer des photocopieurs ?"], "c'est plus écologique ?", "louer photocopieurs écologique", ""),
    (["What is the RGESN?"], "Is it mandatory?", "RGESN mandatory", ""),
    (["What does criterion 6.1 ask?"], "how do I check it?", "criterion 6.1 check", ""),
    (
        ["Which labels prove that a laptop can be repaired?"],
        "Who delivers them?",
        "labels laptop repaired delivers",
        "",
    ),
    # --- a demonstrative, a possessive, « en » --------------------
    (["Le critère 8.2 du RGESN parle de quoi ?"], "Quels métiers ce critère concerne-t-il ?", "8.2 métiers", ""),
    (
        ["Que prévoit la loi climat et résilience ?"],
        "depuis quand cette loi s'applique ?",
        "loi climat résilience applique",
        "",
    ),
    (["Quels critères visent les polices ?"], "Comment valider ceux-ci ?", "critères polices valider", ""),
    (["Que dit le critère 1.3 ?"], "quelle en est la priorité ?", "critère 1.3 priorité", ""),
    (["Le guide pratique des achats"], "quel est son objectif ?", "guide achats objectif", ""),
    (["Tell me about the REEN law"], "Which towns does this law target?", "REEN law towns", ""),
    # --- next to nothing of its own --------------------
    (["Faut-il éteindre les écrans le soir ?"], "pourquoi ?", "éteindre écrans pourquoi", ""),
    (["Comment écrire une clause de réemploi ?"], "Donne-moi un exemple, merci", "clause réemploi exemple", ""),
    (["Que contient le plan de sobriété de l'État ?"], "plus de détails stp", "plan sobriété État", ""),
    (["Il y a une amende pour défaut de déclaration ?"], "combien ?", "amende défaut déclaration combien", ""),
    (["Quelles aides pour écoconcevoir un site ?"], "Quels délais ?", "aides écoconcevoir site délais", ""),
    (["C'est quoi l'écoconception ?"], "quels bénéfices ?", "écoconception bénéfices", ""),
    (["Quels critères sur les vidéos ?"], "lesquels sont prioritaires ?", "critères vidéos prioritaires", ""),
    (["How should we cool a server room?"], "can you give more details?", "cool server room details", ""),
    # --- the referent stands in the last answer --------------------
    ([INFINITE_SCROLL], "comment le vérifier ?", "critère 4.2 défilement infini vérifier", "[1] [3]"),
    ([INFINITE_SCROLL], "Quels métiers sont visés par ce critère ?", "4.2 métiers", "[3]"),
    ([INFINITE_SCROLL, ("merci", "Avec plaisir !")], "il est prioritaire ?", "4.2 prioritaire", "merci"),
    (
        [("Quels critères traitent des notifications ?", "Les critères 4.13 [1] et 4.4 [2].")],
        "comment les valider ?",
        "4.13 4.4 notifications valider",
        "",
    ),
    (
        [("Quel critère vise les services tiers ?", "C'est le critère 4.4 [2]."), INFINITE_SCROLL],
        "pourquoi ?",
        "4.2 défilement",
        "4.4 tiers",
    ),
    # --- chains --------------------
    (
        ["Comment alléger les images ?", "et pour les vidéos ?"],
        "et pour les polices ?",
        "alléger polices",
        "images vidéos",
    ),
    (["Comment valider le critère 4.4 ?", "quelle est sa priorité ?"], "et le 4.5 ?", "4.5 priorité", "4.4"),
    (["Comment alléger les images ?", "comment le vérifier ?"], "et pour les vidéos ?", "vidéos vérifier", "images"),
    ([INFINITE_SCROLL], "quelle en est la priorité ?", "4.2 défilement priorité", "[1]"),
    (
        [("Quelle loi vise les communes ?", "La loi REEN ; voir le critère 1.1 [1].")],
        "cette loi date de quand ?",
        "loi communes",
        "1.1",
    ),
    (["Qu'est-ce que le RGESN ?", "et le RGAA ?"], "à qui s'applique-t-il ?", "RGAA applique", "RGESN"),
    (["Bilan DINUM 2023 : combien de formés ?", "et en 2022 ?"], "pourquoi ?", "DINUM 2022 formés pourquoi", "2023"),
    ([INFINITE_SCROLL, "comment le vérifier ?"], "et sa difficulté ?", "4.2 défilement difficulté", "[1]"),
    (["What is criterion 3.1 about?", "and 3.2?"], "how do I check it?", "criterion 3.2 check", "3.1"),
    (
        ["Où recycler des piles ?", "Bonjour", "Où donner des écrans ?", "ok merci"],
        "pourquoi ?",
        "donner écrans",
        "piles",
    ),
]

ALONE = [
    # --- sentences of the brief --------------------
    "Comment couper la lecture automatique des vidéos ?",
    "Qu'est-ce que le RGESN ?",
    "Qu'est-ce que NumÉco ?",
    "C'est quoi Econumia ?",
    "What is EcoIndex?",
    "Et si je veux donner des ordinateurs à une association, quelles règles ?",
    "Il faut combien de critères pour être conforme ?",
    "Elle est où la déclaration d'écoconception du site ?",
    # --- an « il », an « en », a « ce » or a « ça » that stands for nothing said before --------------------
    "Y a-t-il une aide pour acheter du reconditionné ?",
    "Est-il obligatoire de publier une déclaration d'accessibilité ?",
    "Que faut-il éteindre le week-end dans une salle serveur ?",
    "il existe des formations gratuites pour les développeurs ?",
    "En quoi consiste la démarche NR ?",
    "Où en est le plan de sobriété ?",
    "Qu'est-ce qui pollue le plus, la 4G ou le wifi ?",
    "ca sert a quoi un ecoorganisme",
    "C'est quoi l'indice de durabilité ?",
    "Est-ce que les mails polluent vraiment ?",
    "Quelles formations cette année pour les acheteurs ?",
    "C'est interdit de jeter un clavier à la poubelle ?",
    "ça coûte combien un audit RGESN ?",
    # --- the pronoun's referent stands in the question --------------------
    "Un serveur de dix ans, faut-il le remplacer ?",
    "Le RGESN est-il obligatoire pour une mairie ?",
    "Les écrans cassés, on les met où ?",
    "Comment la loi AGEC définit-elle la réparabilité ?",
    "Le critère 6.3, comment le valider ?",
    "Peut-on donner un PC à un agent et comment l'effacer avant ?",
    "On les met où les vieux téléphones ?",
    # --- an article that looks like a pronoun, a noun that looks like a verb --------------------
    "Comment le fichier des profils doit-il être rempli ?",
    "Je voudrais former mes équipes à l'accessibilité",
    "Pour le numérique de l'État, quels objectifs ?",
    "Où trouver le dossier de candidature du guichet ?",
    "comment reduire l'empreinte de son site web",
    # --- short, typed in haste, keywords --------------------
    "critere 4.4",
    "indice réparabilité",
    "Quel critère concerne le chiffrement et quelle est sa priorité ?",
    "Merci de m'expliquer l'effet rebond",
    "kel label pour des ecran",
    "Et comment recycler des cartouches d'encre ?",
    "Liste des critères sur les polices",
    "que demande le 4.9 ?",
    "Nos vidéos tournent en boucle sur l'accueil. Quel critère le défend ?",
    # --- greetings and thanks --------------------
    "Bonjour",
    "merci beaucoup !",
    "Merci pour ces précisions",
    "ok super",
    "Très clair, merci",
    "Bonne journée !",
    "Qui es-tu ?",
    # --- English --------------------
    "What does the REEN law require from towns?",
    "Is green IT expensive?",
    "Is it mandatory to publish an accessibility statement?",
    "How long does it take to audit a website?",
    "Are there tools that measure the footprint of a page?",
    "And what is the repairability index?",
    "Hello",
    "Thanks a lot!",
    "If a laptop is broken, who can repair it?",
]


def conversation(turns: Turns) -> list[tuple[str, str]]:
    return [(turn, "Voici ce que disent les sources [1].") if isinstance(turn, str) else turn for turn in turns]


@pytest.mark.parametrize(("turns", "question", "holds", "lacks"), FOLLOW_UPS)
def test_follow_up_is_rewritten(turns: Turns, question: str, holds: str, lacks: str) -> None:
    assert is_follow_up(question)
    rewritten = standalone(question, conversation(turns))
    assert [word for word in holds.split() if word.lower() not in rewritten.lower()] == [], rewritten
    assert [word for word in lacks.split() if word.lower() in rewritten.lower()] == [], rewritten


@pytest.mark.parametrize(("turns", "question", "holds", "lacks"), FOLLOW_UPS)
def test_follow_up_without_history_is_unchanged(turns: Turns, question: str, holds: str, lacks: str) -> None:
    assert standalone(question, []) == question


@pytest.mark.parametrize("question", ALONE)
def test_question_that_stands_alone_is_unchanged(question: str) -> None:
    assert not is_follow_up(question)
    assert standalone(question, conversation(["Comment valider le critère 4.4 ?", "et le 4.5 ?"])) == question
    assert standalone(f" {question}\n", [INFINITE_SCROLL]) == f" {question}\n"


@pytest.mark.parametrize(
    ("user", "question", "expected"),
    [
        ("Comment alléger les images ?", "et pour les vidéos ?", "Comment alléger les vidéos ?"),
        ("Comment valider le critère 4.4 ?", "et le 4.5 ?", "Comment valider le critère 4.5 ?"),
        ("Quels critères parlent des images ?", "Et les vidéos ?", "Quels critères parlent des vidéos ?"),
        ("How do I optimise images?", "What about videos?", "How do I optimise videos?"),
        ("Qu'est-ce que le RGESN ?", "pourquoi ?", "RGESN : pourquoi ?"),
        ("Quel est le poids des pages ?", "et la vidéo ?", "Quel est le poids de la vidéo ?"),
    ],
)
def test_rewriting_reads_as_a_sentence(user: str, question: str, expected: str) -> None:
    assert standalone(question, conversation([user])) == expected


@pytest.mark.parametrize("question", ["", "   ", "?", "[3]", "…", "12", "œuvre d’art", "et"])
def test_odd_input_never_raises(question: str) -> None:
    is_follow_up(question)
    assert standalone(question, []) == question
    standalone(question, [("", ""), (question, "[1]"), ("et", "")])
    standalone("pourquoi ?", [(question, question)])


def test_a_long_conversation_keeps_to_its_last_subject_and_is_fast() -> None:
    turns = conversation(["Comment donner des ordinateurs ?", "pourquoi ?"] * 200 + ["Que dit le critère 7.1 ?"])
    started = time.process_time()
    for _ in range(100):
        rewritten = standalone("comment le vérifier ?", turns)
    assert (time.process_time() - started) / 100 < 0.001
    assert "7.1" in rewritten and "ordinateurs" not in rewritten
