"""A report as pages for a committee, as HTML for paper and as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from analysis.models import MetricKey, Modality
from analysis.reporting.answers import answers_of
from analysis.reporting.exports import drawing
from analysis.reporting.page import OBSERVED_WORDS, WHAT_IT_MEASURES
from interviews.errors import Refusal

STYLES: Final = ("css/tokens.css", "css/paper.css")
NEEDS_LIBRARIES: Final = (
    "PDF needs Pango, which is not installed on this server. Its administrator installs it with "
    "“apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0” (Debian, Ubuntu) or “brew install pango” "
    "(macOS) and starts Candor again. The other exports do not need it."
)


class PdfUnavailable(Refusal):
    """PDF cannot be made here; the sentence says what to install."""

    def __init__(self) -> None:
        super().__init__("pdf_unavailable", NEEDS_LIBRARIES, 503)


def paper_context(export: Mapping[str, Any]) -> dict[str, Any]:
    """What the template of the paper prints, from an export with timelines."""
    analysis = export["analysis"]
    lanes = analysis["timelines"] if analysis else {}
    duration_s = export["recording"]["duration_s"] if export["recording"] else 0.0
    sentences = export["transcript"]["sentences"] if export["transcript"] else []
    answers = answers_of(questions=export["questions"], duration_s=duration_s, lanes=lanes, sentences=sentences)
    for answer in answers:
        answer["drawn"] = [_drawn(key, result) for key, result in answer["modalities"].items()]
        answer["notes"] = [
            note
            for note in export["notes"] or ()
            if note["at_s"] is not None and answer["start_s"] <= note["at_s"] < answer["end_s"]
        ]
    return {
        "export": export,
        "added_at": datetime.fromisoformat(export["interview"]["added_at"]),
        "printed_at": datetime.fromisoformat(export["exported_at"]),
        "modalities": [
            {
                **_drawn(key, result),
                "lane": drawing.lane(key, lanes[key]["intervals"], duration_s) if key in lanes else "",
            }
            for key, result in (analysis["modalities"] if analysis else {}).items()
        ],
        "metrics": [
            {"name": MetricKey(key).label, "measures": WHAT_IT_MEASURES[MetricKey(key)], **metric}
            for key, metric in (analysis["metrics"] if analysis else {}).items()
        ],
        "answers": answers,
    }


def pdf_of(export: Mapping[str, Any]) -> bytes:
    """The report as PDF. Raises :class:`PdfUnavailable` where the libraries are missing."""
    try:
        # Here, because it loads system libraries and takes time: no other request needs it.
        from weasyprint import CSS, HTML  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
    html = render_to_string("analysis/paper/report.html", paper_context(export))
    styles = [
        CSS(string=Path(str(found)).read_text(encoding="utf-8")) for name in STYLES if (found := finders.find(name))
    ]
    document: bytes = HTML(string=html, url_fetcher=_fetch_nothing).write_pdf(stylesheets=styles)
    return document


def _drawn(key: str, result: Mapping[str, Any]) -> dict[str, Any]:
    """A distribution with its bar, and its labels with the greatest share first."""
    rows = sorted(((label, share) for label, share in result["shares"].items() if share > 0), key=lambda row: -row[1])
    return {
        **result,
        "key": key,
        "name": Modality(key).label,
        "observed_word": OBSERVED_WORDS[Modality(key)],
        "bar": drawing.bar(key, result["shares"]),
        "rows": [
            {**drawing.label_present(key, label), "share": share, "swatch": drawing.swatch(key, label)}
            for label, share in rows
        ],
    }


def _fetch_nothing(url: str, *_: object) -> dict[str, Any]:
    """The page is whole: what somebody typed never makes the server fetch an address."""
    raise ValueError(f"{url} is not fetched")
