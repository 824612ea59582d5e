"""RAVDESS as the compact version reads it: the same windows as serving cuts, as recorded and under every condition."""

import numpy as np
import pytest

from ml.speech_emotion import conditions, dataset, voice_window
from ml.speech_emotion.compact import frames, windows
from ml.speech_emotion.log_mel import FRAMES, LEAD_S
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES

EVERYONE = np.arange(6)


def test_speech_begins_at_the_same_frame_of_every_window(spoken_ravdess, tmp_path):
    prepared = windows.PreparedWindows(windows.load(spoken_ravdess, tmp_path / "cache"), EVERYONE)
    loud = prepared.inputs(EVERYONE)[:, voice_window.PICTURE, :, 0].max(axis=2) > 1
    first = loud.argmax(axis=1)
    assert np.ptp(first) <= 2
    assert 5 < first[0] < 25
    late = prepared.changed(EVERYONE)[windows.MID_WORD][:, voice_window.PICTURE, :, 0].max(axis=2) > 1
    assert late.argmax(axis=1).max() < first.min()


def test_clips_are_heard_as_serving_hears_them_and_read_once(spoken_ravdess, tmp_path):
    clips = windows.load(spoken_ravdess, tmp_path / "cache")
    found = clips.features.inputs(EVERYONE)
    assert found.shape == (6, *voice_window.INPUT_SHAPE[1:])
    assert set(clips.changed) == {*conditions.CHANGES, windows.MID_WORD}

    samples = dataset.read_sound(dataset.listing(spoken_ravdess).files[0])
    start = round(frames._onset_s(samples) * SAMPLE_RATE / 512) * 512 - round(LEAD_S * SAMPLE_RATE / 512) * 512
    served = voice_window.to_input(samples[start : start + WINDOW_SAMPLES])
    # But for the frames at the window's ends, which a clip goes on beyond.
    assert found[0, 3 : FRAMES - 3] == pytest.approx(served[0, 3 : FRAMES - 3], abs=0.05)
    for rows in (slice(FRAMES, voice_window.NUMBERS.start), voice_window.NUMBERS, voice_window.DESCRIPTORS):
        numbers, expected = found[0, rows].ravel(), served[0, rows].ravel()
        assert np.abs(numbers - expected).mean() < 0.02 * np.abs(expected).mean()

    for path in (spoken_ravdess / "ravdess").glob("*/*.flac"):
        path.write_bytes(b"")
    again = windows.load(spoken_ravdess, tmp_path / "cache")
    assert np.array_equal(again.features.inputs(EVERYONE), found)
    for name, heard in clips.changed.items():
        assert np.array_equal(again.changed[name].inputs(EVERYONE), heard.inputs(EVERYONE))


def test_a_microphones_gain_changes_nothing_and_noise_does(spoken_ravdess, tmp_path):
    prepared = windows.PreparedWindows(windows.load(spoken_ravdess, tmp_path), EVERYONE)
    plain, changed = prepared.inputs(EVERYONE), prepared.changed(EVERYONE)
    for rows in (voice_window.PICTURE, voice_window.NUMBERS, voice_window.DESCRIPTORS):
        moved = {name: np.abs(inputs - plain)[:, rows].mean() for name, inputs in changed.items()}
        assert moved["12 dB softer"] < 0.01
        assert 0.02 < moved["noise 20 dB below"] < moved["noise 10 dB below"] < moved["noise 5 dB below"]
        assert moved[windows.MID_WORD] > 0.01
