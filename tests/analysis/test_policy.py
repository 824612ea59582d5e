"""What policy does not allow is not computed, stored, shown or exported; the report says what was left out."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.live.room.access import _entry
from analysis.models import AnalysisRun, ModalityResult
from analysis.selectors import run_report, run_timelines
from analysis.services import (
    results_prune,
    robustness_execute,
    robustness_request,
    run_execute,
    run_request,
    upload_stored,
)
from analysis.services.errors import RobustnessRefused, RunConflict
from analysis.timelines import pictures_read, timelines_read
from interviews.models import GazeCalibration, PolicySetting, Room
from interviews.services.duties import rule_record
from interviews.services.policy import interview_purpose_set, policy_setting_set
from interviews.services.rooms import room_create
from tests.factories.consent import agree

EMOTIONS = {"facial_expression", "eye_emotion", "speech_emotion"}
LATER = {"deep_thinking", "confidence", "potential_lie"}


def audited(organization: Any, days_ago: int = 0) -> None:
    """The organization has confirmed a bias audit of that day."""
    day = timezone.localdate() - timedelta(days=days_ago)
    fields = {"lifted": ["us-new-york-city-audit"], "lifted_on": {"us-new-york-city-audit": day.isoformat()}}
    PolicySetting.objects.update_or_create(organization=organization, purpose="recruitment", defaults=fields)


@pytest.fixture
def european(interview: Any) -> Any:
    """The interview, for a job in the European Union."""
    interview.purpose, interview.candidate_jurisdiction = "recruitment", "eu"
    interview.save()
    return interview


def recruit_in_europe(interview: Any, by: Any) -> None:
    interview_purpose_set(interview=interview, by=by, purpose="recruitment", candidate_jurisdiction="eu")


def test_recruitment_in_the_eu_computes_and_stores_gaze_alone(european: Any, alice: Any, pipeline: Any) -> None:
    run = run_request(recording=european.recordings.get(), by=alice)
    run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == "succeeded"
    assert pipeline.calls[0][1].modalities == ("eye_gaze",)
    assert set(run.modalities.values_list("modality", flat=True)) == {"eye_gaze"}
    assert set(run.metrics.values_list("metric", flat=True)) == {"attentiveness"}
    assert set(timelines_read(run.timeline_file.name).timelines) == {"eye_gaze"}

    report = run_report(run=run)
    assert set(report["modalities"]) == {"eye_gaze"}
    assert set(report["metrics"]) == {"attentiveness"}
    left_out = {rule["rule"]: rule for rule in report["left_out"]}
    assert set(left_out["eu-emotion-at-work"]["keys"]) == EMOTIONS | LATER
    assert "AI Act" in left_out["eu-emotion-at-work"]["source"]


def test_the_page_and_the_api_of_a_restricted_report(european: Any, alice: Any, pipeline: Any, client_of: Any) -> None:
    run = run_request(recording=european.recordings.get(), by=alice)
    run_execute(run_id=run.pk)
    client = client_of(alice)
    page = client.get(reverse("interview_detail", args=[european.pk])).content.decode()
    assert "Left out of this report by rules" in page
    assert "No emotions of people who work or apply" in page
    assert 'data-modality="facial_expression"' not in page
    assert client.get(reverse("api_run_report", args=[run.pk])).json()["modalities"].keys() == {"eye_gaze"}


def test_results_of_before_are_hidden_until_somebody_says_what_they_were_for(
    succeeded_run: Any, alice: Any, client_of: Any
) -> None:
    interview = succeeded_run.recording.interview
    interview.purpose = interview.candidate_jurisdiction = "unknown"
    interview.save()
    client, page = client_of(alice), reverse("interview_detail", args=[interview.pk])
    assert "Nothing that was computed is lost" in client.get(page).content.decode()
    for name in ("api_run_report", "api_run_timelines"):
        assert client.get(reverse(name, args=[succeeded_run.pk])).status_code == 403
    assert results_prune(interview=interview) == 0
    interview_purpose_set(interview=interview, by=alice, purpose="research", candidate_jurisdiction="elsewhere")
    assert client.get(reverse("api_run_report", args=[succeeded_run.pk])).json()["metrics"].keys() >= LATER


def test_what_is_no_longer_allowed_is_erased(succeeded_run: Any, alice: Any, client_of: Any) -> None:
    interview = succeeded_run.recording.interview
    before = succeeded_run.timeline_file.name
    answer = client_of(alice).post(
        reverse("interview_purpose", args=[interview.pk]),
        {"purpose": "recruitment", "candidate_jurisdiction": "eu", "reason": ""},
        follow=True,
    )
    assert "results that it does not allow were erased" in answer.content.decode()
    run = AnalysisRun.objects.get(pk=succeeded_run.pk)
    assert set(run.modalities.values_list("modality", flat=True)) == {"eye_gaze"}
    assert set(run.metrics.values_list("metric", flat=True)) == {"attentiveness"}
    assert set(run_timelines(run=run)["modalities"]) == {"eye_gaze"}
    assert pictures_read(run.timeline_file.name) == {} or run.timeline_file.name != before


def test_the_old_timelines_leave_the_disk(
    succeeded_run: Any, alice: Any, django_capture_on_commit_callbacks: Any
) -> None:
    storage, before = succeeded_run.timeline_file.storage, succeeded_run.timeline_file.name
    with django_capture_on_commit_callbacks(execute=True):
        recruit_in_europe(succeeded_run.recording.interview, alice)
        assert results_prune(interview=succeeded_run.recording.interview)
    assert not storage.exists(before)
    assert storage.exists(AnalysisRun.objects.get(pk=succeeded_run.pk).timeline_file.name)


def test_the_lie_is_off_unless_an_administrator_has_switched_it_on(
    interview: Any, alice: Any, carol: Any, pipeline: Any
) -> None:
    PolicySetting.objects.all().delete()
    run = run_request(recording=interview.recordings.get(), by=alice)
    run_execute(run_id=run.pk)
    assert not run.metrics.filter(metric="potential_lie").exists()
    assert ModalityResult.objects.filter(run=run).count() == 4
    policy_setting_set(
        organization=interview.organization,
        by=carol,
        purpose="research",
        lifted=["candor-lie-off"],
        reason="The study is about this metric.",
    )
    again = run_request(recording=interview.recordings.get(), by=alice)
    run_execute(run_id=again.pk)
    assert again.metrics.filter(metric="potential_lie").exists()


def test_practice_is_shown_to_the_candidate_alone(succeeded_run: Any, alice: Any, client_of: Any) -> None:
    interview = succeeded_run.recording.interview
    interview.purpose = "training"
    interview.save()
    client = client_of(alice)
    assert (
        "shown to the candidate alone" in client.get(reverse("interview_detail", args=[interview.pk])).content.decode()
    )
    for name in ("api_run_report", "api_run_timelines"):
        assert client.get(reverse(name, args=[succeeded_run.pk])).json()["code"] == "results_not_shown"
    assert client.get(reverse("run_person_picture", args=[succeeded_run.pk, 1])).status_code == 403
    assert client.get(reverse("api_transcript", args=[interview.pk])).status_code == 403
    assert "face visible" not in client.get(reverse("interview_list")).content.decode()
    assert run_report(run=succeeded_run)["modalities"]  # for the candidate


def test_where_nothing_is_allowed_the_recording_is_stored_and_no_analysis_requested(interview: Any, alice: Any) -> None:
    interview.purpose, interview.candidate_jurisdiction = "recruitment", "us_newyorkcity"
    interview.save()
    recording = interview.recordings.get()
    with pytest.raises(RunConflict):
        run_request(recording=recording, by=alice)
    upload_stored(recording=recording, by=alice)
    assert not AnalysisRun.objects.exists()


@pytest.mark.parametrize(
    ("purpose", "place", "modalities"),
    [("research", "elsewhere", 4), ("recruitment", "eu", 1), ("training", "elsewhere", 0), ("unknown", "elsewhere", 0)],
)
def test_a_live_room_reads_what_is_allowed(
    interview: Any, alice: Any, purpose: str, place: str, modalities: int
) -> None:
    interview.purpose, interview.candidate_jurisdiction = purpose, place
    interview.save()
    room = Room.objects.create(interview=interview, host=alice, status="live")
    context = _entry(room, role="candidate", name="Dana", goodbye="").analysis_context()
    assert len(context.modalities) == modalities
    assert context.is_allowed == bool(modalities)


def test_an_organization_can_switch_transcripts_off(interview: Any, carol: Any, client_of: Any) -> None:
    agree(interview, "transcript")
    policy_setting_set(
        organization=interview.organization,
        by=carol,
        purpose="research",
        lifted=["candor-lie-off"],
        blocked=["transcript"],
    )
    client = client_of(carol)
    address = reverse("api_transcript", args=[interview.pk])
    assert client.post(address).status_code == 409
    assert "switched transcripts off" in client.get(address).json()["reason"]


def test_nothing_is_analysed_before_a_notice_period_has_passed(
    interview: Any, northwind: Any, alice: Any, carol: Any, client_of: Any
) -> None:
    room = room_create(by=alice, candidate_name="Eve Evans", candidate_email="eve@mail.example")
    audited(northwind)
    for one in (interview, room.interview):
        one.purpose, one.candidate_jurisdiction = "recruitment", "us_newyorkcity"
        one.save()
    recording = interview.recordings.get()
    with pytest.raises(RunConflict, match="10 business days"):
        run_request(recording=recording, by=alice)
    upload_stored(recording=recording, by=alice)
    assert not AnalysisRun.objects.exists()
    assert _entry(room, role="host", name="", goodbye="").modalities == ()

    page, purpose = f"/interviews/{interview.pk}/", f"/interviews/{interview.pk}/purpose/"
    assert "has to be told 10 business days" in client_of(alice).get(page).content.decode()
    assert "has to be told" in client_of(alice).get(f"/rooms/{room.pk}/").content.decode()
    sent = {"do": "record", "rule": "us-new-york-city-notice", "kind": "waived", "words": "They asked for it."}
    assert "administrator of your organization alone" in client_of(alice).post(purpose, sent).content.decode()
    assert client_of(carol).post(purpose, sent).status_code == 302
    assert AnalysisRun.objects.of_interview(interview).exists(), "it begins at once"


@pytest.fixture
def told_today(interview: Any, alice: Any, northwind: Any) -> Any:
    """The interview, for a job in New York City, whose candidate was told today; `move()` makes it so."""
    audited(northwind)

    def move() -> None:
        interview.purpose, interview.candidate_jurisdiction = "recruitment", "us_newyorkcity"
        interview.save()
        told = {"kind": "done", "on": timezone.localdate(), "words": "By mail."}
        rule_record(interview=interview, by=alice, rule="us-new-york-city-notice", **told)

    return move


def test_a_run_that_waited_is_not_executed_before_a_notice_period_has_passed(
    told_today: Any, queued_run: Any, pipeline: Any
) -> None:
    told_today()
    run_execute(run_id=queued_run.pk)
    queued_run.refresh_from_db()
    assert (queued_run.status, pipeline.calls) == ("failed", [])
    assert "nothing is analysed before" in queued_run.failure_reason


def test_nothing_is_measured_again_before_a_notice_period_has_passed(
    told_today: Any, succeeded_run: Any, alice: Any, pipeline: Any
) -> None:
    waiting = robustness_request(run=succeeded_run, by=alice)
    told_today()
    pipeline.calls.clear()
    robustness_execute(robustness_id=waiting.pk)
    waiting.refresh_from_db()
    assert "nothing is analysed before" in waiting.reason
    with pytest.raises(RobustnessRefused, match="nothing is analysed before"):
        robustness_request(run=succeeded_run, by=alice)
    assert pipeline.calls == []


def test_a_calibration_goes_with_the_gaze(succeeded_run: Any, alice: Any) -> None:
    interview = succeeded_run.recording.interview
    GazeCalibration.objects.create(
        room=Room.objects.create(interview=interview, host=alice), parameters={"k": 1}, error_degrees=2, points=9
    )
    AnalysisRun.objects.update(options={"fps": 10.0, "gaze_calibration": {"k": 1}})
    interview_purpose_set(interview=interview, by=alice, purpose="recruitment", candidate_jurisdiction="us_maryland")
    results_prune(interview=interview)
    assert not GazeCalibration.objects.exists()
    assert AnalysisRun.objects.get().options == {"fps": 10.0}


def test_a_bias_audit_counts_for_a_year_and_what_it_allowed_is_hidden_then(
    interview: Any, northwind: Any, succeeded_run: Any
) -> None:
    interview.purpose, interview.candidate_jurisdiction = "recruitment", "us_newyorkcity"
    interview.save()
    for days_ago, is_allowed, is_erased in ((365, True, False), (366, False, False), (396, False, True)):
        audited(northwind, days_ago=days_ago)
        assert bool(run_report(run=succeeded_run)["modalities"]) is is_allowed
        results_prune(interview=interview)
        is_left = succeeded_run.modalities.filter(modality="eye_gaze").exists()
        assert is_left is not is_erased, "for a month it can be renewed"


def test_an_audit_that_has_ended_delays_no_erasure_elsewhere(
    interview: Any, northwind: Any, succeeded_run: Any
) -> None:
    interview.purpose, interview.candidate_jurisdiction = "recruitment", "eu"
    interview.save()
    audited(northwind, days_ago=366)
    assert results_prune(interview=interview) > 0
