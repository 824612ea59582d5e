"""Whisper's encoder in Keras against the same in numpy, and the networks around it. These tests import TensorFlow."""

import math

import numpy as np
import pytest

from ml.training.backend import keras
from ml.training.speech_emotion.encoder import network
from ml.training.speech_emotion.ensemble import geometric_mean
from tests.ml.training.speech_emotion.encoder.small import shrink

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

# Products in bfloat16, where the processor has them, keep two to three digits.
CLOSE = 0.03

erf = np.vectorize(math.erf)


def gelu(x):
    return 0.5 * x * (1 + erf(x / math.sqrt(2)))


def layer_norm(x, weights, at):
    mean, variance = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * weights[f"{at}/gamma"] + weights[f"{at}/beta"]


def softmax(x):
    powers = np.exp(x - x.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def convolution(x, weights, at, stride):
    padded = np.pad(x, ((1, 1), (0, 0)))
    windows = np.stack([padded[i : i + 3] for i in range(0, len(padded) - 2, stride)])
    return np.einsum("tki,oik->to", windows, weights[f"{at}/weight"]) + weights[f"{at}/bias"]


def linear(x, weights, at):
    return x @ weights[f"{at}/weight"].T + weights[f"{at}/bias"]


def transformer_layer(x, weights, number):
    """Pre-norm self-attention of six heads and feed-forward part, as in Whisper's model.py."""
    at = f"layer_{number}/self_attention"
    q, k, v = np.split(linear(layer_norm(x, weights, f"{at}/layer_norm"), weights, f"{at}/linear_0"), 3, axis=1)
    heads = []
    for one in np.split(np.arange(x.shape[1]), network.HEADS):
        shares = softmax(q[:, one] @ k[:, one].T / np.sqrt(len(one)))
        heads.append(shares @ v[:, one])
    x = x + linear(np.concatenate(heads, axis=1), weights, f"{at}/linear_1")
    at = f"layer_{number}/ffn"
    inner = gelu(linear(layer_norm(x, weights, f"{at}/layer_norm"), weights, f"{at}/linear_0"))
    return x + linear(inner, weights, f"{at}/linear_1")


def stem(spectrogram, weights):
    x = gelu(convolution(spectrogram, weights, "conv1", 1))
    x = gelu(convolution(x, weights, "conv2", 2))
    return x + weights["position_encodings/encodings"][: len(x)]


@pytest.fixture
def pretrained(monkeypatch):
    return shrink(monkeypatch)


@pytest.fixture
def spectrograms():
    return np.random.default_rng(1).normal(0, 0.5, (2, 300, 80)).astype(np.float32)


def test_the_trunk_is_whispers_encoder_averaged_in_pairs(pretrained, spectrograms):
    for depth in (0, 2, network.LAYERS):
        found = network.trunk(pretrained, depth).predict_on_batch(spectrograms)
        assert found.shape == (2, *network.STATES_SHAPE)
        for spectrogram, states in zip(spectrograms, found, strict=True):
            expected = stem(spectrogram, pretrained)
            for number in range(depth):
                expected = transformer_layer(expected, pretrained, number)
            assert states == pytest.approx(expected.reshape(75, 2, -1).mean(axis=1), abs=CLOSE)


def test_the_classifier_goes_on_with_whispers_remaining_layers(pretrained):
    states = np.random.default_rng(2).normal(size=(2, *network.STATES_SHAPE)).astype(np.float32)
    model = network.classifier(pretrained, 2)
    last = keras().Model(model.input, model.get_layer("encoder_norm").output).predict_on_batch(states)
    for one, found in zip(states, last, strict=True):
        expected = one
        for number in (2, 3):
            expected = transformer_layer(expected, pretrained, number)
        assert found == pytest.approx(layer_norm(expected, pretrained, "layer_norm"), abs=CLOSE)


def test_the_head_is_attentive_statistics_of_the_weighted_layers(pretrained):
    """From the hidden states that the head reads to the probabilities, in numpy."""
    states = np.random.default_rng(2).normal(size=(1, *network.STATES_SHAPE)).astype(np.float32)
    model = network.classifier(pretrained, 2)
    logits = np.array([0.5, -1.0, 0.2], np.float32)
    model.get_layer("layer_weights").set_weights([logits])
    norms = [model.get_layer(f"state_norm_{number}") for number in range(3)]
    read = keras().Model(model.input, [norm.output for norm in norms]).predict_on_batch(states)
    x = sum(share * layer[0] for share, layer in zip(softmax(logits), read, strict=True))

    def dense(x, name):
        kernel, bias = model.get_layer(name).get_weights()
        return x @ kernel + bias

    x = gelu(dense(x, "projection"))
    scores = dense(np.tanh(dense(x, "attention_hidden")), "attention_score")[:, 0]
    shares = softmax(scores)[:, np.newaxis]
    mean = (shares * x).sum(axis=0)
    deviation = np.sqrt((shares * (x - mean) ** 2).sum(axis=0) + 1e-6)
    expected = softmax(dense(gelu(dense(np.concatenate([mean, deviation]), "hidden")), "probabilities"))
    assert model.predict_on_batch(states)[0] == pytest.approx(expected, abs=CLOSE)


def test_the_trunk_is_frozen_and_the_classifier_is_trained(pretrained):
    assert network.trunk(pretrained, 2).trainable_variables == []
    model = network.classifier(pretrained, 2)
    assert len(model.trainable_variables) == len(model.weights)


def test_a_classifier_without_weights_is_built_alike(pretrained):
    one, other = network.classifier(pretrained, 2), network.classifier(None, 2, name="other")
    assert [variable.shape for variable in one.weights] == [variable.shape for variable in other.weights]
    other.set_weights(one.get_weights())
    states = np.random.default_rng(2).normal(size=(1, *network.STATES_SHAPE)).astype(np.float32)
    assert other.predict_on_batch(states) == pytest.approx(one.predict_on_batch(states), abs=1e-5)


def test_members_together_are_their_geometric_mean(pretrained, spectrograms):
    trunk = network.trunk(pretrained, 2)
    members = [network.classifier(None, 2, name=f"member{number}") for number in range(2)]
    states = trunk.predict_on_batch(spectrograms)
    probabilities = np.stack([member.predict_on_batch(states) for member in members])
    both = network.ensemble(trunk, members)
    assert both.predict_on_batch(spectrograms) == pytest.approx(geometric_mean(probabilities), abs=1e-3)
    alone = network.ensemble(trunk, members[:1])
    assert alone.predict_on_batch(spectrograms) == pytest.approx(probabilities[0], abs=1e-3)


def test_the_networks_of_the_shipped_version_have_their_parameters():
    layer = 4 * 384 * 384 + 4 * 384 + 2 * 384 * 1536 + 384 + 1536 + 4 * 384
    head = (3 + 1) * 2 * 384 + 3 + 385 * 256 + 257 * 128 + 129 + 513 * 128 + 129 * 8
    assert network.classifier(None, 2).count_params() == 2 * layer + head
