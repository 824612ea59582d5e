"""The networks of the paper, counted; what conversion and resuming preserve. These tests import TensorFlow."""

from collections.abc import Iterator

import numpy as np
import pytest

from ml.training import checkpoint, convert, loop, schedules
from ml.training.backend import keras
from ml.training.eye_emotion import network as eye_network
from ml.training.eye_emotion import paper
from ml.training.facial_expression import network as face_network
from ml.training.speech_emotion import paper_network as speech_network

pytestmark = [
    pytest.mark.training,
    # TensorFlow's and Keras' own, about their dependencies and about each other.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_the_papers_face_network_has_its_parameters():
    model = face_network.paper_network()
    assert model.count_params() == face_network.PAPER_PARAMETERS == 2_345_607
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [
        320, 18_496, 73_856, 147_584, 2_098_176, 7_175,
    ]  # fmt: skip
    assert model.output_shape == (None, 7)


def test_the_papers_eye_head_has_its_parameters():
    model = eye_network.paper_head()
    assert model.count_params() == eye_network.PAPER_HEAD_PARAMETERS == 5_823_446
    assert model.input_shape == (None, 4096)
    assert model.output_shape == (None, 6)


def test_the_papers_speech_network_has_its_parameters():
    model = speech_network.paper_network()
    assert model.count_params() == speech_network.PAPER_PARAMETERS == 528_266
    assert model.input_shape == (None, 216, 1)
    assert model.output_shape == (None, 10)


def test_the_compact_face_network_is_compact():
    model = face_network.compact_network()
    assert 1_500_000 < model.count_params() < 3_000_000
    assert model.output_shape == (None, 7)


def test_networks_together_are_their_weighted_geometric_mean():
    one, other = face_network.compact_network(), face_network.paper_network()
    faces = np.random.default_rng(0).normal(size=(2, 48, 48, 1)).astype(np.float32)
    mixed = one(faces).numpy() ** 0.25 * other(faces).numpy() ** 0.75
    both = face_network.ensemble([(one, 0.25), (other, 0.75)])
    assert both(faces).numpy() == pytest.approx(mixed / mixed.sum(axis=1, keepdims=True), abs=1e-4)


def test_the_compact_eye_network_is_compact():
    model = eye_network.compact_network()
    assert model.count_params() < 500_000
    assert model.output_shape == (None, 6)


def test_the_papers_backbones_give_4096_features():
    body = paper.backbones(None)
    assert body.input_shape == (None, 350, 350, 3)
    assert body.output_shape == (None, eye_network.PAPER_FEATURES)


class TwoMoons:
    """A tiny problem: 40 points of the plane in two classes."""

    steps = 4

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self.truth = np.arange(40) % 2
        self.inputs = (random.normal(size=(40, 2)) + 3 * self.truth[:, np.newaxis]).astype(np.float32)

    def epoch(self, number: int) -> Iterator[loop.Batch]:
        order = np.random.default_rng([0, number]).permutation(40)
        for first in range(0, 40, 10):
            chosen = order[first : first + 10]
            yield self.inputs[chosen], self.truth[chosen], None


def small_model():
    k = keras()
    k.utils.set_random_seed(0)
    model = k.Sequential(
        [
            k.Input((2,)),
            k.layers.Dense(8, activation="relu"),
            k.layers.Dropout(0.3),
            k.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(k.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def train(folder, epochs, resume=False):
    points, model = TwoMoons(), small_model()
    history = loop.fit(
        model,
        train=points,
        validation=loop.Validation(points.inputs, points.truth),
        epochs=epochs,
        folder=folder,
        schedule=schedules.halving(0.01, hold=1, every=1),
        resume=resume,
    )
    return model, history


def test_training_in_two_goes_gives_what_one_go_gives(tmp_path):
    whole, history = train(tmp_path / "whole", 2)
    train(tmp_path / "parts", 1)
    parts, resumed = train(tmp_path / "parts", 2, resume=True)
    assert [r.epoch for r in resumed] == [1, 2]
    for one, other in zip(history, resumed, strict=True):
        assert (one.loss, one.validation_loss, one.learning_rate) == (
            other.loss,
            other.validation_loss,
            other.learning_rate,
        )
    for one, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_without_resume_training_starts_anew(tmp_path):
    train(tmp_path, 2)
    _, history = train(tmp_path, 1)
    assert len(history) == len(checkpoint.load_history(tmp_path)) == 1


def test_the_best_epoch_on_validation_is_kept(tmp_path):
    model, history = train(tmp_path, 5)
    checkpoint.load_best(tmp_path, model)
    points = TwoMoons()
    accuracy = (loop.predict(model, points.inputs).argmax(axis=1) == points.truth).mean()
    assert round(float(accuracy), 5) == max(r.validation_accuracy for r in history)


def test_a_killed_write_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    model, _ = train(tmp_path, 1)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint.np, "savez", killed)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save_last(tmp_path, model, [])
    monkeypatch.undo()
    assert len(checkpoint.load_history(tmp_path)) == 1
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {checkpoint.BEST, checkpoint.LAST}


@pytest.mark.parametrize("half_precision", [False, True])
def test_the_converted_network_predicts_what_the_trained_one_does(tmp_path, half_precision):
    model, _ = train(tmp_path, 1)
    points = TwoMoons()
    content = convert.to_litert(model, points.inputs, half_precision=half_precision)
    assert np.abs(convert.predict_file(content, points.inputs) - loop.predict(model, points.inputs)).max() < 0.01


def test_outputs_beyond_the_labels_are_not_used():
    kept = convert.used_outputs(np.array([[0.4, 0.4, 0.2]]), 2)
    assert kept.tolist() == [[0.5, 0.5]]
