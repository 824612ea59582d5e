"""MODEL_CARD.md, written from the manifest and the stored evaluation alone, so that no number in it can drift.

A card is a head and a sequence of sections. Sections are functions of manifest and evaluation that yield lines of
Markdown; those of a network are :data:`NETWORK`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from ml.artifacts import Manifest
from ml.training import plots
from ml.training.evaluation import EvaluationRecord

FILE: Final = "MODEL_CARD.md"

Section = Callable[[Manifest, EvaluationRecord], Iterator[str]]


def render(manifest: Manifest, record: EvaluationRecord, sections: Sequence[Section]) -> str:
    """The card's Markdown."""
    lines = [*_head(manifest, record)]
    for section in sections:
        lines += section(manifest, record)
    return "\n".join(lines).rstrip() + "\n"


def _head(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    yield f"# {manifest.name}, version {manifest.version}"
    yield ""
    yield record.notes["summary"]
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| modality | `{manifest.modality}` |"
    yield f"| file | `{manifest.file}`, sha256 `{manifest.sha256}` |"
    if manifest.kind == "network":
        yield f"| parameters | {manifest.parameters:,} |"
    yield f"| input | {manifest.input['description']} |"
    yield f"| labels | {', '.join(manifest.labels)} |"
    if manifest.kind == "network":
        yield f"| temperature | {manifest.temperature} |"
    yield f"| data | {manifest.data} |"
    yield f"| terms | {manifest.licence} |"
    yield f"| protocol | {manifest.protocol} |"
    yield f"| made | {manifest.created_at} |"
    yield ""


def results(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    """The scores on every set."""
    yield "## Figures"
    yield ""
    yield "All figures were made with the shipped file, calibrated, unless a note says otherwise."
    yield ""
    yield from table(
        ("set", "n", "accuracy (95 % interval)", "macro-F1", "UAR", "ECE"),
        (
            (
                result["title"],
                result["n"],
                interval(result["accuracy"], result["accuracy_interval"]),
                percent(result["macro_f1"]),
                percent(result["uar"]),
                f"{result['ece']:.3f}",
            )
            for result in record.measured
        ),
    )
    yield ""
    yield from (f"- {result['title']}: {result['note']}" for result in record.measured if result["note"])
    yield ""


def recalls(results: int = 1) -> Section:
    """Recall per class of the first ``results`` sets, beside each other."""

    def section(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
        shown = record.measured[:results]
        labels = shown[0]["labels"]
        yield f"Recall per class ({' / '.join(result['title'] for result in shown)}):"
        yield ""
        cells = (" / ".join(_recall(result["per_class_recall"][label]) for result in shown) for label in labels)
        yield from table(labels, [tuple(cells)])
        yield ""

    return section


def figures(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    """Confusion matrix, reliability diagram and, of what was trained, the learning curve."""
    yield f"![Confusion matrix]({plots.CONFUSION})"
    yield f"![Reliability diagram]({plots.RELIABILITY})"
    if record.history:
        yield f"![Learning curve]({plots.LEARNING})"
    yield ""


def calibration(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    yield (
        f"Calibration: expected calibration error on validation {record.calibration['ece_before']:.3f} before and "
        f"{record.calibration['ece_after']:.3f} after temperature scaling (15 bins)."
    )
    yield ""


def class_prior(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    """The shares of the labels in training and in use."""
    prior = manifest.class_prior
    if prior is None:
        return
    yield "## Class prior"
    yield ""
    yield (
        "Where labels occur in other shares than in training, probabilities are corrected by the ratio of the shares "
        "(label shift). Reports are corrected from the first row to the second, unless the organization turns that "
        f"off; all figures of this card are without the correction. *Use*: {prior.source}."
    )
    yield ""
    rows = (("training", prior.training), ("use", prior.use))
    yield from table(("shares", *manifest.labels), ((name, *map(percent, shares)) for name, shares in rows))
    yield ""


def speed(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    measured = record.extra.get("speed")
    if measured:
        yield (
            f"Speed: {measured['median_ms']:.2f} ms of processor time for one example on one thread (median of "
            f"{measured['n']}; 95 % within {measured['p95_ms']:.2f} ms), on the machine on which it was measured."
        )
        yield ""


def corruption_robustness(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    """One table per set, one row per corruption."""
    measured = record.extra.get("robustness", ())
    if not measured:
        return
    yield "## Corruption robustness"
    yield ""
    yield (
        "The same pictures or clips, corrupted. *Label changes*: share of them that get another label than without the "
        "corruption. *Distribution shift*: total variation distance between the distributions of labels, which are "
        "what a report shows. *Largest shift*: the label whose share changes most, in percentage points."
    )
    for one in measured:
        with_uar = "uar" in one["rows"][0]
        columns = ["accuracy (95 % interval)", "label changes", "distribution shift", "largest shift"]
        if with_uar:
            columns.insert(1, "UAR")
        yield ""
        yield from table((one["title"], "n", *columns), (_corruption(row, with_uar=with_uar) for row in one["rows"]))
    yield ""


def _corruption(row: dict[str, Any], *, with_uar: bool) -> tuple[Any, ...]:
    label, by = row["most"]
    return (
        row["condition"],
        row["n"],
        interval(row["accuracy"], row["interval"]),
        *([percent(row["uar"])] if with_uar else []),
        percent(row["changed"]),
        percent(row["moved"]),
        f"{label} {100 * by:+.1f}" if by else "",
    )


def tables(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    """Further tables: each a ``title``, a ``text``, ``columns`` and ``rows`` of cells."""
    for one in record.extra.get("tables", ()):
        yield f"## {one['title']}"
        yield ""
        yield one["text"]
        yield ""
        yield from table(one["columns"], one["rows"])
        yield ""


def paper_claim(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    yield "## What the paper claims"
    yield ""
    yield record.notes["paper_claim"]
    yield ""


def notes(heading: str, key: str) -> Section:
    """A list of the sentences that stand under ``key`` in the notes."""

    def section(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
        yield f"## {heading}"
        yield ""
        yield from (f"- {sentence}" for sentence in record.notes[key])
        yield ""

    return section


NETWORK: Final[tuple[Section, ...]] = (
    results,
    recalls(),
    figures,
    calibration,
    class_prior,
    speed,
    corruption_robustness,
    tables,
    paper_claim,
    notes("How it was trained", "recipe"),
    notes("Limits", "limits"),
)


def table(columns: Sequence[str], rows: Any) -> Iterator[str]:
    """A Markdown table; ``rows`` are sequences of as many cells."""
    yield f"| {' | '.join(columns)} |"
    yield "|" + "---|" * len(columns)
    yield from (f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)


def percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"


def interval(share: float, bounds: Sequence[float]) -> str:
    """A share with its 95 % interval, in percent."""
    return f"{percent(share)} ({percent(bounds[0])} to {percent(bounds[1])})"


def _recall(share: float | None) -> str:
    return "none in the set" if share is None else percent(share)
