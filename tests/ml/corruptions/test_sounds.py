"""Noise has its colour, and a telephone its band."""

import numpy as np
import pytest

from ml.corruptions.sounds import TELEPHONE_HZ, noise, telephone_band

RATE = 16_000


@pytest.mark.parametrize(("colour", "fall_db"), [("white", 0), ("pink", -3)])
def test_the_power_density_falls_as_the_colour_says(colour, fall_db):
    density = np.abs(np.fft.rfft(noise(colour, 4 * RATE, np.random.default_rng(0)))) ** 2
    hz = np.fft.rfftfreq(4 * RATE, 1 / RATE)
    octaves = [density[(hz >= low) & (hz < 2 * low)].mean() for low in (250, 500, 1000, 2000)]
    assert 10 * np.diff(np.log10(octaves)) == pytest.approx([fall_db] * 3, abs=0.5)


def test_the_seed_decides_the_noise():
    one, same, other = (noise("pink", 100, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_nothing_is_left_outside_the_telephone_band():
    sound = noise("white", RATE, np.random.default_rng(0)).astype(np.float32)
    power = np.abs(np.fft.rfft(telephone_band(sound, RATE))) ** 2
    hz = np.fft.rfftfreq(RATE, 1 / RATE)
    outside = (hz < TELEPHONE_HZ[0]) | (hz > TELEPHONE_HZ[1])
    assert power[outside].max() < 1e-6 * power[~outside].mean()
