"""Runner of voice activity detection and speech emotion on a recording's sound, in a thread beside the face pass."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ml.arrays import Samples
from ml.failures import recognizer_failure
from ml.gaps import DAMAGED, SOUND_MISSING
from ml.media.audio import audio_chunks
from ml.media.damage import Damage
from ml.media.info import MediaInfo
from ml.modalities import SPEECH_EMOTION
from ml.offline.face_runners import FindArtifact
from ml.offline.gaps import Cause
from ml.offline.threads import WAIT_S
from ml.recognizers import RECOGNIZERS

if TYPE_CHECKING:
    from ml.speech_emotion.analyzer import SpeechAnalysis


class SpeechRunner:
    """Runs the speech recogniser on the sound of one recording. ``analysis`` is there after ``finish``, unless
    ``problem`` says why it is not."""

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

    def _run(self) -> None:
        started = time.perf_counter()
        try:
            from ml.speech_emotion.analyzer import SpeechAnalyzer

            find_shadow, load = self._find_shadow, RECOGNIZERS[self.modality].load
            analyzer = SpeechAnalyzer(
                load(self._find()), shadow=None if find_shadow is None else lambda: load(find_shadow())
            )
            self.analysis = analyzer.analyze(self._chunks(), self._info.duration_s)
        except Exception as error:
            self.problem = recognizer_failure(self.modality, error)
        self.busy_s = time.perf_counter() - started

    def _chunks(self) -> Iterator[tuple[float, Samples]]:
        from ml.speech_emotion.analyzer import SOUND_RATE

        for chunk in audio_chunks(self._path, self._info, rate_hz=SOUND_RATE, damage=self.damage):
            self._check()
            yield chunk
