"""The catalogue of sentences: agreement in number, figures and typography, in each language, and one word for one thing."""

from __future__ import annotations

import re
import string

import pytest

from corpus.messages import LANGUAGES, MESSAGES, number, text

# Each sentence in each language, with the (name, format) of what fills it.
SENTENCES = [
    (key, language, [(name, form or "") for _, name, form, _ in string.Formatter().parse(said[language]) if name])
    for key, said in MESSAGES.items()
    for language in LANGUAGES
]
COUNTED = {name for _, _, fields in SENTENCES for name, form in fields if "|" in form}
# Words that end in s or x, be there one or many.
INVARIABLE = {"fois", "dans", "sans"}


def test_sentences_agree_with_their_numbers():
    wrong = []
    for key, language, fields in SENTENCES:
        for count in (0, 1, 2, 1000) if fields else ():
            # An English verb ends in s where a name comes before it: only counts are filled with numbers there.
            counts = {name for name, form in fields if language == "fr" or form or name in COUNTED}
            said = text(key, language, **{name: count if name in counts else "x" for name, _ in fields})
            one = count == 1 or (count == 0 and language == "fr")
            plural = {*re.findall(rf"(?<![\w=]){count}\s(\w\w+[sx])\b", said)} - INVARIABLE
            around = re.search(rf"\b(?:les|ces|des|the|these|those)\s{count}\b|\b{count}\s(?:are|ont|sont)\b", said)
            if "|" in said or (one and (plural or around)):
                wrong.append((key, said))
    assert wrong == []


def test_what_is_said_of_one_and_of_many_differs():
    forms = [form for _, _, fields in SENTENCES for _, form in fields]
    choices = [form.split("|") for form in forms if "|" in form]
    assert choices and all(len(choice) == 2 and choice[0] != choice[1] for choice in choices)
    assert {form for form in forms if "|" not in form} <= {"", "d", ",.1f", ",.2f"}


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "0 passage", "0 passages"),
        (1, "1 passage", "1 passage"),
        (1.5, "1,5 passage", "1.5 passages"),
        (2, "2 passages", "2 passages"),
        (9013, "9\u202f013 passages", "9,013 passages"),
    ],
)
def test_one_and_many_are_those_of_the_language(count, french, english):
    values = {"documents": 1, "passages": count, "encoded": 0}
    assert f", {french} (0 encodé)." in text("index_done", "fr", **values)
    assert f", {english} (0 encoded)." in text("index_done", "en", **values)


def test_the_words_around_a_number_follow_it():
    assert "ce que dit la ligne ci-dessus" in text("eval_import_refused", path="x", count=1)
    assert "ce que disent les 2 lignes ci-dessus" in text("eval_import_refused", path="x", count=2)
    assert "what the line above says" in text("eval_import_refused", "en", path="x", count=1)


def test_a_number_has_the_marks_of_the_language():
    assert (number(1234567, "fr"), number(1234567, "en")) == ("1\u202f234\u202f567", "1,234,567")
    assert (number(1234.5, "fr", "+,.2f"), number(1234.5, "en", "+,.2f")) == ("+1\u202f234,50", "+1,234.50")
    assert text("vectors_done", count=1, size=1500.04).endswith("1\u202f500,0\u00a0Mo.")
    # What counts nothing is written as it is.
    assert "ligne 1234" in text("json_broken", line=1234) and "7860" in text(
        "chat_no_port", host="", port=7860, problem=""
    )


def test_sentences_have_the_typography_of_their_language():
    wrong = []
    for key, language, fields in SENTENCES:
        # What is to be typed is shown as it is.
        typed = r"'[^']+'" if language == "fr" else r"“[^”]*”|'[^']+'"
        said = re.sub(typed, "x", text(key, language, **{name: 1 for name, _ in fields}))
        bad = r" [:;?!»%]|« |\w[»?;]|«\w|\d \d{3}\b|[\"“”]" if language == "fr" else r"\s[:;?!%]|[«»\"]"
        if re.search(bad, said) or re.search(r"\w'|\.\.\.", said):
            wrong.append((key, said))
    assert wrong == []


def test_a_knowledge_card_is_a_fiche_in_french():
    assert [key for key, said in MESSAGES.items() if re.search(r"\bcartes?\b", said["fr"], re.IGNORECASE)] == []
