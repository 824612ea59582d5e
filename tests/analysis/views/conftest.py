"""What the tests of the pages share: a finished report, and a live room."""

import pytest
from django.utils import timezone

from analysis.models import AnalysisRun, MetricResult, ModalityResult
from tests.factories.rooms import candidate, host, invited, make_room, room  # noqa: F401  (fixtures)
from tests.factories.runs import make_run
from tests.factories.transcripts import program, queued, recording, transcript  # noqa: F401  (fixtures)


@pytest.fixture
def reported(interview) -> AnalysisRun:
    """A finished run: a face for 90 % of the time, no sound; the timelines' file is gone."""
    info = {"duration_s": 20.0, "fps": 25.0, "width": 1280, "height": 720, "has_audio": False, "sha256": "ab" * 32}
    run = make_run(interview, media_info=info, timing={"wall_s": 4.0, "decode_s": 1.0, "realtime_factor": 5.0})
    run.finished_at = timezone.now()
    run.save()
    shares = {
        "facial_expression": {"happy": 0.75, "neutral": 0.25, "angry": 0.0},
        "eye_emotion": {"happiness": 1.0},
        "eye_gaze": {"center": 0.6, "center_left": 0.3, "top_right": 0.1},
    }
    for modality, by_label in shares.items():
        counts = {label: round(share * 180) for label, share in by_label.items()}
        model = {"model_name": "a network", "model_version_label": "v7", "model_sha256": "cd" * 32}
        ModalityResult.objects.create(
            run=run,
            modality=modality,
            available=True,
            counts=counts,
            shares=by_label,
            coverage=0.9,
            observed_s=18,
            gaps_s={"turned_away": 1.5, "no_face": 0.5},
            **model,
        )
    ModalityResult.objects.create(
        run=run, modality="speech_emotion", available=False, reason="The recording has no audio track."
    )
    evidence = [{"start_s": 4.1, "end_s": 6.9, "kind": "look_away", "text": "looked up for 2.8 s"}]
    for metric, value in {
        "attentiveness": 0.81,
        "deep_thinking": None,
        "confidence": None,
        "potential_lie": None,
    }.items():
        MetricResult.objects.create(
            run=run,
            metric=metric,
            value=value,
            reason="" if value else "not enough data: no speech was found",
            definition="v1",
            coverage=0.9 if value else 0.0,
            evidence=evidence if value else [],
        )
    return run
