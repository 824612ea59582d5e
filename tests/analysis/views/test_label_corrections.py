"""Corrected labels: on the lanes of the report, and as training data where the candidate agreed to that."""

import csv
import json
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from django.urls import reverse

from analysis.models import LabelFeedback, ModelVersion
from analysis.selectors.label_corrections import COLUMNS, SCHEMA, run_corrections
from analysis.services.label_feedback import label_feedback_add
from interviews.models import AuditEntry
from interviews.services.consent import consent_record

JSON = reverse("label_corrections_file", args=["label-corrections.json"])


def agree(interview, *, given=True):
    consent_record(interview=interview, answers={"training": (given, "May be used.")}, how="own_page")


@pytest.fixture
def correction(succeeded_run, alice):
    where = {"modality": "speech_emotion", "start_s": 11.0, "end_s": 15.0}
    return label_feedback_add(run=succeeded_run, by=alice, **where, label_right="calm", comment="Dana only coughs.")


@pytest.fixture
def administrator(client_of, carol):
    return client_of(carol)


def test_without_an_agreement_to_it_a_correction_is_left_out_and_counted(correction, administrator):
    found = administrator.get(JSON).json()
    assert found["corrections"] == []
    assert found["left_out"] == {"candidate_did_not_agree": 1, "policy_does_not_allow": 0}
    page = administrator.get(reverse("label_corrections")).content.decode()
    assert "0 corrections" in page


def test_with_it_the_files_have_stretch_labels_role_and_version_and_name_nobody(
    correction, administrator, succeeded_run, interview
):
    agree(interview)
    ModelVersion.objects.create(
        modality="speech_emotion", name="net", version="v3", sha256=correction.model_sha256, status="retired"
    )
    answer = administrator.get(JSON)
    found, recording = answer.json(), succeeded_run.recording
    jsonschema.Draft202012Validator(json.loads((Path(settings.BASE_DIR) / "static" / SCHEMA).read_text())).validate(
        found
    )
    assert found["corrections"] == [
        {
            "modality": "speech_emotion",
            "start_s": 11.0,
            "end_s": 15.0,
            "label_read": "sad",
            "label_corrected": "calm",
            "author_role": "recruiter",
            "model": "net",
            "model_version": "v3",
            "model_sha256": correction.model_sha256,
            "recording_sha256": recording.sha256,
            "media": f"{reverse('recording_media', args=[recording.pk])}#t=11.000,15.000",
        }
    ]
    text = answer.content.decode()
    assert "coughs" not in text
    assert interview.candidate.name not in text
    assert AuditEntry.objects.first().details == {
        "file": "label-corrections.json",
        "corrections": 1,
        **{"candidate_did_not_agree": 0, "policy_does_not_allow": 0},
    }
    rows = administrator.get(reverse("label_corrections_file", args=["label-corrections.csv"])).content.decode(
        "utf-8-sig"
    )
    (row,) = csv.DictReader(rows.splitlines())
    assert tuple(row) == COLUMNS
    assert (row["start_s"], row["label_corrected"]) == ("11.0", "calm")


def test_an_agreement_that_is_taken_back_counts_no_more(correction, administrator, interview):
    agree(interview)
    agree(interview, given=False)
    assert administrator.get(JSON).json()["left_out"]["candidate_did_not_agree"] == 1


def test_what_policy_does_not_allow_is_left_out(correction, administrator, interview):
    agree(interview)
    interview.purpose, interview.candidate_jurisdiction = "recruitment", "eu"
    interview.save()
    assert administrator.get(JSON).json()["left_out"] == {"candidate_did_not_agree": 0, "policy_does_not_allow": 1}


def test_another_organizations_corrections_are_not_in_it(correction, interview, southwind, bob, client_of):
    agree(interview)
    southwind.memberships.filter(user=bob).update(role="administrator")
    assert client_of(bob).get(JSON).json() == {
        **{"format": "candor-label-corrections", "version": 1, "corrections": []},
        "left_out": {"candidate_did_not_agree": 0, "policy_does_not_allow": 0},
    }


def test_recruiters_export_none(correction, client_of, alice):
    assert (
        client_of(alice).get(JSON).status_code == client_of(alice).get(reverse("label_corrections")).status_code == 404
    )


def test_the_lanes_get_what_was_said_with_its_author(correction, succeeded_run, interview, alice, client_of):
    (mark,) = run_corrections(run=succeeded_run)
    assert mark["text"] == f"Speech emotion: not sad, but calm ({alice})"
    assert (mark["modality"], mark["at_s"], mark["end_s"]) == ("speech_emotion", 11.0, 15.0)
    page = client_of(alice).get(reverse("interview_detail", args=[interview.pk])).content.decode()
    assert "not sad, but calm" in page
    LabelFeedback.objects.update(label_right="", label_read="")
    assert "nothing was read" in run_corrections(run=succeeded_run)[0]["text"]
