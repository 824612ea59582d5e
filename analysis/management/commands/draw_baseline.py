"""Draw the effect of a person's own baseline on recordings: distributions without it, and relative to it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandParser

from analysis.metrics.baseline import Relative, calm_stretches, relatives_compute
from analysis.pipeline import MediaError, analyze_recording
from ml import artifacts
from ml.artifacts import ModelUnavailable
from ml.timeline import Timeline

if TYPE_CHECKING:
    from analysis.pipeline import RecordingAnalysis

READ, RELATIVE = "#8a94a3", "#2b6cb0"


class Command(BaseCommand):
    help = "Analyse recordings and draw their distributions before and after the person's own baseline, as a PNG."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("recordings", nargs="+", type=Path)
        parser.add_argument("--output", required=True, type=Path, help="the picture, a PNG")
        parser.add_argument("--fps", type=float, default=5.0, help="frames analysed per second")

    def handle(self, *args: Any, **options: Any) -> None:
        from analysis.pipeline import Options

        found: dict[str, tuple[Mapping[str, Timeline], dict[str, Relative]]] = {}
        for path in options["recordings"]:
            try:
                analysis = analyze_recording(path, options=Options(fps=options["fps"]))
                found[path.stem] = _before_and_after(analysis)
            except (MediaError, ModelUnavailable, OSError) as error:
                self.stderr.write(f"{path}: {error}")
                sys.exit(2)
        for name, (timelines, relatives) in found.items():
            self.stdout.write(name)
            for modality, relative in relatives.items():
                self.stdout.write(f"  {modality}: {_sentence(timelines[modality], relative)}")
        try:
            _draw(found, options["output"])
        except OSError as error:
            self.stderr.write(f"{options['output']} cannot be written ({error.strerror}).")
            sys.exit(2)


def _before_and_after(analysis: RecordingAnalysis) -> tuple[Mapping[str, Timeline], dict[str, Relative]]:
    timelines = {key: found.timeline for key, found in analysis.modalities.items()}
    references = {
        key: artifacts.find(key, found.model.version).manifest.neutral
        for key, found in analysis.modalities.items()
        if found.model is not None
    }
    return timelines, relatives_compute(timelines=timelines, calm=calm_stretches(timelines), references=references)


def _sentence(timeline: Timeline, relative: Relative) -> str:
    if relative.timeline is None or relative.calm is None:
        return relative.reason
    before, after = timeline.shares(), relative.timeline.shares()
    moved = max(before, key=lambda label: abs(after.get(label, 0.0) - before[label]))
    return (
        f"calm {relative.calm.start_s:.1f} to {relative.calm.end_s:.1f} s, believed by {relative.weight:.0%}; "
        f"{moved} {before[moved]:.0%} -> {after.get(moved, 0.0):.0%}"
    )


def _draw(found: dict[str, tuple[Mapping[str, Timeline], dict[str, Relative]]], output: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    columns = list(next(iter(found.values()))[1])
    figure, axes = pyplot.subplots(
        len(found), len(columns), figsize=(4.2 * len(columns), 2.6 * len(found)), squeeze=False, layout="constrained"
    )
    for row, (name, (timelines, relatives)) in zip(axes, found.items(), strict=True):
        for axis, modality in zip(row, columns, strict=True):
            timeline, relative = timelines[modality], relatives[modality]
            axis.set_title(f"{name[:28]}\n{modality.replace('_', ' ')}", fontsize=8)
            axis.tick_params(labelsize=7)
            if not timeline.observations:
                axis.text(0.5, 0.5, relative.reason, ha="center", fontsize=7)
                axis.set_axis_off()
                continue
            labels, before = list(timeline.labels), timeline.shares()
            places = range(len(labels))
            axis.bar([p - 0.2 for p in places], [before.get(label, 0.0) for label in labels], 0.4, color=READ)
            if relative.timeline is not None:
                after = relative.timeline.shares()
                axis.bar([p + 0.2 for p in places], [after.get(label, 0.0) for label in labels], 0.4, color=RELATIVE)
            else:
                axis.set_xlabel(relative.reason, fontsize=7)
            axis.set_xticks(list(places), labels, rotation=35, ha="right")
            axis.set_ylim(0, 1)
    figure.legend(
        handles=[mpl.patches.Patch(color=READ), mpl.patches.Patch(color=RELATIVE)],
        labels=["as read", "relative to the person's calm stretch"],
        loc="outside lower center",
        ncols=2,
        fontsize=8,
    )
    figure.savefig(output, dpi=100)
    pyplot.close(figure)
