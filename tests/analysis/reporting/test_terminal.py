"""The report in a terminal: every part of the JSON has its line, and nothing is wider than the terminal."""

from typing import Any

import pytest

from analysis.reporting.terminal import WIDTH, report_text

MODEL = {"name": "Compact network", "version": "compact-v1", "sha256": "ab" * 32}
PERSON = {"kind": "person", "first_s": 0.0, "last_s": 9.5, "at_s": 3.5, "box": [0.1, 0.2, 0.3, 0.4]}


@pytest.fixture
def report() -> dict[str, Any]:
    return {
        "recording": {"duration_s": 60.0, "width": 640, "height": 480, "fps": 25.0, "has_audio": False},
        "timing": {"wall_s": 15.0, "realtime_factor": 4.0},
        "left_out": [{"names": ["Eye gaze", "Attentiveness"], "title": "A rule " * 12, "source": "A law."}],
        "notes": ["A sentence about the file. " * 8],
        "people": [{**PERSON, "is_candidate": True}, {**PERSON, "kind": "still_picture", "is_candidate": False}],
        "modalities": {
            "facial_expression": {
                "available": True,
                "observed_s": 6.0,
                "coverage": 0.1,
                "enough": False,
                "reason": "The face was turned away.",
                "shares": {"happy": 0.25, "neutral": 0.75, "sad": 0.0},
                "counts": {"happy": 1, "neutral": 3, "sad": 0, "unknown": 2},
                "gaps_s": {"too_dark": 1.0},
                "model": MODEL,
            },
            "speech_emotion": {"available": False, "reason": "No sound.", "gaps_s": {}, "model": None},
        },
        "metrics": {
            "attentiveness": {
                "value": 0.5,
                "definition": "v1",
                "coverage": 0.9,
                "reason": "",
                "evidence": [{"start_s": 1.0, "end_s": 3.0, "text": "looked away"}],
            },
            "confidence": {"value": None, "definition": "v1", "coverage": None, "reason": "no speech", "evidence": []},
        },
        "statement": "These numbers describe one recording. " * 6,
    }


def test_every_part_has_its_line_within_the_width(report):
    lines = report_text(report).splitlines()
    assert max(map(len, lines)) <= WIDTH
    text = "\n".join(lines)
    for words in (
        "60.0 s, 640 x 480, 25.00 frames/s, without an audio track",
        "4.0 times as fast as it plays",
        "at 3.5,0.1,0.2,0.3,0.4  read as the candidate",
        "Facial expression: 6.0 s observed, 10% of the recording",
        "Too little was observed",
        "Not read: too dark 1.0 s",
        "model Compact network compact-v1, sha256 abababababab",
        "Speech emotion: not measured",
        "Attentiveness: 0.50 (definition v1, coverage 90%)",
        "1.0 -     3.0 s  looked away",
        "Confidence: - (definition v1)",
    ):
        assert words in text


def test_labels_stand_in_the_order_of_their_shares_without_those_never_seen(report):
    lines = report_text(report).splitlines()
    labels = [line.split()[0] for line in lines if line.endswith(("%       3", "%       1"))]
    assert labels == ["neutral", "happy"]


def test_a_transcript_shows_what_was_not_readable_and_why_there_is_none(report):
    sentences = [
        {"start_s": 0.5, "end_s": 2.0, "text": "Good morning. " * 20, "reason": ""},
        {"start_s": 2.5, "end_s": 4.0, "text": "", "reason": "not readable"},
    ]
    report["transcript"] = {"sentences": sentences, "reason": "", "model": MODEL}
    text = report_text(report)
    assert "Transcript: 2 sentences" in text
    assert "2.5 -     4.0 s  (not readable)" in text
    assert max(map(len, text.splitlines())) <= WIDTH
    report["transcript"] = {"sentences": [], "reason": "Another language is spoken.", "model": None}
    assert "Transcript: none\n  Another language is spoken." in report_text(report)
