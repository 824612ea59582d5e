"""The features of a window of speech that a version's network takes, named in its manifest.

``preprocessing["features"]`` is ``"log_mel"`` (:mod:`ml.speech_emotion.features.log_mel`) or, as in versions
that do not say, ``"mean_mfcc"``, the paper's (:mod:`ml.speech_emotion.features.mfcc`), with its ``mean`` and ``std``.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features import log_mel, mfcc

LOG_MEL: Final = "log_mel"
MEAN_MFCC: Final = "mean_mfcc"

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FrontEnd:
    """``to_input`` turns a window float32 (66150,) at 22,050 Hz into the network's input; the window begins ``lead_s``
    before the speech that it is to name."""

    to_input: Callable[[Floats], Floats]
    lead_s: float


def front_end(settings: Mapping[str, Any]) -> FrontEnd:
    """From a manifest's ``preprocessing``; raises ``ValueError`` for features that do not exist."""
    features = settings.get("features", MEAN_MFCC)
    if features == LOG_MEL:
        return FrontEnd(log_mel.to_input, log_mel.LEAD_S)
    if features == MEAN_MFCC:
        to_input = functools.partial(mfcc.to_input, mean=float(settings["mean"]), std=float(settings["std"]))
        return FrontEnd(to_input, mfcc.SKIPPED_S)
    raise ValueError(f"There are no speech features '{features}'; there are {LOG_MEL} and {MEAN_MFCC}.")
