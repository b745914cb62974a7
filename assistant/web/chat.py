"""The chat: a question, the answer as it grows, and the sources that it cites beside it.

The conversation is our own HTML rather than a ``gr.Chatbot``, which announces each fragment to screen readers, gives a
message the whole of its markup as an English label, renders what people type as Markdown (an image in it would call
another host), and copies a message with its markup.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from functools import partial
from html import escape
from typing import Any

import gradio as gr

from assistant.answer import Answer
from assistant.question import check
from assistant.web.opening import Opening
from assistant.web.render import Turn, conversation, sources
from corpus.errors import AssistantError, InputError
from corpus.messages import text

__all__ = ["about", "chat"]

# What each kind of user may ask, one click away.
EXAMPLES = {
    "chat_lead": ("chat_lead_videos", "chat_lead_duties"),
    "chat_trainer": ("chat_trainer_ai", "chat_trainer_footprint"),
    "chat_evaluator": ("chat_evaluator_check", "chat_evaluator_declaration"),
}
POLL = 0.2
PLAIN = {"js_on_load": None, "apply_default_css": False}

# What the page shows: the conversation, the panel of sources, and the line that says what is going on.
Shown = tuple[str, str, str]


def chat(page: gr.Blocks, opening: Opening, language: str) -> None:
    """Lay out the chat in ``page``, whose context is open."""
    say = partial(text, language=language)
    gr.HTML(header(say), **PLAIN)
    turns = gr.State([])
    with gr.Row(elem_id="columns"):
        with gr.Column(scale=3, min_width=0, elem_id="talk"):
            with gr.Row(elem_id="bar"):
                gr.HTML(f"<h2>{say('chat_conversation')}</h2>", **PLAIN)
                new = gr.Button(say("chat_new"), size="sm", elem_id="new")
            with gr.Column(elem_id="examples", min_width=0) as examples:
                chosen = example_buttons(say)
            talk = gr.HTML("", elem_id="conversation", **PLAIN)
            with gr.Column(elem_id="ask", min_width=0):
                status = gr.HTML(say("chat_opening"), elem_id="status", **PLAIN)
                with gr.Row(elem_id="entry"):
                    question = gr.Textbox(
                        label=say("chat_question"), max_lines=6, scale=5, min_width=0, elem_id="question"
                    )
                    send = gr.Button(say("chat_send"), variant="primary", scale=0, min_width=110, elem_id="send")
        with gr.Column(scale=2, min_width=0, elem_id="panel"):
            gr.HTML(f"<h2>{say('sources')}</h2>", **PLAIN)
            panel = gr.HTML(sources([], language), elem_id="sources", **PLAIN)

    shown = [talk, panel, status]
    event: partial[Any] = partial(dict, show_progress="hidden", api_visibility="private")
    soon = partial(event, concurrency_limit=None)  # never behind an answer that is being made
    asking = [
        trigger(partial(ask, language=language), [source, turns], [question, examples, *shown], **soon())
        for trigger, source in [(question.submit, question), (send.click, question), *((b.click, b) for b in chosen)]
    ]
    answering = [
        step.then(partial(answer, opening=opening, language=language), turns, shown, concurrency_id="answer", **event())
        for step in asking
    ]
    new.click(partial(restart, language=language), turns, [examples, *shown], cancels=answering, **soon())
    page.load(partial(wait, opening=opening, language=language), turns, status, **soon())


def about(language: str) -> None:
    """What stands below everything else."""
    gr.HTML(f'<p class="about">{text("chat_about", language)}</p>', **PLAIN)


def header(say: partial[str]) -> str:
    return (
        f'<a class="skip" href="#question">{say("chat_skip")}</a>'
        f'<header class="top"><h1>{say("chat_title")}</h1><p>{say("chat_tagline")}</p></header>'
    )


def example_buttons(say: partial[str]) -> list[gr.Button]:
    gr.HTML(f"<p>{say('chat_examples')}</p>", **PLAIN)
    buttons = []
    with gr.Row():
        for user, questions in EXAMPLES.items():
            with gr.Column(min_width=200):
                gr.HTML(f"<h3>{say(user)}</h3>", **PLAIN)
                buttons += [gr.Button(say(question), size="sm", elem_classes="example") for question in questions]
    return buttons


# --- what happens ----------------------------------------------------------------------------------------------------
# The turns of a session are one list, changed in place: a question sent while another is answered is not lost.


async def wait(turns: list[Turn], opening: Opening, language: str) -> AsyncIterator[str]:
    """Say what the page waits for, then that it is ready, or why not; a question already asked speaks for itself."""
    future = opening.start()
    if not future.done():
        yield escape(text("chat_opening", language))
    while not future.done():
        await asyncio.sleep(POLL)
    if not turns:
        error = future.exception()
        yield escape(problem(error, language) if error else text("chat_ready", language))


def ask(question: str, turns: list[Turn], language: str) -> tuple[object, ...]:
    """Put the question into the conversation at once; one that cannot be asked stays in the box, and is told why."""
    try:
        check(question)
    except InputError as error:
        return gr.skip(), gr.skip(), gr.skip(), gr.skip(), escape(problem(error, language))
    turns.append(Turn(len(turns) + 1, question, note=text("chat_searching", language)))
    return "", gr.update(visible=False), *show(turns, turns[-1].note, language)


def restart(turns: list[Turn], language: str) -> tuple[object, ...]:
    """Forget the conversation and offer the examples again."""
    turns.clear()
    return gr.update(visible=True), *show(turns, text("chat_restarted", language), language)


def answer(turns: list[Turn], opening: Opening, language: str) -> Iterator[tuple[object, ...]]:
    """Answer the questions that have no answer yet, showing each answer as it grows."""
    yield gr.skip(), gr.skip(), gr.skip()  # what yields nothing blanks what it was to show
    for place, turn in enumerate(turns):
        if turn.answer is None and not turn.failed:
            history = [(past.question, past.answer.text) for past in turns[:place] if past.answer]
            for status in grow(turn, history, opening, language):
                yield show(turns, status, language)


def grow(turn: Turn, history: list[tuple[str, str]], opening: Opening, language: str) -> Iterator[str]:
    """Answer one question, yielding what to say of it each time that more of it can be shown."""
    try:
        future = opening.start()
        if not future.done():
            turn.note = text("chat_question_waits", language)
            yield turn.note
        for grown in future.result().stream(turn.question, history):
            turn.answer, turn.note = grown, ""
            yield ready(grown, language) if grown.done else text("chat_searching", language)
    except Exception as error:
        turn.note, turn.failed = problem(error, language), True
        yield turn.note


def show(turns: list[Turn], status: str, language: str) -> Shown:
    return conversation(turns, language), sources(turns, language), escape(status)


def ready(answer: Answer, language: str) -> str:
    """Said once the answer is whole: a screen reader hears this, not each sentence as it comes."""
    if answer.status == "not_found":
        return text("chat_done_without", language)
    return text("chat_done", language, count=len({citation.number for citation in answer.citations}))


def problem(error: BaseException, language: str) -> str:
    """The sentence of an error that was foreseen; any other is logged, and the page says that one occurred."""
    if isinstance(error, AssistantError):
        return text(error.key, language, **error.values)
    logging.getLogger(__name__).error("question not answered", exc_info=error)
    return text("chat_unexpected", language)
