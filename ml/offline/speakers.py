"""Whose speech it is: channels first, then the voices within one, each by the movement of the candidate's mouth."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ml.arrays import Samples
from ml.faces.mouth import MouthMovement
from ml.gaps import MUSIC, OTHER_PERSON, SILENCE, SPEAKER_UNKNOWN, TOO_SHORT
from ml.offline.gaps import Cause, merge_gaps
from ml.spans import Span, union
from ml.speech_emotion.analyzer import SpeechAnalysis
from ml.timeline import Gap
from ml.voice.activity import speech_segments
from ml.voice.attribution import Attribution, attribute_channels, attribute_voices
from ml.voice.channels import ChannelLevels
from ml.voice.timbre import VoiceFrames

Sound = Iterator[tuple[float, Samples]]
"""Chunks (start in seconds, mono samples), in order."""


@dataclass(frozen=True, slots=True)
class Speakers:
    """The ``attribution`` of the speech. Where people talk in separate channels, ``channels`` are theirs, counted from
    0, and ``channel`` is the candidate's, None if it cannot be determined."""

    attribution: Attribution = field(default_factory=Attribution)
    channels: tuple[int, ...] = ()
    channel: int | None = None


def find_speakers(
    found: SpeechAnalysis,
    levels: ChannelLevels,
    mouth: MouthMovement,
    sound: Callable[[int], Sound],
    others: Sequence[MouthMovement] = (),
) -> Speakers:
    """Of a recording whose voices ``found`` are of all channels together. ``levels`` are those of the channels.
    ``mouth`` is the candidate's, ``others`` are those of other people in view. ``sound`` decodes a channel at the rate
    of :mod:`ml.voice.activity`, which is needed only where people talk in separate channels."""
    return attribute(found.voice, found.frames, separate_voices(found.voice, levels, sound), mouth, others)


def separate_voices(
    voice: Sequence[Span], levels: ChannelLevels, sound: Callable[[int], Sound]
) -> dict[int, list[Span]]:
    """The segments of each channel's own speech where people talk in separate channels, otherwise empty. ``voice`` are
    those of all channels together."""
    voices = {channel: speech_segments(sound(channel)) for channel in levels.voices(voice)}
    own = {channel: levels.own(channel, segments, voice) for channel, segments in voices.items() if segments}
    return own if len(own) > 1 else {}


def attribute(
    voice: Sequence[Span],
    frames: VoiceFrames,
    own: Mapping[int, Sequence[Span]],
    mouth: MouthMovement,
    others: Sequence[MouthMovement] = (),
) -> Speakers:
    """Of all segments of ``voice`` activity, their ``frames``, and the segments of each channel's ``own`` speech.
    ``mouth`` and ``others`` as :func:`find_speakers`."""
    if not own:
        tracks = [(other.times_s, other.openness) for other in others]
        return Speakers(attribute_voices(voice, frames, mouth.times_s, mouth.openness, tracks))
    channel = attribute_channels(own, frames, mouth.times_s, mouth.openness)
    if channel is None:
        return Speakers(Attribution(unknown=tuple(union(voice))), tuple(own))
    theirs = union(span for other, spans in own.items() if other != channel for span in spans)
    return Speakers(Attribution(tuple(own[channel]), other=tuple(theirs)), tuple(own), channel)


def speech_gaps(
    found: SpeechAnalysis, attribution: Attribution, causes: Sequence[Cause], *, duration_s: float
) -> tuple[Gap, ...]:
    """Why the rest of the time has no reading. ``causes``: stretches without sound; they come first."""
    read = [(observation.start_s, observation.end_s) for observation in found.timeline.observations]
    heard: list[Cause] = [
        (OTHER_PERSON, attribution.other),
        (SPEAKER_UNKNOWN, attribution.unknown),
        (MUSIC, found.music),
        (TOO_SHORT, attribution.candidate),
    ]
    return merge_gaps(read, [*causes, *heard], duration_s=duration_s, rest=SILENCE)
