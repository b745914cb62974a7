"""A follow-up (« et pour les vidéos ? », « comment le vérifier ? ») to a question that search understands on its own.

No model: lists of French and English words, read without case or accents. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["is_follow_up", "standalone"]

# --- every word that is known -----------------------------------------------------------------------------------------
# What comes in front of a question: politeness, and what announces a fragment.
OPENING = re.compile(
    r"(?:(?:[,:]|d accord|a lot|ok|merci|beaucoup|bien|super|parfait|bonjour|bonsoir|salut|au revoir|oui|non|entendu|compris"
    r"|hello|hi|good morning|thanks|thank you|very much|great|fine|yes|no|perfect|(?P<lead>(?:et )?qu en est il|quid|idem"
    r"|(?:and )?(?:what|how) about|meme (?:question|chose)|pareil|mais|sinon|et|and))(?: |$))*"
)
SMALL_TALK = re.compile(
    r"(?!.*\?)(?:\S+ ){,3}(?:merci|thanks?)\b(?: \S+){,5}$|(?:qui (?:es tu|etes vous)|que? (?:sais|peux) tu faire|who are you"
    r"|aide|help)$"
)
PREPOSITIONS = set("pour dans sur chez avec par en a au aux de du des d sans depuis for in on with about of at".split())
DETERMINERS = {
    **dict.fromkeys("le la l du au the this ce cette cet mon ma notre votre".split(), "definite"),
    **dict.fromkeys("les des aux ces mes nos vos our my your".split(), "plural"),
    **dict.fromkeys("un une an".split(), "indefinite"),
}
DEFINITE = {"des": {"le": "du", "la": "de la", "l": "de l", "les": "des"}, "aux": {"le": "au", "la": "à la", "l": "à l"}}
DEFINITE |= {"du": DEFINITE["des"], "au": DEFINITE["aux"] | {"les": "aux"}}
WHICH = set("quel quels quelle quelles lequel laquelle lesquels lesquelles which what many much".split())
ASKING = WHICH | set("comment combien pourquoi pk pq quand quoi how when where why".split())
PERSONS = set("je j tu il elle on nous vous ils elles t i you we they he she ca".split())
# The word after one of these is a verb, but in front of a determiner or « quel ».
BEFORE_VERB = (PERSONS | ASKING | set("qui que qu ou s se ne n to who est sont ete is are was were be".split())) - WHICH
# After one of these, a determiner opens the noun that a pronoun announced: « elle est où la déclaration ? ».
BEFORE_NOUN = set(
    ", ou marche pollue consomme coute dure vaut vraiment obligatoire gratuit possible vrai utile cher beaucoup".split()
)
STOP = (PREPOSITIONS | set(DETERMINERS) | ASKING | BEFORE_VERB) | set(
    """et mais alors donc sinon idem pareil quid si and but so if or not comme ni y me m te lui leur leurs son sa ses c
    cest cela celui celle ceux celles ci meme aussi plus moins tres trop encore deja juste vraiment concretement etre
    exactement avoir ai as avons avez ont etait soit peut peux pouvez pouvons puis faut faudrait doit dois doivent devons
    va vont aller stp svp plait moi toi cas premier premiere second seconde dernier derniere autre autres tout tous toute
    toutes chaque ton ta tes quelque entre vers apres avant partir ya bonjour merci it its them their these those that one
    ones do does did has have had will would should could can must may me us more please by from as than then there here
    first last other long thank thanks hello _""".split()
)
# Words for what is asked about a subject, never for the subject: alone, they make a follow-up.
GENERIC = re.sub(
    r"\s",
    "",
    r"""(?:(?:verifi|control|valid|appliqu|concern|demand|impos|exig|prevoi|prevu|recommand|parl|expliqu|precis|resum|
    continu|commenc|montr|trouv|signifi|consist|ex[ae]mpl|detail|raison|difficult|objectif|sanction|amende|delai|cout|
    seuil|limite|condition|exception|etape|maniere|avantage|inconvenient|differen|crit[eè]r|obligation|methode|chiffre|
    definition|pourcentage|information|consequence|certific|explain|check|appl[yi]|requir|developper?$)\w*|
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
# What may stand for something said before. ``kind`` is a noun for the kind of thing, ``weak`` often stands for nothing.
CUE = re.compile(
    r"\b(?:(?:cet?|cette|ces|this|that|these|those) (?P<kind>crit\w+|loi|law|decret|article|referentiel|texte|guide|etude"
    r"|outil|tool|label|obligation|regle|formation|module|document)|(?P<weak>c est|cest|ce sont|est ce|ca)\b"
    rf"|(?:cet?|cette|ces) \w|celui|celle|ceux|cela|ils?\b|elles?\b|(?:le|la|les|l|lui|leur|en|y) {INFINITIVE}"
    r"|(?<!\w )qui (?:le|la|les|l) \w|(?:le|la|les|l|y) \w+ t (?:on|il|elle)\b|dessus\b|dedans\b"
    r"|(?:on|je|j|tu|s|nous|vous) (?:ne |n )?(?:le|la|les|l|y) (?!a\b)\w|(?:j|n|m|s|y|on|tu) en [a-z]"
    rf"|en (?:est|sont|ont)\b|(?:son|sa|ses|leurs?|its|their) {GENERIC}|(?:sont|est) (?:son|sa|ses|leurs?) \w"
    r"|(?:it|its|they|them|their|this|these|those|the latter|the former|(?:about|is|does|do) that)\b)"
)
FEMININE = set("elle elles cette celle celles la".split())
PLURAL = set("les ces ceux ils leur leurs them these those they their".split())
# --- end of the words -------------------------------------------------------------------------------------------------

END = " ?!.…\n"
NUMBER = r"(?<![\d.,v])\d{1,2}\.\d{1,2}(?![\d%]|\.\d)"
YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
NUMBERED = re.compile(r"crit(?:[èe]re|erion|eria)s?(?:\s[^\W\d]+)?((?:\W|\d|et\b|and\b)+)", re.IGNORECASE)
CRITERION = re.compile(r"\b(?:quels? |which |what )?(?:crit[èe]re|criterion|criteria)s?\b", re.IGNORECASE)
# A longer topic keeps only its content words.
TOPIC_CHARACTERS = 160


def read(text: str) -> tuple[list[str], list[int]]:
    """Return the words of ``text`` without case or accents, and where each starts; « IT » is a noun, not a pronoun."""
    plain = "".join(unicodedata.normalize("NFD", character)[0] for character in re.sub(r"\bIT\b", "TI", text))
    tokens = list(re.finditer(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[,:]", plain))
    return [token[0].lower() for token in tokens], [token.start() for token in tokens]


def is_content(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and word not in STOP and not re.match(GENERIC, word)


def is_verb(words: list[str], at: int) -> bool:
    """Whether the word follows « on », « qui », « to »…, comes before « -t-il », or is an infinitive."""
    before, after = (words[at - 1] if at else ""), "".join(words[at + 1 : at + 2])
    infinitive = before not in DETERMINERS and re.match(INFINITIVE, words[at])
    return before in BEFORE_VERB or after in {"il", "elle", "ils", "elles", "t"} or bool(infinitive)


def has_noun(words: list[str], end: int) -> bool:
    """Whether a pronoun at ``end`` finds its noun in front of it. What « quel » asks for is none."""
    return any(
        "." in words[at] or (is_content(words[at]) and not is_verb(words, at))
        for at in range(end)
        if not ({"combien"} | WHICH) & set(words[max(0, at - 2) : at] if words[at - 1] in "de" else words[at - 1 : at])
    )


def points_back(words: list[str]) -> bool:
    """Whether a pronoun or a demonstrative stands for something that these words do not hold."""
    sentence = IMPERSONAL.sub(lambda match: re.sub(r"\w+", "_", match[0]), " ".join(words))
    for cue in CUE.finditer(sentence):
        at = sentence.count(" ", 0, cue.start())
        late = next((i for i in range(at + 1 + cue[0].count(" "), len(words)) if words[i] in DETERMINERS), len(words))
        announced = words[late - 1] in BEFORE_NOUN | ASKING and any(map(is_content, words[late + 1 :]))
        if cue["kind"]:
            found = any(word.startswith(cue["kind"][:4]) for word in words[:at])
        else:
            found = has_noun(words, at) or announced or (cue["weak"] and sum(map(is_content, words)) > 2)
        if not found:
            return True
    return False


def opening(words: list[str]) -> tuple[list[str], bool]:
    """Return the words after the politeness and « et », « what about »…, and whether there was one of the latter."""
    match = OPENING.match(" ".join(words))
    assert match  # it matches the empty string
    return words[len(match[0].split()) :], bool(match["lead"])


def is_small_talk(question: str) -> bool:
    """Whether the turn greets, thanks, agrees or asks about the assistant itself."""
    rest, led = opening(read(question)[0])
    return (not rest and not led) or bool(SMALL_TALK.match(" ".join(read(question)[0])) and "?" not in question)


def asks(words: list[str]) -> bool:
    """Whether a question word or a verb comes first."""
    first = ASKING | set("qui que qu ou est sont faut peut doit who is are does do can".split())
    behind_preposition = words[0] in PREPOSITIONS and bool((ASKING | {"qui", "ou"}) & set(words[1:2]))
    return words[0] in first or behind_preposition or bool({"il", "on"} & set(words[1:2]))


def is_follow_up(question: str) -> bool:
    """Whether ``question`` needs what was said before it to be understood."""
    rest, led = opening(read(question)[0])
    if is_small_talk(question) or not rest:
        return led
    numbered = re.search(NUMBER, question) and (asks(rest) or (not led and CRITERION.search(question)))
    content = sum(map(is_content, rest)) + bool(numbered)
    asking = bool(ASKING & set(rest))
    if led and not asks(rest):
        return not (asking and content >= (3 if rest[0] in {"si", "if"} else 4))
    fragment = rest[0] in PREPOSITIONS and not asks(rest) and not asking and content <= 2
    only_asked = asking and content == 1 and not numbered and ...
    return content == 0 or fragment or points_back(rest)
