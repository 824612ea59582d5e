"""The audit log: what gets into it, and that nothing in it can be changed without being found."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from interviews.models import AuditEntry
from interviews.selectors.audit import audit_problems, audit_visible
from interviews.services.audit import audit_append
from tests.conftest import member

Action = AuditEntry.Action


@pytest.fixture
def chain(alice, interview):
    """Five entries."""
    for number in range(5):
        audit_append(action=Action.MARKS_CHANGED, by=alice, interview=interview, change="added", at_s=number / 3)


def sql(statement, *values):
    """As somebody who reaches the database writes to it."""
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("log", "interviews_auditentry"), values)


def test_a_log_that_nobody_touched_is_whole(chain):
    assert list(audit_problems()) == []
    out = StringIO()
    call_command("verify_log", stdout=out)
    assert out.getvalue().startswith("5 entries, whole and in order.")
    last = AuditEntry.objects.first().sha256
    assert last in out.getvalue()
    call_command("verify_log", contains=last, stdout=out)


@pytest.mark.parametrize(
    ("attack", "found"),
    [
        (["UPDATE log SET actor = NULL WHERE number = 3"], "Entry 3 was changed"),
        (["UPDATE log SET details = '{}' WHERE number = 3"], "Entry 3 was changed"),
        (["UPDATE log SET at = '2020-01-01 00:00:00' WHERE number = 3"], "Entry 3 was changed"),
        (["DELETE FROM log WHERE number = 3"], "Entry 3 is missing."),
        (["DELETE FROM log WHERE number IN (2, 3)"], "Entry 2 to 3 is missing."),
        (["DELETE FROM log WHERE number = 5"], "The log ends with entry 4"),
        (
            ["DELETE FROM log WHERE number = 5", "DELETE FROM interviews_audithead"],
            "The log ends with entry 4, and its last one was 0",
        ),
        (
            [
                "UPDATE log SET number = 9 WHERE number = 2",
                "UPDATE log SET number = 2 WHERE number = 3",
                "UPDATE log SET number = 3 WHERE number = 9",
            ],
            "Entry 2 does not follow entry 1",
        ),
    ],
)
def test_a_changed_missing_or_moved_entry_is_found(chain, attack, found):
    for statement in attack:
        sql(statement)
    assert found in " ".join(audit_problems())
    with pytest.raises(CommandError, match=found.split(".")[0]):
        call_command("verify_log")


def test_a_log_that_was_written_anew_lacks_the_hash_that_was_kept(chain):
    with pytest.raises(CommandError, match="no longer contains"):
        call_command("verify_log", contains="f" * 64, stdout=StringIO())


def test_the_code_cannot_change_it_by_mistake(chain):
    entry = AuditEntry.objects.first()
    for attempt in (entry.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(details={})):
        with pytest.raises(TypeError):
            attempt()


def test_looking_changing_and_deleting_are_in_it_with_a_receipt_and_without_content(client_of, alice, interview):
    recording = interview.recordings.get()
    browser = client_of(alice)
    for _ in range(3):
        browser.get(f"/media/recordings/{recording.pk}/", headers={"Range": "bytes=999999-"})  # nothing to be read
    url = f"/api/v1/interviews/{interview.pk}/"
    browser.post(f"{url}questions/", {"at_s": 3.0, "text": "Why did you leave?"}, "application/json")
    assert browser.delete(url).status_code == 204
    entries = list(AuditEntry.objects.filter(organization=interview.organization_id).order_by("number"))
    assert [entry.action for entry in entries] == ["login", "recording_played", "marks_changed", "interview_deleted"]
    assert {entry.actor for entry in entries} == {alice.pk}
    receipt = entries[-1].details
    assert receipt["recordings"] == [{"sha256": recording.sha256, "size_bytes": recording.size_bytes}]
    assert receipt["rows"] == {"consent_events": 4, "questions": 1}
    assert receipt["candidate"] == "erased"
    assert not any(word in str([entry.details for entry in entries]) for word in ("Dana", "leave", "interview.mp4"))


@pytest.mark.parametrize(
    ("role", "reads"),
    [("administrator", True), ("privacy_officer", True), ("auditor", True), ("recruiter", False), ("reviewer", False)],
)
def test_who_reads_the_log(client_of, northwind, bob, chain, role, reads):
    person = member(northwind, "new@northwind.example", "New Person", role)
    assert audit_visible(user=person).exists() is reads
    assert not audit_visible(user=bob).exists()
    answer = client_of(person).get("/log/")
    assert answer.status_code == (200 if reads else 404)
    assert (b"Dana Diaz" in answer.content) is reads


def test_the_page_narrows_and_survives_nonsense(client_of, carol, chain, interview):
    browser = client_of(carol)
    only = browser.get("/log/", {"action": "login"}).content
    assert b"Logged in</td>" in only
    assert b"Changed question marks</td>" not in only
    assert b"Changed question marks</td>" in browser.get("/log/", {"interview": str(interview.pk)}).content
    assert browser.get("/log/", {"interview": "x", "since": "soon", "page": "99", "action": "no"}).status_code == 200
