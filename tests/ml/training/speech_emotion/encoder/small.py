"""The encoder and its corpora in small: what the tests around them share."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from ml.speech_emotion.features.log_mel import MELS
from ml.speech_emotion.labels import LABELS
from ml.training.datasets import speech_corpora
from ml.training.speech_emotion.encoder import network, weights

WIDTH, INNER = 48, 96
STATES_SHAPE = (network.POOLED, WIDTH)
SPEAKERS = tuple(speaker for speakers in speech_corpora.NEMO_FOLDS for speaker in speakers)

Weights = dict[str, np.ndarray[Any, Any]]


def random_weights(*, width: int = WIDTH, inner: int = INNER, seed: int = 0) -> Weights:
    """What Whisper's file holds of an encoder of four layers, of random numbers."""
    random = np.random.default_rng(seed)

    def matrix(*shape: int) -> np.ndarray[Any, Any]:
        return (random.normal(size=shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)

    def vector(size: int, mean: float = 0.0) -> np.ndarray[Any, Any]:
        return random.normal(mean, 0.1, size).astype(np.float32)

    found = {
        "position_encodings/encodings": random.normal(0, 0.5, (1500, width)).astype(np.float32),
        "conv1/weight": matrix(width, MELS, 3),
        "conv2/weight": matrix(width, width, 3),
        "layer_norm/gamma": vector(width, 1.0),
        "layer_norm/beta": vector(width),
    }
    for name in ("conv1", "conv2"):
        found[f"{name}/bias"] = vector(width)
    for number in range(network.LAYERS):
        for part, out, back in (("self_attention", 3 * width, width), ("ffn", inner, inner)):
            at = f"layer_{number}/{part}"
            found |= {
                f"{at}/layer_norm/gamma": vector(width, 1.0),
                f"{at}/layer_norm/beta": vector(width),
                f"{at}/linear_0/weight": matrix(out, width),
                f"{at}/linear_0/bias": vector(out),
                f"{at}/linear_1/weight": matrix(width, back),
                f"{at}/linear_1/bias": vector(width),
            }
    return found


def shrink(monkeypatch: Any) -> Weights:
    """Make the encoder's networks an eighth as wide, with random weights in Whisper's place; these are returned."""
    for name, value in {
        "WIDTH": WIDTH,
        "INNER": INNER,
        "STATES_SHAPE": STATES_SHAPE,
        "PROJECTED": 32,
        "HIDDEN": 16,
    }.items():
        monkeypatch.setattr(network, name, value)
    pretrained = random_weights()
    monkeypatch.setattr(weights, "load", lambda: pretrained)
    return pretrained


def write_corpora(
    folder: Path,
    *,
    actors: Sequence[int] = range(1, 25),
    labels: Sequence[str] = LABELS,
    speakers: Sequence[str] = SPEAKERS,
    each: int = 2,
    talkers: int = 5,
    sounds: Sequence[str] = (),
) -> Path:
    """The lists of RAVDESS (a clip of every label by each actor), nEMO (``each`` clips of every emotion by each
    speaker) and of ordinary talk (``talkers`` to train on and as many to measure); of the folders in ``sounds`` there
    is also the sound: noise with half a second of silence before it."""
    acted = [
        {
            "file": f"ravdess/Actor_{a:02}/03-01-{LABELS.index(label) + 1:02}-01-0{1 + a % 2}-01-{a:02}.flac",
            "actor": f"{a:02}",
            "emotion": label,
        }
        for a in actors
        for label in labels
    ]
    nemo = [
        {"file": f"{speaker}/{speaker}_{emotion}_{number}.flac", "speaker": speaker, "emotion": emotion}
        for speaker in speakers
        for emotion in speech_corpora.NEMO_LABELS
        for number in range(each)
    ]
    talk = [
        {"file": f"{split}/L{at + number}_{number}.flac", "speaker": f"L{at + number}", "split": split}
        for split, at in (("train", 100), ("dev", 200))
        for number in range(talkers)
    ]
    for name, rows, rate, seconds in (
        ("ravdess", acted, 22_050, 2.0),
        ("nemo", nemo, 16_000, 1.5),
        ("ordinary_talk", talk, 16_000, 6.5),
    ):
        (folder / name).mkdir(parents=True)
        with (folder / name / "labels.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]) if rows else ["file", "speaker", "emotion"])
            writer.writeheader()
            writer.writerows(rows)
        for seed, row in enumerate(rows if name in sounds else ()):
            path = (folder if name == "ravdess" else folder / name) / row["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            sound = 0.05 * np.random.default_rng(seed).normal(size=int(seconds * rate))
            sound[: rate // 2] = 0
            soundfile.write(path, sound, rate)
    return folder
