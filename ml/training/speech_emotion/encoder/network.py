"""Whisper's encoder as a Keras network that classifies the emotion of three seconds of speech.

Whisper ``tiny.en``'s encoder (Radford et al. 2022, section 2.2): two convolutions with GELU, sinusoidal positions and
four pre-norm transformer layers (Xiong et al. 2020), cut to the 150 positions of three seconds. The lower part, the
**trunk**, keeps its pretrained weights and gives one hidden state for 40 ms; the layers above are fine-tuned. A
**head** reads the hidden states of the trunk's last and of all fine-tuned layers: their softmax-weighted sum, each
layer-normalised (the weighted layer pooling of SUPERB, Yang et al. 2021), a projection, attentive statistics pooling
over time (Okabe et al. 2018) and a perceptron.

Written in Keras 3 alone: any of its backends trains it; TensorFlow's converts it.
"""

import functools
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

from ml.arrays import Float32
from ml.speech_emotion.features.log_mel import FRAMES, MELS
from ml.speech_emotion.labels import LABELS
from ml.training.backend import keras
from ml.training.speech_emotion.ensemble import EPSILON

LAYERS: Final = 4
WIDTH: Final = 384
HEADS: Final = 6
INNER: Final = 1536
POSITIONS: Final = FRAMES // 2
POOLED: Final = POSITIONS // 2
"""Hidden states at the input of the classifiers: the trunk's, averaged in pairs (40 ms each)."""
STATES_SHAPE: Final = (POOLED, WIDTH)

PROJECTED: Final = 256
HIDDEN: Final = 128
_NORM_EPSILON: Final = 1e-5


def trunk(weights: dict[str, Float32], depth: int) -> Any:
    """Spectrograms (n, 300, 80) to the hidden states (n, 75, 384) after ``depth`` frozen layers."""
    k = keras()
    inputs = k.Input((FRAMES, MELS))
    x = k.layers.ZeroPadding1D(1)(inputs)
    x = k.layers.Conv1D(WIDTH, 3, activation=_gelu, name="conv1")(x)
    x = k.layers.ZeroPadding1D(1)(x)
    x = k.layers.Conv1D(WIDTH, 3, strides=2, activation=_gelu, name="conv2")(x)
    x = _custom().positions(weights["position_encodings/encodings"][:POSITIONS], name="positions")(x)
    for number in range(depth):
        x = _layer(x, number)
    model = k.Model(inputs, k.layers.AveragePooling1D(2, name="pairs")(x), name="trunk")
    for number in (1, 2):
        kernel = weights[f"conv{number}/weight"].transpose(2, 1, 0)
        model.get_layer(f"conv{number}").set_weights([kernel, weights[f"conv{number}/bias"]])
    _load(model, weights, range(depth))
    model.trainable = False
    return model


def classifier(
    weights: dict[str, Float32] | None,
    depth: int,
    *,
    dropout: float = 0.3,
    outputs: int = len(LABELS),
    name: str = "classifier",
) -> Any:
    """Hidden states (n, 75, 384) after ``depth`` layers to probabilities (n, 8): the remaining layers and the head.

    ``weights`` are the pretrained ones that the layers begin with; None leaves them random."""
    k = keras()
    inputs = k.Input(STATES_SHAPE)
    x, states = inputs, [inputs]
    for number in range(depth, LAYERS):
        x = _layer(x, number)
        states.append(x)
    states[-1] = k.layers.LayerNormalization(epsilon=_NORM_EPSILON, name="encoder_norm")(states[-1])
    model = k.Model(inputs, _head(states, dropout, outputs), name=name)
    if weights is not None:
        _load(model, weights, range(depth, LAYERS))
        model.get_layer("encoder_norm").set_weights([weights["layer_norm/gamma"], weights["layer_norm/beta"]])
    return model


def ensemble(trunk_model: Any, classifiers: Sequence[Any]) -> Any:
    """The ensemble as one network from spectrograms (n, 300, 80) to probabilities (n, 8): the geometric mean of the
    ``classifiers``, which share the trunk (as :func:`ml.training.speech_emotion.ensemble.geometric_mean`)."""
    k = keras()
    inputs = k.Input((FRAMES, MELS))
    states = trunk_model(inputs)
    logarithms = [k.layers.Lambda(_log, dtype="float32", name=f"log_{i}")(c(states)) for i, c in enumerate(classifiers)]
    mean = k.layers.Average(dtype="float32")(logarithms) if len(logarithms) > 1 else logarithms[0]
    return k.Model(inputs, k.layers.Softmax(dtype="float32")(mean), name="encoder_v1")


def _head(states: Sequence[Any], dropout: float, outputs: int) -> Any:
    k = keras()
    normalised = [
        k.layers.LayerNormalization(epsilon=_NORM_EPSILON, name=f"state_norm_{i}")(s) for i, s in enumerate(states)
    ]
    x = _custom().weighted_sum(name="layer_weights")(normalised)
    x = k.layers.Dense(PROJECTED, activation=_gelu, name="projection")(x)
    x = k.layers.Dropout(dropout)(x)
    scores = k.layers.Dense(HIDDEN, activation="tanh", name="attention_hidden")(x)
    scores = k.layers.Softmax(axis=1, name="attention")(k.layers.Dense(1, name="attention_score")(scores))
    x = _custom().statistics(name="statistics")([x, scores])
    x = k.layers.Dropout(dropout)(x)
    x = k.layers.Dense(HIDDEN, activation=_gelu, name="hidden")(x)
    x = k.layers.Dropout(dropout)(x)
    return k.layers.Dense(outputs, activation="softmax", dtype="float32", name="probabilities")(x)


def _layer(x: Any, number: int) -> Any:
    """One pre-norm transformer layer: self-attention, then the feed-forward part, each with a residual."""
    k = keras()
    y = k.layers.LayerNormalization(epsilon=_NORM_EPSILON, name=f"layer{number}_attention_norm")(x)
    x = k.layers.Add()([x, _custom().attention(name=f"layer{number}_attention")(y)])
    y = k.layers.LayerNormalization(epsilon=_NORM_EPSILON, name=f"layer{number}_inner_norm")(x)
    y = k.layers.Dense(INNER, activation=_gelu, name=f"layer{number}_inner")(y)
    return k.layers.Add()([x, k.layers.Dense(WIDTH, name=f"layer{number}_outer")(y)])


def _load(model: Any, weights: dict[str, Float32], layers: Sequence[int]) -> None:
    for n in layers:
        at = f"layer_{n}"
        norms = {f"layer{n}_attention_norm": f"{at}/self_attention", f"layer{n}_inner_norm": f"{at}/ffn"}
        for name, source in norms.items():
            gamma, beta = weights[f"{source}/layer_norm/gamma"], weights[f"{source}/layer_norm/beta"]
            model.get_layer(name).set_weights([gamma, beta])
        for name, source in ((f"layer{n}_inner", "ffn/linear_0"), (f"layer{n}_outer", "ffn/linear_1")):
            kernel, bias = weights[f"{at}/{source}/weight"].T, weights[f"{at}/{source}/bias"]
            model.get_layer(name).set_weights([kernel, bias])
        attention = [
            weights[f"{at}/self_attention/{source}"].T
            for source in ("linear_0/weight", "linear_0/bias", "linear_1/weight", "linear_1/bias")
        ]
        model.get_layer(f"layer{n}_attention").set_weights(attention)


def _gelu(x: Any) -> Any:
    return keras().ops.gelu(x, approximate=False)


def _log(x: Any) -> Any:
    return keras().ops.log(keras().ops.maximum(x, EPSILON))


@functools.cache
def _custom() -> SimpleNamespace:
    """The layers that Keras does not have. Their classes are created at the first call, because this module must be
    importable without Keras."""
    k = keras()
    ops = k.ops

    class Positions(k.layers.Layer):  # type: ignore[misc, name-defined]
        """Adds the position encodings, which are not trained."""

        def __init__(self, encodings: Float32, **options: Any) -> None:
            super().__init__(**options)
            self._encodings = np.asarray(encodings, np.float32)[np.newaxis]

        def call(self, x: Any) -> Any:
            return x + ops.cast(ops.convert_to_tensor(self._encodings), x.dtype)

        def compute_output_shape(self, shape: Any) -> Any:
            return shape

    class Attention(k.layers.Layer):  # type: ignore[misc, name-defined]
        """Multi-head self-attention; query, key and value are one matrix, as in the file."""

        def build(self, shape: Any) -> None:
            self.qkv = self.add_weight(shape=(WIDTH, 3 * WIDTH), initializer="glorot_uniform", name="qkv")
            self.qkv_bias = self.add_weight(shape=(3 * WIDTH,), initializer="zeros", name="qkv_bias")
            self.out = self.add_weight(shape=(WIDTH, WIDTH), initializer="glorot_uniform", name="out")
            self.out_bias = self.add_weight(shape=(WIDTH,), initializer="zeros", name="out_bias")

        def call(self, x: Any) -> Any:
            each = WIDTH // HEADS
            y = ops.matmul(x, self.qkv) + self.qkv_bias
            y = ops.transpose(ops.reshape(y, (-1, x.shape[1], 3, HEADS, each)), (2, 0, 3, 1, 4))
            scores = ops.matmul(y[0] * each**-0.5, ops.transpose(y[1], (0, 1, 3, 2)))
            context = ops.matmul(ops.softmax(scores, axis=-1), y[2])
            context = ops.reshape(ops.transpose(context, (0, 2, 1, 3)), (-1, x.shape[1], WIDTH))
            return ops.matmul(context, self.out) + self.out_bias

        def compute_output_shape(self, shape: Any) -> Any:
            return shape

    class WeightedSum(k.layers.Layer):  # type: ignore[misc, name-defined]
        """The sum of its inputs, weighted by the softmax of one trained logit each."""

        def build(self, shapes: Any) -> None:
            self.logits = self.add_weight(shape=(len(shapes),), initializer="zeros", name="logits")

        def call(self, states: Any) -> Any:
            weights = ops.softmax(self.logits)
            total = states[0] * weights[0]
            for number in range(1, len(states)):
                total = total + states[number] * weights[number]
            return total

        def compute_output_shape(self, shapes: Any) -> Any:
            return shapes[0]

    class Statistics(k.layers.Layer):  # type: ignore[misc, name-defined]
        """Weighted mean and deviation over time: (n, time, width) and weights (n, time, 1) to (n, 2 width)."""

        def call(self, pair: Any) -> Any:
            x, weights = (ops.cast(part, "float32") for part in pair)
            mean = ops.sum(x * weights, axis=1)
            variance = ops.sum(ops.square(x - mean[:, None]) * weights, axis=1)
            return ops.cast(ops.concatenate([mean, ops.sqrt(variance + 1e-6)], axis=-1), self.compute_dtype)

        def compute_output_shape(self, shapes: Any) -> Any:
            return (shapes[0][0], 2 * shapes[0][-1])

    return SimpleNamespace(positions=Positions, attention=Attention, weighted_sum=WeightedSum, statistics=Statistics)
