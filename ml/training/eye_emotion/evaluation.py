"""The evaluation protocols of eye networks, with two baselines: the most frequent label, and the whole face.

``probabilities`` (n, 7) are calibrated, in the order of ``LABELS``. Results come seven-way (six emotions and "none")
and six-way, on strips of faces that show an emotion: of those that get one, and of all with "none" left out.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml import artifacts
from ml.eye_emotion.labels import EMOTIONS, LABELS, NONE
from ml.modalities import FACIAL_EXPRESSION
from ml.training import latency, subgroups
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
    '"None" is learnt from the eyes of faces that FER2013 calls neutral.',
    "Fear is recognised least (see the recalls): it is taken for sadness and for surprise.",
    "Hair over the brows was not measured.",
)

PERSONS_TITLE: Final = "strips of unseen persons"

THRESHOLDS: Final = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Confidences of the coverage-accuracy curve."""


def of_split(predict: Predict, data: Path, split: str, cache: Path) -> dict[str, Any]:
    """Scores on FER2013 strips of a split and, for ``private``, on strips of unseen persons, with the baselines."""
    strips = eye_strips.fer2013_strips(data, split, cache)
    probabilities = predict(strips.strips)
    result = fer2013_strips(split, strips, probabilities).to_json()
    result["reliability"] = curve(strips.truth, probabilities)
    result["emotions"] = [
        one.to_json() for one in six_way(f"fer2013_{split}", split_title(split), strips, probabilities)
    ]
    if split != "train":
        training = eye_strips.fer2013_strips(data, "train", cache)
        result["deduplicated"] = deduplicated(split, strips, training, probabilities).to_json()
        result["majority"] = majority(f"fer2013_{split}", split_title(split), strips, training).to_json()
        result["whole_faces"] = whole_faces(split, strips, data).to_json()
    if split == "private":
        persons = eye_strips.person_strips(data, test=True)
        of_persons = six_way("unseen_persons", PERSONS_TITLE, persons, predict(persons.strips))
        result["unseen_persons"] = [one.to_json() for one in of_persons]
    return result


def everything(predict: Predict, data: Path, cache: Path) -> Evaluation:
    """All results of a version's card.

    Only this function reads the test strips, after file and temperature are final.
    """
    training = eye_strips.fer2013_strips(data, "train", cache)
    test, persons = eye_strips.fer2013_strips(data, "private", cache), eye_strips.person_strips(data, test=True)
    validation = eye_strips.fer2013_strips(data, "public", cache)
    on_test, on_validation = predict(test.strips), predict(validation.strips)
    headline = fer2013_strips("private", test, on_test)
    named, forced = six_way("fer2013_private", headline.title, test, on_test)
    unseen = six_way("unseen_persons", PERSONS_TITLE, persons, predict(persons.strips))
    public = fer2013_strips("public", validation, on_validation)
    return Evaluation(
        results=(
            headline,
            deduplicated("private", test, training, on_test),
            majority("fer2013_private", headline.title, test, training),
            whole_faces("private", test, data),
            named,
            forced,
            *unseen,
            majority("unseen_persons", PERSONS_TITLE, persons, training, EMOTIONS),
            public,
        ),
        truth=test.truth,
        probabilities=on_test,
        headline={
            "fer2013_private_strips_accuracy": round(headline.scores.accuracy, 4),
            "fer2013_private_strips_macro_f1": round(headline.scores.macro_f1, 4),
            "fer2013_private_strips_ece": round(headline.scores.ece, 4),
            "fer2013_private_emotions_accuracy": round(named.scores.accuracy, 4),
            "fer2013_private_emotions_forced_accuracy": round(forced.scores.accuracy, 4),
            "unseen_persons_accuracy": round(unseen[0].scores.accuracy, 4),
            "fer2013_public_strips_accuracy": round(public.scores.accuracy, 4),
        },
        extra={
            "speed": latency.measure(predict, test.strips),
            "robustness": [
                corruptions.table(test, predict, title=headline.title),
                corruptions.table(persons, predict, title=f"{PERSONS_TITLE}, which come 73 to 350 pixels wide"),
            ],
            "tables": [
                coverage_accuracy(test, on_test, title=headline.title),
                subgroups.table(test.strips, test.truth, on_test, LABELS, title=headline.title),
            ],
        },
        limits=LIMITS,
    )


def split_title(split: str) -> str:
    return f"strips of {TITLES[split]}"


def fer2013_strips(split: str, strips: StripSet, probabilities: Floats) -> EvaluationResult:
    """Strips of one split of FER2013, cut as serving cuts them."""
    without = f"{strips.left_out} faces without landmarks gave no strip"
    note = NOTES[split]
    return EvaluationResult(
        key=f"fer2013_{split}_strips",
        title=split_title(split),
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{note}; {without}" if note else without,
    )


def deduplicated(split: str, strips: StripSet, training: StripSet, probabilities: Floats) -> EvaluationResult:
    """Without the strips of pictures that also stand in the training set."""
    known = {strip.tobytes() for strip in training.strips}
    fresh = np.array([strip.tobytes() not in known for strip in strips.strips])
    return EvaluationResult(
        key=f"fer2013_{split}_strips_deduplicated",
        title=f"{split_title(split)}, without duplicates",
        scores=scores(strips.truth[fresh], probabilities[fresh], LABELS),
        note=f"without the {int((~fresh).sum())} strips of pictures that also stand in the training set",
    )


def six_way(key: str, title: str, strips: StripSet, probabilities: Floats) -> tuple[EvaluationResult, EvaluationResult]:
    """Strips of faces that show an emotion, in the six classes of the paper: those of them that the network gives an
    emotion, and all of them with "none" left out, which is comparable with networks that have no such answer."""
    emotional = strips.shows_emotion
    truth, given = strips.truth[emotional], probabilities[emotional]
    six = given[:, : len(EMOTIONS)]
    six = six / six.sum(axis=1, keepdims=True)
    is_named = given.argmax(axis=1) != LABELS.index(NONE)
    counts = np.bincount(truth, minlength=len(EMOTIONS))
    listed = ", ".join(f"{label} {count}" for label, count in zip(EMOTIONS, counts, strict=True))
    return (
        EvaluationResult(
            key=f"{key}_emotions_named",
            title=f"{title}, six emotions, of those that get one",
            scores=scores(truth[is_named], six[is_named], EMOTIONS),
            note=f"{100 * is_named.mean():.1f} % of the {len(truth)} strips of faces with an emotion get one",
        ),
        EvaluationResult(
            key=f"{key}_emotions",
            title=f'{title}, six emotions, "none" left out',
            scores=scores(truth, six, EMOTIONS),
            note=f"the most probable emotion of every strip; {listed}",
        ),
    )


def coverage_accuracy(strips: StripSet, probabilities: Floats, *, title: str) -> dict[str, Any]:
    """A table: from which confidence on a label is used, how many strips get one, and how many of the labels are
    right; and how many strips of neutral faces get an emotion."""
    chosen, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    none, emotional = LABELS.index(NONE), strips.shows_emotion
    rows = []
    for threshold in THRESHOLDS:
        used = confidence >= threshold
        named = used & (chosen != none)
        rows.append(
            (
                f"{threshold:.1f}",
                _share(used),
                _share((chosen == strips.truth)[used]),
                _share(named[emotional]),
                _share((chosen == strips.truth)[named & emotional]),
                _share(named[~emotional]),
            )
        )
    return {
        "title": f"Coverage and accuracy, {title}",
        "text": (
            "A label is used from a confidence on. Metrics use eye emotion from 0.5 on. Seven-way: all strips and all "
            "labels. Emotions: the strips of faces with an emotion that get one. Neutral: the strips of neutral faces "
            "that get an emotion."
        ),
        "columns": (
            "from confidence",
            "seven-way coverage",
            "accuracy",
            "emotions, coverage",
            "accuracy of these",
            "neutral, given an emotion",
        ),
        "rows": rows,
    }


def _share(which: npt.NDArray[np.bool_]) -> str:
    return f"{100 * which.mean():.1f} %" if len(which) else "none"


def majority(
    key: str, title: str, strips: StripSet, training: StripSet, labels: Sequence[str] = LABELS
) -> EvaluationResult:
    """The majority-class baseline: the frequencies of ``labels`` among the training strips as the probabilities of
    every strip."""
    counts = np.bincount(training.truth, minlength=len(LABELS))[[LABELS.index(label) for label in labels]]
    guessed = np.tile(counts / counts.sum(), (len(strips.truth), 1))
    return EvaluationResult(
        key=f"{key}_majority",
        title=f"{title}, always guessing {labels[int(counts.argmax())]}",
        scores=scores(strips.truth, guessed, tuple(labels)),
        note="the baseline: the most frequent label of the training strips",
    )


def whole_faces(split: str, strips: StripSet, data: Path) -> EvaluationResult:
    """The default face network on the whole faces of the same strips: an upper bound of what eyes alone can give."""
    artifact = artifacts.find(FACIAL_EXPRESSION)
    faces = fer2013.load(data, split)
    return EvaluationResult(
        key=f"fer2013_{split}_whole_faces",
        title=f"the whole faces of these strips ({TITLES[split]})",
        scores=scores(strips.truth, face_predictor(artifact)(faces.images[strips.faces]), LABELS),
        note=f"the upper bound: facial_expression {artifact.manifest.version}",
    )
