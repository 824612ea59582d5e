"""How numbers are written on the pages. ``static/js/shared/format.js`` writes them the same way.

A value that is missing (``None``, or ``""`` as templates put it) is a dash, never a zero.
"""

import math
import re
from typing import Final, Literal

MISSING: Final = "–"


def half_up(value: float) -> int:
    """Halves up, as scripts round; Python's ``round`` goes to the even neighbour."""
    return math.floor(value + 0.5)


def clock(seconds: float | Literal[""] | None) -> str:
    """A moment of a recording: ``75.23`` is ``1:15.2``; with hours from the first one on."""
    if seconds is None or seconds == "":
        return MISSING
    tenths = half_up(max(0.0, float(seconds)) * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"


def clock_parse(text: str) -> float | None:
    """The inverse of :func:`clock`, forgiving: ``1:15.2``, ``75.2`` and ``0:01:15`` are moments; all else is None."""
    parts = text.strip().replace(",", ".").split(":")
    if len(parts) > 3 or not all(re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", part) for part in parts):
        return None
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + float(part)
    return seconds


def duration(seconds: float | Literal[""] | None) -> str:
    """A length in whole seconds: ``760.4`` is ``12:40``."""
    if seconds is None or seconds == "":
        return MISSING
    whole = half_up(max(0.0, float(seconds)))
    hours, rest = divmod(whole, 3600)
    minutes, seconds_left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds_left:02d}" if hours else f"{minutes}:{seconds_left:02d}"


def percent(share: float | Literal[""] | None) -> str:
    """A share 0..1 as whole per cent; what is neither nothing nor everything never looks like it."""
    if share is None or share == "":
        return MISSING
    if 0 < share < 0.005:
        return "<1\N{NO-BREAK SPACE}%"
    if 0.995 <= share < 1:
        return ">99\N{NO-BREAK SPACE}%"
    return f"{half_up(share * 100)}\N{NO-BREAK SPACE}%"


def short_hash(sha256: str) -> str:
    """The first twelve digits, enough to recognise a file by eye."""
    return sha256[:12]


def fraction(value: float | Literal[""] | None) -> str:
    """A metric's value 0..1 with two decimals."""
    return MISSING if value is None or value == "" else f"{half_up(value * 100) / 100:.2f}"


def times_100(share: float) -> int:
    """A share 0..1 as the whole number that ``<progress max="100">`` wants."""
    return round(share * 100)
