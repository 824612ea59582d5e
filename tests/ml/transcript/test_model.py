"""How Whisper is asked: from a folder, greedy, bounded, and no more than the speech needs."""

from types import SimpleNamespace

import numpy as np

from ml.transcript import model
from ml.transcript.model import Whisper
from ml.transcript.stretches import Piece, Stretch


def segment(start: float, end: float, seek: int, text: str = " yes") -> SimpleNamespace:
    word = SimpleNamespace(start=start, end=end, word=text, probability=0.9)
    measures = {"avg_logprob": -0.2 - seek, "compression_ratio": 1.1, "no_speech_prob": 0.1, "temperature": 0.0}
    return SimpleNamespace(start=start, end=end, seek=seek, words=[word], **measures)


def decoded(monkeypatch, segments, *, speech_end_s: float = 20.0):
    """A Whisper that reads ``segments``; what it was asked, and how many of them were taken."""
    taken, asked = [], {}

    def transcribe(samples, **options):
        asked.update(options)
        return (taken.append(one) or one for one in segments), None

    whisper = Whisper.__new__(Whisper)
    whisper._model = SimpleNamespace(transcribe=transcribe)
    stretch = Stretch(np.zeros(21 * 16_000, np.float32), (Piece(0.0, 100.0, 21.0),), ((100.0, 100.0 + speech_end_s),))
    return whisper.decode(stretch), asked, taken


def test_segments_of_one_window_are_one_result(monkeypatch):
    results, _, _ = decoded(monkeypatch, [segment(0, 5, 0), segment(5, 9, 0), segment(9, 19.5, 900)])
    assert [len(result.words) for result in results] == [2, 1]
    assert results[0].average_log_probability == -0.2


def test_nothing_more_is_asked_for_once_the_speech_is_over(monkeypatch):
    _, _, taken = decoded(monkeypatch, [segment(0, 10, 0), segment(10, 19.5, 0), segment(20, 21, 2000)])
    assert len(taken) == 2


def test_a_stretch_is_decoded_a_few_times_at_most(monkeypatch):
    results, _, _ = decoded(monkeypatch, [segment(at, at + 0.1, at) for at in range(10)])
    assert len(results) == model.MAX_DECODINGS


def test_it_is_asked_greedily_without_its_own_voice_activity_and_unconditioned(monkeypatch):
    _, asked, _ = decoded(monkeypatch, [])
    assert asked["beam_size"] == 1
    assert asked["condition_on_previous_text"] is False
    assert asked["vad_filter"] is False
    assert asked["word_timestamps"] is True
    assert len(asked["temperature"]) == 2
    assert asked["max_new_tokens"] <= model.MAX_TOKENS
