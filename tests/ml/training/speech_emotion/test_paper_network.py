"""The paper's speech network. This test imports TensorFlow."""

import pytest

from ml.training.speech_emotion import paper_network

pytestmark = [
    pytest.mark.training,
    # TensorFlow's and Keras' own, about their dependencies and about each other.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_the_papers_speech_network_has_its_parameters():
    model = paper_network.paper_network()
    assert model.count_params() == paper_network.PAPER_PARAMETERS == 528_266
    assert model.input_shape == (None, 216, 1)
    assert model.output_shape == (None, 10)
