"""Evaluations and descriptions as text for a terminal."""

import numpy as np

from ml.training.commands.report import description_text, evaluation_text
from ml.training.evaluation import EvaluationResult
from ml.training.metrics import scores

TRUTH = np.array([0, 0, 0, 1])
PROBABILITIES = np.array([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.3, 0.7, 0], [0.4, 0.6, 0]])


def result(title="the test set", note=""):
    found = EvaluationResult("test", title, scores(TRUTH, PROBABILITIES, ("happy", "sad", "calm")), note)
    return found.to_json() | {"modality": "facial_expression", "version": "tiny-v1"}


def test_an_evaluation_shows_its_scores_recalls_and_confusion():
    lines = evaluation_text(result()).splitlines()
    assert lines[0] == "facial_expression tiny-v1: the test set"
    assert "  n 4" in lines
    assert "  accuracy 75.0 % (95 % interval 30.1 % to 95.4 %)" in lines
    assert "  UAR 83.3 %" in lines
    assert "  recall happy       66.7 %" in lines
    assert "  recall calm        none in the set" in lines
    assert lines[-3:] == [
        "  happy       2      1      0",
        "    sad       0      1      0",
        "   calm       0      0      0",
    ]
    assert "note" not in evaluation_text(result())


def test_notes_and_further_sets_are_shown():
    further = {"deduplicated": result("without duplicates", "three left out"), "majority": result("guessing")}
    text = evaluation_text(result(note="chosen on it") | further)
    assert "  note: chosen on it\nwithout duplicates\n  n 4" in text
    assert "  note: three left out\nguessing\n  n 4" in text


def test_a_description_names_the_version_its_file_and_its_figures():
    manifest = {
        "name": "Tiny", "modality": "facial_expression", "version": "tiny-v1", "is_default": True, "kind": "network",
        "parameters": 12345, "input": {"description": "a face"}, "labels": ["happy", "sad"], "temperature": 1.2,
        "file": "model.tflite", "bytes": 9876, "sha256": "abc", "data": "four pictures", "licence": "free",
        "protocol": "by hand", "created_at": "2026-01-01", "figures": {"accuracy": 0.75},
    }  # fmt: skip
    lines = description_text(manifest).splitlines()
    assert lines[0] == "Tiny: facial_expression tiny-v1, the default version"
    assert "  parameters  12,345" in lines
    assert "  file        model.tflite (9,876 bytes)" in lines
    assert lines[-1] == "  figure      accuracy = 0.75"
    assert "default" not in description_text(manifest | {"is_default": False})
