"""The measures: pure functions over the lines of a run, each with its definition and where that comes from.

A *line* is one line of a run (``Answer.to_dict()`` with an ``id``) joined with its question's labels: ``answerable``,
``gold``, ``kinds``, ``persona``. A measure gives, for each line that it concerns, the values observed on it; the mean
of all of them is the figure that is shown. Libraries are imported where they are used: a command's help is fast.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import Any

from corpus.errors import InputError

__all__ = [
    "DURATIONS",
    "METRICS",
    "READ_CHARACTERS",
    "RETRIEVAL",
    "SEED",
    "Estimate",
    "Metric",
    "answerable",
    "citation_check",
    "durations",
    "estimate",
    "false_refusals",
    "first_gold_rank",
    "folded_words",
    "gold_entries",
    "gold_ranking",
    "holds",
    "mean",
    "paired",
    "percentile",
    "ranked",
    "recall_at_characters",
    "refusal_recall",
    "retrieved",
]

Line = Mapping[str, Any]
Observations = dict[str, list[float]]
Statistic = Callable[..., Any]

# What is read of the retrieved passages by ``recall_at_characters``.
READ_CHARACTERS = 4000
# One seed for all that is drawn, so that the same run always prints the same table.
SEED = 20240527
RESAMPLES = 9999
DURATIONS = ("encode", "search", "answer")


@dataclass(frozen=True)
class Metric:
    """A measure as a value that prints back as its name. ``share`` is True where each observation is 0 or 1."""

    name: str
    observe: Callable[[Sequence[Line]], Observations]
    share: bool

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Estimate:
    """A figure, the ends of its 95 % interval and the number of observations; ``value`` is None where there is none."""

    value: float | None
    low: float | None
    high: float | None
    count: int


# --- what is relevant -----------------------------------------------------------------------------------------------


def folded_words(text: str) -> list[str]:
    """Return the words of ``text`` as runs of ``[a-z0-9]``, case, accents and punctuation folded (Unicode NFD)."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return re.findall(r"[a-z0-9]+", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


@lru_cache(maxsize=8192)  # each measure asks the same of the same passages
def folded(text: str) -> str:
    return f" {' '.join(folded_words(text))} "


def holds(text: str, anchor: str) -> bool:
    """True where the words of ``anchor`` stand in a row in ``text``. An anchor without words stands nowhere."""
    return bool(folded_words(anchor)) and folded(anchor) in folded(text)


def gold_entries(line: Line) -> list[tuple[str, str]]:
    """Return the (document, anchor) pairs of a question, each once: the same words on two pages are one entry."""
    pairs = [(str(entry["document"]), str(entry["anchor"])) for entry in line.get("gold") or ()]
    return list({(document, tuple(folded_words(anchor))): (document, anchor) for document, anchor in pairs}.values())


def retrieved(line: Line) -> list[Mapping[str, Any]]:
    """Return the passages that search brought, in rank order: one that only the answer quotes has None for a score."""
    return [passage for passage in line["passages"] if passage.get("score", 0) is not None]


def gold_ranking(line: Line) -> list[int | None]:
    """Return what the passages bring, in order: the number of a gold entry (from 0), or None for a miss.

    A passage is gold where it holds the anchor of an entry and comes from that entry's document. An entry counts where
    it is met first: a later passage that holds nothing new is a miss. A passage that holds several new entries brings
    each of them, one after the other.
    """
    entries = gold_entries(line)
    found: list[int | None] = []
    for passage in retrieved(line):
        new = [
            number
            for number, (document, anchor) in enumerate(entries)
            if number not in found and passage["document"] == document and holds(passage["text"], anchor)
        ]
        found.extend(new or [None])
    return found


def first_gold_rank(line: Line) -> int | None:
    """Return the rank (from 1) of the first passage that is gold, or None."""
    return next((rank for rank, entry in enumerate(gold_ranking(line), start=1) if entry is not None), None)


def answerable(line: Line) -> bool:
    """True where the sources answer the question: as its label says, else where it has gold."""
    return bool(line.get("answerable", line.get("gold")))


def answered(line: Line) -> bool:
    """True where the line comes from a whole answer rather than from search alone."""
    return bool(line.get("status"))


# --- measures -------------------------------------------------------------------------------------------------------


def ranked(measure: str, lines: Sequence[Line]) -> Observations:
    """Rank measures of ir-measures (https://ir-measur.es), by their names there, over the answerable questions.

    Success@k: 1 where a gold passage is among the first k, else 0 (TREC's definition, as ir-measures gives it). RR:
    1 / rank of the first gold passage, 0 without one; its mean is the MRR (Kantor and Voorhees 2000, Information
    Retrieval 2). nDCG@k: gain 1 for each gold entry, discounted by log2(rank + 1), over that of the ideal order
    (Järvelin and Kekäläinen 2002, ACM TOIS 20). The ideal order holds every entry, those of documents that no index
    reads included: it may be out of reach. A question for which nothing was retrieved scores 0.
    """
    try:
        from ir_measures import Qrel, ScoredDoc, iter_calc, parse_measure
    except ImportError as error:
        raise InputError("eval_ir_measures_missing") from error
    concerned = [line for line in lines if answerable(line) and gold_entries(line)]
    labels = [Qrel(line["id"], f"gold {number}", 1) for line in concerned for number in range(len(gold_entries(line)))]
    # Scores that go down with the rank: ties would be broken by the names of the documents.
    run = [
        ScoredDoc(line["id"], f"miss {rank}" if entry is None else f"gold {entry}", -float(rank))
        for line in concerned
        for rank, entry in enumerate(gold_ranking(line))
    ]
    values = {line["id"]: [0.0] for line in concerned}
    for result in iter_calc([parse_measure(measure)], labels, run):
        values[result.query_id] = [float(result.value)]
    return values


def recall_at_characters(lines: Sequence[Line], characters: int = READ_CHARACTERS) -> Observations:
    """Share of a question's distinct anchors that stand in the first ``characters`` retrieved.

    The passages of the question's gold documents and all others are read in rank order until their texts add up to
    ``characters``; the passage that crosses the limit is read up to it. Anchors of the same words in several documents
    count once, since one copy is enough to answer. Unlike recall at k passages (Manning, Raghavan and Schütze 2008,
    Introduction to Information Retrieval, 8.3), it does not favour an index that cuts its documents in longer passages.
    """
    values: Observations = {}
    for line in lines:
        entries = gold_entries(line)
        if not answerable(line) or not entries:
            continue
        documents = {document for document, _ in entries}
        anchors = {tuple(folded_words(anchor)): anchor for _, anchor in entries}
        texts: list[str] = []
        left = characters
        for passage in retrieved(line):
            if passage["document"] in documents:
                texts.append(passage["text"][:left])
            left -= len(passage["text"])
            if left <= 0:
                break
        found = sum(any(holds(text, anchor) for text in texts) for anchor in anchors.values())
        values[line["id"]] = [found / len(anchors)]
    return values


def refusal_recall(lines: Sequence[Line]) -> Observations:
    """Share of the unanswerable questions that are refused: recall, where what is sought is what to refuse."""
    return {line["id"]: [float(line["abstained"])] for line in lines if answered(line) and not answerable(line)}


def false_refusals(lines: Sequence[Line]) -> Observations:
    """Share of the answerable questions that are refused, a partial answer being none. The lower the better."""
    return {line["id"]: [float(line["abstained"])] for line in lines if answered(line) and answerable(line)}


def citation_check(lines: Sequence[Line]) -> Observations:
    """Share of the citations whose quote stands word for word in the passage of their number, white space apart.

    What the product promises of each citation, checked on what it shows. Whether the quote supports the sentence is
    another question (citation recall and precision: Gao et al. 2023, ALCE), which needs a judge.
    """
    values: Observations = {}
    for line in lines:
        passages = {passage["number"]: spaced(passage["text"]) for passage in line["passages"]}
        quotes = [(spaced(citation["quote"]), citation["number"]) for citation in line.get("citations") or ()]
        if quotes:
            values[line["id"]] = [float(bool(quote) and quote in passages.get(number, "")) for quote, number in quotes]
    return values


def spaced(text: str) -> str:
    return " ".join(text.split())


def durations(lines: Sequence[Line], part: str) -> list[float]:
    """Return the seconds that ``part`` ("encode", "search" or "answer") took on each line that says it.

    A line of search alone says nothing of a whole answer.
    """
    concerned = [line for line in lines if part != "answer" or answered(line)]
    found = ((line.get("seconds") or {}).get(part) for line in concerned)
    return [float(seconds) for seconds in found if seconds is not None]


RETRIEVAL = (
    Metric("Success@1", partial(ranked, "Success@1"), share=True),
    Metric("Success@5", partial(ranked, "Success@5"), share=True),
    Metric("Success@10", partial(ranked, "Success@10"), share=True),
    Metric("MRR", partial(ranked, "RR"), share=False),
    Metric("nDCG@10", partial(ranked, "nDCG@10"), share=False),
    Metric(f"Recall@{READ_CHARACTERS}chars", recall_at_characters, share=False),
)
METRICS = (
    *RETRIEVAL,
    Metric("RefusalRecall", refusal_recall, share=True),
    Metric("FalseRefusals", false_refusals, share=True),
    Metric("CitationCheck", citation_check, share=True),
)


# --- intervals ------------------------------------------------------------------------------------------------------


def mean(values: Any, axis: int = -1) -> Any:
    """The mean along ``axis``."""
    import numpy as np

    return np.mean(values, axis=axis)


def percentile(rank: float) -> Statistic:
    """Return the statistic that gives the ``rank``-th percentile, interpolated between the nearest observations."""
    import numpy as np

    def of(values: Any, axis: int = -1) -> Any:
        return np.percentile(values, rank, axis=axis)

    return of


def estimate(values: Iterable[float] | Observations, share: bool = False, statistic: Statistic = mean) -> Estimate:
    """Return the statistic of ``values`` with its 95 % interval.

    A share has Wilson's score interval (Wilson 1927, Journal of the American Statistical Association 22); any other
    statistic that of the percentile bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap), seeded.
    Where all observations are the same, as where there is but one, that bootstrap tells nothing: an interval of no
    width would claim a certainty that is not there, so there is none.
    """
    flat = list(chain.from_iterable(values.values())) if isinstance(values, dict) else list(values)
    if not flat:
        return Estimate(None, None, None, 0)
    value = float(statistic(flat))
    if share:
        from scipy.stats import binomtest

        interval = binomtest(round(sum(flat)), len(flat)).proportion_ci(method="wilson")
        return Estimate(value, float(interval.low), float(interval.high), len(flat))
    if len(set(flat)) == 1:
        return Estimate(value, None, None, len(flat))
    low, high = bootstrap_interval(flat, statistic)
    return Estimate(value, low, high, len(flat))


def bootstrap_interval(values: Sequence[float], statistic: Statistic = mean) -> tuple[float, float]:
    """Return the ends of the seeded 95 % percentile bootstrap interval of a statistic of values that differ."""
    import numpy as np
    from scipy.stats import bootstrap

    result = bootstrap(
        (np.asarray(values),),
        statistic,
        n_resamples=RESAMPLES,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    return float(result.confidence_interval.low), float(result.confidence_interval.high)


def paired(before: Sequence[float], after: Sequence[float]) -> tuple[Estimate, float]:
    """Return the mean of the differences (after less before) with its interval, and the p-value that there is none.

    The interval resamples questions, each with its two values. The p-value is that of the two-sided paired permutation
    test, which swaps the two systems' values of a question (Smucker, Allan and Carterette 2007, CIKM).
    """
    import numpy as np
    from scipy.stats import permutation_test

    difference = estimate([right - left for left, right in zip(before, after, strict=True)])
    # Nothing to tell them apart by, or a single question, which is as far from 0 one way as the other.
    if difference.count < 2 or list(before) == list(after):
        return difference, 1.0
    test = permutation_test(
        (np.asarray(after), np.asarray(before)),
        lambda left, right, axis: np.mean(left - right, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=np.random.default_rng(SEED),
    )
    return difference, float(test.pvalue)
