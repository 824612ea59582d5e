"""Runner of voice activity detection and speech emotion on a recording's sound, in a thread beside the face pass."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from ml.arrays import Float32
from ml.faces.mouth import MouthMovement
from ml.failures import recognizer_failure
from ml.gaps import DAMAGED, SOUND_MISSING
from ml.media.audio import sound_chunks
from ml.media.damage import Damage
from ml.media.downmix import Downmix
from ml.media.info import MediaInfo
from ml.modalities import SPEECH_EMOTION
from ml.offline.face_runners import FindArtifact
from ml.offline.gaps import Cause
from ml.offline.speakers import Sound, Speakers, find_speakers, speech_gaps
from ml.offline.threads import WAIT_S
from ml.recognizers import RECOGNIZERS
from ml.speech_emotion.analyzer import SOUND_RATE, SpeechAnalysis, SpeechAnalyzer
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.channels import ChannelLevels


class SpeechRunner:
    """Runs the speech recogniser on the sound of one recording.

    ``analysis`` is there after :meth:`finish`, unless ``problem`` says why it is not. It is about all voices until
    :meth:`attribute` has reduced it to the candidate's; ``speakers`` says whose speech there is.
    """

    modality = SPEECH_EMOTION
    labels = RECOGNIZERS[SPEECH_EMOTION].labels

    def __init__(
        self,
        path: str | Path,
        info: MediaInfo,
        *,
        check: Callable[[], None],
        find: FindArtifact,
        find_shadow: FindArtifact | None = None,
    ) -> None:
        """``check`` is called for every second of sound and may raise to cancel. ``find_shadow`` finds a second version
        that runs on the same windows, and whose failure affects nothing else."""
        self.busy_s = 0.0
        self.analysis: SpeechAnalysis | None = None
        self.problem = ""
        self.damage = Damage()
        self._path, self._info, self._check = path, info, check
        self._find, self._find_shadow = find, find_shadow
        self.speakers = Speakers()
        self._levels = ChannelLevels(SOUND_RATE)
        self._thread = threading.Thread(target=self._run, name=self.modality, daemon=True)
        self.start = self._thread.start

    @property
    def shadow_problem(self) -> str:
        """Why the shadow failed, as a sentence, or empty. Logs the error: ask once."""
        error = self.analysis.shadow_error if self.analysis is not None else None
        return "" if error is None else recognizer_failure(self.modality, error)

    @property
    def causes(self) -> list[Cause]:
        """Why stretches of the recording have no sound, for :func:`ml.offline.gaps.merge_gaps`. Call it after
        :meth:`finish`."""
        missing = self._info.audio.missing if self._info.audio is not None else ()
        return [(DAMAGED, self.damage.spans), (SOUND_MISSING, missing)]

    def finish(self) -> None:
        """Waits for the end of the sound. ``check`` may raise meanwhile."""
        while self._thread.is_alive():
            self._thread.join(WAIT_S)
            self._check()

    def attribute(self, mouth: MouthMovement, others: Sequence[MouthMovement]) -> None:
        """Reduces the analysis to the speech of the candidate, who has this ``mouth``; ``others`` are the mouths of
        other people in view. Where somebody else speaks, too, the candidate's speech is classified anew, by itself. The
        unread time becomes gaps. ``check`` may raise meanwhile."""
        if self.analysis is None:
            return
        started = time.thread_time()
        try:
            self._attribute(self.analysis, mouth, others)
        except Exception as error:
            self._check()
            self.analysis, self.problem = None, recognizer_failure(self.modality, error)
        self.busy_s += time.thread_time() - started

    def _attribute(self, found: SpeechAnalysis, mouth: MouthMovement, others: Sequence[MouthMovement]) -> None:
        sound = partial(self._channel, rate_hz=VOICE_RATE)
        self.speakers = find_speakers(found, self._levels, mouth, sound, others)
        attribution = self.speakers.attribution
        if not attribution.is_one_voice:
            channel = self.speakers.channel
            own_sound = self._mixed() if channel is None else self._channel(channel, rate_hz=SOUND_RATE)
            own = self._analyzer().analyze(own_sound, self._info.duration_s, speech=attribution.candidate)
            # What was measured of the sound as a whole stays.
            found = replace(
                own, is_silent=found.is_silent, background_s=found.background_s, voice=found.voice, music=found.music
            )
        gaps = speech_gaps(found, attribution, self.causes, duration_s=self._info.duration_s)
        self.analysis = replace(found, timeline=replace(found.timeline, gaps=gaps))

    def _run(self) -> None:
        started = time.thread_time()
        try:
            self.analysis = self._analyzer().analyze(self._mixed(self._levels.add), self._info.duration_s)
        except Exception as error:
            self.problem = recognizer_failure(self.modality, error)
        self.busy_s = time.thread_time() - started

    def _analyzer(self) -> SpeechAnalyzer:
        find_shadow, load = self._find_shadow, RECOGNIZERS[self.modality].load
        return SpeechAnalyzer(load(self._find()), shadow=None if find_shadow is None else lambda: load(find_shadow()))

    def _mixed(self, measure: Callable[[float, Float32], None] = lambda start_s, channels: None) -> Sound:
        """All channels mixed into one. ``measure`` is called with each chunk before."""
        downmix = Downmix(SOUND_RATE)
        for start_s, channels in self._channels(SOUND_RATE):
            measure(start_s, channels)
            yield start_s, downmix(channels)

    def _channel(self, channel: int, *, rate_hz: int) -> Sound:
        for start_s, channels in self._channels(rate_hz):
            yield start_s, np.ascontiguousarray(channels[:, channel])

    def _channels(self, rate_hz: int) -> Iterator[tuple[float, Float32]]:
        for chunk in sound_chunks(self._path, self._info, rate_hz=rate_hz, damage=self.damage):
            self._check()
            yield chunk
