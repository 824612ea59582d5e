"""The paper's table beside ours."""

import json

from django.core.management import call_command

from ml import artifacts
from ml.training.commands import paper_table
from ml.training.evaluation import EvaluationRecord


def test_every_figure_is_the_stored_one():
    for line in paper_table.lines():
        folder = artifacts.find(line.modality, line.version).folder
        stored = next(m for m in EvaluationRecord.read(folder).measured if m["title"] == line.protocol)
        assert (line.accuracy, line.uar, line.n) == (stored["accuracy"], stored["uar"], stored["n"])


def test_speech_stands_under_both_protocols():
    protocols = [line.protocol for line in paper_table.lines() if line.modality == "speech_emotion"]
    assert any("speaker-independent" in protocol for protocol in protocols)
    assert any("random folds" in protocol for protocol in protocols)


def test_no_figure_of_ours_is_called_a_diu_figure():
    text = paper_table.text(paper_table.lines())
    assert "is no DIU figure" in text


def test_a_modality_without_an_evaluation_says_so():
    assert paper_table.text([]).count("no version of ours has a stored evaluation") == len(paper_table.TABLE_1)


def test_the_command_writes_json(capsys):
    call_command("reproduce_table", json="-")
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {row["paper"] for row in rows} == {74.78, 72.76, 89.45}
