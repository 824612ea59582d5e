"""Evaluation results as they are stored beside the weights (``evaluation.json``), the source of every card and plot."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from ml.training.checkpoint import EpochRecord
from ml.training.metrics import Floats, Ints, Scores, reliability

FILE: Final = "evaluation.json"


@dataclass(frozen=True)
class EvaluationResult:
    """The scores on one set: ``key`` for programs, ``title`` for people, ``note`` on how to read them."""

    key: str
    title: str
    scores: Scores
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "title": self.title, "note": self.note, **self.scores.to_json()}


@dataclass(frozen=True)
class Evaluation:
    """All results of a version's file, as its card shows them.

    ``results`` begin with the headline result, to which ``truth`` (n,) and the calibrated ``probabilities`` (n, labels)
    belong. ``headline`` holds the manifest's figures. ``extra`` holds further tables by name: ``robustness``
    (:mod:`ml.training.corruption_robustness`), ``speed`` (:mod:`ml.training.latency`) and ``tables``
    (:func:`ml.training.card.tables`). ``limits`` are sentences on what the results do not cover.
    """

    results: tuple[EvaluationResult, ...]
    truth: Ints
    probabilities: Floats
    headline: dict[str, Any]
    extra: dict[str, Any]
    limits: tuple[str, ...]


@dataclass(frozen=True)
class Notes:
    """The prose of a card that does not depend on results: what the version is, what the paper claims, how it was
    trained."""

    summary: str
    paper_claim: str
    recipe: tuple[str, ...]


@dataclass(frozen=True)
class EvaluationRecord:
    """An evaluation as plain data, with the course of training. The keys are those of ``evaluation.json``, of the
    registry's rows and of the API.

    ``measured`` are the results, the headline first; ``reliability`` is its calibration curve; ``history`` has one row
    per epoch; ``calibration`` holds the temperature and the calibration errors on validation.
    """

    measured: tuple[dict[str, Any], ...]
    history: tuple[dict[str, Any], ...]
    reliability: tuple[tuple[float, float, float], ...]
    calibration: dict[str, Any]
    notes: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls, evaluation: Evaluation, notes: Notes, *, history: Sequence[EpochRecord], calibration: dict[str, Any]
    ) -> "EvaluationRecord":
        return cls(
            measured=tuple(result.to_json() for result in evaluation.results),
            history=tuple(asdict(epoch) for epoch in history),
            reliability=_rounded_curve(evaluation.truth, evaluation.probabilities),
            calibration=calibration,
            notes={
                "summary": notes.summary,
                "paper_claim": notes.paper_claim,
                "limits": list(evaluation.limits),
                "recipe": list(notes.recipe),
            },
            extra=evaluation.extra,
        )

    def renewed(self, evaluation: Evaluation) -> "EvaluationRecord":
        """The same training with new results of its file."""
        return replace(
            self,
            measured=tuple(result.to_json() for result in evaluation.results),
            reliability=_rounded_curve(evaluation.truth, evaluation.probabilities),
            notes=self.notes | {"limits": list(evaluation.limits)},
            extra=self.extra | evaluation.extra,
        )

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "EvaluationRecord":
        """Raises ``OSError``, ``KeyError`` or ``ValueError`` when the file is missing or has another form."""
        data = json.loads((folder / FILE).read_text())
        return cls(
            measured=tuple(data["measured"]),
            history=tuple(data["history"]),
            reliability=tuple(tuple(row) for row in data["reliability"]),
            calibration=data["calibration"],
            notes=data["notes"],
            extra=data["extra"],
        )


def curve(truth: Ints, probabilities: Floats) -> list[list[float]]:
    """The calibration curve: for each bin of confidence its share of all samples, mean confidence and accuracy."""
    return [list(row) for row in _rounded_curve(truth, probabilities)]


def _rounded_curve(truth: Ints, probabilities: Floats) -> tuple[tuple[float, float, float], ...]:
    return tuple(
        (round(share, 4), round(confidence, 4), round(accuracy, 4))
        for share, confidence, accuracy in reliability(truth, probabilities)
    )
