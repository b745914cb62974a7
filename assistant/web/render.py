"""An answer and its sources as HTML. Knows no Gradio; every text that comes from elsewhere is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from operator import itemgetter
from textwrap import shorten
from urllib.parse import urlsplit

from assistant.answer import Answer, Claim, Hit
from assistant.verify import citation_line, cited, standing
from corpus.documents import deep_link
from corpus.messages import text
from corpus.places import place_text, source_line

__all__ = ["Turn", "conversation", "copied", "date_text", "highlighted", "sources"]

# A heading longer than this says no more of where a passage stands.
HEADING = 80


@dataclass
class Turn:
    """A question and what became of it. ``number``, from 1, keeps its anchors apart from those of other turns.

    ``note`` says what is waited for, or what went wrong.
    """

    number: int
    question: str
    answer: Answer | None = None
    note: str = ""
    failed: bool = False

    def anchor(self, source: int) -> str:
        return f"t{self.number}-s{source}"


# --- the conversation ------------------------------------------------------------------------------------------------


def conversation(turns: Iterable[Turn], language: str) -> str:
    """Every question with its answer, the oldest first. Not live: the status line says once that an answer is ready."""
    articles = "".join(article(turn, language) for turn in turns)
    return (
        f'<div role="log" aria-live="off" aria-label="{escape(text("chat_conversation", language))}">{articles}</div>'
    )


def article(turn: Turn, language: str) -> str:
    title = f"t{turn.number}"
    note = f'<p class="note{" failed" if turn.failed else ""}">{escape(turn.note)}</p>' if turn.note else ""
    return (
        f'<article class="turn" aria-labelledby="{title}">'
        f'<h3 class="question" id="{title}">{escape(turn.question)}</h3>'
        f"{note}{answer(turn, turn.answer, language) if turn.answer else ''}</article>"
    )


def answer(turn: Turn, answer: Answer, language: str) -> str:
    if answer.status == "not_found":
        body = not_found(turn, answer, language)
    else:
        body = "".join(block(turn, answer, run, language) for run in runs(answer.claims))
        body += more(answer, language)
    lead = understood(turn, answer, language)
    return f'{lead}<div class="answer">{body}</div>{ending(answer, language) if answer.done else ""}'


def understood(turn: Turn, answer: Answer, language: str) -> str:
    """How a follow-up question was read, where it is not as it was written."""
    if answer.standalone == turn.question.strip():
        return ""
    return f'<p class="note">{escape(text("chat_understood", language, question=answer.standalone))}</p>'


def not_found(turn: Turn, answer: Answer, language: str) -> str:
    """The sentence that says so, what is there instead, and the nearest subjects as a list."""
    spoken = speech(answer.language, language)
    sentence = f"<p{claim_speech(answer, answer.claims[0], language)}>{escape(answer.claims[0].text)}</p>"
    sentence += "".join(block(turn, answer, run, language) for run in runs(answer.claims[1:]))
    if not answer.suggestions:
        return sentence
    items = "".join(f"<li>{escape(subject)}</li>" for subject in answer.suggestions)
    lead = "" if answer.basis == "clarify" else f"<p{spoken}>{escape(text('chat_nearest', answer.language))}</p>"
    return f"{sentence}{lead}<ul>{items}</ul>"


def more(answer: Answer, language: str) -> str:
    """The questions that go further."""
    if not answer.suggestions:
        return ""
    items = "".join(f"<li{speech('fr', language)}>{escape(question)}</li>" for question in answer.suggestions)
    return f"<h5>{escape(text('further', language))}</h5><ul>{items}</ul>"


def speech(spoken: str, language: str) -> str:
    """The attribute that tells a screen reader that a text is not in the page's language."""
    return f' lang="{escape(spoken)}"' if spoken != language else ""


def runs(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims grouped as they are laid out: the items of one list, and the sentences that cite the same."""
    grouped: list[list[Claim]] = []
    for claim in claims:
        if grouped and continues(grouped[-1], claim):
            grouped[-1].append(claim)
        else:
            grouped.append([claim])
    return grouped


def continues(run: Sequence[Claim], claim: Claim) -> bool:
    """True where ``claim`` goes on with ``run``. A list that a passage makes ends with it; other items make one list."""
    same_source = run[-1].citations == claim.citations
    if run[-1].kind != claim.kind or claim.kind not in ("item", "sentence"):
        return False
    from_one_passage = len(run) > 1 and run[0].citations == run[-1].citations
    return same_source or (claim.kind == "item" and not from_one_passage)


def block(turn: Turn, answer: Answer, run: Sequence[Claim], language: str) -> str:
    parts = [
        (claim_speech(answer, claim, language), escape(claim.text.strip()) + marks(turn, answer, claim))
        for claim in run
    ]
    if run[0].kind == "item":
        return "<ul>" + "".join(f"<li{spoken}>{part}</li>" for spoken, part in parts) + "</ul>"
    tag = {"title": "h4", "heading": "h5"}.get(run[0].kind, "p")
    return f"<{tag}{parts[0][0]}>{' '.join(part for _, part in parts)}</{tag}>"


def claim_speech(answer: Answer, claim: Claim, language: str) -> str:
    """A composed claim speaks the language of its source, any other that of the answer."""
    if claim.language:
        return speech(claim.language, language)
    quoted = answer.mode == "composed" and claim.citations
    return speech(answer.passages[claim.citations[0] - 1].document.language if quoted else answer.language, language)


def marks(turn: Turn, answer: Answer, claim: Claim) -> str:
    """The [n] after a claim: each a link to its source in the panel, in this turn's group."""
    links = []
    for number in claim.citations:
        label = escape(f"[{number}] {answer.passages[number - 1].document.title}")
        links.append(f'<a class="cite" href="#{turn.anchor(number)}" aria-label="{label}">[{number}]</a>')
    return "&nbsp;" + "&nbsp;".join(links) if links else ""


def ending(answer: Answer, language: str) -> str:
    """How the answer was made, what was left out, and the button that copies it."""
    lines = []
    if answer.status != "not_found" and answer.basis != "talk":
        key = "chat_written" if answer.mode == "written" else "chat_prepared" if answer.prepared else "chat_composed"
        lines.append(text(key, language, model=answer.model, seconds=answer.seconds.get("answer", 0.0)))
    if answer.removed:
        lines.append(text("removed_count", language, count=len(answer.removed)))
    made = f'<p class="made">{escape(" ".join(lines))}</p>' if lines else ""
    button = (
        f'<button type="button" class="copy" data-copy="{escape(copied(answer, language))}" '
        f'data-done="{escape(text("chat_copied", language))}">{escape(text("chat_copy", language))}</button>'
    )
    return f'<div class="ending">{made}{button}</div>'


def copied(answer: Answer, language: str) -> str:
    """The answer as a text to paste elsewhere: its sentences with their [n], then what each number is."""
    said = answer.text.replace("**", "")
    blocks = [said]
    for heading, below in cited(answer, language):
        lines = [heading]
        for number, hit in below:
            # A card's own address names its first source only, which its line names already.
            address = f" – {hit.passage.url}" if hit.document.origin != "card" and web(hit.passage.url) else ""
            lines.append(f"[{number}] {citation_line(hit, language)}{address}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


# --- the panel of sources --------------------------------------------------------------------------------------------


def sources(turns: Sequence[Turn], language: str) -> str:
    """The sources of the newest answer, then those of earlier ones, folded."""
    answered = [(turn, turn.answer) for turn in turns if turn.answer]
    if not answered:
        return f'<p class="empty">{escape(text("chat_no_sources_yet", language))}</p>'
    *earlier, (newest, answer) = answered
    panel = group(newest, answer, language) + others(answer, language)
    for turn, past in reversed(earlier):
        if past.citations:
            title = escape(text("chat_earlier_sources", language, question=turn.question))
            panel += f'<details class="earlier"><summary>{title}</summary>{group(turn, past, language)}</details>'
    return panel


def group(turn: Turn, answer: Answer, language: str) -> str:
    """The cited sources of one answer; the first is open."""
    if not answer.citations:
        return f'<p class="empty">{escape(text("chat_no_source", language))}</p>'
    quotes: dict[int, list[str]] = {}
    for citation in sorted(answer.citations, key=lambda citation: citation.number):
        quotes.setdefault(citation.number, []).append(citation.quote)
    return cards(answer, quotes, language, turn)


def others(answer: Answer, language: str) -> str:
    """The passages that were found and not cited, folded; none where nothing is cited."""
    cited = {citation.number for citation in answer.citations}
    left: dict[int, list[str]] = {number: [] for number in range(1, len(answer.passages) + 1) if number not in cited}
    if not cited or not left:
        return ""
    title = escape(text("chat_others", language, count=len(left)))
    return f'<details class="earlier"><summary>{title}</summary>{cards(answer, left, language)}</details>'


def cards(answer: Answer, quotes: Mapping[int, Sequence[str]], language: str, turn: Turn | None = None) -> str:
    """Sources by number, the organisation's own documents after the others, under a heading that says so.

    Those of a ``turn`` have its anchors, and the first is open.
    """
    own = {number for number in quotes if answer.passages[number - 1].document.origin == "own"}
    ordered = [*sorted(quotes.keys() - own), *sorted(own)]
    shown = [
        card(n, answer.passages[n - 1], quotes[n], language, turn.anchor(n) if turn else "", bool(turn) and place == 0)
        for place, n in enumerate(ordered)
    ]
    if own:
        shown.insert(-len(own), f"<h3>{escape(text('own_documents', language))}</h3>")
    return "".join(shown)


def card(number: int, hit: Hit, quotes: Sequence[str], language: str, id: str = "", opened: bool = False) -> str:
    """One source: what it is, who says it and where, and the passage with the quoted words marked."""
    document = hit.document
    passage = f'<div class="passage"{speech(document.language, language)}>{highlighted(hit.passage.text, quotes)}</div>'
    if document.origin == "official":
        passage = f"<blockquote>{passage}</blockquote>"
    attributes = (f' id="{id}"' if id else "") + (" open" if opened else "")
    return (
        f'<details class="source {document.origin}"{attributes}>'
        f'<summary><span class="number">[{number}]</span> <span class="title">{escape(document.title)}</span>'
        f'<span class="byline">{escape(byline(hit, language))}</span></summary>'
        f"{origin(hit, language)}{passage}</details>"
    )


def byline(hit: Hit, language: str) -> str:
    """Publisher, date and place; of a card, only that it is ours, since its words are nobody else's."""
    document, locator = hit.document, hit.passage.locator
    own = {"card": text("chat_card", language), "own": text("chat_own", language)}.get(document.origin, "")
    publisher = "" if document.origin == "card" else document.publisher
    date = "" if document.origin == "card" else date_text(document.date, language)
    places = [place_text(locator, language)]
    heading = hit.passage.heading_path[-1] if hit.passage.heading_path else ""
    if heading not in (document.title, locator.value, ""):
        places.append(text("locator_heading", language, value=shorten(heading, HEADING, placeholder="…")))
    return ", ".join(part for part in (own, publisher, date, standing(document, language), *places) if part)


def origin(hit: Hit, language: str) -> str:
    """Where to check: the official page at the right place, or everything that a card is drawn from."""
    document, passage = hit.document, hit.passage
    if document.origin == "card":
        links = [
            link(
                source_line(source, language),
                deep_link(source.url, source.locator) if source.locator else source.url,
                language,
            )
            for source in hit.sources
        ]
        return f'<p class="origin">{text("card_source", language, sources=" ; ".join(links))}</p>'
    if not web(passage.url):
        return ""
    key = "chat_open" if document.origin == "official" else "chat_open_own"
    place = place_text(passage.locator, language)
    return f'<p class="origin">{link(text(key, language, place=place), passage.url, language)}</p>'


def link(label: str, url: str, language: str) -> str:
    """A link that opens apart, to a page of the web and to nothing else; else the label alone."""
    if not web(url):
        return escape(label)
    tab = escape(text("chat_new_tab", language))
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(label)}'
        f'<span class="unseen"> {tab}</span></a>'
    )


def web(url: str) -> bool:
    """True for an address of the web, so that no ``javascript:`` or ``data:`` one becomes a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def highlighted(passage: str, quotes: Iterable[str]) -> str:
    """The passage, escaped, with every quote in a <mark>; quotes that overlap share one."""
    quoted = [False] * len(passage)
    for quote in quotes:
        if (start := passage.find(quote)) >= 0:
            quoted[start : start + len(quote)] = [True] * len(quote)
    runs = (
        (mark, escape("".join(c for c, _ in run)))
        for mark, run in groupby(zip(passage, quoted, strict=True), itemgetter(1))
    )
    # The style keeps the line breaks; a blank line is a gap, lower than a line.
    return "".join(f"<mark>{run}</mark>" if mark else run for mark, run in runs).replace(
        "\n\n", '<span class="gap"></span>'
    )


# --- dates -------------------------------------------------------------------------------------------------------------


def date_text(date: str, language: str) -> str:
    """« 17/05/2024 » or « 05/2024 » in French, the ISO date in English."""
    return "/".join(reversed(date.split("-"))) if language == "fr" else date
