"""Fit what ``assistant/weights.json`` holds: ``python -m eval fit`` measures, fits and writes it.

The ranker and the likelihood are fitted on the one card in five that the encoder was not trained on (``corpus.adaptation.pairs``): of each
of its answers, and of one absence in five, one phrasing is left out of the index and asked. It is asked twice: as it is, and as if the
sources did not hold the answer (its card, its passages and all that rests on the same taken away), which is what an honest refusal has
to tell apart. The ranker is a linear model of listwise softmax (Cao et al., 2007), the likelihood a logistic regression.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.ask import Assistant
from assistant.compose import catalogue_drafts
from assistant.decision import missing_criteria
from assistant.evidence import signs
from assistant.matching import FAR, proofs_of, signals, value_of
from assistant.question import understand
from assistant.search import Found
from assistant.talk import MOST_WORDS
from assistant.talk import signs as signs_of_talk
from assistant.turn import Request
from corpus.adaptation.pairs import held_out
from corpus.answer_index import AnswerIndex, said, ways_to_ask
from corpus.index import Index, talk_examples
from corpus.lexical import LexicalIndex, words
from eval.questions import Question

__all__ = [
    "Case",
    "cases",
    "evidence",
    "fit_likelihood",
    "fit_ranker",
    "found_among",
    "left_out",
    "regressed",
    "reliability",
    "talk",
]

SEED = 5
RIDGE = 1e-3
STRENGTH = 0.3
BINS, REPEATS = 10, 5
Signals = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Case:
    """A phrasing that was left out, the id that it is of, its language, and the signals of what was found: as things are, and where
    the sources do not hold it."""

    id: str
    language: str
    found: Signals
    without: Signals


def left_out(index: Index) -> dict[str, str]:
    """Return one phrasing of each answer of the cards held out, and of each absence, drawn with SEED, by id."""
    draw = random.Random(SEED)
    prepared = index.prepared
    return {
        id: draw.choice(prepared.entry(id).phrasings)
        for id in prepared.ids
        if prepared.entry(id).phrasings and held_out(id if id in prepared.absences else id.partition("#")[0])
    }


def unaware(prepared: AnswerIndex, left: Mapping[str, str]) -> AnswerIndex:
    """Return the same answers and absences without the phrasings ``left`` out."""
    made = AnswerIndex(prepared.folder)
    for id in left:
        if standing := made.answers.get(id):
            others = tuple(phrasing for phrasing in standing.answer.phrasings if phrasing != left[id])
            made.answers[id] = replace(standing, answer=replace(standing.answer, phrasings=others))
        else:
            absence = made.absences[id]
            others = tuple(phrasing for phrasing in absence.phrasings if phrasing != left[id])
            made.absences[id] = replace(absence, phrasings=others)
    ways = [ways_to_ask(made.entry(id)) for id in made.ids]
    texts = ["\n".join([*asked, said(made.entry(id))]) for id, asked in zip(made.ids, ways, strict=True)]
    made.lexical = LexicalIndex.build(texts, made.ids, made.ids, ["cards"] * len(texts))
    return made


def cases(assistant: Assistant) -> Iterator[Case]:
    """Yield what is found for each phrasing that is left out."""
    plain = assistant.index
    left = left_out(plain)
    index = copy.copy(plain)
    index.prepared = unaware(plain.prepared, left)
    cards = {id.partition("#")[0] for id in plain.prepared.ids}
    for id, phrasing in left.items():
        question = understand(phrasing)
        found = assistant.retriever.search(question)
        card = id.partition("#")[0]
        resting = proofs_of(id, plain)
        gone = {other for other in plain.prepared.ids if not resting.isdisjoint(proofs_of(other, plain))}
        without = signals(question, bereft(found, card, resting), index, cards - {card})
        yield Case(
            id,
            question.language,
            signals(question, found, index, None),
            {other: values for other, values in without.items() if other not in gone},
        )


def bereft(found: Found, card: str, passages: set[str]) -> Found:
    """What would be found if neither a card nor some passages were there."""
    cards = {other: strength for other, strength in found.cards.items() if other != card}
    best = max(cards.values(), default=0.0) or 1.0
    hits = tuple(hit for hit in found.hits if hit.passage.id not in passages and hit.document.id != card)
    return replace(found, hits=hits, cards={other: strength / best for other, strength in cards.items()})


def fit_ranker(held: Sequence[Case]) -> dict[str, float]:
    """Return the weight of each signal that puts the right entry before the others found."""
    from scipy.optimize import minimize
    from scipy.special import logsumexp, softmax

    told = [case for case in held if case.id in case.found]
    names = list(next(iter(told[0].found.values())))
    tables = [np.array([[values[name] for name in names] for values in case.found.values()]) for case in told]
    places = [list(case.found).index(case.id) for case in told]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for table, place in zip(tables, places, strict=True):
            scores = table @ weights
            value += (logsumexp(scores) - scores[place]) / len(tables)
            slope = slope + (softmax(scores) @ table - table[place]) / len(tables)
        return value, slope

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {name: round(float(weight), 4) for name, weight in zip(names, fitted.x, strict=True)}


def first(found: Signals, ranker: Mapping[str, float], language: str, index: Index) -> tuple[str, dict[str, float]]:
    """Return the entry that is ranked first and what its likelihood is fitted on."""
    values = {id: value_of(found[id], ranker) for id in found}
    best = max(values, key=lambda id: values[id])
    resting = proofs_of(best, index)
    others = (value for id, value in values.items() if id != best and resting.isdisjoint(proofs_of(id, index)))
    margin = values[best] - max(others, default=values[best] - FAR)
    return best, {**found[best], "value": values[best], "margin": margin, "english": float(language == "en")}


def fit_likelihood(
    held: Sequence[Case], ranker: Mapping[str, float], index: Index
) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
    """Return (the weights, with "" for the intercept; the likelihood of each first entry, out of fold; 1 where it is right)."""
    rows: list[dict[str, float]] = []
    right: list[int] = []
    for case in held:
        for found, told in ((case.found, True), (case.without, False)):
            if found:
                best, measured = first(found, ranker, case.language, index)
                rows.append(measured)
                right.append(int(told and best == case.id))
    return regressed(rows, right)


def evidence(assistant: Assistant, questions: Sequence[Question]) -> tuple[list[dict[str, float]], list[int]]:
    """Return (the signs; 1 where it is answerable) of each question that properties do not answer and that carries no injection."""
    rows: list[dict[str, float]] = []
    labels: list[int] = []
    for question in questions:
        if question.forbidden or question.history:
            continue
        reading = assistant.readings(Request(question.question))[0]
        index = assistant.index
        structured = catalogue_drafts(reading.question, index) or missing_criteria(reading.question, index)
        if structured or not reading.found.hits:
            continue
        best = next(iter(reading.matches), None)
        rows.append(signs(reading.question, reading.found, best, assistant.index.lexical))
        labels.append(int(bool(question.answerable)))
    return rows, labels


def talk(assistant: Assistant, questions: Sequence[str]) -> tuple[list[dict[str, float]], list[int]]:
    """Return (the signs; 1 where it is talk) of each example of talk, left out in turn, and of each question that is no longer than talk."""
    rows: list[dict[str, float]] = []
    examples = talk_examples()
    for place, example in enumerate(examples):
        rows.append(signs_of_talk(example, assistant.retriever.vector(example), assistant.index, place)[1])
    for question in questions:
        if len(words(question)) <= MOST_WORDS:
            rows.append(signs_of_talk(question, assistant.retriever.vector(question), assistant.index)[1])
    return rows, [1] * len(examples) + [0] * (len(rows) - len(examples))


def found_among(held: Sequence[Case], ranker: Mapping[str, float]) -> dict[str, float]:
    """Return the share of the phrasings left out whose entry is ranked first, among the first three and among the first five."""
    ranks = []
    for case in held:
        values = {id: value_of(case.found[id], ranker) for id in case.found}
        ranked = sorted(values, key=lambda id: -values[id])
        ranks.append(ranked.index(case.id) + 1 if case.id in values else len(values) + 1)
    return {f"first {count}": float(np.mean([rank <= count for rank in ranks])) for count in (1, 3, 5)}


def regressed(
    rows: Sequence[Mapping[str, float]], labels: Sequence[int], balanced: bool = False
) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
    """Return (the weights of a logistic regression, with "" for the intercept; its probabilities, out of fold; the labels)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = list(rows[0])
    table, right = np.array([[row[name] for name in names] for row in rows]), np.array(labels)
    scaler = StandardScaler()
    regression = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced" if balanced else None)
    model = make_pipeline(scaler, regression)
    folds = [StratifiedKFold(5, shuffle=True, random_state=seed) for seed in range(REPEATS)]
    out_of_fold = np.mean(
        [cross_val_predict(model, table, right, cv=cv, method="predict_proba")[:, 1] for cv in folds], axis=0
    )
    model.fit(table, right)
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - weights @ scaler.mean_)
    fitted = {"": intercept, **dict(zip(names, weights.tolist(), strict=True))}
    return {name: round(weight, 4) for name, weight in fitted.items()}, out_of_fold, right


def reliability(likelihoods: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """Return, for each of BINS equal parts of 0–1 that holds any, (mean likelihood, share that is right, how many)."""
    places = np.minimum((likelihoods * BINS).astype(int), BINS - 1)
    return [
        (float(likelihoods[places == bin].mean()), float(right[places == bin].mean()), int((places == bin).sum()))
        for bin in range(BINS)
        if (places == bin).any()
    ]
