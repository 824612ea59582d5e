"""What a version takes over from the one that it judges together with."""

import numpy as np
import pytest

from ml.speech_emotion import protocols
from ml.speech_emotion.partner import Partner
from ml.training.errors import TrainingError

FOLD = "speaker-seed0-fold0"


@pytest.fixture
def partner():
    return Partner("compact-v1", build=lambda: pytest.fail("nothing is built for predictions"), weight=0.25)


def write_fold(room, **arrays):
    folder = room / "compact-v1" / FOLD
    folder.mkdir(parents=True)
    np.savez(folder / protocols.PREDICTIONS, **arrays)


def test_both_are_averaged_where_both_predicted(tmp_path, partner):
    write_fold(tmp_path, test=np.full((2, 8), 1 / 8), test_index=[4, 5], validation_index=[6])
    found = partner.predictions(tmp_path, FOLD, {"test_index": np.array([4, 5])})
    row = np.array([0.79, *[0.03] * 7])
    own = {"test": np.tile(row, (2, 1)), "changed telephone": np.tile(row, (2, 1))}
    both = partner.mean(own, found)
    assert set(both) == {"test"}
    assert both["test"][0] == pytest.approx(row**0.75 / np.sum(row**0.75), abs=1e-4)


def test_a_partner_that_was_not_trained_is_named_with_what_to_do(tmp_path, partner):
    with pytest.raises(TrainingError, match=r"network, but .* has no predictions in .*: train compact-v1 with"):
        partner.predictions(tmp_path, FOLD, {})
    with pytest.raises(TrainingError, match=r"all-actors has no checkpoint: train compact-v1 with the same --work"):
        partner.together(None, tmp_path)


def test_predictions_for_other_clips_are_not_taken(tmp_path, partner):
    write_fold(tmp_path, test=np.full((2, 8), 1 / 8), test_index=[4, 5])
    with pytest.raises(TrainingError, match="was predicted for other clips"):
        partner.predictions(tmp_path, FOLD, {"test_index": np.array([4, 6])})
