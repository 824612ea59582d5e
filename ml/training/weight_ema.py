"""Exponential moving average (EMA) of a network's weights, which is evaluated and kept in place of the weights.

The optimizer keeps the average (``use_ema=True``), so that it is checkpointed with the optimizer's state. The
statistics of batch normalisation belong to the weights they were computed with; they are computed anew for the average.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from ml.training.backend import keras
from ml.training.metrics import Floats

BATCH_SIZE: Final = 256


class WeightEMA:
    """Evaluation weights: ``with ema(model): ...`` swaps the average into a model.

    ``inputs`` (n, ...) are training samples without augmentation, a few batches of ``BATCH_SIZE``. The statistics of
    batch normalisation are computed on them.
    """

    def __init__(self, inputs: Floats) -> None:
        self._inputs = inputs

    @contextlib.contextmanager
    def __call__(self, model: Any) -> Iterator[None]:
        trained = [variable.numpy() for variable in model.variables]
        model.optimizer.finalize_variable_values(model.trainable_variables)
        try:
            self._update_batch_norm(model)
            yield
        finally:
            for variable, value in zip(model.variables, trained, strict=True):
                variable.assign(value)

    def _update_batch_norm(self, model: Any) -> None:
        layers = [x for x in model.layers if isinstance(x, keras().layers.BatchNormalization)]
        usual = [layer.momentum for layer in layers]
        for number, first in enumerate(range(0, len(self._inputs), BATCH_SIZE)):
            for layer in layers:
                layer.momentum = number / (number + 1)  # the plain mean over the batches so far
            model(self._inputs[first : first + BATCH_SIZE], training=True)
        for layer, momentum in zip(layers, usual, strict=True):
            layer.momentum = momentum
