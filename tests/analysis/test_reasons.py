"""Why a modality was not measured, or only in part, in the recruiter's words."""

import pytest

from analysis import reasons
from analysis.metrics.definitions import V1
from ml import gaps

SPEECH = {
    "is_silent": False,
    "speech_s": 20.0,
    "classified_s": 18.0,
    "musical_s": 0.0,
    "background_s": 0.0,
    "narrow_band": False,
    "other_s": 0.0,
    "unknown_s": 0.0,
}
FACE = {"visible": 0.9, "read": 0.8, "unread": {}}


@pytest.mark.parametrize(
    ("shares", "reason"),
    [
        ({}, ""),
        ({"visible": 0.4, "read": 0.4}, ""),
        ({"visible": 0.366}, "The face was visible for 37 % of the recording."),
        ({"read": 0.2}, "The eyes could be read for 20 % of the recording."),
        ({"visible": 0.3, "read": 0.2}, "The face was visible for 30 % of the recording."),
        ({"unread": {"turned_away": 0.049}}, ""),
        ({"unread": {"turned_away": 0.05}}, "The face was turned too far away to be read for 5 % of the recording."),
        (
            {"unread": {"turned_away": 0.1, "too_dark": 0.7, "blurred": 0.04}, "read": 0.2},
            "The eyes could be read for 20 % of the recording. "
            "The picture was too dark to read the eyes for 70 % of the recording. "
            "The face was turned too far away to be read for 10 % of the recording.",
        ),
        (
            {"visible": 0.16, "unread": {"frames_missing": 0.6, "damaged": 0.2}},
            "The face was visible for 16 % of the recording, which has no pictures for 80 % of its time.",
        ),
        (
            {"unread": {"mouth_covered": 0.3}},
            "The mouth was covered, so the eyes could not be read for 30 % of the recording.",
        ),
        ({"notice": "No calibration."}, "No calibration."),
        (
            {"notice": "No calibration.", "read": 0.2},
            "The eyes could be read for 20 % of the recording. No calibration.",
        ),
        (
            {"visible": 0.3, "unread": {"turned_away": 0.6}},
            "The face was visible for 30 % of the recording. "
            "The face was turned too far away to be read for 60 % of the recording.",
        ),
    ],
)
def test_what_limits_a_reading_of_the_eyes(shares, reason):
    assert reasons.face_read("eyes", **FACE | shares) == reason


def test_eyes_that_could_never_be_read():
    sentence = "A face was found, but the candidate's eyes could not be read."
    assert reasons.face_unread("eyes", unread={}) == sentence
    assert reasons.face_unread("eyes", unread={"turned_away": 0.5}) == (
        f"{sentence} The face was turned too far away to be read for 50 % of the recording."
    )


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({}, ""),
        ({"classified_s": V1.min_speech_s}, ""),
        (
            {"classified_s": 9.96},
            "Only 9.9 s of speech were found; what depends on the voice needs 10 s.",
        ),
        (
            {"speech_s": 0.44, "classified_s": 0.0},
            "Only 0.4 s of speech were found, in pieces too short to read an emotion from.",
        ),
        ({"is_silent": True, "speech_s": 0.0, "classified_s": 0.0}, "The audio track is silent."),
        ({"speech_s": 0.0, "classified_s": 0.0}, "No speech was found."),
        (
            {"speech_s": 1e-9, "classified_s": 0.0, "musical_s": 4.0, "background_s": 3.0, "narrow_band": True},
            "No speech was found, only 4.0 s of singing, music or tones.",
        ),
        (
            {"speech_s": 0.0, "classified_s": 0.0, "background_s": 5.0},
            "No speech was found, only 5.0 s of other sound.",
        ),
        ({"other_s": 6.5}, "6.5 s of speech are somebody else's and were left out."),
        ({"other_s": 0.4, "unknown_s": 0.4}, ""),
        (
            {"speech_s": 0.0, "classified_s": 0.0, "unknown_s": 7.0, "background_s": 5.0},
            "No speech of the candidate was found. 7.0 s of speech were left out, because it cannot be determined who "
            "speaks.",
        ),
        (
            {"musical_s": 2.0, "background_s": 3.0, "narrow_band": True},
            "2.0 s of singing, music or tones were left out. 3.0 s of other sound were nearly as loud as the speech. "
            + reasons.NARROW_BAND,
        ),
    ],
)
def test_what_limits_a_reading_of_the_speech(found, reason):
    assert reasons.speech_read(**SPEECH | found) == reason


def test_every_reason_without_a_reading_has_its_own_words():
    assert set(reasons.GAP_WORDS) == set(gaps.REASONS)
    assert len(set(reasons.GAP_WORDS.values())) == len(gaps.REASONS)


def test_people_in_separate_channels():
    read = reasons.separate_channels(channels=(0, 1), read=1, of=2)
    assert "left and right" in read
    assert "The right channel was read" in read
    assert "Somebody else talks in the other" in read
    assert "cannot be determined" in reasons.separate_channels(channels=(0, 1), read=None, of=2)
    assert "The 3. channel was read" in reasons.separate_channels(channels=(0, 2), read=2, of=6)
