"""Pages as the server writes them: who sees what, and what stands where, without a script."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.models import AnalysisRun, Playback
from interviews.models import Question
from tests.factories.runs import make_run


def page_of(interview) -> str:
    return reverse("interview_detail", args=[interview.pk])


def words(response) -> str:
    """The page without the token of its log-out form, which is another one in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


# --- who sees what ---


def test_a_report_asks_strangers_to_log_in(client, interview):
    assert client.get(page_of(interview)).status_code == 302


def test_a_report_of_another_organization_answers_like_one_that_does_not_exist(client_of, bob, interview, reported):
    client = client_of(bob)
    theirs = client.get(page_of(interview))
    missing = client.get(reverse("interview_detail", args=[uuid.uuid4()]))
    assert theirs.status_code == missing.status_code == 404
    assert words(theirs) == words(missing)
    assert b"Dana Diaz" not in theirs.content


def test_only_who_may_delete_is_offered_to(client_of, alice, carol, make_interview):
    interview = make_interview(carol)
    offered = re.compile(r"disabled[^>]*data-delete-interview")
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert offered.search(page)
    assert "Only its owner or an administrator can." in page
    assert not offered.search(client_of(carol).get(page_of(interview)).content.decode())


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
    assert ">90\xa0%</button>" in page  # coverage of a modality
    assert "0.81" in page
    assert "The recording has no audio track." in page
    assert "Not enough data: no speech was found" in page
    assert "Voice-face incongruence" in page
    assert "looked up for 2.8 s" in page
    assert "v7" in page
    assert "cd" * 32 in page
    assert "What these numbers are not" in page
    assert "Agreed." in page  # the consent's words


def test_the_coverage_of_a_metric_leads_to_the_seconds_that_it_could_see(client_of, alice, interview, reported):
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert 'data-walk-path="eye_gaze/read" data-walk-label="Attentiveness: coverage"' in " ".join(page.split())
    assert 'data-walk-label="Confidence: coverage"' not in page  # no speech: nothing to lead to
    later = make_run(interview, media_info=reported.media_info, timing=reported.timing, finished_at=timezone.now())
    for result in reported.modalities.all():
        result.pk, result.run = None, later
        result.save()
    both = client_of(alice).get(reverse("run_compare", args=[reported.pk, later.pk])).content.decode()
    assert f'href="{page_of(interview)}?run={reported.pk}#eye_gaze-read"' in both
    assert page.count('id="eye_gaze-read"') == 1


def test_each_card_names_what_was_not_read_and_scarce_shares_are_muted(client_of, alice, interview, reported):
    reported.modalities.filter(modality="eye_emotion").update(coverage=0.39)
    page = client_of(alice).get(page_of(interview)).content.decode()
    told = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert told.count("Not read: face turned away 1.5&nbsp;s, no face in view 0.5&nbsp;s.") == 3
    assert page.count("is-scarce") == 1
    assert page.count('<p class="caption">Too little was observed for these shares to mean much.</p>') == 1


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


# --- the player ---


def test_the_player_plays_the_recording_where_browsers_do(client_of, alice, interview):
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert re.search(rf'<video id="player"[^>]* src="/media/recordings/{interview.recordings.get().pk}/"', page)
    assert re.search(r'id="player-copy" hidden', page)


def test_the_player_waits_for_a_copy_and_the_original_can_be_downloaded(client_of, alice, make_interview):
    interview = make_interview(alice, browser_obstacle="Browsers do not play avi files.")
    recording = interview.recordings.get()
    Playback.objects.create(recording=recording, obstacle=recording.browser_obstacle)
    page = client_of(alice).get(page_of(interview)).content.decode()
    (player,) = re.findall(r'<video id="player"[^>]*>', page)
    assert " src=" not in player
    assert "Browsers do not play avi files." in page
    assert not re.search(r'id="player-preparing"[^>]* hidden', page)
    assert re.search(rf'href="/media/recordings/{recording.pk}/" download', page)


def test_the_player_plays_the_copy_with_its_poster(client_of, alice, make_interview):
    recording = make_interview(alice, browser_obstacle="Its picture is interlaced.").recordings.get()
    playback = Playback.objects.create(
        recording=recording, obstacle=recording.browser_obstacle, copy="playback/a.mp4", poster="playback/a.jpg"
    )
    page = client_of(alice).get(page_of(recording.interview)).content.decode()
    (player,) = re.findall(r'<video id="player"[^>]*>', page)
    assert f'src="/media/playback/{playback.pk}/"' in player
    assert f'poster="/media/playback/{playback.pk}/poster.jpg"' in player
    assert recording.sha256 in page, "the report names the original"


def test_sound_without_a_picture_is_played_as_sound(client_of, alice, make_interview):
    interview = make_interview(alice, width=0, height=0, fps=0.0)
    page = client_of(alice).get(page_of(interview)).content.decode()
    assert '<audio id="player"' in page
    assert "<video" not in page
    assert "This recording has sound but no picture." in page


def test_charts_and_numbers_wait_for_ones_own_scorecard_on_page_and_api(client_of, alice, interview, reported):
    interview.organization.criteria.create(name="Clarity")
    type(interview.organization).objects.update(rate_first=True)
    browser = client_of(alice)
    page = browser.get(page_of(interview)).content.decode()
    assert "0.81" not in page
    assert "looked up for 2.8 s" not in page
    assert reverse("scorecard", args=[interview.pk]) in page
    for name in ("api_run_report", "api_run_timelines"):
        answer = browser.get(reverse(name, args=[reported.pk]))
        assert (answer.status_code, answer.json()["code"]) == (403, "rate_first")
    questions = reverse("api_questions", args=[interview.pk])
    assert browser.post(questions, {"at_s": 1}, "application/json").status_code == 403
    browser.post(reverse("scorecard", args=[interview.pk]), {"do": "waive"})
    assert "0.81" in browser.get(page_of(interview)).content.decode()
