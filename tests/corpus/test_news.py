"""After a sync, news lists the prepared answers whose proofs are no longer where their cards say."""

from __future__ import annotations

import json
import os
from pathlib import Path

from corpus.__main__ import main
from corpus.index import Index, update
from corpus.messages import text
from corpus.settings import CorpusSettings

RULES = "https://ecoresponsable.numerique.gouv.fr/reglementation/"
NAME = "site/reglementation/index.html"


def page(sections: dict[str, list[str]]) -> str:
    body = "".join(
        f"<h2>{heading}</h2>" + "".join(f"<p>Il est dit que {words}, entre autres choses.</p>" for words in said)
        for heading, said in sections.items()
    )
    return f"<html><head><title>Réglementation</title></head><body><main><h1>Réglementation</h1>{body}</main></body></html>"


def anchors_of_the_page(index: Index) -> dict[str, list[str]]:
    """The anchors that answers have on the page of the rules, by the heading that their cards name."""
    sections: dict[str, list[str]] = {}
    for standing in index.prepared.answers.values():
        for proof in standing.answer.proofs:
            source = index.documents[standing.answer.card].sources[proof.source - 1]
            if source.url == RULES and source.locator and source.locator.kind == "heading":
                said = sections.setdefault(source.locator.value, [])
                said += [proof.anchor] if proof.anchor not in said else []
    return sections


def written(folder: Path, sections: dict[str, list[str]]) -> None:
    """A copy of the official sources that holds the page."""
    (folder / NAME).parent.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_text(page(sections), "utf-8")
    (folder / ".sync").mkdir(exist_ok=True)
    (folder / ".sync/journal.jsonl").write_text("", "utf-8")


def test_answers_whose_proofs_moved_or_went_are_listed(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    settings, folder = CorpusSettings(data=tmp_path), tmp_path / "official"
    update(settings)
    sections = anchors_of_the_page(Index.open(settings))
    (first, said), *_ = sorted(sections.items(), key=lambda section: -len(section[1]))
    gone, moved, *_ = said
    written(folder, sections)
    update(settings, folders=[folder])
    assert main(["news", "--since", "2026-11-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []

    said.remove(gone)
    said.remove(moved)
    sections["Ailleurs"] = [moved]
    written(folder, sections)
    os.utime(folder / ".sync/journal.jsonl", (2e9, 2e9))
    assert main(["news", "--since", "2026-11-01", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == [] and told.err == text("news_not_indexed", "fr", folder=folder) + "\n"

    os.utime(folder / ".sync/journal.jsonl")
    update(settings)
    assert main(["news", "--since", "2026-11-01", "--json"]) == 0
    told = capsys.readouterr()
    records = json.loads(told.out)
    assert {(record["event"], record["anchor"]) for record in records} == {
        ("answer_gone", gone),
        ("answer_moved", moved),
    }
    assert all(record["address"] == RULES and first in record["place"] for record in records) and told.err == ""
    assert main(["news", "--since", "2026-11-01"]) == 0
    shown = capsys.readouterr().out
    assert f"« {gone} »" in shown and text("news_answer_moved", "fr") in shown
