"""Interviews over HTTP, as the page's scripts use them."""

from pathlib import Path

import pytest
from django.test import Client

from analysis.api.pagination import UncountedPagination
from analysis.models import AnalysisRun, Playback
from interviews.models import Interview, Upload
from tests.factories.media import make_recording, make_text_file
from tests.factories.uploads import begin, send


@pytest.fixture
def browser(alice, client_of):
    return client_of(alice)


@pytest.fixture(scope="session")
def video(tmp_path_factory):
    """Two seconds of a face with speech, as mp4."""
    return make_recording(tmp_path_factory.mktemp("video") / "interview.mp4", duration_s=2.0)


def submit(browser, upload_id, **fields):
    body = {
        "candidate_name": "Dana Diaz",
        "candidate_email": "dana@mail.example",
        "position": "Data Engineer",
        "upload_id": str(upload_id),
        "informed_consent": True,
        "consent_evidence": "Signed on paper.",
        **fields,
    }
    return browser.post("/api/v1/interviews/", body, "application/json")


def test_a_finished_upload_becomes_an_interview_whose_analysis_is_queued(
    browser, video, published, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = submit(browser, send(browser, video))
    assert answer.status_code == 201
    interview = Interview.objects.get()
    assert answer.json() == {"id": str(interview.pk), "url": f"/interviews/{interview.pk}/"}
    run = AnalysisRun.objects.get()
    assert (run.status, run.recording.interview) == ("queued", interview)
    playback = Playback.objects.get(recording=run.recording)
    assert published == [
        ("analysis.tasks.run_execute", (str(run.pk),)),
        ("analysis.tasks.playback_execute", (str(playback.pk),)),
    ]


def test_the_candidate_is_told_and_without_evidence_nothing_is_analysed(browser, video, mailoutbox):
    assert submit(browser, send(browser, video), consent_evidence="").status_code == 201
    assert not AnalysisRun.objects.exists()
    (mail,) = mailoutbox
    assert mail.to == ["dana@mail.example"]
    assert "/own/" in mail.body


def test_nobody_makes_an_interview_of_somebody_elses_upload(browser, carol, bob, client_of):
    upload_id = begin(browser).json()["id"]
    for other in (carol, bob):
        assert submit(client_of(other), upload_id).status_code == 404


def test_an_interview_without_its_run_is_never_stored(browser, video, monkeypatch):
    def fail(**fields):
        raise ConnectionError("killed here")

    upload_id = send(browser, video)
    monkeypatch.setattr("analysis.services.runs.stored.run_request", fail)
    with pytest.raises(ConnectionError):
        submit(browser, upload_id)
    assert not Interview.objects.exists()
    assert Upload.objects.get().path.exists()


def test_a_file_that_is_no_recording_is_400_under_file_and_gone(browser, tmp_path, django_capture_on_commit_callbacks):
    upload_id = send(browser, make_text_file(tmp_path / "letter.mp4"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = submit(browser, upload_id)
    assert answer.status_code == 400
    assert list(answer.json()) == ["file"]
    assert not Upload.objects.exists()


def test_making_interviews_is_throttled_because_each_probes_a_file(browser, monkeypatch):
    from analysis.api.throttles import InterviewCreateThrottle

    monkeypatch.setattr(InterviewCreateThrottle, "rate", "2/hour")
    upload_id = begin(browser).json()["id"]  # of which nothing has arrived
    refused = [submit(browser, upload_id).status_code for _ in range(3)]
    assert refused[0] == refused[1] < 429 == refused[2]
    assert browser.get("/api/v1/interviews/").status_code == 200


@pytest.mark.parametrize("agreed", [True, False])
def test_a_transcript_is_agreed_to_by_itself_and_in_words_of_its_own(browser, video, agreed):
    fields = {"transcript_consent": True} if agreed else {}
    assert submit(browser, send(browser, video), **fields).status_code == 201
    events = Interview.objects.get().consent_events.latest_by_purpose()
    assert events["transcript"].given is agreed
    assert "transcript" in events["transcript"].statement
    assert "facial expression" in events["face"].statement


def test_the_language_of_an_interview_is_not_known_until_somebody_says_it(
    browser, bob, video, client_of, make_interview
):
    assert submit(browser, send(browser, video), spoken_language="klingon").json().keys() == {"spoken_language"}
    assert submit(browser, send(browser, video)).status_code == 201
    interview = Interview.objects.get()
    assert interview.spoken_language == "unknown"
    url = f"/api/v1/interviews/{interview.pk}/"
    answer = browser.patch(url, {"spoken_language": "english"}, "application/json")
    assert (answer.status_code, answer.json()["spoken_language"]) == (200, "english")
    assert browser.get(url).json()["spoken_language"] == "english"
    for body in ({}, {"spoken_language": ""}, {"spoken_language": "klingon"}):
        assert browser.patch(url, body, "application/json").status_code == 400
    assert client_of(bob).patch(url, {"spoken_language": "other"}, "application/json").status_code == 404
    interview.refresh_from_db()
    assert interview.spoken_language == "english"


def test_wrong_fields_are_named_all_at_once(browser, video):
    answer = submit(browser, send(browser, video), candidate_name="", candidate_email="x", informed_consent=False)
    assert answer.status_code == 400
    assert set(answer.json()) == {"candidate_name", "candidate_email", "informed_consent"}


def test_the_same_file_again_is_409_with_the_first_interviews_page(browser, video):
    first = submit(browser, send(browser, video)).json()
    again = send(browser, video)
    answer = submit(browser, again)
    assert answer.status_code == 409
    assert answer.json()["code"] == "duplicate"
    assert answer.json()["url"] == first["url"]
    assert submit(browser, again, allow_duplicate=True).status_code == 201


def test_the_list_shows_the_organizations_interviews_and_filters_them(
    browser, alice, carol, bob, make_interview, client_of
):
    dana = make_interview(alice)
    eve = make_interview(carol, candidate_name="Eve Ekman", position="Nurse")
    make_interview(bob, candidate_name="Finn Falk")

    def ids(**query):
        answer = browser.get("/api/v1/interviews/", query)
        assert answer.status_code == 200
        return [row["id"] for row in answer.json()["results"]]

    assert ids() == [str(eve.pk), str(dana.pk)]
    assert ids(q="ekm nur") == [str(eve.pk)]
    assert ids(position=str(dana.position_id)) == [str(dana.pk)]
    assert ids(owner=str(carol.pk)) == [str(eve.pk)]
    assert ids(status="queued") == []
    assert ids(**{"from": "2001-01-01", "to": "2001-12-31"}) == []
    assert ids(**{"from": "2001-01-01"}) == [str(eve.pk), str(dana.pk)]
    assert browser.get("/api/v1/interviews/", {"from": "tomorrow"}).status_code == 400
    assert list(browser.get("/api/v1/interviews/", {"q": "a " * 150}).json()) == ["q"]


def test_the_list_has_pages_that_lead_to_each_other(browser, alice, make_interview, monkeypatch):
    monkeypatch.setattr(UncountedPagination, "page_size", 2)
    made = [make_interview(alice, candidate_name=f"Nr{number} Same") for number in range(3)]
    first = browser.get("/api/v1/interviews/?sort=oldest").json()
    assert [row["id"] for row in first["results"]] == [str(interview.pk) for interview in made[:2]]
    assert first["previous"] is None
    last = browser.get(first["next"]).json()
    assert [row["id"] for row in last["results"]] == [str(made[2].pk)]
    assert last["next"] is None
    assert browser.get(last["previous"]).json() == first
    for impossible in ("0", "3", "x", "9" * 30):
        assert browser.get(f"/api/v1/interviews/?page={impossible}").status_code == 404


def test_one_interview_with_its_recording(browser, interview):
    body = browser.get(f"/api/v1/interviews/{interview.pk}/").json()
    assert body["candidate_name"] == "Dana Diaz"
    recording = interview.recordings.get()
    assert body["recordings"][0]["url"] == f"/media/recordings/{recording.pk}/"
    assert body["status"] is None


def test_the_owner_and_the_organizations_administrator_delete_an_interview_and_nobody_else(
    alice, carol, bob, make_interview, client_of, django_capture_on_commit_callbacks
):
    interview = make_interview(carol)
    url = f"/api/v1/interviews/{interview.pk}/"
    assert client_of(alice).delete(url).status_code == 403
    assert client_of(bob).delete(url).status_code == 404
    path = interview.recordings.get().file.path
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(carol).delete(url).status_code == 204
    assert not Interview.objects.exists()
    assert not Path(path).exists()
    by_alice = make_interview(alice)
    assert client_of(carol).delete(f"/api/v1/interviews/{by_alice.pk}/").status_code == 204


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("url", ["/api/v1/uploads/", "/api/v1/interviews/"])
def test_who_is_not_logged_in_is_refused(db, method, url):
    assert getattr(Client(), method)(url).status_code == 403
