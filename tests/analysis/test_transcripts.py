"""Whether a transcript can be made, and which of its sentences are offered as question marks."""

from types import SimpleNamespace

import pytest

from analysis.transcripts import (
    NO_RECORDING,
    NO_SOUND,
    NOT_AGREED,
    OTHER_LANGUAGE,
    is_question,
    obstacle,
    questions_offered,
)
from interviews.models import Interview, Recording


def sentence(start_s: float, text: str) -> SimpleNamespace:
    return SimpleNamespace(start_s=start_s, shown_text=text)


@pytest.mark.parametrize(
    ("found", "agreed", "language", "reason"),
    [
        (None, True, "english", NO_RECORDING),
        (Recording(has_audio=True), False, "english", NOT_AGREED),
        (Recording(has_audio=True), False, "other", NOT_AGREED),
        (Recording(has_audio=True), True, "other", OTHER_LANGUAGE),
        (Recording(has_audio=False), True, "english", NO_SOUND),
        (Recording(has_audio=True), True, "english", ""),
    ],
)
def test_the_first_reason_against_a_transcript_is_given(found, agreed, language, reason):
    assert language in Interview.SpokenLanguage
    assert obstacle(interview=Interview(spoken_language=language), recording=found, agreed=agreed) == reason


def test_questions_are_known_by_their_mark():
    assert is_question('He said "why?"')
    assert not is_question("Why not.")
    sentences = [sentence(1.0, "Why?"), sentence(5.0, "So."), sentence(9.0, "How?")]
    assert questions_offered(sentences, marked_s=[]) == [0, 2]
    assert questions_offered(sentences, marked_s=[2.9]) == [2]
    assert questions_offered(sentences, marked_s=[3.1, 11.1]) == [0, 2]
