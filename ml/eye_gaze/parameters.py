"""The parameters of the gaze geometry, as stored in a version's ``parameters.json``."""

import json
from dataclasses import dataclass, fields
from typing import Any

from ml.artifacts import Artifact, ArtifactDamaged, verify

Pair = tuple[float, float]
"""(horizontal, vertical): positive to the candidate's left and up."""


@dataclass(frozen=True)
class Parameters:
    """Lengths are millimetres at an interocular distance of ``eye_distance_mm``. Directions are sines of angles."""

    eye_distance_mm: float
    """Interocular distance, between the middles of both eyes, that converts pixels to millimetres."""
    outward_mm: float
    """Horizontal rest position of the iris, outward from the midpoint between the eye corners."""
    upward_mm: float
    """Vertical rest position of the iris, above the line through the eye corners."""
    head_mm: Pair
    """Iris offset that compensates a head turn while the gaze direction stays fixed, per sine of the head angle."""
    radius_mm: Pair
    """Iris offset per sine of the eye's rotation. Smaller vertically, because the lids follow the eye."""
    center: Pair
    """Half width of the middle area, in sines."""
    hysteresis: float
    """Dead band beyond a border, in sines. Positions inside it never move the gaze to the other area."""
    clear: float
    """Distance beyond a border, in half widths of the middle area, from which a position has full weight."""
    dwell_s: float
    """Weighted time beyond a border after which the area changes, in seconds."""
    closed: float
    """Lid opening over eye width below which an eye is closed."""
    closed_share: float
    """Lid opening relative to the session's open eyes below which an eye is closed."""
    min_eye_distance_px: float
    """Interocular distance in pixels below which gaze is not measured."""
    noise: float
    """Standard deviation of one direction measured on a large face, in sines. It grows for small faces."""
    smoothing: int
    """Window length of the running median, in samples. Odd."""

    @classmethod
    def from_json(cls, data: Any) -> "Parameters":
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` unless ``data`` holds exactly these fields' values."""
        pairs = {"head_mm", "radius_mm", "center"}
        values: dict[str, Any] = {}
        for item in fields(cls):
            value = data[item.name]
            if item.name in pairs:
                horizontal, vertical = value
                values[item.name] = float(horizontal), float(vertical)
            else:
                values[item.name] = int(value) if item.name == "smoothing" else float(value)
        return cls(**values)


def load(artifact: Artifact) -> Parameters:
    """Verified parameters of a version. Raises :class:`ml.artifacts.ArtifactDamaged`."""
    verify(artifact)
    try:
        return Parameters.from_json(json.loads(artifact.path.read_text()))
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactDamaged(
            f"The parameters of eye gaze {artifact.manifest.version} are wrong: {error!r}."
        ) from error
