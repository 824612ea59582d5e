"""The face networks and their ensemble. These tests import TensorFlow."""

import numpy as np
import pytest

from ml.facial_expression.preprocessing import to_inputs
from ml.training import torch_weights
from ml.training.facial_expression import efficientnet_lite, network, robust

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


def test_efficientnet_lite_takes_the_weights_of_imagenet_and_any_side():
    model = efficientnet_lite.with_imagenet()
    assert 3_000_000 < model.count_params() < 3_500_000
    tensors = torch_weights.read(efficientnet_lite._weights_file())
    stem = model.get_layer("_conv_stem").get_weights()[0]
    assert stem[..., 0, :] == pytest.approx(tensors["_conv_stem.weight"].sum(axis=1).transpose(1, 2, 0) / 2)
    last = model.get_layer("_blocks.15._depthwise_conv").get_weights()[0]
    assert last[1, 2, 7, 0] == tensors["_blocks.15._depthwise_conv.weight"][7, 0, 1, 2]
    assert model.get_layer("_bn1").get_weights()[2] == pytest.approx(tensors["_bn1.running_mean"])

    whole = efficientnet_lite.at_side(model, 64)
    face = np.random.default_rng(0).integers(0, 256, (1, 48, 48), dtype=np.uint8)
    # Training enlarges crops outside the network, what ships inside: both are the same.
    inside, outside = whole.predict_on_batch(to_inputs(face)), model.predict_on_batch(robust.enlarged(face, side=64))
    assert inside == pytest.approx(outside, abs=1e-4)
