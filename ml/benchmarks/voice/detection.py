"""Voice activity and music detection on a piece of sound, as in serving."""

from dataclasses import dataclass
from typing import Final

from ml.arrays import Samples
from ml.voice.activity import SAMPLE_RATE, VoiceActivity
from ml.voice.music import is_musical
from ml.voice.resampling import StreamResampler
from ml.voice.windows import Span, WindowPlanner

_CHUNK_S: Final = 0.1


@dataclass(frozen=True)
class Detection:
    """The ``speech`` found in a piece of sound, and of its windows how many would be ``classified`` and how many are
    ``musical``."""

    speech: tuple[Span, ...]
    classified: int
    musical: int

    @property
    def windows(self) -> int:
        return self.classified + self.musical


def detect(samples: Samples, rate_hz: int) -> Detection:
    """Of sound (n,), fed in tenths of a second."""
    voice, to_voice, planner = VoiceActivity(), StreamResampler(rate_hz, SAMPLE_RATE), WindowPlanner()
    speech: list[Span] = []
    step = round(_CHUNK_S * rate_hz)
    for at in range(0, samples.size, step):
        voice.feed(to_voice.feed(samples[at : at + step]))
        speech += voice.take()[0]
    voice.feed(to_voice.flush())
    speech += voice.finish()
    for span in speech:
        planner.add(span)
    musical = [
        is_musical((samples[round(start * rate_hz) : round(end * rate_hz)] for start, end in window.speech), rate_hz)
        for window in planner.take()
    ]
    return Detection(tuple(speech), len(musical) - sum(musical), sum(musical))
