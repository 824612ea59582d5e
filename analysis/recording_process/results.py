"""What the program and its supervisor tell each other: the request, and the result as a file of JSON.

The program may have been taken over by the recording that it reads. So the result is checked field by field against the
types of :class:`analysis.pipeline.RecordingAnalysis` before anything is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from analysis.pipeline import ModalityAnalysis, Options, RecordingAnalysis

RESULT: Final = "result.json"


@dataclass(frozen=True)
class Request:
    """The arguments of :func:`analysis.pipeline.analyze_recording`; folders by modality."""

    path: str
    options: Options
    models: dict[str, str] | None
    shadows: dict[str, str] | None


class ResultInvalid(Exception):
    """The file is not a result."""


def encode(analysis: RecordingAnalysis) -> bytes:
    return msgspec.json.encode(analysis, enc_hook=_number)


def decode(content: bytes) -> RecordingAnalysis:
    """The inverse of :func:`encode`; raises :class:`ResultInvalid`."""
    from ml.media.info import MediaInfo
    from ml.offline.person_seen import PersonSeen

    try:
        fields: dict[str, Any] = msgspec.json.decode(content, type=dict[str, Any])
        types: dict[str, Any] = {
            "info": MediaInfo,
            "sha256": str | None,
            "modalities": dict[str, ModalityAnalysis],
            "timing": dict[str, float],
            "faces": dict[str, float],
            "frames": int,
            "shadows": dict[str, ModalityAnalysis],
            "notes": tuple[str, ...],
            "people": tuple[PersonSeen, ...],
            "narrow_band": bool,
        }
        checked: dict[str, Any] = {name: msgspec.convert(fields[name], of) for name, of in types.items()}
        return RecordingAnalysis(**checked)
    except (KeyError, ValueError) as error:
        raise ResultInvalid(str(error)) from error


def _number(value: Any) -> Any:
    """NumPy's numbers as Python's."""
    return value.item()
