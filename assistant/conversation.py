"""A follow-up (« et pour les vidéos ? », « comment le vérifier ? ») to a question that search understands on its own.

No model: lists of French and English words, read without case or accents. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["is_follow_up", "standalone"]

# --- every word that is known -----------------------------------------------------------------------------------------
# Greetings, thanks and assent, in front of a question or instead of it.
POLITE = set(
    """ok merci beaucoup bien super parfait accord d bonjour bonsoir salut oui non entendu compris hello hi thanks thank
    you a lot very much great fine yes no perfect , :""".split()
)
THANKS = {"merci", "thanks", "thank"}
ABOUT_ITSELF = re.compile(r"(?:qui (?:es tu|etes vous)|que? (?:sais|peux) tu faire|who are you|aide|help)$")
LEAD = re.compile(r"(?:(?:et )?qu en est il|(?:and )?(?:what|how) about|et|mais|sinon|idem|pareil|quid|and)\b ?")
PREPOSITIONS = set("pour dans sur chez avec par en a au aux de du des d sans depuis for in on with about of at".split())
DETERMINERS = {
    **dict.fromkeys("le la l du au the this ce cette cet mon ma notre votre".split(), "definite"),
    **dict.fromkeys("les des aux ces mes nos vos our my your".split(), "plural"),
    **dict.fromkeys("un une an".split(), "indefinite"),
}
EXPANDED = {"des": "de ", "du": "de ", "aux": "à ", "au": "à "}
CONTRACTED = {"de les": "des", "de le": "du", "à les": "aux", "à le": "au"}
ASKING = set("comment combien pourquoi quand quoi quel quels quelle quelles how what which when where why".split())
WHICH = set("quel quels quelle quelles which what many much".split())
PERSONS = set("je j tu il elle on nous vous ils elles t i you we they he she ca".split())
# The word after one of these is a verb.
BEFORE_VERB = (PERSONS | ASKING | set("qui que qu ou s se ne n to who est sont ete is are was were be".split())) - WHICH
# After one of these, a determiner opens a subject that comes last: « elle est où la déclaration ? ».
BEFORE_SUBJECT = ASKING | set(
    ", ou marche pollue consomme coute dure vaut vraiment obligatoire gratuit possible vrai utile cher beaucoup".split()
)
STOP = (PREPOSITIONS | set(DETERMINERS) | ASKING | WHICH | PERSONS | BEFORE_VERB | POLITE | THANKS) | set(
    """et mais alors donc sinon idem pareil quid si and but so if or not comme ni y me m te lui leur leurs son sa ses c
    cest cela celui celle ceux celles ci meme aussi plus moins tres trop encore deja juste vraiment concretement etre
    exactement avoir ai as avons avez ont etait soit peut peux pouvez pouvons puis faut faudrait doit dois doivent devons
    va vont aller stp svp plait moi toi cas premier premiere second seconde dernier derniere autre autres tout tous toute
    toutes chaque ton ta tes quelque entre vers apres avant it its them their these those that one ones latter former do
    does did has have had will would should could can must may me us more please by from as than then there here first
    last other _""".split()
)
# Words for what is asked about a subject, never for the subject: alone, they make a follow-up.
GENERIC = re.sub(
    r"\s",
    "",
    r"""(?:(?:verifi|control|valid|appliqu|concern|demand|impos|exig|prevoi|prevu|recommand|parl|expliqu|precis|resum|
    continu|montr|trouv|signifi|consist|exempl|detail|raison|difficult|objectif|sanction|amende|delai|cout|seuil|limite|
    condition|exception|etape|maniere|avantage|inconvenient|differen|crit[eè]r|obligation|methode|definition|chiffre|
    pourcentage|information|consequence|explain|check|appl[yi]|requir)\w*|
    (?:dit|dis|dire|donne|donnez|liste|fait|font|faire|sert|servir|existe|sais|veut|veux|duree|peine|prix|tarif|montant|
    moyen|facon|date|source|lien|reference|loi|law|decret|article|texte|regle|rule|outil|tool|metier|role|sens|nombre|
    taux|temps|annee|an|mois|jour|info|sujet|theme|chose|point|suite|place|risque|impact|effet|gain|niveau|type|sorte|
    gens|poids|plafond|maximum|minimum|but|part|priorite|tell|give|show|say|work|mean|goal|purpose|deadline|price|step|
    reason|time|priority)s?)\b""",
)
# Whoever or whatever a rule is for: « et pour une mairie ? » adds to the question and replaces nothing.
AUDIENCE = re.compile(
    r"\b(?:commune|mairie|ville|collectivite|association|entreprise|ministere|administration|ecole|universite|hopita|agent"
    r"|particulier|pme|etat|moi|nous|mobile|appli|town|compan|school|charit)"
)
INFINITIVE = (
    r"(?!(?:fichier|dossier|papier|atelier|clavier|metier|chantier|courrier|calendrier|particulier|(?:im)?mobilier|cahier"
    r"|financier|dernier|premier|palier|danger|boitier|avenir|loisir|plaisir|desir|affaire|scanner|cluster|designer)\b)"
    r"\w+(?:er|mettre|prendre|[eo]ndre|indre|faire|uire|crire|lire|dire|suivre|voir|[nstrvl]ir|gir|naitre|clure)\b"
)
# « il faut », « est-il possible de », « c'est quoi », « it takes »: these pronouns stand for nothing.
IMPERSONAL = re.compile(
    r"\b(?:il (?:faut|faudrait|y a|existe|suffit|s agit|vaut|convient|manque|reste)"
    r"|(?:faut|y a t|existe t|suffit|agit|vaut|convient|reste) il|(?:est il|il est|c est|cest|est ce) \w+ (?:de|d|que|qu)"
    r"|(?:qu )?est ce qu[ei]?|ce qu[ei]?|ce dont|(?:c est|cest|ce sont) (?:quoi|quel\w*|qui|quand|ou|comment|combien)"
    r"|(?:is it|it is|it s) \w+ (?:to|that)|it (?:takes?|costs?)|en savoir plus"
    r"|(?:cet?|cette|ces|this) (?:jour|mois|annee|semaine|site|assistant|year|month|week|website))\b"
)
# What may stand for something said before. ``kind`` names the kind of what it stands for.
CUE = re.compile(
    r"\b(?:(?:cet?|cette|ces|this|that|these|those) (?P<kind>criter\w*|criteria|loi|law|decret|article|referentiel|texte"
    r"|guide|etude|outil|tool|label|obligation|regle|formation|module|document)\b"
    r"|(?P<weak>c est|cest|ce sont|est ce|ca)\b|(?:cet?|cette|ces) \w|celui|celle|ceux|celles|cela|ils?\b|elles?\b"
    rf"|(?:le|la|les|l|lui|leur|en|y) {INFINITIVE}|(?<!\w )qui (?:le|la|les|l) \w|(?:le|la|les|l|y) \w+ t (?:on|il|elle)\b"
    r"|(?:on|je|j|tu|s|nous|vous) (?:ne |n )?(?:le|la|les|l|y) (?!a\b)\w|(?:j|n|m|s|y|on|tu) en [a-z]"
    rf"|en (?:est|sont|ont)\b|dessus\b|dedans\b|(?:son|sa|ses|leurs?|its|their) {GENERIC}"
    r"|(?:sont|est) (?:son|sa|ses|leurs?) \w|(?:it|its|they|them|their|this|these|those|latter|former)\b"
    r"|(?:about|is|does|do) that\b)"
)
FEMININE = set("elle elles cette celle celles la".split())
PLURAL = set("les ces ceux ils leur leurs them these those they their".split())
# --- end of the words -------------------------------------------------------------------------------------------------

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[,:]")
MARK = re.compile(r"\s*\[\d+\]")
NUMBER = r"(?<![\d.,v])\d{1,2}\.\d{1,2}(?![\d%]|\.\d)"
YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
CRITERION = re.compile(rf"crit(?:ère|ere|erion|eria)s?((?:\W*(?:\[\d+\]|et\b|and\b|{NUMBER}))+)", re.IGNORECASE)
WHICH_CRITERION = re.compile(r"\b(?:quels? |which |what )?(crit[èe]re|criterion|criteria)s?\b", re.IGNORECASE)
# A topic longer than this keeps only its content words, this many at most.
TOPIC_CHARACTERS = 160
TOPIC_WORDS = 16


class Words(NamedTuple):
    """A question as plain words, and where each starts in it."""

    words: list[str]
    starts: list[int]
    acronyms: set[str]


def read(text: str) -> Words:
    """Cut ``text`` into words without case or accents; « IT » is a noun, not a pronoun."""
    plain = "".join(unicodedata.normalize("NFD", character)[0] for character in text.lower())
    tokens = list(TOKEN.finditer(plain if len(plain) == len(text) else text.lower()))
    originals = [text[token.start() : token.end()] for token in tokens]
    words = ["informatique" if original == "IT" else token[0] for token, original in zip(tokens, originals, strict=True)]
    acronyms = {word for word, original in zip(words, originals, strict=True) if original.isupper() and len(word) > 2}
    return Words(words, [token.start() for token in tokens], acronyms)


def is_content(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and word not in STOP and not re.match(GENERIC, word)


def is_verb(words: list[str], at: int) -> bool:
    """Whether the word stands where a verb does: after « on », « qui », « to »…, before « -t-il », or in the infinitive."""
    before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
    inverted = after in {"il", "elle", "ils", "elles", "t"}
    return before in BEFORE_VERB or inverted or (before not in DETERMINERS and bool(re.match(INFINITIVE, words[at])))


def has_noun(words: list[str], end: int) -> bool:
    """Whether something in front of ``words[end]`` can be what a pronoun there stands for."""
    for at in range(end):
        asked = at > 0 and (words[at - 1] in WHICH or "combien" in words[max(0, at - 2) : at])
        if is_content(words[at]) and not asked and not is_verb(words, at):
            return True
    return False


def subject_comes_last(words: list[str], start: int) -> bool:
    """Whether a pronoun announces its noun: « on les met où les vieux écrans ? »."""
    at = next((at for at in range(start, len(words)) if words[at] in DETERMINERS), None)
    return at is not None and words[at - 1] in BEFORE_SUBJECT and any(map(is_content, words[at + 1 :]))


def points_back(words: list[str], acronyms: set[str]) -> bool:
    """Whether a pronoun or a demonstrative stands for something that these words do not hold."""
    sentence = IMPERSONAL.sub(lambda match: re.sub(r"\w+", "_", match[0]), " ".join(words))
    for cue in CUE.finditer(sentence):
        at = sentence.count(" ", 0, cue.start())
        if cue["kind"]:
            named = acronyms & set(words[:at]) or any(cue["kind"].startswith(word[:4]) for word in words[:at] if len(word) > 2)
            if not named:
                return True
        elif has_noun(words, at) or subject_comes_last(words, at + 1 + cue[0].count(" ")):
            continue
        elif not cue["weak"] or sum(map(is_content, words)) <= 2:
            return True
    return False


def opening(words: list[str]) -> tuple[int, bool]:
    """Return how many words of politeness and « et », « what about » open the question, and whether there is of the latter."""
    at, led = 0, False
    while at < len(words):
        lead = LEAD.match(" ".join(words[at:]))
        if lead:
            at, led = at + len(lead[0].split()), True
        elif words[at] in POLITE and (words[at] not in {"a", "d"} or at > 0 or words[at + 1 : at + 2] == ["accord"]):
            at += 1
        else:
            break
    return at, led


def is_small_talk(question: str) -> bool:
    """Whether the turn greets, thanks, agrees or asks about the assistant itself."""
    words = read(question).words
    at, led = opening(words)
    thanks = at < 4 and bool(THANKS & set(words[:at])) and "?" not in question and len(words) < 8
    return (at == len(words) and not led) or (thanks and not ASKING & set(words)) or bool(ABOUT_ITSELF.match(" ".join(words)))


def asks(words: list[str]) -> bool:
    """Whether the words are a question of their own, with its question word or its verb in front."""
    second = words[1] if len(words) > 1 else ""
    first = ASKING | {"qui", "que", "qu", "ou", "est", "sont", "faut", "peut", "doit", "who", "is", "are", "does", "do", "can"}
    return words[0] in first or (words[0] in PREPOSITIONS and second in {"qui", "ou", "quoi"} | ASKING) or second in {"il", "on"}


def is_follow_up(question: str) -> bool:
    """Whether ``question`` needs what was said before it to be understood."""
    if is_small_talk(question):
        return False
    words, _, acronyms = read(MARK.sub("", question))
    at, led = opening(words)
    rest = words[at:]
    if not rest:
        return led
    numbered = re.search(NUMBER, question) and (asks(rest) or (not led and CRITERION.search(question)))
    content = sum(map(is_content, rest)) + bool(numbered)
    if not content:
        return True
    asking = bool(ASKING & set(rest))
    if led and not asks(rest):
        return not (asking and content >= (3 if rest[0] in {"si", "if"} else 4))
    if rest[0] in PREPOSITIONS and not asks(rest) and not asking and content <= 2:
        return True
    return points_back(rest, acronyms)


def topic(question: str) -> str:
    """Return what ``question`` is about: without its first function words, and only content words where it is long."""
    words, starts, _ = read(question)
    first = next((at for at, word in enumerate(words) if word not in STOP), 0)
    text = question[starts[first] if starts else 0 :].rstrip(" ?!.…")
    if len(text) <= TOPIC_CHARACTERS:
        return text
    kept = dict.fromkeys(token[0] for token in TOKEN.finditer(text) if is_content(read(token[0]).words[0]))
    return " ".join(list(kept)[:TOPIC_WORDS])


def add_fragment(question: str, fragment: str) -> str:
    """Put ``fragment`` (« pour les vidéos ») in the place of what it replaces at the end of ``question``, else behind it."""
    stem = question.rstrip(" ?!.…")
    words, starts, _ = read(stem)
    new = read(fragment)
    preposition = new.words[0] if new.words[0] in PREPOSITIONS else ""
    for at in range(len(words) - 1, 0, -1):
        if words[at] == preposition and not any(word in STOP - PREPOSITIONS - set(DETERMINERS) for word in words[at + 1 :]):
            return f"{stem[: starts[at]]}{fragment} ?"
    object_at = 1 if preposition else 0
    determiner = new.words[object_at]
    places = [at for at, word in enumerate(words) if word in DETERMINERS and not re.match(INFINITIVE, "".join(words[at + 1 : at + 2]))]
    if determiner not in DETERMINERS and not places:
        places = [at + 1 for at in range(len(words)) if is_verb(words, at)]
    at = places[-1] if places else len(words)
    same = determiner not in DETERMINERS or DETERMINERS.get(words[at] if at < len(words) else "") == DETERMINERS[determiner]
    if (
        preposition in ("", "pour", "for")
        and (same or not preposition)
        and 0 < len(words) - at < 6
        and not any(word in STOP for word in words[at + 1 :])
        and not has_noun(words, at)
        and not re.search(NUMBER, stem[starts[at] :])
        and not AUDIENCE.search(" ".join(new.words))
    ):
        expanded = EXPANDED.get(words[at], "") if determiner in ("le", "la", "les", "l") else ""
        text = stem[: starts[at]] + expanded + fragment[new.starts[object_at] :]
        return re.sub(r"\b(?:de|à) les?\b", lambda match: CONTRACTED[match[0]], text) + " ?"
    return f"{stem} {fragment} ?" if preposition else f"{topic(stem)} : {fragment} ?"


def referents(answer: str, words: set[str], question: str) -> list[str]:
    """Return the numbers of the criteria in ``answer`` that a pronoun among ``words`` stands for."""
    found = list(dict.fromkeys(re.findall(NUMBER, " ".join(CRITERION.findall(MARK.sub("", answer))))))
    if words & FEMININE:
        return []
    if words & PLURAL:
        return found[:4]
    return found[:1] if len(found) == 1 or WHICH_CRITERION.search(question) else []


def resolve(follow_up: str, question: str, tail: str, answer: str) -> tuple[str, str]:
    """Return the question that ``follow_up`` makes of ``question``, and what it asks about that question's topic, if it does."""
    follow_up = MARK.sub("", follow_up).strip()
    words, starts, _ = read(follow_up)
    at, led = opening(words)
    rest = words[at:]
    if not rest:
        return question, tail
    text = follow_up[starts[at] :]
    replaced = False
    for pattern in (NUMBER, YEAR):
        values = re.findall(pattern, text)
        if values and len(re.findall(pattern, question)) == 1:
            question, replaced = re.sub(pattern, " et ".join(values), question), True
    named = replaced or bool(re.search(NUMBER, text))
    plain = "," not in rest and not (ASKING | PERSONS - {"t", "a"}) & set(rest) and not asks(rest)
    fragment = plain and (led or rest[0] in PREPOSITIONS or bool(re.search(NUMBER, text))) and rest[0] not in {"si", "if"}
    content = any(map(is_content, rest))
    if fragment and (content or re.search(rf"{NUMBER}|{YEAR}", text)):
        if content or not replaced:
            text = text.rstrip(" ?!.…")
            if re.search(NUMBER, text) and not CRITERION.search(text):
                text = "critère " + ", ".join(re.findall(NUMBER, text))
            question = add_fragment(question, text)
        return question, tail
    numbers = [] if named or re.search(NUMBER, question) else referents(answer, set(rest), question)
    if numbers:
        named_criterion = "critère " + ", ".join(numbers)
        if WHICH_CRITERION.search(question):
            question = WHICH_CRITERION.sub(named_criterion, question, count=1)
        else:
            question = f"{named_criterion} : {topic(question)} ?"
    return question, text


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """Return ``question`` unchanged where it stands alone, else completed from ``history``: (user, assistant), oldest first."""
    if not is_follow_up(question):
        return question
    turns: list[tuple[str, str]] = []
    for user, answer in reversed(history):
        if user.strip() and not is_small_talk(user):
            turns.insert(0, (user.strip(), answer))
            if not is_follow_up(user):
                break
    if not turns:
        return question
    subject, tail, answer = turns[0][0], "", turns[0][1]
    for user, next_answer in turns[1:]:
        subject, tail = resolve(user, subject, tail, answer)
        answer = next_answer
    subject, tail = resolve(question, subject, tail, answer)
    return f"{topic(subject)} : {tail}" if tail else subject
