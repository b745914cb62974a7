"""Structured questions over typed properties: which criteria concern a job, which practices a department, exhaustively."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus.documents import Document
from corpus.lexical import fold, tokens

__all__ = ["CatalogueQuery", "named", "order", "parse", "select"]

# The property that identifies a document of each structured kind, and those that a question can filter by.
IDENTIFIERS = {"criterion": "number", "good practice": "code"}
FILTERS = {
    "criterion": ("theme", "priority", "difficulty", "jobs"),
    "good practice": ("priority", "difficulty", "who"),
}
LISTED = {
    "criterion": re.compile(r"\b(criteres?|criteria|criterion)\b"),
    "good practice": re.compile(r"\b(bonnes? pratiques?|good practices?)\b"),
}
COUNTS = re.compile(r"\b(combien|nombre|how many|number of)\b")
BY_THEME = re.compile(r"\b(?:par|dans chaque|per|by|in each) (?:thematique|theme|partie|famille)s?\b")
ASKS_FOR_LIST = re.compile(
    r"\b(quels|quelles|liste[rsz]?|enumere[rz]?|combien|nombre|tous les|toutes les|tout le|toute la|which|list|how many|all the|cite[rsz]?|"
    r"donne[rsz]?|montre[rsz]?)\b"
)
# « la thématique 9 » is that of the criteria 9.1, 9.2…
NUMBERED_THEME = re.compile(r"\b(?:thematique|theme|partie|chapitre|chapter)s?(?: n°)? ?([1-9])\b")
# Words of practitioners for values that the documents name otherwise.
ALIASES = {
    "priority": {
        "Prioritaire": ("prioritaires?", "(?<!moderate )(?<!recommended )priority"),
        "Recommandé": ("recommandes?", "recommandees?", "recommended"),
        "Modéré": ("moderes?", "moderee?s?", "moderate"),
    },
    "difficulty": {
        "Faible": (
            "faciles?",
            "difficulte faible",
            "faible difficulte",
            "easy",
            "low difficulty",
            "simples?",
            "peu difficiles?",
        ),
        "Moyen": ("difficulte moyenne", "moyenne difficulte", "medium difficulty"),
        "Fort": ("(?<!peu )difficiles?", "difficulte forte", "forte difficulte", "hard", "difficult"),
        "Facile": ("faciles?", "difficulte faible", "faible difficulte", "easy", "simples?", "peu difficiles?"),
        "Moyenne": ("difficulte moyenne", "moyenne difficulte", "medium difficulty"),
        "Difficile": ("(?<!peu )difficiles?", "difficulte forte", "hard", "difficult"),
    },
    "jobs": {
        "Porteur de projet": ("porteurs? de projet", "chefs? de projet", "project (lead|manager)s?"),
        "Designer": ("designers?",),
        "Concepteur UX / UI": ("concepteurs? ux", "ux designers?", "(un|une|les|des) ux(?! ?/)"),
        "Développeur": ("developpeu(r|se)s?", "devs?", "developers?"),
        "Responsable des achats": ("acheteu(r|se)s?", "buyers?", "service achats?", "responsables? des achats"),
        "Responsable de l'hébergement": ("hebergeurs?", "responsables? de l.hebergement", "hosting managers?"),
        "Data Scientist": ("data ?scientists?",),
        "Architecte Logiciel": ("architectes?( logiciels?)?", "software architects?"),
        "Architecte Système": ("architectes?( systemes?)?",),
        "Administrateur Système": ("administrateurs? systemes?", "sysadmins?", "system administrators?"),
        "Responsable Juridique": ("juristes?", "responsables? juridiques?"),
        "Responsable RSE/Numérique soutenable": ("responsables? rse", "referents? numerique responsable"),
    },
    "who": {
        "Direction des achats": ("acheteu(r|se)s?", "buyers?", "(service|direction des?) achats?"),
        "Responsable projet": (
            "(chefs?|cheffes?|responsables?) de projet",
            "responsables? projet",
            "project (lead|manager)s?",
        ),
        "Responsable produit": ("responsables? (de )?produit", "product (owner|manager)s?"),
        "Direction du numérique": (
            "dsi",
            "direction (du numerique|des systemes d'information|informatique)",
            "it departments?",
        ),
        "Direction ressources humaines": ("rh", "drh", "ressources humaines", "human resources"),
        "Délégué à la protection des données": ("dpo", "delegues? a la protection des donnees"),
    },
    "theme": {
        "Stratégie": ("(thematique|theme|partie) (de la )?strategie", "strategy"),
        "Spécifications": ("specifications?",),
        "Architecture": ("(thematique|theme|partie) (de l.)?architecture",),
        "UX/UI": ("(thematique|theme|partie) (ux.?/?.?ui|ux)", "ux/ui"),
        "Contenus": ("(thematique|theme|partie) contenus?", "de contenus?"),
        "Frontend": ("front.?end",),
        "Backend": ("back.?end",),
        "Hébergement": ("(thematique|theme|partie) (de l.)?hebergement", "d.hebergement", "hosting"),
        "Algorithmie": ("algorithmie", "algorithms?"),
    },
}


@dataclass(frozen=True)
class CatalogueQuery:
    """Documents of one kind whose properties hold all of ``properties``; a property may name several values, any of which fits.
    ``counts`` where it is asked how many there are."""

    kind: str
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: bool = False


def select(documents: Iterable[Document], query: CatalogueQuery, superseded: bool = False) -> list[Document]:
    """Return every official document (else card) in force that fits ``query``, by number; a card only where its document is missing."""
    fitting = [document for document in documents if document.in_force is not superseded and fits(document, query)]
    identifier = IDENTIFIERS[query.kind]
    best: dict[str, Document] = {}
    for document in fitting:
        key = str(document.properties[identifier])
        if key not in best or best[key].origin == "card":
            best[key] = document
    return sorted(best.values(), key=order)


def fits(document: Document, query: CatalogueQuery) -> bool:
    """True where a document is structured, of the query's kind, and each property holds one of the wanted values."""
    if document.kind != query.kind or IDENTIFIERS[query.kind] not in document.properties:
        return False
    for name, wanted in query.properties.items():
        value = document.properties.get(name, "")
        values = set(map(fold, value)) if isinstance(value, tuple) else {fold(str(value))}
        if not values & set(map(fold, wanted)):
            return False
    return True


def order(document: Document) -> tuple[tuple[int, ...], str]:
    """Sort key: 4.2 before 4.10, i.2 by its letter."""
    code = str(document.properties.get(IDENTIFIERS.get(document.kind, ""), ""))
    return tuple(
        int(part) if part.isdigit() else ord(part[0]) for part in re.findall(r"\d+|[a-zA-Z]", code)
    ), document.id


def named(documents: Iterable[Document], codes: Iterable[str], superseded: bool = False) -> list[Document]:
    """Return the document of each code that exists (a criterion's number, a practice's code), in the order of ``codes``; the official one before our card."""
    best: dict[str, Document] = {}
    for document in documents:
        # The kind first: most documents have no code, and there may be many.
        if document.kind not in IDENTIFIERS or document.in_force is superseded:
            continue
        code = fold(str(document.properties.get(IDENTIFIERS[document.kind], "")))
        if code and (code not in best or best[code].origin == "card"):
            best[code] = document
    return [best[code] for code in map(fold, codes) if code in best]


def parse(question: str, documents: Iterable[Document]) -> CatalogueQuery | None:
    """Return the list that ``question`` asks for, or None where it asks for none that properties can answer."""
    documents = list(documents)
    folded = fold(question)
    kind = next((kind for kind, pattern in LISTED.items() if pattern.search(folded)), None)
    if kind is None and NUMBERED_THEME.search(folded):
        kind = "criterion"
    if kind is None or not ASKS_FOR_LIST.search(folded):
        return None
    counts = bool(COUNTS.search(folded))
    wanted: dict[str, tuple[str, ...]] = {}
    values = known_values(documents, kind)
    terms = set(tokens(question))
    for name in FILTERS[kind]:
        found = [value for value in values[name] if is_named(value, name, folded, terms)]
        # « Responsable IT » within « Responsable IT et achats »: the values whose every word is there.
        if found:
            wanted[name] = tuple(found)
    if kind == "criterion" and (numbered := NUMBERED_THEME.search(folded)):
        wanted["theme"] = themes_of(documents, numbered[1])
        terms -= set(tokens(numbered[0]))
    by_theme = counts and kind == "criterion" and bool(BY_THEME.search(folded))
    # What the question says beside the list and its filters is a subject, which only a search can answer.
    return (
        CatalogueQuery(kind, wanted, counts)
        if (wanted or by_theme) and not subject_left(folded, wanted, terms)
        else None
    )


def themes_of(documents: Iterable[Document], number: str) -> tuple[str, ...]:
    """The theme whose criteria are numbered ``number``.1, ``number``.2…"""
    themes = (
        str(document.properties.get("theme", ""))
        for document in documents
        if document.kind == "criterion"
        and document.in_force
        and str(document.properties.get("number", "")).startswith(f"{number}.")
    )
    return tuple(dict.fromkeys(theme for theme in themes if theme))


def known_values(documents: Iterable[Document], kind: str) -> dict[str, list[str]]:
    values: dict[str, dict[str, None]] = {name: {} for name in FILTERS[kind]}
    for document in documents:
        if document.kind == kind and document.in_force and IDENTIFIERS[kind] in document.properties:
            for name in FILTERS[kind]:
                value = document.properties.get(name, "")
                for item in value if isinstance(value, tuple) else (value,):
                    if item:
                        values[name][str(item)] = None
    return {name: list(found) for name, found in values.items()}


def is_named(value: str, name: str, folded: str, terms: set[str]) -> bool:
    """True where the question names ``value``, by one of its aliases, else by all its words."""
    aliases = ALIASES.get(name, {}).get(value)
    if aliases:
        return any(re.search(rf"\b{alias}\b", folded) for alias in aliases)
    own = set(tokens(value))
    return bool(own) and own <= terms


NEUTRAL = set(
    tokens(
        "critère critères criteria criterion bonnes pratiques good practices liste lister citer citent cite RGESN référentiel 2024 "
        "général écoconception services numériques concernent concernant concerne concerner concern concerned métier métiers "
        "job jobs role destinés destiné applicables applicable appliquer s'appliquent regarde regardent priorité priorités "
        "prioritaire difficulté niveau thématique thème theme partie famille existe existent atelier préparer préparent "
        "préparation équipe équipes donne donner donne-moi montre tous toutes classés classé classées rôle rôles profil "
        "profils combien nombre compte nos notre nos responsable responsables implique impliquent session formation viser "
        "visent cible ciblent NumÉco DINUM edition version eco-design ecodesign framework digital priority level high many "
        "tant chaque tout toute respecter suivre dois dois-je devons-nous liste-moi montre-moi donne-nous regarder public publique publics"
    )
)


def subject_left(folded: str, wanted: Mapping[str, tuple[str, ...]], terms: set[str]) -> bool:
    """True where a content word of the question is neither neutral nor part of a filter."""
    explained = set(NEUTRAL)
    for name, values in wanted.items():
        for value in values:
            explained.update(tokens(value))
            for alias in ALIASES.get(name, {}).get(value, ()):
                for match in re.finditer(rf"\b{alias}\b", folded):
                    explained.update(tokens(match[0]))
    return bool(terms - explained)
