"""The states of a work row: each arrow is drawn by whoever may draw it, and by nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.models import ModelJob
from analysis.services.attempts.state_machine import (
    MAXIMUM_ATTEMPTS,
    work_cancel,
    work_claim,
    work_finish,
    work_overdue,
    work_publish_idle,
    work_recover,
    work_stopped,
)

pytestmark = pytest.mark.django_db
ROWS = ModelJob.objects


@pytest.fixture
def row() -> ModelJob:
    return ROWS.create(kind="evaluate", modality="facial_expression")


@pytest.fixture
def claimed(row: ModelJob) -> ModelJob:
    assert work_claim(ROWS.all(), row.pk) is not None
    row.refresh_from_db()
    return row


def silence(row: ModelJob, **fields) -> None:
    ROWS.filter(pk=row.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1), **fields)


def recover() -> tuple[list, list]:
    published: list = []
    lost = work_recover(
        ROWS.all(), publish=published.append, final={}, failed={"failure_reason": "lost"}, queued={"progress": 0.0}
    )
    return lost, published


def test_a_row_is_claimed_once(claimed: ModelJob):
    assert (claimed.status, claimed.attempts) == ("running", 1)
    assert work_claim(ROWS.all(), claimed.pk) is None


def test_only_the_holder_of_the_claim_ends_a_row(claimed: ModelJob):
    former = ROWS.get(pk=claimed.pk)
    former.claim = "00000000-0000-0000-0000-000000000000"
    assert not work_finish(ROWS.all(), former, status="failed")
    assert work_finish(ROWS.all(), claimed, status="succeeded")
    assert not work_finish(ROWS.all(), claimed, status="failed")


def test_nothing_succeeds_once_cancelling_was_asked_for(claimed: ModelJob):
    work_cancel(ROWS.all(), claimed)
    assert claimed.status == "running"
    assert not work_finish(ROWS.all(), claimed, status="succeeded")
    work_stopped(ROWS.all(), claimed, hand_back=True, cancelled={}, queued={})
    claimed.refresh_from_db()
    assert claimed.status == "cancelled"


def test_a_queued_row_is_cancelled_at_once(row: ModelJob):
    work_cancel(ROWS.all(), row)
    assert row.status == "cancelled"
    assert work_claim(ROWS.all(), row.pk) is None


def test_a_row_that_is_handed_back_counts_as_no_attempt(claimed: ModelJob):
    work_stopped(ROWS.all(), claimed, hand_back=True, cancelled={}, queued={"log": "so far"})
    claimed.refresh_from_db()
    assert (claimed.status, claimed.attempts, claimed.claim, claimed.log) == ("queued", 0, None, "so far")


def test_an_attempt_that_was_taken_over_writes_nothing(claimed: ModelJob):
    silence(claimed)
    assert recover() == ([], [claimed.pk])
    work_stopped(ROWS.all(), claimed, hand_back=True, cancelled={"log": "x"}, queued={"log": "x"})
    claimed.refresh_from_db()
    assert (claimed.status, claimed.attempts, claimed.log) == ("queued", 1, "")


def test_a_silent_row_fails_on_the_last_attempt(claimed: ModelJob):
    silence(claimed, attempts=MAXIMUM_ATTEMPTS)
    assert recover() == ([claimed.pk], [])
    claimed.refresh_from_db()
    assert (claimed.status, claimed.failure_reason) == ("failed", "lost")


def test_a_silent_row_whose_cancelling_was_asked_for_is_cancelled(claimed: ModelJob):
    silence(claimed, cancel_requested_at=timezone.now())
    assert recover() == ([], [])
    claimed.refresh_from_db()
    assert claimed.status == "cancelled"


def test_a_row_with_a_heartbeat_is_left_alone(claimed: ModelJob):
    assert recover() == ([], [])
    claimed.refresh_from_db()
    assert claimed.status == "running"


def test_a_lost_message_is_published_again_only_while_nothing_runs(row: ModelJob):
    published: list = []
    work_publish_idle(ROWS.all(), publish=published.append)
    assert published == []
    ROWS.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert [waiting.pk for waiting in work_overdue(ROWS.all(), timezone.now())] == [row.pk]
    work_publish_idle(ROWS.all(), publish=published.append)
    assert published == [row.pk]
    busy = ROWS.create(kind="evaluate", modality="facial_expression")
    work_claim(ROWS.all(), busy.pk)
    work_publish_idle(ROWS.all(), publish=published.append)
    assert published == [row.pk]
