"""The metrics of the gaze benchmark as text for a terminal."""

from typing import Any

from ml.benchmarks.gaze.ground_truth import MODES
from ml.benchmarks.gaze.stability import SETTLED_S


def text(metrics: dict[str, Any]) -> str:
    """A table by condition, then blinks, flicker, latency and the angle error of turned heads."""
    lines = [
        f"eye_gaze {metrics['version']}: {metrics['people']} people ({metrics['half']}), "
        f"{metrics['sessions']} sessions, {metrics['frames']} frames",
        f"  {'':20} {'calibrated':>11} {'uncalibrated':>13} {'paper':>8}  refused",
    ]
    for title, row in (("all", metrics["all"]), *metrics["conditions"].items()):
        lines.append(
            f"  {title:20} {row['calibrated']['accuracy']:>11.1%} {row['uncalibrated']['accuracy']:>13.1%} "
            f"{row['paper']['accuracy']:>8.1%}  {row['calibrated']['refused']}"
        )
    blinks, flicker, latency = metrics["blinks"], metrics["flicker"], metrics["latency"]
    lines.append(f"  blinks: precision {blinks['precision']['share']:.1%}, recall {blinks['recall']['share']:.1%}")
    for mode in MODES:
        lines.append(f"  flicker of a steady gaze at a border, {mode}, changes of area per second (returns):")
        lines += [
            f"    {title} {flicker[mode + variant]['changes']:.2f} ({flicker[mode + variant]['returns']:.2f})"
            for variant, title in (("", "recorded"), ("_live", "live"), ("_raw", "without hysteresis"))
        ]
        live = latency[mode + "_live"]
        lines.append(
            f"  latency of looks aside, live, {mode}: {live['in_time']['share']:.1%} detected within {SETTLED_S} s, "
            f"{live['detected']['share']:.1%} at all, median {live['median_s']} s"
        )
    angles = metrics["angles"]
    lines.append(
        f"  angle error, heads turned by up to 40 degrees: {_errors(angles)}, "
        f"{angles['measured']} of {angles['looks']} looks measured"
    )
    lines += [f"    head {band} degrees aside: {_errors(row)}" for band, row in angles["by_yaw"].items()]
    return "\n".join(lines)


def _errors(row: dict[str, Any]) -> str:
    return f"median {row['median_deg']}, 90 % {row['p90_deg']} degrees"
