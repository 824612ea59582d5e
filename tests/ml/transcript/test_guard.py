"""What the guard lets through, from measures that are given."""

import pytest

from ml.transcript import guard
from ml.transcript.model import DecodingResult
from ml.transcript.sentences import Word


def result(*, probability=0.9, log_probability=-0.3, compression_ratio=1.4, no_speech=0.05, words=8) -> DecodingResult:
    said = tuple(Word(at * 0.3, at * 0.3 + 0.3, f" word{at}", probability) for at in range(words))
    return DecodingResult(said, log_probability, compression_ratio, no_speech, 0.0)


def test_what_is_sure_of_itself_is_readable():
    assert guard.decoding_problem(result()) == ""


@pytest.mark.parametrize(
    ("problem", "measures"),
    [
        (guard.UNCERTAIN, {"probability": 0.6}),
        (guard.UNCERTAIN, {"log_probability": -1.1}),
        (guard.UNCERTAIN, {"no_speech": 0.7, "log_probability": -0.7}),
        (guard.REPEATED, {"compression_ratio": 3.0}),
        (guard.WORDLESS, {"words": 0}),
    ],
)
def test_what_fails_one_measure_is_not(problem, measures):
    assert guard.decoding_problem(result(**measures)) == problem


def test_words_where_nobody_was_unsettled_are_not_shown():
    words = result().words
    assert guard.sentence_problem(words, [(0.0, 2.4)]) == ""
    assert guard.sentence_problem(words, [(10.0, 12.0)]) == guard.SILENT
    assert guard.sentence_problem(words, []) == guard.SILENT


def test_one_unsure_sentence_among_readable_ones_is_not_shown():
    assert guard.sentence_problem(result(probability=0.4).words, [(0.0, 3.0)]) == guard.UNCERTAIN


def test_sentences_that_only_repeat_each_other_are_found():
    texts = [
        "Hello.",
        "I'm happy to speak Spanish.",
        "I'm happy to speak Spanish",
        "i'm HAPPY to speak Spanish!",
        "Yes.",
    ]
    assert guard.repeated(texts) == {1, 2, 3}


def test_what_people_do_repeat_is_let_through():
    assert guard.repeated(["Yes.", "Yes.", "Yes.", "Yes.", "What do you mean?", "What do you mean?", "Well."]) == set()
    assert guard.repeated([]) == set()


def test_a_recording_of_which_most_is_readable_gets_its_transcript():
    assert guard.refusal(readable_s=60.0, speech_s=100.0, is_english=False) == ""


def test_a_recording_of_which_little_is_readable_gets_none_unless_somebody_vouches_for_it():
    assert "another language is spoken" in guard.refusal(readable_s=20.0, speech_s=100.0, is_english=False)
    assert guard.refusal(readable_s=20.0, speech_s=100.0, is_english=True) == ""
    assert "too noisy" in guard.refusal(readable_s=5.0, speech_s=100.0, is_english=True)


def test_a_recording_without_speech_gets_none():
    assert "Nobody was heard" in guard.refusal(readable_s=0.0, speech_s=0.0, is_english=True)


def test_listening_goes_on_while_there_is_hope():
    assert not guard.is_hopeless(readable_s=0.0, speech_s=100.0)
    assert not guard.is_hopeless(readable_s=60.0, speech_s=200.0)
    assert guard.is_hopeless(readable_s=2.0, speech_s=200.0)
