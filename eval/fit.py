"""Fit what ``assistant/weights.json`` holds: ``python -m eval fit`` measures, fits and writes it.

The ranker is a linear model of listwise softmax (Cao et al., 2007) over the signals of what is found for each question of a set that says
which prepared answers, or absences, answer it. Whether the sources hold an answer, and whether a text is talk, are logistic
regressions. Each is measured out of fold, the folds being those who wrote the questions (``family``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.ask import Assistant
from assistant.compose import catalogue_drafts
from assistant.decision import missing_criteria
from assistant.evidence import holds, signs
from assistant.matching import Match, ranked
from assistant.talk import MOST_WORDS
from assistant.talk import signs as signs_of_talk
from assistant.turn import Reading, Request
from assistant.vague import MOST_CONTENT, signs_of_vague
from corpus.index import talk_examples
from corpus.lexical import content_words, words
from eval.questions import Question

__all__ = [
    "REQUESTS",
    "Case",
    "cases",
    "evidence",
    "fit_ranker",
    "found_among",
    "refused_at",
    "regressed",
    "reliability",
    "talk",
    "vague",
]

RIDGE = 3e-3
STRENGTH = 0.1
BINS = 10
# What is typed that is no plain question, by its kind.
REQUESTS = {"talk", "double"}
VAGUE = "vague"
FOLDS = 6


@dataclass(frozen=True)
class Case:
    """A question, who wrote it, and its first reading with what was found."""

    question: Question
    reading: Reading

    @property
    def told(self) -> list[int]:
        """The places, among the matches, of what answers it."""
        return [place for place, match in enumerate(self.reading.matches) if match.id in self.question.answers]


def cases(assistant: Assistant, questions: Sequence[Question]) -> list[Case]:
    """Return what is found for each question that stands alone, that typed properties do not answer and that carries no injection."""
    found = []
    for question in questions:
        if question.forbidden or question.history or REQUESTS & set(question.kinds):
            continue
        reading = assistant.readings(Request(question.question))[0]
        structured = catalogue_drafts(reading.question, assistant.index) or missing_criteria(
            reading.question, assistant.index
        )
        if not structured and reading.found.hits and reading.matches:
            found.append(Case(question, reading))
    return found


def folds(held: Sequence[Case]) -> list[tuple[list[Case], list[Case]]]:
    """Return (those to fit on, those to measure on), FOLDS times, what one person wrote always on one side."""
    writers = sorted({case.question.family for case in held})
    parts = [set(writers[place::FOLDS]) for place in range(FOLDS)]
    return [
        (
            [case for case in held if case.question.family not in part],
            [case for case in held if case.question.family in part],
        )
        for part in parts
        if part and len(part) < len(writers)
    ]


def fit_ranker(held: Sequence[Case]) -> dict[str, float]:
    """Return the weight of each signal that puts what answers a question before all else that is found."""
    from scipy.optimize import minimize
    from scipy.special import logsumexp, softmax

    told = [case for case in held if case.told]
    names = [name for name in told[0].reading.matches[0].signals if name != "said"]
    tables = [np.array([[match.signals[name] for name in names] for match in case.reading.matches]) for case in told]
    whole = np.concatenate(tables)
    spread = whole.std(axis=0) + 1e-9
    tables = [table / spread for table in tables]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for table, case in zip(tables, told, strict=True):
            scores = table @ weights
            right = case.told
            value += (logsumexp(scores) - logsumexp(scores[right])) / len(tables)
            slope = slope + (softmax(scores) @ table - softmax(scores[right]) @ table[right]) / len(tables)
        return value, slope

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {name: round(float(weight), 4) for name, weight in zip(names, fitted.x / spread, strict=True)}


def reranked(case: Case, ranker: Mapping[str, float]) -> list[Match]:
    return ranked({match.id: match.signals for match in case.reading.matches}, ranker)


def found_among(held: Sequence[Case]) -> dict[str, float]:
    """Return the share of the questions that have an answer whose answer is ranked first, among three and among five, out of fold."""
    places = []
    for fitted_on, measured_on in folds(held):
        ranker = fit_ranker(fitted_on)
        for case in measured_on:
            if case.question.answerable and case.question.answers:
                order = [match.id for match in reranked(case, ranker)]
                places.append(min((order.index(id) for id in case.question.answers if id in order), default=len(order)))
    return {f"first {count}": float(np.mean([place < count for place in places])) for count in (1, 3, 5)}


def evidence(held: Sequence[Case], assistant: Assistant) -> tuple[list[dict[str, float]], list[int], list[str]]:
    """Return (the signs; 1 where it is answerable; who wrote it) of each question of which that is known, ranked out of fold."""
    rows, labels, writers = [], [], []
    for fitted_on, measured_on in folds(held):
        ranker = fit_ranker(fitted_on)
        for case in measured_on:
            if case.question.answerable is not None:
                reading = case.reading
                rows.append(signs(reading.question, reading.found, reranked(case, ranker), assistant.index.lexical))
                labels.append(int(case.question.answerable))
                writers.append(case.question.family)
    return rows, labels, writers


def vague(held: Sequence[Case], assistant: Assistant) -> tuple[list[Mapping[str, float]], list[int]]:
    """Return (the signs; 1 where it may mean several questions) of each text that says so little that it might."""
    rows, labels = [], []
    for case in held:
        question, kinds = case.reading.question, case.question.kinds
        if len(content_words(question.text)) <= MOST_CONTENT and (case.question.answerable or VAGUE in kinds):
            sure = holds(question, case.reading.found, case.reading.matches, assistant.index.lexical)
            rows.append(signs_of_vague(question, case.reading.matches, sure))
            labels.append(int(VAGUE in kinds))
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


def regressed(
    rows: Sequence[Mapping[str, float]], labels: Sequence[int], writers: Sequence[str] = (), balanced: bool = False
) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
    """Return (the weights of a logistic regression, with "" for the intercept; its probabilities, out of fold; the labels).

    What one of ``writers`` wrote is never on both sides of a fold; without them the folds are drawn.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    names = list(rows[0])
    table, right = np.array([[row[name] for name in names] for row in rows]), np.array(labels)
    scaler = StandardScaler()
    regression = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced" if balanced else None)
    model = make_pipeline(scaler, regression)
    apart = (
        GroupKFold(min(FOLDS, len(set(writers))))
        if len(set(writers)) > 1
        else StratifiedKFold(5, shuffle=True, random_state=0)
    )
    out_of_fold = cross_val_predict(
        model, table, right, cv=apart, groups=list(writers) or None, method="predict_proba"
    )[:, 1]
    model.fit(table, right)
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - weights @ scaler.mean_)
    fitted = {"": intercept, **dict(zip(names, weights.tolist(), strict=True))}
    return {name: round(weight, 4) for name, weight in fitted.items()}, out_of_fold, right


def refused_at(sure: np.ndarray, answerable: np.ndarray) -> list[tuple[float, float, float]]:
    """Return (a bar, the share of the answerable questions that it refuses, that of the others), out of fold, for the bars that refuse 2 %
    to 20 % of the first."""
    shares = (0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2)
    bars = [float(np.quantile(sure[answerable == 1], share)) for share in shares]
    return [
        (bar, float((sure[answerable == 1] < bar).mean()), float((sure[answerable == 0] < bar).mean())) for bar in bars
    ]


def reliability(likelihoods: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """Return, for each of BINS equal parts of 0–1 that holds any, (mean likelihood, share that is right, how many)."""
    places = np.minimum((likelihoods * BINS).astype(int), BINS - 1)
    return [
        (float(likelihoods[places == bin].mean()), float(right[places == bin].mean()), int((places == bin).sum()))
        for bin in range(BINS)
        if (places == bin).any()
    ]
