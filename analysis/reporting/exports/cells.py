"""CSV that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Final

FORMULA_STARTS: Final = (
    *("=", "+", "-", "@", "\N{MINUS SIGN}"),
    *("\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}"),
    "\N{FULLWIDTH COMMERCIAL AT}",
)
BYTE_ORDER_MARK: Final = "\ufeff"
"""Spreadsheets take a file without it for one in the system's own encoding."""


def cell(value: Any) -> Any:
    """A value as it may stand in a cell. A text that a spreadsheet would compute gets an apostrophe before it.

    Spreadsheets pass over spaces and control characters before they look for a formula (OWASP, CSV injection).
    """
    if value is None:
        return ""
    if isinstance(value, (bool, int, float)):
        return value
    text = str(value).replace("\x00", "")
    begins = text.lstrip(" \t\r\n\v\f\N{NO-BREAK SPACE}\ufeff\u200b")
    is_formula = begins.startswith(FORMULA_STARTS) or text[:1] in ("\t", "\r", "\n")
    return f"'{text}" if is_formula else text


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), one after another, so that a long list is never whole in memory."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield BYTE_ORDER_MARK
    for row in chain([columns], rows):
        writer.writerow([cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    return "".join(csv_lines(columns, rows))
