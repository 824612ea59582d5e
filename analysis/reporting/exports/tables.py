"""The tables of an export: columns and rows. Each row of readings names its model version and coverage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.models import MetricKey
from analysis.reporting.exports.cells import csv_text
from analysis.reporting.page import WHAT_IT_MEASURES

Row = tuple[Any, ...]
MODEL_COLUMNS: Final = ("coverage", "model", "model_version", "model_sha256")


@dataclass(frozen=True, slots=True)
class Table:
    """A file of an export. ``rows`` can be read once."""

    columns: tuple[str, ...]
    rows: Iterable[Row]

    def text(self) -> str:
        return csv_text(self.columns, self.rows)


def tables_of(export: Mapping[str, Any]) -> dict[str, Table]:
    """The tables of an export by file name; those without content are left out."""
    found = {
        "questions.csv": Table(("at_s", "text"), ((row["at_s"], row["text"]) for row in export["questions"])),
    }
    analysis = export["analysis"]
    if analysis is not None:
        found["timelines.csv"] = timelines_table(analysis)
        found["shares.csv"] = Table(
            ("modality", "label", "share", "readings", "observed_s", "is_enough", *MODEL_COLUMNS), _shares(analysis)
        )
        found["metrics.csv"] = Table(
            ("metric", "value", "reason", "coverage", "definition", "what_it_measures"), _metrics(analysis)
        )
        found["evidence.csv"] = Table(
            ("metric", "start_s", "end_s", "kind", "text", "definition", "coverage"), _evidence(analysis)
        )
        if analysis["robustness"] is not None:
            found["robustness.csv"] = Table(
                ("corruption", "explanation", "kind", "key", "own", "corrupted", "moved", "label"),
                _robustness(analysis["robustness"]),
            )
    if export["notes"] is not None:
        found["notes.csv"] = Table(
            ("at_s", "end_s", "author", "written_at", "text", "answers"), _notes(export["notes"])
        )
    if export["ratings"] is not None:
        columns = ("criterion", "question", "person", "value", "lowest", "middle", "highest")
        rows = export["ratings"]["scores"]
        found["ratings.csv"] = Table(columns, (tuple(row[column] for column in columns) for row in rows))
    return found


def timelines_table(analysis: Mapping[str, Any]) -> Table:
    """Every reading and every gap of an analysis, one a row."""
    return Table(
        ("modality", "kind", "start_s", "end_s", "label", "confidence", "reason", *MODEL_COLUMNS), _timelines(analysis)
    )


def _model(result: Mapping[str, Any]) -> Row:
    model = result["model"] or {"name": "", "version": "", "sha256": ""}
    return (result["coverage"], model["name"], model["version"], model["sha256"])


def _timelines(analysis: Mapping[str, Any]) -> Iterator[Row]:
    for key, lane in analysis["timelines"].items():
        model = _model(analysis["modalities"][key])
        for start_s, end_s, label, confidence in lane["intervals"]:
            yield (key, "reading", start_s, end_s, label, confidence, "", *model)
        for start_s, end_s, reason in lane["gaps"]:
            yield (key, "gap", start_s, end_s, "", None, reason, *model)


def _shares(analysis: Mapping[str, Any]) -> Iterator[Row]:
    for key, result in analysis["modalities"].items():
        for label, share in result["shares"].items():
            read = (result["counts"].get(label, 0), result["observed_s"], result["enough"])
            yield (key, label, share, *read, *_model(result))


def _metrics(analysis: Mapping[str, Any]) -> Iterator[Row]:
    for key, metric in analysis["metrics"].items():
        read = (metric["value"], metric["reason"], metric["coverage"], metric["definition"])
        yield (key, *read, WHAT_IT_MEASURES[MetricKey(key)])


def _evidence(analysis: Mapping[str, Any]) -> Iterator[Row]:
    for key, metric in analysis["metrics"].items():
        for item in metric["evidence"]:
            found = (item["start_s"], item["end_s"], item["kind"], item["text"])
            yield (key, *found, metric["definition"], metric["coverage"])


def _robustness(robustness: Mapping[str, Any]) -> Iterator[Row]:
    """Each modality in three rows: total variation distance, the label whose share moves most, and coverage
    with the reason that takes most of what is not read any more."""
    for corruption in robustness["corruptions"]:
        begin = (corruption["name"], corruption["explanation"])
        for key, shift in corruption["modalities"].items():
            largest = shift["largest"] or {"label": "", "moved": None}
            gap = shift["largest_gap"] or {"reason": ""}
            yield (*begin, "distance", key, None, None, shift["distance"], "")
            yield (*begin, "largest_shift", key, None, None, largest["moved"], largest["label"])
            yield (*begin, "coverage", key, shift["own_coverage"], shift["coverage"], None, gap["reason"])
        for key, shift in corruption["metrics"].items():
            yield (*begin, "metric", key, shift["own"], shift["value"], shift["moved"], "")


def _notes(notes: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    for note in notes:
        yield (note["at_s"], note["end_s"], note["author"], note["created_at"], note["text"], "")
        for reply in note["replies"]:
            yield (note["at_s"], note["end_s"], reply["author"], reply["created_at"], reply["text"], note["text"])
