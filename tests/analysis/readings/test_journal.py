"""The journal of a room: appended, and read again after a restart."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.readings.journal import HOLD_S, Journal, lines, versions
from analysis.readings.journal_file import JournalFile
from interviews.media_encryption.files import new_key
from ml.modalities import EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION

START_S = 1_764_000_000.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "room" / "readings.jsonl"


def journal_of(path: Path, models: dict[str, str]) -> Journal:
    """The room's journal as a worker has it, with the file that the web process holds."""
    file = JournalFile(path)
    return Journal(models, earlier=file.read().decode(errors="replace"), write=file.append)


def text_of(path: Path) -> str:
    return JournalFile(path).read().decode(errors="replace")


def test_a_reading_holds_until_the_next_but_not_for_ever(path: Path):
    journal = journal_of(path, {})
    journal.add_until_next(FACIAL_EXPRESSION, START_S, "happy", 0.9)
    journal.add_until_next(FACIAL_EXPRESSION, START_S + 0.2, "sad", 0.8)
    journal.add_until_next(FACIAL_EXPRESSION, START_S + 9, "sad", 0.8)
    journal.add_until_next(FACIAL_EXPRESSION, START_S + 9.5, None, 0)
    journal.close()
    spans = [
        (round(a / 1000 - START_S, 3), round(b / 1000 - START_S, 3), label)
        for _, a, b, label, _ in lines(text_of(path))
    ]
    assert spans == [(0, 0.2, "happy"), (0.2, 0.2 + HOLD_S, "sad"), (9, 9.5, "sad")]


def test_after_a_restart_everything_is_still_there(path: Path):
    first = journal_of(path, {"eye_gaze": "geometry-v1"})
    for step in range(50):
        first.add_until_next(EYE_GAZE, START_S + step / 10, "center", 0.9)
    first.close()
    before = first.summary.metrics(start_s=START_S, now_s=START_S + 5)
    second = journal_of(path, {"eye_gaze": "geometry-v2"})
    after = second.summary.metrics(start_s=START_S, now_s=START_S + 5)
    assert after == before
    assert after["distributions"][EYE_GAZE]["counts"]["center"] == 50
    assert second.first_s == START_S
    second.close()
    openings = [json.loads(row) for row in path.read_text().splitlines() if "opened_ms" in row]
    assert [one["models"]["eye_gaze"] for one in openings] == ["geometry-v1", "geometry-v2"]


@given(cut=st.integers(0, 400), garbage=st.binary(max_size=20))
def test_a_torn_journal_loses_only_what_is_torn(tmp_path_factory, cut: int, garbage: bytes):
    path = tmp_path_factory.mktemp("journal") / "readings.jsonl"
    journal = journal_of(path, {})
    for step in range(10):
        journal.add(SPEECH_EMOTION, START_S + step, START_S + step + 1, "calm", 0.7)
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: max(0, len(whole) - cut)] + garbage.replace(b"\n", b""))
    known = len(list(lines(text_of(path))))
    again = journal_of(path, {})
    again.add(SPEECH_EMOTION, START_S + 20, START_S + 21, "sad", 0.7)
    again.close()
    assert len(list(lines(text_of(path)))) in (known + 1, known + 2)  # the torn line may have been a whole one


def test_two_tabs_that_overlap_count_once(path: Path):
    journal = journal_of(path, {})
    journal.add(EYE_GAZE, START_S, START_S + 1, "center", 0.9)
    journal.add(EYE_GAZE, START_S + 0.5, START_S + 1.5, "center", 0.9)
    journal.close()
    assert len(list(lines(text_of(path)))) == 1


def test_nothing_is_read_where_there_is_no_journal(path: Path):
    assert list(lines(text_of(path))) == []


def test_the_journal_names_the_versions_in_the_order_in_which_they_began(path: Path):
    for version in ("v1", "v2", "v1"):
        journal_of(path, {EYE_GAZE: version, "no modality": "v1"}).close()
    path.write_text(path.read_text() + '{"models": 7}\n{"opened_ms": 1}\n{torn')
    assert versions(text_of(path)) == {EYE_GAZE: ["v1", "v2"]}
    assert versions("") == {}


def test_of_a_long_journal_the_end_is_read(path: Path):
    JournalFile(path).append("a line\n" * 100)
    assert JournalFile(path).read(limit_bytes=14) == b"a line\n" * 2
    assert path.stat().st_mode & 0o077 == 0


def test_an_encrypted_journal_goes_on_and_its_lines_are_not_on_the_disk(path: Path):
    key = new_key()
    for written in (["happy\n", "sad\n"], ["calm\n"]):
        file = JournalFile(path, key)
        for line in written:
            file.append(line)
    assert JournalFile(path, key).read() == b"happy\nsad\ncalm\n"
    assert b"happy" not in path.read_bytes()
    path.write_bytes(path.read_bytes()[:-1])
    assert JournalFile(path, key).read() == b"happy\nsad\n", "what was torn is no piece"


@pytest.mark.parametrize("key", [None, new_key()], ids=["plain", "encrypted"])
def test_a_journal_that_was_taken_away_is_not_begun_again(path: Path, key: bytes | None):
    file = JournalFile(path, key)
    file.append("one\n")
    path.unlink()
    file.append("two\n")
    assert not path.exists()
