"""The French lexical index: BM25 (bm25s) over stemmed words, where accents, elisions, hyphens, acronyms and codes match."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from corpus.documents import PARTS, Part

__all__ = ["LexicalIndex", "content_words", "fold", "stem", "tokens", "words"]

# Function words, folded; question words included, since they say what is wanted and not what it is about.
STOP_WORDS = frozenset(
    """a ai aie ainsi alors apres as au aucun aucune aujourd aupres auquel aura aurait aussi autre autres aux auxquels avait
    avant avec avez avoir avons ayant bien c car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez
    ci comme comment concernant concretement d dans de dela depuis des desquels dessous dessus devra devrait doit doivent
    donc dont du duquel durant elle elles en encore entre es est et etaient etait etant etc ete etes etre eu eux faire
    fait faut fois font hors hui il ils j je jusqu jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors
    lorsque lui m ma mais me meme memes merci mes mettre moi moins mon moyen n ne ni non nos notre nous on ont ou par
    parce parmi pas pendant peu peut peuvent peux plus plusieurs plutot pour pourquoi pourrait pouvez pouvoir puis
    puisque qu quand que quel quelle quelles quels quelque quelques qui quoi sa sans sauf se selon sera serait seront ses
    si sinon soi soit sommes son sont sous suis suivant sur t ta tandis te tel telle telles tels tes toi ton toujours
    tous tout toute toutes tres tu un une vers via voici voila vos votre vous vs y
    about an and are at be by can could do does for from has have how i in is it its me my of on or our should that the
    their there these they this to was we were what when where which who why will with would you your""".split()
)
COMBINING = re.compile("[\u0300-\u036f]")
WORD = re.compile(r"[a-z0-9]+(?:[.\-/][a-z0-9]+)*")
ELISION = re.compile(r"\b(?:l|d|j|m|n|s|t|c|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ](?=\w)")
ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b\.?")
ARTICLE = re.compile(r"\b([lrd])\.?\s?(\d+(?:-\d+)+)\b")
HYPHEN = str.maketrans("\u2010\u2011\u2012", "---", "\u00ad")
THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?: \d{3})+\b")
# « 4.4,4.5 » names two codes.
DECIMAL = re.compile(r"(?<![\d.,])(\d+),(?=\d+(?![\d.,]*[.,]\d))")
# BM25 after Robertson and Zaragoza (2009), in Lucene's form; k1 and b chosen on the development set.
K1, B = 0.9, 0.4


def fold(text: str) -> str:
    """Lower-case ``text`` without its accents; the length may change."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    return COMBINING.sub("", unicodedata.normalize("NFKD", folded.replace("œ", "oe").replace("æ", "ae")))


def words(text: str) -> list[str]:
    """Return the folded words of ``text``: elisions apart, codes whole ("4.4", "l541-10"), thousands joined."""
    folded = ELISION.sub(" ", fold(text).translate(HYPHEN).replace("’", "'"))
    folded = ACRONYM.sub(lambda match: match[0].replace(".", "") + " ", folded)
    folded = THOUSANDS.sub(lambda match: match[0].replace(" ", ""), folded)
    folded = ARTICLE.sub(r"\1\2", DECIMAL.sub(r"\1.", folded))
    return WORD.findall(folded)


def content_words(text: str) -> list[str]:
    """Return the folded words of ``text`` that are not function words, unstemmed."""
    return [word for word in words(text) if not STOP_WORDS.issuperset(re.split(r"[.\-/]", word))]


def tokens(text: str) -> list[str]:
    """Return the terms under which ``text`` is found: stems; a hyphenated word as one and by its parts; codes as they are."""
    terms: list[str] = []
    for word in words(text):
        parts = re.split(r"[.\-/]", word)
        if len(parts) == 1:
            if word not in STOP_WORDS:
                terms.append(stem(word))
        elif STOP_WORDS.issuperset(parts):
            continue
        elif any(part.isdigit() for part in parts):
            terms.append(word)
        else:
            terms.append(stem("".join(parts)))
            terms.extend(stem(part) for part in parts if part not in STOP_WORDS)
    return terms


@cache
def stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The French stem (Snowball) of a folded word; what holds a digit stays as it is."""
    return word if any(character.isdigit() for character in word) else stemmer().stemWord(word)


class LexicalIndex:
    """BM25 over passages: ``ids`` in the order of the scores; beside them ``document_ids``, and the ``parts`` of the index."""

    def __init__(self, bm25: bm25s.BM25, ids: list[str], document_ids: list[str], parts: list[Part]) -> None:
        self.bm25 = bm25
        self.ids = ids
        self.document_ids = np.array(document_ids)
        self.parts = parts
        self.places = {part: np.flatnonzero(np.array(parts) == part) for part in PARTS}

    @classmethod
    def build(cls, texts: Iterable[str], ids: list[str], document_ids: list[str], parts: list[Part]) -> LexicalIndex:
        """Index ``texts``, one a passage, in the order of ``ids``."""
        bm25 = bm25s.BM25(method="lucene", k1=K1, b=B)
        # A corpus of empty texts, or of none, has no vocabulary, which bm25s cannot index.
        bm25.index([tokens(text) or ["\0"] for text in texts] or [["\0"]], show_progress=False)
        return cls(bm25, ids, document_ids, parts)

    def save(self, folder: Path) -> None:
        """Write the index to ``folder``."""
        self.bm25.save(str(folder), show_progress=False)
        content = {"ids": self.ids, "documents": self.document_ids.tolist(), "parts": self.parts}
        (folder / "passages.json").write_text(json.dumps(content), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open the index in ``folder``."""
        content = json.loads((folder / "passages.json").read_text("utf-8"))
        bm25 = bm25s.BM25.load(str(folder))
        return cls(bm25, content["ids"], content["documents"], content["parts"])

    def scores(self, query: str) -> np.ndarray:
        """Return the score of every passage, in the order of ``ids``; 0 where it has no term of ``query``."""
        known = [term for term in tokens(query) if term in self.bm25.vocab_dict]
        return self.bm25.get_scores(known) if known else np.zeros(len(self.ids), np.float32)

    def best(
        self, scores: np.ndarray, count: int, part: Part, allowed: set[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (passage id, score) of the best ``count`` passages of a part that score above 0, best first.

        ``allowed`` limits them to some documents.
        """
        places = self.places[part]
        if allowed is not None:
            places = places[np.isin(self.document_ids[places], list(allowed))]
        own = scores[places]
        if len(own) > count:
            first = np.argpartition(-own, count - 1)[:count]
            places, own = places[first], own[first]
        return [(self.ids[places[i]], float(own[i])) for i in np.lexsort((places, -own)).tolist() if own[i] > 0]

    @property
    def vocabulary(self) -> dict[str, int]:
        """The terms of the index."""
        return self.bm25.vocab_dict

    def weight(self, term: str) -> float:
        """Return the inverse document frequency of ``term``, after Robertson and Spärck Jones; that of a term seen nowhere is the highest."""
        total = len(self.ids)
        frequency = self.frequencies.get(term, 0)
        return float(np.log(1 + (total - frequency + 0.5) / (frequency + 0.5)))

    def weights(self, text: str) -> dict[str, float]:
        """Return the weight of each term of ``text``."""
        return {term: self.weight(term) for term in tokens(text)}

    @property
    def frequencies(self) -> dict[str, int]:
        """In how many passages each term stands."""
        if not hasattr(self, "_frequencies"):
            pointers = self.bm25.scores["indptr"]
            counts = np.diff(pointers)
            self._frequencies = {
                term: int(counts[place]) for term, place in self.bm25.vocab_dict.items() if place < len(counts)
            }
        return self._frequencies
