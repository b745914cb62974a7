"""A follow-up (« et pour les vidéos ? », « comment le vérifier ? ») to a question that search understands on its own.

No model: lists of French and English words, read without case or accents. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["is_follow_up", "is_small_talk", "standalone"]


# --- every word that is known -----------------------------------------------------------------------------------------
def known(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What comes in front of a question: politeness, and what announces a fragment.
OPENING = re.compile(
    r"(?:(?:[,:]|d accord|a lot|ok|merci|beaucoup|(?:tres |c est )?(?:bien|clair|note|parfait|bon|tout)|super|top"
    r"|bonjour|bonsoir|salut|coucou|bonne (?:journee|soiree)|au revoir|oui|non|entendu|compris|hello|hi|good morning"
    r"|thanks|thank you|very much|great|fine|yes|no|perfect|bye"
    r"|(?P<lead>(?:et )?(?:celui|celle|ceux|celles)(?= d(?:e|u|es)? )|(?:et )?qu en est il|(?:and )?(?:what|how) about"
    r"|meme (?:question|chose)|quid|idem|pareil|mais|sinon|et|and))"
    r"(?: |$))*"
)
THANKS_FOR = re.compile(r"\b(?:merci|thanks|thank you)[\w ]{,12} (?:pour|à|a|for)\b")
ABOUT_ITSELF = re.compile(r"(?:qui (?:es tu|etes vous)|que? (?:sais|peux) tu faire|who are you|aide|help)$")
PREPOSITIONS = known("pour dans sur chez avec par en a au aux de du des d sans depuis selon for in on with about of at")
DETERMINERS = {
    **dict.fromkeys(known("le la l du au the this ce cette cet mon ma notre votre"), "definite"),
    **dict.fromkeys(known("les des aux ces mes nos vos our my your"), "plural"),
    **dict.fromkeys(known("un une an"), "indefinite"),
}
EXPANDED = {"du": "de ", "des": "de ", "au": "à ", "aux": "à "}
CONTRACTED = {" de le ": " du ", " de les ": " des ", " à le ": " au ", " à les ": " aux "}
WHICH = known("quel quels quelle quelles lequel laquelle lesquels lesquelles which what many much")
ASKING = WHICH | known("comment combien pourquoi pk pq quand quoi how when where why")
PERSONS = known("je j tu il elle on nous vous ils elles t i you we they he she ca")
# The word after one of these is a verb, but in front of a determiner or « quel ».
BEFORE_VERB = (PERSONS | ASKING | known("qui que qu ou s se ne n to who est sont ete is are was were be")) - WHICH
# After one of these, a determiner opens the noun that a pronoun announced: « elle est où la déclaration ? ».
BEFORE_NOUN = known(
    ", ou marche pollue consomme coute dure vaut vraiment obligatoire gratuit possible vrai utile cher beaucoup"
)
BEFORE_SUBJECT = known("comment pourquoi quand when how why does do did")
FIRST = ASKING | known("qui que qu ou est sont faut peut peux pouvez doit who is are does do can could")
OBJECT_PREPOSITIONS = {"", "pour", "for", "de", "d", "du", "des", "of", "about"}
FUNCTION_WORDS = known(
    """et mais alors donc sinon si and but so if or not comme ni y me m te lui leur leurs son sa ses c cest cela celui
    celle ceux celles ci meme aussi plus moins tres trop encore deja juste vraiment concretement exactement etre
    avoir ai as avons avez ont etait soit peut peux pouvez pouvons puis faut faudrait doit dois doivent devons va
    vont aller partir ya stp svp plait moi toi cas premier premiere second seconde dernier derniere autre autres
    tout tous toute toutes chaque ton ta tes quelque entre vers apres avant bonjour merci it its them their these
    those that one ones do does did has have had will would should could can must may me us more please by from as
    than then there here first last other long thank thanks hello pas any _"""
)
STOP = FUNCTION_WORDS | PREPOSITIONS | DETERMINERS.keys() | ASKING | BEFORE_VERB
OUTSIDE_GROUP = STOP - PREPOSITIONS - DETERMINERS.keys()
# Words for what is asked about a subject, never for the subject: alone, they make a follow-up.
GENERIC = re.compile(
    r"""(?:(?:verifi|control|valid|appliqu|concern|demand|impos|exig|prevoi|prevu|recommand|expliqu|precis|resum|
    continu|commenc|montr|trouv|signifi|consist|ex[ae]mpl|detail|raison|difficult|objectif|sanction|amende|delai|cout|
    seuil|limite|condition|exception|etape|maniere|avantage|inconvenient|differen|crit[eè]r|obligation|methode|alternativ|
    definition|pourcentage|information|consequence|certific|explain|check|appl(?:y|ies)|requir|developper?$)\w*|
    (?:dit|dis|dire|parle|parler|parlent|chiffre|donne|donnez|liste|fait|font|faire|sert|servir|existe|sais|veut|veux|duree|peine|prix|tarif|montant|
    moyen|facon|date|source|lien|reference|loi|law|decret|article|texte|regle|rule|outil|tool|metier|role|sens|nombre|
    taux|temps|annee|an|mois|jour|info|sujet|theme|chose|point|suite|place|risque|impact|effet|gain|niveau|type|sorte|
    gens|poids|plafond|maximum|minimum|but|part|priorite|tell|give|show|say|work|mean|goal|purpose|deadline|price|step|
    reason|time|priority)s?)\b""",
    re.VERBOSE,
)
# Whoever or whatever a rule is for: « et pour une mairie ? » adds to the question and replaces nothing.
AUDIENCE = re.compile(
    r"\b(?:commune|mairie|ville|collectivite|association|entreprise|ministere|administration|ecole|universite|hopita"
    r"|agent|particulier|pme|etat|moi|nous|mobile|appli|town|compan|school|charit)"
)
INFINITIVE = (
    r"(?!(?:fichier|dossier|papier|atelier|clavier|metier|chantier|courrier|calendrier|particulier|(?:im)?mobilier|cahier"
    r"|financier|dernier|premier|palier|danger|boitier|avenir|loisir|plaisir|desir|affaire|scanner|cluster|designer)\b)"
    r"\w+(?:er|mettre|prendre|[eo]ndre|indre|faire|uire|crire|lire|dire|suivre|voir|[nstrvl]ir|gir|naitre|clure)\b"
)
# « il faut », « est-il possible de », « c'est quoi », « it takes »: these pronouns stand for nothing.
IMPERSONAL = re.compile(
    r"\b(?:il (?:faut|faudrait|y a|existe|suffit|s agit|vaut|convient|manque|reste)"
    r"|(?:faut|y a t|existe t|suffit|agit|vaut|convient|reste) il"
    r"|(?:est il|il est|c est|cest|est ce) \w+ (?:de|d|que|qu)|ou en (?:est|sont) (?:le|la|les|l)"
    r"|(?:qu )?est ce qu[ei]?|ce qu[ei]?|ce dont|(?:c est|cest|ce sont) (?:quoi|quel\w*|qui|quand|ou|comment|combien)"
    r"|(?:is it|it is|it s) \w+ (?:to|that)|it (?:takes?|costs?)|en savoir plus"
    r"|(?:cet?|cette|ces|this) (?:jour|mois|annee|semaine|site|assistant|year|month|week|website))\b"
)
# What may stand for something said before. ``kind`` is a noun for the kind of thing, ``weak`` often stands for nothing.
CUE = re.compile(
    r"\b(?:(?:cet?|cette|ces|this|that|these|those) (?P<kind>crit\w+|loi|law|decret|article|referentiel|texte|guide"
    r"|etude|outil|tool|label|obligation|regle|formation|module|document)|(?P<weak>c est|cest|ce sont|est ce|ca)\b"
    rf"|(?:cet?|cette|ces) \w|celui|celle|ceux|cela|ils?\b|elles?\b|(?:le|la|les|l|lui|leur|en|y) {INFINITIVE}"
    r"|(?<!\w )qui (?:le|la|les|l) \w|(?:le|la|les|l|y) \w+ t (?:on|il|elle)\b|dessus\b|dedans\b"
    r"|(?:on|je|j|tu|s|nous|vous) (?:ne |n )?(?:le|la|les|l|y) (?!a\b)\w|(?:j|n|m|s|y|on|tu) en [a-z]"
    rf"|en (?:est|sont|ont)\b|(?:son|sa|ses|leurs?|its|their) (?x:{GENERIC.pattern})"
    r"|(?:sont|est) (?:son|sa|ses|leurs?) \w|(?:difference|rapport) avec\b"
    r"|(?<!\w )(?:le|la|les|the) (?:plus|moins|most)\b"
    r"|(?:it|its|they|them|their|this|these|those|the (?:latter|former)|(?:about|is|does|do) that)\b)"
)
# A criterion is masculine: these stand for something else.
FEMININE = re.compile(rf"\b(?:elles?\b|cette\b|celles?\b|la {INFINITIVE})")
PLURAL = re.compile(rf"\b(?:(?:ces|ceux|ils|leurs?|them|these|those|they|their)\b|les {INFINITIVE})")
# « qu'est-ce que NumÉco ? »: a name without a determiner is a subject, not a verb.
DEFINED = re.compile(r"(?:qu est ce que?|c est quoi|what (?:is|are)) (\w+)")
# --- end of the words -------------------------------------------------------------------------------------------------

END = " ?!.…\n"
NUMBER = r"(?<![\d.,v])\d{1,2}\.\d{1,2}(?![\d%]|\.\d|\s%)"
YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
CRITERION = re.compile(r"\b(?:quels? |which |what )?(?:crit[èe]re|criterion|criteria)s?\b", re.IGNORECASE)
NUMBERED = re.compile(rf"{CRITERION.pattern}(?:\s[^\W\d]+)?((?:\W|\d|et\b|and\b)+)", re.IGNORECASE)
TOPIC_CHARACTERS = 160  # a longer topic keeps only its content words


def read(text: str) -> tuple[list[str], list[int], bool]:
    """Return the words of ``text`` after its opening, where each starts in it, and whether the opening has a lead."""
    text = re.sub(r"\bIT\b", "TI", text)  # the noun « IT », not the pronoun
    plain = "".join(unicodedata.normalize("NFD", character)[0] for character in text)
    tokens = list(re.finditer(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[,:]", plain))
    words = [token[0].lower() for token in tokens]
    opening = OPENING.match(" ".join(words))
    skipped = len(opening[0].split()) if opening else 0
    return words[skipped:], [token.start() for token in tokens[skipped:]], bool(opening and opening["lead"])


def is_content(word: str) -> bool:
    return len(word) > 1 and word[0].isalpha() and word not in STOP and not GENERIC.match(word)


def is_verb(words: list[str], at: int) -> bool:
    """Whether the word follows « on », « qui », « to »…, comes before « -t-il », or is an infinitive."""
    before, after = (words[at - 1] if at else ""), "".join(words[at + 1 : at + 2])
    infinitive = before not in DETERMINERS and re.match(INFINITIVE, words[at])
    return before in BEFORE_VERB or after in {"il", "elle", "ils", "elles", "t"} or bool(infinitive)


def has_noun(words: list[str], end: int) -> bool:
    """Whether a pronoun at ``end`` finds its noun in front of it. What « quel » or « combien de » asks for is none."""
    for at in range(end):
        asked = at > 0 and (words[at - 1] in WHICH or "combien" in words[max(0, at - 2) : at])
        if "." in words[at] or (is_content(words[at]) and not asked and not is_verb(words, at)):
            return True
    return False


def points_back(words: list[str]) -> bool:
    """Whether a pronoun or a demonstrative stands for something that these words do not hold."""
    sentence = IMPERSONAL.sub(lambda match: re.sub(r"\w+", "_", match[0]), " ".join(words))
    for cue in CUE.finditer(sentence):
        at = sentence.count(" ", 0, cue.start())
        later = range(at + 1 + cue[0].count(" "), len(words))
        late = next((place for place in later if words[place] in DETERMINERS), len(words))
        announced = words[late - 1] in BEFORE_NOUN | ASKING and any(map(is_content, words[late + 1 :]))
        held = announced or has_noun(words, at) or (cue["weak"] and sum(map(is_content, words)) > 2)
        if cue["kind"]:  # « une association peut-elle invoquer cette loi ? »: only another law would do
            held = any(word.startswith(cue["kind"][:4]) for word in words[:at])
        if not held:
            return True
    return False


def asks(words: list[str]) -> bool:
    """Whether a question word or a verb comes first, if need be behind a preposition."""
    behind = words[0] in PREPOSITIONS and (ASKING | {"qui", "ou"}) & set(words[1:2])
    return words[0] in FIRST or bool(behind or {"il", "on"} & set(words[1:2]))


def is_small_talk(turn: str) -> bool:
    """Whether the turn greets, thanks, agrees or asks about the assistant itself."""
    words, _, led = read(turn)
    thanks = "?" not in turn and THANKS_FOR.search(turn.lower())
    return (not words and not led) or bool(thanks or ABOUT_ITSELF.match(" ".join(words)))


def is_follow_up(question: str) -> bool:
    """Whether ``question`` needs what was said before it to be understood."""
    words, _, led = read(question)
    if not words or is_small_talk(question):
        return not words and led
    asking = bool(ASKING & set(words))
    numbered = re.search(NUMBER, question) and (asks(words) or (not led and CRITERION.search(question)))
    content = sum(map(is_content, words)) + bool(numbered)
    if led and not asks(words):
        return not (asking and content >= (3 if words[0] in {"si", "if"} else 4))
    fragment = words[0] in PREPOSITIONS - {"de", "d"} and not asking and not asks(words) and content <= 2
    named = DEFINED.match(" ".join(words))
    defined = named and is_content(named[1])
    only_asked = (asking or asks(words)) and content == 1 and not (defined or has_noun(words, len(words)))
    return content == 0 or fragment or only_asked or points_back(words)


def topic(question: str) -> str:
    """Return what ``question`` is about: without its first function words, and only content words where it is long."""
    words, starts, _ = read(question)
    asked = {at + 1 for at, word in enumerate(words) if word in {"que", "qu", "quoi"}}
    first = next((at for at, word in enumerate(words) if word not in STOP and at not in asked), 0)
    text = question[starts[first] if starts else 0 :].rstrip(END)
    if len(text) <= TOPIC_CHARACTERS:
        return text
    kept = [question[start:].split()[0] for word, start in zip(words, starts, strict=True) if is_content(word)]
    return " ".join(kept)[:TOPIC_CHARACTERS]


def put(fragment: str, question: str) -> str:
    """Put ``fragment`` (« pour les vidéos ») in place of what it replaces in ``question``, else behind it."""
    stem = question.rstrip(END)
    end = question[len(stem) :].rstrip() or " ?"
    (words, starts, _), (new, new_starts, _) = read(stem), read(fragment)
    preposition = new[0] if new[0] in PREPOSITIONS else ""
    last = len(words) - 1 - words[::-1].index(preposition) if preposition in words else 0
    tail = range(last + 1, len(words))
    if last and not any(words[at] in OUTSIDE_GROUP or "." in words[at] or is_verb(words, at) for at in tail):
        return stem[: starts[last]] + fragment + end
    first = 1 if preposition and preposition not in EXPANDED else 0
    places = [at for at, word in enumerate(words) if word in DETERMINERS]
    if not places and new[first] not in DETERMINERS:  # « optimise images »
        places = [at + 1 for at in range(len(words)) if is_verb(words, at)]
    at = places[-1] if places else len(words)
    clear = (
        0 < len(words) - at < 6
        and (preposition not in ("pour", "for") or DETERMINERS.get(words[at]) == DETERMINERS.get(new[first]))
        and preposition in OBJECT_PREPOSITIONS
        and words[at - 1] not in BEFORE_SUBJECT
        and not STOP & set(words[at + 1 :])
        and not has_noun(words, at)
        and not re.search(NUMBER, stem[starts[at] :])
        and not AUDIENCE.search(" ".join(new))
    )
    if not clear:
        return f"{stem} {fragment}{end}" if preposition else f"{topic(stem)} : {fragment}{end}"
    expanded = EXPANDED.get(words[at], "") if new[first] in {"le", "la", "les", "l"} else ""
    text = stem[: starts[at]] + expanded + fragment[new_starts[first] :] + end
    for apart, together in CONTRACTED.items():
        text = text.replace(apart, together)
    return text


def name_criterion(question: str, follow_up: str, answer: str) -> str:
    """Put into ``question`` the criteria of ``answer`` that a pronoun in ``follow_up`` may stand for."""
    found = list(dict.fromkeys(re.findall(NUMBER, " ".join(NUMBERED.findall(answer)))))
    plural = PLURAL.search(follow_up)
    if not found or FEMININE.search(follow_up) or not (plural or len(found) == 1 or CRITERION.search(question)):
        return question
    criteria = "critère " + ", ".join(found[: 4 if plural else 1])
    return (
        CRITERION.sub(criteria, question, count=1) if CRITERION.search(question) else f"{criteria}, {topic(question)} ?"
    )


def resolve(follow_up: str, question: str, tail: str, answer: str) -> tuple[str, str]:
    """Return what ``follow_up`` makes of ``question``, and what it asks about its topic where it does."""
    words, starts, led = read(follow_up)
    if not words:
        return question, tail
    text = follow_up[starts[0] :].rstrip()
    replaced = False
    for pattern in () if asks(words) else (NUMBER, YEAR):  # « quelle différence avec le 4.5 ? » replaces nothing
        values = re.findall(pattern, text)
        if values and len(re.findall(pattern, question)) == 1:
            question, replaced = re.sub(pattern, " et ".join(values), question), True
    named = re.findall(NUMBER, text)
    content = any(map(is_content, words))
    own_clause = asks(words) or (ASKING | PERSONS | {",", "si", "if"}) & set(words)
    introduced = led or words[0] in PREPOSITIONS or named
    if introduced and not own_clause and (content or named or re.search(YEAR, text)):
        fragment = text.rstrip(END)
        if named and not CRITERION.search(text):
            fragment = "critère " + ", ".join(named)
        return question if replaced and not content else put(fragment, question), tail
    if not named and not re.search(NUMBER, question):
        question = name_criterion(question, " ".join(words), answer)
    return question, text


def standalone(question: str, history: Sequence[tuple[str, str]]) -> str:
    """Return ``question``, completed from ``history`` (user, assistant; oldest first) where it does not stand alone."""
    if not is_follow_up(question):
        return question
    turns: list[tuple[str, str]] = []  # newest first, back to one that stands alone
    for user, answer in reversed(history):
        if not is_small_talk(user):
            turns.append((user.strip(), answer))
            if not is_follow_up(user):
                break
    if not turns:
        return question
    (subject, answer), tail = turns.pop(), ""
    for user, next_answer in reversed(turns):
        subject, tail = resolve(user, subject, tail, answer)
        answer = next_answer
    subject, tail = resolve(question, subject, tail, answer)
    return f"{topic(subject)} : {tail}" if tail else subject
