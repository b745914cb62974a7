"""Fit the decision to answer or to refuse: ``python -m eval fit`` prints the weights that ``assistant/evidence.py`` holds.

Signs are measured on answerable and unanswerable questions, a logistic regression (scikit-learn) weighs them, and the
threshold is the highest that refuses at most ``FALSE_REFUSALS`` of the answerable ones, all out of fold.

Set writers give answerable questions more context than unanswerable ones, so that a question's length would pass for a
sign. No sign counts words, and the questions of the cards, which are short and answerable, are fitted on as well: over an
index that does not hold them, or each would find itself and matching words would seem to say more than they do.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.ask import Assistant
from assistant.evidence import SIGNS, signs
from corpus.lexical import LexicalIndex
from corpus.passages import embedded_text
from eval.questions import Question

__all__ = ["Fit", "card_questions", "fit", "measure", "without_card_questions"]

FALSE_REFUSALS = 0.1
# The themes of RGESN 2024 that `test` holds no question on; an empty number is in none of them.
DEVELOPMENT_THEMES = ("1", "2", "3", "4", "9")
FOLDS, REPEATS, SEED = 5, 20, 0
# The inverse of the regularisation's strength: small sets want strong regularisation.
STRENGTH = 0.3


@dataclass(frozen=True)
class Fit:
    """The regression, its threshold, and the rates out of fold: refused among unanswerable, refused among answerable."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    refusal_recall: float
    false_refusals: float
    area: float


def measure(assistant: Assistant, questions: Iterable[Question]) -> tuple[np.ndarray, np.ndarray]:
    """Return (signs, of shape (questions, SIGNS); 1 where answerable), of the questions that structure does not answer and that carry no injection."""
    rows, answerable = [], []
    for question in questions:
        if question.forbidden:  # it may be refused for its injection
            continue
        understood = assistant.readings(question.question, question.history)[0]
        if assistant.listed(understood) or assistant.criteria(understood) or assistant.missing_criteria(understood):
            continue
        found = assistant.retriever.search(understood)
        measured = signs(understood, found, assistant.index.lexical, assistant.retriever.encoder)
        rows.append([measured[name] for name in SIGNS])
        answerable.append(int(bool(question.answerable)))
    return np.array(rows), np.array(answerable)


def card_questions(assistant: Assistant) -> list[Question]:
    """The questions that the criterion cards answer, of the themes that development questions are written from."""
    return [
        Question(id=f"{document.id}/{number}", question=text, answerable=True)
        for document in assistant.index.documents.values()
        if document.origin == "card" and str(document.properties.get("number", ""))[:1] in DEVELOPMENT_THEMES
        for number, text in enumerate(document.questions)
    ]


def without_card_questions(assistant: Assistant) -> Assistant:
    """Return the same assistant over an index that holds none of the cards' questions."""
    index = copy.copy(assistant.index)
    passages, lexical = index.passages(index.ids), index.lexical
    texts = [
        embedded_text(index.documents[passage.document_id], passage.heading_path, passage.text, passage.context)
        for passage in map(passages.__getitem__, index.ids)
    ]
    index.lexical = LexicalIndex.build(texts, index.ids, lexical.document_ids.tolist(), lexical.parts)
    index.questions = ([], np.array([], int), np.empty((0, 0), np.float32))
    return Assistant(assistant.settings, index, assistant.retriever.encoder)


def fit(measured: np.ndarray, answerable: np.ndarray, judged: int, names: Sequence[str] = SIGNS) -> Fit:
    """Fit on all; choose the threshold and measure the rates out of fold, on the first ``judged`` questions alone."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    scaler = StandardScaler()
    model = make_pipeline(scaler, regression)
    folds = [StratifiedKFold(FOLDS, shuffle=True, random_state=seed) for seed in range(SEED, SEED + REPEATS)]
    held_out = np.mean(
        [cross_val_predict(model, measured, answerable, cv=cv, method="predict_proba")[:, 1] for cv in folds], axis=0
    )[:judged]
    labels = answerable[:judged]
    threshold = float(np.quantile(held_out[labels == 1], FALSE_REFUSALS))
    model.fit(measured, answerable)
    # The product measures signs unscaled.
    weights = regression.coef_[0] / scaler.scale_
    return Fit(
        weights=dict(zip(names, weights.tolist(), strict=True)),
        intercept=float(regression.intercept_[0] - weights @ scaler.mean_),
        threshold=threshold,
        refusal_recall=float(np.mean(held_out[labels == 0] < threshold)),
        false_refusals=float(np.mean(held_out[labels == 1] < threshold)),
        area=float(roc_auc_score(labels, held_out)),
    )
