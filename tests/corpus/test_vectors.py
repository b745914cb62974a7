"""The store of vectors: exact, durable, all or nothing."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.vectors import VectorStore, text_key

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
