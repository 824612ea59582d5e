"""What a speaker's own neutral clips are worth, measured from kept fold predictions."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from analysis.management.commands import benchmark_baseline
from ml import artifacts
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.labels import LABELS
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Listing
from ml.training.errors import TrainingError
from ml.training.speech_emotion import trainer
from ml.training.speech_emotion.fold_predictions import Predictions, ProtocolRun

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


def test_every_seed_is_measured_on_the_clips_of_ravdess_alone(monkeypatch):
    """Two actors whose neutral sounds sad, and a clip of another corpus that none of this is about."""
    one = [("neutral", "01", "sad")] * 2 + [("neutral", "02", "sad"), ("happy", "02", "happy")]
    both = one * 2
    truth = np.array([LABELS.index(label) for label, _, _ in both] + [LABELS.index("angry")])
    clips = Listing(
        tuple(Path(str(n)) for n in range(9)),
        truth,
        np.array([1] * 4 + [2] * 4 + [100]),
        (*(f"03-01-01-01-{statement}-01-01" for _, statement, _ in both), "SM0_anger_1"),
        np.array([RAVDESS] * 8 + ["nemo"]),
    )
    probabilities = np.full((9, 8), 0.4 / 7)
    probabilities[np.arange(9), [LABELS.index(leaning) for _, _, leaning in both] + [0]] = 0.6
    order = np.arange(8, -1, -1)
    pool = Predictions(order, truth[order], probabilities[order])
    runs = {"speaker": [ProtocolRun(seed, 5, pool, pool, {}, (), ()) for seed in (0, 1)]}
    installed = artifacts.find(SPEECH_EMOTION, "paper-v1")
    artifact = replace(installed, manifest=replace(installed.manifest, temperature=1.0, neutral=NEUTRAL))
    monkeypatch.setattr(artifacts, "find", lambda *_: artifact)
    monkeypatch.setattr(trainer, "listing", lambda artifact, data: clips)
    monkeypatch.setattr(trainer, "stored_runs", lambda artifact, clips: runs)
    result = benchmark_baseline.measure(Path("data"), Path("work"))
    assert result["version"] == "paper-v1"
    assert [row["seed"] for row in result["seeds"]] == [0, 1]
    for row in result["seeds"]:
        assert row["n"] == 4
        assert (row["uar_as_read"], row["uar_relative"]) == (0.5, 1.0)


def test_the_command_is_there_without_tensorflow():
    program = (
        "import django; django.setup(); import sys; from analysis.management.commands import benchmark_baseline; "
        "assert not {'tensorflow', 'keras', 'ml.training.speech_emotion.trainer'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
