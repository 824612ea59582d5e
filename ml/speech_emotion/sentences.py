"""Sentences for recruiters about the sound of a recording, shown beside the coverage of its speech."""

import math
from typing import Final

from ml.speech_emotion.stream import StreamRecognizer
from ml.timeline import Timeline
from ml.voice.activity import SILENT_PEAK

ENOUGH_SPEECH_S: Final = 10.0
"""With less speech than this the metrics of the voice are not computed, and the reason says so."""

NARROW_BAND: Final = "The sound is narrow-band (as on a telephone): the upper half of the voice is missing."

_NOTHING_S: Final = 1e-6  # what rounding leaves when all speech was music


def reason(stream: StreamRecognizer, timeline: Timeline) -> str:
    """What has to be known to read the result, as sentences; empty when the sound was good and the speech enough."""
    sentences = [_speech_sentence(stream, timeline)]
    if stream.speech_s >= _NOTHING_S:
        if stream.musical_s:
            sentences.append(f"{stream.musical_s:.1f} s of singing, music or tones were left out.")
        if stream.background_s:
            sentences.append(f"{stream.background_s:.1f} s of other sound were nearly as loud as the speech.")
        if stream.narrow_band:
            sentences.append(NARROW_BAND)
    return " ".join(sentence for sentence in sentences if sentence)


def _speech_sentence(stream: StreamRecognizer, timeline: Timeline) -> str:
    if stream.peak < SILENT_PEAK:
        return "The audio track is silent."
    speech_s = stream.speech_s
    if speech_s < _NOTHING_S:
        if stream.musical_s:
            return f"No speech was found, only {stream.musical_s:.1f} s of singing, music or tones."
        if stream.background_s:
            return f"No speech was found, only {stream.background_s:.1f} s of other sound."
        return "No speech was found."
    if not timeline.observations:
        return f"Only {speech_s:.1f} s of speech were found, in pieces too short to read an emotion from."
    if timeline.observed_s < ENOUGH_SPEECH_S:
        return (
            f"Only {math.floor(timeline.observed_s * 10) / 10:.1f} s of speech were found; "
            f"what depends on the voice needs {ENOUGH_SPEECH_S:.0f} s."
        )
    return ""
