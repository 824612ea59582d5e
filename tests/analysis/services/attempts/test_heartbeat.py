"""The heartbeat of an attempt: what it writes, when it says stop, and how long is left."""

from uuid import uuid4

import pytest
from django.db import DatabaseError

from analysis.pipeline import Progress
from analysis.services.attempts import heartbeat
from analysis.services.attempts.heartbeat import RemainingTime, RowHeartbeat


class Rows:
    """Stands where a queryset stands; each update answers with the next of ``answers``."""

    def __init__(self, *answers):
        self.answers, self.conditions, self.written = list(answers), {}, []

    def running(self):
        return self

    def filter(self, **conditions):
        self.conditions = conditions
        return self

    def update(self, **fields):
        self.written.append(fields)
        answer = self.answers.pop(0) if self.answers else 1
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(heartbeat, "INTERVAL_S", 0.001)


def test_it_writes_progress_and_stops_when_the_claim_no_longer_holds():
    claim, row_id = uuid4(), uuid4()
    rows = Rows(1, DatabaseError("locked"), 0)
    with RowHeartbeat(rows=rows, row_id=row_id, claim=claim) as beating:
        beating.report(Progress("Reading", 0.5))
        assert beating._stop.wait(10)
        assert beating.should_stop()
    assert rows.conditions == {"pk": row_id, "claim": claim, "cancel_requested_at": None}
    assert len(rows.written) >= 3, "a database that does not answer ends no attempt"
    assert (rows.written[-1]["stage"], rows.written[-1]["progress"]) == ("Reading", 0.5)


def test_progress_never_goes_back_nor_beyond_the_end():
    beating = RowHeartbeat(rows=Rows(), row_id=uuid4(), claim=uuid4())
    shares = []
    for fraction in (0.4, 0.2, 1.5):
        beating.report(Progress("Reading", fraction))
        shares.append(beating.fields()["progress"])
    assert shares == [0.4, 0.4, 1.0]
    assert not beating.should_stop()


def test_the_remaining_time_is_unknown_at_first_and_then_smoothed(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: now[0])
    remaining = RemainingTime()
    assert remaining.update(0.01) is None
    now[0] = 110.0
    assert remaining.update(0.1) == 90.0
    now[0] = 120.0
    # Expected 80 s; as fast as now it would be 20 s.
    assert remaining.update(0.5) == pytest.approx(0.7 * 80 + 0.3 * 20)
