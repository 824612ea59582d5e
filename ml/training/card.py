"""MODEL_CARD.md, written from the manifest and the stored figures alone, so that no number in it can drift."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from ml.artifacts import Manifest
from ml.training import plots
from ml.training.evaluation import EvaluationRecord

FILE: Final = "MODEL_CARD.md"


def render(manifest: Manifest, stored: EvaluationRecord) -> str:
    """The card's Markdown."""
    return "\n".join(_lines(manifest, stored)).rstrip() + "\n"


def _lines(manifest: Manifest, stored: EvaluationRecord) -> Iterator[str]:
    notes = stored.notes
    yield f"# {manifest.name}, version {manifest.version}"
    yield ""
    yield notes["summary"]
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| modality | `{manifest.modality}` |"
    yield f"| file | `{manifest.file}`, sha256 `{manifest.sha256}` |"
    yield f"| parameters | {manifest.parameters:,} |"
    yield f"| input | {manifest.input['description']} |"
    yield f"| labels | {', '.join(manifest.labels)} |"
    yield f"| temperature | {manifest.temperature} |"
    yield f"| data | {manifest.data} |"
    yield f"| terms | {manifest.licence} |"
    yield f"| protocol | {manifest.protocol} |"
    yield f"| made | {manifest.created_at} |"
    yield ""
    yield "## Figures"
    yield ""
    yield "All figures were made with the shipped file, calibrated, unless a note says otherwise."
    yield ""
    yield "| set | n | accuracy (95 % interval) | macro-F1 | UAR | ECE |"
    yield "|---|---|---|---|---|---|"
    for measured in stored.measured:
        low, high = measured["accuracy_interval"]
        yield (
            f"| {measured['title']} | {measured['n']} | {_percent(measured['accuracy'])} "
            f"({_percent(low)} to {_percent(high)}) | {_percent(measured['macro_f1'])} | {_percent(measured['uar'])} | "
            f"{measured['ece']:.3f} |"
        )
    yield ""
    for measured in stored.measured:
        if measured["note"]:
            yield f"- {measured['title']}: {measured['note']}"
    yield ""
    yield from _recalls(stored.measured[0])
    yield f"![Confusion matrix]({plots.CONFUSION})"
    yield f"![Reliability diagram]({plots.RELIABILITY})"
    if stored.history:
        yield f"![Learning curve]({plots.LEARNING})"
    yield ""
    yield (
        f"Calibration: expected calibration error on validation {stored.calibration['ece_before']:.3f} before and "
        f"{stored.calibration['ece_after']:.3f} after temperature scaling (15 bins)."
    )
    yield ""
    yield from _speed(stored.extra.get("speed"))
    yield from _robustness(stored.extra.get("robustness", ()))
    yield from _tables(stored.extra.get("tables", ()))
    yield "## What the paper claims"
    yield ""
    yield notes["paper_claim"]
    yield ""
    yield "## How it was trained"
    yield ""
    yield from (f"- {line}" for line in notes["recipe"])
    yield ""
    yield "## Limits"
    yield ""
    yield from (f"- {line}" for line in notes["limits"])


def _recalls(measured: dict[str, Any]) -> Iterator[str]:
    yield f"Recall per class ({measured['title']}):"
    yield ""
    yield "| " + " | ".join(measured["labels"]) + " |"
    yield "|" + "---|" * len(measured["labels"])
    recalls = (measured["per_class_recall"][label] for label in measured["labels"])
    yield "| " + " | ".join("none in the set" if recall is None else _percent(recall) for recall in recalls) + " |"
    yield ""


def _speed(speed: dict[str, Any] | None) -> Iterator[str]:
    if speed:
        yield (
            f"Speed: {speed['median_ms']:.2f} ms of processor time for one example on one thread (median of "
            f"{speed['n']}; 95 % within {speed['p95_ms']:.2f} ms), on the machine on which it was measured."
        )
        yield ""


def _robustness(tables: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not tables:
        return
    yield "## When pictures or sound come worse"
    yield ""
    yield (
        "The same pictures or clips changed. *Other label*: share that is read as something else than unchanged. "
        "*Shares move*: by how much the distribution of labels, which is what a report shows, is off."
    )
    for table in tables:
        yield ""
        with_uar = "uar" in table["rows"][0]
        yield (
            f"| {table['title']} | n | accuracy (95 % interval) |{' UAR |' * with_uar} other label | shares move | "
            "moves most |"
        )
        yield "|---|---|---|---|---|---|" + "---|" * with_uar
        for row in table["rows"]:
            low, high = row["interval"]
            label, by = row["most"]
            yield (
                f"| {row['condition']} | {row['n']} | {_percent(row['accuracy'])} ({_percent(low)} to "
                f"{_percent(high)}) | {_percent(row['uar']) + ' | ' if with_uar else ''}{_percent(row['changed'])} | "
                f"{_percent(row['moved'])} | "
                f"{f'{label} {100 * by:+.1f}' if by else ''} |"
            )
    yield ""


def _tables(tables: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Further tables: a heading, a sentence, columns and rows of cells."""
    for table in tables:
        yield f"## {table['title']}"
        yield ""
        yield table["text"]
        yield ""
        yield "| " + " | ".join(table["columns"]) + " |"
        yield "|" + "---|" * len(table["columns"])
        yield from ("| " + " | ".join(row) + " |" for row in table["rows"])
        yield ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
