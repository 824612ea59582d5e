"""Front ends: the features of a window of speech that a version's network takes.

The manifest names them: ``preprocessing["features"]`` is ``"log_mel"`` (:mod:`ml.speech_emotion.features.log_mel`) or
``"mean_mfcc"``, the paper's (:mod:`ml.speech_emotion.features.mfcc`), with its ``mean`` and ``std``. Without the key it
is ``"mean_mfcc"``.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ml.arrays import Float32, Samples
from ml.inputs import InputSpec
from ml.speech_emotion.features import log_mel, mfcc
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.voice.windows import WINDOW_S

LOG_MEL: Final = "log_mel"
MEAN_MFCC: Final = "mean_mfcc"

MEAN_MFCC_INPUT: Final = InputSpec(
    mfcc.INPUT_SHAPE,
    f"{WINDOW_S:g} s of mono speech at {SAMPLE_RATE:,} Hz, as the means over 13 MFCC of {mfcc.FRAMES} frames "
    "of its last 2.5 s, standardised",
    statistics=("mean", "std"),
    spare_outputs=2,  # the paper's network has ten outputs for eight emotions
)
LOG_MEL_INPUT: Final = InputSpec(
    log_mel.INPUT_SHAPE,
    f"{WINDOW_S:g} s of mono speech at {SAMPLE_RATE:,} Hz, resampled to {log_mel.FEATURE_RATE:,} Hz, as the log-mel "
    f"spectrogram of Whisper's encoder ({log_mel.FRAMES} frames by {log_mel.MELS} bands), its maximum at a constant",
    settings={"features": LOG_MEL},
)


@dataclass(frozen=True)
class FrontEnd:
    """``to_input`` turns a window (66150,) at 22,050 Hz into the network's input; the window begins ``lead_s`` seconds
    before its speech."""

    to_input: Callable[[Samples], Float32]
    lead_s: float


def front_end(preprocessing: Mapping[str, Any]) -> FrontEnd:
    """From a manifest's ``preprocessing``; raises ``ValueError`` for features that do not exist."""
    features = preprocessing.get("features", MEAN_MFCC)
    if features == LOG_MEL:
        return FrontEnd(log_mel.to_input, log_mel.LEAD_S)
    if features == MEAN_MFCC:
        mean, std = float(preprocessing["mean"]), float(preprocessing["std"])
        return FrontEnd(functools.partial(mfcc.to_input, mean=mean, std=std), mfcc.SKIPPED_S)
    raise ValueError(f"There are no speech features '{features}'; there are {LOG_MEL} and {MEAN_MFCC}.")
