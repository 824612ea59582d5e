"""Evidence from the synchrony of a mouth with the sound."""

import numpy as np
import pytest

from ml.voice.synchrony import synchrony_evidence
from ml.voice.timbre import NO_FRAMES, VoiceFrames

AT_S = np.arange(2.0, 18.0, 0.1)
MOUTH_S = np.arange(0.0, 20.0, 0.1)


def syllables(at_s):
    """Loudness of the syllables, 0..1, at these times."""
    return np.sin(2 * np.pi * 1.1 * at_s) ** 2 * (0.6 + 0.4 * np.sin(at_s))


def sound(later_s=0.0):
    times_s = np.arange(0.0, 20.0, 0.02)
    level_db = (60 + 30 * syllables(times_s - later_s)).astype(np.float32)
    return VoiceFrames(times_s, level_db, np.zeros((times_s.size, 15), np.float32), np.zeros(times_s.size, np.float32))


@pytest.mark.parametrize("opens", [0.15, 0.03])
@pytest.mark.parametrize("later_s", [0.0, 0.1, -0.1])
def test_a_mouth_that_opens_with_the_loudness_speaks_however_far_it_opens(opens, later_s):
    evidence = synchrony_evidence(MOUTH_S, opens * syllables(MOUTH_S), sound(later_s), AT_S)
    assert np.all(evidence > 2)


def test_a_mouth_that_moves_much_but_by_itself_does_not_speak():
    rng = np.random.default_rng(0)
    assert synchrony_evidence(MOUTH_S, rng.uniform(0, 0.3, MOUTH_S.size), sound(), AT_S).mean() < -1


@pytest.mark.parametrize(
    ("times_s", "openness", "frames"),
    [
        (np.zeros(0), np.zeros(0), sound()),
        (MOUTH_S, syllables(MOUTH_S), NO_FRAMES),
        (MOUTH_S, np.full(MOUTH_S.size, 0.1), sound()),
        (np.arange(0.0, 20.0), syllables(np.arange(0.0, 20.0)), sound()),
    ],
    ids=["no face", "no speech", "a photo", "a picture a second"],
)
def test_without_a_mouth_that_moves_and_speech_there_is_no_evidence(times_s, openness, frames):
    assert np.all(synchrony_evidence(times_s, openness, frames, AT_S) == 0)
