"""The scripts' pure functions, where they run: in the browser."""

import pytest

from interviews.templatetags import formatting


@pytest.mark.parametrize("value", [0, 0.001, 0.004, 0.125, 0.5, 0.996, 0.9999, 1, 3.25, 59.96, 75.2, 3675.5])
def test_scripts_write_numbers_as_the_server_does(scripts, value):
    assert scripts("format", "clock", value) == formatting.clock(value)
    if value <= 1:
        assert scripts("format", "percent", value) == formatting.percent(value)
        assert scripts("format", "fraction", value) == formatting.fraction(value)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:15.2", 75.2), ("75.2", 75.2), ("0:01:15", 75), (" 1:05,5 ", 65.5), ("soon", None), ("1:2:3:4", None)],
)
def test_times_are_read_as_people_write_them(scripts, text, seconds):
    assert scripts("format", "parseClock", text) == (None if seconds is None else pytest.approx(seconds))


def test_a_lane_shows_what_takes_most_of_each_column_and_a_gap_where_nothing_was_seen(scripts):
    intervals = [[0, 1.4, "happy", 0.9], [1.4, 2, "sad", 0.8], [3.8, 4, "sad", 0.8]]
    assert scripts("report/lanes", "binned", intervals, 4, 4) == ["happy", "sad", "", ""]
    assert scripts("report/lanes", "binned", [], 0, 2) == ["", ""]


def test_the_reading_at_a_moment_is_of_the_interval_that_holds_it(scripts):
    intervals = [[0, 1, "happy", 0.9], [1, 2, "sad", 0.8], [3, 4, "calm", 0.7]]
    assert scripts("report/lanes", "intervalAt", intervals, 1)[2] == "sad"
    assert scripts("report/lanes", "intervalAt", intervals, 3.99)[2] == "calm"
    assert scripts("report/lanes", "intervalAt", intervals, 2.5) is None
    assert scripts("report/lanes", "intervalAt", intervals, 4) is None


@pytest.mark.parametrize(("at_s", "index"), [(0.0, -1), (1.0, 0), (1.96, 1), (2.5, 1), (9.0, 2)])
def test_the_sentence_of_a_moment_is_the_last_that_has_begun(scripts, at_s, index):
    assert scripts("report/transcript/text", "indexAt", [1.0, 2.0, 7.0], at_s) == index
    assert scripts("report/transcript/text", "indexAt", [], at_s) == -1


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("WHY", ["Why", "why"]),
        ("don't", ["don’t"]),
        ("what  (if", ["what (if"]),
        (".*", []),
        ("you", ["you", "you"]),
    ],
)
def test_a_search_finds_words_whatever_their_case_spaces_and_apostrophes(scripts, query, hits):
    text = "Why you don’t know, or why you ask what (if anything)."
    found = scripts("report/transcript/text", "cutAt", text, query)
    assert [words for words, is_hit in found if is_hit] == hits
    assert "".join(words for words, _ in found) == text


def test_a_reading_beside_a_sentence_says_when_there_is_little_to_go_on(scripts):
    def words(**reading):
        return scripts("report/transcript/text", "readingWords", "voice", {"label": "calm", **reading})

    assert words(confidence=0.8, coverage=0.9)["label"] == "voice calm"
    assert words(confidence=0.8, coverage=0.9)["detail"] == "confidence 80\u00a0%, coverage 90\u00a0%"
    assert words(confidence=0.4, coverage=0.9)["label"] == "voice calm ?"
    assert words(confidence=0.8, coverage=0.3)["label"] == "voice calm ?"
    assert scripts("report/transcript/text", "readingWords", "face", None)["label"] == "face not measured"


def test_a_copied_transcript_has_a_line_for_each_sentence(scripts):
    sentences = [
        {"start_s": 1.2, "text": "Hello.", "reason": ""},
        {"start_s": 64.0, "text": "", "reason": "music"},
    ]
    text = scripts("report/transcript/text", "asText", sentences)
    assert text == "0:01.2  Hello.\n1:04.0  [not readable: music]"
