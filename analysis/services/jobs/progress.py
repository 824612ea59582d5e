"""The progress of a training, from the events in its output."""

from __future__ import annotations

from typing import Final

from analysis.pipeline import Progress
from ml.training import events

TRAINED_SHARE: Final = 0.95
"""Share of the progress bar for training; the rest is packaging and evaluation."""


def training_progress(line: str) -> Progress | None:
    """The progress in a line of the training's output; None if the line is not an event."""
    event = events.read(line)
    if event is None:
        return None
    stage = f"Training {event.title}, epoch {event.epoch} of {event.epochs}"
    return Progress(stage[:200], round(event.share * TRAINED_SHARE, 4))
