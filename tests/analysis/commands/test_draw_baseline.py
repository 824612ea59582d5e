"""The picture of what a person's baseline changes."""

import pytest
from django.core.management import call_command

from analysis.management.commands import draw_baseline
from analysis.pipeline import MediaError, ModalityAnalysis, ModelRef, RecordingAnalysis
from ml import artifacts
from ml.modalities import FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.timeline import Observation, Timeline


def analysis() -> RecordingAnalysis:
    """Ten seconds of a face that rests as if it were sad, and a silent voice."""
    manifest = artifacts.find(FACIAL_EXPRESSION).manifest
    rest = tuple(0.4 if label == "sad" else 0.3 if label == "neutral" else 0.06 for label in manifest.labels)
    face = Timeline(
        FACIAL_EXPRESSION,
        manifest.labels,
        tuple(Observation(i / 2, (i + 1) / 2, "sad", 0.4, rest) for i in range(20)),
    )
    model = ModelRef(manifest.name, manifest.version, manifest.sha256)
    return RecordingAnalysis(
        info=None,
        sha256=None,
        modalities={
            FACIAL_EXPRESSION: ModalityAnalysis(face, True, "", model),
            SPEECH_EMOTION: ModalityAnalysis(Timeline(SPEECH_EMOTION, ("calm",)), False, "Silent.", None),
        },
        timing={},
        faces={},
    )


def test_before_and_after_are_drawn_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(draw_baseline, "analyze_recording", lambda path, options: analysis())
    picture = tmp_path / "baseline.png"
    call_command("draw_baseline", "interview.mp4", output=picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    said = capsys.readouterr().out
    assert "facial_expression: calm 0.0 to 8.0 s" in said
    assert "sad 100% -> 0%" in said or "neutral 0% -> 100%" in said
    assert "speech_emotion: Nothing was read here." in said


def test_a_file_that_is_no_recording_is_a_sentence(tmp_path, monkeypatch, capsys):
    def unreadable(path, options):
        raise MediaError("unreadable", "This is not a video.")

    monkeypatch.setattr(draw_baseline, "analyze_recording", unreadable)
    with pytest.raises(SystemExit):
        call_command("draw_baseline", "notes.txt", output=tmp_path / "baseline.png")
    assert "notes.txt: This is not a video." in capsys.readouterr().err
