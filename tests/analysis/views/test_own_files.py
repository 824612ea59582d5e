"""The candidate's copy, report and comments: everything of theirs, for nobody else."""

import csv
import io
import json
import zipfile

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from analysis.reporting.exports.streaming import archive_stream
from analysis.selectors.own_copy import own_copy_entries
from analysis.services.label_feedback import label_feedback_add
from interviews.models import AuditEntry, CandidateRequest, GazeCalibration, PolicySetting, Room
from interviews.selectors.own_page import CONFIRMED
from interviews.services.own_page import own_page_link_create


@pytest.fixture
def path(interview) -> str:
    return reverse("own_page", args=[interview.pk])


@pytest.fixture
def dana(interview, alice) -> Client:
    """A browser that opened the link, without a code."""
    cache.clear()
    browser = Client()
    browser.post(reverse("own_page_door", args=[own_page_link_create(interview=interview, by=alice)]))
    return browser


@pytest.fixture
def confirmed(interview, dana) -> Client:
    """The same, after the mailed code."""
    session = dana.session
    session[CONFIRMED] = [str(interview.pk)]
    session.save()
    return dana


@pytest.mark.parametrize("action", ["report/", "recording/", "copy/", "comment/"])
def test_the_link_alone_opens_none_of_it(dana, path, action):
    method = dana.get if action in ("report/", "recording/") else dana.post
    assert method(path + action, {"text": "Mine"} if action == "comment/" else {}).status_code == 404


def test_the_copy_has_everything_and_names_no_colleague(interview, alice, succeeded_run, client_of):
    for modality, start_s in (("facial_expression", 1.0), ("speech_emotion", 5.0)):
        label_feedback_add(run=succeeded_run, by=alice, modality=modality, start_s=start_s, end_s=start_s + 2)
    room = Room.objects.create(interview=interview, host=alice)
    GazeCalibration.objects.create(room=room, parameters={"k": 1}, error_degrees=2.0, points=9)
    PolicySetting.objects.update(blocked=["speech_emotion"])
    client_of(alice).get(reverse("interview_detail", args=[interview.pk]))
    content = b"".join(archive_stream(own_copy_entries(interview=interview)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    with interview.recordings.get().file.open() as recording:
        assert files["recording-1.mp4"] == recording.read()
    document = json.loads(files["interview.json"])
    assert document["analysis"]["timelines"]
    assert all(result["definition"] for result in document["analysis"]["metrics"].values())
    assert "sha256" in files["README.txt"].decode(), "the versions that read it"
    answers = json.loads(files["consents.json"])["answers"]
    assert [answer["purpose"] for answer in answers] == ["recording", "face", "eyes", "voice"]
    assert "Northwind" in files["notice.txt"].decode()
    also = json.loads(files["also-held.json"])
    said = [row["modality"] for row in also["what_people_said_of_readings"]]
    assert said == ["facial_expression"], "not what is blocked"
    assert also["gaze_calibration"]["parameters"] == {"k": 1}
    rows = list(csv.DictReader(io.StringIO(files["who-looked.csv"].decode())))
    assert {"who": "Person 1 of northwind", "what": "Viewed a report"}.items() <= rows[-1].items()
    assert "Alice" not in (files["who-looked.csv"] + files["also-held.json"]).decode()


def test_the_copy_of_somebodys_own_practice_has_what_the_organization_may_not_see(interview, transcript):
    interview.purpose = "training"
    interview.save()
    content = b"".join(archive_stream(own_copy_entries(interview=interview)))
    document = json.loads(zipfile.ZipFile(io.BytesIO(content)).read("interview.json"))
    assert document["transcript"]["sentences"]


def test_a_file_that_is_gone_is_left_out_of_the_copy(interview):
    recording = interview.recordings.get()
    recording.file.storage.delete(recording.file.name)
    content = b"".join(archive_stream(own_copy_entries(interview=interview)))
    assert "recording-1.mp4" not in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_taking_a_copy_is_written_down(interview, confirmed, path):
    answer = confirmed.post(f"{path}copy/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    request = CandidateRequest.objects.get()
    assert (request.kind, request.is_open) == ("copy", False)
    assert AuditEntry.objects.filter(action="request_made", actor_kind="candidate").exists()
    answer.close()


def test_the_candidate_sees_the_numbers_and_comments_on_them(alice, succeeded_run, confirmed, path, client_of):
    shown = confirmed.get(f"{path}report/").content.decode()
    assert "Attentiveness" in shown
    assert AuditEntry.objects.filter(action="report_viewed", actor_kind="candidate").count() == 1
    confirmed.post(f"{path}comment/", {"text": "The <b>sun</b> was in my eyes."})
    assert "Write a comment" in confirmed.post(f"{path}comment/", {"text": " "}, follow=True).content.decode()
    recruiters = client_of(alice).get(reverse("interview_detail", args=[succeeded_run.recording.interview_id]))
    for page in (confirmed.get(f"{path}report/"), recruiters):
        assert "The &lt;b&gt;sun&lt;/b&gt; was in my eyes." in page.content.decode()
