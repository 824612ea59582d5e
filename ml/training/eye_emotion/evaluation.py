"""The evaluation protocols of eye networks, with two baselines: the most frequent label, and the whole face.

``probabilities`` (n, 6) are calibrated, in the order of ``LABELS``.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml import artifacts
from ml.eye_emotion.labels import FROM_FER2013, LABELS
from ml.modalities import FACIAL_EXPRESSION
from ml.training import latency
from ml.training.datasets import eye_strips, fer2013
from ml.training.datasets.eye_strips import StripSet
from ml.training.evaluation import Evaluation, EvaluationResult, curve
from ml.training.eye_emotion import corruptions
from ml.training.eye_emotion.recipe import Predict
from ml.training.facial_expression.trainer import predictor as face_predictor
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


def training_strips(data: Path, cache: Path) -> StripSet:
    """FER2013's Training strips and those of the persons who are not in the test."""
    return eye_strips.fer2013_strips(data, "train", cache) + eye_strips.person_strips(data, test=False)


def of_split(predict: Predict, data: Path, split: str, cache: Path) -> dict[str, Any]:
    """Scores on FER2013 strips of a split and, for ``private``, on strips of unseen persons, with the baselines."""
    strips = eye_strips.fer2013_strips(data, split, cache)
    probabilities = predict(strips.strips)
    result = fer2013_strips(split, strips, probabilities).to_json()
    result["reliability"] = curve(strips.truth, probabilities)
    if split != "train":
        training = eye_strips.fer2013_strips(data, "train", cache)
        result["deduplicated"] = deduplicated(split, strips, training, probabilities).to_json()
        title = f"strips of {TITLES[split]}"
        result["majority"] = majority(f"fer2013_{split}", title, strips, training).to_json()
        result["whole_faces"] = whole_faces(split, strips, data).to_json()
    if split == "private":
        persons = eye_strips.person_strips(data, test=True)
        result["unseen_persons"] = unseen_persons(persons, predict(persons.strips)).to_json()
    return result


def everything(predict: Predict, data: Path, cache: Path) -> Evaluation:
    """All results of a version's card.

    Only this function reads the test strips, after file and temperature are final.
    """
    training = training_strips(data, cache)
    test, persons = eye_strips.fer2013_strips(data, "private", cache), eye_strips.person_strips(data, test=True)
    validation = eye_strips.fer2013_strips(data, "public", cache)
    on_test = predict(test.strips)
    headline = fer2013_strips("private", test, on_test)
    unseen = unseen_persons(persons, predict(persons.strips))
    public = fer2013_strips("public", validation, predict(validation.strips))
    return Evaluation(
        results=(
            headline,
            deduplicated("private", test, training, on_test),
            majority("fer2013_private", headline.title, test, training),
            whole_faces("private", test, data),
            unseen,
            majority("unseen_persons", unseen.title, persons, training),
            public,
        ),
        truth=test.truth,
        probabilities=on_test,
        headline={
            "fer2013_private_strips_accuracy": round(headline.scores.accuracy, 4),
            "fer2013_private_strips_macro_f1": round(headline.scores.macro_f1, 4),
            "fer2013_private_strips_ece": round(headline.scores.ece, 4),
            "unseen_persons_accuracy": round(unseen.scores.accuracy, 4),
            "fer2013_public_strips_accuracy": round(public.scores.accuracy, 4),
        },
        extra={
            "speed": latency.measure(predict, test.strips),
            "robustness": [
                corruptions.table(test, predict, title=headline.title),
                corruptions.table(persons, predict, title=f"{unseen.title}, which come 73 to 350 pixels wide"),
            ],
        },
        limits=LIMITS,
    )


def fer2013_strips(split: str, strips: StripSet, probabilities: Floats) -> EvaluationResult:
    """Strips of one split of FER2013, cut as serving cuts them."""
    without = f"{strips.left_out} faces without landmarks gave no strip"
    note = NOTES[split]
    return EvaluationResult(
        key=f"fer2013_{split}_strips",
        title=f"strips of {TITLES[split]}",
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{note}; {without}" if note else without,
    )


def deduplicated(split: str, strips: StripSet, training: StripSet, probabilities: Floats) -> EvaluationResult:
    """Without the strips of pictures that also stand in the training set."""
    known = {strip.tobytes() for strip in training.strips}
    fresh = np.array([strip.tobytes() not in known for strip in strips.strips])
    return EvaluationResult(
        key=f"fer2013_{split}_strips_deduplicated",
        title=f"strips of {TITLES[split]}, without duplicates",
        scores=scores(strips.truth[fresh], probabilities[fresh], LABELS),
        note=f"without the {int((~fresh).sum())} strips of pictures that also stand in the training set",
    )


def unseen_persons(strips: StripSet, probabilities: Floats) -> EvaluationResult:
    """Strips of persons of whom no picture was trained on."""
    counts = np.bincount(strips.truth, minlength=len(LABELS))
    listed = ", ".join(f"{label} {count}" for label, count in zip(LABELS, counts, strict=True))
    return EvaluationResult(
        key="unseen_persons",
        title="strips of unseen persons",
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{listed}: fear and disgust are too few to say anything about them, and they weigh in UAR and macro-F1",
    )


def majority(key: str, title: str, strips: StripSet, training: StripSet) -> EvaluationResult:
    """The majority-class baseline: the label frequencies of the training strips as the probabilities of every strip."""
    shares = np.bincount(training.truth, minlength=len(LABELS)) / len(training.truth)
    guessed = np.tile(shares, (len(strips.truth), 1))
    return EvaluationResult(
        key=f"{key}_majority",
        title=f"{title}, always guessing {LABELS[int(shares.argmax())]}",
        scores=scores(strips.truth, guessed, LABELS),
        note="the baseline: the most frequent label of the training strips",
    )


def whole_faces(split: str, strips: StripSet, data: Path) -> EvaluationResult:
    """The default face network on the whole faces of the same strips: an upper bound of what eyes alone can give."""
    artifact = artifacts.find(FACIAL_EXPRESSION)
    faces = fer2013.load(data, split)
    seven = face_predictor(artifact)(faces.images[strips.faces])
    six = seven[:, list(FROM_FER2013)]
    return EvaluationResult(
        key=f"fer2013_{split}_whole_faces",
        title=f"the whole faces of these strips ({TITLES[split]})",
        scores=scores(strips.truth, six / six.sum(axis=1, keepdims=True), LABELS),
        note=f"the upper bound: facial_expression {artifact.manifest.version}, its neutral left out",
    )
