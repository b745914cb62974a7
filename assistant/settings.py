"""The assistant's settings: those of the knowledge base, and who writes the answers."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from corpus.settings import CorpusSettings

__all__ = ["Settings"]

# A name, an IPv4 address, or an IPv6 one without its brackets.
HOST_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")


class Settings(CorpusSettings):
    """Read like ``CorpusSettings``. With ``llm_base_url`` and ``llm_model``, answers are written by that model."""

    llm_base_url: str = Field(
        default="",
        pattern="^(https?://.+)?$",
        description="Address of an OpenAI-compatible endpoint, e.g. http://127.0.0.1:11434/v1; empty: answers are composed.",
    )
    llm_model: str = Field(default="", description="Name of the model at that endpoint.")
    llm_api_key: SecretStr = Field(default=SecretStr(""), description="Key of the endpoint, where it wants one.")
    llm_timeout: float = Field(default=60.0, gt=0, description="Seconds that the model may stay silent.")
    host: str = Field(default="127.0.0.1", min_length=1, description="Address that the chat listens on.")
    port: int = Field(
        default=7860, ge=1, le=65535, description="First port tried; a busy one gives way to the next free one."
    )

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Names, separated by commas, under which the chat may be asked beyond this machine."
    )
    user: str = Field(default="", description="Who may open the chat, with ``password``; empty: no login.")
    password: SecretStr = Field(default=SecretStr(""), description="That user's password.")
    open: bool = Field(default=False, description="True: the chat may be served beyond this machine without a login.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def host_names(cls, given: object) -> object:
        """Read « a.fr, b.fr »; raise ValueError for what is no bare name or address (a scheme, a port, a wildcard)."""
        if not isinstance(given, str):
            return given
        names = tuple(name.strip().strip("[]").lower() for name in given.split(",") if name.strip())
        for name in names:
            if not HOST_NAME.fullmatch(name):
                raise ValueError(f"{name}: name or address alone, as in assistant.example.fr")
        return names

    @property
    def writes(self) -> bool:
        """True where a language model writes the answers."""
        return bool(self.llm_base_url and self.llm_model)
