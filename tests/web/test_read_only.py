"""The chat where its data folder is read-only: it answers, and leaves nothing behind however it is ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clients import crowd
from conftest import PROJECT


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_chat_answers_from_a_read_only_folder_and_leaves_no_copy(
    read_only: list[str], small_settings: Any, tmp_path: Path, end: signal.Signals
) -> None:
    given = {"ASSISTANT_DATA": str(small_settings.data), "ASSISTANT_PORT": "8060", "TMPDIR": str(tmp_path)}
    chat = subprocess.Popen(
        [*read_only, sys.executable, "app.py"],
        cwd=PROJECT,
        env={**os.environ, **given},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert chat.stdout
        announced = re.search(r"http://[\d.]+:\d+", chat.stdout.readline())
        assert announced
        (seen,) = crowd(announced[0], ["critère 4.4"])
        assert seen.status.startswith("Réponse prête") and "autre domaine" in seen.conversation
        assert len(list(tmp_path.glob("assistant-index-*"))) == 1
        chat.send_signal(end)
        output, _ = chat.communicate(timeout=20)
        assert (chat.returncode, output) == (0, "")
    finally:
        chat.kill()
        chat.communicate()
    assert list(tmp_path.glob("assistant-index-*")) == []
