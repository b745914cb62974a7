"""Search on a real index: codes first, filters that hold, editions in force, no copy twice, three ways to look."""

from __future__ import annotations

import pytest
from small_index import CARD, FORMER, OFFICIAL, QUIZ, WORKSHOP

from assistant.llama import LlamaIndexRetriever
from assistant.question import understand
from assistant.search import HybridRetriever, searched_words
from corpus.errors import InputError
from corpus.lexical import words

FIGURES = "Combien de téléphones l’atelier remet-il en état par mois ?"
MODES = ("hybrid", "dense", "lexical")


@pytest.fixture
def retriever(small_assistant):
    return small_assistant.retriever


@pytest.fixture
def search(retriever):
    return lambda question, *options, **named: retriever.search(understand(question), *options, **named)


def documents(found):
    return [hit.document.id for hit in found.hits]


# --- codes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("4.4", [f"{OFFICIAL}4.4"]),
        ("Que dit le critère 4.10 sur les vidéos et les serveurs ?", [f"{OFFICIAL}4.10"]),
        ("What does criterion 8.3 say?", [f"{OFFICIAL}8.3"]),
        ("Compare les critères 8.3 et 2.5", [f"{OFFICIAL}8.3", f"{OFFICIAL}2.5"]),
        ("critère 1.1", [f"{CARD}1.1"]),
        ("bonne pratique i.2", ["guide-bonnes-pratiques/extinction.md"]),
        ("bonne pratique I.3", ["guide-bonnes-pratiques/imprimantes.md"]),
    ],
)
def test_the_documents_whose_code_is_named_come_first_and_whole(retriever, search, question, named):
    found = search(question, top=30)
    wanted = [id for name in named for id in retriever.index.passage_ids[name]]
    assert {hit.passage.id for hit in found.hits[: len(wanted)]} == set(wanted)
    assert list(dict.fromkeys(documents(found)))[: len(named)] == named


@pytest.mark.parametrize("question", ["critère 4.40", "critère 44", "2,5 %", "bonne pratique i.9"])
def test_another_code_brings_no_document_first(retriever, question):
    assert retriever.exact(understand("critère 4.4"), {}, {}, None)
    assert not retriever.exact(understand(question), {}, {}, None)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Comment contrôler le critère 4.4 ?", "check"),
        ("Comment mettre en œuvre le critère 4.4 ?", "how"),
        ("Pourquoi le critère 4.4 ?", "aim"),
    ],
)
def test_the_section_that_the_question_asks_for_comes_first(search, question, kind):
    assert search(question).hits[0].passage.section_kind == kind


# --- filters --------------------------------------------------------------------------------------------------------


def held(document, facet):
    own = (
        {getattr(document, facet)}
        if facet in ("kind", "origin", "publisher", "edition")
        else document.facets.get(facet)
    )
    return set(own or ())


@pytest.mark.parametrize(
    "filters",
    [
        {"kind": ["good practice"]},
        {"kind": ["law", "training"]},
        {"edition": ["RGESN 2024"], "origin": ["card"]},
        {"theme": ["réglementation"]},
        {"audience": ["acheteur"], "theme": ["centre de données"]},
        {"publisher": ["DINUM, mission NumÉco"]},
    ],
    ids=" and ".join,
)
@pytest.mark.parametrize("mode", MODES)
def test_a_filter_leaves_all_the_documents_that_fit_and_only_those(retriever, search, filters, mode):
    expected = {
        id
        for id, document in retriever.index.documents.items()
        if document.in_force and all(held(document, facet) & set(values) for facet, values in filters.items())
    }
    found = set(documents(search("Quels écrans, serveurs, téléphones et obligations ?", filters, 60, mode)))
    assert expected and found <= expected
    if mode == "dense":  # which brings what has no word in common as well
        assert found == expected


@pytest.mark.parametrize("filters", [{"couleur": ["bleu"]}, {"theme": ["achats"], "couleur": ["bleu"]}, {"": ["x"]}])
def test_an_unknown_facet_is_an_error(search, filters):
    with pytest.raises(InputError) as error:
        search("Quels écrans ?", filters)
    assert error.value.key == "facet_unknown"


@pytest.mark.parametrize("filters", [{"theme": ["cuisine"]}, {"theme": []}, {"kind": ["tool"]}])
@pytest.mark.parametrize("mode", MODES)
def test_values_that_no_document_has_find_nothing(search, filters, mode):
    found = search("Quels écrans ?", filters, mode=mode)
    assert found.hits == () and found.candidates == {}


def test_a_filter_holds_for_codes_as_well(search):
    found = search("Que dit le critère 4.4 ?", {"kind": ["law"]})
    assert {hit.document.kind for hit in found.hits} == {"law"}


# --- editions, copies, cards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question", ["Spare requests with a sprite sheet?", "autoplay carousel films", "critère 6.9", "critère 4.4"]
)
@pytest.mark.parametrize("mode", MODES)
def test_a_superseded_edition_is_not_returned(search, question, mode):
    assert all(hit.document.in_force for hit in search(question, top=60, mode=mode).hits)


@pytest.mark.parametrize("mode", MODES)
def test_a_superseded_edition_is_returned_where_it_is_asked_for(search, mode):
    found = search("Que demandait le critère 4.4 dans la version 2022 ? sprite autoplay", mode=mode)
    assert found.hits and not any(hit.document.in_force for hit in found.hits)
    if mode == "hybrid":
        assert documents(found)[0] == f"{FORMER}4.4"


def test_a_copy_in_another_format_fills_no_second_place(search):
    found = documents(search(FIGURES, top=60))
    assert QUIZ in documents(search(FIGURES, top=60, mode="lexical"))
    assert found[0] in (WORKSHOP, QUIZ)
    copies = [hit for hit in search(FIGURES, top=60).hits if "37 téléphones" in hit.passage.text]
    assert len(copies) == 1


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("L’hébergement publie-t-il un PUE mesuré sur douze mois ?", "8.3"),
        ("What is the PUE of a data centre?", "8.3"),
        ("Quel PUE demander pour un hébergement ?", "8.3"),
        ("Quel choix pour charger un module ou un service tiers venu d’ailleurs ?", "4.4"),
        ("Critère 4.4 : laisser l’utilisateur activer ou non un service tiers", "4.4"),
    ],
)
def test_a_card_gives_way_to_the_official_document_that_it_sums_up(search, question, number):
    found = documents(search(question, top=30))
    assert found.index(f"{OFFICIAL}{number}") < found.index(f"{CARD}{number}")


@pytest.mark.parametrize(
    "question", ["Which PUE should a data centre have?", "Quel PUE demander à un hébergeur ?", "module venu d’ailleurs"]
)
def test_no_card_comes_before_the_official_documents_that_it_sums_up(search, question):
    hits = search(question, top=30).hits
    official = {hit.passage.url for hit in hits if hit.document.origin == "official"}
    before: set[str] = set()
    for hit in hits:
        summed_up = {source.url for source in hit.document.sources} & official
        assert not summed_up or summed_up & before, f"{hit.document.id} comes first"
        before.add(hit.passage.url)


def test_a_card_points_at_the_official_passages_that_it_names(retriever, search, monkeypatch):
    question = "Peut-on poser un widget ?"  # a word of the card alone
    official = retriever.index.documents[f"{OFFICIAL}4.4"]
    passages = retriever.index.passages(retriever.index.passage_ids[official.id])
    assert not any("widget" in passage.text for passage in passages.values())
    assert documents(search(question))[0] == official.id
    monkeypatch.setattr(retriever.index, "named", {})
    assert documents(search(question))[0] != official.id


def test_what_a_filter_leaves_out_is_not_shown_even_where_a_card_points_at_it(search):
    found = search("Peut-on poser un widget ?", {"kind": ["criterion"], "origin": ["official"]})
    assert documents(found)[0] == f"{OFFICIAL}4.4" and {hit.document.origin for hit in found.hits} == {"official"}
    assert {hit.document.origin for hit in search("Peut-on poser un widget ?", {"origin": ["card"]}).hits} == {"card"}


def test_an_english_question_is_searched_for_the_words_of_the_sources(search):
    found = search("How to donate phones?", mode="lexical")
    assert found.hits and any("téléphone" in hit.passage.text for hit in found.hits)


# --- ways to look ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", [1, 3, 10, 500])
@pytest.mark.parametrize("mode", MODES)
def test_no_more_than_asked_for_each_once_with_its_score(search, top, mode):
    found = search(FIGURES, top=top, mode=mode)
    ids = [hit.passage.id for hit in found.hits]
    assert 0 < len(ids) <= top and len(set(ids)) == len(ids)
    assert all(hit.score is not None and hit.passage.document_id == hit.document.id for hit in found.hits)
    assert set(ids) <= set(found.candidates) and set(found.seconds) == {"encode", "search"}


def test_ten_passages_are_returned_by_default(search):
    assert len(search(FIGURES).hits) == 10


@pytest.mark.parametrize("mode", ["dense", "lexical"])
def test_one_search_alone_keeps_the_order_of_the_index(retriever, search, mode):
    found = [hit.passage.id for hit in search(FIGURES, top=5, mode=mode).hits]
    if mode == "dense":
        expected = retriever.index.dense(retriever.encoder.encode_query(FIGURES), 5, "passages")
    else:
        expected = retriever.index.lexical.best(retriever.index.lexical.scores(FIGURES), 5, "passages")
    assert found == [id for id, _ in expected]


def test_the_lexical_search_needs_no_encoder(retriever):
    alone = HybridRetriever(retriever.index, None)  # type: ignore[arg-type]
    found = alone.search(understand(FIGURES), mode="lexical")
    assert found.hits and all(candidate.dense == 0 for candidate in found.candidates.values())
    assert alone.search(understand("xylophone"), mode="lexical").hits == ()


def test_the_dense_search_finds_what_is_said_in_other_words(search):
    question = "Who may receive second-hand laptops from a ministry?"
    assert "base/hardware-don" in documents(search(question, top=5, mode="dense"))
    assert all(candidate.lexical == 0 for candidate in search(question, mode="dense").candidates.values())


def test_the_hybrid_search_brings_what_each_of_the_two_brings(search):
    both = set(search(FIGURES).candidates)
    assert both >= {hit.passage.id for mode in ("dense", "lexical") for hit in search(FIGURES, top=10, mode=mode).hits}


@pytest.mark.parametrize(
    "question", [FIGURES, "combien de telephnes l’atelier remet-il en etat ?", "Que dit le critère 4.10 ?", "xylophone"]
)
def test_llama_index_gets_as_nodes_exactly_what_the_assistant_finds(small_assistant, question):
    nodes = LlamaIndexRetriever(small_assistant, top=4).retrieve(question)
    hits = small_assistant.search(question, top=4).passages
    assert (
        [node.node.node_id for node in nodes]
        == [hit.passage.id for hit in hits]
        == list(small_assistant.ask(question, top=4).ranked)
    )
    for node, hit in zip(nodes, hits, strict=True):
        assert (node.text, node.score) == (hit.passage.text, hit.score)
        assert node.metadata["url"] == hit.passage.url and node.metadata["document"] == hit.document.path


@pytest.mark.parametrize("question", ["?!", "…", "\0", "serveur " * 100, "le la les", "SELECT * FROM x; -- \"'{}"])
def test_any_question_can_be_searched(search, question):
    assert len(search(question).hits) <= 10


def test_a_number_of_an_english_question_is_searched_as_it_is_written_in_french():
    read = searched_words(understand("What must a town of more than 50,000 inhabitants do?"))
    assert "50000" in words(read) and "habitants" in words(read)
    assert searched_words(understand("Que pèsent 4,123 kg ?")) == "Que pèsent 4,123 kg ?"
