"""What a question asks for, read without a model: its language, its intent, the codes and the edition that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.markup import without_markup
from corpus.errors import InputError
from corpus.lexical import fold

__all__ = ["Question", "check", "understand"]

QUESTION_CHARACTERS = 4000

# What kind of sentence answers, by the words of the question; the first that fits is the intent.
INTENTS: tuple[tuple[str, str], ...] = (
    ("check", r"\b(controler|controle-t-on|se controle|verifier|valider|validation|verifie|prouver|auditer|check(ed)?|verif(y|ied)|validated?)\b"),
    ("when", r"\b(quand|a partir de quand|depuis quand|quelle date|quelle annee|date limite|echeance|delai|when|since when|deadline)\b"),
    ("figure", r"\b(combien|pourcentage|taux|quel(le)? (part|montant|seuil|nombre|ratio|score|proportion|volume|duree|plafond)|chiffres?|"
               r"prix|how (much|many|far|long)|percentage|what share)\b"),
    ("definition", r"(qu.?est[ -]ce|c.?est quoi|\bdefinition\b|\bdefinir\b|veut dire|veulent dire|signifie|what is\b|what are\b|meaning of|que recouvre)"),
    ("how", r"\b(comment|how (do|can|should|to)|etapes?|demarche|procedure|que faire|quoi faire|quelles? actions?|conseils?|reflexes?|bonnes pratiques)\b"),
    ("who", r"^(qui|a qui|pour qui|who|whom)\b|\b(quel(le)? (ministere|acteur|organisme|personne|service|direction|public)|invite)\b|\bqui (est|sont|porte|peut|doit)\b"),
    ("why", r"\b(pourquoi|why|raison|enjeux?)\b"),
    ("list", r"\b(quels|quelles|liste|lister|which|list)\b"),
)  # fmt: skip
COMPILED = tuple((intent, re.compile(pattern)) for intent, pattern in INTENTS)
# A criterion's number, and neither a figure nor the version of something else.
UNITS = r"%|€|kwh|mwh|twh|kg|to\b|go\b|mo\b|m\b|milli|w\b|gw"
CRITERION = re.compile(
    r"(?<![\d.,/-])(?<!\bv)(?<!\bversion )(?<!\brgaa )(?<!\bwcag )"
    rf"(\d{{1,2}})(?:\.|(?<=\bcritere \d),)([1-9]\d?)(?![\d/-]|[.,]\d|\s?(?:{UNITS}))"
)
PRACTICE = re.compile(r"(?<![\w.])([a-z])[.](\d{1,2})(?![\w.])")
NAMES_CRITERION = re.compile(r"\b(criteres?|criterion|criteria|rgesn|referentiel|fiche|regle|exigence)\b")
# « la version 1 du guide », « les anciennes versions d'Android » are of something else than the referential.
OF_ELSE = r"(?! (?:du |de la |de l'|des |de |d'|of the |of )(?!the |la |l'|rgesn|referentiel|grille|critere|framework|criteri|french))"
EDITION = r"\s*(de |of |la )?\s*(2021|2022|2023|beta|v?1(\.0(\.1)?)?)(?![.,]?\d|\w)"
ABOUT_CRITERION = re.compile(r"\b(criteres?|criterion|criteria)\b|\b(rgesn|referentiel(?! de competences)|framework)\b")
SUPERSEDED = re.compile(
    rf"\b(rgesn|referentiel|framework){EDITION}|\b(version|edition|v){EDITION}{OF_ELSE}|\bbeta\b"
    rf"|\b(ancienne?|precedente?|premiere?|old|previous|first)s? (versions?|editions?|referentiels?|rgesn)\b{OF_ELSE}"
)
ENGLISH = frozenset(
    "the is are what which how who when where why does do did can should must we our you your of for to and in on with any "
    "there an it its this that from many much list explain tell give".split()
)
FRENCH = frozenset(
    "le la les un une des du de et est sont que qui quel quelle quels quelles comment pour dans sur avec ou on il nous vous "
    "au aux ce cette ces en ne pas plus par sans faut peut l d qu c".split()
)


@dataclass(frozen=True)
class Question:
    """A question that stands alone. ``codes`` are criterion numbers ("4.4") and practice codes ("i.2") that it names."""

    text: str
    language: str
    intent: str
    codes: tuple[str, ...] = ()
    superseded: bool = False
    about_criterion: bool = False


def check(text: str) -> None:
    """Raise InputError for a question that cannot be asked: an empty one, nothing but markup, or one that is too long."""
    if len(text) > QUESTION_CHARACTERS:
        raise InputError("question_long", limit=QUESTION_CHARACTERS)
    if not without_markup(text).strip():
        raise InputError("question_empty")


def understand(text: str) -> Question:
    """Read a question that stands alone."""
    folded = fold(text).replace("’", "'")
    intent = next((intent for intent, pattern in COMPILED if pattern.search(folded)), "fact")
    return Question(
        text,
        language(folded),
        intent,
        codes(folded),
        superseded=bool(SUPERSEDED.search(folded)),
        about_criterion=bool(ABOUT_CRITERION.search(folded)),
    )


def language(folded: str) -> str:
    """ "en" where English function words outnumber French ones, else "fr"."""
    found = re.findall(r"[a-z]+", folded)
    english, french = (sum(word in known for word in found) for known in (ENGLISH, FRENCH))
    return "en" if english > french else "fr"


def codes(folded: str) -> tuple[str, ...]:
    """Criterion numbers, where the question speaks of criteria or is hardly more than a number; and practice codes."""
    found: list[str] = []
    if NAMES_CRITERION.search(folded) or len(folded.split()) <= 3:
        found.extend(f"{theme}.{number}" for theme, number in CRITERION.findall(folded))
    found.extend(f"{letter}.{number}" for letter, number in PRACTICE.findall(folded))
    return tuple(dict.fromkeys(found))
