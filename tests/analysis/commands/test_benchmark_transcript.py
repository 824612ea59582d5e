"""The command that measures the transcript."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import call_command

from ml.benchmarks import transcript
from ml.transcript.transcriber import Recognition
from tests.factories.media import make_text_file


def test_something_has_to_be_measured(capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("benchmark_transcript", verbosity=0)
    assert stopped.value.code == 2
    assert "Name a recording" in capsys.readouterr().err


def test_a_folder_without_the_corpora_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("benchmark_transcript", data=tmp_path, verbosity=0)
    assert stopped.value.code == 2
    assert "ordinary_talk" in capsys.readouterr().err


def test_what_is_no_recording_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("benchmark_transcript", make_text_file(tmp_path / "letter.mp4"), verbosity=0)
    assert stopped.value.code == 2
    assert "not a video recording" in capsys.readouterr().err


def test_groups_are_counted(monkeypatch, tmp_path, capsys):
    quiet = np.zeros(16_000, np.float32)
    items = [
        transcript.Item("talk", "english", lambda: quiet),
        transcript.Item("talk", "english", lambda: quiet),
        transcript.Item("polish", "foreign", lambda: quiet),
    ]
    recognitions = iter(
        [Recognition(speech_s=10.0, readable_s=10.0), Recognition(speech_s=10.0), Recognition(speech_s=4.0)]
    )
    monkeypatch.setattr(transcript, "recordings", lambda data, **choices: items)
    monkeypatch.setattr(transcript, "Whisper", lambda threads: SimpleNamespace())
    monkeypatch.setattr(transcript, "recognize", lambda chunks, whisper: next(recognitions))
    call_command("benchmark_transcript", data=tmp_path, json="-", verbosity=0)
    figures = json.loads(capsys.readouterr().out)["guard"]
    assert figures["groups"]["talk"]["transcripts"] == 1
    assert figures["kinds"]["all foreign"]["transcripts"] == 0
    assert "talk" in transcript.text({"guard": figures})
