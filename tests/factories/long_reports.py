"""A report of hours, stored by the services as a worker stores one. The readings are drawn, at ten a second."""

from __future__ import annotations

import random
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import av

from ml.eye_emotion.labels import LABELS as EYE_LABELS
from ml.gaps import NO_FACE, SILENCE
from ml.timeline import Gap, Observation, Timeline
from tests.factories.analyses import FACE_LABELS, GAZE_LABELS, PEOPLE, SPEECH_LABELS, FakePipeline, analysis_of
from tests.factories.containers import make_container
from tests.factories.programs import FakeProgram
from tests.factories.transcripts import said

STEP_S: Final = 0.1
SPEECH_STEP_S: Final = 1.5
PIECE_S: Final = 60.0
QUESTION_EVERY_S: Final = 300.0
NOTE_EVERY_S: Final = 600.0
SENTENCE_EVERY_S: Final = 6.0


def long_recording(path: Path, *, duration_s: float) -> Path:
    """An MP4 of the same minute over and over, at few pictures and blocks of sound, so that it is soon probed."""
    given = {"audio": ("flac",), "fps": 2, "options": {"bf": "0"}}
    minute = make_container(path.with_suffix(".minute.mp4"), duration_s=PIECE_S, **given)
    with av.open(str(minute)) as source, av.open(str(path), "w", options={"movflags": "faststart"}) as output:
        tracks = {stream.index: output.add_stream_from_template(stream) for stream in source.streams}
        last = dict.fromkeys(tracks, -1)
        for number in range(round(duration_s / PIECE_S)):
            source.seek(0)
            for packet in source.demux():
                track = packet.stream_index
                at = None if packet.dts is None else packet.dts + round(number * PIECE_S / packet.time_base)
                if at is None or at <= last[track]:  # the sound's last block reaches into the next minute
                    continue
                packet.pts = packet.dts = last[track] = at
                packet.stream = tracks[track]
                output.mux(packet)
    minute.unlink()
    return path


def long_timelines(duration_s: float) -> dict[str, Timeline]:
    """Labels that change every three seconds or so; a twentieth of the time has no reading."""
    chance = random.Random(1)
    return {
        modality: _timeline(modality, labels, step_s, duration_s, chance, reason)
        for modality, labels, step_s, reason in (
            ("facial_expression", FACE_LABELS, STEP_S, NO_FACE),
            ("eye_emotion", EYE_LABELS, STEP_S, NO_FACE),
            ("eye_gaze", GAZE_LABELS, STEP_S, NO_FACE),
            ("speech_emotion", SPEECH_LABELS, SPEECH_STEP_S, SILENCE),
        )
    }


def _timeline(
    modality: str, labels: tuple[str, ...], step_s: float, duration_s: float, chance: random.Random, reason: str
) -> Timeline:
    observations: list[Observation] = []
    gaps: list[Gap] = []
    label = labels[0]
    for number in range(int(duration_s / step_s)):
        start_s, end_s = round(number * step_s, 3), round((number + 1) * step_s, 3)
        if chance.random() < 0.03:
            label = chance.choice(labels)
        if chance.random() < 0.05:
            gaps.append(Gap(start_s, end_s, reason))
            continue
        confidence = round(0.4 + 0.6 * chance.random(), 4)
        rest = round((1 - confidence) / (len(labels) - 1), 4)
        vector = tuple(confidence if one == label else rest for one in labels)
        observations.append(Observation(start_s, end_s, label, confidence, vector))
    return Timeline(modality, labels, tuple(observations), tuple(gaps))


def long_report_make(*, path: Path, duration_s: float, email: str, name: str = "Three Hours") -> Any:
    """The interview of the person with this address, with a report, a transcript, question marks and notes; ``path``
    is where the recording is written before it is uploaded. No message goes to a worker."""
    from django.conf import settings

    from analysis.services import run_execute, run_request, transcript_execute
    from interviews import services
    from interviews.models import Interview, User
    from interviews.services.notes import note_add

    owner = User.objects.get(email=email)
    long_recording(path, duration_s=duration_s)
    upload = services.upload_begin(by=owner, file_name=path.name, size_bytes=path.stat().st_size)
    with path.open("rb") as file:
        while not upload.is_complete:
            piece = BytesIO(file.read(settings.UPLOAD_CHUNK_BYTES))
            upload = services.upload_append(upload=upload, offset=upload.received_bytes, piece=piece)
    statement = "This recording is drawn by software. It shows nobody's interview."
    made: list[Any] = []
    with patch("celery.current_app.send_task", lambda *args, **options: None):
        services.interview_create(
            by=owner,
            candidate_name=name,
            candidate_email="three.hours@example.com",
            position="Navigator",
            upload=upload,
            informed_consent=True,
            transcript_consent=True,
            spoken_language=Interview.SpokenLanguage.ENGLISH,
            consent_statement=statement,
            consent_evidence=statement,
            then=made.append,
        )
        (recording,) = made
        interview = recording.interview
        for at_s in range(2, int(duration_s), int(QUESTION_EVERY_S)):
            services.question_add(interview=interview, by=owner, at_s=at_s, text=f"The question of {at_s} s?")
        for at_s in range(30, int(duration_s), int(NOTE_EVERY_S)):
            note_add(interview=interview, by=owner, at_s=at_s, text="Worth hearing again.")
        analysis = analysis_of(long_timelines(duration_s), people=PEOPLE[:1])
        analysis = replace(analysis, info=replace(analysis.info, duration_s=recording.duration_s))
        run = run_request(recording=recording, by=owner)
        with patch("analysis.recording_process.supervisor.analyze_confined", FakePipeline(analysis)):
            run_execute(run_id=run.pk)
        transcript = recording.transcript  # the candidate agreed to one
        sentences = [
            (at_s, at_s + SENTENCE_EVERY_S - 1, f"A sentence of some length that was said at second {at_s}.")
            for at_s in range(1, int(duration_s) - 6, int(SENTENCE_EVERY_S))
        ]
        with patch("ml.confinement.programs.run_confined", FakeProgram(lines=said(sentences=sentences))):
            transcript_execute(transcript_id=transcript.pk)
    run.refresh_from_db()
    transcript.refresh_from_db()
    assert (run.status, transcript.status) == ("succeeded", "succeeded"), (run.failure_reason, transcript.reason)
    return interview
