"""JSON bodies and numbers of the API, bounded: hostile ones are refused with 400, never a failure of the server."""

import math
from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework import parsers, serializers
from rest_framework.exceptions import ParseError

LARGEST_INTEGER: Final = 2**53
"""Largest integer of a field: beyond it a JavaScript number is not exact, and a column of the database overflows."""


class JSONParser(parsers.JSONParser):
    """DRF's parser, which refuses nesting that is too deep as it refuses what is not JSON."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error


class FiniteField(serializers.FloatField):
    """A number that is neither infinite nor NaN: the database stores neither, and neither is a second or a share."""

    def to_internal_value(self, data: Any) -> float:
        number = float(super().to_internal_value(data))
        if not math.isfinite(number):
            self.fail("invalid")
        return number
