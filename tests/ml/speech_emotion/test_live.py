"""A candidate's microphone during a live interview."""

import numpy as np
import pytest

from ml.demo.speech import speak
from ml.speech_emotion import stream
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.live import LiveSpeech

RATE = 22_050


class FakeRecognizer:
    labels = LABELS
    artifact = None
    lead_s = 0.25

    def __init__(self):
        self.windows = []

    def recognize(self, samples):
        self.windows.append(samples)
        return np.eye(8, dtype=np.float32)[2]


@pytest.fixture(scope="module")
def pcm():
    voice = np.tile(speak("I have worked as an engineer for seven years, and I like to build.", rate_hz=RATE), 2)
    return (np.clip(voice, -1, 1) * 32767).astype("<i2").tobytes()


def seconds(pcm):
    return len(pcm) / 2 / RATE


def test_windows_are_classified_as_soon_as_they_are_complete(pcm):
    live, step = LiveSpeech(FakeRecognizer()), RATE // 10 * 2
    found = []
    for at in range(0, len(pcm), step):
        found += live.feed(50 + at / 2 / RATE, pcm[at : at + step], RATE)
        assert all(one.end_s <= 50 + (at + step) / 2 / RATE for one in found)
    assert len(found) >= 2
    assert {one.label for one in found} == {"happy"}
    assert found[0].start_s == pytest.approx(50, abs=0.5)


def test_the_rest_of_the_speech_comes_at_the_end_and_once(pcm):
    live = LiveSpeech(FakeRecognizer())
    during = live.feed(0.0, pcm, RATE)
    rest = live.finish()
    assert rest
    assert rest[-1].end_s > during[-1].end_s
    assert live.finish() == []


def test_a_long_chunk_is_fed_in_pieces_and_gives_the_same(pcm, monkeypatch):
    sizes = []
    feed = stream.StreamRecognizer.feed
    monkeypatch.setattr(
        stream.StreamRecognizer,
        "feed",
        lambda self, start_s, samples: sizes.append(samples.size) or feed(self, start_s, samples),
    )
    at_once = LiveSpeech(FakeRecognizer()).feed(0.0, pcm, RATE)
    assert max(sizes) == RATE
    assert sum(sizes) == len(pcm) // 2
    live = LiveSpeech(FakeRecognizer())
    halves = live.feed(0.0, pcm[: 4 * RATE], RATE) + live.feed(2.0, pcm[4 * RATE :], RATE)
    assert [(one.start_s, one.label) for one in halves] == [(one.start_s, one.label) for one in at_once]


def test_another_rate_is_another_microphone(pcm):
    """The speech of the first is finished, and the level of the second is measured anew."""
    recognizer = FakeRecognizer()
    live = LiveSpeech(recognizer)
    before = live.feed(0.0, pcm, RATE)
    softer = (np.frombuffer(pcm, "<i2") // 10).astype("<i2").tobytes()
    after = live.feed(seconds(pcm) + 1, softer, 16_000)
    assert after[0].start_s < seconds(pcm)
    assert after[0].end_s > before[-1].end_s
    assert after[-1].start_s > seconds(pcm) + 1
    first, last = recognizer.windows[0], recognizer.windows[-1]
    assert np.std(last) == pytest.approx(np.std(first), rel=0.5)


def test_musical_windows_are_told_once_and_not_classified(pcm, monkeypatch):
    monkeypatch.setattr(stream, "is_musical", lambda pieces, rate_hz: True)
    recognizer = FakeRecognizer()
    live = LiveSpeech(recognizer)
    assert live.take_musical() == []
    assert live.feed(0.0, pcm, RATE) == []
    spans = live.take_musical()
    assert sum(end_s - start_s for start_s, end_s in spans) > 2
    assert live.take_musical() == []
    assert recognizer.windows == []


def test_without_sound_nothing_is_narrow_band():
    live = LiveSpeech(FakeRecognizer())
    assert not live.narrow_band
    assert live.finish() == []
