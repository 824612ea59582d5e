"""The eye networks. These tests import TensorFlow."""

import pytest

from ml.training.eye_emotion import backbones, network

pytestmark = [
    pytest.mark.training,
    # TensorFlow's and Keras' own, about their dependencies and about each other.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_the_papers_eye_head_has_its_parameters():
    model = network.paper_head()
    assert model.count_params() == network.PAPER_HEAD_PARAMETERS == 5_823_446
    assert model.input_shape == (None, 4096)
    assert model.output_shape == (None, 6)


def test_the_compact_eye_network_is_compact():
    model = network.compact_network()
    assert model.count_params() < 1_000_000
    assert model.output_shape == (None, 7)


def test_the_papers_backbones_give_4096_features():
    body = backbones.build(None)
    assert body.input_shape == (None, 350, 350, 3)
    assert body.output_shape == (None, network.PAPER_FEATURES)
