"""Erasure by request and by retention, holds, parts with a date, and receipts that outlive a backup."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.services import interview_erase, receipts_replay, retention_apply
from interviews.errors import Refusal
from interviews.models import AuditEntry, Candidate, CandidateRequest, Interview, Note, Question, Room
from interviews.services.holds import hold_end, hold_set
from interviews.services.own_page import request_add
from interviews.services.policy import policy_setting_set
from interviews.services.receipts import receipts
from interviews.services.rooms import parts_erase
from tests.conftest import member


def older(interview: Any, days: int) -> None:
    Interview.objects.filter(pk=interview.pk).update(kept_from=timezone.now() - timedelta(days=days))


def hold(interview: Any, by: Any, days: int = 10) -> Any:
    return hold_set(interview=interview, by=by, reason="A court asks.", until=timezone.now() + timedelta(days=days))


def stored_files() -> set[str]:
    media = Path(settings.MEDIA_ROOT)
    return {path.relative_to(media).parts[0] for path in media.rglob("*") if path.is_file()}


def test_an_interview_is_erased_with_every_file_and_leaves_a_receipt_without_names(
    succeeded_run: Any, carol: Any, django_capture_on_commit_callbacks: Any
) -> None:
    interview = succeeded_run.recording.interview
    assert stored_files() == {"recordings", "timelines"}
    with django_capture_on_commit_callbacks(execute=True):
        interview_erase(interview=interview, by=carol)
    assert stored_files() == {"erased"}
    assert not AnalysisRun.objects.exists()
    assert not Candidate.objects.exists()
    entry = AuditEntry.objects.get(action="interview_deleted")
    assert entry.details["recordings"][0]["sha256"]
    assert "Dana" not in str(entry.details)


def test_retention_erases_when_the_time_is_over(interview: Any, make_interview: Any, alice: Any, carol: Any) -> None:
    make_interview(alice, candidate_name="Eve Evans")
    older(interview, 366)
    assert retention_apply() == 1
    assert [one.candidate.name for one in Interview.objects.all()] == ["Eve Evans"]
    entry = AuditEntry.objects.get(action="interview_deleted")
    assert (entry.details["because"], entry.actor_kind) == ("retention", "system")


def test_the_organizations_own_days_count(interview: Any, carol: Any) -> None:
    older(interview, 8)
    assert retention_apply() == 0
    policy_setting_set(
        organization=interview.organization, by=carol, purpose="research", lifted=["candor-lie-off"], retention_days=7
    )
    assert retention_apply() == 1


def test_what_is_older_than_retention_stays_until_somebody_decides(interview: Any) -> None:
    Interview.objects.update(kept_from=None, created_at=timezone.now() - timedelta(days=5000))
    assert retention_apply() == 0


def test_a_hold_keeps_an_interview_until_its_end(interview: Any, carol: Any) -> None:
    older(interview, 366)
    held = hold(interview, carol)
    request_add(interview=interview, kind="erasure")
    CandidateRequest.objects.update(due_at=timezone.now())
    assert retention_apply() == 0
    with pytest.raises(Refusal):
        interview_erase(interview=interview, by=carol)
    hold_end(hold=held, by=carol)
    assert retention_apply() == 1
    assert list(AuditEntry.objects.filter(action="hold_changed").values_list("details__change", flat=True)) == [
        "ended",
        "set",
    ]


@pytest.mark.parametrize(("reason", "days"), [(" ", 1), ("Because.", -1)])
def test_a_hold_needs_a_reason_and_an_end(interview: Any, carol: Any, reason: str, days: int) -> None:
    with pytest.raises(ValidationError):
        hold_set(interview=interview, by=carol, reason=reason, until=timezone.now() + timedelta(days=days))


def test_what_the_candidate_asked_for_is_done_before_it_is_due(interview: Any) -> None:
    request = request_add(interview=interview, kind="erasure")
    assert retention_apply() == 0
    CandidateRequest.objects.update(due_at=timezone.now() + timedelta(days=2))
    assert retention_apply() == 1
    request.refresh_from_db()
    assert request.done_at is not None
    assert request.interview is None


def test_a_restored_interview_that_was_erased_is_erased_again(interview: Any, carol: Any) -> None:
    kept = Interview.objects.select_related("candidate").get(pk=interview.pk)
    interview_erase(interview=interview, by=carol)
    assert receipts() == {kept.pk}
    kept.candidate.save(force_insert=True)
    kept.save(force_insert=True)  # as a backup from before brings it back
    assert receipts_replay() == 1
    assert not Interview.objects.exists()
    assert AuditEntry.objects.first().details["because"].startswith("it had been erased")


@pytest.mark.parametrize(("days", "status"), [(29, "failed"), (31, "unrecorded")])
def test_parts_that_could_not_be_stored_have_a_date(interview: Any, alice: Any, days: int, status: str) -> None:
    room = Room.objects.create(
        interview=interview,
        host=alice,
        status="failed",
        ended_at=timezone.now() - timedelta(days=days),
        failure_reason="It was kept.",
    )
    room.folder.mkdir(parents=True)
    (room.folder / "1-0.part").write_bytes(b"part")
    assert parts_erase() == (status == "unrecorded")
    room.refresh_from_db()
    assert room.status == status
    assert room.folder.exists() == (status == "failed")


def test_the_privacy_officer_holds_and_erases(interview: Any, northwind: Any, client_of: Any, alice: Any) -> None:
    browser = client_of(member(northwind, "pia@northwind.example", "Pia", "privacy_officer"))
    page = reverse("interview_retention", args=[interview.pk])
    assert "Dana Diaz" in browser.get(reverse("retention")).content.decode()
    assert client_of(alice).get(page).status_code == 404
    held = {"do": "hold", "reason": "A complaint.", "until": (timezone.now() + timedelta(days=9)).date()}
    assert "is on hold" in browser.post(page, held, follow=True).content.decode()
    assert "is not erased before" in browser.post(page, {"do": "erase"}).content.decode()
    assert browser.post(page, {"do": "end"}).status_code == 302
    assert "is erased" in browser.post(page, {"do": "erase"}, follow=True).content.decode()
    assert not Interview.objects.exists()


def test_deleting_an_interview_respects_a_hold(interview: Any, alice: Any, carol: Any, client_of: Any) -> None:
    hold(interview, carol)
    answer = client_of(alice).delete(reverse("api_interview", args=[interview.pk]))
    assert (answer.status_code, answer.json()["code"]) == (409, "on_hold")
    note = Note.objects.create(interview=interview, author=alice, text="What was said.")
    kept = client_of(alice).delete(f"/api/v1/interviews/{interview.pk}/notes/{note.pk}/")
    assert (kept.status_code, Note.objects.exists()) == (409, True)
    mark = Question.objects.create(interview=interview, at_s=1, created_by=alice)
    kept = client_of(alice).delete(f"/api/v1/interviews/{interview.pk}/questions/{mark.pk}/")
    assert (kept.status_code, Question.objects.exists()) == (409, True)
