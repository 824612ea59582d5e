"""From a trained Keras model to the LiteRT file that serves."""

import contextlib
import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.runtime import Graph, calibrate
from ml.training.backend import keras
from ml.training.errors import TrainingError
from ml.training.loop import predict
from ml.training.metrics import Floats

# Half-precision weights, and bfloat16 products on the training side, move probabilities in the second digit at most,
# 8-bit products of a transformer up to twice as far; a broken conversion moves them everywhere.
_LARGEST_DIFFERENCE = 0.05
_LARGEST_DIFFERENCE_OF_EIGHT_BIT = 0.1


def to_litert(model: Any, samples: Floats, *, half_precision: bool = False, eight_bit: bool = False) -> bytes:
    """The file's content, with a fixed batch of one, after checking that it predicts what the Keras model predicts.

    ``half_precision`` stores weights as float16 (half the size, float32 arithmetic); ``eight_bit`` stores them as int8
    and multiplies in int8, with the range of every layer's input taken as it comes (LiteRT's dynamic range
    quantisation: a quarter of the size, several times as fast where processors multiply bytes). ``samples`` (n, ...)
    are real inputs for the check. Raises :class:`TrainingError` when the two disagree, or when Keras does not run on
    TensorFlow.
    """
    k = keras()
    if k.backend.backend() != "tensorflow":
        raise TrainingError(
            "TensorFlow converts what was trained: run this again with KERAS_BACKEND=tensorflow and --package-only."
        )
    import tensorflow as tf

    # from_keras_model with a fixed batch freezes the weights into the file; from_concrete_functions does not (Keras 3).
    inputs = k.Input(batch_shape=(1, *model.input_shape[1:]))
    fixed = k.Model(inputs, model(inputs))
    converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
    if half_precision or eight_bit:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if half_precision:
        converter.target_spec.supported_types = [tf.float16]
    # The converter describes what it saved on standard output, which may be carrying JSON.
    with contextlib.redirect_stdout(io.StringIO()):
        content = bytes(converter.convert())
    served = predict_file(content, samples)
    difference = float(np.abs(served - predict(model, samples)).max())
    if difference > (_LARGEST_DIFFERENCE_OF_EIGHT_BIT if eight_bit else _LARGEST_DIFFERENCE):
        raise TrainingError(f"The converted network differs from the trained one by up to {difference:.3f}.")
    return content


def predict_file(content: bytes, inputs: Floats) -> Floats:
    """Raw softmax outputs (n, outputs) of a LiteRT file for inputs (n, ...)."""
    return _run(Graph(content), inputs)


def served(content: bytes, temperature: float) -> Callable[[Floats], Floats]:
    """From inputs (n, ...) to calibrated probabilities (n, outputs), as the packaged file will give them."""
    graph = Graph(content)
    return lambda inputs: calibrate(_run(graph, inputs), temperature)


def _run(graph: Graph, inputs: Floats) -> npt.NDArray[np.float32]:
    return np.stack([graph.run(np.asarray(example, dtype=np.float32)[np.newaxis])[0][0] for example in inputs])


def in_order(probabilities: Floats, labels: Sequence[str], wanted: Sequence[str]) -> Floats:
    """Columns (n, wanted) of a version in the order ``wanted``; a label that it does not have is never given."""
    columns = {label: probabilities[:, number] for number, label in enumerate(labels)}
    never = np.zeros(len(probabilities), dtype=probabilities.dtype)
    return np.stack([columns.get(label, never) for label in wanted], axis=1)


def used_outputs(probabilities: Floats, classes: int) -> Floats:
    """The first ``classes`` outputs, made to sum to 1: outputs beyond a manifest's labels are not used."""
    kept = probabilities[:, :classes]
    return np.asarray(kept / kept.sum(axis=1, keepdims=True))
