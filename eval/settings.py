"""The bench's own settings: who judges, and under which name other assistants are asked."""

from __future__ import annotations

from pydantic import Field, SecretStr

from assistant.settings import Settings

__all__ = ["EvalSettings"]


class EvalSettings(Settings):
    """Read like ``Settings``."""

    judge: str = Field(
        default="rules",
        min_length=1,
        description="'rules', 'model' (the endpoint below), or a sentence-transformers cross-encoder: a name or a folder.",
    )
    judge_base_url: str = Field(
        default="", pattern="^(https?://.+)?$", description="Address of the OpenAI-compatible endpoint that judges."
    )
    judge_model: str = Field(default="", description="Name of the model that judges at that endpoint.")
    judge_api_key: SecretStr = Field(default=SecretStr(""), description="Key of that endpoint, where it wants one.")
    assistant_model: str = Field(
        default="", description="Name of the model to ask of `run --assistant URL`; empty: the first that it lists."
    )
    assistant_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key of that assistant, where it wants one."
    )
