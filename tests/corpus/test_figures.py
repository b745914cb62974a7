"""The figures of a text: what is one, its value and its unit, and when two of them are the same."""

from __future__ import annotations

import pytest

from corpus.figures import borne_out, numbers, quantities


def read(text: str) -> list[tuple[str, str]]:
    """The (value, unit) of each figure."""
    return [(quantity.value, quantity.unit) for quantity in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2,5 % et 2.5 pour cent", [("2.5", "%"), ("2.5", "%")]),
        ("25 000 emplois, 25\u202f000 emplois", [("25000", ""), ("25000", "")]),
        ("1,2 million d’euros, 1.2 M€", [("1200000", "€"), ("1200000", "€")]),
        ("29,5 millions de tonnes équivalent CO2", [("29500000", "t")]),
        ("29,5 Mt CO2éq et 180 kgCO2e", [("29500000", "t"), ("180", "kg")]),
        ("9,55E+02 kWh", [("955", "kWh")]),
        ("64,9 TWh, 50Mo, 20 °C, 4 m³, 10 g", [("64.9", "TWh"), ("50", "Mo"), ("20", "°C"), ("4", "m3"), ("10", "g")]),
        ("deux ans, vingt et un jours, quatre-vingt-dix mois", [("2", "an"), ("21", "jour"), ("90", "mois")]),
        ("deux cent mille habitants", [("200000", "habitants")]),
        ("3 à 5 ans", [("3", "an"), ("5", "an")]),
        ("entre 15 et plus de 50 millions de tonnes", [("15000000", "t"), ("50000000", "t")]),
        ("en 2020 ou 5 ans après", [("2020", ""), ("5", "an")]),
        ("les articles 15 et 16", [("15", "article"), ("16", "article")]),
        ("14 h 30 et 14h30", [("14", "h"), ("30", ""), ("14", "h"), ("30", "")]),
        ("article 25 s’applique", [("25", "article")]),
        ("125 K vues", [("125000", "")]),
    ],
)
def test_a_number_has_a_value_and_a_unit(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18 mai 2024", ["2024-05-18"]),
        ("1er janvier 2026", ["2026-01-01"]),
        ("mai 2024", ["2024-05-"]),
        ("18/05/2024 et 2024-05-18", ["2024-05-18", "2024-05-18"]),
        ("du 28 septembre au 2 octobre 2025", ["-09-28", "2025-10-02"]),
        ("les 12 et 13 mai", ["-05-12", "-05-13"]),
        ("May 18, 2024", ["2024-05-18"]),
        ("articles L. 541-15-10 et R.2111-11", ["L541-15-10", "R2111-11"]),
        ("loi n° 2021-1485", ["2021-1485"]),
        ("directive 2009/125/CE, règlement (UE) 2024/1781 ou 2024/1781/UE", ["2009/125", "2024/1781", "2024/1781"]),
        ("de 2020-2025, 2026/2027", ["2020", "2025", "2026", "2027"]),
    ],
)
def test_dates_and_articles(text, expected):
    assert [quantity.value for quantity in quantities(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "la 2e édition, le 1er critère",
        "CO2, H264, fiche i.3",
        "une page, un critère",
        "les deux tiers, trois quarts",
        "un portable neuf plus économe",
        "la moitié, le double",
    ],
)
def test_what_is_no_figure(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("2,5 %", "soit 2.5% des émissions"),
        ("2 ans", "pendant deux ans"),
        ("deux ans", "durée (années) : 2"),
        ("25 000 habitants", "plus de 25,000 inhabitants"),
        ("22,9 millions de tonnes", "| kg CO2 eq. | 2,29E+10 |"),
        ("10 millions de tonnes", "| MtCO2 | 10 | 7,8 |"),
        ("500 kg", "une demi-tonne, soit 0,5 tonne"),
        ("4.10", "le critère 4.10"),
        ("mai 2024", "le 18 mai 2024"),
        ("2024", "publié le 18 mai 2024"),
        ("L. 541-15", "article L541-15"),
        ("2021-1485", "loi n°2021-1485"),
        ("15 millions", "entre 15 et 50 millions"),
    ],
)
def test_what_bears_a_figure_out(said, text):
    (quantity,) = quantities(said)
    assert any(borne_out(quantity, found, text) for found in quantities(text))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("2,5 %", "2,6 % des émissions"),
        ("2,5 %", "2,5 tonnes par an, 3 %"),
        ("2 ans", "2 mois, un an"),
        ("2 ans", "2 critères"),
        ("4.1", "le critère 4.10"),
        ("18 mai 2024", "le 19 mai 2024"),
        ("article 16", "16 euros, article 15"),
        ("L. 541-15", "article R. 541-15"),
        ("directive 2009/126/CE", "directive 2009/125/CE de 126 pages"),
        ("10 millions de tonnes", "| tonnes | 10 |"),
        ("22,9 millions de tonnes", "| kg CO2 eq. | 2,29E+09 |"),
    ],
)
def test_what_does_not_bear_a_figure_out(said, text):
    (quantity,) = quantities(said)
    assert not any(borne_out(quantity, found, text) for found in quantities(text))


def test_numbers_whatever_their_typography():
    assert numbers("2,5 et 25 000") == {"2.5", "25000"}
