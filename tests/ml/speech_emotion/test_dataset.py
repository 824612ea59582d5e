"""RAVDESS as files, and its two protocols."""

import csv

import numpy as np
import pytest
import soundfile

from ml.speech_emotion import dataset
from ml.speech_emotion.dataset import Clips, Normalisation, SpeechBatches
from ml.training.errors import TrainingError


@pytest.fixture(scope="module")
def clips():
    """The shape of RAVDESS: 24 actors, 60 clips each, 4 of them neutral and 8 of each other emotion."""
    truth = np.array(([0] * 4 + [label for label in range(1, 8) for _ in range(8)]) * 24)
    actors = np.repeat(np.arange(1, 25), 60)
    random = np.random.default_rng(0)
    stems = [f"clip-{n}" for n in range(len(truth))]
    stems[100], stems[700] = "03-01-03-01-02-01-07", "03-01-03-01-02-02-07"
    features = random.normal(size=(len(truth), len(dataset.STARTS_S), 216)).astype(np.float32)
    return Clips(features, truth, actors, tuple(stems))


def test_no_actor_stands_on_two_sides_of_a_speaker_fold(clips):
    for fold in dataset.speaker_folds(clips):
        sides = [set(clips.actors[part]) for part in (fold.train, fold.validation, fold.test)]
        assert not sides[0] & sides[1]
        assert not sides[0] & sides[2]
        assert not sides[1] & sides[2]
        assert len(set.union(*sides)) == 24


def test_every_clip_is_tested_once_in_either_protocol(clips):
    for folds in (dataset.speaker_folds(clips), dataset.random_folds(clips, seed=0)):
        tested = np.sort(np.concatenate([fold.test for fold in folds]))
        assert tested.tolist() == list(range(len(clips.truth)))


def test_random_folds_are_stratified_and_follow_the_seed(clips):
    folds = dataset.random_folds(clips, seed=0)
    assert len(folds) == 10
    for fold in folds:
        counts = np.bincount(clips.truth[fold.test], minlength=8)
        assert abs(counts - np.array([9.6] + [19.2] * 7)).max() < 2
        assert not set(fold.test) & set(fold.train)
        assert not set(fold.validation) & set(fold.train)
    assert folds[0].test.tolist() == dataset.random_folds(clips, seed=0)[0].test.tolist()
    assert folds[0].test.tolist() != dataset.random_folds(clips, seed=1)[0].test.tolist()


def test_the_recording_that_stands_under_two_names_is_on_one_side(clips):
    for seed in range(5):
        for fold in dataset.random_folds(clips, seed):
            assert (100 in fold.test) == (700 in fold.test)


def test_standardisation_is_of_the_training_clips_alone(clips):
    fold = dataset.speaker_folds(clips)[0]
    normalisation = Normalisation.of(clips.features[fold.train][:, 0])
    inputs = normalisation.inputs(clips.features[fold.train][:, 0])
    assert inputs.shape == (len(fold.train), 216, 1)
    assert inputs.mean() == pytest.approx(0, abs=1e-3)
    assert inputs.std() == pytest.approx(1, abs=1e-3)


def test_batches_hold_every_clip_once_from_one_of_its_starts(clips):
    chosen = np.arange(50)
    plain = Normalisation(0.0, 1.0)
    batches = SpeechBatches(clips, chosen, plain, batch_size=16, seed=3)
    rows = np.concatenate([inputs[..., 0] for inputs, _, _ in batches.epoch(1)])
    assert rows.shape == (50, 216)
    known = {row.tobytes(): index for index in chosen for row in clips.features[index]}
    assert sorted(known[row.tobytes()] for row in rows) == chosen.tolist()


def write_set(folder, *, gain_of_second=1.0, rate=22_050):
    rows = []
    for actor in (1, 2):
        (folder / "ravdess" / f"Actor_0{actor}").mkdir(parents=True)
        for number in range(3):
            name = f"ravdess/Actor_0{actor}/03-01-0{number + 1}-01-01-01-0{actor}.flac"
            sound = 0.02 * np.random.default_rng(number).normal(size=70_000)
            soundfile.write(folder / name, sound * (gain_of_second if actor == 2 else 1.0), rate)
            rows.append({"file": name, "actor": f"0{actor}", "emotion": dataset.LABELS[number]})
    with (folder / "ravdess" / "labels.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "actor", "emotion"])
        writer.writeheader()
        writer.writerows(rows)


def test_clips_are_read_once_and_kept(tmp_path):
    write_set(tmp_path)
    cache = tmp_path / "cache" / "features.npz"
    first = dataset.load(tmp_path, cache)
    assert first.features.shape == (6, 5, 216)
    assert first.truth.tolist() == [0, 1, 2, 0, 1, 2]
    assert first.actors.tolist() == [1, 1, 1, 2, 2, 2]
    for path in (tmp_path / "ravdess").glob("*/*.flac"):
        path.write_bytes(b"")
    assert np.array_equal(dataset.load(tmp_path, cache).features, first.features)


def test_an_actor_who_was_recorded_louder_gives_the_same_features(tmp_path):
    write_set(tmp_path, gain_of_second=6.0)
    features = dataset.load(tmp_path, tmp_path / "features.npz").features
    assert features[3:] == pytest.approx(features[:3], abs=0.3)


def test_missing_set_is_one_sentence(tmp_path):
    with pytest.raises(TrainingError, match=r"labels\.csv does not exist: --data must name the folder"):
        dataset.load(tmp_path, tmp_path / "features.npz")


def test_another_sampling_rate_is_named(tmp_path):
    write_set(tmp_path, rate=16_000)
    with pytest.raises(TrainingError, match="must be mono at 22050 Hz"):
        dataset.load(tmp_path, tmp_path / "features.npz")


def test_an_unreadable_clip_is_named(tmp_path):
    write_set(tmp_path)
    next((tmp_path / "ravdess").glob("*/*.flac")).write_bytes(b"no sound")
    with pytest.raises(TrainingError, match="cannot be read as sound"):
        dataset.load(tmp_path, tmp_path / "features.npz")
