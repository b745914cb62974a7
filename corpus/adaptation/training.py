"""Train the encoder on pairs; what a run has learned is kept every so often, and the same command goes on from there.

The loss is InfoNCE (van den Oord et al., 2018) over the texts of a batch, as E5 was trained (Wang et al., 2022).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from corpus.adaptation.network import Network
from corpus.adaptation.pairs import Pair, batches

__all__ = ["Recipe", "loss_of", "train"]


@dataclass(frozen=True)
class Recipe:
    """How to train: pairs a batch, passes over them, the highest step of the weights, how sharp the softmax is, how many tokens of
    a text are read, and every how many batches what was learned is kept."""

    pairs: int = 10_000
    batch: int = 32
    passes: int = 2
    rate: float = 1e-4
    warm_up: float = 0.1
    temperature: float = 0.03
    window: int = 192
    kept_every: int = 25
    seed: int = 0


def train(
    network: Network,
    pairs: Sequence[Pair],
    vectors: np.ndarray,
    recipe: Recipe,
    kept: Path,
    told: Callable[[int, int, float], None] = lambda done, of, loss: None,
) -> None:
    """Train ``network`` in place on ``pairs``, whose questions have ``vectors``; go on from ``kept`` where it is of the same run.

    ``told`` is called after each batch with how many are done, of how many, and the loss.
    """
    plan = [
        batch
        for number in range(recipe.passes)
        for batch in batches(pairs, vectors, recipe.batch, recipe.seed + number)
    ]
    learned = [parameter for parameter in network.bert.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=recipe.rate, weight_decay=0.0)
    warm = max(1, round(recipe.warm_up * len(plan)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm, max(0.0, (len(plan) - step) / max(1, len(plan) - warm)))
    )
    run = {**asdict(recipe), "batches": len(plan)}
    done = 0
    if kept.exists():
        state = torch.load(kept, weights_only=True)
        if state["run"] == run:
            network.bert.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            schedule.load_state_dict(state["schedule"])
            done = state["done"]
    for number in range(done, len(plan)):
        loss = loss_of(network, [pairs[place] for place in plan[number]], recipe)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        schedule.step()
        told(number + 1, len(plan), loss.item())
        if (number + 1) % recipe.kept_every == 0 or number + 1 == len(plan):
            state = {
                "run": run,
                "done": number + 1,
                "network": network.bert.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
            }
            torch.save(state, kept.with_suffix(".part"))
            kept.with_suffix(".part").replace(kept)


def loss_of(network: Network, batch: Sequence[Pair], recipe: Recipe) -> torch.Tensor:
    """How far each question of a batch is from being nearest to its own text; texts that rest on some of the same are not told apart."""
    with torch.autocast("cpu", torch.bfloat16):
        asked = network.encode([f"query: {pair.question}" for pair in batch], recipe.window)
        texts = network.encode([f"passage: {pair.text}" for pair in batch], recipe.window)
    near = asked.float() @ texts.float().T / recipe.temperature
    same = torch.tensor([[a is not b and not a.rests_on.isdisjoint(b.rests_on) for b in batch] for a in batch])
    near = near.masked_fill(same, float("-inf"))
    own = torch.arange(len(batch))
    return torch.nn.functional.cross_entropy(near, own)
