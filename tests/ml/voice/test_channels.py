"""Channels with voices of their own, told from stereo of one voice by their levels."""

import numpy as np
import pytest

from ml.spans import seconds
from ml.voice.channels import ChannelLevels
from tests.ml.voice.dialogues import RATE_HZ, dialogue, seconds_shared, segments_of


def levels_of(*channels):
    levels = ChannelLevels(RATE_HZ)
    sound = np.stack(channels, axis=1)
    for at in range(0, len(sound), RATE_HZ):
        levels.add(at / RATE_HZ, sound[at : at + RATE_HZ])
    return levels


@pytest.fixture(scope="module")
def voices():
    candidate, interviewer, answers, questions = dialogue()
    return candidate, interviewer, answers, questions, segments_of(candidate + interviewer)


def test_each_person_on_a_channel_of_their_own(voices):
    candidate, interviewer, _, _, speech = voices
    assert levels_of(interviewer, candidate).voices(speech) == (0, 1)
    assert levels_of(interviewer, np.zeros_like(candidate), candidate).voices(speech) == (0, 2)


def test_a_faint_channel_with_a_voice_of_its_own_counts(voices):
    candidate, interviewer, _, _, speech = voices
    assert levels_of(interviewer, 0.05 * candidate).voices(speech) == (0, 1)


@pytest.mark.parametrize("gain", [1.0, 0.1, -1.0])
def test_one_sound_on_both_channels_is_one(voices, gain):
    candidate, interviewer, _, _, speech = voices
    both = candidate + interviewer
    assert levels_of(both, gain * both).voices(speech) == ()


def test_a_channel_that_is_empty_or_only_noise_has_no_voice(voices):
    candidate, interviewer, _, _, speech = voices
    both = candidate + interviewer
    noise = np.random.default_rng(1).normal(0, 0.02, both.size).astype(np.float32)
    assert levels_of(both, np.zeros_like(both)).voices(speech) == ()
    assert levels_of(both, noise).voices(speech) == ()


def test_mono_has_no_separate_channels(voices):
    candidate, interviewer, _, _, speech = voices
    assert levels_of(candidate + interviewer).voices(speech) == ()
    assert levels_of(candidate, interviewer).voices([]) == ()


def test_crosstalk_is_left_out(voices):
    candidate, interviewer, answers, questions, speech = voices
    mine = candidate + 0.1 * interviewer
    levels = levels_of(interviewer + 0.1 * candidate, mine)
    own = levels.own(1, segments_of(mine), speech)
    assert seconds_shared(own, answers) >= 0.9 * seconds(answers)
    assert seconds_shared(own, questions) <= 0.05 * seconds(questions)
