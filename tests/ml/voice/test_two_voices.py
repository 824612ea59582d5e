"""Evidence from two voices, of generated features."""

import numpy as np
import pytest

from ml.voice.f0 import HOP_S
from ml.voice.steps import Steps
from ml.voice.timbre import COEFFICIENTS, NO_FRAMES, VoiceFrames
from ml.voice.two_voices import MAX_EVIDENCE, TwoVoices

TURNS = [(2.0 + 6.0 * i, 7.0 + 6.0 * i) for i in range(6)]


def frames_of(turns, apart, *, cents=None):
    """Sounds of 0.1 s each. The voice of every other turn differs by ``apart`` in each coefficient."""
    rng = np.random.default_rng(0)
    times_s, cepstra, pitch = [], [], []
    for i, (start_s, end_s) in enumerate(turns):
        at_s = np.arange(start_s, end_s, HOP_S)
        sounds = rng.normal(0, 1, (round((end_s - start_s) / 0.1) + 1, COEFFICIENTS))
        times_s.append(at_s)
        cepstra.append(sounds[((at_s - start_s) / 0.1).astype(int)] + apart * (i % 2))
        pitch.append(np.full(at_s.size, np.nan if cents is None else cents[i % 2]))
    times_s = np.concatenate(times_s)
    level_db = np.full(times_s.size, 60, np.float32)
    return VoiceFrames(
        times_s, level_db, np.concatenate(cepstra).astype(np.float32), np.concatenate(pitch).astype(np.float32)
    )


@pytest.fixture(scope="module")
def steps():
    return Steps.of(TURNS)


@pytest.mark.parametrize(("apart", "cents"), [(0.5, None), (0.0, (5600.0, 6600.0))], ids=["timbre", "pitch"])
def test_a_step_resembles_its_own_voice(steps, apart, cents):
    frames = frames_of(TURNS, apart, cents=cents)
    evidence = TwoVoices(steps, frames).evidence((steps.segment % 2 == 0).astype(np.float64))
    assert np.mean(evidence[steps.segment % 2 == 0] > 0) > 0.95
    assert np.mean(evidence[steps.segment % 2 == 1] < 0) > 0.95
    assert np.all(np.abs(evidence) <= MAX_EVIDENCE)


def test_halves_of_one_voice_do_not_resemble_themselves(steps):
    evidence = TwoVoices(steps, frames_of(TURNS, 0.0)).evidence((steps.segment % 2 == 0).astype(np.float64))
    apart = evidence[steps.segment % 2 == 0].mean() - evidence[steps.segment % 2 == 1].mean()
    assert abs(apart) < 0.3


def test_the_voice_alone_divides_the_speech_of_two(steps):
    first = steps.segment % 2 == 0
    divided = TwoVoices(steps, frames_of(TURNS, 0.5)).divisions()[0] > 0.5
    assert np.mean(divided == first) in (pytest.approx(1, abs=0.1), pytest.approx(0, abs=0.1))


@pytest.mark.parametrize("turns", [[], TURNS[:1]], ids=["no speech", "seconds of it"])
def test_little_speech_is_no_evidence(turns):
    turns = [(start_s, start_s + 2.0) for start_s, _ in turns]
    steps = Steps.of(turns)
    voices = TwoVoices(steps, frames_of(turns, 0.0) if turns else NO_FRAMES)
    assert not voices.is_enough
    assert np.all(voices.evidence(np.full(steps.starts_s.size, 0.9)) == 0)
