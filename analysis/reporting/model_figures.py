"""Figures of model versions as text. A missing figure is a dash, never a zero."""

from __future__ import annotations

from typing import Literal

from interviews.formatting import MISSING


def percent_exact(share: float | Literal[""] | None) -> str:
    """A share 0..1 with one decimal, as model cards write it: ``36.2 %``."""
    return MISSING if share is None or share == "" else f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def latency(milliseconds: float | Literal[""] | None) -> str:
    """The time of one prediction: ``0.8 ms``, ``0.02 ms``; a measured time is never shown as zero."""
    if milliseconds is None or milliseconds == "":
        return MISSING
    return (
        f"{milliseconds:.1f}\N{NO-BREAK SPACE}ms" if milliseconds >= 0.1 else f"{milliseconds:.2f}\N{NO-BREAK SPACE}ms"
    )


def model_size(size_bytes: int | Literal[""] | None) -> str:
    """In MB or kB of 1000, as model cards write it."""
    if not size_bytes:
        return MISSING
    if size_bytes >= 1_000_000:
        return f"{size_bytes / 1e6:.1f}\N{NO-BREAK SPACE}MB"
    return f"{max(1, round(size_bytes / 1e3))}\N{NO-BREAK SPACE}kB"


def thousands(count: int | Literal[""] | None) -> str:
    return MISSING if count is None or count == "" else f"{count:,}"
