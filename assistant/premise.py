"""What a question takes for granted and its answer contradicts: another figure of the same thing, another organisation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.question import ASKING, Question
from assistant.specifics import YEAR
from corpus.answer_index import ways_to_ask
from corpus.answers import PreparedAnswer
from corpus.figures import Quantity, quantities, same
from corpus.lexical import STOP_WORDS, content_words, fold, stem, words

__all__ = ["contradicted", "taken_for_granted"]

# Who acts in this field: what one of them does is often laid to another.
ORGANISATIONS = "ADEME Arcep Arcom DINUM ANSSI AFNOR CNIL INR Inria DNID DAE UGAP DGCCRF DGE CGDD Ecologic Ecosystem INSEE ANCT Cerema".split()
# What is counted, after its number: « 9 blocs », « 31 bonnes pratiques ».
COUNTED = re.compile(r"\s?(?:d['’]\s?|de\s)?([^\W\d_]{4,})")
# « (guide de 2023) » is when it was said.
BRACKETED = re.compile(r"\([^)]*\)")
# A mark is « sur 10 » whatever is marked.
OUT_OF = re.compile(r"\b(sur|out of)\s*$", re.IGNORECASE)
# The figures of who asks are no claim on the sources: « notre commune de 30 000 habitants », « un fichier de 12 Mo ».
OWN = re.compile(
    r"\b(?:notre|nos|mon|ma|mes|je|j'ai|nous|on a|on est|on compte|our|my|we|i am|un|une|ils ont|elles ont)\b[^.?!:;,]*$"
)
# What is told before what is asked, as something that is known: « Puisque le RGESN est obligatoire, quel délai… »; « L'ANSSI ayant rédigé… ».
GRANTED = re.compile(
    r"^\W*(?:puisqu[e'’]|comme|vu qu[e'’]|etant donne qu[e'’]|sachant qu[e'’]|du moment qu[e'’]|(?:on (?:me |m'a )?dit|il parait|j'ai lu) qu[e'’]"
    r"|since|as|given that|because|i (?:read|was told) that)\s*"
)
# « à » is folded to « a »: that it is the verb is told by the participle behind it.
STATES = re.compile(
    r"\b(?:ayant|etant|est|sont|a(?= \w+(?:e|i|is|it|u|us|ert)\b)|ont|etait|etaient|prend|impose|fixe|oblige|exige|interdit|limite|doit|doivent|peut|peuvent|suit|gere|pilote"
    r"|compte|vise|demande|prevoit|passe|is|are|was|has|have|must|can)\b"
)
PAUSE = re.compile(r"\s?[,:;.]\s+")
# So few words of content state nothing.
LEAST_STATED = 3


def taken_for_granted(text: str) -> str:
    """Return what a question states before it asks; "" where it states nothing."""
    folded = fold(text).replace("’", "'")
    if len(folded) != len(text):  # places would differ
        return ""
    granted = GRANTED.match(folded)
    start = granted.end() if granted else 0
    pauses = (pause for pause in PAUSE.finditer(folded, start) if ASKING.search(folded, pause.end()))
    pause = next(pauses, None)
    if pause is None or ASKING.search(folded, start, pause.start()) or not STATES.search(folded, start, pause.start()):
        return ""
    stated = text[start : pause.start()]
    return stated if len(content_words(stated)) >= LEAST_STATED else ""


def contradicted(
    question: Question, answer: PreparedAnswer, beside: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return (what the question names, what the answer holds in its place), each as it is written; None where nothing is contradicted.

    A figure is contradicted by others of the same unit or of the same thing, where neither the answer, nor the ways to ask for it, nor
    what was found ``beside`` it holds one that is the same; an organisation that they do not name, by those that the answer does.
    """
    said = f"{answer.text}\n{answer.short}"
    held = "\n".join([*ways_to_ask(answer), beside])
    asked, told, known = counted(question.text), counted(said), counted(held)
    for thing, figures in asked.items():
        others = told.get(thing, [])
        claims = [one for one in figures if not OWN.search(fold(question.text[: one.start]).replace("’", "'"))]
        if (
            claims
            and others
            and not any(same(one, other) for one in claims for other in (*others, *known.get(thing, [])))
        ):
            return texts(claims), texts(others)
    named, meant = set(words(question.text)), set(words(said))
    years, own = set(YEAR.findall(question.text)), YEAR.findall(BRACKETED.sub("", said))
    if years and own and years.isdisjoint(YEAR.findall(f"{said} {held} {answer.date}")):
        return tuple(sorted(years)), tuple(dict.fromkeys(own))
    strange = tuple(name for name in ORGANISATIONS if fold(name) in named - meant - set(words(held)))
    acting = tuple(name for name in ORGANISATIONS if fold(name) in meant)
    return (strange, acting) if strange and acting else None


def texts(figures: list[Quantity]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.text for one in figures))


def counted(text: str) -> Mapping[str, list[Quantity]]:
    """The numbers of a text by their unit, else by the stem of what they count."""
    found: dict[str, list[Quantity]] = {}
    for one in quantities(text):
        following = COUNTED.match(text[one.start + len(one.text) :])
        thing = fold(following[1]) if following else ""
        if one.kind != "number":
            continue
        if one.unit:
            found.setdefault(one.unit, []).append(one)
        elif OUT_OF.search(text[: one.start]):
            found.setdefault("/", []).append(one)
        elif thing and thing not in STOP_WORDS:
            found.setdefault(stem(thing), []).append(one)
    return found
