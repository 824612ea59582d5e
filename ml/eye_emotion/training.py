"""Training and measuring eye emotion.

``compact-v1`` trains on FER2013's Training strips and on the persons of the other set who are not kept for the test;
everything is chosen on PublicTest strips; PrivateTest strips and the strips of unseen persons are measured once.
``paper-v1``, the paper's network, is in :mod:`ml.eye_emotion.paper`.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact, Manifest
from ml.eye_emotion import dataset, network, paper
from ml.eye_emotion.dataset import Set, StripBatches
from ml.eye_emotion.labels import LABELS
from ml.eye_emotion.preprocessing import HEIGHT, WIDTH, to_inputs
from ml.modalities import EYE_EMOTION
from ml.runtime import Network, calibrate
from ml.training import checkpoint, convert, loop, package
from ml.training.backend import keras
from ml.training.calibration import fit_temperature
from ml.training.checkpoint import EpochRecord
from ml.training.errors import TrainingError
from ml.training.evaluation import Measured, Notes, curve, stored
from ml.training.metrics import Floats, expected_calibration_error, scores
from ml.training.options import Options

VERSIONS: Final = {
    "compact-v1": "It is trained on fer2013.npz and eye_strips/.",
    "paper-v1": paper.NEEDS,
}
EPOCHS: Final = 30
BATCH_SIZE: Final = 64
START_RATE: Final = 2e-3
WEIGHT_DECAY: Final = 1e-3
WEIGHT_POWER: Final = 0.5
"""Classes weigh as one over the root of their frequency: between rare ones never recognised and always guessed."""

TITLES: Final = {"train": "FER2013 Training", "public": "FER2013 PublicTest", "private": "FER2013 PrivateTest"}
NOTES_OF_SPLITS: Final = {
    "train": "the network was trained on these strips",
    "public": "epoch and temperature were chosen on these strips",
    "private": "",
}


def train(options: Options) -> Artifact:
    """Train a version (or continue, or only package it) and write it to ``options.output``."""
    if options.version == "paper-v1":
        return paper.train(options)
    cache = options.work / EYE_EMOTION
    training = dataset.fer2013_strips(options.data, "train", cache) + dataset.person_strips(options.data, test=False)
    validation = dataset.fer2013_strips(options.data, "public", cache)
    folder = cache / options.version
    epochs = options.epochs or EPOCHS
    k = keras()
    k.utils.set_random_seed(options.seed)
    model = network.compact_network()
    model.compile(
        optimizer=k.optimizers.AdamW(START_RATE, weight_decay=WEIGHT_DECAY),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    if options.package_only:
        history = checkpoint.load_history(folder)
    else:
        history = loop.fit(
            model,
            train=StripBatches(training, batch_size=BATCH_SIZE, seed=options.seed, weight_power=WEIGHT_POWER),
            validation=loop.Validation(to_inputs(validation.strips), validation.truth),
            epochs=epochs,
            folder=folder,
            schedule=loop.cosine(START_RATE, EPOCHS),
            resume=options.resume,
            title=f"{EYE_EMOTION} {options.version}",
        )
    if not history:
        raise TrainingError(f"There is no checkpoint in {folder} to package: train first.")
    checkpoint.load_best(folder, model)
    return _package(model, history, training, validation, options)


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures of the shipped file on FER2013 strips of a split and, for ``private``, on strips of unseen persons."""
    cache = work / EYE_EMOTION
    strips = dataset.fer2013_strips(data, split, cache)
    probabilities = _predict(artifact, strips)
    result = _measure_fer2013(split, strips, probabilities).to_json()
    result["reliability"] = curve(strips.truth, probabilities)
    if split != "train":
        training = dataset.fer2013_strips(data, "train", cache)
        result["deduplicated"] = _measure_unseen(split, strips, training, probabilities).to_json()
    if split == "private":
        persons = dataset.person_strips(data, test=True)
        result["unseen_persons"] = _measure_persons(persons, _predict(artifact, persons)).to_json()
    return result


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 6) of the strips of PublicTest's neutral faces; none for the paper's version (other input)."""
    if artifact.manifest.version == "paper-v1":
        return np.empty((0, len(LABELS)))
    strips = dataset.neutral_strips(data, "public")
    return Network(artifact).predict(to_inputs(strips)) if len(strips) else np.empty((0, len(LABELS)))


def _predict(artifact: Artifact, strips: Set) -> Floats:
    return convert.in_order(Network(artifact).predict(to_inputs(strips.strips)), artifact.manifest.labels, LABELS)


def _measure_fer2013(split: str, strips: Set, probabilities: Floats) -> Measured:
    without = f"{strips.left_out} faces without landmarks gave no strip"
    note = NOTES_OF_SPLITS[split]
    return Measured(
        key=f"fer2013_{split}_strips",
        title=f"strips of {TITLES[split]}",
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{note}; {without}" if note else without,
    )


def _measure_unseen(split: str, strips: Set, training: Set, probabilities: Floats) -> Measured:
    known = {strip.tobytes() for strip in training.strips}
    fresh = np.array([strip.tobytes() not in known for strip in strips.strips])
    return Measured(
        key=f"fer2013_{split}_strips_deduplicated",
        title=f"strips of {TITLES[split]}, without duplicates",
        scores=scores(strips.truth[fresh], probabilities[fresh], LABELS),
        note=f"without the {int((~fresh).sum())} strips of pictures that also stand in the training set",
    )


def _measure_persons(strips: Set, probabilities: Floats) -> Measured:
    counts = np.bincount(strips.truth, minlength=len(LABELS))
    listed = ", ".join(f"{label} {count}" for label, count in zip(LABELS, counts, strict=True))
    return Measured(
        key="unseen_persons",
        title="strips of unseen persons",
        scores=scores(strips.truth, probabilities, LABELS),
        note=f"{listed}: fear and disgust are too few to say anything about them, and they weigh in UAR and macro-F1",
    )


def _package(model: Any, history: list[EpochRecord], training: Set, validation: Set, options: Options) -> Artifact:
    inputs = to_inputs(validation.strips)
    content = convert.to_litert(model, inputs[:64], half_precision=False)
    raw = convert.predict_file(content, inputs)
    temperature = fit_temperature(validation.truth, raw)

    def served(strips: Set) -> Floats:
        return calibrate(convert.predict_file(content, to_inputs(strips.strips)).astype(np.float32), temperature)

    calibrated = calibrate(raw.astype(np.float32), temperature)
    # The test strips are read here and nowhere else in training: everything is chosen by now.
    test = dataset.fer2013_strips(options.data, "private", options.work / EYE_EMOTION)
    persons = dataset.person_strips(options.data, test=True)
    on_test, on_persons = served(test), served(persons)
    headline = _measure_fer2013("private", test, on_test)
    unseen = _measure_persons(persons, on_persons)
    public = _measure_fer2013("public", validation, calibrated)
    recipe = {
        "epochs_prescribed": EPOCHS,
        "epochs_run": len(history),
        "best_epoch": loop.best_epoch(history).epoch,
        "batch_size": BATCH_SIZE,
        "optimizer": f"AdamW, {START_RATE:g} falling along a cosine, weight decay {WEIGHT_DECAY:g}",
        "seed": options.seed,
    }
    manifest = Manifest(
        modality=EYE_EMOTION,
        name="Eye emotion, compact network",
        version=options.version,
        file=package.MODEL,
        sha256=package.sha256(content),
        kind="network",
        input={
            "shape": [1, HEIGHT, WIDTH, 1],
            "dtype": "float32",
            "description": "40x96 grey strip of both eyes and brows, upright, standardised over its own pixels",
        },
        labels=LABELS,
        temperature=temperature,
        parameters=int(model.count_params()),
        data=(
            f"{len(training.truth):,} strips: cut from the non-neutral faces of FER2013 Training, and from public face "
            "pictures of persons who are not in the test"
        ),
        licence="trained on FER2013 and on eye strips of public pictures, both for research use",
        protocol="chosen on PublicTest strips, measured once on PrivateTest strips and on strips of unseen persons",
        figures={
            "fer2013_private_strips_accuracy": round(headline.scores.accuracy, 4),
            "fer2013_private_strips_macro_f1": round(headline.scores.macro_f1, 4),
            "fer2013_private_strips_ece": round(headline.scores.ece, 4),
            "unseen_persons_accuracy": round(unseen.scores.accuracy, 4),
            "fer2013_public_strips_accuracy": round(public.scores.accuracy, 4),
        },
        created_at=package.created_at(),
        training=recipe,
    )
    record = stored(
        measured=[headline, _measure_unseen("private", test, training, on_test), unseen, public],
        history=history,
        truth=test.truth,
        probabilities=on_test,
        calibration={
            "temperature": temperature,
            "ece_before": round(expected_calibration_error(validation.truth, raw), 4),
            "ece_after": round(expected_calibration_error(validation.truth, calibrated), 4),
        },
        notes=_notes(recipe),
    )
    return package.write(manifest, content, record, weights=options.output)


def _notes(recipe: dict[str, Any]) -> Notes:
    return Notes(
        summary=(
            "A small residual network on a strip of both eyes and brows, trained from random weights. It stands in for "
            "the paper's network, whose ImageNet backbones cannot be fetched on a closed machine and would take "
            "190 ms per picture."
        ),
        paper_claim=(
            "The paper reports 72.76 % on the DIU eye-emotion set (408 pictures), which could not be had. "
            "No figure above was made on it, and none may be compared with it."
        ),
        recipe=(
            f"{recipe['epochs_run']} of {recipe['epochs_prescribed']} epochs; epoch {recipe['best_epoch']} was best "
            "on PublicTest strips and ships.",
            f"Batch size {recipe['batch_size']}, {recipe['optimizer']}, seed {recipe['seed']}; "
            "classes weighted by one over the root of their frequency.",
            "Augmentation: mirroring, shifts, turns of 5 degrees, scale 0.9 to 1.1, lower resolutions, blur, tone.",
            "Strips are cut by the same landmarks and the same function in training and in serving.",
        ),
        limits=(
            "The labels of FER2013 describe whole faces; whether the eyes alone show them was not asked of anyone.",
            "FER2013's faces are 48 pixels wide, so its strips are blurred pictures of some 20 rows.",
            "There is no neutral class: eyes at rest get some label. Metrics use it from confidence 0.5 on.",
            "Fear is recognised least (see the recalls): it is taken for sadness and for surprise.",
            "Glasses, hair over the brows and strong side light were not measured separately; neither was fairness.",
        ),
    )
