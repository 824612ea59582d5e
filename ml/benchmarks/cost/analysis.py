"""The cost of ``manage.py analyze_video``, beside bare decoding and beside another version of the project.

The programs take turns, because the load of a machine changes from minute to minute. So ratios are formed within a
turn, and their median is the result.
"""

import os
import platform
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from ml.benchmarks.cost.checkout import HERE, checkout, compile_code
from ml.benchmarks.cost.processes import Cost, measure

PAIRS: Final = 3
NOT_STAGES: Final = ("wall_s", "realtime_factor")
"""Entries of ``timing`` that are not processor seconds of a part."""

Stages = Callable[[], dict[str, Any]]
"""Analyses the recording once and returns ``duration_s``, ``frames`` (sampled) and ``timing``."""


def benchmark(
    video: Path,
    *,
    fps: float,
    stages: Stages,
    compare: str | None = None,
    pairs: int = PAIRS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """The figures as JSON. Raises :class:`ml.benchmarks.cost.processes.BenchmarkFailed`."""
    video = video.resolve()
    here: list[Cost] = []
    there: list[Cost] = []
    bare: list[Cost] = []

    def turns(other: Path | None) -> None:
        for compiled in filter(None, (HERE, other)):
            compile_code(compiled)
        for pair in range(pairs):
            bare.append(measure([sys.executable, "-m", "ml.benchmarks.cost.bare_decoding", video], folder=HERE))
            # Who is first changes: a machine that warms up, or cools, would favour one of them.
            for folder in (HERE, other) if pair % 2 == 0 else (other, HERE):
                if folder is not None:
                    cost = measure(analysis_command(video, fps), folder=folder)
                    (here if folder is HERE else there).append(cost)
            progress(pair + 1, pairs)

    if compare is None:
        turns(None)
    else:
        with checkout(compare) as folder:
            turns(folder)
    # Last, because a child's largest memory is at least that of its parent when it was started.
    found = stages()
    result = {
        "machine": machine(),
        "recording": {"file": video.name, "duration_s": found["duration_s"], "frames": found["frames"], "fps": fps},
        "analysis": _median(here, found["duration_s"]),
        "bare_decoding": _median(bare, found["duration_s"]),
        "ratio_to_bare_decoding": _ratios(here, bare),
        "stages_ms_per_frame": _stages(found),
        "sound_realtime_factor": _times_real_time(found["duration_s"], found["timing"]["speech_emotion_s"]),
    }
    if compare is not None:
        result["compared"] = {"with": compare, **_median(there, found["duration_s"]), "ratio": _ratios(here, there)}
    return result


def text(result: dict[str, Any]) -> str:
    """The figures for a terminal."""
    recording, analysis, bare = result["recording"], result["analysis"], result["bare_decoding"]
    ratio = result["ratio_to_bare_decoding"]
    lines = [
        f"{recording['file']}, {recording['duration_s']:.1f} s, {recording['frames']} frames at {recording['fps']:g}/s",
        f"  analysis       {analysis['wall_s']:7.2f} s wall, {analysis['processor_s']:7.2f} s processor, "
        f"{analysis['realtime_factor']:.1f} times real time, {analysis['peak_memory_mb']:.0f} MB",
        f"  bare decoding  {bare['wall_s']:7.2f} s wall, {bare['processor_s']:7.2f} s processor; the analysis takes "
        f"{ratio['processor']:.2f} times as much of the processor",
        "  processor ms per sampled frame: "
        + ", ".join(f"{name} {ms:.2f}" for name, ms in result["stages_ms_per_frame"].items()),
    ]
    if "compared" in result:
        compared = result["compared"]
        lines.append(
            f"  {compared['with']}: {compared['wall_s']:.2f} s wall, {compared['processor_s']:.2f} s processor; this "
            f"version takes {compared['ratio']['processor']:.2f} of it (pairs: {compared['ratio']['pairs']})"
        )
    return "\n".join(lines)


def analysis_command(video: Path, fps: float) -> list[str | Path]:
    """The whole command that is measured, in a folder of the project."""
    return [sys.executable, "manage.py", "analyze_video", video, "--fps", str(fps), "--json", "-"]


def _median(costs: list[Cost], duration_s: float) -> dict[str, Any]:
    """The run with the median processor seconds."""
    middle = sorted(costs, key=lambda cost: cost.processor_s)[len(costs) // 2]
    return middle.to_json() | {"realtime_factor": _times_real_time(duration_s, middle.wall_s)}


def _ratios(one: list[Cost], other: list[Cost]) -> dict[str, Any]:
    """Of processor seconds and wall time, turn by turn, and the medians."""
    pairs = [round(a.processor_s / b.processor_s, 3) for a, b in zip(one, other, strict=True)]
    walls = [a.wall_s / b.wall_s for a, b in zip(one, other, strict=True)]
    return {"processor": statistics.median(pairs), "wall": round(statistics.median(walls), 3), "pairs": pairs}


def _stages(found: dict[str, Any]) -> dict[str, float]:
    per_frame = 1000 / max(1, found["frames"])
    parts = {key.removesuffix("_s"): value for key, value in found["timing"].items() if key not in NOT_STAGES}
    return {key: round(value * per_frame, 3) for key, value in parts.items()}


def _times_real_time(duration_s: float, took_s: float) -> float:
    return round(duration_s / took_s, 2) if took_s > 0 else 0.0


def machine() -> dict[str, Any]:
    """What was measured on, and when."""
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
