"""Schedules and the choice of an epoch; nothing here needs TensorFlow."""

import pytest

from ml.training import loop, schedules
from ml.training.checkpoint import EpochRecord


def history(*accuracies):
    return [EpochRecord(n, 1.0, 0.5, 1.0, a, 1 - a, 1e-3, 1.0) for n, a in enumerate(accuracies, start=1)]


def rates(schedule, epochs):
    return [schedule(history(*[0.5] * done)) for done in range(epochs)]


def test_halving_holds_and_then_falls():
    schedule = schedules.halving(1.0, hold=2, every=3, floor=0.2)
    assert rates(schedule, 9) == [1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2]


def test_cosine_warms_up_and_ends_at_the_floor():
    values = rates(schedules.cosine(1.0, 5, floor=0.1), 7)
    assert values[0] == pytest.approx(0.2)
    assert values[1] == pytest.approx(1.0)
    assert values[3] == pytest.approx(0.55)
    assert values[5:] == pytest.approx([0.1, 0.1])


def test_a_second_stage_starts_anew():
    schedule = schedules.in_stages(schedules.cosine(1.0, 3, floor=0.1), 3, schedules.halving(0.5, hold=1, every=1))
    assert rates(schedule, 6) == pytest.approx([0.2, 1.0, 0.55, 0.5, 0.25, 0.125])


def test_batches_change_with_the_stage():
    class Named:
        steps = 1

        def __init__(self, name):
            self.name = name

        def epoch(self, number):
            yield self.name, number, None

    batches = loop.BatchesInStages(Named("wide"), 2, Named("fine"))
    assert [next(batches.epoch(number))[:2] for number in (1, 2, 3)] == [("wide", 1), ("wide", 2), ("fine", 3)]
    assert batches.steps == 1


def test_constant_stays():
    assert rates(schedules.constant(0.3), 3) == [0.3, 0.3, 0.3]


def test_the_best_epoch_is_the_first_of_the_best():
    assert loop.best_epoch(history(0.3, 0.6, 0.6, 0.5)).epoch == 2
    assert loop.best_epoch(history(0.3, 0.6, 0.5), loop.by_uar).epoch == 1
