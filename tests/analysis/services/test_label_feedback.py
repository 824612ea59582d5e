"""Feedback on labels: whose it is, about which stretch, and that no reading changes by it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from analysis.models import LabelFeedback, ModalityResult
from analysis.services.label_feedback import label_feedback_add, label_feedback_remove
from interviews.models import Interview


def test_feedback_names_what_was_read_by_whom_and_changes_no_reading(succeeded_run, carol, alice):
    before = list(ModalityResult.objects.values())
    given = label_feedback_add(
        run=succeeded_run, by=carol, modality="speech_emotion", start_s=11.0, end_s=15.0, label_right="calm"
    )
    assert (given.label_read, given.label_right, given.author) == ("sad", "calm", carol)
    assert given.model_sha256 == succeeded_run.modalities.get(modality="speech_emotion").model_sha256
    assert list(ModalityResult.objects.values()) == before
    with pytest.raises(PermissionDenied):
        label_feedback_remove(feedback=given, by=alice)
    label_feedback_remove(feedback=given, by=carol)
    assert not LabelFeedback.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"modality": "smell"}, "modality"),
        ({"start_s": 21.0}, "start_s"),
        ({"start_s": 5.0, "end_s": 5.0}, "end_s"),
        ({"end_s": 400.0}, "end_s"),
        ({"label_right": "bored"}, "label_right"),
        ({"label_right": "calm", "end_s": 9.0}, "label_right"),
    ],
)
def test_feedback_is_about_a_stretch_and_a_label_that_are_there(succeeded_run, alice, fields, field):
    with pytest.raises(ValidationError) as refused:
        label_feedback_add(
            **{"run": succeeded_run, "by": alice, "modality": "speech_emotion", "start_s": 1.0, "end_s": 3.0, **fields}
        )
    assert set(refused.value.message_dict) == {field}


def test_the_page_takes_times_as_people_write_them(succeeded_run, interview, alice, client_of):
    browser, url = client_of(alice), reverse("label_feedback", args=[interview.pk])
    fields = {"start_s": "0:11.0", "end_s": "0:14", "label_right": "happy"}
    assert (
        "minutes:seconds" in browser.post(f"{url}?modality=speech_emotion", {**fields, "end_s": "x"}).content.decode()
    )
    page = browser.post(f"{url}?modality=speech_emotion", fields, follow=True).content.decode()
    assert "not sad, but happy" in page
    browser.post(url, {"do": "remove", "feedback": str(LabelFeedback.objects.get().pk)})
    assert not LabelFeedback.objects.exists()


def test_what_was_read_of_somebodys_own_practice_is_not_told_by_answering_a_correction(
    succeeded_run, interview, alice, client_of
):
    Interview.objects.filter(pk=interview.pk).update(purpose="training")
    browser, url = client_of(alice), reverse("label_feedback", args=[interview.pk])
    fields = {"start_s": "0:11.0", "end_s": "0:14", "label_right": "happy"}
    answer = browser.post(f"{url}?modality=speech_emotion", fields)
    assert (answer.status_code, answer["Location"]) == (302, f"/interviews/{interview.pk}/")
    assert not LabelFeedback.objects.exists()
