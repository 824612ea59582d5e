"""The backbones of the paper's network, InceptionV3 and Xception, and the features that they give.

Their ImageNet weights, which Keras would download, are read from a folder instead.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from ml.artifacts import ModelUnavailable, sha256_of
from ml.training.backend import keras
from ml.training.datasets import diu
from ml.training.datasets.eye_strips import Pixels
from ml.training.loop import Batch
from ml.training.metrics import Floats, Ints

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
    """The ImageNet weights are not there; the sentence names the files and where they go."""


def weight_files(folder: Path | None) -> dict[str, Path]:
    """The weight file of each backbone; raises :class:`BackbonesMissing`."""
    if folder is None:
        raise BackbonesMissing(NEEDS)
    missing = [name for name in WEIGHT_FILES.values() if not (folder / name).is_file()]
    if missing:
        raise BackbonesMissing(f"{folder} lacks {' and '.join(missing)}. {NEEDS}")
    return {backbone: folder / name for backbone, name in WEIGHT_FILES.items()}


def build(weights: dict[str, Path] | None) -> Any:
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


def cached_features(folder: Path, body: Any, images: Pixels, files: dict[str, Path]) -> Floats:
    """The features (n, 4096) of :func:`extract`, kept in ``folder`` for as long as pictures and weights are the
    same."""
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


def extract(body: Any, images: Pixels) -> Floats:
    """Features (n, 4096) of RGB pictures uint8 (n, 350, 350, 3), a few at a time."""
    starts = tqdm(range(0, len(images), 8), desc="features", disable=not sys.stderr.isatty())
    return np.concatenate([body.predict_on_batch(images[i : i + 8].astype(np.float32)) for i in starts])


class FeatureBatches:
    """Shuffled batches of features; the same for the same seed and epoch."""

    def __init__(self, features: Floats, truth: Ints, *, batch_size: int, seed: int) -> None:
        self._features, self._truth = features, truth
        self._batch_size, self._seed = batch_size, seed
        self.steps = -(-len(truth) // batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        order = np.random.default_rng([self._seed, number]).permutation(len(self._truth))
        for first in range(0, len(order), self._batch_size):
            chosen = order[first : first + self._batch_size]
            yield self._features[chosen], self._truth[chosen], None
