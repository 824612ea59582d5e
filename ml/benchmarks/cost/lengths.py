"""The cost of the analysis against the length of the recording and the frame rate, as figures, a plot and a page."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import av
import numpy as np

from ml.benchmarks.cost.analysis import analysis_command, machine
from ml.benchmarks.cost.checkout import HERE, compile_code
from ml.benchmarks.cost.processes import BenchmarkFailed, measure
from ml.media.packets import PacketWriter
from ml.media.probe import probe

PAGE: Final = "performance.md"
PLOT: Final = "performance.png"


def benchmark(
    video: Path,
    *,
    minutes: Sequence[float],
    rates: Sequence[float],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """The figures as JSON: one of ``runs`` for each length in ``minutes`` and each frame rate, with bare decoding of
    the same recording. Recordings are made by repeating ``video``. Raises
    :class:`ml.benchmarks.cost.processes.BenchmarkFailed`."""
    compile_code(HERE)
    runs: list[dict[str, Any]] = []
    before = machine()
    with TemporaryDirectory(prefix="candor-length-") as folder:
        path = Path(folder) / "recording.mkv"
        for length_min in sorted(minutes):
            duration_s = repeat(video, path, times=max(1, round(length_min * 60 / probe(video).duration_s)))
            bare = measure([sys.executable, "-m", "ml.benchmarks.cost.bare_decoding", path], folder=HERE)
            for fps in rates:
                cost = measure(analysis_command(path, fps), folder=HERE)
                runs.append(
                    {
                        "duration_s": round(duration_s, 1),
                        "fps": fps,
                        **cost.to_json(),
                        "realtime_factor": round(duration_s / cost.wall_s, 2),
                        "bare_processor_s": round(bare.processor_s, 3),
                    }
                )
                progress(len(runs), len(minutes) * len(rates))
    return {"machine": before, "recording": video.name, "runs": runs}


def repeat(video: Path, target: Path, *, times: int) -> float:
    """Writes the packets of ``video`` so often one after the other, and returns the length in seconds."""
    info = probe(video)
    duration_s = info.duration_s
    if info.video is None or len(info.clock) > 1:
        raise BenchmarkFailed(f"{video.name} cannot be repeated: it must have a picture and one clock.")
    with av.open(str(target), "w") as output:
        writer: PacketWriter | None = None
        for number in range(times):
            with av.open(str(video)) as container:
                streams = [*container.streams.video[:1], *container.streams.audio[:1]]
                writer = writer or PacketWriter(output, streams)
                for packet in container.demux(streams):
                    if packet.time_base is None or packet.pts is None or packet.dts is None or not packet.size:
                        continue
                    if packet.pts * packet.time_base >= duration_s:
                        continue  # the sound may be a little longer than the picture
                    shift = round(number * duration_s / packet.time_base)
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    writer.write(packet)
    return times * duration_s


def write_page(result: dict[str, Any], folder: Path) -> None:
    """The page with its plot in ``folder``."""
    draw(result, folder / PLOT)
    (folder / PAGE).write_text(page(result), encoding="utf-8")


def page(result: dict[str, Any]) -> str:
    """The page as Markdown."""
    machine_of = result["machine"]
    lines = [
        "# What an analysis costs",
        "",
        f"Measured at {machine_of['at']} on {machine_of['processors']} processors ({machine_of['processor']}, Python"
        f" {machine_of['python']}, load before {machine_of['load_before']:g}) with",
        "`python manage.py benchmark_length VIDEO --page docs`: the whole command `analyze_video`, start-up included,",
        f"for {result['recording']}, repeated to each length. Bare decoding reads the same file and drops its frames.",
        "",
        "![Processor seconds against minutes of the recording](performance.png)",
        "",
        "| length | frames/s | wall | times real time | processor | per second of recording | bare decoding | memory |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {run['duration_s'] / 60:.1f} min | {run['fps']:g} | {run['wall_s']:.0f} s | {run['realtime_factor']:.1f} |"
        f" {run['processor_s']:.0f} s | {1000 * run['processor_s'] / run['duration_s']:.0f} ms |"
        f" {run['bare_processor_s']:.0f} s | {run['peak_memory_mb']:.0f} MB |"
        for run in result["runs"]
    ]
    return "\n".join(lines) + "\n"


def draw(result: dict[str, Any], path: Path) -> None:
    """Processor seconds against the length, a line for each frame rate and for bare decoding."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 3.8), dpi=90, layout="constrained")
    runs = result["runs"]
    for fps in sorted({run["fps"] for run in runs}):
        points = np.array([(run["duration_s"] / 60, run["processor_s"]) for run in runs if run["fps"] == fps])
        axes.plot(*points.T, marker="o", label=f"{fps:g} frames a second")
    bare = np.array([(run["duration_s"] / 60, run["bare_processor_s"]) for run in runs])
    axes.plot(*bare.T, marker="o", color="#9aa5b1", label="bare decoding")
    axes.set_xlabel("length of the recording, minutes")
    axes.set_ylabel("processor seconds")
    axes.set_xlim(0)
    axes.set_ylim(0)
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


def text(result: dict[str, Any]) -> str:
    """The figures for a terminal."""
    return "\n".join(
        f"{run['duration_s']:7.1f} s at {run['fps']:g}/s: {run['wall_s']:.1f} s wall, "
        f"{run['realtime_factor']:.1f} times real time, {run['processor_s']:.1f} s processor, "
        f"bare decoding {run['bare_processor_s']:.1f} s, "
        f"{run['peak_memory_mb']:.0f} MB"
        for run in result["runs"]
    )
