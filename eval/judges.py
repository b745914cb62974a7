"""Who says whether a passage bears a statement out, and whether an answer states a fact: rules, a model, a cross-encoder.

A judge answers yes or no on pairs of texts. ``judge`` puts to it what the measures need of each line, and writes it under
``judged``: ``statements`` (for each, ``supported`` and, one a citation, ``precise``), ``nuggets`` (one a nugget) and
``premise``. A reader's labels have the same shape and take its place (``eval/labels.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.reasoning import without_reasoning
from corpus.errors import AssistantError, InputError, problem_of
from corpus.figures import numbers
from corpus.lexical import tokens
from corpus.messages import text as message
from eval.metrics import Line, answered, statements
from eval.settings import EvalSettings

__all__ = ["RULES", "Judge", "JudgeError", "judge", "judge_of"]

Pairs = Sequence[tuple[str, str]]

# The share of a statement's content words that a passage must hold to bear it out, and of a nugget's that an answer must
# hold to state it: nuggets are in words of our own. Chosen on hand labels of development answers: docs/decisions/0007.
BORNE, STATED = 0.6, 0.6
# What announces something or asks it states nothing that a passage could bear out.
STATES_NOTHING = re.compile(r"[:?]\W*$|\?\W*(?:oui|yes)\s*/\s*(?:non|no)\W*$", re.IGNORECASE)


class JudgeError(AssistantError):
    """The endpoint that judges did not answer; the same command may succeed later."""

    retry = True


@dataclass(frozen=True)
class Judge:
    """``bears_out`` says of each (passage, statement) whether the one entails the other; ``states`` the same of each
    (answer, fact)."""

    name: str
    bears_out: Callable[[Pairs], list[bool]]
    states: Callable[[Pairs], list[bool]]


def judge_of(settings: EvalSettings) -> Judge:
    """Return the judge that the settings name; raise InputError where it cannot be had."""
    if settings.judge == "rules":
        return RULES
    if settings.judge == "model":
        return language_model(settings)
    return cross_encoder(settings.judge)


def judge(lines: Sequence[Line], by: Judge) -> list[dict[str, Any]]:
    """Return the lines, each whole answer with what ``by`` says of it; a line that is judged already stays as it is."""
    entailed = Batch(by.bears_out)
    stated = Batch(by.states)
    asked: list[tuple[Line, dict[str, Any] | None]] = []
    for line in lines:
        if not answered(line) or "judged" in line:
            asked.append((line, None))
            continue
        texts = {passage["number"]: shown(passage) for passage in line["passages"]}
        said = []
        for statement in statements(line):
            cited = [texts[number] for number in statement["citations"] if number in texts]
            together = entailed.add("\n".join(cited), statement["text"]) if cited else None
            apart = [
                (
                    entailed.add(texts[number], statement["text"]),
                    # An only citation has no others to ask of.
                    entailed.add(
                        "\n".join(text for text in cited if text is not texts[number]) or texts[number],
                        statement["text"],
                    ),
                )
                if number in texts
                else None
                for number in statement["citations"]
            ]
            said.append((together, apart))
        # An answer that is not there states nothing, whatever a judge says of an empty text.
        answer = line.get("answer") or ""
        refused = line["abstained"] or not answer
        nuggets = [None if refused else stated.add(answer, fact) for fact in line.get("nuggets") or ()]
        premise = stated.add(answer, line["premise"]["true"]) if answer and line.get("premise") else None
        asked.append((line, {"statements": said, "nuggets": nuggets, "premise": premise}))
    borne, fact = entailed.answers(), stated.answers()
    result = []
    for line, wanted in asked:
        if wanted is None:
            result.append(dict(line))
            continue
        judged: dict[str, Any] = {"by": by.name, "statements": [], "nuggets": []}
        for together, apart in wanted["statements"]:
            supported = together is not None and borne[together]
            precise = [
                supported and pair is not None and (borne[pair[0]] or not borne[pair[1]])  # alone, or needed
                for pair in apart
            ]
            judged["statements"].append({"supported": supported, "precise": precise})
        judged["nuggets"] = [number is not None and fact[number] for number in wanted["nuggets"]]
        if wanted["premise"] is not None:
            judged["premise"] = fact[wanted["premise"]]
        result.append({**line, "judged": judged})
    return result


def shown(passage: Mapping[str, Any]) -> str:
    """What a reader sees of a passage: where it stands, then its words. A criterion's number is often in its heading alone."""
    return "\n".join([str(passage.get("title", "")), *passage.get("heading_path", ()), passage["text"]])


class Batch:
    """Pairs of texts, each asked once, in one call."""

    def __init__(self, ask: Callable[[Pairs], list[bool]]) -> None:
        self.ask = ask
        self.numbers: dict[tuple[str, str], int] = {}

    def add(self, premise: str, statement: str) -> int:
        """Return the number that the answer will have."""
        return self.numbers.setdefault((premise, statement), len(self.numbers))

    def answers(self) -> list[bool]:
        return self.ask(list(self.numbers)) if self.numbers else []


# --- rules ----------------------------------------------------------------------------------------------------------


def holds_most(premise: str, statement: str, share: float) -> bool:
    """True where the premise holds every number of the statement, and ``share`` of its content words (stemmed)."""
    wanted = set(tokens(statement))
    if not wanted or not numbers(statement) <= numbers(premise):
        return False
    return len(wanted & set(tokens(premise))) >= share * len(wanted)


RULES = Judge(
    "rules",
    lambda pairs: [
        not STATES_NOTHING.search(statement) and holds_most(premise, statement, BORNE) for premise, statement in pairs
    ],
    lambda pairs: [holds_most(answer, fact, STATED) for answer, fact in pairs],
)


# --- a language model -----------------------------------------------------------------------------------------------


def language_model(settings: EvalSettings) -> Judge:
    """Return the judge at an OpenAI-compatible endpoint: one question a pair, answered by yes or no."""
    if not (settings.judge_base_url and settings.judge_model):
        raise InputError("eval_judge_unset")
    from llama_index.core.llms import ChatMessage, MessageRole
    from llama_index.llms.openai_like import OpenAILike

    model = OpenAILike(
        model=settings.judge_model,
        api_base=settings.judge_base_url,
        api_key=settings.judge_api_key.get_secret_value() or "none",
        is_chat_model=True,
        timeout=settings.llm_timeout,
        max_retries=1,
        temperature=0.0,
        max_tokens=3,
    )

    def asked(prompt: str) -> Callable[[Pairs], list[bool]]:
        def answers(pairs: Pairs) -> list[bool]:
            from tqdm import tqdm

            said = []
            for premise, statement in tqdm(pairs, desc=message("eval_judging", settings.language), mininterval=1):
                words = message(prompt, "fr", premise=premise, statement=statement)
                try:
                    reply = model.chat([ChatMessage(role=MessageRole.USER, content=words)])
                except Exception as error:  # whatever the client raises: the endpoint is the one cause
                    problem = problem_of(error)
                    raise JudgeError("eval_judge_silent", url=settings.judge_base_url, problem=problem) from error
                word = without_reasoning(reply.message.content or "").strip().lower()
                if not word:  # no judgement, as of a model whose few tokens went to its reasoning: not a no
                    raise JudgeError("eval_judge_silent", url=settings.judge_base_url, problem="« »")
                said.append(word.startswith(("oui", "yes")))
            return said

        return answers

    return Judge(f"model {settings.judge_model}", asked("prompt_bears_out"), asked("prompt_states"))


# --- a cross-encoder ------------------------------------------------------------------------------------------------


def cross_encoder(name: str) -> Judge:
    """Return the judge that a sentence-transformers cross-encoder is: of entailment (NLI), or of relevance (one score).

    Of three labels or more, the pair is entailed where the label named so is the likeliest; of one, where its probability
    is a half or more.
    """
    try:
        from sentence_transformers import CrossEncoder

        model = CrossEncoder(name, device="cpu", trust_remote_code=False)
    except Exception as error:  # a name that is none, a folder that is none, no network: the reader's to correct
        raise InputError("eval_judge_unknown", name=name, problem=problem_of(error)) from error
    labels = [str(label).lower() for _, label in sorted((model.config.id2label or {}).items())]
    if len(labels) > 1 and not any(label.startswith("entail") for label in labels):
        raise InputError("eval_judge_unknown", name=name, problem=", ".join(labels))

    def answers(pairs: Pairs) -> list[bool]:
        import torch

        scores = model.predict(list(pairs), activation_fn=torch.nn.Identity(), show_progress_bar=False)
        if len(labels) > 1:
            entailed = next(number for number, label in enumerate(labels) if label.startswith("entail"))
            return [int(row.argmax()) == entailed for row in scores]
        return [float(score) >= 0 for score in scores]

    return Judge(f"cross-encoder {name}", answers, answers)
