"""How far a training is, from the events it writes."""

from __future__ import annotations

from typing import Final

from analysis.pipeline import Progress
from ml.training import events

TRAINED_SHARE: Final = 0.95
"""The rest is packaging and measuring."""


def training_progress(line: str) -> Progress | None:
    """What a line of the training says; None for one that is no event."""
    event = events.read(line)
    if event is None:
        return None
    stage = f"Training {event.title}, epoch {event.epoch} of {event.epochs}"
    return Progress(stage[:200], round(event.share * TRAINED_SHARE, 4))
