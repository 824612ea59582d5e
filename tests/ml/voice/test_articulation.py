"""Consonants are counted, and moving spectra are told from standing ones."""

import numpy as np
import pytest

from ml.voice import articulation, f0

RATE = 16_000
TIMES = np.arange(3 * RATE) / RATE


def buzz(level=1.0):
    """A voice-like tone of 150 Hz."""
    return (0.1 * level * sum(np.sin(2 * np.pi * 150 * k * TIMES) / k for k in range(1, 12))).astype(np.float32)


def spectra(samples, voiced=True):
    frames = (samples.size - round(f0.FRAME_S * RATE)) // round(f0.HOP_S * RATE) + 1
    return articulation.spectra(samples, RATE, np.broadcast_to(np.asarray(voiced), frames).copy())


def test_a_held_tone_does_not_articulate():
    assert articulation.consonant_rate([spectra(buzz())]) == 0


@pytest.mark.parametrize("syllables", [3, 5])
def test_syllables_a_second_are_counted(syllables):
    swell = 0.02 + np.abs(np.sin(np.pi * syllables * TIMES))
    assert articulation.consonant_rate([spectra(buzz(swell))]) == pytest.approx(syllables, rel=0.25)


def test_a_softer_recording_articulates_as_much():
    swell = 0.02 + np.abs(np.sin(np.pi * 4 * TIMES))
    loud, soft = (articulation.consonant_rate([spectra(factor * buzz(swell))]) for factor in (1.0, 0.1))
    assert soft == pytest.approx(loud, abs=0.2)


def test_flux_is_large_only_where_the_spectrum_changes():
    still = articulation.spectral_flux_db(spectra(buzz()), 5)
    noise = np.random.default_rng(0).normal(0, 0.05, TIMES.size).astype(np.float32)
    turning = np.where(np.floor(TIMES / 0.25) % 2 == 0, buzz(), noise).astype(np.float32)
    moving = articulation.spectral_flux_db(spectra(turning), 5)
    assert still.max() < 1
    assert np.median(moving) > 5


def test_nothing_articulates_nothing():
    nothing = articulation.spectra(np.zeros(10, np.float32), RATE, np.zeros(0, np.bool_))
    assert articulation.consonant_rate([nothing]) == 0
    assert articulation.consonant_rate([]) == 0
    assert articulation.spectral_flux_db(nothing, 5).size == 0
