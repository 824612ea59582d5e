"""The worker program without its recognisers: requests, answers, and what goes into the journal."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from analysis.live.engine import journaled_session, pipes
from analysis.live.engine.worker import RequestHandler
from analysis.readings.journal import lines
from analysis.reasons import NARROW_BAND
from ml.live.jpeg import InvalidFrame
from ml.live.reading import MUSICAL, FrameReadings, Reading
from ml.modalities import EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.timeline import Observation

START_S = 1_764_000_000.0


class FakeAnalyzer:
    """Finds one face, and speech in every second chunk of sound."""

    made: "list[FakeAnalyzer]" = []

    def __init__(self, recognizers: Any, calibration: Any, *, corrects_prior: bool) -> None:
        self.problems = {SPEECH_EMOTION: "The microphone is broken."}
        self.calibrations = [calibration]
        self.frames: list[tuple[bytes, float, bool]] = []
        self.chunks: list[tuple[bytes, int, float]] = []
        self.narrow_band = True
        self.made.append(self)

    def calibrate(self, calibration: Any) -> None:
        self.calibrations.append(calibration)

    def analyze_frame(self, jpeg: bytes, at_s: float, *, assess_quality: bool) -> FrameReadings:
        self.frames.append((jpeg, at_s, assess_quality))
        if jpeg == b"broken":
            raise InvalidFrame("A frame could not be decoded.")
        gaze: Any = SimpleNamespace(iris=(0.123456, 0.2), head=(0.0, 0.1), openness=0.3)
        readings = {
            FACIAL_EXPRESSION: Reading("happy", 0.91234, {"happy": 0.91234}),
            EYE_GAZE: Reading(None, reason="."),
        }
        return FrameReadings(1, readings, gaze, None)

    def analyze_audio(self, pcm: bytes, rate_hz: int, at_s: float) -> list[Observation]:
        self.chunks.append((pcm, rate_hz, at_s))
        return [Observation(at_s, at_s + 1, "calm", 0.7)] if len(self.chunks) % 2 else []

    def speech_reading(self, observation: Observation, reason: str) -> Reading:
        return Reading(observation.label, observation.confidence, {}, reason)

    def take_musical(self) -> list[tuple[float, float]]:
        return [(START_S - 5, START_S - 4)]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., pipes.Head]:
    """``ask("work", body=..., ...)``: the answer of a handler to a request of session s."""
    monkeypatch.setattr(FakeAnalyzer, "made", [])
    monkeypatch.setattr(journaled_session, "LiveAnalyzer", FakeAnalyzer)
    handler = RequestHandler()
    cache = SimpleNamespace(load=lambda folders, modalities: SimpleNamespace(versions={FACIAL_EXPRESSION: "v1"}))
    monkeypatch.setattr(handler, "_recognizers", cache)

    def request(do: str, *, body: bytes = b"", **fields: Any) -> pipes.Head:
        return handler.handle({"id": 1, "session": "s", "do": do, **fields}, body)

    return request


def moment(*, keep: bool = True, gaze: bool = False, frame: bool = True, audio: Any = ()) -> pipes.Head:
    at_ms = START_S * 1000
    return {
        "keep": keep,
        "hints": False,
        "gaze": gaze,
        "audio": list(audio),
        "frame": {"at_ms": at_ms} if frame else None,
    }


def piece(size: int, *, after_s: float = 0.0) -> pipes.Head:
    return {"at_ms": (START_S + after_s) * 1000, "rate_hz": 16_000, "bytes": size}


def test_an_opened_session_names_its_versions_and_problems(ask):
    opened = ask("open", journal=False)
    assert opened == {
        "id": 1,
        "versions": {FACIAL_EXPRESSION: "v1"},
        "problems": {SPEECH_EMOTION: "The microphone is broken."},
    }


def test_a_frame_is_answered_with_rounded_readings(ask):
    ask("open", journal=True)
    frame = ask("work", body=b"jpeg", **moment(gaze=True))["frame"]
    assert frame["faces"] == 1
    assert frame["reads"][FACIAL_EXPRESSION] == {
        **{"available": True, "reason": "", "label": "happy", "confidence": 0.9123},
        "probabilities": {"happy": 0.9123},
    }
    assert frame["reads"][EYE_GAZE]["available"] is False
    assert frame["gaze"] == {"iris": [0.12346, 0.2], "head": [0.0, 0.1], "openness": 0.3}
    assert "gaze" not in ask("work", body=b"jpeg", **moment())["frame"]


def test_the_body_is_cut_into_sound_and_frame(ask):
    ask("open", journal=True)
    ask("work", body=b"aabbbbjpeg", **moment(audio=[piece(2), piece(4, after_s=1)]))
    [analyzer] = FakeAnalyzer.made
    assert analyzer.chunks == [(b"aa", 16_000, START_S), (b"bbbb", 16_000, START_S + 1)]
    assert analyzer.frames == [(b"jpeg", START_S, False)]


def test_speech_and_music_are_told_in_the_order_of_time_with_a_notice_on_narrow_sound(ask):
    ask("open", journal=True)
    musical, speech = ask("work", body=b"aa", **moment(frame=False, audio=[piece(2)]))["speech"]
    assert (musical["label"], musical["reason"]) == (None, MUSICAL)
    assert (speech["label"], speech["reason"]) == ("calm", NARROW_BAND)
    assert speech["window"] == [START_S * 1000, START_S * 1000 + 1000]


def test_before_the_call_nothing_is_kept(ask):
    ask("open", journal=True)
    answer = ask("work", body=b"aajpeg", **moment(keep=False, audio=[piece(2)]))
    assert "metrics" not in answer
    assert "journal" not in answer


def test_what_is_kept_is_in_the_journal_when_the_session_is_closed(ask):
    ask("open", journal=True, started_ms=START_S * 1000)
    answers = [ask("work", body=b"aajpeg", **moment(audio=[piece(2)])), ask("close")]
    text = "".join(answer.pop("journal") for answer in answers)
    assert answers[-1] == {"id": 1}
    assert {(modality, label) for modality, _, _, label, _ in lines(text)} == {
        (FACIAL_EXPRESSION, "happy"),
        (SPEECH_EMOTION, "calm"),
    }


def test_the_summary_comes_at_once_then_rarely_and_anew_after_a_change(ask):
    ask("open", journal=True, started_ms=(time.time() - 10) * 1000)
    assert ask("work", body=b"jpeg", **moment())["metrics"]["at_s"] == pytest.approx(10, abs=2)
    assert ask("work", body=b"jpeg", **moment())["metrics"] is None
    ask("set", calibration={"features": 1})
    assert ask("work", body=b"jpeg", **moment())["metrics"] is not None
    assert FakeAnalyzer.made[0].calibrations == [None, {"features": 1}]


def test_a_frame_that_cannot_be_decoded_is_an_error_and_is_not_kept(ask):
    ask("open", journal=True)
    answer = ask("work", body=b"broken", **moment())
    assert answer["error"] == "A frame could not be decoded."
    assert "frame" not in answer
    assert "journal" not in answer


@pytest.mark.parametrize("request_", [{"do": "work"}, {"do": "dance"}, {"do": "set", "session": "nobody"}])
def test_a_request_that_fails_is_answered_with_a_sentence(ask, request_):
    answer = ask(**{"session": "s", **request_})
    assert answer == {"id": 1, "error": "The analysis of this moment failed because of an internal error."}


def test_opening_a_session_again_closes_the_one_before(ask):
    ask("open", journal=True)
    earlier = ask("work", body=b"jpeg", **moment())["journal"]
    earlier += ask("open", journal=True, body=earlier.encode())["journal"]
    assert len(FakeAnalyzer.made) == 2
    assert [label for _, _, _, label, _ in lines(earlier)] == ["happy"]


def test_the_summary_has_the_metrics_that_are_allowed(ask):
    ask("open", journal=True, started_ms=(time.time() - 10) * 1000, metrics=["attentiveness"])
    assert list(ask("work", body=b"jpeg", **moment())["metrics"]["values"]) == ["attentiveness"]
    ask("set", metrics=[])
    assert ask("work", body=b"jpeg", **moment())["metrics"]["values"] == {}
