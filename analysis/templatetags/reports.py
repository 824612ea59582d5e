"""Template filters and tags of reports: texts for runs and timelines."""

from __future__ import annotations

from typing import Any

from django import template

from analysis.reporting.run_status import status_word
from interviews.formatting import percent

register = template.Library()
register.filter(status_word)


@register.filter
def spoken_shares(modality: dict[str, Any]) -> str:
    """A timeline in one sentence, as its text alternative: the label with the longest time first."""
    rows = sorted((row for row in modality["rows"] if row["share"] > 0), key=lambda row: -row["share"])
    shares = ", ".join(f"{row['name']} {percent(row['share'])}" for row in rows[:4])
    limit = "" if modality["enough"] else " Too little was observed for these shares to mean much."
    return f"Observed in {percent(modality['coverage'])} of the recording: {shares or 'nothing'}.{limit}"
