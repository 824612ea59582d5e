"""Weights read from files that ship."""

import numpy as np
import pytest

from ml import artifacts
from ml.modalities import FACIAL_EXPRESSION
from ml.training.litert_weights import convolutions_and_dense_layers


@pytest.fixture(scope="module")
def layers():
    return convolutions_and_dense_layers(artifacts.find(FACIAL_EXPRESSION, "compact-v1").path.read_bytes())


def test_kernels_of_an_8_bit_file_come_in_the_order_of_execution_and_in_keras_axes(layers):
    """Of an ensemble: the compact network, then the paper's."""
    assert [kernel.shape for kernel, _ in layers] == [
        (3, 3, 1, 32), (3, 3, 32, 64), (3, 3, 64, 64), (3, 3, 64, 128), (3, 3, 128, 128), (1, 1, 128, 16),
        (1, 1, 16, 128), (3, 3, 128, 256), (3, 3, 256, 256), (3, 3, 256, 256), (1, 1, 256, 32), (1, 1, 32, 256),
        (256, 7), (3, 3, 1, 32), (3, 3, 32, 64), (3, 3, 64, 128), (3, 3, 128, 128), (2048, 1024), (1024, 7),
    ]  # fmt: skip
    assert all(bias.shape == kernel.shape[-1:] for kernel, bias in layers)


def test_8_bit_weights_are_multiplied_by_the_scale_of_their_output(layers):
    kernel = next(kernel for kernel, _ in layers if kernel.shape == (3, 3, 256, 256))
    assert kernel.dtype == np.float32
    for output in range(0, 256, 51):
        levels = kernel[..., output] / np.abs(kernel[..., output]).max() * 127
        assert levels == pytest.approx(np.round(levels), abs=1e-3)
