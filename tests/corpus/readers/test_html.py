"""HTML to sections: what a reader of the page sees, and nothing else."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from corpus.documents import SECTION_KINDS
from corpus.readers.html import links_of, sections_from_html
from corpus.readers.section_kinds import RULES, section_kind


def text(html: str) -> str:
    """The text of all sections, joined."""
    return "\n--\n".join(section.text for section in sections_from_html(html, "Page"))


@pytest.mark.parametrize(
    "html",
    [
        "<!-- caché -->",
        "<!DOCTYPE html>",
        "<p hidden>caché</p>",
        '<div aria-hidden="true"><p>caché</p></div>',
        '<p style="color:red; DISPLAY : none">caché</p>',
        '<p>a <span style="visibility:hidden">caché</span></p>',
        "<script>caché()</script><style>caché</style><noscript>caché</noscript><template>caché</template>",
        "<nav><a href='#'>caché</a></nav><footer>caché</footer>",
        "<form><label>caché</label><select><option>caché</option></select></form>",
        "<dialog>caché</dialog><textarea>caché</textarea>",
        "<h2 hidden>caché</h2>",
        "<h2 style='display:none'>caché</h2>",
        "<p>a <!-- caché --></p>",
        "<button>caché</button><svg><title>caché</title></svg><iframe>caché</iframe>",
    ],
)
def test_what_is_not_seen_is_left_out(html):
    [section] = sections_from_html(html + "<p>vu</p>", "Page")
    assert "caché" not in section.text and section.text.endswith("vu") and section.heading_path == ()
    assert "html" not in section.text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Un</p>\n<p>Deux</p>", "Un\n\nDeux"),
        ("Un<br>deux", "Un deux"),
        ("<p>l’<strong>IA</strong> <em>frugale</em>.</p>", "l’IA frugale."),
        ("<p>m<sup>2</sup> et CO<sub>2</sub></p>", "m2 et CO2"),
        ("<p>  Des   blancs \n et des\tlignes </p>", "Des blancs et des lignes"),
        ("<p>12\u00a0%</p>", "12\u00a0%"),
        ("<p>éco&shy;concep&#8203;tion\U000e0049\U000e0067\u202e</p>", "écoconception"),
        ("<p>a &amp; b &lt;c&gt; &eacute;</p>", "a & b <c> é"),
        ("<div>Un<div>Deux</div>Trois</div>", "Un\n\nDeux\n\nTrois"),
        ("<p>Un <a href='x'>lien</a>.</p>", "Un lien."),
        ("<a href='x'><p>Un</p><p>Deux</p></a>", "Un\n\nDeux"),
        ("<blockquote><p>Cité</p></blockquote>", "Cité"),
        ("<dl><dt>Terme</dt><dd>Sens</dd></dl>", "Terme\n\nSens"),
        ("<details><summary>Titre</summary><p>Corps</p></details>", "Titre\n\nCorps"),
        ("<figure><img src='x' alt='non'><figcaption>Légende</figcaption></figure>", "Légende"),
    ],
)
def test_paragraphs_are_told_apart_and_inline_elements_are_not(html, expected):
    assert text(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>Un</li><li>Deux</li></ul>", "- Un\n- Deux"),
        ("<p>Lire :</p><ol><li>Un</li></ol><p>Fin</p>", "Lire :\n\n- Un\n\nFin"),
        ("<ul><li>Un<ul><li>Un bis</li></ul></li><li>Deux</li></ul>", "- Un\n- Un bis\n- Deux"),
        ("<ul><li><p>Un</p><p>encore</p></li></ul>", "- Un encore"),
        ("<ul><li></li><li>Deux</li></ul>", "- Deux"),
        ("<ul><li>Un</li></ul><ul><li>Deux</li></ul>", "- Un\n- Deux"),
    ],
)
def test_lists_have_one_line_an_item(html, expected):
    assert text(html) == expected


def test_tables_have_one_line_a_row_below_their_caption():
    html = (
        "<p>Avant</p><table><caption>Durées</caption><thead><tr><th>Objet</th><th>Ans</th></tr></thead>"
        "<tbody><tr><td>Écran<br>plat</td><td><ul><li>6</li><li>8</li></ul></td></tr><tr><td></td><td></td></tr>"
        "<tr><td></td><td>5</td></tr></tbody></table><p>Après</p>"
    )
    assert text(html) == "Avant\n\nDurées\n\n| Objet | Ans |\n| Écran plat | - 6 - 8 |\n|  | 5 |\n\nAprès"


def test_sections_follow_the_headings():
    html = (
        "<p>Début</p><h2>A</h2><p>a</p><h3>A1</h3><p>a1</p><h4>A11</h4><p>a11</p><h3>A2</h3><p>a2</p><h2>B</h2><p>b</p>"
    )
    sections = sections_from_html(html, "Page")
    assert [(section.heading_path, section.text) for section in sections] == [
        ((), "Début"),
        (("A",), "a"),
        (("A", "A1"), "a1"),
        (("A", "A1", "A11"), "a11"),
        (("A", "A2"), "a2"),
        (("B",), "b"),
    ]
    assert [section.locator.value for section in sections] == ["Page", "A", "A1", "A11", "A2", "B"]


@pytest.mark.parametrize(
    ("html", "heading", "anchor"),
    [
        ("<h2 id='a'>Titre</h2>", "Titre", "a"),
        ("<h2><a id='b'></a>Titre</h2>", "Titre", "b"),
        ("<h2>Titre</h2>", "Titre", ""),
        ("<h2>Qu’est-ce que l’<abbr>IA</abbr><br>frugale&nbsp;?</h2>", "Qu’est-ce que l’IA frugale\u00a0?", ""),
        ("<h2> <strong>Un</strong>\n  titre </h2>", "Un titre", ""),
        ("<h2><!-- non -->Titre</h2>", "Titre", ""),
        ("<h3 class='fr-accordion__title'><button aria-controls='c'>Titre</button></h3>", "Titre", ""),
    ],
)
def test_a_heading_is_read_as_it_is_shown_and_linked_by_its_id(html, heading, anchor):
    [section] = sections_from_html(html + "<p>Texte</p>", "Page")
    assert (section.heading_path, section.anchor) == ((heading,), anchor)


def test_an_accordion_of_the_design_system_is_a_section_like_another():
    html = (
        '<section class="fr-accordion"><h3 class="fr-accordion__title"><button class="fr-accordion__btn" '
        'aria-expanded="false">Garantie</button></h3><div class="fr-collapse" id="a1"><p>Deux ans.</p></div></section>'
    )
    [section] = sections_from_html(html, "Page")
    assert (section.heading_path, section.text) == (("Garantie",), "Deux ans.")


def test_the_caption_of_a_figure_s_description_heads_nothing():
    [section] = sections_from_html("<h2>A</h2><p>a</p><h3>Transcription</h3><p>Un cercle.</p>", "Page")
    assert (section.heading_path, section.text) == (("A",), "a\n\nUn cercle.")


def test_a_heading_without_text_below_it_makes_no_section():
    assert sections_from_html("<h2>A</h2><h2>B</h2>", "Page") == ()


def test_links_are_kept_apart_in_order_and_once():
    html = "<p><a href='https://a.fr'>a</a> <a href='/b'>b</a> <a href='https://a.fr'>c</a> <a>d</a></p>"
    assert links_of(BeautifulSoup(html, "html.parser")) == ("https://a.fr", "/b")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Objectif", "aim"),
        ("L’objectif du critère", "aim"),
        ("Contrôle", "check"),
        ("Comment vérifier ?", "check"),
        ("Mise en œuvre", "how"),
        ("Comment faire ?", "how"),
        ("Implementation", "how"),
        ("Pourquoi agir", "why"),
        ("Qu’est-ce que le réemploi ?", "definition"),
        ("En chiffres", "figures"),
        ("L’essentiel", "summary"),
        ("Obligations", "obligations"),
        ("Calendrier", "dates"),
        ("Pour qui ?", "who"),
        ("Outils", "tools"),
        ("Limites", "limits"),
        ("À savoir", "limits"),
        ("Un exemple", "examples"),
        ("Banane", ""),
    ],
)
def test_a_heading_tells_the_kind_of_its_section(heading, kind):
    assert section_kind(heading) == kind


def test_the_nearest_heading_that_tells_a_kind_decides():
    html = "<h2>Mise en œuvre</h2><h3>Banane</h3><p>a</p><h3>Exemple</h3><p>b</p><h2>Banane</h2><p>c</p>"
    assert [section.kind for section in sections_from_html(html, "Page", "who")] == ["how", "examples", "who"]


def test_all_kinds_are_known():
    assert {kind for _, kind in RULES} <= set(SECTION_KINDS)
