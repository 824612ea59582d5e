"""The benchmarks of music detection, bandwidth and missed speech."""

import csv

import numpy as np
import pytest
import soundfile

from ml.benchmarks.voice import flat_speech, missed_speech, narrow_band, vocoder
from ml.benchmarks.voice.clips import CORPORA, clips
from ml.demo.speech import speak
from ml.speech_emotion.labels import LABELS
from ml.training.errors import TrainingError
from ml.voice import f0
from tests.ml.training.speech_emotion.encoder.small import write_corpora

RATE = 16_000


@pytest.fixture(scope="module")
def sentence():
    return speak("I have worked as an engineer for seven years.", rate_hz=RATE, voice="en-us+f2")


@pytest.fixture
def data(tmp_path, sentence):
    """Two clips of nEMO, by speakers of either half; the second is silent."""
    (tmp_path / "nemo").mkdir()
    with (tmp_path / "nemo" / "labels.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "speaker", "emotion", "seconds"])
        writer.writerow(["a.flac", "A", "neutral", 3])
        writer.writerow(["b.flac", "B", "neutral", 3])
    soundfile.write(tmp_path / "nemo" / "a.flac", 0.3 * np.tile(sentence, 2), RATE)
    soundfile.write(tmp_path / "nemo" / "b.flac", np.zeros(2 * RATE), RATE)
    return tmp_path


def test_corpora_that_are_not_there_are_empty_and_speakers_have_their_half(data):
    assert [len(clips(data, corpus)) for corpus in CORPORA] == [0, 2, 0]
    halves = [[clip.path.stem for clip in clips(data, "nemo", chosen_on=half)] for half in (True, False)]
    assert halves == [["a"], ["b"]]


def test_a_clip_that_cannot_be_read_is_named(data):
    clip = clips(data, "nemo")[0]
    clip.path.write_bytes(b"nothing")
    with pytest.raises(TrainingError, match=r"a\.flac cannot be read"):
        clip.read()


def test_clips_without_enough_speech_are_listed(data):
    figures = missed_speech.measure(data)
    assert figures == {"nemo": {"clips": 2, "unread": ["b"]}}
    assert missed_speech.text(figures) == "  nemo: 1 of 2 clips unread"


def test_the_vocoder_changes_pitch_and_length_and_keeps_the_loudness(sentence):
    made = vocoder.resynthesize(sentence, RATE, lambda times: np.full(times.shape, 180.0), slower=1.5)
    assert (made.size, made.dtype) == (round(1.5 * sentence.size), np.float32)
    assert np.std(made) == pytest.approx(np.std(sentence), rel=0.1)
    cents, voiced = f0.track(made, RATE)
    assert np.median(cents[voiced]) == pytest.approx(1200 * np.log2(180), abs=20)
    assert vocoder.median_f0(made, RATE) == pytest.approx(180, abs=3)
    assert vocoder.median_f0(np.zeros(RATE, np.float32), RATE) == 150


def test_flat_speech_is_counted_by_kind(data, monkeypatch):
    monkeypatch.setattr(flat_speech, "VOICES", {True: ("en-us+f2",), False: ()})
    monkeypatch.setattr(flat_speech, "PITCHES", (60,))
    figures = flat_speech.measure(data, chosen_on=True)
    assert set(figures) == {"nemo, as recorded", "nemo, constant F0", "espeak-ng, no intonation"}
    assert all(row["windows"] >= 1 for row in figures.values())
    assert all(row["musical"] == 0 for row in figures.values())
    assert "nemo, constant F0" in flat_speech.text(figures)


def test_narrow_band_recordings_are_counted_by_channel(data, monkeypatch):
    names = ("as recorded", "sampled at 16 kHz", "G.711", "G.711, noise 30 dB after")
    monkeypatch.setattr(narrow_band, "CHANNELS", {n: narrow_band.CHANNELS[n] for n in names})
    figures = narrow_band.measure(data, chosen_on=True)
    assert [row["recordings"] for row in figures.values()] == [1, 1, 1, 1]
    assert [row["called_narrow"] for row in figures.values()] == [0, 0, 1, 1]
    assert "(narrow)" in narrow_band.text(figures)


def test_songs_have_notes_around_the_voice():
    song = flat_speech._notes(200.0, np.random.default_rng(1))(np.arange(0, 20, 0.01))
    assert song.min() > 200 * 2 ** (-6 / 12)
    assert song.max() < 200 * 2 ** (10 / 12)
    assert np.ptp(np.log2(song)) > 0.3


def test_the_halves_of_every_corpus_share_no_speaker(tmp_path):
    data = write_corpora(tmp_path / "corpora")
    for corpus in CORPORA:
        one, other = ({clip.speaker for clip in clips(data, corpus, chosen_on=half)} for half in (True, False))
        assert one
        assert other
        assert not one & other
        assert len(clips(data, corpus)) == sum(len(clips(data, corpus, chosen_on=half)) for half in (True, False))
    assert {clip.emotion for clip in clips(data, "ordinary_talk")} == {""}
    assert {clip.emotion for clip in clips(data, "ravdess")} == set(LABELS)
