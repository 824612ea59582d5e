"""Gaze measured where it is known: rendered sessions, read by the recogniser as recordings are.

Every person and condition is one session: nine dots for the calibration, then looks at all areas with blinks between.
The same frames are read calibrated, uncalibrated and by the paper's rule. What is chosen is chosen on faces of every
other recording, what is reported is measured on the shipped portrait and on faces of the recordings between.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from ml.artifacts import Artifact
from ml.benchmarks.gaze import paper_rule, stability
from ml.benchmarks.gaze.ground_truth import MODES, Named, Seen, Session, interview, name, share_of
from ml.benchmarks.rendering import gaze_sessions, portraits
from ml.benchmarks.rendering.gaze_conditions import CONDITIONS, Condition
from ml.eye_gaze.parameters import Parameters, load
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.faces.iris import IrisNetwork
from ml.media.video import Frame
from ml.timeline import UNKNOWN
from ml.training.metrics import wilson_interval

SEED: Final = 20
PEOPLE: Final = 4
SHUT, OPEN = 0.8, 0.2
"""Lids count as closed from the one and as open up to the other; between, either answer is right."""


class BenchmarkError(Exception):
    """The benchmark cannot be run; ``str(error)`` is a sentence."""


def people(videos: Path | None, *, chosen_on: bool) -> list[gaze_sessions.Identity]:
    """Who choices are made on, from recordings only, or who is reported: other faces, the portrait among them."""
    paths = sorted(p for p in videos.iterdir() if p.suffix in (".mp4", ".mov")) if videos is not None else []
    faces: list[portraits.Portrait] = []
    for path in paths:
        face = portraits.from_recording(path)
        # One recording twice, say with and without its sound, would put one person on both sides.
        if face is not None and not any(face.shows_the_same_as(other) for other in faces):
            faces.append(face)
    half = faces[::2] if chosen_on else [portraits.astronaut(), *faces[1::2]]
    if not half:
        raise BenchmarkError("The half that choices are made on comes from recordings: name a folder with --videos.")
    return gaze_sessions.identities(half, count=max(PEOPLE, len(half)), seed=SEED + chosen_on)


def observe(
    everyone: Sequence[gaze_sessions.Identity],
    *,
    artifact: Artifact | None = None,
    conditions: Sequence[Condition] = CONDITIONS,
    steady: bool = True,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[Session]:
    """Render and read every session (and for steady looks one more per person), in as many processes as processors."""
    jobs = [(person, condition, False, artifact) for person in everyone for condition in conditions]
    jobs += [(person, conditions[0], True, artifact) for person in everyone if steady]
    found = []
    with ProcessPoolExecutor(min(len(jobs), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        for session in pool.map(_observe_one, jobs):
            found.append(session)
            progress(len(found), len(jobs))
    return found


def _observe_one(job: tuple[gaze_sessions.Identity, Condition, bool, Artifact | None]) -> Session:
    person, condition, steady, artifact = job
    cv2.setNumThreads(1)
    recognizer, network, faces = Recognizer(artifact), IrisNetwork(), FacePass()
    seed = int(np.random.SeedSequence([SEED, *person.name.encode(), *condition.name.encode()]).generate_state(1)[0])
    seen = []
    made = (gaze_sessions.steady_session if steady else gaze_sessions.session)(person, condition, seed=seed)
    for i, shown in enumerate(made):
        samples = faces.observe(Frame(i / gaze_sessions.FPS, (i + 1) / gaze_sessions.FPS, shown.picture))
        look = shown.look
        seen.append(
            Seen(
                shown.part,
                shown.target,
                shown.fixation,
                look.left_deg,
                look.up_deg,
                look.closed,
                recognizer.read(samples[0]) if samples else None,
                paper_rule.area(samples[0], network) if samples else UNKNOWN,
            )
        )
    return Session(person.name, replace(condition, name="steady") if steady else condition, tuple(seen))


def result(found: Sequence[Session], parameters: Parameters) -> dict[str, Any]:
    """All figures, as ``benchmark_gaze --json`` writes them. Shares are 0..1; intervals are Wilson's, 95 %, with looks
    as their number: the frames of one look are alike."""
    looking = [s for s in found if s.condition.name != "steady"]
    modes = {mode: [name(s, parameters, calibrated=mode == "calibrated") for s in looking] for mode in MODES}
    names = list(dict.fromkeys(s.condition.name for s in looking))
    by_condition = {}
    for condition in names:
        here = [i for i, s in enumerate(looking) if s.condition.name == condition]
        by_condition[condition] = _accuracies(
            [looking[i] for i in here], {m: [v[i] for i in here] for m, v in modes.items()}
        )
    return {
        "people": len({s.person for s in looking}),
        "sessions": len(looking),
        "frames": sum(len(s.seen) for s in found),
        "all": _accuracies(looking, modes),
        "conditions": by_condition,
        "blinks": _blinks(looking, modes["uncalibrated"])
        | {"recall_by_condition": _blink_recalls(looking, modes["uncalibrated"])},
    } | stability.figures([s for s in found if s.condition.name == "steady"], parameters)


def _accuracies(found: Sequence[Session], modes: dict[str, list[Named]]) -> dict[str, Any]:
    said = {mode: [[o.label if o else UNKNOWN for o in n.observations] for n in named] for mode, named in modes.items()}
    said["paper"] = [[s.paper for s in interview(session)] for session in found]
    figures: dict[str, Any] = {mode: _accuracy(found, labels) for mode, labels in said.items()}
    fits = [n.calibration for n in modes["calibrated"] if n.calibration]
    figures["calibrated"] |= {
        "refused": sum(bool(n.refused) for n in modes["calibrated"]),
        "left_out_error_deg": round(float(np.mean([c.error_deg for c in fits])), 2) if fits else None,
    }
    return figures


def _accuracy(found: Sequence[Session], said: Iterable[Sequence[str]]) -> dict[str, Any]:
    hits = frames = 0
    looks = set()
    for number, (session, labels) in enumerate(zip(found, said, strict=True)):
        for seen, label in zip(interview(session), labels, strict=True):
            if seen.part == "look":
                frames += 1
                hits += label == seen.target
                looks.add((number, seen.fixation))
    share = hits / max(1, frames)
    return {
        "accuracy": round(share, 4),
        "interval": [round(bound, 4) for bound in wilson_interval(round(share * len(looks)), len(looks))],
        "frames": frames,
        "looks": len(looks),
    }


def _blinks(found: Sequence[Session], named: Sequence[Named]) -> dict[str, Any]:
    """Frames with closed eyes against frames called ``unknown``; open eyes in every look count as not closed."""
    right = missed = wrong = 0
    for session, said in zip(found, named, strict=True):
        for seen, observation in zip(interview(session), said.observations, strict=True):
            unknown = observation is None or observation.label == UNKNOWN
            right += unknown and seen.closed >= SHUT
            missed += not unknown and seen.closed >= SHUT
            wrong += unknown and seen.closed <= OPEN
    return {
        "precision": share_of(right, right + wrong),
        "recall": share_of(right, right + missed),
        "closed_frames": right + missed,
    }


def _blink_recalls(found: Sequence[Session], named: Sequence[Named]) -> dict[str, Any]:
    names = dict.fromkeys(session.condition.name for session in found)
    recalls = {}
    for condition in names:
        here = [i for i, session in enumerate(found) if session.condition.name == condition]
        recalls[condition] = _blinks([found[i] for i in here], [named[i] for i in here])["recall"]
    return recalls


@dataclass(frozen=True)
class Made:
    """``figures`` as ``benchmark_gaze --json`` writes them, and the sessions they come from."""

    figures: dict[str, Any]
    sessions: tuple[Session, ...]


def conditions_named(names: Sequence[str] | None) -> Sequence[Condition]:
    """The conditions of these names, all without any; raises :class:`BenchmarkError`."""
    known = {condition.name: condition for condition in CONDITIONS}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise BenchmarkError(f"There is no condition '{unknown[0]}'; there are {', '.join(known)}.")
    return [known[name] for name in names] if names else CONDITIONS


def benchmark(
    *,
    artifact: Artifact,
    videos: Path | None,
    chosen_on: bool = False,
    conditions: Sequence[Condition] = CONDITIONS,
    people_at_most: int | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Made:
    """Render, read and score. Raises :class:`BenchmarkError` and :class:`ml.artifacts.ModelUnavailable`."""
    parameters = load(artifact)
    if videos is not None and not videos.is_dir():
        raise BenchmarkError(f"There is no folder {videos}.")
    everyone = people(videos, chosen_on=chosen_on)[:people_at_most]
    found = observe(everyone, artifact=artifact, conditions=conditions, progress=progress)
    return made_of(found, artifact, parameters, chosen_on=chosen_on)


def made_of(found: Sequence[Session], artifact: Artifact, parameters: Parameters, *, chosen_on: bool = False) -> Made:
    """The figures of sessions that were observed."""
    head = {"version": artifact.manifest.version, "sha256": artifact.manifest.sha256, "seed": SEED}
    half = {"half": "chosen on" if chosen_on else "reported"}
    return Made(head | half | result(found, parameters), tuple(found))


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [
        f"eye_gaze {figures['version']}: {figures['people']} people ({figures['half']}), "
        f"{figures['sessions']} sessions, {figures['frames']} frames",
        f"  {'':20} {'calibrated':>11} {'uncalibrated':>13} {'paper':>8}  refused",
    ]
    for title, row in (("all", figures["all"]), *figures["conditions"].items()):
        lines.append(
            f"  {title:20} {row['calibrated']['accuracy']:>11.1%} {row['uncalibrated']['accuracy']:>13.1%} "
            f"{row['paper']['accuracy']:>8.1%}  {row['calibrated']['refused']}"
        )
    blinks, flicker, answers = figures["blinks"], figures["flicker"], figures["answers"]
    lines.append(f"  blinks: precision {blinks['precision']['share']:.1%}, recall {blinks['recall']['share']:.1%}")
    for mode in MODES:
        lines.append(f"  a steady gaze at a border, {mode}, changes of area per second (returns to one it had left):")
        lines += [
            f"    {title} {flicker[mode + way]['changes']:.2f} ({flicker[mode + way]['returns']:.2f})"
            for way, title in (("", "recorded"), ("_live", "live"), ("_unsteadied", "not steadied"))
        ]
        live = answers[mode + "_live"]
        lines.append(
            f"  looks aside answered live with their area, {mode}: {live['in_time']['share']:.1%} within "
            f"{stability.SETTLED_S} s, {live['at_all']['share']:.1%} at all, half of these within {live['median_s']} s"
        )
    return "\n".join(lines)
