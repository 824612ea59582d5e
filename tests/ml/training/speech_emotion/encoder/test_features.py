"""Hidden states of every clip: made once, kept, and made anew where the list has changed."""

import numpy as np
import pytest

from ml.speech_emotion.features.log_mel import FEATURE_SAMPLES, log_mel
from ml.training.datasets import speech_corpora
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_corpora import NEMO, TALK, TALK_DEV
from ml.training.speech_emotion.encoder import augmentation, corruptions, features, network
from tests.ml.training.speech_emotion.encoder.small import write_corpora

COPIES = {RAVDESS: 2, NEMO: 2, TALK: 3}


class Mean:
    """Stands in for the trunk: its states are the spectrogram's mean."""

    def predict_on_batch(self, batch):
        states = np.zeros((len(batch), *network.STATES_SHAPE), np.float32)
        states += batch.mean(axis=(1, 2))[:, np.newaxis, np.newaxis]
        return states


class Here:
    """Stands in for the pool of processes: a test is small, and a process takes a second to start."""

    def __init__(self, *_, **__):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def map(self, function, jobs, chunksize):
        return map(function, jobs)


@pytest.fixture(scope="module")
def asked():
    """The values of ``full_precision`` that the trunk was asked for with, in turn."""
    found = []

    def trunk(full_precision):
        found.append(full_precision)
        return Mean()

    # Two corruptions show what ten would.
    chosen = {name: corruptions.CORRUPTIONS[name] for name in ("babble 5 dB below", "12 dB louder")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(features, "_trunk", trunk)
        patch.setattr(features, "ProcessPoolExecutor", Here)
        patch.setattr(features, "COPIES", COPIES)
        patch.setattr(features, "BATCH", 4)
        patch.setattr(features, "_babble_clips", {})
        patch.setattr(corruptions, "CORRUPTIONS", chosen)
        yield found


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    folder = write_corpora(
        tmp_path_factory.mktemp("corpora"),
        actors=(1,),
        labels=("neutral", "happy", "sad"),
        speakers=("SM0",),
        each=1,
        talkers=2,
        sounds=("ravdess", "nemo", "ordinary_talk"),
    )
    return speech_corpora.listing(folder)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="module")
def made(asked, listed, work):
    return features.load(listed, work)


def mean(spectrogram):
    return pytest.approx(float(spectrogram.astype(np.float16).astype(np.float32).mean()), abs=2e-3)


def test_states_have_a_place_for_every_clip_that_is_needed(made, listed):
    shapes = {name: copies.shape[:2] for name, copies in made.copies.items()}
    assert shapes == {RAVDESS: (2, 3), NEMO: (2, 6), TALK: (3, 2)}
    assert len(made.evaluation) == 3 + 6 + 4
    assert made.corrupted.shape == (2, 3, *network.STATES_SHAPE)
    assert made.evaluation.dtype == made.copies[TALK].dtype == np.float16


def test_clips_that_are_measured_are_read_as_serving_reads_them(made, listed):
    measured = np.flatnonzero(np.isin(listed.corpora, (RAVDESS, NEMO, TALK_DEV)))
    for clip, found in zip(measured, made.of(measured), strict=True):
        assert found.dtype == np.float32
        assert found[0, 0] == mean(features.spectrogram(listed, int(clip)))


def test_talk_that_is_measured_is_read_window_by_window(listed):
    first, second = (int(clip) for clip in listed.of(TALK_DEV)[:2])
    samples = speech_corpora.read(listed, first)
    np.testing.assert_array_equal(features.window(listed, first), samples[:FEATURE_SAMPLES])
    np.testing.assert_array_equal(features.window(listed, second), samples[FEATURE_SAMPLES : 2 * FEATURE_SAMPLES])


def test_copies_differ_and_stand_beside_their_clips(made, listed):
    copies = made.copies[NEMO][:, :, 0, 0]
    assert len(np.unique(copies)) == copies.size
    clip = int(listed.of(NEMO)[2])
    random = np.random.default_rng([7, 1, 2, 1])
    babble = [speech_corpora.read(listed, int(i)) for i in listed.of(TALK)]
    window = augmentation.augment(speech_corpora.read(listed, clip), babble, random)
    assert copies[1, 2] == mean(augmentation.spec_augment(log_mel(window), random))


def test_corruptions_stand_in_their_order(made, listed):
    for name, found in zip(corruptions.CORRUPTIONS, made.corrupted[:, :, 0, 0], strict=True):
        for clip, state in zip(listed.of(RAVDESS), found, strict=True):
            random = np.random.default_rng([11, clip])
            babble = [speech_corpora.read(listed, int(i)) for i in listed.of(TALK_DEV)[::2]]
            window = corruptions.CORRUPTIONS[name](speech_corpora.read(listed, int(clip)), babble, random)
            assert state == mean(log_mel(window))


def test_states_are_made_once(asked, made, listed, work):
    asked.clear()
    again = features.load(listed, work)
    assert asked == []
    np.testing.assert_array_equal(again.evaluation, made.evaluation)
    np.testing.assert_array_equal(again.corrupted, made.corrupted)
    for name in COPIES:
        np.testing.assert_array_equal(again.copies[name], made.copies[name])


@pytest.mark.parametrize(
    ("name", "full_precision"), [("ravdess-copies", False), ("evaluation", True), ("corruptions", True)]
)
def test_states_of_another_list_are_made_anew(asked, made, listed, work, name, full_precision):
    """Evaluation goes through the trunk in full precision, training through the fast one."""
    path = work / "encoder" / f"{name}.npy"
    before = np.load(path)
    np.save(path, before[:1])
    asked.clear()
    features.load(listed, work)
    assert asked == [full_precision] * -(-len(before) // 4)
    np.testing.assert_array_equal(np.load(path), before)


def test_a_killed_run_leaves_no_half_file(asked, listed, tmp_path, monkeypatch):
    class Killed(Mean):
        def predict_on_batch(self, batch):
            raise KeyboardInterrupt

    monkeypatch.setattr(features, "_trunk", lambda full_precision: Killed())
    with pytest.raises(KeyboardInterrupt):
        features.load(listed, tmp_path)
    assert not list((tmp_path / "encoder").glob("*copies.npy"))
    monkeypatch.setattr(features, "_trunk", lambda full_precision: Mean())
    assert features.load(listed, tmp_path).evaluation.any()
