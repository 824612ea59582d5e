"""Fits a gaze calibration in a process of its own, so that the caller need not load NumPy.

``python -m ml.eye_gaze.fit_calibration`` reads ``{"samples": [...]}`` (see
:class:`ml.eye_gaze.calibration.CalibrationSample`) from standard input. It prints ``{"ok": true, "calibration":
{...}, "error_degrees": 2.9, "points": 9}``, or ``{"ok": false, "sentence": ...}`` if the samples are refused.
"""

import json
import sys
from typing import Any

from ml import artifacts
from ml.eye_gaze import parameters
from ml.eye_gaze.calibration import CalibrationSample
from ml.eye_gaze.fitting import CalibrationRefused, fit
from ml.modalities import EYE_GAZE


def answer(request: Any) -> dict[str, Any]:
    """Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything that is not a request."""
    samples = [CalibrationSample.from_json(sample) for sample in request["samples"]]
    try:
        calibration = fit(samples, parameters.load(artifacts.find(EYE_GAZE)))
    except (CalibrationRefused, artifacts.ModelUnavailable) as refused:
        return {"ok": False, "sentence": str(refused)}
    return {
        "ok": True,
        "calibration": calibration.to_json(),
        "error_degrees": calibration.error_deg,
        "points": len({sample.target for sample in samples}),
    }


if __name__ == "__main__":
    print(json.dumps(answer(json.load(sys.stdin))))
