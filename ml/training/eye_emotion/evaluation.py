"""The measurements of an eye network, each by its protocol, and what stands beside them so that a reader sees what
eyes alone carry: guessing, and the whole face. ``probabilities`` are calibrated, in our labels' order."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from ml import artifacts
from ml.eye_emotion.labels import FROM_FER2013, LABELS
from ml.modalities import FACIAL_EXPRESSION
from ml.training.datasets import fer2013
from ml.training.datasets.eye_strips import Set, Strips
from ml.training.evaluation import EvaluationResult
from ml.training.facial_expression.trainer import reader as face_reader
from ml.training.metrics import Floats, scores

TITLES: Final = {"train": "FER2013 Training", "public": "FER2013 PublicTest", "private": "FER2013 PrivateTest"}
NOTES: Final = {
    "train": "the network was trained on these strips",
    "public": "epoch and temperature were chosen on these strips",
    "private": "",
}

LIMITS: Final = (
    "The labels of FER2013 describe whole faces; whether the eyes alone show them was not asked of anyone.",
    "FER2013's faces are 48 pixels wide, so its strips are blurred pictures of some 20 rows.",
    "There is no neutral class: eyes at rest get some label. Metrics use it from confidence 0.5 on.",
    "Fear is recognised least (see the recalls): it is taken for sadness and for surprise.",
    "Real glasses and hair over the brows were not measured (only a drawn rim); neither was fairness.",
)

Read = Callable[[Strips], Floats]
"""From strips uint8 (n, 40, 96) to calibrated probabilities (n, 6) in our labels' order."""


def fer2013_strips(split: str, strips: Set, probabilities: Floats) -> EvaluationResult:
    """Strips of one split of FER2013, cut as serving cuts them."""
    without = f"{strips.left_out} faces without landmarks gave no strip"
    note = NOTES[split]
    return EvaluationResult(
        key=f"fer2013_{split}_strips",
        title=f"strips of {TITLES[split]}",
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{note}; {without}" if note else without,
    )


def deduplicated(split: str, strips: Set, training: Set, probabilities: Floats) -> EvaluationResult:
    """Without the strips of pictures that also stand in the training set."""
    known = {strip.tobytes() for strip in training.strips}
    fresh = np.array([strip.tobytes() not in known for strip in strips.strips])
    return EvaluationResult(
        key=f"fer2013_{split}_strips_deduplicated",
        title=f"strips of {TITLES[split]}, without duplicates",
        scores=scores(strips.truth[fresh], probabilities[fresh], LABELS),
        note=f"without the {int((~fresh).sum())} strips of pictures that also stand in the training set",
    )


def unseen_persons(strips: Set, probabilities: Floats) -> EvaluationResult:
    """Strips of persons of whom no picture was trained on."""
    counts = np.bincount(strips.truth, minlength=len(LABELS))
    listed = ", ".join(f"{label} {count}" for label, count in zip(LABELS, counts, strict=True))
    return EvaluationResult(
        key="unseen_persons",
        title="strips of unseen persons",
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{listed}: fear and disgust are too few to say anything about them, and they weigh in UAR and macro-F1",
    )


def majority(key: str, title: str, strips: Set, training: Set) -> EvaluationResult:
    """What guessing gives that has seen no eyes: the most frequent label of training, always."""
    shares = np.bincount(training.truth, minlength=len(LABELS)) / len(training.truth)
    guessed = np.tile(shares, (len(strips.truth), 1))
    return EvaluationResult(
        key=f"{key}_majority",
        title=f"{title}, always guessing {LABELS[int(shares.argmax())]}",
        scores=scores(strips.truth, guessed, LABELS),
        note="the baseline: the most frequent label of the training strips",
    )


def whole_faces(split: str, strips: Set, data: Path) -> EvaluationResult:
    """What the shipped face network reads from the whole faces of the same strips: the most that eyes could carry."""
    artifact = artifacts.find(FACIAL_EXPRESSION)
    faces = fer2013.load(data, split)
    seven = face_reader(artifact)(faces.images[strips.faces])
    six = seven[:, list(FROM_FER2013)]
    return EvaluationResult(
        key=f"fer2013_{split}_whole_faces",
        title=f"the whole faces of these strips ({TITLES[split]})",
        scores=scores(strips.truth, six / six.sum(axis=1, keepdims=True), LABELS),
        note=f"the upper bound: facial_expression {artifact.manifest.version}, its neutral left out",
    )
