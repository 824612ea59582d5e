"""Notes over the API: whoever sees the interview writes them."""

from django.urls import reverse

from interviews.models import Note, PreparedQuestion


def test_notes_are_written_edited_and_deleted(client_of, alice, carol, interview):
    browser, url = client_of(carol), reverse("api_notes", args=[interview.pk])
    PreparedQuestion.objects.create(interview=interview, position=0, text="Why us?")
    answer = browser.post(url, {"text": "Look", "at_s": 4.0, "end_s": 6.0}, "application/json")
    assert answer.status_code == 201
    [note] = answer.json()["notes"]
    assert (note["author"], note["at_s"], note["end_s"]) == ("Carol Cooper", 4.0, 6.0)
    assert answer.json()["unasked"] == ["Why us?"]
    own = f"{url}{note['id']}/"
    assert client_of(alice).put(own, {"text": "Mine"}, "application/json").status_code == 403
    assert browser.put(own, {"text": "Look here"}, "application/json").json()["notes"][0]["text"] == "Look here"
    assert browser.post(url, {"text": "x", "at_s": 99}, "application/json").json().keys() == {"at_s"}
    assert browser.delete(own).json()["notes"] == []


def test_a_reply_belongs_to_a_note_of_the_same_interview(client_of, alice, interview, make_interview):
    elsewhere = Note.objects.create(interview=make_interview(alice), author=alice, text="There")
    url = reverse("api_notes", args=[interview.pk])
    answer = client_of(alice).post(url, {"text": "Here", "answers": str(elsewhere.pk)}, "application/json")
    assert answer.status_code == 404


def test_the_page_shows_notes_and_what_was_not_asked(client_of, alice, interview):
    Note.objects.create(interview=interview, author=alice, text="<b>Bold</b>", at_s=4.0)
    PreparedQuestion.objects.create(interview=interview, position=0, text="Why us?")
    for name in ("interview_notes", "interview_detail"):
        page = client_of(alice).get(reverse(name, args=[interview.pk])).content.decode()
        assert "&lt;b&gt;Bold&lt;/b&gt;" in page
        assert "Why us?" in page
        assert "0:04.0" in page
