"""The figures of a text, whatever their typography. Standard library only."""

from __future__ import annotations

import re

__all__ = ["numbers", "plain_numbers"]

NUMBER = re.compile(r"\d+(?:\.\d+)*")


def numbers(text: str) -> set[str]:
    """The numbers of a text, whatever their typography: « 2,5 » and "2.5" are one."""
    return set(NUMBER.findall(plain_numbers(text)))


def plain_numbers(text: str) -> str:
    """The text with its thousands joined (« 25 000 », "25,000") and its decimal commas as points."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return re.sub(r"(?<=\d),(?=\d)", ".", re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", text))
