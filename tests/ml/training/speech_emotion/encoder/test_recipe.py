"""What the version trains on, reads and is measured by."""

import numpy as np
import pytest

from ml.speech_emotion.labels import LABELS
from ml.training.datasets import speech_corpora
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Clips
from ml.training.datasets.speech_corpora import NEMO, TALK, TALK_DEV
from ml.training.speech_emotion import fold_predictions
from ml.training.speech_emotion.encoder import corruptions, features, network, recipe
from ml.training.speech_emotion.encoder.features import States
from ml.training.speech_emotion.encoder.recipe import BATCH_SIZE, RECIPE, PreparedStates, batch_counts
from ml.training.speech_emotion.ensemble import geometric_mean
from ml.training.speech_emotion.fold_predictions import Predictions, ProtocolRun
from tests.ml.training.speech_emotion.encoder.small import shrink, write_corpora

SHAPE = (3, 4)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """Small states that hold the number of their clip."""
    listed = speech_corpora.listing(write_corpora(tmp_path_factory.mktemp("corpora")))
    measured = np.flatnonzero(listed.corpora != TALK)
    rows = np.full(len(listed.files), -1)
    rows[measured] = np.arange(len(measured))

    def states(numbers, copies):
        found = np.zeros((copies, len(numbers), *SHAPE), np.float16)
        found[..., 0] = np.asarray(numbers)[:, np.newaxis]
        found[..., 1] = np.arange(copies)[:, np.newaxis, np.newaxis]
        return found

    made = States(
        {name: states(listed.of(name), 2) for name in (RAVDESS, NEMO, TALK)},
        states(measured, 1)[0],
        rows,
        states(listed.of(RAVDESS), len(corruptions.CORRUPTIONS)),
    )
    return Clips(**vars(listed), features=lambda: made)


def test_missing_corpora_leave_their_places_to_the_others():
    assert batch_counts([RAVDESS, NEMO, TALK]) == recipe.BATCH_COUNTS
    assert batch_counts([RAVDESS]) == {RAVDESS: BATCH_SIZE}
    assert batch_counts([NEMO, TALK]) == {NEMO: BATCH_SIZE - recipe.BATCH_COUNTS[TALK], TALK: recipe.BATCH_COUNTS[TALK]}
    assert all(sum(batch_counts(present).values()) == BATCH_SIZE for present in ([RAVDESS, TALK], [NEMO]))


def test_inputs_are_the_states_of_the_clips_as_they_are(clips):
    prepared = PreparedStates(clips, np.arange(8))
    chosen = np.array([3, int(clips.of(NEMO)[1]), int(clips.of(TALK_DEV)[0])])
    inputs = prepared.inputs(chosen)
    assert inputs.dtype == np.float32
    assert inputs[:, 0, 0].tolist() == chosen.tolist()


def test_corrupted_inputs_go_by_the_name_of_the_corruption(clips):
    found = PreparedStates(clips, np.arange(8)).corrupted(np.array([4, 9]))
    assert list(found) == list(corruptions.CORRUPTIONS)
    for number, rows in enumerate(found.values()):
        assert rows[:, 0, 0].tolist() == [4, 9]
        assert (rows[:, 0, 1] == number).all()


@pytest.mark.parametrize("protocol", RECIPE.protocols, ids=lambda protocol: protocol.key)
def test_a_fold_is_trained_on_its_own_clips_alone(clips, monkeypatch, protocol):
    monkeypatch.setattr(recipe, "STEPS", 6)
    fold = protocol.folds(clips, 0)[0]
    batches = PreparedStates(clips, fold.train).batches(fold.train, 0)
    assert batches.steps == 6
    drawn = set()
    for inputs, wanted, _ in batches.epoch(1):
        assert len(inputs) == len(wanted) == BATCH_SIZE
        if (inputs == inputs.round()).all():
            drawn |= set(inputs[:, 0, 0].astype(int).tolist())
            acted = [(int(row[0, 0]), label) for row, label in zip(inputs, wanted.argmax(axis=1), strict=True)]
            assert all(clips.truth[clip] in (label, speech_corpora.NO_LABEL) for clip, label in acted)
    assert drawn
    assert drawn <= set(fold.train.tolist())
    assert {clips.corpora[clip] for clip in drawn} == {clips.corpora[clip] for clip in fold.train}


def test_serving_reads_the_clips_of_ravdess(clips, monkeypatch):
    monkeypatch.setattr(features, "spectrogram", lambda clips, clip: np.full((300, 80), clip))
    found = recipe.ravdess_inputs(clips, {})
    assert found[:, 0, 0].tolist() == clips.of(RAVDESS).tolist()


def test_ordinary_talk_is_shown_as_every_version_reads_it(clips, monkeypatch):
    """By the shipped file, its folds, the comparison and the paper's network, of windows that nobody trained on."""
    windows = clips.of(TALK_DEV)
    monkeypatch.setattr(features, "spectrogram", lambda clips, clip: np.zeros((300, 80), np.float32))
    loudness = np.random.default_rng(0)
    monkeypatch.setattr(features, "window", lambda clips, clip: loudness.normal(0, 0.05, 48_000).astype(np.float32))

    def always(label, index):
        pool = Predictions(
            index, clips.truth[index], np.tile(np.eye(8)[LABELS.index(label)] * 0.92 + 0.01, (len(index), 1))
        )
        return ProtocolRun(0, 5, pool, pool, {}, (), ())

    everything = np.arange(len(clips.files))
    runs = {"speaker": [always("calm", everything)], "ravdess-only": [always("angry", everything)]}
    (table,) = RECIPE.tables(clips, runs, lambda inputs: np.tile(np.eye(8)[0], (len(inputs), 1)), 1.0)
    rows = {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}
    assert all(row["windows"] == str(len(windows)) for row in rows.values())
    assert rows["this version, shipped file"]["neutral"] == "100 %"
    assert rows["this version, speaker-independent folds"]["neutral + calm"] == "100 %"
    assert rows["trained on RAVDESS alone"]["angry"] == "100 %"
    assert set(rows) >= {"paper-v1"}


def test_protocols_are_known_by_their_names():
    assert [protocol.key for protocol in RECIPE.protocols] == ["speaker", "random", "corpus", "ravdess-only"]
    assert RECIPE.protocol("corpus").folds is speech_corpora.corpus_folds
    with pytest.raises(KeyError):
        RECIPE.protocol("best")
    assert not fold_predictions.PREDICTIONS_FILE.startswith("corrupted")


@pytest.mark.training
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_shipped_network_is_the_geometric_mean_of_its_members(monkeypatch):
    pretrained = shrink(monkeypatch)
    members = [RECIPE.build(), RECIPE.build()]
    spectrograms = np.random.default_rng(0).normal(0, 0.5, (2, 300, 80)).astype(np.float32)
    states = network.trunk(pretrained, features.TRUNK_LAYERS).predict_on_batch(spectrograms)
    probabilities = np.stack([member.predict_on_batch(states) for member in members])
    assert np.abs(probabilities[0] - probabilities[1]).max() > 1e-3
    shipped = RECIPE.assemble(members)
    assert shipped.predict_on_batch(spectrograms) == pytest.approx(geometric_mean(probabilities), abs=1e-3)
