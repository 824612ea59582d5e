"""What is known of a recording crosses processes as JSON."""

import dataclasses
import json

from ml.media.info import MediaInfo
from ml.media.probe import probe
from tests.factories.media import make_recording
from tests.factories.odd_media import joined


def test_it_comes_back_from_json_as_it_was(tmp_path):
    part = make_recording(tmp_path / "part.webm", duration_s=2.0, size=(160, 120), declare_duration=False)
    info = probe(joined([part, part], tmp_path / "joined.webm"))
    assert len(info.clock) == 2
    assert MediaInfo.from_json(json.loads(json.dumps(dataclasses.asdict(info)))) == info


def test_other_keys_and_missing_details_are_accepted(tmp_path):
    info = probe(make_recording(tmp_path / "a.mp4", duration_s=1.0, size=(160, 120)))
    stored = {key: getattr(info, key) for key in ("duration_s", "fps", "width", "height", "has_audio", "container")}
    stored |= {"video_codec": "h264", "audio_codec": "aac", "frames_checked": 3, "sha256": "0" * 64}
    assert MediaInfo.from_json(stored).video_tracks == ()
