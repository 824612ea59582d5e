"""Stretches hold all speech once, in pieces that know where on the recording's clock they were."""

from itertools import pairwise

import numpy as np
import pytest

from ml.demo.speech import speak
from ml.transcript.stretches import MAX_S, PADDING_S, stretches
from ml.voice.activity import SAMPLE_RATE

SENTENCE = "Thank you for inviting me. I have worked as an engineer for seven years."


def track(*parts) -> np.ndarray:
    """Seconds of silence and sentences after each other."""
    return np.concatenate(
        [
            np.zeros(round(part * SAMPLE_RATE), np.float32)
            if isinstance(part, int | float)
            else speak(part, rate_hz=SAMPLE_RATE)
            for part in parts
        ]
    )


def chunks(sound: np.ndarray, *, from_s: float = 0.0):
    for first in range(0, sound.size, SAMPLE_RATE):
        yield from_s + first / SAMPLE_RATE, sound[first : first + SAMPLE_RATE]


def test_long_pauses_are_shortened_and_times_lead_back():
    sound = track(20.0, SENTENCE, 40.0, SENTENCE, 5.0)
    found = list(stretches(chunks(sound)))
    assert len(found) == 1
    stretch = found[0]
    assert len(stretch.pieces) == 2
    assert stretch.samples.size < 16 * SAMPLE_RATE
    for piece in stretch.pieces:
        first, at = round(piece.start_s * SAMPLE_RATE), round(piece.at_s * SAMPLE_RATE)
        size = round(piece.length_s * SAMPLE_RATE)
        assert np.array_equal(stretch.samples[at : at + size], sound[first : first + size])
    second = stretch.pieces[1]
    assert stretch.on_clock(second.at_s + 1.0, second.at_s + 1.5) == pytest.approx(
        (second.start_s + 1, second.start_s + 1.5)
    )
    assert stretch.on_clock(second.at_s - 0.1, second.at_s + 0.5)[0] == pytest.approx(second.start_s)
    assert 20.0 - PADDING_S <= stretch.pieces[0].start_s < stretch.start_s < 20.5


def test_long_speech_is_cut_without_losing_or_repeating_anything():
    sound = track(*[SENTENCE, 0.4] * 14)
    found = list(stretches(chunks(sound)))
    assert len(found) > 2
    assert all(stretch.samples.size <= MAX_S * SAMPLE_RATE for stretch in found)
    joined = np.concatenate([stretch.samples for stretch in found])
    first = round(found[0].pieces[0].start_s * SAMPLE_RATE)
    assert np.array_equal(joined, sound[first : first + joined.size])
    spans = [span for stretch in found for span in stretch.speech]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_speech_without_a_pause_is_cut_where_it_is_quietest():
    voice = speak(SENTENCE, rate_hz=SAMPLE_RATE)
    loud = voice[np.abs(voice) > 0.02]
    sound = np.resize(loud, 40 * SAMPLE_RATE).astype(np.float32)
    quiet = slice(round(25.0 * SAMPLE_RATE), round(25.15 * SAMPLE_RATE))
    sound[quiet] *= 0.01
    found = list(stretches(chunks(sound)))
    if len(found) > 1 and len(found[0].speech) == 1:
        assert found[0].samples.size / SAMPLE_RATE == pytest.approx(25.07, abs=0.2)


def test_a_hole_in_the_sound_keeps_the_clock():
    voice = track(1.0, SENTENCE, 1.0)
    sound = [*chunks(voice), *chunks(voice, from_s=100.0)]
    (stretch,) = stretches(sound)
    assert stretch.pieces[-1].start_s > 100.0
    assert {int(start // 100) for start, _ in stretch.speech} == {0, 1}


def test_sound_that_begins_late_is_late():
    (stretch,) = stretches(chunks(track(SENTENCE), from_s=7.0))
    assert 7.0 <= stretch.start_s < 8.0


def test_silence_has_no_stretches():
    assert list(stretches(chunks(np.zeros(30 * SAMPLE_RATE, np.float32)))) == []
    assert list(stretches([])) == []


def test_memory_does_not_grow_with_the_recording():
    from ml.transcript.stretches import _Packer

    packer = _Packer()
    for second in range(600):
        list(packer.feed(float(second), np.zeros(SAMPLE_RATE, np.float32)))
    assert packer._unsettled.samples.size <= 2 * SAMPLE_RATE
    assert packer._pieces == []
