"""A follow-up (« et pour les vidéos ? », « comment le vérifier ? ») to a question that search understands on its own.

No model: lists of words, in French and English, read without accents or case. Standard library only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["is_follow_up", "standalone"]

# --- every word that is known ---------------------------------------------------------------------------------------
# Greetings, thanks and assent, in front of a question or instead of it.
POLITE = """ok merci beaucoup bien super parfait accord d bonjour bonsoir salut oui non entendu compris hello hi thanks
    thank you a lot very much great fine yes no perfect , :""".split()
THANKS = {"merci", "thanks", "thank"}
# What opens a fragment; the longest first.
LEADS = r"(?:et qu en est il|qu en est il|and what about|what about|how about|et|mais|sinon|idem|pareil|quid|and)\b"
ABOUT_ITSELF = re.compile(r"qui (?:es tu|etes vous)|(?:que |qu )?(?:sais tu|peux tu) faire|who are you|aide|help")
PREPOSITIONS = set("pour dans sur chez avec par en a au aux de du des d sans depuis for in on with about of at".split())
DETERMINERS = {
    **dict.fromkeys("le la l du au the this ce cette cet mon ma notre votre".split(), "definite"),
    **dict.fromkeys("les des aux ces mes nos vos our my your".split(), "plural"),
    **dict.fromkeys("un une a an".split(), "indefinite"),
}
EXPANDED = {"des": "de ", "du": "de ", "aux": "à ", "au": "à "}
CONTRACTED = {"de les": "des", "de le": "du", "à les": "aux", "à le": "au"}
ASKING = set("comment combien pourquoi quand quoi quel quels quelle quelles how what which when where why".split())
PERSONS = set("je j tu il elle on nous vous ils elles t i you we they he she ca".split())
# A word after one of these is a verb; before a determiner and its noun, they leave a subject that comes last.
BEFORE_VERB = PERSONS | ASKING | set("qui que qu ou s se ne n to who est sont ont ete is are was were be can".split())
BEFORE_VERB -= {"quel", "quels", "quelle", "quelles", "what", "which"}
BEFORE_LATE_SUBJECT = ASKING | set(
    ", ou marche pollue consomme coute dure vaut vraiment obligatoire gratuit possible vrai utile cher beaucoup".split()
)
STOP = (
    PREPOSITIONS | set(DETERMINERS) | ASKING | PERSONS | BEFORE_VERB | set(POLITE) | THANKS
    | set("""et mais alors donc sinon idem pareil quid si and but so if or not comme ni y me m te lui leur leurs son sa ses
    se c cest ce cela celui celle ceux celles ci la ca meme aussi plus moins tres trop encore deja juste vraiment
    concretement exactement etre avoir ai as avons avez etait soit faut faudrait peut peux pouvez pouvons puis doit dois
    doivent devons devrait y il a va vont aller stp svp plait moi toi cas premier premiere second seconde dernier derniere
    autre autres tout tous toute toutes chaque votre vos leur ton ta tes quelque plutot entre vers apres avant lors it its
    them their these those that one ones latter former do does did has have had will would should could must may me us more
    please by from as than then there here also too both first last other _""".split())
)  # fmt: skip
# Words that say what is asked about a subject, never the subject: alone, they make a follow-up.
GENERIC = re.compile(
    r"""(?:verifi|control|valid|appliqu|concern|demand|impos|exig|prevoi|prevu|recommand|parl|expliqu|precis|resum|continu
    |montr|trouv|fonctionn|signifi|consist|exempl|detail|raison|difficult|objectif|sanction|amende|delai|cout|seuil
    |limite|condition|exception|etape|maniere|avantage|inconvenient|differen|crit(?:ere|eri)|obligation|methode
    |definition|chiffre|pourcentage|information|consequence|explain|check|appl[yi]|requir|priorit[eyi]e?s?$|tools?$|rules?$
    |(?:dit|dis|dire|donnez?|developpez?|citez?|listez?|liste|fait|fais|faire|font|sert|servir|existe|savoir|sais|veut
    |veux|dates?|duree|peine|prix|tarif|montant|moyens?|facons?|sources?|liens?|reference|lois?|laws?|decrets?|articles?
    |textes?|regles?|outils?|metiers?|roles?|sens|nombre|taux|temps|annees?|ans?|mois|jours?|infos?|sujet|theme|chose|point
    |suite|reste|places?|risques?|impacts?|effets?|gains?|niveau|types?|sorte|gens|poids|plafond|maximum|minimum|buts?|part
    |tell|give|show|means?|say|says|work|works|goal|purpose|deadline|price|reasons?|steps?|times?|mean)$)""",
    re.VERBOSE,
)
# Whoever or whatever a rule is for: « et pour une mairie ? » adds to the question, and replaces nothing in it.
AUDIENCE = re.compile(
    r"(?:commune|mairie|ville|collectivite|association|entreprise|ministere|administration|ecole|universite|hopita|agent"
    r"|particulier|pme|etat|moi|nous|mobile|appli|application|town|compan|school|charit|ministr)"
)
INFINITIVE = (
    r"(?!(?:fichier|dossier|papier|atelier|clavier|metier|chantier|courrier|calendrier|particulier|mobilier|immobilier"
    r"|financier|dernier|premier|cahier|palier|danger|boitier|avenir|loisir|plaisir|desir|affaire|scanner|cluster"
    r"|designer)\b)\w+(?:er|mettre|prendre|[eo]ndre|faire|uire|crire|lire|dire|suivre|indre|voir|[nstrv]ir|naitre|plir"
    r"|gir|clure)\b"
)
# « il faut », « est-il possible de », « c'est quoi », « it takes »: these pronouns stand for nothing.
IMPERSONAL = re.compile(
    r"\b(?:il (?:faut|faudrait|y a|y en a|existe|suffit|s agit|vaut|convient|manque|reste)"
    r"|(?:faut|y a t|existe t|suffit|agit|vaut|convient|reste|manque) il|(?:est il|il est|c est|cest|est ce) \w+ (?:de|d|que|qu)"
    r"|(?:qu )?est ce qu[ei]?|ce qu[ei]?|ce dont|(?:c est|cest|ce sont) (?:quoi|quel\w*|qui|quand|ou|comment|combien)"
    r"|(?:is it|it is|it s) \w+ (?:to|that)|it (?:takes?|costs?)|en savoir plus"
    r"|(?:ce|cet|cette|ces|this) (?:jour|mois|annee|semaine|site|assistant|year|month|week|website))\b"
)
# What may stand for something said before. ``kind`` is a noun that names the kind of what it stands for.
CUE = re.compile(
    rf"\b(?:(?:ce|cet|cette|ces|this|that|these|those) (?P<kind>crit[eè]r\w*|loi|lois|law|decret|article|referentiel|texte"
    rf"|guide|etude|outil|tool|label|obligation|regle|formation|module|document)\b"
    rf"|ce (?!sont)(?=\w)|(?:cet|cette|ces) (?=\w)|celui|celle|ceux|celles|cela|(?P<weak>c est|cest|ce sont|est ce|ca)\b"
    rf"|(?:il|elle|ils|elles)\b|(?:le|la|les|l|lui|leur|en|y) {INFINITIVE}|(?:^|(?<=et ))qui (?:le|la|les|l) \w"
    rf"|(?:on|je|tu|nous|vous) (?:ne )?(?:le|la|les|l|lui|y) (?!a\b)\w|(?:j|n|m|s|y|on|tu) en [a-z]|qu en (?:est|pens|dit)"
    rf"|en (?:est|sont|ont)\b|(?:le|la|les|l|y) \w+ t (?:on|il|elle)\b|(?:dessus|dedans)\b"
    rf"|quel\w* (?:est|sont) (?:son|sa|ses|leur|leurs)\b|(?:son|sa|ses|leur|leurs|its|their) (?={GENERIC.pattern})"
    rf"|(?:it|its|they|them|their|this|these|those|latter|former)\b|(?:about|is|does|do) that\b)",
    re.VERBOSE if False else 0,
)
