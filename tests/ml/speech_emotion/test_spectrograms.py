"""RAVDESS as the compact network reads it, and how its training pictures are varied."""

import numpy as np
import pytest
import soundfile

from ml.demo.speech import speak_at
from ml.speech_emotion import compact, conditions, dataset, spectrograms
from ml.speech_emotion.log_mel import FRAMES, MELS
from ml.speech_emotion.preprocessing import SAMPLE_RATE


@pytest.fixture
def spoken(ravdess):
    """The six clips with the same sentence, said from second 1.2 by the first actor and from 0.7 by the second."""
    data = ravdess()
    for path in dataset.listing(data).files:
        start_s = 1.2 if "Actor_01" in str(path) else 0.7
        sound = speak_at([(start_s, "Kids are talking by the door.")], duration_s=4, rate_hz=SAMPLE_RATE)
        soundfile.write(path, sound, SAMPLE_RATE)
    return data


def test_speech_begins_at_the_same_frame_of_every_window(spoken, tmp_path):
    clips = spectrograms.load(spoken, tmp_path / "cache")
    inputs = spectrograms.windows(clips.features)
    assert inputs.shape == (6, FRAMES, MELS, 1)
    loud = inputs[..., 0].max(axis=2) > 1
    first = loud.argmax(axis=1)
    assert np.ptp(first) <= 2
    assert 5 < first[0] < 25
    late = spectrograms.mid_word(clips.features)[..., 0].max(axis=2) > 1
    assert late.argmax(axis=1).max() < first.min()


def test_clips_are_read_once_and_kept_with_every_condition(spoken, tmp_path):
    first = spectrograms.load(spoken, tmp_path / "cache")
    assert set(first.changed) == set(conditions.CHANGES)
    for path in (spoken / "ravdess").glob("*/*.flac"):
        path.write_bytes(b"")
    again = spectrograms.load(spoken, tmp_path / "cache")
    assert np.array_equal(again.features, first.features)
    assert all(np.array_equal(again.changed[name], first.changed[name]) for name in first.changed)


def test_a_microphones_gain_changes_nothing_and_noise_does(spoken, tmp_path):
    clips = spectrograms.load(spoken, tmp_path)
    prepared = compact.PreparedPictures(clips, np.arange(6))
    plain, changed = prepared.inputs(np.arange(6)), prepared.changed(np.arange(6))
    assert changed["12 dB softer"] == pytest.approx(plain, abs=0.02)
    moved = [np.abs(changed[f"noise {n} dB below"] - plain).mean() for n in (20, 10, 5)]
    assert 0.02 < moved[0] < moved[1] < moved[2]


def test_batches_repeat_for_the_same_epoch_and_carry_mixed_targets():
    random = np.random.default_rng(0)
    pictures = random.normal(-60, 10, (20, spectrograms.STORED, MELS)).astype(np.float16)
    clips = dataset.Clips(pictures, np.arange(20) % 8, np.ones(20, int), tuple("abcdefghijklmnopqrst"))
    batches = spectrograms.SpectrogramBatches(clips, np.arange(20), batch_size=8, seed=1)
    first, again, second = (list(batches.epoch(number)) for number in (1, 1, 2))
    assert len(first) == batches.steps == 2
    for (inputs, targets, weights), (inputs_again, _, _) in zip(first, again, strict=True):
        assert inputs.shape == (8, FRAMES, MELS, 1)
        assert targets.sum(axis=1) == pytest.approx(1)
        assert targets.min() > 0
        assert weights is None
        assert np.array_equal(inputs, inputs_again)
    assert not np.array_equal(first[0][0], second[0][0])


class TestConditions:
    def change(self, name, samples):
        return conditions.CHANGES[name](samples, np.random.default_rng(0))

    def test_noise_has_the_power_it_is_named_for(self):
        samples = np.random.default_rng(1).normal(0, 0.1, 40_000).astype(np.float32)
        for decibels in (20, 10, 5):
            noise = self.change(f"noise {decibels} dB below", samples) - samples
            assert 10 * np.log10(np.mean(samples**2) / np.mean(noise**2)) == pytest.approx(decibels, abs=0.01)

    def test_a_telephone_passes_its_band_alone(self):
        times = np.arange(SAMPLE_RATE) / SAMPLE_RATE
        for hertz, passes in ((100, False), (1000, True), (5000, False)):
            tone = np.sin(2 * np.pi * hertz * times).astype(np.float32)
            assert bool(np.std(self.change("telephone band", tone)) > 0.5) is passes

    def test_a_louder_microphone_clips(self):
        samples = np.array([0.1, -0.5], np.float32)
        assert self.change("12 dB louder", samples) == pytest.approx([0.398, -1.0], abs=1e-3)
