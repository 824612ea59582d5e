"""The sections of a gaze geometry's model card, in place of those of a network."""

from collections.abc import Iterator
from typing import Any, Final

from ml.artifacts import Manifest
from ml.benchmarks.gaze.angles import TURN_DEG
from ml.benchmarks.gaze.ground_truth import MODES
from ml.benchmarks.gaze.stability import SETTLED_S
from ml.training import card
from ml.training.evaluation import EvaluationRecord

COMMAND: Final = "python manage.py benchmark_gaze --videos FOLDER"


def _results(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    metrics = record.extra["benchmark"]
    yield "## Figures"
    yield ""
    yield (
        f"Nine areas, {metrics['people']} rendered people, {metrics['sessions']} sessions, {metrics['frames']:,} "
        f"frames (`{COMMAND}`). Three methods label the same frames. Chance is 11.1 %. Intervals are 95 % Wilson "
        "intervals with the number of looks as sample size."
    )
    yield ""
    yield "| condition | looks | calibrated | uncalibrated | the paper's rule | refused | calibration error |"
    yield "|---|---|---|---|---|---|---|"
    for title, row in (("**all**", metrics["all"]), *metrics["conditions"].items()):
        error = row["calibrated"]["left_out_error_deg"]
        yield (
            f"| {title} | {row['calibrated']['looks']} | {_accuracy(row['calibrated'])} | "
            f"{_accuracy(row['uncalibrated'])} | {_accuracy(row['paper'])} | {row['calibrated']['refused']} | "
            f"{'' if error is None else f'{error:.1f} degrees'} |"
        )
    yield ""
    yield (
        "*Refused*: sessions whose calibration was refused. They are measured without one and count under "
        "*calibrated*. *Calibration error*: mean leave-one-target-out error of the calibrations."
    )
    yield ""
    blinks = metrics["blinks"]
    yield (
        f"**Blinks** ({blinks['closed_frames']} frames with closed eyes): precision {_share(blinks['precision'])}, "
        f"recall {_share(blinks['recall'])}. By condition, recall: "
        + ", ".join(f"{name} {100 * share['share']:.0f} %" for name, share in blinks["recall_by_condition"].items())
        + "."
    )
    yield ""
    yield (
        "**Flicker**: changes of area per second while the gaze rests on or near a border of the middle area. "
        f"*Returns* go to an area that the same look had left. *Changes* are all later than {SETTLED_S} s after the "
        "look began; they include the late detection of looks close to the border."
    )
    yield ""
    yield (
        "**Latency**: time until a look aside, after a look straight ahead, is labelled with its own area, at ten "
        f"frames a second. *In time*: proportion of looks detected within {SETTLED_S} s. *Median* and *90 %*: "
        "quantiles of the latency of detected looks. In a recording a change counts from the sample at which it began."
    )
    yield ""
    yield "| | returns | changes | in time | median | 90 % |"
    yield "|---|---|---|---|---|---|"
    variants = [
        (f"{mode}, {title}", mode + variant)
        for mode in MODES
        for variant, title in (("", "recorded"), ("_live", "live"), ("_raw", "without hysteresis"))
    ]
    for title, variant in (*variants, ("the paper's rule", "paper")):
        rates, row = metrics["flicker"][variant], metrics["latency"][variant]
        yield (
            f"| {title} | {rates['returns']:.2f} | {rates['changes']:.2f} | {_share(row['in_time'])} | "
            f"{_seconds(row['median_s'])} | {_seconds(row['p90_s'])} |"
        )
    yield ""


def _angles(manifest: Manifest, record: EvaluationRecord) -> Iterator[str]:
    angles = record.extra["benchmark"]["angles"]
    yield "## Angle from the camera"
    yield ""
    yield (
        f"Error of the direction of single looks, head and eyes together, on {angles['looks']} rendered looks of the "
        f"same people with heads turned by up to {TURN_DEG[0]:.0f} degrees aside and {TURN_DEG[1]:.0f} up or down. "
        f"{angles['measured']} of them were measured."
    )
    yield ""
    yield "| head turned aside by | looks | median error | 90 % |"
    yield "|---|---|---|---|"
    for title, row in (("**any angle**", angles), *angles["by_yaw"].items()):
        unit = "" if row is angles else " degrees"
        yield f"| {title}{unit} | {row['looks']} | {_degrees(row['median_deg'])} | {_degrees(row['p90_deg'])} |"
    yield ""


SECTIONS: Final = (
    _results,
    card.recalls(2),
    card.figures,
    _angles,
    card.notes("How it works", "recipe"),
    card.notes("Limits", "limits"),
)


def _accuracy(row: dict[str, Any]) -> str:
    return card.interval(row["accuracy"], row["interval"])


def _share(row: dict[str, Any]) -> str:
    return card.interval(row["share"], row["interval"])


def _seconds(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f} s"


def _degrees(value: float | None) -> str:
    return "none" if value is None else f"{value:.1f} degrees"
