"""Whose speech a recording has, channels first, and why the rest of the time has no reading."""

import numpy as np
import pytest

from ml.faces.mouth import MouthMovement
from ml.gaps import OTHER_PERSON, SILENCE, SOUND_MISSING, TOO_SHORT
from ml.modalities import SPEECH_EMOTION
from ml.offline.speakers import find_speakers, speech_gaps
from ml.spans import seconds
from ml.speech_emotion.analyzer import SpeechAnalysis
from ml.speech_emotion.labels import LABELS
from ml.timeline import Gap, Observation, Timeline
from ml.voice.activity import SAMPLE_RATE
from ml.voice.attribution import Attribution
from ml.voice.channels import ChannelLevels
from ml.voice.dsp import resampled
from ml.voice.timbre import VoiceFrameRecorder
from tests.ml.voice.dialogues import RATE_HZ, dialogue, mouth, seconds_shared, segments_of


def found_in(*channels, speaking):
    mixed = np.mean(channels, axis=0)
    segments = segments_of(mixed)
    frames = VoiceFrameRecorder(RATE_HZ)
    for start_s, end_s in segments:
        frames.add(start_s, mixed[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)])
    levels = ChannelLevels(RATE_HZ)
    levels.add(0.0, np.stack(channels, axis=1))
    analysis = SpeechAnalysis(
        Timeline(SPEECH_EMOTION, LABELS), seconds(segments), voice=tuple(segments), frames=frames.frames()
    )
    decoded = []

    def sound(channel):
        decoded.append(channel)
        yield 0.0, resampled(channels[channel], RATE_HZ, SAMPLE_RATE)

    movement = MouthMovement(*mouth(mixed.size / RATE_HZ, speaking))
    return find_speakers(analysis, levels, movement, sound), decoded


def test_the_channel_that_goes_with_the_mouth_is_the_candidates():
    candidate, interviewer, answers, questions = dialogue()
    speakers, _ = found_in(interviewer, candidate, speaking=answers)
    assert (speakers.channels, speakers.channel) == ((0, 1), 1)
    assert seconds_shared(speakers.attribution.candidate, answers) >= 0.95 * seconds(answers)
    assert seconds_shared(speakers.attribution.other, questions) >= 0.95 * seconds(questions)


def test_where_the_mouth_does_not_decide_between_channels_no_voice_is_the_candidates():
    candidate, interviewer, answers, questions = dialogue()
    speakers, _ = found_in(interviewer, candidate, speaking=[])
    assert (speakers.channels, speakers.channel) == ((0, 1), None)
    assert speakers.attribution.candidate == ()
    assert speakers.attribution.unknown_s >= 0.95 * seconds([*answers, *questions])


@pytest.mark.parametrize("channels", [1, 2])
def test_one_sound_in_all_channels_is_not_decoded_again(channels):
    candidate, interviewer, answers, questions = dialogue()
    speakers, decoded = found_in(*[candidate + interviewer] * channels, speaking=answers)
    assert decoded == []
    assert speakers.channels == ()
    assert seconds_shared(speakers.attribution.other, questions) >= 0.9 * seconds(questions)


def test_every_second_without_a_reading_has_its_reason():
    timeline = Timeline(SPEECH_EMOTION, LABELS, (Observation(2.0, 5.0, "calm", 1.0),))
    analysis = SpeechAnalysis(timeline, 3.5)
    attribution = Attribution(candidate=((2.0, 5.0), (7.0, 7.5)), other=((0.5, 2.2),))
    gaps = speech_gaps(analysis, attribution, [(SOUND_MISSING, [(8.0, 10.0)])], duration_s=10.0)
    assert gaps == (
        Gap(0.0, 0.5, SILENCE),
        Gap(0.5, 2.0, OTHER_PERSON),
        Gap(5.0, 7.0, SILENCE),
        Gap(7.0, 7.5, TOO_SHORT),
        Gap(7.5, 8.0, SILENCE),
        Gap(8.0, 10.0, SOUND_MISSING),
    )
