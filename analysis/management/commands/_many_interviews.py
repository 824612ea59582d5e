"""Rows of an organization with very many interviews, for ``benchmark_lists``."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from unittest.mock import patch

from django.db import connection
from django.utils import timezone

from analysis.models import AnalysisRun, Modality, ModalityResult
from interviews.models import Candidate, ConsentEvent, Interview, Membership, Organization, Position, Recording, User

BATCH: Final = 2_000
RECRUITERS: Final = 20
POSITIONS: Final = 60
FIRST: Final = ("Ada", "Ben", "Chidi", "Dana", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jun", "Kofi", "Lena", "Mia")
LAST: Final = ("Adler", "Baker", "Chen", "Diaz", "Ellis", "Fischer", "Gupta", "Haddad", "Ito", "Jansen", "Kaya")
STATUSES: Final = ("succeeded",) * 92 + ("failed",) * 5 + ("cancelled",) * 2 + ("",)
"""Of the newest run of each hundred interviews; empty: there is none."""
PURPOSES: Final = ("recording", "face", "eyes", "voice", "transcript")


def interviews_seed(count: int) -> User:
    """Make an organization with ``count`` interviews, and a fifth in another; returns a recruiter of the first.

    One interview in ten has an earlier run that failed.
    """
    people = [_organization(name, count // part, seed) for name, part, seed in (("Many", 1, 1), ("Other", 5, 2))]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself after a while
    return people[0]


def _organization(name: str, count: int, seed: int) -> User:
    chance = random.Random(seed)  # noqa: S311  (the same rows every time)
    organization = Organization.objects.create(
        name=name, slug=name.lower(), jurisdiction="other", usual_purpose="research", usual_jurisdiction="other"
    )
    recruiters = User.objects.bulk_create(
        User(email=f"recruiter-{number}@{name.lower()}.example", full_name=f"Recruiter {number}")
        for number in range(RECRUITERS)
    )
    Membership.objects.bulk_create(Membership(user=one, organization=organization) for one in recruiters)
    positions = Position.objects.bulk_create(
        Position(organization=organization, title=f"Position {number}") for number in range(POSITIONS)
    )
    for start in range(0, count, BATCH):
        numbers = range(start, min(count, start + BATCH))
        _interviews(organization, recruiters, positions, numbers, chance)
    return recruiters[0]


def _interviews(
    organization: Organization,
    recruiters: Sequence[User],
    positions: Sequence[Position],
    numbers: range,
    chance: random.Random,
) -> None:
    now = timezone.now()
    candidates = Candidate.objects.bulk_create(
        Candidate(
            organization=organization,
            name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
            email=f"candidate-{number}@mail.example",
        )
        for number in numbers
    )
    with patch.object(Interview._meta.get_field("created_at"), "auto_now_add", False):
        interviews = Interview.objects.bulk_create(
            Interview(
                organization=organization,
                candidate=candidate,
                position=chance.choice(positions),
                owner=chance.choice(recruiters),
                purpose="research",
                candidate_jurisdiction="other",
                kept_from=now,
                created_at=now - timedelta(minutes=10 * number),
            )
            for number, candidate in zip(numbers, candidates, strict=True)
        )
    recordings = Recording.objects.bulk_create(
        Recording(
            interview=interview,
            file=f"recordings/{interview.pk}.mp4",
            original_name="interview.mp4",
            sha256=hashlib.sha256(interview.pk.bytes).hexdigest(),
            size_bytes=10**8,
            container="mov",
            duration_s=chance.uniform(300, 3600),
            fps=25.0,
            width=1280,
            height=720,
            has_audio=True,
            uploaded_by=interview.owner,
        )
        for interview in interviews
    )
    ConsentEvent.objects.bulk_create(_consents(interviews))
    runs = AnalysisRun.objects.bulk_create(_runs(recordings, chance))
    ModalityResult.objects.bulk_create(_results(runs, chance))


def _consents(interviews: Sequence[Interview]) -> Iterator[ConsentEvent]:
    for interview in interviews:
        for purpose in PURPOSES:
            yield ConsentEvent(
                interview=interview, purpose=purpose, given=True, how="room", statement="I agree.", version="1"
            )


def _runs(recordings: Sequence[Recording], chance: random.Random) -> Iterator[AnalysisRun]:
    for recording in recordings:
        fields: dict[str, Any] = {"recording": recording, "requested_by": recording.uploaded_by, "progress": 1.0}
        if chance.random() < 0.1:
            yield AnalysisRun(status="failed", failure_reason="The worker was interrupted.", **fields)
        if status := chance.choice(STATUSES):
            yield AnalysisRun(status=status, **fields)


def _results(runs: Sequence[AnalysisRun], chance: random.Random) -> Iterator[ModalityResult]:
    for run in runs:
        for modality in Modality.values if run.status == "succeeded" else ():
            yield ModalityResult(
                run=run, modality=modality, available=True, coverage=chance.random(), model_version_label="v1"
            )
