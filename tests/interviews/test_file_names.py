"""What is refused by its name is called what it is, with what to do, and the page has the same rule."""

import pytest

from interviews.file_names import ACCEPTED, KINDS, OTHER_VIDEO, SENTENCES, SOUND, name_refusal, refusals
from tests.scripts.node import evaluate


@pytest.mark.parametrize("name", ["talk.mp4", "TALK.MOV", "phone.3gp", "phone.3g2", "a.b.m4v"])
def test_recordings_are_accepted(name):
    assert name_refusal(name) == ""


@pytest.mark.parametrize(
    ("name", "named", "advice"),
    [
        ("cv.PDF", "This is a PDF document, not a video", "Export the recording as mp4"),
        ("me.jpg", "This is a picture, not a video", "Export the recording as mp4"),
        ("voice.m4a", "sound but no picture", "Export the recording as mp4"),
        ("talk.wmv", "does not read this kind of video", "Export the recording as mp4"),
        ("all.zip", "This is an archive", "Unpack it"),
        ("double_click_to_convert_01.zoom", "Zoom has not converted", "Open it with Zoom"),
        ("talk.xyz", ".xyz file", "Candor reads mp4"),
        ("talk", "without an ending", "Candor reads mp4"),
    ],
)
def test_other_files_are_called_what_they_are_with_what_to_do(name, named, advice):
    assert named in name_refusal(name)
    assert advice in name_refusal(name)


def test_no_ending_is_accepted_and_refused_or_named_twice():
    named = [*ACCEPTED, *SOUND, *OTHER_VIDEO, *(ending for endings in KINDS.values() for ending in endings), "zoom"]
    assert sorted(named) == sorted({*ACCEPTED, *SENTENCES})


def test_the_page_and_the_server_refuse_the_same_names():
    names = [f"talk.{ending}" for ending in (*ACCEPTED, *SENTENCES, "xyz", "MP4", "Pdf")]
    names += ["talk", "", ".mp4", "talk.", "a.mp4.exe", "my talk.final.mov"]
    script = """
        import { nameRefusal } from "./static/js/upload/file_names.js";
        answer = given.names.map((name) => nameRefusal(name, given.rules));
    """
    assert evaluate(script, {"names": names, "rules": refusals()}) == [name_refusal(name) for name in names]
