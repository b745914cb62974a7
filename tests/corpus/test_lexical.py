"""The French lexical index: what is written otherwise is found, what is another code is not."""

from __future__ import annotations

import pytest

from corpus.lexical import LexicalIndex, content_words, fold, tokens


def build(*texts: str, superseded: tuple[int, ...] = ()) -> LexicalIndex:
    places = range(len(texts))
    return LexicalIndex.build(
        texts,
        [f"p{i}" for i in places],
        [f"d{i}" for i in places],
        ["superseded" if i in superseded else "passages" for i in places],
    )


def found(
    index: LexicalIndex, query: str, count: int = 10, allowed: set[str] | None = None, superseded: bool = False
) -> list[str]:
    return [id for id, _ in index.best(index.scores(query), count, "superseded" if superseded else "passages", allowed)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Le critère vise l’écoconception", "critere ecoconception"),
        ("Le critère vise l’écoconception", "CRITÉRE ÉCOCONCÉPTION"),
        ("Reconditionné à neuf", "réconditionne"),
        ("un cœur de réseau", "coeur"),
        ("d’empreinte", "empreinte"),
        ("l'hébergement", "L’HÉBERGEMENT"),
        ("lorsqu’hébergé", "hébergé"),
        ("écoconception", "éco-conception"),
        ("éco-conception", "écoconception"),
        ("éco\u2011conception", "écoconception"),
        ("éco-conception", "conception"),
        ("éco\u00adconception", "écoconception"),
        ("les D.E.E.E. collectés", "DEEE"),
        ("le RGESN", "R.G.E.S.N."),
        ("une moyenne de 2,5 kg", "2.5"),
        ("une moyenne de 2.5 kg", "2,5"),
        ("1 200 euros", "1200"),
        ("1\u202f200 euros", "1 200"),
        ("12\u00a0345\u00a0678 pages", "12345678"),
        ("1 200,5 tonnes", "1200.5"),
        ("de 2024 300 agents", "2024"),
        ("de 2024 300 agents", "300"),
        ("article L. 541-10-2 du code", "L541-10-2"),
        ("l’article L541-10-2", "article L. 541-10-2"),
        ("art. R 123-4", "R.123-4"),
        ("critères 4.4,4.5 et 4.10", "4.5"),
        ("critères 4.4,4.5 et 4.10", "4.4"),
        ("critère 4.10.", "4.10"),
        ("bonne pratique i.2", "I.2"),
        ("circulaire n° 6425/SG", "6425/SG"),
        ("émissions de CO₂", "CO2"),
        ("les serveurs mutualisés", "serveur mutualisé"),
    ],
)
def test_what_is_written_otherwise_is_found(text, query):
    assert found(build("sans rapport aucun", text), query) == ["p1"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("critère 4.40", "4.4"),
        ("critère 4.4", "4.40"),
        ("critère 4.4", "4"),
        ("critère 14.4", "4.4"),
        ("2,5 kg", "25"),
        ("article L541-10-2", "L541-10"),
        ("1 200 euros", "200"),
        ("une image", "imaginaire"),
        ("le réseau de la ville", "où est-ce que le la les de"),
    ],
)
def test_what_is_something_else_is_not_found(text, query):
    assert found(build(text, "sans rapport aucun"), query) == []


@pytest.mark.parametrize(
    "question", ["", "?!", "qu'est-ce que c'est ?", "Comment faire pour ne pas ?", "What is the ...?"]
)
def test_function_words_are_no_terms(question):
    assert tokens(question) == content_words(question) == []


def test_content_words_keep_their_form():
    assert content_words("Comment réduire l’empreinte des serveurs ?") == ["reduire", "empreinte", "serveurs"]


def test_folding_drops_accents_and_case():
    assert fold("Œuvre À l’ÉTÉ") == "oeuvre a l’ete"


def test_rare_terms_and_short_passages_come_first():
    index = build("serveur " * 3 + "divers mots de remplissage " * 9, "serveur refroidi", "serveur", "image", "image")
    assert found(index, "serveur refroidi")[0] == "p1"
    assert found(index, "serveur").index("p2") < found(index, "serveur").index("p1")
    assert index.weight("refroid") > index.weight("serveur") and index.weight("jamais vu") > index.weight("refroid")


def test_scores_fall_and_no_passage_comes_without_a_term():
    index = build("image vidéo", "vidéo", "image", "police", "image vidéo police")
    results = index.best(index.scores("image vidéo"), 10, "passages")
    assert {id for id, _ in results} == {"p0", "p1", "p2", "p4"} and results[0][0] == "p0"
    assert [score for _, score in results] == sorted((score for _, score in results), reverse=True)
    assert len(index.best(index.scores("image vidéo"), 2, "passages")) == 2


def test_only_allowed_documents_are_searched():
    index = build("image", "image", "image")
    assert set(found(index, "image", allowed={"d0", "d2", "unknown"})) == {"p0", "p2"}
    assert found(index, "image", allowed=set()) == []


def test_superseded_editions_are_searched_only_when_asked():
    index = build("image", "image", superseded=(1,))
    assert found(index, "image") == ["p0"]
    assert found(index, "image", superseded=True) == ["p1"]


def test_an_index_is_the_same_once_saved_and_opened(tmp_path):
    index = build("image lourde", "vidéo", "image", superseded=(1,))
    (tmp_path / "lexical").mkdir()
    index.save(tmp_path / "lexical")
    opened = LexicalIndex.load(tmp_path / "lexical")
    for query, part in (
        ("image", "passages"),
        ("lourdes images", "passages"),
        ("vidéo", "superseded"),
        ("vidéo", "passages"),
    ):
        assert opened.best(opened.scores(query), 5, part) == index.best(index.scores(query), 5, part)
    assert opened.vocabulary == index.vocabulary and opened.weight("imag") == index.weight("imag")


def test_passages_without_any_word_can_be_indexed():
    assert found(build("", "?!"), "image") == []
