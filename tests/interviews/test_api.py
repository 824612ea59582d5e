"""Uploads and interviews over HTTP, as the page's script uses them."""

from pathlib import Path

import pytest
from django.test import Client

from analysis.models import AnalysisRun
from interviews.models import Interview, Upload
from tests.factories.media import make_text_file


@pytest.fixture
def browser(alice, client_of):
    return client_of(alice)


def begin(browser, name="talk.mp4", size=10):
    return browser.post("/api/v1/uploads/", {"file_name": name, "size_bytes": size}, "application/json")


def put(browser, upload_id, offset, content):
    return browser.put(f"/api/v1/uploads/{upload_id}/?offset={offset}", content, "application/octet-stream")


def submit(browser, upload_id, **fields):
    body = {
        "candidate_name": "Dana Diaz",
        "candidate_email": "dana@mail.example",
        "position": "Data Engineer",
        "upload_id": str(upload_id),
        "informed_consent": True,
        **fields,
    }
    return browser.post("/api/v1/interviews/", body, "application/json")


@pytest.fixture
def sent(browser):
    """``sent(path)``: the id of an upload whose bytes have arrived in two pieces."""

    def send(path, client=browser):
        content = path.read_bytes()
        upload_id = begin(client, path.name, len(content)).json()["id"]
        half = len(content) // 2
        assert put(client, upload_id, 0, content[:half]).json() == {"received_bytes": half}
        assert put(client, upload_id, half, content[half:]).json() == {"received_bytes": len(content)}
        return upload_id

    return send


def test_an_upload_is_announced_and_resumed_where_it_stopped(browser):
    answer = begin(browser)
    assert answer.status_code == 201
    assert answer.json().items() >= {"chunk_bytes": 8 * 1024**2, "received_bytes": 0}.items()
    upload_id = answer.json()["id"]
    put(browser, upload_id, 0, b"01234")
    conflict = put(browser, upload_id, 0, b"01234")
    assert (conflict.status_code, conflict.json()) == (409, {"received_bytes": 5})
    assert browser.get(f"/api/v1/uploads/{upload_id}/").json()["received_bytes"] == 5


def test_a_file_that_is_refused_is_named_by_a_sentence(browser):
    answer = begin(browser, "letter.txt")
    assert answer.status_code == 400
    assert "mp4, mov, mkv, webm and avi" in answer.json()["file"][0]


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "٣", "9" * 30])
def test_an_offset_that_is_no_number_is_refused(browser, offset):
    upload_id = begin(browser).json()["id"]
    answer = put(browser, upload_id, offset, b"0")
    assert answer.status_code == 400
    assert "offset" in answer.json()


def test_an_empty_piece_changes_nothing(browser):
    upload_id = begin(browser).json()["id"]
    assert put(browser, upload_id, 0, b"").json() == {"received_bytes": 0}


def test_an_upload_that_is_given_up_is_gone(browser, django_capture_on_commit_callbacks):
    upload_id = begin(browser).json()["id"]
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.delete(f"/api/v1/uploads/{upload_id}/").status_code == 204
    assert browser.get(f"/api/v1/uploads/{upload_id}/").status_code == 404


def test_nobody_continues_somebody_elses_upload(browser, carol, bob, client_of):
    upload_id = begin(browser).json()["id"]
    for other in (carol, bob):
        assert put(client_of(other), upload_id, 0, b"0").status_code == 404
        assert submit(client_of(other), upload_id).status_code == 404


def test_a_finished_upload_becomes_an_interview_whose_analysis_is_queued(
    browser, sent, video, published, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = submit(browser, sent(video))
    assert answer.status_code == 201
    interview = Interview.objects.get()
    assert answer.json() == {"id": str(interview.pk), "url": f"/interviews/{interview.pk}/"}
    run = AnalysisRun.objects.get()
    assert (run.status, run.recording.interview) == ("queued", interview)
    assert published == [("analysis.tasks.run_execute", (str(run.pk),))]


def test_an_interview_without_its_run_is_never_stored(browser, sent, video, monkeypatch):
    def fail(**fields):
        raise ConnectionError("killed here")

    upload_id = sent(video)
    monkeypatch.setattr("analysis.api.interviews.run_request", fail)
    with pytest.raises(ConnectionError):
        submit(browser, upload_id)
    assert not Interview.objects.exists()
    assert Upload.objects.get().path.exists()


def test_a_row_that_goes_while_it_is_written_to_is_404(browser, interview, monkeypatch):
    def gone(**fields):
        raise Interview.DoesNotExist

    monkeypatch.setattr("analysis.api.questions.question_add", gone)
    answer = browser.post(f"/api/v1/interviews/{interview.pk}/questions/", {"at_s": 1.0}, "application/json")
    assert answer.status_code == 404


def test_a_file_that_is_no_recording_is_400_under_file_and_gone(
    browser, sent, tmp_path, django_capture_on_commit_callbacks
):
    upload_id = sent(make_text_file(tmp_path / "letter.mp4"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = submit(browser, upload_id)
    assert answer.status_code == 400
    assert list(answer.json()) == ["file"]
    assert not Upload.objects.exists()


@pytest.mark.parametrize("agreed", [True, False])
def test_a_transcript_is_agreed_to_by_itself_and_in_words_of_its_own(browser, sent, video, agreed):
    fields = {"transcript_consent": True} if agreed else {}
    assert submit(browser, sent(video), **fields).status_code == 201
    consent = Interview.objects.get().recordings.get().consent
    assert consent.covers_transcript is agreed
    assert ("transcript" in consent.statement) is agreed
    assert "facial expression" in consent.statement


def test_the_language_of_an_interview_is_not_known_until_somebody_says_it(
    browser, bob, sent, video, client_of, make_interview
):
    assert submit(browser, sent(video), spoken_language="klingon").json().keys() == {"spoken_language"}
    assert submit(browser, sent(video)).status_code == 201
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


def test_wrong_fields_are_named_all_at_once(browser, sent, video):
    answer = submit(browser, sent(video), candidate_name="", candidate_email="x", informed_consent=False)
    assert answer.status_code == 400
    assert set(answer.json()) == {"candidate_name", "candidate_email", "informed_consent"}


def test_the_same_file_again_is_409_with_the_first_interviews_page(browser, sent, video):
    first = submit(browser, sent(video)).json()
    again = sent(video)
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


def test_a_write_without_the_csrf_header_is_refused(alice):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert begin(browser).status_code == 403
    browser.get("/login/")  # redirects, without a form
    browser.cookies["csrftoken"] = "a" * 32
    answer = browser.post(
        "/api/v1/uploads/",
        {"file_name": "talk.mp4", "size_bytes": 10},
        "application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert answer.status_code == 201


def test_the_schema_describes_every_route(browser, recwarn):
    schema = browser.get("/api/v1/schema/").json()
    assert {"/api/v1/uploads/{upload_id}/", "/api/v1/interviews/", "/api/v1/runs/{run_id}/report/"} <= set(
        schema["paths"]
    )
