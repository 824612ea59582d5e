"""Sound beside the speech is counted by how loud it is."""

import numpy as np
import pytest

from ml.voice.background import BackgroundSound

RATE = 16_000


def sound(level_db, seconds):
    noise = np.random.default_rng(1).standard_normal(round(seconds * RATE))
    return (noise / np.std(noise) * 10 ** (level_db / 20)).astype(np.float32)


def counted(*pieces, spoken=()):
    background = BackgroundSound(RATE)
    for piece in pieces:
        background.add(piece)
    for piece in spoken:
        background.add_speech(piece)
    return background.seconds


def test_without_speech_all_that_can_be_heard_counts():
    assert counted(sound(-30, 2), sound(-45, 1), sound(-70, 5), np.zeros(RATE, np.float32)) == pytest.approx(3)


def test_beside_speech_only_what_is_nearly_as_loud_counts():
    voice = sound(-25, 4)
    assert counted(voice, sound(-30, 2), sound(-45, 3), spoken=[voice]) == pytest.approx(2)


def test_speech_alone_leaves_nothing_and_so_does_no_sound():
    voice = sound(-25, 4)
    assert counted(voice, spoken=[voice]) == 0
    assert counted() == 0
