"""The transcript over HTTP: states, corrections, questions, files; and nothing for another organization."""

import pytest
from django.urls import reverse

from analysis.models import MetricResult, Transcript, TranscriptSentence
from analysis.selectors import transcript_for
from analysis.services import run_execute, transcript_execute
from interviews.models import AuditEntry
from interviews.services import interview_language_set, question_add
from tests.conftest import PASSWORD


@pytest.fixture
def client(alice, client_of):
    return client_of(alice)


def url(name, interview, *further):
    return reverse(name, args=[interview.pk, *further])


def test_none_was_agreed_to(interview, client):
    answer = client.get(url("api_transcript", interview)).json()
    assert (answer["status"], answer["can_start"], answer["sentences"]) == ("not_agreed", False, [])
    response = client.post(url("api_transcript", interview))
    assert response.status_code == 409
    assert "not stored" in response.json()["detail"]


def test_the_states_of_a_transcript(recording, interview, client, program):
    address = url("api_transcript", interview)
    assert client.get(address).json()["status"] == "none"
    assert client.get(address).json()["can_start"] is True
    started = client.post(address)
    assert started.status_code == 202
    assert (started.json()["status"], started.json()["can_start"], started.json()["can_cancel"]) == (
        "queued",
        False,
        True,
    )
    assert client.post(address).status_code == 409
    cancelled = client.post(url("api_transcript_cancel", interview)).json()
    assert (cancelled["status"], cancelled["can_start"]) == ("cancelled", True)
    client.post(address)
    transcript_execute(transcript_id=Transcript.objects.get().pk)
    answer = client.get(address).json()
    assert (answer["status"], answer["can_start"], answer["can_cancel"]) == ("succeeded", False, False)
    assert answer["model"] == {"name": "whisper-tiny.en", "version": "0.1.0", "sha256": "1a" * 32}
    assert [sentence["readable"] for sentence in answer["sentences"]] == [True, True, True, False, True]
    assert answer["sentences"][3]["reason"]
    assert answer["sentences"][0]["voice"] is None
    assert client.post(url("api_transcript_cancel", interview)).status_code == 409


def test_another_language_refuses_it_and_hides_what_was_made(transcript, interview, client):
    interview_language_set(interview=interview, by=interview.owner, spoken_language="other")
    answer = client.get(url("api_transcript", interview)).json()
    assert (answer["status"], answer["can_start"], answer["sentences"]) == ("refused", False, [])
    assert "English only" in answer["reason"]
    assert client.get(url("transcript_vtt", interview)).status_code == 404
    interview_language_set(interview=interview, by=interview.owner, spoken_language="english")
    assert len(client.get(url("api_transcript", interview)).json()["sentences"]) == 5


def test_each_sentence_says_what_voice_and_face_were_read_as(transcript, queued_run, pipeline, interview, client):
    run_execute(run_id=queued_run.pk)
    sentence = client.get(url("api_transcript", interview)).json()["sentences"][2]
    assert sentence["voice"] == {"label": "calm", "confidence": 0.6, "coverage": 1.0}
    assert sentence["face"]["label"] == "neutral"
    assert sentence["face"]["confidence"] == pytest.approx(0.9)
    last = client.get(url("api_transcript", interview)).json()["sentences"][4]
    assert last["voice"]["coverage"] == pytest.approx(1.5 / 2.5)


def test_the_report_carries_the_transcript(transcript, succeeded_run, interview, client):
    report = client.get(reverse("api_run_report", args=[succeeded_run.pk])).json()
    assert report["transcript"]["status"] == "succeeded"
    assert len(report["transcript"]["sentences"]) == 5


def test_a_page_can_do_without_the_sentences(transcript, interview):
    state = transcript_for(interview, sentences=False)
    assert (state["status"], state["sentences"], state["question_offers"]) == ("succeeded", [], [])


def test_a_sentence_is_corrected_with_its_author_and_taken_back(transcript, interview, client):
    sentence = transcript.sentences.get(position=2)
    address = url("api_transcript_sentence", interview, sentence.pk)
    answer = client.patch(address, {"text": " I like to  mend things. "}, content_type="application/json").json()
    assert (answer["text"], answer["original"]) == ("I like to mend things.", sentence.text)
    assert answer["correction"]["author"] == "Alice Archer"
    answer = client.patch(address, {"text": None}, content_type="application/json").json()
    assert (answer["text"], answer["correction"]) == (sentence.text, None)


def test_what_was_not_readable_can_be_written_by_hand(transcript, interview, client):
    sentence = transcript.sentences.get(position=3)
    address = url("api_transcript_sentence", interview, sentence.pk)
    answer = client.patch(address, {"text": "Hm, let me think."}, content_type="application/json").json()
    assert (answer["text"], answer["original"], answer["readable"]) == ("Hm, let me think.", "", False)
    assert "Hm, let me think." in client.get(url("transcript_txt", interview)).content.decode()


@pytest.mark.parametrize("body", [{"text": "  "}, {"text": "x" * 2001}, {}, {"text": 3.5e400}])
def test_what_is_no_sentence_is_refused(transcript, interview, client, body):
    sentence = transcript.sentences.get(position=2)
    import json

    address = url("api_transcript_sentence", interview, sentence.pk)
    response = client.patch(address, json.dumps(body), content_type="application/json")
    assert response.status_code == 400
    assert TranscriptSentence.objects.get(pk=sentence.pk).correction == ""


def test_questions_that_were_heard_are_offered_and_marked_on_a_click(
    transcript, queued_run, pipeline, interview, alice, client, monkeypatch
):
    run_execute(run_id=queued_run.pk)
    question_add(interview=interview, by=alice, at_s=14.0)
    offers = client.get(url("api_transcript", interview)).json()["question_offers"]
    assert [(offer["at_s"], offer["text"]) for offer in offers] == [(3.2, "Why did you apply?")]
    assert interview.questions.count() == 1
    before = set(MetricResult.objects.values_list("pk", flat=True))
    wanted = {"sentences": [str(pk) for pk in transcript.sentences.values_list("pk", flat=True)]}
    address = url("api_transcript_questions", interview)
    answer = client.post(address, wanted, content_type="application/json").json()
    assert answer["question_offers"] == []
    assert [question["at_s"] for question in answer["questions"]] == [3.2, 14.0]
    assert set(answer["metrics"]) == {"attentiveness", "deep_thinking", "confidence", "potential_lie"}
    assert not before & set(MetricResult.objects.values_list("pk", flat=True))
    client.post(address, wanted, content_type="application/json")
    assert interview.questions.count() == 2


def test_questions_are_marked_before_there_is_a_report(transcript, interview, client):
    wanted = {"sentences": [str(transcript.sentences.get(position=1).pk)]}
    answer = client.post(url("api_transcript_questions", interview), wanted, content_type="application/json").json()
    assert answer["metrics"] == {}
    assert [question["text"] for question in answer["questions"]] == ["Why did you apply?"]


def test_captions_and_text_are_downloaded(transcript, interview, client):
    captions = client.get(url("transcript_vtt", interview))
    assert captions["Content-Type"].startswith("text/vtt")
    assert "Content-Disposition" not in captions
    head, note, first = captions.content.decode().split("\n\n")[:3]
    assert head == "WEBVTT"
    assert note.startswith("NOTE\nWritten by whisper-tiny.en")
    assert first.startswith("00:00:00.500 --> 00:00:03.000\nThank you")
    saved = client.get(url("transcript_vtt", interview) + "?download=1", headers={"accept": "text/html,*/*;q=0.8"})
    assert 'filename="transcript.vtt"' in saved["Content-Disposition"]
    text = client.get(url("transcript_txt", interview))
    assert text["Content-Type"].startswith("text/plain")
    assert "[00:00:03] Why did you apply?" in text.content.decode()


def test_nothing_is_said_to_another_organization(transcript, interview, bob, client_of):
    client = client_of(bob)
    sentence = transcript.sentences.first()
    for name in ("api_transcript", "transcript_vtt", "transcript_txt"):
        assert client.get(url(name, interview)).status_code == 404
    assert client.post(url("api_transcript", interview)).status_code == 404
    assert client.post(url("api_transcript_cancel", interview)).status_code == 404
    assert client.post(url("api_transcript_questions", interview), {"sentences": []}).status_code == 404
    assert client.patch(url("api_transcript_sentence", interview, sentence.pk), {"text": "x"}).status_code == 404


def test_a_sentence_belongs_to_its_interview(transcript, alice, make_interview, client):
    other = make_interview(alice, candidate_name="Eve Evans")
    sentence = transcript.sentences.first()
    response = client.patch(
        url("api_transcript_sentence", other, sentence.pk), {"text": "x"}, content_type="application/json"
    )
    assert response.status_code == 404


def test_nobody_who_is_not_logged_in_reads_it(transcript, interview):
    from django.test import Client

    for name in ("api_transcript", "transcript_vtt", "transcript_txt"):
        assert Client().get(url(name, interview)).status_code in (401, 403)


def test_administrators_look_at_transcripts_and_change_nothing(transcript, carol, client_of):
    carol.is_staff = carol.is_superuser = True
    carol.save()
    client = client_of(carol)
    client.post("/admin/people/", {"reason": "A transcript does not end.", "password": PASSWORD})
    change = reverse("admin:analysis_transcript_change", args=[transcript.pk])
    page = client.get(reverse("admin:analysis_transcript_changelist"))
    assert page.status_code == client.get(change).status_code == 200
    assert "Thank you for coming" not in page.content.decode()
    assert client.post(change, {"status": "failed"}).status_code == 403


def test_reading_a_transcript_without_a_report_is_in_the_log(transcript, interview, client):
    client.get(url("api_transcript", interview))
    entry = AuditEntry.objects.get(action="report_viewed")
    assert entry.details == {"transcript": str(transcript.pk)}
