"""What each command of ``python -m eval`` does, from its options to its exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import InputError
from corpus.files import write_atomically, write_lines
from corpus.messages import text
from eval import comparison, report, runs, scores
from eval.defaults import MODES, SCALES
from eval.questions import read_questions

OK, BAR_MISSED, INCOMPLETE = 0, 1, 3


def run_command(options: argparse.Namespace, language: str) -> int:
    """Put a set's questions to the assistant, or to another one; ``--repeat`` writes one run a repetition."""
    from corpus.settings import load
    from eval.settings import EvalSettings

    if options.mode != MODES[0] and not options.retrieval_only:
        raise InputError("eval_mode_needs_retrieval_only", mode=options.mode)
    if options.assistant and options.retrieval_only:
        raise InputError("eval_assistant_answers")
    settings = load(EvalSettings)
    outs = [options.out, *(numbered(options.out, repetition) for repetition in range(2, options.repeat + 1))]
    # Told before the first repetition, which may take an hour.
    if not (options.resume or options.force) and (there := next((out for out in outs if out.is_file()), None)):
        raise InputError("eval_run_exists", path=there)
    code, summaries = OK, []
    for repetition, out in enumerate(outs, start=1):
        asking = runs.Options(options.mode, options.top, options.retrieval_only, options.assistant, repetition)
        outcome = runs.run(options.questions, out, settings, asking, options.resume, options.force)
        summaries.append({"out": str(out), "written": outcome.written, "kept": outcome.kept, "failed": outcome.failed})
        if not options.json:
            print(text("eval_run_done", language, path=out, written=outcome.written, kept=outcome.kept))
        if outcome.failed:
            failed = {"count": len(outcome.failed), "ids": ", ".join(outcome.failed)}
            print(text("eval_run_failed", language, **failed), file=sys.stderr)
            code = INCOMPLETE
    if options.json:
        print(json.dumps(summaries[0] if options.repeat == 1 else summaries, ensure_ascii=False, indent=2))
    return code


def numbered(path: Path, repetition: int) -> Path:
    """The file of a repetition: ``run-2.jsonl`` beside ``run.jsonl``."""
    return path.with_name(f"{path.stem}-{repetition}{path.suffix}")


def score_command(options: argparse.Namespace, language: str) -> int:
    """Measure a run, or the repetitions of one."""
    bars = scores.read_bars(options.bar)
    every = [judged_lines(path, options) for path in options.paths]
    results = [scores.score(lines) for lines in every]
    result, sentences = results[0], report.score_report(results[0], language)
    if options.labels:
        result = {**result, "labels": with_labels(every[0], options.labels)}
        sentences += "\n\n" + report.labels_report(result["labels"], language)
    if options.readings:
        from eval.readings import by_reader, read_readings

        result = {
            **result,
            "read": by_reader(every[0], [one for path in options.readings for one in read_readings(path)]),
        }
        sentences += "\n\n" + report.readings_report(result["read"], language)
    if len(results) > 1:
        result = {**result, "spread": scores.spread(results)}
        sentences += "\n\n" + report.spread_report(result["spread"], language)
    code = show_measured(options, result, sentences, bars, language)
    return code or (INCOMPLETE if any(one["missing"] for one in results) else OK)


def compare_command(options: argparse.Namespace, language: str) -> int:
    """Compare two runs question by question."""
    before, after = (judged_lines(path, options) for path in (options.before, options.after))
    result = comparison.compare(before, after)
    show(options, result, report.comparison_report(result, language))
    return OK


def gate_command(options: argparse.Namespace, language: str) -> int:
    """Hold a run against a baseline, or make it the baseline."""
    lines = judged_lines(options.path, options)
    if options.write:
        kept = comparison.baseline(lines)
        write_atomically(options.baseline, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        show(options, kept["system"], text("eval_baseline_written", language, path=options.baseline, count=len(lines)))
        return OK
    result = comparison.gate(read_baseline(options.baseline), lines)
    show(options, result, report.gate_report(result, language))
    return BAR_MISSED if result["worse"] or result["unmeasured"] else OK


def read_baseline(path: Path) -> dict[str, Any]:
    """Return a committed baseline; raise InputError where the file is none."""
    from eval.questions import read_text

    try:
        kept = json.loads(read_text(path))
        fits = all(isinstance(value, int | float) for values in kept["metrics"].values() for value in values.values())
    except (json.JSONDecodeError, KeyError, AttributeError, TypeError):
        fits = False
    if not fits:
        raise InputError("eval_bad_baseline", path=path)
    return dict(kept)


def report_command(options: argparse.Namespace, language: str) -> int:
    """Write the page, and the summary where one is asked for."""
    from eval import page

    for path in filter(None, (options.out, options.summary)):
        free(path, options.force)
    every = {path.stem: judged_lines(path, options) for path in options.paths}
    labels = with_labels(next(iter(every.values())), options.labels) if options.labels else None
    content = page.content(every, labels, language)
    write_atomically(options.out, page.html(content, language))
    if options.summary:
        write_atomically(options.summary, page.markdown(content, language))
    written = [str(path) for path in (options.out, options.summary) if path]
    show(options, {"written": written}, text("eval_written", language, paths=", ".join(written)))
    return OK


def import_command(options: argparse.Namespace, language: str) -> int:
    """Read a table of questions into a set; every row that does not fit is told, and then nothing is written."""
    from eval import tables

    free(options.out, options.force)
    questions, problems = tables.read_table(options.table)
    if problems:
        for problem in problems:
            print(text(problem.key, language, **problem.values), file=sys.stderr)
        raise InputError("eval_import_refused", count=len(problems), path=options.table)
    write_lines(options.out, questions)
    show(options, {"written": len(questions)}, text("eval_imported", language, count=len(questions), path=options.out))
    return OK


def export_command(options: argparse.Namespace, language: str) -> int:
    """Write a run as a table."""
    from eval import tables

    free(options.out, options.force)
    lines = labelled(options.path, options.questions)
    tables.write_table(lines, options.out, evalap=options.evalap)
    show(options, {"written": len(lines)}, text("eval_exported", language, count=len(lines), path=options.out))
    return OK


def rate_command(options: argparse.Namespace, language: str) -> int:
    """Write a blind sheet of two runs' answers, or read the sheets that readers have filled."""
    from eval import ratings

    if bool(options.sheet) == bool(options.rated):
        raise InputError("eval_rate_one_of")
    before, after = runs.read_run(options.before), runs.read_run(options.after)
    if options.sheet:
        free(options.sheet, options.force)
        count = ratings.write_sheet(before, after, options.sheet, options.count, language)
        show(options, {"written": count}, text("eval_sheet_written", language, count=count, path=options.sheet))
        return OK
    result = ratings.read_sheets(before, after, options.rated, language)
    show(options, result, report.ratings_report(result, language))
    return OK


def audit_command(options: argparse.Namespace, language: str) -> int:
    """Look for each official quote in the original file, with readers that the index does not use."""
    from eval import audit

    result = audit.audit(runs.read_run(options.path), options.folder, language)
    show(options, result, report.audit_report(result, options.bar, language))
    return OK if result["share"] is not None and result["share"] >= options.bar else BAR_MISSED


def peers_command(options: argparse.Namespace, language: str) -> int:
    """Put the same questions to other retrieval systems over the same documents with the same encoder."""
    from corpus.settings import load
    from eval import peers
    from eval.settings import EvalSettings

    result = peers.run(options.questions, options.out, load(EvalSettings), options.only, options.force)
    show(options, result, report.peers_report(result, language))
    return OK


def bench_command(options: argparse.Namespace, language: str) -> int:
    """Measure how fast search, encoding and whole answers are."""
    from assistant.settings import Settings
    from corpus.settings import load
    from eval.speed import measure_speed

    bars = scores.read_bars(options.bar, scores.SPEEDS)
    seconds = measure_speed(options.questions, load(Settings), options.searches, options.answers)
    opening = seconds.pop("open")[0]
    result = {"open": opening, "seconds": scores.speed(seconds)}
    return show_measured(options, result, report.speed_report(result, language), bars, language)


def scale_command(options: argparse.Namespace, language: str) -> int:
    """Measure search on indexes grown with made-up passages; write the rows and their plot."""
    from assistant.settings import Settings
    from corpus.settings import load
    from eval import scale

    options.out.mkdir(parents=True, exist_ok=True)
    rows = scale.measure_scale(options.questions, load(Settings), sorted(options.times or SCALES), options.out)
    write_atomically(options.out / "scale.json", json.dumps(rows))
    write_atomically(options.out / "scale.png", scale.plot(rows, language))
    show(options, rows, report.scale_report(rows, language))
    return OK


def fit_command(options: argparse.Namespace, language: str) -> int:
    """Fit the matching and the decision, and write what ``assistant/weights.json`` holds; its bars stay as they are."""
    from assistant.ask import Assistant
    from assistant.evidence import OF_PASSAGES
    from assistant.matching import WEIGHTS, WEIGHTS_FILE
    from assistant.settings import Settings
    from corpus.settings import load
    from eval import fit
    from eval.plots import reliability_plot

    assistant = Assistant.open(load(Settings))
    questions = [question for path in options.sets for question in read_questions(path)]
    held = fit.cases(assistant, questions)
    rows, answered, writers = fit.evidence(held, assistant)
    holds, sure, answerable = fit.regressed(rows, answered, writers)
    of_passages = [{name: row[name] for name in OF_PASSAGES} for row in rows]
    passages, borne, _ = fit.regressed(of_passages, answered, writers, balanced=True)
    asked = [question.question for question in questions if not set(question.kinds) & fit.REQUESTS]
    talk, told, spoken = fit.regressed(*fit.talk(assistant, asked))
    WEIGHTS.update(ranker=fit.fit_ranker(held), holds=holds, passages=passages, talk=talk)
    # It rests on the others.
    vague, unclear, choices = fit.regressed(*fit.vague(held, assistant), balanced=True)
    WEIGHTS.update(vague=vague)
    write_atomically(WEIGHTS_FILE, json.dumps(WEIGHTS, indent=1) + "\n")
    bins = {
        name: fit.reliability(*both)
        for name, both in {
            "holds": (sure, answerable),
            "passages": (borne, answerable),
            "talk": (told, spoken),
            "vague": (unclear, choices),
        }.items()
    }
    if options.plot:
        write_atomically(options.plot, reliability_plot(bins, language))
    result = {
        "questions": len(answerable),
        "found": fit.found_among(held),
        "refused": fit.refused_at(sure, answerable),
        "reliability": bins,
        **WEIGHTS,
    }
    show(options, result, "\n".join(f"{text('label', language, name=name)} {value}" for name, value in result.items()))
    return OK


# --- what they share ------------------------------------------------------------------------------------------------


def labelled(path: Path, questions: Path | None) -> list[dict[str, Any]]:
    """Return the lines of a run, with the labels of a set where one is given."""
    lines = runs.read_run(path)
    return runs.join_labels(lines, read_questions(questions)) if questions else lines


def judged_lines(path: Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the lines of a run, labelled, and judged by the judge of the option or of the settings."""
    from corpus.settings import load
    from eval.judges import judge, judge_of
    from eval.settings import EvalSettings

    settings = load(EvalSettings)
    if options.judge:
        settings = settings.model_copy(update={"judge": options.judge})
    return judge(labelled(path, options.questions), judge_of(settings))


def with_labels(lines: Sequence[Mapping[str, Any]], path: Path) -> dict[str, Any]:
    """Return the measures on the answers that readers have judged, by them and by the judge."""
    from eval.labels import against_labels, read_labels

    return against_labels(lines, read_labels(path))


def free(path: Path, force: bool) -> None:
    """Raise InputError where a file stands in the way and is not to be replaced, or where there is no folder for it."""
    if path.is_dir():
        raise InputError("eval_is_folder", path=path)
    if path.exists() and not force:
        raise InputError("eval_file_exists", path=path)
    if not path.absolute().parent.is_dir():
        raise InputError("eval_no_folder", path=path.absolute().parent)


def show_measured(
    options: argparse.Namespace, result: Mapping[str, Any], sentences: str, bars: Sequence[scores.Bar], language: str
) -> int:
    """Show the result, then the bars that it does not meet, and return the exit code."""
    missed = scores.missed_bars(bars, result)
    show(options, {**result, "bars_missed": [str(one.bar) for one in missed]}, sentences)
    if missed:
        print(report.bars_report(missed, language), file=sys.stderr)
    return BAR_MISSED if missed else OK


def show(options: argparse.Namespace, result: Mapping[str, Any] | Sequence[Any], sentences: str) -> None:
    """Print the result for a program where ``--json`` asks for it, else for a reader."""
    print(json.dumps(result, ensure_ascii=False, indent=2) if options.json else sentences)
