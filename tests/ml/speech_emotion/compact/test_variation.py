"""How training windows differ from the stored ones."""

from dataclasses import replace

import numpy as np
import pytest

from ml.speech_emotion import contours
from ml.speech_emotion.compact import frames
from ml.speech_emotion.compact.variation import Variation, hide, mixed, vary
from ml.speech_emotion.log_mel import FRAMES, MELS

STILL = Variation(
    restyled=0, pitch=0, shift=0, semitones=0, spread=0, tilt_db=0, noisy=0, masks=0,
)  # fmt: skip


def stored(*, hertz=150.0, band=20, level=-30.0):
    """A voice that sounds in one band, on and off."""
    rows = np.tile(np.array(frames.NOTHING, np.float32), (frames.STORED, 1))
    rows[:, :MELS] = -80
    sounding = (np.arange(frames.STORED) // 10) % 2 == 0
    rows[sounding, band] = level
    rows[sounding, MELS:] = [hertz, 0.95, level]
    return rows.astype(np.float16)


def test_what_is_not_varied_stays():
    picture, track = vary(stored(), None, STILL, np.random.default_rng(0))
    assert picture.shape == (FRAMES, MELS)
    assert track.shape == (FRAMES, 3)
    assert picture.max(axis=0).argmax() == 20
    assert set(np.unique(track[:, 0]).tolist()) == {65.0, 150.0}


def test_a_restyled_voice_stands_between_its_own_and_the_others():
    other = stored(hertz=300, level=-20)
    medians = []
    for seed in range(20):
        _, track = vary(stored(), other, STILL, np.random.default_rng(seed))
        medians.append(np.median(track[contours.voiced(track), 0]))
    assert 149 < min(medians) < 200
    assert 250 < max(medians) < 301


def test_noise_fills_the_gaps_of_the_picture_and_takes_the_voicing():
    noisy = replace(STILL, noisy=1)
    quiet, _ = vary(stored(), None, STILL, np.random.default_rng(1))
    picture, track = vary(stored(), None, noisy, np.random.default_rng(1))
    assert np.median(picture) > np.median(quiet)
    assert track[:, 1].max() < 0.95
    assert np.isfinite(picture).all()


def test_hidden_moments_are_hidden_from_picture_and_contours_alike():
    picture, courses = np.ones((FRAMES, MELS), np.float32), np.ones((FRAMES, 5), np.float32)
    hide(picture, courses, Variation(), np.random.default_rng(3))
    hidden = (picture == 0).all(axis=1)
    assert hidden.any()
    assert np.array_equal((courses == 0).all(axis=1), hidden)
    assert (picture == 0).all(axis=0).any()


def test_mixing_keeps_targets_distributions():
    targets = np.eye(8, dtype=np.float32)
    inputs, both = mixed(np.arange(8, dtype=np.float32)[:, np.newaxis], targets, 0.5, np.random.default_rng(0))
    assert both.sum(axis=1) == pytest.approx(1)
    assert inputs[:, 0] == pytest.approx(both @ np.arange(8), abs=1e-5)
