"""Pages of the site: front matter, templating, transcripts, addresses."""

from __future__ import annotations

import re

import pytest

from corpus.documents import SECTION_KINDS, Document
from corpus.errors import DocumentError
from corpus.readers.markdown import read, split_front_matter
from corpus.readers.source_file import SourceEntry, SourceFile, entry_for

SITE = "https://ecoresponsable.numerique.gouv.fr/"


@pytest.fixture
def page(tmp_path):
    """Read a page from its text."""

    def run(text: str, name: str = "dossier/page.md", entry: SourceEntry | None = None) -> Document:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        [document] = read(SourceFile(path, name, entry or entry_for(tmp_path, name)))
        return document

    return run


@pytest.fixture
def body(page):
    """The text of all sections of a page without front matter."""
    return lambda text: "\n--\n".join(section.text for section in page(text).sections)


def test_front_matter_gives_the_title_the_date_and_the_lead(page):
    document = page("---\ntitle: Un titre\ndate: 2024-03-05T10:00:00\ndescription: Le chapeau.\n---\n\nLe corps.\n")
    assert (document.title, document.date) == ("Un titre", "2024-03-05")
    assert [(section.kind, section.text) for section in document.sections] == [
        ("summary", "Le chapeau."),
        ("other", "Le corps."),
    ]


def test_a_lead_that_the_page_repeats_is_read_once(page):
    assert len(page("---\ndescription: Le corps.\n---\n\nLe corps. Et sa suite.\n").sections) == 1


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: Un titre\n---\n\nTexte",
        "---\ntitle:\tUn titre\n\ntags:\n\t- a\n---\nTexte",
        '--- \ntitle: "Un titre"\n---\nTexte',
    ],
    ids=["plain", "tabs", "quotes"],
)
def test_front_matter_may_hold_tabs(page, text):
    assert page(text).title == "Un titre"


@pytest.mark.parametrize(
    ("text", "title"), [("Texte", "page"), ("---\ntitle:\n---\nTexte", "page"), ("---\n---\nTexte", "page")]
)
def test_a_page_without_a_title_is_named_after_its_file(page, text, title):
    assert page(text).title == title


@pytest.mark.parametrize(
    ("text", "line"),
    [("---\ntitle: [a\n---\nTexte", 3), ("---\na: 1\ntitle: 'x\n---\nTexte", 4), ("---\ntitle: a: b\n---\n", 2)],
)
def test_broken_front_matter_is_told_with_its_line(page, text, line):
    with pytest.raises(DocumentError) as caught:
        page(text)
    assert (caught.value.key, caught.value.values) == ("front_matter_broken", {"line": line})


def test_a_page_that_is_not_utf8_is_told(tmp_path):
    (tmp_path / "a.md").write_bytes("# Été".encode("latin-1"))
    with pytest.raises(DocumentError, match="not_utf8"):
        read(SourceFile(tmp_path / "a.md", "a.md"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Un {{ valeur | filtre }} deux", "Un deux"),
        ("{% set x = 1 %}Un{%- if x -%} deux{% endif %}", "Un deux"),
        ("{% include\n  'a.njk' %}Un", "Un"),
        ("{% for a in b %}caché {{ a }}{% endfor %}Un", "Un"),
        ("Un{# caché\ncaché #} deux", "Un deux"),
        ("Un<!-- caché\n\ncaché --> deux", "Un deux"),
        ("Un<!-- a -> caché --> deux", "Un deux"),
        ("Un<!-- mal fermé-> deux", "Un deux"),
        ("![alt](a.png){width=50 height=20}\n\nUn{.fr-text}", "Un"),
        (
            "Un **gras**, _italique_, `code`, ~~barré~~ et [lien](https://a.fr).",
            "Un gras, italique, code, barré et lien.",
        ),
        ("- Un\n  - Un bis\n- Deux", "- Un\n- Un bis\n- Deux"),
        ("| A | B |\n|---|---|\n| 1 | 2 |", "| A | B |\n| 1 | 2 |"),
        ("    <p>En retrait</p>", "En retrait"),
        ("<div>\n\n**Gras** dedans\n\n</div>", "Gras dedans"),
        ("Une ligne\net sa suite", "Une ligne et sa suite"),
    ],
)
def test_only_what_a_reader_of_the_page_sees_is_left(body, text, expected):
    assert body(text) == expected


def test_headings_with_an_id_are_linked_by_it(page):
    document = page("## Un titre {#le-titre}\nTexte\n\n## Autre\n\nSuite {# non #}\n\n### Fin {#fin}\n\nFin")
    assert [(section.heading_path[-1], section.anchor, section.text) for section in document.sections] == [
        ("Un titre", "le-titre", "Texte"),
        ("Autre", "", "Suite"),
        ("Fin", "fin", "Fin"),
    ]


def test_links_are_kept_apart(page):
    document = page("Un [lien](https://a.fr/x) dans une phrase, et [un autre](/b).\n\n<a href='https://c.fr'>c</a>")
    assert document.links == ("https://a.fr/x", "/b", "https://c.fr")
    assert "a.fr" not in document.sections[0].text


@pytest.mark.parametrize(
    "text",
    [
        "---\ndescription: Un chapeau de listes\n---\n{% for post in posts %}<p>{{ post.title }}</p>{% endfor %}",
        "{% set posts = collections.Podcast %}\n{% include 'postslist.njk' %}",
        "## Guides\n\n- [Un guide pratique](https://a.fr/1), pdf, 2021\n- [Un autre guide](https://a.fr/2)",
        "---\ncategory: autres\n---\n- [Un guide pratique](https://a.fr/1)\n- [Un autre guide](https://a.fr/2)",
    ],
    ids=["loop", "include", "links", "category"],
)
def test_a_page_that_is_a_loop_or_a_list_of_links_serves_navigation_alone(page, text):
    document = page(text)
    assert document.sections == () and document.properties == {"navigation": True}
    assert document.links == (("https://a.fr/1", "https://a.fr/2") if "https" in text else ())


@pytest.mark.parametrize(
    "text",
    [
        "Pour nous écrire :\n\n<contact@exemple.fr>",
        "Un paragraphe qui dit plus de mots que son [lien](https://a.fr).",
        "{% transcription %}<p>Bonjour.</p>{% endtranscription %}",
        "---\nauthor: A\nlicence: MIT\n---\n[Voir le site](https://a.fr)",
        "---\nindicators: Part des écrans\n---\n",
    ],
    ids=["address", "paragraph", "transcript", "sheet", "indicators"],
)
def test_a_page_that_says_something_is_read(page, text):
    document = page(text)
    assert document.sections and "navigation" not in document.properties


def test_a_transcript_is_read_in_paragraphs_of_whole_sentences(page):
    lines = "\n".join(f"<p>Une ligne numéro {number}{'.' if number % 4 == 0 else ''}</p>" for number in range(1, 81))
    document = page(f"Avant\n\n{{% transcription 'x' %}}\n{lines}\n{{% endtranscription %}}\n\nAprès")
    first, *transcript = document.sections
    assert first.text == "Avant\n\nAprès"
    assert len(transcript) > 2 and {section.kind for section in transcript} == {"transcript"}
    assert all(section.heading_path == ("Transcription",) for section in transcript)
    assert all(section.text.endswith(".") and len(section.text) >= 500 for section in transcript[:-1])
    read_lines = re.findall(r"numéro (\d+)", " ".join(section.text for section in transcript))
    assert read_lines == [str(number) for number in range(1, 81)]
    for section in transcript:
        assert section.locator.kind == "paragraph"
        assert section.text.startswith(f"Une ligne numéro {section.locator.value}")


def test_a_transcript_changes_paragraph_with_the_speaker(page):
    document = page(
        "{% transcription %}<p>Claude<br>Bonjour à tous.</p><p>Dominique<br>Bonjour.</p>{% endtranscription %}"
    )
    assert [section.text for section in document.sections] == ["Claude Bonjour à tous.", "Dominique Bonjour."]


def test_a_transcript_in_plain_markdown_is_read_as_well(page):
    [section] = page("{% transcription %}\nBonjour. **Bienvenue.**\n\nMerci.\n{% endtranscription %}").sections
    assert (section.kind, section.text) == ("transcript", "Bonjour. Bienvenue. Merci.")


def test_the_sheet_of_a_tool_is_read_from_its_front_matter(page):
    [section] = page("---\ntitle: Outil\nauthor: <b>Une</b> équipe\ncategory: [mesure, web]\nlicence:\n---\n").sections
    assert (section.kind, section.heading_path) == ("tools", ("Fiche",))
    assert section.text == "- Auteur : Une équipe\n- Catégorie : mesure, web"


def test_a_good_practice_has_typed_properties_and_its_indicators(page):
    front = (
        "idbp: i.2\npriority: Prioritaire\ndifficulty: Facile\nwho: [DSI, Achats]\nindicators:\n  - Part des **écrans**"
    )
    document = page(f"---\ntitle: Pratique\n{front}\n---\n\nAgir.\n", entry=SourceEntry(kind="good practice"))
    assert document.properties == {
        "code": "i.2",
        "priority": "Prioritaire",
        "difficulty": "Facile",
        "who": ("DSI", "Achats"),
        "indicators": ("Part des **écrans**",),
    }
    assert [(section.kind, section.text) for section in document.sections] == [
        ("how", "Agir."),
        ("figures", "- Part des écrans"),
    ]


def test_one_value_is_as_good_as_a_list_of_it(page):
    document = page("---\nidbp: i.2\nwho: DSI\nindicators: Part des écrans\n---\n")
    assert document.properties["who"] == ("DSI",) and document.properties["indicators"] == ("Part des écrans",)
    assert document.sections[0].text == "- Part des écrans"


@pytest.mark.parametrize(
    ("name", "front", "address"),
    [
        ("markdown/formations/index.md", "", "formations/"),
        ("markdown/formations/mooc.md", "", "formations/mooc/"),
        ("markdown/formations/mooc.md", "permalink: /autre/adresse/", "autre/adresse/"),
        ("markdown/formations/mooc.md", "permalink: '{{ page.fileSlug }}/'", "formations/mooc/"),
        ("markdown/formations/mooc.md", "permalink: false", "formations/mooc/"),
        ("markdown/actualites/posts/actus/article.md", "", "actualites/article/"),
        ("markdown/ressources/documents-reference/guide/fiche.md", "", "publications/guide/fiche/"),
        ("guide-bonnes-pratiques/achat-durable/index.md", "", "publications/bonnes-pratiques/achat-durable/"),
    ],
)
def test_a_page_of_the_site_has_its_official_address(page, name, front, address):
    assert page(f"---\ntitle: T\n{front}\n---\nTexte", name).url == SITE + address


def test_a_page_from_elsewhere_has_no_address(page):
    assert page("---\npermalink: /a/\n---\nTexte", "ailleurs/page.md").url == ""


def test_a_page_without_text_has_no_section(page):
    assert page("---\ntitle: T\n---\n\n{% include 'x.njk' %}\n![](a.png)\n").sections == ()


def test_front_matter_that_is_no_mapping_is_no_front_matter():
    assert split_front_matter("---\n- a\n---\nTexte")[0] == {}


# --- The real site ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(knowledge_base) -> dict[str, Document]:
    """Every page of the mirror, by its path."""
    documents = {}
    for path in sorted(knowledge_base.rglob("*.md")):
        name = path.relative_to(knowledge_base).as_posix()
        [documents[name]] = read(SourceFile(path, name, entry_for(knowledge_base, name)))
    return documents


def test_every_page_of_the_site_is_read_without_a_trace_of_its_template(site):
    assert len(site) == 329
    assert sum(bool(document.sections) for document in site.values()) > 300
    for name, document in site.items():
        for section in document.sections:
            shown = "\n".join([section.text, *section.heading_path])
            assert not re.search(r"\{%|%\}|\{\{|\}\}|\{#|<!--|-->|</?(?:p|div|br|a|span|li)\b|class=\"", shown), name
            assert section.text == section.text.strip() and section.kind in SECTION_KINDS, name


def test_every_page_of_the_site_has_an_address_of_its_own(site):
    urls = [document.url for name, document in site.items() if name.startswith(("markdown/", "guide-"))]
    assert all(url.startswith(SITE) and url.endswith("/") for url in urls)
    assert len(set(urls)) > len(urls) * 0.95


def test_the_good_practices_have_their_codes(site):
    codes = [document.properties["code"] for document in site.values() if "code" in document.properties]
    assert len(set(codes)) == 59 and all(re.fullmatch(r"[a-i]\.\d{1,2}", code) for code in codes)


def test_what_obligations_a_table_s_caption_states_is_read(site):
    sheet = site["markdown/ressources/documents-reference/guide-achats-responsables/fiches-pratiques/bureautique.md"]
    assert any("proportions minimales" in section.text for section in sheet.sections)


def test_an_accordion_of_the_site_is_read(site):
    page = site["markdown/ressources/documents-reference/ecoconception-securite/definitions.md"]
    assert any("- Extraction des matières premières" in section.text for section in page.sections)
