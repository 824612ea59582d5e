"""WebVTT and plain text, whatever was said."""

import re
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from analysis.reporting.transcript_files import CUE_CHARACTERS, clock, plain_text, webvtt

TIMING = re.compile(r"^(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})$")


def sentence(start_s: float, end_s: float, text: str) -> SimpleNamespace:
    return SimpleNamespace(start_s=start_s, end_s=end_s, text=text, shown_text=text, readable=bool(text), reason="")


def test_captions_of_a_sentence():
    assert webvtt([sentence(1.0, 3.5, "Is <b> & --> allowed?")]) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nIs &lt;b&gt; &amp; --&gt; allowed?\n"
    )


def test_captions_name_what_wrote_them_where_no_player_shows_it():
    file = webvtt([sentence(1.0, 2.0, "Yes.")], heading=["Written by a --> b 1.", "It can\n\ncontain errors."])
    assert file.startswith("WEBVTT\n\nNOTE\nWritten by a --&gt; b 1.\nIt can contain errors.\n\n00:00:01.000 --> ")


def test_a_long_sentence_is_shown_in_pieces_that_follow_each_other():
    text = "and then we looked at the old system again " * 8
    blocks = webvtt([sentence(10.0, 30.0, text)]).split("\n\n")[1:]
    assert len(blocks) > 3
    assert " ".join(block.split("\n")[1] for block in blocks).split() == text.split()
    assert all(len(block.split("\n")[1]) <= CUE_CHARACTERS for block in blocks)


def test_what_was_not_readable_is_said():
    assert "[not readable]" in webvtt([sentence(1.0, 2.0, "")])
    assert plain_text([sentence(3661.2, 3662.0, "")], heading=["Head"]) == "Head\n\n[01:01:01] [not readable]\n"


def test_no_sentences_are_still_a_file():
    assert webvtt([]) == "WEBVTT\n"


seconds = st.floats(0, 20_000)
said = st.text(st.characters(codec="utf-8"), max_size=400)


@given(st.lists(st.tuples(seconds, st.floats(0, 40), said), max_size=8))
def test_captions_are_well_formed_whatever_was_said(parts):
    file = webvtt([sentence(start_s, start_s + length_s, text) for start_s, length_s, text in parts])
    head, *blocks = file.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    for block in blocks:
        timing, *payload = block.split("\n")
        match = TIMING.match(timing)
        assert match, timing
        hours, minutes, secs, ms, *end = (int(group) for group in match.groups())
        begin = ((hours * 60 + minutes) * 60 + secs) * 1000 + ms
        assert begin < ((end[0] * 60 + end[1]) * 60 + end[2]) * 1000 + end[3]
        assert len(payload) == 1
        assert payload[0].strip()
        assert "<" not in payload[0]
        assert "-->" not in payload[0]
        assert re.sub(r"&(amp|lt|gt);", "", payload[0]).count("&") == 0


@given(st.lists(st.tuples(seconds, said), max_size=8))
def test_the_text_has_a_line_for_each_sentence(parts):
    file = plain_text([sentence(at, at + 1, text) for at, text in parts], heading=["Head"])
    assert len(file.removesuffix("\n").split("\n")) == 2 + len(parts)


def test_the_clock():
    assert clock(0.0) == "00:00:00.000"
    assert clock(59.9996) == "00:01:00.000"
    assert clock(3723.25) == "01:02:03.250"
