"""The benchmark of voice activity detection."""

import csv

import numpy as np
import pytest
import soundfile

from ml.benchmarks.voice import non_speech, voice_activity
from ml.demo.speech import speak_at
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.training.errors import TrainingError
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE

SENTENCE = "Kids are talking by the door."


@pytest.fixture(scope="module")
def spoken():
    """A sentence from second 1, and silence around it."""
    return speak_at([(1.0, SENTENCE)], duration_s=3.5, rate_hz=SAMPLE_RATE)


def test_the_truth_is_where_the_clean_clip_is_loud(spoken):
    is_speech = voice_activity.speech_frames(spoken)
    at = np.flatnonzero(is_speech) * voice_activity.FRAME_S
    assert at[0] == pytest.approx(1.0, abs=0.1)
    assert 2 < at[-1] < 3
    assert is_speech.sum() * voice_activity.FRAME_S > 1


@pytest.mark.parametrize("noise", ["white", "pink", "babble"])
@pytest.mark.parametrize("ratio_db", [20.0, 0.0])
def test_noise_has_its_signal_to_noise_ratio(spoken, noise, ratio_db):
    clip, other = (voice_activity.Clip(actor, 0.3 * spoken, voice_activity.speech_frames(spoken)) for actor in (1, 2))
    mixed = voice_activity._mixed(clip, [clip, other], noise, ratio_db, np.random.default_rng(0))
    added = mixed - clip.samples
    loud = clip.samples[np.repeat(clip.is_speech, round(voice_activity.FRAME_S * SAMPLE_RATE))[: clip.samples.size]]
    assert 10 * np.log10(np.mean(loud**2) / np.mean(added**2)) == pytest.approx(ratio_db, abs=0.5)


def test_rows_count_the_speech_found_and_the_windows_classified(tmp_path, monkeypatch, spoken):
    monkeypatch.setattr(voice_activity, "SNR_DB", (10,))
    monkeypatch.setattr(voice_activity, "NOISES", ("pink",))
    kept = {name: non_speech.SOUNDS[name] for name in ("silence", "melody with vibrato")}
    monkeypatch.setattr(non_speech, "SOUNDS", kept)
    rows = []
    for actor in (13, 14):
        folder = tmp_path / "ravdess" / f"Actor_{actor}"
        folder.mkdir(parents=True)
        name = f"ravdess/Actor_{actor}/03-01-01-01-01-01-{actor}.flac"
        soundfile.write(tmp_path / name, 0.3 * spoken, SAMPLE_RATE)
        rows.append({"file": name, "actor": actor, "emotion": "neutral"})
    with (tmp_path / "ravdess" / "labels.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "actor", "emotion"])
        writer.writeheader()
        writer.writerows(rows)

    figures = voice_activity.measure(tmp_path, sounds_each=1)
    assert set(figures["speech"]) == {"clean", "pink 10 dB below"}
    for row in figures["speech"].values():
        assert row["found"] > 0.85
        assert row["false"] < 0.1
        assert (row["clips_without"], row["windows"], row["taken_for_music"]) == (0, 2, 0)
    assert figures["speech"]["clean"]["onset_moved_s"] == 0
    assert figures["all_sounds"]["named"]["count"] == 0
    assert "pink 10 dB below" in voice_activity.text(figures)
    with pytest.raises(TrainingError, match="too few speakers"):
        voice_activity.measure(tmp_path, chosen_on=True)


@pytest.mark.parametrize("name", non_speech.SOUNDS)
def test_sounds_are_finite_and_follow_their_seed(name):
    made = non_speech.sound(name, 3)
    assert (made.shape, made.dtype) == ((round(non_speech.SOUND_S * VOICE_RATE),), np.float32)
    assert np.isfinite(made).all()
    assert 0 < np.abs(made).max() <= 1
    assert np.array_equal(made, non_speech.sound(name, 3))
    assert not np.array_equal(made, non_speech.sound(name, 4))
