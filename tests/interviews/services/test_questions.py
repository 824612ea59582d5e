"""Question marks lie within their recording."""

import pytest
from django.core.exceptions import ValidationError

from interviews import services
from interviews.models import Question


def test_a_question_that_was_removed_meanwhile_is_not_changed(interview, alice):
    question = services.question_add(interview=interview, by=alice, at_s=1.0)
    Question.objects.all().delete()
    with pytest.raises(Question.DoesNotExist):
        services.question_change(question=question, by=alice, at_s=2.0)
    assert not Question.objects.exists()


@pytest.mark.parametrize("at_s", [-0.1, 20.1, float("nan"), float("inf")])
def test_a_question_outside_the_recording_is_refused(interview, alice, at_s):
    with pytest.raises(ValidationError) as error:
        services.question_add(interview=interview, by=alice, at_s=at_s)
    assert "between 0 and 20.0 s" in error.value.message_dict["at_s"][0]


def test_two_marks_do_not_stand_on_one_second(interview, alice):
    first = services.question_add(interview=interview, by=alice, at_s=2.0)
    with pytest.raises(ValidationError, match=r"A question is marked at 0:02.0 already"):
        services.question_add(interview=interview, by=alice, at_s=2.3)
    second = services.question_add(interview=interview, by=alice, at_s=2.5)
    with pytest.raises(ValidationError):
        services.question_change(question=second, by=alice, at_s=2.1)
    services.question_change(question=first, by=alice, text="Why?")
