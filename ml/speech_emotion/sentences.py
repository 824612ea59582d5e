"""What is said about the sound of a recording, beside the coverage of its speech."""

import math
from typing import Final

from ml.speech_emotion.listener import Listener
from ml.timeline import Timeline
from ml.voice.activity import SILENT_PEAK

ENOUGH_SPEECH_S: Final = 10.0
"""With less speech than this the metrics of the voice are not computed, and the reason says so."""

NARROW_BAND: Final = "The sound is narrow-band (as on a telephone): the upper half of the voice is missing."

_NOTHING_S: Final = 1e-6  # what rounding leaves when all speech was music


def reason(heard: Listener, timeline: Timeline) -> str:
    """What has to be known to read the result, as sentences; empty when there is nothing to say."""
    said = [_about_speech(heard, timeline)]
    if heard.musical_s and heard.speech_s >= _NOTHING_S:
        said.append(f"{heard.musical_s:.1f} s of singing, music or tones were left out.")
    if heard.other_s and heard.speech_s >= _NOTHING_S:
        said.append(f"{heard.other_s:.1f} s of other sound were nearly as loud as the speech.")
    if heard.narrow_band and heard.speech_s >= _NOTHING_S:
        said.append(NARROW_BAND)
    return " ".join(sentence for sentence in said if sentence)


def _about_speech(heard: Listener, timeline: Timeline) -> str:
    if heard.peak < SILENT_PEAK:
        return "The audio track is silent."
    speech_s = heard.speech_s
    if speech_s < _NOTHING_S:
        if heard.musical_s:
            return f"No speech was found, only {heard.musical_s:.1f} s of singing, music or tones."
        if heard.other_s:
            return f"No speech was found, only {heard.other_s:.1f} s of other sound."
        return "No speech was found."
    if not timeline.observations:
        return f"Only {speech_s:.1f} s of speech were found, in pieces too short to read an emotion from."
    if timeline.observed_s < ENOUGH_SPEECH_S:
        return (
            f"Only {math.floor(timeline.observed_s * 10) / 10:.1f} s of speech were found; "
            f"what depends on the voice needs {ENOUGH_SPEECH_S:.0f} s."
        )
    return ""
