"""Eleventy Markdown pages: front matter, Nunjucks and DSFR HTML stripped to what a reader of the page sees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt

from corpus.documents import Document, Locator, Section
from corpus.errors import DocumentError
from corpus.readers.html import leads_elsewhere, links_of, page_of, sections_from_html, sections_of
from corpus.readers.source_file import SourceFile, read_text, storable, written_out

__all__ = ["html_of", "read", "split_front_matter"]

FRONT_MATTER = re.compile(r"\A---\s*\n.*?\n---", re.DOTALL)
# What templates and comments hold, each with what ends it: nothing is looked for past the last end, for each beginning
# without one would be followed to the end of the page.
TRANSCRIPTION = re.compile(
    r"\{%-?\s*transcription\b(?:(?!%\}).){0,500}%\}(.*?)\{%-?\s*endtranscription\s*-?%\}", re.DOTALL
)
TRANSCRIPTION_END = re.compile(r"\{%-?\s*endtranscription\s*-?%\}")
LOOP = re.compile(r"\{%-?\s*for\b.*?\{%-?\s*endfor\s*-?%\}", re.DOTALL)
LOOP_END = re.compile(r"\{%-?\s*endfor\s*-?%\}")
HIDDEN = (
    (re.compile(r"\{#(?![\w-]+\}).*?#\}", re.DOTALL), re.compile(r"#\}")),
    (re.compile(r"<!--(?:(?!<!--).)*?-->|<!--.*?->", re.DOTALL), re.compile("->")),
)
PRINTED = (
    (re.compile(r"\{%.*?%\}", re.DOTALL), re.compile(r"%\}")),
    (re.compile(r"\{\{.*?\}\}", re.DOTALL), re.compile(r"\}\}")),
    (re.compile(r"\{(?:width|height|\.)[^}\n]{0,500}\}"), re.compile(r"\}")),
)
HEADING_ID = re.compile(r"^(#{1,6} .*)\{#([\w-]+)\}[^\S\n]*$", re.MULTILINE)
PARAGRAPH = re.compile(r"<p\b[^>]{0,500}>(.*?)</p>", re.DOTALL | re.IGNORECASE)
PARAGRAPH_END = re.compile("</p>", re.IGNORECASE)
# Subtitles come one short line a paragraph: they are joined up to the end of a sentence past this many characters.
TRANSCRIPT_CHARACTERS = 500

# What the site's layouts print of a page's front matter, with the labels that they print.
TOOL_LABELS = {
    "author": "Auteur",
    "auteur": "Auteur",
    "mainTechnology": "Technologie principale",
    "licence": "Licence",
    "category": "Catégorie",
    "scope": "Périmètre",
    "perimetre": "Périmètre",
    "toolType": "Type",
    "target": "Utilisateurs cibles",
    "utilisateursCibles": "Utilisateurs cibles",
    "measuredIndicators": "Indicateurs mesurés",
    "environnementalIndicators": "Indicateurs environnementaux",
    "indicateursEnvironnementaux": "Indicateurs environnementaux",
    "evaluationQuantitative": "Évaluation quantitative",
    "evaluationQualitative": "Évaluation qualitative",
    "disponibilite": "Disponibilité",
    "openSourceOpenData": "Open source, open data",
    "accompagnement": "Accompagnement",
    "experimentationAupresDeCollectivites": "Expérimentation auprès de collectivités",
    "retoursExperienceDeCollectivites": "Retours d’expérience de collectivités",
}


class Front(yaml.SafeLoader):
    """YAML without aliases, which no page needs, and by which a few lines hold billions of values."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="an alias", problem_mark=self.peek_event().start_mark)
        return super().compose_node(parent, index)


class Handler(YAMLHandler):
    def load(self, fm: str, **kwargs: object) -> Any:
        return super().load(fm, Loader=Front)


HANDLER = Handler()
RENDERER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


def read(source: SourceFile) -> list[Document]:
    """Return the page as one document; raise DocumentError where its front matter cannot be read.

    A page that is only a loop or a list of links leads elsewhere: it is marked so, and has no sections.
    """
    front, body = split_front_matter(read_text(source.path))
    title = str(front.get("title") or "").strip() or Path(source.name).stem
    default_kind = "how" if source.entry.kind == "good practice" else "other"
    page, transcripts = html_of(body)
    content = page_of(page)
    sections = [section for transcript in transcripts for section in transcript_sections(transcript, title)]
    sections.extend(front_matter_sections(front, title))
    # A sheet of one line is the page's category.
    said = [section for section in sections if section.kind != "tools" or "\n" in section.text]
    navigation = not said and bool(body.strip() or front.get("description")) and leads_elsewhere(content)
    if navigation:
        sections = []
    else:
        sections[:0] = sections_of(content, title, default_kind)
        lead = str(front.get("description") or "").strip()
        if lead and not any(lead in section.text for section in sections):
            sections.insert(0, Section(lead, (), "summary", Locator("heading", title)))
    return [
        source.document(
            title=title,
            url=source.entry.url or page_address(source, front),
            date=str(front.get("date") or "")[:10],
            sections=tuple(sections),
            properties=practice_properties(front) | ({"navigation": True} if navigation else {}),
            links=links_of(content),
        )
    ]


def split_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return (front matter, body); raise DocumentError where the YAML is broken."""
    # YAML forbids tabs, which the site's own parser accepts.
    text = FRONT_MATTER.sub(lambda match: match[0].expandtabs(2), text, count=1)
    try:
        front, body = frontmatter.parse(text, handler=HANDLER)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that no calendar has
        mark = getattr(error, "problem_mark", None)
        raise DocumentError("front_matter_broken", line=mark.line + 1 if mark else 1) from error
    return storable(front), body


def html_of(body: str) -> tuple[str, list[str]]:
    """Return (the page's HTML without templating, the HTML of each transcription)."""
    for pattern, ends in HIDDEN:
        body = without(pattern, ends, body)
    transcripts = [match[1] for match in TRANSCRIPTION.finditer(body, 0, last_end(TRANSCRIPTION_END, body))]
    for pattern, ends in ((TRANSCRIPTION, TRANSCRIPTION_END), (LOOP, LOOP_END), *PRINTED):
        body = without(pattern, ends, body)
    # Indented HTML would be rendered as code by CommonMark, which the site's own renderer is told not to do.
    body = re.sub(r"^[ \t]+(?=<)", "", body, flags=re.MULTILINE)
    body = HEADING_ID.sub(
        lambda m: f'<h{m[1].index(" ")} id="{m[2]}">{m[1].lstrip("# ").rstrip()}</h{m[1].index(" ")}>\n', body
    )
    return RENDERER.render(body), transcripts


def last_end(ends: re.Pattern[str], text: str) -> int:
    """Where the last match of ``ends`` ends."""
    return max((match.end() for match in ends.finditer(text)), default=0)


def without(pattern: re.Pattern[str], ends: re.Pattern[str], text: str) -> str:
    end = last_end(ends, text)
    return pattern.sub("", text[:end]) + text[end:]


def transcript_sections(html: str, title: str) -> list[Section]:
    """Return a transcript's paragraphs, each of whole sentences, located by the number of their first line."""
    sections: list[Section] = []
    lines: list[str] = []
    first = 1

    def close() -> None:
        if lines:
            sections.append(
                Section(" ".join(lines), ("Transcription",), "transcript", Locator("paragraph", str(first)))
            )
            lines.clear()

    texts = PARAGRAPH.findall(html, 0, last_end(PARAGRAPH_END, html)) or [RENDERER.render(html)]
    for number, paragraph in enumerate(texts, start=1):
        text = " ".join(section.text.replace("\n\n", " ") for section in sections_from_html(paragraph, title)).strip()
        if not text:
            continue
        if not lines:
            first = number
        lines.append(text)
        sentence_ends = text.rstrip(' »"').endswith((".", "?", "!", "…"))
        # A paragraph of several lines names the speaker.
        if "<br" in paragraph or (sum(map(len, lines)) >= TRANSCRIPT_CHARACTERS and sentence_ends):
            close()
    close()
    return sections


def front_matter_sections(front: dict[str, Any], title: str) -> list[Section]:
    """Return what the layouts print below the page: a tool's sheet, a practice's indicators."""
    sections = []
    facts = [f"- {label} : {plain(front[key])}" for key, label in TOOL_LABELS.items() if front.get(key)]
    if facts:
        sections.append(Section("\n".join(facts), ("Fiche",), "tools", Locator("heading", title)))
    if indicators := front.get("indicators"):
        text = "\n".join(f"- {plain(indicator)}" for indicator in listed(indicators))
        sections.append(Section(text, ("Indicateurs",), "figures", Locator("heading", title)))
    return sections


def plain(value: Any) -> str:
    """A front-matter value as text: a list by commas, inline HTML and Markdown stripped."""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return " ".join(section.text for section in sections_from_html(RENDERER.render(str(value)), "")).replace("\n", " ")


def practice_properties(front: dict[str, Any]) -> dict[str, Any]:
    """Return the typed properties of a good practice, or nothing for another page."""
    if not front.get("idbp"):
        return {}
    return {
        "code": str(front["idbp"]),
        "priority": str(front.get("priority") or ""),
        "difficulty": str(front.get("difficulty") or ""),
        "who": tuple(map(str, listed(front.get("who")))),
        "indicators": tuple(map(str, listed(front.get("indicators")))),
    }


def listed(value: Any) -> list[Any]:
    """A front-matter value as a list: one value alone, or none, is as good as a list of it."""
    return value if isinstance(value, list) else [value] if value else []


def page_address(source: SourceFile, front: dict[str, Any]) -> str:
    """Return the page's official address: its permalink, or the site's rule for its path; empty outside the site."""
    if not source.entry.home:
        return ""
    permalink = front.get("permalink")
    if isinstance(permalink, str) and "{" not in permalink:
        return source.entry.home + written_out(permalink.strip().lstrip("/"))
    parts = list(source.entry.tail.with_suffix("").parts)
    if parts[-1] == "index":
        parts.pop()
    if parts[:2] == ["actualites", "posts"]:
        parts = ["actualites", parts[-1]]
    if parts[:2] == ["ressources", "documents-reference"]:
        parts = ["publications", *parts[2:]]
    return source.entry.home + quote(source.entry.below + "".join(part + "/" for part in parts))
