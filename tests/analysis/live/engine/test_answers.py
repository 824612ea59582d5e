"""From a worker's answers to messages: what is sent to whom, and what is too old to be sent."""

from typing import Any

import pytest

from analysis.live import messages
from analysis.live.engine import answers
from analysis.live.engine.answers import LATE_READINGS, SPEECH_AGE_MS, AnswerMessages, Moment
from analysis.live.protocol import SHOWN_AGE_MS

NOW_MS = 1_764_000_000_000.0
READ = {"available": True, "reason": "", "label": "happy", "confidence": 0.9, "probabilities": {"happy": 0.9}}
HINTS = {"face": "one", "framing": "good", "light": "good", "sentence": "Face and light are good."}
GAZE = {"iris": [0.1, 0.2], "head": [0.0, 0.1], "openness": 0.3}
FRAME = {"faces": 1, "reads": {"facial_expression": READ}, "hints": HINTS, "gaze": GAZE}
SUMMARY = {"at_s": 5.0, "values": {}, "distributions": {}}


class Sent:
    """What candidate and recruiters were sent."""

    def __init__(self) -> None:
        self.candidate: list[messages.Message] = []
        self.recruiters: list[tuple[str, messages.Message]] = []
        self.busy: list[bool] = []
        self.answers = AnswerMessages(
            tell=self.candidate.append, publish=self._publish, on_busy=lambda: self.busy.append(self.answers.is_busy)
        )

    async def _publish(self, topic: str, message: messages.Message) -> None:
        self.recruiters.append((topic, message))


def moment(stage: Any = "call", *, age_ms: float = 100, frame: bool = True, in_call: bool | None = None) -> Moment:
    return Moment(
        stage=stage,
        in_call=stage == "call" if in_call is None else in_call,
        frame_sequence=7 if frame else None,
        frame_at_ms=NOW_MS - age_ms if frame else None,
        audio_sequence=40,
        versions={"facial_expression": "v1", "speech_emotion": "v2"},
    )


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    monkeypatch.setattr(answers, "now_ms", lambda: NOW_MS)
    return Sent()


async def test_in_the_call_a_frame_is_a_reading_for_the_recruiters_alone(sent: Sent):
    await sent.answers.send({"frame": FRAME}, moment())
    [(topic, reading)] = sent.recruiters
    assert topic == "frame"
    assert isinstance(reading, messages.NewReadings)
    assert (reading.sequence, reading.captured_ms, reading.age_ms, reading.faces) == (7, NOW_MS - 100, 100.0, 1)
    assert reading.modalities["facial_expression"].label == "happy"
    assert reading.models == {"facial_expression": "v1"}
    assert sent.candidate == []


async def test_before_the_call_the_candidate_gets_hints_and_nobody_a_reading(sent: Sent):
    await sent.answers.send({"frame": FRAME}, moment("check"))
    assert sent.candidate == [messages.Hints(7, **HINTS)]
    await sent.answers.send({"frame": {**FRAME, "hints": None}}, moment("waiting"))
    assert len(sent.candidate) == 1
    assert sent.recruiters == []


async def test_the_calibration_gets_samples_of_the_gaze(sent: Sent):
    await sent.answers.send({"frame": FRAME}, moment("calibration"))
    assert messages.CalibrationSample(7, **GAZE) in sent.candidate


async def test_a_frame_that_could_not_be_decoded_is_an_error_for_the_candidate(sent: Sent):
    await sent.answers.send({"error": "A frame could not be decoded."}, moment())
    assert sent.candidate == [messages.Error("bad_frame", "A frame could not be decoded.")]


async def test_speech_is_a_reading_of_its_own_with_the_end_of_its_window(sent: Sent):
    window = [round(NOW_MS) - 3000, round(NOW_MS) - 500]
    await sent.answers.send({"speech": [{**READ, "window": window}]}, moment(frame=False))
    [(topic, reading)] = sent.recruiters
    assert topic == "speech"
    assert isinstance(reading, messages.NewReadings)
    assert (reading.sequence, reading.age_ms, reading.faces) == (40, 500.0, None)
    assert reading.modalities["speech_emotion"].window == window
    assert reading.models == {"speech_emotion": "v2"}


async def test_a_late_reading_of_speech_still_enters_the_lane_until_it_is_too_old(sent: Sent):
    for age_ms in (SPEECH_AGE_MS - 1000, SPEECH_AGE_MS + 1000):
        window = [round(NOW_MS) - age_ms - 3000, round(NOW_MS) - age_ms]
        await sent.answers.send({"speech": [{**READ, "window": window}]}, moment(frame=False))
    assert [reading.age_ms for _, reading in sent.recruiters] == [SPEECH_AGE_MS - 1000]


async def test_the_summary_is_kept_for_recruiters_who_come_later(sent: Sent):
    await sent.answers.send({"metrics": SUMMARY}, moment("check", frame=False))
    assert sent.answers.summary is None
    await sent.answers.send({"metrics": SUMMARY}, moment(frame=False))
    assert sent.answers.summary is not None
    assert sent.recruiters == [("metrics", messages.SummaryChanged(sent.answers.summary))]


async def test_what_is_too_old_is_not_sent_and_many_of_them_mean_that_the_server_is_busy(sent: Sent):
    for _ in range(LATE_READINGS):
        assert not sent.answers.is_busy
        await sent.answers.send({"frame": FRAME}, moment(age_ms=SHOWN_AGE_MS + 1))
    assert sent.recruiters == []
    assert sent.busy == [True]
    await sent.answers.send({"frame": FRAME}, moment())
    assert sent.busy == [True, False]
    assert len(sent.recruiters) == 1
