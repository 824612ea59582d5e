"""Pretrained layers learn more slowly than the head. These tests import TensorFlow."""

import numpy as np
import pytest

from ml.training.speech_emotion.encoder import network, optimizer
from ml.training.weight_ema import WeightEMA
from tests.ml.training.speech_emotion.encoder.small import shrink

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

HEAD = {
    "layer_weights", "projection", "attention_hidden", "attention_score", "hidden", "probabilities",
    "state_norm_0", "state_norm_1", "state_norm_2",
}  # fmt: skip


@pytest.fixture
def model(monkeypatch):
    made = network.classifier(shrink(monkeypatch), 2)
    made.compile(optimizer=optimizer.make(made), loss="categorical_crossentropy")
    return made


def apply(model, gradient):
    """The weights before and after one step with ``gradient`` everywhere, by path."""
    variables = model.trainable_variables
    before = [variable.numpy() for variable in variables]
    model.optimizer.apply([np.full(variable.shape, gradient, np.float32) for variable in variables], variables)
    return {variable.path: (old, variable.numpy()) for variable, old in zip(variables, before, strict=True)}


def test_every_layer_learns_at_its_rate(model):
    """Adam's first step is the learning rate, whatever the gradient; what decay adds is a fiftieth of the weight."""
    rates = {}
    for path, (before, after) in apply(model, 0.01).items():
        rates.setdefault(path.split("/")[-2], []).append(float(np.median(before - after)))
    assert set(rates) > HEAD
    for layer, found in rates.items():
        expected = optimizer.HEAD_RATE if layer in HEAD else optimizer.LAYER_RATE
        assert found == pytest.approx([expected] * len(found), abs=4e-5), layer


def test_kernels_alone_decay(model):
    for path, (before, after) in apply(model, 0.0).items():
        kept = any(name in path for name in ("bias", "norm", "logits"))
        factor = 1.0 if kept else 1 - optimizer.HEAD_RATE * optimizer.WEIGHT_DECAY
        assert after == pytest.approx(before * factor, abs=1e-7), path


def test_what_is_judged_and_kept_is_the_running_mean(model):
    variable = model.get_layer("projection").kernel
    seen = []
    for _ in range(3):
        apply(model, 0.01)
        seen.append(variable.numpy())
    mean = seen[0]
    for value in seen[1:]:
        mean = optimizer.EMA_MOMENTUM * mean + (1 - optimizer.EMA_MOMENTUM) * value
    with WeightEMA(np.zeros((1, *network.STATES_SHAPE), np.float32))(model):
        assert variable.numpy() == pytest.approx(mean, abs=1e-5)
    np.testing.assert_array_equal(variable.numpy(), seen[-1])
