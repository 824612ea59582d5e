"""The many plain numbers of a window of speech."""

from itertools import pairwise

import numpy as np
import pytest

from ml.speech_emotion import contours, descriptors, voice_window
from ml.speech_emotion.log_mel import FRAMES, MELS

CEPSTRA, BANDS, COURSE, VOICE, MODULATION, UNREST = descriptors.SECTIONS


def numbers(samples):
    return voice_window.to_input(samples)[0, voice_window.DESCRIPTORS].ravel()[: descriptors.COUNT]


def of_picture(picture):
    return descriptors.of_window(picture.astype(np.float32), np.zeros((FRAMES, contours.COLUMNS), np.float32))


def test_the_sections_follow_one_another_and_are_all_there_is():
    assert descriptors.SECTIONS[0].start == 0
    assert all(one.stop == after.start for one, after in pairwise(descriptors.SECTIONS))
    assert descriptors.SECTIONS[-1].stop == descriptors.COUNT == 2040


def test_a_louder_microphone_gives_the_same_numbers(spoken_window):
    plain = numbers(spoken_window)
    for gain in (1 / 16, 4):
        assert numbers(gain * spoken_window) == pytest.approx(plain, abs=2e-3)


def test_moments_and_quantiles_are_those_of_the_loud_frames():
    random = np.random.default_rng(0)
    picture = np.full((FRAMES, MELS), -2.0)
    picture[20:100] = random.normal(2, 0.3, (80, MELS))
    found, loud = of_picture(picture)[BANDS], picture[20:100]
    assert found[:MELS] == pytest.approx(loud.mean(axis=0), abs=1e-3)
    assert found[MELS : 2 * MELS] == pytest.approx(loud.std(axis=0), abs=2e-3)
    quantiles = found[5 * MELS :].reshape(len(descriptors.QUANTILES), MELS)
    assert quantiles == pytest.approx(np.quantile(loud, descriptors.QUANTILES, axis=0), abs=1e-4)


def test_courses_follow_the_spoken_stretch_wherever_it_begins():
    random = np.random.default_rng(0)
    spoken = np.repeat(random.normal(2, 0.3, (12, MELS)), 5, axis=0)
    early, late = (np.full((FRAMES, MELS), -2.0) for _ in range(2))
    early[10:70], late[50:110] = spoken, spoken
    assert of_picture(early)[COURSE] == pytest.approx(of_picture(late)[COURSE], abs=1e-4)
    assert of_picture(early)[COURSE] != pytest.approx(of_picture(early[::-1])[COURSE], abs=0.1)
    assert not of_picture(early)[VOICE].any()


def test_modulation_tells_how_fast_bands_swell():
    times = np.arange(FRAMES)[:, np.newaxis] / FRAMES
    for swells in (3, 11):
        picture = np.tile(1.5 + np.cos(2 * np.pi * swells * times), (1, MELS))
        strength = of_picture(picture)[MODULATION].reshape(-1, MELS // 4)
        assert strength.argmax(axis=0).tolist() == [swells - 1] * (MELS // 4)
    assert of_picture(np.full((FRAMES, MELS), 2.0))[UNREST] == pytest.approx(0, abs=1e-4)
