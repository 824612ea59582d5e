"""Notice periods that pass, and waivers that are recorded for each interview."""

import hashlib
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from analysis.selectors.own_copy import own_copy_entries
from analysis.services.erasure import interview_erase
from interviews.errors import Refusal
from interviews.models import AuditEntry, PolicySetting, RuleRecord
from interviews.selectors.duties import business_days_after, interview_duties, notice_pending
from interviews.selectors.policy import interview_policy
from interviews.services.duties import rule_record
from interviews.services.policy import policy_setting_set
from interviews.services.rooms import room_open

NOTICE, WAIVER = "us-new-york-city-notice", "us-maryland-waiver"


def hire_in(interview: Any, place: str) -> Any:
    interview.purpose, interview.candidate_jurisdiction = "recruitment", place
    interview.save()
    return interview


@pytest.fixture
def audited(northwind: Any) -> None:
    """The organization has confirmed the bias audit, which is of the tool and not of a person."""
    lifted = ["us-new-york-city-audit"]
    lifted_on = {lifted[0]: timezone.localdate().isoformat()}
    PolicySetting.objects.create(organization=northwind, purpose="recruitment", lifted=lifted, lifted_on=lifted_on)


def pending(interview: Any) -> str:
    return notice_pending(interview=interview, policy=interview_policy(interview=interview))


@pytest.mark.parametrize(
    ("told", "from_day"),
    [
        (date(2026, 11, 27), date(2026, 12, 11)),  # Friday
        (date(2026, 11, 28), date(2026, 12, 11)),  # Saturday
        (date(2026, 11, 30), date(2026, 12, 14)),  # Monday
    ],
)
def test_ten_business_days_have_no_weekends(told: date, from_day: date) -> None:
    assert business_days_after(told, 10) == from_day


def test_an_interview_begins_once_the_notice_period_has_passed(room: Any, alice: Any, audited: None) -> None:
    hire_in(room.interview, "us_newyorkcity")
    with pytest.raises(Refusal, match="has to be told 10 business days"):
        room_open(room=room, by=alice)
    today = timezone.localdate()
    rule_record(interview=room.interview, by=alice, rule=NOTICE, kind="done", on=today, words="By mail.")
    with pytest.raises(Refusal, match="nothing is analysed before"):
        room_open(room=room, by=alice)
    told = today - timedelta(days=14)
    rule_record(interview=room.interview, by=alice, rule=NOTICE, kind="done", on=told, words="By mail, two weeks ago.")
    assert room_open(room=room, by=alice).status == "live"


def test_a_room_in_which_nothing_is_analysed_needs_no_notice(room: Any, alice: Any) -> None:
    hire_in(room.interview, "us_newyorkcity")
    assert not interview_policy(interview=room.interview).modalities, "no bias audit"
    assert room_open(room=room, by=alice).status == "live"


def test_an_administrator_goes_on_with_a_reason_that_the_log_keeps(
    interview: Any, alice: Any, carol: Any, audited: None
) -> None:
    hire_in(interview, "us_newyorkcity")
    with pytest.raises(ValidationError, match="administrator"):
        rule_record(interview=interview, by=alice, rule=NOTICE, kind="waived", words="We are in a hurry.")
    with pytest.raises(ValidationError, match="Say why"):
        rule_record(interview=interview, by=carol, rule=NOTICE, kind="waived")
    rule_record(interview=interview, by=carol, rule=NOTICE, kind="waived", words="They asked for an earlier day.")
    assert pending(interview) == ""
    assert AuditEntry.objects.filter(details__reason="They asked for an earlier day.").exists()
    rule_record(interview=interview, by=alice, rule=NOTICE, kind="taken_back")
    assert "has to be told" in pending(interview)


def test_a_waiver_is_of_one_interview(interview: Any, make_interview: Any, alice: Any, carol: Any) -> None:
    other = hire_in(make_interview(alice, candidate_name="Eve Evans"), "us_maryland")
    hire_in(interview, "us_maryland")
    with pytest.raises(ValidationError):
        policy_setting_set(
            organization=interview.organization, by=carol, purpose="recruitment", lifted=[WAIVER], reason="All sign."
        )
    assert "eye_gaze" not in interview_policy(interview=interview).modalities
    rule_record(interview=interview, by=alice, rule=WAIVER, kind="done", on=timezone.localdate(), words="In the file.")
    assert "eye_gaze" in interview_policy(interview=interview).modalities
    assert "eye_gaze" not in interview_policy(interview=other).modalities
    assert [duty.is_done for duty in interview_duties(interview=interview)] == [True]


def test_a_signed_waiver_is_kept_as_a_file_and_goes_with_the_interview(
    interview: Any, alice: Any, bob: Any, client_of: Any, django_capture_on_commit_callbacks: Any
) -> None:
    hire_in(interview, "us_maryland")
    browser, page = client_of(alice), f"/interviews/{interview.pk}/purpose/"
    fields = {"do": "record", "rule": WAIVER, "kind": "done", "on": timezone.localdate().isoformat()}
    refused = browser.post(page, {**fields, "file": SimpleUploadedFile("waiver.exe", b"MZ")}).content.decode()
    assert "Choose a file of one of these kinds" in refused
    assert "say where it is" in browser.post(page, fields).content.decode()
    signed = SimpleUploadedFile("waiver.pdf", b"%PDF signed")
    assert browser.post(page, {**fields, "file": signed}).status_code == 302
    record = RuleRecord.objects.get()
    assert AuditEntry.objects.filter(details__sha256=hashlib.sha256(b"%PDF signed").hexdigest()).exists()
    assert "eye_gaze" in interview_policy(interview=interview).modalities
    address = f"/interviews/{interview.pk}/consent/{record.pk}/"
    assert address in browser.get(page).content.decode()
    answer = browser.get(address)
    assert (answer.content, answer["Content-Type"]) == (b"%PDF signed", "application/octet-stream")
    assert client_of(bob).get(address).status_code == 404
    assert f"{WAIVER}-1.pdf" in dict(own_copy_entries(interview=interview))
    with django_capture_on_commit_callbacks(execute=True):
        interview_erase(interview=interview, by=alice)
    assert not record.file.storage.exists(record.file.name)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rule": "eu-emotion-at-work", "kind": "done"}, "rule"),
        ({"rule": WAIVER, "kind": "waived", "words": "No."}, "kind"),
        ({"rule": WAIVER, "kind": "strange"}, "kind"),
        ({"rule": WAIVER, "kind": "done", "words": "Signed."}, "on"),
        ({"rule": WAIVER, "kind": "done", "on": date(2999, 1, 1), "words": "Signed."}, "on"),
        ({"rule": WAIVER, "kind": "done", "on": date(2026, 1, 1)}, "words"),
    ],
)
def test_what_cannot_be_recorded_is_refused(interview: Any, carol: Any, fields: dict[str, Any], wrong: str) -> None:
    hire_in(interview, "us_maryland")
    with pytest.raises(ValidationError) as refused:
        rule_record(interview=interview, by=carol, **fields)
    assert wrong in refused.value.message_dict
    assert not RuleRecord.objects.exists()


def test_a_waiver_that_was_confirmed_for_all_is_recorded_for_each(interview: Any, northwind: Any) -> None:
    hire_in(interview, "us_maryland")
    setting = PolicySetting.objects.create(organization=northwind, purpose="recruitment", lifted=[WAIVER, "other"])
    import_module("interviews.migrations.0021_rule_records").lifts_become_records(apps, None)
    setting.refresh_from_db()
    assert setting.lifted == ["other"]
    assert "eye_gaze" in interview_policy(interview=interview).modalities
