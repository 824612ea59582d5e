"""A report for reading in a terminal, written from the JSON of :mod:`analysis.reporting.report`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from analysis.models import MetricKey, Modality
from analysis.reasons import gaps_in_words
from ml.timeline import UNKNOWN

WIDTH: Final = 100
BAR: Final = 20


def report_text(report: Mapping[str, Any]) -> str:
    return "\n".join(
        [
            *_head(report),
            *_modalities(report),
            *_metrics(report),
            *_left_out(report),
            *_transcript(report),
            *_foot(report),
        ]
    )


def _head(report: Mapping[str, Any]) -> Iterator[str]:
    recording, timing = report["recording"], report["timing"]
    sound = "with sound" if recording["has_audio"] else "without an audio track"
    yield (
        f"Recording  {recording['duration_s']:.1f} s, {recording['width']} x {recording['height']},"
        f" {recording['fps']:.2f} frames/s, {sound}"
    )
    yield f"Analysed   in {timing['wall_s']:.1f} s, {timing['realtime_factor']:.1f} times as fast as it plays"
    for note in report["notes"]:
        yield from textwrap.wrap(note, WIDTH)
    for person in report["people"]:
        yield _person(person)


def _left_out(report: Mapping[str, Any]) -> Iterator[str]:
    for rule in report["left_out"]:
        yield ""
        yield f"Left out: {', '.join(rule['names'])}"
        yield from _wrapped(f"{rule['title']}. {rule['source']}")


def _person(person: Mapping[str, Any]) -> str:
    what = "still picture" if person["kind"] == "still_picture" else "person"
    read = "  read as the candidate" if person["is_candidate"] else ""
    place = ",".join(f"{number:g}" for number in (person["at_s"], *person["box"]))
    return f"  {what:<14} {person['first_s']:>7.1f} - {person['last_s']:>7.1f} s  at {place}{read}"


def _modalities(report: Mapping[str, Any]) -> Iterator[str]:
    for key, result in report["modalities"].items():
        name = Modality(key).label
        model = result["model"]
        yield ""
        if not result["available"]:
            yield f"{name}: not measured"
            yield from _wrapped(result["reason"])
            yield from _gaps(result["gaps_s"])
            continue
        yield f"{name}: {result['observed_s']:.1f} s observed, {result['coverage']:.0%} of the recording"
        if result["reason"]:
            yield from _wrapped(result["reason"])
        if not result["enough"]:
            yield "  Too little was observed for these shares to mean much."
        for label, share in sorted(result["shares"].items(), key=lambda item: -item[1]):
            if result["counts"][label]:
                yield f"  {label:<14} {'#' * round(share * BAR):<{BAR}} {share:>6.1%}  {result['counts'][label]:>6}"
        if result["counts"].get(UNKNOWN):
            yield f"  {'not readable':<14} {'(blink, eyes hidden)':<{BAR}} {'':>6}  {result['counts'][UNKNOWN]:>6}"
        yield from _gaps(result["gaps_s"])
        if model is not None:
            yield f"  model {model['name']} {model['version']}, sha256 {model['sha256'][:12]}"


def _gaps(gaps_s: Mapping[str, float]) -> list[str]:
    """``Not read: no face in view 3.2 s, too dark 1.0 s``, wrapped; no line without gaps."""
    gaps = ", ".join(f"{words} {seconds:.1f} s" for words, seconds in gaps_in_words(gaps_s))
    return _wrapped(f"Not read: {gaps}") if gaps else []


def _metrics(report: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    for key, metric in report["metrics"].items():
        value = "-" if metric["value"] is None else f"{metric['value']:.2f}"
        coverage = "" if metric["coverage"] is None else f", coverage {metric['coverage']:.0%}"
        yield f"{MetricKey(key).label}: {value} (definition {metric['definition']}{coverage})"
        if metric["reason"]:
            yield from _wrapped(metric["reason"])
        for evidence in metric["evidence"]:
            yield f"  {evidence['start_s']:>7.1f} - {evidence['end_s']:>7.1f} s  {evidence['text']}"


def _transcript(report: Mapping[str, Any]) -> Iterator[str]:
    transcript = report.get("transcript")
    if transcript is None:
        return
    model = transcript["model"]
    yield ""
    yield f"Transcript: {len(transcript['sentences'])} sentences" if not transcript["reason"] else "Transcript: none"
    if transcript["reason"]:
        yield from _wrapped(transcript["reason"])
    for sentence in transcript["sentences"]:
        lead = f"  {sentence['start_s']:>7.1f} - {sentence['end_s']:>7.1f} s  "
        words = sentence["text"] or f"({sentence['reason']})"
        yield from textwrap.wrap(words, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead))
    if model is not None:
        yield f"  model {model['name']} {model['version']}, sha256 {model['sha256'][:12]}"


def _foot(report: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield from textwrap.wrap(report["statement"], WIDTH)


def _wrapped(sentence: str) -> list[str]:
    return textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="  ")
