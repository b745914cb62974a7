"""What is left of a question without its markup: its words, and every one of them."""

from __future__ import annotations

import time

import pytest

from assistant.markup import without_markup


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<script>alert(1)</script> Comment alléger les vidéos ?", "Comment alléger les vidéos ?"),
        ("Comment <b>alléger</b> l’<i>image</i> ?", "Comment alléger l’image ?"),
        ("<p>Comment</p><p>alléger<br>les vidéos ?</p>", "Comment alléger les vidéos ?"),
        ("<style>p { color: red }</style>Quoi ?<!-- rien -->", "Quoi ?"),
        ("<img src=x onerror=alert(1)> Comment alléger ?", "Comment alléger ?"),
        ("<svg/onload=alert(1)>Quoi ?", "Quoi ?"),
        ("<!DOCTYPE html><html><body>Quoi ?</body></html>", "Quoi ?"),
        ("&eacute;teindre les &eacute;crans&nbsp;?", "éteindre les écrans ?"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; Quoi ?", "Quoi ?"),
        ("![une image](https://exemple.fr/a.png) [les vidéos](https://exemple.fr) ?", "une image les vidéos ?"),
        ("{{ 7*7 }} Quoi {% if x %} faire ${y} ?", "Quoi faire ?"),
    ],
)
def test_markup_goes_and_its_words_stay(typed, read):
    assert without_markup(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "Que veut dire la balise <video> ?",
        "Faut-il préférer <picture> à <img> ?",
        "Que fait <script> dans une page ?",
        "<video controls> : à quoi bon ?",
        "une taille < 1 Mo",
        "une taille <1 Mo et > 2 Ko",
        "si x<y et y>z",
        "R&D : quelles règles ?",
        "Comment  faire,\n\xa0vraiment ?",
        "critère 4.4 [1] (voir)",
        "?!",
        "",
    ],
)
def test_what_is_no_markup_is_left_as_it_is(text):
    assert without_markup(text) == text


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<br>", "<video>", "</div>", "<!-- x -->", "{{ x }}", "<p> </p>"]
)
def test_nothing_but_markup_is_nothing(text):
    assert without_markup(text) == ""


@pytest.mark.parametrize("part", ["<a", "<!--", "<a>", "<a></a>", "&", "&amp;", "{{", "${", "[", "[a](", "<a b='"])
def test_no_question_takes_long(part):
    start = time.perf_counter()
    without_markup(part * (4000 // len(part)))
    assert time.perf_counter() - start < 5
