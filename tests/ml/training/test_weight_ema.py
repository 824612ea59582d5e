"""Judging a network by the running mean of its weights. These tests import TensorFlow."""

from collections.abc import Iterator

import numpy as np
import pytest

from ml.training import checkpoint, loop, schedules
from ml.training.backend import keras
from ml.training.weight_ema import WeightEMA

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

INPUTS = (np.random.default_rng(0).normal(size=(64, 3)) * 4 + 7).astype(np.float32)
TARGETS = np.eye(2, dtype=np.float32)[(INPUTS[:, 0] > 7).astype(int)] * 0.8 + 0.1


class Points:
    """Soft targets, two batches an epoch."""

    steps = 2

    def epoch(self, number: int) -> Iterator[loop.Batch]:
        order = np.random.default_rng([0, number]).permutation(64)
        for chosen in (order[:32], order[32:]):
            yield INPUTS[chosen], TARGETS[chosen], None


def small_model():
    k = keras()
    k.utils.set_random_seed(0)
    layers = [k.Input((3,)), k.layers.BatchNormalization(), k.layers.Dropout(0.3), k.layers.Dense(2, "softmax")]
    model = k.Sequential(layers)
    optimizer = k.optimizers.SGD(0.5, momentum=0.9, use_ema=True, ema_momentum=0.5)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def train(folder, epochs, resume=False):
    model = small_model()
    history = loop.fit(
        model,
        train=Points(),
        validation=loop.Validation(INPUTS, TARGETS.argmax(axis=1)),
        epochs=epochs,
        folder=folder,
        schedule=schedules.constant(0.5),
        evaluation_weights=WeightEMA(INPUTS),
        resume=resume,
    )
    return model, history


def test_the_average_is_in_the_model_only_while_it_is_evaluated(tmp_path):
    model, _ = train(tmp_path, 2)
    before = model.get_weights()
    with WeightEMA(INPUTS)(model):
        inside = model.get_weights()
    after = model.get_weights()
    assert not np.array_equal(inside[-2], before[-2])
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_the_statistics_of_batch_normalisation_are_those_of_the_given_inputs(tmp_path):
    model, _ = train(tmp_path, 1)
    with WeightEMA(INPUTS)(model):
        normalisation = model.layers[0]
        assert np.allclose(normalisation.moving_mean, INPUTS.mean(axis=0), atol=1e-4)
        assert np.allclose(normalisation.moving_variance, INPUTS.var(axis=0), rtol=1e-3)
    assert not np.allclose(model.layers[0].moving_mean, INPUTS.mean(axis=0), atol=0.1)


def test_the_mean_is_what_is_kept_as_best(tmp_path):
    model, history = train(tmp_path, 1)
    with WeightEMA(INPUTS)(model):
        mean = model.get_weights()
    checkpoint.load_best(tmp_path, model)
    assert all(np.allclose(one, other) for one, other in zip(mean, model.get_weights(), strict=True))
    accuracy = (loop.predict(model, INPUTS).argmax(axis=1) == TARGETS.argmax(axis=1)).mean()
    assert round(float(accuracy), 5) == history[0].validation_accuracy


def test_training_in_two_goes_gives_what_one_go_gives(tmp_path):
    whole, history = train(tmp_path / "whole", 3)
    train(tmp_path / "parts", 1)
    parts, resumed = train(tmp_path / "parts", 3, resume=True)
    assert [r.loss for r in history] == [r.loss for r in resumed]
    assert [r.validation_loss for r in history] == [r.validation_loss for r in resumed]
    assert all(np.array_equal(a, b) for a, b in zip(whole.get_weights(), parts.get_weights(), strict=True))


def test_training_accuracy_of_soft_targets_counts_the_class_of_most_weight(tmp_path):
    _, history = train(tmp_path, 30)
    assert history[-1].accuracy > 0.7  # dropout hides some of the three inputs
    assert history[-1].loss > 0.3  # the entropy of the targets themselves: no loss can be lower
