"""The journal of a room: every live reading on a line of its own, written at once and read again after a restart.

A line is a JSON array ``[modality, start_ms, end_ms, label, confidence]``, times in epoch milliseconds of the server,
or an object at every opening: ``{"opened_ms": …, "models": {modality: version}}``. A torn last line is skipped. The
journal serves the live view and the comparison of live and final readings; reports are made from the recording.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from analysis.readings.running_summary import RunningSummary
from ml.modalities import MODALITIES
from ml.timeline import UNKNOWN

HOLD_S: Final = 1.0
"""A reading without a successor covers at most this long."""

Line = tuple[str, int, int, str, float]


def lines(text: str) -> Iterator[Line]:
    """The readings of a journal's text, in the order they were written."""
    for row in text.splitlines():
        try:
            modality, start_ms, end_ms, label, confidence = json.loads(row)
        except (ValueError, TypeError):
            continue
        if modality in MODALITIES and isinstance(label, str):
            yield modality, int(start_ms), int(end_ms), label, float(confidence)


def versions(text: str) -> dict[str, list[str]]:
    """By modality, the model versions of the readings of a journal's text, in the order of their first use."""
    found: dict[str, list[str]] = {}
    for row in text.splitlines():
        if not row.startswith("{"):
            continue
        try:
            models = dict(json.loads(row)["models"])
        except (ValueError, TypeError, KeyError):
            continue
        for modality, version in models.items():
            if modality in MODALITIES and version not in found.setdefault(modality, []):
                found[modality].append(str(version))
    return found


class Journal:
    """Hands the lines of one room's journal to ``write``, whole, and keeps its ``summary``. ``earlier`` is what the
    journal had before."""

    def __init__(self, models: Mapping[str, str], *, earlier: str, write: Callable[[str], object]) -> None:
        self.summary = RunningSummary()
        self.first_s: float | None = None
        self._open_readings: dict[str, tuple[float, str, float]] = {}
        for modality, start_ms, end_ms, label, confidence in lines(earlier):
            self._keep(modality, start_ms / 1000, end_ms / 1000, label, confidence)
        self._hand_over = write
        # The line break ends an incomplete line left by a full disk or a power cut.
        self._hand_over("\n" * bool(earlier))
        self._write({"opened_ms": round(time.time() * 1000), "models": dict(models)})

    def add_until_next(self, modality: str, at_s: float, label: str | None, confidence: float) -> None:
        """A reading that holds until the next one of its modality; ``label`` None ends it: nothing could be read."""
        before = self._open_readings.pop(modality, None)
        if before is not None:
            end_s = min(max(at_s, before[0]), before[0] + HOLD_S)
            self.add(modality, before[0], end_s, before[1], before[2])
        if label is not None:
            self._open_readings[modality] = (at_s, label, confidence)

    def add(self, modality: str, start_s: float, end_s: float, label: str, confidence: float) -> None:
        """A reading of [start_s, end_s)."""
        if self._keep(modality, start_s, end_s, label, confidence):
            self._write([modality, round(start_s * 1000), round(end_s * 1000), label, round(confidence, 3)])

    def close(self) -> None:
        """Write the readings still open, each limited to the length of a frame."""
        for modality, (start_s, label, confidence) in list(self._open_readings.items()):
            if label != UNKNOWN:
                self.add(modality, start_s, start_s + 0.1, label, confidence)
        self._open_readings.clear()

    def _keep(self, modality: str, start_s: float, end_s: float, label: str, confidence: float) -> bool:
        kept = self.summary.add(modality, start_s, end_s, label, confidence)
        if kept and self.first_s is None:
            self.first_s = start_s
        return kept

    def _write(self, line: Any) -> None:
        self._hand_over(json.dumps(line, separators=(",", ":")) + "\n")
