"""The command that measures voice activity."""

import json

import pytest
from django.core.management import call_command

from ml.speech_emotion import voice_benchmark


def test_a_folder_without_ravdess_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("benchmark_voice_activity", data=tmp_path, verbosity=0)
    assert stopped.value.code == 2
    assert "labels.csv does not exist" in capsys.readouterr().err


def test_choices_reach_the_measurement_and_json_is_all_that_is_printed(tmp_path, capsys, monkeypatch):
    asked = {}

    def measure(data, **choices):
        asked.update(choices, data=data)
        return {"half": "chosen on"}

    monkeypatch.setattr(voice_benchmark, "measure", measure)
    call_command("benchmark_voice_activity", data=tmp_path, chosen_on=True, clips=2, json="-", verbosity=0)
    assert json.loads(capsys.readouterr().out) == {"half": "chosen on"}
    assert asked["chosen_on"]
    assert (asked["clips_per_actor"], asked["sounds_each"]) == (2, voice_benchmark.SOUNDS_EACH)
    assert asked["data"] == tmp_path
