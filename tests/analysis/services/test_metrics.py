"""Metrics follow the question marks, without running a model."""

import gzip
import time

import pytest
from django.core.files.storage import default_storage

from analysis.models import MetricResult
from analysis.reasons import NARROW_BAND_VOICE
from analysis.services import metrics_recompute, run_execute, run_request
from analysis.timelines import TimelinesDamaged
from interviews.services import question_add, question_change, question_remove


def value_of(metric: str, run=None) -> float | None:
    rows = MetricResult.objects.filter(metric=metric)
    return (rows.filter(run=run) if run else rows).get().value


def test_marks_that_are_added_moved_and_removed_change_what_depends_on_them(succeeded_run, alice):
    interview = succeeded_run.recording.interview
    unchanged = {key: value_of(key) for key in ("attentiveness", "confidence", "potential_lie")}
    assert value_of("deep_thinking") is None

    question = question_add(interview=interview, by=alice, at_s=9.0, text="Why us?")
    assert len(metrics_recompute(interview=interview)) == 4
    assert value_of("deep_thinking") == pytest.approx(4 / 10.5)

    question_change(question=question, by=alice, at_s=12.0)
    metrics_recompute(interview=interview)
    assert value_of("deep_thinking") == 0.0

    question_remove(question=question, by=alice)
    metrics_recompute(interview=interview)
    assert value_of("deep_thinking") is None
    assert MetricResult.objects.get(metric="deep_thinking").reason == "no questions are marked"
    assert {key: value_of(key) for key in unchanged} == unchanged


def test_the_mark_of_a_narrow_band_voice_stays_when_the_metrics_are_recomputed(succeeded_run):
    succeeded_run.media_info["narrow_band"] = True
    succeeded_run.save(update_fields=["media_info"])
    rows = metrics_recompute(interview=succeeded_run.recording.interview)
    assert {row.metric for row in rows if row.reason == NARROW_BAND_VOICE} == {"confidence", "potential_lie"}


def test_before_the_first_report_there_is_nothing_to_recompute(queued_run):
    assert metrics_recompute(interview=queued_run.recording.interview) == []


def test_only_the_latest_report_follows(succeeded_run, pipeline, alice):
    interview = succeeded_run.recording.interview
    again = run_request(recording=succeeded_run.recording, by=alice)
    run_execute(run_id=again.pk)
    question_add(interview=interview, by=alice, at_s=9.0)
    metrics_recompute(interview=interview)
    assert value_of("deep_thinking", succeeded_run) is None
    assert value_of("deep_thinking", again) is not None


def test_damaged_timelines_keep_the_metrics_as_they_were(succeeded_run, alice):
    with default_storage.open(succeeded_run.timeline_file.name, "wb") as file:
        file.write(gzip.compress(b"{")[:-4])
    before = list(MetricResult.objects.order_by("metric").values("metric", "value", "reason"))
    with pytest.raises(TimelinesDamaged):
        metrics_recompute(interview=succeeded_run.recording.interview)
    assert list(MetricResult.objects.order_by("metric").values("metric", "value", "reason")) == before


def test_recomputing_takes_a_fraction_of_a_second(succeeded_run):
    started = time.perf_counter()
    metrics_recompute(interview=succeeded_run.recording.interview)
    assert time.perf_counter() - started < 0.5
