"""The corpora and how they are split: nobody who is tested is heard in training."""

import csv

import numpy as np
import pytest
import soundfile

from ml.speech_emotion.labels import LABELS
from ml.training.datasets import speech_corpora
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_corpora import NEMO, TALK, TALK_DEV
from ml.training.errors import TrainingError
from ml.training.speech_emotion.encoder.recipe import RECIPE
from tests.ml.training.speech_emotion.encoder.small import SPEAKERS, write_corpora


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    return speech_corpora.listing(write_corpora(tmp_path_factory.mktemp("corpora")))


def corpora_of(clips, chosen):
    return set(clips.corpora[chosen].tolist())


def rewrite(path, change):
    with path.open(newline="") as stream:
        rows = change(list(csv.DictReader(stream)))
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]) if rows else ["file", "speaker", "emotion"])
        writer.writeheader()
        writer.writerows(rows)


class TestListing:
    def test_the_corpora_stand_one_after_the_other(self, clips):
        order = list(dict.fromkeys(clips.corpora.tolist()))
        assert order == [RAVDESS, NEMO, TALK, TALK_DEV]
        assert [len(clips.of(name)) for name in order] == [24 * 8, 9 * 6 * 2, 5, 5 * 2]
        assert len(clips.files) == len(clips.truth) == len(clips.speakers) == len(clips.stems) == len(clips.corpora)

    def test_emotions_of_nemo_are_named_in_our_words(self, clips):
        for index in clips.of(NEMO):
            emotion = clips.stems[index].split("_")[1]
            assert LABELS[clips.truth[index]] == speech_corpora.NEMO_LABELS[emotion]

    def test_ordinary_talk_has_no_label(self, clips):
        assert set(clips.truth[np.isin(clips.corpora, (TALK, TALK_DEV))]) == {speech_corpora.NO_LABEL}
        assert (clips.truth[np.isin(clips.corpora, (RAVDESS, NEMO))] >= 0).all()

    def test_no_two_corpora_share_a_speaker_number(self, clips):
        numbers = [set(clips.speakers[clips.of(name)].tolist()) for name in (RAVDESS, NEMO, TALK, TALK_DEV)]
        assert numbers[0] == set(range(1, 25))
        assert [len(speakers) for speakers in numbers[1:]] == [9, 5, 5]
        assert len(set.union(*numbers)) == 24 + 9 + 5 + 5

    def test_talk_that_is_measured_is_listed_window_by_window(self, clips):
        first, second = clips.of(TALK_DEV)[:2]
        assert clips.files[first] == clips.files[second]
        assert (clips.stems[first] + "#1") == clips.stems[second]

    @pytest.mark.parametrize("missing", ["ravdess", "nemo", "ordinary_talk"])
    def test_a_missing_corpus_is_one_sentence(self, tmp_path, missing):
        (write_corpora(tmp_path) / missing / "labels.csv").unlink()
        with pytest.raises(TrainingError, match=rf"--data must name the folder that holds {missing}/\."):
            speech_corpora.listing(tmp_path)

    @pytest.mark.parametrize(
        ("corpus", "change"),
        [
            ("nemo", lambda rows: [row | {"emotion": "boredom"} for row in rows]),
            ("nemo", lambda rows: [{"file": row["file"], "emotion": row["emotion"]} for row in rows]),
            ("ordinary_talk", lambda rows: [{"file": row["file"], "speaker": row["speaker"]} for row in rows]),
        ],
    )
    def test_another_list_than_is_expected_is_one_sentence(self, tmp_path, corpus, change):
        rewrite(write_corpora(tmp_path) / corpus / "labels.csv", change)
        with pytest.raises(TrainingError, match="is not the list of clips that is expected here"):
            speech_corpora.listing(tmp_path)

    @pytest.mark.parametrize(
        ("corpus", "change"),
        [
            ("nemo", lambda rows: []),
            ("ordinary_talk", lambda rows: [row for row in rows if row["split"] == "train"]),
        ],
    )
    def test_an_empty_corpus_is_one_sentence(self, tmp_path, corpus, change):
        rewrite(write_corpora(tmp_path) / corpus / "labels.csv", change)
        with pytest.raises(TrainingError, match="lists no clips"):
            speech_corpora.listing(tmp_path)


def test_clips_are_read_at_one_rate_whatever_theirs_is(tmp_path):
    write_corpora(
        tmp_path, actors=(1,), labels=("happy",), speakers=("SM0",), each=1, talkers=1, sounds=("ravdess", "nemo")
    )
    listed = speech_corpora.listing(tmp_path)
    acted, polish = (int(listed.of(name)[0]) for name in (RAVDESS, NEMO))
    assert speech_corpora.read(listed, acted).shape == (2 * 16_000,)
    assert speech_corpora.read(listed, polish).shape == (24_000,)
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050)
    soundfile.write(listed.files[acted], 0.5 * tone, 22_050)
    expected = 0.5 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    assert speech_corpora.read(listed, acted) == pytest.approx(expected, abs=2e-3)
    soundfile.write(listed.files[polish], 0.5 * tone, 22_050)
    with pytest.raises(TrainingError, match="must be mono at 16000 Hz"):
        speech_corpora.read(listed, polish)


class TestSpeakerFolds:
    def test_nobody_stands_on_two_sides(self, clips):
        for folds in (speech_corpora.speaker_folds(clips, 0), speech_corpora.ravdess_only_folds(clips, 0)):
            for fold in folds:
                sides = [set(clips.speakers[part]) for part in (fold.train, fold.validation, fold.test)]
                assert all(sides)
                assert not sides[0] & sides[1]
                assert not sides[0] & sides[2]
                assert not sides[1] & sides[2]

    def test_every_acted_clip_is_tested_once(self, clips):
        tested = np.concatenate([fold.test for fold in speech_corpora.speaker_folds(clips, 0)])
        acted = np.flatnonzero(np.isin(clips.corpora, (RAVDESS, NEMO)))
        assert np.sort(tested[np.isin(tested, acted)]).tolist() == acted.tolist()

    def test_talk_that_is_only_measured_is_measured_once_too(self, clips):
        tested = np.concatenate([fold.test for fold in speech_corpora.speaker_folds(clips, 0)])
        assert sorted(set(tested) & set(clips.of(TALK_DEV))) == clips.of(TALK_DEV).tolist()
        assert len(tested) == len(set(tested.tolist()))

    def test_every_speaker_of_nemo_is_in_one_fold(self, clips):
        assert sorted(SPEAKERS) == sorted(set(SPEAKERS))
        for fold, speakers in zip(speech_corpora.speaker_folds(clips, 0), speech_corpora.NEMO_FOLDS, strict=True):
            heard = {clips.stems[i].split("_")[0] for i in fold.test if clips.corpora[i] == NEMO}
            assert heard == set(speakers)

    def test_everything_else_is_trained_on(self, clips):
        for fold in speech_corpora.speaker_folds(clips, 0):
            known = np.concatenate([fold.train, fold.validation, fold.test])
            left = np.setdiff1d(np.arange(len(clips.files)), known)
            assert corpora_of(clips, left) == {TALK_DEV}
            assert corpora_of(clips, fold.train) == {RAVDESS, NEMO, TALK}
            assert corpora_of(clips, fold.validation) == {RAVDESS}

    def test_the_comparison_trains_on_ravdess_alone_and_tests_the_same(self, clips):
        for alone, fold in zip(
            speech_corpora.ravdess_only_folds(clips, 0), speech_corpora.speaker_folds(clips, 0), strict=True
        ):
            assert corpora_of(clips, alone.train) == {RAVDESS}
            assert set(alone.train) < set(fold.train)
            assert alone.test.tolist() == fold.test.tolist()
            assert alone.validation.tolist() == fold.validation.tolist()


def test_random_folds_train_on_everything_that_is_not_tested(clips):
    folds = speech_corpora.random_folds(clips, 3)
    assert len(folds) == 10
    assert np.sort(np.concatenate([fold.test for fold in folds])).tolist() == clips.of(RAVDESS).tolist()
    everything = np.flatnonzero(clips.corpora != TALK_DEV)
    for fold in folds:
        assert np.sort(np.concatenate([fold.train, fold.test])).tolist() == everything.tolist()
        assert len(fold.validation) == 0


def test_corpus_folds_leave_the_tested_corpus_out(clips):
    for fold, (known, unknown) in zip(
        speech_corpora.corpus_folds(clips, 0), ((RAVDESS, NEMO), (NEMO, RAVDESS)), strict=True
    ):
        assert corpora_of(clips, fold.train) == {known, TALK}
        assert corpora_of(clips, fold.test) == {unknown, TALK_DEV}
        assert len(fold.test) == len(clips.of(unknown)) + len(clips.of(TALK_DEV))


@pytest.mark.parametrize("protocol", RECIPE.protocols, ids=lambda protocol: protocol.key)
def test_talk_that_is_only_measured_is_never_trained_on(clips, protocol):
    measured = set(clips.speakers[clips.of(TALK_DEV)])
    for fold in protocol.folds(clips, 0):
        assert not measured & set(clips.speakers[fold.train])
        assert not measured & set(clips.speakers[fold.validation])
        assert not set(fold.train) & set(fold.test)
