"""Figures as they are stored beside the weights (``evaluation.json``), the source of every card and picture."""

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
    """One measurement: a key for programs, a title for people, the scores, and a note on how to read them."""

    key: str
    title: str
    scores: Scores
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"key": self.key, "title": self.title, "note": self.note, **self.scores.to_json()}


@dataclass(frozen=True)
class Evaluation:
    """Everything that a card shows of how right a version's file is.

    ``measured`` with the headline first, to which ``truth`` (n,) and calibrated ``probabilities`` (n, labels) belong;
    ``headline`` the few figures of the manifest; ``extra`` further tables by name: ``robustness``
    (:mod:`ml.training.corruption_robustness`) and ``speed`` (:mod:`ml.training.latency`); ``limits`` sentences on what
    the figures do not say.
    """

    measured: tuple[EvaluationResult, ...]
    truth: Ints
    probabilities: Floats
    headline: dict[str, float]
    extra: dict[str, Any]
    limits: tuple[str, ...]


def curve(truth: Ints, probabilities: Floats) -> list[list[float]]:
    """The calibration curve of a measurement: for each bin its share of all, its confidence and its accuracy."""
    return [[round(value, 4) for value in row] for row in reliability(truth, probabilities)]


@dataclass(frozen=True)
class Notes:
    """The prose of a card: what it is, what the paper claims, and what limits it."""

    summary: str
    paper_claim: str
    limits: tuple[str, ...]
    recipe: tuple[str, ...]


@dataclass(frozen=True)
class EvaluationRecord:
    """Everything measured for one version. The first measurement is the headline, the one of the confusion picture."""

    measured: tuple[dict[str, Any], ...]
    history: tuple[dict[str, Any], ...]
    reliability: tuple[tuple[float, float, float], ...]
    calibration: dict[str, Any]
    notes: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "EvaluationRecord":
        """Raises ``OSError`` or ``ValueError`` when the file is missing or not ours."""
        data = json.loads((folder / FILE).read_text())
        return cls(
            measured=tuple(data["measured"]),
            history=tuple(data["history"]),
            reliability=tuple(tuple(row) for row in data["reliability"]),
            calibration=data["calibration"],
            notes=data["notes"],
            extra=data["extra"],
        )


def stored(
    *,
    measured: Sequence[EvaluationResult],
    history: Sequence[EpochRecord],
    truth: Ints,
    probabilities: Floats,
    calibration: dict[str, Any],
    notes: Notes,
    extra: dict[str, Any] | None = None,
) -> EvaluationRecord:
    """Collect what was measured; ``truth`` and calibrated ``probabilities`` belong to the headline measurement."""
    return EvaluationRecord(
        measured=tuple(m.to_json() for m in measured),
        history=tuple(asdict(record) for record in history),
        reliability=_rounded_curve(truth, probabilities),
        calibration=calibration,
        notes={name: list(value) if isinstance(value, tuple) else value for name, value in asdict(notes).items()},
        extra=extra or {},
    )


def renewed(before: EvaluationRecord, figures: Evaluation) -> EvaluationRecord:
    """What is stored, with its figures measured anew; how it was trained stays."""
    return replace(
        before,
        measured=tuple(m.to_json() for m in figures.measured),
        reliability=_rounded_curve(figures.truth, figures.probabilities),
        notes=before.notes | {"limits": list(figures.limits)},
        extra=before.extra | figures.extra,
    )


def _rounded_curve(truth: Ints, probabilities: Floats) -> tuple[tuple[float, float, float], ...]:
    return tuple(
        (round(share, 4), round(confidence, 4), round(accuracy, 4))
        for share, confidence, accuracy in reliability(truth, probabilities)
    )
