"""The chat as its readers meet it: the real server, a real Chromium, a real index. No request may leave the machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from clients import crowd
from conftest import PROJECT

from assistant.settings import Settings
from assistant.web.chat import EXAMPLES, grow
from assistant.web.opening import Opening
from assistant.web.render import Turn
from corpus.errors import IndexMissing
from corpus.messages import text

pytestmark = pytest.mark.chromium

CHECK = "critère 4.4"
UNKNOWN = "Que demande le critère 12.9 du RGESN ?"
HOSTILE = '<img src=x onerror="window.attacked = true"> ![](http://192.0.2.1/x.png) {{value}} ${value} critère 4.4'
# What a screen reader would say: each text that comes to stand in a live region.
LISTEN = """() => {
    window.heard = [];
    const live = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]:not([aria-live=off])";
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const region = (target.nodeType === Node.TEXT_NODE ? target.parentElement : target)?.closest(live);
            const words = region?.textContent.trim();
            if (words && words !== window.heard.at(-1)) window.heard.push(words);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
# Opens the assistant only once the file named by GATE is there, so that a test sees what the page says before.
GATED = """
import os, runpy, time
from assistant.web.opening import Opening
open_at_once = Opening.open
def open_behind_the_gate(self):
    while not os.path.exists(os.environ["GATE"]):
        time.sleep(0.05)
    return open_at_once(self)
Opening.open = open_behind_the_gate
runpy.run_path("app.py", run_name="__main__")
"""


@contextmanager
def running(data: Path, *command: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The application in a process of its own, and the address that it announces."""
    env = {**os.environ, "ASSISTANT_DATA": str(data), "ASSISTANT_PORT": "7960", "PYTHONPATH": ".", **environment}
    process = subprocess.Popen(
        [sys.executable, *(command or ("app.py",))],
        cwd=PROJECT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout and process.stderr
        announced = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert announced, process.stderr.read()
        yield process, announced[0]
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def address(small_settings: Settings) -> Iterator[str]:
    with running(small_settings.data) as (_, announced):
        yield announced


@contextmanager
def opened(browser: Any, address: str, logged_in: tuple[str, str] | None = None, **options: Any) -> Iterator[Any]:
    """The chat in a browser of its own; fails where anything was asked of another host, or went wrong in the page."""
    context = browser.new_context(**{"locale": "fr-FR", **options})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    asked: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "response",
        lambda response: problems.append(f"{response.status} {response.url}") if response.status >= 400 else None,
    )
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    if logged_in:
        page.get_by_text(text("access_login")).wait_for()
        for entry, words in zip(page.locator("input").all(), logged_in, strict=True):
            entry.fill(words)
        page.keyboard.press("Enter")
    page.wait_for_selector("#question textarea")
    yield page
    assert not page.evaluate("window.attacked")
    context.close()
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {urlsplit(address).netloc}
    assert problems == []


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    with opened(browser, address) as page:
        yield page


def ask(page: Any, question: str) -> Any:
    """Ask, wait for the whole answer, and return its turn."""
    turns = page.locator("article.turn").count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('article.turn').length === {turns + 1}")
    said(page, "Réponse prête")
    return page.locator("article.turn").last


def said(page: Any, words: str) -> None:
    page.wait_for_function("words => document.getElementById('status').textContent.includes(words)", arg=words)


def test_a_screen_reader_hears_that_it_searches_and_that_it_is_done(page: Any) -> None:
    said(page, text("chat_ready"))
    page.evaluate(LISTEN)
    ask(page, CHECK)
    page.wait_for_timeout(1500)
    searching, ready = page.evaluate("window.heard")
    assert searching == text("chat_searching") and ready.startswith("Réponse prête. Sources citées")


def test_the_marks_of_an_answer_open_its_sources(page: Any) -> None:
    turn = ask(page, CHECK)

    mark = turn.locator("a.cite").last
    mark.focus()
    page.keyboard.press("Enter")
    source = page.locator(mark.get_attribute("href"))
    assert source.get_attribute("open") is not None
    assert source.locator("summary").evaluate("summary => summary === document.activeElement")
    claim = mark.evaluate("mark => mark.closest('li, p').textContent").split("\u00a0[")[0]
    assert claim in source.locator("mark").all_inner_texts()

    link = source.locator(".origin a")
    assert link.get_attribute("href").endswith("/referentiel-general-ecoconception/critere/4.4/")
    assert urlsplit(link.get_attribute("href")).netloc == "ecoresponsable.numerique.gouv.fr"
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer", "_blank")
    assert source.locator("blockquote mark").count() and "Arcep" in source.locator(".byline").inner_text()


def test_an_earlier_answer_keeps_its_own_sources(page: Any) -> None:
    first = ask(page, "Qu’est-ce que l’IA frugale ?")
    titles = [
        page.locator(mark.get_attribute("href")).locator(".title").inner_text()
        for mark in first.locator("a.cite").all()
    ]
    ask(page, "Et pour le critère 4.4 ?")
    marks = page.locator("article.turn").first.locator("a.cite").all()
    for mark, title in zip(marks, titles, strict=True):
        mark.click()
        source = page.locator(mark.get_attribute("href"))
        assert source.is_visible() and source.locator(".title").inner_text() == title


def test_copy_and_new_conversation(page: Any) -> None:
    turn = ask(page, CHECK)
    turn.locator("button.copy").click()
    page.wait_for_function("document.getElementById('spoken').textContent === 'Réponse copiée'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"\. \[\d+\]\n", copied) and re.search(r"\nSources\n\[\d+\] .* – https://", copied)

    page.get_by_role("button", name=text("chat_new")).click()
    page.wait_for_function("document.querySelectorAll('article.turn, .source').length === 0")
    for question in (question for questions in EXAMPLES.values() for question in questions):
        assert page.get_by_role("button", name=text(question)).is_visible()
    page.get_by_role("button", name=text("chat_evaluator_check")).click()
    said(page, "Réponse prête")
    assert page.locator("article.turn h3").all_inner_texts() == [text("chat_evaluator_check")]


def test_what_cannot_be_answered(page: Any) -> None:
    turn = ask(page, UNKNOWN)
    assert text("criterion_missing", numbers="12.9") in turn.inner_text()
    # What is there instead is told on its source.
    assert "8.3" in turn.inner_text() and "8.3" in page.locator("#sources").inner_text()


@pytest.mark.parametrize("send", ["Enter", "button"])
def test_what_cannot_be_asked_stays_in_the_box_and_blanks_nothing(page: Any, send: str) -> None:
    ask(page, CHECK)
    before = page.locator("#conversation").inner_html(), page.locator("#sources").inner_html()
    box = page.locator("#question textarea")
    for typed, sentence in (("", "question_empty"), ("  \n ", "question_empty"), ("a" * 4001, "question_long")):
        box.fill(typed)
        if send == "Enter":
            box.press("Enter")
        else:
            page.locator("#send").click()
        said(page, text(sentence, limit=4000))
        page.wait_for_timeout(500)  # whatever follows has been drawn
        assert box.input_value() == typed
        assert (page.locator("#conversation").inner_html(), page.locator("#sources").inner_html()) == before
    assert "4.4" in ask(page, CHECK).inner_text()


def test_what_people_type_is_inert(page: Any) -> None:
    turn = ask(page, HOSTILE)
    assert turn.locator("h3").inner_text() == HOSTILE
    assert page.locator("gradio-app img").count() == 0


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_the_page_keeps_its_language_in_another_s_browser(browser: Any, address: str, locale: str) -> None:
    with opened(browser, address, locale=locale) as page:
        ask(page, CHECK)
        assert page.evaluate("[document.documentElement.lang, navigator.language]") == ["fr", "fr"]


def test_many_readers_at_once_each_get_their_own_answer(address: str) -> None:
    questions = [f"Comment contrôler le critère {number} du RGESN ?" for number in ("1.1", "4.4", "8.3")] * 4
    for question, seen in zip(questions, crowd(address, questions), strict=True):
        assert seen.status.startswith("Réponse prête") and escape(question) in seen.conversation
        assert seen.conversation.count("<article") == 1


def test_keyboard_headings_language_and_narrow_screens(browser: Any, address: str) -> None:
    with opened(browser, address, viewport={"width": 320, "height": 640}) as page:
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.locator("h1").all_inner_texts() == [page.title()] == [text("chat_title")]
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == text("chat_skip")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
        ask(page, CHECK)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_page_comes_before_the_encoder(browser: Any, small_settings: Settings, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gated = running(small_settings.data, "-c", GATED, GATE=str(gate))
    with gated as (process, address), opened(browser, address) as page:
        said(page, text("chat_opening"))
        page.locator("#question textarea").fill(CHECK)
        page.keyboard.press("Enter")
        said(page, text("chat_question_waits"))
        gate.touch()
        said(page, "Réponse prête")
        page.wait_for_timeout(500)  # the stream of the answer ends after its last word; a page that leaves it says so
        page.goto("about:blank")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, output, errors) == (0, "", "")


# --- without a browser -----------------------------------------------------------------------------------------------


class Scripted(Opening):
    """Opens to ``outcome``: an error, or something with a ``stream``."""

    def __init__(self, outcome: Any) -> None:
        super().__init__(Settings(_env_file=None))  # type: ignore[call-arg]
        self.outcome = outcome
        self.calls = 0

    def open(self) -> Any:
        self.calls += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def test_an_error_is_a_sentence_and_the_next_question_tries_again(caplog: pytest.LogCaptureFixture) -> None:
    opening = Scripted(IndexMissing("index_missing", encoder="numeco-e5"))
    for _ in range(2):
        turn = Turn(1, "Une question ?")
        list(grow(turn, [], opening, "fr"))
        assert turn.failed and "python -m corpus index" in turn.note
    assert opening.calls == 2
    opening.outcome = RuntimeError("a bug")
    list(grow(turn, [], opening, "fr"))
    assert turn.note == text("chat_unexpected") and "a bug" in caplog.text


def test_a_written_answer_is_shown_as_it_grows(small_assistant: Any) -> None:
    from dataclasses import replace

    whole = small_assistant.ask(CHECK)
    grown = [replace(whole, mode="written", claims=whole.claims[:n], done=n == 3) for n in (1, 2, 3)]

    class Writer:
        def stream(self, question: str, history: object) -> Iterator[Any]:
            yield from grown

    turn = Turn(1, CHECK)
    seen = [(status, turn.answer) for status in grow(turn, [], Scripted(Writer()), "fr")]
    assert [answer for status, answer in seen if answer] == grown
    assert [status.startswith("Réponse prête") for status, answer in seen if answer] == [False, False, True]
