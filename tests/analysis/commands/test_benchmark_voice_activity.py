"""The command that measures voice activity."""

import json

import pytest
from django.core.management import call_command

from ml.benchmarks.voice import flat_speech, missed_speech, narrow_band, voice_activity


def test_a_folder_without_ravdess_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("benchmark_voice_activity", data=tmp_path, verbosity=0)
    assert stopped.value.code == 2
    assert "labels.csv does not exist" in capsys.readouterr().err


def test_choices_reach_the_measurements_and_json_is_all_that_is_printed(tmp_path, capsys, monkeypatch):
    asked = {}
    for part in (voice_activity, flat_speech, narrow_band):

        def measure(data, part=part, **choices):
            asked[part] = choices | {"data": data}
            return {"half": "chosen on"}

        monkeypatch.setattr(part, "measure", measure)
    call_command("benchmark_voice_activity", data=tmp_path, chosen_on=True, clips=2, json="-", verbosity=0)
    printed = json.loads(capsys.readouterr().out)
    assert printed == {part: {"half": "chosen on"} for part in ("noise", "pitch", "bandwidth")}
    for choices in asked.values():
        assert choices["chosen_on"]
        assert choices["data"] == tmp_path
    noise = asked[voice_activity]
    assert (noise["clips_per_actor"], noise["sounds_each"]) == (2, voice_activity.SOUNDS_EACH)
    assert asked[flat_speech]["clips_each"] == 8
    assert asked[narrow_band]["speakers"] == 16


def test_only_the_parts_that_are_asked_for_run(tmp_path, capsys, monkeypatch):
    figures = {"nemo": {"clips": 3, "unread": ["one"]}}
    monkeypatch.setattr(missed_speech, "measure", lambda data, progress: figures)
    call_command("benchmark_voice_activity", data=tmp_path, parts=["unread"], verbosity=0)
    assert "nemo: 1 of 3 clips unread" in capsys.readouterr().out
