"""The list of interviews as rows for a file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from django.db.models import QuerySet

from analysis.models import Modality, ModalityResult
from analysis.selectors.runs import interviews_with_run
from interviews.models import Interview
from interviews.paging import rows_in_order
from interviews.selectors.policy import interviews_policies

CHUNK: Final = 500
LIST_COLUMNS: Final = (
    *("candidate", "email", "position", "owner", "added_at", "status", "recording_s", "interview"),
    *(f"{modality}_{column}" for modality in Modality.values for column in ("coverage", "model_version")),
)


def interview_rows(*, found: QuerySet[Interview], visible: QuerySet[Interview]) -> Iterator[tuple[Any, ...]]:
    """A row an interview, in the order of ``found``, read from ``visible``: seven queries for 500 of them."""
    ids = found.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    visible = visible.prefetch_related("recordings")
    while some := list(islice(ids, CHUNK)):
        chunk = interviews_with_run(interviews=rows_in_order(visible, some))
        runs: dict[Any, dict[str, tuple[float, str]]] = {}
        results = ModalityResult.objects.filter(run__in=[row.run_id for row in chunk if row.run_id])
        by_interview = interviews_policies(interviews=chunk)
        policies = {row.run_id: by_interview[row.pk] for row in chunk}
        for run, key, coverage, version in results.values_list("run_id", "modality", "coverage", "model_version_label"):
            if policies[run].shows_organization and policies[run].allows(key):
                runs.setdefault(run, {})[key] = (round(coverage, 4), version)
        for interview in chunk:
            recording = next(iter(interview.recordings.all()), None)
            read = runs.get(interview.run_id, {})
            yield (
                interview.candidate.name,
                interview.candidate.email,
                interview.position.title if interview.position else "",
                str(interview.owner),
                interview.created_at.isoformat(timespec="seconds"),
                interview.run_status or "",
                round(recording.duration_s, 1) if recording else None,
                str(interview.pk),
                *(value for key in Modality.values for value in read.get(key, ("", ""))),
            )
