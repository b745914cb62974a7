"""What a heading tells of the section below it: one table, French and English headings alike."""

from __future__ import annotations

import re

__all__ = ["section_kind"]

RULES: tuple[tuple[str, str], ...] = (
    (r"^(l['’ ])?(objectif|objective|aim|finalit)", "aim"),
    (r"^(contr[oô]le|comment v[eé]rifier|moyens? de (test|contr[oô]le)|v[eé]rifi|validation|control\b)", "check"),
    (r"^(pourquoi|enjeu|les enjeux|contexte|why|int[eé]r[eê]t|b[eé]n[eé]fices|plus-value)", "why"),
    (r"(qu[’']est[ -]ce|d[eé]finition|definition|^notion)", "definition"),
    (r"(en chiffres|chiffres|r[eé]sultats|^indicateurs?\b|quantitati|key figures)", "figures"),
    (r"(l[’']essentiel|r[eé]sum[eé]|synth[eè]se|en bref|summary|à retenir|conclusion)", "summary"),
    (r"(obligation|r[eé]glementa|l[eé]gislati|cadre (juridique|l[eé]gal)|^lois?\b)", "obligations"),
    (r"(calendrier|^dates?\b|entr[eé]e en vigueur|[eé]ch[eé]ance)", "dates"),
    (r"(^qui\b|à qui|pour qui|acteurs|m[eé]tiers|[eé]quipe|contributeurs|publics? (cible|vis))", "who"),
    (r"(outils?\b|tools?\b|ressources|pour aller plus loin)", "tools"),
    (r"(limites?\b|pr[eé]cautions|points? d[’']attention|vigilance|à savoir)", "limits"),
    (r"(exemple|retours? d[’']exp[eé]rience|cas pratique|t[eé]moignage)", "examples"),
    (r"(mise en [oœ]uvre|implementation|comment\b|[eé]tapes?\b|actions?\b|bonnes pratiques|recommandation|conseils?\b|leviers?\b|d[eé]marche|how\b)", "how"),
)  # fmt: skip
COMPILED = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in RULES)


def section_kind(heading: str) -> str:
    """Return the section kind that ``heading`` announces, or an empty string."""
    return next((kind for pattern, kind in COMPILED if pattern.search(heading.strip())), "")
