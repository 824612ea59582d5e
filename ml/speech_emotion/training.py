"""Training and measuring the paper's speech network on RAVDESS.

Two protocols, always both, always labelled: speaker-independent folds, and random folds over clips as the paper ran
(which flatter, because each speaker stands on both sides). The shipped weights are trained afterwards on all actors,
for the median of the epochs that validation chose in the speaker-independent folds, with the temperature of their
pooled validation predictions.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network, calibrate
from ml.speech_emotion import dataset, network, packaging, protocols
from ml.speech_emotion.dataset import Clips, Fold, Normalisation, SpeechBatches
from ml.speech_emotion.labels import LABELS
from ml.training import checkpoint, convert, loop
from ml.training.backend import keras
from ml.training.errors import TrainingError
from ml.training.evaluation import FILE, Stored, curve
from ml.training.metrics import Floats, Ints
from ml.training.options import Options

VERSIONS: Final = {"paper-v1": "It is trained on ravdess/."}
EPOCHS: Final = 100
BATCH_SIZE: Final = 64
RATE: Final = 5e-4
"""RMSprop's learning rate, which the paper does not name: between 3e-4 (slow) and 1e-3 (unsteady), both tried for 30 to
40 epochs on the first speaker-independent fold and judged by its validation actors."""

PROTOCOLS: Final = ("speaker", "random")

# A split of evaluate_model to the stored measurement it stands for; "train" is measured anew.
STORED: Final = {"public": "ravdess_speaker_validation", "private": "ravdess_speaker_independent"}


def train(options: Options) -> Artifact | None:
    """Run the protocols, train on all actors and write the version; with ``options.protocol`` run that one only."""
    if options.protocol is not None and options.protocol not in PROTOCOLS:
        raise TrainingError(f"There is no protocol '{options.protocol}'; there are {', '.join(PROTOCOLS)}.")
    clips = dataset.load(options.data, cache(options.work))
    folder = version_folder(options)
    if options.resume or options.package_only:
        protocols.restore(options.output / SPEECH_EMOTION / options.version / protocols.KEPT, folder)
    if options.protocol is not None:
        run_protocol(clips, options.protocol, options)
        return None
    if not options.package_only:
        for protocol in PROTOCOLS:
            run_protocol(clips, protocol, options)
    speaker = protocols.read(clips, folder, "speaker", len(dataset.SPEAKER_FOLDS))
    random = protocols.read(clips, folder, "random", dataset.RANDOM_FOLDS, partial=True)
    epochs = packaging.final_epochs(speaker)
    model, normalisation = train_on_all(clips, epochs, options)
    return packaging.write(
        model,
        clips,
        normalisation,
        speaker=speaker,
        random=random,
        kept={protocols.KEPT: protocols.pack(folder)},
        epochs=epochs,
        options=options,
    )


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures for a split: ``train`` is the shipped file on all clips, all of which it was trained on.

    The shipped weights have no unseen clip left. ``private`` and ``public`` are therefore the pooled test and
    validation predictions of the speaker-independent folds as stored when the version was made, with the shipped
    file's own figures on its training data beside them. A version without stored figures is measured on all clips.
    """
    clips = dataset.load(data, cache(work))
    probabilities = _predict(artifact, clips)
    if not (artifact.folder / FILE).is_file():
        # Brought as a file: there are no folds, and no split that it can be said not to have seen.
        brought = packaging.measure_brought(clips, probabilities).to_json()
        return brought | {"reliability": curve(clips.truth, probabilities)}
    seen = packaging.measure_training_data(clips, probabilities).to_json()
    if split == "train":
        return seen
    try:
        measured = Stored.read(artifact.folder).measured
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"The stored figures of {artifact.folder.name} cannot be read ({error}).") from error
    by_key = {row["key"]: row for row in measured}
    result = dict(by_key[STORED[split]])
    result["training_data"] = seen
    return result


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 8) of neutral clips of the folds' inner validation actors, whom their networks never heard."""
    clips = dataset.load(data, cache(work))
    with tempfile.TemporaryDirectory() as folder:
        protocols.restore(artifact.folder / protocols.KEPT, Path(folder))
        runs = protocols.read(clips, Path(folder), "speaker", len(dataset.SPEAKER_FOLDS))
    pools = [run.validation for run in runs]
    raw = np.concatenate([pool.probabilities[pool.truth == LABELS.index("neutral")] for pool in pools])
    return calibrate(raw.astype(np.float32), artifact.manifest.temperature)


def _predict(artifact: Artifact, clips: Clips) -> Any:
    preprocessing = artifact.manifest.preprocessing
    inputs = Normalisation(preprocessing["mean"], preprocessing["std"]).inputs(clips.features[:, 0])
    used = convert.used_outputs(Network(artifact).predict(inputs), len(LABELS))
    return convert.in_order(used, artifact.manifest.labels, LABELS)


def cache(work: Path) -> Path:
    """Where computed features are kept."""
    return work / SPEECH_EMOTION / "features.npz"


def version_folder(options: Options) -> Path:
    return options.work / SPEECH_EMOTION / options.version


def run_protocol(clips: Clips, protocol: str, options: Options) -> None:
    """Train every fold of a protocol for ``options.seed`` and keep each fold's predictions in the work folder."""
    folds = dataset.speaker_folds(clips) if protocol == "speaker" else dataset.random_folds(clips, options.seed)
    for number, fold in enumerate(folds):
        folder = version_folder(options) / f"{protocol}-seed{options.seed}-fold{number}"
        if not (options.resume and (folder / protocols.PREDICTIONS).is_file()):
            run_fold(clips, fold, folder, options, f"{protocol} seed {options.seed} fold {number + 1}/{len(folds)}")


def run_fold(clips: Clips, fold: Fold, folder: Path, options: Options, title: str) -> None:
    """Train one fold, choose the epoch by UAR on its validation clips, store its test and validation predictions."""
    normalisation = Normalisation.of(clips.features[fold.train][:, 0])
    model = compiled(options.seed)
    history = loop.fit(
        model,
        train=SpeechBatches(clips, fold.train, normalisation, batch_size=BATCH_SIZE, seed=options.seed),
        validation=_validation(clips, fold.validation, normalisation),
        epochs=options.epochs or EPOCHS,
        folder=folder,
        schedule=loop.constant(RATE),
        selection=loop.by_uar,
        resume=options.resume,
        checkpoint_every=10,
        title=f"{SPEECH_EMOTION} {title}",
    )
    checkpoint.load_best(folder, model)
    predictions = {
        part: convert.used_outputs(loop.predict(model, normalisation.inputs(clips.features[chosen][:, 0])), len(LABELS))
        for part, chosen in (("test", fold.test), ("validation", fold.validation))
    }
    np.savez(
        folder / protocols.PREDICTIONS,
        test=predictions["test"],
        validation=predictions["validation"],
        test_index=fold.test,
        validation_index=fold.validation,
        best_epoch=loop.best_epoch(history, loop.by_uar).epoch,
    )


def train_on_all(clips: Clips, epochs: int, options: Options) -> tuple[Any, Normalisation]:
    """The shipped network: trained on all actors for ``epochs``, the last epoch kept."""
    everyone = np.arange(len(clips.truth))
    normalisation = Normalisation.of(clips.features[:, 0])
    folder = version_folder(options) / "all-actors"
    model = compiled(options.seed)
    loop.fit(
        model,
        train=SpeechBatches(clips, everyone, normalisation, batch_size=BATCH_SIZE, seed=options.seed),
        # Nobody is left to validate on: two actors of the training set only show that training goes on.
        validation=_validation(clips, np.flatnonzero(clips.actors <= 2), normalisation),
        epochs=epochs,
        folder=folder,
        schedule=loop.constant(RATE),
        selection=lambda record: record.epoch,
        resume=options.resume or options.package_only,
        checkpoint_every=10,
        title=f"{SPEECH_EMOTION} all actors",
    )
    checkpoint.load_best(folder, model)
    return model, normalisation


def compiled(seed: int) -> Any:
    """The paper's network with its optimizer, seeded."""
    k = keras()
    k.utils.set_random_seed(seed)
    model = network.paper_network()
    model.compile(
        optimizer=k.optimizers.RMSprop(RATE),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    return model


def _validation(clips: Clips, chosen: Ints, normalisation: Normalisation) -> loop.Validation:
    return loop.Validation(normalisation.inputs(clips.features[chosen][:, 0]), clips.truth[chosen])
