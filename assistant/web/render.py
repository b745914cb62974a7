"""An answer and its sources as HTML. Knows no Gradio; every text that comes from elsewhere is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from assistant.__main__ import source_line as cited_line
from assistant.answer import Answer, Citation, Claim, Hit
from assistant.verify import source_line
from corpus.documents import deep_link
from corpus.messages import text

__all__ = ["Turn", "conversation", "copied", "date_text", "highlighted", "sources"]


@dataclass
class Turn:
    """A question and what became of it. ``number``, from 1, keeps its anchors apart from those of other turns.

    ``shown`` is how many claims the reader sees yet (None: all); ``note`` says what is waited for, or what went wrong.
    """

    number: int
    question: str
    answer: Answer | None = None
    shown: int | None = None
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
    titles = {citation.number: citation.title for citation in answer.citations}
    claims = answer.claims[: turn.shown]
    if answer.status == "not_found":
        body = not_found(answer, language)
    else:
        body = "".join(block(turn, run, titles, language) for run in runs(claims))
    whole = answer.done and len(claims) == len(answer.claims)
    lead = understood(turn, answer, language)
    spoken = f' lang="{answer.language}"' if answer.language != language else ""
    return f'{lead}<div class="answer"{spoken}>{body}</div>{ending(answer, language) if whole else ""}'


def understood(turn: Turn, answer: Answer, language: str) -> str:
    """How a follow-up question was read, where it is not as it was written."""
    if answer.standalone == turn.question.strip():
        return ""
    return f'<p class="note">{escape(text("chat_understood", language, question=answer.standalone))}</p>'


def not_found(answer: Answer, language: str) -> str:
    """The sentence that says so, and the nearest subjects as a list."""
    sentence = f"<p>{escape(answer.claims[0].text)}</p>"
    if not answer.suggestions:
        return sentence
    items = "".join(f"<li>{escape(subject)}</li>" for subject in answer.suggestions)
    return f"{sentence}<p>{escape(text('chat_nearest', answer.language))}</p><ul>{items}</ul>"


def runs(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims grouped as they are laid out: the items of a list together, and the sentences that cite the same."""
    grouped: list[list[Claim]] = []
    for claim in claims:
        last = grouped[-1][-1] if grouped else None
        together = last and last.kind == claim.kind and (claim.kind == "item" or last.citations == claim.citations)
        if together and claim.kind in ("item", "sentence"):
            grouped[-1].append(claim)
        else:
            grouped.append([claim])
    return grouped


def block(turn: Turn, run: Sequence[Claim], titles: dict[int, str], language: str) -> str:
    parts = [escape(claim.text) + marks(turn, claim, titles, language) for claim in run]
    if run[0].kind == "item":
        return "<ul>" + "".join(f"<li>{part}</li>" for part in parts) + "</ul>"
    if run[0].kind == "heading":
        return f"<h4>{parts[0]}</h4>"
    return f"<p>{' '.join(parts)}</p>"


def marks(turn: Turn, claim: Claim, titles: dict[int, str], language: str) -> str:
    """The [n] after a claim: each a link to its source in the panel, in this turn's group."""
    links = []
    for number in claim.citations:
        label = escape(f"[{number}] {text('chat_mark', language, title=titles.get(number, ''))}")
        links.append(f'<a class="cite" href="#{turn.anchor(number)}" aria-label="{label}">[{number}]</a>')
    return "&nbsp;" + "".join(links) if links else ""


def ending(answer: Answer, language: str) -> str:
    """How the answer was made, what was left out, and the button that copies it."""
    lines = []
    if answer.status != "not_found":
        seconds = f"{answer.seconds.get('answer', 0):.1f}"
        key = "chat_written" if answer.mode == "written" else "chat_composed"
        lines.append(text(key, language, model=answer.model, seconds=decimal(seconds, language)))
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
    cited = {citation.number: citation for citation in answer.citations}
    if not cited:
        return answer.text
    lines = []
    for number, citation in sorted(cited.items()):
        # A card's own address names its first source only, which its line names already.
        address = citation.url if citation.origin != "card" and web(citation.url) else ""
        lines.append(f"[{number}] {cited_line(citation, language)}{' – ' + address if address else ''}")
    return f"{answer.text}\n\n{text('sources', language)}\n" + "\n".join(lines)


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
    """The cited sources of one answer, by number; the first is open."""
    if not answer.citations:
        return f'<p class="empty">{escape(text("chat_no_source", language))}</p>'
    quotes: dict[int, list[Citation]] = {}
    for citation in answer.citations:
        quotes.setdefault(citation.number, []).append(citation)
    cards = [
        card(
            number,
            answer.passages[number - 1],
            [c.quote for c in quotes[number]],
            language,
            turn.anchor(number),
            not place,
        )
        for place, number in enumerate(sorted(quotes))
    ]
    return "".join(cards)


def others(answer: Answer, language: str) -> str:
    """The passages that were found and not cited, folded."""
    cited = {citation.number for citation in answer.citations}
    if not cited:
        return ""
    cards = [card(n, hit, [], language) for n, hit in enumerate(answer.passages, start=1) if n not in cited]
    if not cards:
        return ""
    title = escape(text("chat_others", language, count=len(cards)))
    return f'<details class="earlier"><summary>{title}</summary>{"".join(cards)}</details>'


def card(number: int, hit: Hit, quotes: Sequence[str], language: str, id: str = "", opened: bool = False) -> str:
    """One source: what it is, who says it and where, and the passage with the quoted words marked."""
    document = hit.document
    spoken = f' lang="{document.language}"' if document.language != language else ""
    passage = f'<div class="passage"{spoken}>{highlighted(hit.passage.text, quotes)}</div>'
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
    place = text(f"locator_{locator.kind}", language, value=locator.value)
    if document.origin == "card":
        return f"{text('chat_card', language)}, {place}"
    own = text("chat_own", language) if document.origin == "own" else ""
    return ", ".join(part for part in (own, document.publisher, date_text(document.date, language), place) if part)


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
            for source in document.sources
        ]
        return f'<p class="origin">{text("card_source", language, sources=" ; ".join(links))}</p>'
    if not web(passage.url):
        return ""
    key = "chat_open" if document.origin == "official" else "chat_open_own"
    place = text(f"locator_{passage.locator.kind}", language, value=passage.locator.value)
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
    spans = sorted((start, start + len(quote)) for quote in quotes if quote and (start := passage.find(quote)) >= 0)
    parts, place = [], 0
    for start, end in merged(spans):
        parts += [escape(passage[place:start]), "<mark>", escape(passage[start:end]), "</mark>"]
        place = end
    # The style keeps the line breaks; a blank line is a gap, lower than a line.
    return ("".join(parts) + escape(passage[place:])).replace("\n\n", '<span class="gap"></span>')


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans without overlaps."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


# --- figures and dates -----------------------------------------------------------------------------------------------


def decimal(figure: str, language: str) -> str:
    return figure.replace(".", ",") if language == "fr" else figure


def date_text(date: str, language: str) -> str:
    """« 17/05/2024 » or « 05/2024 » in French, the ISO date in English."""
    return "/".join(reversed(date.split("-"))) if language == "fr" else date
