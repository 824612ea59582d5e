"""What a training tells of its progress."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.training import events
from ml.training.events import Epoch


def test_an_event_is_read_as_it_was_told(capsys):
    event = Epoch("speech_emotion speaker seed 0 fold 1/5, member 2/2", 3, 10, 2, 72)
    events.tell(event)
    assert events.read(capsys.readouterr().err.strip()) == event


def test_the_share_runs_from_the_first_epoch_of_the_first_training_to_the_last_of_the_last():
    shares = [Epoch("t", epoch, 2, part, 3).share for part in (1, 2, 3) for epoch in (1, 2)]
    assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0])


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": 0}, {"epoch": 11}, {"part": 5}, {"parts": 0}, {"epoch": True}, {"epochs": "10"}, {"title": 3},
        {"event": "x"}, {"parts": 10**9},
    ],
)  # fmt: skip
def test_an_event_that_makes_no_sense_is_none(change):
    told = {"event": "training_epoch", "title": "t", "epoch": 5, "epochs": 10, "part": 3, "parts": 4} | change
    assert events.read(json.dumps(told)) is None


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_other_line_is_none(line):
    assert events.read(line) is None
