"""Talk about the answer before, or to the assistant: recognised before anything is searched, and done or declined."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from assistant.answer import Answer, Claim
from assistant.matching import WEIGHTS, weighed
from assistant.question import ASKING, SENTENCES, Question, understand
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
# A thumb or a smile, alone, says that it was read.
APPROVING = frozenset("👍👌🙏🙂😊😉😀😃😄👏❤✅")
# Beside a sentence that wants something done, what asks has so many words of content; courtesies may stand before a question.
LEAST_ASKED = 2
WORK, LEAST_WANTED = "work", 3
WANTS_DONE = ("advice", "ignorance", "person", "role", "work")
# What is said so names no subject.
COURTESIES = (
    "compliment",
    "displeased",
    "goodbye",
    "hello",
    "ignorance",
    "insult",
    "noted",
    "person",
    "test",
    "thanks",
)
# The share of a word's letters, in fours, that known words have.
BUILT = 0.8
# A longer text is a question, whatever it begins with.
MOST_WORDS = 24
# The kind is that of which so many examples are nearest, on the mean.
NEAREST = 3
# « Bilan carbone » is a subject, « quel est ton bilan carbone ? » is about the assistant.
OF_THE_ASSISTANT = ("abilities", "footprint", "freshness", "identity", "privacy")
# The kind that wants one item of the answer, which only what was said tells.
POINT = "point"
ORDINALS = (
    r"premiere?|1er|1ere|first|(?:point|numero) (?:1|un)",
    r"deuxieme|seconde?|2e|2eme|second|(?:point|numero) (?:2|deux)",
    r"troisieme|3e|3eme|third|(?:point|numero) (?:3|trois)",
    r"quatrieme|4e|4eme|fourth|(?:point|numero) (?:4|quatre)",
    r"cinquieme|5e|5eme|fifth|(?:point|numero) (?:5|cinq)",
    r"sixieme|6e|6eme|sixth|(?:point|numero) (?:6|six)",
)
ADDRESSED = re.compile(
    r"\b(?:tu|t|te|toi|ton|ta|tes|vous|votre|vos|je|j|on|ici|aide|mode d'emploi|cet? (?:outil|assistant|site|machine|robot|chatbot)|you|your|yours|help|this)\b"
)


def recognised(
    question: Question, vector_of: Callable[[str], np.ndarray], index: Index, answered: bool
) -> tuple[Kind, str] | None:
    """Return the kind of talk that a text is, with the words that say so; None for a question.

    A text of several sentences is what one of them wants done, where none of them asks anything else. ``answered`` where there is an
    answer to speak of.
    """
    said = words(question.text)
    if not said and question.text.strip()[:1] in APPROVING:
        return kind_named("noted"), question.text
    if not said or unknown(said, index):
        return GIBBERISH, question.text
    sentences = [one.strip() for one in SENTENCES.split(question.text) if one and words(one)]
    whole = recognised_as(question, vector_of(question.text), index, answered)
    if whole or len(sentences) < 2:
        return (whole, question.text) if whole else None
    read = [understand(sentence) for sentence in sentences]
    for sentence in read:
        kind = recognised_as(sentence, vector_of(sentence.text), index, answered)
        rest = [one for one in read if one is not sentence]
        if kind and (kind.about_answer or kind.name in WANTS_DONE) and not any(asks_else(one, index) for one in rest):
            return kind, sentence.text
    return None


def asks_else(question: Question, index: Index) -> bool:
    """True where a sentence beside what is talk asks something that may be searched for."""
    return question.asks and len(content_words(question.text)) >= LEAST_ASKED


def recognised_as(question: Question, vector: np.ndarray, index: Index, answered: bool) -> Kind | None:
    """The kind of talk that one sentence, or a text as a whole, is."""
    said = words(question.text)
    if not said or len(said) > MOST_WORDS or question.codes or leads_on(said):
        return None
    terms = set(tokens(question.text))
    if terms and not terms & talked():
        return None
    kind, measured = signs(question.text, vector, index)
    likely = 1 / (1 + math.exp(-weighed(WEIGHTS["talk"], measured)))
    if kind.name in OF_THE_ASSISTANT and not ADDRESSED.search(fold(question.text).replace("’", "'")):
        return None
    if kind.name == WORK and (len(said) < LEAST_WANTED or ASKING.search(fold(question.text).replace("’", "'"))):
        return None  # « déclaration » ; « je rédige une note : quel est le seuil ? »
    if kind.name in COURTESIES and (terms - talked()) & index.prepared.lexical.frequencies.keys():
        return None  # « un don ? »
    if kind.about_answer and not answered and tuple(said) not in examples_in_words():
        return None  # « les mails », with nothing before, is a subject
    return kind if likely >= WEIGHTS["bars"]["talk"] and measured["before_questions"] > 0 else None


@lru_cache(maxsize=1)
def examples_in_words() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words(example)) for kind in kinds_of_talk() for example in kind.examples)


def kind_named(name: str) -> Kind:
    return next(kind for kind in kinds_of_talk() if kind.name == name)


def leads_on(said: Sequence[str]) -> bool:
    """True for « et pour les écrans ? »: what goes on with the subject; « et toi ? » does not."""
    return said[0] in ("et", "and") and said[1:2] != ["toi"] and bool(content_words(" ".join(said[1:])))


def unknown(said: Sequence[str], index: Index) -> bool:
    """True where no word of a text is one of the index or of a dictionary, or is built as their words are."""
    known = index.lexical.vocabulary
    letters = [word for word in said if word.isalpha()]
    return bool(letters) and all(
        word not in known and word not in index.words and word not in dictionary() and not is_built(word)
        for word in letters
    )


def is_built(word: str) -> bool:
    """True for a long word whose letters, in fours, are those of words that are known: « cryptomonnaie »."""
    folded = fold(word)
    fours = [folded[place : place + 4] for place in range(len(folded) - 3)]
    return len(fours) >= 3 and sum(four in known_fours() for four in fours) >= BUILT * len(fours)


@lru_cache(maxsize=1)
def known_fours() -> frozenset[str]:
    """The letters, in fours, of the dictionary's words."""
    return frozenset(
        folded[place : place + 4]
        for word in dictionary()
        for folded in [fold(word)]
        for place in range(len(folded) - 3)
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
        "before_questions": float(
            best - max((index.prepared.vectors @ vector).max(), (index.prepared.asked @ vector).max())
        ),
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


def about_answer(kind: Kind, said: str, before: Answer | None, index: Index, language: str) -> Done:
    """Return the answer before in the form that is asked for by what was ``said``, or the sentence that declines."""
    if before is None:
        return Done((note("talk_nothing_before", language),))
    if kind.name == POINT:
        return point(before, index, language, said)
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


def point(before: Answer, index: Index, language: str, said: str) -> Done:
    """One item of the answer, by its place in words or figures."""
    items = [claim for claim in before.claims if claim.kind == "item" and claim.citations] or list(stated(before))
    place = place_of(said, len(items))
    if place is None:
        return Done((note("talk_point_none", language),), before.suggestions)
    said_of_it = items[place].text.rstrip(" ;.")
    return Done(
        (replace(items[place], text=f"{said_of_it[:1].upper()}{said_of_it[1:]}.", kind="sentence"),), before.suggestions
    )


def place_of(said: str, count: int) -> int | None:
    """The place, from 0, of the item that a text names among ``count``; None where there is none such."""
    folded = fold(said)
    for place, pattern in enumerate(ORDINALS):
        if re.search(rf"\b(?:{pattern})\b", folded):
            return place if place < count else None
    return count - 1 if count and re.search(r"\b(?:derniere?|last)\b", folded) else None


def opinion(before: Answer, index: Index, language: str) -> Done:
    return Done((note("talk_opinion", language),), before.suggestions)


def under(lead: str) -> Callable[[Answer, Index, str], Done]:
    """Return what shows the sources of the answer before under a lead."""

    def done(before: Answer, index: Index, language: str) -> Done:
        return Done((note(lead, language), *sources(before, index, language).claims[1:]))

    return done


def whole(before: Answer, index: Index, language: str) -> Done:
    return Done((note("talk_whole", language), *short(before, index)), before.suggestions)


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
    "link": under("talk_link"),
    "opinion": opinion,
    "quoted": under("talk_quoted"),
    "table": table,
    "whole": whole,
    "mail": mail,
    "sure": sure,
    "english": english,
    "french": french,
    "other_language": other_language,
    "repeat": repeated,
    "unanswered": unanswered,
}
