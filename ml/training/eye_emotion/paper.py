"""The paper's eye-emotion network: InceptionV3 and Xception in front of a dense head (section 3.2, Figure 2).

The backbones come with ImageNet weights that Keras would download. They are read from a folder instead; without that
folder the version is unavailable, and says so. The whole network is far larger than what ships and takes about 190 ms
per picture on one core, so it is for comparison, not for serving live.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.artifacts import Artifact, Manifest, ModelUnavailable, sha256_of
from ml.eye_emotion.labels import LABELS
from ml.modalities import EYE_EMOTION
from ml.runtime import Network, calibrate
from ml.training import checkpoint, convert, loop, package, schedules
from ml.training.backend import keras
from ml.training.calibration import fit_temperature
from ml.training.datasets import diu
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, EvaluationResult, Notes, curve, stored
from ml.training.eye_emotion import network
from ml.training.loop import Batch
from ml.training.metrics import Floats, Ints, expected_calibration_error, scores
from ml.training.options import Options

EPOCHS: Final = 100
BATCH_SIZE: Final = 64
LEARNING_RATE: Final = 1e-4
"""The paper's "0.01 %" for Adam."""

VALIDATION_SHARE: Final = 0.2
"""Of the training pictures: the DIU set has no validation part."""

INPUT_SHAPE: Final = (1, diu.SIDE, diu.SIDE, 3)

Read = Callable[[npt.NDArray[np.uint8]], Floats]

WEIGHT_FILES: Final = {
    "InceptionV3": "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
    "Xception": "xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
}
NEEDS: Final = (
    "The paper's eye network needs the ImageNet weights of InceptionV3 and Xception, which do not ship with this "
    "program: put " + " and ".join(WEIGHT_FILES.values()) + " (from the Keras applications) into a folder and name it "
    "with --backbones."
)


class BackbonesMissing(ModelUnavailable):
    """The ImageNet weights are not there; the sentence says which files are needed and where they go."""


def backbone_files(folder: Path | None) -> dict[str, Path]:
    """The weight file of each backbone; raises :class:`BackbonesMissing`."""
    if folder is None:
        raise BackbonesMissing(NEEDS)
    missing = [name for name in WEIGHT_FILES.values() if not (folder / name).is_file()]
    if missing:
        raise BackbonesMissing(f"{folder} lacks {' and '.join(missing)}. {NEEDS}")
    return {backbone: folder / name for backbone, name in WEIGHT_FILES.items()}


def backbones(weights: dict[str, Path] | None) -> Any:
    """The Keras model from RGB pictures float (n, 350, 350, 3), 0..255, to features (n, 4096).

    Each backbone gets its own preprocessing. ``weights`` maps each to its file; None leaves them random, for tests.
    """
    k = keras()
    pictures = k.Input((diu.SIDE, diu.SIDE, 3), name="pictures")
    features = []
    for name, module in (("InceptionV3", k.applications.inception_v3), ("Xception", k.applications.xception)):
        backbone = getattr(module, name)(
            include_top=False,
            weights=None if weights is None else str(weights[name]),
            input_shape=(diu.SIDE, diu.SIDE, 3),
            pooling="avg",
        )
        features.append(backbone(module.preprocess_input(pictures)))
    return k.Model(pictures, k.layers.Concatenate()(features), name="eye_emotion_paper_backbones")


class FeatureBatches:
    """Shuffled batches of features; the same for the same seed and epoch."""

    def __init__(self, features: Floats, truth: Ints, *, seed: int) -> None:
        self._features, self._truth, self._seed = features, truth, seed
        self.steps = -(-len(truth) // BATCH_SIZE)

    def epoch(self, number: int) -> Iterator[Batch]:
        order = np.random.default_rng([self._seed, number]).permutation(len(self._truth))
        for first in range(0, len(order), BATCH_SIZE):
            chosen = order[first : first + BATCH_SIZE]
            yield self._features[chosen], self._truth[chosen], None


def train(options: Options) -> Artifact:
    """Train the head on the DIU set under ``options.data`` and write the whole network to ``options.output``."""
    files = backbone_files(options.backbones)
    pictures = diu.load(options.data, "train")
    k = keras()
    k.utils.set_random_seed(options.seed)
    body, head = backbones(files), network.paper_head()
    head.compile(
        optimizer=k.optimizers.Adam(LEARNING_RATE),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    folder = options.work / EYE_EMOTION / options.version
    features = cached_features(folder, body, pictures.images, files)
    kept = np.random.default_rng(options.seed).random(len(pictures.truth)) >= VALIDATION_SHARE
    validation = loop.Validation(features[~kept], pictures.truth[~kept])
    if not kept.any() or kept.all():
        raise TrainingError(f"{options.data} holds too few pictures to keep some for validation.")
    if options.package_only:
        history = checkpoint.load_history(folder)
    else:
        history = loop.fit(
            head,
            train=FeatureBatches(features[kept], pictures.truth[kept], seed=options.seed),
            validation=validation,
            epochs=options.epochs or EPOCHS,
            folder=folder,
            schedule=schedules.constant(LEARNING_RATE),
            resume=options.resume,
            title=f"{EYE_EMOTION} {options.version}",
        )
    if not history:
        raise TrainingError(f"There is no checkpoint in {folder} to package: train first.")
    checkpoint.load_best(folder, head)
    raw = loop.predict(head, validation.inputs)
    temperature = fit_temperature(validation.truth, raw)
    whole = k.Model(body.input, head(body.output))
    content = convert.to_litert(whole, pictures.images[:2].astype(np.float32), half_precision=True)
    predict = convert.served(content, temperature)
    measured = figures(lambda images: predict(images.astype(np.float32)), options.data)
    manifest = Manifest(
        modality=EYE_EMOTION,
        name="Eye emotion, the paper's network",
        version=options.version,
        file=package.MODEL,
        sha256=package.sha256(content),
        kind="network",
        input={
            "shape": [1, diu.SIDE, diu.SIDE, 3],
            "dtype": "float32",
            "description": "350x350 RGB picture of both eyes, 0..255",
        },
        labels=LABELS,
        temperature=temperature,
        parameters=int(whole.count_params()),
        data=f"DIU eye-emotion set, {len(pictures.truth)} training pictures; ImageNet weights of the backbones",
        licence="the terms of the DIU set and of the Keras application weights apply",
        protocol="epoch chosen on a fifth of the training pictures, measured once on test",
        figures=measured.headline,
        created_at=package.created_at(),
        training={"epochs_prescribed": EPOCHS, "epochs_run": len(history), "seed": options.seed},
    )
    record = stored(
        measured=measured.measured,
        history=history,
        truth=measured.truth,
        probabilities=measured.probabilities,
        extra=measured.extra,
        calibration={
            "temperature": temperature,
            "ece_before": round(expected_calibration_error(validation.truth, raw), 4),
            "ece_after": round(
                expected_calibration_error(validation.truth, calibrate(raw.astype(np.float32), temperature)), 4
            ),
        },
        notes=Notes(
            summary="The paper's head (5,823,446 parameters) on InceptionV3 and Xception features.",
            paper_claim="The paper reports 72.76 % on the DIU set.",
            recipe=(f"{len(history)} epochs of Adam at {LEARNING_RATE:g}; the backbones stay as ImageNet left them.",),
            limits=measured.limits,
        ),
    )
    return package.write(manifest, content, record, weights=options.output, largest_bytes=None)


def is_papers(artifact: Artifact) -> bool:
    """Whether a version takes the paper's pictures instead of strips."""
    return tuple(artifact.manifest.input["shape"]) == INPUT_SHAPE


def reader(artifact: Artifact) -> Read:
    """From RGB pictures uint8 (n, 350, 350, 3) to what a version says of them."""
    loaded = Network(artifact)
    return lambda images: convert.in_order(loaded.predict(images.astype(np.float32)), artifact.manifest.labels, LABELS)


def evaluate(artifact: Artifact, data: Path, split: str) -> dict[str, Any]:
    """Figures on the DIU set's ``train`` or ``test`` (asked for as ``private``); it has no validation part."""
    if split == "public":
        raise TrainingError("The DIU set has no validation part: ask for the split train or private (its test).")
    pictures = diu.load(data, "test" if split == "private" else "train")
    probabilities = reader(artifact)(pictures.images)
    return _measured(pictures, split, probabilities).to_json() | {"reliability": curve(pictures.truth, probabilities)}


def figures(read: Read, data: Path) -> Evaluation:
    """All figures of the card; ``read`` takes RGB pictures uint8 (n, 350, 350, 3)."""
    test = diu.load(data, "test")
    probabilities = read(test.images)
    measured = _measured(test, "private", probabilities)
    return Evaluation(
        measured=(measured,),
        truth=test.truth,
        probabilities=probabilities,
        headline={"diu_test_accuracy": round(measured.scores.accuracy, 4)},
        extra={},
        limits=("408 pictures, some of one person in both parts: figures on it are uncertain by several points.",),
    )


def _measured(pictures: diu.Pictures, split: str, probabilities: Floats) -> EvaluationResult:
    return EvaluationResult(
        key="diu_test" if split == "private" else "diu_train",
        title="DIU test" if split == "private" else "DIU train",
        scores=scores(pictures.truth, probabilities, LABELS),
        note="" if split == "private" else "the network was trained on most of these pictures",
    )


def cached_features(folder: Path, body: Any, images: npt.NDArray[np.uint8], files: dict[str, Path]) -> Floats:
    """The features (n, 4096) of :func:`extract`, kept on disk for as long as pictures and weights are the same."""
    digest = hashlib.sha256(images.tobytes())
    for _, path in sorted(files.items()):
        digest.update(sha256_of(path).encode())
    path = folder / f"features-{digest.hexdigest()[:16]}.npy"
    if path.is_file():
        return np.asarray(np.load(path))
    features = extract(body, images)
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part.npy")
    np.save(draft, features)
    draft.replace(path)
    return features


def extract(body: Any, images: npt.NDArray[np.uint8]) -> Floats:
    """Features (n, 4096) of RGB pictures uint8 (n, 350, 350, 3), a few at a time."""
    starts = tqdm(range(0, len(images), 8), desc="features", disable=not sys.stderr.isatty())
    return np.concatenate([body.predict_on_batch(images[i : i + 8].astype(np.float32)) for i in starts])
