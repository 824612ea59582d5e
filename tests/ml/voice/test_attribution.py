"""Whose speech it is, from sound and mouth together."""

import numpy as np
import pytest

from ml.spans import seconds
from ml.voice.attribution import attribute_channels, attribute_voices
from ml.voice.steps import Steps
from ml.voice.timbre import NO_FRAMES, VoiceFrameRecorder
from ml.voice.turns import Mouth, Turns
from tests.ml.voice.dialogues import RATE_HZ, dialogue, mouth, seconds_shared, segments_of, synchronous_mouth


def attributed(samples, times_s, openness, others=()):
    segments = segments_of(samples)
    recorder = VoiceFrameRecorder(RATE_HZ)
    for start_s, end_s in segments:
        recorder.add(start_s, samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)])
    return attribute_voices(segments, recorder.frames(), times_s, openness, others), segments


@pytest.fixture(scope="module")
def conversation():
    candidate, interviewer, answers, questions = dialogue()
    return candidate + interviewer, answers, questions


@pytest.fixture(scope="module")
def monologue():
    candidate, _, answers, _ = dialogue(with_interviewer=False)
    return candidate, answers


def test_two_voices_in_one_channel_go_to_who_moves_the_mouth_and_to_somebody_else(conversation):
    samples, answers, questions = conversation
    found, _ = attributed(samples, *mouth(samples.size / RATE_HZ, answers))
    assert seconds_shared(found.candidate, answers) >= 0.9 * seconds(answers)
    assert seconds_shared(found.candidate, questions) <= 0.05 * seconds(questions)
    assert seconds_shared(found.other, questions) >= 0.9 * seconds(questions)
    assert found.unknown_s <= 0.05 * seconds(answers)
    assert not found.is_one_voice


def test_somebody_who_laughs_as_they_listen_does_not_speak(conversation):
    samples, answers, questions = conversation
    found, _ = attributed(samples, *synchronous_mouth(samples, answers, listening=0.07))
    assert seconds_shared(found.candidate, answers) >= 0.9 * seconds(answers)
    assert seconds_shared(found.other, questions) >= 0.9 * seconds(questions)


def test_the_other_way_round_it_is_the_other_voice(conversation):
    samples, answers, questions = conversation
    found, _ = attributed(samples, *mouth(samples.size / RATE_HZ, questions))
    assert seconds_shared(found.candidate, questions) >= 0.9 * seconds(questions)
    assert seconds_shared(found.other, answers) >= 0.9 * seconds(answers)


def test_the_voice_decides_while_the_face_is_out_of_view(conversation):
    samples, answers, questions = conversation
    times_s, openness = mouth(samples.size / RATE_HZ, answers)
    in_view = times_s < questions[1][1] - 3.0
    found, _ = attributed(samples, times_s[in_view], openness[in_view])
    assert seconds_shared(found.candidate, answers[1:]) >= 0.8 * seconds(answers[1:])
    assert seconds_shared(found.other, answers[1:]) == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("fps", [25.0, 10.0, 5.0, 1.0])
def test_one_voice_with_its_mouth_stays_whole_at_any_frame_rate(monologue, fps):
    samples, answers = monologue
    found, segments = attributed(samples, *mouth(samples.size / RATE_HZ, answers, fps=fps))
    assert found.candidate == tuple(segments)
    assert found.is_one_voice


def test_one_voice_without_any_face_stays_whole(monologue):
    samples, _ = monologue
    found, segments = attributed(samples, np.zeros(0), np.zeros(0))
    assert found.candidate == tuple(segments)
    assert found.mouth_seen == 0


def test_a_picture_that_stands_still_is_not_a_mouth_that_is_silent(monologue):
    samples, answers = monologue
    times_s, openness = mouth(samples.size / RATE_HZ, answers)
    openness[times_s > answers[1][0] - 0.5] = 0.03
    found, _ = attributed(samples, times_s, openness)
    assert found.is_one_voice


def test_a_mouth_that_rests_for_a_moment_is_no_second_voice(monologue):
    samples, answers = monologue
    (start_s, end_s), second = answers
    middle_s = (start_s + end_s) / 2
    found, _ = attributed(
        samples, *mouth(samples.size / RATE_HZ, [(start_s, middle_s), (middle_s + 1.2, end_s), second])
    )
    assert found.is_one_voice


def test_a_face_that_never_speaks_is_not_credited_with_the_voice(monologue):
    samples, _ = monologue
    found, segments = attributed(samples, *mouth(samples.size / RATE_HZ, []))
    assert (found.candidate, found.other, found.unknown) == ((), tuple(segments), ())


def test_of_two_mouths_that_move_as_in_speech_the_one_that_goes_with_it_is_credited(monologue):
    samples, answers = monologue
    whole = [(0.0, samples.size / RATE_HZ)]
    speaker, muted = synchronous_mouth(samples, answers), mouth(whole[0][1], whole, seed=1)
    alone, segments = attributed(samples, *muted)
    assert alone.candidate  # nothing tells it from a mouth that speaks, but the one beside it
    beside, _ = attributed(samples, *muted, [speaker])
    assert beside.candidate == ()
    assert beside.other_s + beside.unknown_s == pytest.approx(seconds(segments), abs=0.01)
    own, _ = attributed(samples, *speaker, [muted])
    assert own.candidate == tuple(segments)


def test_somebody_in_view_who_listens_changes_nothing(conversation):
    samples, answers, _ = conversation
    speaker = synchronous_mouth(samples, answers)
    alone, _ = attributed(samples, *speaker)
    beside, _ = attributed(samples, *speaker, [mouth(samples.size / RATE_HZ, [])])
    assert beside == alone


@pytest.mark.parametrize(("other_s", "is_other"), [(2.4, False), (4.8, True)])
def test_a_lively_mouth_needs_some_seconds_of_another_voice_to_be_a_listeners(monkeypatch, other_s, is_other):
    steps = Steps.of([(0.0, 10.0)])
    other = steps.middles_s < other_s
    movement = np.where(other, 0.025, 0.05)  # as much as some mouths move that speak
    mouth = Mouth(movement, np.zeros(movement.size))
    turns = Turns(steps, np.where(other, 0.1, 0.9), mouth, np.where(other, -1.0, 1.0))
    monkeypatch.setattr("ml.voice.attribution.find_turns", lambda *given: turns)
    found = attribute_voices([(0.0, 10.0)], NO_FRAMES, np.zeros(0), np.zeros(0))
    assert found.other_s == pytest.approx(other_s if is_other else 0.0, abs=0.11)
    assert found.unknown_s == 0


def test_silence_is_nobodys():
    found, segments = attributed(np.zeros(5 * RATE_HZ, np.float32), *mouth(5.0, []))
    assert segments == []
    assert (found.candidate, found.other, found.unknown) == ((), (), ())


class TestChannels:
    ANSWERS, QUESTIONS = ((4.0, 9.0), (13.0, 18.0)), ((0.5, 4.2), (9.2, 12.8))

    def test_the_candidates_channel_is_the_one_that_goes_with_the_mouth(self):
        times_s, openness = mouth(20.0, self.ANSWERS)
        assert attribute_channels({0: self.QUESTIONS, 1: self.ANSWERS}, NO_FRAMES, times_s, openness) == 1
        assert attribute_channels({0: self.ANSWERS, 3: self.QUESTIONS}, NO_FRAMES, times_s, openness) == 0

    def test_a_mouth_that_moves_in_both_does_not_decide(self):
        times_s, openness = mouth(20.0, [(0.0, 20.0)])
        assert attribute_channels({0: self.QUESTIONS, 1: self.ANSWERS}, NO_FRAMES, times_s, openness) is None

    def test_without_a_face_nothing_decides(self):
        assert attribute_channels({0: self.QUESTIONS, 1: self.ANSWERS}, NO_FRAMES, np.zeros(0), np.zeros(0)) is None

    @pytest.mark.parametrize(("in_view_s", "channel"), [(1.5, None), (3.5, 1)])
    def test_a_mouth_that_is_in_view_for_a_moment_of_the_questions_does_not_decide(self, in_view_s, channel):
        times_s, openness = mouth(20.0, self.ANSWERS)
        in_view = (times_s >= self.ANSWERS[0][0]) & (times_s < self.ANSWERS[0][1])
        in_view |= (times_s >= self.QUESTIONS[1][0]) & (times_s < self.QUESTIONS[1][0] + in_view_s)
        voices = {0: self.QUESTIONS[1:], 1: self.ANSWERS}
        assert attribute_channels(voices, NO_FRAMES, times_s[in_view], openness[in_view]) == channel
