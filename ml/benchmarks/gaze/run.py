"""The gaze benchmark: renders people with known gaze, and measures them with the recogniser as a recording is measured.

Every person under every condition is one session: nine targets for the calibration, then looks at all areas with
blinks between. The same frames are labelled calibrated, uncalibrated and by the paper's rule. The people of the
development half, on whom parameters are chosen, come from every other recording. The reported half is the shipped
portrait and the people of the remaining recordings.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from ml.artifacts import Artifact
from ml.benchmarks.gaze import paper_rule
from ml.benchmarks.gaze.angles import TurnedLook, angle_errors, turned_looks
from ml.benchmarks.gaze.ground_truth import GazeFrame, GazeSession
from ml.benchmarks.gaze.metrics import STEADY, metrics
from ml.benchmarks.rendering import gaze_sessions, portraits
from ml.benchmarks.rendering.gaze_conditions import CONDITIONS, Condition
from ml.benchmarks.rendering.gaze_sessions import FPS, Identity
from ml.eye_gaze.parameters import Parameters, load
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.faces.iris import IrisNetwork
from ml.media.video import Frame
from ml.timeline import UNKNOWN
from ml.training.errors import TrainingError

SEED: Final = 20
PEOPLE: Final = 4


class BenchmarkError(TrainingError):
    """The benchmark cannot be run. ``str(error)`` is a sentence."""


@dataclass(frozen=True)
class BenchmarkResult:
    """``metrics`` as ``benchmark_gaze --json`` writes them, and the sessions that the areas were scored on."""

    metrics: dict[str, Any]
    sessions: tuple[GazeSession, ...]


def benchmark(
    *,
    artifact: Artifact,
    videos: Path | None,
    chosen_on: bool = False,
    conditions: Sequence[Condition] = CONDITIONS,
    people_at_most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> BenchmarkResult:
    """Renders, measures and scores. Raises :class:`BenchmarkError` and :class:`ml.artifacts.ModelUnavailable`."""
    parameters = load(artifact)
    if videos is not None and not videos.is_dir():
        raise BenchmarkError(f"There is no folder {videos}.")
    everyone = people(videos, chosen_on=chosen_on)[:people_at_most]
    sessions = measure(everyone, artifact=artifact, conditions=conditions, progress=progress)
    return result_of(sessions, measure_turned(everyone, artifact), artifact, parameters, chosen_on=chosen_on)


def result_of(
    sessions: Sequence[GazeSession],
    looks: Sequence[TurnedLook],
    artifact: Artifact,
    parameters: Parameters,
    *,
    chosen_on: bool = False,
) -> BenchmarkResult:
    """The result for sessions and looks of turned heads that were measured before."""
    head = {
        "version": artifact.manifest.version,
        "sha256": artifact.manifest.sha256,
        "seed": SEED,
        "half": "chosen on" if chosen_on else "reported",
    }
    return BenchmarkResult(head | metrics(sessions, parameters) | {"angles": angle_errors(looks)}, tuple(sessions))


def conditions_named(names: Sequence[str] | None) -> Sequence[Condition]:
    """The conditions of these names, all of them by default. Raises :class:`BenchmarkError`."""
    by_name = {condition.name: condition for condition in CONDITIONS}
    unknown = [name for name in names or () if name not in by_name]
    if unknown:
        raise BenchmarkError(f"There is no condition '{unknown[0]}'; there are {', '.join(by_name)}.")
    return [by_name[name] for name in names] if names else CONDITIONS


def people(videos: Path | None, *, chosen_on: bool) -> list[Identity]:
    """The people of one half: the development half comes from recordings alone. Raises :class:`BenchmarkError`."""
    paths = sorted(p for p in videos.iterdir() if p.suffix in (".mp4", ".mov")) if videos is not None else []
    faces: list[portraits.Portrait] = []
    for path in paths:
        face = portraits.from_recording(path)
        # Two copies of a recording, say with and without its sound, would put one person into both halves.
        if face is not None and not any(face.shows_the_same_as(other) for other in faces):
            faces.append(face)
    half = faces[::2] if chosen_on else [portraits.astronaut(), *faces[1::2]]
    if not half:
        raise BenchmarkError("The half that choices are made on comes from recordings: name a folder with --videos.")
    return gaze_sessions.identities(half, count=max(PEOPLE, len(half)), seed=SEED + chosen_on)


def measure(
    everyone: Sequence[Identity],
    *,
    artifact: Artifact | None = None,
    conditions: Sequence[Condition] = CONDITIONS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[GazeSession]:
    """Renders and measures one session per person and condition, and one steady session per person, in as many
    processes as there are processors."""
    jobs = [(person, condition, False, artifact) for person in everyone for condition in conditions]
    jobs += [(person, conditions[0], True, artifact) for person in everyone]
    sessions = []
    with _processes(len(jobs)) as pool:
        for session in pool.map(_measure_one, jobs):
            sessions.append(session)
            progress(len(sessions), len(jobs))
    return sessions


def measure_turned(everyone: Sequence[Identity], artifact: Artifact | None = None) -> list[TurnedLook]:
    """The looks of turned heads of everyone."""
    jobs = [(person, artifact) for person in everyone]
    with _processes(len(jobs)) as pool:
        return [look for looks in pool.map(_measure_turned_one, jobs) for look in looks]


def _processes(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(min(jobs, os.cpu_count() or 1), mp_context=get_context("spawn"))


def _measure_turned_one(job: tuple[Identity, Artifact | None]) -> list[TurnedLook]:
    person, artifact = job
    cv2.setNumThreads(1)
    return turned_looks(person, Recognizer(artifact), seed=_seed(person.name, "turned"))


def _seed(*names: str) -> int:
    return int(np.random.SeedSequence([SEED, *"".join(names).encode()]).generate_state(1)[0])


def _measure_one(job: tuple[Identity, Condition, bool, Artifact | None]) -> GazeSession:
    person, condition, is_steady, artifact = job
    cv2.setNumThreads(1)
    recognizer, network, faces = Recognizer(artifact), IrisNetwork(), FacePass(tiled=False)
    seed = _seed(person.name, condition.name)
    render = gaze_sessions.steady_session if is_steady else gaze_sessions.session
    frames = []
    for i, rendered in enumerate(render(person, condition, seed=seed)):
        shown = Frame(i / FPS, (i + 1) / FPS, rendered.picture)
        samples = [faces.sample(shown, seen) for seen in faces.observe(shown)]
        frames.append(
            GazeFrame(
                part=rendered.part,
                target=rendered.target,
                fixation=rendered.fixation,
                left_deg=rendered.look.left_deg,
                up_deg=rendered.look.up_deg,
                closed=rendered.look.closed,
                sample=recognizer.measure(samples[0]) if samples else None,
                paper=paper_rule.area(samples[0], network) if samples else UNKNOWN,
            )
        )
    return GazeSession(person.name, replace(condition, name=STEADY) if is_steady else condition, tuple(frames))
