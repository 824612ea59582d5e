"""RAVDESS as pictures with numbers: the same windows as serving cuts, under every condition, and training batches."""

import numpy as np
import pytest
import soundfile

from ml.demo.speech import speak_at
from ml.speech_emotion import compact_functionals, conditions, dataset, functional_clips, log_mel_functionals
from ml.speech_emotion import spectrograms as pictures
from ml.speech_emotion.log_mel import FRAMES, LEAD_S
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES


@pytest.fixture
def spoken(ravdess):
    """The six clips with a sentence each, from second 0.7."""
    data = ravdess()
    for path in dataset.listing(data).files:
        sound = speak_at([(0.7, "Kids are talking by the door.")], duration_s=4, rate_hz=SAMPLE_RATE)
        soundfile.write(path, sound, SAMPLE_RATE)
    return data


def test_clips_are_heard_as_serving_hears_them_and_read_once(spoken, tmp_path):
    clips = functional_clips.load(spoken, tmp_path / "cache")
    assert clips.features.shape == (6, *log_mel_functionals.INPUT_SHAPE[1:])
    assert set(clips.changed) == {*conditions.CHANGES, pictures.MID_WORD}

    samples = dataset.read_sound(dataset.listing(spoken).files[0])
    start = round(pictures._onset_s(samples) * SAMPLE_RATE / 512) * 512 - round(LEAD_S * SAMPLE_RATE / 512) * 512
    served = log_mel_functionals.to_input(samples[start : start + WINDOW_SAMPLES])
    # But for the frames at the window's ends, which a clip goes on beyond.
    assert clips.features[0, 3 : FRAMES - 3] == pytest.approx(served[0, 3 : FRAMES - 3], abs=0.05)
    numbers, expected = clips.features[0, FRAMES:].ravel(), served[0, FRAMES:].ravel()
    assert np.abs(numbers - expected).mean() < 0.02 * np.abs(expected).mean()

    for path in (spoken / "ravdess").glob("*/*.flac"):
        path.write_bytes(b"")
    again = functional_clips.load(spoken, tmp_path / "cache")
    assert np.array_equal(again.features, clips.features)
    assert all(np.array_equal(again.changed[name], clips.changed[name]) for name in clips.changed)


def test_conditions_move_the_numbers_as_far_as_they_move_the_sound(spoken, tmp_path):
    clips = functional_clips.load(spoken, tmp_path)
    moved = {name: np.abs(inputs - clips.features)[:, FRAMES:].mean() for name, inputs in clips.changed.items()}
    assert moved["12 dB softer"] < 0.01 < moved["noise 20 dB below"] < moved["noise 5 dB below"]
    assert moved[pictures.MID_WORD] > 0.01


def random_clips(count=20):
    random = np.random.default_rng(0)
    shape = (count, *log_mel_functionals.INPUT_SHAPE[1:])
    plain, changed = (random.normal(mean, 0.1, shape).astype(np.float32) for mean in (0, 10))
    names = compact_functionals.CONDITIONS
    stems = tuple(str(n) for n in range(count))
    return dataset.Clips(plain, np.arange(count) % 8, np.ones(count, int), stems, dict.fromkeys(names, changed))


def test_batches_repeat_for_the_same_epoch_and_hold_clips_under_conditions_too():
    prepared = compact_functionals.PreparedWindows(random_clips(200), np.arange(200))
    batches = prepared.batches(np.arange(200), seed=1)
    first, again, second = (list(batches.epoch(number)) for number in (1, 1, 2))
    assert len(first) == batches.steps == 200 // compact_functionals.BATCH_SIZE
    for (inputs, targets, weights), (inputs_again, _, _) in zip(first, again, strict=True):
        assert targets.sum(axis=1) == pytest.approx(1)
        assert weights is None
        assert np.array_equal(inputs, inputs_again)
    assert not np.array_equal(first[0][0], second[0][0])
    heard = np.concatenate([inputs for inputs, _, _ in first])
    assert heard.mean() == pytest.approx(10 * compact_functionals.CHANGED, abs=1.5)


def test_only_the_chosen_clips_are_trained_on():
    clips = random_clips()
    clips.features[10:] = 1000
    batches = functional_clips.FunctionalBatches(
        clips, np.arange(10), conditions=compact_functionals.CONDITIONS, changed=0.2, mixing=0.3, smoothing=0.1,
        batch_size=5, seed=0,
    )  # fmt: skip
    assert all(np.abs(inputs).max() < 20 for inputs, _, _ in batches.epoch(1))
