"""What every test shares: data kept apart from the user's, no network, and skips that continuous integration refuses.

A test that needs a program or a folder which may be missing asks for it through a fixture (``chromium``,
``knowledge_base``) or through ``require``: it is skipped with the reason, or fails with it where ``REQUIRE_ALL=1``.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]


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
