"""What is shown is proved: a quote that is not in the index at its place is taken out; what remains is numbered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_index import CARD, OFFICIAL, REGISTER, WORKSHOP, hit_of, hits_of, made_hit, spaced

from assistant.answer import Hit
from assistant.verify import Draft, Support, apart, citation_line, support_for, verify, without_echoes
from corpus.documents import Locator, Source
from corpus.messages import MESSAGES, text

QUOTE = "Le registre des écrans devient obligatoire à partir du 1er mars 2027."


@pytest.fixture
def index(small_assistant):
    return small_assistant.index


@pytest.fixture
def hit(index):
    return hit_of(index, REGISTER, "dates")


def draft(hit: Hit, quote: str = "", text: str = "Une phrase.", kind: str = "sentence") -> Draft:
    return Draft(text, kind, (Support(hit, quote or hit.passage.text),))


# --- what is removed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quote",
    [
        QUOTE.replace("mars", "avril"),
        QUOTE.replace("2027", "2028"),
        QUOTE.replace("devient", "ne devient pas"),
        QUOTE.replace("Le registre", "le registre"),
        QUOTE.replace("écrans", "ecrans"),
        QUOTE.replace("1er mars", "1er\u00a0mars"),
        QUOTE.replace(" des écrans", "…"),
        "Une tâche programmée éteint chaque soir à 20 heures les postes de travail restés allumés.",
        " ",
        "",
    ],
)
def test_a_changed_quote_is_removed(index, hit, quote):
    verified = verify([Draft("Une phrase.", "sentence", (Support(hit, quote),))], [hit], index)
    assert verified.claims == verified.citations == ()
    assert [(removed.text, removed.reason) for removed in verified.removed] == [
        ("Une phrase.", "removed_quote_missing")
    ]


def other_passage(hit: Hit, **values: object) -> Hit:
    return replace(hit, passage=replace(hit.passage, **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda hit: other_passage(hit, id="00000000000000000000"), "removed_passage_missing"),
        (lambda hit: other_passage(hit, id=""), "removed_passage_missing"),
        (lambda hit: other_passage(hit, locator=Locator("page", "12")), "removed_locator_differs"),
        (lambda hit: other_passage(hit, locator=Locator("heading", "Autre partie")), "removed_locator_differs"),
        (lambda hit: other_passage(hit, url="https://ailleurs.fr/"), "removed_locator_differs"),
        (lambda hit: other_passage(hit, url=""), "removed_locator_differs"),
        (lambda hit: replace(hit, document=replace(hit.document, id="autre")), "removed_locator_differs"),
        (lambda hit: replace(hit, document=replace(hit.document, title="Un autre titre")), "removed_locator_differs"),
        (lambda hit: replace(hit, document=replace(hit.document, origin="card")), "removed_locator_differs"),
    ],
    ids=["passage", "no passage", "page", "heading", "address", "no address", "document", "title", "origin"],
)
def test_a_place_that_is_not_that_of_the_index_is_removed(index, hit, change, reason):
    verified = verify([draft(change(hit), QUOTE)], [hit], index)
    assert verified.citations == () and [removed.reason for removed in verified.removed] == [reason]


def test_each_removed_claim_is_counted_with_its_reason_and_the_others_stay(index, hit):
    false = replace(hit, passage=replace(hit.passage, url="https://ailleurs.fr/"))
    verified = verify(
        [
            draft(hit, "Ceci n’y est pas.", "Un"),
            draft(hit, QUOTE, "Deux"),
            draft(false, QUOTE, "Trois"),
            draft(hit, "Non plus.", "Un"),
        ],
        [hit],
        index,
    )
    assert [claim.text for claim in verified.claims] == ["Deux"]
    assert [(removed.text, removed.reason) for removed in verified.removed] == [
        ("Un", "removed_quote_missing"),
        ("Trois", "removed_locator_differs"),
        ("Un", "removed_quote_missing"),
    ]
    assert all(removed.reason in MESSAGES for removed in verified.removed)


def test_a_claim_keeps_the_support_that_holds(index, hit):
    other = hit_of(index, WORKSHOP)
    both = Draft("Une phrase.", "sentence", (Support(other, "Inventé."), Support(hit, QUOTE)))
    verified = verify([both], [other, hit], index)
    assert verified.removed == () and verified.claims[0].citations == (2,)
    assert [citation.quote for citation in verified.citations] == [QUOTE]


@pytest.mark.parametrize(
    ("kinds", "kept"),
    [
        (["title", "heading", "false", "heading", "true"], ["title", "heading", "true"]),
        (["title", "heading", "false"], []),
        (["title", "true", "heading", "false"], ["title", "true"]),
        (["title", "false", "title", "heading", "true"], ["title", "heading", "true"]),
        (["heading", "true", "heading", "false", "heading", "true"], ["heading", "true", "heading", "true"]),
        (["note", "true"], ["note", "true"]),
    ],
)
def test_headings_below_which_nothing_passed_vanish(index, hit, kinds, kept):
    quotes = {"true": QUOTE, "false": "Inventé."}
    drafts = [draft(hit, quotes[kind], kind, "item") if kind in quotes else Draft(kind, kind) for kind in kinds]
    assert [claim.text for claim in verify(drafts, [hit], index).claims] == kept


# --- numbers and citations ------------------------------------------------------------------------------------------


def test_a_number_is_the_rank_of_its_passage_and_passages_from_elsewhere_follow(index):
    first, second, third, *_ = found = hits_of(index, WORKSHOP)
    elsewhere = hit_of(index, REGISTER, "who")
    drafts = [draft(third), draft(elsewhere), draft(first), draft(elsewhere), draft(second)]
    verified = verify(drafts, found, index)
    extra = len(found) + 1
    assert [claim.citations for claim in verified.claims] == [(3,), (extra,), (1,), (extra,), (2,)]
    assert [citation.number for citation in verified.citations] == [3, extra, 1, 2]
    assert verified.passages == (*found, replace(elsewhere, score=None))
    for citation in verified.citations:
        assert verified.passages[citation.number - 1].passage.id == citation.passage_id


def test_a_claim_borne_by_two_passages_names_each_once(index):
    first, second, *_ = found = hits_of(index, WORKSHOP)
    supports = (
        Support(second, second.passage.text),
        Support(first, first.passage.text),
        Support(first, first.passage.text[:20]),
    )
    verified = verify([Draft("Une phrase.", "sentence", supports)], found, index)
    assert verified.claims[0].citations == (2, 1) and len(verified.citations) == 3


def test_an_official_citation_says_who_where_and_when(index):
    hit = hit_of(index, f"{OFFICIAL}4.4", "check")
    (citation,) = verify([draft(hit)], [hit], index).citations
    assert (citation.origin, citation.title) == ("official", "RGESN 2024")
    assert citation.locator == Locator("criterion", "4.4") and citation.url.endswith("/critere/4.4/")
    assert citation.document == "data/referentiel-ecoconception.json" and citation.quote in hit.passage.text
    line = citation_line(hit, "fr")
    assert line.startswith("RGESN 2024, Arcep") and line.endswith(", 2024-05, critère 4.4")


@pytest.mark.parametrize(
    ("language", "sources"),
    [
        ("fr", "Fiche de synthèse, d’après RGESN 2024, critère 4.4 ; RGESN 2024 (PDF), p. 66"),
        ("en", "Summary card, after RGESN 2024, criterion 4.4 ; RGESN 2024 (PDF), p. 66"),
    ],
)
def test_a_card_names_the_documents_that_it_is_drawn_from(index, language, sources):
    hit = hit_of(index, f"{CARD}4.4", "check")
    (citation,) = verify([draft(hit)], [hit], index).citations
    assert citation.origin == "card" and spaced(citation_line(hit, language)) == sources


# --- the organisation's own documents ---------------------------------------------------------------------------------


def own(hit: Hit, collection: str) -> Hit:
    """A passage as it would be were its document one of a collection of the organisation's own."""
    return replace(hit, document=replace(hit.document, origin="own", publisher=collection))


def test_what_an_organisation_says_comes_apart_after_everything_else(index):
    first, second, *_ = hits_of(index, WORKSHOP)
    town, hospital = own(first, "Ville"), own(second, "Hôpital")

    def sentence(text: str, *hits: Hit) -> Draft:
        return Draft(text, "sentence", tuple(Support(hit, QUOTE) for hit in hits))

    arranged = apart(
        [Draft("Avant.", "note"), sentence("De la ville.", town), sentence("Officiel.", first),
         sentence("De l’hôpital.", hospital), sentence("Des deux.", town, second), sentence("De la ville encore.", town)],
        "fr",
    )  # fmt: skip
    assert [(draft.kind, draft.text) for draft in arranged] == [
        ("note", "Avant."),
        ("sentence", "Officiel."),
        ("sentence", "Des deux."),
        ("heading", text("own_documents_of", name="Ville")),
        ("sentence", "De la ville."),
        ("sentence", "De la ville encore."),
        ("heading", text("own_documents_of", name="Hôpital")),
        ("sentence", "De l’hôpital."),
    ]
    assert [support.hit.document.origin for support in arranged[2].supports] == ["official"]
    (heading, alone) = apart([sentence("D’un document sans collection.", own(first, ""))], "en")
    assert (heading.text, alone.text) == ("Your organisation’s documents", "D’un document sans collection.")


# --- a sentence that somebody else wrote ----------------------------------------------------------------------------

TEXT = (
    "L’atelier remet en état 37 téléphones par mois en moyenne, pour un coût de 25 000 € par an. "
    "Un téléphone réparé sert ensuite 2,5 ans de plus. Il pèse 4,4 % de l’empreinte. "
    "La subvention atteint 1\u202f200\u202f000 euros."
)


def quotes(claim: str, *texts: str) -> list[str]:
    hits = [made_hit(text, name) for name, text in zip("abc", texts or (TEXT,), strict=False)]
    supports = support_for(claim, hits, lambda term: 1.0)
    assert all(support.quote in support.hit.passage.text for support in supports)
    return [support.quote for support in supports]


@pytest.mark.parametrize(
    "claim",
    [
        "L’atelier remet en état 37 téléphones par mois.",
        "Chaque mois, 37 téléphones sont remis en état par l’atelier.",
        "Le coût de l’atelier est de 25 000 € par an.",
        "Le coût de l’atelier est de 25000 € par an.",
        "Le coût de l’atelier est de 25\u202f000 € par an.",
        "Le coût de l’atelier est de 25\u00a0000 € par an.",
        "Un téléphone réparé sert 2,5 ans de plus.",
        "Un téléphone réparé sert 2.5 ans de plus.",
        "La subvention atteint 1200000 euros.",
        "La subvention atteint 1 200 000 euros.",
        "Une fois réparé, le téléphone sert 2,5 ans de plus.",
    ],
)
def test_a_paraphrase_is_borne_and_figures_are_the_same_however_written(claim):
    assert len(quotes(claim)) == 1


@pytest.mark.parametrize(
    "claim",
    [
        "L’atelier remet en état 73 téléphones par mois.",
        "L’atelier remet en état 370 téléphones par mois.",
        "L’atelier remet en état 37,5 téléphones par mois.",
        "Le coût de l’atelier est de 250 000 € par an.",
        "Le coût de l’atelier est de 25 € par an.",
        "Un téléphone réparé sert 5 ans de plus.",
        "Un téléphone réparé sert 25 ans de plus.",
        "Le téléphone pèse 44 % de l’empreinte.",
        "La subvention atteint 1 200 euros.",
        "En 2024, l’atelier remet en état 37 téléphones par mois.",
        "La loi impose un registre des déchets électroniques.",
        "Le maire inaugure chaque atelier avec les écoles de la vallée.",
        "Oui.",
        "",
    ],
)
def test_a_wrong_figure_or_another_subject_is_not_borne(claim):
    assert quotes(claim) == []


def test_the_quote_is_the_shortest_run_of_sentences_that_bears():
    assert quotes("Un téléphone réparé sert 2,5 ans de plus.") == ["Un téléphone réparé sert ensuite 2,5 ans de plus."]
    assert quotes("Un téléphone réparé sert 2,5 ans de plus et pèse 4,4 % de l’empreinte.") == [
        "Un téléphone réparé sert ensuite 2,5 ans de plus. Il pèse 4,4 % de l’empreinte."
    ]


def test_every_passage_that_bears_is_named():
    assert len(quotes("Un téléphone réparé sert 2,5 ans de plus.", TEXT, "Rien de tel.", TEXT)) == 2


def test_what_support_was_found_for_passes_the_verification(index):
    found = hits_of(index, WORKSHOP)
    supports = support_for(
        "L’atelier répare en moyenne 37 téléphones par mois pour 25000 € de coût.", found, index.lexical.weight
    )
    verified = verify([Draft("Phrase.", "sentence", supports)], found, index)
    assert (
        verified.removed == ()
        and verified.citations
        and verified.citations[0].quote.startswith("L’atelier remet en état 37")
    )


def test_a_card_is_no_second_source_beside_a_document_that_it_sums_up():
    passage = made_hit("Un registre est tenu.")
    official = replace(passage, document=replace(passage.document, id="r", origin="official", url="https://a.fr/r/"))
    place = Source("Le registre", "P", "https://a.fr/r/", Locator("heading", "Registre"))
    card = replace(passage, document=replace(passage.document, id="base/r", origin="card", sources=(place,)))
    other = replace(card, document=replace(card.document, sources=(replace(place, url="https://a.fr/autre/"),)))
    supports = [Support(hit, "Un registre") for hit in (card, official, other)]
    assert [one.hit.document.id for one in without_echoes(supports)] == ["r", "base/r"]
    assert without_echoes(supports[1:]) == supports[1:] and without_echoes(supports[:1]) == supports[:1]
