"""The analysis pipeline: from a recording to four timelines.

Every stream is decoded once. One face pass over the sampled frames feeds facial expression, eye emotion and gaze,
each in its own thread behind a bounded queue. Voice activity detection and speech emotion run in parallel. A recogniser
that fails is reported with its reason and does not affect the others.

Importing this module is cheap: PyAV, OpenCV and the networks are loaded when a recording is analysed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from analysis import reasons
from ml.class_prior import ClassPrior
from ml.gaps import STILL_PICTURE
from ml.media.errors import MediaError
from ml.modalities import EYE_GAZE, MODALITIES, SPEECH_EMOTION
from ml.thread_limits import limit_threads
from ml.timeline import Timeline

if TYPE_CHECKING:
    from ml.artifacts import Artifact
    from ml.media.info import MediaInfo
    from ml.offline.face_runners import FaceRunner
    from ml.offline.person_seen import PersonSeen
    from ml.offline.speech_runner import SpeechRunner
    from ml.offline.video_pass import VideoPass

__all__ = [
    "AnalysisStopped",
    "MediaError",
    "ModalityAnalysis",
    "ModelRef",
    "Options",
    "Progress",
    "RecordingAnalysis",
    "analyze_recording",
]

PROGRESS_EVERY_S: Final = 0.25
HASHED_AT_ONCE: Final = 16 * 1024 * 1024


@dataclass(frozen=True)
class Options:
    """``fps``: frames analysed per second of the recording. ``gaze_calibration``: parameters of the session
    from ``ml.eye_gaze.calibration``; without them the session's center is estimated. Without ``needs_picture``, sound
    alone is analysed as well. ``person``: ``second`` and ``box`` of the recruiter's choice
    (:class:`ml.faces.candidate.PersonAt`); without it the rule chooses. ``modalities``: what may be read; the others
    are not computed, and without one that is read from the face no face is searched for. ``corrects_prior``: facial
    expressions are corrected for how often they occur in conversation (:mod:`ml.class_prior`)."""

    fps: float = 10.0
    gaze_calibration: Mapping[str, Any] | None = None
    needs_picture: bool = True
    person: Mapping[str, Any] | None = None
    modalities: tuple[str, ...] = MODALITIES
    corrects_prior: bool = True


@dataclass(frozen=True)
class Progress:
    """``stage`` as text; ``fraction`` 0..1, never decreasing."""

    stage: str
    fraction: float


@dataclass(frozen=True)
class ModelRef:
    """The model version that made a timeline."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class ModalityAnalysis:
    """The result of one modality. ``available`` is False only if nothing could be measured.

    ``reason`` is then the cause as a sentence. Otherwise it is empty, or names a limit of the measurement. ``model`` is
    None when none was used. ``class_prior`` is the one that the probabilities were corrected for.
    """

    timeline: Timeline
    available: bool
    reason: str
    model: ModelRef | None
    class_prior: ClassPrior | None = None


@dataclass(frozen=True)
class RecordingAnalysis:
    """The pipeline's results, ``modalities`` in the order of :data:`ml.modalities.MODALITIES`; what was not to be read
    is missing.

    ``shadows``: the results of the shadow versions on the same frames and audio, by modality.
    ``timing``: wall_s, realtime_factor, and the processor seconds of each part in its thread. ``faces``:
    max_simultaneous, and visible_s and visible_share of the candidate's face. ``frames``: how many frames were sampled.
    ``notes``: sentences for the recruiter on the recording as a whole. ``people``: whom the recording shows, the
    candidate among them. ``narrow_band``: see :mod:`ml.voice.bandwidth`.
    """

    info: MediaInfo
    sha256: str | None
    modalities: dict[str, ModalityAnalysis]
    timing: dict[str, float]
    faces: dict[str, float]
    frames: int = 0
    shadows: dict[str, ModalityAnalysis] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    people: tuple[PersonSeen, ...] = ()
    narrow_band: bool = False


class AnalysisStopped(Exception):
    """The analysis was stopped by ``should_stop``."""


def never() -> bool:
    return False


def analyze_recording(
    path: str | Path,
    *,
    options: Options | None = None,
    models: Mapping[str, Path] | None = None,
    shadows: Mapping[str, Path] | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = never,
) -> RecordingAnalysis:
    """Analyse one recording; raises :class:`MediaError` and :class:`AnalysisStopped`.

    ``models`` maps each modality to the folder of its version; a missing modality is reported as unavailable. Without
    ``models`` the shipped defaults are used. ``shadows`` maps modalities to a second version, which gets the same
    frames and audio in the same pass; its failures do not affect the analysis.

    ``progress`` is called at most about four times a second, from the calling thread. ``should_stop`` is called
    several times a second, from several threads.
    """
    limit_threads()
    import cv2

    from ml.faces.candidate import PersonAt
    from ml.media.notes import media_notes
    from ml.offline.face_runners import FACE_MODALITIES, face_runner
    from ml.offline.people_notes import people_notes
    from ml.offline.people_seen import people_seen
    from ml.offline.speech_runner import SpeechRunner
    from ml.offline.video_pass import VideoPass
    from ml.track_selection import recording_info

    started = time.perf_counter()
    cv2.setNumThreads(1)  # the pipeline's own threads are its parallelism
    report = _Reporter(progress, should_stop)
    report("Opening the recording", 0.0)
    options = options or Options()
    info = recording_info(path, needs_picture=options.needs_picture)
    duration_s = info.duration_s
    sha256 = _sha256(Path(path), report)
    faces = [key for key in FACE_MODALITIES if key in options.modalities]
    reads_voice = info.has_audio and SPEECH_EMOTION in options.modalities
    runner_of = partial(
        face_runner, calibration=options.gaze_calibration, fps=options.fps, corrects_prior=options.corrects_prior
    )
    runners = [runner_of(key, _finder(key, models)) for key in faces]
    shadow_runners = [runner_of(key, _finder(key, shadows)) for key in faces if key in (shadows or {})]
    chosen = PersonAt(options.person["second"], tuple(options.person["box"])) if options.person else None
    video = VideoPass([*runners, *shadow_runners], path, info, fps=options.fps, chosen=chosen)
    speech = SpeechRunner(
        path,
        info,
        check=report.check,
        find=_finder(SPEECH_EMOTION, models),
        find_shadow=_finder(SPEECH_EMOTION, shadows) if SPEECH_EMOTION in (shadows or {}) else None,
    )

    def progress_to(second: float) -> None:
        report("Reading face, eyes and voice", 0.02 + 0.92 * min(1.0, second / duration_s))

    try:
        if reads_voice:
            speech.start()
        if faces:
            video.run(progress=progress_to)
        report("Listening to the end", 0.95)
        speech.finish()
        voice = speech.analysis.voice if speech.analysis is not None else ()
        if faces:
            video.choose(voice, progress=lambda second: report("Reading the candidate's face", 0.97))
        speech.attribute(video.candidate.mouth, video.candidate.others)
    except BaseException:
        report.stop()
        for runner in (*runners, *shadow_runners):
            runner.cancel()
        raise
    report("Putting the results together", 0.99)
    results = {runner.modality: _face_result(runner, video, duration_s) for runner in runners}
    if SPEECH_EMOTION in options.modalities:
        results[SPEECH_EMOTION] = _speech_result(speech, info)
    shadow_results = {runner.modality: _face_result(runner, video, duration_s) for runner in shadow_runners}
    if SPEECH_EMOTION in options.modalities and SPEECH_EMOTION in (shadows or {}):
        shadow_results[SPEECH_EMOTION] = _speech_shadow_result(speech, info)
    people = people_seen(video.people, video.candidate)
    wall_s = time.perf_counter() - started
    timing = {
        "wall_s": wall_s,
        "realtime_factor": duration_s / wall_s,
        "decode_s": video.decode_s,
        "faces_s": video.faces_s,
        "cuts_s": video.cuts_s,
        "speech_emotion_s": speech.busy_s,
        **{f"{runner.modality}_s": runner.busy_s for runner in runners},
    }
    return RecordingAnalysis(
        info=info,
        sha256=sha256,
        modalities={key: results[key] for key in MODALITIES if key in results},
        timing={key: round(value, 3) for key, value in timing.items()},
        faces={
            "max_simultaneous": video.max_simultaneous,
            "visible_s": round(video.candidate.seen_s, 3),
            "visible_share": round(min(1.0, video.candidate.seen_s / duration_s), 4),
        },
        frames=video.frames,
        shadows=shadow_results,
        notes=(
            *media_notes(info, picture_damage=video.damage.spans, sound_damage=speech.damage.spans),
            *people_notes(
                people,
                still=dict(video.candidate.causes).get(STILL_PICTURE, ()),
                duration_s=duration_s,
                was_chosen=chosen is not None,
                is_chosen=video.candidate.is_chosen,
            ),
            *_channel_notes(speech, info),
        ),
        people=people,
        narrow_band=speech.analysis is not None and speech.analysis.narrow_band,
    )


def _finder(modality: str, folders: Mapping[str, Path] | None) -> Callable[[], Artifact]:
    """A loader of the modality's version, called in the recogniser's thread, so that a failure affects it alone."""
    from ml import artifacts

    if folders is None:
        return partial(artifacts.find, modality)
    folder = folders.get(modality)
    if folder is None:
        return partial(_refuse, artifacts.ModelUnavailable("it is out of service; its model version says why"))
    return partial(artifacts.at, folder)


def _refuse(error: Exception) -> NoReturn:
    raise error


def _sha256(path: Path, report: _Reporter) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASHED_AT_ONCE):
            digest.update(block)
            report("Opening the recording", 0.01)
    return digest.hexdigest()


class _Reporter:
    """Forwards progress at a limited rate, and checks whether to stop."""

    def __init__(self, progress: Callable[[Progress], None] | None, should_stop: Callable[[], bool]) -> None:
        self._progress = progress
        self._should_stop = should_stop
        self._stopped = False
        self._last: Progress | None = None
        self._last_at = 0.0

    def __call__(self, stage: str, fraction: float) -> None:
        self.check()
        now = time.perf_counter()
        is_new_stage = self._last is None or self._last.stage != stage
        if self._progress is not None and (is_new_stage or now - self._last_at >= PROGRESS_EVERY_S):
            self._last, self._last_at = Progress(stage, fraction), now
            self._progress(self._last)

    def check(self) -> None:
        """Raises :class:`AnalysisStopped` when ``should_stop`` returns true."""
        if self._stopped or self._should_stop():
            self._stopped = True
            raise AnalysisStopped

    def stop(self) -> None:
        """Make the other threads end as well."""
        self._stopped = True


def _face_result(runner: FaceRunner[Any], video: VideoPass, duration_s: float) -> ModalityAnalysis:
    """The candidate's timeline of one modality, with the reason where little or nothing could be read."""
    problem = video.problem or runner.problem
    if problem:
        return _unavailable(runner.modality, runner.labels, problem)
    candidate = video.candidate
    timeline = runner.timeline(candidate, duration_s=duration_s, causes=video.causes)
    if candidate.person is None:
        reason = reasons.ONLY_STILL if video.people else reasons.NO_FACE
        return ModalityAnalysis(timeline, False, reason, None)
    part = "eyes" if runner.modality == EYE_GAZE else "face"
    unread = {reason: gap_s / duration_s for reason, gap_s in timeline.gap_seconds().items()}
    if not timeline.observed_s:
        return ModalityAnalysis(timeline, False, reasons.face_unread(part, unread=unread), None)
    reason = reasons.face_read(
        part,
        visible=candidate.seen_s / duration_s,
        read=timeline.coverage(duration_s),
        unread=unread,
        notice=runner.notice,
    )
    return ModalityAnalysis(timeline, True, reason, _model_ref(runner.artifact), runner.class_prior)


def _speech_result(speech: SpeechRunner, info: MediaInfo) -> ModalityAnalysis:
    problem = speech.problem if info.has_audio else reasons.NO_AUDIO
    if problem or speech.analysis is None:
        return _unavailable(speech.modality, speech.labels, problem)
    found = speech.analysis
    return ModalityAnalysis(
        found.timeline, bool(found.timeline.observations), _speech_reason(speech), _model_ref(found.artifact)
    )


def _speech_shadow_result(speech: SpeechRunner, info: MediaInfo) -> ModalityAnalysis:
    problem = speech.problem or speech.shadow_problem if info.has_audio else reasons.NO_AUDIO
    found = speech.analysis
    if problem or found is None or found.shadow is None:
        return _unavailable(speech.modality, speech.labels, problem)
    return ModalityAnalysis(
        found.shadow, bool(found.shadow.observations), _speech_reason(speech), _model_ref(found.shadow_artifact)
    )


def _speech_reason(speech: SpeechRunner) -> str:
    found = speech.analysis
    if found is None:
        return ""
    return reasons.speech_read(
        is_silent=found.is_silent,
        speech_s=found.speech_s,
        classified_s=found.timeline.observed_s,
        musical_s=found.musical_s,
        background_s=found.background_s,
        narrow_band=found.narrow_band,
        other_s=speech.speakers.attribution.other_s,
        unknown_s=speech.speakers.attribution.unknown_s,
    )


def _channel_notes(speech: SpeechRunner, info: MediaInfo) -> list[str]:
    if not speech.speakers.channels or info.audio is None:
        return []
    speakers = speech.speakers
    return [reasons.separate_channels(channels=speakers.channels, read=speakers.channel, of=info.audio.channels)]


def _unavailable(modality: str, labels: tuple[str, ...], reason: str) -> ModalityAnalysis:
    return ModalityAnalysis(Timeline(modality, labels), False, reason, None)


def _model_ref(artifact: Artifact | None) -> ModelRef | None:
    if artifact is None:
        return None
    return ModelRef(artifact.manifest.name, artifact.manifest.version, artifact.manifest.sha256)
