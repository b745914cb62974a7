"""The organisation's own documents in the app: shown apart, listed, and removed by nobody but this machine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import filelock
import pytest
from conftest import SMALL_CARDS
from test_chat import CHECK, ask, opened, running, said

from assistant.answer import Answer, Hit
from assistant.ask import Assistant
from assistant.settings import Settings
from assistant.verify import cited
from assistant.web.opening import Opening
from assistant.web.own import drop, local, own_documents
from assistant.web.server import loopback
from corpus import index
from corpus.index import Index
from corpus.messages import text

BRENNAC, READING = "Mairie de Brennac", "Médiathèque"
CHARTER = (
    "# Charte de Brennac\n\n## Imprimantes\n\nÀ Brennac, les agents impriment recto verso et en noir et blanc.\n\n"
    "## Écrans\n\nLes agents de Brennac éteignent leur écran à la pause de midi.\n"
)
SCREENS = "Quand les agents de Brennac éteignent-ils leur écran ?"
# The application over the cards that the small index holds: an update would encode all the others.
SMALL = """
import json, os, runpy
from corpus import index
kept, every = json.loads(os.environ["CARDS"]), index.list_cards
index.list_cards = lambda: [card for card in every() if card[0] in kept]
runpy.run_path("app.py", run_name="__main__")
"""
CARDS = [f"base/{name}.md" for name in SMALL_CARDS]


@pytest.fixture
def small_updates(monkeypatch: pytest.MonkeyPatch, encoder: Any) -> None:
    """Updates of the small index, with the encoder that is loaded."""
    cards = [card for card in index.list_cards() if card[0] in CARDS]
    monkeypatch.setattr(index, "list_cards", lambda: cards)
    monkeypatch.setattr(index, "load_encoder", lambda name, threads: encoder)


@pytest.fixture
def settings(small_settings: Settings, small_updates: None, tmp_path: Path) -> Settings:
    """The small index with two collections."""
    shutil.copytree(small_settings.data, tmp_path / "data")
    settings = Settings(data=tmp_path / "data", _env_file=None)  # type: ignore[call-arg]
    (tmp_path / "charte.md").write_text(CHARTER, "utf-8")
    (tmp_path / "liseuses.md").write_text("# Liseuses\n\nLa médiathèque prête des liseuses.\n", "utf-8")
    index.update(settings, [tmp_path / "charte.md"], collection=BRENNAC)
    index.update(settings, [tmp_path / "liseuses.md"], collection=READING)
    return settings


def serving(settings: Settings, **environment: str) -> Any:
    return running(settings.data, "-c", SMALL, CARDS=json.dumps(CARDS), **environment)


def told(page: Any, words: str) -> None:
    page.wait_for_function("words => document.getElementById('own-status').textContent.includes(words)", arg=words)


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


# --- in the browser --------------------------------------------------------------------------------------------------


@pytest.mark.chromium
def test_a_collection_is_shown_apart_and_removed_by_keyboard(browser: Any, settings: Settings) -> None:
    heading = text("own_documents")
    with serving(settings) as (_, address), opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        turn = ask(page, SCREENS)
        own = page.locator("#sources > * h3 ~ details.own[id]")
        assert page.locator("#sources h3").first.inner_text() == heading
        assert BRENNAC in own.locator(".byline").first.inner_text()
        mark = turn.locator("a.cite").first
        assert mark.inner_text() == own.first.locator(".number").inner_text()

        fold = page.locator("#own > button")
        assert fold.get_attribute("aria-expanded") == "false"
        press(page, heading)
        page.wait_for_function("document.querySelector('#own > button').getAttribute('aria-expanded') === 'true'")
        rows = page.locator("#own .collection p")
        rows.nth(1).wait_for()
        assert rows.all_inner_texts() == [
            text("own_collection", name=name, documents=1, passages=passages)
            for name, passages in ((BRENNAC, 2), (READING, 1))
        ]
        assert page.evaluate("document.documentElement.scrollWidth") <= 320

        press(page, text("own_remove", name=BRENNAC))
        told(page, text("own_confirm", name=BRENNAC))
        page.wait_for_function("document.activeElement.id === 'own-no'")
        assert page.locator("#own-no").get_attribute("aria-describedby") == "own-status"
        page.keyboard.press("Enter")
        told(page, text("own_kept"))
        page.wait_for_selector("#own-yes", state="detached")
        assert page.evaluate("document.activeElement.textContent").startswith(heading)

        with filelock.FileLock(settings.data / "index" / "update.lock"):
            press(page, text("own_remove", name=BRENNAC))
            page.wait_for_selector("#own-yes")
            press(page, text("own_yes"))
            told(page, text("index_busy"))
        assert rows.count() == 2

        press(page, text("own_remove", name=BRENNAC))
        page.wait_for_selector("#own-yes")
        press(page, text("own_yes"))
        told(page, text("own_removed", name=BRENNAC))
        assert page.locator("#spoken").inner_text() == text("own_removed", name=BRENNAC)
        page.wait_for_function("document.querySelectorAll('#own .collection').length === 1")
        assert set(Index.open(settings).own_collections()) == {READING}

        page.get_by_role("button", name=text("chat_new")).click()
        page.wait_for_function("document.querySelectorAll('article.turn').length === 0")
        page.locator("#question textarea").fill(SCREENS)
        page.keyboard.press("Enter")
        said(page, "Réponse prête")
        assert BRENNAC not in page.locator("#sources").inner_text()
        assert "pause de midi" not in page.locator("#conversation").inner_text()


@pytest.mark.chromium
def test_there_is_no_panel_without_a_collection_and_one_as_soon_as_there_is(
    browser: Any, small_settings: Settings, small_updates: None, tmp_path: Path
) -> None:
    settings = small_settings.model_copy(update={"data": tmp_path / "data"})
    shutil.copytree(small_settings.data, settings.data)
    with serving(settings) as (_, address), opened(browser, address) as page:
        ask(page, CHECK)
        assert page.locator("#own").count() == 0
        (tmp_path / "charte.md").write_text(CHARTER, "utf-8")
        index.update(settings, [tmp_path / "charte.md"], collection=BRENNAC)
        page.reload()
        page.wait_for_selector("#own")
        assert BRENNAC in ask(page, SCREENS).page.locator("#sources").inner_text()


@pytest.mark.chromium
def test_off_loopback_a_collection_is_listed_and_cannot_be_removed(browser: Any, settings: Settings) -> None:
    opening = {"ASSISTANT_HOST": "0.0.0.0", "ASSISTANT_ALLOWED_HOSTS": "127.0.0.1", "ASSISTANT_OPEN": "1"}
    with serving(settings, **opening) as (_, address), opened(browser, address) as page:
        page.wait_for_selector("#own")
        press(page, text("own_documents"))
        page.wait_for_selector("#own .collection p")
        page.get_by_text(text("own_elsewhere")).wait_for()
        assert page.locator("#own button").count() == 1  # the one that unfolds it


# --- without a browser -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("removable", "clicks"), [(True, 2), (False, 0)])
def test_off_loopback_nothing_on_the_page_removes(small_settings: Settings, removable: bool, clicks: int) -> None:
    import gradio as gr

    with gr.Blocks() as page:
        own_documents(page, Opening(small_settings), "fr", removable)
    events = [event for function in page.fns.values() for _, event in function.targets]
    assert events.count("click") == clicks


@pytest.mark.parametrize(
    ("client", "origin", "allowed"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860", True),
        ("::1", "http://[::1]:7860", True),
        ("127.0.0.1", "http://localhost:7860", True),
        ("127.0.0.1", "https://evil.example", False),  # another site's page, or a proxy
        ("127.0.0.1", "null", False),
        ("127.0.0.1", "", False),
        ("192.0.2.7", "http://127.0.0.1:7860", False),
        ("", "http://127.0.0.1:7860", False),
    ],
)
def test_only_a_page_of_this_machine_removes(client: str, origin: str, allowed: bool) -> None:
    request: Any = SimpleNamespace(client=SimpleNamespace(host=client), headers={"origin": origin})
    assert local(request) is allowed


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("::", False), ("192.0.2.7", False), ("localhost.evil.example", False), ("", False)],
)  # fmt: skip
def test_which_addresses_only_this_machine_reaches(host: str, only_here: bool) -> None:
    assert loopback(host) is only_here


@pytest.fixture
def opening(settings: Settings, encoder: Any, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """The assistant over two collections, opened with the encoder that is loaded."""
    opening = Opening(settings)
    monkeypatch.setattr(opening, "open", lambda: Assistant(settings, Index.open(settings), encoder))
    return opening


def of_the_organisation(answer: Answer) -> list[tuple[int, Hit]]:
    return [source for heading, below in cited(answer, "fr") if heading == text("own_documents") for source in below]


def test_what_an_organisation_claims_never_stands_among_official_sentences(opening: Opening, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text(
        "# Note interne sur l’empreinte du numérique\n\nL’empreinte carbone du numérique représente 99 % de l’empreinte carbone de "
        "la France, d’après un calcul de Brennac.\n",
        "utf-8",
    )
    index.update(opening.settings, [tmp_path / "note.md"], collection=BRENNAC)
    answer = opening.refresh().ask("Quelle part de l’empreinte carbone de la France le numérique représente-t-il ?")
    assert answer.prepared == "base/studies-empreinte-france#part"
    planted = next(place for place, claim in enumerate(answer.claims) if "99 %" in claim.text.replace("\u00a0", " "))
    heading = [claim.text for claim in answer.claims].index(text("own_documents_of", name=BRENNAC))
    assert 0 < heading < planted and answer.claims[heading].kind == "heading"
    origins = [
        {answer.passages[number - 1].document.origin for number in claim.citations}
        for claim in answer.claims
        if claim.citations
    ]
    assert {"own"} in origins and origins == sorted(origins, key=lambda origin: "own" in origin)
    assert "own" not in origins[0]


def test_after_a_removal_the_next_answer_comes_from_the_new_generation(opening: Opening) -> None:
    before = opening.start().result()
    assert BRENNAC in {hit.document.publisher for _, hit in of_the_organisation(before.ask(SCREENS))}
    assert drop(BRENNAC, opening) == {READING: (1, 1)}
    after = opening.start().result()
    assert after is opening.refresh() and after.retriever.encoder is before.retriever.encoder
    assert BRENNAC not in {hit.document.publisher for hit in after.ask(SCREENS).passages}


def test_a_removal_that_was_cut_is_brought_to_its_end(opening: Opening, settings: Settings) -> None:
    registered = settings.data / "folders.json"
    kept = [one for one in json.loads(registered.read_text("utf-8")) if one["collection"] != BRENNAC]
    registered.write_text(json.dumps(kept), "utf-8")
    assert set(opening.refresh().index.own_collections()) == {BRENNAC, READING}
    assert set(drop(BRENNAC, opening)) == {READING}
