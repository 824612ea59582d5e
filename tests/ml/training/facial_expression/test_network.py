"""The face networks and their ensemble. These tests import TensorFlow."""

import numpy as np
import pytest

from ml import artifacts
from ml.facial_expression.preprocessing import to_inputs
from ml.modalities import FACIAL_EXPRESSION
from ml.training import convert
from ml.training.facial_expression import network, robust

pytestmark = [
    pytest.mark.training,
    # TensorFlow's and Keras' own, about their dependencies and about each other.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_the_papers_face_network_has_its_parameters():
    model = network.paper_network()
    assert model.count_params() == network.PAPER_PARAMETERS == 2_345_607
    assert [layer.count_params() for layer in model.layers if layer.count_params()] == [
        320, 18_496, 73_856, 147_584, 2_098_176, 7_175,
    ]  # fmt: skip
    assert model.output_shape == (None, 7)


def test_the_compact_face_network_is_compact():
    model = network.compact_network()
    assert 1_500_000 < model.count_params() < 3_000_000
    assert model.output_shape == (None, 7)


def test_an_ensemble_is_the_weighted_geometric_mean_of_its_members():
    one, other = network.compact_network(), network.paper_network()
    faces = np.random.default_rng(0).normal(size=(2, 48, 48, 1)).astype(np.float32)
    mixed = one(faces).numpy() ** 0.25 * other(faces).numpy() ** 0.75
    both = network.ensemble([(one, 0.25), (other, 0.75)])
    assert both(faces).numpy() == pytest.approx(mixed / mixed.sum(axis=1, keepdims=True), abs=1e-4)


def test_training_goes_on_from_the_weights_of_the_file_that_ships():
    model = robust.RECIPE.build()
    faces = np.random.default_rng(0).integers(0, 256, (4, 48, 48), dtype=np.uint8)
    artifact = artifacts.find(FACIAL_EXPRESSION, robust.TEACHER)
    shipped = convert.predict_file(artifact.path.read_bytes(), to_inputs(faces))
    # The file multiplies in 8 bits.
    assert model.predict_on_batch(to_inputs(faces)) == pytest.approx(shipped, abs=0.05)
