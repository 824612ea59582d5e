"""A model card says what is stored, and nothing else."""

import dataclasses
import hashlib
import json

import numpy as np
import pytest

from ml import artifacts
from ml.artifacts import Manifest
from ml.training import card, package
from ml.training.checkpoint import EpochRecord
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, EvaluationRecord, EvaluationResult, Notes
from ml.training.metrics import scores

LABELS = ("happy", "sad")
CONTENT = b"content"


def render(manifest, record):
    return card.render(manifest, record, card.NETWORK)


@pytest.fixture
def record():
    truth = np.array([0, 0, 0, 1])
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]])
    result = EvaluationResult("test", "the test set", scores(truth, probabilities, LABELS), note="four pictures only")
    return EvaluationRecord.of(
        Evaluation(
            results=(result,),
            truth=truth,
            probabilities=probabilities,
            headline={"accuracy": 0.75},
            extra={},
            limits=("It is tiny.",),
        ),
        Notes(summary="A tiny network.", paper_claim="The paper claims much.", recipe=("Two epochs.",)),
        history=[EpochRecord(n, 1 / n, n / 5, 1.1 / n, n / 6, n / 6, 1e-3, 2.0) for n in (1, 2)],
        calibration={"temperature": 1.2, "ece_before": 0.123, "ece_after": 0.045},
    )


@pytest.fixture
def manifest():
    return Manifest(
        modality="facial_expression",
        name="Tiny",
        version="tiny-v1",
        file="model.tflite",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        kind="network",
        input={"description": "a face"},
        labels=LABELS,
        temperature=1.2,
        parameters=1234,
        data="four pictures",
        licence="free",
        protocol="by hand",
        figures={"accuracy": 0.75},
        created_at="2026-01-01T00:00:00+00:00",
    )


def test_card_contains_the_stored_figures(manifest, record):
    text = render(manifest, record)
    assert "| the test set | 4 | 75.0 % (30.1 % to 95.4 %) | 73.3 % | 83.3 % | 0.350 |" in text
    assert "four pictures only" in text
    assert "| 66.7 % | 100.0 % |" in text
    assert "0.123 before and 0.045 after" in text
    for line in ("A tiny network.", "The paper claims much.", "- It is tiny.", "- Two epochs."):
        assert line in text
    assert manifest.sha256 in text
    assert "1,234" in text


def test_card_follows_a_changed_figure(manifest, record):
    changed = dataclasses.replace(record, measured=({**record.measured[0], "accuracy": 0.123},))
    assert "12.3 %" in render(manifest, changed)


def test_speed_and_corruption_robustness_are_shown_where_they_were_measured(manifest, record):
    assert "Corruption robustness" not in render(manifest, record)
    row = {
        "condition": "darker", "n": 4, "accuracy": 0.5, "interval": [0.15, 0.85], "changed": 0.25, "moved": 0.2,
        "most": ["sad", 0.2],
    }  # fmt: skip
    tables = [{"title": "the test set", "rows": [row]}, {"title": "another set", "rows": [row | {"n": 9}]}]
    extra = {"speed": {"median_ms": 1.5, "p95_ms": 2.25, "n": 300}, "robustness": tables}
    text = render(manifest, dataclasses.replace(record, extra=extra))
    assert "| darker | 4 | 50.0 % (15.0 % to 85.0 %) | 25.0 % | 20.0 % | sad +20.0 |" in text
    assert "| another set | n |" in text
    assert "1.50 ms of processor time" in text


def test_recall_under_corruptions_is_shown_where_it_was_measured(manifest, record):
    row = {
        "condition": "telephone band", "n": 4, "accuracy": 0.5, "interval": [0.15, 0.85], "uar": 0.4, "changed": 0.25,
        "moved": 0.2, "most": ["sad", 0.2],
    }  # fmt: skip
    text = render(manifest, dataclasses.replace(record, extra={"robustness": [{"title": "a set", "rows": [row]}]}))
    assert "| a set | n | accuracy (95 % interval) | UAR | label changes | distribution shift | largest shift |" in text
    assert "| telephone band | 4 | 50.0 % (15.0 % to 85.0 %) | 40.0 % | 25.0 % | 20.0 % | sad +20.0 |" in text
    (head,) = (line for line in text.splitlines() if line.startswith("| a set |"))
    rule = text.splitlines()[text.splitlines().index(head) + 1]
    assert rule == "|---" * 7 + "|"


def test_further_tables_are_shown_with_their_words(manifest, record):
    assert "Ordinary talk" not in render(manifest, record)
    table = {"title": "Ordinary talk", "text": "Nobody acts.", "columns": ["read by", "calm"], "rows": [["us", "40 %"]]}
    text = render(manifest, dataclasses.replace(record, extra={"tables": [table]}))
    assert "## Ordinary talk\n\nNobody acts.\n\n| read by | calm |\n|---|---|\n| us | 40 % |\n" in text


def test_figures_measured_anew_replace_the_old_in_every_place(tmp_path, manifest, record):
    before = package.write(manifest, CONTENT, record, weights=tmp_path)
    truth, probabilities = np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]])
    anew = Evaluation(
        results=(EvaluationResult("test", "the test set", scores(truth, probabilities, LABELS)),),
        truth=truth,
        probabilities=probabilities,
        headline={"accuracy": 1.0},
        extra={"speed": {"median_ms": 1.5, "p95_ms": 2.25, "n": 300}},
        limits=("Two pictures.",),
    )
    after = package.renew(before, anew)
    artifacts.verify(after)
    assert after.manifest.figures == {"accuracy": 1.0}
    assert after.manifest.created_at == before.manifest.created_at
    renewed = EvaluationRecord.read(after.folder)
    assert renewed.measured[0]["n"] == 2
    assert renewed.history == record.history
    assert renewed.notes == record.notes | {"limits": ["Two pictures."]}
    assert (after.folder / card.FILE).read_text() == render(after.manifest, renewed)
    assert [path.name for path in (tmp_path / "facial_expression").iterdir()] == ["tiny-v1"]


def test_written_version_is_whole(tmp_path, manifest, record):
    artifact = package.write(manifest, CONTENT, record, weights=tmp_path)
    artifacts.verify(artifact)
    assert artifacts.find("facial_expression", weights=tmp_path) == artifact
    assert EvaluationRecord.read(artifact.folder) == record
    assert (artifact.folder / card.FILE).read_text() == render(manifest, record)
    pictures = list(artifact.folder.glob("*.png"))
    assert {p.name for p in pictures} == {"confusion.png", "reliability.png", "learning.png"}
    assert all(0 < p.stat().st_size < 80_000 for p in pictures)


def test_writing_again_replaces_and_keeps_the_default(tmp_path, manifest, record):
    package.write(manifest, CONTENT, record, weights=tmp_path)
    other = dataclasses.replace(manifest, version="tiny-v2")
    package.write(other, CONTENT, record, weights=tmp_path)
    again = package.write(dataclasses.replace(manifest, parameters=5), CONTENT, record, weights=tmp_path)
    assert again.manifest.parameters == 5
    assert artifacts.default_versions(weights=tmp_path) == {"facial_expression": "tiny-v1"}
    assert sorted(p.name for p in (tmp_path / "facial_expression").iterdir()) == ["tiny-v1", "tiny-v2"]


def test_too_large_a_file_is_refused_and_leaves_nothing(tmp_path, manifest, record):
    with pytest.raises(TrainingError, match="at most 12,582,912 can ship"):
        package.write(manifest, b"x" * (package.LARGEST_BYTES + 1), record, weights=tmp_path / "weights")
    assert list((tmp_path / "weights").glob("**/*")) == []


def test_shipped_cards_are_what_their_stored_figures_give():
    networks = [a for a in artifacts.installed() if a.manifest.kind == "network"]
    assert networks
    for artifact in networks:
        record = EvaluationRecord.read(artifact.folder)
        assert (artifact.folder / card.FILE).read_text() == render(artifact.manifest, record)


def test_shipped_headline_figures_are_the_stored_ones():
    for artifact in artifacts.installed():
        if artifact.manifest.kind == "network":
            stored_values = json.dumps([dataclasses.asdict(EvaluationRecord.read(artifact.folder))])
            for value in artifact.manifest.figures.values():
                assert f"{value}" in stored_values
