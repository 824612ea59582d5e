"""Where somebody speaks."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from ml.benchmarks.voice import vocoder
from ml.demo.speech import speak, speak_at
from ml.media.audio import audio_chunks
from ml.media.probe import probe
from ml.voice.activity import SAMPLE_RATE, Segmenter, VoiceActivity

VIDEOS = Path(__file__).resolve().parents[4] / "shared" / "videos"
SENTENCE = "I have worked as an engineer for seven years."


def segments(probabilities, step_s=0.1):
    segmenter = Segmenter()
    for number, probability in enumerate(probabilities):
        segmenter.push(probability, number * step_s, (number + 1) * step_s)
    segmenter.close()
    return [(round(start, 3), round(end, 3)) for start, end in segmenter.take()[0]]


def found(samples, piece=SAMPLE_RATE):
    voice = VoiceActivity()
    spans = []
    for start in range(0, samples.size, piece):
        voice.feed(samples[start : start + piece])
        spans += voice.take()[0]
    spans += voice.finish()
    joined = []
    for start_s, end_s in spans:
        if joined and start_s <= joined[-1][1]:
            joined[-1][1] = end_s
        else:
            joined.append([start_s, end_s])
    return joined


def total_s(spans):
    return sum(end_s - start_s for start_s, end_s in spans)


def spoken():
    return speak_at([(1.0, SENTENCE), (6.0, SENTENCE)], duration_s=10, rate_hz=SAMPLE_RATE)


class TestSegmenter:
    def test_speech_is_padded_on_both_sides(self):
        assert segments([0, 0, 0.9, 0.9, 0.9, 0.9, 0, 0, 0, 0]) == [(0.14, 0.66)]

    def test_a_short_pause_does_not_end_speech_and_a_longer_one_does(self):
        assert segments([0.9] * 4 + [0] * 2 + [0.9] * 4 + [0] * 4) == [(0, 1.06)]
        assert segments([0.9] * 4 + [0] * 4 + [0.9] * 4 + [0] * 4) == [(0, 0.46), (0.74, 1.26)]

    def test_a_click_is_not_speech(self):
        assert segments([0, 0.9, 0.9, 0, 0, 0, 0]) == []

    def test_a_doubtful_voice_continues_speech_and_does_not_begin_it(self):
        assert segments([0.4] * 10) == []
        assert segments([0.9] + [0.4] * 9) == [(0, 1.0)]

    def test_speech_at_the_very_end_is_kept(self):
        assert segments([0, 0, 0, 0.9, 0.9, 0.9]) == [(0.24, 0.6)]

    def test_long_speech_comes_in_pieces_that_touch_and_everything_before_the_settled_time_is_known(self):
        segmenter = Segmenter()
        pieces, settled = [], []
        for number in range(60):
            segmenter.push(0.9 if 10 <= number < 50 else 0.0, number / 10, (number + 1) / 10)
            if number % 7 == 6:
                taken, settled_s = segmenter.take()
                assert all(end_s <= settled_s + 1e-9 for _, end_s in taken)
                assert not settled or (settled_s >= settled[-1] and all(s >= settled[-1] - 1e-9 for s, _ in taken))
                pieces += taken
                settled.append(settled_s)
        segmenter.close()
        pieces += segmenter.take()[0]
        assert len(pieces) > 3
        assert all(before[1] == after[0] for before, after in itertools.pairwise(pieces))
        assert (pieces[0][0], pieces[-1][1]) == (pytest.approx(0.94), pytest.approx(5.06))


class TestVoiceActivity:
    def test_sentences_are_found_where_they_are_spoken(self):
        spans = found(spoken())
        assert total_s(spans) == pytest.approx(5.4, abs=1.0)
        assert spans[0][0] == pytest.approx(1.0, abs=0.2)
        assert any(start_s == pytest.approx(6.0, abs=0.2) for start_s, _ in spans)
        assert not any(start_s < 5.5 < end_s for start_s, end_s in spans)

    @pytest.mark.parametrize("decibels", [-24, -12, 6])
    def test_loudness_does_not_matter(self, decibels):
        usual, changed = found(spoken()), found(spoken() * np.float32(10 ** (decibels / 20)))
        assert np.asarray(changed) == pytest.approx(np.asarray(usual), abs=0.1)

    def test_the_size_of_the_pieces_hardly_matters(self):
        assert total_s(found(spoken(), piece=3001)) == pytest.approx(total_s(found(spoken())), abs=0.3)

    @pytest.mark.parametrize("level", [1e-4, 0.01, 0.2])
    def test_noise_hum_and_silence_are_no_speech(self, level):
        random = np.random.default_rng(3)
        times = np.arange(5 * SAMPLE_RATE) / SAMPLE_RATE
        noise = (level * random.standard_normal(times.size)).astype(np.float32)
        hum = (level * np.sin(2 * np.pi * 120 * times)).astype(np.float32)
        assert found(noise) == []
        assert found(hum) == []
        assert found(np.zeros(times.size, np.float32)) == []

    def test_a_voice_as_high_as_a_scream_is_found(self):
        said = speak(SENTENCE, rate_hz=SAMPLE_RATE, voice="en-us+f2")
        screamed = vocoder.resynthesize(said, SAMPLE_RATE, lambda times: 600 + 70 * np.sin(8 * times))
        spans = found(np.pad(screamed, SAMPLE_RATE))
        assert total_s(spans) > 1.0  # of 2.6; without the slowed copy nothing is found

    def test_nothing_at_all_is_taken(self):
        voice = VoiceActivity()
        voice.feed(np.zeros(0, np.float32))
        assert voice.take() == ([], 0.0)

    def test_a_gap_in_the_stream_ends_the_speech_before_it(self):
        voice = VoiceActivity()
        sentence = speak_at([(0.0, SENTENCE)], duration_s=1.5, rate_hz=SAMPLE_RATE)
        voice.feed(sentence)
        voice.restart(10.0)
        voice.feed(sentence)
        spans = voice.finish()
        assert max(end_s for start_s, end_s in spans if start_s < 5) <= 1.6
        assert min(start_s for start_s, _ in spans if start_s > 5) >= 10 - 0.06


@pytest.mark.skipif(not VIDEOS.is_dir(), reason="../shared/videos is not there")
@pytest.mark.parametrize(
    ("name", "speech_s"),
    [
        ("04_man_kitchen_portrait_20s.mp4", 16.5),
        ("09_woman_office_7s.mp4", 6.6),
        ("13_silent_audio_woman_expressions_20s.mp4", 0),
        ("14_no_face_with_audio_6s.mp4", 0),
        ("16_ravdess_01-01-01-01-01-01-01.mp4", 1.5),
    ],
)
@pytest.mark.parametrize("decibels", [0, -12])
def test_speech_of_real_recordings_is_found_at_any_loudness(name, speech_s, decibels):
    sound = np.concatenate(
        [samples for _, samples in audio_chunks(VIDEOS / name, probe(VIDEOS / name), rate_hz=SAMPLE_RATE)]
    )
    assert total_s(found(sound * np.float32(10 ** (decibels / 20)))) == pytest.approx(speech_s, abs=0.5)
