"""Pages as the server writes them: who sees what, and what stands where, without a script."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.models import AnalysisRun, MetricResult, ModalityResult
from interviews import services
from interviews.models import Interview, Question

LIST = "/interviews/"


def page_of(interview) -> str:
    return reverse("interview_detail", args=[interview.pk])


def make_run(interview, status="succeeded", **fields) -> AnalysisRun:
    recording = interview.recordings.get()
    return AnalysisRun.objects.create(recording=recording, requested_by=interview.owner, status=status, **fields)


@pytest.fixture
def reported(interview) -> AnalysisRun:
    """A finished run: a face for 90 % of the time, no sound; the timelines' file is gone."""
    info = {"duration_s": 20.0, "fps": 25.0, "width": 1280, "height": 720, "has_audio": False, "sha256": "ab" * 32}
    run = make_run(interview, media_info=info, timing={"wall_s": 4.0, "decode_s": 1.0, "realtime_factor": 5.0})
    run.finished_at = timezone.now()
    run.save()
    shares = {
        "facial_expression": {"happy": 0.75, "neutral": 0.25, "angry": 0.0},
        "eye_emotion": {"happiness": 1.0},
        "eye_gaze": {"center": 0.6, "center_left": 0.3, "top_right": 0.1},
    }
    for modality, by_label in shares.items():
        counts = {label: round(share * 180) for label, share in by_label.items()}
        model = {"model_name": "a network", "model_version_label": "v7", "model_sha256": "cd" * 32}
        ModalityResult.objects.create(
            run=run,
            modality=modality,
            available=True,
            counts=counts,
            shares=by_label,
            coverage=0.9,
            observed_s=18,
            **model,
        )
    ModalityResult.objects.create(
        run=run, modality="speech_emotion", available=False, reason="The recording has no audio track."
    )
    evidence = [{"start_s": 4.1, "end_s": 6.9, "kind": "look_away", "text": "looked up for 2.8 s"}]
    for metric, value in {
        "attentiveness": 0.81,
        "deep_thinking": None,
        "confidence": None,
        "potential_lie": None,
    }.items():
        MetricResult.objects.create(
            run=run,
            metric=metric,
            value=value,
            reason="" if value else "not enough data: no speech was found",
            definition="v1",
            coverage=0.9 if value else 0.0,
            evidence=evidence if value else [],
        )
    return run


def words(response) -> str:
    """The page without the token of its log-out form, which is another one in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


# --- who sees what ---


@pytest.mark.parametrize("name", ["interview_list", "interview_new"])
def test_pages_ask_strangers_to_log_in(client, name):
    address = reverse(name)
    assert client.get(address).headers["Location"] == f"/login/?next={address}"


def test_a_report_asks_strangers_to_log_in(client, interview):
    assert client.get(page_of(interview)).status_code == 302


def test_a_report_of_another_organization_answers_like_one_that_does_not_exist(client_of, bob, interview, reported):
    client = client_of(bob)
    theirs = client.get(page_of(interview))
    missing = client.get(reverse("interview_detail", args=[uuid.uuid4()]))
    assert theirs.status_code == missing.status_code == 404
    assert words(theirs) == words(missing)
    assert b"Dana Diaz" not in theirs.content


def test_the_list_shows_the_own_organization_only(client_of, alice, bob, make_interview):
    make_interview(alice, candidate_name="Dana Diaz")
    make_interview(bob, candidate_name="Evan Ellis")
    page = client_of(alice).get(LIST).content.decode()
    assert "Dana Diaz" in page
    assert "Evan Ellis" not in page


def test_only_who_may_delete_is_offered_to(client_of, alice, carol, make_interview):
    interview = make_interview(carol)
    offered = re.compile(r"disabled[^>]*data-delete-interview")
    assert offered.search(client_of(alice).get(page_of(interview)).content.decode())
    assert not offered.search(client_of(carol).get(page_of(interview)).content.decode())


# --- the list ---


def test_an_empty_list_says_what_to_do_first(client_of, alice):
    page = client_of(alice).get(LIST).content.decode()
    assert "No interviews yet" in page
    assert reverse("interview_new") in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=dana", {"Dana Diaz"}),
        ("q=nobody", set()),
        ("status=failed", {"Frida Falk"}),
        ("status=succeeded", set()),
        ("from=2000-01-01&to=2000-12-31", {"Frida Falk"}),
        ("q=engineer", {"Dana Diaz", "Frida Falk"}),
    ],
)
def test_filters_narrow_the_list(client_of, alice, make_interview, query, found):
    make_interview(alice, candidate_name="Dana Diaz")
    old = make_interview(alice, candidate_name="Frida Falk")
    Interview.objects.filter(pk=old.pk).update(
        created_at=timezone.datetime(2000, 6, 1, tzinfo=timezone.get_current_timezone())
    )
    make_run(old, "failed")
    page = client_of(alice).get(f"{LIST}?{query}").content.decode()
    assert {name for name in ("Dana Diaz", "Frida Falk") if name in page} == found


def test_filters_offer_positions_and_owners_of_the_own_organization_only(client_of, alice, bob, make_interview):
    make_interview(alice, position="Data Engineer")
    make_interview(bob, position="Secret Position")
    page = client_of(alice).get(LIST).content.decode()
    assert "Data Engineer" in page
    assert "Secret Position" not in page
    assert "Bob Baker" not in page


def test_an_impossible_filter_is_named_and_shows_the_list_all_the_same(client_of, alice, interview):
    page = client_of(alice).get(f"{LIST}?from=yesterday&status=nonsense&owner=x").content.decode()
    assert "Enter a valid date" in page
    assert "Dana Diaz" in page


def test_the_list_has_pages_that_keep_the_filters(client_of, alice, make_interview):
    for number in range(52):
        make_interview(alice, candidate_name=f"Nr{number} Same")
    client = client_of(alice)
    first = client.get(f"{LIST}?q=same").content.decode()
    assert "1–50 of 52" in first
    assert 'href="?q=same&amp;page=2"' in first
    assert "51–52 of 52" in client.get(f"{LIST}?q=same&page=2").content.decode()


def test_the_list_asks_the_database_the_same_number_of_times_however_long_it_is(
    client_of, alice, make_interview, django_assert_num_queries, django_assert_max_num_queries
):
    client = client_of(alice)
    for number in range(8):
        make_run(make_interview(alice, candidate_name=f"Nr{number} Same"))
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_the_list_shows_coverage_and_no_metric(client_of, alice, interview, reported):
    page = client_of(alice).get(LIST).content.decode()
    assert "90\xa0%" in page
    assert "Report ready" in page
    assert "0.81" not in page


# --- a new interview ---


def test_the_new_page_shows_the_consent_and_the_positions_known(client_of, alice, interview):
    page = client_of(alice).get(reverse("interview_new")).content.decode()
    assert services.CONSENT_STATEMENT in page
    assert services.TRANSCRIPT_STATEMENT in page
    assert 'name="transcript_consent"' in page
    assert '<option value="english">' in page
    assert '<option value="Data Engineer">' in page
    assert 'accept=".mp4,.mov,.mkv,.webm,.avi,video/*"' in page


# --- the interview's page ---


def test_a_waiting_run_is_shown_with_its_recording(client_of, alice, interview):
    make_run(interview, "queued")
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert "Waiting for a worker" in page
    assert reverse("recording_media", args=[interview.recordings.get().pk]) in page


def test_a_failed_run_says_why_and_that_the_recording_is_kept(client_of, alice, interview):
    make_run(interview, "failed", failure_reason="The worker was interrupted three times.")
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert "The worker was interrupted three times." in page
    assert "The recording is kept" in page


def test_the_report_is_written_without_scripts_each_number_with_its_coverage(client_of, alice, interview, reported):
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert "75\xa0%" in page  # happy
    assert "90\xa0% <span" in page  # coverage of a modality
    assert "0.81" in page
    assert "The recording has no audio track." in page
    assert "Not enough data: no speech was found" in page
    assert "Voice-face incongruence" in page
    assert "looked up for 2.8 s" in page
    assert "v7" in page
    assert "cd" * 32 in page
    assert "What these numbers are not" in page
    assert "Agreed." in page  # the consent's words


def test_what_was_not_measured_is_never_a_zero(client_of, alice, interview, reported):
    data = page_data(client_of(alice).get(page_of(interview)))
    speech = next(modality for modality in data["modalities"] if modality["key"] == "speech_emotion")
    assert not speech["available"]
    confidence = next(metric for metric in data["metrics"] if metric["key"] == "confidence")
    assert confidence["value"] is None


def page_data(response) -> dict:
    found = re.search(r'<script id="page-data" type="application/json">(.*?)</script>', response.content.decode(), re.S)
    return json.loads(found[1])


def test_an_earlier_report_stays_readable_and_cannot_be_edited(client_of, alice, interview, reported):
    AnalysisRun.objects.filter(pk=reported.pk).update(created_at=timezone.now() - timedelta(hours=1))
    client = client_of(alice)
    newer = make_run(interview, media_info=reported.media_info, timing=reported.timing, finished_at=timezone.now())
    assert page_data(client.get(page_of(interview)))["shown_run"] == str(newer.pk)
    earlier = client.get(f"{page_of(interview)}?run={reported.pk}")
    assert page_data(earlier)["shown_run"] == str(reported.pk)
    assert page_data(earlier)["can_edit"] is False
    assert "This is an earlier analysis" in earlier.content.decode()


def test_the_last_report_stays_while_the_recording_is_analysed_again(client_of, alice, interview, reported):
    AnalysisRun.objects.filter(pk=reported.pk).update(created_at=timezone.now() - timedelta(hours=1))
    make_run(interview, "running", progress=0.4, stage="Reading the face")
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert "Analysing the recording" in page
    assert "0.81" in page


@pytest.mark.parametrize("run", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_a_run_that_is_not_of_this_interview_is_not_found(client_of, alice, interview, reported, run):
    assert client_of(alice).get(f"{page_of(interview)}?run={run}").status_code == 404


def test_what_people_wrote_is_escaped(client_of, alice, make_interview):
    interview = make_interview(alice, candidate_name="<script>alert(1)</script>", original_name="</script><b>.mp4")
    Question.objects.create(interview=interview, at_s=1, text="</script><script>alert(2)</script>", created_by=alice)
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert "<script>alert" not in page
    assert "</script><b>" not in page


def test_pages_send_no_inline_script_or_style_and_a_strict_policy(client_of, alice, interview, reported):
    response = client_of(alice).get(page_of(interview))
    page = response.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
