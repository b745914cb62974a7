"""The assistant's settings: those of the knowledge base, and who writes the answers."""

from __future__ import annotations

from pydantic import Field, SecretStr

from corpus.settings import CorpusSettings

__all__ = ["Settings"]


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

    @property
    def writes(self) -> bool:
        """True where a language model writes the answers."""
        return bool(self.llm_base_url and self.llm_model)
