"""LiteRT networks, cached in the process, one thread each.

LiteRT imports in 0.04 s and needs no TensorFlow. Networks are loaded lazily, in the process that uses them: a
network built before a fork hangs the child on its first prediction.
"""

import hashlib
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.artifacts import Artifact, verify


class FileDamaged(Exception):
    """A model file does not have the expected sha256. The message names it."""


class Graph:
    """One LiteRT file with a fixed batch of one, usable from several threads (calls take turns).

    ``inputs`` and ``outputs`` are LiteRT's details of them (``shape``, ``dtype``, ``index`` …); the first input is fed.
    """

    def __init__(self, content: bytes) -> None:
        from ai_edge_litert.interpreter import Interpreter

        # The interpreter does not copy the model: the bytes must live as long as it does.
        self._content = content
        self._interpreter = Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        self.inputs: list[dict[str, Any]] = self._interpreter.get_input_details()
        self.outputs: list[dict[str, Any]] = self._interpreter.get_output_details()
        self._lock = threading.Lock()

    @property
    def input_shape(self) -> tuple[int, ...]:
        return tuple(int(n) for n in self.inputs[0]["shape"])

    def run(self, tensor: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Outputs of one example, in the file's order; ``tensor`` must have ``input_shape``."""
        with self._lock:
            self._interpreter.set_tensor(self.inputs[0]["index"], tensor)
            self._interpreter.invoke()
            return [self._interpreter.get_tensor(output["index"]) for output in self.outputs]


@lru_cache(maxsize=32)
def graph(path: Path, sha256: str) -> Graph:
    """The loaded file, verified once per process; raises :class:`FileDamaged`, or ``OSError`` when it is missing."""
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise FileDamaged(f"The model file {path.name} is damaged: its sha256 is {found}, expected {sha256}.")
    return Graph(content)


class Network:
    """A shipped classifier: batches in, calibrated probabilities out. Its file is read once per process.

    Raises :class:`ml.artifacts.ArtifactDamaged`, whose message contains the fix, when the file is not the manifest's.
    """

    def __init__(self, artifact: Artifact) -> None:
        verify(artifact)
        self._graph = graph(artifact.path, artifact.manifest.sha256)
        self._classes = len(artifact.manifest.labels)
        self._temperature = artifact.manifest.temperature

    def predict(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities (n, labels), rows sum to 1, for a batch of shape (n, *example). Outputs beyond
        the manifest's labels are dropped, and the rest sums to 1 again."""
        rows = [self._graph.run(example[np.newaxis])[0][0, : self._classes] for example in batch]
        return calibrate(np.stack(rows), self._temperature)


def calibrate(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Temperature scaling of softmax outputs (Guo et al. 2017): softmax(log p / T) along the last axis."""
    logits = np.log(np.clip(probabilities, 1e-12, 1.0)) / temperature
    logits -= logits.max(axis=-1, keepdims=True)
    weights = np.exp(logits)
    scaled: NDArray[np.float32] = (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    return scaled
