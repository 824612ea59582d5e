"""Notes: where they stand, who may change them, whom they mention, and what is kept of them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from interviews.errors import Refusal
from interviews.models import Assignment, AuditEntry, Interview, Note
from interviews.selectors.notes import note_readers, notes_threads
from interviews.services.notes import note_add, note_delete, note_edit
from tests.conftest import member


def test_notes_stand_in_the_order_of_the_recording_with_their_replies(interview, alice, carol):
    late = note_add(interview=interview, by=alice, text="Late", at_s=12.0, end_s=14.5)
    note_add(interview=interview, by=alice, text="Early", at_s=3.0)
    note_add(interview=interview, by=carol, text="On the whole")
    reply = note_add(interview=interview, by=carol, text="Yes", parent=late, at_s=1.0)
    note_add(interview=interview, by=alice, text="And yes", parent=reply)
    threads = notes_threads(interview=interview, user=alice)
    assert [thread["text"] for thread in threads] == ["On the whole", "Early", "Late"]
    assert [(answer["text"], answer["at_s"]) for answer in threads[2]["replies"]] == [("Yes", None), ("And yes", None)]
    assert [thread["is_own"] for thread in threads] == [False, True, True]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"at_s": 20.5}, "at_s"),
        ({"at_s": float("nan")}, "at_s"),
        ({"end_s": 5.0}, "at_s"),
        ({"at_s": 5.0, "end_s": 5.0}, "end_s"),
        ({"at_s": 5.0, "end_s": 21.0}, "end_s"),
    ],
)
def test_a_note_without_words_or_outside_the_recording_is_refused(interview, alice, fields, field):
    with pytest.raises(ValidationError) as refused:
        note_add(interview=interview, by=alice, **{"text": "A note", **fields})
    assert set(refused.value.message_dict) == {field}
    assert not Note.objects.exists()


def test_an_edit_keeps_what_the_note_was(interview, alice, carol):
    note = note_add(interview=interview, by=alice, text="Frist", at_s=3.0)
    note_edit(note=note, by=alice, text="First", at_s=3.0, end_s=4.0)
    note_edit(note=note, by=alice, text="First", at_s=3.0, end_s=4.0)
    shown = notes_threads(interview=interview, user=carol)[0]
    assert (shown["text"], shown["end_s"]) == ("First", 4.0)
    assert shown["edited_at"] is not None
    assert [(before["text"], before["end_s"]) for before in shown["history"]] == [("Frist", None)]


def test_only_the_author_changes_a_note_and_an_answered_one_stays(interview, alice, carol):
    note = note_add(interview=interview, by=alice, text="Mine")
    for change in (lambda: note_edit(note=note, by=carol, text="Hers"), lambda: note_delete(note=note, by=carol)):
        with pytest.raises(PermissionDenied):
            change()
    reply = note_add(interview=interview, by=carol, text="Answer", parent=note)
    with pytest.raises(Refusal):
        note_delete(note=note, by=alice)
    note_delete(note=reply, by=carol)
    note_delete(note=note, by=alice)
    assert not Note.objects.exists()
    actions = AuditEntry.objects.filter(action="notes_changed").values_list("details__change", flat=True)
    assert list(actions) == ["removed", "removed", "answered", "added"]


def test_those_who_see_the_interview_can_be_mentioned_and_nobody_else(interview, alice, carol, northwind, bob):
    people = [alice, carol, bob]
    for role in ("recruiter", "reviewer", "auditor"):
        people += [member(northwind, f"{role}{number}@mail.example", f"{role} {number}", role) for number in (1, 2)]
        Assignment.objects.create(interview=interview, user=people[-1], assigned_by=alice)
    for see_all in (True, False):
        northwind.recruiters_see_all = see_all
        northwind.save()
        sees = {person for person in people if Interview.objects.visible_to(person).exists()}
        interview.refresh_from_db()
        assert set(note_readers(interview=interview)) == sees
    note = note_add(interview=interview, by=alice, text="@carol cooper, @Bob Baker, @reviewer2@mail.example: look")
    assert {person.full_name for person in note.mentions.all()} == {"Carol Cooper", "reviewer 2"}
