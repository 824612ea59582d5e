"""Narrow-band speech is told from wide-band speech, soft or noisy."""

import numpy as np
import pytest

from ml.demo.speech import speak
from ml.voice.bandwidth import MIN_SPEECH_S, Bandwidth
from ml.voice.resampling import StreamResampler

RATE = 22_050


def through(samples, rate_hz):
    """Sampled at ``rate_hz`` in between."""
    down, up = StreamResampler(RATE, rate_hz), StreamResampler(rate_hz, RATE)
    return np.concatenate([up.feed(down.feed(samples)), up.feed(down.flush()), up.flush()])


def measured(samples, piece=RATE):
    bandwidth = Bandwidth(RATE)
    for at in range(0, samples.size, piece):
        bandwidth.add(samples[at : at + piece])
    return bandwidth


def noisy(samples, below_db):
    noise = np.random.default_rng(1).standard_normal(samples.size)
    power = np.mean(np.square(samples, dtype=np.float64)) * 10 ** (-below_db / 10)
    return (samples + noise * np.sqrt(power)).astype(np.float32)


@pytest.fixture(scope="module")
def voice():
    return 0.3 * np.tile(speak("I have worked as an engineer for seven years.", rate_hz=RATE), 2)


def test_wide_band_speech_is_not_narrow_at_any_level_and_in_noise(voice):
    assert not measured(voice).is_narrow
    assert not measured(voice * np.float32(0.01)).is_narrow
    for below_db in (30, 20, 10, 0):
        assert not measured(noisy(voice, below_db)).is_narrow


def test_sound_sampled_at_16_khz_is_wide_band(voice):
    assert not measured(through(voice, 16_000)).is_narrow


def test_sound_sampled_at_8_khz_is_narrow_band_at_any_level(voice):
    called = through(voice, 8_000)
    assert measured(called).is_narrow
    assert measured(called * np.float32(0.01)).is_narrow


def test_a_little_noise_behind_the_telephone_hides_nothing(voice):
    assert measured(noisy(through(voice, 8_000), 25)).is_narrow


def test_loud_noise_behind_the_telephone_leaves_it_undecided(voice):
    assert not measured(noisy(through(voice, 8_000), 5)).is_narrow


def test_too_little_speech_says_nothing(voice):
    called = through(voice, 8_000)[: round((MIN_SPEECH_S - 0.5) * RATE)]
    assert not measured(called).is_narrow
    assert not Bandwidth(RATE).is_narrow
    assert Bandwidth(RATE).high_db == 0


def test_small_pieces_measure_the_same(voice):
    assert measured(voice, piece=2_205).high_db == pytest.approx(measured(voice).high_db, abs=1.5)
