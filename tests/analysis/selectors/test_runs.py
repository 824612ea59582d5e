"""What lists and pages read."""

from analysis.selectors import interviews_of_status, interviews_with_run, run_latest, run_latest_succeeded
from analysis.services import run_request
from interviews.models import Interview


def test_a_list_costs_two_queries_however_many_interviews(alice, make_interview, django_assert_num_queries):
    for number in range(5):
        run_request(recording=make_interview(alice, candidate_name=f"C{number}").recordings.get(), by=alice)
    with django_assert_num_queries(2):
        rows = interviews_with_run(interviews=Interview.objects.visible_to(alice))
    assert [row.run_status for row in rows] == ["queued"] * 5


def test_an_interview_shows_its_newest_run_and_keeps_its_latest_report(succeeded_run, alice):
    interview = succeeded_run.recording.interview
    again = run_request(recording=succeeded_run.recording, by=alice)
    assert run_latest(interview=interview) == again
    assert run_latest_succeeded(interview=interview) == succeeded_run
    [row] = interviews_with_run(interviews=Interview.objects.all())
    assert (row.run_id, row.run_status, row.run_progress) == (again.pk, "queued", 0.0)
    assert list(interviews_of_status(interviews=Interview.objects.all(), status="queued")) == [interview]
    assert not interviews_of_status(interviews=Interview.objects.all(), status="succeeded").exists()
