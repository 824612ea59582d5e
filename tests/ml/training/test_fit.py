"""Training, stopping and resuming, with TensorFlow."""

import numpy as np
import pytest

from ml.training import checkpoint, loop
from tests.ml.training.small_training import TwoMoons, train

pytestmark = [
    pytest.mark.training,
    # TensorFlow's and Keras' own, about their dependencies and about each other.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def test_training_in_two_goes_gives_what_one_go_gives(tmp_path):
    whole, history = train(tmp_path / "whole", 2)
    train(tmp_path / "parts", 1)
    parts, resumed = train(tmp_path / "parts", 2, resume=True)
    assert [r.epoch for r in resumed] == [1, 2]
    for one, other in zip(history, resumed, strict=True):
        assert (one.loss, one.validation_loss, one.learning_rate) == (
            other.loss,
            other.validation_loss,
            other.learning_rate,
        )
    for one, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_without_resume_training_starts_anew(tmp_path):
    train(tmp_path, 2)
    _, history = train(tmp_path, 1)
    assert len(history) == len(checkpoint.load_history(tmp_path)) == 1


def test_the_best_epoch_on_validation_is_kept(tmp_path):
    model, history = train(tmp_path, 5)
    checkpoint.load_best(tmp_path, model)
    points = TwoMoons()
    accuracy = (loop.predict(model, points.inputs).argmax(axis=1) == points.truth).mean()
    assert round(float(accuracy), 5) == max(r.validation_accuracy for r in history)


def test_a_killed_write_leaves_the_last_checkpoint(tmp_path, monkeypatch):
    model, _ = train(tmp_path, 1)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint.np, "savez", killed)
    with pytest.raises(KeyboardInterrupt):
        checkpoint.save_last(tmp_path, model, [])
    monkeypatch.undo()
    assert len(checkpoint.load_history(tmp_path)) == 1
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {checkpoint.BEST, checkpoint.LAST}
