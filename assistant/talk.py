"""Talk about the answer before, or to the assistant: recognised before anything is searched, and done or declined."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.answer import Answer, Claim
from assistant.matching import WEIGHTS, weighed
from assistant.question import Question
from assistant.settings import Settings
from assistant.verify import citation_line, cited
from corpus.answers import PreparedAnswer
from corpus.index import Index
from corpus.lexical import content_words, fold, tokens, words
from corpus.messages import text as message
from corpus.spelling import dictionary
from corpus.talk import Kind, kinds_of_talk

__all__ = ["GIBBERISH", "MOST_WORDS", "Done", "about_answer", "recognised", "said_to", "signs"]

# What holds no word that anyone knows; it has no examples.
GIBBERISH = Kind("gibberish", False, ())
# A longer text is a question, whatever it begins with.
MOST_WORDS = 16
# The kind is that of which so many examples are nearest, on the mean.
NEAREST = 3
# « Bilan carbone » is a subject, « quel est ton bilan carbone ? » is about the assistant.
OF_THE_ASSISTANT = ("abilities", "footprint", "freshness", "identity", "privacy")
ADDRESSED = re.compile(
    r"\b(?:tu|t|te|toi|ton|ta|tes|vous|votre|vos|je|j|on|ici|aide|mode d'emploi|cet? (?:outil|assistant|site|machine|robot|chatbot)|you|your|yours|help|this)\b"
)


def recognised(question: Question, vector: np.ndarray, index: Index) -> Kind | None:
    """Return the kind of talk that a text is; None for a question."""
    said = words(question.text)
    if not said or unknown(said, index):
        return GIBBERISH
    if len(said) > MOST_WORDS or any(letter.isdigit() for letter in question.text) or leads_on(said):
        return None
    terms = set(tokens(question.text))
    if terms and not terms & talked():
        return None
    kind, measured = signs(question.text, vector, index)
    likely = 1 / (1 + math.exp(-weighed(WEIGHTS["talk"], measured)))
    if kind.name in OF_THE_ASSISTANT and not ADDRESSED.search(fold(question.text).replace("’", "'")):
        return None
    return kind if likely >= WEIGHTS["bars"]["talk"] and measured["before_questions"] > 0 else None


def leads_on(said: Sequence[str]) -> bool:
    """True for « et pour les écrans ? »: what goes on with the subject."""
    return said[0] in ("et", "and") and bool(content_words(" ".join(said[1:])))


def unknown(said: Sequence[str], index: Index) -> bool:
    """True where no word of a text is one of the index or of a dictionary."""
    known = index.lexical.vocabulary
    letters = [word for word in said if word.isalpha()]
    return bool(letters) and all(
        word not in known and word not in index.words and word not in dictionary() for word in letters
    )


def signs(text: str, vector: np.ndarray, index: Index, left_out: int = -1) -> tuple[Kind, dict[str, float]]:
    """Return the kind whose examples are nearest and how near the nearest is: the cosine with it, how far it is before the nearest
    prepared answer, and how many of its terms are of no example.

    ``left_out`` is the place of an example that is not looked at.
    """
    kinds, examples = index.talk
    similar = examples @ vector
    if left_out >= 0:
        similar[left_out] = -1.0
    near = {name: float(np.sort(similar[kinds == name])[-NEAREST:].mean()) for name in np.unique(kinds).tolist()}
    best = float(similar.max())
    nearest = max(near, key=lambda name: near[name])
    return next((kind for kind in kinds_of_talk() if kind.name == nearest), GIBBERISH), {
        "near": best,
        "before_questions": float(best - (index.prepared.vectors @ vector).max()),
        "new_words": float(len(set(tokens(text)) - talked(left_out))),
    }


@lru_cache(maxsize=2_000)
def talked(left_out: int = -1) -> frozenset[str]:
    """The terms of the examples."""
    examples = [example for kind in kinds_of_talk() for example in kind.examples]
    return frozenset(term for place, example in enumerate(examples) if place != left_out for term in tokens(example))


# --- what is replied to talk to the assistant ------------------------------------------------------------------------


def said_to(kind: Kind, settings: Settings, index: Index, built: str, language: str) -> str:
    """The sentence that answers talk to the assistant; ``built`` is the day when its documents were last read."""
    writes = settings.writes and kind.name in ("identity", "footprint", "privacy")
    dates = [document.date for document in index.documents.values() if document.date and document.origin == "official"]
    return message(
        f"talk_{kind.name}{'_written' if writes else ''}",
        language,
        model=settings.llm_model,
        built=built,
        newest=max(dates, default="–"),
        example=message("chat_trainer_ai", language),
    )


# --- what is done with the answer before -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """What is shown of the answer before: claims of it under a lead of our own, and questions that may follow."""

    claims: tuple[Claim, ...]
    suggestions: tuple[str, ...] = ()


def about_answer(kind: Kind, before: Answer | None, index: Index, language: str) -> Done:
    """Return the answer before in the form that is asked for, or the sentence that declines."""
    if before is None:
        return Done((note("talk_nothing_before", language),))
    return FORMS[kind.name](before, index, language)


def note(key: str, language: str, **values: object) -> Claim:
    return Claim(message(key, language, **values), kind="note")


def stated(before: Answer) -> tuple[Claim, ...]:
    """What an answer states, without its headings and notes."""
    return tuple(claim for claim in before.claims if claim.citations)


def prepared_of(before: Answer, index: Index) -> PreparedAnswer | None:
    """The prepared answer that an answer is; None for another basis, and for two in one."""
    standing = index.prepared.answers.get(before.prepared)
    return standing.answer if standing and not any(claim.kind == "title" for claim in before.claims) else None


def numbers_of(before: Answer) -> tuple[int, ...]:
    """What an answer cites, in reading order."""
    return tuple(dict.fromkeys(number for claim in before.claims for number in claim.citations))


def short(before: Answer, index: Index) -> tuple[Claim, ...]:
    """The short form of a prepared answer, which rests on all that the answer does; else what is stated first, of each of two."""
    prepared = prepared_of(before, index)
    if prepared and prepared.short:
        return (Claim(prepared.short, numbers_of(before), language="fr"),)
    kept: list[Claim] = []
    for claim in before.claims:
        if claim.kind == "title" or (claim.citations and (not kept or kept[-1].kind == "title")):
            kept.append(claim)
    return tuple(kept)


def shorter(before: Answer, index: Index, language: str) -> Done:
    return Done(short(before, index) or before.claims)


def simpler(before: Answer, index: Index, language: str) -> Done:
    claims = short(before, index)
    return Done((note("talk_simpler", language), *claims) if claims else before.claims, before.suggestions)


def sources(before: Answer, index: Index, language: str) -> Done:
    lines = [
        Claim(citation_line(hit, language), (number,), "item", language)
        for _, below in cited(before, language)
        for number, hit in below
    ]
    if not lines:
        return Done((note("talk_sources_none", language),))
    return Done((note("talk_sources", language), *lines))


def example(before: Answer, index: Index, language: str) -> Done:
    return Done((note("talk_example_none", language),), before.suggestions)


def continued(before: Answer, index: Index, language: str) -> Done:
    return Done((note("talk_continue_none", language),), before.suggestions)


def table(before: Answer, index: Index, language: str) -> Done:
    points = tuple(replace(claim, kind="item") for claim in stated(before))
    return Done((note("talk_table", language), *points) if points else before.claims)


def mail(before: Answer, index: Index, language: str) -> Done:
    if not stated(before):
        return Done(before.claims)
    return Done((note("talk_mail", language), *before.claims, *sources(before, index, language).claims))


def sure(before: Answer, index: Index, language: str) -> Done:
    numbers = numbers_of(before)
    if not numbers:
        return Done((note("talk_sure_none", language),))
    dates = [date for number in numbers if (date := before.passages[number - 1].document.date)]
    claims = [note("talk_sure", language, count=len(numbers), date=max(dates, default="–"))]
    prepared = prepared_of(before, index)
    if prepared and prepared.disagreement:
        claims.append(note("talk_sure_apart", language))
    return Done((*claims, *sources(before, index, language).claims))


def english(before: Answer, index: Index, language: str) -> Done:
    prepared = prepared_of(before, index)
    if prepared and prepared.english:
        return Done((note("talk_english", language), Claim(prepared.english, numbers_of(before), language="en")))
    return Done((note("talk_language_none", language),))


def french(before: Answer, index: Index, language: str) -> Done:
    prepared = prepared_of(before, index)
    if prepared is None:
        return repeated(before, index, language)
    numbers = numbers_of(before)
    sentences = (Claim(text, numbers, "sentence", "fr") for text in prepared.sentences)
    return Done((*sentences, *(Claim(text, numbers, "item", "fr") for text in prepared.items)))


def other_language(before: Answer, index: Index, language: str) -> Done:
    return Done((note("talk_language_none", language),))


def repeated(before: Answer, index: Index, language: str) -> Done:
    return Done(before.claims, before.suggestions)


def unanswered(before: Answer, index: Index, language: str) -> Done:
    return Done((note("talk_unanswered", language),), before.suggestions)


FORMS = {
    "shorter": shorter,
    "simpler": simpler,
    "sources": sources,
    "example": example,
    "continue": continued,
    "table": table,
    "mail": mail,
    "sure": sure,
    "english": english,
    "french": french,
    "other_language": other_language,
    "repeat": repeated,
    "unanswered": unanswered,
}
