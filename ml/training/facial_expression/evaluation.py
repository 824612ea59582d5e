"""The evaluation protocols of face networks. ``probabilities`` (n, 7) are calibrated, in the order of ``LABELS``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from ml.facial_expression.labels import LABELS
from ml.training import latency, subgroups
from ml.training.datasets import fer2013
from ml.training.datasets.fer2013 import Split
from ml.training.evaluation import Evaluation, EvaluationResult
from ml.training.facial_expression import corruptions, crop_framing
from ml.training.facial_expression.crop_framing import Found, Predict
from ml.training.metrics import Floats, scores

TITLES: Final = {"train": "FER2013 Training", "public": "FER2013 PublicTest", "private": "FER2013 PrivateTest"}
NOTES: Final = {
    "train": "the network was trained on these pictures",
    "public": "epoch and temperature were chosen on these pictures",
    "private": "",
}

LIMITS: Final = (
    "FER2013 was gathered by web search and labelled by few people; human agreement on it is about 65 %.",
    "It shows posed and exaggerated faces more than faces in an interview. "
    "What it calls neutral or sad is partly the resting face of a person.",
    "Disgust is rare in it (1.5 %), fear is often taken for sadness or surprise.",
    "Age, skin colour and sex of the persons are not recorded: fairness was measured by the brightness of the pictures "
    "alone.",
    "It labels what a face looks like in one frame. It does not know what a person feels.",
)


def everything(predict: Predict, data: Path) -> Evaluation:
    """All results of a version's card; ``predict`` takes crops uint8 (n, 48, 48).

    Only this function reads PrivateTest, after file and temperature are final.
    """
    test, validation = fer2013.load(data, "private"), fer2013.load(data, "public")
    single, mirror, on_validation = predict(test.images), predict(test.images[:, :, ::-1]), predict(validation.images)
    headline = single_crop("private", test, single)
    unseen = deduplicated("private", test, single)
    public = single_crop("public", validation, on_validation)
    found = crop_framing.find(test.images, title=TITLES["private"])
    ours = [crop_framing.evaluate("private", TITLES["private"], found, test, predict, single)] if found.faces else []
    return Evaluation(
        results=(headline, unseen, mirrored("private", test, single, mirror), *ours, public),
        truth=test.truth,
        probabilities=single,
        headline={
            "fer2013_private_accuracy": round(headline.scores.accuracy, 4),
            "fer2013_private_macro_f1": round(headline.scores.macro_f1, 4),
            "fer2013_private_ece": round(headline.scores.ece, 4),
            "fer2013_private_deduplicated_accuracy": round(unseen.scores.accuracy, 4),
            **_our_crops_figure(ours),
            "fer2013_public_accuracy": round(public.scores.accuracy, 4),
        },
        extra={
            "speed": latency.measure(predict, test.images),
            "robustness": [corruptions.table(test, predict, title=TITLES["private"])],
            "tables": [_subgroups(found, test, single)] if found.faces else [],
        },
        limits=LIMITS,
    )


def _our_crops_figure(ours: Sequence[EvaluationResult]) -> dict[str, float]:
    return {"fer2013_private_our_crops_accuracy": round(ours[0].scores.accuracy, 4)} if ours else {}


def _subgroups(found: Found, faces: Split, probabilities: Floats) -> dict[str, Any]:
    chosen = found.index
    return subgroups.table(
        found.strips(), faces.truth[chosen], probabilities[chosen], LABELS, title=f"{TITLES['private']}, single crop"
    )


def single_crop(split: str, faces: Split, probabilities: Floats) -> EvaluationResult:
    """Each picture as it is: what serving does."""
    return EvaluationResult(
        key=f"fer2013_{split}",
        title=f"{TITLES[split]}, single crop",
        scores=scores(faces.truth, probabilities, LABELS),
        note=NOTES[split],
    )


def deduplicated(split: str, faces: Split, probabilities: Floats) -> EvaluationResult:
    """Without the pictures that are pixel-identical to a training picture."""
    fresh = ~faces.seen_in_training
    return EvaluationResult(
        key=f"fer2013_{split}_deduplicated",
        title=f"{TITLES[split]}, single crop, without duplicates",
        scores=scores(faces.truth[fresh], probabilities[fresh], LABELS),
        note=f"without the {int((~fresh).sum())} pictures that are pixel-identical to a training picture",
    )


def mirrored(split: str, faces: Split, single: Floats, mirror: Floats) -> EvaluationResult:
    """The mean of each picture's probabilities and its mirror image's: test-time augmentation."""
    return EvaluationResult(
        key=f"fer2013_{split}_mirrored",
        title=f"{TITLES[split]}, mean of the crop and its mirror image",
        scores=scores(faces.truth, (single + mirror) / 2, LABELS),
        note="test-time augmentation; serving uses the single crop",
    )
