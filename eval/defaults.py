"""What the commands' options default to, apart from what they import: a command's help is fast. Standard library only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

__all__ = ["DEVELOPMENT", "MODES", "SCALES", "SEARCHES", "Mode"]

Mode = Literal["hybrid", "dense", "lexical"]
MODES: tuple[Mode, ...] = get_args(Mode)
SEARCHES = 200
SCALES = (1, 10, 100)
DEVELOPMENT = Path(__file__).resolve().parent / "sets" / "development.jsonl"
