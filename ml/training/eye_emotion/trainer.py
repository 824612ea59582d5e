"""Training and measuring eye emotion.

``compact-v1`` trains on FER2013's Training strips and on the persons of the other set who are not kept for the test;
everything is chosen on PublicTest strips; PrivateTest strips and the strips of unseen persons are measured once.
``paper-v1``, the paper's network, is in :mod:`ml.training.eye_emotion.paper`.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact, Manifest
from ml.eye_emotion.labels import LABELS
from ml.eye_emotion.preprocessing import INPUT, to_inputs
from ml.modalities import EYE_EMOTION
from ml.runtime import Network, calibrate
from ml.training import checkpoint, convert, latency, loop, package, schedules
from ml.training.backend import keras
from ml.training.calibration import fit_temperature
from ml.training.checkpoint import EpochRecord
from ml.training.datasets import eye_strips
from ml.training.datasets.eye_strips import Set, StripBatches
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, Notes, curve, stored
from ml.training.eye_emotion import corruptions, evaluation, network, paper
from ml.training.eye_emotion.evaluation import Read
from ml.training.metrics import Floats, expected_calibration_error
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


def train(options: Options) -> Artifact:
    """Train a version (or continue, or only package it) and write it to ``options.output``."""
    if options.version == "paper-v1":
        return paper.train(options)
    cache = options.work / EYE_EMOTION
    training = _training_set(options.data, cache)
    validation = eye_strips.fer2013_strips(options.data, "public", cache)
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
            schedule=schedules.cosine(START_RATE, EPOCHS),
            resume=options.resume,
            title=f"{EYE_EMOTION} {options.version}",
        )
    if not history:
        raise TrainingError(f"There is no checkpoint in {folder} to package: train first.")
    checkpoint.load_best(folder, model)
    return _package(model, history, len(training.truth), validation, options)


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures of the shipped file on FER2013 strips of a split and, for ``private``, on strips of unseen persons; of
    the paper's version on the DIU set."""
    if paper.is_papers(artifact):
        return paper.evaluate(artifact, data, split)
    cache, read = work / EYE_EMOTION, reader(artifact)
    strips = eye_strips.fer2013_strips(data, split, cache)
    probabilities = read(strips.strips)
    result = evaluation.fer2013_strips(split, strips, probabilities).to_json()
    result["reliability"] = curve(strips.truth, probabilities)
    if split != "train":
        training = eye_strips.fer2013_strips(data, "train", cache)
        result["deduplicated"] = evaluation.deduplicated(split, strips, training, probabilities).to_json()
        result["majority"] = evaluation.majority(
            f"fer2013_{split}", f"strips of {evaluation.TITLES[split]}", strips, training
        ).to_json()
        result["whole_faces"] = evaluation.whole_faces(split, strips, data).to_json()
    if split == "private":
        persons = eye_strips.person_strips(data, test=True)
        result["unseen_persons"] = evaluation.unseen_persons(persons, read(persons.strips)).to_json()
    return result


def measure(artifact: Artifact, data: Path, work: Path) -> Evaluation:
    """All figures of the card, of the shipped file. Raises :class:`TrainingError` without the data."""
    if paper.is_papers(artifact):
        return paper.figures(paper.reader(artifact), data)
    return _figures(reader(artifact), data, work / EYE_EMOTION)


def reader(artifact: Artifact) -> Read:
    """From strips to what a version says of them."""
    loaded = Network(artifact)
    return lambda strips: convert.in_order(loaded.predict(to_inputs(strips)), artifact.manifest.labels, LABELS)


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 6) of the strips of PublicTest's neutral faces; none for the paper's version (other input)."""
    if paper.is_papers(artifact):
        return np.empty((0, len(LABELS)))
    strips = eye_strips.neutral_strips(data, "public")
    return reader(artifact)(strips) if len(strips) else np.empty((0, len(LABELS)))


def _training_set(data: Path, cache: Path) -> Set:
    return eye_strips.fer2013_strips(data, "train", cache) + eye_strips.person_strips(data, test=False)


def _figures(read: Read, data: Path, cache: Path) -> Evaluation:
    training = _training_set(data, cache)
    # The test strips are read here and nowhere else: file and temperature are finished by now.
    test, persons = eye_strips.fer2013_strips(data, "private", cache), eye_strips.person_strips(data, test=True)
    validation = eye_strips.fer2013_strips(data, "public", cache)
    on_test = read(test.strips)
    headline = evaluation.fer2013_strips("private", test, on_test)
    unseen = evaluation.unseen_persons(persons, read(persons.strips))
    public = evaluation.fer2013_strips("public", validation, read(validation.strips))
    return Evaluation(
        measured=(
            headline,
            evaluation.deduplicated("private", test, training, on_test),
            evaluation.majority("fer2013_private", headline.title, test, training),
            evaluation.whole_faces("private", test, data),
            unseen,
            evaluation.majority("unseen_persons", unseen.title, persons, training),
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
            "speed": latency.measure(read, test.strips),
            "robustness": [
                corruptions.table(test, read, title=headline.title),
                corruptions.table(persons, read, title=f"{unseen.title}, which come 73 to 350 pixels wide"),
            ],
        },
        limits=evaluation.LIMITS,
    )


def _package(model: Any, history: list[EpochRecord], trained_on: int, validation: Set, options: Options) -> Artifact:
    inputs = to_inputs(validation.strips)
    content = convert.to_litert(model, inputs[:64], half_precision=False)
    raw = convert.predict_file(content, inputs)
    temperature = fit_temperature(validation.truth, raw)
    calibrated = calibrate(raw.astype(np.float32), temperature)
    predict = convert.served(content, temperature)
    figures = _figures(lambda strips: predict(to_inputs(strips)), options.data, options.work / EYE_EMOTION)
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
        input=INPUT.to_manifest(),
        labels=LABELS,
        temperature=temperature,
        parameters=int(model.count_params()),
        data=(
            f"{trained_on:,} strips: cut from the non-neutral faces of FER2013 Training, and from public face "
            "pictures of persons who are not in the test"
        ),
        licence="trained on FER2013 and on eye strips of public pictures, both for research use",
        protocol="chosen on PublicTest strips, measured once on PrivateTest strips and on strips of unseen persons",
        figures=figures.headline,
        created_at=package.created_at(),
        training=recipe,
    )
    record = stored(
        measured=figures.measured,
        history=history,
        truth=figures.truth,
        probabilities=figures.probabilities,
        calibration={
            "temperature": temperature,
            "ece_before": round(expected_calibration_error(validation.truth, raw), 4),
            "ece_after": round(expected_calibration_error(validation.truth, calibrated), 4),
        },
        notes=_notes(recipe, figures.limits),
        extra=figures.extra,
    )
    return package.write(manifest, content, record, weights=options.output)


def _notes(recipe: dict[str, Any], limits: tuple[str, ...]) -> Notes:
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
        limits=limits,
    )
