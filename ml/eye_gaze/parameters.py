"""The numbers of the gaze geometry, as they stand in a version's ``parameters.json``."""

import json
from dataclasses import dataclass, fields
from typing import Any

from ml.artifacts import Artifact, ArtifactDamaged, verify

Pair = tuple[float, float]


@dataclass(frozen=True)
class Parameters:
    """Pairs are (across, up). Lengths are millimetres at a distance of ``eye_distance_mm`` between the eyes."""

    eye_distance_mm: float
    outward_mm: float
    """The iris of an eye looking straight stands so far to the outer side of the middle between its corners ..."""
    upward_mm: float
    """... and so far above the line through them."""
    head_mm: Pair
    """How far the iris moves in the eye when the head turns (by sine) and the gaze stays."""
    radius_mm: Pair
    """How far the iris seems to move per sine of the eye's own turn; less up and down, where the lids go along."""
    center: Pair
    """Half width of the middle area, in sines."""
    hysteresis: float
    """A gaze leaves an area only after passing its border by this much, in sines ..."""
    clear: float
    """... and a position this far beyond, in half widths of the middle area, is clearly in the other one ..."""
    dwell_s: float
    """... where clear positions must last so long; less clear ones longer."""
    closed: float
    """Lid opening over eye width below which an eye is closed ..."""
    closed_share: float
    """... or below this share of the session's wide-open eyes."""
    min_eye_distance_px: float
    noise: float
    """Deviation of one reading, in sines, from a large picture; more from small faces (half a pixel)."""
    smoothing: int
    """Readings in the running median, odd."""

    @classmethod
    def from_json(cls, data: Any) -> "Parameters":
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` on anything else than these fields."""
        pairs = {"head_mm", "radius_mm", "center"}
        values: dict[str, Any] = {}
        for item in fields(cls):
            value = data[item.name]
            if item.name in pairs:
                across, up = value
                values[item.name] = float(across), float(up)
            else:
                values[item.name] = int(value) if item.name == "smoothing" else float(value)
        return cls(**values)


def load(artifact: Artifact) -> Parameters:
    """Verified parameters of a version; raises :class:`ml.artifacts.ArtifactDamaged`."""
    verify(artifact)
    try:
        return Parameters.from_json(json.loads(artifact.path.read_text()))
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactDamaged(
            f"The parameters of eye gaze {artifact.manifest.version} are wrong: {error!r}."
        ) from error
