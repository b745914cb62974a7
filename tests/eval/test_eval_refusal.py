"""The fit of the decision to refuse: a card's question never finds itself."""

from __future__ import annotations

from typing import Any

from eval.refusal import card_questions, measure, without_card_questions


def test_the_questions_of_the_cards_are_measured_where_they_are_not_indexed(small_assistant: Any) -> None:
    questions = card_questions(small_assistant)
    unaware = without_card_questions(small_assistant)
    question = questions[0].question
    best = [float(assistant.index.lexical.scores(question).max()) for assistant in (unaware, small_assistant)]
    assert 0 < best[0] < best[1]
    vector = small_assistant.retriever.encoder.encode_query(question)
    assert unaware.index.asked(vector) == {} and small_assistant.index.asked(vector)
    signs, answerable = measure(unaware, questions)
    assert len(signs) == len(answerable) > 0 and answerable.all()
