"""Every text that a reader of this software sees, in French (the reference) and English. Standard library only.

``text(key, language, **values)`` fills a sentence; a test holds the keys and the placeholders of the two languages together.
"""

from __future__ import annotations

from typing import Any

__all__ = ["LANGUAGES", "MESSAGES", "text"]

LANGUAGES = ("fr", "en")

MESSAGES: dict[str, dict[str, str]] = {
    # --- errors ---------------------------------------------------------------------------------------------------
    "setting_invalid": {
        "fr": "Le réglage {name} vaut {value!r}, ce qui ne convient pas ({problem}) : corrigez-le puis relancez.",
        "en": "The setting {name} is {value!r}, which does not fit ({problem}): correct it and run again.",
    },
}


def text(key: str, language: str = "fr", **values: Any) -> str:
    """Return the sentence of ``key`` in ``language``, filled with ``values``. Raises KeyError for an unknown key."""
    return MESSAGES[key][language].format(**values)
