"""The encoder of an engine's file as a PyTorch model, whose weights are used as the engine will read them: in 4 bits."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from torch.nn.utils import parametrize
from transformers import BertConfig, BertModel

from corpus.adaptation.engine_file import BLOCK, EngineFile

__all__ = ["Network", "tokenizer_of"]

SHORT = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
SPACES = re.compile(" {2,}")


class QuarterPrecision(torch.nn.Module):
    """A weight as Q4_0 rounds it; what is learned of it passes through the rounding (straight-through estimator, Bengio et al., 2013)."""

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """Return the weight rounded, of the same shape."""
        with torch.no_grad():
            blocks = weight.reshape(-1, BLOCK)
            largest = blocks.gather(1, blocks.abs().argmax(dim=1, keepdim=True))
            scales = (largest / -8).half().float()
            steps = torch.where(scales == 0, torch.zeros_like(blocks), blocks / scales)
            rounded = ((steps + 8.5).floor().clamp(0, 15) - 8) * scales
            moved = rounded.reshape(weight.shape) - weight
        return weight + moved


class Network:
    """The model and its tokenizer; vectors are means of the last states, of unit length, as the engine's."""

    def __init__(self, file: EngineFile) -> None:
        self.file = file
        self.tokenizer = tokenizer_of(file)
        self.bert = bert_of(file)
        self.rules = {character: "".join(map(chr, to)) for character, to in file.normalisation.items()}

    def ids(self, text: str, window: int) -> list[int]:
        """The tokens of a text, its marks included, the first ``window`` at most."""
        start, end, _, _ = self.file.marks
        plain = SPACES.sub(" ", text.translate(self.rules))
        return [start, *self.tokenizer.encode(plain, add_special_tokens=False).ids[: window - 2], end]

    def encode(self, texts: Sequence[str], window: int = 512) -> torch.Tensor:
        """Return the vectors of texts that carry their prefix, of shape (texts, dimension)."""
        rows = [self.ids(text, window) for text in texts]
        longest = max(map(len, rows))
        padding = self.file.marks[2]
        tokens = torch.tensor([row + [padding] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        states = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        means = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        return torch.nn.functional.normalize(means, dim=1)

    def written(self) -> EngineFile:
        """The engine's file with what was learned."""
        tensors = dict(self.file.tensors)
        state = self.bert.state_dict()
        for name, key in names(self.file).items():
            learned = state.get(key)
            if learned is None:
                learned = state[key.replace(".weight", ".parametrizations.weight.original")]
            tensors[name] = tensors[name].of(learned.numpy())
        return EngineFile(**{**vars(self.file), "tensors": tensors})


def names(file: EngineFile) -> dict[str, str]:
    """What PyTorch calls each tensor of the file."""
    found = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    for layer in range(file.sizes["layers"]):
        for short, long in {**SHORT, **NORMS}.items():
            found[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            found[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    return found


def bert_of(file: EngineFile) -> BertModel:
    """Return the encoder; its embeddings stay as they are, each other matrix is rounded where it is used."""
    sizes = file.sizes
    config = BertConfig(
        vocab_size=sizes["vocabulary"],
        hidden_size=sizes["hidden"],
        num_hidden_layers=sizes["layers"],
        num_attention_heads=sizes["heads"],
        intermediate_size=sizes["forward"],
        max_position_embeddings=sizes["positions"],
        type_vocab_size=sizes["types"],
        layer_norm_eps=file.epsilon,
        hidden_act="gelu",
    )
    bert = BertModel(config, add_pooling_layer=False)
    own = bert.state_dict()
    bert.load_state_dict(
        {
            key: torch.from_numpy(np.array(file.tensors[name].values)).reshape(own[key].shape)
            for name, key in names(file).items()
        }
    )
    for parameter in bert.embeddings.parameters():
        parameter.requires_grad = False
    for module in list(bert.encoder.modules()):
        if isinstance(module, torch.nn.Linear):
            parametrize.register_parametrization(module, "weight", QuarterPrecision())
    return bert.eval()


def tokenizer_of(file: EngineFile) -> Tokenizer:
    """Return the tokenizer of a file, for texts that are already normalised."""
    pieces = [(piece.decode("utf-8", "replace") or f"<{id}>", score) for id, (piece, score) in enumerate(file.pieces)]
    made = Tokenizer(models.Unigram(pieces, unk_id=file.marks[3]))
    made.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    return made
