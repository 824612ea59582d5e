"""Words become sentences by their punctuation; nothing is lost and nothing is said twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.transcript.sentences import LONGEST_S, PAUSE_S, Word, ends_sentence, sentences, text_of


def spoken(text: str, *, start_s: float = 0.0, word_s: float = 0.3) -> list[Word]:
    return [
        Word(start_s + at * word_s, start_s + (at + 1) * word_s, f" {word}") for at, word in enumerate(text.split())
    ]


def texts(words) -> list[str]:
    return [text_of(sentence) for sentence in sentences(words)]


def test_sentences_end_with_their_punctuation():
    assert texts(spoken("Why did you leave? I was bored! It paid well. Then")) == [
        "Why did you leave?",
        "I was bored!",
        "It paid well.",
        "Then",
    ]


def test_titles_initials_and_abbreviations_end_no_sentence():
    assert texts(spoken("Mr. Smith met J. Doe of the U.S. army, i.e. nobody. So did I. Good.")) == [
        "Mr. Smith met J. Doe of the U.S. army, i.e. nobody.",
        "So did I.",
        "Good.",
    ]


@pytest.mark.parametrize(
    ("word", "ends"), [(' yes."', True), (" 3.5", False), (" what?!", True), (" well,", False), (" e.g.", False)]
)
def test_the_end_of_a_sentence(word, ends):
    assert ends_sentence(word) is ends


def test_a_long_pause_ends_a_sentence():
    later = spoken("of course", start_s=2 * 0.3 + PAUSE_S + 0.1)
    assert texts([*spoken("Well yes"), *later]) == ["Well yes", "of course"]


def test_a_sentence_without_end_is_ended():
    for sentence in sentences(spoken("and " * 400)):
        assert sentence[-1].end_s - sentence[0].start_s <= LONGEST_S + 0.31


words = st.lists(
    st.tuples(
        st.floats(0, 3),
        st.floats(0.01, 2),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=8),
    ),
    max_size=60,
)


@given(words)
def test_every_word_is_in_exactly_one_sentence_in_order(parts):
    at, given_words = 0.0, []
    for gap_s, length_s, text in parts:
        given_words.append(Word(at + gap_s, at + gap_s + length_s, text))
        at += gap_s + length_s
    found = list(sentences(given_words))
    assert [word for sentence in found for word in sentence] == given_words
    assert all(found)
    for sentence in found:
        assert not any(ends_sentence(word.text) for word in sentence[:-1])
