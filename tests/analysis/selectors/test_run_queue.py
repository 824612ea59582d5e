"""The queue is fair by organization, and says when a waiting run starts."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.selectors import run_queue, run_state, run_waiting
from analysis.services import run_cancel, run_execute_next, run_request

Status = AnalysisRun.Status


@pytest.fixture
def request_run(make_interview):
    def request(owner, **recording):
        return run_request(recording=make_interview(owner, **recording).recordings.get(), by=owner)

    return request


def started(run, *, seconds_ago, **fields):
    now = timezone.now()
    fields = {"status": Status.RUNNING, "claim": uuid.uuid4(), "heartbeat_at": now, **fields}
    AnalysisRun.objects.filter(pk=run.pk).update(started_at=now - timedelta(seconds=seconds_ago), **fields)


def finished(run, *, after_s):
    now = timezone.now()
    AnalysisRun.objects.filter(pk=run.pk).update(
        status=Status.SUCCEEDED, started_at=now - timedelta(seconds=after_s), finished_at=now
    )


def test_organizations_take_turns_however_many_recordings_one_of_them_sends(request_run, alice, bob):
    hers = [request_run(alice) for _ in range(4)]
    his = [request_run(bob) for _ in range(2)]
    assert run_queue() == [run.pk for run in (hers[0], his[0], hers[1], his[1], hers[2], hers[3])]


def test_who_has_a_run_under_way_waits_for_the_others(request_run, alice, bob):
    started(request_run(alice), seconds_ago=1)
    hers, his = request_run(alice), request_run(bob)
    assert run_queue() == [his.pk, hers.pk]


def test_who_was_served_last_comes_after(request_run, alice, bob):
    finished(request_run(bob), after_s=60)
    finished(request_run(alice), after_s=5)
    hers, his = request_run(alice), request_run(bob)
    assert run_queue() == [his.pk, hers.pk]


def test_the_message_of_one_run_starts_the_run_whose_turn_it_is(request_run, alice, bob, pipeline):
    hers = [request_run(alice) for _ in range(3)]
    his = request_run(bob)
    order = []
    for message in (*hers, his):
        run_execute_next(published=message.pk)
        order.append(AnalysisRun.objects.order_by("-finished_at").first().pk)
    assert order == [hers[0].pk, his.pk, hers[1].pk, hers[2].pk]
    run_execute_next(published=hers[0].pk)  # a message that came twice finds nothing to do
    assert set(AnalysisRun.objects.values_list("status", "attempts")) == {(Status.SUCCEEDED, 1)}


def test_a_worker_that_comes_second_takes_the_next_run(request_run, alice, pipeline, monkeypatch):
    first, second = request_run(alice), request_run(alice)
    monkeypatch.setattr("analysis.services.runs.execution.run_queue", lambda: [first.pk, second.pk])
    started(first, seconds_ago=0)  # between the question and the claim
    run_execute_next(published=first.pk)
    assert AnalysisRun.objects.get(pk=second.pk).status == Status.SUCCEEDED


def test_queued_runs_know_their_place(request_run, alice):
    runs = [request_run(alice) for _ in range(3)]
    assert [run_waiting(run=run)["queue_position"] for run in runs] == [1, 2, 3]
    runs[0] = run_cancel(run=runs[0], by=alice)
    assert [run_waiting(run=run)["queue_position"] for run in runs] == [None, 1, 2]


def test_a_waiting_run_says_when_it_starts(request_run, alice):
    finished(request_run(alice, duration_s=100.0), after_s=50)  # half a second of work for a second of recording
    started(request_run(alice, duration_s=60.0), seconds_ago=10)  # 30 - 10 = 20 s left
    first, second = request_run(alice, duration_s=40.0), request_run(alice)
    assert run_state(run=first)["starts_in_s"] == pytest.approx(20, abs=1)
    assert run_state(run=second)["starts_in_s"] == pytest.approx(20 + 20, abs=1)
    started(request_run(alice, duration_s=600.0), seconds_ago=0, remaining_s=5.0)  # a second worker, which knows better
    assert run_state(run=first)["starts_in_s"] == pytest.approx(5, abs=1)
    assert run_state(run=second)["starts_in_s"] == pytest.approx(20, abs=1)


def test_nothing_is_estimated_before_a_run_has_succeeded_or_while_no_worker_is_busy(request_run, alice):
    run = request_run(alice)
    assert run_waiting(run=run) == {"queue_position": 1, "starts_in_s": None}
    finished(request_run(alice), after_s=5)
    assert run_waiting(run=run) == {"queue_position": 1, "starts_in_s": None}
