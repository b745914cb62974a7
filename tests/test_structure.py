"""The rules of the house that a machine can hold: imports run one way, heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.messages import LANGUAGES, MESSAGES

ROOT = Path(__file__).resolve().parent.parent
MODULES = [path for package in ("corpus", "assistant", "eval") for path in sorted((ROOT / package).rglob("*.py"))]
MAY_IMPORT = {"corpus": {"corpus"}, "assistant": {"corpus", "assistant"}, "eval": {"corpus", "assistant", "eval"}}
STANDARD_LIBRARY_ONLY = ["corpus/documents.py", "corpus/messages.py", "corpus/errors.py", "assistant/answer.py"]


def imported(path: Path, top_level: bool = False) -> Iterator[str]:
    """The modules that a file imports, anywhere or at its top level."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    ours = {name.split(".")[0] for name in imported(path)} & set(MAY_IMPORT)
    assert ours <= MAY_IMPORT[package]


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("chromadb", ("corpus/index.py", "eval/peers.py")),  # a peer that stores its vectors there too
        ("gradio", ("assistant/web/",)),
        ("sentence_transformers", ("corpus/encoders.py", "eval/judges.py")),  # a cross-encoder that judges
    ],
)
def test_a_library_is_known_in_one_place(library: str, allowed: tuple[str, ...]) -> None:
    users = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if library in {name.split(".")[0] for name in imported(path)}
        and not str(path.relative_to(ROOT)).startswith(allowed)
    ]
    assert users == []


@pytest.mark.parametrize("name", STANDARD_LIBRARY_ONLY)
def test_plain_values_import_nothing_but_the_standard_library(name: str) -> None:
    import sys

    foreign = {module.split(".")[0] for module in imported(ROOT / name)} - set(sys.stdlib_module_names)
    assert foreign <= {"corpus"}


@pytest.mark.parametrize("package", ["corpus", "assistant", "eval"])
def test_commands_import_nothing_heavy_at_the_top(package: str) -> None:
    heavy = {"corpus.index", "assistant.ask", "corpus.settings", "corpus.encoders", "numpy", "pydantic"}
    assert heavy.isdisjoint(imported(ROOT / package / "__main__.py", top_level=True))


@pytest.mark.parametrize("key", MESSAGES)
def test_a_text_has_the_same_placeholders_in_each_language(key: str) -> None:
    assert set(MESSAGES[key]) == set(LANGUAGES)
    # What is said of one and of many is each language's own.
    french, english = (
        {(name, "" if "|" in (spec or "") else spec) for _, name, spec, _ in fields if name}
        for fields in (string.Formatter().parse(MESSAGES[key][language]) for language in LANGUAGES)
    )
    assert french == english


def test_every_text_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in [*MODULES, ROOT / "app.py"] if path.name != "messages.py")
    prefixes = (
        "section_",
        "file_",
        "list_",
        "locator_",
        "status_",
        "removed_",
        "eval_",
        "command_problem_",
        "ask_",
        "search_",
        "news_answer_",
        "unanswered_",
        "talk_",
    )
    unused = [
        key for key in MESSAGES if f'"{key}"' not in code and f"'{key}'" not in code and not key.startswith(prefixes)
    ]
    assert unused == []
