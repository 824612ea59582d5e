"""MODEL_CARD.md of a gaze geometry, written from the manifest and the stored figures alone."""

from collections.abc import Iterator
from typing import Any, Final

from ml.artifacts import Manifest
from ml.benchmarks.gaze.ground_truth import MODES
from ml.benchmarks.gaze.stability import SETTLED_S
from ml.training.evaluation import EvaluationRecord

COMMAND: Final = "python manage.py benchmark_gaze --videos FOLDER"


def render(manifest: Manifest, stored: EvaluationRecord) -> str:
    """The card's Markdown."""
    return "\n".join(_lines(manifest, stored)).rstrip() + "\n"


def _lines(manifest: Manifest, stored: EvaluationRecord) -> Iterator[str]:
    notes, found = stored.notes, stored.extra["benchmark"]
    yield f"# {manifest.name}, version {manifest.version}"
    yield ""
    yield notes["summary"]
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| modality | `{manifest.modality}` |"
    yield f"| file | `{manifest.file}`, sha256 `{manifest.sha256}` |"
    yield f"| input | {manifest.input['description']} |"
    yield f"| labels | {', '.join(manifest.labels)}; `unknown` while the eyes are closed |"
    yield f"| data | {manifest.data} |"
    yield f"| terms | {manifest.licence} |"
    yield f"| protocol | {manifest.protocol} |"
    yield f"| made | {manifest.created_at} |"
    yield ""
    yield "## Figures"
    yield ""
    yield (
        f"Nine areas, {found['people']} rendered people, {found['sessions']} sessions, {found['frames']:,} frames; the "
        f"same frames read in three ways (`{COMMAND}`). Guessing gives 11.1 %. Intervals are of 95 %, with looks as "
        "their number."
    )
    yield ""
    yield "| frames | looks | calibrated | uncalibrated | the paper's rule | refused | error at a dot |"
    yield "|---|---|---|---|---|---|---|"
    for title, row in (("**all**", found["all"]), *found["conditions"].items()):
        error = row["calibrated"]["left_out_error_deg"]
        yield (
            f"| {title} | {row['calibrated']['looks']} | {_accuracy(row['calibrated'])} | "
            f"{_accuracy(row['uncalibrated'])} | {_accuracy(row['paper'])} | {row['calibrated']['refused']} | "
            f"{'' if error is None else f'{error:.1f} degrees'} |"
        )
    yield ""
    yield (
        "*Refused* calibrations leave their session to be read without one, and counted so under *calibrated*. *Error "
        "at a dot*: of the map that the other eight dots make, the mean."
    )
    yield ""
    blinks = found["blinks"]
    yield (
        f"**Blinks** ({blinks['closed_frames']} frames with closed eyes): precision {_share(blinks['precision'])}, "
        f"recall {_share(blinks['recall'])}. By condition, recall: "
        + ", ".join(f"{name} {100 * share['share']:.0f} %" for name, share in blinks["recall_by_condition"].items())
        + "."
    )
    yield ""
    yield (
        "**Flicker**, while a gaze rests on a border of the middle area or near it, per second: *returns* to an area "
        f"that this look had left, and all *changes* later than {SETTLED_S} s after it went there, among them those of "
        "looks so near to the border that they are noticed late. **Answers**: looks aside after a while straight ahead "
        f"named with their own area within {SETTLED_S} s, and the time after which half and nine tenths of those that "
        "are named at all are, at ten frames a second. In a recording a change counts from the reading with which it "
        "began."
    )
    yield ""
    yield "| | returns | changes | answered in time | half after | nine tenths after |"
    yield "|---|---|---|---|---|---|"
    ways = [
        (f"{mode}, {title}", mode + way)
        for mode in MODES
        for way, title in (("", "recorded"), ("_live", "live"), ("_unsteadied", "not steadied"))
    ]
    for title, way in (*ways, ("the paper's rule", "paper")):
        rates, row = found["flicker"][way], found["answers"][way]
        yield (
            f"| {title} | {rates['returns']:.2f} | {rates['changes']:.2f} | {_share(row['in_time'])} | "
            f"{_seconds(row['median_s'])} | {_seconds(row['nine_tenths_s'])} |"
        )
    yield ""
    yield "Recall by area (calibrated / uncalibrated):"
    yield ""
    yield "| " + " | ".join(manifest.labels) + " |"
    yield "|" + "---|" * len(manifest.labels)
    calibrated, uncalibrated = (m["per_class_recall"] for m in stored.measured[:2])
    yield "| " + " | ".join(f"{_percent(calibrated[a])} / {_percent(uncalibrated[a])}" for a in manifest.labels) + " |"
    yield ""
    yield "![Confusion matrix](confusion.png)"
    yield "![Reliability diagram](reliability.png)"
    yield ""
    for title, key in (("How it works", "recipe"), ("Limits", "limits")):
        yield f"## {title}"
        yield ""
        yield from (f"- {line}" for line in notes[key])
        yield ""


def _accuracy(row: dict[str, Any]) -> str:
    low, high = row["interval"]
    return f"{_percent(row['accuracy'])} ({_percent(low)} to {_percent(high)})"


def _share(row: dict[str, Any]) -> str:
    low, high = row["interval"]
    return f"{_percent(row['share'])} ({_percent(low)} to {_percent(high)})"


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f} s"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"
