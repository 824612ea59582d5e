"""Gaze calibrated on nine known targets: what one person's iris does, instead of what irises do on average.

The candidate looks at nine dots, one in each area. From the readings meanwhile a second-order map per axis is fitted
as a correction of the uncalibrated direction, held back by a ridge: few or shaky readings leave little of it but the
middle. Leaving one dot out at a time chooses how strongly and estimates the error; a map that cannot tell the areas
from each other is refused.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.eye_gaze.parameters import Pair, Parameters

FEATURES: Final = 1
"""Number of the definition of ``Reading.iris`` and ``Reading.head``; a calibration fits only readings made by it."""
TARGET_DEG: Final = (16.0, 9.5)
"""The outer dots as seen from the middle one, unless told: the edges of a 34 x 19 cm window at 57 cm."""
BORDER: Final = 0.43
"""Where the middle area ends on the way to the outer dots: a little before half way, because a map fitted to shaky
looks draws outer ones in (chosen on rendered people who are not reported)."""
MIN_SAMPLES: Final = 3
"""Clear looks that a dot needs to count ..."""
MIN_TARGETS: Final = 7
"""... and dots that must count."""
OUTLIER_MADS: Final = 3.5
MAD_FLOOR_MM: Final = 0.15
"""Iris offsets that differ less than this from their dot's median are never outliers (iris network on a still eye)."""
OPEN_SHARE: Final = 0.6
"""A look counts while the lids are open at least this share of the dot's median opening."""
HOLD: Final = (0.0, 0.02, 0.1, 0.15, 0.15, 0.15, 0.02, 0.02)
"""How strongly each coefficient is held back, as (noise of a dot / spread of the coefficient between people)² / 9, in
distances between dots: the constant not at all, gains little, bends most ..."""
STRENGTHS: Final = (0.2, 1.0, 5.0, 25.0)
"""... times the one of these that leaves the smallest error at a dot left out. The last keeps little but the middle."""
WORSE: Final = 1.25
"""The error at a dot left out is estimated without that dot and so too high, the more the farther out it stands: a
calibration is refused only when it is worse than none by this ..."""
MAX_ERROR: Final = 0.6
"""... or when it reaches this share of the smaller distance between dots."""
_SIGMAS_PER_MAD: Final = 1.4826

Floats = NDArray[np.float64]


class CalibrationRefused(Exception):
    """The samples make no usable calibration; ``str(error)`` is a sentence for the person who looked at the dots."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading made while the candidate looked at a dot.

    ``target`` is one of the nine labels (the candidate's own left: the dot on the left of their screen). ``iris`` and
    ``head`` are those of :class:`ml.eye_gaze.geometry.Reading`, pairs (across, up).
    """

    target: str
    iris: Pair
    head: Pair
    openness: float

    @classmethod
    def of(cls, target: str, reading: Reading) -> "Sample":
        return cls(target, reading.iris, reading.head, reading.openness)

    def to_json(self) -> dict[str, Any]:
        """``{"target": "top_left", "iris": [a, u], "head": [a, u], "openness": 0.31}``"""
        return asdict(self) | {"iris": list(self.iris), "head": list(self.head)}

    @classmethod
    def from_json(cls, data: Any) -> "Sample":
        """Raises ``KeyError``, ``TypeError`` or ``ValueError`` on anything else."""
        sample = cls(str(data["target"]), _pair(data["iris"]), _pair(data["head"]), float(data["openness"]))
        if sample.target not in LABELS or not math.isfinite(sample.openness):
            raise ValueError(f"not a sample: {data!r}")
        return sample


@dataclass(frozen=True)
class Calibration:
    """The fitted map of one person in one session.

    ``across`` and ``up`` are the eight coefficients of the correction, in distances between dots, over
    1, x, y, x², xy, y², head across, head up, where (x, y) is the uncalibrated direction made with ``head_mm`` and
    ``radius_mm``. ``error_deg`` is the mean error at a dot that was left out of the fit, ``uncalibrated_error_deg``
    the one without a calibration, both in degrees if the outer dots stood at ``target_deg``.
    """

    target_deg: Pair
    head_mm: Pair
    radius_mm: Pair
    across: tuple[float, ...]
    up: tuple[float, ...]
    error_deg: float
    uncalibrated_error_deg: float
    samples: int
    left_out: int

    @property
    def border_deg(self) -> Pair:
        """Half width of the middle area."""
        return self.target_deg[0] * BORDER, self.target_deg[1] * BORDER

    def direction(self, reading: Reading) -> Pair:
        """Degrees from the middle dot: to the candidate's left, and up."""
        plain = _plain(np.array([[*reading.iris, *reading.head]]), self.head_mm, self.radius_mm, self.target_deg)
        x, y = _mapped(plain, np.array([reading.head]), np.array([self.across, self.up]).T)[0]
        return float(x) * self.target_deg[0], float(y) * self.target_deg[1]

    def to_json(self) -> dict[str, Any]:
        """Plain data to store with the session; see :meth:`from_json`."""
        lists = {name: list(getattr(self, name)) for name in ("target_deg", "head_mm", "radius_mm", "across", "up")}
        return {"features": FEATURES} | asdict(self) | lists

    @classmethod
    def from_json(cls, data: Any) -> "Calibration":
        """Raises ``ValueError`` on anything that :meth:`to_json` of this definition of features did not write."""
        try:
            if data["features"] != FEATURES:
                raise ValueError("it was made by another version of Candor")
            values = {item.name: data[item.name] for item in fields(cls)}
            for name in ("target_deg", "head_mm", "radius_mm"):
                values[name] = _pair(values[name])
            for name in ("across", "up"):
                values[name] = tuple(float(v) for v in values[name])
            made = cls(**values)
            numbers = (*made.across, *made.up, float(made.error_deg), float(made.uncalibrated_error_deg))
            if (len(made.across), len(made.up)) != (8, 8) or not all(map(math.isfinite, numbers)):
                raise ValueError("its coefficients are not numbers")
            if min(*made.target_deg, *made.radius_mm) <= 0:
                raise ValueError("its lengths are not positive")
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"This is no gaze calibration: {error}.") from error
        return made


def fit(samples: Sequence[Sample], parameters: Parameters, *, target_deg: Pair = TARGET_DEG) -> Calibration:
    """The calibration that these looks at the dots make; raises :class:`CalibrationRefused`."""
    clear = _clear(samples)
    if len(clear) < MIN_TARGETS:
        raise CalibrationRefused(
            f"Only {len(clear)} of the 9 dots were clearly looked at, at least {MIN_TARGETS} are needed. Keep the face "
            "in the light and look at each dot until it goes away."
        )
    features = [np.array([[*s.iris, *s.head] for s in group]) for group in clear.values()]
    plain = [_plain(f, parameters.head_mm, parameters.radius_mm, target_deg) for f in features]
    heads = [f[:, 2:] for f in features]
    goals = [_place(target) for target in clear]
    scale = np.array(target_deg)
    errors = {strength: _left_out_error(plain, heads, goals, strength, scale) for strength in STRENGTHS}
    strength = min(errors, key=errors.__getitem__)
    coefficients, error = _solve(plain, heads, goals, strength), errors[strength]
    middle = np.median(np.array([np.median(p, axis=0) for p in plain]), axis=0)
    without = _mean_error([p - middle for p in plain], goals, scale)
    if error >= WORSE * without:
        raise CalibrationRefused(
            f"The looks at the dots do not fit together (an error of {error:.1f} degrees, {without:.1f} without this "
            "calibration), so it is not used. Keep the head still and look at each dot until it goes away."
        )
    if error >= min(target_deg) * MAX_ERROR:
        raise CalibrationRefused(
            f"The looks at the dots are too far apart to tell the areas from each other (an error of {error:.1f} "
            "degrees). Keep the face in the light, come nearer to the camera and try again."
        )
    used = sum(len(group) for group in clear.values())
    return Calibration(
        target_deg=target_deg,
        head_mm=parameters.head_mm,
        radius_mm=parameters.radius_mm,
        across=tuple(round(float(c), 6) for c in coefficients[:, 0]),
        up=tuple(round(float(c), 6) for c in coefficients[:, 1]),
        error_deg=round(error, 3),
        uncalibrated_error_deg=round(without, 3),
        samples=used,
        left_out=len(samples) - used,
    )


def _clear(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    """The samples of each dot that has enough of them, without blinks and glances elsewhere."""
    clear = {}
    for target in LABELS:
        group = [s for s in samples if s.target == target]
        if len(group) < MIN_SAMPLES:
            continue
        wide = OPEN_SHARE * float(np.median([s.openness for s in group]))
        iris = np.array([s.iris for s in group])
        away = np.abs(iris - np.median(iris, axis=0))
        limit = np.maximum(MAD_FLOOR_MM, OUTLIER_MADS * _SIGMAS_PER_MAD * np.median(away, axis=0))
        kept = [s for s, far in zip(group, (away > limit).any(axis=1), strict=True) if not far and s.openness >= wide]
        if len(kept) >= MIN_SAMPLES:
            clear[target] = kept
    return clear


def _place(target: str) -> Floats:
    """Where a dot stands, (across, up), in distances between dots from the middle one."""
    row, column = divmod(LABELS.index(target), len(COLUMNS))
    return np.array([1.0 - column, 1.0 - row])


def _plain(features: Floats, head_mm: Pair, radius_mm: Pair, target_deg: Pair) -> Floats:
    """(n, 2) uncalibrated directions in distances between dots, not centred."""
    sines = (features[:, :2] + np.array(head_mm) * features[:, 2:]) / np.array(radius_mm)
    return np.asarray(np.degrees(sines) / np.array(target_deg))


def _terms(plain: Floats, head: Floats) -> Floats:
    x, y = plain.T
    return np.column_stack([np.ones(len(x)), x, y, x * x, x * y, y * y, head])


def _mapped(plain: Floats, head: Floats, coefficients: Floats) -> Floats:
    return np.asarray(plain + _terms(plain, head) @ coefficients)


def _solve(plain: Sequence[Floats], heads: Sequence[Floats], goals: Sequence[Floats], strength: float) -> Floats:
    """(8, 2) coefficients; every dot weighs the same however many samples it has."""
    terms = np.concatenate([_terms(p, h) for p, h in zip(plain, heads, strict=True)])
    missing = np.concatenate([goal - p for p, goal in zip(plain, goals, strict=True)])
    weights = np.concatenate([np.full(len(p), 1 / (len(p) * len(plain))) for p in plain])
    weighted = terms * weights[:, np.newaxis]
    return np.asarray(np.linalg.solve(weighted.T @ terms + strength * np.diag(HOLD), weighted.T @ missing))


def _left_out_error(
    plain: Sequence[Floats], heads: Sequence[Floats], goals: Sequence[Floats], strength: float, scale: Floats
) -> float:
    """Mean error in degrees at each dot, of the map that the other dots make."""
    found = []
    for i in range(len(goals)):
        others = [j for j in range(len(goals)) if j != i]
        p, h, g = ([part[j] for j in others] for part in (plain, heads, goals))
        found.append(_mapped(plain[i], heads[i], _solve(p, h, g, strength)))
    return _mean_error(found, goals, scale)


def _mean_error(found: Sequence[Floats], goals: Sequence[Floats], scale: Floats) -> float:
    """Degrees between each dot and the median of its looks, the mean over the dots."""
    misses = [(np.median(f, axis=0) - goal) * scale for f, goal in zip(found, goals, strict=True)]
    return float(np.mean(np.linalg.norm(misses, axis=1)))


def _pair(value: Any) -> Pair:
    across, up = (float(v) for v in value)
    if not (math.isfinite(across) and math.isfinite(up)):
        raise ValueError(f"{value!r} is not a pair of numbers")
    return across, up
