"""Fit the decision to answer or to refuse: ``python -m eval fit`` prints the weights that ``assistant/evidence.py`` holds.

Signs are measured on answerable and unanswerable questions, a logistic regression (scikit-learn) weighs them, and the
threshold is the highest that refuses at most ``FALSE_REFUSALS`` of the answerable ones, all out of fold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.ask import Assistant
from assistant.evidence import SIGNS, signs

__all__ = ["Fit", "fit", "measure"]

FALSE_REFUSALS = 0.07
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


def measure(assistant: Assistant, questions: Iterable[Mapping[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Return (signs, of shape (questions, SIGNS); 1 where answerable), of the questions that structure does not answer."""
    rows, answerable = [], []
    for question in questions:
        history = [tuple(turn) for turn in question.get("history") or ()]
        understood = assistant.understand(question["question"], history)
        if assistant.structured(understood) or assistant.missing_criteria(understood):
            continue
        found = assistant.retriever.search(understood)
        measured = signs(understood, found.hits, found.candidates, assistant.index.lexical)
        rows.append([measured[name] for name in SIGNS])
        answerable.append(int(question["answerable"]))
    return np.array(rows), np.array(answerable)


def fit(measured: np.ndarray, answerable: np.ndarray, names: Sequence[str] = SIGNS) -> Fit:
    """Fit on all, and choose the threshold and measure the rates out of fold, over repeated stratified folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    held_out = np.mean(
        [
            cross_val_predict(
                model, measured, answerable, cv=StratifiedKFold(FOLDS, shuffle=True, random_state=seed), method="predict_proba"
            )[:, 1]
            for seed in range(SEED, SEED + REPEATS)
        ],
        axis=0,
    )
    threshold = float(np.quantile(held_out[answerable == 1], FALSE_REFUSALS))
    model.fit(measured, answerable)
    return Fit(
        weights=dict(zip(names, model.coef_[0].tolist(), strict=True)),
        intercept=float(model.intercept_[0]),
        threshold=threshold,
        refusal_recall=float(np.mean(held_out[answerable == 0] < threshold)),
        false_refusals=float(np.mean(held_out[answerable == 1] < threshold)),
        area=float(roc_auc_score(answerable, held_out)),
    )
