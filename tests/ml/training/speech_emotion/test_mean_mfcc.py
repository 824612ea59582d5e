"""RAVDESS as the paper's network reads it."""

from pathlib import Path

import numpy as np
import pytest

from ml.speech_emotion.features import mfcc
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.training.datasets import ravdess as dataset
from ml.training.datasets.speech_clips import Clips, read_sound
from ml.training.speech_emotion import mean_mfcc
from ml.training.speech_emotion.mean_mfcc import STARTS_S, MfccBatches, Standardisation

# librosa's, about its own dependencies.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def clips():
    """24 actors with 60 clips each, of random features."""
    features = np.random.default_rng(0).normal(size=(1440, len(STARTS_S), 216)).astype(np.float32)
    stems = tuple(map(str, range(1440)))
    return Clips(
        tuple(map(Path, stems)),
        np.arange(1440) % 8,
        np.repeat(np.arange(1, 25), 60),
        stems,
        np.full(1440, dataset.RAVDESS),
        features,
    )


def test_standardisation_is_of_the_training_clips_alone(clips):
    fold = dataset.speaker_folds(clips)[0]
    standardisation = Standardisation.of(clips.features[fold.train][:, 0])
    inputs = standardisation.inputs(clips.features[fold.train][:, 0])
    assert inputs.shape == (len(fold.train), 216, 1)
    assert inputs.mean() == pytest.approx(0, abs=1e-3)
    assert inputs.std() == pytest.approx(1, abs=1e-3)


def test_batches_hold_every_clip_once_from_one_of_its_starts(clips):
    chosen = np.arange(50)
    plain = Standardisation(0.0, 1.0)
    batches = MfccBatches(clips, chosen, plain, batch_size=16, seed=3)
    rows = np.concatenate([inputs[..., 0] for inputs, _, _ in batches.epoch(1)])
    assert rows.shape == (50, 216)
    known = {row.tobytes(): index for index in chosen for row in clips.features[index]}
    assert sorted(known[row.tobytes()] for row in rows) == chosen.tolist()


def test_clips_are_read_once_and_kept(ravdess, tmp_path):
    data = ravdess()
    first = mean_mfcc.load(data, tmp_path / "cache")
    assert first.features.shape == (6, 5, 216)
    for path in (data / "ravdess").glob("*/*.flac"):
        path.write_bytes(b"")
    assert np.array_equal(mean_mfcc.load(data, tmp_path / "cache").features, first.features)


def test_an_actor_who_was_recorded_louder_gives_the_same_features(ravdess, tmp_path):
    features = mean_mfcc.load(ravdess(gain_of_second=6.0), tmp_path).features
    assert features[3:] == pytest.approx(features[:3], abs=0.3)


def test_training_reads_librosas_features_which_serving_makes_too(ravdess, tmp_path):
    import librosa

    data = ravdess()
    listed = dataset.listing(data)
    features = mean_mfcc.load(data, tmp_path).features[0]
    # All clips of an actor are raised by one gain, which only adds: what is left is librosa's.
    for frames, start_s in zip(features, STARTS_S, strict=True):
        samples = read_sound(listed.files[0], dataset.RATE_HZ)[int(start_s * SAMPLE_RATE) :]
        window = np.zeros(WINDOW_SAMPLES, np.float32)
        window[: len(samples)] = samples[: len(window)]
        doubled = mfcc.at_feature_rate(window)
        theirs = librosa.feature.mfcc(y=doubled, sr=mfcc.FEATURE_RATE, n_mfcc=13).mean(axis=0)
        assert frames - frames.mean() == pytest.approx(theirs - theirs.mean(), abs=1e-3)
        assert mfcc.features(window) == pytest.approx(theirs, abs=0.01)


def test_a_cache_of_other_clips_is_made_anew(ravdess, tmp_path):
    data = ravdess()
    first = mean_mfcc.load(data, tmp_path / "cache").features
    with np.load(tmp_path / "cache" / mean_mfcc.CACHE_FILE) as arrays:
        kept = dict(arrays)
    kept["stems"] = kept["stems"][::-1]
    np.savez(tmp_path / "cache" / mean_mfcc.CACHE_FILE, **kept | {"features": kept["features"] * 0})
    assert np.array_equal(mean_mfcc.load(data, tmp_path / "cache").features, first)
