"""The result crosses two processes whole, and nothing else than a result does."""

import json

import numpy as np
import pytest

from analysis.recording_process.results import ResultInvalid, decode, encode


def test_a_result_is_the_same_on_the_other_side(make_analysis):
    sent = make_analysis(shadows=make_analysis().modalities, notes=("One.", "Two."), narrow_band=True)
    assert decode(encode(sent)) == sent


def test_numbers_of_numpy_become_plain(make_analysis):
    sent = make_analysis(timing={"wall_s": np.float64(1.5)}, faces={"max_simultaneous": np.int64(2)})
    found = decode(encode(sent))
    assert (found.timing, found.faces) == ({"wall_s": 1.5}, {"max_simultaneous": 2.0})


def changed(content: bytes, **fields: object) -> bytes:
    return json.dumps({**json.loads(content), **fields}).encode()


@pytest.mark.parametrize(
    "fields",
    [
        {"info": {"duration_s": "long"}},
        {"modalities": {"eye_gaze": {"timeline": {"modality": "eye_gaze", "labels": [], "observations": [[1, 0]]}}}},
        {"people": [{"number": 1}]},
        {"notes": [{"__class__": "os.system"}]},
        {"narrow_band": "yes"},
    ],
)
def test_what_has_other_types_is_refused(make_analysis, fields):
    content = encode(make_analysis())
    with pytest.raises(ResultInvalid):
        decode(changed(content, **fields))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff"])
def test_what_is_no_result_is_refused(content):
    with pytest.raises(ResultInvalid):
        decode(content)
