"""Fits a gaze calibration to samples of nine fixation targets, by ridge regression.

The candidate looks at nine targets, one in each area. A ridge penalty shrinks the correction of the uncalibrated
direction: few or noisy samples leave little more of it than the offset. Leave-one-target-out cross-validation chooses
the strength of the penalty and estimates the error. A map that cannot separate the areas is refused.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ml.arrays import Float64
from ml.eye_gaze.calibration import TARGET_DEG, Calibration, CalibrationSample, corrected, terms, uncalibrated
from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.eye_gaze.parameters import Pair, Parameters

MIN_SAMPLES: Final = 3
"""Smallest number of valid samples of a target that is used."""
MIN_TARGETS: Final = 7
"""Smallest number of targets that are used."""
OUTLIER_MADS: Final = 3.5
"""Distance from a target's median iris offset beyond which a sample is an outlier, in scaled median absolute
deviations."""
MAD_FLOOR_MM: Final = 0.15
"""Smallest distance from the median iris offset that makes an outlier: the noise of the iris network on a still eye."""
OPEN_SHARE: Final = 0.6
"""Lid opening, relative to the target's median, below which a sample is a blink."""
RIDGE_PENALTIES: Final = (0.0, 0.02, 0.1, 0.15, 0.15, 0.15, 0.02, 0.02)
"""Relative ridge penalty of each coefficient, in the order of :func:`ml.eye_gaze.calibration.terms`: (noise of a target
/ spread of the coefficient between people)² / 9, in distances between targets. The offset is not penalised,
second-order terms most."""
RIDGE_STRENGTHS: Final = (0.2, 1.0, 5.0, 25.0)
"""Factors on the penalties, from which cross-validation chooses. The last one leaves little more than the offset."""
MAX_ERROR_RATIO: Final = 1.25
"""Largest error relative to the uncalibrated error. It is above 1 because the error at a target that was left out is
an overestimate, most of all for outer targets."""
MAX_ERROR_SHARE: Final = 0.6
"""Largest error relative to the smaller distance between targets."""
_SIGMAS_PER_MAD: Final = 1.4826


class CalibrationRefused(Exception):
    """The samples give no usable calibration. ``str(error)`` is a sentence for the person who looked at the targets."""


def fit(samples: Sequence[CalibrationSample], parameters: Parameters, *, target_deg: Pair = TARGET_DEG) -> Calibration:
    """The calibration that these samples give. Raises :class:`CalibrationRefused`."""
    valid = _valid(samples)
    if len(valid) < MIN_TARGETS:
        raise CalibrationRefused(
            f"Only {len(valid)} of the 9 dots were clearly looked at, at least {MIN_TARGETS} are needed. Keep the face "
            "in the light and look at each dot until it goes away."
        )
    features = [np.array([[*s.iris, *s.head] for s in group]) for group in valid.values()]
    directions = [uncalibrated(f, parameters.head_mm, parameters.radius_mm, target_deg) for f in features]
    heads = [f[:, 2:] for f in features]
    truth = [_target_position(target) for target in valid]
    scale = np.array(target_deg)
    errors = {s: _cross_validated_error(directions, heads, truth, s, scale) for s in RIDGE_STRENGTHS}
    strength = min(errors, key=errors.__getitem__)
    coefficients, error = _ridge(directions, heads, truth, strength), errors[strength]
    middle = np.median(np.array([np.median(d, axis=0) for d in directions]), axis=0)
    uncalibrated_error = _mean_error([d - middle for d in directions], truth, scale)
    if error >= MAX_ERROR_RATIO * uncalibrated_error:
        raise CalibrationRefused(
            f"The looks at the dots do not fit together (an error of {error:.1f} degrees, {uncalibrated_error:.1f} "
            "without this calibration), so it is not used. Keep the head still and look at each dot until it goes away."
        )
    if error >= min(target_deg) * MAX_ERROR_SHARE:
        raise CalibrationRefused(
            f"The looks at the dots are too far apart to tell the areas from each other (an error of {error:.1f} "
            "degrees). Keep the face in the light, come nearer to the camera and try again."
        )
    used = sum(len(group) for group in valid.values())
    return Calibration(
        target_deg=target_deg,
        head_mm=parameters.head_mm,
        radius_mm=parameters.radius_mm,
        horizontal=tuple(round(float(c), 6) for c in coefficients[:, 0]),
        vertical=tuple(round(float(c), 6) for c in coefficients[:, 1]),
        error_deg=round(error, 3),
        uncalibrated_error_deg=round(uncalibrated_error, 3),
        samples=used,
        left_out=len(samples) - used,
    )


def _valid(samples: Sequence[CalibrationSample]) -> dict[str, list[CalibrationSample]]:
    """The samples of each target that has enough of them, without blinks and outliers."""
    valid = {}
    for target in LABELS:
        group = [s for s in samples if s.target == target]
        if len(group) < MIN_SAMPLES:
            continue
        min_openness = OPEN_SHARE * float(np.median([s.openness for s in group]))
        iris = np.array([s.iris for s in group])
        deviation = np.abs(iris - np.median(iris, axis=0))
        limit = np.maximum(MAD_FLOOR_MM, OUTLIER_MADS * _SIGMAS_PER_MAD * np.median(deviation, axis=0))
        is_outlier = (deviation > limit).any(axis=1)
        kept = [s for s, out in zip(group, is_outlier, strict=True) if not out and s.openness >= min_openness]
        if len(kept) >= MIN_SAMPLES:
            valid[target] = kept
    return valid


def _target_position(target: str) -> Float64:
    """(horizontal, vertical) position (2,) of a target relative to the middle one, in distances between targets."""
    row, column = divmod(LABELS.index(target), len(COLUMNS))
    return np.array([1.0 - column, 1.0 - row])


def _ridge(
    directions: Sequence[Float64], heads: Sequence[Float64], truth: Sequence[Float64], strength: float
) -> Float64:
    """Ridge regression coefficients (8, 2). Every target has the same weight, however many samples it has."""
    regressors = np.concatenate([terms(d, h) for d, h in zip(directions, heads, strict=True)])
    residuals = np.concatenate([true - d for d, true in zip(directions, truth, strict=True)])
    weights = np.concatenate([np.full(len(d), 1 / (len(d) * len(directions))) for d in directions])
    weighted = regressors * weights[:, np.newaxis]
    penalty = strength * np.diag(RIDGE_PENALTIES)
    return np.asarray(np.linalg.solve(weighted.T @ regressors + penalty, weighted.T @ residuals))


def _cross_validated_error(
    directions: Sequence[Float64],
    heads: Sequence[Float64],
    truth: Sequence[Float64],
    strength: float,
    scale: Float64,
) -> float:
    """Mean error in degrees at each target of the map fitted to the other targets (leave one target out)."""
    found = []
    for i in range(len(truth)):
        others = [j for j in range(len(truth)) if j != i]
        d, h, t = ([part[j] for j in others] for part in (directions, heads, truth))
        found.append(corrected(directions[i], heads[i], _ridge(d, h, t, strength)))
    return _mean_error(found, truth, scale)


def _mean_error(found: Sequence[Float64], truth: Sequence[Float64], scale: Float64) -> float:
    """Mean over the targets of the distance in degrees between the target and the median of its directions."""
    misses = [(np.median(f, axis=0) - true) * scale for f, true in zip(found, truth, strict=True)]
    return float(np.mean(np.linalg.norm(misses, axis=1)))
