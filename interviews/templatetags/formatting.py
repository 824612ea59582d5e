"""How numbers and fields are written on the pages. ``static/js/format.js`` writes them the same way.

A value that is missing (``None``, or ``""`` as templates put it) is a dash, never a zero.
"""

import math
from typing import Any, Final, Literal

from django import template
from django.forms import BoundField, CheckboxInput, Select
from django.utils.safestring import SafeString

register = template.Library()

MISSING: Final = "–"


def half_up(value: float) -> int:
    """Halves up, as scripts round; Python's ``round`` goes to the even neighbour."""
    return math.floor(value + 0.5)


@register.filter
def clock(seconds: float | Literal[""] | None) -> str:
    """A moment of a recording: ``75.23`` is ``1:15.2``; with hours from the first one on."""
    if seconds is None or seconds == "":
        return MISSING
    tenths = half_up(max(0.0, float(seconds)) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


@register.filter
def duration(seconds: float | Literal[""] | None) -> str:
    """A length in whole seconds: ``760.4`` is ``12:40``."""
    if seconds is None or seconds == "":
        return MISSING
    whole = half_up(max(0.0, float(seconds)))
    hours, rest = divmod(whole, 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds_left:02d}" if hours else f"{minutes}:{seconds_left:02d}"


@register.filter
def percent(share: float | Literal[""] | None) -> str:
    """A share 0..1 as whole per cent; what is neither nothing nor everything never looks like it."""
    if share is None or share == "":
        return MISSING
    if 0 < share < 0.005:
        return "<1\N{NO-BREAK SPACE}%"
    if 0.995 <= share < 1:
        return ">99\N{NO-BREAK SPACE}%"
    return f"{half_up(share * 100)}\N{NO-BREAK SPACE}%"


@register.filter
def short_hash(sha256: str) -> str:
    """The first twelve digits, enough to recognise a file by eye."""
    return sha256[:12]


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with Bootstrap's class for its kind."""
    widget: Any = field.field.widget
    kind = "form-check-input" if isinstance(widget, CheckboxInput) else "form-control"
    return field.as_widget(attrs={"class": "form-select" if isinstance(widget, Select) else kind})


@register.filter
def fraction(value: float | Literal[""] | None) -> str:
    """A metric's value 0..1 with two decimals."""
    return MISSING if value is None or value == "" else f"{half_up(value * 100) / 100:.2f}"


@register.filter
def times_100(share: float) -> int:
    """A share 0..1 as the whole number that ``<progress max="100">`` wants."""
    return round(share * 100)


STATUS_WORDS = {
    "queued": "Queued",
    "running": "Analysing",
    "succeeded": "Report ready",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


@register.filter
def status_word(status: str | None) -> str:
    """The state of the latest analysis in a recruiter's words."""
    return STATUS_WORDS.get(status or "", "Not analysed")


@register.filter
def spoken_shares(modality: dict[str, Any]) -> str:
    """The picture of a lane in one sentence: what was observed most, first."""
    rows = sorted((row for row in modality["rows"] if row["share"] > 0), key=lambda row: -row["share"])
    shares = ", ".join(f"{row['name']} {percent(row['share'])}" for row in rows[:4])
    return f"Observed in {percent(modality['coverage'])} of the recording: {shares or 'nothing'}."
