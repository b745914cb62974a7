"""The adapted encoder: its file read and written, the model that it is in PyTorch, what it is trained on, and the one that is shipped."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from corpus.__main__ import main
from corpus.adaptation.engine_file import dequantised, quantised, read_engine_file
from corpus.adaptation.network import Network
from corpus.adaptation.pairs import Pair, batches, held_out, pairs_of
from corpus.adaptation.rebuild import SAME, agreement, rebuild
from corpus.adaptation.training import Recipe, loss_of, train
from corpus.encoders import ADAPTED, ADAPTED_ENCODER, PACKAGED_ENCODER, default_encoder, load_encoder, packaged_file

TEXTS = (
    "Quelle est la durée de vie d’un écran ?",
    "How warm should a server room be?",
    "« Œuvre »  en deux   temps, ½ page… 10⁶ kWh, ﬁn",
    "",
)


@pytest.fixture(scope="module")
def packaged():
    return read_engine_file(packaged_file())


@pytest.fixture(scope="module")
def small(packaged):
    """The packaged file with the pieces that a few texts need."""
    network = Network(packaged)
    return packaged.cut({id for text in (*TEXTS, "query: passage:") for id in network.ids(text, 512)})


def test_the_packaged_file_written_again_is_the_same_byte_for_byte(packaged):
    assert packaged.to_bytes() == packaged_file().read_bytes()


def test_what_is_no_file_of_the_engine_is_refused(tmp_path):
    path = tmp_path / "autre.bin"
    path.write_bytes(b"autre chose")
    with pytest.raises(ValueError, match=r"autre\.bin"):
        read_engine_file(path)


def test_weights_in_four_bits_stay_as_they_are_and_others_move_by_less_than_a_step(packaged):
    tensor = packaged.tensors["l3.q.w"]
    assert quantised(tensor.values) == tensor.raw
    values = np.random.default_rng(0).normal(size=320).astype(np.float32)
    moved = np.abs(dequantised(quantised(values)) - values).reshape(-1, 32).max(axis=1)
    assert (moved <= np.abs(values).reshape(-1, 32).max(axis=1) / 8 * 1.01).all()
    assert not np.any(dequantised(quantised(np.zeros(32, np.float32))))


def test_a_text_has_the_same_vector_in_pytorch_and_in_the_engine(packaged):
    assert agreement(packaged, packaged_file(), TEXTS[:3]) > 0.999


def test_a_smaller_vocabulary_changes_no_vector_of_the_words_that_it_has(packaged, small, tmp_path):
    path = tmp_path / "small.bin"
    path.write_bytes(small.to_bytes())
    assert len(small.pieces) < 100 and path.stat().st_size < packaged_file().stat().st_size / 4
    with torch.no_grad():
        before, after = (Network(file).encode([f"query: {text}" for text in TEXTS[:2]]) for file in (packaged, small))
    assert torch.allclose(before, after, atol=1e-5)
    assert agreement(small, path, TEXTS[:2]) > 0.999


# --- what it is trained on -------------------------------------------------------------------------------------------


def test_one_card_in_five_is_never_trained_on(cards_assistant):
    index = cards_assistant.index
    cards = {answer.answer.card for answer in index.prepared.answers.values()}
    apart = {card for card in cards if held_out(card)}
    assert 0.15 < len(apart) / len(cards) < 0.25
    pairs = pairs_of(index, 10_000, seed=0)
    trained = {part.split("#")[0] for pair in pairs for part in pair.rests_on if "#" in part}
    assert len(pairs) <= 10_000 and trained and not trained & apart


def test_every_pair_is_in_one_batch_beside_its_neighbours():
    vectors = np.repeat(np.eye(4, dtype=np.float32), 8, axis=0)
    pairs = [Pair(f"q{place}", f"t{place}", frozenset({str(place)})) for place in range(32)]
    made = list(batches(pairs, vectors, 16, seed=1))
    assert sorted(place for batch in made for place in batch) == list(range(32))
    groups = [batch[start : start + 8] for batch in made for start in (0, 8)]
    assert all(len({place // 8 for place in group}) == 1 for group in groups)


def test_a_text_that_rests_on_the_same_is_no_wrong_answer(small):
    network, recipe = Network(small), Recipe()
    alike = [Pair(TEXTS[0], TEXTS[0], frozenset({"a"})), Pair(TEXTS[1], TEXTS[0], frozenset({"a"}))]
    apart = [alike[0], Pair(TEXTS[1], TEXTS[0], frozenset({"b"}))]
    assert loss_of(network, alike, recipe).item() < 0.01 < loss_of(network, apart, recipe).item()


@pytest.fixture(scope="module")
def lesson():
    """Pairs that are learned in a few steps: each question is another's words."""
    return [Pair(a, b, frozenset({a})) for a, b in pairwise([*TEXTS[:3], TEXTS[0]])]


def test_a_run_that_is_stopped_is_gone_on_from(small, lesson, tmp_path):
    recipe = Recipe(batch=8, passes=6, rate=1e-3, kept_every=2)
    vectors = np.eye(3, dtype=np.float32)
    losses, again = [], []

    def stop(done, of, loss):
        losses.append(loss)
        if done == 4:
            raise KeyboardInterrupt

    kept = tmp_path / "run.pt"
    with pytest.raises(KeyboardInterrupt):
        train(Network(small), lesson, vectors, recipe, kept, stop)
    went_on = Network(small)
    train(went_on, lesson, vectors, recipe, kept, lambda done, of, loss: again.append((done, of, loss)))
    assert [done for done, _, _ in again] == [3, 4, 5, 6] and again[0][1] == 6
    assert again[-1][2] < losses[0]
    whole = Network(small)
    train(whole, lesson, vectors, recipe, tmp_path / "other.pt")
    assert whole.written().to_bytes() == went_on.written().to_bytes()


def test_a_folder_that_is_not_there_is_told_before_anything_is_trained(tmp_path, capsys):
    assert main(["adapt", "--out", str(tmp_path / "absent" / "encodeur.bin")]) == 2
    assert str(tmp_path / "absent") in capsys.readouterr().err


def test_the_whole_command_on_two_hundred_pairs(cards_assistant, tmp_path):
    out = tmp_path / "encoder.bin"
    same = rebuild(cards_assistant.index, Recipe(pairs=200), out, tmp_path / "run.pt", threads=1)
    assert same >= SAME and out.stat().st_size < 30_000_000
    assert read_engine_file(out).to_bytes() == out.read_bytes()


# --- the one that is shipped -----------------------------------------------------------------------------------------


def test_the_shipped_encoder_is_small_and_the_engine_reads_it_as_pytorch_does(cards_assistant):
    assert ADAPTED.stat().st_size < 30_000_000
    answers = [one.answer for one in cards_assistant.index.prepared.answers.values()]
    texts = [answer.question for answer in answers[::80]] + [answer.text for answer in answers[40::80]]
    assert len(texts[:200]) >= 190 and agreement(read_engine_file(ADAPTED), ADAPTED, texts[:200]) >= SAME


def test_it_is_used_by_default_and_the_packaged_one_beside_another_engine(monkeypatch, caplog):
    default_encoder.cache_clear()
    assert default_encoder() == ADAPTED_ENCODER
    default_encoder.cache_clear()
    monkeypatch.setattr("importlib.metadata.version", lambda name: "0.4.1")
    assert default_encoder() == PACKAGED_ENCODER and "0.4.1" in caplog.text
    default_encoder.cache_clear()


def test_it_tells_french_questions_apart_better_than_the_packaged_one():
    """Words that a question and its answer do not share."""
    asked = ["Combien de temps garder nos ordis ?", "Faut-il un référent ?", "Mes pages sont trop lourdes"]
    said = [
        "La durée d’usage d’un poste de travail",
        "Nommer un responsable de la démarche",
        "Réduire le poids du service",
    ]
    for name in (ADAPTED_ENCODER, PACKAGED_ENCODER):
        encoder = load_encoder(name, 1)
        near = np.stack([encoder.encode_query(question) for question in asked]) @ encoder.encode_passages(said).T
        margin = float(np.mean(np.diag(near) - (near.sum(axis=1) - np.diag(near)) / 2))
        if name == ADAPTED_ENCODER:
            adapted = margin
    assert adapted > margin
