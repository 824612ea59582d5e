"""Training batches: varied windows, and numbers under conditions."""

import numpy as np
import pytest

from ml.speech_emotion import functionals, voice_window
from ml.speech_emotion.compact import batches, frames, members
from ml.speech_emotion.compact.windows import Heard, HeardClips, PreparedWindows
from ml.speech_emotion.log_mel import FRAMES, MELS


def random_clips(count=20):
    """Frames of noise; numbers around 0 as recorded, around 10 under conditions."""
    random = np.random.default_rng(0)
    stored = random.normal(-60, 10, (count, frames.STORED, frames.COLUMNS))
    stored[..., MELS:] = [150, 0.9, -30]
    rows = voice_window.ROWS - voice_window.NUMBERS.start
    numbers = [random.normal(mean, 0.1, (count, rows, MELS, 1)).astype(np.float32) for mean in (0, 10)]
    plain, changed = (Heard(stored.astype(np.float16), rows) for rows in numbers)
    stems = tuple(str(n) for n in range(count))
    return HeardClips(
        plain, np.arange(count) % 8, np.ones(count, int), stems, dict.fromkeys(members.CONDITIONS, changed),
        np.tile(np.float32([1, -1]), (count, 1)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("member", "rows"),
    [
        (members.PICTURES, FRAMES),
        (members.CONTOURS, voice_window.PICTURE_AND_CONTOURS.stop),
        (members.NUMBERS, voice_window.NUMBERS.stop - voice_window.NUMBERS.start),
        (members.FAMILIAR, voice_window.PICTURE_AND_CONTOURS.stop),
    ],
)
def test_batches_repeat_for_the_same_epoch_and_carry_mixed_targets(member, rows):
    everyone = np.arange(150)
    made = member.batches(PreparedWindows(random_clips(150), everyone), everyone, 1)
    first, again, second = (list(made.epoch(number)) for number in (1, 1, 2))
    assert len(first) == made.steps == 150 // member.batch_size
    for (inputs, targets, weights), (inputs_again, _, _) in zip(first, again, strict=True):
        assert inputs.shape == (member.batch_size, rows, MELS, 1)
        assert inputs.dtype == targets.dtype == np.float32
        assert targets[:, :8].sum(axis=1) == pytest.approx(1)
        assert targets[:, :8].min() > 0
        if member is not members.NUMBERS:
            assert targets[:, 8:] == pytest.approx(np.tile([1, -1], (len(targets), 1)))
        assert weights is None
        assert np.array_equal(inputs, inputs_again)
    assert not np.array_equal(first[0][0], second[0][0])


def test_numbers_are_heard_under_conditions_in_their_share():
    clips = random_clips(640)
    made = members.NUMBERS.batches(PreparedWindows(clips, np.arange(640)), np.arange(640), 0)
    heard = np.concatenate([inputs.reshape(len(inputs), -1)[:, : functionals.COUNT] for inputs, _, _ in made.epoch(1)])
    assert heard.mean() == pytest.approx(10 * members.CHANGED, abs=0.6)


def test_only_the_chosen_clips_are_trained_on():
    clips = random_clips()
    clips.features.numbers[10:] = 1000
    clips.features.frames[10:] = np.nan
    prepared, chosen = PreparedWindows(clips, np.arange(10)), np.arange(10)
    numbers = batches.NumberBatches(
        clips, chosen, conditions=members.CONDITIONS, changed=0.2, mixing=0.3, smoothing=0.1, batch_size=5, seed=0
    )
    assert all(np.abs(inputs).max() < 20 for inputs, _, _ in numbers.epoch(1))
    varied = batches.VariedBatches(
        prepared.clips,
        chosen,
        with_contours=False,
        variation=members.VARIATION,
        mixing=0.2,
        smoothing=0.1,
        batch_size=5,
        seed=0,
    )
    # Whatever was made of one of the others would not be a number.
    assert all(np.isfinite(inputs).all() for inputs, _, _ in varied.epoch(1))
