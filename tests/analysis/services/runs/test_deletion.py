"""Nothing of an analysis stays when its interview goes, and nothing that a crash left behind."""

import os
import re
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.services import runs_delete, timelines_sweep


def test_deleting_an_interview_takes_runs_results_and_files_with_it(succeeded_run, django_capture_on_commit_callbacks):
    storage, name = succeeded_run.timeline_file.storage, succeeded_run.timeline_file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        runs_delete(interview=succeeded_run.recording.interview)
        assert storage.exists(name)
    assert not AnalysisRun.objects.exists()
    assert not storage.exists(name)
    assert not storage.exists(f"timelines/{succeeded_run.pk}")


def test_deleting_takes_its_locks_in_the_order_of_a_finishing_run(succeeded_run):
    interview = succeeded_run.recording.interview
    with CaptureQueriesContext(connection) as queries:
        runs_delete(interview=interview)
    tables = [re.search(r'(?:FROM|UPDATE) "(\w+)"', query["sql"]) for query in queries]
    assert [table[1] for table in tables if table][:2] == ["interviews_interview", "analysis_analysisrun"]


def test_the_sweep_removes_old_timelines_that_no_run_names(succeeded_run):
    named = Path(succeeded_run.timeline_file.path)
    unknown = named.parent.with_name("00000000-0000-4000-8000-000000000000") / "1.json.gz"
    interrupted, fresh = named.with_name("interrupted.json.gz"), named.with_name("fresh.json.gz")
    unknown.parent.mkdir()
    yesterday = (timezone.now() - timedelta(hours=25)).timestamp()
    for path in (unknown, interrupted, fresh, named):
        path.touch()
        os.utime(path, None if path == fresh else (yesterday, yesterday))
    AnalysisRun.objects.update(attempts=2)
    assert timelines_sweep() == 2
    assert [path.exists() for path in (unknown, interrupted, fresh, named)] == [False, False, True, True]


def test_the_sweep_removes_nothing_for_a_database_without_runs(db, settings):
    assert timelines_sweep() == 0
    stray = Path(settings.MEDIA_ROOT) / "timelines" / "run" / "1.json.gz"
    stray.parent.mkdir(parents=True)
    stray.touch()
    os.utime(stray, (0, 0))
    assert timelines_sweep() == 0
    assert stray.exists()
