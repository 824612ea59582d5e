"""What a speaker's own neutral clips are worth, measured from kept fold predictions."""

from types import SimpleNamespace

import numpy as np
import pytest

from analysis.management.commands import benchmark_baseline
from ml.speech_emotion.labels import LABELS
from ml.training.errors import TrainingError

NEUTRAL = (0.5, *[0.5 / 7] * 7)


def speaker(*clips):
    """A speaker's clips as (label, statement, label that the network leans to)."""
    stems = [f"03-01-01-01-{statement}-01-01" for _, statement, _ in clips]
    found = SimpleNamespace(truth=np.array([LABELS.index(label) for label, _, _ in clips]), stems=stems)
    rows = np.full((len(clips), 8), 0.4 / 7)
    for row, (_, _, leaning) in zip(rows, clips, strict=True):
        row[LABELS.index(leaning)] = 0.6
    artifact = SimpleNamespace(manifest=SimpleNamespace(labels=LABELS, neutral=NEUTRAL))
    return benchmark_baseline._speaker(artifact, found, np.arange(len(clips)), rows)


def test_a_speaker_whose_neutral_sounds_sad_is_read_as_neutral_with_the_baseline():
    truth, as_read, relative = speaker(
        ("neutral", "01", "sad"), ("neutral", "01", "sad"), ("neutral", "02", "sad"), ("happy", "02", "happy")
    )
    assert truth == ["neutral", "happy"]
    assert as_read == ["sad", "happy"]
    assert relative[1] == "happy"
    assert relative[0] == "neutral"


def test_the_baseline_clips_are_not_measured():
    truth, _, _ = speaker(("neutral", "01", "sad"), ("neutral", "01", "sad"), ("sad", "01", "sad"))
    assert truth == ["sad"]


def test_a_speaker_without_neutral_clips_is_a_sentence():
    with pytest.raises(TrainingError, match="too few neutral clips"):
        speaker(("happy", "01", "happy"))
