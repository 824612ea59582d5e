"""The soak test: recordings wait in the queue while people talk in live rooms, for as long as you like."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Count

from analysis.live.benchmark.processes import growth, use_by_program
from analysis.live.benchmark.run import Load, measure
from analysis.live.benchmark.server import Seeded, Server
from analysis.models import AnalysisRun
from analysis.services import run_request, upload_stored
from analysis.services.errors import RunConflict
from interviews import services
from interviews.models import Membership, Organization, Recording, User
from interviews.policy import Jurisdiction, Purpose

Status = AnalysisRun.Status

ORGANIZATIONS: Final = 2
WATCHED_EVERY_S: Final = 60.0
STATEMENT: Final = "A recording of the soak test, which nobody has to agree to."


def recordings_seed(video: Path, count: int) -> None:
    """``count`` interviews with this recording, in two organizations in turn, each with its analysis in the queue."""
    owners = [_owner(number) for number in range(ORGANIZATIONS)]
    content = video.read_bytes()
    for number in range(count):
        by = owners[number % ORGANIZATIONS]
        upload = services.upload_begin(by=by, file_name=video.name, size_bytes=len(content))
        while not upload.is_complete:
            piece = content[upload.received_bytes :][: settings.UPLOAD_CHUNK_BYTES]
            upload = services.upload_append(upload=upload, offset=upload.received_bytes, piece=BytesIO(piece))

        def analyse(recording: Recording, by: User = by) -> None:
            upload_stored(recording=recording, by=by)

        services.interview_create(
            by=by,
            candidate_name=f"Candidate {number}",
            candidate_email=f"soak-{number}@benchmark.example",
            position="",
            upload=upload,
            informed_consent=True,
            consent_statement=STATEMENT,
            consent_evidence=STATEMENT,
            allow_duplicate=True,
            then=analyse,
        )


async def soak(
    supervisor: int,
    server: Server,
    rooms: Sequence[Seeded],
    load: Load,
    *,
    recordings: int,
    watched: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """The live figures of :func:`analysis.live.benchmark.run.measure`, and a row for each minute: memory and files of
    every program, and what the queue holds. A recording that has been analysed is queued again, so that ``recordings``
    always wait or run. ``watched`` gets each row."""
    rows: list[dict[str, Any]] = []

    async def watch() -> None:
        while True:
            row = {"minute": len(rows), **await asyncio.to_thread(_row, supervisor, recordings)}
            rows.append(row)
            watched(row)
            await asyncio.sleep(WATCHED_EVERY_S)

    watching = asyncio.create_task(watch())
    live = await measure(server, rooms, load)
    watching.cancel()
    return {"live": live, "minutes": rows, "growth": growth(rows)}


def _row(supervisor: int, recordings: int) -> dict[str, Any]:
    used = {name: asdict(use) for name, use in sorted(use_by_program(supervisor).items())}
    counted = dict(AnalysisRun.objects.values_list("status").annotate(Count("id")))
    pending = counted.get(Status.QUEUED, 0) + counted.get(Status.RUNNING, 0)
    idle = Recording.objects.exclude(runs__status__in=[Status.QUEUED, Status.RUNNING]).order_by("?")
    for recording in idle[: max(0, recordings - pending)]:
        try:
            run_request(recording=recording, by=recording.interview.owner)
        except RunConflict:
            continue
    return {"programs": used, "runs": {str(status): count for status, count in counted.items()}}


def _owner(number: int) -> User:
    organization = Organization.objects.create(
        name=f"Soak {number}",
        slug=f"soak-{number}",
        jurisdiction=Jurisdiction.ELSEWHERE,
        usual_jurisdiction=Jurisdiction.ELSEWHERE,
        usual_purpose=Purpose.RESEARCH,
    )
    owner = User.objects.create(email=f"owner-{number}@benchmark.example", full_name=f"Owner {number}")
    Membership.objects.create(user=owner, organization=organization, role=Membership.Role.RECRUITER)
    return owner
