"""What the conditions of the robustness table do to a sound."""

import numpy as np
import pytest

from ml.speech_emotion import conditions
from ml.speech_emotion.preprocessing import SAMPLE_RATE


def change(name, samples):
    return conditions.CHANGES[name](samples, np.random.default_rng(0))


def test_noise_has_the_power_it_is_named_for():
    samples = np.random.default_rng(1).normal(0, 0.1, 40_000).astype(np.float32)
    for decibels in (20, 10, 5):
        noise = change(f"noise {decibels} dB below", samples) - samples
        assert 10 * np.log10(np.mean(samples**2) / np.mean(noise**2)) == pytest.approx(decibels, abs=0.01)


def test_a_telephone_passes_its_band_alone():
    times = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    for hertz, passes in ((100, False), (1000, True), (5000, False)):
        tone = np.sin(2 * np.pi * hertz * times).astype(np.float32)
        assert bool(np.std(change("telephone band", tone)) > 0.5) is passes


def test_a_louder_microphone_clips():
    samples = np.array([0.1, -0.5], np.float32)
    assert change("12 dB louder", samples) == pytest.approx([0.398, -1.0], abs=1e-3)
