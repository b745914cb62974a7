"""What a question asks for, read without a model: its language, its intent, the codes and the edition that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.markup import without_markup
from corpus.errors import InputError
from corpus.lexical import content_words, fold, tokens

__all__ = ["ASKING", "SENTENCES", "Question", "asking", "check", "in_the_light_of", "parts", "understand"]

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
# « qu'est devenu le critère 1.9 de 2022 ? » is about both editions, « compare 8.3 et 8.4 » about both criteria.
CHANGES = re.compile(r"\b(?:remplac|deven|devient|chang|evolu|equivalen|correspond|replac|became|become)\w*")
FORMER = re.compile(r"\b(?:202[123]|ancien\w*|editions?|versions?|former|previous)\b")
SUMMARISES = re.compile(
    r"\bresum\w*|\bsummar\w*|\ben (?:une|deux|trois|quelques|[123]) (?:phrases?|lignes?|mots)\b|\ben bref\b|\bin (?:one|two|three) sentences?\b"
)
BOTH_EDITIONS = re.compile(r"\b202[123]\b.*\b2024\b|\b2024\b.*\b202[123]\b")
COMPARES = re.compile(r"\b(?:compar|difference|distingu)\w*|\bversus\b|\bvs\b")
ABOUT_CRITERION = re.compile(r"\b(criteres?|criterion|criteria)\b|\b(rgesn|referentiel(?! de competences)|framework)\b")
SUPERSEDED = re.compile(
    rf"\b(rgesn|referentiel|framework){EDITION}|\b(version|edition|v){EDITION}{OF_ELSE}|\bbeta\b"
    rf"|\b(ancienne?|precedente?|premiere?|old|previous|first)s? (versions?|editions?|referentiels?|rgesn)\b{OF_ELSE}"
)
# What a question begins with, and what parts two of them.
INTERROGATIVES = (
    r"(?:combien|comment|quels?|quelles?|quand|pourquoi|qui|ou (?:est|sont|trouver|puis|peut)|est-ce que|est-ce|faut-il|peut-on|"
    r"doit-on|puis-je|y a-t-il|a partir de quand|depuis quand|jusqu'a quand|qu'est-ce que|c'est quoi|que (?:dit|faire|disent|doit|faut)|"
    r"what|which|how|when|who|why|where|is there|can we|do we|must we|does it|is it|are they|savoir|comprendre|connaitre)"
)
ASKS = re.compile(rf"\?|^(?:et |and |aussi |puis |sinon |enfin )*{INTERROGATIVES}\b")
SENTENCES = re.compile(r"(?<=[?!.…])\s+|\n+|\s;\s|(?:^|\s)(?=\(?\d[.)]\s)|(?:^|\s)[-•–]\s")
NUMBERING = re.compile(r"^\W*\d[.)]\s*|^\W+")
# « et pour le WUE vous visez combien ? »: so many words may stand before what asks.
JOINED = re.compile(
    rf",?\s+(?:et|and|puis|ainsi que|mais aussi)\s+(?:aussi |sinon |au passage,? |also )?"
    rf"(?=(?:qui\b|(?:[^\s,?]+\s+){{0,5}}?(?!qui\b){INTERROGATIVES}\b|(?:a|avec|par|pour) qui\b))"
)
# What asks, and not « des vidéos qui démarrent seules ».
ASKING = re.compile(rf"(?:^|\b(?:a|avec|par|pour) )qui\b|\b(?!qui\b){INTERROGATIVES}\b")
MOST_PARTS = 3
# A turn of so many words of content tells its subject.
STANDS_ALONE = 3
ENGLISH = frozenset(
    "the is are what which how who when where why does do did can should must we our you your of for to and in on with any "
    "there an it its this that from many much list explain tell give".split()
)
FRENCH = frozenset(
    "le la les un une des du de et est sont que qui quel quelle quels quelles comment pour dans sur avec ou on il nous vous "
    "au aux ce cette ces en ne pas plus par sans faut peut l d qu c".split()
)


# What names the referential or one of its criteria, and asks nothing of it.
NAMES = set(tokens("critère criterion fiche RGESN 2024 référentiel général écoconception"))


@dataclass(frozen=True)
class Question:
    """A question that stands alone. ``codes`` are criterion numbers ("4.4") and practice codes ("i.2") that it names."""

    text: str
    language: str
    intent: str
    codes: tuple[str, ...] = ()
    superseded: bool = False
    about_criterion: bool = False

    @property
    def is_about_change(self) -> bool:
        """True where it asks what became of something between two editions, or names both."""
        folded = fold(self.text)
        return bool(FORMER.search(folded) and CHANGES.search(folded)) or bool(BOTH_EDITIONS.search(folded))

    @property
    def compares(self) -> bool:
        """True where it sets two codes side by side."""
        return len(self.codes) > 1 and bool(COMPARES.search(fold(self.text)))

    @property
    def summarises(self) -> bool:
        """True where it wants a few sentences on a code."""
        return bool(self.codes) and bool(SUMMARISES.search(fold(self.text)))

    @property
    def is_code(self) -> bool:
        """True where it is the code of a criterion and asks nothing of it."""
        return bool(self.codes) and not set(tokens(self.text)) - set(self.codes) - NAMES

    @property
    def asks(self) -> bool:
        """True where it has the form of a question."""
        return self.intent != "fact" or bool(ASKS.search(fold(self.text).replace("’", "'")))


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


def parts(text: str) -> list[str]:
    """Return the questions that a text asks, each with what it needs of its own; the text itself where it asks one."""
    found: list[str] = []
    for sentence in SENTENCES.split(text):
        if not sentence or not sentence.strip():
            continue
        pieces = joined(sentence.strip())
        for piece in pieces:
            plain = NUMBERING.sub("", piece).strip()
            plainly = fold(plain).replace("’", "'")
            asks = (
                len(pieces) > 1 or ASKS.search(plainly) or NUMBERING.match(piece) or (found and ASKING.search(plainly))
            )
            if asks and content_words(plain):
                found.append(plain)
            elif found and asks:
                found[-1] = f"{found[-1]} {plain}"
    return found if 2 <= len(found) <= MOST_PARTS else [text]


def asking(text: str) -> str:
    """Return the sentences of a text that ask, without what is told around them; the text where they say too little by themselves."""
    sentences = [sentence.strip() for sentence in SENTENCES.split(text) if sentence and sentence.strip()]
    asked = " ".join(one for one in sentences if ASKS.search(fold(one).replace("’", "'")))
    return asked if len(content_words(asked)) >= STANDS_ALONE else text


def joined(sentence: str) -> list[str]:
    """The questions that « et » joins in one sentence: each of them asks."""
    folded = fold(sentence).replace("’", "'")
    if len(folded) != len(sentence):  # places would differ
        return [sentence]
    pieces, start = [], 0
    for match in JOINED.finditer(folded):
        if ASKING.search(folded, start, match.start()):
            pieces.append(sentence[start : match.start()])
            start = match.end()
    return [*pieces, sentence[start:]]


def in_the_light_of(history: Sequence[tuple[str, str]], text: str) -> str:
    """Return a question behind what was asked before it: the last question, and the one before where that says little by itself."""
    subject = ""
    for asked, _ in reversed(history):
        if content := content_words(asked):
            subject = f"{asked.strip()} {subject}".strip()
            if len(content) >= STANDS_ALONE:
                break
    if CRITERION.search(text):  # « et le 4.5 ? » replaces the criterion that was asked about
        subject = CRITERION.sub("", subject)
    return f"{subject} {text}".strip()


def language(folded: str) -> str:
    """ "en" where English function words outnumber French ones, else "fr"."""
    found = re.findall(r"[a-z]+", folded)
    english, french = (sum(word in known for word in found) for known in (ENGLISH, FRENCH))
    return "en" if english > french else "fr"


def codes(folded: str) -> tuple[str, ...]:
    """Criterion numbers, where the question speaks of criteria, compares or sums up, or is hardly more than a number; and practice
    codes."""
    found: list[str] = []
    speaks_of = (NAMES_CRITERION, COMPARES, SUMMARISES)
    if any(pattern.search(folded) for pattern in speaks_of) or len(folded.split()) <= 3:
        found.extend(f"{theme}.{number}" for theme, number in CRITERION.findall(folded))
    found.extend(f"{letter}.{number}" for letter, number in PRACTICE.findall(folded))
    return tuple(dict.fromkeys(found))
