"""The figures of a version that is trained on several corpora."""

from pathlib import Path

import numpy as np
import pytest

from ml.speech_emotion.labels import LABELS
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Listing
from ml.training.speech_emotion import evaluation
from ml.training.speech_emotion.fold_predictions import Predictions, ProtocolRun

N_ACTED, N_OTHER, N_TALK = 16, 12, 4


@pytest.fixture
def clips():
    """RAVDESS with every label, another corpus with those that both share, and talk without any."""
    shared = [LABELS.index(label) for label in evaluation.SHARED_LABELS]
    truth = np.concatenate([np.arange(N_ACTED) % 8, np.tile(shared, 2), np.full(N_TALK, -1)])
    count = len(truth)
    return Listing(
        tuple(Path(str(n)) for n in range(count)),
        truth,
        np.arange(count),
        tuple(map(str, range(count))),
        np.repeat([RAVDESS, "nemo", "talk"], [N_ACTED, N_OTHER, N_TALK]),
    )


def pool_of(clips, index, wrong=()):
    """Predictions that are right but for the clips of ``wrong``, which are taken for the next label."""
    probabilities = (clips.truth[index] + np.isin(index, wrong)) % 8
    return Predictions(index, clips.truth[index], np.eye(8)[probabilities] * 0.92 + 0.01)


def run_of(clips, index, *, wrong=(), seed=0, corrupted=None):
    pool = pool_of(clips, index, wrong)
    return ProtocolRun(seed, 5, pool, pool_of(clips, clips.of(RAVDESS)), corrupted or {}, ((1,),), ())


def test_the_headline_is_of_ravdess_alone(clips):
    everything = np.arange(len(clips.truth))
    runs = {"speaker": [run_of(clips, everything, wrong=clips.of("nemo"))], "random": []}
    found = {measured.key: measured for measured in evaluation.fold_results(runs, clips, 1.0)}
    assert found[evaluation.SPEAKER].scores.n == N_ACTED
    assert found[evaluation.SPEAKER].scores.accuracy == 1
    assert found["nemo_speaker_independent"].scores.n == N_OTHER
    assert found["nemo_speaker_independent"].scores.accuracy < 0.5
    assert not any("talk" in key for key in found)
    assert evaluation.mean_over_seeds(runs["speaker"], clips, "uar") == 1


def test_what_is_left_out_and_what_is_alone_have_figures_of_their_own(clips):
    everything = np.arange(len(clips.truth))
    left_out = np.concatenate([clips.of("nemo"), clips.of("talk"), clips.of(RAVDESS), clips.of("talk")])
    runs = {
        "speaker": [run_of(clips, everything)],
        "random": [],
        "corpus": [run_of(clips, left_out)],
        "ravdess-only": [run_of(clips, everything, wrong=clips.of(RAVDESS)[:8])],
    }
    found = {measured.key: measured.scores for measured in evaluation.fold_results(runs, clips, 1.0)}
    assert found["ravdess_only_speaker_independent"].accuracy == 0.5
    # Calm and disgust are not measured where the other corpus does not have them.
    assert found["ravdess_left_out"].n == N_ACTED * 6 / 8
    assert found["nemo_left_out"].n == N_OTHER


def test_calm_counts_as_neutral_where_only_neutral_is_known():
    truth = np.array([LABELS.index("neutral"), LABELS.index("happy"), LABELS.index("calm")])
    calm = np.eye(8)[LABELS.index("calm")] * 0.92 + 0.01
    scores = evaluation.shared_label_scores(Predictions(np.arange(3), truth, np.tile(calm, (3, 1))))
    assert scores.n == 2
    assert scores.accuracy == 0.5


def test_other_seeds_are_named_beside_the_first(clips):
    everything = clips.of(RAVDESS)
    speaker = [run_of(clips, everything), run_of(clips, everything, wrong=everything, seed=1)]
    (measured, *_) = evaluation.fold_results({"speaker": speaker, "random": []}, clips, 1.0)
    assert "UAR of the 2 seeds run: 100.0 %, 0.0 %, mean 50.0 %" in measured.note
    assert evaluation.mean_over_seeds(speaker, clips, "accuracy") == 0.5


def test_talk_is_counted_by_its_most_probable_label():
    probabilities = np.eye(8)[[LABELS.index(label) for label in ("neutral", "calm", "calm", "angry")]]
    row = dict(zip(evaluation.TALK_COLUMNS, evaluation.talk_row("a version", probabilities), strict=True))
    assert row["windows"] == "4"
    assert (row["neutral + calm"], row["neutral"], row["calm"], row["angry"]) == ("75 %", "25 %", "50 %", "25 %")
    assert row["mean confidence"] == "100 %"


def test_corruptions_are_compared_with_the_same_clips_as_recorded(clips):
    acted = clips.of(RAVDESS)
    corrupted = {"telephone": pool_of(clips, acted, wrong=acted[:4])}
    run = run_of(clips, np.arange(len(clips.truth)), wrong=clips.of("nemo"), corrupted=corrupted)
    (table,) = evaluation.corruption_tables(run)
    plain, telephone = table["rows"]
    assert (plain["n"], plain["accuracy"], plain["changed"]) == (N_ACTED, 1, 0)
    assert telephone["accuracy"] == telephone["uar"] == 0.75
    assert telephone["changed"] == 0.25
    assert evaluation.corruption_tables(run_of(clips, acted)) == []
