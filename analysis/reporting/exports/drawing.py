"""Charts as SVG, for paper: no script draws there. Colours are those of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from analysis.models import Modality
from analysis.reporting.page import emotion_label_present, gaze_label_present

WIDTH: Final = 1000
HEIGHT: Final = 40


@cache
def colours() -> dict[str, str]:
    """The colours of ``static/css/tokens.css`` by token, those for light paper."""
    path = finders.find("css/tokens.css")
    text = Path(str(path)).read_text(encoding="utf-8").split("@media")[0] if path else ""
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))


def label_present(modality: str, label: str) -> dict[str, Any]:
    """Name and tone of a label."""
    return (gaze_label_present if modality == Modality.EYE_GAZE else emotion_label_present)(label)


def swatch(modality: str, label: str) -> SafeString:
    """The label's colour, beside its name."""
    colour = colours().get(f"tone-{label_present(modality, label)['tone']}", "none")
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" aria-hidden="true">'
        '<rect width="9" height="9" fill="{}"/></svg>',
        colour,
    )


def bar(modality: str, shares: Mapping[str, float]) -> SafeString:
    """A distribution as one bar, the greatest share first."""
    rows = sorted(((label, share) for label, share in shares.items() if share > 0), key=lambda row: -row[1])
    pieces, at = [], 0.0
    for label, share in rows:
        pieces.append((at, at + share, label_present(modality, label)["tone"]))
        at += share
    return _strip(pieces, 1.0)


def lane(modality: str, intervals: Iterable[Sequence[Any]], duration_s: float) -> SafeString:
    """A timeline as a strip; neighbours of one label are one piece, and white is what was not read."""
    pieces: list[tuple[float, float, str]] = []
    for start_s, end_s, label, _ in intervals:
        tone = label_present(modality, label)["tone"]
        if pieces and pieces[-1][2] == tone and start_s - pieces[-1][1] < duration_s / WIDTH:
            pieces[-1] = (pieces[-1][0], end_s, tone)
        else:
            pieces.append((start_s, end_s, tone))
    return _strip([piece for piece in pieces if piece[1] - piece[0] >= duration_s / WIDTH / 4], duration_s)


def _strip(pieces: Sequence[tuple[float, float, str]], length: float) -> SafeString:
    scale = WIDTH / length if length else 0.0
    drawn = format_html_join(
        "",
        '<rect x="{}" y="0" width="{}" height="{}" fill="{}"/>',
        (
            (f"{start * scale:.1f}", f"{(end - start) * scale:.1f}", HEIGHT, colours().get(f"tone-{tone}", "none"))
            for start, end, tone in pieces
        ),
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="{}" fill="none" stroke="{}" stroke-width="2"/>{}</svg>',
        *(WIDTH, HEIGHT, WIDTH, HEIGHT, colours().get("line-strong", "none"), drawn),
    )
