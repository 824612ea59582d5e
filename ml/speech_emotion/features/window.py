"""The window of sound that every front end takes: three seconds of mono speech at 22,050 Hz."""

from typing import Final

from ml.arrays import Samples
from ml.voice.windows import WINDOW_S

SAMPLE_RATE: Final = 22_050
WINDOW_SAMPLES: Final = int(SAMPLE_RATE * WINDOW_S)


def checked(samples: Samples, count: int = WINDOW_SAMPLES) -> Samples:
    """The samples; raises ``ValueError`` where they are not (``count``,)."""
    if samples.shape != (count,):
        raise ValueError(f"A window of speech has {count} samples, not {samples.shape}.")
    return samples
