"""Template filters and tags of reports: texts for runs and timelines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from analysis.metrics.recording import covered_by
from analysis.reporting.run_status import status_word
from interviews.formatting import percent

register = template.Library()
register.filter(status_word)
register.filter(covered_by)


@register.filter
def spoken_shares(modality: dict[str, Any]) -> str:
    """A timeline in one sentence, as its text alternative: the label with the longest time first."""
    rows = sorted((row for row in modality["rows"] if row["share"] > 0), key=lambda row: -row["share"])
    shares = ", ".join(f"{row['name']} {percent(row['share'])}" for row in rows[:4])
    limit = "" if modality["enough"] else " Too little was observed for these shares to mean much."
    return f"Observed in {percent(modality['coverage'])} of the recording: {shares or 'nothing'}.{limit}"


@register.simple_block_tag
def part_link(content: str, section: Mapping[str, Any], kind: str, label: str, name: str) -> SafeString:
    """A number of a part (:func:`analysis.selectors.answers.answers_sections`) that leads to its seconds: in the player
    of the report, and elsewhere on the page of the answer. ``kind`` and ``label``: see
    :func:`analysis.reporting.sections.part_stretches`; ``why`` and a metric lead to its formula."""
    page = reverse("interview_answer", args=[section["interview_id"], section["number"]])
    attributes = "" if kind == "why" else _walk(section, kind, label, name)
    return format_html('<a class="label-link" href="{}#{}-{}"{}>{}</a>', page, kind, label, attributes, content)


@register.simple_block_tag
def part_button(content: str, section: Mapping[str, Any], kind: str, label: str, name: str) -> SafeString:
    """The same on the page of the answer; what :func:`part_link` leads to."""
    return format_html(
        '<button class="label-link" type="button" id="{}-{}"{}>{}</button>',
        kind,
        label,
        _walk(section, kind, label, name),
        content,
    )


def _walk(section: Mapping[str, Any], kind: str, label: str, name: str) -> SafeString:
    """What ``static/js/report/walk.js`` reads of a number."""
    part = f"{'Q' if section['is_question'] else 'Minute '}{section['number']}"
    within = f"{section['start_s']:.3f},{section['end_s']:.3f}"
    attributes = ' data-walk-path="{}/{}" data-walk-label="{}, {}" data-within="{}"'
    return format_html(attributes, kind, label, part, name, within)
