"""RAVDESS as files, and its two protocols."""

from pathlib import Path

import numpy as np
import pytest

from ml.training.datasets import ravdess as dataset
from ml.training.datasets.speech_clips import Listing, read_sound
from ml.training.errors import TrainingError


@pytest.fixture(scope="module")
def clips():
    """The shape of RAVDESS: 24 actors, 60 clips each, 4 of them neutral and 8 of each other emotion."""
    truth = np.array(([0] * 4 + [label for label in range(1, 8) for _ in range(8)]) * 24)
    actors = np.repeat(np.arange(1, 25), 60)
    stems = [f"clip-{n}" for n in range(len(truth))]
    stems[100], stems[700] = "03-01-03-01-02-01-07", "03-01-03-01-02-02-07"
    files = tuple(Path(f"{stem}.flac") for stem in stems)
    return Listing(files, truth, actors, tuple(stems), np.full(len(truth), dataset.RAVDESS))


def test_no_actor_stands_on_two_sides_of_a_speaker_fold(clips):
    for fold in dataset.speaker_folds(clips):
        sides = [set(clips.speakers[part]) for part in (fold.train, fold.validation, fold.test)]
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


def test_missing_set_is_one_sentence(tmp_path):
    with pytest.raises(TrainingError, match=r"labels\.csv does not exist: --data must name the folder"):
        dataset.listing(tmp_path)


def test_clips_are_listed_with_emotion_and_actor(ravdess):
    listed = dataset.listing(ravdess())
    assert listed.truth.tolist() == [0, 1, 2, 0, 1, 2]
    assert listed.speakers.tolist() == [1, 1, 1, 2, 2, 2]
    assert listed.stems[4] == "03-01-02-01-01-01-02"
    assert listed.of(dataset.RAVDESS).tolist() == [0, 1, 2, 3, 4, 5]
    assert len(listed.of("another")) == 0


def test_another_sampling_rate_is_named(ravdess):
    listed = dataset.listing(ravdess(rate=16_000))
    with pytest.raises(TrainingError, match="must be mono at 22050 Hz"):
        read_sound(listed.files[0], dataset.RATE_HZ)


def test_another_rate_can_be_asked_for(ravdess):
    listed = dataset.listing(ravdess(rate=16_000))
    assert read_sound(listed.files[0], 16_000).shape == (70_000,)


def test_an_unreadable_clip_is_named(ravdess):
    listed = dataset.listing(ravdess())
    listed.files[0].write_bytes(b"no sound")
    with pytest.raises(TrainingError, match="cannot be read as sound"):
        read_sound(listed.files[0], dataset.RATE_HZ)
