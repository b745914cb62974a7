"""What every test shares: data kept apart from the user's, no network, and skips that continuous integration refuses.

A test that needs a program or a folder which may be missing asks for it through a fixture (``chromium``,
``knowledge_base``) or through ``require``: it is skipped with the reason, or fails with it where ``REQUIRE_ALL=1``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

PROJECT = Path(__file__).resolve().parents[1]

# How much is made up by the tests that make up what they read: little and always the same, or `--hypothesis-profile=long`.
UNTIMED: dict[str, Any] = dict(database=None, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("short", derandomize=True, max_examples=40, **UNTIMED)
settings.register_profile("long", max_examples=5_000, print_blob=True, **UNTIMED)
settings.load_profile("short")


def require(condition: object, reason: str) -> None:
    """Go on if ``condition`` holds; else skip the test saying why, or fail it where ``REQUIRE_ALL=1``."""
    if condition:
        return
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(f"{reason} (REQUIRE_ALL=1)", pytrace=False)
    pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    """Forget the settings of whoever runs the tests, and give these a data folder that they may fill."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="assistant-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["ASSISTANT_DATA"] = folder
    set_hypothesis_home_dir(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The markers ``chromium`` and ``knowledge_base`` and the fixtures of the same names go together."""
    for item in items:
        for name in ("chromium", "knowledge_base"):
            fixtures: list[str] = getattr(item, "fixturenames", [])
            if item.get_closest_marker(name) and name not in fixtures:
                fixtures.append(name)
            elif name in fixtures:
                item.add_marker(name)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Only this machine can be reached: what a test does must work after an install with the network cut."""
    connect = socket.socket.connect
    local = ("127.", "::1", "localhost")

    def guarded(self: socket.socket, address: Any, /) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(local):
            raise OSError(f"the tests run without network: no connection to {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium, for Playwright's ``executable_path`` (nothing is downloaded)."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    require(found, "no Chromium on this machine")
    return str(found)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    """A headless Chromium driven by Playwright: ``browser.new_page()``."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium has no sandbox for root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


@pytest.fixture(scope="session")
def knowledge_base() -> Path:
    """The mirror of the official site that stands beside the checkout."""
    folder = PROJECT.parent / "shared" / "knowledge-base"
    require(folder.is_dir(), f"no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def reasoning_endpoint() -> Iterator[str]:
    """The address of the model that reasons aloud, of the small cases that stand beside the checkout."""
    server = PROJECT.parent / "shared" / "cases" / "22-think-server" / "server.py"
    require(server.is_file(), f"no file {server}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, str(server), str(port), "think"])
    for _ in range(100):
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}/v1"
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def encoder() -> Any:
    """The encoder that is shipped, loaded once; on one thread, since the tests share the machine."""
    from corpus.encoders import ADAPTED_ENCODER, load_encoder

    return load_encoder(ADAPTED_ENCODER, 1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sentence-transformers model of 16 dimensions and no training, which reads 64 tokens at once."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *"le la les de un une et à serveur image vidéo . , -".split(),
    ]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    shape = dict(hidden_size=16, num_hidden_layers=1, num_attention_heads=1, intermediate_size=16)
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), strip_accents=False).save_pretrained(folder)
    BertModel(BertConfig(vocab_size=len(words), max_position_embeddings=64, **shape)).save_pretrained(folder)
    modules = [Transformer(str(folder)), Pooling(16)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "tiny"))
    return folder / "tiny"


SMALL_CARDS = (
    "hardware/deee", "hardware/don", "hosting/hebergement", "law/loi-reen", "purchasing/indice-reparabilite", "rgesn/1.1",
    "rgesn/4.4", "rgesn/8.3", "studies/empreinte-france",
)  # fmt: skip


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory, encoder: Any) -> Any:
    """The settings of an index of nine cards and of the documents in ``tests/assistant/documents``, encoded for real."""
    from assistant.settings import Settings
    from corpus import index

    settings = Settings(data=tmp_path_factory.mktemp("small") / "data", _env_file=None)
    names = {f"base/{name}.md" for name in SMALL_CARDS}
    cards = [card for card in index.list_cards() if card[0] in names]
    assert len(cards) == len(names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "list_cards", lambda: cards)
        patch.setattr(index, "load_encoder", lambda name, threads: encoder)
        report = index.update(settings, [PROJECT / "tests" / "assistant" / "documents"])
    assert not [file for file in report.files if file.status != "indexed"]
    return settings


@pytest.fixture(scope="session")
def small_assistant(small_settings: Any, encoder: Any) -> Any:
    """An assistant that answers from the index of ``small_settings``."""
    from assistant.ask import Assistant
    from corpus.index import Index

    return Assistant(small_settings, Index.open(small_settings), encoder)


@pytest.fixture(scope="session")
def read_only(small_settings: Any) -> list[str]:
    """What to put before a command so that it finds the data folder of the small index mounted read-only."""
    unshare = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    before = [*unshare, "sh", "-c", mount, str(small_settings.data)]
    refused = [*before, "test", "!", "-w", str(small_settings.data)]
    mounts = shutil.which("unshare") and subprocess.run(refused, capture_output=True).returncode == 0
    require(mounts, "no folder can be mounted read-only here")
    return before


@pytest.fixture(scope="session")
def cards_assistant(tmp_path_factory: pytest.TempPathFactory, encoder: Any) -> Any:
    """An assistant that answers from all the embedded cards and nothing else: what is there after the first start."""
    from assistant.ask import Assistant
    from assistant.settings import Settings
    from corpus import index

    settings = Settings(data=tmp_path_factory.mktemp("cards") / "data", _env_file=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "load_encoder", lambda name, threads: encoder)
        index.update(settings, [])
    return Assistant(settings, index.Index.open(settings), encoder)


SLICE = ("data/referentiel-ecoconception.json", "guide-bonnes-pratiques", "markdown/reglementation", "quiz")


@pytest.fixture(scope="session")
def slice_settings(tmp_path_factory: pytest.TempPathFactory, knowledge_base: Path, encoder: Any) -> Any:
    """The settings of an index of all the embedded cards and of a slice of the official documents."""
    from assistant.settings import Settings
    from corpus import index

    folder = tmp_path_factory.mktemp("slice")
    for name in SLICE:
        source, target = knowledge_base / name, folder / "documents" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    settings = Settings(data=folder / "data", _env_file=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "load_encoder", lambda name, threads: encoder)
        index.update(settings, [folder / "documents"])
    return settings


@pytest.fixture(scope="session")
def slice_assistant(slice_settings: Any, encoder: Any) -> Any:
    """An assistant that answers from the index of ``slice_settings``."""
    from assistant.ask import Assistant
    from corpus.index import Index

    return Assistant(slice_settings, Index.open(slice_settings), encoder)
