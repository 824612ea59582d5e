"""Levels, windows, resampling and band-pass."""

import numpy as np
import pytest

from ml.voice.dsp import band_pass, hann, power_of_two, resampled, rms_db

RATE = 22_050


def tone(hz, rate=RATE):
    return np.sin(2 * np.pi * hz * np.arange(rate) / rate).astype(np.float32)


def test_the_level_is_rms_in_decibels_of_each_row():
    rows = np.stack([np.ones(100, np.float32), np.full(100, 0.1, np.float32), np.zeros(100, np.float32)])
    assert rms_db(rows) == pytest.approx([0.0, -20.0, -120.0], abs=1e-4)


def test_the_hann_window_is_the_periodic_one():
    assert hann(4) == pytest.approx([0.0, 0.5, 1.0, 0.5])
    assert len(hann(400)) == 400


@pytest.mark.parametrize(("at_least", "found"), [(1, 1), (2, 2), (3, 4), (1024, 1024), (1025, 2048)])
def test_the_next_power_of_two(at_least, found):
    assert power_of_two(at_least) == found


def test_a_tone_keeps_its_frequency_and_level_at_another_rate():
    found = resampled(tone(440), RATE, 16_000)
    assert found.dtype == np.float32
    assert found == pytest.approx(tone(440, 16_000), abs=1e-3)


def test_twice_the_rate_keeps_every_sample():
    noise = np.random.default_rng(0).normal(size=2000).astype(np.float32)
    doubled = resampled(noise, 1000, 2000)
    assert doubled.shape == (4000,)
    # The bin at half the rate is halved when the spectrum grows.
    assert doubled[::2] == pytest.approx(noise, abs=0.05)


def test_frequencies_above_half_the_new_rate_are_left_out():
    assert np.abs(resampled(tone(9000), RATE, 16_000)).max() < 1e-3


def test_the_same_rate_changes_nothing():
    assert np.array_equal(resampled(tone(440), RATE, RATE), tone(440))


@pytest.mark.parametrize("size", [None, 1 << 16])
def test_a_band_keeps_what_is_inside_it_alone(size):
    mixed = tone(100) + tone(1000) + tone(5000)
    found = band_pass(mixed, RATE, 300, 3400, size=size)
    assert found.shape == mixed.shape
    inner = slice(RATE // 10, -RATE // 10)
    assert found[inner] == pytest.approx(tone(1000)[inner], abs=0.02)
