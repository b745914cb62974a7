"""An answer made of the sources' own sentences, chosen for the question's intent. No language model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.answer import Hit
from assistant.question import Question
from assistant.search import KINDS_OF_INTENT, searched_words, without_repeats
from assistant.verify import Draft, Support
from corpus.catalogue import CatalogueQuery, named, parse, select
from corpus.documents import Document, Passage
from corpus.index import Index
from corpus.lexical import fold, tokens
from corpus.messages import text as message
from corpus.sentences import sentence_spans

__all__ = [
    "catalogue_drafts",
    "compose_criterion",
    "compose_list",
    "compose_named",
    "document_title",
    "extracts",
    "missing_drafts",
]

PASSAGES_READ = 6
EXTRACTS = 3
# A sentence worth less than this share of the best one is left out, as is one that holds less than this share of the question.
GOOD = 0.8
HELD = 0.5
ITEMS = 10
# A sentence longer than this is hard to read as an answer; one shorter than that says little.
LONG, SHORT = 420, 30
# A passage whose score is below this share of the best one's adds noise.
RELEVANT = 0.6
NUMBER = re.compile(r"\d")
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
)
DEFINES = re.compile(
    r"\b(est|sont|designe|designent|consiste|signifie|correspond|regroupe|on entend par|definit|appele|is|are|means)\b|\w+ : "
)
LEANS = re.compile(
    r"^(ils?|elles?|cel(a|ui|le|les)|ce(s|tte|t)?|ceux|ainsi|par ailleurs|en effet|de plus|toutefois|cependant|mais|or|donc|"
    r"enfin|en outre|dans ce cas|il s'agit|leurs?|y|en|it|they|this|these|those|however)\b"
)
# How many sentences are said of each section of a criterion; of one that is summed up or set beside another.
SECTIONS = {"aim": 1, "how": 4, "check": 3}
SUMMED_UP = {"aim": 1, "check": 1}


@dataclass(frozen=True)
class Sentence:
    """A sentence, an item or a row of a passage, with its place in it."""

    text: str
    start: int
    end: int
    listed: bool


@dataclass(frozen=True)
class Rated:
    """A sentence of a hit, and what it is worth as an answer."""

    worth: float
    hit: Hit
    sentence: Sentence


def extracts(question: Question, hits: Sequence[Hit], index: Index, least: float = HELD) -> list[Draft]:
    """Return the extracts of ``hits`` that hold what is asked, EXTRACTS at most: of a passage its best sentence, with what it needs
    to be understood; nothing where none holds, by weight, the ``least`` share of the question's words."""
    weights = index.lexical.weights(searched_words(question))
    best_score = max((hit.score or 0.0 for hit in hits), default=0.0)
    rated = [
        Rated(worth(sentence, hit, rank, question, weights), hit, sentence)
        for rank, hit in enumerate(hits[:PASSAGES_READ])
        if rank < 2 or (hit.score or 0.0) >= RELEVANT * best_score
        for sentence in sentences(hit.passage, hit.document.language)
        if share_held(sentence, hit, weights) >= least
    ]
    rated.sort(key=lambda item: -item.worth)
    kept = without_repeats(rated, lambda item: item.sentence.text)
    best = list({item.hit.passage.id: item for item in reversed(kept)}.values())
    best.sort(key=lambda item: -item.worth)
    return arrange([item for item in best if item.worth >= GOOD * best[0].worth][:EXTRACTS])


def share_held(sentence: Sentence, hit: Hit, weights: Mapping[str, float]) -> float:
    """The share, by weight, of the question's terms that a sentence or the headings above it hold."""
    held = set(tokens(f"{sentence.text} {hit.document.title} {' '.join(hit.passage.heading_path)}"))
    return sum(weight for term, weight in weights.items() if term in held) / (sum(weights.values()) or 1.0)


def sentences(passage: Passage, language: str) -> list[Sentence]:
    """The sentences of a passage, items and rows whole."""
    found: list[Sentence] = []
    for start, end in sentence_spans(passage.text, language):
        line_start = passage.text.rfind("\n", 0, start) + 1
        listed = passage.text[line_start : line_start + 2] in ("- ", "| ")
        if listed and start > line_start:
            # The sentences of one item stay together.
            if found and found[-1].start == line_start:
                found[-1] = Sentence(passage.text[line_start:end], line_start, end, True)
                continue
            start = line_start
        found.append(Sentence(passage.text[start:end], start, end, listed))
    return found


def worth(sentence: Sentence, hit: Hit, rank: int, question: Question, weights: Mapping[str, float]) -> float:
    """How well a sentence answers: the question's terms that it and its headings hold, its passage's rank, its fit to the intent."""
    total = sum(weights.values()) or 1.0
    own = set(tokens(sentence.text))
    heading = set(tokens(f"{hit.document.title} {' '.join(hit.passage.heading_path)}"))
    covered = sum(weight for term, weight in weights.items() if term in own) / total
    # What a passage defines often stands in its heading alone.
    by_heading = 0.8 if question.intent == "definition" else 0.3
    covered += (
        by_heading * sum(weight for term, weight in weights.items() if term in heading and term not in own) / total
    )
    score = 0.25 + covered + 0.35 / (1 + rank)
    folded = fold(sentence.text)
    if question.intent == "figure" and NUMBER.search(sentence.text):
        score += 0.2
    if question.intent == "when" and DATE.search(folded):
        score += 0.2
    if question.intent == "definition":
        score += 0.15 * bool(DEFINES.search(folded)) + 0.1 * (sentence.start == 0) - 0.2 * sentence.listed
    if question.intent in ("how", "list") and sentence.listed:
        score += 0.1
    if hit.passage.section_kind in KINDS_OF_INTENT.get(question.intent, ()):
        score += 0.12
    if hit.passage.section_kind == "transcript":
        score -= 0.05
    if len(sentence.text) < SHORT:
        score -= 0.3
    if len(sentence.text) > LONG:
        score -= 0.15
    if sentence.text.endswith(("?", ":")):
        score -= 0.3
    if sentence.text.startswith("| ") and (question.intent != "figure" or not NUMBER.search(sentence.text)):
        score -= 0.3
    return score


def arrange(kept: Sequence[Rated]) -> list[Draft]:
    """Order what was kept: the passage of the best sentence first, each passage in its own order, lists whole."""
    by_passage: dict[str, list[Sentence]] = {}
    hits: dict[str, Hit] = {}
    for item in kept:
        by_passage.setdefault(item.hit.passage.id, []).append(item.sentence)
        hits.setdefault(item.hit.passage.id, item.hit)
    drafts: list[Draft] = []
    titled: set[str] = set()
    for id, hit in hits.items():
        wanted = complete(by_passage[id], sentences(hit.passage, hit.document.language))
        if hit.document.kind == "criterion" and hit.document.id not in titled:
            # A practitioner must know which criterion it is.
            titled.add(hit.document.id)
            drafts.append(Draft(document_title(hit.document), "title"))
        drafts.extend(draft(sentence, hit) for sentence in wanted)
    return drafts


def complete(wanted: Sequence[Sentence], all_sentences: Sequence[Sentence]) -> list[Sentence]:
    """Add what a wanted sentence needs to be understood: the sentence it leans on, the lead-in and neighbours of a list item."""
    starts = {sentence.start for sentence in wanted}
    added = set(starts)
    for place, sentence in enumerate(all_sentences):
        if sentence.start not in starts:
            continue
        if sentence.text.rstrip().endswith(":"):
            following = items_after(place, all_sentences)
            added.update(item.start for item in following)
            if not following:
                added.discard(sentence.start)
        if not sentence.listed and LEANS.match(fold(sentence.text)) and place and not all_sentences[place - 1].listed:
            added.add(all_sentences[place - 1].start)
        if sentence.listed:
            first = place
            while first and all_sentences[first - 1].listed:
                first -= 1
            last = place
            while last + 1 < len(all_sentences) and all_sentences[last + 1].listed:
                last += 1
            if last - first < ITEMS:
                added.update(item.start for item in all_sentences[first : last + 1])
            if first and all_sentences[first - 1].text.rstrip().endswith(":"):
                added.add(all_sentences[first - 1].start)
            elif all_sentences[first].text.startswith("| "):
                added.add(all_sentences[first].start)
    return [sentence for sentence in all_sentences if sentence.start in added]


def items_after(place: int, all_sentences: Sequence[Sentence]) -> list[Sentence]:
    """The list that the sentence at ``place`` introduces; nothing where none follows, or one too long to show whole."""
    following = []
    for sentence in all_sentences[place + 1 :]:
        if not sentence.listed:
            break
        following.append(sentence)
    return following if len(following) <= ITEMS else []


def draft(sentence: Sentence, hit: Hit) -> Draft:
    """A sentence as a claim; the mark of an item is layout, the words are quoted as they are."""
    if sentence.text.startswith("- "):
        return Draft(sentence.text[2:], "item", (Support(hit, sentence.text[2:]),))
    if sentence.text.startswith("| "):
        cells = " | ".join(cell.strip() for cell in sentence.text.strip("| ").split(" | "))
        return Draft(cells, "item", (Support(hit, sentence.text),))
    return Draft(sentence.text, "sentence", (Support(hit, sentence.text),))


def catalogue_drafts(question: Question, index: Index) -> list[Draft]:
    """Return what typed properties say of a question: the list that it asks for, or the whole of a criterion whose number it is, of
    each that it compares."""
    query = parse(question.text, index.documents.values())
    if query and (listed := compose_list(query, question, index)):
        return listed
    return compose_named(question, index) if question.is_code or question.compares or question.summarises else []


def compose_named(question: Question, index: Index) -> list[Draft]:
    """Return what the documents say whose code a question names: each criterion whole, the best of a good practice."""
    drafts = []
    for document in named(index.documents.values(), question.codes, question.superseded):
        if document.kind == "criterion":
            drafts += compose_criterion(question, document, index)
        else:
            passages = index.passages(index.passage_ids[document.id])
            hits = [Hit(passages[id], document) for id in index.passage_ids[document.id]]
            drafts += [Draft(document_title(document), "title"), *extracts(question, hits, index, least=0.0)]
    return drafts


def compose_criterion(question: Question, document: Document, index: Index) -> list[Draft]:
    """Return a criterion's aim, how to do it and how to check it, each by what answers the question best."""
    passages = index.passages(index.passage_ids[document.id])
    own = [passages[id] for id in index.passage_ids[document.id]]
    weights = {term: index.lexical.weight(term) for term in tokens(question.text) if term not in question.codes}
    drafts = [Draft(document_title(document), "title")]
    shares = SUMMED_UP if question.summarises or question.compares else SECTIONS
    wanted = [kind for kind in shares if any(passage.section_kind == kind for passage in own)]
    if question.intent == "check" and "check" in wanted:
        wanted = ["check", *(kind for kind in wanted if kind != "check")]
    for kind in wanted:
        share = shares[kind]
        section = [
            (passage, sentence)
            for passage in own
            if passage.section_kind == kind
            for sentence in sentences(passage, document.language)
        ]
        if not question.summarises:
            drafts.append(Draft(message(f"section_{kind}", question.language), "heading"))
        picked = pick(section, share, weights)
        drafts.extend(draft(sentence, Hit(passage, document)) for passage, sentence in picked)
    sheet = next((passage for passage in own if passage.section_kind == "question"), None)
    if sheet and not question.summarises:
        lines = [sentence for sentence in sentences(sheet, document.language) if sentence.listed]
        drafts.append(Draft(message("section_sheet", question.language), "heading"))
        drafts.extend(draft(line, Hit(sheet, document)) for line in lines)
    return drafts


def missing_drafts(numbers: Sequence[str], question: Question, index: Index) -> list[Draft]:
    """Return the sentence that an edition has no such criterion, then where each one's theme ends, and the edition that had it."""
    drafts = [Draft(message("criterion_missing", question.language, numbers=", ".join(numbers)), "note")]
    criteria = select(index.documents.values(), CatalogueQuery("criterion"), question.superseded)
    lasts = {str(document.properties["number"]).partition(".")[0]: document for document in criteria}
    for number in numbers if lasts else ():
        last = lasts.get(number.partition(".")[0], criteria[-1])
        others = named(index.documents.values(), [number], not question.superseded)
        key = "criterion_last_elsewhere" if others else "criterion_last"
        text = message(
            key,
            question.language,
            theme=last.properties["theme"],
            last=document_title(last),
            number=number,
            edition=others[0].edition if others else "",
        )
        if not text.endswith(("?", ".")):  # a card's title, where the criterion's own question is not indexed
            text += "."
        supports = [
            *list_item(last, index).supports,
            *(one for other in others for one in list_item(other, index).supports),
        ]
        drafts.append(Draft(text, "sentence", tuple(supports)))
    return drafts


def pick(
    section: list[tuple[Passage, Sentence]], share: int, weights: Mapping[str, float]
) -> list[tuple[Passage, Sentence]]:
    """Return up to ``share`` sentences of a section in its order: those nearest to the question, else the first."""
    useful = [
        item for item in section if len(item[1].text) >= SHORT and not item[1].text.endswith((":", "?"))
    ] or section

    def near(item: tuple[Passage, Sentence]) -> float:
        return sum(weights.get(term, 0.0) for term in set(tokens(item[1].text)))

    best = sorted(range(len(useful)), key=lambda place: (-near(useful[place]), place))[:share]
    return [useful[place] for place in sorted(best)]


def document_title(document: Document) -> str:
    """« 4.4 – Couper la lecture automatique… » for a criterion, by its own question; a document's title otherwise."""
    question = document.properties.get("question")
    return f"{document.properties['number']} – {question}" if question else document.title


def compose_list(query: CatalogueQuery, question: Question, index: Index) -> list[Draft]:
    """Return every document that fits ``query`` as one item each, under how many there are; where it is asked how many criteria there
    are, and they are more than can be read, one item a theme. Nothing where none fits."""
    documents = select(index.documents.values(), query, question.superseded)
    if not documents:
        return []
    key = f"list_{query.kind.replace(' ', '_')}" + ("" if query.properties else "_all")
    filters = " ; ".join(", ".join(values) for values in query.properties.values())
    edition = documents[0].edition or query.kind
    lead = Draft(message(key, question.language, count=len(documents), filters=filters, edition=edition), "note")
    if query.counts and query.kind == "criterion" and len(documents) > ITEMS:
        return [lead, *theme_items(documents, question.language, index)]
    return [lead, *(list_item(document, index) for document in documents)]


def theme_items(documents: Sequence[Document], language: str, index: Index) -> list[Draft]:
    """The criteria of each theme by their numbers, shown by the first and the last of them."""
    themes: dict[str, list[Document]] = {}
    for document in documents:
        themes.setdefault(str(document.properties["theme"]), []).append(document)
    return [
        Draft(
            message(
                "list_theme",
                language,
                theme=theme,
                count=len(below),
                numbers=", ".join(str(document.properties["number"]) for document in below),
            ),
            "item",
            tuple(
                support
                for document in dict.fromkeys((below[0].id, below[-1].id))
                for support in list_item(index.documents[document], index).supports
            ),
        )
        for theme, below in themes.items()
    ]


def list_item(document: Document, index: Index) -> Draft:
    """One document of a list: what a criterion asks, in its own words; a practice by its title, on its first sentence."""
    id = index.passage_ids[document.id][0]
    passage = index.passages([id])[id]
    quote = sentences(passage, document.language)[0].text.removeprefix("- ")
    code = document.properties.get("number") or document.properties.get("code")
    title = document.title.split(" : ", 1)[-1].split("\u00a0: ", 1)[-1]
    text = f"{code} – {quote if document.properties.get('question') else title}"
    return Draft(text, "item", (Support(Hit(passage, document), quote),))
