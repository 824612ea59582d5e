"""Gaze calibration: a personal second-order map from gaze samples to directions, and the samples it is fitted to.

The map is a polynomial per axis that corrects the uncalibrated direction. :mod:`ml.eye_gaze.fitting` fits it.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from ml.arrays import Float64
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.labels import LABELS
from ml.eye_gaze.parameters import Pair

FEATURES: Final = 1
"""Version of the definition of ``GazeSample.iris`` and ``GazeSample.head``. A calibration applies only to samples of
the version it was fitted to."""
TARGET_DEG: Final = (16.0, 9.5)
"""Default angles from the middle target to the outer ones: the edges of a 34 x 19 cm window at 57 cm."""
BORDER: Final = 0.43
"""Position of the border of the middle area between the middle target (0) and an outer one (1). It is below one half,
because a map fitted to noisy samples shrinks outer positions. Chosen on rendered people who are not reported."""
TERMS: Final = 8
"""Coefficients an axis: one for each of :func:`terms`."""


@dataclass(frozen=True, slots=True)
class CalibrationSample:
    """One gaze sample measured while the candidate looked at a target.

    ``target``: one of the nine labels, as the candidate sees them (``left`` is on the left of their screen). ``iris``
    and ``head``: as in :class:`ml.eye_gaze.geometry.GazeSample`.
    """

    target: str
    iris: Pair
    head: Pair
    openness: float

    @classmethod
    def of(cls, target: str, sample: GazeSample) -> "CalibrationSample":
        return cls(target, sample.iris, sample.head, sample.openness)

    def to_json(self) -> dict[str, Any]:
        """``{"target": "top_left", "iris": [h, v], "head": [h, v], "openness": 0.31}``"""
        return asdict(self) | {"iris": list(self.iris), "head": list(self.head)}

    @classmethod
    def from_json(cls, data: Any) -> "CalibrationSample":
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` on anything else than :meth:`to_json` writes."""
        sample = cls(str(data["target"]), _pair(data["iris"]), _pair(data["head"]), float(data["openness"]))
        if sample.target not in LABELS or not math.isfinite(sample.openness):
            raise ValueError(f"not a sample: {data!r}")
        return sample


@dataclass(frozen=True)
class Calibration:
    """The fitted map of one person in one session.

    ``horizontal`` and ``vertical``: the eight coefficients of the correction of each axis, in distances between
    targets, for the terms of :func:`terms`. ``head_mm`` and ``radius_mm``: parameters of the uncalibrated direction.
    ``error_deg``: cross-validated mean error at a target, in degrees if the outer targets were at ``target_deg``.
    ``uncalibrated_error_deg``: the same error without a calibration. ``samples`` were used, ``left_out`` were not.
    """

    target_deg: Pair
    head_mm: Pair
    radius_mm: Pair
    horizontal: tuple[float, ...]
    vertical: tuple[float, ...]
    error_deg: float
    uncalibrated_error_deg: float
    samples: int
    left_out: int

    @property
    def border_deg(self) -> Pair:
        """Half width of the middle area in degrees."""
        return self.target_deg[0] * BORDER, self.target_deg[1] * BORDER

    def direction(self, sample: GazeSample) -> Pair:
        """Calibrated direction in degrees from the middle target, positive to the candidate's left and up."""
        measured = np.array([[*sample.iris, *sample.head]])
        plain = uncalibrated(measured, self.head_mm, self.radius_mm, self.target_deg)
        coefficients = np.array([self.horizontal, self.vertical]).T
        horizontal, vertical = corrected(plain, np.array([sample.head]), coefficients)[0]
        return float(horizontal) * self.target_deg[0], float(vertical) * self.target_deg[1]

    def to_json(self) -> dict[str, Any]:
        """Plain data that is stored with the session. See :meth:`from_json`."""
        return {
            "features": FEATURES,
            "target_deg": list(self.target_deg),
            "head_mm": list(self.head_mm),
            "radius_mm": list(self.radius_mm),
            # The keys of stored calibrations, which must stay readable.
            "across": list(self.horizontal),
            "up": list(self.vertical),
            "error_deg": self.error_deg,
            "uncalibrated_error_deg": self.uncalibrated_error_deg,
            "samples": self.samples,
            "left_out": self.left_out,
        }

    @classmethod
    def from_json(cls, data: Any) -> "Calibration":
        """Raises ``ValueError`` on anything that :meth:`to_json` of this version of the features did not write."""
        try:
            if data["features"] != FEATURES:
                raise ValueError("it was made by another version of Candor")
            calibration = cls(
                target_deg=_pair(data["target_deg"]),
                head_mm=_pair(data["head_mm"]),
                radius_mm=_pair(data["radius_mm"]),
                horizontal=tuple(float(c) for c in data["across"]),
                vertical=tuple(float(c) for c in data["up"]),
                error_deg=data["error_deg"],
                uncalibrated_error_deg=data["uncalibrated_error_deg"],
                samples=data["samples"],
                left_out=data["left_out"],
            )
            coefficients = (*calibration.horizontal, *calibration.vertical)
            errors = (float(calibration.error_deg), float(calibration.uncalibrated_error_deg))
            if len(calibration.horizontal) != TERMS or len(calibration.vertical) != TERMS:
                raise ValueError(f"it does not have {TERMS} coefficients an axis")
            if not all(map(math.isfinite, (*coefficients, *errors))):
                raise ValueError("its coefficients are not numbers")
            if min(*calibration.target_deg, *calibration.radius_mm) <= 0:
                raise ValueError("its lengths are not positive")
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no gaze calibration: {error}.") from error
        return calibration


def uncalibrated(features: Float64, head_mm: Pair, radius_mm: Pair, target_deg: Pair) -> Float64:
    """Uncalibrated directions (n, 2) in distances between targets, not centred. ``features`` (n, 4): iris, head."""
    sines = (features[:, :2] + np.array(head_mm) * features[:, 2:]) / np.array(radius_mm)
    return np.asarray(np.degrees(sines) / np.array(target_deg))


def terms(directions: Float64, heads: Float64) -> Float64:
    """Regressors (n, 8): 1, x, y, x², xy, y² of the direction (x, y), then the head direction."""
    x, y = directions.T
    return np.column_stack([np.ones(len(x)), x, y, x * x, x * y, y * y, heads])


def corrected(directions: Float64, heads: Float64, coefficients: Float64) -> Float64:
    """Calibrated directions (n, 2)."""
    return np.asarray(directions + terms(directions, heads) @ coefficients)


def _pair(value: Any) -> Pair:
    horizontal, vertical = (float(v) for v in value)
    if not (math.isfinite(horizontal) and math.isfinite(vertical)):
        raise ValueError(f"{value!r} is not a pair of numbers")
    return horizontal, vertical
