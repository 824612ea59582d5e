"""Conversion to LiteRT."""

import numpy as np
import pytest

from ml.training import convert, loop
from tests.ml.training.small_training import TwoMoons, train

pytestmark = [
    pytest.mark.training,
    # TensorFlow's and Keras' own, about their dependencies and about each other.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.mark.parametrize("half_precision", [False, True])
def test_the_converted_network_predicts_what_the_trained_one_does(tmp_path, half_precision):
    model, _ = train(tmp_path, 1)
    points = TwoMoons()
    content = convert.to_litert(model, points.inputs, half_precision=half_precision)
    assert np.abs(convert.predict_file(content, points.inputs) - loop.predict(model, points.inputs)).max() < 0.01


def test_outputs_beyond_the_labels_are_not_used():
    kept = convert.used_outputs(np.array([[0.4, 0.4, 0.2]]), 2)
    assert kept.tolist() == [[0.5, 0.5]]
