"""The paper's Table 1 beside what the installed versions give, each figure with its protocol.

The figures are read from the stored evaluations; ``evaluate_model`` makes them again from the data.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ml.artifacts import WEIGHTS, installed
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.training import evaluation
from ml.training.evaluation import EvaluationRecord


@dataclass(frozen=True)
class PaperRow:
    """One column of the paper's Table 1: percentages, as printed there."""

    modality: str
    data: str
    paper: float
    state_of_the_art: float
    keys: tuple[str, ...]
    """EvaluationRecord measurements that stand beside it, in this order."""
    remark: str = ""


TABLE_1: Final = (
    PaperRow(
        FACIAL_EXPRESSION,
        "FER2013",
        74.78,
        76.82,
        ("fer2013_private", "fer2013_private_mirrored", "fer2013_private_deduplicated"),
    ),
    PaperRow(
        EYE_EMOTION,
        "DIU",
        72.76,
        77.54,
        ("diu_test", "fer2013_private_strips", "unseen_persons"),
        remark="The DIU set could not be had: what is measured on strips of other pictures is no DIU figure.",
    ),
    PaperRow(SPEECH_EMOTION, "RAVDESS", 89.45, 92.08, ("ravdess_speaker_independent", "ravdess_random_folds")),
)
PAPER_PROTOCOL: Final = "The paper tested on randomly sampled test data, several times, and averaged."


@dataclass(frozen=True)
class Line:
    """One figure of ours beside the paper's: shares in 0..1 with a 95 % interval, and what it was measured on."""

    modality: str
    data: str
    paper: float
    state_of_the_art: float
    version: str
    protocol: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    uar: float
    remark: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def lines(*, weights: Path = WEIGHTS) -> list[Line]:
    """Every stored figure that stands beside the paper's table, for all installed versions."""
    found = []
    for row in TABLE_1:
        for artifact in installed(weights=weights):
            manifest = artifact.manifest
            if manifest.modality != row.modality or not (artifact.folder / evaluation.FILE).is_file():
                continue
            measured = {m["key"]: m for m in EvaluationRecord.read(artifact.folder).measured}
            found += [_line(row, manifest.version, measured[key]) for key in row.keys if key in measured]
    return found


def _line(row: PaperRow, version: str, measured: dict[str, Any]) -> Line:
    low, high = measured["accuracy_interval"]
    return Line(
        modality=row.modality,
        data=row.data,
        paper=row.paper,
        state_of_the_art=row.state_of_the_art,
        version=version,
        protocol=measured["title"],
        n=measured["n"],
        accuracy=measured["accuracy"],
        interval=(low, high),
        uar=measured["uar"],
        remark=row.remark,
    )


def text(found: list[Line]) -> str:
    """The table for a terminal, in percent."""
    rows = [f"Table 1 of the paper, recognition rates in percent. {PAPER_PROTOCOL}", ""]
    for row in TABLE_1:
        rows.append(f"{row.data}: the paper {row.paper:.2f}, its reference {row.state_of_the_art:.2f}")
        if row.remark:
            rows.append(f"  {row.remark}")
        ours = [line for line in found if line.modality == row.modality]
        rows += [
            f"  {line.version:<12} {100 * line.accuracy:5.1f} ({100 * line.interval[0]:.1f} to "
            f"{100 * line.interval[1]:.1f}), UAR {100 * line.uar:.1f}, n {line.n}: {line.protocol}"
            for line in ours
        ] or ["  no version of ours has a stored evaluation"]
    return "\n".join(rows)
