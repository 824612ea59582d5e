"""How refusals become answers, and what is made of the fields of a request."""

import pytest
from django.core.exceptions import ValidationError as WrongFields
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from analysis.selectors.baselines import BaselineRefused
from analysis.services import ModelRefused, RunConflict, TranscriptRefused
from analysis.timelines import TimelinesMissing
from interviews.api.base import refusal_answered, validated
from interviews.errors import ChunkConflict, DuplicateRecording, OffsetConflict, Refusal
from interviews.models import Interview


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (Refusal("not_live", "Not now."), "not_live"),
        (RunConflict("Not now."), "run_conflict"),
        (TranscriptRefused("Not now."), "transcript_refused"),
        (BaselineRefused("Not now."), "no_calm_stretch"),
        (ModelRefused("Not now."), "model_refused"),
    ],
)
def test_a_refusal_is_answered_with_its_code_and_sentence(refusal, code):
    answer = refusal_answered(refusal, {})
    assert (answer.status_code, answer.data) == (409, {"code": code, "detail": "Not now."})


def test_timelines_that_cannot_be_read_are_a_refusal():
    answer = refusal_answered(TimelinesMissing(), {})
    assert (answer.status_code, answer.data["code"]) == (409, "timelines_unreadable")
    assert answer.data["detail"].startswith("The timelines of this analysis are missing")


def test_a_refusal_chooses_its_status():
    answer = refusal_answered(Refusal("too_large", "Too much.", 413), {})
    assert (answer.status_code, answer.data) == (413, {"code": "too_large", "detail": "Too much."})


def test_pieces_out_of_order_are_told_where_to_go_on():
    assert refusal_answered(OffsetConflict(12), {}).data == {"received_bytes": 12}
    assert refusal_answered(ChunkConflict(3), {}).data == {"next_sequence": 3}


def test_a_duplicate_names_the_page_of_the_earlier_interview(alice, make_interview):
    interview = make_interview(alice)
    answer = refusal_answered(DuplicateRecording(interview.recordings.get()), {})
    assert answer.status_code == 409
    assert answer.data["code"] == "duplicate"
    assert answer.data["url"] == f"/interviews/{interview.pk}/"
    assert "Dana Diaz" in answer.data["detail"]


def test_wrong_fields_are_answered_by_field_and_sentences_without_one_together():
    by_field = refusal_answered(WrongFields({"at_s": "Too late."}), {})
    assert (by_field.status_code, by_field.data) == (400, {"at_s": ["Too late."]})
    without = refusal_answered(WrongFields("Ask your administrator."), {})
    assert (without.status_code, without.data) == (400, {"non_field_errors": ["Ask your administrator."]})


def test_a_row_that_is_gone_is_not_found_and_other_errors_are_as_the_framework_has_them():
    assert refusal_answered(Interview.DoesNotExist(), {}).status_code == 404
    assert refusal_answered(PermissionDenied("No."), {}).status_code == 403
    assert refusal_answered(RuntimeError("a defect"), {}) is None


class Shape(serializers.Serializer):
    at_s = serializers.FloatField()
    text = serializers.CharField(default="")


def sent(body: dict) -> Request:
    return Request(APIRequestFactory().post("/", body, format="json"), parsers=[JSONParser()])


def test_fields_of_the_right_kind_are_taken_with_their_defaults():
    assert validated(Shape, sent({"at_s": 2})) == {"at_s": 2.0, "text": ""}


def test_a_partial_request_may_leave_fields_out():
    assert validated(Shape, sent({}), partial=True) == {}


def test_fields_of_the_wrong_kind_are_refused_by_field():
    with pytest.raises(ValidationError) as error:
        validated(Shape, sent({"at_s": "soon"}))
    assert list(error.value.detail) == ["at_s"]
